// A graph as a reader would write it down.
#ifndef DLC_TOOLS_DRIVER_OUTLINE_H
#define DLC_TOOLS_DRIVER_OUTLINE_H

#include "mlir/IR/BuiltinOps.h"

namespace llvm {
class raw_ostream;
}

namespace dlc::driver {

/// Prints a module of a stage before `optimized` as formulas: a line for each name of the program, for what is used more than once and for each
/// effect; what a function of the library calls its own is part of the formula. Lines that repeat with other names are printed once. For reading
/// only: the module cannot be made from it.
void printOutline(mlir::ModuleOp module, llvm::raw_ostream &out);

} // namespace dlc::driver

#endif
