#include "tools/driver/TestRunner.h"

#include "runtime/Signals.h"

#include <fmt/format.h>

#include <cstring>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Table;
using runtime::Tensor;

Result<std::vector<Metric>> TestRunner::run(bool cut) {
  mayBeCut = cut;
  const Function *last = state.manifest().find(test.metrics.empty() ? test.body : test.metrics);
  if (!last || !state.manifest().find(test.body))
    return Status::run(fmt::format("the test `{}` has no body", test.name));
  if (!test.table.empty()) {
    if (!state.tables.count(test.table))
      return Status::run(fmt::format("there is no table `{}`", test.table));
    DLC_TRY(test.metrics.empty() ? wholeColumns() : batches());
  }
  DLC_ASSIGN(results, state.call(last->name, whole));
  std::vector<Metric> metrics;
  for (size_t i = 0; i < last->results.size(); ++i)
    if (last->results[i].role == ResultRole::Report)
      metrics.push_back({last->results[i].name, results[i]});
  return metrics;
}

/// A test that is not cut into batches reads every column at once.
Status TestRunner::wholeColumns() {
  for (const runtime::Column &column : state.tables.at(test.table).columns()) {
    DLC_ASSIGN(values, state.column(test.table + (column.name.empty() ? "" : "." + column.name)));
    whole.inputs[column.name] = values;
  }
  return Status();
}

Status TestRunner::batches() {
  runtime::Batches::Options how;
  how.size = test.batch;
  runtime::Batches batches(state.tables.at(test.table), how);
  int64_t first = 0;
  for (int64_t batch = 0; batch < batches.perEpoch(); ++batch) {
    if (mayBeCut && runtime::interrupted())
      return Status::run(fmt::format("the test `{}` was interrupted", test.name));
    int64_t size = batches.sizeOf(batch);
    DLC_ASSIGN(step, stepFor(size, size != batches.fullSize()));
    state.setCounter("row", first);
    batches.stage(1, batch, step->staged.data());
    DLC_TRY(step->call.bound->run());
    DLC_TRY(gather(*step, first, size));
    first += size;
  }
  return Status();
}

Result<BoundStep *> TestRunner::stepFor(int64_t rows, bool isTail) {
  std::optional<BoundStep> &step = isTail ? tail : full;
  if (!step) {
    DLC_ASSIGN(bound, bindStep(state, isTail ? test.tail : test.body, test.table, rows));
    step = std::move(bound);
  }
  return &*step;
}

Status TestRunner::gather(const BoundStep &step, int64_t first, int64_t size) {
  for (size_t i = 0; i < step.function->results.size(); ++i) {
    const Outcome &outcome = step.function->results[i];
    if (outcome.role == ResultRole::Rows) {
      DLC_TRY(keepRows(outcome.name, step.call.results[i], first, size));
    } else if (outcome.role == ResultRole::Sum) {
      DLC_TRY(addSum(outcome.name, step.call.results[i]));
    }
  }
  return Status();
}

/// Puts the rows of a batch that begins at row `first` of the table where they belong among those of all.
Status TestRunner::keepRows(const std::string &name, const Tensor &part, int64_t first, int64_t size) {
  int64_t each = part.rows() / size; // rows of the result for one of the table
  Tensor &all = whole.rows[name];
  if (!all.data()) {
    runtime::Shape shape = part.shape();
    shape[0] = state.tables.at(test.table).rows() * each;
    DLC_ASSIGN(made, Tensor::zeros(part.type(), shape));
    all = made;
  }
  std::memcpy(all.data() + part.rowBytes() * static_cast<size_t>(first * each), part.data(), part.bytes());
  return Status();
}

Status TestRunner::addSum(const std::string &name, const Tensor &part) {
  Tensor &sum = whole.sums[name];
  if (!sum.data()) {
    DLC_ASSIGN(copy, part.clone());
    sum = copy;
    return Status();
  }
  for (int64_t k = 0; k < sum.count(); ++k)
    sum.setNumber(k, sum.number(k) + part.number(k));
  return Status();
}

} // namespace dlc::driver
