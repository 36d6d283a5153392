// No input ends in a crash or a hang: the examples with tokens lost, doubled and swapped, and with bytes changed.
#include "frontend/Lexer.h"
#include "test/frontend/unit/Support.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <random>

namespace dlc::frontend::test {
namespace {

std::vector<std::string> examples() {
  std::vector<std::string> texts;
  std::error_code error;
  std::vector<std::string> paths;
  for (llvm::sys::fs::recursive_directory_iterator it(DLC_EXAMPLES, error), end; !error && it != end; it.increment(error))
    if (llvm::StringRef(it->path()).ends_with(".dl"))
      paths.push_back(it->path());
  std::sort(paths.begin(), paths.end());
  for (const std::string &path : paths)
    if (auto buffer = llvm::MemoryBuffer::getFile(path))
      texts.push_back((*buffer)->getBuffer().str());
  return texts;
}

/// Everything that the text half does with a program; its neighbours are the examples themselves.
void run(const std::string &text) {
  SourceManager sources;
  DiagnosticEngine diagnostics(sources);
  StdLibrary library(libraryNames(), {}, {});
  Program program(sources, library, diagnostics);
  program.loadText(std::string(DLC_EXAMPLES) + "/mutant.dl", text);
  std::string out;
  llvm::raw_string_ostream stream(out);
  printAst(program.main().tree(), sources, stream);
  diagnostics.render(stream);
  for (const Diagnostic *diagnostic : diagnostics.sorted()) {
    ASSERT_TRUE(diagnostic->range.isValid());
    ASSERT_LE(diagnostic->range.begin, diagnostic->range.end);
    ASSERT_LE(diagnostic->range.end, sources.file(diagnostic->range.file).text().size());
  }
}

TEST(Fuzz, ExamplesAreWithoutErrors) {
  ASSERT_GE(examples().size(), 11u);
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(DLC_EXAMPLES, error), end; !error && it != end; it.increment(error)) {
    if (!llvm::StringRef(it->path()).ends_with(".dl"))
      continue;
    SourceManager sources;
    DiagnosticEngine diagnostics(sources);
    StdLibrary library(libraryNames(), {}, {});
    Program program(sources, library, diagnostics);
    ASSERT_TRUE(program.load(it->path()));
    std::string out;
    llvm::raw_string_ostream stream(out);
    diagnostics.render(stream);
    EXPECT_EQ(out, "") << it->path();
  }
}

TEST(Fuzz, TokensLostDoubledSwapped) {
  std::vector<std::string> texts = examples();
  std::mt19937 random(1);
  for (int seed = 0; seed < 2000; ++seed) {
    const std::string &text = texts[random() % texts.size()];
    SourceManager sources;
    DiagnosticEngine diagnostics(sources);
    TokenList list = lex(sources.add("m.dl", text), diagnostics);
    auto at = [&] { return list.tokens[random() % list.tokens.size()].range; };
    SourceRange a = at(), b = at();
    std::string mutant = text;
    switch (random() % 3) {
    case 0:
      mutant.erase(a.begin, a.end - a.begin);
      break;
    case 1:
      mutant.insert(a.end, " " + text.substr(a.begin, a.end - a.begin));
      break;
    default:
      if (b.begin < a.begin)
        std::swap(a, b);
      mutant = text.substr(0, a.begin) + text.substr(b.begin, b.end - b.begin) +
               (b.begin > a.end ? text.substr(a.end, b.begin - a.end) : "") + text.substr(a.begin, a.end - a.begin) +
               text.substr(b.end);
    }
    ASSERT_NO_FATAL_FAILURE(run(mutant)) << seed << "\n" << mutant;
  }
}

TEST(Fuzz, Bytes) {
  std::vector<std::string> texts = examples();
  std::mt19937 random(2);
  static const char spice[] = "(){}[]|\"\\.:,;=+-*/%@<>!?&#'_ \n\t\r09azAZ\xff\xc3\xe2\x00";
  for (int seed = 0; seed < 2000; ++seed) {
    std::string mutant = texts[random() % texts.size()];
    for (unsigned n = 1 + random() % 8; n > 0; --n) {
      size_t at = random() % (mutant.size() + 1);
      char c = spice[random() % (sizeof spice)];
      switch (random() % 3) {
      case 0:
        mutant.insert(mutant.begin() + at, c);
        break;
      case 1:
        if (at < mutant.size())
          mutant[at] = c;
        break;
      default:
        mutant.erase(at, random() % 20);
      }
    }
    ASSERT_NO_FATAL_FAILURE(run(mutant)) << seed;
  }
}

TEST(Fuzz, CutOffAnywhere) {
  for (const std::string &text : examples())
    for (size_t length = 0; length < text.size(); length += 7)
      ASSERT_NO_FATAL_FAILURE(run(text.substr(0, length))) << text.substr(0, length);
}

TEST(Fuzz, NothingButPunctuation) {
  std::mt19937 random(3);
  static const char *const words[] = {"(", ")", "[", "]", "{", "}", "|", ",", ":", ";", "\n", "fn", "let", "if", "else", "for",
                                      "in", "x", "=", "+", "-", "1", "\"{x}\"", ".", "...", "module", "train", "on", "as",
                                      "minimize", "over", "with", "report", "state", "param", "|>", "not", "print("};
  for (int seed = 0; seed < 2000; ++seed) {
    std::string text;
    for (unsigned n = random() % 60; n > 0; --n)
      text += std::string(words[random() % std::size(words)]) + (random() % 3 ? " " : "");
    ASSERT_NO_FATAL_FAILURE(run(text)) << text;
  }
}

TEST(Fuzz, LargeInputsAreFast) {
  // Each would take minutes if anything were quadratic.
  std::string unclosed, unknown, strings, lets = "test {\n";
  for (int i = 0; i < 200000; ++i) {
    unclosed += "if (((\n";
    unknown += fmt::format("const a{} = b{}\n", i, i);
    strings += "'a\n";
    lets += fmt::format("  let a{} = a{}\n", i, i);
  }
  for (const std::string &text : {"test {\n" + unclosed, unclosed, unknown, strings, lets + "}\n"})
    ASSERT_NO_FATAL_FAILURE(run(text));
}

} // namespace
} // namespace dlc::frontend::test
