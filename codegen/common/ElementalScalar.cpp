// Element-wise operations: the operands at the same index.
#include "codegen/common/Elemental.h"

using namespace mlir;

namespace dlc::codegen {

Value Elemental::elementwise(Operation *op, Index &index, Mask mask) {
  SmallVector<Value> operands;
  bool vector = false;
  for (Value operand : op->getOperands()) {
    operands.push_back(evaluate(operand, index, mask));
    vector |= isa<VectorType>(operands.back().getType());
  }
  if (vector)
    for (Value &operand : operands)
      operand = loops.splat(operand, index.lanes);
  loops.moveTo(loops.levelOf(operands));
  Value first = op->getOperand(0);
  bool isUnsignedOperand = isUnsigned(first);
  if (auto o = dyn_cast<ir::UnaryOp>(op))
    return math.unary(o.getFn(), operands[0], isUnsignedOperand);
  if (auto o = dyn_cast<ir::BinaryOp>(op))
    return math.binary(o.getFn(), operands[0], operands[1], isUnsignedOperand);
  if (auto o = dyn_cast<ir::CompareOp>(op))
    return math.compare(o.getFn(), operands[0], operands[1], isUnsignedOperand);
  if (isa<ir::SelectOp>(op))
    return math.select(operands[0], operands[1], operands[2]);
  auto o = cast<ir::CastOp>(op);
  Type to = cast<RankedTensorType>(o.getType()).getElementType();
  return math.cast(operands[0], isUnsignedOperand, computeType(to), to.isUnsignedInteger());
}

} // namespace dlc::codegen
