// Derivatives through loops and conds: every form of the loop, nested, and derivatives of derivatives.
#include "test/ir/autodiff/GradientCheck.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

/// h' = tanh(h * w + x), all steps collected.
TEST(Loops, CarryWalkAndCollect) {
  checkDerivatives(R"(
dl.func @f(%xs: tensor<4x2xf64>, %h0: tensor<2xf64>, %w: tensor<2xf64>) -> (tensor<2xf64>, tensor<4x2xf64>) {
  %last, %all = dl.loop <4> walk(%x = %xs : tensor<4x2xf64>) carry(%h = %h0 : tensor<2xf64>) -> tensor<2xf64>, tensor<4x2xf64> index %i {
    %p = dl.binary mul %h, %w : tensor<2xf64>
    %s = dl.binary add %p, %x : tensor<2xf64>
    %n = dl.unary tanh %s : tensor<2xf64>
    dl.yield %n, %s : tensor<2xf64>, tensor<2xf64>
  }
  dl.return %last, %all : tensor<2xf64>, tensor<4x2xf64>
})",
                   -1, 1, 3);
}

TEST(Loops, Reverse) {
  checkDerivatives(R"(
dl.func @f(%xs: tensor<4xf64>, %h0: tensor<f64>) -> (tensor<f64>, tensor<4xf64>) {
  %last, %all = dl.loop <4> reverse walk(%x = %xs : tensor<4xf64>) carry(%h = %h0 : tensor<f64>) -> tensor<f64>, tensor<4xf64> index %i {
    %f = dl.cast %i : tensor<i64> to tensor<f64>
    %p = dl.binary mul %h, %x : tensor<f64>
    %n = dl.unary sin %p : tensor<f64>
    %s = dl.binary add %n, %f : tensor<f64>
    dl.yield %s, %n : tensor<f64>, tensor<f64>
  }
  dl.return %last, %all : tensor<f64>, tensor<4xf64>
})",
                   -1, 1, 3);
}

/// Ends when the carried value passes 1.3: fewer passes than the bound.
const char *const leaving = R"(
dl.func @f(%xs: tensor<6xf64>, %h0: tensor<f64>) -> (tensor<f64>, tensor<6xf64>) {
  %two = dl.constant dense<1.3> : tensor<f64>
  %last, %all = dl.loop <6> DIRECTION exit walk(%x = %xs : tensor<6xf64>) carry(%h = %h0 : tensor<f64>) -> tensor<f64>, tensor<6xf64> index %i {
    %f = dl.cast %i : tensor<i64> to tensor<f64>
    %c = dl.binary mul %x, %f : tensor<f64>
    %d = dl.unary cos %c : tensor<f64>
    %q = dl.unary square %x : tensor<f64>
    %s = dl.binary add %h, %q : tensor<f64>
    %e = dl.compare gt %s, %two : tensor<f64>
    %n = dl.binary mul %s, %d : tensor<f64>
    %m = dl.binary add %n, %x : tensor<f64>
    dl.yield %e, %m, %n : tensor<i1>, tensor<f64>, tensor<f64>
  }
  dl.return %last, %all : tensor<f64>, tensor<6xf64>
})";

std::string replaced(std::string text, const std::string &what, const std::string &by) {
  for (size_t at; (at = text.find(what)) != std::string::npos;)
    text.replace(at, what.size(), by);
  return text;
}

TEST(Loops, Exit) { checkDerivatives(replaced(leaving, "DIRECTION", ""), 0.5, 0.9); }
TEST(Loops, ExitInReverse) { checkDerivatives(replaced(leaving, "DIRECTION", "reverse"), 0.5, 0.9); }

/// The exit ends it, or the count does; places beyond stay zero.
TEST(Loops, ExitAndCount) {
  for (const char *direction : {"", "reverse "})
    for (const char *count : {"5", "2", "0"}) {
      std::string text = replaced(leaving, "DIRECTION exit", std::string(direction) + "exit count(%limit)");
      text = replaced(text, "  %two = ", std::string("  %limit = dl.constant dense<") + count + "> : tensor<i64>\n  %mark = ");
      checkDerivatives(replaced(text, "%s, %two", "%s, %mark"), 0.5, 0.9);
    }
}

/// The exits above are real: they leave zeros behind.
TEST(Loops, ExitLeavesZeros) {
  for (const char *direction : {"", "reverse"}) {
    Graphs graphs;
    auto module = graphs.parse(replaced(leaving, "DIRECTION", direction));
    ASSERT_TRUE(module);
    FuncOp func = functionOf(*module);
    std::mt19937_64 random(42);
    SmallVector<Tensor> arguments;
    for (Type type : func.getArgumentTypes())
      arguments.push_back(randomTensor(type, random, 0.5, 0.9));
    auto results = evaluate(func, arguments);
    ASSERT_EQ(results.size(), 2u);
    bool reverse = *direction;
    EXPECT_EQ(results[1].getDouble(reverse ? 0 : 5), 0);
    EXPECT_NE(results[1].getDouble(reverse ? 5 : 0), 0);
  }
}

TEST(Loops, Count) {
  for (const char *direction : {"", " reverse"})
    checkDerivatives(replaced(R"(
dl.func @f(%xs: tensor<5xf64>, %h0: tensor<f64>) -> (tensor<f64>, tensor<5xf64>) {
  %three = dl.constant dense<3> : tensor<i64>
  %last, %all = dl.loop <5>DIRECTION count(%three) walk(%x = %xs : tensor<5xf64>) carry(%h = %h0 : tensor<f64>) -> tensor<f64>, tensor<5xf64> index %i {
    %n = dl.binary mul %h, %x : tensor<f64>
    %m = dl.unary exp %n : tensor<f64>
    dl.yield %m, %n : tensor<f64>, tensor<f64>
  }
  dl.return %last, %all : tensor<f64>, tensor<5xf64>
})",
                              "DIRECTION", direction));
}

TEST(Loops, CountOfNone) {
  checkDerivatives(R"(
dl.func @f(%h0: tensor<f64>, %w: tensor<f64>) -> tensor<f64> {
  %none = dl.constant dense<0> : tensor<i64>
  %last = dl.loop <5> count(%none) carry(%h = %h0 : tensor<f64>) -> tensor<f64> index %i {
    %n = dl.binary mul %h, %w : tensor<f64>
    dl.yield %n : tensor<f64>
  }
  dl.return %last : tensor<f64>
})");
}

/// Carries that swap, one that no result needs, one that is not a float, and a value that is yielded twice.
TEST(Loops, OddCarries) {
  checkDerivatives(R"(
dl.func @f(%a0: tensor<f64>, %b0: tensor<f64>, %w: tensor<f64>) -> (tensor<f64>, tensor<3xf64>, tensor<3xf64>) {
  %one = dl.constant dense<1> : tensor<i64>
  %a, %b, %u, %n, %c, %d = dl.loop <3> carry(%p = %a0 : tensor<f64>, %q = %b0 : tensor<f64>, %r = %a0 : tensor<f64>, %k = %one : tensor<i64>)
      -> tensor<f64>, tensor<f64>, tensor<f64>, tensor<i64>, tensor<3xf64>, tensor<3xf64> index %i {
    %f = dl.cast %k : tensor<i64> to tensor<f64>
    %s = dl.binary mul %p, %w : tensor<f64>
    %t = dl.binary mul %s, %f : tensor<f64>
    %r1 = dl.binary mul %r, %q : tensor<f64>
    %k1 = dl.binary add %k, %one : tensor<i64>
    dl.yield %q, %t, %r1, %k1, %t, %t : tensor<f64>, tensor<f64>, tensor<f64>, tensor<i64>, tensor<f64>, tensor<f64>
  }
  dl.return %a, %c, %d : tensor<f64>, tensor<3xf64>, tensor<3xf64>
})",
                   0.5, 1.5, 3);
}

TEST(Loops, Nested) {
  checkDerivatives(R"(
dl.func @f(%x: tensor<3x2xf64>, %h0: tensor<f64>, %w: tensor<f64>) -> (tensor<f64>, tensor<3x2xf64>) {
  %last, %all = dl.loop <3> walk(%row = %x : tensor<3x2xf64>) carry(%h = %h0 : tensor<f64>) -> tensor<f64>, tensor<3x2xf64> index %i {
    %m, %ys = dl.loop <2> walk(%e = %row : tensor<2xf64>) carry(%g = %h : tensor<f64>) -> tensor<f64>, tensor<2xf64> index %j {
      %k = dl.binary add %i, %j : tensor<i64>
      %f = dl.cast %k : tensor<i64> to tensor<f64>
      %a = dl.binary mul %g, %e : tensor<f64>
      %b = dl.binary mul %a, %w : tensor<f64>
      %c = dl.binary add %b, %f : tensor<f64>
      %n = dl.unary sin %c : tensor<f64>
      dl.yield %n, %b : tensor<f64>, tensor<f64>
    }
    %z = dl.unary square %m : tensor<f64>
    dl.yield %z, %ys : tensor<f64>, tensor<2xf64>
  }
  dl.return %last, %all : tensor<f64>, tensor<3x2xf64>
})");
}

/// `break if` inside: the rest of the body is a cond on the exit.
TEST(Loops, CondInside) {
  checkDerivatives(R"(
dl.func @f(%xs: tensor<4xf64>, %h0: tensor<f64>, %w: tensor<f64>) -> (tensor<f64>, tensor<4xf64>) {
  %half = dl.constant dense<1.6> : tensor<f64>
  %zero = dl.constant dense<0.0> : tensor<f64>
  %last, %all = dl.loop <4> exit walk(%x = %xs : tensor<4xf64>) carry(%h = %h0 : tensor<f64>) -> tensor<f64>, tensor<4xf64> index %i {
    %p = dl.unary exp %h : tensor<f64>
    %e = dl.compare gt %h, %half : tensor<f64>
    %n, %c = dl.cond %e -> tensor<f64>, tensor<f64> {
      dl.yield %h, %zero : tensor<f64>, tensor<f64>
    } else {
      %q = dl.binary mul %p, %w : tensor<f64>
      %s = dl.unary sin %q : tensor<f64>
      %t = dl.binary add %s, %x : tensor<f64>
      %v = dl.binary mul %t, %s : tensor<f64>
      dl.yield %t, %v : tensor<f64>, tensor<f64>
    }
    dl.yield %e, %n, %c : tensor<i1>, tensor<f64>, tensor<f64>
  }
  dl.return %last, %all : tensor<f64>, tensor<4xf64>
})",
                   0.6, 1);
}

TEST(Conds, BothSides) {
  for (const char *taken : {"true", "false"})
    checkDerivatives(replaced(R"(
dl.func @f(%x: tensor<2xf64>, %w: tensor<2xf64>, %v: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xf64>) {
  %p = dl.constant dense<TAKEN> : tensor<i1>
  %y, %z = dl.cond %p -> tensor<2xf64>, tensor<2xf64> {
    %a = dl.unary exp %x : tensor<2xf64>
    %b = dl.binary mul %a, %w : tensor<2xf64>
    %c = dl.unary sin %b : tensor<2xf64>
    dl.yield %c, %x : tensor<2xf64>, tensor<2xf64>
  } else {
    %a = dl.unary tanh %w : tensor<2xf64>
    %b = dl.binary mul %a, %a : tensor<2xf64>
    dl.yield %b, %v : tensor<2xf64>, tensor<2xf64>
  }
  dl.return %y, %z : tensor<2xf64>, tensor<2xf64>
})",
                              "TAKEN", taken),
                     -1, 1, 3);
}

/// A condition that depends on what the derivative is taken by; the side not taken would be infinite.
TEST(Conds, UntakenSideLeavesNoTrace) {
  Graphs graphs;
  auto module = graphs.parse(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %zero = dl.constant dense<0.0> : tensor<f64>
  %p = dl.compare gt %x, %zero : tensor<f64>
  %y = dl.cond %p -> tensor<f64> {
    %l = dl.unary log %x : tensor<f64>
    dl.yield %l : tensor<f64>
  } else {
    %s = dl.unary square %x : tensor<f64>
    dl.yield %s : tensor<f64>
  }
  %g = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})");
  ASSERT_TRUE(module);
  FuncOp func = functionOf(*module);
  EXPECT_EQ(evaluate(func, {scalarTensor(graphs.context, -3)})[0].getDouble(0), -6);
  EXPECT_EQ(evaluate(func, {scalarTensor(graphs.context, 0)})[0].getDouble(0), 0);
  EXPECT_EQ(evaluate(func, {scalarTensor(graphs.context, 4)})[0].getDouble(0), 0.25);
}

TEST(Conds, LoopInside) {
  for (const char *taken : {"true", "false"})
    checkDerivatives(replaced(R"(
dl.func @f(%xs: tensor<3xf64>, %h0: tensor<f64>) -> tensor<f64> {
  %p = dl.constant dense<TAKEN> : tensor<i1>
  %q = dl.unary square %h0 : tensor<f64>
  %y = dl.cond %p -> tensor<f64> {
    %l = dl.loop <3> walk(%x = %xs : tensor<3xf64>) carry(%h = %q : tensor<f64>) -> tensor<f64> index %i {
      %m = dl.binary mul %h, %x : tensor<f64>
      %n = dl.unary sin %m : tensor<f64>
      dl.yield %n : tensor<f64>
    }
    dl.yield %l : tensor<f64>
  } else {
    %s = dl.reduce sum %xs axes [0] : tensor<3xf64> to tensor<f64>
    %z = dl.binary mul %s, %q : tensor<f64>
    dl.yield %z : tensor<f64>
  }
  dl.return %y : tensor<f64>
})",
                              "TAKEN", taken));
}

} // namespace
