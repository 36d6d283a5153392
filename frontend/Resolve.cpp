// Scopes, lookup and the results of the resolver.
#include "frontend/ResolverImpl.h"

#include "llvm/ADT/StringSwitch.h"

namespace dlc::frontend {

using namespace ast;

namespace {

SourceRange declarationIn(const Pattern *root, llvm::StringRef name) {
  llvm::SmallVector<const Pattern *, 4> work = {root};
  while (!work.empty()) {
    const Pattern *pattern = work.pop_back_val();
    if (const auto *tuple = llvm::dyn_cast<TuplePattern>(pattern))
      work.append(tuple->elements.begin(), tuple->elements.end());
    else if (llvm::cast<NamePattern>(pattern)->name.text == name)
      return llvm::cast<NamePattern>(pattern)->name.range;
  }
  return {};
}

/// The place where a statement of a block declares a name, if it does.
SourceRange declarationIn(const Stmt *statement, llvm::StringRef name) {
  if (const auto *value = llvm::dyn_cast<ValueDecl>(statement))
    return value->name.text == name ? value->name.range : SourceRange();
  const auto *let = llvm::dyn_cast<LetStmt>(statement);
  return let ? declarationIn(let->pattern, name) : SourceRange();
}

/// A local of a step: a column of the table or a `let` or `var` of the block.
SourceRange declaredInStep(const TrainDecl *train, llvm::StringRef name) {
  if (train->pattern)
    if (SourceRange declared = declarationIn(train->pattern, name); declared.isValid())
      return declared;
  for (const Stmt *statement : train->body->statements)
    if (SourceRange declared = declarationIn(statement, name); declared.isValid())
      return declared;
  return {};
}

} // namespace

// ---------------------------------------------------------------------------------------------- results

const Binding &ResolvedFile::binding(const Node &use) const {
  static const Binding none;
  return use.id() < bindings_.size() ? bindings_[use.id()] : none;
}

Local *ResolvedFile::local(const Node &declaration) const { return locals_.lookup(declaration.id()); }

const FunctionInfo *ResolvedFile::function(const Node &node) const { return functions_.lookup(node.id()); }

llvm::ArrayRef<Local *> ResolvedFile::assigned(const Expr &node) const {
  auto found = assigned_.find(node.id());
  return found == assigned_.end() ? llvm::ArrayRef<Local *>() : llvm::ArrayRef<Local *>(found->second);
}

const Node *ResolvedFile::item(llvm::StringRef name) const { return items_.lookup(name); }

// ---------------------------------------------------------------------------------------------- the walk's state

bool isBuiltinTypeName(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases({"f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8"}, true)
      .Cases({"bool", "int", "float", "str"}, true)
      .Default(false);
}

void Resolver::run(bool isMain) {
  file_.bindings_.resize(file_.tree().nodeCount());
  collectItems();
  resolveImports(isMain);
  for (const Stmt *item : file_.tree().items()) {
    item_ = item;
    context_ = {};
    resolveItem(item);
  }
  item_ = nullptr;
  if (isMain && !file_.tree().hasErrors())
    warnUnused();
}

FunctionInfo *Resolver::enterFunction(const Node *node) {
  FunctionInfo &info = file_.functionStorage_.emplace_back();
  info.node = node;
  info.parent = function_;
  file_.functions_[node->id()] = &info;
  return &info;
}

Local *Resolver::makeLocal(const Identifier &name, LocalKind kind, const Node *node, FunctionInfo *owner) {
  Local &local = file_.localStorage_.emplace_back();
  local.name = name.text;
  local.kind = kind;
  local.range = name.range;
  local.node = node;
  local.owner = owner;
  local.slot = owner->locals.size();
  owner->locals.push_back(&local);
  return &local;
}

void Resolver::declare(Local *local) { scope_->names[local->name] = local; }

Local *Resolver::declareName(const Identifier &name, LocalKind kind, const Node *node) {
  if (!name.isValid() || name.isUnderscore())
    return nullptr;
  if (name.text == "std") {
    diagnostics_.report(diag::reserved_library_name, name.range);
    return nullptr;
  }
  if (kind == LocalKind::Let)
    warnShadowedVar(name);
  Local *local = makeLocal(name, kind, node, function_);
  file_.locals_[node->id()] = local;
  declare(local);
  return local;
}

/// Rule 2: a `let` in a loop that hides a `var` outside of it is most often meant to be an assignment.
void Resolver::warnShadowedVar(const Identifier &name) {
  bool crossed = false;
  for (Scope *scope = scope_; scope && scope->function == function_; scope = scope->parent) {
    auto found = scope->names.find(name.text);
    if (found != scope->names.end()) {
      if (crossed && found->second->kind == LocalKind::Var)
        diagnostics_.report(diag::shadows_var, name.range, name.text)
            .label(found->second->range, "the `var`")
            .help(fmt::format("to assign it write `{} = …`", std::string_view(name.text)));
      return;
    }
    crossed |= scope->isLoopBody;
  }
}

void Resolver::declarePattern(const Pattern *pattern, LocalKind kind) {
  if (const auto *name = llvm::dyn_cast<NamePattern>(pattern)) {
    declareName(name->name, kind, name);
    return;
  }
  for (const Pattern *element : llvm::cast<TuplePattern>(pattern)->elements)
    declarePattern(element, kind);
}

void Resolver::checkPatternNames(llvm::ArrayRef<const Pattern *> patterns) {
  llvm::StringMap<SourceRange> seen;
  llvm::SmallVector<const Pattern *, 8> work(patterns.rbegin(), patterns.rend());
  while (!work.empty()) {
    const Pattern *pattern = work.pop_back_val();
    if (const auto *tuple = llvm::dyn_cast<TuplePattern>(pattern)) {
      work.append(tuple->elements.rbegin(), tuple->elements.rend());
      continue;
    }
    const Identifier &name = llvm::cast<NamePattern>(pattern)->name;
    if (name.isUnderscore())
      continue;
    auto [entry, isNew] = seen.try_emplace(name.text, name.range);
    if (!isNew)
      diagnostics_.report(diag::duplicate_in_pattern, name.range, name.text)
          .label(entry->second, "first here");
  }
}

void Resolver::markCaptured(Local *local) {
  for (FunctionInfo *info = function_; info && info != local->owner; info = info->parent) {
    local->isCaptured = true;
    if (captured_.insert({info, local}).second)
      info->captures.push_back(local);
  }
}

// ---------------------------------------------------------------------------------------------- lookup

const std::map<llvm::StringRef, llvm::SmallVector<const Stmt *, 1>> &Resolver::membersOf(const ModuleDecl *module) {
  auto [entry, isNew] = members_.try_emplace(module);
  if (!isNew)
    return entry->second;
  auto &members = entry->second;
  llvm::SmallVector<const Stmt *, 16> work(module->members.begin(), module->members.end());
  while (!work.empty()) {
    const Stmt *member = work.pop_back_val();
    if (const auto *value = llvm::dyn_cast<ValueDecl>(member))
      members[value->name.text].push_back(member);
    else if (const auto *plain = llvm::dyn_cast<MemberValue>(member))
      members[plain->name.text].push_back(member);
    else if (const auto *function = llvm::dyn_cast<FunctionDecl>(member))
      members[function->name.text].push_back(member);
    else if (const auto *conditional = llvm::dyn_cast<MemberIf>(member)) {
      work.append(conditional->thenMembers.begin(), conditional->thenMembers.end());
      work.append(conditional->elseMembers.begin(), conditional->elseMembers.end());
    }
  }
  members.erase("");
  return members;
}

bool Resolver::hasMember(const ModuleDecl *module, llvm::StringRef name) {
  return membersOf(module).count(name) != 0;
}

bool Resolver::lookupScopes(llvm::StringRef name, Binding &binding) {
  for (Scope *scope = scope_; scope; scope = scope->parent) {
    auto found = scope->names.find(name);
    if (found != scope->names.end()) {
      binding.local = found->second;
      binding.kind = scope->module ? Binding::Kind::ConstructorParameter : Binding::Kind::Local;
      binding.node = scope->module;
      return true;
    }
    if (scope->module && hasMember(scope->module, name)) {
      binding.kind = Binding::Kind::Member;
      binding.node = scope->module;
      return true;
    }
    if (scope->hasImplicits && llvm::StringSwitch<bool>(name)
                                   .Cases({"step", "epoch", "steps", "epochs", "batch"}, true)
                                   .Default(false)) {
      binding.kind = Binding::Kind::Implicit;
      return true;
    }
  }
  return false;
}

bool Resolver::lookup(llvm::StringRef name, Binding &binding, bool withLibrary) {
  binding = Binding();
  binding.name = name;
  if (name == "std") {
    binding.kind = Binding::Kind::Library;
    return true;
  }
  if (lookupScopes(name, binding))
    return true;
  if (const Node *item = file_.item(name)) {
    binding.kind = Binding::Kind::Item;
    binding.node = item;
    binding.file = &file_;
    return true;
  }
  auto imported = file_.imported_.find(name);
  if (imported != file_.imported_.end()) {
    binding = imported->second;
    binding.name = name;
    return true;
  }
  if (isBuiltinTypeName(name)) {
    binding.kind = Binding::Kind::BuiltinType;
    return true;
  }
  if (name == "training") {
    binding.kind = Binding::Kind::Implicit;
    return true;
  }
  if (withLibrary && library_.has(name)) {
    binding.kind = Binding::Kind::LibraryItem;
    return true;
  }
  return false;
}

void Resolver::bind(const Node &use, const Binding &binding) {
  file_.bindings_[use.id()] = binding;
  noteUse(binding);
}

/// Keeps what the warnings and the closures need to know of a use.
void Resolver::noteUse(const Binding &binding) {
  if (binding.kind == Binding::Kind::Local)
    markCaptured(binding.local);
  else if (binding.kind == Binding::Kind::Item && binding.file == &file_ && item_)
    uses_[item_].push_back(binding.node);
  if (importRanges_.count(binding.name) &&
      (binding.kind == Binding::Kind::Item || binding.kind == Binding::Kind::ImportedFile ||
       binding.kind == Binding::Kind::Error))
    usedImports_[binding.name] = true;
}

void Resolver::resolveName(const NameExpr &name) {
  if (name.name == "_") {
    diagnostics_.report(diag::underscore_used, name.range());
    return;
  }
  Binding binding;
  bool isSize = inDims_ && isUpperCase(name.name);
  if (lookup(name.name, binding, /*withLibrary=*/!isSize)) {
    bind(name, binding);
    return;
  }
  if (bindLateReport(name))
    return;
  if (++unknown_ > maxUnknown || reportStepLocal(name) || reportEarlyUse(name))
    return;
  if (isSize && bindsSizes_)
    diagnostics_.report(diag::size_only_in_expression, name.range(), name.name)
        .help(fmt::format("let a parameter have it alone as a size, as in `x: f32[{}]`", std::string_view(name.name)));
  else
    reportUnknown(name.name, name.range(), isSize, /*isType=*/false);
}

/// In a hook: a mean under a name that only elaboration knows (`report ...record`, a `minimize` in a function).
bool Resolver::bindLateReport(const NameExpr &name) {
  if (!reportsRecord_ && name.name != "loss")
    return false;
  Scope *scope = scope_;
  while (scope && !scope->step)
    scope = scope->parent;
  if (!scope || declaredInStep(scope->step, name.name).isValid())
    return false;
  Local *local = makeLocal({name.name, name.range()}, LocalKind::Report, item_, scope->function->parent);
  hookNames_[local->name] = local;
  scope->parent->names[local->name] = local;
  Binding binding;
  binding.kind = Binding::Kind::Local;
  binding.name = name.name;
  binding.local = local;
  bind(name, binding);
  return true;
}

bool Resolver::reportEarlyUse(const NameExpr &name) {
  for (Scope *scope = scope_; scope && scope->function == function_; scope = scope->parent)
    for (const Stmt *statement : scope->statements)
      if (SourceRange declared = declarationIn(statement, name.name); declared.isValid()) {
        diagnostics_.report(diag::use_before_declaration, name.range(), name.name)
            .label(declared, "declared here");
        return true;
      }
  return false;
}

bool Resolver::reportStepLocal(const NameExpr &name) {
  for (Scope *scope = scope_; scope; scope = scope->parent) {
    if (!scope->step)
      continue;
    SourceRange declared = declaredInStep(scope->step, name.name);
    if (!declared.isValid())
      return false;
    diagnostics_.report(diag::step_local_in_hook, name.range(), name.name, scope->hook)
        .label(declared, "a local of each step")
        .help(fmt::format("report it (`report {0}`) for its mean over the epoch, or keep it in a `state`",
                          std::string_view(name.name)));
    return true;
  }
  return false;
}

} // namespace dlc::frontend
