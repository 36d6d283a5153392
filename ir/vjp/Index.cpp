#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

// dx = 0 with g added where it was read
void GatherOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!hasFloatElements(getType()))
    return gradients.append(2, Value());
  Value zero = zeros(builder, getLoc(), getOperand().getType());
  gradients.push_back(ScatterOp::create(builder, getLoc(), zero.getType(), ScatterFn::add, zero, getIndices(), cotangents[0],
                                        getAxis(), getBatch()));
  gradients.push_back(Value());
}

/// Of a `set`: true where the update stayed, that is, no later one hit the same place. Each update writes the index of itself along each
/// axis of the places; the one that finds itself again has stayed.
static Value stayed(OpBuilder &builder, ScatterOp op) {
  Location loc = op.getLoc();
  RankedTensorType updates = withElement(typeOf(op.getUpdates()), builder.getI64Type());
  RankedTensorType whole = withElement(op.getType(), builder.getI64Type());
  int64_t axis = op.getAxis(), places = typeOf(op.getIndices()).getRank() - static_cast<int64_t>(op.getBatch());
  Value result = full(builder, loc, withElement(updates, builder.getI1Type()), 1);
  for (int64_t i = 0; i < places; ++i) {
    Value mine = indexAlong(builder, loc, updates, axis + i);
    Value none = full(builder, loc, whole, -1);
    Value owner =
        ScatterOp::create(builder, loc, whole, ScatterFn::set, none, op.getIndices(), mine, op.getAxis(), op.getBatch());
    Value found = GatherOp::create(builder, loc, owner, op.getIndices(), op.getAxis(), op.getBatch());
    Value same = Expr(builder, loc, found) == Expr(builder, loc, mine);
    result = both(Expr(builder, loc, result), Expr(builder, loc, same));
  }
  return result;
}

// add: dx = g, dupdates = g gathered. set: dx = g with 0 at what was written, dupdates = g gathered by those that stayed
void ScatterOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!hasFloatElements(getType()))
    return gradients.append(3, Value());
  Location loc = getLoc();
  Value read = GatherOp::create(builder, loc, cotangents[0], getIndices(), getAxis(), getBatch());
  if (getFn() == ScatterFn::add) {
    gradients.append({cotangents[0], Value(), read});
    return;
  }
  Value zero = zeros(builder, loc, getUpdates().getType());
  Value kept = ScatterOp::create(builder, loc, getType(), ScatterFn::set, cotangents[0], getIndices(), zero, getAxis(), getBatch());
  Value masked = select(Expr(builder, loc, stayed(builder, *this)), Expr(builder, loc, read), 0);
  gradients.append({kept, Value(), masked});
}
