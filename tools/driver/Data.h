// Data of a program: answers to the front end before compiling, tables for the run after it.
#ifndef DLC_TOOLS_DRIVER_DATA_H
#define DLC_TOOLS_DRIVER_DATA_H

#include "tools/driver/RunState.h"

#include "frontend/DataSource.h"
#include "runtime/Activity.h"
#include "runtime/DataFiles.h"

namespace dlc::driver {

/// Reads heads of files for the front end. Where `needed` is false, missing files have unknown rows.
class FileDataSource : public frontend::DataSource {
public:
  /// Of each file at most `rowLimit` rows are used, if it is not 0.
  FileDataSource(runtime::DataPath path, bool needed, std::optional<int64_t> seed, int64_t rowLimit = 0)
      : path(std::move(path)), needed(needed), seed(seed), rowLimit(rowLimit) {}

  std::optional<frontend::ReaderSchema> open(const frontend::ReaderRequest &request, std::string &error) override;
  std::optional<ir::eval::Tensor> evaluate(mlir::ModuleOp module, llvm::StringRef name, std::string &error) override;
  std::optional<int64_t> countRows(mlir::ModuleOp module, llvm::StringRef table, llvm::StringRef predicate, std::string &error) override;

  /// Every question that was answered.
  std::vector<std::pair<frontend::ReaderRequest, frontend::ReaderSchema>> answers;
  /// Whether a question failed because of a file, not of what the program says about it.
  bool badFile = false;
  /// Whether a filter kept none of the rows that the limit leaves.
  bool keptNone = false;

private:
  runtime::Result<frontend::ReaderSchema> schema(const frontend::ReaderRequest &request);
  /// `--seed`, else the program's `const seed`, else 0.
  int64_t seedOf(mlir::ModuleOp module) const;
  runtime::DataPath path;
  bool needed;
  /// The kind of a question for the contents of files: the answer names their hash.
  static constexpr const char *contentKind = "content";
  std::optional<int64_t> seed;
  int64_t rowLimit;
};

/// Makes the tables of all data of the program, in order: reads files, runs `@data.NAME`, splits, maps. `activity` is told of each.
runtime::Status loadData(RunState &state, const runtime::DataPath &path, int64_t rowLimit = 0, runtime::Activity *activity = nullptr);

} // namespace dlc::driver

#endif
