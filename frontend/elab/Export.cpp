// Exported functions: their arguments are inputs, their open sizes symbols (rule 39).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"
#include "ir/eval/Evaluator.h"

namespace dlc::frontend {

/// The value of a parameter of an exported function: arguments of the function, its sizes open.
static Value exportedValue(Elaborator &elab, const ast::Type *type, const std::string &name, const Local *local, SourceRange range) {
  FunctionContext &function = elab.cx();
  if (auto *tuple = llvm::dyn_cast<ast::TupleType>(type)) {
    std::vector<std::string> labels;
    std::vector<Value> items;
    for (size_t i = 0; i < tuple->fields.size(); ++i) {
      llvm::StringRef label = tuple->fields[i].label.text;
      labels.push_back(label.str());
      items.push_back(exportedValue(elab, tuple->fields[i].type, name + "." + (label.empty() ? std::to_string(i) : label.str()), nullptr, range));
    }
    return Value::record(std::move(labels), std::move(items));
  }
  auto *named = llvm::dyn_cast<ast::NamedType>(type);
  if (!named) {
    elab.error(diag::export_type, type->range());
    return Value::error();
  }
  const Binding &binding = elab.active->file->binding(*named);
  if (binding.kind == Binding::Kind::Error)
    return Value::error();
  if (binding.kind == Binding::Kind::BuiltinType && binding.name == "int") {
    function.addSymbol(name);
    return Value::size(Dim(ir::SizeExpr::symbol(name), range));
  }
  if (binding.kind == Binding::Kind::BuiltinType && binding.name == "str")
    return elab.refuse(type->range(), "text in an exported function");
  if (binding.kind == Binding::Kind::BuiltinType && (binding.name == "float" || (binding.name == "bool" && !named->hasDims))) {
    elab.report(diag::export_type, type->range()).help(binding.name == "float" ? "`f32` is a number at run time" : "`bool[]` is a flag at run time");
    return Value::error();
  }
  // Sizes that the arguments bind are symbols of the function.
  Shape leading;
  for (const ast::Dim &dim : named->dims) {
    if (dim.kind == ast::Dim::Kind::Expr) {
      if (auto *size = llvm::dyn_cast<ast::NameExpr>(dim.expr)) {
        const Binding &use = elab.active->file->binding(*size);
        if (use.kind == Binding::Kind::Local && use.isDefinition) {
          function.addSymbol(size->name);
          elab.bind(use.local, Value::size(Dim(ir::SizeExpr::symbol(size->name), dim.range)));
        }
      }
    } else if (dim.kind != ast::Dim::Kind::Open) {
      elab.error(diag::export_type, dim.range);
      return Value::error();
    }
  }
  if (binding.kind == Binding::Kind::Local && binding.isDefinition) {
    elab.error(diag::export_type, type->range());
    return Value::error();
  }
  Shape shape;
  ElementType element = ElementType::F32;
  if (binding.kind == Binding::Kind::BuiltinType)
    element = parseElementType(binding.name).value_or(ElementType::F32);
  for (const ast::Dim &dim : named->dims) {
    if (dim.kind == ast::Dim::Kind::Open)
      return elab.refuse(dim.range, "a column with an open size (`?`)");
    auto size = elab.evalDim(dim.expr);
    if (!size)
      return Value::error();
    shape.push_back(*size);
  }
  mlir::Value argument = function.argument("input", name, tensorType(elab.context, element, shape), ir::named(name, elab.location(range)));
  Tensor tensor = elab.emit.wrap(argument, element, shape);
  if (local && local->isVariable)
    tensor = elab.variableOf(tensor, name);
  return Value::tensor(tensor);
}

/// Elements that are computed on the way to a default value, which stands in the program's text whole.
constexpr int64_t mostDefaultElements = 1 << 20;

/// The elements of a value that operations of `block` compute from constants alone; nothing where they read something else, or are too many.
static mlir::DenseElementsAttr knownElements(mlir::Block &block, mlir::Value value) {
  llvm::SmallVector<mlir::Value> work{value};
  llvm::DenseSet<mlir::Operation *> needed;
  while (!work.empty()) {
    mlir::Operation *op = work.pop_back_val().getDefiningOp();
    bool known = op && op->getBlock() == &block && op->getNumRegions() == 0 && mlir::isa<ir::EvaluateInterface>(op) && !mlir::isa<ir::SizeOp>(op);
    auto isFit = [](mlir::Type result) {
      auto count = ir::staticCount(result);
      return count && *count <= mostDefaultElements;
    };
    if (!known || !llvm::all_of(op->getResultTypes(), isFit))
      return {};
    if (needed.insert(op).second)
      work.append(op->operand_begin(), op->operand_end());
  }
  ir::eval::Environment environment;
  for (mlir::Operation &op : block)
    if (needed.contains(&op) && mlir::failed(environment.evaluateOperation(&op)))
      return {};
  return ir::eval::attrFromTensor(environment.lookup(value));
}

/// Whether a default value of the shape `given` fits a parameter of the shape `declared`, whose open sizes it may bind.
static bool fits(const Shape &given, const Shape &declared) {
  llvm::StringMap<ir::SizeExpr> bound;
  bool same = given.rank() == declared.rank();
  for (int64_t i = 0; same && i < given.rank(); ++i) {
    if (declared[i].constant()) {
      same = given[i] == declared[i];
      continue;
    }
    // A size that stands alone is whatever the value says, everywhere the same; of a formula the caller is asked for the value.
    same = bound.try_emplace(declared[i].value.str(), given[i].value).first->second == given[i].value;
  }
  return same;
}

/// What callers find in the place of a parameter that they leave out: an entry for each of its tensors, by the name of the argument.
static void addDefaults(Elaborator &elab, const ast::Param &param, const Value &declared, const Value &given, const std::string &name,
                        llvm::SmallVectorImpl<mlir::NamedAttribute> &defaults) {
  SourceRange range = param.defaultValue->range();
  std::string what = "the default value of `" + name + "`";
  auto add = [&](mlir::Attribute value) { defaults.push_back({mlir::StringAttr::get(elab.context, name), value}); };
  if (given.isError())
    return;
  if (declared.is(ValueKind::Size)) {
    auto number = given.is(ValueKind::Size) ? given.asSize().constant() : std::nullopt;
    if (number)
      return add(mlir::Builder(elab.context).getI64IntegerAttr(*number));
    elab.error(diag::wrong_type, range, what, "an integer known at compile time", given.describe());
    return;
  }
  if (declared.is(ValueKind::Record)) {
    bool same = given.is(ValueKind::Record) && given.labels() == declared.labels();
    for (size_t i = 0; same && i < declared.items().size(); ++i) {
      std::string label = declared.labels()[i].empty() ? std::to_string(i) : declared.labels()[i];
      addDefaults(elab, param, declared.items()[i], given.items()[i], name + "." + label, defaults);
    }
    if (!same)
      elab.error(diag::wrong_type, range, what, declared.describe(), given.describe());
    return;
  }
  const Tensor &parameter = declared.asTensor();
  Tensor value = elab.toTensor(given, range, parameter.element);
  if (value.isError())
    return;
  if (value.element != parameter.element || !fits(value.shape, parameter.shape)) {
    elab.error(diag::wrong_type, range, what, "`" + parameter.typeText() + "`", "`" + value.typeText() + "`");
    return;
  }
  if (mlir::DenseElementsAttr elements = knownElements(*elab.builder().getInsertionBlock(), value.value))
    return add(elements);
  elab.error(diag::wrong_type, range, what, "a value known at compile time", "one that is computed when the function runs");
}

/// Evaluates the default value of a parameter and takes what that emitted away again.
static void declareDefault(Elaborator &elab, const ast::Param &param, const Value &declared, llvm::SmallVectorImpl<mlir::NamedAttribute> &defaults) {
  mlir::Block *block = elab.builder().getInsertionBlock();
  mlir::Operation *before = block->empty() ? nullptr : &block->back();
  addDefaults(elab, param, declared, elab.evalRead(param.defaultValue), param.name.text.str(), defaults);
  while (!block->empty() && &block->back() != before)
    block->back().erase();
}

void Elaborator::exportFunction(const ast::FunctionDecl *node) {
  Activation activation(program.main(), *node);
  activation.segment = node->name.text.str();
  Restore<Activation *> scope(active, &activation);
  if (node->isStream) {
    refuse(node->nameRange, "stream");
    return;
  }
  std::string name = freshSymbol(node->name.text);
  contexts.push_back(std::make_unique<FunctionContext>(ContextKind::Export, name, module.get(), plainLocation(node->range())));
  FunctionContext &target = *contexts.back();
  Restore<FunctionContext *> where(function, &target);
  FactsScope facts(target);
  Restore<BlockState *> none(block, nullptr);
  llvm::SmallVector<mlir::Attribute> parameters;
  llvm::SmallVector<mlir::NamedAttribute> defaults;
  bool failed = false;
  for (const ast::Param *param : node->params) {
    const Local *local = active->file->local(*param);
    Value value = param->type ? exportedValue(*this, param->type, param->name.text.str(), local, param->range()) : Value::error();
    failed |= value.isError();
    if (!value.isError() && param->defaultValue)
      declareDefault(*this, *param, value, defaults);
    bind(local, value);
    parameters.push_back(mlir::StringAttr::get(context, param->name.text));
  }
  if (!failed) {
    Value value = read(evalBlock(node->body));
    SourceRange at = node->body->value() ? node->body->value()->range() : node->body->range();
    if (node->result && !value.isError()) {
      value = convert(node->result, value, at, false, "the result of `" + name + "`");
      checkSizes(node->result, value, at, "the result of `" + name + "`");
    }
    if (!value.isError()) {
      value = materialized(value, at);
      if (!node->result && value.isTensor() && !value.isError())
        report(diag::export_result_type, node->nameRange, name).help("write `-> " + value.asTensor().typeText() + "` after the parameters");
      for (const TreeLeaf &leaf : flatten(value, false)) {
        Tensor tensor = toTensor(leaf.value, at);
        if (tensor.isError())
          continue;
        mlir::NamedAttrList attributes;
        attributes.append("dl.output", mlir::StringAttr::get(context, leaf.path.empty() ? name : leaf.path));
        target.result(tensor.value, std::move(attributes));
      }
      if (target.results.empty() && !holdsError(value) && !(value.is(ValueKind::Record) && value.items().empty()))
        error(diag::export_result, at, value.describe());
    }
  }
  target.func->setAttr("dl.export", mlir::UnitAttr::get(context));
  target.func->setAttr("dl.parameters", mlir::ArrayAttr::get(context, parameters));
  if (!defaults.empty())
    target.func->setAttr("dl.defaults", mlir::DictionaryAttr::get(context, defaults));
  if (!node->doc.empty()) {
    std::string text;
    for (llvm::StringRef line : node->doc)
      text += (text.empty() ? "" : "\n") + line.trim().str();
    target.func->setAttr("dl.doc", mlir::StringAttr::get(context, text));
  }
  finishFunction(target);
}

} // namespace dlc::frontend
