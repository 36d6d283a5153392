// Instances: construction, their places and the names of these (rules 14-17, 20).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

Value Elaborator::construct(const ModuleValue &module, std::vector<ArgumentValue> arguments, SourceRange range) {
  auto instance = std::make_shared<Instance>();
  instance->module = module.node;
  instance->file = module.file;
  instance->range = range;
  instance->parameters = std::make_shared<Environment>();
  instance->parameters->info = module.file->function(*module.node);
  if (instance->parameters->info)
    instance->parameters->slots.resize(instance->parameters->info->locals.size());
  Activation activation;
  activation.file = module.file;
  activation.env = instance->parameters;
  activation.self = instance;
  activation.caller = active;
  activation.site = range;
  activation.callee = module.node->name.text.str();
  activation.training = active->training;
  activation.segment = activation.callee + "#" + std::to_string(active->counts[activation.callee]++);
  unsigned calls = 0;
  for (const Activation *a = active; a; a = a->caller)
    ++calls;
  if (calls > 500) {
    if (!exhausted)
      error(diag::too_deep_calls, range);
    exhausted = true;
    return Value::error();
  }
  Restore<Activation *> scope(active, &activation);
  if (!bindParameters(module.node->params, std::move(arguments), range, module.node->name.text))
    return Value::error();
  for (const ast::Param *param : module.node->params)
    if (const Local *local = active->file->local(*param))
      if (auto *slot = cell(local); slot && *slot && containsInstance(**slot))
        instance->members.push_back({param->name.text.str(), **slot, Member::Kind::Value, param->range()});
  addMembers(module.node->members, *instance);
  return Value::instance(instance);
}

void Elaborator::addMembers(llvm::ArrayRef<const ast::Stmt *> members, Instance &instance) {
  for (const ast::Stmt *statement : members) {
    Restore<SourceRange> place(current, statement->range());
    switch (statement->kind()) {
    case ast::NodeKind::Value: {
      auto *decl = llvm::cast<ast::ValueDecl>(statement);
      Value value = declareMember(decl, decl->name.text);
      Member::Kind kind = decl->keyword == ast::ValueKeyword::Param   ? Member::Kind::Param
                          : decl->keyword == ast::ValueKeyword::State ? Member::Kind::State
                                                                      : Member::Kind::Const;
      instance.members.push_back({decl->name.text.str(), value, kind, decl->range()});
      break;
    }
    case ast::NodeKind::MemberValue: {
      auto *member = llvm::cast<ast::MemberValue>(statement);
      Value value = eval(member->value);
      instance.members.push_back({member->name.text.str(), value, Member::Kind::Value, member->range()});
      break;
    }
    case ast::NodeKind::MemberIf: {
      auto *branch = llvm::cast<ast::MemberIf>(statement);
      Value condition = evalRead(branch->condition);
      if (condition.is(ValueKind::Bool))
        addMembers(condition.asBool() ? branch->thenMembers : branch->elseMembers, instance);
      else if (!condition.isError())
        error(diag::compile_time_condition, branch->condition->range(), condition.describe());
      break;
    }
    case ast::NodeKind::Function:
      instance.methods.push_back(llvm::cast<ast::FunctionDecl>(statement));
      break;
    case ast::NodeKind::Require:
      require(llvm::cast<ast::RequireStmt>(statement));
      break;
    default:
      break;
    }
  }
}

/// The axes of the declared type in the order that `stored [...]` names them.
static bool storedOrder(Elaborator &elab, const ast::ValueDecl *node, const Shape &shape, llvm::SmallVectorImpl<int64_t> &order) {
  auto *type = llvm::dyn_cast_or_null<ast::NamedType>(node->type);
  if (!type || type->dims.size() != node->stored.size()) {
    elab.error(diag::stored_names_axes, node->range());
    return false;
  }
  SourceManager &sources = elab.program.sources();
  for (const ast::Dim &stored : node->stored) {
    int64_t found = -1;
    for (size_t i = 0; i < type->dims.size(); ++i)
      if (sources.text(stored.range) == sources.text(type->dims[i].range) && !llvm::is_contained(order, static_cast<int64_t>(i))) {
        found = static_cast<int64_t>(i);
        break;
      }
    if (found < 0) {
      elab.error(diag::stored_names_axes, stored.range);
      return false;
    }
    order.push_back(found);
  }
  return true;
}

/// Instances of a copy get the names of the places that hold them.
static void forgetNames(const Value &value) {
  if (value.is(ValueKind::List) || value.is(ValueKind::Record)) {
    for (const Value &item : value.items())
      forgetNames(item);
  } else if (value.is(ValueKind::Function) && value.asFunction().recomputed) {
    forgetNames(*value.asFunction().recomputed);
  } else if (value.is(ValueKind::Function) && value.asFunction().environment) {
    for (auto &[local, slot] : value.asFunction().environment->captured)
      if (slot && (slot->is(ValueKind::Instance) || slot->is(ValueKind::List)))
        forgetNames(*slot);
  } else if (value.is(ValueKind::Instance)) {
    if (value.asInstance()->name.empty())
      return;
    value.asInstance()->name.clear();
    value.asInstance()->derived = false;
    for (const Member &member : value.asInstance()->members)
      forgetNames(member.value);
  }
}

Value Elaborator::declareMember(const ast::ValueDecl *node, llvm::StringRef name) {
  if (node->keyword == ast::ValueKeyword::Const) {
    Value value = evalRead(node->init);
    if (node->type)
      value = convert(node->type, value, node->init->range(), true, "the value of `" + name.str() + "`");
    return value;
  }
  bool isParam = node->keyword == ast::ValueKeyword::Param;
  bool saved = cx().kind == ContextKind::Init || cx().kind == ContextKind::BlockInit;
  if (isParam && !saved)
    return error(diag::param_in_let, node->range());
  std::vector<PendingSite> sites;
  Value value;
  {
    Restore<std::vector<PendingSite> *> draws(pending, saved ? &sites : nullptr);
    value = eval(node->init);
    Restore<SourceRange> place(current, node->init->range());
    if (containsInstance(value)) {
      if (isParam)
        return error(diag::expected_tensor, node->init->range(), value.describe());
      // An instance stored as state: a copy of parameters and state with places of its own. One just made here is it itself.
      bool unnamed = llvm::all_of(flatten(value, true), [](const TreeLeaf &leaf) {
        return !leaf.value.is(ValueKind::PlaceRef) || leaf.value.asPlace()->name.empty();
      });
      if (unnamed && value.is(ValueKind::Instance) && !value.asInstance()->derived)
        return value;
      Value copy = mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
        // What `copy` has just made has no other owner.
        if (leaf.is(ValueKind::PlaceRef) && leaf.asPlace()->name.empty() && leaf.asPlace()->initializer == function && leaf.asPlace()->kind == PlaceKind::State)
          return leaf;
        Value present = read(leaf);
        if (!present.isTensor() || present.isError())
          return present;
        return Value::place(makePlace(saved ? PlaceKind::State : PlaceKind::Var, present.asTensor(), node->range()));
      });
      forgetNames(copy);
      return copy;
    }
    value = read(value);
    if (node->type) {
      value = convert(node->type, value, node->init->range(), true, "the value of `" + name.str() + "`");
    } else if (value.is(ValueKind::Record) || (value.is(ValueKind::List) && isTree(value))) {
      return mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
        if (!leaf.isTensor() || leaf.isError())
          return leaf;
        return Value::place(makePlace(saved ? PlaceKind::State : PlaceKind::Var, leaf.asTensor(), node->range()));
      });
    } else {
      value = toTensorValue(value, node->init->range());
    }
  }
  if (value.isError())
    return value;
  if (!value.isTensor())
    return error(diag::expected_tensor, node->init->range(), value.describe());
  if (isParam && !isFloat(value.asTensor().element))
    return error(diag::integer_param, node->range(), name, value.asTensor().typeText());
  Tensor initial = value.asTensor();
  if (initial.home != function) {
    report(diag::value_of_another_function, node->init->range())
        .help("an initial value is computed before the first step; it sees parameters, states and `data` as they are then");
    return Value::error();
  }
  Place *made = makePlace(isParam ? PlaceKind::Param : saved ? PlaceKind::State : PlaceKind::Var, initial, node->range());
  if (node->hasStored && !storedOrder(*this, node, made->shape, made->stored))
    return Value::error();
  pendingSites[made] = std::move(sites);
  return Value::place(made);
}

Place *Elaborator::makePlace(PlaceKind kind, const Tensor &initial, SourceRange range) {
  Place &place = places.emplace_back();
  place.kind = kind;
  place.element = initial.element;
  place.shape = initial.shape;
  place.range = range;
  place.site = userRange(range);
  place.home = function;
  if (kind == PlaceKind::Var) {
    cx().declare(&place, initial.value);
    return &place;
  }
  place.initializer = function;
  cx().frames.front()->current[&place] = initial.value;
  initialized.push_back(&place);
  return &place;
}

void Elaborator::namePlace(Place *place, const std::string &name) {
  if (!place->name.empty())
    return;
  place->name = name;
  if (place->kind == PlaceKind::Var)
    return;
  for (PendingSite &site : pendingSites[place]) {
    auto type = mlir::RankedTensorType::get({}, mlir::IntegerType::get(context, 64));
    auto number = mlir::IntegerAttr::get(type.getElementType(), llvm::APInt(64, siteHash(name + site.suffix)));
    site.site->setAttr("value", mlir::DenseElementsAttr::get(type, llvm::ArrayRef<mlir::Attribute>(number)));
  }
  pendingSites.erase(place);
  if (place->initializer) {
    mlir::Value initial = place->initializer->frames.front()->current[place];
    if (mlir::Operation *op = initial.getDefiningOp(); op && op->getNumResults() == 1 && ir::nameOf(op->getLoc()).empty())
      op->setLoc(ir::named(name, op->getLoc()));
  }
}

void Elaborator::nameTree(const Value &value, const std::string &prefix) {
  switch (value.kind()) {
  case ValueKind::PlaceRef:
    namePlace(value.asPlace(), prefix);
    return;
  case ValueKind::List:
    for (size_t i = 0; i < value.items().size(); ++i)
      nameTree(value.items()[i], prefix + "." + std::to_string(i));
    return;
  case ValueKind::Record:
    for (size_t i = 0; i < value.items().size(); ++i)
      nameTree(value.items()[i], prefix + "." + (value.labels()[i].empty() ? std::to_string(i) : value.labels()[i]));
    return;
  case ValueKind::Function:
    if (value.asFunction().recomputed)
      nameTree(*value.asFunction().recomputed, prefix);
    if (value.asFunction().environment)
      for (auto &[local, slot] : value.asFunction().environment->captured)
        if (slot && containsInstance(*slot))
          nameTree(*slot, prefix + "." + local->name.str());
    return;
  case ValueKind::Instance: {
    Instance &instance = *value.asInstance();
    if (!instance.name.empty())
      return;
    instance.name = prefix;
    for (const Member &member : instance.members)
      nameTree(member.value, prefix + "." + member.name);
    return;
  }
  default:
    return;
  }
}

} // namespace dlc::frontend
