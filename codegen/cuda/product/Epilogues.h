// What the library does behind products, where that takes more than one kernel.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_EPILOGUES_H
#define DLC_CODEGEN_CUDA_PRODUCT_EPILOGUES_H

#include "codegen/cuda/Kernel.h"

namespace dlc::codegen::cuda {

/// Decides, for the functions of a module in the stage `optimized`, which masks of relu are in the library's form (kernels get `dlc.masks`): those that library
/// products write and only library products read. And makes sums that are a bias's gradient results of the products beside which the library computes them,
/// with memory of their own in the arena. `optionsOf`: of a kernel. Returns whether launches have changed.
bool fuseEpilogues(mlir::ModuleOp module, llvm::function_ref<Kernel::Options(ir::FuncOp kernel)> optionsOf);

/// Lets kernels of the library's products with gelu_tanh leave what that takes in place of other results that are made of it: those are made again by the
/// kernels that read them. Returns whether launches have changed.
bool keepPreactivations(mlir::ModuleOp module, llvm::function_ref<Kernel::Options(ir::FuncOp kernel)> optionsOf);

} // namespace dlc::codegen::cuda

#endif
