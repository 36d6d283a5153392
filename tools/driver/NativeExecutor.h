#ifndef DLC_TOOLS_DRIVER_NATIVEEXECUTOR_H
#define DLC_TOOLS_DRIVER_NATIVEEXECUTOR_H

#include "tools/driver/Executor.h"
#include "tools/driver/Sites.h"

#include "runtime/Console.h"
#include "runtime/ThreadPool.h"

#include <map>
#include <memory>
#include <string>

namespace dlc::driver {

/// What compiled code asks of its caller, for a function.
struct NativeFunction {
  std::string entry;
  int64_t arenaBytes = 0, workspaceBytes = 0;
};

/// Machine code and how its functions are called. Plain data, for the cache.
struct NativeCode {
  std::string object;
  std::map<std::string, NativeFunction> functions;
};

/// Loads the code into this process. All functions share one arena: one runs at a time. The pool and the console must outlive the executor.
runtime::Result<std::unique_ptr<Executor>> makeNativeExecutor(const NativeCode &code, Sites sites, runtime::ThreadPool &pool,
                                                              runtime::Console &console);

} // namespace dlc::driver

#endif
