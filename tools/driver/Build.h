// From a graph to something that runs.
#ifndef DLC_TOOLS_DRIVER_BUILD_H
#define DLC_TOOLS_DRIVER_BUILD_H

#include "tools/driver/Executor.h"
#include "tools/driver/Session.h"

#include "runtime/Console.h"
#include "runtime/ThreadPool.h"

#include <map>
#include <memory>

namespace dlc::driver {

/// A compiled program. What it was built from may go.
struct Runnable {
  Manifest manifest;
  /// Results of initialisers and data that the evaluator computed while compiling, by function.
  std::map<std::string, std::vector<runtime::Tensor>> known;
  std::unique_ptr<Executor> executor;
  int64_t seed = 0;
  double seconds = 0; ///< from the source text, or the cache, to here
  std::vector<PhaseTime> times;
  bool cached = false;
};

struct BuildRequest {
  /// Of the exported functions only this one, with these sizes; empty: none.
  std::string exported;
  /// All of them: for `dlc verify`.
  bool everyExport = false;
  std::vector<passes::Binding> bindings;
  /// What computes; empty: what `--target` names.
  std::string target;
  /// False when only the exported function will run: `train` and `test` blocks are left out.
  bool blocks = true;
};

/// Takes out what will not run: other exports, and blocks where none is wanted.
void pruneExports(mlir::ModuleOp module, const BuildRequest &request);

/// Takes the session's module (stage `graph` or later) to what `--target` names. Diagnostics have been printed when it fails without a message.
runtime::Result<Runnable> build(Session &session, const BuildRequest &request, runtime::Console &console, runtime::ThreadPool &pool);

/// The same program from the cache; nothing where it is not there.
runtime::Result<std::optional<Runnable>> buildFromCache(const Arguments &arguments, const BuildRequest &request,
                                                        runtime::Console &console, runtime::ThreadPool &pool);

} // namespace dlc::driver

#endif
