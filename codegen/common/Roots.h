// What phases that compute element by element write, on any target.
#ifndef DLC_CODEGEN_ROOTS_H
#define DLC_CODEGEN_ROOTS_H

#include "codegen/common/KernelBase.h"

namespace dlc::codegen {

/// A value that a phase computes, and where it goes.
struct Root {
  mlir::Value value;
  Buffer buffer;
};

/// All roots at one index: first all are computed, then all are written.
void emitElements(PhaseBase &phase, llvm::ArrayRef<Root> roots, const Index &index);

/// Adds a root to those of its shape; groups stand in the order of their first.
void addByShape(llvm::SmallVectorImpl<llvm::SmallVector<Root>> &groups, const Root &root);

} // namespace dlc::codegen

#endif
