// Assignments: to names, members, indices and tuples of these (rule 23).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

static ast::BinaryOp operatorOf(ast::AssignOp op) {
  switch (op) {
  case ast::AssignOp::Add: return ast::BinaryOp::Add;
  case ast::AssignOp::Sub: return ast::BinaryOp::Sub;
  case ast::AssignOp::Mul: return ast::BinaryOp::Mul;
  default: return ast::BinaryOp::Div;
  }
}

void Elaborator::assign(const ast::AssignStmt *statement) {
  const ast::Expr *target = statement->place;
  while (auto *paren = llvm::dyn_cast<ast::ParenExpr>(target))
    target = paren->inner;
  if (auto *index = llvm::dyn_cast<ast::IndexExpr>(target))
    return assignIndexed(statement, index);
  Value value = eval(statement->value);
  if (statement->op != ast::AssignOp::Set) {
    Value old = eval(target);
    Restore<SourceRange> place(current, statement->range());
    value = binaryValue(operatorOf(statement->op), old, value, statement->range());
  }
  Restore<SourceRange> place(current, statement->range());
  assignTo(target, value, statement->range());
}

void Elaborator::assignTo(const ast::Expr *target, const Value &value, SourceRange range) {
  while (auto *paren = llvm::dyn_cast<ast::ParenExpr>(target))
    target = paren->inner;
  if (auto *tuple = llvm::dyn_cast<ast::TupleExpr>(target)) {
    if (value.isError())
      return;
    // All right sides are read before the first write.
    Value whole = containsInstance(value) ? value : read(value);
    if ((!whole.is(ValueKind::Record) && !whole.is(ValueKind::List)) || whole.items().size() != tuple->fields.size()) {
      error(diag::pattern_count, target->range(), counted(tuple->fields.size(), "name"),
            counted(whole.is(ValueKind::Record) ? whole.items().size() : 1, "value"));
      return;
    }
    for (size_t i = 0; i < tuple->fields.size(); ++i)
      assignTo(tuple->fields[i].value, whole.items()[i], range);
    return;
  }
  if (value.isError())
    return;
  auto *name = llvm::dyn_cast<ast::NameExpr>(target);
  const Binding *binding = name ? &active->file->binding(*name) : nullptr;
  if (binding && binding->kind == Binding::Kind::Error)
    return;
  bool isVar = binding && binding->kind == Binding::Kind::Local && binding->local->kind == LocalKind::Var;
  if (!isVar) {
    Value place = eval(target);
    if (name && !place.isError() && (place.isTensor() || place.isNumber())) {
      report(diag::not_a_place, range, "`" + name->name.str() + "`, which holds " + place.describe() + ",").help(placesAre);
      return;
    }
    auto *member = llvm::dyn_cast<ast::MemberExpr>(target);
    if (member && (place.isNumber() || (place.is(ValueKind::List) && !isTree(place))))
      return assignField(member, value, range);
    return store(place, value, range);
  }
  Environment::Cell *slot = cell(binding->local);
  if (!slot || !*slot)
    return;
  Value &held = **slot;
  auto *pattern = llvm::dyn_cast_or_null<ast::NamePattern>(binding->local->node);
  bool typed = pattern && pattern->type;
  Value next = containsInstance(value) ? value : read(value);
  if (next.isError() || held.isError())
    return;
  // A `var` that holds tensors keeps its places as long as the structure stays; in straight-line code it may change.
  std::vector<TreeLeaf> old = flatten(held, false), now = next.isNumber() || next.is(ValueKind::List) ? std::vector<TreeLeaf>() : flatten(next, false);
  bool outside = false;
  for (const TreeLeaf &leaf : old)
    outside |= leaf.value.is(ValueKind::PlaceRef) && cx().isOutside(leaf.value.asPlace());
  bool sameTree = !old.empty() && old.size() == now.size();
  for (size_t i = 0; sameTree && i < old.size(); ++i) {
    sameTree = old[i].path == now[i].path && old[i].value.is(ValueKind::PlaceRef);
    Value leaf = sameTree ? read(now[i].value) : Value();
    sameTree = sameTree && leaf.isTensor() && leaf.asTensor().element == old[i].value.asPlace()->element &&
               leaf.asTensor().shape == old[i].value.asPlace()->shape;
  }
  if (sameTree || typed || outside || (!old.empty() && (next.isNumber() || (next.is(ValueKind::List) && !isTree(next)))))
    return store(held, next, range);
  if (old.empty() && !held.isNone() && cx().frames.size() > 1 && cx().top().kind != RegionFrame::Kind::Function && !next.isNumber()) {
    bool declaredHere = false;
    for (auto &frame : cx().frames)
      declaredHere |= frame.get() == &cx().top() && frame->range.contains(binding->local->range);
    if (!declaredHere) {
      error(diag::compile_time_var_in_loop, range, binding->local->name, held.describe());
      return;
    }
  }
  held = varValue(next, binding->local->name, binding->local->isVariable, range);
}

/// A field that is known at compile time: the record around it is made anew.
void Elaborator::assignField(const ast::MemberExpr *target, const Value &value, SourceRange range) {
  Value base = eval(target->base);
  if (!base.is(ValueKind::Record))
    return store(eval(target), value, range);
  std::vector<Value> items = base.items();
  for (size_t i = 0; i < items.size(); ++i)
    if (target->name.text == base.labels()[i] || (base.labels()[i].empty() && target->position == static_cast<int64_t>(i))) {
      Value next = read(value);
      if (next.isError())
        return;
      items[i] = next;
      return assignTo(target->base, Value::record(base.labels(), std::move(items)), range);
    }
}

void Elaborator::store(const Value &target, const Value &original, SourceRange range) {
  if (target.isError() || original.isError())
    return;
  switch (target.kind()) {
  case ValueKind::PlaceRef:
    writePlace(target.asPlace(), original, range);
    return;
  case ValueKind::Instance:
  case ValueKind::List:
  case ValueKind::Record: {
    bool withState = original.is(ValueKind::Instance) && !original.asInstance()->parametersOnly && target.is(ValueKind::Instance);
    if (original.is(ValueKind::List) && containsInstance(original) && containsInstance(target))
      withState = llvm::all_of(original.items(), [](const Value &item) { return !item.is(ValueKind::Instance) || !item.asInstance()->parametersOnly; });
    std::vector<TreeLeaf> places = flatten(target, withState), values = flatten(original, withState);
    if (places.size() != values.size()) {
      error(diag::structures_differ, range, target.describe(), original.describe());
      return;
    }
    std::vector<Value> present;
    for (size_t i = 0; i < places.size(); ++i) {
      if (places[i].path != values[i].path) {
        error(diag::structures_differ, range, "`" + places[i].path + "`", "`" + values[i].path + "`");
        return;
      }
      present.push_back(read(values[i].value));
    }
    for (size_t i = 0; i < places.size(); ++i) {
      if (!places[i].value.is(ValueKind::PlaceRef)) {
        error(diag::not_a_place, range, "`" + places[i].path + "`");
        return;
      }
      if (values[i].value.is(ValueKind::PlaceRef) && values[i].value.asPlace() == places[i].value.asPlace())
        continue;
      writePlace(places[i].value.asPlace(), present[i], range);
    }
    return;
  }
  default:
    report(diag::not_a_place, range, target.describe()).help(placesAre);
  }
}

bool Elaborator::writePlace(Place *place, const Value &original, SourceRange range) {
  std::string what = "the new value of `" + (place->name.empty() ? "this place" : place->name) + "`";
  Tensor value = toTensor(original, range, place->element);
  if (value.isError())
    return false;
  if (place->kind == PlaceKind::Data) {
    report(diag::not_a_place, range, "`" + place->name + "`, which is data,").help(placesAre);
    return false;
  }
  if (place->frozen) {
    error(diag::not_a_place, range, "`" + place->name + "`");
    return false;
  }
  if (place->kind == PlaceKind::Var && place->home != function) {
    error(diag::value_of_another_function, range);
    return false;
  }
  if (place->kind != PlaceKind::Var) {
    if (cx().kind == ContextKind::Test || cx().kind == ContextKind::Export) {
      error(diag::test_writes, range, place->name, cx().kind == ContextKind::Test ? "a test" : "an exported function");
      return false;
    }
    if (cx().kind != ContextKind::Step && cx().kind != ContextKind::Hook) {
      error(diag::test_writes, range, place->name, "an initial value");
      return false;
    }
  }
  // The value is broadcast to the place; a different rank or size is a loop that changes the type.
  bool fits = value.rank() <= place->shape.rank();
  for (int64_t i = 0; fits && i < value.rank(); ++i) {
    const Dim &own = value.shape[i], &wanted = place->shape[place->shape.rank() - value.rank() + i];
    fits = own == wanted || own.isLiteralOne();
  }
  if (!fits) {
    report(diag::place_keeps_type, range, place->name, typeText(place->element, place->shape), value.typeText())
        .note(place->range, "declared here");
    return false;
  }
  value = emit.broadcastTo(value, place->shape);
  if (place->isVariable)
    value = variableOf(value, place->name);
  if (value.isError())
    return false;
  nameValue(Value::tensor(value), place->name);
  cx().write(place, value.value, userRange(range), location(range));
  return true;
}

void Elaborator::declareState(const ast::ValueDecl *node) {
  const Local *local = active->file->local(*node);
  bool inBlock = block && (cx().kind == ContextKind::Step) && active->caller == nullptr;
  bool optimizer = block && optimizerState.place;
  if (optimizer)
    return bind(local, declareOptimizerState(node));
  if (!inBlock) {
    // The state of a function or an exported function lives as long as the call.
    Value value = declareMember(node, node->name.text);
    nameTree(value, node->name.text.str());
    return bind(local, value);
  }
  Value value;
  {
    Restore<FunctionContext *> scope(function, block->init);
    value = declareMember(node, node->name.text);
    nameTree(value, block->name + ":" + node->name.text.str());
  }
  bind(local, value);
}

} // namespace dlc::frontend
