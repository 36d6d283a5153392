#include "test/ir/autodiff/GradientCheck.h"

#include "ir/Types.h"

#include <cmath>

using namespace mlir;

namespace dlc::ir::test {
namespace {

bool isFloat(Type type) { return isa<FloatType>(cast<RankedTensorType>(type).getElementType()); }

/// A clone beside the original, under a new name, without attributes of arguments and results.
FuncOp cloned(FuncOp func, llvm::StringRef suffix) {
  OpBuilder builder(func);
  builder.setInsertionPointAfter(func);
  auto copy = cast<FuncOp>(builder.clone(*func));
  copy.setName((func.getName() + suffix).str());
  return copy;
}

void setResults(FuncOp func, ArrayRef<Value> results) {
  func.getBody().front().getTerminator()->setOperands(results);
  func.setFunctionType(FunctionType::get(func.getContext(), func.getArgumentTypes(), ValueRange(results).getTypes()));
}

double weigh(const Tensor &scalar) { return scalar.getDouble(0); }

} // namespace

FuncOp weighedSum(FuncOp func, std::mt19937_64 &random) {
  FuncOp sum = cloned(func, "_sum");
  Operation *end = sum.getBody().front().getTerminator();
  OpBuilder builder(end);
  Location loc = func.getLoc();
  Value total;
  for (Value result : end->getOperands()) {
    auto type = cast<RankedTensorType>(result.getType());
    if (!isFloat(type))
      continue;
    Value weights = ConstantOp::create(builder, loc, eval::attrFromTensor(randomTensor(type, random, 0.5, 1.5)));
    Value product = BinaryOp::create(builder, loc, type, BinaryFn::mul, result, weights);
    Value part = ReduceOp::create(builder, loc, ReduceFn::sum, product, llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
    total = total ? Value(BinaryOp::create(builder, loc, part.getType(), BinaryFn::add, total, part)) : part;
  }
  setResults(sum, {total});
  return sum;
}

FuncOp gradientOf(FuncOp func) {
  FuncOp gradient = cloned(func, "_grad");
  Operation *end = gradient.getBody().front().getTerminator();
  OpBuilder builder(end);
  SmallVector<Value> by;
  for (Value argument : gradient.getBody().getArguments())
    if (isFloat(argument.getType()))
      by.push_back(argument);
  auto op = GradientOp::create(builder, func.getLoc(), ValueRange(by).getTypes(), end->getOperand(0), by);
  setResults(gradient, llvm::to_vector_of<Value>(op.getResults()));
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
      if (!isFloat(argument.type()))
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
