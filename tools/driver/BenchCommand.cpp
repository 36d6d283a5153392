// `dlc bench`: the median time of a training step, with everything that a step of a run does.
#include "tools/driver/Commands.h"
#include "tools/driver/Program.h"
#include "tools/driver/Trainer.h"

#include "runtime/Format.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;

namespace {

constexpr int64_t defaultSteps = 100;
/// Steps before the clock counts: caches fill and pages are touched.
constexpr int64_t warmUp = 10;

Status bench(const Arguments &arguments) {
  auto reporter = Reporter::create(true, "", false);
  if (!reporter)
    return reporter.status();
  DLC_ASSIGN(program, LoadedProgram::create(arguments, {}, (*reporter)->console()));
  if (program->manifest().trains.empty())
    return Status::error(runtime::ErrorKind::Program, "the program has no `train` block to time");
  int64_t steps = arguments.steps.value_or(defaultSteps);
  std::vector<double> seconds;
  TrainerOptions options;
  options.steps = warmUp + steps;
  options.stepTimes = &seconds;
  Trainer trainer(*program->state, **reporter, options);
  if (auto ended = trainer.train(program->manifest().trains[0], false); !ended)
    return ended.status();
  if (static_cast<int64_t>(seconds.size()) <= warmUp)
    return Status::run("interrupted");
  seconds.erase(seconds.begin(), seconds.begin() + warmUp);
  std::sort(seconds.begin(), seconds.end());
  double median = seconds[seconds.size() / 2], least = seconds.front();
  if (arguments.json) {
    nlohmann::ordered_json json = {{"median_seconds", median},
                                   {"min_seconds", least},
                                   {"steps", seconds.size()},
                                   {"threads", program->pool.threads()},
                                   {"peak_bytes", program->plannedBytes()},
                                   {"compile_seconds", program->runnable.seconds}};
    fmt::print("{}\n", json.dump());
    return Status();
  }
  fmt::print("step     {} (median of {}), least {}\nmemory   {}\ncompiled in {}\nthreads  {}\n", runtime::formatSeconds(median),
             seconds.size(), runtime::formatSeconds(least), runtime::formatBytes(program->plannedBytes()),
             runtime::formatSeconds(program->runnable.seconds), program->pool.threads());
  return Status();
}

} // namespace

int benchCommand(const Arguments &arguments) {
  Status status = bench(arguments);
  return status ? 0 : fail(status);
}

} // namespace dlc::driver
