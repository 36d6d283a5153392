// `minimize` and `update`, and optimizers applied leaf by leaf (rules 18, 29).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

bool holdsError(const Value &value) {
  if (value.is(ValueKind::List) || value.is(ValueKind::Record))
    return llvm::any_of(value.items(), holdsError);
  if (value.is(ValueKind::Instance))
    return llvm::any_of(value.asInstance()->members, [](const Member &member) { return holdsError(member.value); });
  return value.isError();
}

/// Whether all leaves of what is to be updated can be.
bool Elaborator::arePlaces(const Value &over, SourceRange range) {
  if (holdsError(over))
    return false;
  std::vector<TreeLeaf> leaves = flatten(over, false);
  if (leaves.empty()) {
    report(diag::not_a_place, range, over.describe()).help(placesAre);
    return false;
  }
  for (const TreeLeaf &leaf : leaves)
    if (!leaf.value.is(ValueKind::PlaceRef) || leaf.value.asPlace()->frozen) {
      llvm::StringRef text = program.sources().text(range);
      report(diag::not_a_place, range, leaf.path.empty() ? "`" + text.str() + "`" : "`" + text.str() + "." + leaf.path + "`").help(placesAre);
      return false;
    }
  return true;
}

void Elaborator::minimize(const ast::MinimizeStmt *statement) {
  if (!block || !block->isTrain || (cx().kind != ContextKind::Step && cx().kind != ContextKind::Hook)) {
    error(diag::update_outside_train, statement->range(), "minimize");
    return;
  }
  Value loss = evalRead(statement->loss);
  Value over = eval(statement->over);
  if (over.isError() || !arePlaces(over, statement->over->range()))
    return;
  Value slopes = gradient(loss, over, statement->range(), statement->loss->range(), statement->over->range());
  // A loss that is no scalar was just reported; one that does not depend on what is trained is still a number to show.
  if (!loss.isError() && cx().kind == ContextKind::Step && (loss.isNumber() || (loss.isTensor() && loss.asTensor().rank() == 0))) {
    auto *name = llvm::dyn_cast<ast::NameExpr>(statement->loss);
    addReport(name ? name->name : "loss", loss, statement->range(), true);
  }
  if (slopes.isError())
    return;
  applyUpdate(over, slopes, statement->with, statement->range());
}

void Elaborator::update(const ast::UpdateStmt *statement) {
  if (!block || !block->isTrain || (cx().kind != ContextKind::Step && cx().kind != ContextKind::Hook)) {
    error(diag::update_outside_train, statement->range(), "update");
    return;
  }
  Value over = eval(statement->place);
  Value slopes = eval(statement->by);
  if (over.isError() || slopes.isError() || !arePlaces(over, statement->place->range()))
    return;
  applyUpdate(over, slopes, statement->with, statement->range());
}

void Elaborator::applyUpdate(const Value &over, Value slopes, const ast::Expr *with, SourceRange range) {
  Value rule = eval(with);
  if (rule.isError())
    return;
  if (rule.is(ValueKind::List)) {
    if (rule.items().empty()) {
      error(diag::expected_optimizer, with->range(), rule.describe());
      return;
    }
    for (size_t i = 0; i + 1 < rule.items().size(); ++i) {
      slopes = call(rule.items()[i], {{"", slopes, with->range()}}, with->range(), with->range());
      if (slopes.isError())
        return;
    }
    Value last = rule.items().back();
    rule = last;
    if (rule.isError())
      return;
  }
  if (!rule.is(ValueKind::Optimizer)) {
    error(diag::expected_optimizer, with->range(), rule.describe());
    return;
  }
  if (!rule.asOptimizer().settings) {
    rule = call(rule, {}, with->range(), with->range());
    if (rule.isError())
      return;
  }
  std::vector<TreeLeaf> places = flatten(over, false), values = flatten(slopes, false);
  if (slopes.isNumber() && places.size() == 1 && places[0].path.empty())
    values.push_back({"", slopes, false});
  if (places.size() != values.size()) {
    error(diag::structures_differ, range, over.describe(), slopes.describe());
    return;
  }
  llvm::DenseSet<Place *> seen;
  std::vector<Value> present;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i].path != values[i].path) {
      error(diag::structures_differ, range, "`" + places[i].path + "`", "`" + values[i].path + "`");
      return;
    }
    Place *place = places[i].value.asPlace();
    Tensor slope = toTensor(values[i].value, range, place->element);
    if (slope.isError())
      return;
    if (!(slope.shape == place->shape)) {
      error(diag::gradient_shape, range, place->name, typeText(place->element, place->shape), slope.typeText());
      return;
    }
    present.push_back(Value::tensor(slope));
  }
  for (size_t i = 0; i < places.size(); ++i)
    if (seen.insert(places[i].value.asPlace()).second)
      applyOptimizer(rule.asOptimizer(), places[i].value.asPlace(), present[i], range);
}

std::string Elaborator::statementKey(SourceRange range) const {
  std::string key = std::to_string(range.file) + ":" + std::to_string(range.begin);
  for (const Activation *a = active; a; a = a->caller)
    if (a->site.isValid())
      key += "<" + std::to_string(a->site.file) + ":" + std::to_string(a->site.begin);
    else
      key += "<" + a->segment;
  return key;
}

void Elaborator::applyOptimizer(const OptimizerValue &optimizer, Place *place, const Value &slope, SourceRange range) {
  if (optimizer.node->touched) {
    refuse(range, "touched");
    return;
  }
  std::string name = optimizer.node->name.text.str();
  std::vector<std::string> &statements = block->applications[{place, name}];
  std::string key = statementKey(range);
  auto it = llvm::find(statements, key);
  size_t number = it - statements.begin();
  if (it == statements.end())
    statements.push_back(key);
  std::string suffix = name + (number ? std::to_string(number + 1) : "");

  Activation activation;
  activation.file = optimizer.file;
  activation.env = std::make_shared<Environment>(*optimizer.settings);
  activation.caller = active;
  activation.site = range;
  activation.callee = name;
  activation.training = active->training;
  activation.segment = name + "#" + std::to_string(active->counts[name]++);
  Restore<Activation *> scope(active, &activation);
  auto saved = optimizerState;
  optimizerState = {place, suffix, &optimizerPlaces[block->name + "|" + place->name + ":" + suffix]};
  bind(active->file->local(*optimizer.node->weight), Value::place(place));
  bind(active->file->local(*optimizer.node->gradient), slope);
  evalBlock(optimizer.node->body);
  optimizerState = saved;
}

Value Elaborator::declareOptimizerState(const ast::ValueDecl *node) {
  llvm::StringMap<Place *> &states = *optimizerState.states;
  Place *&state = states[node->name.text];
  if (state)
    return Value::place(state);
  if (optimizerState.place->kind == PlaceKind::Var)
    return refuse(userRange(node->range()), "an optimizer with state for a `var`");
  Restore<FunctionContext *> scope(function, block->init);
  Place *weight = optimizerState.place;
  Value value = declareMember(node, node->name.text);
  if (!value.is(ValueKind::PlaceRef))
    return value;
  namePlace(value.asPlace(), weight->name + ":" + optimizerState.suffix + "." + node->name.text.str());
  state = value.asPlace();
  return value;
}

} // namespace dlc::frontend
