// Tables: rows of named columns, lazily chosen and ordered, gathered batch by batch.
#pragma once

#include "runtime/Random.h"
#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dlc::runtime {

/// One column: row i of the table is row `index[i]` of `values` (row i without an index).
struct Column {
  std::string name; ///< empty in a table of unnamed columns
  Tensor values;
  std::shared_ptr<const std::vector<int64_t>> index;

  int64_t rows() const { return index ? static_cast<int64_t>(index->size()) : values.rows(); }
  /// The shape of one row.
  Shape rowShape() const { return {values.shape().begin() + 1, values.shape().end()}; }
};

/// Rows of a record. Cheap to copy: columns are shared, choosing rows copies no value.
class Table {
public:
  Table() = default;
  /// A failure when a column has no axis, or two differ in their number of rows.
  static Result<Table> make(std::vector<Column> columns);

  const std::vector<Column> &columns() const { return cols; }
  int64_t rows() const { return count; }
  /// The place of the column, or nothing.
  std::optional<size_t> find(std::string_view name) const;

  /// The given rows in the given order; each must be in 0 … rows() − 1.
  Table select(const std::vector<int64_t> &rows) const;
  /// Rows `begin` to `end` (not included).
  Table slice(int64_t begin, int64_t end) const;
  /// The rows where `keep` (bool[rows]) is true, in order.
  Result<Table> filter(const Tensor &keep) const;
  /// Parts of the rows by `fractions` (each ≥ 0, their sum at most 1, a rounding error aside),
  /// drawn by `key`, or in order without one. Every row is in at most one part; with a sum of 1 in
  /// exactly one (`docs/random.md`).
  Result<std::vector<Table>> split(const std::vector<double> &fractions,
                                   std::optional<uint64_t> key) const;
  /// The columns of this table and then of the other, which has as many rows.
  Result<Table> zip(const Table &other) const;

  /// Copies `count` rows of column `column` to `out`: the rows `places[0 … count − 1]`, or from
  /// `first` on without places.
  void gather(size_t column, const int64_t *places, int64_t first, int64_t count, void *out) const;
  /// A whole column in the order of the table; no copy where it has no index.
  Result<Tensor> whole(size_t column) const;
  /// A number that tables of other values, shapes or names hardly share. Of a column of more than 4 MiB, rows that are evenly
  /// spread and make up as much are looked at.
  uint64_t fingerprint() const;

private:
  std::vector<Column> cols;
  int64_t count = 0;
};

/// The batches of a table, epoch by epoch: batch b of an epoch is its rows b·size … in the epoch's
/// order.
class Batches {
public:
  struct Options {
    int64_t size =
        0; ///< rows of a batch; 0 or more than the table has: the whole table, never shuffled
    bool keepRemainder = true; ///< whether the smaller last batch is used
    /// The block's key `mix(seed, site(NAME + ":shuffle"))`; without one the rows come in order.
    std::optional<uint64_t> shuffleKey;
  };
  Batches(Table table, Options options);

  const Table &table() const { return source; }
  int64_t perEpoch() const { return batches; }      ///< batches of an epoch
  int64_t fullSize() const { return options.size; } ///< rows of every batch but the last
  /// Rows of the smaller last batch, 0 when there is none.
  int64_t remainder() const { return rest; }
  /// Rows of batch `batch` (from 0) of an epoch.
  int64_t sizeOf(int64_t batch) const { return batch + 1 == batches && rest ? rest : options.size; }

  /// Copies batch `batch` (from 0) of epoch `epoch` (from 1) to `staged`, one dense buffer a
  /// column, each with room for `sizeOf(batch)` rows. Returns that size.
  int64_t stage(int64_t epoch, int64_t batch, void *const *staged);
  /// The table's rows that batch `batch` of epoch `epoch` consists of.
  void rowsOf(int64_t epoch, int64_t batch, std::vector<int64_t> &rows) const;

private:
  Table source;
  Options options;
  int64_t batches = 0, rest = 0;
  std::vector<int64_t> places; // of the batch being staged
};

} // namespace dlc::runtime
