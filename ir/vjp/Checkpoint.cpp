// Recomputation: what a checkpoint computes is computed again where its derivative needs it, instead of being kept from the forward pass.
#include "ir/vjp/Emit.h"
#include "ir/vjp/Reverse.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace dlc::ir::vjp {

static constexpr llvm::StringLiteral kCheckpoint = "dl.checkpoint";

ArrayRef<int64_t> checkpointPath(Operation *op) {
  auto path = op->getAttrOfType<DenseI64ArrayAttr>(kCheckpoint);
  return path ? path.asArrayRef() : ArrayRef<int64_t>();
}

void setCheckpointPath(Operation *op, ArrayRef<int64_t> path) {
  if (path.empty())
    op->removeAttr(kCheckpoint);
  else
    op->setAttr(kCheckpoint, DenseI64ArrayAttr::get(op->getContext(), path));
}

ArrayRef<int64_t> Reverse::checkpointsOf(Operation *op) const {
  ArrayRef<int64_t> path = checkpointPath(op);
  Operation *around = path.empty() ? nullptr : op->getBlock()->findAncestorOpInBlock(*gradient);
  if (!around)
    return path;
  ArrayRef<int64_t> own = checkpointPath(around);
  while (!path.empty() && !own.empty() && path.front() == own.front()) {
    path = path.drop_front();
    own = own.drop_front();
  }
  return path;
}

/// Brings the operations between `first` and `last` that are not of the checkpoint `number` out of its way: in front of it, or behind it where
/// they depend on it. That is possible, as a checkpoint was a call. Other checkpoints stay whole.
static void gather(MutableArrayRef<Operation *> range, int64_t number, llvm::function_ref<std::optional<int64_t>(Operation *)> checkpointOf) {
  llvm::DenseSet<Operation *> dependent;
  llvm::DenseSet<int64_t> dependentGroups;
  auto depends = [&](Operation *op) {
    std::optional<int64_t> group = checkpointOf(op);
    auto isReached = [&](Value value) {
      Operation *source = value.getDefiningOp();
      return source && (dependent.contains(source) || checkpointOf(source) == number);
    };
    return (group && dependentGroups.contains(*group)) || llvm::any_of(op->getOperands(), isReached) || llvm::any_of(capturedValues(op), isReached);
  };
  for (bool changes = true; changes;) {
    changes = false;
    for (Operation *op : range) {
      std::optional<int64_t> group = checkpointOf(op);
      if (group == number || dependent.contains(op) || !depends(op))
        continue;
      dependent.insert(op);
      if (group)
        dependentGroups.insert(*group);
      changes = true;
    }
  }
  std::stable_sort(range.begin(), range.end(), [&](Operation *a, Operation *b) {
    auto rank = [&](Operation *op) { return checkpointOf(op) == number ? 1 : dependent.contains(op) ? 2 : 0; };
    return rank(a) < rank(b);
  });
}

void Reverse::gatherCheckpoints(MutableArrayRef<Operation *> operations) const {
  llvm::SetVector<std::pair<Block *, int64_t>> groups;
  for (Operation *op : operations)
    if (ArrayRef<int64_t> path = checkpointsOf(op); !path.empty())
      groups.insert({op->getBlock(), path.front()});
  for (auto [block, number] : groups) {
    auto checkpointOf = [&, block = block](Operation *op) -> std::optional<int64_t> {
      ArrayRef<int64_t> path = op->getBlock() == block ? checkpointsOf(op) : ArrayRef<int64_t>();
      return path.empty() ? std::nullopt : std::optional(path.front());
    };
    auto isMember = [&, number = number](Operation *op) { return checkpointOf(op) == number; };
    auto first = llvm::find_if(operations, isMember);
    auto last = std::find_if(std::make_reverse_iterator(operations.end()), std::make_reverse_iterator(first), isMember).base();
    gather(MutableArrayRef(first, last), number, checkpointOf);
  }
}

size_t Reverse::checkpointBegin(ArrayRef<Operation *> operations) const {
  ArrayRef<int64_t> path = checkpointsOf(operations.back());
  size_t begin = operations.size() - 1;
  if (path.empty())
    return begin;
  for (size_t i = begin; i-- > 0 && operations[i]->getBlock() == operations.back()->getBlock();)
    if (ArrayRef<int64_t> other = checkpointsOf(operations[i]); !other.empty() && other.front() == path.front())
      begin = i;
  return begin;
}

/// The derivative of the operations of one checkpoint: copies of them, computed from what the checkpoint reads, and their derivative. A
/// barrier on each value read makes the copies wait for the cotangents.
class CheckpointReverse {
public:
  CheckpointReverse(Reverse &reverse, ArrayRef<Operation *> group, Cotangents &cotangents)
      : reverse(reverse), builder(reverse.builder), group(group), cotangents(cotangents) {}

  LogicalResult run() {
    for (Operation *op : group)
      for (Value result : op->getResults())
        if (Value cotangent = reverse.cotangentOf(result, cotangents))
          awaited.insert(cotangent);
    if (awaited.empty())
      return success();
    for (Operation *op : group)
      computeAgain(op);
    for (Operation *op : llvm::reverse(group))
      for (Value result : op->getResults())
        if (Value cotangent = reverse.cotangentOf(result, cotangents); cotangent && copies.contains(result))
          reverse.add(cotangents, copies.lookup(result), cotangent);
    return reverse.run(computed, cotangents);
  }

private:
  void computeAgain(Operation *op) {
    if (isa<VariableOp>(op) && !reverse.activity.isVariable(op->getResult(0))) {
      copies.map(op->getResult(0), copyOf(op->getOperand(0)));
      return;
    }
    // A variable of this gradient is held, not computed; an effect has happened.
    bool isHeld = llvm::any_of(op->getResults(), [&](Value result) { return reverse.activity.isVariable(result); });
    if (isHeld || op->getNumResults() == 0)
      return;
    for (Value operand : op->getOperands())
      copyOf(operand);
    for (Value captured : capturedValues(op))
      copyOf(captured);
    Operation *copy = add(op);
    ArrayRef<int64_t> path = reverse.checkpointsOf(op);
    setCheckpointPath(copy, renumbered(path.empty() ? path : path.drop_front()));
    copy->walk([&](Operation *inner) {
      if (inner == copy)
        return;
      setCheckpointPath(inner, renumbered(checkpointPath(inner)));
      if (isa<VariableOp>(inner))
        inner->getResult(0).replaceAllUsesWith(inner->getOperand(0));
      if (isa<CheckOp, HostOp, VariableOp>(inner))
        inner->erase();
    });
  }

  /// The checkpoints inside of this one, in the copies.
  SmallVector<int64_t> renumbered(ArrayRef<int64_t> path) {
    SmallVector<int64_t> result;
    for (int64_t number : path) {
      auto [entry, isNew] = numbers.try_emplace(number, reverse.nextCheckpoint);
      if (isNew)
        ++reverse.nextCheckpoint;
      result.push_back(entry->second);
    }
    return result;
  }

  /// What the copies read in the place of `value`: its own copy; for what the checkpoint only reads, a barrier on it, or a copy where that
  /// costs less than keeping the value.
  Value copyOf(Value value) {
    if (Value copy = copies.lookupOrNull(value))
      return copy;
    Operation *op = value.getDefiningOp();
    bool isCheap = op && isa<ConstantOp, SizeOp, IotaOp, BroadcastOp, ReshapeOp>(op) && !reverse.activity.isVariable(value);
    if (isCheap) {
      for (Value operand : op->getOperands())
        copyOf(operand);
      setCheckpointPath(add(op), {});
    } else {
      auto barrier = BarrierOp::create(builder, value.getLoc(), value, awaited.getArrayRef());
      copies.map(value, barrier.getResult());
      note(barrier);
    }
    return copies.lookup(value);
  }

  Operation *add(Operation *op) {
    Operation *copy = builder.clone(*op, copies);
    note(copy);
    return copy;
  }

  void note(Operation *op) {
    computed.push_back(op);
    reverse.activity.forward(op);
  }

  Reverse &reverse;
  OpBuilder &builder;
  ArrayRef<Operation *> group;
  Cotangents &cotangents;
  llvm::SetVector<Value> awaited; // the cotangents that arrived
  IRMapping copies;
  SmallVector<Operation *> computed; // in program order
  llvm::DenseMap<int64_t, int64_t> numbers;
};

LogicalResult Reverse::reverseCheckpoint(ArrayRef<Operation *> group, Cotangents &cotangents) {
  return CheckpointReverse(*this, group, cotangents).run();
}

} // namespace dlc::ir::vjp
