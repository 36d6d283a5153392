#include "ir/vjp/Activity.h"

#include "ir/vjp/Emit.h"

using namespace mlir;

namespace dlc::ir::vjp {

bool isInside(Region &region, Value value) {
  for (Region *at = value.getParentRegion(); at;) {
    if (at == &region)
      return true;
    Operation *holder = at->getParentOp();
    at = holder ? holder->getParentRegion() : nullptr;
  }
  return false;
}

llvm::SetVector<Value> capturedValues(Operation *op) {
  llvm::SetVector<Value> captured;
  for (Region &region : op->getRegions())
    region.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (!isInside(region, operand))
          captured.insert(operand);
    });
  return captured;
}

Activity::Activity(ValueRange variables) : variables(variables.begin(), variables.end()), active(variables.begin(), variables.end()) {}

void Activity::mark(Value value) {
  if (hasFloatElements(value.getType()))
    active.insert(value);
}

void Activity::replace(Value from, Value to) {
  if (active.erase(from))
    active.insert(to);
  if (variables.erase(from))
    variables.insert(to);
}

void Activity::forwardBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    forward(&op);
}

void Activity::forwardLoop(LoopOp loop) {
  for (auto [operand, argument] : llvm::zip_equal(loop.getWalked(), loop.getWalkedArguments()))
    if (isActive(operand))
      mark(argument);
  for (auto [init, argument] : llvm::zip_equal(loop.getInits(), loop.getCarriedArguments()))
    if (isActive(init))
      mark(argument);
  // A carried value that a pass makes active is active from the next pass on.
  for (bool changed = true; changed;) {
    changed = false;
    forwardBlock(loop.getBody().front());
    for (auto [yielded, argument] : llvm::zip_equal(loop.getYieldedCarries(), loop.getCarriedArguments()))
      if (isActive(yielded) && !isActive(argument)) {
        mark(argument);
        changed = true;
      }
  }
  for (auto [argument, result] : llvm::zip_equal(loop.getCarriedArguments(), loop.getCarriedResults()))
    if (isActive(argument))
      mark(result);
  for (auto [yielded, result] : llvm::zip_equal(loop.getYieldedCollected(), loop.getCollectedResults()))
    if (isActive(yielded))
      mark(result);
}

void Activity::forward(Operation *op) {
  if (isa<StopGradientOp>(op))
    return;
  if (auto loop = dyn_cast<LoopOp>(op))
    return forwardLoop(loop);
  if (auto cond = dyn_cast<CondOp>(op)) {
    for (Region *region : {&cond.getThenRegion(), &cond.getElseRegion()}) {
      forwardBlock(region->front());
      for (auto [yielded, result] : llvm::zip_equal(region->front().getTerminator()->getOperands(), cond.getResults()))
        if (isActive(yielded))
          mark(result);
    }
    return;
  }
  // What a barrier waits for has no part in its value.
  OperandRange operands = isa<BarrierOp>(op) ? op->getOperands().take_front() : op->getOperands();
  if (llvm::any_of(operands, [&](Value operand) { return isActive(operand); }))
    for (Value result : op->getResults())
      mark(result);
}

llvm::SetVector<Value> reachedBackward(ArrayRef<Value> seeds, llvm::function_ref<bool(Value)> enter) {
  llvm::SetVector<Value> reached;
  SmallVector<Value> work(seeds);
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (!hasFloatElements(value.getType()) || !reached.insert(value) || !enter(value))
      continue;
    Operation *op = value.getDefiningOp();
    if (!op || isa<StopGradientOp>(op))
      continue;
    llvm::append_range(work, isa<BarrierOp>(op) ? op->getOperands().take_front() : op->getOperands());
    for (Value captured : capturedValues(op))
      work.push_back(captured);
  }
  return reached;
}

} // namespace dlc::ir::vjp
