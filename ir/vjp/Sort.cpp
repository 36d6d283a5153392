#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

// dx = g back where each element came from
void SortOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!cotangents[0] || !hasFloatElements(getOperand().getType()))
    return gradients.push_back(Value());
  gradients.push_back(scatterAlong(builder, getLoc(), cotangents[0], getPermutation(), getAxis()));
}
