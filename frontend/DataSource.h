// What the front end asks about data. The driver answers: it finds files, reads their heads, and evaluates.
#pragma once

#include "frontend/elab/Shape.h"
#include "ir/eval/Tensor.h"

#include "mlir/IR/BuiltinOps.h"

#include <optional>
#include <string>
#include <vector>

namespace dlc::frontend {

struct ReaderColumn {
  std::string name;
  ElementType element = ElementType::F32;
  /// Of one row.
  std::vector<int64_t> rowShape;
};

struct ReaderRequest {
  /// `idx csv tsv npy`
  std::string kind;
  /// As written in the program; the driver looks for them beside it and in its data folder. One for each column of `idx`.
  std::vector<std::string> files;
  /// What the type of the declaration says; empty: take it from the file.
  std::vector<ReaderColumn> columns;
};

struct ReaderSchema {
  /// Nothing where the files are absent and need not be there (`dlc check`).
  std::optional<int64_t> rows;
  /// Empty where the files are absent and nothing is declared.
  std::vector<ReaderColumn> columns;
};

class DataSource {
public:
  virtual ~DataSource();
  /// Looks at the head of the files. Nothing, and the reason in `error`, if a file is wrong or has not the declared columns.
  virtual std::optional<ReaderSchema> open(const ReaderRequest &request, std::string &error) = 0;
  /// The value of the single column of `dl.data @name`, an integer needed as a size; `module` has all data that it depends on.
  virtual std::optional<ir::eval::Tensor> evaluate(mlir::ModuleOp module, llvm::StringRef name,
                                                   std::string &error) = 0;
  /// How many rows of `dl.data @table` the function `@predicate` of one row keeps. Nothing where the files are absent and need not be
  /// there (`error` stays empty), or where they cannot be read.
  virtual std::optional<int64_t> countRows(mlir::ModuleOp module, llvm::StringRef table, llvm::StringRef predicate,
                                           std::string &error);
};

} // namespace dlc::frontend
