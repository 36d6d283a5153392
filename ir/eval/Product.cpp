#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

/// The axes of a tensor of this rank that neither list names, in order.
SmallVector<int64_t> others(int64_t rank, ArrayRef<int64_t> batch, ArrayRef<int64_t> contract) {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(batch, axis) && !llvm::is_contained(contract, axis))
      axes.push_back(axis);
  return axes;
}

int64_t product(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  int64_t result = 1;
  for (int64_t axis : axes)
    result *= shape[axis];
  return result;
}

/// The elements as doubles with the axes in the order of the three lists.
std::vector<double> arranged(const Tensor &tensor, ArrayRef<int64_t> first, ArrayRef<int64_t> second,
                             ArrayRef<int64_t> third) {
  SmallVector<int64_t> shape, strides = stridesOf(tensor.shape());
  Layout from;
  for (ArrayRef<int64_t> axes : {first, second, third})
    for (int64_t axis : axes) {
      shape.push_back(tensor.shape()[axis]);
      from.strides.push_back(strides[axis]);
    }
  Doubles elements(tensor);
  std::vector<double> result(tensor.count());
  copyElements(shape, sizeof(double), elements.data(), from, result.data(), {0, stridesOf(shape)});
  return result;
}

} // namespace

LogicalResult DotOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &environment) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  const Tensor lhs = environment.factor(*this, getPrecision(), operands[0]), rhs = environment.factor(*this, getPrecision(), operands[1]);
  SmallVector<int64_t> left = others(lhs.rank(), getLhsBatch(), getLhsContract());
  SmallVector<int64_t> right = others(rhs.rank(), getRhsBatch(), getRhsContract());
  int64_t batches = product(lhs.shape(), getLhsBatch()), rows = product(lhs.shape(), left);
  int64_t inner = product(lhs.shape(), getLhsContract()), columns = product(rhs.shape(), right);
  std::vector<double> a = arranged(lhs, getLhsBatch(), left, getLhsContract());
  std::vector<double> b = arranged(rhs, getRhsBatch(), getRhsContract(), right);
  std::vector<double> sums(static_cast<size_t>(batches * rows * columns));
  for (int64_t batch = 0; batch < batches; ++batch)
    for (int64_t m = 0; m < rows; ++m) {
      double *row = sums.data() + (batch * rows + m) * columns;
      for (int64_t k = 0; k < inner; ++k) {
        double factor = a[(batch * rows + m) * inner + k];
        const double *other = b.data() + (batch * inner + k) * columns;
        for (int64_t n = 0; n < columns; ++n)
          row[n] += factor * other[n];
      }
    }
  results.push_back(store(*type, sums));
  return success();
}
