// Strings: escapes, and the `{expr:format}` of those that are interpolated.
#include "frontend/ParserImpl.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

namespace dlc::frontend {

using namespace ast;

const Expr *ParserImpl::parseString(const Token &token, bool interpolate) {
  auto *string = file_.make<StringExpr>(token.range);
  uint32_t begin = token.range.begin + 1, end = token.range.end - 1;
  if (!interpolate) {
    string->value = file_.copy(llvm::StringRef(unescape(begin, end)));
    return string;
  }
  llvm::SmallVector<StringPiece, 4> pieces;
  parsePieces(token, pieces);
  string->pieces = copy(pieces);
  return string;
}

std::string ParserImpl::unescape(uint32_t begin, uint32_t end) {
  std::string out;
  while (begin < end)
    begin = unescapeOne(begin, end, out);
  return out;
}

/// Appends the character at an offset, escaped or not; returns the offset after it.
uint32_t ParserImpl::unescapeOne(uint32_t at, uint32_t end, std::string &out) {
  llvm::StringRef text = source_.text();
  if (text[at] != '\\' || at + 1 >= end) {
    out += text[at];
    return at + 1;
  }
  switch (text[at + 1]) {
  case 'n':
    out += '\n';
    return at + 2;
  case 't':
    out += '\t';
    return at + 2;
  case '"':
  case '\\':
  case '{':
    out += text[at + 1];
    return at + 2;
  case 'u': {
    llvm::StringRef rest = text.slice(at + 2, end);
    size_t close = rest.find('}');
    uint32_t next = close == llvm::StringRef::npos ? at + 2 : at + 2 + close + 1;
    unsigned code = 0;
    char buffer[4], *to = buffer;
    bool valid = rest.starts_with("{") && close != llvm::StringRef::npos && close >= 2 && close <= 7 &&
                 !rest.slice(1, close).getAsInteger(16, code) &&
                 llvm::ConvertCodePointToUTF8(code, to);
    if (valid)
      out.append(buffer, to);
    else
      complain(diag::bad_unicode_escape, SourceRange{source_.id(), at, next})
          .help("for example `\\u{e9}` for é");
    return next;
  }
  default: {
    unsigned size = std::max(1u, llvm::getNumBytesForUTF8(llvm::UTF8(text[at + 1])));
    uint32_t next = std::min(end, at + 1 + size);
    complain(diag::bad_escape, SourceRange{source_.id(), at, next}, text.slice(at, next))
        .help("a string has `\\n \\t \\\" \\\\ \\{ \\u{…}`");
    return next;
  }
  }
}

void ParserImpl::parsePieces(const Token &token, llvm::SmallVectorImpl<StringPiece> &pieces) {
  uint32_t at = token.range.begin + 1, end = token.range.end - 1;
  std::string text;
  while (at < end) {
    if (source_.text()[at] != '{') {
      at = unescapeOne(at, end, text);
      continue;
    }
    StringPiece piece;
    piece.text = file_.copy(llvm::StringRef(text));
    text.clear();
    at = parsePiece(at, end, piece);
    pieces.push_back(piece);
  }
  StringPiece rest;
  rest.text = file_.copy(llvm::StringRef(text));
  pieces.push_back(rest);
}

/// `{expr}` or `{expr:format}` at `open`; returns the offset after the `}`.
uint32_t ParserImpl::parsePiece(uint32_t open, uint32_t end, StringPiece &piece) {
  llvm::StringRef text = source_.text();
  int depth = 0;
  uint32_t colon = 0, close = open + 1;
  for (; close < end; ++close) {
    char c = text[close];
    if (c == '(' || c == '[' || c == '{')
      ++depth;
    else if (c == '}' && depth == 0)
      break;
    else if (c == ')' || c == ']' || c == '}')
      --depth;
    else if (c == ':' && depth == 0 && !colon)
      colon = close;
  }
  if (close >= end) {
    auto builder = complain(diag::unclosed_interpolation, SourceRange{source_.id(), open, open + 1});
    builder.addHelp("a brace that stands for itself is written `\\{`; a string in it has no quotes of its own");
    piece.expr = file_.make<ErrorExpr>(SourceRange{source_.id(), open, end});
    return end;
  }
  uint32_t stop = colon ? colon : close;
  if (text.slice(open + 1, stop).trim().empty()) {
    complain(diag::empty_interpolation, SourceRange{source_.id(), open, close + 1})
        .help("a brace that stands for itself is written `\\{`");
    piece.expr = file_.make<ErrorExpr>(SourceRange{source_.id(), open, close + 1});
    return close + 1;
  }
  if (failed_) {
    piece.expr = errorExpr();
    return close + 1;
  }
  ParserImpl inner(source_, file_, diagnostics_, lex(source_, diagnostics_, open + 1, stop), depth_ + 1);
  inner.errors_ = errors_;
  piece.expr = inner.parseOnlyExpr();
  errors_ = inner.errors_;
  if (colon) {
    piece.specRange = {source_.id(), colon + 1, close};
    piece.spec = parseFormat(piece.specRange);
  }
  return close + 1;
}

FormatSpec ParserImpl::parseFormat(SourceRange range) {
  llvm::StringRef rest = source_.text().slice(range.begin, range.end), whole = rest;
  FormatSpec spec;
  auto number = [&](unsigned &value) {
    llvm::StringRef digits = rest.take_while(llvm::isDigit);
    rest = rest.drop_front(digits.size());
    return !digits.empty() && !digits.getAsInteger(10, value) && value <= 1000;
  };
  bool valid = !rest.empty();
  unsigned digits = 0;
  spec.zero = rest.consume_front("0");
  if (!rest.empty() && llvm::isDigit(rest[0]))
    valid &= number(spec.width);
  if (rest.consume_front(".")) {
    valid &= number(digits) && digits <= 100;
    spec.digits = digits;
  }
  if (!rest.empty() && llvm::StringRef("feg%").contains(rest[0])) {
    spec.form = rest[0];
    rest = rest.drop_front();
  }
  if (!valid || !rest.empty()) {
    complain(diag::bad_format, range, whole)
        .help("`{x:.3}` has three digits, `{n:03}` three places with zeros, `{x:.1%}` is a percentage");
    return {};
  }
  return spec;
}

} // namespace dlc::frontend
