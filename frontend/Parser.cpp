// What all parts of the parser share: expectations, errors and how it goes on after one.
#include "frontend/ParserImpl.h"
#include "frontend/Syntax.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/Twine.h"

namespace dlc::frontend {

using namespace ast;

std::unique_ptr<File> parse(const SourceFile &source, DiagnosticEngine &diagnostics) {
  auto file = std::make_unique<File>(source);
  if (source.text().size() > maxFileSize) {
    diagnostics.report(diag::file_too_large, SourceRange{source.id(), 0, 0}, source.path());
    file->setErrors();
    return file;
  }
  unsigned before = diagnostics.errorCount();
  ParserImpl(source, *file, diagnostics, lex(source, diagnostics)).parseFile();
  if (diagnostics.errorCount() != before)
    file->setErrors();
  return file;
}

std::unique_ptr<File> parseFile(SourceManager &sources, llvm::StringRef path,
                                DiagnosticEngine &diagnostics) {
  std::string error;
  const SourceFile *source = sources.load(path, error);
  if (!source) {
    diagnostics.report(diag::cannot_read_file, SourceRange(), path, error);
    return nullptr;
  }
  return parse(*source, diagnostics);
}

std::string ParserImpl::found() const {
  const Token &token = peek();
  switch (token.kind) {
  case TK::EndOfFile:
    return inString_ ? "`}`" : describe(token.kind).str();
  case TK::Name:
  case TK::Integer:
  case TK::Float:
    return ("`" + text(token) + "`").str();
  default:
    return describe(token.kind).str();
  }
}

bool ParserImpl::expect(TK kind, llvm::StringRef what) {
  if (accept(kind))
    return true;
  failExpected(what);
  return false;
}

bool ParserImpl::expectWord(llvm::StringRef word) {
  if (acceptWord(word))
    return true;
  failExpected(("`" + word + "`").str());
  return false;
}

void ParserImpl::expectClose(TK kind, const Token &open) {
  if (accept(kind) || failed_)
    return;
  std::string closer = describe(kind).trim('`').str();
  std::string opener = describe(open.kind).str();
  if (at(TK::RightParen) || at(TK::RightBracket) || (at(TK::RightBrace) && kind != TK::RightBrace)) {
    fail(diag::mismatched_bracket, peek().range, describe(peek().kind).trim('`'), describe(open.kind).trim('`'))
        .label(open.range, fmt::format("this {} needs a `{}`", opener, closer));
    return;
  }
  if (peek().startsLine || at(TK::EndOfFile) || kind == TK::RightBrace) {
    fail(diag::unclosed_bracket, expectedAt(), closer, found())
        .label(open.range, fmt::format("this {} is not closed", opener));
    return;
  }
  auto builder = fail(diag::expected, peek().range, fmt::format("`,` or `{}`", closer), found());
  builder.addLabel(open.range, fmt::format("in the brackets opened here"));
  if (at(TK::Equal))
    builder.addHelp("a labelled argument is written `label: value`; a comparison is `==`");
  if ((at(TK::LeftParen) || at(TK::LeftBracket)) && !peek().touches)
    builder.addHelp(fmt::format("the {} of a call or an index touches what it applies to", describe(peek().kind)));
}

Identifier ParserImpl::takeName() {
  const Token &token = take();
  return {text(token), token.range};
}

Identifier ParserImpl::expectName(llvm::StringRef what) {
  if (!failed_ && at(TK::Name))
    return takeName();
  if (!failed_ && isKeyword(peek().kind) && !newLine()) {
    complain(diag::reserved_word, peek().range, text(peek()))
        .help("choose another name, such as `" + text(peek()).str() + "_`");
    return takeName();
  }
  failExpected(what);
  return {"", last().after()};
}

/// True for a token that can only begin a declaration or a statement: the end of what was not closed.
bool ParserImpl::isBoundary(const Token &token) const {
  if (!token.startsLine)
    return false;
  switch (token.kind) {
  case TK::KwLet:
  case TK::KwVar:
  case TK::KwMinimize:
  case TK::KwUpdate:
  case TK::KwRequire:
  case TK::KwConst:
  case TK::KwParam:
  case TK::KwState:
  case TK::KwData:
  case TK::KwModel:
  case TK::KwModule:
  case TK::KwOptimizer:
  case TK::KwFn:
  case TK::KwImport:
  case TK::KwExport:
    return true;
  case TK::Name: {
    bool first = token.range.begin == 0 || source_.text()[token.range.begin - 1] == '\n';
    llvm::StringRef word = text(token);
    return first && (word == "train" || word == "test");
  }
  default:
    return false;
  }
}

/// Rule 1: a line that begins with one of these goes on with the statement before.
bool ParserImpl::continuesLine(const Token &token) const {
  switch (token.kind) {
  case TK::PipeArrow:
  case TK::Dot:
  case TK::KwElse:
  case TK::KwAnd:
  case TK::KwOr:
  case TK::EqualEqual:
  case TK::NotEqual:
  case TK::Less:
  case TK::LessEqual:
  case TK::Greater:
  case TK::GreaterEqual:
  case TK::DotDot:
  case TK::Plus:
  case TK::Star:
  case TK::Slash:
  case TK::Percent:
  case TK::At:
    return true;
  default:
    return false;
  }
}

void ParserImpl::synchronize(size_t statementBegin) {
  llvm::SmallVector<TK, 16> open(failDepth_ > bracketDepth_ ? failDepth_ - bracketDepth_ : 0,
                                 TK::LeftParen);
  failed_ = false;
  failDepth_ = 0;
  if (errors_ > maxErrors)
    at_ = list_.tokens.size() - 1;
  for (; !at(TK::EndOfFile); take()) {
    const Token &token = peek();
    if (at_ > statementBegin) {
      if (isBoundary(token))
        return;
      if (open.empty() && token.startsLine && !continuesLine(token))
        return;
    }
    switch (token.kind) {
    case TK::Semicolon:
      if (open.empty())
        return;
      break;
    case TK::LeftParen:
    case TK::LeftBracket:
      open.push_back(TK::LeftParen);
      break;
    case TK::LeftBrace:
      open.push_back(TK::LeftBrace);
      break;
    case TK::RightParen:
    case TK::RightBracket:
      if (!open.empty() && open.back() == TK::LeftParen)
        open.pop_back();
      break;
    case TK::RightBrace:
      while (!open.empty() && open.back() == TK::LeftParen)
        open.pop_back();
      if (open.empty())
        return;
      open.pop_back();
      break;
    default:
      break;
    }
  }
}

bool ParserImpl::recoverToBlock() {
  if (!failed_)
    return true;
  unsigned depth = failDepth_ > bracketDepth_ ? failDepth_ - bracketDepth_ : 0;
  for (size_t i = at_; i < list_.tokens.size(); ++i) {
    const Token &token = list_.tokens[i];
    if (i > at_ && (isBoundary(token) || (depth == 0 && token.startsLine)))
      return false;
    switch (token.kind) {
    case TK::LeftParen:
    case TK::LeftBracket:
      ++depth;
      break;
    case TK::RightParen:
    case TK::RightBracket:
      depth -= depth != 0;
      break;
    case TK::RightBrace:
    case TK::Semicolon:
    case TK::EndOfFile:
      return false;
    case TK::LeftBrace:
      if (depth)
        return false;
      at_ = i;
      failed_ = false;
      return errors_ <= maxErrors;
    default:
      break;
    }
  }
  return false;
}

llvm::StringRef foreignWordHint(llvm::StringRef word) {
  return llvm::StringSwitch<llvm::StringRef>(word)
      .Cases({"while", "loop", "until", "repeat_until", "do"},
             "every loop has a bound: `for i in 0..limit { …; break if done }`")
      .Case("return", "the value of a block is its last expression")
      .Cases({"class", "struct", "interface", "trait", "impl", "enum", "type"},
             "parameters, state and functions stand in a `module Name(…) { … }`")
      .Cases({"def", "func", "function", "fun", "fn_", "lambda"},
             "a function is `fn name(x: f32[n]) { … }`, without a name `|x| e`")
      .Cases({"try", "catch", "except", "raise", "throw", "assert"},
             "there are no exceptions; `require condition, \"text\"` stops with a message")
      .Cases({"continue", "pass"}, "put what is left out into an `if`")
      .Cases({"elif", "elsif", "elseif"}, "write `else if`")
      .Cases({"switch", "match", "case"}, "write `if a { … } else if b { … } else { … }`")
      .Cases({"from", "include", "using", "use", "require_file"}, "write `import file: name`")
      .Cases({"val", "auto", "local", "final"}, "a value is `let`, what is assigned later `var`")
      .Cases({"global", "nonlocal", "static"}, "what lives longer than a block is `state`")
      .Case("async", "nothing in a program speaks of threads")
      .Case("macro", "there are no macros; functions are compile-time values")
      .Default("");
}

} // namespace dlc::frontend
