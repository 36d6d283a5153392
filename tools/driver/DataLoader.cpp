// Tables for the run.
#include "tools/driver/Data.h"

#include "runtime/Format.h"
#include "runtime/Random.h"
#include "runtime/Readers.h"

#include <fmt/format.h>

#include <cstring>
#include <functional>

namespace dlc::driver {

using runtime::Column;
using runtime::Result;
using runtime::Status;
using runtime::Table;
using runtime::Tensor;

namespace {

class Loader {
public:
  Loader(RunState &state, const runtime::DataPath &path, int64_t rowLimit, runtime::Activity &activity)
      : state(state), path(path), rowLimit(rowLimit), activity(activity) {}

  Result<Table> load(const DataDecl &data) {
    activity.begin(fmt::format("{} data {}", data.files.empty() ? "making" : "reading", runtime::inBackticks(data.name)));
    if (data.kind == "idx" || data.kind == "npy")
      return limited(arrays(data));
    if (data.kind == "csv" || data.kind == "tsv")
      return limited(text(data));
    if (data.kind == "compute")
      return computed(data);
    if (data.kind == "split")
      return split(data);
    if (data.kind == "zip")
      return zip(data);
    if (data.kind == "map" || data.kind == "filter")
      return mapped(data);
    return Status::run(fmt::format("data of kind `{}` is not known", data.kind));
  }

private:
  Result<Table> source(const DataDecl &data, size_t index) {
    auto it = index < data.of.size() ? state.tables.find(data.of[index]) : state.tables.end();
    if (it == state.tables.end())
      return Status::run(fmt::format("`{}` is made of data that is not there", data.name));
    return it->second;
  }

  Result<Table> limited(Result<Table> table) {
    if (table && rowLimit && table->rows() > rowLimit)
      return table->slice(0, rowLimit);
    return table;
  }

  Result<Table> arrays(const DataDecl &data) {
    std::vector<Column> columns;
    for (size_t i = 0; i < data.files.size(); ++i) {
      DLC_ASSIGN(file, runtime::findDataFile(data.files[i], path));
      DLC_ASSIGN(values, data.kind == "idx" ? runtime::readIdx(file) : runtime::readNpy(file));
      columns.push_back({i < data.columns.size() ? data.columns[i] : "", values, nullptr});
    }
    return Table::make(std::move(columns));
  }

  Result<Table> text(const DataDecl &data) {
    DLC_ASSIGN(file, runtime::findDataFile(data.files.at(0), path));
    runtime::CsvOptions options;
    options.separator = data.kind == "tsv" ? '\t' : ',';
    for (size_t i = 0; i < data.columns.size(); ++i)
      options.columns.push_back({data.columns[i], data.types[i].element});
    return runtime::readCsv(file, options);
  }

  /// A tensor without axes is a table of one row that only `dl.data` arguments read.
  Result<Table> computed(const DataDecl &data) {
    DLC_ASSIGN(results, state.call(data.function));
    std::vector<Column> columns;
    for (size_t i = 0; i < results.size(); ++i)
      columns.push_back({i < data.columns.size() ? data.columns[i] : "", results[i], nullptr});
    if (columns.size() == 1 && columns[0].values.rank() == 0) {
      state.setScalar(data.name, columns[0].values);
      return Table();
    }
    return Table::make(std::move(columns));
  }

  Result<Table> split(const DataDecl &data) {
    DLC_ASSIGN(table, source(data, 0));
    std::optional<uint64_t> key;
    if (data.shuffle)
      key = runtime::mix(static_cast<uint64_t>(state.counter("seed")), static_cast<uint64_t>(data.site));
    DLC_ASSIGN(parts, table.split(data.parts, key));
    if (static_cast<size_t>(data.part) >= parts.size())
      return Status::run(fmt::format("`{}` has no part {}", data.name, data.part));
    return parts[data.part];
  }

  Result<Table> zip(const DataDecl &data) {
    if (!data.take.empty())
      return columnsOf(data);
    DLC_ASSIGN(table, source(data, 0));
    for (size_t i = 1; i < data.of.size(); ++i) {
      DLC_ASSIGN(other, source(data, i));
      DLC_ASSIGN(both, table.zip(other));
      table = both;
    }
    std::vector<Column> columns = table.columns();
    for (size_t i = 0; i < columns.size() && i < data.columns.size(); ++i)
      columns[i].name = data.columns[i];
    return Table::make(std::move(columns));
  }

  /// Single columns of tables, side by side; no value is copied.
  Result<Table> columnsOf(const DataDecl &data) {
    std::vector<Column> columns;
    for (size_t i = 0; i < data.take.size(); ++i) {
      DLC_ASSIGN(table, source(data, i));
      auto found = table.find(data.take[i]);
      if (!found)
        return Status::run(fmt::format("`{}` has no column `{}`", data.of[i], data.take[i]));
      columns.push_back(table.columns()[*found]);
      columns.back().name = i < data.columns.size() ? data.columns[i] : "";
    }
    return Table::make(std::move(columns));
  }

  /// Runs the function once for each row.
  Result<Table> mapped(const DataDecl &data) {
    DLC_ASSIGN(table, source(data, 0));
    const Function *function = state.manifest().find(data.function);
    if (!function)
      return Status::run(fmt::format("there is no function `{}`", data.function));
    CallInputs row;
    for (const Column &column : table.columns()) {
      DLC_ASSIGN(staged, Tensor::zeros(column.values.type(), column.rowShape()));
      row.inputs[column.name] = staged;
    }
    DLC_ASSIGN(call, state.prepare(*function, row));
    std::vector<Tensor> outputs;
    for (const Tensor &result : call.results) {
      runtime::Shape shape = result.shape();
      shape.insert(shape.begin(), table.rows());
      DLC_ASSIGN(output, Tensor::zeros(result.type(), shape));
      outputs.push_back(output);
    }
    for (int64_t i = 0; i < table.rows(); ++i) {
      state.setCounter("row", i);
      activity.reached(i, table.rows());
      for (size_t k = 0; k < table.columns().size(); ++k)
        table.gather(k, nullptr, i, 1, row.inputs.at(table.columns()[k].name).data());
      if (call.bound)
        DLC_TRY(call.bound->run());
      for (size_t k = 0; k < outputs.size(); ++k)
        std::memcpy(outputs[k].data() + i * call.results[k].bytes(), call.results[k].data(), call.results[k].bytes());
    }
    state.setCounter("row", 0);
    if (data.kind == "filter") {
      DLC_ASSIGN(kept, outputs.empty() ? Result<Table>(table) : table.filter(outputs.at(0)));
      int64_t expected = data.types.empty() || data.types[0].shape.empty() ? -1 : data.types[0].shape[0];
      if (expected >= 0 && kept.rows() != expected)
        return Status::run(fmt::format("`{}` has {} rows, the program was compiled for {}", data.name, runtime::formatCount(kept.rows()),
                                       runtime::formatCount(expected)));
      return kept;
    }
    std::vector<Column> columns;
    for (size_t k = 0; k < outputs.size(); ++k)
      columns.push_back({k < data.columns.size() ? data.columns[k] : "", outputs[k], nullptr});
    return Table::make(std::move(columns));
  }

  RunState &state;
  const runtime::DataPath &path;
  int64_t rowLimit;
  runtime::Activity &activity;
};

} // namespace

Status loadData(RunState &state, const runtime::DataPath &path, int64_t rowLimit, runtime::Activity *activity) {
  runtime::Activity untold(nullptr);
  Loader loader(state, path, rowLimit, activity ? *activity : untold);
  for (const DataDecl &data : state.manifest().data) {
    auto table = loader.load(data);
    if (!table)
      return table.status();
    if (!table->columns().empty())
      state.tables[data.name] = *table;
  }
  return Status();
}

} // namespace dlc::driver
