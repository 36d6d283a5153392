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
  /// Bytes of all buffers at the peak of the run: data, places, arena, workspaces, staged batches, results.
  int64_t plannedBytes() const;
  /// By how much the process has grown at most since before the first buffer was made; 0 where the system does not say.
  int64_t grownBytes() const;
  int64_t parameterCount() const;

private:
  explicit LoadedProgram(const Arguments &arguments) : arguments(arguments), pool(arguments.threads) {}

  size_t beforeBuffers = 0; ///< resident bytes
};

/// `NAME.safetensors` of the current folder.
std::string defaultCheckpoint(const Arguments &arguments);

} // namespace dlc::driver

#endif
