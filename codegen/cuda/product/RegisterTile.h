// The part of a tile that a thread holds in registers.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_REGISTERTILE_H
#define DLC_CODEGEN_CUDA_PRODUCT_REGISTERTILE_H

#include "codegen/cuda/product/OperandTile.h"

#include <memory>

namespace dlc::codegen::cuda {

/// Multiplies the tiles of two factors in shared memory, and adds to sums that the threads of the block hold among them. The sums leave by shared memory, some
/// rows of the tile at a time (`chunks`), because neighbouring threads do not hold neighbouring columns.
class RegisterTile {
public:
  /// `thread`: of the block.
  static std::unique_ptr<RegisterTile> make(LoopBuilder &loops, const Tiling &tiling, mlir::Type element, Int thread);
  virtual ~RegisterTile() = default;

  /// How the factors are to lie in shared memory.
  virtual OperandTile::Layout layoutOf(const Factor &factor) const = 0;
  llvm::SmallVector<mlir::Value> zeros() const;
  /// The sums after the terms of one stage.
  virtual llvm::SmallVector<mlir::Value> multiply(const OperandTile &left, mlir::Value leftStage, const OperandTile &right, mlir::Value rightStage,
                                                  mlir::ValueRange sums) = 0;
  virtual int64_t chunks() const = 0;
  int64_t chunkRows() const { return tiling.rows / chunks(); }
  /// The row of the tile that is row `row` of a chunk.
  virtual Int tileRow(int64_t chunk, Int row) const = 0;
  /// Writes the sums of a chunk to shared memory, with `pitch` elements to a row.
  virtual void store(int64_t chunk, mlir::ValueRange sums, mlir::Value memory, int64_t pitch) = 0;

protected:
  RegisterTile(LoopBuilder &loops, const Tiling &tiling, mlir::Type element) : loops(loops), tiling(tiling), element(element) {}
  mlir::ImplicitLocOpBuilder &b() { return loops.builder(); }
  mlir::Value at(mlir::Value memory, Int place);
  virtual int64_t count() const = 0; ///< of the sums

  LoopBuilder &loops;
  Tiling tiling;
  mlir::Type element;
};

} // namespace dlc::codegen::cuda

#endif
