#include "test/ir/autodiff/GradientCheck.h"

#include "ir/Types.h"

#include <cmath>

using namespace mlir;

namespace dlc::ir::test {
namespace {

double weigh(const Tensor &scalar) { return scalar.getDouble(0); }

} // namespace

FuncOp gradientOf(FuncOp func) {
  FuncOp gradient = withGradient(func);
  EXPECT_TRUE(succeeded(expandGradients(gradient)));
  EXPECT_TRUE(succeeded(verify(gradient)));
  return gradient;
}

SmallVector<Tensor> evaluate(FuncOp func, ArrayRef<Tensor> arguments) {
  eval::Environment environment;
  auto results = eval::evaluateFunction(func, arguments, environment);
  EXPECT_TRUE(succeeded(results));
  return succeeded(results) ? *results : SmallVector<Tensor>();
}

void checkDerivatives(FuncOp func, ArrayRef<Tensor> arguments, int order) {
  std::mt19937_64 random(7);
  FuncOp current = func;
  for (int n = 1; n <= order; ++n) {
    FuncOp value = weighedSum(current, random), gradient = gradientOf(value);
    if (testing::Test::HasFailure())
      return;
    SmallVector<Tensor> derivatives = evaluate(gradient, arguments);
    size_t next = 0;
    for (auto [number, argument] : llvm::enumerate(arguments)) {
      if (!hasFloats(argument.type()))
        continue;
      ASSERT_LT(next, derivatives.size());
      const Tensor &derivative = derivatives[next++];
      for (int64_t i = 0; i < argument.count(); ++i) {
        double x = argument.getDouble(i), step = 1e-5 * std::max(1.0, std::fabs(x));
        auto at = [&](double moved) {
          SmallVector<Tensor> point(arguments);
          point[number] = argument.clone();
          point[number].setDouble(i, moved);
          return weigh(evaluate(value, point)[0]);
        };
        double expected = (at(x + step) - at(x - step)) / (2 * step), found = derivative.getDouble(i);
        ASSERT_NEAR(found, expected, 2e-6 * (1 + std::fabs(expected)))
            << "derivative " << n << " by element " << i << " of argument " << number << " of @" << func.getName().str();
      }
    }
    current = gradient;
  }
}

void checkDerivatives(llvm::StringRef text, double low, double high, int order) {
  Graphs graphs;
  auto module = graphs.parse(text);
  ASSERT_TRUE(module);
  FuncOp func = functionOf(*module);
  std::mt19937_64 random(42);
  SmallVector<Tensor> arguments;
  for (Type type : func.getArgumentTypes())
    arguments.push_back(randomTensor(type, random, low, high));
  checkDerivatives(func, arguments, order);
  if (testing::Test::HasFailure())
    ADD_FAILURE() << graphs.messages << text.str();
}

} // namespace dlc::ir::test
