#include "ir/vjp/Reverse.h"

#include "ir/Names.h"
#include "ir/vjp/Emit.h"

using namespace mlir;

namespace dlc::ir::vjp {

void Cotangents::replace(Value from, Value to) {
  if (Value cotangent = values.lookup(from)) {
    values.erase(from);
    values[to] = cotangent;
  }
  for (auto &[cotangent, mask] : masks)
    if (mask.condition == from)
      mask.condition = to;
}

Location gradientLocation(Location primal) {
  auto grad = StringAttr::get(primal.getContext(), "grad");
  Location place = named("", primal);
  if (auto fused = dyn_cast<FusedLoc>(place); fused && fused.getMetadata() == grad)
    return place;
  return FusedLoc::get(primal.getContext(), {place}, grad);
}

Location cotangentLocation(Location emitted, Value value) {
  llvm::StringRef name = nameOf(value);
  return name.empty() ? emitted : named(("d_" + name).str(), emitted);
}

void eraseDead(Block *block, Operation *after, Block::iterator before, ArrayRef<Value> kept) {
  while (before != block->begin()) {
    Operation *op = &*std::prev(before);
    if (op == after)
      return;
    bool dead = op->use_empty() && isMemoryEffectFree(op) && !op->hasTrait<OpTrait::IsTerminator>() &&
                llvm::none_of(op->getResults(), [&](Value result) { return llvm::is_contained(kept, result); });
    if (dead)
      op->erase();
    else
      before = op->getIterator();
  }
}

Value Reverse::cotangentOf(Value result, const Cotangents &cotangents) const {
  bool counts = activity.isActive(result) && !activity.isVariable(result);
  return counts ? cotangents.lookup(result) : Value();
}

void Reverse::add(Cotangents &cotangents, Value of, Value cotangent) {
  if (!cotangent || !activity.isActive(of))
    return;
  if (Value sum = cotangents.lookup(of)) {
    Location loc = cotangentLocation(gradientLocation(cotangent.getLoc()), of);
    std::optional<Mask> mask = maskOfSum(cotangents.maskOf(sum), cotangents.maskOf(cotangent));
    cotangent = BinaryOp::create(builder, loc, of.getType(), BinaryFn::add, sum, cotangent);
    if (mask)
      cotangents.setMask(cotangent, *mask);
  }
  cotangents.set(of, cotangent);
}

std::optional<Mask> Reverse::maskOfSum(std::optional<Mask> a, std::optional<Mask> b) {
  if (!a || !b || (a->condition == b->condition && a->taken == b->taken))
    return a && b ? a : std::nullopt;
  auto where = [&](const Mask &mask) {
    Expr condition(builder, gradientLocation(mask.condition.getLoc()), mask.condition);
    return mask.taken ? condition : condition.unary(UnaryFn::not_);
  };
  return Mask{where(*a).binary(BinaryFn::or_, where(*b)), true};
}

void Reverse::replace(Value from, Value to) {
  activity.replace(from, to);
  for (Cotangents *scope : scopes)
    scope->replace(from, to);
  from.replaceAllUsesWith(to);
}

LogicalResult Reverse::run(ArrayRef<Operation *> inOrder, Cotangents &cotangents) {
  SmallVector<Operation *> operations(inOrder);
  gatherCheckpoints(operations);
  scopes.push_back(&cotangents);
  LogicalResult result = success();
  for (size_t end = operations.size(); end > 0 && succeeded(result);) {
    size_t begin = checkpointBegin(ArrayRef(operations).take_front(end));
    ArrayRef<Operation *> group = ArrayRef(operations).slice(begin, end - begin);
    result = isCheckpointed(group.back()) ? reverseCheckpoint(group, cotangents) : reverse(group.back(), cotangents);
    end = begin;
  }
  scopes.pop_back();
  return result;
}

LogicalResult Reverse::reverse(Operation *op, Cotangents &cotangents) {
  if (llvm::none_of(op->getResults(), [&](Value result) { return bool(cotangentOf(result, cotangents)); }))
    return success();
  if (auto cond = dyn_cast<CondOp>(op))
    return reverseCond(cond, cotangents);
  if (auto loop = dyn_cast<LoopOp>(op))
    return reverseLoop(loop, cotangents);
  return reverseByRule(op, cotangents);
}

/// Whether the rule multiplies by a factor that may be infinite or undefined where the operation's value does not count.
static bool hasUnboundedFactor(Operation *op) {
  if (auto unary = dyn_cast<UnaryOp>(op)) {
    static const UnaryFn bounded[] = {UnaryFn::neg,     UnaryFn::abs, UnaryFn::relu,       UnaryFn::tanh,
                                      UnaryFn::sigmoid, UnaryFn::erf, UnaryFn::round_bf16, UnaryFn::round_tf32};
    return !llvm::is_contained(bounded, unary.getFn());
  }
  if (auto binary = dyn_cast<BinaryOp>(op)) {
    static const BinaryFn factors[] = {BinaryFn::mul, BinaryFn::div, BinaryFn::mod, BinaryFn::pow, BinaryFn::atan2};
    return llvm::is_contained(factors, binary.getFn());
  }
  return false;
}

void Reverse::passMask(Operation *op, Value arriving, MutableArrayRef<Value> leaving, Cotangents &cotangents) {
  if (auto choice = dyn_cast<SelectOp>(op)) {
    for (bool taken : {true, false})
      if (Value cotangent = leaving[taken ? 1 : 2])
        cotangents.setMask(cotangent, {choice.getCondition(), taken});
    return;
  }
  std::optional<Mask> mask = cotangents.maskOf(arriving);
  if (!mask || !isa<UnaryOp, BinaryOp, CastOp, VariableOp, BarrierOp>(op))
    return;
  for (Value &cotangent : leaving) {
    if (!cotangent)
      continue;
    if (hasUnboundedFactor(op)) {
      Expr condition(builder, op->getLoc(), mask->condition), whole = condition.with(cotangent);
      cotangent = mask->taken ? select(condition, whole, 0) : select(condition, 0, whole);
    }
    cotangents.setMask(cotangent, *mask);
  }
}

LogicalResult Reverse::reverseByRule(Operation *op, Cotangents &cotangents) {
  auto rule = dyn_cast<VjpInterface>(op);
  if (!rule) {
    InFlightDiagnostic error = op->emitError("has no derivative");
    error.attachNote(gradient.getLoc()) << "the derivative is taken here";
    return error;
  }
  SmallVector<Value> arriving, leaving;
  for (Value result : op->getResults())
    arriving.push_back(cotangentOf(result, cotangents));

  Block *block = builder.getInsertionBlock();
  Block::iterator end = builder.getInsertionPoint();
  Operation *before = end == block->begin() ? nullptr : &*std::prev(end);
  rule.vjp(builder, arriving, leaving);
  assert(leaving.size() == op->getNumOperands() && "a rule gives one gradient an operand");
  for (auto [operand, gradient] : llvm::zip_equal(op->getOperands(), leaving)) {
    if (!activity.isActive(operand))
      gradient = Value();
    assert((!gradient || gradient.getType() == operand.getType()) && "a cotangent has its value's type");
  }
  eraseDead(block, before, end, leaving);
  passMask(op, arriving.front(), leaving, cotangents);
  Location loc = gradientLocation(op->getLoc());
  for (auto it = before ? std::next(before->getIterator()) : block->begin(); it != end; ++it)
    it->walk([&](Operation *emitted) { emitted->setLoc(loc); });
  for (auto [operand, gradient] : llvm::zip_equal(op->getOperands(), leaving)) {
    // Named only where it was made here for this operand alone; `a + b` hands the same value on to both.
    Operation *made = gradient ? gradient.getDefiningOp() : nullptr;
    if (made && made->getLoc() == loc && made->getNumResults() == 1)
      made->setLoc(cotangentLocation(loc, operand));
  }
  for (auto [operand, gradient] : llvm::zip_equal(op->getOperands(), leaving))
    add(cotangents, operand, gradient);
  return success();
}

} // namespace dlc::ir::vjp
