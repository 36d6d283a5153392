#include "frontend/Lexer.h"

#include "gtest/gtest.h"

namespace dlc::frontend {
namespace {

struct Lexed {
  explicit Lexed(llvm::StringRef text) : source(sources.add("a.dl", text)), list(lex(source, diagnostics)) {}

  SourceManager sources;
  DiagnosticEngine diagnostics{sources};
  const SourceFile &source;
  TokenList list;

  /// The texts, with `^` before a token that starts a line and `~` before one that touches the last.
  std::string spell() const {
    std::string out;
    for (const Token &token : list.tokens) {
      if (token.kind == TokenKind::EndOfFile)
        break;
      if (!out.empty())
        out += ' ';
      out += token.startsLine ? "^" : token.touches ? "~" : "";
      out += sources.text(token.range);
    }
    return out;
  }
};

TEST(Lexer, TouchesAndStartsALine) {
  EXPECT_EQ(Lexed("f(x) (y)\n  [z]").spell(), "^f ~( ~x ~) ( ~y ~) ^[ ~z ~]");
  EXPECT_EQ(Lexed("a // note\nb").spell(), "^a ^b");
}

TEST(Lexer, AfterADotOnlyDigitsAreRead) {
  EXPECT_EQ(Lexed("net.0.1").spell(), "^net ~. ~0 ~. ~1");
  EXPECT_EQ(Lexed("f(x).0").spell(), "^f ~( ~x ~) ~. ~0");
  EXPECT_EQ(Lexed("net.layers.0.weight").spell(), "^net ~. ~layers ~. ~0 ~. ~weight");
  EXPECT_EQ(Lexed("t.data.0").spell(), "^t ~. ~data ~. ~0");
}

TEST(Lexer, RangesAndNumbers) {
  EXPECT_EQ(Lexed("0..12").spell(), "^0 ~.. ~12");
  EXPECT_EQ(Lexed("1.5e-3 1e3 10_000 4.0/3").spell(), "^1.5e-3 1e3 10_000 4.0 ~/ ~3");
  Lexed lexed("1.5e-3 1e3 10_000");
  EXPECT_EQ(lexed.list.tokens[0].kind, TokenKind::Float);
  EXPECT_EQ(lexed.list.tokens[1].kind, TokenKind::Float);
  EXPECT_EQ(lexed.list.tokens[2].kind, TokenKind::Integer);
}

TEST(Lexer, LongestPunctuationFirst) {
  EXPECT_EQ(Lexed("a|>b->c<=d...e").spell(), "^a ~|> ~b ~-> ~c ~<= ~d ~... ~e");
  EXPECT_EQ(Lexed("||").spell(), "^| ~|");
}

TEST(Lexer, LineEndsAndMarks) {
  EXPECT_EQ(Lexed("\xEF\xBB\xBF" "a\r\n\tb\r\n").spell(), "^a ^b");
  Lexed lexed("\xEF\xBB\xBF" "a\r\n\tb\r\n");
  EXPECT_EQ(lexed.sources.begin(lexed.list.tokens[0].range), (LineColumn{1, 1}));
  EXPECT_EQ(lexed.sources.begin(lexed.list.tokens[1].range), (LineColumn{2, 2}));
  EXPECT_FALSE(lexed.diagnostics.hasErrors());
}

TEST(Lexer, ColumnsAreCharacters) {
  Lexed lexed("\"é漢\" x");
  EXPECT_EQ(lexed.sources.begin(lexed.list.tokens[1].range), (LineColumn{1, 6}));
}

TEST(Lexer, DocComments) {
  Lexed lexed("/// One.\n/// Two.\nfn f() { 1 }\n// plain\n//// plain\nfn g() { 2 }\n");
  ASSERT_EQ(lexed.list.docs.size(), 2u);
  EXPECT_EQ(lexed.list.docs[0].text, "One.");
  EXPECT_EQ(lexed.list.docs[1].token, 0u);
}

TEST(Lexer, EmptyTexts) {
  EXPECT_EQ(Lexed("").list.tokens.size(), 1u);
  EXPECT_EQ(Lexed("\n\n// only a comment").list.tokens.size(), 1u);
}

} // namespace
} // namespace dlc::frontend
