// Derivatives of operations that move elements: each is the transpose, which sums where an element was read several times.
#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

/// True, with the nulls appended, where the operation moves integers or booleans.
static bool hasNone(Operation *op, SmallVectorImpl<Value> &gradients) {
  if (hasFloatElements(op->getResult(0).getType()))
    return false;
  gradients.append(op->getNumOperands(), Value());
  return true;
}

// y = repeated x: dx = Σ over what was repeated
void BroadcastOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasNone(*this, gradients))
    return;
  Shape from = shapeOf(getOperand().getType()), to = shapeOf(getType());
  SmallVector<int64_t> summed;
  for (int64_t axis = 0; axis < static_cast<int64_t>(to.size()); ++axis) {
    const int64_t *source = llvm::find(getAxes(), axis);
    if (source == getAxes().end() || from[source - getAxes().begin()] != to[axis])
      summed.push_back(axis);
  }
  Value sum = reduce(builder, getLoc(), ReduceFn::sum, cotangents[0], summed);
  if (sum.getType() != getOperand().getType()) // unit axes
    sum = ReshapeOp::create(builder, getLoc(), getOperand().getType(), sum);
  gradients.push_back(sum);
}

void ReshapeOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!hasNone(*this, gradients))
    gradients.push_back(ReshapeOp::create(builder, getLoc(), getOperand().getType(), cotangents[0]));
}

void TransposeOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasNone(*this, gradients))
    return;
  SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [index, axis] : llvm::enumerate(getPermutation()))
    inverse[axis] = index;
  gradients.push_back(transpose(builder, getLoc(), cotangents[0], inverse));
}

// dx = g at the places taken, 0 between
void SliceOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasNone(*this, gradients))
    return;
  SmallVector<int64_t> interior;
  for (int64_t stride : getStride())
    interior.push_back(stride - 1);
  Value zero = scalar(builder, getLoc(), getType().getElementType(), 0);
  gradients.push_back(PadOp::create(builder, getLoc(), getOperand().getType(), cotangents[0], zero, getStart(), interior));
}

// dx = g at the places of x; dvalue = Σ g at the others
void PadOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasNone(*this, gradients))
    return;
  Location loc = getLoc();
  SmallVector<int64_t> stride, all;
  for (auto [axis, interior] : llvm::enumerate(getInterior())) {
    stride.push_back(interior + 1);
    all.push_back(axis);
  }
  gradients.push_back(SliceOp::create(builder, loc, getOperand().getType(), cotangents[0], getLow(), stride));
  Type boolean = builder.getI1Type();
  Value yes = full(builder, loc, withElement(typeOf(getOperand()), boolean), 1), no = scalar(builder, loc, boolean, 0);
  Value inside = PadOp::create(builder, loc, withElement(getType(), boolean), yes, no, getLow(), getInterior());
  Value outside = select(Expr(builder, loc, inside), 0, Expr(builder, loc, cotangents[0]));
  gradients.push_back(reduce(builder, loc, ReduceFn::sum, outside, all));
}

// each operand gets its part of g
void ConcatOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasNone(*this, gradients))
    return;
  Location loc = getLoc();
  int64_t rank = getType().getRank();
  SizeExpr place;
  for (Value operand : getOperands()) {
    if (std::optional<int64_t> known = place.constant()) {
      SmallVector<int64_t> start(rank, 0), stride(rank, 1);
      start[getAxis()] = *known;
      gradients.push_back(SliceOp::create(builder, loc, operand.getType(), cotangents[0], start, stride));
    } else {
      Value zero = scalar(builder, loc, builder.getI64Type(), 0);
      SmallVector<Value> starts(rank, zero);
      starts[getAxis()] = SizeOp::create(builder, loc, zero.getType(), SymAttr::get(getContext(), {place}));
      gradients.push_back(DynamicSliceOp::create(builder, loc, operand.getType(), cotangents[0], starts));
    }
    place = place + shapeOf(operand.getType())[getAxis()];
  }
}

void ReverseOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!hasNone(*this, gradients))
    gradients.push_back(ReverseOp::create(builder, getLoc(), getType(), cotangents[0], getAxes()));
}

void WindowOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!hasNone(*this, gradients))
    gradients.push_back(OverlapAddOp::create(builder, getLoc(), getOperand().getType(), cotangents[0], getAxes(), getSize(),
                                             getStride(), getDilation()));
}

void OverlapAddOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  gradients.push_back(WindowOp::create(builder, getLoc(), getOperand().getType(), cotangents[0], getAxes(), getSize(), getStride(),
                                       getDilation()));
}
