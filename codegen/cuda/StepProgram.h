#ifndef DLC_CODEGEN_CUDA_STEPPROGRAM_H
#define DLC_CODEGEN_CUDA_STEPPROGRAM_H

#include "codegen/common/FunctionInfo.h"
#include "codegen/common/Places.h"
#include "codegen/cuda/Group.h"

namespace dlc::codegen::cuda {

/// Emits `dlc.NAME` and `dlc.NAME.steps` of a function into a module: host code that asks the runtime's table for everything that happens on
/// the device. `firstSite` is the number of the function's first check or effect; `workspaceBytes` what a product of the library may use, in the arena.
mlir::FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, mlir::ModuleOp into,
                                           const std::map<std::string, KernelInfo> &kernels, const Groups &groups, int64_t firstSite, int64_t workspaceBytes);

} // namespace dlc::codegen::cuda

#endif
