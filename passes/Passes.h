#ifndef DLC_PASSES_PASSES_H
#define DLC_PASSES_PASSES_H

#include "ir/Ops.h"
#include "passes/FusionLimits.h"
#include "passes/Pipeline.h"

#include "mlir/Pass/Pass.h"

namespace dlc::passes {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"

/// `specialize` with bindings given as values; the flag `--dl-specialize=bind=…` gives them as
/// text.
std::unique_ptr<mlir::Pass> createSpecializePass(std::vector<Binding> bindings);
/// `fuse` for a target; `remarks` tell why kernels were not merged.
std::unique_ptr<mlir::Pass> createFusePass(const FusionLimits &limits, bool remarks);

/// Makes every pass known by its flag, and the whole pipeline as `--dl-optimize`, which starts at
/// the stage that the module names.
void registerPasses();

} // namespace dlc::passes

#endif
