// Expands derivatives; the rules and their order stand in ir/Derivative.h. Linear in the operations
// on the way, times the order of differentiation.
#include "passes/Passes.h"
#include "passes/Util.h"

#include "ir/Derivative.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_DERIVEPASS
#include "passes/Passes.h.inc"

namespace {

class DerivePass : public impl::DerivePassBase<DerivePass> {
public:
  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    for (auto func : getOperation().getOps<ir::FuncOp>()) {
      // A derivative that nobody uses is not worth its operations.
      eraseDead(func);
      if (failed(ir::expandGradients(func)))
        return signalPassFailure();
      eraseDead(func);
    }
  }
};

} // namespace
} // namespace dlc::passes
