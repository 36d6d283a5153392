// How the blocks of a grid divide a product.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_TILING_H
#define DLC_CODEGEN_CUDA_PRODUCT_TILING_H

#include "codegen/common/ProductShape.h"

namespace dlc::codegen::cuda {

/// What multiplies: units for single numbers, or tensor cores that take their factors rounded.
enum class Unit { Scalar, Tf32, Bf16 };

/// A block computes a tile of the result, from `depth` terms of the sum at a time, of which it holds `stages` in shared memory. Where tiles are too few for a
/// card the sum is cut into parts, whose results a second launch adds in order.
struct Tiling {
  static constexpr int64_t kThreads = 256;
  Unit unit = Unit::Scalar;
  int64_t rows = 128, columns = 128; ///< of a tile: 32, 64 or 128
  int64_t depth = 8, stages = 3;
  int64_t parts = 1, partTiles = 1;  ///< of the sum; tiles of `depth` terms in a part
  int64_t rowTiles = 1, columnTiles = 1, sumTiles = 1;

  int64_t blocks(const ProductShape &shape) const { return shape.batchCount() * rowTiles * columnTiles * parts; }
  /// The tiling with the least time on a model of a card. It follows from the shape alone.
  static Tiling of(const ProductShape &shape, Unit unit);
};

} // namespace dlc::codegen::cuda

#endif
