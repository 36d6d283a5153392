// A built program with its data and places, ready to run.
#ifndef DLC_TOOLS_DRIVER_PROGRAM_H
#define DLC_TOOLS_DRIVER_PROGRAM_H

#include "tools/driver/Build.h"
#include "tools/driver/Checkpoints.h"
#include "tools/driver/RunState.h"

#include <memory>

namespace dlc::driver {

class LoadedProgram {
public:
  /// Builds the program, loads its data, and gives every place its initial value, or what `--load-weights` says. An error whose message is empty
  /// has been printed. The console must outlive it.
  static runtime::Result<std::unique_ptr<LoadedProgram>> create(const Arguments &arguments, const BuildRequest &request,
                                                                runtime::Console &console);

  const Arguments &arguments;
  std::unique_ptr<Session> session; ///< null when the program came from the cache
  runtime::ThreadPool pool;
  Runnable runnable;
  std::unique_ptr<RunState> state;

  const Manifest &manifest() const { return runnable.manifest; }
  /// What a checkpoint records of this build.
  BuildIdentity identity() const;
  /// Bytes of places, arena and staged batches: what the run needs beside its data.
  int64_t plannedBytes() const;
  int64_t parameterCount() const;

private:
  explicit LoadedProgram(const Arguments &arguments) : arguments(arguments), pool(arguments.threads) {}
};

/// `NAME.safetensors` of the current folder.
std::string defaultCheckpoint(const Arguments &arguments);

} // namespace dlc::driver

#endif
