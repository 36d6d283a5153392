// Nodes of the tree: statements and declarations.
#pragma once

#include "frontend/AstExpr.h"

namespace dlc::frontend::ast {

// ---------------------------------------------------------------------------------------------- statements

/// `let` or `var`.
class LetStmt : public Stmt {
public:
  DLC_AST_NODE(LetStmt, Stmt, Let)
  bool isVar = false;
  const Pattern *pattern = nullptr;
  const Expr *init = nullptr;
};
class MinimizeStmt : public Stmt {
public:
  DLC_AST_NODE(MinimizeStmt, Stmt, Minimize)
  const Expr *loss = nullptr;
  const Expr *over = nullptr;
  const Expr *with = nullptr;
};
class UpdateStmt : public Stmt {
public:
  DLC_AST_NODE(UpdateStmt, Stmt, Update)
  const Expr *place = nullptr;
  const Expr *by = nullptr;
  const Expr *with = nullptr;
};
/// `report name`, `report name = value` or `report ...record`.
class ReportStmt : public Stmt {
public:
  DLC_AST_NODE(ReportStmt, Stmt, Report)
  Identifier name;
  /// Never null: for `report name` the NameExpr of the same range, for `report ...record` the record.
  const Expr *value = nullptr;
  bool spread = false;
};
class EachEpochStmt : public Stmt {
public:
  DLC_AST_NODE(EachEpochStmt, Stmt, EachEpoch)
  const BlockExpr *body = nullptr;
};
class AtEndStmt : public Stmt {
public:
  DLC_AST_NODE(AtEndStmt, Stmt, AtEnd)
  const BlockExpr *body = nullptr;
};
class StopStmt : public Stmt {
public:
  DLC_AST_NODE(StopStmt, Stmt, Stop)
};
class BreakIfStmt : public Stmt {
public:
  DLC_AST_NODE(BreakIfStmt, Stmt, BreakIf)
  const Expr *condition = nullptr;
};
class RequireStmt : public Stmt {
public:
  DLC_AST_NODE(RequireStmt, Stmt, Require)
  const Expr *condition = nullptr;
  const Expr *message = nullptr;
};
class EmitStmt : public Stmt {
public:
  DLC_AST_NODE(EmitStmt, Stmt, Emit)
  const Expr *value = nullptr;
};
class ExprStmt : public Stmt {
public:
  DLC_AST_NODE(ExprStmt, Stmt, ExprStatement)
  const Expr *expr = nullptr;
};
enum class AssignOp : uint8_t { Set, Add, Sub, Mul, Div };
/// As written: `=`, `+=` …
llvm::StringRef spelling(AssignOp op);
class AssignStmt : public Stmt {
public:
  DLC_AST_NODE(AssignStmt, Stmt, Assign)
  AssignOp op = AssignOp::Set;
  SourceRange opRange;
  const Expr *place = nullptr;
  const Expr *value = nullptr;
};
class ErrorStmt : public Stmt {
public:
  DLC_AST_NODE(ErrorStmt, Stmt, ErrorStatement)
};

// ---------------------------------------------------------------------------------------------- declarations

enum class ValueKeyword : uint8_t { Const, Param, State };
llvm::StringRef spelling(ValueKeyword keyword);
/// `const`, `param`, `state`; in a block only `state`.
class ValueDecl : public Decl {
public:
  DLC_AST_NODE(ValueDecl, Decl, Value)
  ValueKeyword keyword = ValueKeyword::Const;
  Identifier name;
  const Type *type = nullptr;
  bool hasStored = false;
  llvm::ArrayRef<Dim> stored;
  const Expr *init = nullptr;
};
/// `name = expr` in a module.
class MemberValue : public Decl {
public:
  DLC_AST_NODE(MemberValue, Decl, MemberValue)
  Identifier name;
  const Expr *value = nullptr;
};
/// `if` around members of a module.
class MemberIf : public Decl {
public:
  DLC_AST_NODE(MemberIf, Decl, MemberIf)
  const Expr *condition = nullptr;
  llvm::ArrayRef<const Stmt *> thenMembers;
  llvm::ArrayRef<const Stmt *> elseMembers;
};
/// `import a.b: x, y`.
class ImportDecl : public Decl {
public:
  DLC_AST_NODE(ImportDecl, Decl, Import)
  llvm::ArrayRef<Identifier> path;
  /// Empty: the file under the last name of its path.
  llvm::ArrayRef<Identifier> names;
};
class ModelDecl : public Decl {
public:
  DLC_AST_NODE(ModelDecl, Decl, Model)
  Identifier name;
  const Expr *init = nullptr;
};
class ModuleDecl : public Decl {
public:
  DLC_AST_NODE(ModuleDecl, Decl, Module)
  Identifier name;
  llvm::ArrayRef<const Param *> params;
  /// ValueDecl, MemberValue, MemberIf, FunctionDecl, RequireStmt, ErrorStmt.
  llvm::ArrayRef<const Stmt *> members;
};
class OptimizerDecl : public Decl {
public:
  DLC_AST_NODE(OptimizerDecl, Decl, Optimizer)
  Identifier name;
  llvm::ArrayRef<const Param *> params;
  /// `(w, g)` or `(w, g, touched: bool[N])`.
  const Param *weight = nullptr;
  const Param *gradient = nullptr;
  const Param *touched = nullptr;
  const BlockExpr *body = nullptr;
};
class FunctionDecl : public Decl {
public:
  DLC_AST_NODE(FunctionDecl, Decl, Function)
  bool isExport = false;
  /// Empty for the call of a module.
  Identifier name;
  /// The name, or the word `fn`.
  SourceRange nameRange;
  llvm::ArrayRef<const Param *> params;
  bool isStream = false;
  const Type *result = nullptr;
  const BlockExpr *body = nullptr;
  /// In the embedded library: `= op "unary relu"` instead of a body.
  llvm::StringRef operation;
};
class DataDecl : public Decl {
public:
  DLC_AST_NODE(DataDecl, Decl, Data)
  const Pattern *pattern = nullptr;
  const Expr *init = nullptr;
};
struct LoadOption {
  Identifier label;
  const Expr *value = nullptr;
};
class LoadDecl : public Decl {
public:
  DLC_AST_NODE(LoadDecl, Decl, Load)
  const Expr *target = nullptr;
  const Expr *from = nullptr;
  llvm::ArrayRef<LoadOption> options;
};
/// `train` and `test` with a body.
class RunDecl : public Decl {
public:
  /// Empty if the block has none.
  Identifier name;
  /// The word `train` or `test`.
  SourceRange keyword;
  llvm::ArrayRef<Argument> arguments;
  /// Null without `on`.
  const Expr *table = nullptr;
  const Pattern *pattern = nullptr;
  const BlockExpr *body = nullptr;
  static bool classof(const Node *node) {
    return node->kind() == NodeKind::Train || node->kind() == NodeKind::Test;
  }

protected:
  using Decl::Decl;
};
class TrainDecl : public RunDecl {
public:
  DLC_AST_NODE(TrainDecl, RunDecl, Train)
};
class TestDecl : public RunDecl {
public:
  DLC_AST_NODE(TestDecl, RunDecl, Test)
};
/// `test final = validation on table`.
class TestAlias : public Decl {
public:
  DLC_AST_NODE(TestAlias, Decl, TestAlias)
  Identifier name;
  /// The named test.
  const NameExpr *test = nullptr;
  const Expr *table = nullptr;
};

} // namespace dlc::frontend::ast
