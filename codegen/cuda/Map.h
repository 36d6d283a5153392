#ifndef DLC_CODEGEN_CUDA_MAP_H
#define DLC_CODEGEN_CUDA_MAP_H

#include "codegen/cuda/Kernel.h"

#include "llvm/ADT/SetVector.h"

namespace dlc::codegen::cuda {

/// A value that a phase computes, and where it goes.
struct Root {
  mlir::Value value;
  Buffer buffer;
};
llvm::SmallVector<Root> place(Phase &phase, llvm::ArrayRef<mlir::Value> values);

/// All roots at one index: first all are computed, then all are written.
void emitElements(Phase &phase, llvm::ArrayRef<Root> roots, const Index &index);

/// The folds that are computed on the way to some values, innermost first.
llvm::SetVector<mlir::Operation *> foldsBefore(const Kernel &kernel, mlir::ValueRange values);

/// A group of threads for each row: folds over the row are shared, and its elements dealt out.
void emitRows(Kernel &kernel, const PhasePlan &plan);

} // namespace dlc::codegen::cuda

#endif
