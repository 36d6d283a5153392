#ifndef DLC_CODEGEN_CUDA_PRODUCT_PRODUCT_H
#define DLC_CODEGEN_CUDA_PRODUCT_PRODUCT_H

#include "codegen/cuda/Kernel.h"

namespace dlc::codegen::cuda {

/// Emits a kernel with matrix products or convolutions in tiles. A single product takes with it what follows element by element; else each lies in memory
/// first. False, nothing emitted, where no product is worth tiles.
bool emitProducts(Kernel &kernel);

} // namespace dlc::codegen::cuda

#endif
