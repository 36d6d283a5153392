// Whether an exported function can be called with given sizes, before it is compiled for them.
#ifndef DLC_TOOLS_DRIVER_SIZECHECKS_H
#define DLC_TOOLS_DRIVER_SIZECHECKS_H

#include "runtime/Status.h"

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>
#include <map>
#include <string>

namespace dlc::driver {

/// Fails, with the line, where with these sizes an index is sure to be outside of its axis, another condition of the program that follows from sizes alone
/// does not hold, or a size divides by 0 or becomes negative. Of a module in stage `graph`; a function that is not there is not looked at. Constants may be
/// folded in it. What stands in branches and loops may never run, and is left to the compiler.
runtime::Status checkSizes(mlir::ModuleOp module, const std::string &function, const std::map<std::string, int64_t> &sizes);

} // namespace dlc::driver

#endif
