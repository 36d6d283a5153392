// What names are bound to.
#include "test/frontend/unit/Support.h"

#include "llvm/ADT/STLExtras.h"

namespace dlc::frontend::test {
namespace {

using namespace ast;

/// All bindings of uses of a name: the kind, and the local's kind, in the order of the text.
class Uses {
public:
  explicit Uses(Checked &checked) : checked_(checked) {}

  std::string of(llvm::StringRef name) {
    name_ = name;
    out_.clear();
    std::string printed;
    for (const Stmt *item : checked_.file().tree().items())
      visit(item);
    return out_;
  }

private:
  void add(const Node *node) {
    static const char *const kinds[] = {"error", "local", "constructor", "member", "item",
                                        "file", "library", "library-item", "type", "implicit"};
    static const char *const locals[] = {"let", "var", "state", "parameter", "loop", "row", "size", "sizes", "element", "report"};
    const Binding &binding = checked_.file().binding(*node);
    out_ += out_.empty() ? "" : " ";
    out_ += kinds[unsigned(binding.kind)];
    if (binding.kind == Binding::Kind::Local)
      out_ += fmt::format(":{}{}", locals[unsigned(binding.local->kind)], binding.isDefinition ? "!" : "");
  }

  void visit(const Node *node);
  template <typename T> void all(llvm::ArrayRef<T> nodes) {
    for (const auto *node : nodes)
      visit(node);
  }

  Checked &checked_;
  llvm::StringRef name_;
  std::string out_;
};

/// Only the nodes that the tests below use.
void Uses::visit(const Node *node) {
  if (!node)
    return;
  if (const auto *name = llvm::dyn_cast<NameExpr>(node)) {
    if (name->name == name_)
      add(node);
  } else if (const auto *named = llvm::dyn_cast<NamedType>(node)) {
    if (named->path[0].text == name_)
      add(node);
    for (const Dim &dim : named->dims) {
      visit(dim.name);
      visit(dim.expr);
    }
  } else if (const auto *member = llvm::dyn_cast<MemberExpr>(node)) {
    visit(member->base);
    if (member->name.text == name_)
      add(node);
  } else if (const auto *binary = llvm::dyn_cast<BinaryExpr>(node)) {
    visit(binary->lhs);
    visit(binary->rhs);
  } else if (const auto *paren = llvm::dyn_cast<ParenExpr>(node)) {
    visit(paren->inner);
  } else if (const auto *call = llvm::dyn_cast<CallExpr>(node)) {
    visit(call->callee);
    for (const Argument &argument : call->arguments)
      visit(argument.value);
  } else if (const auto *block = llvm::dyn_cast<BlockExpr>(node)) {
    all(block->statements);
  } else if (const auto *loop = llvm::dyn_cast<ForExpr>(node)) {
    visit(loop->iterable);
    visit(loop->body);
  } else if (const auto *conditional = llvm::dyn_cast<IfExpr>(node)) {
    visit(conditional->condition);
    visit(conditional->thenBlock);
    visit(conditional->elseBranch);
  } else if (const auto *lambda = llvm::dyn_cast<LambdaExpr>(node)) {
    visit(lambda->body);
  } else if (const auto *let = llvm::dyn_cast<LetStmt>(node)) {
    if (const auto *pattern = llvm::dyn_cast<NamePattern>(let->pattern))
      visit(pattern->type);
    visit(let->init);
  } else if (const auto *assign = llvm::dyn_cast<AssignStmt>(node)) {
    visit(assign->place);
    visit(assign->value);
  } else if (const auto *plain = llvm::dyn_cast<ExprStmt>(node)) {
    visit(plain->expr);
  } else if (const auto *epoch = llvm::dyn_cast<EachEpochStmt>(node)) {
    visit(epoch->body);
  } else if (const auto *value = llvm::dyn_cast<ValueDecl>(node)) {
    visit(value->type);
    visit(value->init);
  } else if (const auto *plainMember = llvm::dyn_cast<MemberValue>(node)) {
    visit(plainMember->value);
  } else if (const auto *model = llvm::dyn_cast<ModelDecl>(node)) {
    visit(model->init);
  } else if (const auto *data = llvm::dyn_cast<DataDecl>(node)) {
    visit(data->init);
  } else if (const auto *module = llvm::dyn_cast<ModuleDecl>(node)) {
    all(module->members);
  } else if (const auto *function = llvm::dyn_cast<FunctionDecl>(node)) {
    for (const Param *param : function->params) {
      visit(param->type);
      visit(param->defaultValue);
    }
    visit(function->result);
    visit(function->body);
  } else if (const auto *run = llvm::dyn_cast<RunDecl>(node)) {
    visit(run->body);
  }
}

struct Program2 {
  explicit Program2(llvm::StringRef text, std::map<std::string, std::string> others = {}) : checked(text, others), uses(checked) {
    for (const Diagnostic *d : checked.diagnostics.sorted())
      EXPECT_FALSE(d->isError()) << checked.rendered();
  }
  template <typename T> const T *item(size_t index) { return llvm::cast<T>(checked.file().tree().items()[index]); }
  Checked checked;
  Uses uses;
};

// Rule 2.
TEST(Lookup, FromLocalsOutwards) {
  Program2 p("const a = 1\n"
             "module M(b: int) {\n"
             "  c = a + b\n"
             "  if b > 1 { param b: f32[b] = 0 }\n"
             "  fn f(d) { a + b + c + d + self.b + mean(d) }\n"
             "}\n"
             "model m = M(2)\n");
  EXPECT_EQ(p.uses.of("a"), "item item");
  EXPECT_EQ(p.uses.of("b"), "constructor constructor error") << "the last is `self.b`, found when its value is known";
  EXPECT_EQ(p.uses.of("c"), "member");
  EXPECT_EQ(p.uses.of("d"), "local:parameter local:parameter");
  EXPECT_EQ(p.uses.of("mean"), "library-item");
}

TEST(Lookup, ALocalHidesTheLibraryAndStdReachesIt) {
  Program2 p("fn f(mean) { mean + std.mean(1) }\nconst a = f(1)\n");
  EXPECT_EQ(p.uses.of("mean"), "local:parameter library-item");
  EXPECT_EQ(p.uses.of("std"), "library");
}

TEST(Lookup, LetMayRebind) {
  Program2 p("fn f(x) {\n  let x = x + 1\n  let x = x + 2\n  x\n}\nconst a = f(1)\n");
  EXPECT_EQ(p.uses.of("x"), "local:parameter local:let local:let");
}

TEST(Lookup, BlocksEnd) {
  Checked checked("fn f(x) {\n  { let y = x; y }\n  y\n}\nconst a = f(1)\n");
  EXPECT_EQ(checked.ids(), std::vector<std::string>{"unknown_name 3:3"});
}

TEST(Lookup, Imports) {
  std::map<std::string, std::string> others = {{"other.dl", "const width = 1\nimport third\nfn f(x) { x + third.q }\n"},
                                               {"third.dl", "const q = 1\n"}};
  Program2 p("import other\nimport other: f\nconst a = other.width + f(1) + other.f(2)\n", others);
  EXPECT_EQ(p.uses.of("other"), "file file");
  EXPECT_EQ(p.uses.of("width"), "item");
  EXPECT_EQ(p.uses.of("f"), "item item");
  // Once each, imported before importing.
  auto files = p.checked.program.files();
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0]->prefix(), "third");
  EXPECT_EQ(files[1]->prefix(), "other");
  EXPECT_EQ(files[2], &p.checked.file());
  EXPECT_EQ(files[2]->prefix(), "");
}

TEST(Lookup, FoldersOfImports) {
  Program2 p("import nets.resnet: Block\nmodel m = Block()\n",
             {{"nets/resnet.dl", "import parts\nmodule Block { a = parts.q }\n"}, {"nets/parts.dl", "const q = 1\n"}});
  EXPECT_EQ(p.checked.program.files()[1]->prefix(), "nets.resnet");
}

TEST(Lookup, TypesAndImplicits) {
  Program2 p("train(steps: 2) {\n  let a = f32(step) + f32(batch)\n  if training { debug(a) }\n}\n");
  EXPECT_EQ(p.uses.of("f32"), "type type");
  EXPECT_EQ(p.uses.of("step"), "implicit");
  EXPECT_EQ(p.uses.of("batch"), "implicit");
  EXPECT_EQ(p.uses.of("training"), "implicit");
}

// Rule 9.
TEST(Sizes, UpperCaseNamesBindInParameters) {
  Program2 p("const C = 3\nfn f(x: f32[2 * N, N, C], y: T[...S]) -> T[...S, N] { x + N }\nconst a = f(1, 2)\n");
  EXPECT_EQ(p.uses.of("N"), "local:size local:size! local:size local:size");
  EXPECT_EQ(p.uses.of("C"), "item");
  EXPECT_EQ(p.uses.of("T"), "local:element! local:element");
  EXPECT_EQ(p.uses.of("S"), "local:sizes! local:sizes");
}

TEST(Sizes, LetAnnotationsBindAndDataAnnotationsDoNotLeak) {
  Program2 p("data t: f32[N, 2] = csv(\"a.csv\")\nexport fn f(x: str) -> i64 {\n  let ids: i64[T] = bytes(x)\n  T + 1\n}\n");
  EXPECT_EQ(p.uses.of("T"), "local:size! local:size");
  Checked checked("data t: f32[N, 2] = csv(\"a.csv\")\nconst a = N\n");
  EXPECT_EQ(checked.ids(), std::vector<std::string>{"unknown_name 2:11"});
}

TEST(Sizes, LaterParametersSeeEarlierOnes) {
  Program2 p("fn f(n: int, x: f32[n], y: f32[n] = x) -> f32[n] { x + y }\nconst a = f(1, [2])\n");
  EXPECT_EQ(p.uses.of("n"), "local:parameter local:parameter local:parameter");
}

TEST(Functions, Captures) {
  Program2 p("fn f(x, y) {\n  let a = 1\n  |z| (|w| a + x + z + w)\n}\nconst b = f(1, 2)\n");
  const auto *declaration = p.item<FunctionDecl>(0);
  const auto *outer = llvm::cast<LambdaExpr>(llvm::cast<ExprStmt>(declaration->body->statements[1])->expr);
  const auto *inner = llvm::cast<LambdaExpr>(llvm::cast<ParenExpr>(outer->body)->inner);
  auto names = [&](const Node &node) {
    std::string out;
    for (const Local *local : p.checked.file().function(node)->captures)
      out += (out.empty() ? "" : " ") + local->name.str();
    return out;
  };
  EXPECT_EQ(names(*declaration), "");
  EXPECT_EQ(names(*outer), "a x");
  EXPECT_EQ(names(*inner), "a x z");
  EXPECT_EQ(p.checked.file().function(*declaration)->locals.size(), 3u);
  EXPECT_TRUE(p.checked.file().local(*declaration->params[0])->isCaptured);
  EXPECT_FALSE(p.checked.file().local(*declaration->params[1])->isCaptured);
}

TEST(Functions, WhatLoopsAndBranchesAssign) {
  Program2 p("fn f(xs) {\n"
             "  var a = 0\n"
             "  var b = 0\n"
             "  for x in xs {\n"
             "    var c = x\n"
             "    c += 1\n"
             "    if c > 1 { a = c } else { c = 2 }\n"
             "  }\n"
             "  b[0] = a\n"
             "}\n"
             "const q = f([1])\n");
  const auto *declaration = p.item<FunctionDecl>(0);
  const auto *loop = llvm::cast<ForExpr>(llvm::cast<ExprStmt>(declaration->body->statements[2])->expr);
  const auto *branch = llvm::cast<IfExpr>(llvm::cast<ExprStmt>(loop->body->statements[2])->expr);
  auto names = [&](const Expr &node) {
    std::string out;
    for (const Local *local : p.checked.file().assigned(node))
      out += (out.empty() ? "" : " ") + local->name.str();
    return out;
  };
  EXPECT_EQ(names(*loop), "a");
  EXPECT_EQ(names(*branch), "a c");
  const auto *b = llvm::cast<LetStmt>(declaration->body->statements[1]);
  EXPECT_TRUE(p.checked.file().local(*b->pattern)->isAssigned);
}

TEST(Functions, Variables) {
  Program2 p("param w: f32 = 1\n"
             "fn f(x, y, z, q) {\n"
             "  var fast = w\n"
             "  let a = gradient(x * y, (x, fast))\n"
             "  let b = x * z |> gradient(z)\n"
             "  minimize x over select(q.layers, \"*\") with sgd(lr: 1)\n"
             "  a + b\n"
             "}\n"
             "const r = f(1, 2, 3, 4)\n");
  const auto *declaration = p.item<FunctionDecl>(1);
  auto isVariable = [&](unsigned index) { return p.checked.file().local(*declaration->params[index])->isVariable; };
  EXPECT_TRUE(isVariable(0));
  EXPECT_FALSE(isVariable(1));
  EXPECT_TRUE(isVariable(2));
  EXPECT_TRUE(isVariable(3));
  EXPECT_TRUE(p.checked.file().local(*llvm::cast<LetStmt>(declaration->body->statements[0])->pattern)->isVariable);
}

// Rules 15 and 32.
TEST(Hooks, SeeStatesAndReports) {
  Program2 p("fn loss(x) { x }\n"
             "train(steps: 1) {\n"
             "  each epoch { debug(loss + accuracy + best + step) }\n"
             "  state best: f32 = 0\n"
             "  minimize loss(1) over best with sgd(lr: 1)\n"
             "  if true { report accuracy = 1 }\n"
             "}\n");
  EXPECT_EQ(p.uses.of("loss"), "local:report") << "in the hook; the loss itself is a statement that Uses skips";
  EXPECT_EQ(p.uses.of("accuracy"), "local:report");
  EXPECT_EQ(p.uses.of("best"), "local:state");
  EXPECT_EQ(p.uses.of("step"), "implicit");
}

TEST(Hooks, LossHasItsOwnName) {
  Program2 p("train(steps: 1) {\n"
             "  let critic_loss = 1\n"
             "  minimize critic_loss over self_ with sgd(lr: 1)\n"
             "  each epoch { debug(critic_loss) }\n"
             "}\n"
             "param self_: f32 = 1\n");
  EXPECT_EQ(p.uses.of("critic_loss"), "local:report");
}

TEST(Hooks, ARecordOfReportsHasNamesOfItsOwn) {
  Program2 p("fn all_of(x) { (a: x) }\n"
             "train(steps: 1) {\n  report ...all_of(1)\n  each epoch { debug(a) }\n}\n");
  EXPECT_EQ(p.uses.of("a"), "local:report");
}

TEST(Library, IsParsedWhenItIsUsed) {
  static const EmbeddedFile files[] = {{"std/a.dl", "fn relu(x: T[...S]) -> T[...S] = op \"unary relu\"\nfn twice(x) { relu(relu(x)) + tanh(x) }\n"},
                                       {"std/b.dl", "fn broken(\n"}};
  static const EmbeddedName names[] = {{"broken", 1}, {"relu", 0}, {"twice", 0}};
  static const llvm::StringRef builtins[] = {"tanh", "twice"};
  StdLibrary library(builtins, files, names);
  EXPECT_TRUE(library.isBuiltin("tanh"));
  EXPECT_FALSE(library.isBuiltin("twice")) << "a declaration in a file hides a builtin";
  SourceManager sources;
  DiagnosticEngine diagnostics(sources);
  Program program(sources, library, diagnostics);
  program.loadText("m.dl", "const a = twice(1)\n");
  EXPECT_EQ(sources.fileCount(), 1u);
  LibraryItem item = program.libraryItem("twice");
  ASSERT_NE(item.node, nullptr);
  EXPECT_TRUE(llvm::isa<FunctionDecl>(item.node));
  EXPECT_EQ(sources.fileCount(), 2u);
  EXPECT_EQ(program.libraryItem("relu").file, item.file);
  EXPECT_EQ(llvm::cast<FunctionDecl>(program.libraryItem("relu").node)->operation, "unary relu");
  EXPECT_TRUE(program.libraryItem("tanh").isBuiltin);
  EXPECT_EQ(program.libraryItem("nothing").node, nullptr);
  EXPECT_FALSE(diagnostics.hasErrors());
  program.libraryItem("broken");
  EXPECT_TRUE(diagnostics.hasErrors());
}

TEST(Library, TheEmbeddedFilesHoldTheirNames) {
  for (const EmbeddedName &entry : embeddedNames())
    EXPECT_NE(embeddedFiles()[entry.file].text.find(entry.name), llvm::StringRef::npos) << entry.name.str();
  EXPECT_TRUE(llvm::is_sorted(embeddedNames(), [](const EmbeddedName &a, const EmbeddedName &b) { return a.name < b.name; }));
}

} // namespace
} // namespace dlc::frontend::test
