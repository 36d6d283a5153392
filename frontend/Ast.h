// The tree of a file: immutable nodes in an arena, each with the range of its text, cast with llvm::isa / dyn_cast.
// A node keeps what was written: brackets, pipes and the order of labels are not simplified away.
#pragma once

#include "frontend/Source.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Casting.h"

namespace dlc::frontend::ast {

enum class NodeKind : uint8_t {
  // Expressions
  Number,
  String,
  Name,
  Self,
  Bool,
  None,
  Paren,
  Tuple,
  List,
  Block,
  If,
  For,
  Lambda,
  Unary,
  Binary,
  Range,
  Pipe,
  Member,
  Call,
  Index,
  Error,
  // Types
  NamedType,
  TupleType,
  ListType,
  RowsType,
  FnType,
  ErrorType,
  // Patterns
  NamePattern,
  TuplePattern,
  // Parameters
  Param,
  // Statements
  Let,
  Minimize,
  Update,
  Report,
  EachEpoch,
  AtEnd,
  Stop,
  BreakIf,
  Require,
  Emit,
  ExprStatement,
  Assign,
  ErrorStatement,
  // Declarations: what may stand at file level, in a module, or (`state`) in a block
  Value,
  MemberValue,
  MemberIf,
  Import,
  Model,
  Module,
  Optimizer,
  Function,
  Data,
  Load,
  Train,
  Test,
  TestAlias,
};

/// The kind's name as the `ast` stage prints it.
llvm::StringRef kindName(NodeKind kind);

/// A name and where it stands.
struct Identifier {
  llvm::StringRef text;
  SourceRange range;
  bool isValid() const { return !text.empty(); }
  bool isUnderscore() const { return text == "_"; }
};

class Node {
public:
  NodeKind kind() const { return kind_; }
  SourceRange range() const { return range_; }
  /// Dense number within the file, from 0: an index for tables beside the tree.
  uint32_t id() const { return id_; }

protected:
  Node(NodeKind kind, SourceRange range, uint32_t id) : range_(range), id_(id), kind_(kind) {}

private:
  SourceRange range_;
  uint32_t id_;
  NodeKind kind_;
};

#define DLC_AST_BASE(CLASS, FIRST, LAST)                                                           \
  static bool classof(const Node *node) {                                                          \
    return node->kind() >= NodeKind::FIRST && node->kind() <= NodeKind::LAST;                      \
  }                                                                                                \
                                                                                                   \
protected:                                                                                         \
  using Node::Node;

class Expr : public Node {
public:
  DLC_AST_BASE(Expr, Number, Error)
};
class Type : public Node {
public:
  DLC_AST_BASE(Type, NamedType, ErrorType)
};
class Pattern : public Node {
public:
  DLC_AST_BASE(Pattern, NamePattern, TuplePattern)
};
/// What stands in a file, a module or a block.
class Stmt : public Node {
public:
  DLC_AST_BASE(Stmt, Let, TestAlias)
};
/// What may carry a `///` comment.
class Decl : public Stmt {
public:
  /// The `///` lines above, each as written after the slashes.
  llvm::ArrayRef<llvm::StringRef> doc;
  static bool classof(const Node *node) {
    return node->kind() >= NodeKind::Value && node->kind() <= NodeKind::TestAlias;
  }

protected:
  using Stmt::Stmt;
};

#define DLC_AST_NODE(CLASS, BASE, KIND)                                                            \
  CLASS(SourceRange range, uint32_t id) : BASE(NodeKind::KIND, range, id) {}                       \
  static bool classof(const Node *node) { return node->kind() == NodeKind::KIND; }

class Block;
class NamePattern;

// ---------------------------------------------------------------------------------------------- expressions

class NumberExpr : public Expr {
public:
  DLC_AST_NODE(NumberExpr, Expr, Number)
  bool isFloat = false;
  int64_t integer = 0;
  /// Of an integer too.
  double floating = 0;
};

/// `{expr:08.3f}`: [0][width][.digits][f|e|g|%].
struct FormatSpec {
  bool zero = false;
  unsigned width = 0;
  /// -1: as many as the value needs.
  int digits = -1;
  /// 'f', 'e', 'g', '%' or 0.
  char form = 0;
};

struct StringPiece {
  /// Text before the expression, escapes replaced.
  llvm::StringRef text;
  /// Null in the last piece, which is text only.
  const Expr *expr = nullptr;
  FormatSpec spec;
  SourceRange specRange;
};

/// A string. In the arguments of `print`, `debug` and `write_*`, in `emit` and in `require` it is interpolated: `pieces`
/// is not empty and `value` is. Elsewhere braces are plain text.
class StringExpr : public Expr {
public:
  DLC_AST_NODE(StringExpr, Expr, String)
  llvm::StringRef value;
  llvm::ArrayRef<StringPiece> pieces;
  bool isInterpolated() const { return !pieces.empty(); }
};

class NameExpr : public Expr {
public:
  DLC_AST_NODE(NameExpr, Expr, Name)
  llvm::StringRef name;
};
class SelfExpr : public Expr {
public:
  DLC_AST_NODE(SelfExpr, Expr, Self)
};
class BoolExpr : public Expr {
public:
  DLC_AST_NODE(BoolExpr, Expr, Bool)
  bool value = false;
};
class NoneExpr : public Expr {
public:
  DLC_AST_NODE(NoneExpr, Expr, None)
};
/// `(e)`.
class ParenExpr : public Expr {
public:
  DLC_AST_NODE(ParenExpr, Expr, Paren)
  const Expr *inner = nullptr;
};

/// `value`, `label: value` or `...value` (spread) of a call, tuple or record.
struct Argument {
  Identifier label;
  const Expr *value = nullptr;
  bool spread = false;
  SourceRange range;
};

/// `(a, b)`, `(a,)`, `()` or the record `(x: a, y: b)`.
class TupleExpr : public Expr {
public:
  DLC_AST_NODE(TupleExpr, Expr, Tuple)
  llvm::ArrayRef<Argument> fields;
};

/// `for pattern in iterable [if condition]` of a list.
struct ListClause {
  const Pattern *pattern = nullptr;
  const Expr *iterable = nullptr;
  const Expr *condition = nullptr;
  SourceRange range;
};
struct ListElement {
  const Expr *value = nullptr;
  bool spread = false;
  /// A comprehension if not empty, the outermost loop first.
  llvm::ArrayRef<ListClause> clauses;
  SourceRange range;
};
class ListExpr : public Expr {
public:
  DLC_AST_NODE(ListExpr, Expr, List)
  llvm::ArrayRef<ListElement> elements;
};

class BlockExpr : public Expr {
public:
  DLC_AST_NODE(BlockExpr, Expr, Block)
  llvm::ArrayRef<const Stmt *> statements;
  /// The last statement's expression, the block's value; null if it ends in something else.
  const Expr *value() const;
};

class IfExpr : public Expr {
public:
  DLC_AST_NODE(IfExpr, Expr, If)
  const Expr *condition = nullptr;
  const BlockExpr *thenBlock = nullptr;
  /// A BlockExpr, an IfExpr or null.
  const Expr *elseBranch = nullptr;
};

class ForExpr : public Expr {
public:
  DLC_AST_NODE(ForExpr, Expr, For)
  const Pattern *pattern = nullptr;
  const Expr *iterable = nullptr;
  const BlockExpr *body = nullptr;
};

/// `|x, (a, b)| body`.
class LambdaExpr : public Expr {
public:
  DLC_AST_NODE(LambdaExpr, Expr, Lambda)
  llvm::ArrayRef<const Pattern *> params;
  const Expr *body = nullptr;
};

enum class UnaryOp : uint8_t { Neg, Not };
class UnaryExpr : public Expr {
public:
  DLC_AST_NODE(UnaryExpr, Expr, Unary)
  UnaryOp op = UnaryOp::Neg;
  const Expr *operand = nullptr;
};

enum class BinaryOp : uint8_t { Or, And, Eq, Ne, Lt, Le, Gt, Ge, Add, Sub, Mul, Div, Mod, MatMul };
/// As written: `or`, `==`, `@` …
llvm::StringRef spelling(BinaryOp op);
class BinaryExpr : public Expr {
public:
  DLC_AST_NODE(BinaryExpr, Expr, Binary)
  BinaryOp op = BinaryOp::Add;
  SourceRange opRange;
  const Expr *lhs = nullptr;
  const Expr *rhs = nullptr;
};

/// `low .. high`.
class RangeExpr : public Expr {
public:
  DLC_AST_NODE(RangeExpr, Expr, Range)
  const Expr *low = nullptr;
  const Expr *high = nullptr;
};

/// `value |> target`: `target(value)`, or with the value as the first argument if the target is a CallExpr.
class PipeExpr : public Expr {
public:
  DLC_AST_NODE(PipeExpr, Expr, Pipe)
  const Expr *value = nullptr;
  const Expr *target = nullptr;
};

/// `base.name` or `base.0`.
class MemberExpr : public Expr {
public:
  DLC_AST_NODE(MemberExpr, Expr, Member)
  const Expr *base = nullptr;
  Identifier name;
  /// The number of `base.0`, else -1.
  int64_t position = -1;
  bool isPosition() const { return position >= 0; }
};

class CallExpr : public Expr {
public:
  DLC_AST_NODE(CallExpr, Expr, Call)
  const Expr *callee = nullptr;
  llvm::ArrayRef<Argument> arguments;
  /// From `(` to `)`.
  SourceRange argumentsRange;
};

struct IndexItem {
  enum class Kind : uint8_t { Ellipsis, Expr, Slice };
  Kind kind = Kind::Expr;
  SourceRange range;
  /// The index; `none` is a NoneExpr.
  const Expr *expr = nullptr;
  // Of a slice; each may be null.
  const Expr *low = nullptr;
  const Expr *high = nullptr;
  const Expr *step = nullptr;
};
class IndexExpr : public Expr {
public:
  DLC_AST_NODE(IndexExpr, Expr, Index)
  const Expr *base = nullptr;
  llvm::ArrayRef<IndexItem> items;
};

/// Where a syntax error stands; whatever meets it is silently wrong.
class ErrorExpr : public Expr {
public:
  DLC_AST_NODE(ErrorExpr, Expr, Error)
};

// ---------------------------------------------------------------------------------------------- types

struct Dim {
  enum class Kind : uint8_t {
    Expr,
    Ellipsis, ///< `...` or `...S`
    Open,     ///< `?`
    Inferred, ///< `_`
  };
  Kind kind = Kind::Expr;
  SourceRange range;
  const Expr *expr = nullptr;
  /// `S` of `...S`; as a NameExpr so that it has a binding, null for a bare `...`.
  const NameExpr *name = nullptr;
};

/// `f32`, `f32[B, 10]`, `T[...]`, `int`, `shapes.Point`.
class NamedType : public Type {
public:
  DLC_AST_NODE(NamedType, Type, NamedType)
  llvm::ArrayRef<Identifier> path;
  bool hasDims = false;
  llvm::ArrayRef<Dim> dims;
};
struct TypeField {
  Identifier label;
  const Type *type = nullptr;
};
class TupleType : public Type {
public:
  DLC_AST_NODE(TupleType, Type, TupleType)
  llvm::ArrayRef<TypeField> fields;
};
class ListType : public Type {
public:
  DLC_AST_NODE(ListType, Type, ListType)
  const Type *element = nullptr;
};
/// `rows (area: f32, …)`.
class RowsType : public Type {
public:
  DLC_AST_NODE(RowsType, Type, RowsType)
  const Type *row = nullptr;
};
/// `fn`, `fn(f32[B]) -> f32`.
class FnType : public Type {
public:
  DLC_AST_NODE(FnType, Type, FnType)
  bool hasParams = false;
  llvm::ArrayRef<const Type *> params;
  const Type *result = nullptr;
};
class ErrorType : public Type {
public:
  DLC_AST_NODE(ErrorType, Type, ErrorType)
};

// ---------------------------------------------------------------------------------------------- patterns, parameters

/// `name` or `name: type`; `_` binds nothing.
class NamePattern : public Pattern {
public:
  DLC_AST_NODE(NamePattern, Pattern, NamePattern)
  Identifier name;
  const Type *type = nullptr;
};
class TuplePattern : public Pattern {
public:
  DLC_AST_NODE(TuplePattern, Pattern, TuplePattern)
  llvm::ArrayRef<const Pattern *> elements;
};

class Param : public Node {
public:
  DLC_AST_NODE(Param, Node, Param)
  Identifier name;
  const Type *type = nullptr;
  const Expr *defaultValue = nullptr;
};

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

#undef DLC_AST_NODE
#undef DLC_AST_BASE

// ---------------------------------------------------------------------------------------------- files

/// A parsed file; owns its nodes. The texts of names point into the SourceFile.
class File {
public:
  explicit File(const SourceFile &source) : source_(&source) {}

  const SourceFile &source() const { return *source_; }
  llvm::ArrayRef<const Stmt *> items() const { return items_; }
  /// One more than the greatest Node::id().
  uint32_t nodeCount() const { return nodeCount_; }
  bool hasErrors() const { return errors_; }

  // For the parser.
  template <typename T> T *make(SourceRange range) {
    return new (arena_.Allocate<T>()) T(range, nodeCount_++);
  }
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> values) {
    static_assert(std::is_trivially_destructible_v<T>);
    T *memory = arena_.Allocate<T>(values.size());
    std::uninitialized_copy(values.begin(), values.end(), memory);
    return {memory, values.size()};
  }
  llvm::StringRef copy(llvm::StringRef text) {
    llvm::ArrayRef<char> bytes = copy(llvm::ArrayRef<char>(text.data(), text.size()));
    return {bytes.data(), bytes.size()};
  }
  void setItems(llvm::ArrayRef<const Stmt *> items) { items_ = items; }
  void setErrors() { errors_ = true; }

private:
  const SourceFile *source_;
  llvm::BumpPtrAllocator arena_;
  llvm::ArrayRef<const Stmt *> items_;
  uint32_t nodeCount_ = 0;
  bool errors_ = false;
};

} // namespace dlc::frontend::ast
