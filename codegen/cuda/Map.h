#ifndef DLC_CODEGEN_CUDA_MAP_H
#define DLC_CODEGEN_CUDA_MAP_H

#include "codegen/common/Roots.h"
#include "codegen/cuda/Kernel.h"

#include "llvm/ADT/SetVector.h"

namespace dlc::codegen::cuda {

/// The values that a phase computes, each with the place where it goes.
llvm::SmallVector<Root> place(Phase &phase, llvm::ArrayRef<mlir::Value> values);

/// The folds that are computed on the way to some values, innermost first.
llvm::SetVector<mlir::Operation *> foldsBefore(const Kernel &kernel, mlir::ValueRange values);

/// A group of threads for each row: folds over the row are shared, and its elements dealt out.
void emitRows(Kernel &kernel, const PhasePlan &plan);

} // namespace dlc::codegen::cuda

#endif
