// Loops: takes out of a loop what does not depend on its passes, makes products of walked elements
// one product before it and sums of products one product after it, and drops what it carries, walks
// or collects for nobody. Linear in the operations, each round of a loop.
#include "passes/LoopEdit.h"
#include "passes/Passes.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_LOOPSPASS
#include "passes/Passes.h.inc"

namespace {

bool isOutside(Value value, ir::LoopOp loop) {
  return !loop->isAncestor(value.getParentRegion()->getParentOp());
}

/// Moves operations that read nothing of the loop in front of it. Those that only spread a number
/// stay: inside, they cost nothing.
bool hoistInvariant(ir::LoopOp loop) {
  bool changed = false;
  for (Operation &op : llvm::make_early_inc_range(loop.getBody().front().without_terminator())) {
    if (op.getNumRegions() != 0 || !isMemoryEffectFree(&op) || isa<ir::BroadcastOp, ir::IotaOp>(op))
      continue;
    if (!llvm::all_of(op.getOperands(), [&](Value v) { return isOutside(v, loop); }))
      continue;
    op.moveBefore(loop);
    changed = true;
  }
  return changed;
}

/// The walked tensor whose element the value is; null for others.
Value walkedTensor(Value value, ir::LoopOp loop) {
  for (auto [argument, walked] : llvm::zip(loop.getWalkedArguments(), loop.getWalked()))
    if (argument == value)
      return walked;
  return {};
}

SmallVector<int64_t> shifted(ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [](int64_t axis) { return axis + 1; });
}

/// Products of a walked element with a tensor from outside become one product with the passes as a
/// free axis of the left side; of two walked elements, as a batch axis.
bool hoistProducts(ir::LoopOp &loop) {
  if (loop.getExit())
    return false; // how many passes run is open, and may be few of many
  LoopEdit edit(loop);
  bool changed = false;
  for (auto dot : llvm::make_early_inc_range(loop.getBody().front().getOps<ir::DotOp>())) {
    Value lhs = walkedTensor(dot.getLhs(), loop), rhs = walkedTensor(dot.getRhs(), loop);
    bool both = lhs && rhs;
    if (!both && !(lhs && isOutside(dot.getRhs(), loop) && dot.getLhsBatch().empty()))
      continue;
    OpBuilder builder(loop);
    SmallVector<int64_t> lhsBatch = shifted(dot.getLhsBatch()), rhsBatch(dot.getRhsBatch()),
                         rhsContract(dot.getRhsContract());
    if (both) {
      lhsBatch.insert(lhsBatch.begin(), 0);
      rhsBatch = shifted(rhsBatch);
      rhsBatch.insert(rhsBatch.begin(), 0);
      rhsContract = shifted(rhsContract);
    }
    auto whole = ir::DotOp::create(builder, dot.getLoc(), lhs, both ? rhs : dot.getRhs(), lhsBatch, rhsBatch, shifted(dot.getLhsContract()), rhsContract,
                                   dot.getPrecision());
    dot.getResult().replaceAllUsesWith(edit.walk(whole));
    dot.erase();
    changed = true;
  }
  if (changed)
    loop = edit.finish();
  return changed;
}

/// What a carried value gains each pass: the product of `argument + product`, read by nobody else.
ir::DotOp gainedProduct(ir::LoopOp loop, unsigned i) {
  BlockArgument argument = loop.getCarriedArguments()[i];
  auto sum = loop.getYieldedCarries()[i].getDefiningOp<ir::BinaryOp>();
  if (!sum || sum.getFn() != ir::BinaryFn::add || !argument.hasOneUse() || !sum->hasOneUse())
    return {};
  Value gain = sum.getLhs() == argument   ? sum.getRhs()
               : sum.getRhs() == argument ? sum.getLhs()
                                          : Value();
  auto dot = gain ? gain.getDefiningOp<ir::DotOp>() : ir::DotOp();
  return dot && dot->hasOneUse() && dot->getBlock() == &loop.getBody().front() &&
                 dot.getLhsBatch().empty()
             ? dot
             : ir::DotOp();
}

/// Whether the loop computes the value from one behind a barrier: it was to be forgotten after its
/// pass.
bool isRecomputed(Value value, ir::LoopOp loop) {
  SmallVector<Value> work = {value};
  llvm::SmallDenseSet<Value> seen;
  while (!work.empty()) {
    Value next = work.pop_back_val();
    Operation *op = next.getDefiningOp();
    if (!op || isOutside(next, loop) || !seen.insert(next).second)
      continue;
    if (isa<ir::BarrierOp>(op))
      return true;
    work.append(op->operand_begin(), op->operand_end());
  }
  return false;
}

/// The values that an operand takes in all passes: what is walked, or a new collected result.
Value allPasses(Value value, ir::LoopOp loop, LoopEdit &edit) {
  if (Value walked = walkedTensor(value, loop))
    return walked;
  return edit.collect(value);
}

/// `acc += dot(a, b)` in every pass is one product after the loop, over the passes too: one large
/// product instead of many small ones, and nothing carried.
bool batchSums(ir::LoopOp &loop) {
  if (loop.getExit() || loop.getCount())
    return false;
  struct Sum {
    unsigned carried;
    ir::DotOp dot;
    Value lhs, rhs;
  };
  SmallVector<Sum> sums;
  for (unsigned i = 0; i < loop.getInits().size(); ++i)
    if (ir::DotOp dot = gainedProduct(loop, i);
        dot && !isRecomputed(dot.getLhs(), loop) && !isRecomputed(dot.getRhs(), loop))
      sums.push_back({i, dot, Value(), Value()});
  if (sums.empty())
    return false;
  LoopEdit edit(loop);
  for (Sum &sum : sums) {
    sum.lhs = allPasses(sum.dot.getLhs(), loop, edit);
    sum.rhs = allPasses(sum.dot.getRhs(), loop, edit);
  }
  // Collected results have their values once the loop is made anew.
  SmallVector<Value> inits(loop.getInits());
  loop = edit.finish();
  for (Sum &sum : sums) {
    OpBuilder builder(loop->getContext());
    builder.setInsertionPointAfter(loop);
    auto axes = [](ArrayRef<int64_t> contract) {
      SmallVector<int64_t> all = shifted(contract);
      all.insert(all.begin(), 0);
      return all;
    };
    Value lhs = edit.resolve(sum.lhs), rhs = edit.resolve(sum.rhs);
    Value product = ir::DotOp::create(builder, sum.dot.getLoc(), lhs, rhs, ArrayRef<int64_t>{}, ArrayRef<int64_t>{}, axes(sum.dot.getLhsContract()),
                                      axes(sum.dot.getRhsContract()), sum.dot.getPrecision());
    Value total = ir::BinaryOp::create(builder, sum.dot.getLoc(), ir::BinaryFn::add,
                                       inits[sum.carried], product);
    loop.getCarriedResults()[sum.carried].replaceAllUsesWith(total);
  }
  return true;
}

/// Whether all that is computed from the carried value goes back into it: through operations
/// without other readers.
bool onlyFeedsItself(BlockArgument argument, ir::LoopOp loop, unsigned i) {
  Operation *terminator = loop.getBody().front().getTerminator();
  unsigned position = i + (loop.getExit() ? 1 : 0);
  SmallVector<Value> values = {argument};
  llvm::SmallPtrSet<Operation *, 8> seen;
  for (size_t v = 0; v < values.size(); ++v)
    for (OpOperand &use : values[v].getUses()) {
      Operation *user = use.getOwner();
      if (user == terminator) {
        if (use.getOperandNumber() != position)
          return false;
        continue;
      }
      if (user->getBlock() != argument.getOwner() || user->getNumRegions() != 0 ||
          !isMemoryEffectFree(user))
        return false;
      if (seen.insert(user).second)
        values.append(user->result_begin(), user->result_end());
    }
  return true;
}

/// Takes off what the loop carries, walks and collects for nobody.
bool prune(ir::LoopOp &loop) {
  LoopEdit edit(loop);
  bool changed = false;
  for (unsigned i = 0; i < loop.getInits().size(); ++i) {
    BlockArgument argument = loop.getCarriedArguments()[i];
    Value yielded = loop.getYieldedCarries()[i];
    if (yielded == argument) {
      // Never changes: what it was at the start.
      argument.replaceAllUsesWith(loop.getInits()[i]);
      loop.getCarriedResults()[i].replaceAllUsesWith(loop.getInits()[i]);
      edit.dropCarried(i);
      changed = true;
    } else if (loop.getCarriedResults()[i].use_empty() && onlyFeedsItself(argument, loop, i)) {
      edit.dropCarried(i);
      changed = true;
    }
  }
  for (auto [i, result] : llvm::enumerate(loop.getCollectedResults()))
    if (result.use_empty()) {
      edit.dropCollected(i);
      changed = true;
    }
  for (auto [i, argument] : llvm::enumerate(loop.getWalkedArguments()))
    if (argument.use_empty()) {
      edit.dropWalked(i);
      changed = true;
    }
  if (changed) {
    loop = edit.finish();
    eraseDead(loop);
  }
  return changed;
}

class LoopsPass : public impl::LoopsPassBase<LoopsPass> {
public:
  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    for (auto func : getOperation().getOps<ir::FuncOp>()) {
      // Inner loops first: what leaves them may leave the outer one too. Loops are made anew while
      // the list is walked, each only at its turn.
      SmallVector<ir::LoopOp> loops;
      func.walk([&](ir::LoopOp loop) { loops.push_back(loop); });
      for (ir::LoopOp loop : loops) {
        prune(loop);
        hoistInvariant(loop);
        batchSums(loop);
        hoistProducts(loop);
        prune(loop);
      }
      eraseDead(func);
    }
  }
};

} // namespace
} // namespace dlc::passes
