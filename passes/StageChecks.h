#ifndef DLC_PASSES_STAGECHECKS_H
#define DLC_PASSES_STAGECHECKS_H

#include "passes/Pipeline.h"

namespace dlc::passes {

/// Holds `module` against what may stand in `stage`, beyond what the verifiers of the operations
/// hold in every stage. Reports an error at each operation that may not, with the rule.
mlir::LogicalResult checkStage(mlir::ModuleOp module, Stage stage);

} // namespace dlc::passes

#endif
