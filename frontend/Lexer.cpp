#include "frontend/Lexer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/ConvertUTF.h"

namespace dlc::frontend {
namespace {

bool isNameStart(char c) { return llvm::isAlpha(c) || c == '_'; }
bool isNamePart(char c) { return llvm::isAlnum(c) || c == '_'; }

struct Punctuation {
  llvm::StringRef text;
  TokenKind kind;
};
constexpr Punctuation punctuation[] = {
#define DLC_PUNCTUATION(TEXT, ID) {TEXT, TokenKind::ID},
#include "frontend/Tokens.def"
};

class Lexer {
public:
  Lexer(const SourceFile &source, DiagnosticEngine &diagnostics, uint32_t begin, uint32_t end)
      : source_(source), text_(source.text()), diagnostics_(diagnostics), at_(begin),
        end_(std::min<size_t>(end, source.text().size())) {}

  TokenList run() {
    if (at_ == 0 && text_.starts_with("\xEF\xBB\xBF"))
      at_ = 3;
    while (true) {
      skipSpace();
      uint32_t begin = at_;
      TokenKind kind = at_ < end_ ? next() : TokenKind::EndOfFile;
      result_.tokens.push_back({kind, begin == lastEnd_ && begin != 0, startsLine_, range(begin)});
      lastEnd_ = at_;
      startsLine_ = false;
      if (kind == TokenKind::EndOfFile)
        return std::move(result_);
    }
  }

private:
  char peek(unsigned offset = 0) const { return at_ + offset < end_ ? text_[at_ + offset] : '\0'; }
  bool starts(llvm::StringRef prefix) const { return text_.slice(at_, end_).starts_with(prefix); }
  SourceRange range(uint32_t begin) const { return {source_.id(), begin, at_}; }

  void skipSpace() {
    while (at_ < end_) {
      char c = text_[at_];
      if (c == '\n') {
        startsLine_ = true;
        ++at_;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (starts("//")) {
        skipComment();
      } else if (c == '#') {
        uint32_t begin = at_;
        ++at_;
        diagnostics_.report(diag::hash_comment, range(begin)).help("write `//`");
        skipLine();
      } else if (starts("/*")) {
        skipBlockComment();
      } else {
        return;
      }
    }
  }

  void skipLine() {
    size_t end = text_.find('\n', at_);
    at_ = end == llvm::StringRef::npos ? end_ : std::min<uint32_t>(end, end_);
  }

  void skipComment() {
    uint32_t begin = at_;
    skipLine();
    llvm::StringRef comment = text_.slice(begin, at_).rtrim("\r");
    if (comment.starts_with("///") && !comment.starts_with("////"))
      result_.docs.push_back({uint32_t(result_.tokens.size()), comment.drop_front(3).trim()});
    // In comments too: what cannot be shown is said at once.
    size_t bad = firstInvalid(comment);
    if (bad != llvm::StringRef::npos)
      reportInvalid(begin + bad, begin + bad + 1);
  }

  void skipBlockComment() {
    uint32_t begin = at_;
    at_ += 2;
    SourceRange opener = range(begin);
    size_t end = text_.slice(0, end_).find("*/", at_);
    startsLine_ |= text_.slice(begin, end).contains('\n');
    at_ = end == llvm::StringRef::npos ? end_ : end + 2;
    diagnostics_.report(diag::block_comment, opener).help("begin every line of it with `//`");
  }

  TokenKind next() {
    char c = text_[at_];
    if (isNameStart(c))
      return name();
    if (llvm::isDigit(c))
      return number();
    if (c == '"')
      return string();
    if (c == '\'')
      return singleQuotes();
    if (c == '.' && llvm::isDigit(peek(1)) && !memberFollows())
      return number();
    for (const Punctuation &p : punctuation)
      if (starts(p.text)) {
        at_ += p.text.size();
        return p.kind;
      }
    return unknown();
  }

  /// True if a `.` here can be the one of `x.0`: it touches a name, a number after a `.`, or a closing bracket.
  bool memberFollows() const {
    if (result_.tokens.empty())
      return false;
    const Token &last = result_.tokens.back();
    if (isKeyword(last.kind))
      return last.kind == TokenKind::KwSelf ||
             (result_.tokens.size() > 1 &&
              result_.tokens[result_.tokens.size() - 2].kind == TokenKind::Dot);
    switch (last.kind) {
    case TokenKind::Name:
    case TokenKind::Integer:
    case TokenKind::RightParen:
    case TokenKind::RightBracket:
    case TokenKind::RightBrace:
      return true;
    default:
      return false;
    }
  }

  TokenKind name() {
    uint32_t begin = at_;
    while (at_ < end_ && isNamePart(text_[at_]))
      ++at_;
    return llvm::StringSwitch<TokenKind>(text_.slice(begin, at_))
#define DLC_KEYWORD(WORD, ID) .Case(WORD, TokenKind::Kw##ID)
#include "frontend/Tokens.def"
        .Default(TokenKind::Name);
  }

  bool digits() {
    uint32_t begin = at_;
    while (llvm::isDigit(peek()) || (peek() == '_' && at_ > begin))
      ++at_;
    return at_ > begin;
  }

  TokenKind number() {
    uint32_t begin = at_;
    // After `.` only digits are read, so that `net.0.1` is two members.
    if (!result_.tokens.empty() && result_.tokens.back().kind == TokenKind::Dot && begin == lastEnd_) {
      while (llvm::isDigit(peek()))
        ++at_;
      return isNamePart(peek()) ? badNumber(begin) : TokenKind::Integer;
    }
    if (peek() == '.') {
      ++at_;
      digits();
      exponent();
      return badNumber(begin, ("write `0" + text_.slice(begin, at_) + "`").str());
    }
    bool isFloat = false;
    digits();
    if (peek() == '.' && llvm::isDigit(peek(1))) {
      isFloat = true;
      ++at_;
      digits();
    } else if (peek() == '.' && peek(1) != '.' && !isNameStart(peek(1))) {
      ++at_;
      return badNumber(begin, ("write `" + text_.slice(begin, at_) + "0`").str());
    }
    isFloat |= exponent();
    if (isNamePart(peek()))
      return badNumber(begin);
    return isFloat ? TokenKind::Float : TokenKind::Integer;
  }

  bool exponent() {
    if (peek() != 'e' && peek() != 'E')
      return false;
    unsigned sign = peek(1) == '+' || peek(1) == '-';
    if (!llvm::isDigit(peek(1 + sign)))
      return false;
    at_ += 1 + sign;
    while (llvm::isDigit(peek()))
      ++at_;
    return true;
  }

  TokenKind badNumber(uint32_t begin, std::string help = "") {
    while (isNamePart(peek()))
      ++at_;
    llvm::StringRef text = text_.slice(begin, at_);
    auto builder = diagnostics_.report(diag::bad_number, range(begin), text);
    uint64_t value = 0;
    if (!help.empty())
      builder.addHelp(help);
    else if (text.size() > 2 && text[0] == '0' && llvm::isAlpha(text[1]) && !text.getAsInteger(0, value))
      builder.addHelp(fmt::format("numbers are decimal: write `{}`", value));
    else if (text.ends_with("f") || text.ends_with("f32"))
      builder.addHelp("a number takes the type of what it meets; write it without a suffix");
    else
      builder.addHelp("a name begins with a letter, a number holds digits, one `.` and an exponent such as `e-3`");
    return TokenKind::Error;
  }

  TokenKind string() {
    uint32_t begin = at_++;
    while (at_ < end_ && text_[at_] != '"' && text_[at_] != '\n')
      at_ += text_[at_] == '\\' && peek(1) != '\n' && at_ + 1 < end_ ? 2 : 1;
    if (peek() != '"') {
      at_ = begin + text_.slice(begin, at_).rtrim("\r").size();
      diagnostics_.report(diag::unclosed_string, range(begin))
          .help("close it on this line; `\\n` in a string is a line end, `\\\"` a quote");
      return TokenKind::Error;
    }
    ++at_;
    size_t bad = firstInvalid(text_.slice(begin, at_));
    if (bad != llvm::StringRef::npos)
      reportInvalid(begin + bad, begin + bad + 1);
    return TokenKind::String;
  }

  TokenKind singleQuotes() {
    uint32_t begin = at_++;
    size_t end = text_.slice(at_, end_).find_first_of("'\n");
    at_ = end == llvm::StringRef::npos ? end_ : at_ + end;
    if (peek() == '\'')
      ++at_;
    llvm::StringRef text = text_.slice(begin, at_).trim("'\r");
    diagnostics_.report(diag::single_quotes, range(begin)).help(("write `\"" + text + "\"`").str());
    return TokenKind::Error;
  }

  TokenKind unknown() {
    uint32_t begin = at_;
    unsigned size = characterSize(begin);
    if (size == 0) {
      do
        ++at_;
      while (at_ < end_ && characterSize(at_) == 0);
      reportInvalid(begin, at_);
      return TokenKind::Error;
    }
    at_ += size;
    unsigned char c = text_[begin];
    llvm::StringRef text = text_.slice(begin, at_);
    // A word in another alphabet is one error.
    if (c >= 0x80 && lookalike(text).empty()) {
      while (at_ < end_ && (isNamePart(text_[at_]) || (static_cast<unsigned char>(text_[at_]) >= 0x80 && characterSize(at_))))
        at_ += std::max(1u, characterSize(at_));
      text = text_.slice(begin, begin + size);
    }
    std::string shown =
        c < 0x20 || c == 0x7F ? fmt::format("\\x{:02X}", c) : text.str();
    auto builder = diagnostics_.report(diag::unknown_character, range(begin), shown);
    llvm::StringRef instead = lookalike(text);
    if (!instead.empty())
      builder.addHelp(("write `" + instead + "`").str());
    else if (c >= 0x80)
      builder.addHelp("names are letters, digits and `_` of ASCII; any text may stand in strings and comments");
    return TokenKind::Error;
  }

  /// What is meant by characters that editors and web pages put in the place of others.
  static llvm::StringRef lookalike(llvm::StringRef text) {
    return llvm::StringSwitch<llvm::StringRef>(text)
        .Cases({"“", "”", "„"}, "\"")
        .Cases({"−", "–", "—"}, "-")
        .Cases({"×", "·"}, "*")
        .Case("≤", "<=")
        .Case("≥", ">=")
        .Case("≠", "!=")
        .Case("→", "->")
        .Case("…", "...")
        .Case("\xC2\xA0", " ")
        .Default("");
  }

  /// Bytes of the character at an offset, 0 if it is not UTF-8.
  unsigned characterSize(uint32_t offset) const {
    const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text_.data()) + offset;
    const auto *end = reinterpret_cast<const llvm::UTF8 *>(text_.data()) + end_;
    unsigned size = llvm::getNumBytesForUTF8(*begin);
    return size <= size_t(end - begin) && llvm::isLegalUTF8Sequence(begin, begin + size) ? size : 0;
  }

  static size_t firstInvalid(llvm::StringRef text) {
    const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
    const auto *at = begin, *end = begin + text.size();
    if (llvm::isLegalUTF8String(&at, end))
      return llvm::StringRef::npos;
    return at - begin;
  }

  void reportInvalid(uint32_t begin, uint32_t end) {
    diagnostics_.report(diag::invalid_utf8, SourceRange{source_.id(), begin, end})
        .help("save the file as UTF-8");
  }

  const SourceFile &source_;
  llvm::StringRef text_;
  DiagnosticEngine &diagnostics_;
  uint32_t at_;
  uint32_t end_;
  uint32_t lastEnd_ = ~0u;
  bool startsLine_ = true;
  TokenList result_;
};

} // namespace

llvm::StringRef describe(TokenKind kind) {
  switch (kind) {
  case TokenKind::EndOfFile:
    return "the end of the file";
  case TokenKind::Error:
    return "an error";
  case TokenKind::Name:
    return "a name";
  case TokenKind::Integer:
  case TokenKind::Float:
    return "a number";
  case TokenKind::String:
    return "a string";
#define DLC_KEYWORD(WORD, ID)                                                                      \
  case TokenKind::Kw##ID:                                                                          \
    return "`" WORD "`";
#define DLC_PUNCTUATION(TEXT, ID)                                                                  \
  case TokenKind::ID:                                                                              \
    return "`" TEXT "`";
#include "frontend/Tokens.def"
  }
  return "";
}

bool isKeyword(TokenKind kind) {
  return kind >= TokenKind::KwImport && kind <= TokenKind::KwSelf;
}

TokenList lex(const SourceFile &source, DiagnosticEngine &diagnostics, uint32_t begin, uint32_t end) {
  return Lexer(source, diagnostics, begin, end).run();
}

} // namespace dlc::frontend
