#ifndef DLC_PASSES_INPLACE_H
#define DLC_PASSES_INPLACE_H

#include "ir/Ops.h"

namespace dlc::passes {

/// Whether the kernel may write `result` into the buffer of `operand`. For a `map`, and what
/// follows a product or reduction: every read of the operand is at the index that is being
/// computed, and all reads at an index come before the writes there. For a `scatter`: the operand
/// is the target and read nowhere else.
bool mayOverwrite(ir::FuncOp kernel, unsigned operand, unsigned result);

/// The same for a launch whose operand may stand in several places of its list, or under another
/// shape: all must allow it.
bool mayOverwrite(ir::LaunchOp launch, ir::FuncOp kernel, mlir::Value operand, unsigned result);

} // namespace dlc::passes

#endif
