// The parser's class, shared by the files that implement it (ParseExpr, ParseStatement, ParseItem, ParseType).
#pragma once

#include "frontend/Lexer.h"
#include "frontend/Parser.h"

#include "llvm/ADT/SmallVector.h"

namespace dlc::frontend {

/// What to write instead of a word or name of another language; empty if nothing is known.
llvm::StringRef foreignWordHint(llvm::StringRef word);

/// Every parse function returns a node, an Error node in the worst case. After an error `failed_` is set, every
/// expectation is silent, and the loop over statements skips to the next one (`synchronize`).
class ParserImpl {
public:
  ParserImpl(const SourceFile &source, ast::File &file, DiagnosticEngine &diagnostics, TokenList list,
             unsigned depth = 0)
      : source_(source), file_(file), diagnostics_(diagnostics), list_(std::move(list)), depth_(depth) {}

  void parseFile();
  /// An expression and nothing after it: what stands in the braces of a string.
  const ast::Expr *parseOnlyExpr();

private:
  using TK = TokenKind;

  // ---- tokens
  const Token &peek(unsigned ahead = 0) const {
    return list_.tokens[std::min<size_t>(at_ + ahead, list_.tokens.size() - 1)];
  }
  bool at(TK kind) const { return peek().kind == kind; }
  llvm::StringRef text(const Token &token) const {
    return source_.text().slice(token.range.begin, token.range.end);
  }
  bool isWord(const Token &token, llvm::StringRef word) const {
    return token.kind == TK::Name && text(token) == word;
  }
  bool atWord(llvm::StringRef word) const { return isWord(peek(), word); }
  /// Any word, reserved or not.
  static bool isAnyWord(const Token &token) {
    return token.kind == TK::Name || isKeyword(token.kind);
  }
  const Token &take() {
    const Token &token = peek();
    if (at_ + 1 < list_.tokens.size())
      ++at_;
    return token;
  }
  bool accept(TK kind) {
    if (!at(kind) || failed_)
      return false;
    take();
    return true;
  }
  /// `with`, `over` … where the statement waits for it.
  bool acceptWord(llvm::StringRef word) {
    if (!atWord(word) || failed_)
      return false;
    take();
    return true;
  }
  /// The next token begins a line that ends the statement (lines do not matter inside `( )` and `[ ]`).
  bool newLine() const { return bracketDepth_ == 0 && peek().startsLine; }
  bool atStatementEnd() const {
    return newLine() || at(TK::Semicolon) || at(TK::RightBrace) || at(TK::EndOfFile);
  }
  /// The token can begin an expression that stands on the line of the word before it.
  bool beginsOperand(const Token &token) const;
  std::string found() const;

  // ---- ranges and nodes
  uint32_t begin() const { return peek().range.begin; }
  SourceRange last() const { return at_ ? list_.tokens[at_ - 1].range : peek().range; }
  SourceRange from(uint32_t begin) const {
    return {source_.id(), begin, std::max(begin, last().end)};
  }
  SourceRange from(const ast::Node *first) const { return from(first->range().begin); }
  template <typename T> T *make(uint32_t begin) { return file_.make<T>(from(begin)); }
  template <typename T> llvm::ArrayRef<T> copy(const llvm::SmallVectorImpl<T> &values) {
    return file_.copy(llvm::ArrayRef<T>(values));
  }
  ast::Expr *errorExpr() { return file_.make<ast::ErrorExpr>(last().after()); }

  // ---- errors
  /// Reports and goes on.
  template <typename Kind, typename... Args>
  DiagnosticBuilder complain(const Kind &kind, SourceRange range, const Args &...args) {
    file_.setErrors();
    if (failed_ || ++errors_ > maxErrors)
      return {};
    return diagnostics_.report(kind, range, args...);
  }
  /// Reports and gives the statement up. Silent after the first, and at a token that the lexer reported.
  template <typename Kind, typename... Args>
  DiagnosticBuilder fail(const Kind &kind, SourceRange range, const Args &...args) {
    file_.setErrors();
    if (failed_)
      return {};
    failed_ = true;
    failDepth_ = bracketDepth_;
    if (at(TK::Error) || ++errors_ > maxErrors)
      return {};
    return diagnostics_.report(kind, range, args...);
  }
  DiagnosticBuilder failExpected(llvm::StringRef what) {
    return fail(diag::expected, expectedAt(), what, found());
  }
  /// Where something is missing: the next token, or the end of the line if that is on another one.
  SourceRange expectedAt() const {
    return peek().startsLine || at(TK::EndOfFile) ? last().after() : peek().range;
  }
  bool expect(TK kind, llvm::StringRef what);
  bool expectWord(llvm::StringRef word);
  /// The closing bracket of `open`.
  void expectClose(TK kind, const Token &open);
  ast::Identifier expectName(llvm::StringRef what);
  ast::Identifier takeName();
  void synchronize(size_t statementBegin);
  /// After an error in a header: goes to its `{` if that is on the same line. True if the block can be parsed.
  bool recoverToBlock();
  bool isBoundary(const Token &token) const;
  bool continuesLine(const Token &token) const;
  void endStatement(size_t statementBegin);
  void reportNoEnd();
  void unexpectedToken();

  // ---- nesting
  class Nest {
  public:
    explicit Nest(ParserImpl &parser) : parser_(parser), outer_(parser.height_) {
      parser_.height_ = 0;
      if (++parser_.depth_ > maxNesting)
        parser_.tooDeep(maxNesting);
    }
    ~Nest() {
      --parser_.depth_;
      parser_.grow();
      parser_.height_ = std::max(parser_.height_, outer_);
    }
    Nest(const Nest &) = delete;

  private:
    ParserImpl &parser_;
    unsigned outer_;
  };
  /// A node above all that were finished in this Nest.
  void grow() {
    if (++height_ > maxTreeHeight)
      tooDeep(maxTreeHeight);
  }
  void tooDeep(unsigned limit) { fail(diag::too_deep, peek().range, limit); }
  /// Sets a member for as long as it lives.
  template <typename T> class Scoped {
  public:
    Scoped(T &member, T value) : member_(member), old_(member) { member = value; }
    ~Scoped() { member_ = old_; }
    Scoped(const Scoped &) = delete;

  private:
    T &member_;
    T old_;
  };

  // ---- ParseExpr.cpp
  const ast::Expr *parseExpr();
  const ast::Expr *parseBinary(int minimum);
  const ast::Expr *parseNot();
  const ast::Expr *parseUnary();
  const ast::Expr *parsePostfix();
  const ast::Expr *parseMember(const ast::Expr *base);
  const ast::Expr *parseIndex(const ast::Expr *base);
  ast::IndexItem parseIndexItem();
  const ast::Expr *parsePrimary();
  const ast::Expr *parseNumber();
  const ast::Expr *parseString(const Token &token, bool interpolate);
  void parsePieces(const Token &token, llvm::SmallVectorImpl<ast::StringPiece> &pieces);
  uint32_t parsePiece(uint32_t open, uint32_t end, ast::StringPiece &piece);
  ast::FormatSpec parseFormat(SourceRange range);
  std::string unescape(uint32_t begin, uint32_t end);
  uint32_t unescapeOne(uint32_t at, uint32_t end, std::string &out);
  const ast::Expr *parseBrackets();
  const ast::Expr *parseList();
  ast::ListElement parseListElement();
  const ast::Expr *parseIf();
  const ast::Expr *parseFor();
  const ast::Expr *parseLambda();
  bool parseArguments(llvm::SmallVectorImpl<ast::Argument> &arguments, bool isCall);
  ast::Argument parseArgument(bool isCall);
  /// `tokens` of the text that stand for an operator of another language; none if there are 0.
  struct ForeignOperator {
    unsigned tokens = 0;
    SourceRange range;
    const char *help = "";
    TokenKind meaning = TokenKind::EndOfFile;
  };
  ForeignOperator foreignOperator();
  bool isEffect(const ast::Expr *callee) const;
  const ast::Expr *reinterpret(const ast::Expr *value);

  // ---- ParseType.cpp
  const ast::Type *parseType();
  const ast::Type *parseNamedType();
  const ast::Type *parseTupleType();
  const ast::Type *parseFnType();
  llvm::ArrayRef<ast::Dim> parseDims();
  ast::Dim parseDim();
  const ast::Pattern *parsePattern();
  llvm::ArrayRef<const ast::Param *> parseParams();
  const ast::Param *parseParam();

  // ---- ParseStatement.cpp
  const ast::BlockExpr *parseBlock(llvm::StringRef of);
  void parseStatements(llvm::SmallVectorImpl<const ast::Stmt *> &statements, const Token &open,
                       bool members);
  const ast::Stmt *parseStatement();
  const ast::Stmt *parseWordStatement();
  const ast::Stmt *parseLet();
  const ast::Stmt *parseBinding(uint32_t start, bool isVar, llvm::StringRef keyword);
  const ast::Stmt *parseMinimize();
  const ast::Stmt *parseUpdate();
  const ast::Stmt *parseReport();
  const ast::Stmt *parseBreak();
  const ast::Stmt *parseRequire();
  const ast::Stmt *parseExprStatement();
  const ast::Stmt *parseMisplacedDeclaration();
  void checkPlace(const ast::Expr *place);
  bool complainForeignStatement();

  // ---- ParseItem.cpp
  const ast::Stmt *parseItem();
  const ast::Stmt *parseDeclaration(bool inBlock);
  const ast::Stmt *parseImport();
  const ast::Stmt *parseModel();
  const ast::Stmt *parseModule();
  const ast::Stmt *parseMember();
  const ast::Stmt *parseMemberIf();
  llvm::ArrayRef<const ast::Stmt *> parseMemberBlock();
  const ast::Stmt *parseOptimizer();
  const ast::Stmt *parseFunction(bool isMember);
  const ast::Stmt *parseData();
  const ast::Stmt *parseLoad();
  const ast::Stmt *parseRun(bool isTrain);
  const ast::Stmt *unexpectedItem();
  llvm::ArrayRef<llvm::StringRef> docs(size_t token);

  static constexpr unsigned maxErrors = 200;

  const SourceFile &source_;
  ast::File &file_;
  DiagnosticEngine &diagnostics_;
  TokenList list_;
  size_t at_ = 0;
  size_t doc_ = 0;
  unsigned bracketDepth_ = 0;
  unsigned depth_;
  unsigned height_ = 0;
  unsigned errors_ = 0;
  unsigned failDepth_ = 0;
  /// The text is what stands in the braces of a string.
  bool inString_ = false;
  bool failed_ = false;
  bool interpolate_ = false;
  /// A declaration of the file came in the middle of a block: all blocks end without another message.
  bool unwinding_ = false;
};

} // namespace dlc::frontend
