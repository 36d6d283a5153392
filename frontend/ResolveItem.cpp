// Declarations, types and blocks.
#include "frontend/ResolverImpl.h"

#include <utility>

namespace dlc::frontend {

using namespace ast;

// ---------------------------------------------------------------------------------------------- names of the file

void Resolver::addItem(const Identifier &name, const Node *node) {
  if (!name.isValid() || name.isUnderscore())
    return;
  if (name.text == "std") {
    diagnostics_.report(diag::reserved_library_name, name.range);
    return;
  }
  auto [entry, isNew] = file_.items_.try_emplace(name.text, node);
  auto [range, first] = importRanges_.try_emplace(name.text, name.range);
  if (!isNew || !first)
    diagnostics_.report(diag::duplicate_declaration, name.range, name.text)
        .label(range->second, "first here");
}

void Resolver::collectItems() {
  for (const Stmt *item : file_.tree().items()) {
    if (const auto *value = llvm::dyn_cast<ValueDecl>(item))
      addItem(value->name, item);
    else if (const auto *model = llvm::dyn_cast<ModelDecl>(item))
      addItem(model->name, item);
    else if (const auto *module = llvm::dyn_cast<ModuleDecl>(item))
      addItem(module->name, item);
    else if (const auto *optimizer = llvm::dyn_cast<OptimizerDecl>(item))
      addItem(optimizer->name, item);
    else if (const auto *function = llvm::dyn_cast<FunctionDecl>(item))
      addItem(function->name, item);
    else if (llvm::isa<TestDecl>(item))
      addItem(llvm::cast<TestDecl>(item)->name, item);
    else if (const auto *alias = llvm::dyn_cast<TestAlias>(item))
      addItem(alias->name, item);
    else if (const auto *data = llvm::dyn_cast<DataDecl>(item)) {
      llvm::SmallVector<const Pattern *, 4> work = {data->pattern};
      while (!work.empty()) {
        const Pattern *pattern = work.pop_back_val();
        if (const auto *tuple = llvm::dyn_cast<TuplePattern>(pattern))
          work.append(tuple->elements.rbegin(), tuple->elements.rend());
        else
          addItem(llvm::cast<NamePattern>(pattern)->name, pattern);
      }
    }
  }
}

void Resolver::resolveImports(bool isMain) {
  // Until here these were the declarations, for the message about doubles; from here on the imports.
  llvm::StringMap<SourceRange> declared = std::move(importRanges_);
  importRanges_.clear();
  auto add = [&](const Identifier &name, const Binding &binding) {
    auto found = declared.find(name.text);
    bool again = found != declared.end();
    auto [entry, isNew] = importRanges_.try_emplace(name.text, name.range);
    if (again || !isNew) {
      diagnostics_.report(diag::duplicate_declaration, name.range, name.text)
          .label(again ? found->second : entry->second, "also here");
      return;
    }
    file_.imported_[name.text] = binding;
  };
  for (const Stmt *item : file_.tree().items()) {
    const auto *import = llvm::dyn_cast<ImportDecl>(item);
    if (!import || import->path.empty())
      continue;
    const ResolvedFile *file = program_.import(*import, file_.tree().source());
    file_.imports_.push_back({import, file});
    Binding binding;
    binding.file = file;
    if (import->names.empty()) {
      binding.kind = file ? Binding::Kind::ImportedFile : Binding::Kind::Error;
      add(import->path.back(), binding);
      continue;
    }
    for (const Identifier &name : import->names) {
      binding.node = file ? file->item(name.text) : nullptr;
      binding.kind = binding.node ? Binding::Kind::Item : Binding::Kind::Error;
      if (file && !binding.node && !file->tree().hasErrors()) {
        std::vector<llvm::StringRef> names;
        for (const auto &entry : file->items_)
          names.push_back(entry.first());
        reportMissingMember(name, import->path.back().text, names);
      }
      add(name, binding);
    }
  }
}

void Resolver::resolveItem(const Stmt *item) {
  switch (item->kind()) {
  case NodeKind::Module:
    return resolveModule(llvm::cast<ModuleDecl>(item));
  case NodeKind::Optimizer:
    return resolveOptimizer(llvm::cast<OptimizerDecl>(item));
  case NodeKind::Function:
    return resolveFunction(llvm::cast<FunctionDecl>(item));
  case NodeKind::Train:
  case NodeKind::Test:
    return resolveRun(llvm::cast<RunDecl>(item));
  default:
    break;
  }
  FunctionScope function(*this, item);
  if (const auto *value = llvm::dyn_cast<ValueDecl>(item)) {
    resolveType(value->type);
    resolveDims(value->stored);
    resolve(value->init);
  } else if (const auto *model = llvm::dyn_cast<ModelDecl>(item)) {
    resolve(model->init);
  } else if (const auto *data = llvm::dyn_cast<DataDecl>(item)) {
    // An upper-case name of the annotation holds for the annotation only.
    {
      BlockScope level(*this);
      resolvePatternTypes(data->pattern);
    }
    resolve(data->init);
  } else if (const auto *load = llvm::dyn_cast<LoadDecl>(item)) {
    resolve(load->target);
    resolve(load->from);
    for (const LoadOption &option : load->options)
      resolve(option.value);
  } else if (const auto *alias = llvm::dyn_cast<TestAlias>(item)) {
    resolveAlias(alias);
  }
}

void Resolver::resolveAlias(const TestAlias *alias) {
  resolve(alias->table);
  if (alias->test->name.empty())
    return;
  resolveName(*alias->test);
  const Binding &binding = file_.binding(*alias->test);
  bool isTest = binding.kind == Binding::Kind::Item && llvm::isa<TestDecl>(binding.node);
  if (binding.kind != Binding::Kind::Error && !isTest)
    diagnostics_.report(diag::not_a_named_test, alias->test->range(), alias->test->name)
        .help("`test name = other on table` runs the test `other`, declared by `test other on … { … }`, on other rows");
}

// ---------------------------------------------------------------------------------------------- functions, modules

void Resolver::resolveParams(llvm::ArrayRef<const Param *> params) {
  llvm::SmallVector<const Type *, 8> types;
  for (const Param *param : params)
    if (param->type)
      types.push_back(param->type);
  bindSizes(types);
  llvm::StringMap<SourceRange> seen;
  for (const Param *param : params) {
    bool outer = std::exchange(bindsSizes_, true);
    resolveType(param->type);
    bindsSizes_ = outer;
    resolve(param->defaultValue);
    auto [entry, isNew] = seen.try_emplace(param->name.text, param->name.range);
    if (!isNew && !param->name.isUnderscore())
      diagnostics_.report(diag::duplicate_parameter, param->name.range, param->name.text)
          .label(entry->second, "first here");
    declareName(param->name, LocalKind::Parameter, param);
  }
}

void Resolver::resolveFunction(const FunctionDecl *declaration) {
  FunctionScope function(*this, declaration);
  Context outer = context_;
  context_ = {};
  context_.effects = declaration->isExport;
  context_.emit = declaration->isExport && declaration->isStream;
  resolveParams(declaration->params);
  resolveType(declaration->result);
  if (declaration->body)
    resolveBlock(declaration->body);
  context_ = outer;
}

void Resolver::resolveOptimizer(const OptimizerDecl *optimizer) {
  FunctionScope function(*this, optimizer);
  llvm::SmallVector<const Param *, 8> params(optimizer->params);
  params.push_back(optimizer->weight);
  params.push_back(optimizer->gradient);
  if (optimizer->touched)
    params.push_back(optimizer->touched);
  resolveParams(params);
  resolveBlock(optimizer->body);
}

void Resolver::resolveModule(const ModuleDecl *module) {
  FunctionScope function(*this, module);
  function.scope.module = module;
  const ModuleDecl *outer = module_;
  module_ = module;
  resolveParams(module->params);
  std::map<llvm::StringRef, SourceRange> seen;
  resolveMembers(module->members, seen);
  module_ = outer;
}

/// `seen` are the members declared before on this path: the two sides of an `if` may declare the same.
void Resolver::resolveMembers(llvm::ArrayRef<const Stmt *> members, std::map<llvm::StringRef, SourceRange> &seen) {
  auto add = [&](const Identifier &name) {
    if (!name.isValid())
      return;
    auto [entry, isNew] = seen.try_emplace(name.text, name.range);
    if (!isNew)
      diagnostics_.report(diag::duplicate_declaration, name.range, name.text).label(entry->second, "first here");
  };
  for (const Stmt *member : members) {
    if (const auto *value = llvm::dyn_cast<ValueDecl>(member)) {
      add(value->name);
      resolveType(value->type);
      resolveDims(value->stored);
      resolve(value->init);
    } else if (const auto *plain = llvm::dyn_cast<MemberValue>(member)) {
      add(plain->name);
      resolve(plain->value);
    } else if (const auto *function = llvm::dyn_cast<FunctionDecl>(member)) {
      Identifier name = function->name.isValid() ? function->name : Identifier{"fn", function->nameRange};
      add(name);
      resolveFunction(function);
    } else if (const auto *require = llvm::dyn_cast<RequireStmt>(member)) {
      resolve(require->condition);
      resolve(require->message);
    } else if (const auto *conditional = llvm::dyn_cast<MemberIf>(member)) {
      resolve(conditional->condition);
      std::map<llvm::StringRef, SourceRange> other = seen;
      resolveMembers(conditional->thenMembers, seen);
      resolveMembers(conditional->elseMembers, other);
      seen.insert(other.begin(), other.end());
    }
  }
}

// ---------------------------------------------------------------------------------------------- blocks

void Resolver::resolveRun(const RunDecl *run) {
  bool isTrain = llvm::isa<TrainDecl>(run);
  FunctionScope function(*this, run);
  resolveArguments(run->arguments, isTrain ? "precision" : "");
  resolve(run->table);
  function.scope.hasImplicits = isTrain;
  context_.effects = context_.report = true;
  context_.stop = isTrain;
  if (run->pattern) {
    checkPatternNames(run->pattern);
    resolvePatternTypes(run->pattern);
    declarePattern(run->pattern, LocalKind::Row);
  }
  hookNames_.clear();
  if (isTrain) {
    for (const Stmt *statement : run->body->statements)
      if (const auto *state = llvm::dyn_cast<ValueDecl>(statement); state && state->name.isValid()) {
        Local *local = makeLocal(state->name, LocalKind::State, state, function_);
        file_.locals_[state->id()] = local;
        hookNames_[state->name.text] = local;
      }
    std::map<llvm::StringRef, Local *> reports;
    reportsRecord_ = false;
    collectReports(run->body, reports);
    for (auto &[name, local] : reports)
      hookNames_[name] = local;
  }
  resolveBlock(run->body, /*isLoopBody=*/false, /*isTrainBody=*/isTrain);
}

/// The names under which a step reports: those of `report` and of what is minimized.
void Resolver::collectReports(const Expr *expr, std::map<llvm::StringRef, Local *> &reports) {
  auto add = [&](llvm::StringRef name, SourceRange range, const Node *node) {
    Local *&local = reports[name];
    if (!local)
      local = makeLocal({name, range}, LocalKind::Report, node, function_);
  };
  if (const auto *paren = llvm::dyn_cast_or_null<ParenExpr>(expr))
    return collectReports(paren->inner, reports);
  if (const auto *conditional = llvm::dyn_cast_or_null<IfExpr>(expr)) {
    collectReports(conditional->thenBlock, reports);
    return collectReports(conditional->elseBranch, reports);
  }
  if (const auto *loop = llvm::dyn_cast_or_null<ForExpr>(expr))
    return collectReports(loop->body, reports);
  const auto *block = llvm::dyn_cast_or_null<BlockExpr>(expr);
  if (!block)
    return;
  for (const Stmt *statement : block->statements) {
    if (const auto *report = llvm::dyn_cast<ReportStmt>(statement)) {
      if (report->name.isValid())
        add(report->name.text, report->name.range, report);
      reportsRecord_ |= report->spread;
    } else if (const auto *minimize = llvm::dyn_cast<MinimizeStmt>(statement)) {
      const auto *name = llvm::dyn_cast<NameExpr>(minimize->loss);
      add(name ? name->name : llvm::StringRef("loss"), minimize->loss->range(), minimize);
    } else if (const auto *plain = llvm::dyn_cast<ExprStmt>(statement)) {
      collectReports(plain->expr, reports);
    } else if (const auto *let = llvm::dyn_cast<LetStmt>(statement)) {
      collectReports(let->init, reports);
    } else if (const auto *assign = llvm::dyn_cast<AssignStmt>(statement)) {
      collectReports(assign->value, reports);
    }
  }
}

/// `each epoch` and `at end` see the block's state and its reports, not the locals of a step.
void Resolver::resolveHook(const Stmt *hook, const BlockExpr *body) {
  Scope *step = scope_;
  Scope visible;
  visible.function = function_;
  visible.hasImplicits = true;
  visible.parent = nullptr;
  for (auto &[name, local] : hookNames_)
    visible.names[name] = local;
  scope_ = &visible;
  {
    FunctionScope function(*this, hook);
    function.scope.hook = hook->kind() == NodeKind::EachEpoch ? "each epoch" : "at end";
    function.scope.step = llvm::cast<TrainDecl>(item_);
    Context old = context_;
    context_.report = false;
    resolveBlock(body);
    context_ = old;
  }
  scope_ = step;
}

// ---------------------------------------------------------------------------------------------- types

void Resolver::bindSize(llvm::StringRef name, LocalKind kind, const Node *node) {
  SourceRange range = node->range();
  auto here = scope_->names.find(name);
  if (here != scope_->names.end()) {
    LocalKind known = here->second->kind;
    auto what = [](LocalKind k) {
      return k == LocalKind::ElementType ? "an element type" : k == LocalKind::Sizes ? "several sizes" : "a size";
    };
    bool isSize = known == LocalKind::Size || known == LocalKind::Sizes || known == LocalKind::ElementType;
    if (isSize && known != kind)
      diagnostics_.report(diag::size_and_element_type, range, name, what(kind), what(known))
          .label(here->second->range, fmt::format("{} here", what(known)));
    return;
  }
  Binding existing;
  if (lookup(name, existing, /*withLibrary=*/false))
    return;
  Local *local = makeLocal({name, range}, kind, node, function_);
  declare(local);
  Binding binding;
  binding.kind = Binding::Kind::Local;
  binding.isDefinition = true;
  binding.name = name;
  binding.local = local;
  file_.bindings_[node->id()] = binding;
}

void Resolver::bindSizesOf(const Type *type) {
  if (const auto *named = llvm::dyn_cast<NamedType>(type)) {
    if (named->path.size() == 1 && named->hasDims && isUpperCase(named->path[0].text))
      bindSize(named->path[0].text, LocalKind::ElementType, named);
    for (const Dim &dim : named->dims) {
      if (dim.name && isUpperCase(dim.name->name))
        bindSize(dim.name->name, LocalKind::Sizes, dim.name);
      else if (const auto *name = llvm::dyn_cast_or_null<NameExpr>(dim.expr); name && isUpperCase(name->name))
        bindSize(name->name, LocalKind::Size, name);
    }
  } else if (const auto *tuple = llvm::dyn_cast<TupleType>(type)) {
    for (const TypeField &field : tuple->fields)
      bindSizesOf(field.type);
  } else if (const auto *list = llvm::dyn_cast<ListType>(type)) {
    bindSizesOf(list->element);
  } else if (const auto *rows = llvm::dyn_cast<RowsType>(type)) {
    bindSizesOf(rows->row);
  } else if (const auto *function = llvm::dyn_cast<FnType>(type)) {
    for (const Type *param : function->params)
      bindSizesOf(param);
    if (function->result)
      bindSizesOf(function->result);
  }
}

void Resolver::bindSizes(llvm::ArrayRef<const Type *> types) {
  for (const Type *type : types)
    bindSizesOf(type);
}

void Resolver::resolveDims(llvm::ArrayRef<Dim> dims) {
  for (const Dim &dim : dims) {
    const Expr *expr = dim.name ? dim.name : dim.expr;
    const auto *name = llvm::dyn_cast_or_null<NameExpr>(expr);
    if (!name) {
      bool outer = std::exchange(inDims_, true);
      resolve(expr);
      inDims_ = outer;
      continue;
    }
    if (file_.binding(*name).isDefinition)
      continue;
    Binding binding;
    if (lookup(name->name, binding, /*withLibrary=*/!isUpperCase(name->name)))
      bind(*name, binding);
    else if (++unknown_ <= maxUnknown && !reportEarlyUse(*name))
      reportUnknown(name->name, name->range(), /*isSize=*/true, /*isType=*/false);
  }
}

void Resolver::resolveType(const Type *type) {
  if (!type)
    return;
  if (const auto *named = llvm::dyn_cast<NamedType>(type)) {
    resolveDims(named->dims);
    if (file_.binding(*named).isDefinition || named->path.empty() || !named->path[0].isValid())
      return;
    const Identifier &head = named->path[0];
    Binding binding;
    binding.name = head.text;
    if (isBuiltinTypeName(head.text)) {
      binding.kind = Binding::Kind::BuiltinType;
      return bind(*named, binding);
    }
    bool known = lookup(head.text, binding);
    bool isType = known && (binding.kind == Binding::Kind::ImportedFile || binding.kind == Binding::Kind::LibraryItem ||
                            binding.kind == Binding::Kind::Library || binding.kind == Binding::Kind::Error ||
                            (binding.kind == Binding::Kind::Item && llvm::isa<ModuleDecl>(binding.node)) ||
                            (binding.kind == Binding::Kind::Local && binding.local->kind == LocalKind::ElementType));
    if (isType)
      return bind(*named, binding);
    if (++unknown_ <= maxUnknown)
      reportUnknown(head.text, head.range, /*isSize=*/false, /*isType=*/true);
  } else if (const auto *tuple = llvm::dyn_cast<TupleType>(type)) {
    llvm::StringMap<SourceRange> labels;
    for (const TypeField &field : tuple->fields) {
      if (field.label.isValid()) {
        auto [entry, isNew] = labels.try_emplace(field.label.text, field.label.range);
        if (!isNew)
          diagnostics_.report(diag::duplicate_label, field.label.range, field.label.text)
              .label(entry->second, "first here");
      }
      resolveType(field.type);
    }
  } else if (const auto *list = llvm::dyn_cast<ListType>(type)) {
    resolveType(list->element);
  } else if (const auto *rows = llvm::dyn_cast<RowsType>(type)) {
    resolveType(rows->row);
  } else if (const auto *function = llvm::dyn_cast<FnType>(type)) {
    for (const Type *param : function->params)
      resolveType(param);
    resolveType(function->result);
  }
}

void Resolver::patternTypes(const Pattern *pattern, llvm::SmallVectorImpl<const Type *> &types) {
  if (const auto *name = llvm::dyn_cast<NamePattern>(pattern)) {
    if (name->type)
      types.push_back(name->type);
    return;
  }
  for (const Pattern *element : llvm::cast<TuplePattern>(pattern)->elements)
    patternTypes(element, types);
}

/// A `let` annotation may bind sizes that are known only at run time.
void Resolver::resolvePatternTypes(const Pattern *pattern) {
  llvm::SmallVector<const Type *, 4> types;
  patternTypes(pattern, types);
  bindSizes(types);
  bool outer = std::exchange(bindsSizes_, true);
  for (const Type *type : types)
    resolveType(type);
  bindsSizes_ = outer;
}

// ---------------------------------------------------------------------------------------------- warnings

void Resolver::warnUnused() {
  // A file with nothing that runs is there to be imported.
  bool runs = false;
  llvm::DenseSet<const Node *> reached;
  std::vector<const Stmt *> work;
  auto isTemplate = [](const Node *item) {
    const auto *function = llvm::dyn_cast<FunctionDecl>(item);
    return (function && !function->isExport) || llvm::isa<ModuleDecl>(item) || llvm::isa<OptimizerDecl>(item);
  };
  for (const Stmt *item : file_.tree().items()) {
    const auto *function = llvm::dyn_cast<FunctionDecl>(item);
    runs |= llvm::isa<RunDecl>(item) || (function && function->isExport);
    if (!isTemplate(item))
      work.push_back(item);
  }
  while (!work.empty()) {
    const Stmt *item = work.back();
    work.pop_back();
    for (const Node *used : uses_[item])
      if (const auto *stmt = llvm::dyn_cast<Stmt>(used); stmt && isTemplate(used) && reached.insert(used).second)
        work.push_back(stmt);
  }
  for (const Stmt *item : file_.tree().items()) {
    if (!runs || !isTemplate(item) || reached.count(item))
      continue;
    Identifier name;
    if (const auto *function = llvm::dyn_cast<FunctionDecl>(item))
      name = function->name;
    else if (const auto *module = llvm::dyn_cast<ModuleDecl>(item))
      name = module->name;
    else
      name = llvm::cast<OptimizerDecl>(item)->name;
    if (name.isValid())
      diagnostics_.report(diag::never_called, name.range, name.text);
  }
  for (const Import &import : file_.imports()) {
    if (!import.file)
      continue;
    if (import.node->names.empty()) {
      const Identifier &name = import.node->path.back();
      if (!usedImports_.count(name.text))
        diagnostics_.report(diag::unused_import, name.range, name.text);
    }
    for (const Identifier &name : import.node->names)
      if (!usedImports_.count(name.text) && importRanges_.count(name.text))
        diagnostics_.report(diag::unused_import, name.range, name.text);
  }
}

} // namespace dlc::frontend
