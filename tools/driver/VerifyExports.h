// Calls of exported functions for `dlc verify`: with sizes and values made from the types of their parameters.
#ifndef DLC_TOOLS_DRIVER_VERIFYEXPORTS_H
#define DLC_TOOLS_DRIVER_VERIFYEXPORTS_H

#include "tools/driver/RunState.h"

#include "passes/Pipeline.h"
#include "runtime/Console.h"

#include <string>
#include <vector>

namespace dlc::driver {

class Session;

struct ExportCall {
  std::string function;
  std::vector<passes::Binding> sizes;
  TensorMap inputs;
};

struct ExportCalls {
  std::vector<ExportCall> calls;
  /// Of each function that cannot be called so: why.
  std::vector<std::string> left;
};

/// A call of every exported function of the session's module (stage `graph`): open sizes are small numbers, as the function declares them or
/// allows them; floats lie in [-1, 1), integers are small. Of several tries the first is taken that the evaluator brings to finite results, else
/// the first that it brings to an end.
ExportCalls chooseExportCalls(Session &session, runtime::Console &console);

} // namespace dlc::driver

#endif
