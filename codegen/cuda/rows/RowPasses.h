// What phases of rows do with the elements of a row, whoever its threads are.
#ifndef DLC_CODEGEN_CUDA_ROWS_ROWPASSES_H
#define DLC_CODEGEN_CUDA_ROWS_ROWPASSES_H

#include "codegen/cuda/rows/RowShape.h"

namespace dlc::codegen::cuda {

/// A group of threads computes the elements of a row, which it keeps in registers from pass to pass where `RowShape` says so.
class RowPasses {
protected:
  RowPasses(Kernel &kernel, const RowSpace &space, const RowShape &shape, int64_t blocks);

  int64_t lanesOf(int64_t count) const { return count == shape.share.length ? shape.share.lanes : 1; }
  /// Elements of the row in hand of a tensor, by their number within it, as folds ask for them too.
  Index elementsAt(Lane place, int64_t lanes, mlir::Value tensor) { return e.elementOf(Elemental::shapeOf(tensor), space.kept, axes, place, lanes); }
  /// The row in hand from here on.
  void setRow(mlir::Value row);
  /// All loads of a row are on their way before the first fold waits for its threads.
  void loadRow();
  /// The elements of a row, of all roots that have as many.
  void emitInner(llvm::ArrayRef<Root> group, mlir::Value row);

  const RowSpace &space;
  const RowShape &shape;
  Phase phase;
  LoopBuilder &loops;
  Elemental &e;
  llvm::SmallVector<Root> rowRoots;
  llvm::SmallVector<llvm::SmallVector<Root>> inner; ///< by the shape of a row
  llvm::SmallVector<Lane> axes;                     ///< of the row in hand
  bool isFirst = true;                              ///< shape of `inner` that is written
  bool isRead = false;                              ///< all threads have read what they need of the row before one of them writes

private:
  /// In turns a thread reads all before it writes the first.
  void claimPlaces();
  void emitTurns(llvm::ArrayRef<Root> group, llvm::ArrayRef<Elemental::Turn> turns, int64_t lanes);
};

} // namespace dlc::codegen::cuda

#endif
