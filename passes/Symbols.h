#ifndef DLC_PASSES_SYMBOLS_H
#define DLC_PASSES_SYMBOLS_H

#include "ir/Ops.h"
#include "llvm/ADT/StringMap.h"

namespace dlc::passes {

/// Puts sizes for symbols in every type, bound and `dl.size` of the function, and takes the symbols
/// that are numbers now off its `dl.symbols`. An entry `N = 4*n` there makes a number for `N` a
/// number for `n`. Fails with a diagnostic where the number does not fit that form or a size
/// becomes negative.
mlir::LogicalResult bindSymbols(ir::FuncOp func, const llvm::StringMap<ir::SizeExpr> &values);

/// Puts the number of rows of its table for `rows` in each test body that is still whole (before
/// the pass `rows`): then it can be evaluated as it stands.
mlir::LogicalResult bindTestRows(mlir::ModuleOp module);

/// The open size names in `dl.symbols` (`B` of the entry `B`, `N` of `N = 4*n`).
llvm::SmallVector<llvm::StringRef> symbolNames(ir::FuncOp func);

} // namespace dlc::passes

#endif
