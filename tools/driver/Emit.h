// Printing stages and times.
#ifndef DLC_TOOLS_DRIVER_EMIT_H
#define DLC_TOOLS_DRIVER_EMIT_H

#include "tools/driver/Session.h"

namespace dlc::driver {

/// Prints a module, values by their names in the source; with `locations` also where they come from, so that it can be read back whole.
void printModule(mlir::ModuleOp module, bool locations, llvm::raw_ostream &out);
/// Prints a graph as formulas where they can say it (`dl-condense`); false after diagnostics.
bool printGraph(mlir::ModuleOp module, bool locations, llvm::raw_ostream &out);

/// Prints the machine code of a session in stage `optimized` or behind it, as assembly text.
bool emitAssembly(Session &session, llvm::raw_ostream &out);

/// Prints the kernels of a session in stage `optimized` for a card (`chip`: "sm_80"), in one of the stages `kernels`, `llvm` and `ptx`; of these the first
/// has locations.
bool emitDeviceStage(Session &session, llvm::StringRef stage, llvm::StringRef chip, bool locations, llvm::raw_ostream &out);

/// The table of `--time-passes`, on standard error.
void printTimes(const std::vector<PhaseTime> &times);

} // namespace dlc::driver

#endif
