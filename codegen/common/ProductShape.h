// Matrix products and convolutions in one form.
#ifndef DLC_CODEGEN_PRODUCTSHAPE_H
#define DLC_CODEGEN_PRODUCTSHAPE_H

#include "codegen/common/Index.h"
#include "ir/Ops.h"

#include <array>
#include <optional>

namespace dlc::codegen {

/// A loop over part of a tensor: how often, and by how many elements each tensor advances.
struct Walk {
  int64_t count = 1;
  int64_t a = 0; ///< stride in the left tensor
  int64_t b = 0; ///< stride in the right tensor
};

/// `C[g][m][n] = Σ_k A[g][m][k] · B[g][k][n]`, where each of g, m, k is a nest of loops with strides of its own. A convolution is one
/// whose rows are the pixels of its result (or the taps of its weight) and whose sum runs over taps and channels (or pixels):
/// no tensor is rearranged in memory for it.
struct ProductShape {
  mlir::Value left, right; ///< A and B: tensors in memory
  mlir::Value result;      ///< of the `dl.dot` or `dl.conv`
  mlir::Type element;

  std::array<Walk, 3> batches; ///< g, outermost first
  std::array<Walk, 3> rows;    ///< m, outermost first; only `a`
  std::array<Walk, 3> sum;     ///< k, outermost first
  int64_t columns = 0;         ///< n
  int64_t columnStride = 1;    ///< of B
  int64_t aOffset = 0, bOffset = 0; ///< of the first elements

  /// Where C[g][m][n] lies in the result: `g · batchStride + m · rowStride + n`.
  int64_t rowStride = 0, batchStride = 0;
  bool batchesAreColumns = false; ///< groups of a convolution: the batch selects columns of the same rows

  int64_t batchCount() const { return batches[0].count * batches[1].count * batches[2].count; }
  int64_t rowCount() const { return rows[0].count * rows[1].count * rows[2].count; }
  int64_t sumCount() const { return sum[0].count * sum[1].count * sum[2].count; }
  /// Whether the rows of B lie at equal distances in the order of the sum.
  bool rightIsRegular() const;
};

/// The form of a `dl.dot` or `dl.conv`; nothing, and nothing changed, where its axes do not fall into three loops each or `accept` says no. A convolution that
/// reads outside of its image, or between the pixels of a gradient, is replaced by one behind a `dl.pad` that brings everything inside: marked `dl.padded`,
/// its attributes do not describe it any more, and only this function may read it.
std::optional<ProductShape> tiledShape(mlir::Operation *product, llvm::function_ref<bool(const ProductShape &)> accept);

/// A tensor in memory through reshapes that move nothing.
mlir::Value throughReshapes(mlir::Value value);
/// Whether everything after the product works element by element on it, and all results come from it.
bool hasPlainEpilogue(mlir::Value product, mlir::ValueRange results);
/// The index in the product's result of row `row` of batch `batch`, and of `lanes` columns from `column` on.
Index productIndex(LaneMath &lane, const ProductShape &shape, mlir::Value batch, mlir::Value row, const Lane &column, int64_t lanes);

} // namespace dlc::codegen

#endif
