// Nodes of the tree: expressions, types, patterns and parameters.
#pragma once

#include "frontend/AstNode.h"

namespace dlc::frontend::ast {

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

} // namespace dlc::frontend::ast
