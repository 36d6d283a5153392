// Small tables for `dlc verify`.
#ifndef DLC_TOOLS_DRIVER_VERIFYTABLES_H
#define DLC_TOOLS_DRIVER_VERIFYTABLES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <cstdint>

namespace dlc::driver {

class Session;

/// A copy of the session's module (stage `graph`) with few rows in every table that the program computes, and in what is split, filtered, mapped
/// and zipped from these: `rows` where nothing else asks for more, else as few as leave `rows` to what is trained on and one to every part.
/// Everything of such a size shrinks, so types fit as before; null where they do not (another size derived from it), and where there is no such table.
mlir::OwningOpRef<mlir::ModuleOp> withFewRows(Session &session, int64_t rows);

/// Whether a table has no rows: of a file of which too few rows are read.
bool hasEmptyTable(mlir::ModuleOp module);

} // namespace dlc::driver

#endif
