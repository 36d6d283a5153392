#ifndef DLC_IR_SHAPEINFERENCE_H
#define DLC_IR_SHAPEINFERENCE_H

#include "ir/Types.h"

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/Twine.h"

// What the shape of a result is, and which shapes an operation takes: the one statement of these rules, which builders, verifiers and
// the frontend share. Axes are 0-based and not negative. All functions take sizes, not types; element types are the caller's matter.

namespace dlc::ir {

/// Where the reason of a failure goes, once for each failure: lower case, no full stop, the label of the constraint in front ("dot_c2: ...").
using ShapeError = llvm::function_ref<void(const llvm::Twine &)>;
using Axes = llvm::ArrayRef<int64_t>;

/// Windows of `size` elements, `dilation` apart, that fit into `length` at distance `stride`:
/// `floordiv(length - (dilation·(size - 1) + 1), stride) + 1`. Fails where that is a number below 1.
mlir::FailureOr<SizeExpr> windowCount(const SizeExpr &length, const SizeExpr &size, int64_t stride, int64_t dilation, ShapeError error);

mlir::FailureOr<Shape> reduceShape(ShapeRef operand, Axes axes, ShapeError error);
mlir::FailureOr<Shape> argReduceShape(ShapeRef operand, int64_t axis, ShapeError error);
mlir::FailureOr<Shape> transposeShape(ShapeRef operand, Axes permutation, ShapeError error);
mlir::FailureOr<Shape> concatShape(llvm::ArrayRef<Shape> operands, int64_t axis, ShapeError error);
mlir::FailureOr<Shape> windowShape(ShapeRef operand, Axes axes, Axes size, Axes stride, Axes dilation, ShapeError error);
mlir::FailureOr<Shape> gatherShape(ShapeRef operand, ShapeRef indices, int64_t axis, int64_t batch, ShapeError error);

/// Pairs of axes of a product (`dl.dot`).
struct DotAxes {
  Axes lhsBatch, rhsBatch, lhsContract, rhsContract;
};
mlir::FailureOr<Shape> dotShape(ShapeRef lhs, ShapeRef rhs, const DotAxes &axes, ShapeError error);

/// The geometry of a convolution (`dl.conv`); the lists have one entry a spatial axis.
struct ConvGeometry {
  Axes stride, low, high, dilation;
  int64_t groups = 1;
};
/// The shape of y from x and w. There is no such function for x and w: several of their sizes give one y.
mlir::FailureOr<Shape> convShape(ShapeRef x, ShapeRef w, const ConvGeometry &geometry, ShapeError error);
/// Whether x, w and y belong together.
mlir::LogicalResult checkConv(ShapeRef x, ShapeRef w, ShapeRef y, const ConvGeometry &geometry, ShapeError error);

// Operations whose result type is free within limits.
mlir::LogicalResult checkBroadcast(ShapeRef operand, Axes axes, ShapeRef result, ShapeError error);
mlir::LogicalResult checkReshape(ShapeRef operand, ShapeRef result, ShapeError error);
mlir::LogicalResult checkSlice(ShapeRef operand, Axes start, Axes stride, ShapeRef result, ShapeError error);
mlir::LogicalResult checkPad(ShapeRef operand, Axes low, Axes interior, ShapeRef result, ShapeError error);
/// Of `dl.dynamic_slice` and `dl.dynamic_update`: `name` is the operation's, `part` what is taken or written.
mlir::LogicalResult checkDynamicPart(llvm::StringRef name, ShapeRef whole, ShapeRef part, int64_t starts, ShapeError error);

} // namespace dlc::ir

#endif
