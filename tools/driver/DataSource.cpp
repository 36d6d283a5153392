// What the front end asks about data.
#include "tools/driver/Data.h"

#include "ir/Ops.h"
#include "ir/eval/Evaluator.h"
#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Readers.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <fmt/format.h>

namespace dlc::driver {

using frontend::ReaderColumn;
using frontend::ReaderRequest;
using frontend::ReaderSchema;
using runtime::Result;
using runtime::Status;

namespace {

frontend::ElementType elementOf(runtime::ElementType type) {
  return *frontend::parseElementType(llvm::StringRef(runtime::nameOf(type).data(), runtime::nameOf(type).size()));
}

std::string typeOf(const ReaderColumn &column) {
  llvm::StringRef name = frontend::spelling(column.element);
  auto element = runtime::elementTypeOf(std::string_view(name.data(), name.size()));
  return element ? runtime::typeText(*element, column.rowShape) : name.str();
}

/// Whether a column of a file is what the program declares it to be, where it does.
Status checkDeclared(const ReaderRequest &request, size_t i, const ReaderColumn &found) {
  if (request.columns.empty())
    return Status();
  if (request.columns.size() != request.files.size())
    return Status::error(runtime::ErrorKind::Program,
                         fmt::format("{} columns are declared and {} files are named", request.columns.size(), request.files.size()));
  const ReaderColumn &declared = request.columns[i];
  // A size that is no number (0 here) is whatever the file says.
  bool same = declared.element == found.element && declared.rowShape.size() == found.rowShape.size();
  for (size_t axis = 0; same && axis < found.rowShape.size(); ++axis)
    same = declared.rowShape[axis] == 0 || declared.rowShape[axis] == found.rowShape[axis];
  if (same)
    return Status();
  return Status::error(runtime::ErrorKind::Program, fmt::format("a row of `{}` is declared as `{}` and is `{}` in the file",
                                                                request.files[i], typeOf(declared), typeOf(found)));
}

/// The schema of array files, one a column, from their heads.
Result<ReaderSchema> arraySchema(const ReaderRequest &request, const std::vector<std::string> &paths) {
  ReaderSchema schema;
  for (size_t i = 0; i < paths.size(); ++i) {
    DLC_ASSIGN(type, request.kind == "idx" ? runtime::readIdxType(paths[i]) : runtime::readNpyType(paths[i]));
    if (type.shape.empty())
      return Status::error(runtime::ErrorKind::Program, fmt::format("`{}` holds a single number, a table needs rows", request.files[i]));
    if (schema.rows && *schema.rows != type.shape[0])
      return Status::error(runtime::ErrorKind::Program, fmt::format("`{}` has {} rows and `{}` has {}", request.files[0],
                                                                    runtime::formatCount(*schema.rows), request.files[i],
                                                                    runtime::formatCount(type.shape[0])));
    schema.rows = type.shape[0];
    ReaderColumn column;
    column.name = paths.size() == 1 ? "" : std::to_string(i);
    column.element = elementOf(type.type);
    column.rowShape.assign(type.shape.begin() + 1, type.shape.end());
    DLC_TRY(checkDeclared(request, i, column));
    schema.columns.push_back(std::move(column));
  }
  return schema;
}

Result<ReaderSchema> textSchema(const ReaderRequest &request, const std::string &path) {
  runtime::CsvOptions options;
  options.separator = request.kind == "tsv" ? '\t' : ',';
  for (const ReaderColumn &column : request.columns) {
    llvm::StringRef name = frontend::spelling(column.element);
    options.columns.push_back({column.name, runtime::elementTypeOf(std::string_view(name.data(), name.size()))});
  }
  DLC_ASSIGN(table, runtime::readCsv(path, options));
  ReaderSchema schema;
  schema.rows = table.rows();
  for (const runtime::Column &column : table.columns())
    schema.columns.push_back({column.name, elementOf(column.values.type()), {}});
  return schema;
}

} // namespace

Result<ReaderSchema> FileDataSource::schema(const ReaderRequest &request) {
  std::vector<std::string> paths;
  for (const std::string &file : request.files) {
    auto found = runtime::findDataFile(file, path);
    if (!found && !needed)
      return ReaderSchema{std::nullopt, request.columns};
    if (!found)
      return found.status();
    paths.push_back(*found);
  }
  if (request.kind == contentKind) {
    DLC_ASSIGN(text, runtime::readWhole(paths.at(0)));
    return ReaderSchema{std::nullopt, {{llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(text))), {}, {}}}};
  }
  if (request.kind == "csv" || request.kind == "tsv")
    return textSchema(request, paths.at(0));
  return arraySchema(request, paths);
}

std::optional<ReaderSchema> FileDataSource::open(const ReaderRequest &request, std::string &error) {
  auto result = schema(request);
  if (result) {
    if (rowLimit && result->rows)
      result->rows = std::min(*result->rows, rowLimit);
    answers.emplace_back(request, *result);
    return *result;
  }
  badFile |= result.status().kind() == runtime::ErrorKind::Run;
  error = result.message();
  return std::nullopt;
}

int64_t FileDataSource::seedOf(mlir::ModuleOp module) const {
  auto own = module->getAttrOfType<mlir::IntegerAttr>("dl.seed");
  return seed ? *seed : own ? own.getInt() : 0;
}

std::optional<ir::eval::Tensor> FileDataSource::evaluate(mlir::ModuleOp module, llvm::StringRef name, std::string &error) {
  auto data = module.lookupSymbol<ir::DataOp>(name);
  auto function = data ? mlir::dyn_cast_or_null<mlir::FlatSymbolRefAttr>(data.getSource().get("function")) : nullptr;
  auto func = function ? module.lookupSymbol<ir::FuncOp>(function.getValue()) : ir::FuncOp();
  if (!func) {
    error = fmt::format("the value of `{}` comes from a file and cannot be a size", name.str());
    return std::nullopt;
  }
  llvm::SmallVector<ir::eval::Tensor> arguments;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    ir::eval::Tensor argument(mlir::cast<mlir::RankedTensorType>(func.getFunctionType().getInput(i)));
    if (auto counter = func.getArgAttrOfType<mlir::StringAttr>(i, "dl.counter")) {
      argument.setInt(0, counter.getValue() == "seed" ? seedOf(module) : 0);
    } else if (auto other = func.getArgAttrOfType<mlir::StringAttr>(i, "dl.data")) {
      auto value = evaluate(module, other.getValue(), error);
      if (!value)
        return std::nullopt;
      argument = *value;
    }
    arguments.push_back(argument);
  }
  ir::eval::Environment environment;
  auto results = ir::eval::evaluateFunction(func, arguments, environment);
  if (mlir::failed(results) || results->empty()) {
    error = fmt::format("the value of `{}` could not be computed", name.str());
    return std::nullopt;
  }
  return results->front();
}

} // namespace dlc::driver
