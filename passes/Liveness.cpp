#include "passes/Liveness.h"

namespace dlc::passes {
using namespace mlir;

Value viewed(Value value) {
  while (auto reshape = value.getDefiningOp<ir::ReshapeOp>())
    value = reshape.getOperand();
  return value;
}

SmallVector<Value> views(Value value) {
  SmallVector<Value> found = {value};
  for (size_t i = 0; i < found.size(); ++i)
    for (Operation *user : found[i].getUsers())
      if (isa<ir::ReshapeOp>(user))
        found.push_back(user->getResult(0));
  return found;
}

Timeline::Timeline(ir::FuncOp func) {
  unsigned next = 1;
  number(func.getBody().front(), next);
}

void Timeline::number(Block &block, unsigned &next) {
  for (Operation &op : block) {
    unsigned begin = next++;
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        number(inner, next);
    times[&op] = {begin, op.getNumRegions() == 0 ? begin : next++};
  }
}

unsigned Timeline::readTime(OpOperand &use, Block *defined) const {
  Operation *op = use.getOwner();
  // An operation with regions reads its operands before these run, but what a loop walks is read
  // all along.
  unsigned time = begin(op);
  if (auto loop = dyn_cast<ir::LoopOp>(op)) {
    unsigned number = use.getOperandNumber();
    auto [start, count] = loop.getODSOperandIndexAndLength(1);
    if (number >= start && number < start + count)
      time = end(op);
  }
  for (Operation *outer = op; outer->getBlock() != defined; outer = outer->getParentOp())
    if (isa<ir::LoopOp>(outer->getParentOp()))
      time = std::max(time, end(outer->getParentOp()));
  return time;
}

unsigned Timeline::lastRead(Value value) const {
  Block *defined = value.getParentBlock();
  unsigned last = value.getDefiningOp() ? end(value.getDefiningOp()) : 0;
  for (Value view : views(value))
    for (OpOperand &use : view.getUses())
      if (!isa<ir::ReshapeOp>(use.getOwner()))
        last = std::max(last, readTime(use, defined));
  return last;
}

} // namespace dlc::passes
