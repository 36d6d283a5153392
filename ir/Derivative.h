#ifndef DLC_IR_DERIVATIVE_H
#define DLC_IR_DERIVATIVE_H

#include "ir/Ops.h"

namespace dlc::ir {

/// Replaces each `dl.gradient` of the function by operations that compute it, in program order, those of a region before the
/// operation that holds it, so that a gradient finds in front of it nothing but ordinary operations and may itself be
/// differentiated. Loops and conds on the way gain results: what their derivative needs of their inside. At the end no
/// `dl.gradient`, `dl.variable`, `dl.stop_gradient` or attribute `dl.checkpoint` is left.
///
/// Fails with a diagnostic where a path from `by` to `of` leads through an operation without a derivative, or through an argument of
/// a region around the gradient (what earlier passes of a loop computed); the function is then partly expanded.
mlir::LogicalResult expandGradients(FuncOp func);

} // namespace dlc::ir

#endif
