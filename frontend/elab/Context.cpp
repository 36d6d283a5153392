#include "frontend/elab/Context.h"

#include "ir/Names.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/StringMap.h"

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

void FunctionContext::orderParameters(llvm::ArrayRef<llvm::StringRef> declared) {
  llvm::StringMap<size_t> number;
  for (llvm::StringRef parameter : declared)
    number.try_emplace(parameter, number.size());
  auto keyOf = [&](unsigned argument) -> std::pair<llvm::StringRef, llvm::StringRef> {
    for (llvm::StringRef kind : {"dl.param", "dl.state"})
      if (auto place = llvm::dyn_cast_or_null<mlir::StringAttr>(argumentAttributes[argument].get(kind)))
        return {kind.drop_front(3), place.getValue()};
    return {};
  };
  llvm::SmallVector<unsigned> slots;
  for (unsigned i = 0; i < argumentAttributes.size(); ++i)
    if (!keyOf(i).first.empty())
      slots.push_back(i);
  llvm::SmallVector<unsigned> order = slots;
  auto numberOf = [&](unsigned argument) {
    auto [kind, place] = keyOf(argument);
    auto found = kind == "param" ? number.find(place) : number.end();
    return found == number.end() ? declared.size() : found->second;
  };
  llvm::stable_sort(order, [&](unsigned a, unsigned b) { return numberOf(a) < numberOf(b); });
  if (order == slots)
    return;
  // Each argument gets the type and the uses of another one; placeholders keep the uses apart meanwhile.
  mlir::Block *block = entry();
  unsigned count = block->getNumArguments();
  std::vector<mlir::NamedAttrList> attributes = argumentAttributes;
  for (unsigned from : order) {
    mlir::BlockArgument argument = block->getArgument(from);
    replace(argument, block->addArgument(argument.getType(), argument.getLoc()));
  }
  for (auto [k, slot] : llvm::enumerate(slots)) {
    mlir::BlockArgument argument = block->getArgument(slot), placeholder = block->getArgument(count + k);
    argument.setType(placeholder.getType());
    argument.setLoc(placeholder.getLoc());
    argumentAttributes[slot] = attributes[order[k]];
    arguments[{keyOf(slot).first.str(), keyOf(slot).second.str()}] = argument;
    replace(placeholder, argument);
  }
  block->eraseArguments(count, slots.size());
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
