// Gather and scatter along one axis.
#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <cstring>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

/// How gather and scatter see their tensors: the operand is [batch, between, axis, inner], the indices [batch, places], and
/// the gathered tensor [batch, between, places, inner].
struct IndexSpace {
  int64_t batch = 1, between = 1, size = 1, inner = 1, places = 1;

  IndexSpace(ArrayRef<int64_t> operand, ArrayRef<int64_t> indices, int64_t axis, int64_t batchAxes) : size(operand[axis]) {
    for (int64_t extent : operand.take_front(batchAxes))
      batch *= extent;
    for (int64_t extent : operand.slice(batchAxes, axis - batchAxes))
      between *= extent;
    for (int64_t extent : operand.drop_front(axis + 1))
      inner *= extent;
    for (int64_t extent : indices.drop_front(batchAxes))
      places *= extent;
  }

  /// Calls `body(offset in the operand, offset in the gathered tensor)` for each row of `inner` elements, in row-major order of the
  /// indices; the first offset is negative where the index lies outside.
  template <typename Body> void forEachRow(const Ints &indices, Body &&body) const {
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t p = 0; p < places; ++p) {
        int64_t index = indices[b * places + p];
        bool inside = index >= 0 && index < size;
        for (int64_t m = 0; m < between; ++m)
          body(inside ? ((b * between + m) * size + index) * inner : -1, ((b * between + m) * places + p) * inner);
      }
  }
};

template <typename T>
Tensor scatterAdded(const Tensor &operand, const IndexSpace &space, const Ints &indices, const Tensor &updates) {
  View<T> x(operand), u(updates);
  std::vector<T> sums(x.data(), x.data() + x.size());
  space.forEachRow(indices, [&](int64_t to, int64_t from) {
    for (int64_t i = 0; to >= 0 && i < space.inner; ++i)
      sums[to + i] += u[from + i];
  });
  return store(operand.type(), ArrayRef<T>(sums));
}

} // namespace

LogicalResult GatherOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  Tensor result(*type);
  IndexSpace space(operands[0].shape(), operands[1].shape(), getAxis(), getBatch());
  const char *from = static_cast<const char *>(operands[0].data());
  char *to = static_cast<char *>(result.mutableData());
  int64_t width = result.elementBytes();
  space.forEachRow(Ints(operands[1]), [&](int64_t source, int64_t target) {
    if (source >= 0)
      std::memcpy(to + target * width, from + source * width, space.inner * width);
  });
  results.push_back(result);
  return success();
}

LogicalResult ScatterOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &operand = operands[0], &updates = operands[2];
  IndexSpace space(operand.shape(), operands[1].shape(), getAxis(), getBatch());
  Ints indices(operands[1]);
  if (getFn() == ScatterFn::add) {
    results.push_back(isFloat(operand) ? scatterAdded<double>(operand, space, indices, updates)
                                       : scatterAdded<int64_t>(operand, space, indices, updates));
    return success();
  }
  Tensor result = operand.clone();
  char *to = static_cast<char *>(result.mutableData());
  const char *from = static_cast<const char *>(updates.data());
  int64_t width = result.elementBytes();
  space.forEachRow(indices, [&](int64_t target, int64_t source) {
    if (target >= 0)
      std::memcpy(to + target * width, from + source * width, space.inner * width);
  });
  results.push_back(result);
  return success();
}
