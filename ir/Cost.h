// What the graph knows of the price of element-wise functions.
#pragma once

#include "ir/Ops.h"

namespace dlc::ir {

/// Whether processors have an instruction for it, or two that only select or round: `neg`, `relu`, `floor` …, not a division and no polynomial.
bool isOneInstruction(UnaryFn fn);

} // namespace dlc::ir
