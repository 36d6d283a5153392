// Names, patterns, `let` and `var`: what a name holds, and when a value becomes a place or a variable of its own.
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

Environment::Cell *Elaborator::cell(const Local *local) {
  auto slotOf = [&](Environment *env) -> Environment::Cell * {
    if (env->slots.size() <= local->slot)
      env->slots.resize(std::max<size_t>(local->slot + 1, local->owner ? local->owner->locals.size() : 0));
    return &env->slots[local->slot];
  };
  for (Environment *env = active->env.get(); env; env = env->parent.get()) {
    if (env->info == local->owner)
      return slotOf(env);
    auto it = env->captured.find(local);
    if (it != env->captured.end())
      return &it->second;
  }
  if (active->self && active->self->parameters && active->self->parameters->info == local->owner)
    return slotOf(active->self->parameters.get());
  return nullptr;
}

void Elaborator::bind(const Local *local, Value value) {
  if (!local)
    return;
  if (Environment::Cell *slot = cell(local))
    *slot = std::make_shared<Value>(std::move(value));
}

std::shared_ptr<Environment> Elaborator::capture(const ast::Node *node) {
  auto env = std::make_shared<Environment>();
  env->info = active->file->function(*node);
  if (!env->info)
    return env;
  env->slots.resize(env->info->locals.size());
  for (Local *local : env->info->captures)
    if (Environment::Cell *slot = cell(local))
      env->captured[local] = *slot;
  return env;
}

Tensor Elaborator::variableOf(const Tensor &tensor, llvm::StringRef name) {
  if (tensor.isError() || !isFloat(tensor.element))
    return tensor;
  mlir::Location loc = location(current);
  if (!name.empty())
    loc = ir::named(name, loc);
  Tensor result = tensor;
  if (tensor.home && tensor.home != function)
    return tensor;
  result.value = ir::VariableOp::create(builder(), loc, tensor.value.getType(), tensor.value).getResult();
  return result;
}

Value Elaborator::snapshot(const Value &value, bool variable) {
  return mapTree(value, [&](const Value &leaf, llvm::StringRef path, bool isState) -> Value {
    if (isState)
      return leaf;
    Value present = read(leaf);
    if (!present.isTensor() || present.isError())
      return present;
    return variable ? Value::tensor(variableOf(present.asTensor(), path)) : present;
  });
}

Value Elaborator::letValue(Value value, const Local *local, SourceRange range) {
  if (value.isError())
    return value;
  bool variable = local && local->isVariable;
  if (value.is(ValueKind::Maker))
    return error(diag::maker_without_shape, range, value.asMaker().name);
  if (containsInstance(value)) {
    if (!hasParams(value))
      return read(value);
    bool unnamed = false;
    for (const TreeLeaf &leaf : flatten(value, false))
      unnamed |= leaf.value.is(ValueKind::PlaceRef) && leaf.value.asPlace()->name.empty() && leaf.value.asPlace()->kind == PlaceKind::Param;
    if (unnamed)
      return error(diag::param_in_let, range);
    return snapshot(value, true);
  }
  value = read(value);
  if (!variable)
    return value;
  if (value.is(ValueKind::Float))
    value = toTensorValue(value, range);
  if (value.isTensor() && !value.isError())
    return Value::tensor(variableOf(value.asTensor(), local->name));
  if (value.is(ValueKind::Record) || value.is(ValueKind::List))
    return snapshot(value, true);
  return value;
}

Value Elaborator::varValue(const Value &original, llvm::StringRef name, bool variable, SourceRange range) {
  auto place = [&](const Tensor &tensor, llvm::StringRef placeName, bool isVariable) {
    Place &made = places.emplace_back();
    made.kind = PlaceKind::Var;
    made.element = tensor.element;
    made.shape = tensor.shape;
    made.name = placeName.str();
    made.range = range;
    made.home = function;
    made.isVariable = isVariable;
    Tensor initial = isVariable ? variableOf(tensor, placeName) : tensor;
    nameValue(Value::tensor(initial), placeName, /*weak=*/true);
    cx().declare(&made, initial.value);
    return Value::place(&made);
  };
  if (containsInstance(original))
    return mapTree(original, [&](const Value &leaf, llvm::StringRef path, bool isState) -> Value {
      if (isState)
        return leaf;
      Value present = read(leaf);
      if (!present.isTensor() || present.isError())
        return present;
      return place(present.asTensor(), (name + (path.empty() ? "" : ".") + path).str(), true);
    });
  Value value = read(original);
  if (value.isError())
    return value;
  if (value.isTensor())
    return place(value.asTensor(), name, variable);
  if (value.is(ValueKind::Float) && variable)
    return place(toTensor(value, range), name, true);
  if (value.is(ValueKind::Record) || (value.is(ValueKind::List) && isTree(value)))
    return mapTree(value, [&](const Value &leaf, llvm::StringRef path, bool) -> Value {
      if (!leaf.isTensor() || leaf.isError())
        return leaf;
      return place(leaf.asTensor(), (name + (path.empty() ? "" : ".") + path).str(), variable);
    });
  return value;
}

void Elaborator::bindName(const ast::NamePattern *pattern, Value value, bool isVar) {
  const Local *local = active->file->local(*pattern);
  if (pattern->type) {
    bool instance = value.is(ValueKind::Instance);
    if (!instance)
      value = read(value);
    active->poisoned |= value.isError();
    SourceRange range = pattern->range();
    Value converted = convert(pattern->type, value, range, true, "the value of `" + pattern->name.text.str() + "`");
    checkSizes(pattern->type, converted, range, "the value of `" + pattern->name.text.str() + "`");
    value = converted;
  }
  if (!local)
    return;
  // The variable of a loop over instances refers to each of them.
  if (local->kind == LocalKind::Loop && containsInstance(value))
    return bind(local, value);
  value = isVar ? varValue(value, local->name, local->isVariable, pattern->range())
                : letValue(value, local, pattern->range());
  if (!isVar)
    nameValue(value, local->name, isLibrary(pattern->range()));
  bind(local, value);
}

static void bindErrors(Elaborator &elab, const ast::Pattern *pattern) {
  if (auto *name = llvm::dyn_cast<ast::NamePattern>(pattern)) {
    elab.bind(elab.active->file->local(*name), Value::error());
    return;
  }
  for (const ast::Pattern *element : llvm::cast<ast::TuplePattern>(pattern)->elements)
    bindErrors(elab, element);
}

void Elaborator::bindPattern(const ast::Pattern *pattern, const Value &value, bool isVar, SourceRange range) {
  if (auto *name = llvm::dyn_cast<ast::NamePattern>(pattern))
    return bindName(name, value, isVar);
  auto *tuple = llvm::cast<ast::TuplePattern>(pattern);
  Value whole = value;
  if (value.isError())
    return bindErrors(*this, pattern);
  if (!whole.is(ValueKind::Record) && !whole.is(ValueKind::List)) {
    error(diag::pattern_takes_no_parts, pattern->range(), value.describe());
    return bindErrors(*this, pattern);
  }
  if (whole.items().size() != tuple->elements.size()) {
    error(diag::pattern_count, pattern->range(), counted(tuple->elements.size(), "name"), counted(whole.items().size(), "value"));
    return bindErrors(*this, pattern);
  }
  for (size_t i = 0; i < tuple->elements.size(); ++i)
    bindPattern(tuple->elements[i], whole.items()[i], isVar, range);
}

} // namespace dlc::frontend
