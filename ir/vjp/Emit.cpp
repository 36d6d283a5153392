#include "ir/vjp/Emit.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dlc::ir::vjp {

Value scalar(OpBuilder &builder, Location loc, Type elementType, double value) {
  Attribute element;
  if (isa<FloatType>(elementType))
    element = builder.getFloatAttr(elementType, value);
  else
    element = builder.getIntegerAttr(elementType, static_cast<int64_t>(value));
  return ConstantOp::create(builder, loc, DenseElementsAttr::get(tensorType({}, elementType), element));
}

Value full(OpBuilder &builder, Location loc, Type type, double value) {
  auto tensor = cast<RankedTensorType>(type);
  Value constant = scalar(builder, loc, tensor.getElementType(), value);
  if (tensor.getRank() == 0)
    return constant;
  return BroadcastOp::create(builder, loc, type, constant, ArrayRef<int64_t>());
}

Value reduce(OpBuilder &builder, Location loc, ReduceFn fn, Value operand, ArrayRef<int64_t> axes) {
  if (axes.empty())
    return operand;
  return ReduceOp::create(builder, loc, fn, operand, axes);
}

Value transpose(OpBuilder &builder, Location loc, Value operand, ArrayRef<int64_t> permutation) {
  bool identity = true;
  for (auto [index, axis] : llvm::enumerate(permutation))
    identity &= static_cast<int64_t>(index) == axis;
  if (identity)
    return operand;
  return TransposeOp::create(builder, loc, operand, permutation);
}

Value repeat(OpBuilder &builder, Location loc, Value folded, RankedTensorType type, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> kept;
  for (int64_t axis = 0; axis < type.getRank(); ++axis)
    if (!llvm::is_contained(axes, axis))
      kept.push_back(axis);
  if (folded.getType() == type)
    return folded;
  return BroadcastOp::create(builder, loc, type, folded, kept);
}

Value indexAlong(OpBuilder &builder, Location loc, RankedTensorType type, int64_t axis) {
  return IotaOp::create(builder, loc, withElement(type, builder.getI64Type()), static_cast<uint64_t>(axis), Value());
}

Value scatterAlong(OpBuilder &builder, Location loc, Value cotangent, Value indices, int64_t axis) {
  int64_t last = typeOf(cotangent).getRank() - 1;
  // The axis goes to the end, so that all others run together as batch axes.
  SmallVector<int64_t> order, back(last + 1);
  for (int64_t i = 0; i <= last; ++i)
    if (i != axis)
      order.push_back(i);
  order.push_back(axis);
  for (int64_t i = 0; i <= last; ++i)
    back[order[i]] = i;
  Value updates = transpose(builder, loc, cotangent, order), at = transpose(builder, loc, indices, order);
  Value sums = ScatterOp::create(builder, loc, updates.getType(), ScatterFn::add, zeros(builder, loc, updates.getType()), at,
                                 updates, last, last);
  return transpose(builder, loc, sums, back);
}

SymAttr sizeAttr(RankedTensorType type, int64_t axis) {
  return SymAttr::get(type.getContext(), {shapeOf(type)[axis]});
}

} // namespace dlc::ir::vjp
