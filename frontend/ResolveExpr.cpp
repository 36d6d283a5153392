// Expressions, blocks and statements.
#include "frontend/ResolverImpl.h"

#include "llvm/ADT/StringSwitch.h"

#include <utility>

namespace dlc::frontend {

using namespace ast;

void Resolver::resolve(const Expr *expr) {
  if (!expr)
    return;
  switch (expr->kind()) {
  case NodeKind::String:
    for (const StringPiece &piece : llvm::cast<StringExpr>(expr)->pieces)
      resolve(piece.expr);
    return;
  case NodeKind::Name:
    return resolveName(*llvm::cast<NameExpr>(expr));
  case NodeKind::Self:
    if (!module_)
      diagnostics_.report(diag::self_outside_module, expr->range())
          .help("a declaration at file level is reached by its name alone");
    return;
  case NodeKind::Paren:
    return resolve(llvm::cast<ParenExpr>(expr)->inner);
  case NodeKind::Tuple:
    return resolveArguments(llvm::cast<TupleExpr>(expr)->fields);
  case NodeKind::List:
    return resolveList(llvm::cast<ListExpr>(expr));
  case NodeKind::Block:
    return resolveBlock(llvm::cast<BlockExpr>(expr));
  case NodeKind::If:
    return resolveIf(llvm::cast<IfExpr>(expr));
  case NodeKind::For:
    return resolveFor(llvm::cast<ForExpr>(expr));
  case NodeKind::Lambda:
    return resolveLambda(llvm::cast<LambdaExpr>(expr));
  case NodeKind::Unary:
    return resolve(llvm::cast<UnaryExpr>(expr)->operand);
  case NodeKind::Binary:
    resolve(llvm::cast<BinaryExpr>(expr)->lhs);
    return resolve(llvm::cast<BinaryExpr>(expr)->rhs);
  case NodeKind::Range:
    resolve(llvm::cast<RangeExpr>(expr)->low);
    return resolve(llvm::cast<RangeExpr>(expr)->high);
  case NodeKind::Pipe: {
    const auto *pipe = llvm::cast<PipeExpr>(expr);
    resolve(pipe->value);
    if (const auto *call = llvm::dyn_cast<CallExpr>(pipe->target))
      return resolveCall(call, /*isPiped=*/true);
    return resolve(pipe->target);
  }
  case NodeKind::Member:
    return resolveMember(llvm::cast<MemberExpr>(expr));
  case NodeKind::Call:
    return resolveCall(llvm::cast<CallExpr>(expr), /*isPiped=*/false);
  case NodeKind::Index: {
    const auto *index = llvm::cast<IndexExpr>(expr);
    resolve(index->base);
    for (const IndexItem &item : index->items)
      for (const Expr *part : {item.expr, item.low, item.high, item.step})
        resolve(part);
    return;
  }
  default:
    return;
  }
}

/// `file.name` and `std.name` are names; what stands after anything else is found when its value is known.
void Resolver::resolveMember(const MemberExpr *member) {
  resolve(member->base);
  if (!member->name.isValid())
    return;
  if (llvm::isa<SelfExpr>(member->base)) {
    if (module_ && !member->isPosition() && !hasMember(module_, member->name.text)) {
      std::vector<llvm::StringRef> names;
      for (const auto &entry : membersOf(module_))
        names.push_back(entry.first);
      for (const Param *param : module_->params)
        if (param->name.text == member->name.text) {
          diagnostics_.report(diag::unknown_member, member->name.range, "self", member->name.text)
              .label(param->range(), "a parameter of the constructor is no member")
              .help(fmt::format("write `{}` alone", std::string_view(member->name.text)));
          return;
        }
      reportMissingMember(member->name, module_->name.text, names);
    }
    return;
  }
  const auto *base = llvm::dyn_cast<NameExpr>(member->base);
  if (!base)
    return;
  const Binding of = file_.binding(*base);
  Binding binding;
  binding.name = member->name.text;
  if (of.kind == Binding::Kind::Library) {
    if (library_.has(member->name.text)) {
      binding.kind = Binding::Kind::LibraryItem;
      return bind(*member, binding);
    }
    return reportMissingMember(member->name, "std", library_.names());
  }
  if (of.kind != Binding::Kind::ImportedFile || !of.file)
    return;
  if (const Node *item = of.file->item(member->name.text)) {
    binding.kind = Binding::Kind::Item;
    binding.node = item;
    binding.file = of.file;
    return bind(*member, binding);
  }
  if (of.file->tree().hasErrors())
    return;
  std::vector<llvm::StringRef> names;
  for (const auto &entry : of.file->items_)
    names.push_back(entry.first());
  reportMissingMember(member->name, base->name, names);
}

/// The binding of a callee that is a name of the library, else null.
const Binding *Resolver::libraryCallee(const Expr *callee) const {
  if (!llvm::isa<NameExpr>(callee) && !llvm::isa<MemberExpr>(callee))
    return nullptr;
  const Binding &binding = file_.binding(*callee);
  return binding.kind == Binding::Kind::LibraryItem ? &binding : nullptr;
}

void Resolver::resolveCall(const CallExpr *call, bool isPiped) {
  resolve(call->callee);
  resolveArguments(call->arguments);
  const Binding *callee = libraryCallee(call->callee);
  if (!callee)
    return;
  if (callee->name == "gradient") {
    // gradient(y, x): x is the second argument, or the first after `y |>`.
    size_t index = isPiped ? 0 : 1, at = 0;
    for (const Argument &argument : call->arguments) {
      bool isX = argument.label.isValid() ? argument.label.text == "x" : at == index;
      at += !argument.label.isValid();
      if (isX)
        markVariables(argument.value, /*assigned=*/false);
    }
  }
  bool effect = llvm::StringSwitch<bool>(callee->name)
                    .Cases({"print", "write_png", "write_csv", "write_npy"}, true)
                    .Default(false);
  if (effect && !context_.effects && !file_.isLibrary()) {
    auto builder = diagnostics_.report(diag::effect_outside_block, call->callee->range(), callee->name);
    if (callee->name == "print")
      builder.addHelp("`debug(x)` prints and is the identity; it may stand anywhere");
  }
}

void Resolver::resolveArguments(llvm::ArrayRef<Argument> arguments, llvm::StringRef word) {
  llvm::StringMap<SourceRange> labels;
  for (const Argument &argument : arguments) {
    if (argument.label.isValid()) {
      auto [entry, isNew] = labels.try_emplace(argument.label.text, argument.label.range);
      if (!isNew)
        diagnostics_.report(diag::duplicate_label, argument.label.range, argument.label.text)
            .label(entry->second, "first here");
      if (!word.empty() && argument.label.text == word && llvm::isa<NameExpr>(argument.value))
        continue;
    }
    resolve(argument.value);
  }
}

void Resolver::resolveList(const ListExpr *list) {
  for (const ListElement &element : list->elements) {
    if (element.clauses.empty()) {
      resolve(element.value);
      continue;
    }
    // Each clause opens a level; the value is inside all of them.
    std::vector<std::unique_ptr<BlockScope>> levels;
    for (const ListClause &clause : element.clauses) {
      resolve(clause.iterable);
      levels.push_back(std::make_unique<BlockScope>(*this));
      checkPatternNames(clause.pattern);
      resolvePatternTypes(clause.pattern);
      declarePattern(clause.pattern, LocalKind::Loop);
      resolve(clause.condition);
    }
    resolve(element.value);
    while (!levels.empty())
      levels.pop_back();
  }
}

void Resolver::resolveLambda(const LambdaExpr *lambda) {
  FunctionScope function(*this, lambda);
  Context outer = context_;
  context_.report = context_.stop = context_.emit = false;
  checkPatternNames(lambda->params);
  llvm::SmallVector<const Type *, 4> types;
  for (const Pattern *param : lambda->params)
    patternTypes(param, types);
  bindSizes(types);
  for (const Pattern *param : lambda->params) {
    llvm::SmallVector<const Type *, 4> own;
    patternTypes(param, own);
    bool binds = std::exchange(bindsSizes_, true);
    for (const Type *type : own)
      resolveType(type);
    bindsSizes_ = binds;
    declarePattern(param, LocalKind::Parameter);
  }
  resolve(lambda->body);
  context_ = outer;
}

void Resolver::resolveFor(const ForExpr *loop) {
  resolve(loop->iterable);
  active_.push_back({loop, unsigned(function_->locals.size())});
  {
    BlockScope level(*this);
    level.scope.isLoopBody = true;
    checkPatternNames(loop->pattern);
    resolvePatternTypes(loop->pattern);
    declarePattern(loop->pattern, LocalKind::Loop);
    resolveBlock(loop->body, /*isLoopBody=*/true);
  }
  active_.pop_back();
}

void Resolver::resolveIf(const IfExpr *conditional) {
  resolve(conditional->condition);
  active_.push_back({conditional, unsigned(function_->locals.size())});
  resolveBlock(conditional->thenBlock);
  resolve(conditional->elseBranch);
  active_.pop_back();
}

void Resolver::resolveBlock(const BlockExpr *block, bool isLoopBody, bool isTrainBody) {
  BlockScope level(*this);
  for (size_t i = 0; i < block->statements.size(); ++i) {
    // What is declared from here on is not yet there.
    level.scope.statements = block->statements.drop_front(i);
    resolveStatement(block->statements[i], isLoopBody, isTrainBody);
  }
}

void Resolver::resolveStatement(const Stmt *statement, bool inLoopBody, bool inTrainBody) {
  switch (statement->kind()) {
  case NodeKind::Let: {
    const auto *let = llvm::cast<LetStmt>(statement);
    resolve(let->init);
    checkPatternNames(let->pattern);
    resolvePatternTypes(let->pattern);
    return declarePattern(let->pattern, let->isVar ? LocalKind::Var : LocalKind::Let);
  }
  case NodeKind::Value: {
    const auto *state = llvm::cast<ValueDecl>(statement);
    resolveType(state->type);
    resolve(state->init);
    if (Local *known = file_.local(*state))
      return declare(known); // of a `train`, whose hooks see it from the beginning
    declareName(state->name, LocalKind::State, state);
    return;
  }
  case NodeKind::Minimize: {
    const auto *minimize = llvm::cast<MinimizeStmt>(statement);
    resolve(minimize->loss);
    resolve(minimize->over);
    resolve(minimize->with);
    return markVariables(minimize->over, /*assigned=*/true);
  }
  case NodeKind::Update: {
    const auto *update = llvm::cast<UpdateStmt>(statement);
    resolve(update->place);
    resolve(update->by);
    resolve(update->with);
    return markVariables(update->place, /*assigned=*/true);
  }
  case NodeKind::Report: {
    const auto *report = llvm::cast<ReportStmt>(statement);
    if (!context_.report)
      diagnostics_.report(diag::report_outside_block, report->range());
    return resolve(report->value);
  }
  case NodeKind::EachEpoch:
  case NodeKind::AtEnd: {
    bool isEpoch = statement->kind() == NodeKind::EachEpoch;
    if (!inTrainBody) {
      diagnostics_.report(diag::hook_outside_train, statement->range(), isEpoch ? "each epoch" : "at end");
      return;
    }
    return resolveHook(statement, isEpoch ? llvm::cast<EachEpochStmt>(statement)->body
                                          : llvm::cast<AtEndStmt>(statement)->body);
  }
  case NodeKind::Stop:
    if (!context_.stop)
      diagnostics_.report(diag::stop_outside_train, statement->range())
          .help("a loop is left with `break if`");
    return;
  case NodeKind::BreakIf:
    if (!inLoopBody)
      diagnostics_.report(diag::break_outside_loop, statement->range())
          .help("join conditions with `and`; a `train` block is ended by `stop`");
    return resolve(llvm::cast<BreakIfStmt>(statement)->condition);
  case NodeKind::Require:
    resolve(llvm::cast<RequireStmt>(statement)->condition);
    return resolve(llvm::cast<RequireStmt>(statement)->message);
  case NodeKind::Emit:
    if (!context_.emit)
      diagnostics_.report(diag::emit_outside_stream, statement->range());
    return resolve(llvm::cast<EmitStmt>(statement)->value);
  case NodeKind::ExprStatement:
    return resolve(llvm::cast<ExprStmt>(statement)->expr);
  case NodeKind::Assign:
    return resolveAssign(llvm::cast<AssignStmt>(statement));
  default:
    return;
  }
}

// ---------------------------------------------------------------------------------------------- assignments

void Resolver::resolveAssign(const AssignStmt *assign) {
  resolve(assign->value);
  resolve(assign->place);
  assignPlace(assign->place);
}

void Resolver::assignPlace(const Expr *place) {
  switch (place->kind()) {
  case NodeKind::Name:
    return assignName(*place, place->range());
  case NodeKind::Member:
    if (const Binding &binding = file_.binding(*place); binding.kind != Binding::Kind::Error)
      return assignName(*place, place->range());
    return assignPlace(llvm::cast<MemberExpr>(place)->base);
  case NodeKind::Index:
    return assignPlace(llvm::cast<IndexExpr>(place)->base);
  case NodeKind::Paren:
    return assignPlace(llvm::cast<ParenExpr>(place)->inner);
  case NodeKind::Tuple:
    for (const Argument &field : llvm::cast<TupleExpr>(place)->fields)
      assignPlace(field.value);
    return;
  default:
    return;
  }
}

/// What a binding is, if it can never be assigned; empty if it can, or if only its value tells.
llvm::StringRef Resolver::immutableKind(const Binding &binding) {
  auto ofNode = [](const Node *node) -> llvm::StringRef {
    switch (node->kind()) {
    case NodeKind::Value:
      return llvm::cast<ValueDecl>(node)->keyword == ValueKeyword::Const ? "a `const`" : "";
    case NodeKind::NamePattern:
      return "`data`";
    case NodeKind::Function:
      return "a function";
    case NodeKind::Module:
      return "a module";
    case NodeKind::Optimizer:
      return "an optimizer";
    case NodeKind::Test:
    case NodeKind::TestAlias:
      return "a test";
    default:
      return "";
    }
  };
  switch (binding.kind) {
  case Binding::Kind::Local:
    switch (binding.local->kind) {
    case LocalKind::Let:
      return "a `let`";
    case LocalKind::Row:
      return "data of the table";
    case LocalKind::Size:
    case LocalKind::Sizes:
      return "a size";
    case LocalKind::ElementType:
      return "an element type";
    case LocalKind::Report:
      return "a reported mean";
    default:
      return "";
    }
  case Binding::Kind::Item:
    return ofNode(binding.node);
  case Binding::Kind::Member: {
    const auto &members = membersOf(llvm::cast<ModuleDecl>(binding.node));
    for (const Stmt *member : members.find(binding.name)->second)
      if (ofNode(member).empty())
        return "";
    return ofNode(members.find(binding.name)->second.front());
  }
  case Binding::Kind::ImportedFile:
    return "an imported file";
  case Binding::Kind::Library:
  case Binding::Kind::LibraryItem:
    return "a name of the standard library";
  case Binding::Kind::BuiltinType:
    return "a type";
  case Binding::Kind::Implicit:
    return "set by the block";
  default:
    return "";
  }
}

void Resolver::assignName(const Node &use, SourceRange range) {
  const Binding &binding = file_.binding(use);
  llvm::StringRef what = immutableKind(binding);
  if (!what.empty()) {
    auto builder = diagnostics_.report(diag::assign_to_immutable, range, binding.name, what);
    if (binding.kind == Binding::Kind::Local && binding.local->kind == LocalKind::Let) {
      builder.addLabel(binding.local->range, "declared with `let`");
      builder.addHelp("declare it with `var`");
    } else if (binding.kind == Binding::Kind::LibraryItem) {
      builder.addHelp(fmt::format("declare it first: `var {} = …`", std::string_view(binding.name)));
    }
    // What is said here once is not said again where the statement is elaborated.
    file_.bindings_[use.id()].kind = Binding::Kind::Error;
    return;
  }
  if (binding.kind != Binding::Kind::Local)
    return;
  Local *local = binding.local;
  if (local->owner != function_ && local->kind == LocalKind::Var) {
    diagnostics_.report(diag::assign_to_captured, range, local->name)
        .label(local->range, "the `var` of another function")
        .help("return the new value and assign it where the `var` is");
    return;
  }
  recordAssigned(local);
}

void Resolver::recordAssigned(Local *local) {
  if (local->kind != LocalKind::Var && local->kind != LocalKind::State)
    return;
  local->isAssigned = true;
  for (const Active &active : active_)
    if ((local->owner != function_ || local->slot < active.slots) &&
        assigned_.insert({active.node, local}).second)
      file_.assigned_[active.node->id()].push_back(local);
}

/// The names whose values something is differentiated by, or that an update writes.
void Resolver::markVariables(const Expr *expr, bool assigned) {
  switch (expr->kind()) {
  case NodeKind::Name: {
    const Binding &binding = file_.binding(*expr);
    if (binding.kind == Binding::Kind::Local || binding.kind == Binding::Kind::ConstructorParameter) {
      binding.local->isVariable = true;
      if (assigned && binding.kind == Binding::Kind::Local)
        recordAssigned(binding.local);
    }
    return;
  }
  case NodeKind::Member:
    return markVariables(llvm::cast<MemberExpr>(expr)->base, assigned);
  case NodeKind::Index:
    return markVariables(llvm::cast<IndexExpr>(expr)->base, assigned);
  case NodeKind::Paren:
    return markVariables(llvm::cast<ParenExpr>(expr)->inner, assigned);
  case NodeKind::Tuple:
    for (const Argument &field : llvm::cast<TupleExpr>(expr)->fields)
      markVariables(field.value, assigned);
    return;
  case NodeKind::List:
    for (const ListElement &element : llvm::cast<ListExpr>(expr)->elements)
      markVariables(element.value, assigned);
    return;
  case NodeKind::Call: // select(net, …), params(net)
    if (const auto *call = llvm::cast<CallExpr>(expr); !call->arguments.empty())
      markVariables(call->arguments.front().value, assigned);
    return;
  default:
    return;
  }
}

} // namespace dlc::frontend
