// The inner loops of products, compiled once for all kernels.
#ifndef DLC_CODEGEN_CPU_PRODUCT_MICROKERNEL_H
#define DLC_CODEGEN_CPU_PRODUCT_MICROKERNEL_H

#include "codegen/cpu/KernelBuilder.h"
#include "codegen/common/ProductShape.h"

namespace dlc::codegen {

/// A tile of the result: as many rows and vectors of columns as fit the registers with room for their factors.
struct TileSize {
  int64_t rows = 6;
  int64_t lanes = 8;   ///< of a register
  int64_t columns = 16; ///< two registers
  static TileSize of(const KernelBuilder &kernel, mlir::Type element);
};

/// `void (ptr a, ptr offsets, i64 count0, i64 stride0, i64 count1, i64 stride1, i64 count2, i64 stride2, ptr b, i64 bStride, ptr tile)`
/// computes `tile[r][c] (+)= Σ a[offsets[r] + i0·stride0 + i1·stride1 + i2·stride2] · b[k·bStride + c]` for `rows` rows and all columns of a tile, k
/// counting the passes of the three loops. Offsets and strides count elements. With `accumulate` it adds to the tile.
mlir::LLVM::LLVMFuncOp microKernel(KernelBuilder &kernel, mlir::Type element, int64_t rows, bool accumulate);

/// `void (ptr b, i64 count0, i64 stride0, … stride2, i64 columnStride, i64 columns, ptr out)` copies the columns of a panel to rows of
/// `TileSize::columns` elements; columns beyond `columns` hold anything. `contiguous`: columnStride is 1; `transposed`: stride2 is 1.
enum class RightLayout { Contiguous, Transposed, Any };
mlir::LLVM::LLVMFuncOp packRight(KernelBuilder &kernel, mlir::Type element, RightLayout layout);

/// `void (ptr a, i64 rows, i64 count, i64 stride, ptr out)` copies `rows` neighbouring elements of each of `count` rows, `stride` apart, to rows of
/// `TileSize::rows` elements.
mlir::LLVM::LLVMFuncOp packLeft(KernelBuilder &kernel, mlir::Type element);

/// The address of element `index` of an array.
mlir::Value elementAddress(LoopBuilder &loops, mlir::Type element, mlir::Value base, mlir::Value index);
/// Loads and stores at the innermost level, aligned to an element.
mlir::Value loadElements(LoopBuilder &loops, mlir::Type type, mlir::Value address);
void storeElements(LoopBuilder &loops, mlir::Value value, mlir::Value address);

} // namespace dlc::codegen

#endif
