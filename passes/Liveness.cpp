#include "passes/Liveness.h"

namespace dlc::passes {
using namespace mlir;

static bool isView(Operation *op) { return isa_and_nonnull<ir::ReshapeOp, ir::BarrierOp>(op); }

bool makesView(OpOperand &use) { return isView(use.getOwner()) && use.getOperandNumber() == 0; }

Value viewed(Value value) {
  while (isView(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

SmallVector<Value> views(Value value) {
  SmallVector<Value> found = {value};
  for (size_t i = 0; i < found.size(); ++i)
    for (OpOperand &use : found[i].getUses())
      if (makesView(use))
        found.push_back(use.getOwner()->getResult(0));
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
      if (!makesView(use))
        last = std::max(last, readTime(use, defined));
  return last;
}

} // namespace dlc::passes
