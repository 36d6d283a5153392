// Small cases that decide what a derivative means, as graphs: variables, nesting, gradients inside of loops and conds.
#include "test/ir/autodiff/GradientCheck.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

class LanguageCases : public testing::Test {
protected:
  /// The results of the only function at scalar arguments.
  std::vector<double> run(llvm::StringRef text, ArrayRef<double> arguments) {
    auto module = graphs.parse(text);
    if (!module)
      return {};
    SmallVector<Tensor> tensors;
    for (double argument : arguments)
      tensors.push_back(scalarTensor(graphs.context, argument));
    std::vector<double> results;
    for (const Tensor &result : evaluate(functionOf(*module), tensors))
      results.push_back(result.getDouble(0));
    return results;
  }

  /// The message of the expansion, which must fail.
  std::string refusal(llvm::StringRef text) {
    auto module = graphs.parse(text);
    if (!module)
      return "";
    graphs.messages.clear();
    EXPECT_TRUE(failed(expandGradients(functionOf(*module))));
    return graphs.messages;
  }

  using Numbers = std::vector<double>;
  Graphs graphs;
};

/// `grad(|u| u * a)(a)` is 3 for a = 3, not 6: two names of one value are two variables.
TEST_F(LanguageCases, TwoNamesAreTwoVariables) {
  EXPECT_EQ(run(R"(
dl.func @f(%a: tensor<f64>) -> tensor<f64> {
  %u = dl.variable %a : tensor<f64>
  %y = dl.binary mul %u, %a : tensor<f64>
  %g = dl.gradient %y wrt(%u) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})",
                {3}),
            Numbers{3});
}

/// `grad(|x| x * grad(|y| x + y)(a))(a)` is 1, not 2: perturbations are not confused.
TEST_F(LanguageCases, PerturbationsAreNotConfused) {
  EXPECT_EQ(run(R"(
dl.func @f(%a: tensor<f64>) -> tensor<f64> {
  %x = dl.variable %a : tensor<f64>
  %y = dl.variable %a : tensor<f64>
  %s = dl.binary add %x, %y : tensor<f64>
  %d = dl.gradient %s wrt(%y) : tensor<f64>, (tensor<f64>)
  %p = dl.binary mul %x, %d : tensor<f64>
  %g = dl.gradient %p wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})",
                {1}),
            Numbers{1});
}

/// `let b = a; gradient(a * b, a)` is 6, `gradient(a * b, b)` 3.
TEST_F(LanguageCases, ALetIsAVariable) {
  EXPECT_EQ(run(R"(
dl.func @f(%a: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %b = dl.variable %a : tensor<f64>
  %y = dl.binary mul %a, %b : tensor<f64>
  %g = dl.gradient %y wrt(%a) : tensor<f64>, (tensor<f64>)
  %h = dl.gradient %y wrt(%b) : tensor<f64>, (tensor<f64>)
  dl.return %g, %h : tensor<f64>, tensor<f64>
})",
                {3}),
            (Numbers{6, 3}));
}

TEST_F(LanguageCases, SecondDerivativeOfTheCube) {
  EXPECT_EQ(run(R"(
dl.func @f(%x: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %q = dl.binary mul %x, %x : tensor<f64>
  %y = dl.binary mul %q, %x : tensor<f64>
  %d = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  %s = dl.gradient %d wrt(%x) : tensor<f64>, (tensor<f64>)
  %t = dl.gradient %s wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %s, %t : tensor<f64>, tensor<f64>
})",
                {2}),
            (Numbers{12, 6}));
}

TEST_F(LanguageCases, UnreachedLeavesGetZeros) {
  EXPECT_EQ(run(R"(
dl.func @f(%x: tensor<f64>, %w: tensor<f64>) -> (tensor<f64>, tensor<f64>, tensor<f64>) {
  %y = dl.binary mul %x, %x : tensor<f64>
  %g, %h = dl.gradient %y wrt(%x, %w) : tensor<f64>, (tensor<f64>, tensor<f64>)
  %own = dl.gradient %y wrt(%y) : tensor<f64>, (tensor<f64>)
  dl.return %g, %h, %own : tensor<f64>, tensor<f64>, tensor<f64>
})",
                {2, 5}),
            (Numbers{4, 0, 1}));
}

TEST_F(LanguageCases, StopGradientCuts) {
  EXPECT_EQ(run(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %c = dl.stop_gradient %x : tensor<f64>
  %y = dl.binary mul %x, %c : tensor<f64>
  %g = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})",
                {3}),
            Numbers{3});
}

/// Held as independent: the derivative by a value in the middle, and by one in front of it that does not flow through it.
TEST_F(LanguageCases, VariablesAreHeldIndependent) {
  EXPECT_EQ(run(R"(
dl.func @f(%x: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %q = dl.binary mul %x, %x : tensor<f64>
  %y = dl.binary mul %q, %x : tensor<f64>
  %g, %h = dl.gradient %y wrt(%x, %q) : tensor<f64>, (tensor<f64>, tensor<f64>)
  dl.return %g, %h : tensor<f64>, tensor<f64>
})",
                {3}),
            (Numbers{9, 3}));
}

/// Two inner steps, unrolled, and the derivative through both.
TEST_F(LanguageCases, ThroughInnerStepsUnrolled) {
  checkDerivatives(R"(
dl.func @f(%w: tensor<f64>) -> tensor<f64> {
  %rate = dl.constant dense<0.1> : tensor<f64>
  %f0 = dl.variable %w : tensor<f64>
  %a0 = dl.binary mul %f0, %f0 : tensor<f64>
  %b0 = dl.binary mul %a0, %w : tensor<f64>
  %g0 = dl.gradient %b0 wrt(%f0) : tensor<f64>, (tensor<f64>)
  %s0 = dl.binary mul %rate, %g0 : tensor<f64>
  %n0 = dl.binary sub %f0, %s0 : tensor<f64>
  %f1 = dl.variable %n0 : tensor<f64>
  %a1 = dl.binary mul %f1, %f1 : tensor<f64>
  %b1 = dl.binary mul %a1, %w : tensor<f64>
  %g1 = dl.gradient %b1 wrt(%f1) : tensor<f64>, (tensor<f64>)
  %s1 = dl.binary mul %rate, %g1 : tensor<f64>
  %n1 = dl.binary sub %f1, %s1 : tensor<f64>
  %y = dl.binary mul %n1, %w : tensor<f64>
  dl.return %y : tensor<f64>
})",
                   1.5, 2.5, 3);
}

/// CASE: derivative-maml
/// MAML: the inner gradient on carries in a loop of 1 and 3 passes, the outer one through the loop.
TEST_F(LanguageCases, ThroughInnerStepsInALoop) {
  for (const char *passes : {"1", "3"}) {
    std::string text = R"(
dl.func @f(%w: tensor<2x3xf64>, %x: tensor<4x2xf64>, %t: tensor<4x3xf64>) -> tensor<f64> {
  %rate = dl.constant dense<0.1> : tensor<2x3xf64>
  %f0 = dl.variable %w : tensor<2x3xf64>
  %fast = dl.loop <PASSES> carry(%a = %f0 : tensor<2x3xf64>) -> tensor<2x3xf64> index %i {
    %p = dl.dot %x, %a batch [] [] contract [1] [0] : (tensor<4x2xf64>, tensor<2x3xf64>) -> tensor<4x3xf64>
    %h = dl.unary tanh %p : tensor<4x3xf64>
    %e = dl.binary sub %h, %t : tensor<4x3xf64>
    %q = dl.unary square %e : tensor<4x3xf64>
    %l = dl.reduce sum %q axes [0, 1] : tensor<4x3xf64> to tensor<f64>
    %g = dl.gradient %l wrt(%a) : tensor<f64>, (tensor<2x3xf64>)
    %s = dl.binary mul %rate, %g : tensor<2x3xf64>
    %n = dl.binary sub %a, %s : tensor<2x3xf64>
    dl.yield %n : tensor<2x3xf64>
  }
  %p = dl.dot %x, %fast batch [] [] contract [1] [0] : (tensor<4x2xf64>, tensor<2x3xf64>) -> tensor<4x3xf64>
  %q = dl.unary square %p : tensor<4x3xf64>
  %l = dl.reduce sum %q axes [0, 1] : tensor<4x3xf64> to tensor<f64>
  dl.return %l : tensor<f64>
})";
    text.replace(text.find("PASSES"), 6, passes);
    Graphs own;
    auto module = own.parse(text);
    ASSERT_TRUE(module);
    ASSERT_TRUE(succeeded(expandGradients(functionOf(*module)))) << own.messages;
    FuncOp func = functionOf(*module);
    std::mt19937_64 random(3);
    SmallVector<Tensor> arguments;
    for (Type type : func.getArgumentTypes())
      arguments.push_back(randomTensor(type, random));
    checkDerivatives(func, arguments);
  }
}

/// CASE: derivative-wgan
/// WGAN with gradient penalty: the critic's loss holds the norm of a gradient; the generator's stands inside a cond and reads forward
/// values from outside.
TEST_F(LanguageCases, GradientPenaltyAndGradientInsideACond) {
  auto text = [](llvm::StringRef taken) {
    return (R"(
dl.func @f(%g: tensor<2x3xf64>, %c: tensor<3xf64>, %z: tensor<4x2xf64>, %real: tensor<4x3xf64>) -> (tensor<3xf64>, tensor<2x3xf64>) {
  %taken = dl.constant dense<)" +
            taken + R"(> : tensor<i1>
  %one = dl.constant dense<1.0> : tensor<4xf64>
  %raw = dl.dot %z, %g batch [] [] contract [1] [0] : (tensor<4x2xf64>, tensor<2x3xf64>) -> tensor<4x3xf64>
  %fake = dl.unary tanh %raw : tensor<4x3xf64>
  %sum = dl.binary add %fake, %real : tensor<4x3xf64>
  %mix = dl.variable %sum : tensor<4x3xf64>
  %mq = dl.unary square %mix : tensor<4x3xf64>
  %score = dl.dot %mq, %c batch [] [] contract [1] [0] : (tensor<4x3xf64>, tensor<3xf64>) -> tensor<4xf64>
  %all = dl.reduce sum %score axes [0] : tensor<4xf64> to tensor<f64>
  %slope = dl.gradient %all wrt(%mix) : tensor<f64>, (tensor<4x3xf64>)
  %sq = dl.unary square %slope : tensor<4x3xf64>
  %ss = dl.reduce sum %sq axes [1] : tensor<4x3xf64> to tensor<4xf64>
  %norm = dl.unary sqrt %ss : tensor<4xf64>
  %off = dl.binary sub %norm, %one : tensor<4xf64>
  %pen = dl.unary square %off : tensor<4xf64>
  %penalty = dl.reduce sum %pen axes [0] : tensor<4xf64> to tensor<f64>
  %dc = dl.gradient %penalty wrt(%c) : tensor<f64>, (tensor<3xf64>)
  %dg = dl.cond %taken -> tensor<2x3xf64> {
    %s = dl.dot %fake, %c batch [] [] contract [1] [0] : (tensor<4x3xf64>, tensor<3xf64>) -> tensor<4xf64>
    %sin = dl.unary sin %s : tensor<4xf64>
    %l = dl.reduce sum %sin axes [0] : tensor<4xf64> to tensor<f64>
    %d = dl.gradient %l wrt(%g) : tensor<f64>, (tensor<2x3xf64>)
    dl.yield %d : tensor<2x3xf64>
  } else {
    dl.yield %g : tensor<2x3xf64>
  }
  dl.return %dc, %dg : tensor<3xf64>, tensor<2x3xf64>
})")
        .str();
  };
  for (llvm::StringRef taken : {"true", "false"}) {
    // Its results are derivatives already; their derivatives against differences hold both to account.
    Graphs own;
    auto module = own.parse(text(taken));
    ASSERT_TRUE(module);
    FuncOp func = functionOf(*module);
    ASSERT_TRUE(succeeded(expandGradients(func))) << own.messages;
    std::mt19937_64 random(3);
    SmallVector<Tensor> arguments;
    for (Type type : func.getArgumentTypes())
      arguments.push_back(randomTensor(type, random, 0.3, 1));
    checkDerivatives(func, arguments, 1);
  }
}

/// `gradient(sum(normal * w), w)` inside a loop, `w` from outside, also through a value computed outside.
TEST_F(LanguageCases, CapturedInALoopIsAccepted) {
  EXPECT_EQ(run(R"(
dl.func @f(%w: tensor<f64>) -> tensor<f64> {
  %zero = dl.constant dense<0.0> : tensor<f64>
  %q = dl.binary mul %w, %w : tensor<f64>
  %t = dl.loop <3> carry(%s = %zero : tensor<f64>) -> tensor<f64> index %i {
    %k = dl.cast %i : tensor<i64> to tensor<f64>
    %y = dl.binary mul %q, %k : tensor<f64>
    %g = dl.gradient %y wrt(%w) : tensor<f64>, (tensor<f64>)
    %n = dl.binary add %s, %g : tensor<f64>
    dl.yield %n : tensor<f64>
  }
  dl.return %t : tensor<f64>
})",
                {5}),
            Numbers{30}); // 2 w (0 + 1 + 2)
}

/// `h` carried by the loop was computed from `w` in earlier passes: refused, and mended by `stop_gradient`.
TEST_F(LanguageCases, ThroughEarlierPassesIsRefused) {
  auto text = [](llvm::StringRef cut) {
    return (R"(
dl.func @f(%w: tensor<f64>) -> tensor<f64> {
  %one = dl.constant dense<1.0> : tensor<f64>
  %t, %gs = dl.loop <3> carry(%h = %one : tensor<f64>) -> tensor<f64>, tensor<3xf64> index %i {
    %hh = )" + cut +
            R"( %h : tensor<f64>
    %y = dl.binary mul %hh, %w : tensor<f64>
    %g = dl.gradient %y wrt(%w) : tensor<f64>, (tensor<f64>)
    dl.yield %y, %g : tensor<f64>, tensor<f64>
  }
  %s = dl.reduce sum %gs axes [0] : tensor<3xf64> to tensor<f64>
  dl.return %s : tensor<f64>
})")
        .str();
  };
  EXPECT_NE(refusal(text("dl.variable")).find("argument 1 of a region around it"), std::string::npos) << graphs.messages;
  EXPECT_EQ(run(text("dl.stop_gradient"), {2}), Numbers{7}); // h = 1, 2, 4
}

TEST_F(LanguageCases, WalkedArgumentIsRefused) {
  std::string message = refusal(R"(
dl.func @f(%w: tensor<3xf64>) -> tensor<3x3xf64> {
  %q = dl.unary square %w : tensor<3xf64>
  %gs = dl.loop <3> walk(%r = %q : tensor<3xf64>) -> tensor<3x3xf64> index %i {
    %y = dl.unary square %r : tensor<f64>
    %g = dl.gradient %y wrt(%w) : tensor<f64>, (tensor<3xf64>)
    dl.yield %g : tensor<3xf64>
  }
  dl.return %gs : tensor<3x3xf64>
})");
  EXPECT_NE(message.find("argument 1 of a region around it"), std::string::npos) << message;
}

/// A momentum carried beside the weights: the loss does not look at it, so the derivative by the carried weights passes.
TEST_F(LanguageCases, MinimizeInsideALoop) {
  EXPECT_EQ(run(R"(
dl.func @f(%w0: tensor<f64>) -> tensor<f64> {
  %zero = dl.constant dense<0.0> : tensor<f64>
  %half = dl.constant dense<0.5> : tensor<f64>
  %w, %m = dl.loop <2> carry(%a = %w0 : tensor<f64>, %v = %zero : tensor<f64>) -> tensor<f64>, tensor<f64> index %i {
    %y = dl.unary square %a : tensor<f64>
    %g = dl.gradient %y wrt(%a) : tensor<f64>, (tensor<f64>)
    %mv = dl.binary mul %half, %v : tensor<f64>
    %n = dl.binary add %mv, %g : tensor<f64>
    %s = dl.binary mul %half, %n : tensor<f64>
    %b = dl.binary sub %a, %s : tensor<f64>
    dl.yield %b, %n : tensor<f64>, tensor<f64>
  }
  dl.return %w : tensor<f64>
})",
                {4}),
            Numbers{-2}); // m = 8, w = 0; m = 4, w = -2
}

/// The derivative of a value by a parameter that only an index or a comparison leads to is zero.
TEST_F(LanguageCases, OnlyThroughComparisons) {
  EXPECT_EQ(run(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %one = dl.constant dense<1.0> : tensor<f64>
  %c = dl.compare gt %x, %one : tensor<f64>
  %y = dl.cast %c : tensor<i1> to tensor<f64>
  %g = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})",
                {3}),
            Numbers{0});
}

/// Two losses, the second through the first's update: SSA orders them.
TEST_F(LanguageCases, TwoObjectives) {
  EXPECT_EQ(run(R"(
dl.func @f(%a: tensor<f64>, %b: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %y = dl.binary mul %a, %b : tensor<f64>
  %ga = dl.gradient %y wrt(%a) : tensor<f64>, (tensor<f64>)
  %a1 = dl.binary sub %a, %ga : tensor<f64>
  %z = dl.binary mul %a1, %b : tensor<f64>
  %held = dl.stop_gradient %a1 : tensor<f64>
  %z1 = dl.binary mul %held, %b : tensor<f64>
  %full = dl.gradient %z wrt(%b) : tensor<f64>, (tensor<f64>)
  %part = dl.gradient %z1 wrt(%b) : tensor<f64>, (tensor<f64>)
  dl.return %full, %part : tensor<f64>, tensor<f64>
})",
                {5, 2}),
            (Numbers{1, 3})); // d (a - b) b / db = a - 2 b
}

/// Per-example derivatives, summed, are the derivative of the sum.
TEST_F(LanguageCases, PerExampleGradients) {
  Graphs own;
  auto module = own.parse(R"(
dl.func @f(%w: tensor<2xf64>, %xs: tensor<3x2xf64>) -> tensor<2xf64> {
  %each = dl.loop <3> walk(%x = %xs : tensor<3x2xf64>) -> tensor<3x2xf64> index %i {
    %p = dl.dot %x, %w batch [] [] contract [0] [0] : (tensor<2xf64>, tensor<2xf64>) -> tensor<f64>
    %y = dl.unary sin %p : tensor<f64>
    %g = dl.gradient %y wrt(%w) : tensor<f64>, (tensor<2xf64>)
    dl.yield %g : tensor<2xf64>
  }
  %sum = dl.reduce sum %each axes [0] : tensor<3x2xf64> to tensor<2xf64>
  %ps = dl.dot %xs, %w batch [] [] contract [1] [0] : (tensor<3x2xf64>, tensor<2xf64>) -> tensor<3xf64>
  %ys = dl.unary sin %ps : tensor<3xf64>
  %total = dl.reduce sum %ys axes [0] : tensor<3xf64> to tensor<f64>
  %whole = dl.gradient %total wrt(%w) : tensor<f64>, (tensor<2xf64>)
  %difference = dl.binary sub %sum, %whole : tensor<2xf64>
  dl.return %difference : tensor<2xf64>
})");
  ASSERT_TRUE(module);
  std::mt19937_64 random(3);
  SmallVector<Tensor> arguments;
  for (Type type : functionOf(*module).getArgumentTypes())
    arguments.push_back(randomTensor(type, random));
  Tensor difference = evaluate(functionOf(*module), arguments)[0];
  EXPECT_NEAR(difference.getDouble(0), 0, 1e-14);
  EXPECT_NEAR(difference.getDouble(1), 0, 1e-14);
}

} // namespace
