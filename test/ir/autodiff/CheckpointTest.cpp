// Recomputation: `dl.checkpoint` changes what is kept, never what is computed.
#include "test/ir/autodiff/GradientCheck.h"

#include <regex>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

std::string withoutCheckpoints(const std::string &text) {
  return std::regex_replace(text, std::regex(R"( ?(attributes )?\{dl\.checkpoint = [^}]*\})"), "");
}

/// The derivative of `text` by all arguments is right up to `order`, and what it is without checkpoints.
void check(const std::string &text, int order = 3) {
  checkDerivatives(text, -1, 1, order);
  Graphs graphs;
  std::string plain = withoutCheckpoints(text);
  ASSERT_EQ(plain.find("dl.checkpoint"), std::string::npos);
  auto marked = graphs.parse(text), unmarked = graphs.parse(plain);
  ASSERT_TRUE(marked && unmarked) << graphs.messages;
  std::mt19937_64 weights(7), same(7), numbers(42);
  FuncOp a = gradientOf(weighedSum(functionOf(*marked), weights)), b = gradientOf(weighedSum(functionOf(*unmarked), same));
  SmallVector<Tensor> arguments;
  for (Type type : a.getArgumentTypes())
    arguments.push_back(randomTensor(type, numbers, -1, 1));
  auto found = evaluate(a, arguments), wanted = evaluate(b, arguments);
  ASSERT_EQ(found.size(), wanted.size());
  for (auto [x, y] : llvm::zip_equal(found, wanted))
    for (int64_t i = 0; i < x.count(); ++i)
      EXPECT_NEAR(x.getDouble(i), y.getDouble(i), 1e-12);
}

const char *const chain = R"(
dl.func @f(%x: tensor<3xf64>, %w: tensor<3x3xf64>, %v: tensor<3x3xf64>) -> tensor<3xf64> {
  %a = dl.dot %x, %w batch [] [] contract [0] [0] {dl.checkpoint = array<i64: 0>} : (tensor<3xf64>, tensor<3x3xf64>) -> tensor<3xf64>
  %b = dl.unary tanh %a {dl.checkpoint = array<i64: 0>} : tensor<3xf64>
  %c = dl.binary mul %b, %x {dl.checkpoint = array<i64: 0>} : tensor<3xf64>
  %d = dl.dot %c, %v batch [] [] contract [0] [0] {dl.checkpoint = array<i64: 1>} : (tensor<3xf64>, tensor<3x3xf64>) -> tensor<3xf64>
  %e = dl.unary sin %d {dl.checkpoint = array<i64: 1>} : tensor<3xf64>
  %y = dl.binary add %e, %c : tensor<3xf64>
  dl.return %y : tensor<3xf64>
})";

TEST(Checkpoint, Chain) { check(chain); }

/// A value of the inside that is used outside, a variable and a random number on the way.
TEST(Checkpoint, UsedOutsideAndVariables) {
  check(R"(
dl.func @f(%x: tensor<4xf64>, %w: tensor<4xf64>) -> tensor<4xf64> {
  %seed = dl.constant dense<3> : tensor<i64>
  %site = dl.constant {dl.checkpoint = array<i64: 0>} dense<5> : tensor<i64>
  %r = dl.random uniform %seed, %seed, %site {dl.checkpoint = array<i64: 0>} : tensor<4xf64>
  %a = dl.binary mul %x, %w {dl.checkpoint = array<i64: 0>} : tensor<4xf64>
  %v = dl.variable %a {dl.checkpoint = array<i64: 0>} : tensor<4xf64>
  %b = dl.binary mul %v, %r {dl.checkpoint = array<i64: 0>} : tensor<4xf64>
  %c = dl.unary exp %b {dl.checkpoint = array<i64: 0>} : tensor<4xf64>
  %d = dl.binary mul %c, %v : tensor<4xf64>
  %y = dl.binary mul %d, %x : tensor<4xf64>
  dl.return %y : tensor<4xf64>
})");
}

TEST(Checkpoint, Nested) {
  check(R"(
dl.func @f(%x: tensor<3xf64>) -> tensor<3xf64> {
  %a = dl.unary sin %x {dl.checkpoint = array<i64: 0>} : tensor<3xf64>
  %b = dl.unary square %a {dl.checkpoint = array<i64: 0, 1>} : tensor<3xf64>
  %c = dl.unary tanh %b {dl.checkpoint = array<i64: 0, 1>} : tensor<3xf64>
  %d = dl.binary mul %c, %a {dl.checkpoint = array<i64: 0>} : tensor<3xf64>
  %e = dl.unary exp %d {dl.checkpoint = array<i64: 0, 2>} : tensor<3xf64>
  %y = dl.unary sin %e {dl.checkpoint = array<i64: 0, 2>} : tensor<3xf64>
  dl.return %y : tensor<3xf64>
})");
}

TEST(Checkpoint, InALoop) {
  check(R"(
dl.func @f(%xs: tensor<3x2xf64>, %h0: tensor<2xf64>, %w: tensor<2x2xf64>) -> (tensor<2xf64>, tensor<3x2xf64>) {
  %last, %all = dl.loop <3> walk(%x = %xs : tensor<3x2xf64>) carry(%h = %h0 : tensor<2xf64>) -> tensor<2xf64>, tensor<3x2xf64> index %i {
    %f = dl.cast %i {dl.checkpoint = array<i64: 0>} : tensor<i64> to tensor<f64>
    %k = dl.broadcast %f axes [] {dl.checkpoint = array<i64: 0>} : tensor<f64> to tensor<2xf64>
    %p = dl.dot %h, %w batch [] [] contract [0] [0] {dl.checkpoint = array<i64: 0>} : (tensor<2xf64>, tensor<2x2xf64>) -> tensor<2xf64>
    %q = dl.binary add %p, %x {dl.checkpoint = array<i64: 0>} : tensor<2xf64>
    %r = dl.binary add %q, %k {dl.checkpoint = array<i64: 0>} : tensor<2xf64>
    %n = dl.unary tanh %r {dl.checkpoint = array<i64: 0>} : tensor<2xf64>
    dl.yield %n, %n : tensor<2xf64>, tensor<2xf64>
  }
  dl.return %last, %all : tensor<2xf64>, tensor<3x2xf64>
})",
        2);
}

/// A loop and a cond inside, with a checkpoint and an effect inside of these.
TEST(Checkpoint, AroundALoopAndACond) {
  check(R"(
dl.func @f(%xs: tensor<3xf64>, %w: tensor<f64>) -> tensor<f64> {
  %two = dl.constant dense<2> : tensor<i64>
  %ok = dl.constant dense<true> : tensor<i1>
  %last = dl.loop <3> walk(%x = %xs : tensor<3xf64>) carry(%h = %w : tensor<f64>) -> tensor<f64> attributes {dl.checkpoint = array<i64: 0>} index %i {
    dl.check %ok, "never" : tensor<i1>
    %p = dl.binary mul %h, %x {dl.checkpoint = array<i64: 5>} : tensor<f64>
    %q = dl.unary sin %p {dl.checkpoint = array<i64: 5>} : tensor<f64>
    %v = dl.variable %q : tensor<f64>
    %even = dl.compare lt %i, %two : tensor<i64>
    %n = dl.cond %even -> tensor<f64> {
      %s = dl.unary exp %v : tensor<f64>
      dl.yield %s : tensor<f64>
    } else {
      %s = dl.binary mul %v, %w : tensor<f64>
      dl.yield %s : tensor<f64>
    }
    dl.yield %n : tensor<f64>
  }
  %y = dl.binary mul %last, %last {dl.checkpoint = array<i64: 0>} : tensor<f64>
  dl.return %y : tensor<f64>
})",
        2);
}

/// A gradient inside does not compute again what stands beside it; one outside computes both again.
TEST(Checkpoint, AroundAGradient) {
  const char *const text = R"(
dl.func @f(%x: tensor<f64>, %w: tensor<f64>) -> tensor<f64> {
  %a = dl.binary mul %x, %w {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %b = dl.unary sin %a {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %c = dl.binary mul %b, %b {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %g = dl.gradient %c wrt(%x) {dl.checkpoint = array<i64: 0>} : tensor<f64>, (tensor<f64>)
  %y = dl.binary mul %g, %x {dl.checkpoint = array<i64: 0>} : tensor<f64>
  dl.return %y : tensor<f64>
})";
  check(text);
  Graphs graphs;
  auto module = graphs.parse(text);
  ASSERT_TRUE(module);
  ASSERT_TRUE(succeeded(expandGradients(functionOf(*module))));
  module->walk([](BarrierOp barrier) { ADD_FAILURE() << "computed again inside of the checkpoint"; });
}

/// The gradient by a value that the checkpoint makes: it is held, all else is computed again.
TEST(Checkpoint, ByAValueOfTheInside) {
  Graphs graphs;
  auto module = graphs.parse(R"(
dl.func @f(%x: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %a = dl.unary exp %x {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %v = dl.variable %a {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %b = dl.unary square %v {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %y = dl.unary square %b {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %g:2 = dl.gradient %y wrt(%v, %x) : tensor<f64>, (tensor<f64>, tensor<f64>)
  dl.return %g#0, %g#1 : tensor<f64>, tensor<f64>
})");
  ASSERT_TRUE(module) << graphs.messages;
  auto results = evaluate(functionOf(*module), {scalarTensor(graphs.context, 0.0)});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].getDouble(0), 4);
  EXPECT_EQ(results[1].getDouble(0), 0); // held, as without a checkpoint
}

/// What `select` did not take stays out across the border of a checkpoint.
TEST(Checkpoint, MasksPass) {
  Graphs graphs;
  auto module = graphs.parse(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %none = dl.constant dense<0.0> : tensor<f64>
  %pos = dl.compare gt %x, %none : tensor<f64>
  %r = dl.unary log %x {dl.checkpoint = array<i64: 0>} : tensor<f64>
  %s = dl.select %pos, %r, %none {dl.checkpoint = array<i64: 1>} : tensor<f64>
  %y = dl.unary exp %s {dl.checkpoint = array<i64: 1>} : tensor<f64>
  %g = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})");
  ASSERT_TRUE(module) << graphs.messages;
  auto results = evaluate(functionOf(*module), {scalarTensor(graphs.context, 0.0)});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].getDouble(0), 0);
}

/// Behind the first barrier nothing reads what the checkpoints computed in the forward pass but what they hand on.
TEST(Checkpoint, KeepsOnlyWhatItReads) {
  Graphs graphs;
  auto module = graphs.parse(chain);
  ASSERT_TRUE(module);
  std::mt19937_64 random(1);
  FuncOp func = gradientOf(weighedSum(functionOf(*module), random));
  Block &block = func.getBody().front();
  auto barrier = llvm::find_if(block, [](Operation &op) { return isa<BarrierOp>(op); });
  ASSERT_NE(barrier, block.end());
  unsigned kept = 0;
  for (Operation &op : llvm::make_range(block.begin(), barrier))
    for (Operation *user : op.getUsers())
      if (!user->isBeforeInBlock(&*barrier) && isa<UnaryOp, DotOp, BinaryOp>(op) && isa<UnaryOp, DotOp>(user))
        ++kept;
  EXPECT_EQ(kept, 0u);
  unsigned tanh = 0;
  func.walk([&](UnaryOp op) { tanh += op.getFn() == UnaryFn::tanh; });
  EXPECT_EQ(tanh, 2u); // forward, and again
}

} // namespace
