// Readers of array and table files. Every error names the file and, in text, the row and the
// column. What a file claims is checked before memory is asked for.
#pragma once

#include "runtime/Status.h"
#include "runtime/Table.h"
#include "runtime/Tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace dlc::runtime {

/// Element type and shape of an array file, from its header alone.
struct ArrayType {
  ElementType type;
  Shape shape;
};

/// An IDX file: two zero bytes, a byte for the element type (08 u8, 09 i8, 0B i16, 0C i32, 0D f32,
/// 0E f64), a byte for the rank, the sizes and the elements, big-endian. The file must end where
/// the elements end.
Result<Tensor> readIdx(const std::string &path);
Result<ArrayType> readIdxType(const std::string &path);

/// A NumPy array file, versions 1 to 3, of bool, signed and unsigned integers and floats of either
/// byte order, also in Fortran order. u16 and u32 become i32 and i64; other types are refused by
/// name.
Result<Tensor> readNpy(const std::string &path);
Result<ArrayType> readNpyType(const std::string &path);
/// Version 1, C order. `bf16`, which the format lacks, is written as f32.
Status writeNpy(const std::string &path, const Tensor &tensor);

/// One column of a text table.
struct ColumnType {
  std::string name;
  /// Nothing for text (`str`).
  std::optional<ElementType> type;
  /// Of text: the first field that is no number, and where it stands (`row 3`, from 1 after the header).
  std::string example = {};
};

struct CsvOptions {
  char separator = ','; ///< '\t' for TSV
  /// The columns to read, by name and in this order; others of the file are left out. Empty: all,
  /// with inferred types.
  std::vector<ColumnType> columns;
};

/// Names from the first row, and types from all others: i64 where every field is a whole number,
/// else f32 where every one is a number or none is there, else bool where every one is `true` or
/// `false`, else text.
Result<std::vector<ColumnType>> readCsvTypes(const std::string &path, char separator = ',');

/// A table with one column of rank 1 for each column of text. Fields may be quoted (`""` is a
/// quote; separators and line ends are allowed inside), lines end in LF or CRLF, a byte order mark
/// is skipped, and so are empty lines. Failures: no header, a name twice, a column that is missing,
/// rows with too few or too many fields, an empty or non-numeric field, a number that the column's
/// type does not hold, an open quote, a NUL byte. Columns of text are refused.
Result<Table> readCsv(const std::string &path, const CsvOptions &options = {});

/// Writes rows of numbers: axis 0 of each column (rank 1, or rank 2 with names like `name.0`), a
/// header line, LF.
Status writeCsv(const std::string &path, const std::vector<Column> &columns, char separator = ',');

/// Writes an image of shape [height, width], [height, width, 1], [height, width, 3] or, with alpha,
/// [height, width, 4]: u8 as it is, floats clamped to 0 … 1 and rounded to 0 … 255 (NaN is 0), bool
/// as 0 and 255.
Status writePng(const std::string &path, const Tensor &image);

} // namespace dlc::runtime
