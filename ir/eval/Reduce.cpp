#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <cmath>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

template <typename T> T combine(ReduceFn fn, T a, T b) {
  switch (fn) {
  case ReduceFn::sum:
    if constexpr (std::is_same_v<T, int64_t>)
      return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
    else
      return a + b;
  case ReduceFn::prod:
    if constexpr (std::is_same_v<T, int64_t>)
      return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
    else
      return a * b;
  case ReduceFn::max: // NaN stays, the first of equal elements too
    return b > a || b != b ? b : a;
  case ReduceFn::min:
    return b < a || b != b ? b : a;
  case ReduceFn::and_:
    return a != 0 && b != 0;
  case ReduceFn::or_:
    return a != 0 || b != 0;
  }
  return a;
}

template <typename T> T neutral(ReduceFn fn, Type element) {
  switch (fn) {
  case ReduceFn::sum:
  case ReduceFn::or_:
    return 0;
  case ReduceFn::prod:
  case ReduceFn::and_:
    return 1;
  case ReduceFn::max:
    if constexpr (std::is_same_v<T, double>)
      return -std::numeric_limits<double>::infinity();
    else
      return leastInteger(element);
  case ReduceFn::min:
    if constexpr (std::is_same_v<T, double>)
      return std::numeric_limits<double>::infinity();
    else
      return greatestInteger(element);
  }
  return 0;
}

template <typename T>
Tensor reduced(ReduceFn fn, RankedTensorType type, const Tensor &operand, ArrayRef<int64_t> axes) {
  // The result's strides, 0 along what is folded: elements arrive in row-major order of the operand.
  SmallVector<int64_t> strides = stridesOf(type.getShape());
  Layout to;
  for (int64_t axis = 0, kept = 0; axis < operand.rank(); ++axis)
    to.strides.push_back(llvm::is_contained(axes, axis) ? 0 : strides[kept++]);
  std::vector<T> result(Tensor(type).count(), neutral<T>(fn, type.getElementType()));
  View<T> x(operand);
  int64_t at = 0;
  forEachIndex(operand.shape(), to, [&](int64_t offset) { result[offset] = combine<T>(fn, result[offset], x[at++]); });
  return store(type, ArrayRef<T>(result));
}

template <typename T> Tensor argReduced(ReduceFn fn, RankedTensorType type, const Tensor &operand, int64_t axis) {
  AxisSpace space(operand.shape(), axis);
  View<T> x(operand);
  Tensor result(type);
  for (int64_t o = 0; o < space.outer; ++o)
    for (int64_t n = 0; n < space.inner; ++n) {
      int64_t best = 0;
      T value = x[o * space.size * space.inner + n];
      for (int64_t i = 1; i < space.size && value == value; ++i) {
        T next = x[(o * space.size + i) * space.inner + n];
        if (next != next || (fn == ReduceFn::max ? next > value : next < value)) {
          best = i;
          value = next;
        }
      }
      result.setInt(o * space.inner + n, best);
    }
  return result;
}

template <typename T>
Tensor cumulated(ReduceFn fn, const Tensor &operand, int64_t axis, bool reverse, bool exclusive) {
  AxisSpace space(operand.shape(), axis);
  View<T> x(operand);
  std::vector<T> result(x.size());
  for (int64_t o = 0; o < space.outer; ++o)
    for (int64_t n = 0; n < space.inner; ++n) {
      T running = neutral<T>(fn, operand.elementType());
      for (int64_t k = 0; k < space.size; ++k) {
        int64_t i = reverse ? space.size - 1 - k : k;
        int64_t at = (o * space.size + i) * space.inner + n;
        T next = combine<T>(fn, running, x[at]);
        result[at] = exclusive ? running : next;
        running = next;
      }
    }
  return store(operand.type(), ArrayRef<T>(result));
}

} // namespace

LogicalResult ReduceOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  results.push_back(isFloat(operands[0]) ? reduced<double>(getFn(), *type, operands[0], getAxes())
                                         : reduced<int64_t>(getFn(), *type, operands[0], getAxes()));
  return success();
}

LogicalResult ArgReduceOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  int64_t axis = getAxis();
  results.push_back(isFloat(operands[0]) ? argReduced<double>(getFn(), *type, operands[0], axis)
                                         : argReduced<int64_t>(getFn(), *type, operands[0], axis));
  return success();
}

LogicalResult CumulateOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  int64_t axis = getAxis();
  results.push_back(isFloat(operands[0])
                        ? cumulated<double>(getFn(), operands[0], axis, getReverse(), getExclusive())
                        : cumulated<int64_t>(getFn(), operands[0], axis, getReverse(), getExclusive()));
  return success();
}
