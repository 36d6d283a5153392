// Names: every use of a name is bound to what it means, without types (FRONTEND.md's phase 2). The tree stays as it is;
// the results lie in tables beside it, by node.
//
// Reported here, so that what comes after need not: unknown names and members of imported files; a use before its
// declaration; double declarations, parameters, members and labels; an assignment to a `let`, a `const`, `data`, a
// function or a captured `var`; `break if`, `report`, `each epoch`, `at end`, `stop`, `emit` and effects where they may
// not stand; import cycles and missing files. A use with Binding::Kind::Error was reported.
#pragma once

#include "frontend/Ast.h"
#include "frontend/Diagnostics.h"
#include "frontend/StdLibrary.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <deque>

namespace dlc::frontend {

/// The candidate most like `name` if it is like it at all, else nothing.
std::string nearestName(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates);

class ResolvedFile;
struct FunctionInfo;

enum class LocalKind : uint8_t {
  Let,
  Var,
  State,       ///< of a block or a function
  Parameter,   ///< of a function, lambda, module or optimizer
  Loop,        ///< walked by a `for` or a comprehension
  Row,         ///< from `on table as pattern`
  Size,        ///< an upper-case name in a parameter's type or a `let` annotation
  Sizes,       ///< `S` of `...S`
  ElementType, ///< `T` of `T[B, n]`
  Report,      ///< in a hook: the mean of an epoch under its reported name
};

/// A name that lives in a function or a block.
struct Local {
  llvm::StringRef name;
  LocalKind kind = LocalKind::Let;
  /// Where it is declared (the first place that binds it, for a size).
  SourceRange range;
  /// The NamePattern, Param, ValueDecl, ReportStmt or MinimizeStmt; for sizes the NameExpr or NamedType.
  const ast::Node *node = nullptr;
  FunctionInfo *owner = nullptr;
  /// Dense within the owner.
  unsigned slot = 0;
  /// Something is differentiated by this name, or it stands in an `over`: it gets a `dl.variable`.
  bool isVariable = false;
  bool isAssigned = false;
  /// A function within its owner uses it.
  bool isCaptured = false;
};

/// What owns slots: a function, lambda, optimizer, module (its constructor), block, hook, or the expressions of another
/// item at file level.
struct FunctionInfo {
  const ast::Node *node = nullptr;
  FunctionInfo *parent = nullptr;
  std::vector<Local *> locals;
  /// Locals of enclosing functions used in here or in functions within, in the order of their first use.
  std::vector<Local *> captures;
};

/// What a use of a name means.
struct Binding {
  enum class Kind : uint8_t {
    Error,       ///< reported already, or a node that is no use of a name
    Local,       ///< `local`
    ConstructorParameter, ///< `local`, of the module `node`
    Member,      ///< `name` of the instance: `node` is its module; which declaration counts is known only then
    Item,        ///< `node` is a declaration at file level of `file` (the NamePattern for `data`)
    ImportedFile, ///< `file`
    Library,     ///< the name `std` itself
    LibraryItem, ///< `name` of the library: see Program::libraryItem
    BuiltinType, ///< `f32` … `bool`, `int`, `float`, `str`
    Implicit,    ///< `step epoch steps epochs batch training`: `name`
  };
  Kind kind = Kind::Error;
  /// For a size, sizes or element type: this use is the one that binds it.
  bool isDefinition = false;
  llvm::StringRef name;
  Local *local = nullptr;
  const ast::Node *node = nullptr;
  const ResolvedFile *file = nullptr;
};

struct Import {
  const ast::ImportDecl *node = nullptr;
  /// Null if it could not be read.
  const ResolvedFile *file = nullptr;
};

class ResolvedFile {
public:
  explicit ResolvedFile(std::unique_ptr<ast::File> tree) : tree_(std::move(tree)) {}

  const ast::File &tree() const { return *tree_; }
  bool isLibrary() const { return tree_->source().isLibrary(); }
  /// What its places are called in a checkpoint (`mnist_cnn`); empty for the program itself and the library.
  llvm::StringRef prefix() const { return prefix_; }
  llvm::ArrayRef<Import> imports() const { return imports_; }

  /// Of a NameExpr, of a MemberExpr on an imported file or `std` (Error: an ordinary member), of a NamedType (the first
  /// name of its path), of the NameExpr of a TestAlias.
  const Binding &binding(const ast::Node &use) const;
  /// Of a NamePattern, Param or block-level ValueDecl; null for `_` and at file level.
  Local *local(const ast::Node &declaration) const;
  /// Of a FunctionDecl, LambdaExpr, OptimizerDecl, ModuleDecl, TrainDecl, TestDecl, EachEpochStmt, AtEndStmt, or any
  /// other item at file level that has expressions. Null for other nodes.
  const FunctionInfo *function(const ast::Node &node) const;
  /// Of a ForExpr or IfExpr: the `var`s and `state`s declared outside and assigned inside it.
  llvm::ArrayRef<Local *> assigned(const ast::Expr &node) const;
  /// The declaration of a name at file level (a NamePattern for `data`), or null. Imported names are not among them.
  const ast::Node *item(llvm::StringRef name) const;

private:
  friend class Resolver;
  friend class Program;

  std::unique_ptr<ast::File> tree_;
  std::string prefix_;
  std::vector<Import> imports_;
  std::vector<Binding> bindings_; // by node id
  llvm::DenseMap<uint32_t, Local *> locals_;
  llvm::DenseMap<uint32_t, FunctionInfo *> functions_;
  llvm::DenseMap<uint32_t, std::vector<Local *>> assigned_;
  llvm::StringMap<const ast::Node *> items_;
  llvm::StringMap<Binding> imported_;
  std::deque<Local> localStorage_;
  std::deque<FunctionInfo> functionStorage_;
};

/// What a name of the library is.
struct LibraryItem {
  /// Null for a builtin of the compiler.
  const ResolvedFile *file = nullptr;
  const ast::Node *node = nullptr;
  bool isBuiltin = false;
};

/// A program and everything that it imports, resolved. Library files are parsed and resolved on first use.
class Program {
public:
  Program(SourceManager &sources, const StdLibrary &library, DiagnosticEngine &diagnostics)
      : sources_(sources), library_(library), diagnostics_(diagnostics) {}

  /// Reads, parses and resolves the file and its imports. False if the file itself cannot be read.
  bool load(llvm::StringRef path);
  /// The same for a text in memory; its imports are looked for beside `path`.
  bool loadText(llvm::StringRef path, llvm::StringRef text);

  /// The program's own file; after load().
  const ResolvedFile &main() const { return *main_; }
  /// Imported files before those that import them, the program's own last.
  llvm::ArrayRef<const ResolvedFile *> files() const { return order_; }

  const StdLibrary &library() const { return library_; }
  /// What a library name is; nothing in it if there is no such name.
  LibraryItem libraryItem(llvm::StringRef name);

  SourceManager &sources() { return sources_; }
  DiagnosticEngine &diagnostics() { return diagnostics_; }

private:
  friend class Resolver;
  bool loadMain(const SourceFile &source);
  /// Null (and reported at `from`) if it cannot be read or is being loaded already.
  const ResolvedFile *import(const ast::ImportDecl &from, const SourceFile &importer);
  ResolvedFile *resolveSource(const SourceFile &source, llvm::StringRef prefix);

  SourceManager &sources_;
  const StdLibrary &library_;
  DiagnosticEngine &diagnostics_;
  std::vector<std::unique_ptr<ResolvedFile>> storage_;
  llvm::DenseMap<FileId, ResolvedFile *> byFile_;
  /// The imports being resolved right now, outermost first: a file that is met again closes a cycle.
  std::vector<std::pair<FileId, SourceRange>> loading_;
  llvm::DenseMap<unsigned, ResolvedFile *> libraryFiles_;
  std::vector<const ResolvedFile *> order_;
  ResolvedFile *main_ = nullptr;
};

} // namespace dlc::frontend
