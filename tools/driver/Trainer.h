// Runs a program: its blocks in file order, epochs and steps, hooks and tests.
#ifndef DLC_TOOLS_DRIVER_TRAINER_H
#define DLC_TOOLS_DRIVER_TRAINER_H

#include "tools/driver/Reporter.h"
#include "tools/driver/RunState.h"

#include <functional>
#include <optional>

namespace dlc::driver {

/// Where a run is: what a checkpoint records and a resumed run starts from.
struct Position {
  int64_t block = 0;     ///< number of the `train` block
  int64_t step = 0;      ///< steps of this block that are done
  int64_t total = 0;     ///< steps of all blocks that are done
  int64_t planned = 0;   ///< steps that this block was to have
  bool finished = false; ///< the program's last block is done
};

struct TrainerOptions {
  std::optional<int64_t> steps;     ///< end the run at this step of all
  std::optional<int64_t> saveEvery; ///< steps
  bool keepGoing = false;
  /// Takes the seconds of each step; then hooks do not run and `steps` alone ends a block.
  std::vector<double> *stepTimes = nullptr;
};

/// Sum and weight of each report since the epoch began, by name, in the order of the program.
struct ReportMeans {
  struct Entry {
    std::string name;
    double sum = 0, weight = 0;
    bool loss = false;
    double mean() const { return weight != 0 ? sum / weight : 0; }
  };
  std::vector<Entry> entries;
  Entry &at(const std::string &name);
  /// Of the reports that were reached.
  NamedNumbers means() const;
  void clear();
};

enum class Ending { Done, Cut, Interrupted };

class Trainer {
public:
  Trainer(RunState &state, Reporter &reporter, TrainerOptions options);

  /// Called when a checkpoint is due.
  std::function<runtime::Status()> save;

  Position position;
  ReportMeans means;

  /// Runs one block from `position.step` on. Its own states are made first where `resumed` is false.
  runtime::Result<Ending> train(const TrainDecl &block, bool resumed);

  /// Runs a test; the values of its reports in order.
  struct Metric {
    std::string name;
    runtime::Tensor value;
  };
  runtime::Result<std::vector<Metric>> test(const TestDecl &test);

  /// Runs a hook. `stop` tells whether it ended the training.
  runtime::Status sequence(const std::string &name, bool &stop);

private:
  struct Step;
  runtime::Result<std::unique_ptr<Step>> prepareStep(const std::string &function, const TrainDecl &block, int64_t rows);
  runtime::Status finishStep(Step &step, bool &stop);
  runtime::Status endEpoch(const TrainDecl &block, int64_t epoch, bool &stop);
  TensorMap meanTensors() const;
  bool saveIsDue();

  RunState &state;
  Reporter &reporter;
  TrainerOptions options;
  double lastSave = 0;
};

} // namespace dlc::driver

#endif
