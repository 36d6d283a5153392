// What all nodes of the tree have: a kind, a range and a number.
#pragma once

#include "frontend/Source.h"

#include "llvm/ADT/ArrayRef.h"
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

} // namespace dlc::frontend::ast
