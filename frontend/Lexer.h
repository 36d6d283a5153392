// From text to tokens. Line ends are no tokens: a token knows whether it starts a line and whether it touches the one
// before, which is all that rule 1 needs.
#pragma once

#include "frontend/Diagnostics.h"
#include "frontend/Source.h"

namespace dlc::frontend {

enum class TokenKind : uint8_t {
  EndOfFile,
  Error, ///< reported already
  Name,
  Integer,
  Float,
  String,
#define DLC_KEYWORD(WORD, ID) Kw##ID,
#define DLC_PUNCTUATION(TEXT, ID) ID,
#include "frontend/Tokens.def"
};

/// `(`, `let` … for the fixed tokens, "a name" … for the others.
llvm::StringRef describe(TokenKind kind);
bool isKeyword(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::EndOfFile;
  /// No space, line end or comment before it.
  bool touches = false;
  /// The first token of its line.
  bool startsLine = false;
  SourceRange range;
};

/// The `///` lines above a declaration, by the index of the token that follows them.
struct DocComment {
  uint32_t token;
  llvm::StringRef text;
};

struct TokenList {
  /// Ends with EndOfFile.
  std::vector<Token> tokens;
  std::vector<DocComment> docs;
};

/// Lexes the bytes [begin, end) of a text; the whole text by default. Errors are reported and become Error tokens.
TokenList lex(const SourceFile &source, DiagnosticEngine &diagnostics, uint32_t begin = 0,
              uint32_t end = ~0u);

} // namespace dlc::frontend
