// MLIR's diagnostics in the style of the front end's.
#ifndef DLC_TOOLS_DRIVER_MLIRDIAGNOSTICS_H
#define DLC_TOOLS_DRIVER_MLIRDIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"

namespace dlc::driver {

/// While it lives, errors, warnings and remarks of the context are printed to standard error, the user's line first and the
/// library's as a note.
class MlirDiagnostics {
public:
  MlirDiagnostics(mlir::MLIRContext *context, bool remarks);
  unsigned errors() const { return errorCount; }

private:
  mlir::LogicalResult handle(mlir::Diagnostic &diagnostic);
  mlir::ScopedDiagnosticHandler handler;
  bool remarks;
  unsigned errorCount = 0;
  llvm::StringSet<llvm::MallocAllocator> told; ///< remarks
};

} // namespace dlc::driver

#endif
