// How diagnostics look.
#include "test/frontend/unit/Support.h"

namespace dlc::frontend::test {
namespace {

struct Shown {
  explicit Shown(llvm::StringRef text) : file(sources.add("model.dl", text)) {}
  SourceRange range(llvm::StringRef part, size_t from = 0) const {
    size_t at = file.text().find(part, from);
    return {file.id(), uint32_t(at), uint32_t(at + part.size())};
  }
  std::string render(unsigned limit = 20, bool colors = false) const {
    std::string out;
    llvm::raw_string_ostream stream(out);
    diagnostics.render(stream, {colors, limit});
    return out;
  }

  SourceManager sources;
  const SourceFile &file;
  DiagnosticEngine diagnostics{sources};
};

TEST(Rendering, LabelsNotesAndHelp) {
  Shown shown("let a = 1\nlet b = 2\nlet c = a + b\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("a + b"), "x")
      .label("both here")
      .label(shown.range("b ="), "the second")
      .note(shown.range("a ="), "the first")
      .note("a note without a place")
      .help("write it");
  EXPECT_EQ(shown.render(), "model.dl:3:9: error: unknown name `x`\n"
                            "   |\n"
                            " 2 | let b = 2\n"
                            "   |     --- the second\n"
                            " 3 | let c = a + b\n"
                            "   |         ^^^^^ both here\n"
                            "model.dl:1:5: note: the first\n"
                            "   |\n"
                            " 1 | let a = 1\n"
                            "   |     ^^^\n"
                            "note: a note without a place\n"
                            "help: write it\n"
                            "\n"
                            "1 error\n");
}

TEST(Rendering, TwoRangesOnOneLine) {
  Shown shown("let c = aa + bb\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("bb"), "x").label("right").label(shown.range("aa"), "left");
  EXPECT_EQ(shown.render(), "model.dl:1:14: error: unknown name `x`\n"
                            "   |\n"
                            " 1 | let c = aa + bb\n"
                            "   |         --   ^^ right\n"
                            "   |         left\n"
                            "\n"
                            "1 error\n");
}

TEST(Rendering, TabsAndWideCharacters) {
  Shown shown("\tlet 漢 = é + x\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("x"), "x");
  EXPECT_EQ(shown.render(), "model.dl:1:14: error: unknown name `x`\n"
                            "   |\n"
                            " 1 |     let 漢 = é + x\n"
                            "   |                  ^\n"
                            "\n"
                            "1 error\n");
}

TEST(Rendering, InvalidBytesAndControls) {
  Shown shown("a \xff\x01 x\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("x"), "x");
  EXPECT_NE(shown.render().find("1 | a \xEF\xBF\xBD\xEF\xBF\xBD x\n   |      ^\n"), std::string::npos) << shown.render();
}

TEST(Rendering, SeveralLinesAndTheEnd) {
  Shown shown("let c = (1,\n  2)\n");
  shown.diagnostics.report(diag::unknown_name, SourceRange{1, 8, 15}, "x");
  shown.diagnostics.report(diag::unknown_size, SourceRange{1, 17, 17}, "n");
  std::string rendered = shown.render();
  EXPECT_NE(rendered.find(" 1 | let c = (1,\n   |         ^^^\n"), std::string::npos) << rendered;
  EXPECT_NE(rendered.find("model.dl:3:1: error: unknown size `n`\n   |\n 3 |\n   | ^\n"), std::string::npos) << rendered;
}

TEST(Rendering, LongLinesAreCut) {
  std::string text = "const a = [" + std::string(100000, ' ') + "xx]";
  Shown shown(text);
  shown.diagnostics.report(diag::unknown_name, shown.range("xx"), "xx");
  std::string rendered = shown.render();
  EXPECT_LT(rendered.size(), 600u);
  EXPECT_NE(rendered.find("xx]\n"), std::string::npos) << rendered;
  EXPECT_NE(rendered.find("^^\n"), std::string::npos) << rendered;
}

TEST(Rendering, SortedByPlaceAndOncePerMessage) {
  Shown shown("aa bb\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("bb"), "bb");
  shown.diagnostics.report(diag::unknown_name, shown.range("aa"), "aa");
  for (int i = 0; i < 47; ++i)
    shown.diagnostics.report(diag::unknown_name, shown.range("bb"), "bb");
  std::string rendered = shown.render();
  EXPECT_LT(rendered.find("`aa`"), rendered.find("`bb`"));
  EXPECT_NE(rendered.find("note: and in 47 more places\n"), std::string::npos) << rendered;
  EXPECT_EQ(shown.diagnostics.errorCount(), 2u);
}

TEST(Rendering, WarningsAreNoErrors) {
  Shown shown("aa bb\n");
  shown.diagnostics.report(diag::never_called, shown.range("bb"), "bb");
  EXPECT_FALSE(shown.diagnostics.hasErrors());
  EXPECT_NE(shown.render().find("model.dl:1:4: warning: `bb` is never called"), std::string::npos);
  EXPECT_NE(shown.render().find("\n1 warning\n"), std::string::npos);
}

TEST(Rendering, ColoursOnlyWhenTold) {
  Shown shown("aa bb\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("bb"), "bb").help("x");
  EXPECT_EQ(shown.render().find('\x1b'), std::string::npos);
  EXPECT_NE(shown.render(20, true).find('\x1b'), std::string::npos);
}

TEST(Rendering, OtherFilesAreNotes) {
  Shown shown("aa\n");
  const SourceFile &other = shown.sources.add("other.dl", "bb\n");
  shown.diagnostics.report(diag::unknown_name, shown.range("aa"), "aa").label(SourceRange{other.id(), 0, 2}, "there");
  EXPECT_NE(shown.render().find("other.dl:1:1: note: there\n   |\n 1 | bb\n"), std::string::npos) << shown.render();
}

} // namespace
} // namespace dlc::frontend::test
