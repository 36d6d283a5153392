#ifndef DLC_CODEGEN_CUDA_PRODUCT_PRODUCT_H
#define DLC_CODEGEN_CUDA_PRODUCT_PRODUCT_H

#include "codegen/common/ProductShape.h"
#include "codegen/cuda/Kernel.h"

namespace dlc::codegen::cuda {

/// Emits a kernel with matrix products or convolutions in tiles. A single product takes with it what follows element by element; else each lies in memory
/// first. False, nothing emitted, where no product is worth tiles.
bool emitProducts(Kernel &kernel);

/// Whether tiles, or the library, pay: products of single rows or columns, or of a few terms, are left to threads that each have a result.
bool isWorthTiles(const ProductShape &shape);

} // namespace dlc::codegen::cuda

#endif
