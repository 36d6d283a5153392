// The resolver's class, shared by the files that implement it (Resolve, ResolveExpr, ResolveItem, Suggest).
#pragma once

#include "frontend/Resolve.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

#include <map>

namespace dlc::frontend {

bool isBuiltinTypeName(llvm::StringRef name);
/// A name that a parameter's type may bind.
inline bool isUpperCase(llvm::StringRef name) { return !name.empty() && name[0] >= 'A' && name[0] <= 'Z'; }

class Resolver {
public:
  Resolver(Program &program, ResolvedFile &file)
      : program_(program), file_(file), diagnostics_(program.diagnostics()), library_(program.library()) {}

  void run(bool isMain);

private:
  /// A level of lookup. Locals are entered as they are declared, so what is found is what was declared before.
  struct Scope {
    Scope *parent = nullptr;
    FunctionInfo *function = nullptr;
    llvm::SmallDenseMap<llvm::StringRef, Local *, 4> names;
    /// Of a module: names are its constructor's parameters, and its members come after them.
    const ast::ModuleDecl *module = nullptr;
    /// `step epoch steps epochs batch` are known here.
    bool hasImplicits = false;
    bool isLoopBody = false;
    /// For "use before declaration".
    llvm::ArrayRef<const ast::Stmt *> statements;
    /// In a hook's outermost scope: the block whose step's locals it does not see.
    const ast::TrainDecl *step = nullptr;
    llvm::StringRef hook;
  };
  /// What may stand where the walk is.
  struct Context {
    bool effects = false;
    bool report = false;
    bool stop = false;
    bool emit = false;
  };
  /// A `for` or `if` being walked, to record what it assigns.
  struct Active {
    const ast::Expr *node;
    unsigned slots;
  };
  struct FunctionScope;
  struct BlockScope;

  // ---- Resolve.cpp: scopes and lookup
  FunctionInfo *enterFunction(const ast::Node *node);
  Local *makeLocal(const ast::Identifier &name, LocalKind kind, const ast::Node *node, FunctionInfo *owner);
  void declare(Local *local);
  Local *declareName(const ast::Identifier &name, LocalKind kind, const ast::Node *node);
  void declarePattern(const ast::Pattern *pattern, LocalKind kind);
  void checkPatternNames(llvm::ArrayRef<const ast::Pattern *> patterns);
  void warnShadowedVar(const ast::Identifier &name);
  void markCaptured(Local *local);
  /// Locals, parameters, members, the file, imports; without the library if asked.
  bool lookup(llvm::StringRef name, Binding &binding, bool withLibrary = true);
  bool lookupScopes(llvm::StringRef name, Binding &binding);
  bool hasMember(const ast::ModuleDecl *module, llvm::StringRef name);
  const std::map<llvm::StringRef, llvm::SmallVector<const ast::Stmt *, 1>> &
  membersOf(const ast::ModuleDecl *module);
  void bind(const ast::Node &use, const Binding &binding);
  void resolveName(const ast::NameExpr &name);
  void noteUse(const Binding &binding);
  bool reportEarlyUse(const ast::NameExpr &name);
  bool reportStepLocal(const ast::NameExpr &name);
  bool bindLateReport(const ast::NameExpr &name);

  // ---- Suggest.cpp
  void reportUnknown(llvm::StringRef name, SourceRange range, bool isSize, bool isType);
  std::string suggestion(llvm::StringRef name, bool typesOnly);
  void visibleNames(std::vector<llvm::StringRef> &names);
  std::string nearest(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates);
  void reportMissingMember(const ast::Identifier &name, llvm::StringRef of,
                           llvm::ArrayRef<llvm::StringRef> candidates);

  // ---- ResolveExpr.cpp
  void resolve(const ast::Expr *expr);
  void resolveMember(const ast::MemberExpr *member);
  void resolveCall(const ast::CallExpr *call, bool isPiped);
  /// A name as the value of the argument `word` is a word of the language and is not looked up.
  void resolveArguments(llvm::ArrayRef<ast::Argument> arguments, llvm::StringRef word = "");
  void resolveList(const ast::ListExpr *list);
  void resolveLambda(const ast::LambdaExpr *lambda);
  void resolveFor(const ast::ForExpr *loop);
  void resolveIf(const ast::IfExpr *conditional);
  void resolveBlock(const ast::BlockExpr *block, bool isLoopBody = false, bool isTrainBody = false);
  void resolveStatement(const ast::Stmt *statement, bool inLoopBody, bool inTrainBody);
  void resolveAssign(const ast::AssignStmt *assign);
  void assignPlace(const ast::Expr *place);
  void assignName(const ast::Node &use, SourceRange range);
  void recordAssigned(Local *local);
  void markVariables(const ast::Expr *expr, bool assigned);
  const Binding *libraryCallee(const ast::Expr *callee) const;
  llvm::StringRef immutableKind(const Binding &binding);

  // ---- ResolveItem.cpp
  void collectItems();
  void addItem(const ast::Identifier &name, const ast::Node *node);
  void resolveImports(bool isMain);
  void resolveItem(const ast::Stmt *item);
  void resolveModule(const ast::ModuleDecl *module);
  void resolveMembers(llvm::ArrayRef<const ast::Stmt *> members, std::map<llvm::StringRef, SourceRange> &seen);
  void resolveFunction(const ast::FunctionDecl *function);
  void resolveOptimizer(const ast::OptimizerDecl *optimizer);
  void resolveRun(const ast::RunDecl *run);
  void resolveHook(const ast::Stmt *hook, const ast::BlockExpr *body);
  void collectReports(const ast::Expr *expr, std::map<llvm::StringRef, Local *> &reports);
  void resolveParams(llvm::ArrayRef<const ast::Param *> params);
  void resolveAlias(const ast::TestAlias *alias);
  void warnUnused();

  /// Upper-case names of types that are not in scope become locals of the present scope.
  void bindSizes(llvm::ArrayRef<const ast::Type *> types);
  void bindSizesOf(const ast::Type *type);
  void bindSize(llvm::StringRef name, LocalKind kind, const ast::Node *node);
  void resolveType(const ast::Type *type);
  void resolveDims(llvm::ArrayRef<ast::Dim> dims);
  void resolvePatternTypes(const ast::Pattern *pattern);
  void patternTypes(const ast::Pattern *pattern, llvm::SmallVectorImpl<const ast::Type *> &types);

  Program &program_;
  ResolvedFile &file_;
  DiagnosticEngine &diagnostics_;
  const StdLibrary &library_;

  Scope *scope_ = nullptr;
  FunctionInfo *function_ = nullptr;
  Context context_;
  const ast::ModuleDecl *module_ = nullptr;
  const ast::Stmt *item_ = nullptr;
  std::vector<Active> active_;
  /// Of the `train` being walked: what its hooks see.
  std::map<llvm::StringRef, Local *> hookNames_;
  /// It has a `report ...record`, whose names only elaboration knows.
  bool reportsRecord_ = false;
  /// Inside an expression of a shape; in a type that may bind sizes.
  bool inDims_ = false;
  bool bindsSizes_ = false;
  llvm::DenseSet<std::pair<FunctionInfo *, Local *>> captured_;
  llvm::DenseSet<std::pair<const ast::Expr *, Local *>> assigned_;
  llvm::DenseMap<const ast::ModuleDecl *, std::map<llvm::StringRef, llvm::SmallVector<const ast::Stmt *, 1>>>
      members_;
  /// Which items of this file an item names, for the warning about functions that nothing reaches.
  llvm::DenseMap<const ast::Stmt *, std::vector<const ast::Node *>> uses_;
  llvm::StringMap<SourceRange> importRanges_;
  llvm::StringMap<bool> usedImports_;
  /// Unknown names so far; after `maxUnknown` no more is said, after `maxSuggested` nothing is suggested.
  unsigned unknown_ = 0;
  static constexpr unsigned maxUnknown = 200;
  static constexpr unsigned maxSuggested = 40;
};

/// A function's own scope and slots, for as long as it lives.
struct Resolver::FunctionScope {
  FunctionScope(Resolver &resolver, const ast::Node *node)
      : resolver(resolver), oldScope(resolver.scope_), oldFunction(resolver.function_),
        oldActive(std::move(resolver.active_)) {
    resolver.active_.clear();
    resolver.function_ = resolver.enterFunction(node);
    scope.parent = oldScope;
    scope.function = resolver.function_;
    resolver.scope_ = &scope;
  }
  ~FunctionScope() {
    resolver.scope_ = oldScope;
    resolver.function_ = oldFunction;
    resolver.active_ = std::move(oldActive);
  }
  FunctionScope(const FunctionScope &) = delete;

  Resolver &resolver;
  Scope scope;
  Scope *oldScope;
  FunctionInfo *oldFunction;
  std::vector<Active> oldActive;
};

/// A level of names within a function.
struct Resolver::BlockScope {
  explicit BlockScope(Resolver &resolver) : resolver(resolver) {
    scope.parent = resolver.scope_;
    scope.function = resolver.function_;
    resolver.scope_ = &scope;
  }
  ~BlockScope() { resolver.scope_ = scope.parent; }
  BlockScope(const BlockScope &) = delete;

  Resolver &resolver;
  Scope scope;
};

} // namespace dlc::frontend
