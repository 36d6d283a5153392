// Simplify: folds, the rewrites of SimplifyPatterns.h, and common sub-expressions, to a fixed point
// of each in turn.
#include "passes/Passes.h"
#include "passes/SimplifyPatterns.h"
#include "passes/Util.h"

#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_SIMPLIFYPASS
#include "passes/Passes.h.inc"

namespace {

class SimplifyPass : public impl::SimplifyPassBase<SimplifyPass> {
public:
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    for (RegisteredOperationName name : context->getRegisteredOperations())
      if (name.getDialectNamespace() == ir::DLDialect::getDialectNamespace())
        name.getCanonicalizationPatterns(set, context);
    addShapePatterns(set);
    addProductPatterns(set);
    addValuePatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    for (auto func : getOperation().getOps<ir::FuncOp>()) {
      // Equal operations first: patterns that look at the number of uses then see the true one.
      for (int round = 0; round < 2; ++round) {
        DominanceInfo dominance(func);
        eliminateCommonSubExpressions(rewriter, dominance, func);
        GreedyRewriteConfig config;
        config.enableFolding();
        if (failed(applyPatternsGreedily(func.getBody(), patterns, config))) {
          func.emitError() << "simplification does not come to an end";
          return signalPassFailure();
        }
      }
      DominanceInfo dominance(func);
      eliminateCommonSubExpressions(rewriter, dominance, func);
      eraseDead(func);
    }
  }

private:
  FrozenRewritePatternSet patterns;
};

} // namespace
} // namespace dlc::passes
