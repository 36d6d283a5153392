#ifndef DLC_CODEGEN_CPU_STEPPROGRAM_H
#define DLC_CODEGEN_CPU_STEPPROGRAM_H

#include "codegen/common/Places.h"
#include "codegen/cpu/Compile.h"
#include "codegen/cpu/KernelBuilder.h"

namespace dlc::codegen {

/// Emits `dlc.NAME` and `dlc.NAME.steps` of a function into a module. `firstSite` is the number of the function's first check
/// or host site. With `guards` each launch may touch its operands only (codegen/common/Sanitize.h).
mlir::FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, mlir::ModuleOp into,
                                           const std::map<std::string, KernelInfo> &kernels, int64_t firstSite, bool guards);

} // namespace dlc::codegen

#endif
