#include "frontend/elab/Context.h"

#include "ir/Names.h"
#include "mlir/IR/AttrTypeSubElements.h"

namespace dlc::frontend {

FunctionContext::FunctionContext(ContextKind kind, std::string functionName, mlir::ModuleOp module,
                                 mlir::Location loc)
    : kind(kind), name(std::move(functionName)), builder(module.getContext()) {
  builder.setInsertionPointToEnd(module.getBody());
  func = ir::FuncOp::create(builder, loc, name, builder.getFunctionType({}, {}));
  if (func.getBody().empty())
    func.getBody().emplaceBlock();
  auto frame = std::make_unique<RegionFrame>();
  frame->block = &func.getBody().front();
  frames.push_back(std::move(frame));
  builder.setInsertionPointToEnd(entry());
}

mlir::Value FunctionContext::argument(llvm::StringRef key, llvm::StringRef argumentName,
                                      mlir::RankedTensorType type, mlir::Location loc) {
  mlir::Value &value = arguments[{key.str(), argumentName.str()}];
  if (!value) {
    value = entry()->addArgument(type, loc);
    mlir::NamedAttrList attributes;
    attributes.append(("dl." + key).str(), builder.getStringAttr(argumentName));
    argumentAttributes.push_back(std::move(attributes));
  }
  return value;
}

void FunctionContext::result(mlir::Value value, mlir::NamedAttrList attributes) {
  results.push_back(value);
  resultAttributes.push_back(std::move(attributes));
}

void FunctionContext::addSymbol(llvm::StringRef symbol) {
  if (!llvm::is_contained(symbols, symbol))
    symbols.push_back(symbol.str());
}

mlir::Value FunctionContext::read(Place *place, mlir::Location loc) {
  size_t found = frames.size();
  mlir::Value value;
  while (found > 0 && !value) {
    --found;
    auto it = frames[found]->current.find(place);
    if (it != frames[found]->current.end())
      value = it->second;
  }
  if (!value) {
    found = 0;
    mlir::RankedTensorType type = tensorType(builder.getContext(), place->element, place->shape);
    auto named = ir::named(place->name, loc);
    switch (place->kind) {
    case PlaceKind::Var:
      return {};
    case PlaceKind::Data:
      return argument("data", place->name, type, named);
    case PlaceKind::Param:
    case PlaceKind::State:
      // A place that this very function initialises has its value already, or none yet.
      if (place->initializer == this)
        return {};
      value = argument(place->kind == PlaceKind::Param ? "param" : "state", place->name, type, named);
      frames.front()->current[place] = value;
    }
  }
  for (size_t i = found + 1; i < frames.size(); ++i) {
    RegionFrame &frame = *frames[i];
    if (frame.kind != RegionFrame::Kind::Loop)
      continue;
    mlir::Location carriedLoc = place->name.empty() ? loc : ir::named(place->name, loc);
    mlir::BlockArgument carried = frame.block->addArgument(value.getType(), carriedLoc);
    frame.carried[place] = carried;
    frame.current[place] = carried;
    value = carried;
  }
  return value;
}

void FunctionContext::write(Place *place, mlir::Value value, SourceRange range, mlir::Location loc) {
  mlir::Value before = read(place, loc);
  history.push_back({place, before, value, range});
  top().current[place] = value;
  for (size_t i = frames.size(); i-- > 0;) {
    if (frames[i]->owned.contains(place))
      break;
    frames[i]->written.insert(place);
  }
}

void FunctionContext::declare(Place *place, mlir::Value value) {
  top().current[place] = value;
  top().owned.insert(place);
}

bool FunctionContext::isOutside(Place *place) const {
  for (size_t i = frames.size(); i-- > 0;) {
    if (frames[i]->owned.contains(place))
      return false;
    if (frames[i]->kind != RegionFrame::Kind::Function)
      return true;
  }
  return false;
}

void FunctionContext::push(RegionFrame::Kind frameKind, mlir::Block *block, SourceRange range) {
  auto frame = std::make_unique<RegionFrame>();
  frame->kind = frameKind;
  frame->block = block;
  frame->range = range;
  frames.push_back(std::move(frame));
  saved.push_back(builder.saveInsertionPoint());
  builder.setInsertionPointToEnd(block);
}

std::unique_ptr<RegionFrame> FunctionContext::pop() {
  std::unique_ptr<RegionFrame> frame = std::move(frames.back());
  frames.pop_back();
  builder.restoreInsertionPoint(saved.back());
  saved.pop_back();
  return frame;
}

void FunctionContext::replace(mlir::Value from, mlir::Value to) {
  from.replaceAllUsesWith(to);
  for (WriteRecord &record : history) {
    if (record.before == from)
      record.before = to;
    if (record.after == from)
      record.after = to;
  }
  for (auto &frame : frames)
    for (auto &entry : frame->current)
      if (entry.second == from)
        entry.second = to;
  for (mlir::Value &value : results)
    if (value == from)
      value = to;
}

void FunctionContext::finish(mlir::Location loc) {
  // Arguments that nothing reads go, unless their absence would change what callers pass.
  mlir::Block *block = entry();
  for (unsigned i = block->getNumArguments(); i-- > 0;) {
    mlir::NamedAttrList &attributes = argumentAttributes[i];
    bool fixed = attributes.get("dl.input") && (kind == ContextKind::Export || kind == ContextKind::RowMap || kind == ContextKind::Hook);
    mlir::BlockArgument argument = block->getArgument(i);
    if (fixed || attributes.get("dl.keep") || !argument.use_empty() || llvm::is_contained(results, mlir::Value(argument)))
      continue;
    bool updated = false;
    for (const mlir::NamedAttrList &result : resultAttributes)
      if (auto update = result.get("dl.update"))
        updated |= update == attributes.get("dl.param") || update == attributes.get("dl.state");
    if (updated)
      continue;
    block->eraseArgument(i);
    argumentAttributes.erase(argumentAttributes.begin() + i);
  }
  builder.setInsertionPointToEnd(block);
  ir::ReturnOp::create(builder, loc, mlir::ValueRange(results));
  mlir::MLIRContext *context = builder.getContext();
  llvm::SmallVector<mlir::Type> argumentTypes(block->getArgumentTypes()), resultTypes;
  for (mlir::Value value : results)
    resultTypes.push_back(value.getType());
  func.setFunctionType(builder.getFunctionType(argumentTypes, resultTypes));
  llvm::SmallVector<mlir::Attribute> arguments, results_;
  for (mlir::NamedAttrList &attributes : argumentAttributes)
    arguments.push_back(attributes.getDictionary(context));
  for (mlir::NamedAttrList &attributes : resultAttributes)
    results_.push_back(attributes.getDictionary(context));
  func.setArgAttrsAttr(builder.getArrayAttr(arguments));
  func.setResAttrsAttr(builder.getArrayAttr(results_));
  if (!symbols.empty()) {
    llvm::SmallVector<mlir::Attribute> names;
    for (const std::string &symbol : symbols) {
      std::string entry = symbol;
      for (const SizeFact &fact : facts)
        if (fact.symbol == symbol)
          entry += " = " + fact.form.str();
      names.push_back(builder.getStringAttr(entry));
    }
    func->setAttr("dl.symbols", builder.getArrayAttr(names));
  }
  if (facts.empty())
    return;
  // A requirement holds in the whole function: one form of each size in all types.
  mlir::AttrTypeReplacer replacer;
  replacer.addReplacement([&](ir::SymAttr attribute) -> std::optional<mlir::Attribute> {
    llvm::SmallVector<ir::SizeExpr> sizes;
    for (const ir::SizeExpr &size : attribute.getSizes())
      sizes.push_back(substituteFacts(size, facts));
    return mlir::Attribute(ir::SymAttr::get(context, sizes));
  });
  replacer.recursivelyReplaceElementsIn(func, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
}

} // namespace dlc::frontend
