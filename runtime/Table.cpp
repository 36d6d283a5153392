#include "runtime/Table.h"

#include "runtime/Format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace dlc::runtime {

namespace {

using Index = std::shared_ptr<const std::vector<int64_t>>;

/// Copies rows of a fixed size, for which the compiler makes single moves.
template <size_t bytes>
void gatherFixed(const std::byte *values, const int64_t *rows, int64_t count, std::byte *out) {
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(out + i * bytes, values + static_cast<size_t>(rows[i]) * bytes, bytes);
}

void gatherRows(const std::byte *values, size_t bytes, const int64_t *rows, int64_t count,
                std::byte *out) {
  switch (bytes) {
  case 1:
    return gatherFixed<1>(values, rows, count, out);
  case 2:
    return gatherFixed<2>(values, rows, count, out);
  case 4:
    return gatherFixed<4>(values, rows, count, out);
  case 8:
    return gatherFixed<8>(values, rows, count, out);
  default:
    for (int64_t i = 0; i < count; ++i)
      std::memcpy(out + static_cast<size_t>(i) * bytes,
                  values + static_cast<size_t>(rows[i]) * bytes, bytes);
  }
}

} // namespace

Result<Table> Table::make(std::vector<Column> columns) {
  Table table;
  for (size_t i = 0; i < columns.size(); ++i) {
    const Column &column = columns[i];
    auto label = [&](size_t place) {
      const std::string &name = columns[place].name;
      return name.empty() ? fmt::format("column {}", place) : fmt::format("column `{}`", name);
    };
    if (column.values.rank() == 0)
      return Status::error(ErrorKind::Program,
                           label(i) + " of a table is a single number, it has no rows");
    if (i > 0 && column.rows() != table.count)
      return Status::error(ErrorKind::Program,
                           fmt::format("{} has {} rows, {} has {}", label(0), formatCount(table.count),
                                       label(i), formatCount(column.rows())));
    table.count = column.rows();
  }
  table.cols = std::move(columns);
  return table;
}

std::optional<size_t> Table::find(std::string_view name) const {
  for (size_t i = 0; i < cols.size(); ++i)
    if (cols[i].name == name)
      return i;
  return std::nullopt;
}

Table Table::select(const std::vector<int64_t> &rows) const {
  Table result = *this;
  result.count = static_cast<int64_t>(rows.size());
  // Columns that shared an index share the new one too.
  std::unordered_map<const void *, Index> made;
  for (Column &column : result.cols) {
    Index &index = made[column.index.get()];
    if (!index) {
      auto chosen = std::make_shared<std::vector<int64_t>>(rows);
      if (column.index)
        for (int64_t &row : *chosen)
          row = (*column.index)[static_cast<size_t>(row)];
      index = std::move(chosen);
    }
    column.index = index;
  }
  return result;
}

Table Table::slice(int64_t begin, int64_t end) const {
  Table result = *this;
  result.count = end - begin;
  std::unordered_map<const void *, Index> made;
  for (Column &column : result.cols) {
    if (!column.index) {
      column.values = column.values.slice(begin, end);
      continue;
    }
    Index &index = made[column.index.get()];
    if (!index)
      index = std::make_shared<std::vector<int64_t>>(column.index->begin() + begin,
                                                     column.index->begin() + end);
    column.index = index;
  }
  return result;
}

Result<Table> Table::filter(const Tensor &keep) const {
  if (keep.type() != ElementType::Bool || keep.shape() != Shape{count})
    return Status::error(ErrorKind::Program,
                         fmt::format("`filter` of {} rows needs `bool[{}]`, it has `{}`", count,
                                     count, typeText(keep.type(), keep.shape())));
  std::vector<int64_t> rows;
  auto flags = keep.as<uint8_t>();
  for (int64_t row = 0; row < count; ++row)
    if (flags[static_cast<size_t>(row)])
      rows.push_back(row);
  return select(rows);
}

Result<std::vector<Table>> Table::split(const std::vector<double> &fractions,
                                        std::optional<uint64_t> key) const {
  std::vector<int64_t> ends;
  double sum = 0;
  for (double fraction : fractions) {
    if (!(fraction >= 0))
      return Status::error(ErrorKind::Program,
                           fmt::format("a part of `split` is {}, it must be 0 or more", fraction));
    sum += fraction;
    ends.push_back(
        std::min(static_cast<int64_t>(std::floor(sum * static_cast<double>(count) + 0.5)), count));
  }
  if (!(sum <= 1 + 1e-6))
    return Status::error(ErrorKind::Program,
                         fmt::format("the parts of `split` add up to {}, more than 1", sum));
  Table ordered = *this;
  if (key) {
    std::vector<int64_t> rows(static_cast<size_t>(count));
    if (count > 0)
      Permutation(*key, static_cast<uint64_t>(count)).fill(0, count, rows.data());
    ordered = select(rows);
  }
  std::vector<Table> parts;
  int64_t begin = 0;
  for (int64_t end : ends) {
    parts.push_back(ordered.slice(begin, end));
    begin = end;
  }
  return parts;
}

Result<Table> Table::zip(const Table &other) const {
  if (other.count != count)
    return Status::error(ErrorKind::Program,
                         fmt::format("`zip` of tables with {} and {} rows", formatCount(count), formatCount(other.count)));
  Table result = *this;
  result.cols.insert(result.cols.end(), other.cols.begin(), other.cols.end());
  return result;
}

void Table::gather(size_t number, const int64_t *places, int64_t first, int64_t amount,
                   void *out) const {
  const Column &column = cols[number];
  size_t bytes = column.values.rowBytes();
  auto *to = static_cast<std::byte *>(out);
  const std::byte *values = column.values.data();
  if (amount <= 0 || bytes == 0)
    return;
  if (!places && !column.index) {
    std::memcpy(to, values + static_cast<size_t>(first) * bytes,
                static_cast<size_t>(amount) * bytes);
  } else if (!places) {
    gatherRows(values, bytes, column.index->data() + first, amount, to);
  } else if (!column.index) {
    gatherRows(values, bytes, places, amount, to);
  } else {
    constexpr int64_t chunk = 256;
    int64_t rows[chunk];
    for (int64_t begin = 0; begin < amount; begin += chunk) {
      int64_t now = std::min(chunk, amount - begin);
      for (int64_t i = 0; i < now; ++i)
        rows[i] = (*column.index)[static_cast<size_t>(places[begin + i])];
      gatherRows(values, bytes, rows, now, to + static_cast<size_t>(begin) * bytes);
    }
  }
}

uint64_t Table::fingerprint() const {
  constexpr int64_t mostBytes = 4 << 20;
  uint64_t key = static_cast<uint64_t>(count);
  for (size_t i = 0; i < cols.size(); ++i) {
    for (char letter : cols[i].name)
      key = fold(key, static_cast<unsigned char>(letter));
    key = fold(key, static_cast<uint64_t>(cols[i].values.type()));
    for (int64_t size : cols[i].rowShape())
      key = fold(key, static_cast<uint64_t>(size));
    size_t bytes = cols[i].values.rowBytes();
    int64_t rows = std::min(count, std::max<int64_t>(mostBytes / static_cast<int64_t>(std::max<size_t>(bytes, 1)), 1));
    std::vector<uint64_t> row((bytes + 7) / 8);
    for (int64_t k = 0; k < rows; ++k) {
      gather(i, nullptr, k * (count / rows), 1, row.data());
      for (uint64_t word : row)
        key = fold(key, word);
    }
  }
  return key;
}

Result<Tensor> Table::whole(size_t number) const {
  const Column &column = cols[number];
  if (!column.index)
    return column.values;
  Shape shape = column.values.shape();
  shape[0] = count;
  auto result = Tensor::zeros(column.values.type(), std::move(shape));
  if (result)
    gather(number, nullptr, 0, count, result->data());
  return result;
}

Batches::Batches(Table table, Options given) : source(std::move(table)), options(given) {
  int64_t rows = source.rows();
  // A step that gets the whole table sees it in order, as the program wrote it.
  if (options.size <= 0 || options.size >= rows) {
    options.size = rows;
    options.shuffleKey.reset();
  }
  if (rows == 0)
    return;
  batches = rows / options.size;
  rest = options.keepRemainder ? rows % options.size : 0;
  batches += rest != 0;
}

void Batches::rowsOf(int64_t epoch, int64_t batch, std::vector<int64_t> &rows) const {
  int64_t first = batch * options.size, count = sizeOf(batch);
  rows.resize(static_cast<size_t>(count));
  if (options.shuffleKey)
    Permutation(fold(*options.shuffleKey, static_cast<uint64_t>(epoch)),
                static_cast<uint64_t>(source.rows()))
        .fill(static_cast<uint64_t>(first), count, rows.data());
  else
    for (int64_t i = 0; i < count; ++i)
      rows[static_cast<size_t>(i)] = first + i;
}

int64_t Batches::stage(int64_t epoch, int64_t batch, void *const *staged) {
  int64_t count = sizeOf(batch);
  if (options.shuffleKey)
    rowsOf(epoch, batch, places);
  for (size_t column = 0; column < source.columns().size(); ++column)
    source.gather(column, options.shuffleKey ? places.data() : nullptr, batch * options.size, count,
                  staged[column]);
  return count;
}

} // namespace dlc::runtime
