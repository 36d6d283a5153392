// Runs the `train` blocks of a program: epochs and steps, hooks, checkpoints that are due.
#ifndef DLC_TOOLS_DRIVER_TRAINER_H
#define DLC_TOOLS_DRIVER_TRAINER_H

#include "tools/driver/BoundStep.h"
#include "tools/driver/ReportMeans.h"
#include "tools/driver/Reporter.h"
#include "tools/driver/TestRunner.h"

#include <functional>
#include <optional>

namespace dlc::driver {

/// Where a run is: what a checkpoint records and a resumed run starts from.
struct Position {
  int64_t block = 0;     ///< number of the `train` block
  int64_t step = 0;      ///< steps of this block that are done
  int64_t total = 0;     ///< steps of all blocks that are done
  int64_t planned = 0;   ///< steps that this block was to have
  int64_t batch = 0;     ///< rows of its full batches; 0: it has no table, or the checkpoint is an older one
  int64_t rows = 0;      ///< of its table
  int64_t data = 0;      ///< what `Trainer::dataOf` says of the block; 0: not known
  bool finished = false; ///< the program's last block is done
};

struct TrainerOptions {
  std::optional<int64_t> steps;     ///< end the run at this step of all
  std::optional<int64_t> saveEvery; ///< steps
  bool keepGoing = false;
  /// Asked before each step, with the number of those done: true ends the run as `steps` does.
  std::function<bool(int64_t)> enough = nullptr;
  /// Takes the seconds of each step; then hooks do not run and `steps` alone ends a block.
  std::vector<double> *stepTimes = nullptr;
};

/// How far a block goes.
struct Extent {
  int64_t perEpoch = 1; ///< steps
  int64_t epochs = 1;
  int64_t steps = 0; ///< of the whole block
};

/// `Cut`: `TrainerOptions::steps` were reached. `Interrupted`: a signal came.
enum class Ending { Done, Cut, Interrupted };

class Trainer {
public:
  Trainer(RunState &state, Reporter &reporter, TrainerOptions options);

  /// Called when a checkpoint is due.
  std::function<runtime::Status()> save;

  Position position;
  ReportMeans means;

  runtime::Result<Extent> extentOf(const TrainDecl &block) const;
  /// A number for the data that the block's step reads, its table and whole columns; other data hardly have the same. 0 where it reads none.
  runtime::Result<int64_t> dataOf(const TrainDecl &block) const;

  /// Runs one block from `position.step` on. Its own states are made first where `resumed` is false.
  runtime::Result<Ending> train(const TrainDecl &block, bool resumed);

  using Metric = driver::Metric;
  /// Runs a test; the values of its reports in order. Where a signal may cut it short, the result says so.
  runtime::Result<std::vector<Metric>> test(const TestDecl &test, bool mayBeCut = false);

private:
  struct Step;
  struct Loop;
  runtime::Status initialise(const TrainDecl &block, bool resumed);
  std::optional<int64_t> endOf(const Extent &extent) const;
  std::string whereIn(const Loop &loop) const;
  runtime::Result<std::optional<runtime::Batches>> batchesOf(const TrainDecl &block) const;
  runtime::Result<Step> prepareStep(const std::string &function, const TrainDecl &block, int64_t rows);
  runtime::Status prepareSteps(Loop &loop);
  runtime::Result<Ending> steps(Loop &loop);
  runtime::Status oneStep(Loop &loop);
  runtime::Status finishStep(Step &step, bool &stop);
  runtime::Status endEpoch(const TrainDecl &block, int64_t epoch, bool &stop);
  /// Runs a hook. `stop` tells whether it ended the training.
  runtime::Status sequence(const std::string &name, bool &stop);
  bool saveIsDue();

  RunState &state;
  Reporter &reporter;
  TrainerOptions options;
  double lastSave = 0;
};

} // namespace dlc::driver

#endif
