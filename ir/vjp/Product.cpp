#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

namespace {

/// One side of a product.
struct Side {
  Value value;
  ArrayRef<int64_t> batch, contract;
  SmallVector<int64_t> free; // the axes that the result has from this side, in order

  Side(Value value, ArrayRef<int64_t> batch, ArrayRef<int64_t> contract) : value(value), batch(batch), contract(contract) {
    for (int64_t axis = 0; axis < typeOf(value).getRank(); ++axis)
      if (!llvm::is_contained(batch, axis) && !llvm::is_contained(contract, axis))
        free.push_back(axis);
  }
};

SmallVector<int64_t> range(int64_t first, size_t count) {
  return llvm::to_vector(llvm::seq<int64_t>(first, first + static_cast<int64_t>(count)));
}

/// The axes of a product that gives the cotangent of `side`, in the order in which the product makes them: for each the axis of `side`.
/// What is contracted with `other` comes in the order of the other's axes.
SmallVector<int64_t> contractedAxes(const Side &side, const Side &other) {
  SmallVector<std::pair<int64_t, int64_t>> pairs;
  for (auto [mine, theirs] : llvm::zip_equal(side.contract, other.contract))
    pairs.push_back({theirs, mine});
  llvm::sort(pairs);
  SmallVector<int64_t> axes;
  for (auto [theirs, mine] : pairs)
    axes.push_back(mine);
  return axes;
}

/// Brings the axes, of which `made[i]` is the axis of the operand that axis i stands for, into the operand's order.
Value restored(OpBuilder &builder, Location loc, Value product, ArrayRef<int64_t> made) {
  SmallVector<int64_t> permutation(made.size());
  for (auto [index, axis] : llvm::enumerate(made))
    permutation[axis] = index;
  return transpose(builder, loc, product, permutation);
}

} // namespace

// The products of a gradient take their operands in the precision of the product that they come from.

// y[b, m, n] = Σ_k l[b, m, k] r[b, n, k]: dl = Σ_n g[b, m, n] r[b, n, k], dr = Σ_m l[b, m, k] g[b, m, n]
void DotOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  Side left(getLhs(), getLhsBatch(), getLhsContract()), right(getRhs(), getRhsBatch(), getRhsContract());
  size_t batches = left.batch.size();
  SmallVector<int64_t> gBatch = range(0, batches), gLeft = range(batches, left.free.size()),
                       gRight = range(batches + left.free.size(), right.free.size());

  SmallVector<int64_t> made(left.batch);
  llvm::append_range(made, left.free);
  llvm::append_range(made, contractedAxes(left, right));
  Value dl = DotOp::create(builder, getLoc(), cotangents[0], right.value, gBatch, right.batch, gRight, right.free, getPrecision());
  gradients.push_back(restored(builder, getLoc(), dl, made));

  made.assign(right.batch.begin(), right.batch.end());
  llvm::append_range(made, contractedAxes(right, left));
  llvm::append_range(made, right.free);
  Value dr = DotOp::create(builder, getLoc(), left.value, cotangents[0], left.batch, gBatch, left.free, gLeft, getPrecision());
  gradients.push_back(restored(builder, getLoc(), dr, made));
}

// The three kinds are one trilinear form in x, w and y: the derivative by one of them is the kind that has it as its result.
void ConvOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  auto conv = [&](ConvKind kind, Value lhs, Value rhs, Value like) {
    gradients.push_back(
        ConvOp::create(builder, getLoc(), like.getType(), kind, lhs, rhs, getStride(), getLow(), getHigh(), getDilation(), getGroups(), getPrecision()));
  };
  Value lhs = getLhs(), rhs = getRhs(), g = cotangents[0];
  switch (getKind()) {
  case ConvKind::forward: // x, w
    conv(ConvKind::input, g, rhs, lhs);
    conv(ConvKind::weight, lhs, g, rhs);
    return;
  case ConvKind::input: // y, w
    conv(ConvKind::forward, g, rhs, lhs);
    conv(ConvKind::weight, g, lhs, rhs);
    return;
  case ConvKind::weight: // x, y
    conv(ConvKind::input, rhs, g, lhs);
    conv(ConvKind::forward, lhs, g, rhs);
    return;
  }
}
