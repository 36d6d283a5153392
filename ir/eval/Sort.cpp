#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

/// The stable order along `axis` of the operand, as indices; NaN stands last both ways.
template <typename T> static Tensor orderAlong(const Tensor &operand, int64_t axis, bool descending) {
  AxisSpace space(operand.shape(), axis);
  View<T> x(operand);
  Tensor order(RankedTensorType::get(operand.shape(), IntegerType::get(operand.elementType().getContext(), 64)));
  std::vector<int64_t> index(space.size);
  for (int64_t o = 0; o < space.outer; ++o)
    for (int64_t n = 0; n < space.inner; ++n) {
      auto at = [&](int64_t i) { return (o * space.size + i) * space.inner + n; };
      std::iota(index.begin(), index.end(), 0);
      std::stable_sort(index.begin(), index.end(), [&](int64_t i, int64_t j) {
        T a = x[at(i)], b = x[at(j)];
        if (a != a || b != b)
          return a == a;
        return descending ? a > b : a < b;
      });
      for (int64_t i = 0; i < space.size; ++i)
        order.setInt(at(i), index[i]);
    }
  return order;
}

LogicalResult SortOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &x = operands[0];
  int64_t axis = getAxis();
  Tensor order = isFloat(x) ? orderAlong<double>(x, axis, getDescending()) : orderAlong<int64_t>(x, axis, getDescending());
  Tensor sorted(x.type());
  AxisSpace space(x.shape(), axis);
  const char *from = static_cast<const char *>(x.data());
  char *to = static_cast<char *>(sorted.mutableData());
  int64_t width = x.elementBytes();
  ArrayRef<int64_t> index = order.as<int64_t>();
  for (int64_t o = 0, at = 0; o < space.outer; ++o)
    for (int64_t i = 0; i < space.size; ++i)
      for (int64_t n = 0; n < space.inner; ++n, ++at)
        std::copy_n(from + ((o * space.size + index[at]) * space.inner + n) * width, width, to + at * width);
  results.push_back(sorted);
  results.push_back(order);
  return success();
}
