#ifndef DLC_CODEGEN_CPU_ENTRIES_H
#define DLC_CODEGEN_CPU_ENTRIES_H

#include "codegen/cpu/Compile.h"

#include "ir/Ops.h"

namespace dlc::codegen {

/// The checks and effects of a function as `dl.entry` has them, numbered from `number` on, which ends behind the last; null where there are none.
mlir::ArrayAttr sitesOf(ir::FuncOp function, int64_t &number);

/// Puts the `dl.entry` for a function in front of it.
void makeEntry(ir::FuncOp function, const FunctionInfo &info, mlir::ArrayAttr sites);

} // namespace dlc::codegen

#endif
