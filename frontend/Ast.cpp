#include "frontend/Ast.h"

namespace dlc::frontend::ast {

llvm::StringRef kindName(NodeKind kind) {
  switch (kind) {
  case NodeKind::Number:
    return "number";
  case NodeKind::String:
    return "string";
  case NodeKind::Name:
    return "name";
  case NodeKind::Self:
    return "self";
  case NodeKind::Bool:
    return "bool";
  case NodeKind::None:
    return "none";
  case NodeKind::Paren:
    return "brackets";
  case NodeKind::Tuple:
    return "tuple";
  case NodeKind::List:
    return "list";
  case NodeKind::Block:
    return "block";
  case NodeKind::If:
    return "if";
  case NodeKind::For:
    return "for";
  case NodeKind::Lambda:
    return "lambda";
  case NodeKind::Unary:
    return "unary";
  case NodeKind::Binary:
    return "binary";
  case NodeKind::Range:
    return "range";
  case NodeKind::Pipe:
    return "pipe";
  case NodeKind::Member:
    return "member";
  case NodeKind::Call:
    return "call";
  case NodeKind::Index:
    return "index";
  case NodeKind::Error:
  case NodeKind::ErrorType:
  case NodeKind::ErrorStatement:
    return "error";
  case NodeKind::NamedType:
    return "type";
  case NodeKind::TupleType:
    return "tuple-type";
  case NodeKind::ListType:
    return "list-type";
  case NodeKind::RowsType:
    return "rows-type";
  case NodeKind::FnType:
    return "fn-type";
  case NodeKind::NamePattern:
    return "pattern";
  case NodeKind::TuplePattern:
    return "tuple-pattern";
  case NodeKind::Param:
    return "parameter";
  case NodeKind::Let:
    return "let";
  case NodeKind::Minimize:
    return "minimize";
  case NodeKind::Update:
    return "update";
  case NodeKind::Report:
    return "report";
  case NodeKind::EachEpoch:
    return "each-epoch";
  case NodeKind::AtEnd:
    return "at-end";
  case NodeKind::Stop:
    return "stop";
  case NodeKind::BreakIf:
    return "break-if";
  case NodeKind::Require:
    return "require";
  case NodeKind::Emit:
    return "emit";
  case NodeKind::ExprStatement:
    return "expression";
  case NodeKind::Assign:
    return "assign";
  case NodeKind::Value:
    return "value";
  case NodeKind::MemberValue:
    return "member-value";
  case NodeKind::MemberIf:
    return "member-if";
  case NodeKind::Import:
    return "import";
  case NodeKind::Model:
    return "model";
  case NodeKind::Module:
    return "module";
  case NodeKind::Optimizer:
    return "optimizer";
  case NodeKind::Function:
    return "fn";
  case NodeKind::Data:
    return "data";
  case NodeKind::Load:
    return "load";
  case NodeKind::Train:
    return "train";
  case NodeKind::Test:
    return "test";
  case NodeKind::TestAlias:
    return "test-alias";
  }
  return "";
}

llvm::StringRef spelling(BinaryOp op) {
  static constexpr llvm::StringRef text[] = {"or", "and", "==", "!=", "<", "<=", ">",
                                             ">=", "+",   "-",  "*",  "/", "%",  "@"};
  return text[unsigned(op)];
}

llvm::StringRef spelling(AssignOp op) {
  static constexpr llvm::StringRef text[] = {"=", "+=", "-=", "*=", "/="};
  return text[unsigned(op)];
}

llvm::StringRef spelling(ValueKeyword keyword) {
  static constexpr llvm::StringRef text[] = {"const", "param", "state"};
  return text[unsigned(keyword)];
}

const Expr *BlockExpr::value() const {
  if (statements.empty())
    return nullptr;
  const auto *last = llvm::dyn_cast<ExprStmt>(statements.back());
  return last ? last->expr : nullptr;
}

} // namespace dlc::frontend::ast
