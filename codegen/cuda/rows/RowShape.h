// Phases that fold over rows: what a row is, and which threads compute it.
#ifndef DLC_CODEGEN_CUDA_ROWS_ROWSHAPE_H
#define DLC_CODEGEN_CUDA_ROWS_ROWSHAPE_H

#include "codegen/cuda/Map.h"

namespace dlc::codegen::cuda {

/// The elements of a space as rows: those that have the same places on the axes `kept`. These are the leading ones, or, of columns, any.
struct RowSpace {
  RowSpace(llvm::ArrayRef<mlir::Value> roots, llvm::ArrayRef<int64_t> kept);

  llvm::SmallVector<mlir::Value> roots; ///< of the space, or a number for each row
  llvm::SmallVector<int64_t> kept, outer; ///< axes, and their sizes
  int64_t rows() const { return product(outer); }
  bool isLeading() const;
  /// Whether the value is one number for each row.
  bool isOfRows(mlir::Value value) const { return Elemental::shapeOf(value).size() == kept.size(); }
  /// The sizes of a value's axes within a row.
  llvm::SmallVector<int64_t> rest(mlir::Value value) const;
};

/// Passes over a row, each of which ends with folds that the next one needs; the last writes the results.
class Passes {
public:
  Passes(const Kernel &kernel, const RowSpace &space);

  /// The first pass in which an element of the value can be computed.
  int64_t firstWith(mlir::Value value);
  /// Whether elements of the value are kept from a pass to the next one.
  bool isKept(mlir::Value value, int64_t pass) { return firstWith(value) <= pass && usedIn.lookup(value) > pass; }
  /// The folds at the end of a pass, which do not wait for each other.
  llvm::SmallVector<mlir::Operation *> foldsOf(int64_t pass);
  /// All but the last one.
  int64_t count() const { return last; }

private:
  const Kernel &kernel;
  const RowSpace &space;
  int64_t last = 0;
  llvm::SmallVector<mlir::Value> ordered; // operands first
  llvm::DenseMap<mlir::Value, int64_t> first, usedIn;
};

/// Who computes a row.
struct RowShape {
  int64_t rows = 1, group = kThreads, threads = kThreads; ///< of the space; threads of a row, and of a block
  Elemental::RowShare share;
  llvm::SmallVector<mlir::Value> loads; ///< tensors whose elements of the row are loaded before anything waits
  // Of columns:
  int64_t columnsPerBlock = 1; ///< neighbouring threads have one each: a tile of columns
  int64_t blocksPerTile = 1;   ///< blocks whose threads share the columns of a tile
  int64_t tiles() const { return (rows + columnsPerBlock - 1) / columnsPerBlock; }
};

/// The fewest threads that keep all they need of a row in registers; where even a block of the most threads cannot, passes read it again.
RowShape shapeOfRow(const Kernel &kernel, const RowSpace &space);
/// The same for columns, several of which may be a block's, and one of which several blocks': where one block would have too much to do and the card has more.
RowShape shapeOfColumns(const Kernel &kernel, const RowSpace &space);

} // namespace dlc::codegen::cuda

#endif
