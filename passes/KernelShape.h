#ifndef DLC_PASSES_KERNELSHAPE_H
#define DLC_PASSES_KERNELSHAPE_H

#include "ir/Ops.h"
#include "passes/FusionLimits.h"

#include <string>

namespace dlc::passes {

/// The shapes that a kernel may have: what fusion makes and code generation takes. Operations that
/// move elements ("moves") are broadcast, reshape, transpose, slice, pad, concat, reverse,
/// dynamic_slice, window, gather, iota, random, size and constants; code generation computes them
/// by asking for an operand's element at another index. Constants in a body are of one value; `ops`
/// may leave them out: they count as given and cost nothing.
///
/// * `map`      element-wise operations and moves; all results have one shape, the space. A result
/// that the body uses too is used at the same
///              index, or is cheap to compute twice.
/// * `reduce`   one or more `dl.reduce` of one operand shape over the same axes, none fed by
/// another; or one `dl.arg_reduce` or `dl.overlap_add`. Before it
///              element-wise operations and moves, after it element-wise operations of the result's
///              shape. All results have that shape; with `FusionLimits::reduceWithFullResult` also
///              the operand's.
/// * `rows`     the space is rows × trailing axes. Every `dl.reduce` and `dl.arg_reduce` folds
/// exactly the trailing axes of a tensor of the space. All else is element-wise on the
///              space or on rows, a broadcast from rows to the space, or a move of kernel operands.
///              Results have the shape of the space or of the rows.
/// * `columns`  the same where the folded axes are others than the trailing ones, as a batch norm's: columns × folded axes. Only `dl.reduce` folds, and some
///              of it is broadcast to the space again. With `FusionLimits::columns`.
/// * `dot`      one `dl.dot` on kernel operands, then element-wise operations on its result at the
/// same index, with
///              broadcasts of kernel operands. Results have its shape.
/// * `conv`     the same with `dl.conv`; the kind `weight` stands alone.
/// * `scatter`  one `dl.scatter` or `dl.dynamic_update`, whose target is a kernel operand or a
/// broadcast scalar; before its other operands element-wise operations and moves. Where the result
/// lies in the target's buffer,
///              only the updated elements are touched.
/// * `sort`     one `dl.sort`, and element-wise operations before it.
/// * `cumulate` one `dl.cumulate`, and element-wise operations and moves before it.
struct Verdict {
  std::optional<ir::KernelKind> kind;
  /// Why the operations cannot be one kernel; empty where they can.
  llvm::StringRef reason;

  explicit operator bool() const { return kind.has_value(); }
};

/// Decides what the operations (in program order, of one block, all fusible) would be as one
/// kernel. Those of their results that are used by others are the kernel's results. Linear in the
/// operations and their uses.
Verdict classify(llvm::ArrayRef<mlir::Operation *> ops, const FusionLimits &limits);

/// Whether the operation may stand in a kernel, as part of one or alone.
bool isFusible(mlir::Operation *op);
/// Moves elements without arithmetic (see above).
bool isMove(mlir::Operation *op);
/// Arithmetic of one element in units of an addition: 20 for exp, 40 for pow.
int64_t elementCost(mlir::Operation *op);

} // namespace dlc::passes

#endif
