// From a resolved program to the `graph` stage.
#pragma once

#include "frontend/DataSource.h"
#include "frontend/Resolve.h"

#include "mlir/IR/OwningOpRef.h"

namespace dlc::frontend {

struct ElaborateOptions {
  /// `--set name=value`: replaces the value of a `const` of the program; the text is an integer, a float, `true`, `false` or a string.
  std::vector<std::pair<std::string, std::string>> constants;
  /// Replace settings of `train` blocks (`--epochs`, `--steps`, `--batch`).
  std::optional<int64_t> epochs, steps, batch;
};

/// Every name that programs reach without an import: the embedded files and the functions implemented in C++.
StdLibrary standardLibrary();

/// Elaborates the program and all that it reaches, also where names of it were not found. Null if an error was reported, here or before. The context must have
/// the `dl` dialect loaded. The module has the attribute `dl.seed` (i64) if the program has `const seed`.
mlir::OwningOpRef<mlir::ModuleOp> elaborate(mlir::MLIRContext *context, Program &program,
                                            const ElaborateOptions &options, DataSource &data,
                                            DiagnosticEngine &diagnostics);

} // namespace dlc::frontend
