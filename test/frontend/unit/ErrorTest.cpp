// Every diagnostic of the text half, and what one run says about a program with several mistakes.
#include "test/frontend/unit/Support.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

namespace dlc::frontend::test {
namespace {

const std::map<std::string, std::string> others = {{"other.dl", "const width = 3\nconst size = 4\nfn f(x) { x }\n"}};

class CaseTest : public testing::TestWithParam<const Case *> {};

TEST_P(CaseTest, IsSaidOnceAtItsPlace) {
  const Case &c = *GetParam();
  Checked checked(c.program, others);
  std::string rendered = checked.rendered();
  SCOPED_TRACE(rendered);
  std::vector<std::string> expected = {fmt::format("{} {}", c.id, c.place)};
  ASSERT_EQ(checked.ids(), expected) << c.program;
  const Diagnostic *diagnostic = checked.diagnostics.sorted().front();
  EXPECT_NE(diagnostic->message.find(c.message), std::string::npos) << diagnostic->message;
  std::string helps;
  for (const std::string &help : diagnostic->helps)
    helps += help + "\n";
  EXPECT_NE(helps.find(c.help), std::string::npos) << helps;
  if (*c.help == '\0')
    return;
  EXPECT_NE(rendered.find("help: "), std::string::npos);
}

std::vector<const Case *> allCases() {
  std::vector<const Case *> cases;
  for (const Case &c : errorCases())
    cases.push_back(&c);
  for (const Case &c : nameCases())
    cases.push_back(&c);
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Diagnostics, CaseTest, testing::ValuesIn(allCases()),
                         [](const testing::TestParamInfo<const Case *> &info) {
                           return fmt::format("{}_{}", info.param->id, info.index);
                         });

TEST(Diagnostics, EachHasACase) {
  static const char *const own[] = {
#define DLC_OWN_DIAGNOSTICS_ONLY
#define DLC_DIAGNOSTIC(ID, SEVERITY, PATTERN) #ID,
#include "frontend/Diagnostics.def"
  };
  std::set<std::string> covered;
  for (const Case *c : allCases())
    covered.insert(c->id);
  // Shown by tests of their own: they need a file that is not there, or a text too long for a table.
  covered.insert({"cannot_read_file", "file_too_large", "too_deep"});
  for (const char *id : own)
    EXPECT_TRUE(covered.count(id)) << id << " has no test";
  for (const std::string &id : covered)
    EXPECT_TRUE(llvm::is_contained(own, id)) << id << " is no diagnostic";
}

TEST(Diagnostics, FollowTheStyle) {
  for (const DiagnosticInfo &info : allDiagnostics()) {
    llvm::StringRef pattern = info.pattern;
    EXPECT_FALSE(pattern.ends_with(".") && !pattern.ends_with("...")) << info.id;
    EXPECT_FALSE(pattern[0] >= 'A' && pattern[0] <= 'Z') << info.id;
  }
}

TEST(Errors, MissingFile) {
  SourceManager sources(std::make_unique<MemoryLoader>());
  DiagnosticEngine diagnostics(sources);
  EXPECT_EQ(parseFile(sources, "gone.dl", diagnostics), nullptr);
  std::string out;
  llvm::raw_string_ostream stream(out);
  diagnostics.render(stream);
  EXPECT_EQ(out, "error: cannot read `gone.dl`: No such file or directory\n\n1 error\n");
}

TEST(Errors, HugeFile) {
  SourceManager sources;
  DiagnosticEngine diagnostics(sources);
  std::string text(maxFileSize + 1, '\n');
  auto file = parse(sources.add("huge.dl", text), diagnostics);
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(diagnostics.errorCount(), 1u);
  EXPECT_STREQ(diagnostics.sorted().front()->info->id, "file_too_large");
}

TEST(Errors, SeveralInOneRun) {
  Checked checked("const a = maen([1])\n"
                  "let b = 2\n"
                  "module M {\n"
                  "  weight = (1 + \n"
                  "  fn (x: f32[B]) -> f32[B] { x & weight }\n"
                  "}\n"
                  "train(steps: ) {\n"
                  "  let y = max(1, 2\n"
                  "  let z = y ** 2\n"
                  "  debug(zz_top)\n"
                  "}\n");
  std::vector<std::string> expected = {
      "unknown_name 1:11",   "statement_at_file_level 2:1", "expected 4:16", "wrong_operator 5:32",
      "expected 7:14",       "unclosed_bracket 8:19",       "wrong_operator 9:13", "unknown_name 10:9",
  };
  EXPECT_EQ(checked.ids(), expected) << checked.rendered();
}

TEST(Errors, AtMostTwentyAndACount) {
  std::string program = "test {\n";
  for (int i = 0; i < 30; ++i)
    program += fmt::format("  debug(qqqq{})\n", i);
  Checked checked(program + "}\n");
  std::string rendered = checked.rendered();
  EXPECT_NE(rendered.find("and 10 more errors\n30 errors\n"), std::string::npos) << rendered;
  EXPECT_NE(rendered.find("qqqq19"), std::string::npos);
  EXPECT_EQ(rendered.find("qqqq20"), std::string::npos);
}

TEST(Errors, ImportCycleNamesTheWay) {
  Checked checked("import a\nconst x = a.x\n", {{"a.dl", "import b\nconst x = b.x\n"},
                                                {"b.dl", "import a\nconst x = a.x\n"}});
  EXPECT_EQ(checked.ids(), std::vector<std::string>{"import_cycle 1:8"}) << checked.rendered();
  EXPECT_NE(checked.rendered().find("a.dl:1:8: note: by way of this import"), std::string::npos) << checked.rendered();
}

TEST(Errors, OfAnImportedFileAreReportedThere) {
  Checked checked("import a\nconst x = a.y\n", {{"a.dl", "const x = (1\n"}});
  EXPECT_EQ(checked.ids(), std::vector<std::string>{"unclosed_bracket 1:13"});
  EXPECT_NE(checked.rendered().find("a.dl:1:13: error"), std::string::npos);
}

bool isTooDeep(const Checked &checked) {
  return llvm::any_of(checked.ids(), [](llvm::StringRef id) { return id.starts_with("too_deep "); });
}

// What would overflow the stack of a careless parser.
class DeepTest : public testing::TestWithParam<std::pair<const char *, const char *>> {};

TEST_P(DeepTest, IsAnErrorNotACrash) {
  auto [repeated, end] = GetParam();
  std::string program = "const x = 1\nfn f(y) { y }\nconst a = ";
  for (int i = 0; i < 100000; ++i)
    program += repeated;
  Checked checked(program + end + "\nconst b = maen([1])\n");
  std::vector<std::string> ids = checked.ids();
  ASSERT_FALSE(ids.empty());
  EXPECT_TRUE(isTooDeep(checked)) << ids.front();
  // Whatever is skipped, the next declaration is seen.
  EXPECT_EQ(ids.back(), "unknown_name 4:11");
}

INSTANTIATE_TEST_SUITE_P(Nesting, DeepTest,
                         testing::Values(std::pair("(", ""), std::pair("[", ""), std::pair("1 + ", "1"),
                                         std::pair("- ", "1"), std::pair("not ", "true"), std::pair("f(", "1"),
                                         std::pair("|x| ", "1"), std::pair("{ ", "1"), std::pair("x |> ", "f"),
                                         std::pair("if x { x } else ", "{ x }"), std::pair("x[", "1"),
                                         std::pair("true and ", "true"),
                                         std::pair("for i in x { ", "1"), std::pair("(1, ", "2")));

TEST(Errors, DeepPostfixAndTypes) {
  std::string chain = "const a = f";
  for (int i = 0; i < 100000; ++i)
    chain += ".f";
  EXPECT_TRUE(isTooDeep(Checked(chain)));
  std::string type = "param w: ";
  for (int i = 0; i < 100000; ++i)
    type += "[";
  EXPECT_TRUE(isTooDeep(Checked(type)));
  std::string pattern = "data ";
  for (int i = 0; i < 100000; ++i)
    pattern += "(";
  EXPECT_TRUE(isTooDeep(Checked(pattern)));
  std::string foreign = "const a = ";
  for (int i = 0; i < 100000; ++i)
    foreign += "1 && ";
  EXPECT_EQ(Checked(foreign + "1").ids().front(), "wrong_operator 1:13");
  std::string members = "module M {\n";
  for (int i = 0; i < 100000; ++i)
    members += "if a {\n";
  EXPECT_TRUE(isTooDeep(Checked(members)));
}

} // namespace
} // namespace dlc::frontend::test
