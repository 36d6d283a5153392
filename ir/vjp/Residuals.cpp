// What a derivative needs of the inside of a forward region, and at which price: the index is free; a walked element is walked again;
// what is the same in every pass moves out; constants, indices and repetitions are made anew; all else becomes a result.
#include "ir/vjp/Emit.h"
#include "ir/vjp/Reverse.h"

using namespace mlir;

namespace dlc::ir::vjp {

llvm::SetVector<Value> usedFrom(Region &inside, Block &block) {
  llvm::SetVector<Value> used;
  block.walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (isInside(inside, operand))
        used.insert(operand);
  });
  return used;
}

void replaceWithin(Block &block, Value value, Value by) {
  value.replaceUsesWithIf(by, [&](OpOperand &use) { return block.findAncestorOpInBlock(*use.getOwner()) != nullptr; });
}

Value rematerialized(OpBuilder &builder, Value value, Block &block) {
  Operation *op = value.getDefiningOp();
  if (!op || !isa<ConstantOp, SizeOp, IotaOp, BroadcastOp, ReshapeOp>(op))
    return {};
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&block);
  return builder.clone(*op)->getResult(0);
}

/// Whether all operands of what computes `value` come from outside, at any distance; no region and no effect on the way.
static bool isInvariant(LoopOp loop, Value value, int depth = 0) {
  if (!isInside(loop.getBody(), value))
    return true;
  Operation *op = value.getDefiningOp();
  return op && depth < 64 && op->getNumRegions() == 0 && isMemoryEffectFree(op) &&
         llvm::all_of(op->getOperands(), [&](Value operand) { return isInvariant(loop, operand, depth + 1); });
}

bool hoisted(LoopOp loop, Value value) {
  if (!isInvariant(loop, value))
    return false;
  auto move = [&](auto &self, Value moved) -> void {
    if (!isInside(loop.getBody(), moved))
      return;
    for (Value operand : moved.getDefiningOp()->getOperands())
      self(self, operand);
    moved.getDefiningOp()->moveBefore(loop);
  };
  move(move, value);
  return true;
}

CondOp withResults(OpBuilder &builder, CondOp op, ArrayRef<CondResult> added) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> types(op.getResultTypes());
  SmallVector<Value> onThen, onElse;
  Operation *thenYield = op.getThenRegion().front().getTerminator(), *elseYield = op.getElseRegion().front().getTerminator();
  auto orZeros = [&](Value value, Operation *yield, Type type) {
    builder.setInsertionPoint(yield);
    return value ? value : zeros(builder, yield->getLoc(), type);
  };
  for (const CondResult &result : added) {
    Type type = (result.onThen ? result.onThen : result.onElse).getType();
    types.push_back(type);
    onThen.push_back(orZeros(result.onThen, thenYield, type));
    onElse.push_back(orZeros(result.onElse, elseYield, type));
  }
  thenYield->insertOperands(thenYield->getNumOperands(), onThen);
  elseYield->insertOperands(elseYield->getNumOperands(), onElse);
  builder.setInsertionPoint(op);
  auto wider = CondOp::create(builder, op.getLoc(), types, op.getCondition(), op.getAtAttr(), op.getIntoAttr());
  wider->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  wider.getThenRegion().takeBody(op.getThenRegion());
  wider.getElseRegion().takeBody(op.getElseRegion());
  return wider;
}

/// The loop with these operands and results, and the body of `op`.
static LoopOp rebuilt(OpBuilder &builder, LoopOp op, ArrayRef<Type> types, ValueRange inits) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(op);
  auto wider = LoopOp::create(builder, op.getLoc(), types, op.getBoundAttr(), op.getReverseAttr(), op.getExitAttr(), op.getCount(),
                              op.getWalked(), inits, op.getAtAttr(), op.getIntoAttr());
  wider->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  wider.getBody().takeBody(op.getBody());
  return wider;
}

LoopOp withResults(OpBuilder &builder, LoopOp op, ArrayRef<Value> collected) {
  SmallVector<Type> types(op.getResultTypes());
  for (Value value : collected) {
    Shape stack{op.getBound().getSizes().front()};
    llvm::append_range(stack, shapeOf(value.getType()));
    types.push_back(tensorType(stack, typeOf(value).getElementType()));
  }
  Operation *yield = op.getBody().front().getTerminator();
  yield->insertOperands(yield->getNumOperands(), collected);
  return rebuilt(builder, op, types, op.getInits());
}

LoopOp withTripCount(OpBuilder &builder, LoopOp op) {
  OpBuilder::InsertionGuard guard(builder);
  Location loc = op.getLoc();
  builder.setInsertionPoint(op);
  Value none = scalar(builder, loc, builder.getI64Type(), 0);
  SmallVector<Value> inits(op.getInits());
  SmallVector<Type> types(op.getResultTypes());
  types.insert(types.begin() + inits.size(), none.getType());
  inits.push_back(none);

  Block &body = op.getBody().front();
  unsigned place = (op.getExit() ? 1 : 0) + op.getInits().size();
  Expr passes(builder, loc, body.addArgument(none.getType(), loc));
  builder.setInsertionPoint(body.getTerminator());
  Value next = passes + 1;
  body.getTerminator()->insertOperands(place, next);
  return rebuilt(builder, op, types, inits);
}

} // namespace dlc::ir::vjp
