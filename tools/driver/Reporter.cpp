#include "tools/driver/Reporter.h"

#include "runtime/Format.h"

#include <fmt/format.h>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;

namespace {
double since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}
} // namespace

Result<std::unique_ptr<Reporter>> Reporter::create(bool quiet, const std::string &log, bool append) {
  std::unique_ptr<Reporter> reporter(new Reporter(quiet));
  if (!log.empty()) {
    DLC_ASSIGN(opened, runtime::Log::open(log, append));
    reporter->journal = std::move(opened);
  }
  return reporter;
}

double Reporter::seconds() const { return since(began); }

void Reporter::beginTraining(runtime::Progress::Block block) {
  lastStep = std::chrono::steady_clock::now();
  progress.begin(std::move(block));
}

void Reporter::values(int64_t step, std::optional<double> loss, const NamedNumbers &reports) {
  double seconds = since(lastStep);
  lastStep = std::chrono::steady_clock::now();
  journal.step(step, loss, reports, seconds);
}

void Reporter::epoch(int64_t epoch, std::optional<double> loss, const NamedNumbers &metrics) {
  progress.epoch(epoch, metrics);
  NamedNumbers others;
  for (const auto &metric : metrics)
    if (!loss || metric.first != "loss")
      others.push_back(metric);
  journal.epoch(epoch, loss, others);
}

void Reporter::test(const std::string &name, const NamedTensors &metrics) {
  std::string line = name + ":";
  NamedNumbers numbers;
  for (const auto &[metric, value] : metrics) {
    if (value.count() == 1) {
      numbers.emplace_back(metric, value.number(0));
      line += fmt::format(" {} {}", metric, runtime::formatReport(value.number(0)));
    } else {
      line += fmt::format(" {} =\n{}", metric, runtime::formatTensor(value));
    }
  }
  screen.line(line);
  journal.test(name, numbers);
}

void Reporter::note(const std::string &line) {
  if (!quiet)
    screen.line(line);
}

void Reporter::summary(const std::vector<std::pair<std::string, std::string>> &lines) {
  size_t width = 0;
  for (const auto &[label, value] : lines)
    width = std::max(width, label.size());
  for (const auto &[label, value] : lines)
    note(fmt::format("{:<{}}  {}", label, width, value));
}

void Reporter::done(int64_t grownBytes) { journal.done(seconds(), grownBytes); }

} // namespace dlc::driver
