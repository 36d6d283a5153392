// Initial values and data that are cheap enough for the evaluator.
#ifndef DLC_TOOLS_DRIVER_KNOWNVALUES_H
#define DLC_TOOLS_DRIVER_KNOWNVALUES_H

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <string>
#include <vector>

namespace dlc::driver {

/// Marks with `dl.evaluated`, in stage `graph`, `@init` and `@data.NAME` where their work, told from shapes alone, is at most 2^20 element operations and they
/// read nothing but the seed and data known before. Shapes decide, so the bits do not depend on the target.
void markEvaluated(mlir::ModuleOp module);

/// Evaluates what is marked, in any stage, and takes it out of the module.
runtime::Result<std::map<std::string, std::vector<runtime::Tensor>>> takeKnownValues(mlir::ModuleOp module, int64_t seed);

} // namespace dlc::driver

#endif
