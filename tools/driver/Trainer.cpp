#include "tools/driver/Trainer.h"

#include "runtime/Format.h"
#include "runtime/Random.h"
#include "runtime/Signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

namespace dlc::driver {

using runtime::Batches;
using runtime::listed;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

/// Seconds between checkpoints, unless steps are given.
constexpr double saveInterval = 30;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// `steps:` ends a block after that many; else it runs its epochs through the table.
Extent extentWith(const TrainDecl &block, const std::optional<Batches> &batches) {
  Extent extent;
  if (batches) {
    extent.perEpoch = std::max<int64_t>(batches->perEpoch(), 1);
    if (block.steps)
      extent.steps = *block.steps;
    else if (__builtin_mul_overflow(block.epochs.value_or(1), extent.perEpoch, &extent.steps))
      extent.steps = INT64_MAX;
    extent.epochs = extent.steps / extent.perEpoch + (extent.steps % extent.perEpoch != 0);
  } else {
    extent.steps = block.steps.value_or(1);
    extent.epochs = std::max<int64_t>(block.epochs.value_or(1), 1);
    extent.perEpoch = std::max<int64_t>(extent.steps / extent.epochs, 1);
  }
  return extent;
}

} // namespace

/// A bound step with the results that are looked at after each run.
struct Trainer::Step : BoundStep {
  struct Report {
    size_t sum, weight; ///< results
    size_t entry;       ///< of the means
    bool loss;
    std::string location;
  };
  std::vector<Report> reports;
  std::vector<size_t> stops; ///< results
};

/// A block while it runs.
struct Trainer::Loop {
  const TrainDecl &block;
  std::optional<Batches> batches;
  Extent extent;
  Step full;
  std::optional<Step> tail;
  bool stop = false;
  int64_t staged = -1; ///< the batch behind so many steps is in its buffers

  Step &stepFor(int64_t batch);
  void stage(int64_t done);
};

Trainer::Trainer(RunState &state, Reporter &reporter, TrainerOptions options)
    : state(state), reporter(reporter), options(options) {}

Result<std::optional<Batches>> Trainer::batchesOf(const TrainDecl &block) const {
  if (block.table.empty())
    return std::optional<Batches>();
  auto table = state.tables.find(block.table);
  if (table == state.tables.end())
    return Status::run(fmt::format("there is no table `{}`", block.table));
  Batches::Options how;
  how.size = block.batch;
  how.keepRemainder = !block.dropRemainder;
  if (block.shuffle && block.batch > 0 && block.batch < table->second.rows())
    how.shuffleKey = runtime::mix(static_cast<uint64_t>(state.counter("seed")), runtime::site(block.name + ":shuffle"));
  return std::optional<Batches>(std::in_place, table->second, how);
}

Result<Extent> Trainer::extentOf(const TrainDecl &block) const {
  DLC_ASSIGN(batches, batchesOf(block));
  return extentWith(block, batches);
}

Result<int64_t> Trainer::dataOf(const TrainDecl &block) const {
  uint64_t key = 0;
  if (auto table = state.tables.find(block.table); table != state.tables.end())
    key = table->second.fingerprint();
  if (const Function *step = state.manifest().find(block.step))
    for (const Argument &argument : step->arguments) {
      if (argument.role != ArgumentRole::Data)
        continue;
      DLC_ASSIGN(column, state.column(argument.name));
      if (column.rank() == 0) {
        uint64_t bits = 0;
        std::memcpy(&bits, column.data(), std::min(column.bytes(), sizeof bits));
        key = runtime::fold(key, bits);
        continue;
      }
      DLC_ASSIGN(table, runtime::Table::make({{argument.name, column, nullptr}}));
      key = runtime::fold(key, table.fingerprint());
    }
  return static_cast<int64_t>(key >> 2); // as large as the other numbers of a checkpoint
}

Result<Trainer::Step> Trainer::prepareStep(const std::string &name, const TrainDecl &block, int64_t rows) {
  DLC_ASSIGN(bound, bindStep(state, name, block.table, rows));
  Step step;
  static_cast<BoundStep &>(step) = std::move(bound);
  const std::vector<Outcome> &results = step.function->results;
  for (size_t i = 0; i < results.size(); ++i) {
    if (results[i].role == ResultRole::Stop)
      step.stops.push_back(i);
    if (results[i].role != ResultRole::Report || results[i].part != "sum")
      continue;
    for (size_t j = 0; j < results.size(); ++j)
      if (results[j].role == ResultRole::Report && results[j].part == "weight" && results[j].name == results[i].name) {
        ReportMeans::Entry &entry = means.at(results[i].name);
        entry.loss |= results[i].loss;
        step.reports.push_back({i, j, static_cast<size_t>(&entry - means.entries.data()), results[i].loss, results[i].location});
      }
  }
  return step;
}

Status Trainer::prepareSteps(Loop &loop) {
  DLC_ASSIGN(full, prepareStep(loop.block.step, loop.block, loop.batches ? loop.batches->fullSize() : 0));
  loop.full = std::move(full);
  if (loop.batches && loop.batches->remainder() && !loop.block.tail.empty()) {
    DLC_ASSIGN(tail, prepareStep(loop.block.tail, loop.block, loop.batches->remainder()));
    loop.tail = std::move(tail);
  }
  return Status();
}

Status Trainer::finishStep(Step &step, bool &stop) {
  ++position.step;
  ++position.total;
  bool logged = reporter.wantsValues();
  NamedNumbers values;
  std::optional<double> loss;
  int losses = 0;
  for (const Step::Report &report : step.reports) {
    double sum = step.call.results[report.sum].number(0), weight = step.call.results[report.weight].number(0);
    ReportMeans::Entry &entry = means.entries[report.entry];
    entry.sum += sum;
    entry.weight += weight;
    if (report.loss && weight != 0 && !std::isfinite(sum) && !options.keepGoing)
      return Status::run(fmt::format("{}: `{}` is {} at step {}\nnote: no checkpoint is written after this; `--keep-going` does not stop",
                                     report.location, entry.name, sum / weight, position.step));
    losses += report.loss;
    if (!logged || weight == 0)
      continue;
    if (report.loss)
      loss = sum / weight;
    // A loss with a name of its own stands under that as well: where there are two, nowhere else.
    if (!report.loss || entry.name != "loss")
      values.emplace_back(entry.name, sum / weight);
  }
  for (size_t index : step.stops)
    stop |= step.call.results[index].integer(0) != 0;
  if (logged)
    reporter.values(position.step, losses == 1 ? loss : std::nullopt, values);
  reporter.step(position.step, state.counter("epoch"), step.rows, [&] { return means.means(); });
  return Status();
}

bool Trainer::saveIsDue() {
  if (!save)
    return false;
  if (options.saveEvery)
    return position.total % *options.saveEvery == 0;
  // The clock is read at most every few steps: a step may take a microsecond.
  if (position.total % 16 != 0 || now() - lastSave < saveInterval)
    return false;
  lastSave = now();
  return true;
}

Status Trainer::endEpoch(const TrainDecl &block, int64_t epoch, bool &stop) {
  reporter.epoch(epoch, means.onlyLoss(), means.means());
  if (!block.epochHook.empty())
    DLC_TRY(sequence(block.epochHook, stop));
  return Status();
}

/// The step of the block at which `--steps` ends the run, if it comes before the last one.
std::optional<int64_t> Trainer::endOf(const Extent &extent) const {
  if (!options.steps)
    return std::nullopt;
  int64_t end = position.step + std::max<int64_t>(*options.steps - position.total, 0);
  return end < extent.steps ? std::optional(end) : std::nullopt;
}

/// Gives the block its own states and those of its optimizers, in a resumed run those that the checkpoint lacks.
Status Trainer::initialise(const TrainDecl &block, bool resumed) {
  const Function *init = block.init.empty() ? nullptr : state.manifest().find(block.init);
  if (!init)
    return Status();
  TensorMap kept;
  std::vector<std::string> missing;
  if (resumed)
    for (const Outcome &outcome : init->results) {
      if (auto place = state.places.find(outcome.name); place != state.places.end())
        kept.insert(*place);
      else
        missing.push_back(outcome.name);
    }
  if (resumed && missing.empty())
    return Status();
  if (auto made = state.call(block.init); !made)
    return made.status();
  for (const auto &[name, value] : kept)
    DLC_TRY(state.assign(name, value));
  if (!missing.empty())
    reporter.note(fmt::format("note: the checkpoint has no {}, which `{}` has: {} with initial values", listed(missing), block.name,
                              missing.size() == 1 ? "it begins" : "they begin"));
  return Status();
}

Result<Ending> Trainer::train(const TrainDecl &block, bool resumed) {
  DLC_TRY(initialise(block, resumed));
  DLC_ASSIGN(batches, batchesOf(block));
  Loop loop{block, batches, extentWith(block, batches), {}, {}};
  // A block that a checkpoint says is done, and that has not been given more steps since.
  if (resumed && position.finished && position.planned >= loop.extent.steps)
    return Ending::Done;
  position.planned = loop.extent.steps;
  position.batch = batches ? batches->fullSize() : 0;
  position.rows = batches ? block.rows : 0;
  if (save) {
    DLC_ASSIGN(data, dataOf(block));
    position.data = data;
  }
  position.finished = false;
  DLC_TRY(prepareSteps(loop));

  reporter.beginTraining({.name = block.name,
                          .steps = loop.extent.steps,
                          .stepsPerEpoch = loop.extent.perEpoch,
                          .firstStep = position.step + 1,
                          .end = endOf(loop.extent),
                          .unit = batches ? "examples" : "steps"});
  lastSave = now();
  DLC_ASSIGN(ending, steps(loop));
  bool isEarly = loop.stop && position.step < loop.extent.steps;
  if (ending == Ending::Done && !options.stepTimes && !block.endHook.empty())
    DLC_TRY(sequence(block.endHook, loop.stop));
  if (ending == Ending::Done)
    means.clear();
  reporter.endTraining();
  if (isEarly)
    reporter.note(fmt::format("stopped at step {} of {}, as the program says", runtime::formatCount(position.step), runtime::formatCount(loop.extent.steps)));
  return ending;
}

Result<Ending> Trainer::steps(Loop &loop) {
  const bool timed = options.stepTimes != nullptr;
  const int64_t first = position.step;
  double last = now();
  while ((timed || position.step < loop.extent.steps) && !loop.stop) {
    bool cut = (options.steps && position.total >= *options.steps) || (options.enough && options.enough(position.total));
    if (cut || runtime::interrupted()) {
      // The end of an epoch has a line of its own.
      if (position.step > first && position.step % loop.extent.perEpoch != 0)
        reporter.cutTraining(position.step, state.counter("epoch"), means.means());
      return cut ? Ending::Cut : Ending::Interrupted;
    }
    DLC_TRY(oneStep(loop));
    if (timed) {
      options.stepTimes->push_back(now() - last);
      last = now();
      loop.stop = false;
      continue;
    }
    if (position.step % loop.extent.perEpoch == 0 || position.step == loop.extent.steps || loop.stop)
      DLC_TRY(endEpoch(loop.block, state.counter("epoch"), loop.stop));
    if (saveIsDue())
      DLC_TRY(save());
  }
  return Ending::Done;
}

Trainer::Step &Trainer::Loop::stepFor(int64_t batch) {
  return tail && batches->sizeOf(batch) != batches->fullSize() ? *tail : full;
}

/// Brings the batch of the step after `position` to its buffers, unless it is there.
void Trainer::Loop::stage(int64_t done) {
  if (!batches || staged == done)
    return;
  int64_t batch = done % extent.perEpoch;
  batches->stage(done / extent.perEpoch + 1, batch, stepFor(batch).staged.data());
  staged = done;
}

Status Trainer::oneStep(Loop &loop) {
  int64_t done = position.step, batch = done % loop.extent.perEpoch;
  state.setCounter("epoch", done / loop.extent.perEpoch + 1);
  state.setCounter("step", done + 1);
  if (batch == 0)
    means.clear(); // not at the end of an epoch: `at end` reads those of the last one
  Step &step = loop.batches ? loop.stepFor(batch) : loop.full;
  reporter.stepBegins(done + 1);
  loop.stage(done);
  // While the step runs, where it runs elsewhere, the next batch is read.
  Status ran = step.call.bound->run([&]() -> Status {
    if (!loop.batches || done + 1 >= loop.extent.steps)
      return {};
    loop.stage(done + 1);
    Step &next = loop.stepFor((done + 1) % loop.extent.perEpoch);
    return &next == &step ? next.call.bound->prepareNext() : Status();
  });
  reporter.stepEnds();
  if (!ran)
    return std::move(ran).noting(whereIn(loop));
  return finishStep(step, loop.stop);
}

/// "in step 7 of 24, epoch 2 of 6, of `train`", as the progress counts them.
std::string Trainer::whereIn(const Loop &loop) const {
  std::string epoch;
  if (loop.extent.epochs > 1)
    epoch = fmt::format(", epoch {} of {}", runtime::formatCount(state.counter("epoch")), runtime::formatCount(loop.extent.epochs));
  return fmt::format("in step {} of {}{}, of `{}`", runtime::formatCount(position.step + 1),
                     runtime::formatCount(endOf(loop.extent).value_or(loop.extent.steps)), epoch, loop.block.name);
}

Result<std::vector<Metric>> Trainer::test(const TestDecl &test, bool mayBeCut) { return TestRunner(state, test).run(mayBeCut); }

Status Trainer::sequence(const std::string &name, bool &stop) {
  const Sequence &steps = state.manifest().sequences.at(name);
  std::vector<std::vector<Tensor>> values;
  for (const SequenceStep &step : steps.steps) {
    std::vector<Tensor> &outputs = values.emplace_back();
    if (step.test) {
      const TestDecl *decl = state.manifest().test(step.callee);
      if (!decl)
        return Status::run(fmt::format("there is no test `{}`", step.callee));
      DLC_ASSIGN(metrics, test(*decl));
      for (Metric &metric : metrics)
        outputs.push_back(std::move(metric.value));
      continue;
    }
    CallInputs inputs;
    inputs.means = means.tensors();
    for (const SequenceValue &operand : step.operands)
      inputs.ordered.push_back(values[operand.step][operand.result]);
    DLC_ASSIGN(results, state.call(step.callee, inputs));
    const Function &function = *state.manifest().find(step.callee);
    for (size_t i = 0; i < function.results.size(); ++i) {
      if (function.results[i].role == ResultRole::Output)
        outputs.push_back(results[i]);
      if (function.results[i].role == ResultRole::Stop)
        stop |= results[i].integer(0) != 0;
    }
  }
  return Status();
}

} // namespace dlc::driver
