// Fusion: copies cheap producers to their users, lets FusionGraph decide what belongs together, and
// writes the kernels.
#include "passes/FusionGraph.h"
#include "passes/Passes.h"
#include "passes/Util.h"

#include "ir/Names.h"

#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/CSE.h"
#include "llvm/ADT/SetVector.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_FUSEPASS
#include "passes/Passes.h.inc"

namespace {

/// Whether computing the value again is never dearer than reading it.
bool isFree(Operation *op) {
  if (isa<ir::IotaOp, ir::SizeOp>(op))
    return true;
  if (auto broadcast = dyn_cast<ir::BroadcastOp>(op))
    return estimatedCount(broadcast.getType()) > estimatedCount(broadcast.getOperand().getType());
  // A window that repeats nothing is a view of another shape, but one that costs memory.
  if (auto window = dyn_cast<ir::WindowOp>(op))
    return estimatedCount(window.getType()) <= estimatedCount(window.getOperand().getType());
  return isSplatConstant(op);
}

/// Whether a product or convolution leaves its result in memory, because a fold reads it that cannot be in its kernel.
bool isInMemory(Value value) {
  Operation *op = value.getDefiningOp();
  return op && isa<ir::DotOp, ir::ConvOp>(op) && llvm::any_of(op->getUsers(), [](Operation *user) { return isa<ir::ReduceOp>(user); });
}

/// Whether the value is a tensor in memory but for a few instructions (`most`) with values of fewer elements: a batch less its mean. To compute it again where
/// it is read costs no more than to read it, and it need not be written.
bool isNextToMemory(Operation *op, int most = 3) {
  auto isCheap = [&] {
    if (auto unary = dyn_cast<ir::UnaryOp>(op))
      return unary.getFn() == ir::UnaryFn::neg;
    auto binary = dyn_cast<ir::BinaryOp>(op);
    return binary && (binary.getFn() == ir::BinaryFn::add || binary.getFn() == ir::BinaryFn::sub || binary.getFn() == ir::BinaryFn::mul);
  };
  if (!isCheap())
    return false;
  Value whole;
  for (Value operand : op->getOperands()) {
    Operation *source = operand.getDefiningOp();
    bool isSmall = source && (isSplatConstant(source) || (isa<ir::BroadcastOp>(source) && isFree(source)));
    if (isSmall)
      continue;
    if (whole)
      return false;
    whole = operand;
  }
  return whole && (isInMemory(whole) || (most > 1 && whole.getDefiningOp() && isNextToMemory(whole.getDefiningOp(), most - 1)));
}

/// Whether `user` reads the tensor from memory in any case, so that a copy of its producer would be
/// a tensor more.
bool needsMemory(Operation *user) { return !isFusible(user) || isa<ir::DotOp, ir::ConvOp>(user); }

/// Gives every user that can take it in its own copy of each free operation.
void copyFree(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        copyFree(inner);
    if (!isFree(&op) && !isNextToMemory(&op))
      continue;
    llvm::SetVector<Operation *> users;
    for (Operation *user : op.getUsers())
      if (!needsMemory(user))
        users.insert(user);
    for (Operation *user : users) {
      Operation *copy = OpBuilder(user).clone(op);
      for (OpOperand &operand : user->getOpOperands())
        if (operand.get() == op.getResult(0))
          operand.set(copy->getResult(0));
    }
    if (op.use_empty())
      op.erase();
  }
}

/// Joins long lists of tensors in parts, until no part has more than `most`.
void splitConcats(Block &block, int64_t most) {
  block.walk([&](ir::ConcatOp concat) {
    while (static_cast<int64_t>(concat.getOperands().size()) > most) {
      OpBuilder builder(concat);
      SmallVector<Value> parts;
      SmallVector<Value> rest(concat.getOperands());
      for (size_t first = 0; first < rest.size(); first += most) {
        auto some = ValueRange(rest).slice(first, std::min<size_t>(most, rest.size() - first));
        parts.push_back(some.size() == 1 ? some[0] : ir::ConcatOp::create(builder, concat.getLoc(), some, concat.getAxis()).getResult());
      }
      concat->setOperands(parts);
    }
  });
}

/// Takes reshapes off the borders of a cluster: between kernels they are views and cost nothing.
void trim(SmallVectorImpl<Operation *> &ops, SmallVectorImpl<Operation *> &before,
          SmallVectorImpl<Operation *> &after) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (Operation *op : ops) {
      if (!isa<ir::ReshapeOp>(op))
        continue;
      bool entry = !llvm::is_contained(ops, op->getOperand(0).getDefiningOp());
      bool exit = llvm::none_of(op->getUsers(),
                                [&](Operation *user) { return llvm::is_contained(ops, user); });
      if (!entry && !exit)
        continue;
      (entry ? before : after).push_back(op);
      ops.erase(llvm::find(ops, op));
      changed = true;
      break;
    }
  }
}

/// The location of a kernel: of its results first, so that they keep their names.
Location kernelLocation(ArrayRef<Operation *> ops, ArrayRef<Value> results) {
  llvm::SetVector<Location> parts;
  for (Value result : results)
    parts.insert(result.getLoc());
  for (Operation *op : ops)
    if (!isa<ir::BroadcastOp>(op) && parts.size() < 8)
      parts.insert(op->getLoc());
  return FusedLoc::get(ops[0]->getContext(), parts.getArrayRef());
}

/// Replaces the operations, which form a valid kernel, by a `dl.kernel` at the builder's place.
void emitKernel(OpBuilder &builder, ArrayRef<Operation *> ops, ir::KernelKind kind) {
  llvm::SmallPtrSet<Operation *, 32> members(ops.begin(), ops.end());
  llvm::SetVector<Value> operands;
  llvm::SetVector<Operation *> constants;
  SmallVector<Value> results;
  for (Operation *op : ops) {
    for (Value operand : op->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (def && isSplatConstant(def) && !members.contains(def))
        constants.insert(def);
      else if (!def || !members.contains(def))
        operands.insert(operand);
    }
    for (Value result : op->getResults())
      if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !members.contains(user); }))
        results.push_back(result);
  }
  auto kernel = ir::KernelOp::create(builder, kernelLocation(ops, results),
                                     ValueRange(results).getTypes(), kind, operands.getArrayRef());
  Block *body =
      kernel.getBody().empty() ? &kernel.getBody().emplaceBlock() : &kernel.getBody().front();
  IRMapping map;
  for (Value operand : operands)
    map.map(operand, body->addArgument(operand.getType(), operand.getLoc()));
  OpBuilder inner = OpBuilder::atBlockEnd(body);
  for (Operation *constant : constants)
    inner.clone(*constant, map);
  for (Operation *op : ops)
    inner.clone(*op, map);
  SmallVector<Value> yielded;
  for (Value result : results)
    yielded.push_back(map.lookup(result));
  ir::YieldOp::create(inner, kernel.getLoc(), yielded);
  for (auto [result, replacement] : llvm::zip(results, kernel.getResults()))
    result.replaceUsesWithIf(replacement,
                             [&](OpOperand &use) { return !members.contains(use.getOwner()); });
  for (Operation *op : llvm::reverse(ops))
    op->erase();
}

class FusePass : public impl::FusePassBase<FusePass> {
public:
  using FusePassBase::FusePassBase;
  FusePass(const FusionLimits &limits, bool tell) : limits(limits), given(true) { remarks = tell; }

  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    if (!given) {
      limits.maxOps = maxOps;
      limits.maxOperands = maxOperands;
      limits.columns = columns;
    }
    IRRewriter rewriter(&getContext());
    for (auto func : getOperation().getOps<ir::FuncOp>()) {
      if (isKernel(func))
        continue;
      for (Block &block : func.getBody()) {
        if (limits.maxConcatOperands)
          splitConcats(block, limits.maxConcatOperands);
        copyFree(block);
        fuseBlock(block);
      }
      DominanceInfo dominance(func);
      eliminateCommonSubExpressions(rewriter, dominance, func);
    }
  }

private:
  void fuseBlock(Block &block) {
    for (Operation &op : block)
      if (!isa<ir::KernelOp>(op))
        for (Region &region : op.getRegions())
          for (Block &inner : region)
            fuseBlock(inner);
    FusionGraph graph(block, limits);
    if (!separate)
      graph.fuse();
    if (remarks)
      graph.explain();
    Operation *terminator = block.getTerminator();
    OpBuilder builder(terminator);
    for (FusionGraph::Cluster &cluster : graph.order()) {
      if (cluster.ops[0] == terminator)
        continue;
      if (!cluster.fusible) {
        cluster.ops[0]->moveBefore(terminator);
        continue;
      }
      emit(builder, terminator, cluster);
    }
  }

  void emit(OpBuilder &builder, Operation *terminator, FusionGraph::Cluster &cluster) {
    SmallVector<Operation *> ops(cluster.ops), before, after;
    trim(ops, before, after);
    // Without its reshapes a cluster may have a simpler kind; one that needs them keeps them.
    ir::KernelKind kind = cluster.kind;
    if (Verdict verdict = ops.empty() ? Verdict{kind, {}} : classify(ops, limits)) {
      kind = *verdict.kind;
    } else {
      ops = cluster.ops;
      before.clear();
      after.clear();
    }
    for (Operation *op : before)
      op->moveBefore(terminator);
    for (Operation *op : ops)
      op->moveBefore(terminator);
    if (!ops.empty())
      emitKernel(builder, ops, kind);
    for (Operation *op : llvm::reverse(after))
      op->moveBefore(terminator);
  }

  FusionLimits limits;
  bool given = false;
};

} // namespace

std::unique_ptr<Pass> createFusePass(const FusionLimits &limits, bool remarks) {
  return std::make_unique<FusePass>(limits, remarks);
}

} // namespace dlc::passes
