#ifndef DLC_CODEGEN_CUDA_TARGET_H
#define DLC_CODEGEN_CUDA_TARGET_H

#include "codegen/cuda/Compile.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace dlc::codegen::cuda {

/// The code generator for a chip, for as new a version of PTX as `kernels` need; null, and a message, where LLVM has none.
std::unique_ptr<llvm::TargetMachine> makeDeviceMachine(const DeviceOptions &options, mlir::ModuleOp kernels, std::string &error);
/// Loads the dialects of the device and what translates them.
void registerDevice(mlir::MLIRContext &context);
/// scf, arith, vector, math and nvvm to LLVM's own form, in which every function that is called has a body. Fails with a diagnostic at `blame`.
std::unique_ptr<llvm::Module> toDeviceCode(mlir::ModuleOp module, llvm::LLVMContext &context, const llvm::TargetMachine &machine,
                                           mlir::Operation *blame);

} // namespace dlc::codegen::cuda

#endif
