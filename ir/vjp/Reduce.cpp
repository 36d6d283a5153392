#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

namespace {

/// The cotangent of the operand of a fold of one axis.
class OneAxis {
public:
  OneAxis(OpBuilder &builder, Location loc, ReduceFn fn, int64_t axis) : builder(builder), loc(loc), fn(fn), axis(axis) {}

  Value cotangent(Value operand, Value g) {
    RankedTensorType type = typeOf(operand);
    Expr each(builder, loc, repeat(builder, loc, g, type, {axis}));
    if (fn == ReduceFn::prod)
      return each * each.with(productOfOthers(operand));
    // max, min: to the first of equal elements.
    Value first = ArgReduceOp::create(builder, loc, fn, operand, axis);
    Expr index(builder, loc, indexAlong(builder, loc, type, axis));
    return select(index == index.with(repeat(builder, loc, first, typeOf(index), {axis})), each, 0);
  }

private:
  /// Without a quotient, so that zeros do no harm: what comes before times what comes behind.
  Value productOfOthers(Value operand) {
    auto exclusive = [&](bool reverse) -> Expr {
      return {builder, loc, CumulateOp::create(builder, loc, operand.getType(), ReduceFn::prod, operand, axis, reverse, true)};
    };
    return exclusive(false) * exclusive(true);
  }

  OpBuilder &builder;
  Location loc;
  ReduceFn fn;
  int64_t axis;
};

} // namespace

// sum: dx = g, repeated. Others: axis by axis from the last one on, as if each were a fold of its own; so of equal elements
// the first in row-major order is found.
void ReduceOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  auto type = typeOf(getOperand());
  if (!hasFloatElements(type) || staticCount(type) == 0)
    return gradients.push_back(Value());
  if (getFn() == ReduceFn::sum)
    return gradients.push_back(repeat(builder, getLoc(), cotangents[0], type, getAxes()));
  SmallVector<Value> partial{getOperand()}; // partial[i]: the operand of the i-th fold
  for (int64_t axis : llvm::reverse(getAxes().drop_front(getAxes().empty() ? 0 : 1)))
    partial.push_back(reduce(builder, getLoc(), getFn(), partial.back(), {axis}));
  Value g = cotangents[0];
  for (auto [axis, operand] : llvm::zip_equal(getAxes(), llvm::reverse(partial)))
    g = OneAxis(builder, getLoc(), getFn(), axis).cotangent(operand, g);
  gradients.push_back(g);
}
