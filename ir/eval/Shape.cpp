// Constants, and operations that move elements to places known at compile time.
#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

/// Copies every element of `source` to `target` as the layout of each over `shape` says.
void move(ArrayRef<int64_t> shape, const Tensor &source, const Layout &from, Tensor &target, const Layout &to) {
  copyElements(shape, source.elementBytes(), source.data(), from, target.mutableData(), to);
}

Layout rowMajor(ArrayRef<int64_t> shape) { return {0, stridesOf(shape)}; }

/// The layout of windows over the operand of type `shape`: the axes as they are, then one axis inside each window.
Layout windowLayout(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes, ArrayRef<int64_t> stride,
                    ArrayRef<int64_t> dilation) {
  SmallVector<int64_t> whole = stridesOf(shape);
  Layout layout{0, whole};
  for (size_t k = 0; k < axes.size(); ++k) {
    layout.strides[axes[k]] = whole[axes[k]] * stride[k];
    layout.strides.push_back(whole[axes[k]] * dilation[k]);
  }
  return layout;
}

} // namespace

LogicalResult ConstantOp::evaluate(ArrayRef<Tensor>, SmallVectorImpl<Tensor> &results, Environment &) {
  Tensor value = tensorFromAttr(getValue());
  if (!value)
    return emitError("cannot be evaluated: the elements of the constant are not available");
  results.push_back(value);
  return success();
}

LogicalResult SizeOp::evaluate(ArrayRef<Tensor>, SmallVectorImpl<Tensor> &results, Environment &) {
  std::optional<int64_t> value = getSize().getSizes().front().constant();
  if (!value)
    return emitError("cannot be evaluated: size `") << getSize().getSizes().front().str()
                                                    << "` is not bound; specialise the function first";
  Tensor result(getType());
  result.setInt(0, *value);
  results.push_back(result);
  return success();
}

LogicalResult IotaOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  int64_t offset = operands.empty() ? 0 : operands[0].getInt(0);
  Tensor result(*type);
  AxisSpace space(type->getShape(), getAxis());
  for (int64_t o = 0, at = 0; o < space.outer; ++o)
    for (int64_t i = 0; i < space.size; ++i)
      for (int64_t n = 0; n < space.inner; ++n)
        result.setInt(at++, i + offset);
  results.push_back(result);
  return success();
}

LogicalResult BroadcastOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  SmallVector<int64_t> strides = stridesOf(operands[0].shape());
  Layout from{0, SmallVector<int64_t>(type->getRank(), 0)};
  for (auto [axis, target] : llvm::enumerate(getAxes()))
    if (operands[0].shape()[axis] != 1)
      from.strides[target] = strides[axis];
  move(type->getShape(), operands[0], from, result, rowMajor(type->getShape()));
  results.push_back(result);
  return success();
}

LogicalResult ReshapeOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  results.push_back(operands[0].reshaped(type->getShape()));
  return success();
}

LogicalResult TransposeOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  SmallVector<int64_t> strides = stridesOf(operands[0].shape());
  Layout from;
  for (int64_t axis : getPermutation())
    from.strides.push_back(strides[axis]);
  move(type->getShape(), operands[0], from, result, rowMajor(type->getShape()));
  results.push_back(result);
  return success();
}

LogicalResult SliceOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  SmallVector<int64_t> strides = stridesOf(operands[0].shape());
  Layout from;
  for (size_t i = 0; i < strides.size(); ++i) {
    from.start += getStart()[i] * strides[i];
    from.strides.push_back(getStride()[i] * strides[i]);
  }
  move(type->getShape(), operands[0], from, result, rowMajor(type->getShape()));
  results.push_back(result);
  return success();
}

LogicalResult PadOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  Layout everywhere{0, SmallVector<int64_t>(type->getRank(), 0)};
  move(type->getShape(), operands[1], everywhere, result, rowMajor(type->getShape()));
  SmallVector<int64_t> strides = stridesOf(type->getShape());
  Layout to;
  for (size_t i = 0; i < strides.size(); ++i) {
    to.start += getLow()[i] * strides[i];
    to.strides.push_back((getInterior()[i] + 1) * strides[i]);
  }
  move(operands[0].shape(), operands[0], rowMajor(operands[0].shape()), result, to);
  results.push_back(result);
  return success();
}

LogicalResult ConcatOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  Layout to = rowMajor(type->getShape());
  for (const Tensor &part : operands) {
    move(part.shape(), part, rowMajor(part.shape()), result, to);
    to.start += part.shape()[getAxis()] * to.strides[getAxis()];
  }
  results.push_back(result);
  return success();
}

LogicalResult ReverseOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &x = operands[0];
  Tensor result(x.type());
  Layout from = rowMajor(x.shape());
  for (int64_t axis : getAxes()) {
    from.start += (x.shape()[axis] - 1) * from.strides[axis];
    from.strides[axis] = -from.strides[axis];
  }
  move(x.shape(), x, from, result, rowMajor(x.shape()));
  results.push_back(result);
  return success();
}

LogicalResult WindowOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  move(type->getShape(), operands[0], windowLayout(operands[0].shape(), getAxes(), getStride(), getDilation()), result,
       rowMajor(type->getShape()));
  results.push_back(result);
  return success();
}

LogicalResult OverlapAddOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  std::vector<double> sums(Tensor(*type).count());
  Doubles windows(operands[0]);
  int64_t at = 0;
  forEachIndex(operands[0].shape(), windowLayout(type->getShape(), getAxes(), getStride(), getDilation()),
               [&](int64_t offset) { sums[offset] += windows[at++]; });
  results.push_back(store(*type, sums));
  return success();
}
