// Types, patterns and parameters.
#include "frontend/ParserImpl.h"

namespace dlc::frontend {

using namespace ast;

const Type *ParserImpl::parseType() {
  Nest nest(*this);
  if (failed_)
    return file_.make<ErrorType>(last().after());
  switch (peek().kind) {
  case TK::Name: {
    const Token &next = peek(1);
    bool rows = atWord("rows") && !next.startsLine &&
                (next.kind == TK::LeftParen || next.kind == TK::Name ||
                 (next.kind == TK::LeftBracket && !next.touches));
    if (!rows)
      return parseNamedType();
    uint32_t start = begin();
    take();
    const Type *row = parseType();
    auto *type = make<RowsType>(start);
    type->row = row;
    return type;
  }
  case TK::LeftParen:
    return parseTupleType();
  case TK::LeftBracket: {
    const Token &open = take();
    Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
    const Type *element = parseType();
    expectClose(TK::RightBracket, open);
    auto *type = make<ListType>(open.range.begin);
    type->element = element;
    return type;
  }
  case TK::KwFn:
    return parseFnType();
  default:
    failExpected("a type");
    return file_.make<ErrorType>(last().after());
  }
}

const Type *ParserImpl::parseNamedType() {
  uint32_t start = begin();
  llvm::SmallVector<Identifier, 2> path = {takeName()};
  while (!failed_ && at(TK::Dot) && !peek().startsLine) {
    take();
    path.push_back(expectName("a name"));
  }
  bool hasDims = !failed_ && at(TK::LeftBracket) && !newLine();
  if (hasDims && !peek().touches)
    complain(diag::expected, peek().range, "the `[` of the shape right after the type", "a space")
        .help(fmt::format("write `{}[…]`", std::string_view(path.back().text)));
  llvm::ArrayRef<Dim> dims;
  if (hasDims)
    dims = parseDims();
  auto *type = make<NamedType>(start);
  type->path = copy(path);
  type->hasDims = hasDims;
  type->dims = dims;
  return type;
}

llvm::ArrayRef<Dim> ParserImpl::parseDims() {
  const Token &open = take();
  Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
  llvm::SmallVector<Dim, 4> dims;
  while (!failed_ && !at(TK::RightBracket)) {
    dims.push_back(parseDim());
    if (!accept(TK::Comma))
      break;
  }
  expectClose(TK::RightBracket, open);
  return copy(dims);
}

Dim ParserImpl::parseDim() {
  uint32_t start = begin();
  Dim dim;
  if (accept(TK::Ellipsis)) {
    dim.kind = Dim::Kind::Ellipsis;
    if (at(TK::Name) && peek().touches) {
      const Token &token = take();
      auto *name = file_.make<NameExpr>(token.range);
      name->name = text(token);
      dim.name = name;
    }
  } else if (accept(TK::Question)) {
    dim.kind = Dim::Kind::Open;
  } else if (atWord("_")) {
    take();
    dim.kind = Dim::Kind::Inferred;
  } else {
    dim.expr = parseExpr();
  }
  dim.range = from(start);
  return dim;
}

const Type *ParserImpl::parseTupleType() {
  const Token &open = take();
  Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
  llvm::SmallVector<TypeField, 8> fields;
  while (!failed_ && !at(TK::RightParen)) {
    TypeField field;
    if (isAnyWord(peek()) && peek(1).kind == TK::Colon) {
      field.label = takeName();
      take();
    }
    field.type = parseType();
    fields.push_back(field);
    if (!accept(TK::Comma))
      break;
  }
  expectClose(TK::RightParen, open);
  auto *type = make<TupleType>(open.range.begin);
  type->fields = copy(fields);
  return type;
}

const Type *ParserImpl::parseFnType() {
  uint32_t start = begin();
  take();
  bool hasParams = at(TK::LeftParen) && !newLine();
  llvm::SmallVector<const Type *, 4> params;
  const Type *result = nullptr;
  if (hasParams) {
    const Token &open = take();
    Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
    while (!failed_ && !at(TK::RightParen)) {
      params.push_back(parseType());
      if (!accept(TK::Comma))
        break;
    }
    expectClose(TK::RightParen, open);
    if (!newLine() && accept(TK::Arrow))
      result = parseType();
  }
  auto *type = make<FnType>(start);
  type->hasParams = hasParams;
  type->params = copy(params);
  type->result = result;
  return type;
}

const Pattern *ParserImpl::parsePattern() {
  Nest nest(*this);
  uint32_t start = begin();
  if (!failed_ && at(TK::LeftParen)) {
    const Token &open = take();
    Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
    llvm::SmallVector<const Pattern *, 4> elements;
    if (at(TK::RightParen))
      failExpected("a name");
    while (!failed_ && !at(TK::RightParen)) {
      elements.push_back(parsePattern());
      if (!accept(TK::Comma))
        break;
    }
    expectClose(TK::RightParen, open);
    auto *tuple = make<TuplePattern>(start);
    tuple->elements = copy(elements);
    return tuple;
  }
  Identifier name = expectName("a name");
  const Type *type = nullptr;
  if (accept(TK::Colon))
    type = parseType();
  auto *pattern = file_.make<NamePattern>(failed_ && !name.isValid() ? last().after() : from(start));
  if (!name.isValid())
    name = {"_", pattern->range()};
  pattern->name = name;
  pattern->type = type;
  return pattern;
}

llvm::ArrayRef<const Param *> ParserImpl::parseParams() {
  if (failed_ || !at(TK::LeftParen) || newLine()) {
    failExpected("`(` and the parameters");
    return {};
  }
  const Token &open = take();
  Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
  llvm::SmallVector<const Param *, 8> params;
  while (!failed_ && !at(TK::RightParen)) {
    params.push_back(parseParam());
    if (!accept(TK::Comma))
      break;
  }
  expectClose(TK::RightParen, open);
  return copy(params);
}

const Param *ParserImpl::parseParam() {
  uint32_t start = begin();
  Identifier name = expectName("a parameter");
  const Type *type = nullptr;
  const Expr *value = nullptr;
  if (accept(TK::Colon))
    type = parseType();
  if (accept(TK::Equal))
    value = parseExpr();
  auto *param = make<Param>(start);
  param->name = name.isValid() ? name : Identifier{"_", param->range()};
  param->type = type;
  param->defaultValue = value;
  return param;
}

} // namespace dlc::frontend
