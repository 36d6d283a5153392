// Sizes as text.
#include "ir/SizeParser.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using llvm::StringRef;

namespace dlc::ir {

static bool startsWord(char c) { return llvm::isAlpha(c) || c == '_'; }
static bool continuesWord(char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; }

static bool isPlainName(StringRef name) {
  if (name.empty() || !startsWord(name.front()) || !llvm::all_of(name, continuesWord))
    return false;
  return !llvm::StringSwitch<bool>(name).Cases({"floordiv", "mod", "min", "max", "overflow"}, true).Default(false);
}

static void printAtom(const SizeAtom &atom, llvm::raw_ostream &os) {
  if (atom.kind == SizeAtom::Symbol) {
    if (isPlainName(atom.name)) {
      os << atom.name;
    } else {
      os << '"';
      llvm::printEscapedString(atom.name, os);
      os << '"';
    }
    return;
  }
  os << (atom.kind == SizeAtom::FloorDiv ? "floordiv(" : atom.kind == SizeAtom::Min ? "min(" : "max(");
  atom.a.print(os);
  os << ", ";
  atom.b.print(os);
  os << ')';
}

static void printTerm(const SizeTerm &term, uint64_t magnitude, llvm::raw_ostream &os) {
  llvm::ListSeparator star("*");
  if (magnitude != 1 || term.factors.empty())
    os << star << magnitude;
  for (const SizeFactor &factor : term.factors)
    for (int64_t i = 0; i < factor.power; ++i) {
      os << star;
      printAtom(*factor.atom, os);
    }
}

void SizeExpr::print(llvm::raw_ostream &os) const {
  if (value->overflow) {
    os << "overflow";
    return;
  }
  if (value->terms.empty())
    os << '0';
  bool first = true;
  for (const SizeTerm &term : value->terms) {
    bool negative = term.coefficient < 0;
    os << (first ? (negative ? "-" : "") : (negative ? " - " : " + "));
    printTerm(term, negative ? 0 - uint64_t(term.coefficient) : uint64_t(term.coefficient), os);
    first = false;
  }
}

std::string SizeExpr::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  print(os);
  return text;
}

namespace {

class StringSource {
public:
  explicit StringSource(StringRef text) : rest(text.ltrim()) {}
  bool atEnd() const { return rest.empty(); }

  bool take(char c) {
    if (!rest.starts_with(StringRef(&c, 1)))
      return false;
    advance(1);
    return true;
  }
  std::optional<int64_t> number() {
    size_t length = rest.find_if_not(llvm::isDigit);
    length = std::min(length, rest.size());
    int64_t value;
    if (length == 0 || rest.take_front(length).getAsInteger(10, value))
      return std::nullopt;
    advance(length);
    return value;
  }
  std::optional<std::string> word() {
    if (rest.empty() || !startsWord(rest.front()))
      return std::nullopt;
    size_t length = std::min(rest.find_if_not(continuesWord), rest.size());
    std::string text = rest.take_front(length).str();
    advance(length);
    return text;
  }
  /// With the escapes that MLIR's strings have.
  std::optional<std::string> quoted() {
    if (!rest.starts_with("\""))
      return std::nullopt;
    std::string text;
    for (size_t i = 1; i < rest.size(); ++i) {
      if (rest[i] == '"') {
        advance(i + 1);
        return text;
      }
      if (rest[i] != '\\') {
        text += rest[i];
        continue;
      }
      StringRef code = rest.substr(i + 1, 2);
      if (code.empty())
        return std::nullopt;
      if (size_t at = StringRef("\\\"nt").find(code[0]); at != StringRef::npos) {
        text += "\\\"\n\t"[at];
        i += 1;
      } else if (code.size() == 2 && llvm::isHexDigit(code[0]) && llvm::isHexDigit(code[1])) {
        text += char(llvm::hexFromNibbles(code[0], code[1]));
        i += 2;
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

private:
  void advance(size_t length) { rest = rest.drop_front(length).ltrim(); }
  StringRef rest;
};

} // namespace

std::optional<SizeExpr> SizeExpr::parse(StringRef text) {
  StringSource source(text);
  std::optional<SizeExpr> size = SizeParser<StringSource>(source).sum();
  return size && source.atEnd() ? size : std::nullopt;
}

} // namespace dlc::ir
