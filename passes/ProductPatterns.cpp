#include "passes/SimplifyPatterns.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

namespace {

SmallVector<int64_t> mapAxes(ArrayRef<int64_t> axes, ArrayRef<int64_t> permutation) {
  return llvm::map_to_vector(axes, [&](int64_t axis) { return permutation[axis]; });
}

/// Whether the axes that are in neither list keep their order under the permutation: they give the
/// axes of the result.
bool keepsFreeOrder(ArrayRef<int64_t> batch, ArrayRef<int64_t> contract,
                    ArrayRef<int64_t> permutation) {
  int64_t last = -1;
  for (int64_t axis = 0; axis < static_cast<int64_t>(permutation.size()); ++axis) {
    if (llvm::is_contained(batch, axis) || llvm::is_contained(contract, axis))
      continue;
    if (permutation[axis] < last)
      return false;
    last = permutation[axis];
  }
  return true;
}

/// dot(transpose(a), b): the lists name the axes of a.
struct DotOfTranspose : OpRewritePattern<ir::DotOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::DotOp op, PatternRewriter &rewriter) const override {
    Value lhs = op.getLhs(), rhs = op.getRhs();
    SmallVector<int64_t> lhsBatch(op.getLhsBatch()), rhsBatch(op.getRhsBatch());
    SmallVector<int64_t> lhsContract(op.getLhsContract()), rhsContract(op.getRhsContract());
    bool changed = take(lhs, lhsBatch, lhsContract);
    changed |= take(rhs, rhsBatch, rhsContract);
    if (!changed)
      return failure();
    rewriter.replaceOpWithNewOp<ir::DotOp>(op, op.getType(), lhs, rhs, lhsBatch, rhsBatch, lhsContract, rhsContract, op.getPrecision());
    return success();
  }

  static bool take(Value &operand, SmallVector<int64_t> &batch, SmallVector<int64_t> &contract) {
    auto transpose = operand.getDefiningOp<ir::TransposeOp>();
    if (!transpose || !keepsFreeOrder(batch, contract, transpose.getPermutation()))
      return false;
    batch = mapAxes(batch, transpose.getPermutation());
    contract = mapAxes(contract, transpose.getPermutation());
    operand = transpose.getOperand();
    return true;
  }
};

/// transpose(dot(a, b)) that puts b's axes before a's is dot(b, a): products commute, and the order
/// of the sum is that of the lists.
struct TransposeOfDot : OpRewritePattern<ir::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::TransposeOp op, PatternRewriter &rewriter) const override {
    auto dot = op.getOperand().getDefiningOp<ir::DotOp>();
    if (!dot || !dot->hasOneUse())
      return failure();
    int64_t batch = dot.getLhsBatch().size(), rank = ranked(dot.getResult()).getRank();
    int64_t left =
        ranked(dot.getLhs()).getRank() - batch - static_cast<int64_t>(dot.getLhsContract().size());
    SmallVector<int64_t> swapped;
    for (int64_t i = 0; i < batch; ++i)
      swapped.push_back(i);
    for (int64_t i = batch + left; i < rank; ++i)
      swapped.push_back(i);
    for (int64_t i = batch; i < batch + left; ++i)
      swapped.push_back(i);
    if (op.getPermutation() != ArrayRef<int64_t>(swapped))
      return failure();
    rewriter.replaceOpWithNewOp<ir::DotOp>(op, op.getType(), dot.getRhs(), dot.getLhs(), dot.getRhsBatch(), dot.getLhsBatch(), dot.getRhsContract(),
                                           dot.getLhsContract(), dot.getPrecision());
    return success();
  }
};

/// A transpose that only moves axes of size 1 is a reshape.
struct TransposeOfUnits : OpRewritePattern<ir::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::TransposeOp op, PatternRewriter &rewriter) const override {
    int64_t last = -1;
    for (int64_t axis : op.getPermutation()) {
      if (ranked(op.getOperand()).getDimSize(axis) == 1)
        continue;
      if (axis < last)
        return failure();
      last = axis;
    }
    rewriter.replaceOpWithNewOp<ir::ReshapeOp>(op, op.getType(), op.getOperand());
    return success();
  }
};

} // namespace

void addProductPatterns(RewritePatternSet &patterns) {
  patterns.add<DotOfTranspose, TransposeOfDot, TransposeOfUnits>(patterns.getContext());
}

} // namespace dlc::passes
