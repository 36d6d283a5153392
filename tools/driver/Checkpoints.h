// Checkpoints of a run and files of weights.
#ifndef DLC_TOOLS_DRIVER_CHECKPOINTS_H
#define DLC_TOOLS_DRIVER_CHECKPOINTS_H

#include "tools/driver/RunState.h"
#include "tools/driver/Trainer.h"

#include <string>
#include <vector>

namespace dlc::driver {

/// What the promise of equal bits holds for: recorded in a checkpoint, compared when it is resumed.
struct BuildIdentity {
  std::string target;
  std::string processor, features; ///< that code was made for: "znver3", "+avx2,+fma"; empty for the evaluator
  std::string build;
  std::string precision; ///< of `--precision`, if it was given

  bool operator==(const BuildIdentity &) const = default;
};

/// Writes everything that a run needs to go on to the same bits: places, means of the epoch so far, position, seed, build.
runtime::Status saveCheckpoint(const std::string &path, RunState &state, const Position &position, const ReportMeans &means,
                               const BuildIdentity &identity);
/// Parameters and states only (no names with `:`).
runtime::Status saveWeights(const std::string &path, RunState &state);

struct LoadedCheckpoint {
  Position position;
  ReportMeans means;
  int64_t seed = 0;
  BuildIdentity identity;
  std::vector<std::string> unused; ///< places of blocks and optimizers that no block of the program has; they are left out
};
/// Reads a checkpoint into the places. Every place that the program has must be there with its type; places of blocks and
/// optimizers that the program does not have yet are added. Everything missing, surplus or misshapen is named.
runtime::Result<LoadedCheckpoint> loadCheckpoint(const std::string &path, RunState &state);
/// What a `load` of the program says. An error names all that is missing, or surplus and not excepted.
runtime::Status loadDeclared(const std::string &path, RunState &state, const LoadDecl &load);
/// Reads parameters and states of a file; entries with `:` are left out. `names` pairs ours with theirs; empty: all by their own names.
runtime::Status loadWeights(const std::string &path, RunState &state,
                            const std::vector<std::pair<std::string, std::string>> &names);

} // namespace dlc::driver

#endif
