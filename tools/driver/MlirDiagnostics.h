// MLIR's diagnostics in the style of the front end's.
#ifndef DLC_TOOLS_DRIVER_MLIRDIAGNOSTICS_H
#define DLC_TOOLS_DRIVER_MLIRDIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"

#include <optional>
#include <vector>

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

/// While it lives, remarks of the context are kept; the last that were kept are told when it goes. Of something that is tried several times.
class LastRemarks {
public:
  explicit LastRemarks(mlir::MLIRContext *context);
  ~LastRemarks();
  /// What was kept is forgotten: it is tried again.
  void forget() { kept.clear(); }

private:
  mlir::MLIRContext *context;
  std::optional<mlir::ScopedDiagnosticHandler> handler;
  std::vector<mlir::Diagnostic> kept;
};

} // namespace dlc::driver

#endif
