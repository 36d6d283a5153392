// Derivatives of parts whose place is known at run time; both clamp alike, so they are transposes of each other.
#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

// dx = 0 with g written at the part
void DynamicSliceOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasFloatElements(getType())) {
    Value zero = zeros(builder, getLoc(), getOperand().getType());
    gradients.push_back(DynamicUpdateOp::create(builder, getLoc(), zero.getType(), zero, cotangents[0], getStarts()));
  } else {
    gradients.push_back(Value());
  }
  gradients.append(getStarts().size(), Value());
}

// dx = g with 0 written at the part; dupdate = the part of g
void DynamicUpdateOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (hasFloatElements(getType())) {
    Value zero = zeros(builder, getLoc(), getUpdate().getType());
    gradients.push_back(DynamicUpdateOp::create(builder, getLoc(), getType(), cotangents[0], zero, getStarts()));
    gradients.push_back(DynamicSliceOp::create(builder, getLoc(), getUpdate().getType(), cotangents[0], getStarts()));
  } else {
    gradients.append(2, Value());
  }
  gradients.append(getStarts().size(), Value());
}
