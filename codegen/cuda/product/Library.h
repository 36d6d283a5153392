// Products that cuBLASLt computes.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_LIBRARY_H
#define DLC_CODEGEN_CUDA_PRODUCT_LIBRARY_H

#include "codegen/cuda/Kernel.h"
#include "codegen/cuda/product/Tiling.h"

namespace dlc::codegen::cuda {

/// Why a product is not the library's; empty where it is.
std::string whyNotLibrary(const Kernel::Options &options, const ProductShape &shape);

/// What the library does after a product, and beside it. Values that are null are not there.
struct LibraryEpilogue {
  mlir::Value value; ///< what it leaves: the product itself, or a result of the kernel
  mlir::Value bias;  ///< a line that is added to every row
  bool relu = false;
  /// A result of the kernel: where relu lets pass what comes before it. An argument of the kernel: `value` is 0 where that does not say so. The library has
  /// a form of its own for both, which only it can read (`kMasksAttr`).
  mlir::Value maskResult, mask;
  bool gelu = false; ///< by tanh
  /// A result of the kernel: what gelu takes. An argument: `value` is the product times the derivative of gelu there. Tensors like any other.
  mlir::Value geluInput, geluAt;
  /// A result of the kernel: the sums over the rows of `value`, or (`sumsRight`) over the terms of the right factor. What a bias's gradient is.
  mlir::Value sums;
  bool sumsRight = false;

  /// DLC_BIAS …
  int32_t bits() const;
  bool covers(mlir::Value result) const { return result == value || result == maskResult || result == geluInput || result == sums; }
};
/// The product with its bias, where one is added to it, and that bias.
struct Preactivation {
  mlir::Value value, bias;
};
Preactivation preactivationOf(const ProductShape &shape);
/// Whether the library writes or reads tensors beside a result, as gelu's are, of this shape.
bool takesGeluInput(const ProductShape &shape);
/// The epilogue that leaves as many results of a kernel as there is one for. A sum or a mask beside them is a candidate: whether it is the library's is
/// decided for the whole program (Epilogues.h).
LibraryEpilogue libraryEpilogue(ir::FuncOp kernel, const ProductShape &shape);
/// The part of it that the kernel is to use. In reduced precision the library might round what it sums, so the right factor's sums are not asked of it.
LibraryEpilogue chosenEpilogue(Kernel &kernel, const ProductShape &shape, Unit unit);
/// A kernel whose masks, result or argument, are in the library's form.
constexpr llvm::StringLiteral kMasksAttr = "dlc.masks";

/// The axes of the right factor over which a product sums, in order.
llvm::SmallVector<int64_t> termAxes(ir::DotOp product);

/// Whether to bring the factors of a product in bf16 to the library as such, by launches of their own that round them.
bool isWorthNarrowing(const Kernel &kernel, const ProductShape &shape, Unit unit);

/// Adds the launch. What the product takes lies in memory; afterwards what `epilogue` covers does.
void emitLibraryProduct(Kernel &kernel, const ProductShape &shape, Unit unit, const LibraryEpilogue &epilogue);

} // namespace dlc::codegen::cuda

#endif
