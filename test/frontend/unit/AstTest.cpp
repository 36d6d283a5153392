// The tree, as the `ast` stage prints it.
#include "test/frontend/unit/Support.h"

namespace dlc::frontend::test {
namespace {

/// The tree without ranges.
std::string tree(llvm::StringRef text) {
  Checked checked(text);
  std::string out;
  std::string printed = checked.ast();
  llvm::StringRef rest = printed;
  while (!rest.empty()) {
    auto [line, next] = rest.split('\n');
    size_t at = line.rfind(" <");
    out += (line.ends_with(">") && at != llvm::StringRef::npos ? line.take_front(at) : line).str() + "\n";
    rest = next;
  }
  return out;
}

/// The statements of a function's body, each as its source text, joined with ` ; `.
std::string statements(llvm::StringRef body) {
  Checked checked(("fn f(a, b, c, x, y, z, f, g, xs) {\n" + body + "\n}\n").str());
  for (const Diagnostic *d : checked.diagnostics.sorted())
    if (d->isError())
      return checked.rendered();
  const auto *function = llvm::cast<ast::FunctionDecl>(checked.file().tree().items().front());
  std::string out;
  for (const ast::Stmt *statement : function->body->statements)
    out += (out.empty() ? "" : " ; ") + checked.sources.text(statement->range()).str();
  return out;
}

TEST(Ast, Ranges) {
  Checked checked("const a = f32(1) + 2\n");
  EXPECT_EQ(checked.ast(), "file \"program.dl\"\n"
                           "  value const a <1:1-1:21>\n"
                           "    binary + <1:11-1:21>\n"
                           "      call <1:11-1:17>\n"
                           "        name f32 <1:11-1:14>\n"
                           "        argument: number 1 <1:15-1:16>\n"
                           "      number 2 <1:20-1:21>\n");
}

TEST(Ast, EveryDeclaration) {
  EXPECT_EQ(tree("import a.b: c, d\n"
                 "param w: f32[2, n] stored [n, 2] = 0\n"
                 "data (s, t: rows (x: f32[?])) = csv(\"a.csv\")\n"
                 "load m from \"w\", names: [], under: \"net\"\n"
                 "optimizer o(lr: f32 = 1) (w, g, touched: bool[N]) { w -= lr * g }\n"
                 "export fn f(x: f32[...S]) -> stream str { emit x }\n"
                 "train one(batch: 32) on s as (x, _) {\n"
                 "  each epoch { stop }\n"
                 "  at end { }\n"
                 "  report ...r\n"
                 "}\n"
                 "test two = three on t\n"),
            "file \"program.dl\"\n"
            "  import a.b: c, d\n"
            "  value param w\n"
            "    type f32 []\n"
            "      number 2\n"
            "      name n\n"
            "    stored: name n\n"
            "    stored: number 2\n"
            "    number 0\n"
            "  data\n"
            "    tuple-pattern\n"
            "      pattern s\n"
            "      pattern t\n"
            "        rows-type\n"
            "          tuple-type\n"
            "            x: type f32 []\n"
            "              ?\n"
            "    call\n"
            "      name csv\n"
            "      argument: string \"a.csv\"\n"
            "  load\n"
            "    name m\n"
            "    from: string \"w\"\n"
            "    names: list\n"
            "    under: string \"net\"\n"
            "  optimizer o\n"
            "    parameter lr\n"
            "      type f32\n"
            "      default: number 1\n"
            "    weight: parameter w\n"
            "    gradient: parameter g\n"
            "    touched: parameter touched\n"
            "      type bool []\n"
            "        name N\n"
            "    block\n"
            "      assign -=\n"
            "        name w\n"
            "        binary *\n"
            "          name lr\n"
            "          name g\n"
            "  fn export f\n"
            "    parameter x\n"
            "      type f32 []\n"
            "        ...: name S\n"
            "    stream: type str\n"
            "    block\n"
            "      emit\n"
            "        name x\n"
            "  train one\n"
            "    batch: number 32\n"
            "    on: name s\n"
            "    as: tuple-pattern\n"
            "      pattern x\n"
            "      pattern _\n"
            "    block\n"
            "      each-epoch\n"
            "        block\n"
            "          stop\n"
            "      at-end\n"
            "        block\n"
            "      report ...\n"
            "        name r\n"
            "  test-alias two\n"
            "    test: name three\n"
            "    on: name t\n");
}

TEST(Ast, Modules) {
  EXPECT_EQ(tree("module M(n: int, init: fn(int) -> f32 = g) {\n"
                 "  if n > 1 { param b: f32[n] = 0 } else { q = 1 }\n"
                 "  require n > 0, \"{n} is 0\"\n"
                 "  fn (x: [f32]) { self.b }\n"
                 "}\n"),
            "file \"program.dl\"\n"
            "  module M\n"
            "    parameter n\n"
            "      type int\n"
            "    parameter init\n"
            "      fn-type\n"
            "        parameter: type int\n"
            "        result: type f32\n"
            "      default: name g\n"
            "    member-if\n"
            "      condition: binary >\n"
            "        name n\n"
            "        number 1\n"
            "      then: value param b\n"
            "        type f32 []\n"
            "          name n\n"
            "        number 0\n"
            "      else: member-value q\n"
            "        number 1\n"
            "    require\n"
            "      binary >\n"
            "        name n\n"
            "        number 0\n"
            "      message: string\n"
            "        name n\n"
            "        text \" is 0\"\n"
            "    fn\n"
            "      parameter x\n"
            "        list-type\n"
            "          type f32\n"
            "      block\n"
            "        expression\n"
            "          member b\n"
            "            self\n");
}

TEST(Ast, Expressions) {
  EXPECT_EQ(tree("const a = x |> f(1) |> (g) |> n.l[0]\n"
                 "const b = not p == q or -x..y @ z % 2 and true\n"
                 "const c = [...r, k * i for i in 0..3 if i > 1 for k in ks]\n"
                 "const d = x[..., :, 1:2, ::3, none]\n"
                 "const e = |(u, v), w: f32| (u, v,)\n"
                 "const g = if p { for i in xs { break if q; i } } else if q { () } else { (lo: 1) }\n"),
            "file \"program.dl\"\n"
            "  value const a\n"
            "    pipe\n"
            "      pipe\n"
            "        pipe\n"
            "          name x\n"
            "          to: call\n"
            "            name f\n"
            "            argument: number 1\n"
            "        to: brackets\n"
            "          name g\n"
            "      to: index\n"
            "        member l\n"
            "          name n\n"
            "        index: number 0\n"
            "  value const b\n"
            "    binary or\n"
            "      unary not\n"
            "        binary ==\n"
            "          name p\n"
            "          name q\n"
            "      binary and\n"
            "        range\n"
            "          unary -\n"
            "            name x\n"
            "          binary %\n"
            "            binary @\n"
            "              name y\n"
            "              name z\n"
            "            number 2\n"
            "        bool true\n"
            "  value const c\n"
            "    list\n"
            "      ...: name r\n"
            "      binary *\n"
            "        name k\n"
            "        name i\n"
            "      for\n"
            "        pattern i\n"
            "        in: range\n"
            "          number 0\n"
            "          number 3\n"
            "        if: binary >\n"
            "          name i\n"
            "          number 1\n"
            "      for\n"
            "        pattern k\n"
            "        in: name ks\n"
            "  value const d\n"
            "    index\n"
            "      name x\n"
            "      ...\n"
            "      slice\n"
            "      slice\n"
            "        from: number 1\n"
            "        to: number 2\n"
            "      slice\n"
            "        step: number 3\n"
            "      index: none\n"
            "  value const e\n"
            "    lambda\n"
            "      parameter: tuple-pattern\n"
            "        pattern u\n"
            "        pattern v\n"
            "      parameter: pattern w\n"
            "        type f32\n"
            "      tuple\n"
            "        argument: name u\n"
            "        argument: name v\n"
            "  value const g\n"
            "    if\n"
            "      condition: name p\n"
            "      then: block\n"
            "        expression\n"
            "          for\n"
            "            pattern i\n"
            "            in: name xs\n"
            "            block\n"
            "              break-if\n"
            "                name q\n"
            "              expression\n"
            "                name i\n"
            "      else: if\n"
            "        condition: name q\n"
            "        then: block\n"
            "          expression\n"
            "            tuple\n"
            "        else: block\n"
            "          expression\n"
            "            tuple\n"
            "              lo: number 1\n");
}

TEST(Ast, Strings) {
  EXPECT_EQ(tree("test {\n  print(\"a\\{b {x[1:2]:08.3f} \\u{e9}\\n\")\n}\n"
                 "const p = \"layers.{i}.\\\"q\\\"\"\n"),
            "file \"program.dl\"\n"
            "  test\n"
            "    block\n"
            "      expression\n"
            "        call\n"
            "          name print\n"
            "          argument: string\n"
            "            text \"a{b \"\n"
            "            format 08.3f: index\n"
            "              name x\n"
            "              slice\n"
            "                from: number 1\n"
            "                to: number 2\n"
            "            text \" \\303\\251\\n\"\n"
            "  value const p\n"
            "    string \"layers.{i}.\\\"q\\\"\"\n");
  Checked piped("test {\n  \"n {1 + 1:%}\" |> print()\n}\n");
  EXPECT_NE(piped.ast().find("format %: binary +"), std::string::npos) << piped.ast();
}

TEST(Ast, NumbersHaveTheirValues) {
  Checked checked("const a = (10_000, 1.5e-3, 1e3, 9223372036854775807, 1e-999)\n");
  ASSERT_FALSE(checked.diagnostics.hasErrors()) << checked.rendered();
  const auto *value = llvm::cast<ast::ValueDecl>(checked.file().tree().items().front());
  const auto &fields = llvm::cast<ast::TupleExpr>(value->init)->fields;
  auto number = [&](unsigned i) { return llvm::cast<ast::NumberExpr>(fields[i].value); };
  EXPECT_EQ(number(0)->integer, 10000);
  EXPECT_EQ(number(1)->floating, 1.5e-3);
  EXPECT_TRUE(number(2)->isFloat);
  EXPECT_EQ(number(2)->floating, 1000.0);
  EXPECT_EQ(number(3)->integer, INT64_MAX);
  EXPECT_EQ(number(4)->floating, 0.0);
}

TEST(Ast, DocCommentsBelongToWhatFollows) {
  Checked checked("/// Of f.\n/// More.\nfn f() {\n  1\n}\n/// Lost in a file.\n\nmodule M {\n  /// Of a.\n  a = 1\n}\n");
  auto items = checked.file().tree().items();
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(llvm::cast<ast::Decl>(items[0])->doc.size(), 2u);
  EXPECT_EQ(llvm::cast<ast::Decl>(items[0])->doc[1], "More.");
  EXPECT_EQ(llvm::cast<ast::Decl>(llvm::cast<ast::ModuleDecl>(items[1])->members[0])->doc[0], "Of a.");
}

// Rule 1.
TEST(Lines, AStatementEndsWithItsLine) {
  EXPECT_EQ(statements("let p = x\n-y\nz"), "let p = x ; -y ; z");
  EXPECT_EQ(statements("let p = x\n(y, z)"), "let p = x ; (y, z)");
  EXPECT_EQ(statements("let p = x\n[y]"), "let p = x ; [y]");
  EXPECT_EQ(statements("let p = x; let q = y;; p + q"), "let p = x ; let q = y ; p + q");
  EXPECT_EQ(statements("let p = x\n|y| y"), "let p = x ; |y| y");
}

TEST(Lines, GoOnAfterAnOperatorAndInsideBrackets) {
  EXPECT_EQ(statements("let p = x -\n  y"), "let p = x -\n  y");
  EXPECT_EQ(statements("let p =\n  x"), "let p =\n  x");
  EXPECT_EQ(statements("let p = f(x\n  - y,\n  z)"), "let p = f(x\n  - y,\n  z)");
  EXPECT_EQ(statements("let p = (\n  x\n)"), "let p = (\n  x\n)");
  EXPECT_EQ(statements("let p = [\n  x,\n  y\n]"), "let p = [\n  x,\n  y\n]");
}

TEST(Lines, GoOnWhereTheNextLineSaysSo) {
  EXPECT_EQ(statements("x\n  |> f\n  |> g"), "x\n  |> f\n  |> g");
  EXPECT_EQ(statements("x\n  .y"), "x\n  .y");
  EXPECT_EQ(statements("let p = x\n  + y\n  * z"), "let p = x\n  + y\n  * z");
  EXPECT_EQ(statements("let p = a\n  and b\n  or c"), "let p = a\n  and b\n  or c");
  EXPECT_EQ(statements("let p = a\n  == b"), "let p = a\n  == b");
  EXPECT_EQ(statements("if a { x }\nelse { y }"), "if a { x }\nelse { y }");
  EXPECT_EQ(statements("minimize x\n  over y\n  with z"), "minimize x\n  over y\n  with z");
}

TEST(Lines, ABlockInBracketsHasLinesOfItsOwn) {
  EXPECT_EQ(statements("f({\n  let p = x\n  -p\n})"), "f({\n  let p = x\n  -p\n})");
  Checked checked("const a = max({\n  let p = 1\n  -p\n})\n");
  EXPECT_NE(checked.ast().find("unary -"), std::string::npos) << checked.ast();
}

TEST(Lines, WordsAreNamesElsewhere) {
  EXPECT_EQ(statements("let on = x\nlet with = on\nlet over = with\nover + on"), "let on = x ; let with = on ; let over = with ; over + on");
}

TEST(Words, StayUsableAsNames) {
  Checked checked("fn f(report, each, at, stop, emit, load, train, test, stored, stream, rows, op, on, as, from, by) {\n"
                  "  var report_ = report\n"
                  "  report_ = report + each - at * emit\n"
                  "  report(x: 1)\n"
                  "  emit.data\n"
                  "  report_\n"
                  "}\n"
                  "const a = f(model: 1, if: 2).import\n");
  EXPECT_EQ(checked.ids(), std::vector<std::string>{}) << checked.rendered();
}

} // namespace
} // namespace dlc::frontend::test
