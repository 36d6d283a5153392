// Expressions.
#include "frontend/ParserImpl.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <charconv>
#include <cmath>

namespace dlc::frontend {

using namespace ast;

namespace {

enum Precedence { OrLevel = 1, AndLevel, NotLevel, CompareLevel, RangeLevel, SumLevel, TermLevel, PowerLevel };

struct Operator {
  int precedence = 0;
  BinaryOp op = BinaryOp::Add;
  bool isRange = false;
};

Operator binaryOperator(TokenKind kind) {
  switch (kind) {
  case TokenKind::KwOr:
    return {OrLevel, BinaryOp::Or};
  case TokenKind::KwAnd:
    return {AndLevel, BinaryOp::And};
  case TokenKind::EqualEqual:
    return {CompareLevel, BinaryOp::Eq};
  case TokenKind::NotEqual:
    return {CompareLevel, BinaryOp::Ne};
  case TokenKind::Less:
    return {CompareLevel, BinaryOp::Lt};
  case TokenKind::LessEqual:
    return {CompareLevel, BinaryOp::Le};
  case TokenKind::Greater:
    return {CompareLevel, BinaryOp::Gt};
  case TokenKind::GreaterEqual:
    return {CompareLevel, BinaryOp::Ge};
  case TokenKind::DotDot:
    return {RangeLevel, BinaryOp::Add, true};
  case TokenKind::Plus:
    return {SumLevel, BinaryOp::Add};
  case TokenKind::Minus:
    return {SumLevel, BinaryOp::Sub};
  case TokenKind::Star:
    return {TermLevel, BinaryOp::Mul};
  case TokenKind::Slash:
    return {TermLevel, BinaryOp::Div};
  case TokenKind::Percent:
    return {TermLevel, BinaryOp::Mod};
  case TokenKind::At:
    return {TermLevel, BinaryOp::MatMul};
  case TokenKind::Caret: // reported before it gets here
    return {PowerLevel, BinaryOp::Mul};
  default:
    return {};
  }
}

} // namespace

const Expr *ParserImpl::parseOnlyExpr() {
  inString_ = true;
  const Expr *expr = parseExpr();
  if (!failed_ && !at(TK::EndOfFile))
    failExpected("`}` or a format after `:`");
  return expr;
}

const Expr *ParserImpl::parseExpr() {
  Nest nest(*this);
  if (failed_)
    return errorExpr();
  if (at(TK::Bar))
    return parseLambda();
  const Expr *value = parseBinary(OrLevel);
  while (accept(TK::PipeArrow)) {
    if (at(TK::Bar))
      complain(diag::expected, peek().range, "a function after `|>`", "`|`")
          .help("put the function in brackets: `x |> (|y| e)`");
    const Expr *target = at(TK::Bar) ? parseLambda() : parsePostfix();
    if (const auto *call = llvm::dyn_cast<CallExpr>(target))
      if (isEffect(call->callee))
        value = reinterpret(value);
    auto *pipe = file_.make<PipeExpr>(from(value));
    pipe->value = value;
    pipe->target = target;
    value = pipe;
    grow();
  }
  return value;
}

/// A string before `|> print()` is an argument of an effect, which the parser learns only there.
const Expr *ParserImpl::reinterpret(const Expr *value) {
  const auto *string = llvm::dyn_cast<StringExpr>(value);
  if (!string || string->isInterpolated())
    return value;
  Token token{TK::String, false, false, string->range()};
  return parseString(token, true);
}

/// Operators that other languages have, with the level and the meaning that they have there.
ParserImpl::ForeignOperator ParserImpl::foreignOperator() {
  const Token &first = peek(), &second = peek(1);
  unsigned tokens = first.kind == second.kind && second.touches ? 2 : 1;
  SourceRange range = tokens == 2 ? join(first.range, second.range) : first.range;
  if (first.kind == TK::Ampersand)
    return {tokens, range, "write `and`", TK::KwAnd};
  if (first.kind == TK::Bar && tokens == 2 && !newLine()) // a function may begin a line
    return {tokens, range, "write `or`", TK::KwOr};
  if (first.kind == TK::Caret || (first.kind == TK::Star && tokens == 2))
    return {tokens, range, "write `pow(x, y)`; `square(x)` is x times x", TK::Caret};
  return {};
}

const Expr *ParserImpl::parseBinary(int minimum) {
  const Expr *lhs = minimum <= NotLevel && at(TK::KwNot) ? parseNot() : parseUnary();
  int chained = 0; // the level that does not repeat
  while (!failed_) {
    ForeignOperator foreign = foreignOperator();
    Operator op = binaryOperator(foreign.tokens ? foreign.meaning : peek().kind);
    if (!op.precedence || op.precedence < minimum || (at(TK::Minus) && newLine()))
      return lhs;
    if (op.precedence == chained && chained == CompareLevel)
      complain(diag::chained_comparison, peek().range)
          .help("compare twice and join with `and`: `a < b and b < c`");
    if (op.precedence == chained && chained == RangeLevel)
      complain(diag::range_of_range, peek().range).help("a range has two ends: `low .. high`");
    if (foreign.tokens)
      complain(diag::wrong_operator, foreign.range, source_.text().slice(foreign.range.begin, foreign.range.end)).help(foreign.help);
    SourceRange opRange = take().range;
    if (foreign.tokens == 2)
      take();
    const Expr *rhs = parseBinary(op.precedence + 1);
    if (op.precedence == PowerLevel) {
      lhs = file_.make<ErrorExpr>(from(lhs));
    } else if (op.isRange) {
      auto *range = file_.make<RangeExpr>(from(lhs));
      range->low = lhs;
      range->high = rhs;
      lhs = range;
    } else {
      auto *binary = file_.make<BinaryExpr>(from(lhs));
      binary->op = op.op;
      binary->opRange = opRange;
      binary->lhs = lhs;
      binary->rhs = rhs;
      lhs = binary;
    }
    chained = op.precedence == CompareLevel || op.precedence == RangeLevel ? op.precedence : 0;
    grow();
  }
  return lhs;
}

const Expr *ParserImpl::parseNot() {
  Nest nest(*this);
  uint32_t start = begin();
  if (failed_)
    return errorExpr();
  take();
  const Expr *operand = at(TK::KwNot) ? parseNot() : parseBinary(CompareLevel);
  auto *expr = make<UnaryExpr>(start);
  expr->op = UnaryOp::Not;
  expr->operand = operand;
  return expr;
}

const Expr *ParserImpl::parseUnary() {
  if (!at(TK::Minus) && !at(TK::Bang) && !at(TK::Plus) && !at(TK::Tilde))
    return parsePostfix();
  Nest nest(*this);
  if (failed_)
    return errorExpr();
  const Token &token = take();
  if (token.kind == TK::Bang || token.kind == TK::Tilde)
    complain(diag::wrong_operator, token.range, text(token)).help("write `not x`");
  if (token.kind == TK::Plus) {
    auto builder = complain(diag::wrong_operator, token.range, "+ without a left side");
    if (token.touches)
      builder.addHelp("there is no `++`: write `x += 1`");
    else
      builder.addHelp("leave the `+` out");
  }
  const Expr *operand = parseUnary();
  auto *expr = make<UnaryExpr>(token.range.begin);
  expr->op = token.kind == TK::Minus || token.kind == TK::Plus ? UnaryOp::Neg : UnaryOp::Not;
  expr->operand = operand;
  return expr;
}

/// The library functions whose arguments are interpolated: those with an effect.
bool ParserImpl::isEffect(const Expr *callee) const {
  llvm::StringRef name;
  if (const auto *plain = llvm::dyn_cast<NameExpr>(callee))
    name = plain->name;
  else if (const auto *member = llvm::dyn_cast<MemberExpr>(callee))
    if (const auto *base = llvm::dyn_cast<NameExpr>(member->base); base && base->name == "std")
      name = member->name.text;
  return llvm::StringSwitch<bool>(name)
      .Cases({"print", "debug", "write_png", "write_csv", "write_npy"}, true)
      .Default(false);
}

const Expr *ParserImpl::parsePostfix() {
  const Expr *expr = parsePrimary();
  while (!failed_) {
    if (at(TK::Dot)) {
      expr = parseMember(expr);
    } else if (at(TK::LeftParen) && peek().touches) {
      uint32_t open = begin();
      llvm::SmallVector<Argument, 4> arguments;
      Scoped<bool> scoped(interpolate_, interpolate_ || isEffect(expr));
      parseArguments(arguments, /*isCall=*/true);
      auto *call = file_.make<CallExpr>(from(expr));
      call->callee = expr;
      call->arguments = copy(arguments);
      call->argumentsRange = from(open);
      expr = call;
    } else if (at(TK::LeftBracket) && peek().touches) {
      expr = parseIndex(expr);
    } else {
      break;
    }
    grow();
  }
  return expr;
}

const Expr *ParserImpl::parseMember(const Expr *base) {
  take();
  Identifier name{"", last().after()};
  int64_t position = -1;
  if (at(TK::Integer) && !newLine()) {
    name = takeName();
    if (name.text.getAsInteger(10, position)) {
      complain(diag::integer_too_large, name.range, name.text);
      position = 0;
    }
  } else if (isAnyWord(peek()) && (!peek().startsLine || at(TK::Name))) {
    name = takeName();
  } else {
    failExpected("a name or a number after `.`");
  }
  auto *member = file_.make<MemberExpr>(from(base));
  member->base = base;
  member->name = name;
  member->position = position;
  return member;
}

const Expr *ParserImpl::parseIndex(const Expr *base) {
  const Token &open = take();
  Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
  llvm::SmallVector<IndexItem, 4> items;
  if (at(TK::RightBracket))
    fail(diag::expected, peek().range, "an index", found());
  while (!failed_ && !at(TK::RightBracket)) {
    items.push_back(parseIndexItem());
    if (!accept(TK::Comma))
      break;
  }
  expectClose(TK::RightBracket, open);
  auto *index = file_.make<IndexExpr>(from(base));
  index->base = base;
  index->items = copy(items);
  return index;
}

IndexItem ParserImpl::parseIndexItem() {
  uint32_t start = begin();
  IndexItem item;
  auto atEnd = [&] { return at(TK::Comma) || at(TK::RightBracket) || at(TK::Colon); };
  if (accept(TK::Ellipsis)) {
    item.kind = IndexItem::Kind::Ellipsis;
  } else {
    const Expr *low = at(TK::Colon) ? nullptr : parseExpr();
    item.expr = low;
    if (accept(TK::Colon)) {
      item.kind = IndexItem::Kind::Slice;
      item.expr = nullptr;
      item.low = low;
      item.high = atEnd() ? nullptr : parseExpr();
      if (accept(TK::Colon))
        item.step = atEnd() ? nullptr : parseExpr();
    }
  }
  item.range = from(start);
  return item;
}

/// `( … )` of a call or a tuple. True if what stands in it makes a tuple: a comma, a label, a spread or nothing.
bool ParserImpl::parseArguments(llvm::SmallVectorImpl<Argument> &arguments, bool isCall) {
  Nest nest(*this);
  const Token &open = take();
  Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
  bool comma = false;
  bool labelled = false;
  while (!failed_ && !at(TK::RightParen)) {
    arguments.push_back(parseArgument(isCall));
    Argument &argument = arguments.back();
    if (isCall && labelled && !argument.label.isValid() && !argument.spread)
      complain(diag::positional_after_label, argument.range)
          .help("put positional arguments first, or give this one its label");
    labelled |= argument.label.isValid();
    if (!accept(TK::Comma))
      break;
    comma = true;
  }
  expectClose(TK::RightParen, open);
  return comma || arguments.empty() || labelled || arguments[0].spread;
}

Argument ParserImpl::parseArgument(bool isCall) {
  uint32_t start = begin();
  Argument argument;
  if (accept(TK::Ellipsis))
    argument.spread = true;
  else if (isAnyWord(peek()) && peek(1).kind == TK::Colon) {
    argument.label = takeName();
    take();
  } else if (isCall && at(TK::Name) && peek(1).kind == TK::Equal) {
    complain(diag::expected, peek(1).range, "`,` or `)`", "`=`")
        .help("a labelled argument is written `label: value`; a comparison is `==`");
    argument.label = takeName();
    take();
  }
  argument.value = parseExpr();
  argument.range = from(start);
  return argument;
}

const Expr *ParserImpl::parseBrackets() {
  uint32_t start = begin();
  llvm::SmallVector<Argument, 4> fields;
  bool isTuple = parseArguments(fields, /*isCall=*/false);
  if (!isTuple && fields.size() == 1) {
    auto *paren = make<ParenExpr>(start);
    paren->inner = fields[0].value;
    return paren;
  }
  auto *tuple = make<TupleExpr>(start);
  tuple->fields = copy(fields);
  return tuple;
}

const Expr *ParserImpl::parseList() {
  const Token &open = take();
  Scoped<unsigned> depth(bracketDepth_, bracketDepth_ + 1);
  llvm::SmallVector<ListElement, 8> elements;
  while (!failed_ && !at(TK::RightBracket)) {
    elements.push_back(parseListElement());
    if (!accept(TK::Comma))
      break;
  }
  expectClose(TK::RightBracket, open);
  auto *list = make<ListExpr>(open.range.begin);
  list->elements = copy(elements);
  return list;
}

ListElement ParserImpl::parseListElement() {
  uint32_t start = begin();
  ListElement element;
  element.spread = accept(TK::Ellipsis);
  element.value = parseExpr();
  llvm::SmallVector<ListClause, 1> clauses;
  while (!failed_ && at(TK::KwFor)) {
    uint32_t clauseStart = begin();
    take();
    ListClause clause;
    clause.pattern = parsePattern();
    expect(TK::KwIn, "`in`");
    clause.iterable = parseExpr();
    if (accept(TK::KwIf))
      clause.condition = parseExpr();
    clause.range = from(clauseStart);
    clauses.push_back(clause);
    grow();
  }
  element.clauses = copy(clauses);
  element.range = from(start);
  return element;
}

const Expr *ParserImpl::parseIf() {
  Nest nest(*this);
  uint32_t start = begin();
  take();
  const Expr *condition = parseExpr();
  if (!failed_ && at(TK::Equal))
    fail(diag::assignment_in_expression, peek().range).help("a comparison is `==`");
  else if (!failed_ && !at(TK::LeftBrace))
    fail(diag::if_needs_block, expectedAt(), found())
        .help("write `if c { a } else { b }`; the `{` stands on the line of the condition");
  recoverToBlock();
  const BlockExpr *thenBlock = parseBlock("`if`");
  const Expr *elseBranch = nullptr;
  if (!failed_ && (atWord("elif") || atWord("elsif")) && !newLine()) {
    complain(diag::not_in_language, peek().range, text(peek())).help("write `else if`");
    elseBranch = parseIf();
  } else if (accept(TK::KwElse)) {
    elseBranch = at(TK::KwIf) ? parseIf() : parseBlock("`else`");
  }
  auto *expr = make<IfExpr>(start);
  expr->condition = condition;
  expr->thenBlock = thenBlock;
  expr->elseBranch = elseBranch;
  return expr;
}

const Expr *ParserImpl::parseFor() {
  Nest nest(*this);
  uint32_t start = begin();
  take();
  const Pattern *pattern = parsePattern();
  if (!failed_ && at(TK::Equal))
    fail(diag::expected, peek().range, "`in`", "`=`").help("write `for i in 0..n { … }`");
  expect(TK::KwIn, "`in`");
  const Expr *iterable = parseExpr();
  recoverToBlock();
  const BlockExpr *body = parseBlock("`for`");
  auto *expr = make<ForExpr>(start);
  expr->pattern = pattern;
  expr->iterable = iterable;
  expr->body = body;
  return expr;
}

const Expr *ParserImpl::parseLambda() {
  uint32_t start = begin();
  take();
  llvm::SmallVector<const Pattern *, 4> params;
  while (!failed_ && !at(TK::Bar)) {
    params.push_back(parsePattern());
    if (!accept(TK::Comma))
      break;
  }
  expect(TK::Bar, "`,` or `|`");
  const Expr *body = parseExpr();
  auto *lambda = make<LambdaExpr>(start);
  lambda->params = copy(params);
  lambda->body = body;
  return lambda;
}

const Expr *ParserImpl::parseNumber() {
  const Token &token = take();
  auto *number = file_.make<NumberExpr>(token.range);
  std::string digits = text(token).str();
  std::erase(digits, '_');
  number->isFloat = token.kind == TK::Float;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number->floating);
  if (number->isFloat) {
    // Out of range means too large or so small that it is 0.
    if (error == std::errc::result_out_of_range && !llvm::StringRef(digits).contains_insensitive("e-"))
      complain(diag::float_too_large, token.range, text(token));
  } else if (llvm::StringRef(digits).getAsInteger(10, number->integer)) {
    complain(diag::integer_too_large, token.range, text(token))
        .help("integers have 64 bits; a float is written with `.0` or an exponent");
  }
  return number;
}

const Expr *ParserImpl::parsePrimary() {
  if (failed_)
    return errorExpr();
  const Token &token = peek();
  switch (token.kind) {
  case TK::Integer:
  case TK::Float:
    return parseNumber();
  case TK::String:
    take();
    return parseString(token, interpolate_);
  case TK::Name: {
    take();
    auto *name = file_.make<NameExpr>(token.range);
    name->name = text(token);
    return name;
  }
  case TK::KwSelf:
    take();
    return file_.make<SelfExpr>(token.range);
  case TK::KwTrue:
  case TK::KwFalse: {
    take();
    auto *value = file_.make<BoolExpr>(token.range);
    value->value = token.kind == TK::KwTrue;
    return value;
  }
  case TK::KwNone:
    take();
    return file_.make<NoneExpr>(token.range);
  case TK::LeftParen:
    return parseBrackets();
  case TK::LeftBracket:
    return parseList();
  case TK::LeftBrace:
    return parseBlock("a block");
  case TK::KwIf:
    return parseIf();
  case TK::KwFor:
    return parseFor();
  case TK::Error: // the lexer has reported it
    take();
    file_.setErrors();
    return file_.make<ErrorExpr>(token.range);
  default:
    unexpectedToken();
    return errorExpr();
  }
}

/// No expression begins with the next token.
void ParserImpl::unexpectedToken() {
  const Token &token = peek();
  bool sameLine = !token.startsLine || bracketDepth_ != 0;
  switch (token.kind) {
  case TK::Bar:
    failExpected("an expression").help("a function in an operation stands in brackets: `(|x| e)`");
    return;
  case TK::Equal:
    if (sameLine && at_ && (list_.tokens[at_ - 1].kind == TK::Equal || list_.tokens[at_ - 1].kind == TK::EqualEqual)) {
      failExpected("an expression").help("a comparison is `==`");
      return;
    }
    break;
  case TK::KwNot:
    failExpected("an expression").help("put it in brackets: `(not x)`");
    return;
  case TK::Ellipsis:
    failExpected("an expression").help("`...` spreads a list or a record into arguments, a list or a record");
    return;
  case TK::KwData:
  case TK::KwModel:
  case TK::KwModule:
  case TK::KwOptimizer:
  case TK::KwParam:
  case TK::KwState:
  case TK::KwUpdate:
  case TK::KwConst:
    if (sameLine && !isBoundary(token)) {
      fail(diag::reserved_word, token.range, text(token))
          .help(fmt::format("choose another name, such as `{}_`; after `.` and before `:` any word may stand",
                            std::string_view(text(token))));
      return;
    }
    break;
  default:
    break;
  }
  failExpected("an expression");
}

} // namespace dlc::frontend
