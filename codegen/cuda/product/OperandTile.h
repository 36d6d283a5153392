// A factor of a product on its way to shared memory.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_OPERANDTILE_H
#define DLC_CODEGEN_CUDA_PRODUCT_OPERANDTILE_H

#include "codegen/cuda/Kernel.h"
#include "codegen/cuda/product/Int.h"
#include "codegen/cuda/product/Tiling.h"

namespace dlc::codegen::cuda {

/// A factor as lines (the rows of A, the columns of B) of terms.
struct Factor {
  mlir::Type element;
  std::array<Walk, 3> lines, sum, batches;
  int64_t Walk::*stride = nullptr; ///< of this factor in the walks
  int64_t offset = 0;              ///< of its first element
  bool aligned = false;            ///< its memory begins at a multiple of 16 bytes

  static Factor left(const ProductShape &shape, bool aligned);
  static Factor right(const ProductShape &shape, bool aligned);
  int64_t lineCount() const { return lines[0].count * lines[1].count * lines[2].count; }
  int64_t sumCount() const { return sum[0].count * sum[1].count * sum[2].count; }
  bool hasNeighbouringLines() const { return lines[2].count > 1 && lines[2].*stride == 1; }
  bool hasNeighbouringTerms() const { return sum[2].count > 1 && sum[2].*stride == 1; }
};

/// The tile of a factor in shared memory: `tileLines` lines of `depth` terms, side by side by lines or by terms, with some elements between them, so that
/// threads that read along the other axis find themselves in different banks.
class OperandTile {
public:
  enum class Layout { LinesSideBySide, TermsSideBySide };
  OperandTile(const Factor &factor, const Tiling &tiling, int64_t tileLines, Layout layout);

  int64_t stageElements() const;
  /// The place in its stage of a line and a term.
  Int place(Int line, Int term) const {
    return layout == Layout::LinesSideBySide ? term * pitch + line : line * pitch + term;
  }

  /// Before the loop: what the thread will copy, for the lines of the block's tile from `firstLine` on.
  void begin(LoopBuilder &loops, mlir::Value memory, Int thread, Int batch, Int firstLine);
  /// Asks for the terms from `firstTerm` on, up to before `lastTerm`, to be copied to the stage at `stage`; what lies outside becomes 0.
  void copy(LoopBuilder &loops, mlir::Value stage, Int firstTerm, Int lastTerm);

private:
  void copyOne(LoopBuilder &loops, mlir::Value stage, Int place, Int offset, mlir::Value isInside);
  Factor factor;
  int64_t tileLines, depth, elementBytes;
  Layout layout;
  int64_t pitch;
  bool alongTerms; ///< neighbouring threads take neighbouring terms
  int64_t width;   ///< elements of a copy
  int64_t copies;  ///< of a thread
  int64_t step;    ///< lines (or terms) from copy to copy
  // Of the block at hand:
  mlir::Value base;
  Int line, term; ///< of the thread's first copy, in the tile
  llvm::SmallVector<Int> lineOffsets;
  llvm::SmallVector<mlir::Value> lineInside; ///< null: always
};

/// The offset of position `number` of a nest of loops.
Int offsetIn(const std::array<Walk, 3> &walks, int64_t Walk::*stride, Int number);

} // namespace dlc::codegen::cuda

#endif
