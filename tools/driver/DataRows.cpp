// How many rows a filter keeps: known before the program is compiled, since the sizes of batches depend on it. Tables are made here as
// they are for the run, their functions by the evaluator.
#include "tools/driver/Data.h"
#include "tools/driver/ReferenceExecutor.h"

#include "ir/Ops.h"
#include "ir/eval/Evaluator.h"
#include "runtime/Random.h"
#include "runtime/Readers.h"

#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

#include <cstring>

namespace dlc::driver {

using runtime::Column;
using runtime::Result;
using runtime::Status;
using runtime::Table;
using runtime::Tensor;

namespace {

/// `f32`, `u8`, `bool`: as the runtime spells them.
std::string elementName(mlir::Type element) {
  if (element.isInteger(1))
    return "bool";
  std::string text;
  llvm::raw_string_ostream(text) << element;
  return element.isUnsignedInteger() ? text.substr(1) : text;
}

class RowCounter {
public:
  RowCounter(mlir::ModuleOp module, const runtime::DataPath &path, int64_t seed, int64_t rowLimit)
      : module(module), path(path), seed(seed), rowLimit(rowLimit) {}

  /// The value of the function for each row.
  Result<std::vector<Tensor>> rowByRow(const Table &table, llvm::StringRef function) {
    auto func = module.lookupSymbol<ir::FuncOp>(function);
    if (!func)
      return Status::run(fmt::format("there is no function `{}`", function.str()));
    std::vector<Tensor> outputs;
    for (int64_t row = 0; row < table.rows(); ++row) {
      llvm::SmallVector<ir::eval::Tensor> arguments;
      for (unsigned i = 0; i < func.getNumArguments(); ++i) {
        auto type = mlir::cast<mlir::RankedTensorType>(func.getFunctionType().getInput(i));
        if (auto input = func.getArgAttrOfType<mlir::StringAttr>(i, "dl.input")) {
          auto column = table.find(std::string_view(input.getValue().data(), input.getValue().size()));
          if (!column)
            return Status::run(fmt::format("the table has no column `{}`", input.getValue().str()));
          DLC_ASSIGN(value, Tensor::zeros(table.columns()[*column].values.type(), table.columns()[*column].rowShape()));
          table.gather(*column, nullptr, row, 1, value.data());
          arguments.push_back(toEvaluator(value, type));
          continue;
        }
        DLC_ASSIGN(other, argument(func, i, row));
        arguments.push_back(other);
      }
      DLC_ASSIGN(results, call(func, arguments));
      for (size_t k = 0; k < results.size(); ++k) {
        if (row == 0) {
          runtime::Shape shape = results[k].shape();
          shape.insert(shape.begin(), table.rows());
          DLC_ASSIGN(output, Tensor::zeros(results[k].type(), shape));
          outputs.push_back(output);
        }
        std::memcpy(outputs[k].data() + row * static_cast<int64_t>(results[k].bytes()), results[k].data(), results[k].bytes());
      }
    }
    return outputs;
  }

  Result<Table> table(llvm::StringRef name) {
    auto known = tables.find(name.str());
    if (known != tables.end())
      return known->second;
    auto data = module.lookupSymbol<ir::DataOp>(name);
    if (!data)
      return Status::run(fmt::format("there is no data `{}`", name.str()));
    DLC_ASSIGN(made, make(data));
    tables[name.str()] = made;
    return made;
  }

private:
  Result<std::vector<Tensor>> call(ir::FuncOp func, llvm::ArrayRef<ir::eval::Tensor> arguments) {
    ir::eval::Environment environment;
    auto results = ir::eval::evaluateFunction(func, arguments, environment);
    if (mlir::failed(results))
      return Status::run(fmt::format("`{}` could not be evaluated", func.getSymName().str()));
    std::vector<Tensor> values;
    for (const ir::eval::Tensor &result : *results) {
      DLC_ASSIGN(value, toRuntime(result));
      values.push_back(value);
    }
    return values;
  }

  /// A counter, or a column of other data by its dotted name.
  Result<ir::eval::Tensor> argument(ir::FuncOp func, unsigned index, int64_t row) {
    auto type = mlir::cast<mlir::RankedTensorType>(func.getFunctionType().getInput(index));
    if (auto counter = func.getArgAttrOfType<mlir::StringAttr>(index, "dl.counter")) {
      ir::eval::Tensor value(type);
      value.setInt(0, counter.getValue() == "seed" ? seed : counter.getValue() == "row" ? row : 0);
      return value;
    }
    auto path = func.getArgAttrOfType<mlir::StringAttr>(index, "dl.data");
    if (!path)
      return Status::run(fmt::format("`{}` needs a value that data cannot have", func.getSymName().str()));
    llvm::StringRef name = path.getValue();
    for (size_t end = name.size(); end != llvm::StringRef::npos; end = name.rfind('.', end)) {
      auto data = module.lookupSymbol<ir::DataOp>(name.take_front(end));
      if (!data)
        continue;
      if (type.getRank() == 0) {
        auto source = mlir::cast<mlir::FlatSymbolRefAttr>(data.getSource().get("function"));
        auto computed = module.lookupSymbol<ir::FuncOp>(source.getValue());
        DLC_ASSIGN(results, compute(computed));
        return toEvaluator(results.at(0), type);
      }
      DLC_ASSIGN(whole, table(name.take_front(end)));
      llvm::StringRef columnName = name.drop_front(std::min(end + 1, name.size()));
      auto column = whole.find(std::string_view(columnName.data(), columnName.size()));
      if (!column)
        break;
      DLC_ASSIGN(values, whole.whole(*column));
      return toEvaluator(values, type);
    }
    return Status::run(fmt::format("there is no data `{}`", name.str()));
  }

  Result<std::vector<Tensor>> compute(ir::FuncOp func) {
    llvm::SmallVector<ir::eval::Tensor> arguments;
    for (unsigned i = 0; i < func.getNumArguments(); ++i) {
      DLC_ASSIGN(value, argument(func, i, 0));
      arguments.push_back(value);
    }
    return call(func, arguments);
  }

  Result<Table> make(ir::DataOp data) {
    auto text = [&](llvm::StringRef key) {
      auto value = mlir::dyn_cast_or_null<mlir::StringAttr>(data.getSource().get(key));
      return value ? value.getValue().str() : std::string();
    };
    auto symbol = [&](mlir::Attribute value) { return mlir::cast<mlir::FlatSymbolRefAttr>(value).getValue(); };
    auto names = [&](std::vector<Tensor> values) {
      std::vector<Column> columns;
      for (size_t i = 0; i < values.size(); ++i)
        columns.push_back({i < data.getColumns().size() ? mlir::cast<mlir::StringAttr>(data.getColumns()[i]).str() : "", values[i], nullptr});
      return Table::make(std::move(columns));
    };
    std::string kind = text("kind");
    if (kind == "compute") {
      DLC_ASSIGN(results, compute(module.lookupSymbol<ir::FuncOp>(symbol(data.getSource().get("function")))));
      return names(std::move(results));
    }
    if (data.getSource().get("files"))
      return read(data, kind);
    if (kind == "zip") {
      std::vector<Tensor> values;
      auto take = mlir::dyn_cast_or_null<mlir::ArrayAttr>(data.getSource().get("take"));
      for (auto [place, part] : llvm::enumerate(mlir::cast<mlir::ArrayAttr>(data.getSource().get("of")))) {
        DLC_ASSIGN(other, table(symbol(part)));
        if (take) {
          auto found = other.find(mlir::cast<mlir::StringAttr>(take[place]).str());
          if (!found)
            return Status::run(fmt::format("`{}` has no column `{}`", symbol(part).str(), mlir::cast<mlir::StringAttr>(take[place]).str()));
          DLC_ASSIGN(column, other.whole(*found));
          values.push_back(column);
          continue;
        }
        for (size_t i = 0; i < other.columns().size(); ++i) {
          DLC_ASSIGN(column, other.whole(i));
          values.push_back(column);
        }
      }
      return names(std::move(values));
    }
    DLC_ASSIGN(source, table(symbol(data.getSource().get("of"))));
    if (kind == "split") {
      std::vector<double> fractions;
      for (mlir::Attribute part : mlir::cast<mlir::ArrayAttr>(data.getSource().get("parts")))
        fractions.push_back(mlir::cast<mlir::FloatAttr>(part).getValueAsDouble());
      std::optional<uint64_t> key;
      if (mlir::cast<mlir::BoolAttr>(data.getSource().get("shuffle")).getValue())
        key = runtime::mix(static_cast<uint64_t>(seed), static_cast<uint64_t>(mlir::cast<mlir::IntegerAttr>(data.getSource().get("site")).getInt()));
      DLC_ASSIGN(parts, source.split(fractions, key));
      return parts.at(static_cast<size_t>(mlir::cast<mlir::IntegerAttr>(data.getSource().get("part")).getInt()));
    }
    DLC_ASSIGN(values, rowByRow(source, symbol(data.getSource().get("function"))));
    if (kind == "filter")
      return source.filter(values.at(0));
    return names(std::move(values));
  }

  Result<Table> read(ir::DataOp data, const std::string &kind) {
    std::vector<std::string> files;
    for (mlir::Attribute file : mlir::cast<mlir::ArrayAttr>(data.getSource().get("files"))) {
      DLC_ASSIGN(found, runtime::findDataFile(mlir::cast<mlir::StringAttr>(file).str(), path));
      files.push_back(found);
    }
    Table table;
    if (kind == "csv" || kind == "tsv") {
      runtime::CsvOptions options;
      options.separator = kind == "tsv" ? '\t' : ',';
      for (auto [column, type] : llvm::zip(data.getColumns(), data.getTypes())) {
        auto element = mlir::cast<mlir::RankedTensorType>(mlir::cast<mlir::TypeAttr>(type).getValue()).getElementType();
        options.columns.push_back({mlir::cast<mlir::StringAttr>(column).str(), runtime::elementTypeOf(elementName(element))});
      }
      DLC_ASSIGN(rows, runtime::readCsv(files.at(0), options));
      table = rows;
    } else {
      std::vector<Column> columns;
      for (size_t i = 0; i < files.size(); ++i) {
        DLC_ASSIGN(values, kind == "idx" ? runtime::readIdx(files[i]) : runtime::readNpy(files[i]));
        columns.push_back({mlir::cast<mlir::StringAttr>(data.getColumns()[i]).str(), values, nullptr});
      }
      DLC_ASSIGN(rows, Table::make(std::move(columns)));
      table = rows;
    }
    return rowLimit && table.rows() > rowLimit ? table.slice(0, rowLimit) : table;
  }

  mlir::ModuleOp module;
  const runtime::DataPath &path;
  int64_t seed, rowLimit;
  std::map<std::string, Table> tables;
};

} // namespace

std::optional<int64_t> FileDataSource::countRows(mlir::ModuleOp module, llvm::StringRef name, llvm::StringRef predicate, std::string &error) {
  // Where a file is absent and need not be there, no count is known.
  std::vector<std::string> files;
  for (const auto &[request, schema] : answers)
    for (const std::string &file : request.files) {
      if (!runtime::findDataFile(file, path) && !needed)
        return std::nullopt;
      files.push_back(file);
    }
  RowCounter counter(module, path, seedOf(module), rowLimit);
  auto count = [&]() -> Result<int64_t> {
    DLC_ASSIGN(table, counter.table(name));
    DLC_ASSIGN(keep, counter.rowByRow(table, predicate));
    if (keep.empty()) // no rows
      return int64_t{0};
    DLC_ASSIGN(kept, table.filter(keep.at(0)));
    return kept.rows();
  }();
  if (!count) {
    error = count.message();
    return std::nullopt;
  }
  keptNone |= rowLimit && *count == 0;
  // A program compiled with this count is good as long as the files hold the same.
  for (const std::string &file : files) {
    std::string ignored;
    if (!open({contentKind, {file}, {}}, ignored))
      break;
  }
  return *count;
}

} // namespace dlc::driver
