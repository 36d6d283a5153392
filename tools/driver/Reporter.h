// What a person and the log see of a run.
#ifndef DLC_TOOLS_DRIVER_REPORTER_H
#define DLC_TOOLS_DRIVER_REPORTER_H

#include "runtime/Console.h"
#include "runtime/Log.h"
#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dlc::driver {

using runtime::NamedNumbers;
using NamedTensors = std::vector<std::pair<std::string, runtime::Tensor>>;

/// The console, the progress of the block that runs, and the log, told of everything at once.
class Reporter {
public:
  /// `log` is a file or empty; `append` for a resumed run.
  static runtime::Result<std::unique_ptr<Reporter>> create(bool quiet, const std::string &log, bool append);

  runtime::Console &console() { return screen; }
  runtime::Log &log() { return journal; }

  void beginTraining(runtime::Progress::Block block);
  /// True when each step must be told with its values (there is a log).
  bool wantsValues() const { return journal.isOpen(); }
  /// Step `step` (from 1) runs, until `stepEnds`: where that takes long, it is told.
  void stepBegins(int64_t step) { progress.stepBegins(step); }
  void stepEnds() { progress.stepEnds(); }
  /// Step `step` (from 1) is done; `rows` is its batch. `means` is called when something is shown.
  template <typename Means> void step(int64_t step, int64_t epoch, int64_t rows, Means &&means) {
    progress.step(step, epoch, rows, means);
  }
  /// The values of one step, for the log.
  void values(int64_t step, std::optional<double> loss, const NamedNumbers &reports);
  void epoch(int64_t epoch, std::optional<double> loss, const NamedNumbers &metrics);
  /// The block ends before its time, after `step`.
  void cutTraining(int64_t step, int64_t epoch, const NamedNumbers &means) { progress.cut(step, epoch, means); }
  void endTraining() { progress.end(); }

  void test(const std::string &name, const NamedTensors &metrics);
  /// A line for the person; not with `--quiet`.
  void note(const std::string &line);
  /// Lines of a label and a value, aligned.
  void summary(const std::vector<std::pair<std::string, std::string>> &lines);
  void done(int64_t grownBytes);
  runtime::Status close() { return journal.flush(); }
  double seconds() const;

private:
  explicit Reporter(bool quiet) : quiet(quiet), progress(screen, quiet) {}
  bool quiet;
  runtime::Console screen;
  runtime::Progress progress;
  runtime::Log journal;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now(), lastStep = began;
};

} // namespace dlc::driver

#endif
