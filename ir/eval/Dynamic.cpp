// Parts of tensors whose place is known at run time only.
#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <algorithm>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

/// Where the part of shape `part` lies in a tensor of shape `whole`: each start clamped so that it lies inside.
static Layout placeOf(ArrayRef<int64_t> part, ArrayRef<int64_t> whole, ArrayRef<Tensor> starts) {
  Layout layout{0, stridesOf(whole)};
  for (size_t i = 0; i < whole.size(); ++i) {
    int64_t start = std::clamp<int64_t>(starts[i].getInt(0), 0, std::max<int64_t>(0, whole[i] - part[i]));
    layout.start += start * layout.strides[i];
  }
  return layout;
}

LogicalResult DynamicSliceOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  ArrayRef<int64_t> shape = type->getShape();
  copyElements(shape, result.elementBytes(), operands[0].data(),
               placeOf(shape, operands[0].shape(), operands.drop_front()), result.mutableData(), {0, stridesOf(shape)});
  results.push_back(result);
  return success();
}

LogicalResult DynamicUpdateOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  Tensor result = operands[0].clone();
  ArrayRef<int64_t> shape = operands[1].shape();
  copyElements(shape, result.elementBytes(), operands[1].data(), {0, stridesOf(shape)}, result.mutableData(),
               placeOf(shape, result.shape(), operands.drop_front(2)));
  results.push_back(result);
  return success();
}
