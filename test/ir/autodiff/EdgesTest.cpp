// Points at which a function has no derivative, or none that is finite: what LANGUAGE and ir/Elementwise.def promise there.
#include "test/ir/autodiff/GradientCheck.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

/// The derivatives of the sum of the results by all arguments, and by those the derivatives of their sum: first, then second.
struct Derivatives {
  SmallVector<Tensor> first, second;
};

class Edges : public testing::Test {
protected:
  Tensor tensor(ArrayRef<int64_t> shape, ArrayRef<double> elements) {
    Tensor result(RankedTensorType::get(shape, Float64Type::get(&graphs.context)));
    for (auto [index, element] : llvm::enumerate(elements))
      result.setDouble(index, element);
    return result;
  }

  /// Appends the sum of the terminator's operands in place of them.
  FuncOp summed(FuncOp func) {
    Operation *end = func.getBody().front().getTerminator();
    OpBuilder builder(end);
    Value total;
    for (Value result : end->getOperands()) {
      auto axes = llvm::to_vector(llvm::seq<int64_t>(0, cast<RankedTensorType>(result.getType()).getRank()));
      Value part = ReduceOp::create(builder, end->getLoc(), ReduceFn::sum, result, axes);
      total = total ? Value(BinaryOp::create(builder, end->getLoc(), part.getType(), BinaryFn::add, total, part)) : part;
    }
    end->setOperands({total});
    func.setFunctionType(FunctionType::get(func.getContext(), func.getArgumentTypes(), total.getType()));
    return func;
  }

  Derivatives derivatives(const std::string &text, ArrayRef<Tensor> arguments) {
    module = graphs.parse(text);
    if (!module)
      return {};
    FuncOp first = gradientOf(summed(functionOf(*module)));
    Derivatives result{evaluate(first, arguments), {}};
    result.second = evaluate(gradientOf(summed(first)), arguments);
    for (const Tensor &second : result.second)
      for (int64_t i = 0; i < second.count(); ++i)
        EXPECT_TRUE(std::isfinite(second.getDouble(i))) << "second derivative of " << text;
    return result;
  }

  /// The first derivative by the first argument, as text.
  std::string first(const std::string &text, ArrayRef<Tensor> arguments) {
    Derivatives result = derivatives(text, arguments);
    EXPECT_FALSE(result.first.empty()) << graphs.messages;
    if (result.first.empty())
      return "";
    Tensor derivative = result.first[0].clone();
    for (int64_t i = 0; i < derivative.count(); ++i)
      derivative.setDouble(i, derivative.getDouble(i) + 0.0); // -0 is 0
    return eval::formatTensor(derivative);
  }

  Graphs graphs;
  OwningOpRef<ModuleOp> module;
};

std::string unary(const char *name) {
  return llvm::formatv("dl.func @f(%x: tensor<f64>) -> tensor<f64> {{ %y = dl.unary {0} %x : tensor<f64>\n dl.return %y : tensor<f64> }", name);
}
std::string binary(const char *name) {
  return llvm::formatv("dl.func @f(%a: tensor<f64>, %b: tensor<f64>) -> tensor<f64> {{ %y = dl.binary {0} %a, %b : tensor<f64>\n"
                       " dl.return %y : tensor<f64> }",
                       name);
}

#define DLC_UNARY_EDGE(name, point, x, dx)                                                                             \
  TEST_F(Edges, name##_##point) {                                                                                      \
    Derivatives found = derivatives(unary(#name), {tensor({}, {x})});                                                  \
    ASSERT_EQ(found.first.size(), 1u) << graphs.messages;                                                              \
    EXPECT_NEAR(found.first[0].getDouble(0), dx, 1e-12);                                                               \
  }
#define DLC_BINARY_EDGE(name, point, a, b, da, db)                                                                     \
  TEST_F(Edges, name##_##point) {                                                                                      \
    Derivatives found = derivatives(binary(#name), {tensor({}, {a}), tensor({}, {b})});                                \
    ASSERT_EQ(found.first.size(), 2u) << graphs.messages;                                                              \
    EXPECT_NEAR(found.first[0].getDouble(0), da, 1e-12);                                                               \
    EXPECT_NEAR(found.first[1].getDouble(0), db, 1e-12);                                                               \
  }
#include "ir/Elementwise.def"

TEST_F(Edges, norm_at_zero) {
  EXPECT_EQ(first(R"(
dl.func @f(%x: tensor<3xf64>) -> tensor<f64> {
  %q = dl.unary square %x : tensor<3xf64>
  %s = dl.reduce sum %q axes [0] : tensor<3xf64> to tensor<f64>
  %n = dl.unary sqrt %s : tensor<f64>
  dl.return %n : tensor<f64>
})",
                  {tensor({3}, {0, 0, 0})}),
            "[0, 0, 0]");
}

/// `where(x > 0, log(x), 0)` and `where(x > 0, sqrt(x), 0)` to the left of 0.
TEST_F(Edges, untaken_side_of_select) {
  for (const char *fn : {"log", "sqrt", "rsqrt", "reciprocal", "log1p"})
    EXPECT_EQ(first(llvm::formatv(R"(
dl.func @f(%x: tensor<3xf64>) -> tensor<3xf64> {{
  %zero = dl.constant dense<0.0> : tensor<3xf64>
  %c = dl.compare gt %x, %zero : tensor<3xf64>
  %l = dl.unary {0} %x : tensor<3xf64>
  %y = dl.select %c, %l, %zero : tensor<3xf64>
  dl.return %y : tensor<3xf64>
})",
                                  fn),
                    {tensor({3}, {-1, 0, -2})}),
              "[0, 0, 0]")
        << fn;
}

/// `where(x > 0, x * log(x), 0)`: the infinite factor stands in a product; and an exponential that overflows on the other side.
TEST_F(Edges, untaken_side_of_select_with_products) {
  EXPECT_EQ(first(R"(
dl.func @f(%x: tensor<3xf64>) -> tensor<3xf64> {
  %zero = dl.constant dense<0.0> : tensor<3xf64>
  %c = dl.compare gt %x, %zero : tensor<3xf64>
  %l = dl.unary log %x : tensor<3xf64>
  %p = dl.binary mul %x, %l : tensor<3xf64>
  %n = dl.unary neg %p : tensor<3xf64>
  %y = dl.select %c, %n, %zero : tensor<3xf64>
  dl.return %y : tensor<3xf64>
})",
                  {tensor({3}, {1, 0, -2})}),
            "[-1, 0, 0]");
  EXPECT_EQ(first(R"(
dl.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {
  %zero = dl.constant dense<0.0> : tensor<2xf64>
  %c = dl.compare gt %x, %zero : tensor<2xf64>
  %e = dl.unary exp %x : tensor<2xf64>
  %y = dl.select %c, %x, %e : tensor<2xf64>
  dl.return %y : tensor<2xf64>
})",
                  {tensor({2}, {1000, 0})}),
            "[1, 1]");
}

/// One logarithm under two conditions.
TEST_F(Edges, untaken_side_of_two_selects) {
  EXPECT_EQ(first(R"(
dl.func @f(%x: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>) {
  %zero = dl.constant dense<0.0> : tensor<3xf64>
  %l = dl.unary log %x : tensor<3xf64>
  %c = dl.compare gt %x, %zero : tensor<3xf64>
  %y = dl.select %c, %l, %zero : tensor<3xf64>
  %e = dl.compare eq %x, %zero : tensor<3xf64>
  %z = dl.select %e, %zero, %l : tensor<3xf64>
  dl.return %y, %z : tensor<3xf64>, tensor<3xf64>
})",
                  {tensor({3}, {2, 0, 4})}),
            "[1, 0, 0.5]");
}

TEST_F(Edges, reduce_ties_go_to_the_first) {
  auto text = [](const char *fn, const char *axes, const char *to) {
    return llvm::formatv("dl.func @f(%x: tensor<2x3xf64>) -> {2} {{ %y = dl.reduce {0} %x axes [{1}] : tensor<2x3xf64> to {2}\n"
                         " dl.return %y : {2} }",
                         fn, axes, to)
        .str();
  };
  Tensor x = tensor({2, 3}, {1, 5, 5, 5, 1, 1});
  EXPECT_EQ(first(text("max", "0, 1", "tensor<f64>"), {x}), "[[0, 1, 0], [0, 0, 0]]");
  EXPECT_EQ(first(text("max", "1", "tensor<2xf64>"), {x}), "[[0, 1, 0], [1, 0, 0]]");
  EXPECT_EQ(first(text("min", "0, 1", "tensor<f64>"), {x}), "[[1, 0, 0], [0, 0, 0]]");
  EXPECT_EQ(first(text("min", "0", "tensor<3xf64>"), {x}), "[[1, 0, 0], [0, 1, 1]]");
}

TEST_F(Edges, empty_axes) {
  for (const char *fn : {"sum", "prod", "max", "min"})
    EXPECT_EQ(first(llvm::formatv("dl.func @f(%x: tensor<2x0xf64>, %z: tensor<2xf64>) -> tensor<2xf64> {{ "
                                  "%y = dl.reduce {0} %x axes [1] : tensor<2x0xf64> to tensor<2xf64>\n"
                                  " %w = dl.binary max %y, %z : tensor<2xf64>\n dl.return %w : tensor<2xf64> }",
                                  fn),
                    {tensor({2, 0}, {}), tensor({2}, {7, 7})}),
              "[[], []]")
        << fn;
}

/// One zero, two zeros and none: the derivative of a product is the product of the others.
TEST_F(Edges, products_with_zeros) {
  std::string reduce = R"(
dl.func @f(%x: tensor<3x3xf64>) -> tensor<3xf64> {
  %y = dl.reduce prod %x axes [1] : tensor<3x3xf64> to tensor<3xf64>
  dl.return %y : tensor<3xf64>
})";
  Tensor x = tensor({3, 3}, {2, 0, 3, 0, 5, 0, 2, 3, 4});
  EXPECT_EQ(first(reduce, {x}), "[[0, 6, 0], [0, 0, 0], [12, 8, 6]]");
  auto product = graphs.parse(reduce);
  ASSERT_TRUE(product);
  checkDerivatives(functionOf(*product), {x}, 3);
  for (const char *how : {"", " reverse", " exclusive", " reverse exclusive"}) {
    auto text = llvm::formatv("dl.func @f(%x: tensor<3x3xf64>) -> tensor<3x3xf64> {{ %y = dl.cumulate prod %x axis 1{0} : tensor<3x3xf64>\n"
                              " dl.return %y : tensor<3x3xf64> }",
                              how)
                    .str();
    auto cumulate = graphs.parse(text);
    ASSERT_TRUE(cumulate);
    checkDerivatives(functionOf(*cumulate), {x}, 2);
  }
}

/// Exclusive running extrema start with an infinity, which has no derivative and gives none.
TEST_F(Edges, exclusive_extrema) {
  auto text = [](const char *fn, const char *how) {
    return llvm::formatv("dl.func @f(%x: tensor<4xf64>) -> tensor<4xf64> {{ %c = dl.cumulate {0} %x axis 0{1} exclusive : tensor<4xf64>\n"
                         " dl.return %c : tensor<4xf64> }",
                         fn, how)
        .str();
  };
  // The sums of infinities do not matter: only the derivative is looked at.
  Tensor x = tensor({4}, {1, 3, 2, 5});
  EXPECT_EQ(first(text("max", ""), {x}), "[1, 2, 0, 0]");
  EXPECT_EQ(first(text("max", " reverse"), {x}), "[0, 0, 0, 3]");
  EXPECT_EQ(first(text("min", ""), {x}), "[3, 0, 0, 0]");
  EXPECT_EQ(first(text("min", " reverse"), {x}), "[0, 0, 2, 1]");
}

TEST_F(Edges, cumulate_ties_go_to_the_first) {
  auto text = [](const char *fn, const char *how) {
    return llvm::formatv("dl.func @f(%x: tensor<4xf64>) -> tensor<4xf64> {{ %c = dl.cumulate {0} %x axis 0{1} : tensor<4xf64>\n"
                         " dl.return %c : tensor<4xf64> }",
                         fn, how)
        .str();
  };
  Tensor x = tensor({4}, {2, 2, 2, 2});
  EXPECT_EQ(first(text("max", ""), {x}), "[4, 0, 0, 0]");
  EXPECT_EQ(first(text("min", " reverse"), {x}), "[0, 0, 0, 4]");
}

/// Of repeated indices the last stays, and alone gets the cotangent.
TEST_F(Edges, scatter_set_repeated) {
  Derivatives found = derivatives(R"(
dl.func @f(%x: tensor<3xf64>, %u: tensor<2x2xf64>) -> tensor<3xf64> {
  %i = dl.constant dense<[[1, 0], [1, 9]]> : tensor<2x2xi64>
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<3xf64>, tensor<2x2xi64>, tensor<2x2xf64>
  dl.return %y : tensor<3xf64>
})",
                                  {tensor({3}, {1, 2, 3}), tensor({2, 2}, {4, 5, 6, 7})});
  ASSERT_EQ(found.first.size(), 2u) << graphs.messages;
  EXPECT_EQ(eval::formatTensor(found.first[0]), "[0, 0, 1]");
  EXPECT_EQ(eval::formatTensor(found.first[1]), "[[0, 1], [1, 0]]");
}

TEST_F(Edges, sort_of_equal_elements_is_stable) {
  EXPECT_EQ(first(R"(
dl.func @f(%x: tensor<3xf64>) -> tensor<f64> {
  %s, %p = dl.sort %x axis 0 : tensor<3xf64> to tensor<3xi64>
  %y = dl.slice %s start [0] stride [1] : tensor<3xf64> to tensor<1xf64>
  %r = dl.reshape %y : tensor<1xf64> to tensor<f64>
  dl.return %r : tensor<f64>
})",
                  {tensor({3}, {1, 1, 1})}),
            "[1, 0, 0]");
}

TEST_F(Edges, one_element_axes) {
  for (const char *fn : {"sum", "prod", "max", "min"})
    EXPECT_EQ(first(llvm::formatv("dl.func @f(%x: tensor<2x1xf64>) -> tensor<2xf64> {{ %y = dl.reduce {0} %x axes [1] : tensor<2x1xf64> to "
                                  "tensor<2xf64>\n dl.return %y : tensor<2xf64> }",
                                  fn),
                    {tensor({2, 1}, {0, 3})}),
              "[[1], [1]]")
        << fn;
}

} // namespace
