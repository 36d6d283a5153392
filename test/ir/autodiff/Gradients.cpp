#include "test/ir/autodiff/Gradients.h"

#include "ir/eval/Evaluator.h"
#include "test/ir/RandomTensor.h"

using namespace mlir;

namespace dlc::ir::test {
namespace {

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

} // namespace

bool hasFloats(Type tensor) { return isa<FloatType>(cast<RankedTensorType>(tensor).getElementType()); }

FuncOp weighedSum(FuncOp func, std::mt19937_64 &random) {
  FuncOp sum = cloned(func, "_sum");
  Operation *end = sum.getBody().front().getTerminator();
  OpBuilder builder(end);
  Location loc = func.getLoc();
  Value total;
  for (Value result : end->getOperands()) {
    auto type = cast<RankedTensorType>(result.getType());
    if (!hasFloats(type))
      continue;
    Value weights = ConstantOp::create(builder, loc, eval::attrFromTensor(randomTensor(type, random, 0.5, 1.5)));
    Value product = BinaryOp::create(builder, loc, type, BinaryFn::mul, result, weights);
    Value part = ReduceOp::create(builder, loc, ReduceFn::sum, product, llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
    total = total ? Value(BinaryOp::create(builder, loc, part.getType(), BinaryFn::add, total, part)) : part;
  }
  setResults(sum, {total});
  return sum;
}

FuncOp withGradient(FuncOp func) {
  FuncOp gradient = cloned(func, "_grad");
  Operation *end = gradient.getBody().front().getTerminator();
  OpBuilder builder(end);
  SmallVector<Value> by;
  for (Value argument : gradient.getBody().getArguments())
    if (hasFloats(argument.getType()))
      by.push_back(argument);
  auto op = GradientOp::create(builder, func.getLoc(), ValueRange(by).getTypes(), end->getOperand(0), by);
  setResults(gradient, llvm::to_vector_of<Value>(op.getResults()));
  return gradient;
}

} // namespace dlc::ir::test
