#include "tools/driver/Trainer.h"

#include "runtime/Random.h"
#include "runtime/Signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

namespace dlc::driver {

using runtime::Batches;
using runtime::ElementType;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

/// Seconds between checkpoints, unless steps are given.
constexpr double saveInterval = 30;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// How far a block goes.
struct Extent {
  int64_t perEpoch = 0; ///< steps
  int64_t epochs = 1;
  int64_t steps = 0; ///< of the whole block
};

/// `steps:` ends a block after that many; else it runs its epochs through the table.
Extent extentOf(const TrainDecl &block, const std::optional<Batches> &batches) {
  Extent extent;
  if (batches) {
    extent.perEpoch = std::max<int64_t>(batches->perEpoch(), 1);
    extent.steps = block.steps ? *block.steps : block.epochs.value_or(1) * extent.perEpoch;
    extent.epochs = (extent.steps + extent.perEpoch - 1) / extent.perEpoch;
  } else {
    extent.steps = block.steps.value_or(1);
    extent.epochs = std::max<int64_t>(block.epochs.value_or(1), 1);
    extent.perEpoch = std::max<int64_t>(extent.steps / extent.epochs, 1);
  }
  return extent;
}

} // namespace

ReportMeans::Entry &ReportMeans::at(const std::string &name) {
  for (Entry &entry : entries)
    if (entry.name == name)
      return entry;
  return entries.emplace_back(Entry{name});
}

NamedNumbers ReportMeans::means() const {
  NamedNumbers out;
  for (const Entry &entry : entries)
    if (entry.weight != 0)
      out.emplace_back(entry.name, entry.mean());
  return out;
}

void ReportMeans::clear() {
  for (Entry &entry : entries)
    entry.sum = entry.weight = 0;
}

/// A step bound to the places and to the buffers that its batch is staged in.
struct Trainer::Step {
  const Function *function = nullptr;
  RunState::Call call;
  std::vector<void *> staged; ///< one a column of the table
  std::vector<Tensor> buffers;
  /// Results that are looked at after each step.
  struct Report {
    size_t sum, weight;
    size_t entry; ///< of the means
    bool loss;
    std::string location;
  };
  std::vector<Report> reports;
  std::vector<size_t> stops;
  int64_t rows = 1; ///< of its batch; 1 for a step without a table
};

Trainer::Trainer(RunState &state, Reporter &reporter, TrainerOptions options)
    : state(state), reporter(reporter), options(options) {}

Result<std::unique_ptr<Trainer::Step>> Trainer::prepareStep(const std::string &name, const TrainDecl &block, int64_t rows) {
  auto step = std::make_unique<Step>();
  step->function = state.manifest().find(name);
  if (!step->function)
    return Status::run(fmt::format("there is no function `{}`", name));
  step->rows = std::max<int64_t>(rows, 1);
  CallInputs inputs;
  if (!block.table.empty())
    for (const runtime::Column &column : state.tables.at(block.table).columns()) {
      runtime::Shape shape = column.rowShape();
      shape.insert(shape.begin(), rows);
      DLC_ASSIGN(buffer, Tensor::zeros(column.values.type(), shape));
      step->staged.push_back(buffer.data());
      step->buffers.push_back(buffer);
      inputs.inputs[column.name] = buffer;
    }
  DLC_ASSIGN(call, state.prepare(*step->function, inputs));
  step->call = std::move(call);

  const std::vector<Outcome> &results = step->function->results;
  for (size_t i = 0; i < results.size(); ++i) {
    if (results[i].role == ResultRole::Stop)
      step->stops.push_back(i);
    if (results[i].role != ResultRole::Report || results[i].part != "sum")
      continue;
    for (size_t j = 0; j < results.size(); ++j)
      if (results[j].role == ResultRole::Report && results[j].part == "weight" && results[j].name == results[i].name) {
        ReportMeans::Entry &entry = means.at(results[i].name);
        entry.loss |= results[i].loss;
        step->reports.push_back({i, j, static_cast<size_t>(&entry - means.entries.data()), results[i].loss, results[i].location});
      }
  }
  return step;
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
      return Status::run(fmt::format("{}: `{}` is {} at step {}", report.location, entry.name, sum / weight, position.step));
    if (!logged || weight == 0)
      continue;
    if (report.loss)
      loss = sum / weight, ++losses;
    else
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

TensorMap Trainer::meanTensors() const {
  TensorMap out;
  for (const ReportMeans::Entry &entry : means.entries)
    if (auto tensor = Tensor::zeros(ElementType::F32, {})) {
      tensor->setNumber(0, entry.mean());
      out[entry.name] = *tensor;
    }
  return out;
}

Status Trainer::endEpoch(const TrainDecl &block, int64_t epoch, bool &stop) {
  NamedNumbers metrics = means.means();
  std::optional<double> loss;
  int losses = 0;
  for (const ReportMeans::Entry &entry : means.entries)
    if (entry.loss && entry.weight != 0)
      loss = entry.mean(), ++losses;
  reporter.epoch(epoch, losses == 1 ? loss : std::nullopt, metrics);
  if (!block.epochHook.empty())
    DLC_TRY(sequence(block.epochHook, stop));
  means.clear();
  return Status();
}

Result<Ending> Trainer::train(const TrainDecl &block, bool resumed) {
  if (!resumed && !block.init.empty()) {
    auto made = state.call(block.init);
    if (!made)
      return made.status();
  }
  std::optional<Batches> batches;
  if (!block.table.empty()) {
    auto table = state.tables.find(block.table);
    if (table == state.tables.end())
      return Status::run(fmt::format("there is no table `{}`", block.table));
    Batches::Options how;
    how.size = block.batch;
    how.keepRemainder = !block.dropRemainder;
    if (block.shuffle && block.batch > 0 && block.batch < table->second.rows())
      how.shuffleKey = runtime::mix(static_cast<uint64_t>(state.counter("seed")), runtime::site(block.name + ":shuffle"));
    batches.emplace(table->second, how);
  }
  Extent extent = extentOf(block, batches);
  // A block that a checkpoint says is done, and that has not been given more steps since.
  if (resumed && position.finished && position.planned >= extent.steps)
    return Ending::Done;
  position.planned = extent.steps;
  position.finished = false;
  int64_t fullRows = batches ? batches->fullSize() : 0;

  DLC_ASSIGN(full, prepareStep(block.step, block, fullRows));
  std::unique_ptr<Step> tail;
  if (batches && batches->remainder() && !block.tail.empty()) {
    DLC_ASSIGN(prepared, prepareStep(block.tail, block, batches->remainder()));
    tail = std::move(prepared);
  }

  reporter.beginTraining({block.name, extent.steps, extent.perEpoch, position.step + 1});
  lastSave = now();
  bool stop = false;
  Ending ending = Ending::Done;
  const bool timed = options.stepTimes != nullptr;
  double last = now();
  while ((timed || position.step < extent.steps) && !stop) {
    if (options.steps && position.total >= *options.steps) {
      ending = Ending::Cut;
      break;
    }
    if (runtime::interrupted()) {
      ending = Ending::Interrupted;
      break;
    }
    int64_t epoch = position.step / extent.perEpoch + 1, batch = position.step % extent.perEpoch;
    state.setCounter("epoch", epoch);
    state.setCounter("step", position.step + 1);
    Step *step = full.get();
    if (batches) {
      if (tail && batches->sizeOf(batch) != fullRows)
        step = tail.get();
      batches->stage(epoch, batch, step->staged.data());
    }
    DLC_TRY(step->call.bound->run());
    DLC_TRY(finishStep(*step, stop));
    if (timed) {
      options.stepTimes->push_back(now() - last);
      last = now();
      stop = false;
      continue;
    }
    if (position.step % extent.perEpoch == 0 || position.step == extent.steps || stop)
      DLC_TRY(endEpoch(block, epoch, stop));
    if (saveIsDue())
      DLC_TRY(save());
  }
  if (ending == Ending::Done && !timed && !block.endHook.empty())
    DLC_TRY(sequence(block.endHook, stop));
  reporter.endTraining();
  return ending;
}

Result<std::vector<Trainer::Metric>> Trainer::test(const TestDecl &test) {
  const Function *body = state.manifest().find(test.body);
  const Function *last = state.manifest().find(test.metrics.empty() ? test.body : test.metrics);
  if (!body || !last)
    return Status::run(fmt::format("the test `{}` has no body", test.name));
  CallInputs whole;
  if (!test.metrics.empty() && !test.table.empty()) {
    auto found = state.tables.find(test.table);
    if (found == state.tables.end())
      return Status::run(fmt::format("there is no table `{}`", test.table));
    Batches::Options how;
    how.size = test.batch;
    Batches batches(found->second, how);
    std::unique_ptr<Step> full, tail;
    TrainDecl rows;
    rows.table = test.table;
    int64_t first = 0;
    for (int64_t batch = 0; batch < batches.perEpoch(); ++batch) {
      int64_t size = batches.sizeOf(batch);
      bool isTail = size != batches.fullSize();
      std::unique_ptr<Step> &step = isTail ? tail : full;
      if (!step) {
        DLC_ASSIGN(prepared, prepareStep(isTail ? test.tail : test.body, rows, size));
        step = std::move(prepared);
      }
      state.setCounter("row", first);
      batches.stage(1, batch, step->staged.data());
      DLC_TRY(step->call.bound->run());
      for (size_t i = 0; i < step->function->results.size(); ++i) {
        const Outcome &outcome = step->function->results[i];
        const Tensor &part = step->call.results[i];
        if (outcome.role == ResultRole::Rows) {
          Tensor &all = whole.rows[outcome.name];
          if (!all.data()) {
            runtime::Shape shape = part.shape();
            shape[0] = found->second.rows() * (shape[0] / size);
            DLC_ASSIGN(made, Tensor::zeros(part.type(), shape));
            all = made;
          }
          std::memcpy(all.data() + part.rowBytes() * (first * (part.rows() / size)), part.data(), part.bytes());
        } else if (outcome.role == ResultRole::Sum) {
          Tensor &sum = whole.sums[outcome.name];
          if (!sum.data()) {
            DLC_ASSIGN(copy, part.clone());
            sum = copy;
          } else {
            for (int64_t k = 0; k < sum.count(); ++k)
              sum.setNumber(k, sum.number(k) + part.number(k));
          }
        }
      }
      first += size;
    }
  } else if (!test.table.empty()) {
    for (const runtime::Column &column : state.tables.at(test.table).columns()) {
      auto values = state.column(test.table + (column.name.empty() ? "" : "." + column.name));
      if (!values)
        return values.status();
      whole.inputs[column.name] = *values;
    }
  }
  DLC_ASSIGN(results, state.call(last->name, whole));
  std::vector<Metric> metrics;
  for (size_t i = 0; i < last->results.size(); ++i)
    if (last->results[i].role == ResultRole::Report)
      metrics.push_back({last->results[i].name, results[i]});
  return metrics;
}

Status Trainer::sequence(const std::string &name, bool &stop) {
  const Sequence &steps = state.manifest().sequences.at(name);
  std::vector<std::vector<Tensor>> values;
  for (const SequenceStep &step : steps.steps) {
    std::vector<Tensor> &outputs = values.emplace_back();
    if (step.test) {
      const TestDecl *decl = state.manifest().test(step.callee);
      if (!decl)
        return Status::run(fmt::format("there is no test `{}`", step.callee));
      auto metrics = test(*decl);
      if (!metrics)
        return metrics.status();
      for (Metric &metric : *metrics)
        outputs.push_back(std::move(metric.value));
      continue;
    }
    CallInputs inputs;
    inputs.means = meanTensors();
    for (const SequenceValue &operand : step.operands)
      inputs.ordered.push_back(values[operand.step][operand.result]);
    auto results = state.call(step.callee, inputs);
    if (!results)
      return results.status();
    const Function &function = *state.manifest().find(step.callee);
    for (size_t i = 0; i < function.results.size(); ++i) {
      if (function.results[i].role == ResultRole::Output)
        outputs.push_back((*results)[i]);
      if (function.results[i].role == ResultRole::Stop)
        stop |= (*results)[i].integer(0) != 0;
    }
  }
  return Status();
}

} // namespace dlc::driver
