// Products that cuBLASLt computes.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_LIBRARY_H
#define DLC_CODEGEN_CUDA_PRODUCT_LIBRARY_H

#include "codegen/cuda/Kernel.h"
#include "codegen/cuda/product/Tiling.h"

namespace dlc::codegen::cuda {

/// Why a product is not the library's; empty where it is.
std::string whyNotLibrary(const Kernel &kernel, const ProductShape &shape);

/// What the library does after a product: `bias` is null where it adds none.
struct LibraryEpilogue {
  mlir::Value bias;
  bool relu = false;
};
/// The epilogue that gives the kernel's only result from the product; nothing where it is another.
std::optional<LibraryEpilogue> libraryEpilogue(Kernel &kernel, const ProductShape &shape);

/// Adds the launch. What the product takes lies in memory; `value` is the product, or the result of its epilogue.
void emitLibraryProduct(Kernel &kernel, const ProductShape &shape, Unit unit, const LibraryEpilogue &epilogue, mlir::Value value);

} // namespace dlc::codegen::cuda

#endif
