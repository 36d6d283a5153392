// Loops: takes out of a loop what does not depend on its passes.
#include "passes/Passes.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_LOOPSPASS
#include "passes/Passes.h.inc"

namespace {

/// Moves operations that read nothing of the loop in front of it. Those that only spread a number stay: inside, they cost nothing.
void hoistInvariant(ir::LoopOp loop) {
  for (Operation &op : llvm::make_early_inc_range(loop.getBody().front().without_terminator())) {
    if (op.getNumRegions() != 0 || !isMemoryEffectFree(&op) || isa<ir::BroadcastOp, ir::IotaOp>(op))
      continue;
    if (llvm::all_of(op.getOperands(), [&](Value v) { return !loop->isAncestor(v.getParentRegion()->getParentOp()); }))
      op.moveBefore(loop);
  }
}

class LoopsPass : public impl::LoopsPassBase<LoopsPass> {
public:
  void runOnOperation() override {
    // Inner loops first: what leaves them may leave the outer one too.
    getOperation().walk([](ir::LoopOp loop) { hoistInvariant(loop); });
  }
};

} // namespace
} // namespace dlc::passes
