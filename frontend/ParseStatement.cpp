// Blocks and statements.
#include "frontend/ParserImpl.h"

#include "llvm/ADT/ScopeExit.h"

namespace dlc::frontend {

using namespace ast;

const BlockExpr *ParserImpl::parseBlock(llvm::StringRef of) {
  Nest nest(*this);
  uint32_t start = begin();
  if (failed_)
    return file_.make<BlockExpr>(last().after());
  if (!at(TK::LeftBrace)) {
    failExpected(fmt::format("the `{{` of {}", std::string_view(of)));
    return file_.make<BlockExpr>(last().after());
  }
  if (newLine() && of != "a block")
    complain(diag::brace_on_next_line, peek().range, of)
        .help("a line end would end the statement before it");
  const Token &open = take();
  Scoped<unsigned> lines(bracketDepth_, 0u);
  llvm::SmallVector<const Stmt *, 8> statements;
  parseStatements(statements, open, /*members=*/false);
  auto *block = make<BlockExpr>(start);
  block->statements = copy(statements);
  return block;
}

/// Statements, or members of a module, up to the `}`.
void ParserImpl::parseStatements(llvm::SmallVectorImpl<const Stmt *> &statements, const Token &open,
                                 bool members) {
  while (!failed_) {
    while (accept(TK::Semicolon))
      ;
    if (accept(TK::RightBrace))
      return;
    if (at(TK::EndOfFile) || unwinding_)
      break;
    // A declaration at the left margin: the `}` is missing somewhere above.
    uint32_t offset = peek().range.begin;
    bool margin = offset == 0 || source_.text()[offset - 1] == '\n';
    bool starter = at(TK::KwFn) || at(TK::KwModule) || at(TK::KwModel) || at(TK::KwData) || at(TK::KwExport) ||
                   at(TK::KwImport) || at(TK::KwOptimizer) || at(TK::KwConst) || at(TK::KwParam) || (at(TK::Name) && isBoundary(peek()));
    if (margin && starter && peek().startsLine) {
      fail(diag::unclosed_bracket, last().after(), "}", found())
          .label(open.range, "this `{` is not closed")
          .note(peek().range, "a declaration begins here");
      unwinding_ = true;
      return;
    }
    size_t before = at_;
    statements.push_back(members ? parseMember() : parseStatement());
    endStatement(before);
  }
  if (!failed_ && !unwinding_)
    expectClose(TK::RightBrace, open);
}

/// After a statement: its end, or an error and the next statement.
void ParserImpl::endStatement(size_t statementBegin) {
  if (!failed_ && !atStatementEnd())
    reportNoEnd();
  if (unwinding_) {
    failed_ = false;
    return;
  }
  if (!failed_)
    return;
  synchronize(statementBegin);
  if (at_ == statementBegin && !at(TK::EndOfFile) && !at(TK::RightBrace) && !at(TK::Semicolon))
    take();
}

/// A complete statement is followed by something on its line.
void ParserImpl::reportNoEnd() {
  const Token &token = peek();
  switch (token.kind) {
  case TK::RightParen:
  case TK::RightBracket:
    fail(diag::unexpected_closer, token.range, text(token));
    return;
  case TK::Equal:
    fail(diag::assignment_in_expression, token.range)
        .help("a comparison is `==`; what is assigned stands alone on the left side");
    return;
  case TK::Colon:
    fail(diag::expected, token.range, "the end of the statement", "`:`")
        .help("a type stands after `let name`, `var name`, a parameter or a member with a keyword");
    return;
  case TK::Question:
    fail(diag::wrong_operator, token.range, "?").help("write `if c { a } else { b }`");
    return;
  case TK::Comma:
    fail(diag::expected, token.range, "the end of the statement", "`,`")
        .help("a tuple stands in brackets: `(a, b)`");
    return;
  case TK::Arrow:
  case TK::Less:
  case TK::Greater:
    failExpected("the end of the statement");
    return;
  default:
    break;
  }
  auto builder = fail(diag::side_by_side, token.range, found());
  if (token.kind == TK::LeftParen || token.kind == TK::LeftBracket)
    builder.addHelp(fmt::format("the {} of a call or an index touches what it applies to", describe(token.kind)));
  else
    builder.addHelp("begin a new line, or put `;` or an operator between them");
}

bool ParserImpl::beginsOperand(const Token &token) const {
  if (token.startsLine && bracketDepth_ == 0)
    return false;
  switch (token.kind) {
  case TK::Name:
  case TK::Integer:
  case TK::Float:
  case TK::String:
  case TK::KwSelf:
  case TK::KwTrue:
  case TK::KwFalse:
  case TK::KwNone:
  case TK::KwIf:
  case TK::KwFor:
  case TK::KwNot:
  case TK::LeftBrace:
  case TK::Bar:
  case TK::Error:
    return true;
  case TK::LeftParen:
  case TK::LeftBracket:
    return !token.touches;
  default:
    return false;
  }
}

const Stmt *ParserImpl::parseStatement() {
  switch (peek().kind) {
  case TK::KwLet:
  case TK::KwVar:
    return parseLet();
  case TK::KwState:
    return parseDeclaration(/*inBlock=*/true);
  case TK::KwMinimize:
    return parseMinimize();
  case TK::KwUpdate:
    return parseUpdate();
  case TK::KwBreak:
    return parseBreak();
  case TK::KwRequire:
    return parseRequire();
  case TK::KwImport:
  case TK::KwExport:
  case TK::KwConst:
  case TK::KwData:
  case TK::KwModel:
  case TK::KwModule:
  case TK::KwOptimizer:
  case TK::KwFn:
  case TK::KwParam:
    return parseMisplacedDeclaration();
  case TK::Name:
    if (const Stmt *statement = parseWordStatement())
      return statement;
    return parseExprStatement();
  default:
    return parseExprStatement();
  }
}

/// A declaration that belongs to a file or a module: said, parsed, and left out.
const Stmt *ParserImpl::parseMisplacedDeclaration() {
  uint32_t start = begin();
  const Token &token = peek();
  llvm::StringRef help = token.kind == TK::KwConst ? "a `let` of what is known at compile time is a constant"
                         : token.kind == TK::KwFn  ? "a function in a block is `let f = |x| e`"
                         : token.kind == TK::KwParam
                             ? "parameters stand in a module or at file level; a block has `let`, `var` and `state`"
                             : "it stands at file level";
  complain(diag::declaration_in_block, token.range, text(token)).help(help.str());
  if (token.kind == TK::KwFn) {
    // The name is bound, so that its uses say nothing more.
    const auto *function = llvm::dyn_cast_or_null<FunctionDecl>(parseFunction(/*isMember=*/true));
    if (function && function->name.isValid() && !function->name.text.empty()) {
      auto *pattern = make<NamePattern>(start);
      pattern->name = function->name;
      auto *let = make<LetStmt>(start);
      let->pattern = pattern;
      let->init = make<ErrorExpr>(start);
      return let;
    }
  }
  else if (token.kind == TK::KwConst || token.kind == TK::KwParam)
    return parseDeclaration(/*inBlock=*/false);
  else
    parseItem();
  return make<ErrorStmt>(start);
}

/// Statements that begin with a word which is not reserved; null if this is none.
const Stmt *ParserImpl::parseWordStatement() {
  uint32_t start = begin();
  llvm::StringRef word = text(peek());
  const Token &next = peek(1);
  bool sameLine = !next.startsLine;
  if (word == "report" && sameLine &&
      (next.kind == TK::Name || next.kind == TK::Ellipsis || isKeyword(next.kind)) &&
      next.kind != TK::KwAnd && next.kind != TK::KwOr && next.kind != TK::KwElse && next.kind != TK::KwIn &&
      next.kind != TK::KwFor && next.kind != TK::KwIf)
    return parseReport();
  if (word == "each" && sameLine && isWord(next, "epoch")) {
    take();
    take();
    const BlockExpr *body = parseBlock("`each epoch`");
    auto *statement = make<EachEpochStmt>(start);
    statement->body = body;
    return statement;
  }
  if (word == "at" && sameLine && isWord(next, "end")) {
    take();
    take();
    const BlockExpr *body = parseBlock("`at end`");
    auto *statement = make<AtEndStmt>(start);
    statement->body = body;
    return statement;
  }
  if (word == "stop" && (next.startsLine || next.kind == TK::Semicolon || next.kind == TK::RightBrace ||
                         next.kind == TK::EndOfFile) &&
      !continuesLine(next)) {
    take();
    return make<StopStmt>(start);
  }
  if (word == "emit" && (beginsOperand(next) || (sameLine && next.kind == TK::Minus && !next.touches && peek(2).touches))) {
    take();
    Scoped<bool> scoped(interpolate_, true);
    const Expr *value = parseExpr();
    auto *statement = make<EmitStmt>(start);
    statement->value = value;
    return statement;
  }
  if (next.kind == TK::Colon && sameLine) {
    complain(diag::expected, next.range, "the end of the statement", "`:`")
        .help(fmt::format("a name with a type is declared: `let {}: …`", std::string_view(word)));
    return parseBinding(start, /*isVar=*/false, "let");
  }
  if (complainForeignStatement())
    return make<ErrorStmt>(start);
  return nullptr;
}

/// `while c {`, `return x` … True if the statement was given up.
bool ParserImpl::complainForeignStatement() {
  llvm::StringRef hint = foreignWordHint(text(peek()));
  if (hint.empty() || !beginsOperand(peek(1)))
    return false;
  fail(diag::not_in_language, peek().range, text(peek())).help(hint.str());
  return true;
}

const Stmt *ParserImpl::parseLet() {
  uint32_t start = begin();
  const Token &keyword = take();
  if (at(TK::Name) && text(peek()) == "mut" && peek(1).kind == TK::Name && !peek(1).startsLine) {
    complain(diag::not_in_language, peek().range, "mut").help("what is assigned later is declared with `var`");
    take();
  }
  return parseBinding(start, keyword.kind == TK::KwVar, text(keyword));
}

/// `pattern = expr` of a `let` or `var` that begins at `start`.
const Stmt *ParserImpl::parseBinding(uint32_t start, bool isVar, llvm::StringRef keyword) {
  const Pattern *pattern = parsePattern();
  const Expr *init = nullptr;
  if (accept(TK::Equal))
    init = parseExpr();
  else {
    fail(diag::missing_initializer, expectedAt(), keyword, found());
    init = errorExpr();
  }
  auto *statement = make<LetStmt>(start);
  statement->isVar = isVar;
  statement->pattern = pattern;
  statement->init = init;
  return statement;
}

const Stmt *ParserImpl::parseMinimize() {
  uint32_t start = begin();
  take();
  const Expr *loss = parseExpr();
  if (!failed_ && !atWord("over"))
    failExpected("`over`").help("write `minimize loss over net with adam(lr: 1e-3)`");
  else
    expectWord("over");
  const Expr *over = parseExpr();
  expectWord("with");
  const Expr *with = parseExpr();
  auto *statement = make<MinimizeStmt>(start);
  statement->loss = loss;
  statement->over = over;
  statement->with = with;
  return statement;
}

const Stmt *ParserImpl::parseUpdate() {
  uint32_t start = begin();
  take();
  const Expr *place = parseExpr();
  expectWord("by");
  const Expr *by = parseExpr();
  expectWord("with");
  const Expr *with = parseExpr();
  auto *statement = make<UpdateStmt>(start);
  statement->place = place;
  statement->by = by;
  statement->with = with;
  return statement;
}

const Stmt *ParserImpl::parseReport() {
  uint32_t start = begin();
  take();
  Identifier name;
  const Expr *value = nullptr;
  bool spread = accept(TK::Ellipsis);
  if (spread) {
    value = parseExpr();
  } else {
    name = expectName("a name");
    if (!newLine() && accept(TK::Equal)) {
      value = parseExpr();
    } else if (!failed_ && !atStatementEnd()) {
      fail(diag::expected, peek().range, "`=` and a value after the name", found())
          .help("an expression is reported under a name: `report name = e`");
    }
    if (!value) {
      auto *use = file_.make<NameExpr>(name.range);
      use->name = name.text;
      value = name.isValid() ? static_cast<const Expr *>(use) : errorExpr();
    }
  }
  auto *statement = make<ReportStmt>(start);
  statement->name = name;
  statement->value = value;
  statement->spread = spread;
  return statement;
}

const Stmt *ParserImpl::parseBreak() {
  uint32_t start = begin();
  const Token &token = take();
  const Expr *condition = nullptr;
  if (!newLine() && accept(TK::KwIf)) {
    condition = parseExpr();
  } else {
    fail(diag::expected, token.range.after(), "`if` and a condition after `break`", found())
        .help("write `break if done`");
    condition = errorExpr();
  }
  auto *statement = make<BreakIfStmt>(start);
  statement->condition = condition;
  return statement;
}

const Stmt *ParserImpl::parseRequire() {
  uint32_t start = begin();
  take();
  const Expr *condition = parseExpr();
  const Expr *message = nullptr;
  if (accept(TK::Comma)) {
    Scoped<bool> scoped(interpolate_, true);
    message = parseExpr();
  }
  auto *statement = make<RequireStmt>(start);
  statement->condition = condition;
  statement->message = message;
  return statement;
}

const Stmt *ParserImpl::parseExprStatement() {
  uint32_t start = begin();
  const Expr *expr = parseExpr();
  AssignOp op = AssignOp::Set;
  switch (failed_ || newLine() ? TK::EndOfFile : peek().kind) {
  case TK::Equal:
    break;
  case TK::PlusEqual:
    op = AssignOp::Add;
    break;
  case TK::MinusEqual:
    op = AssignOp::Sub;
    break;
  case TK::StarEqual:
    op = AssignOp::Mul;
    break;
  case TK::SlashEqual:
    op = AssignOp::Div;
    break;
  default: {
    auto *statement = make<ExprStmt>(start);
    statement->expr = expr;
    return statement;
  }
  }
  checkPlace(expr);
  SourceRange opRange = take().range;
  const Expr *value = parseExpr();
  auto *statement = make<AssignStmt>(start);
  statement->op = op;
  statement->opRange = opRange;
  statement->place = expr;
  statement->value = value;
  return statement;
}

void ParserImpl::checkPlace(const Expr *place) {
  llvm::StringRef what;
  switch (place->kind()) {
  case NodeKind::Name:
  case NodeKind::Self:
  case NodeKind::Error:
    return;
  case NodeKind::Member:
    return checkPlace(llvm::cast<MemberExpr>(place)->base);
  case NodeKind::Index:
    return checkPlace(llvm::cast<IndexExpr>(place)->base);
  case NodeKind::Paren:
    return checkPlace(llvm::cast<ParenExpr>(place)->inner);
  case NodeKind::Tuple:
    for (const Argument &field : llvm::cast<TupleExpr>(place)->fields)
      checkPlace(field.value);
    return;
  case NodeKind::Call:
    what = "the result of a call";
    break;
  case NodeKind::Number:
  case NodeKind::String:
  case NodeKind::Bool:
  case NodeKind::None:
    what = "a constant";
    break;
  default:
    what = "the value of an operation";
    break;
  }
  complain(diag::cannot_be_assigned, place->range(), what)
      .help("a place is a `var`, `state`, `param`, an instance, or a tuple of places, with fields and indices");
}

} // namespace dlc::frontend
