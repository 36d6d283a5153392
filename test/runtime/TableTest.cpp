#include "runtime/Table.h"

#include "test/runtime/Files.h"

#include <numeric>

namespace dlc::runtime {
namespace {

/// n rows: `id` i64 (0, 1, …), `pair` f32[2] (id, -id), `byte` u8[3].
Table tableOf(int64_t n) {
  std::vector<int64_t> id(static_cast<size_t>(n));
  std::iota(id.begin(), id.end(), 0);
  std::vector<float> pair;
  std::vector<uint8_t> byte;
  for (int64_t i : id) {
    pair.insert(pair.end(), {static_cast<float>(i), static_cast<float>(-i)});
    byte.insert(byte.end(), {static_cast<uint8_t>(i), 7, static_cast<uint8_t>(i + 1)});
  }
  auto table = Table::make({{"id", integers({n}, id), nullptr},
                            {"pair", floats({n, 2}, pair), nullptr},
                            {"byte", tensorOf<uint8_t>(ElementType::U8, {n, 3}, byte), nullptr}});
  EXPECT_TRUE(table.ok());
  return *table;
}

std::vector<int64_t> ids(const Table &table) {
  Tensor whole = *table.whole(0);
  auto values = whole.as<int64_t>();
  return {values.begin(), values.end()};
}

/// Expects every column to hold the rows that `id` says.
void expectConsistent(const Table &table) {
  Tensor id = *table.whole(0), pair = *table.whole(1), byte = *table.whole(2);
  for (int64_t row = 0; row < table.rows(); ++row) {
    EXPECT_EQ(pair.number(2 * row), id.number(row));
    EXPECT_EQ(pair.number(2 * row + 1), -id.number(row));
    EXPECT_EQ(byte.integer(3 * row), id.integer(row) % 256);
  }
}

TEST(Table, wantsEqualRows) {
  expectFailure(
      Table::make({{"a", floats({2}, {1, 2}), nullptr}, {"b", floats({3}, {1, 2, 3}), nullptr}}),
      {"column `a` has 2 rows", "column `b` has 3"});
  expectFailure(Table::make({{"", floats({}, {1}), nullptr}}), {"column 0", "single number"});
}

TEST(Table, chosenRowsCompose) {
  Table table = tableOf(10);
  Table chosen = table.select({9, 3, 3, 5}).select({3, 0}).slice(0, 2);
  EXPECT_EQ(ids(chosen), (std::vector<int64_t>{5, 9}));
  expectConsistent(chosen);
  EXPECT_EQ(ids(table.slice(4, 7).select({2, 0})), (std::vector<int64_t>{6, 4}));
  expectConsistent(table.slice(4, 7));
  EXPECT_EQ(table.find("pair"), 1u);
  EXPECT_FALSE(table.find("none"));
}

TEST(Table, filters) {
  Table odd = *tableOf(6).filter(tensorOf<uint8_t>(ElementType::Bool, {6}, {0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(ids(odd), (std::vector<int64_t>{1, 3, 5}));
  expectFailure(tableOf(6).filter(integers({6}, {0, 1, 2, 3, 4, 5})), {"bool[6]", "i64[6]"});
}

TEST(Table, splitsAsDocumented) {
  auto parts = tableOf(8).split({0.75, 0.25}, mix(42, site("houses:split")));
  ASSERT_TRUE(parts.ok());
  EXPECT_EQ(ids((*parts)[0]), (std::vector<int64_t>{7, 3, 2, 5, 1, 6}));
  EXPECT_EQ(ids((*parts)[1]), (std::vector<int64_t>{4, 0}));
  expectConsistent((*parts)[0]);
}

TEST(Table, splitLosesNoRow) {
  for (int64_t rows : {0, 1, 7, 506, 1001})
    for (const auto &fractions : {std::vector<double>{0.8, 0.2},
                                  {0.1, 0.2, 0.7},
                                  {1.0 / 3, 1.0 / 3, 1.0 / 3},
                                  {0.5},
                                  {0, 1}}) {
      auto parts = tableOf(rows).split(fractions, 17);
      ASSERT_TRUE(parts.ok());
      std::vector<int64_t> all;
      double sum = 0;
      for (size_t i = 0; i < parts->size(); ++i) {
        EXPECT_NEAR(static_cast<double>((*parts)[i].rows()),
                    fractions[i] * static_cast<double>(rows), 1);
        auto part = ids((*parts)[i]);
        all.insert(all.end(), part.begin(), part.end());
        sum += fractions[i];
      }
      std::sort(all.begin(), all.end());
      EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
      if (sum > 0.99)
        EXPECT_EQ(static_cast<int64_t>(all.size()), rows);
    }
  auto inOrder = *tableOf(10).split({0.9, 0.1}, std::nullopt);
  EXPECT_EQ(ids(inOrder[1]), (std::vector<int64_t>{9}));
  expectFailure(tableOf(10).split({0.9, 0.2}, 1), {"1.1"});
  expectFailure(tableOf(10).split({-0.5, 1}, 1), {"-0.5"});
}

TEST(Table, zipsColumnsWithDifferentOrders) {
  Table table = tableOf(4);
  Table zipped = *table.select({3, 2, 1, 0}).zip(table);
  EXPECT_EQ(zipped.columns().size(), 6u);
  Table two = zipped.select({1, 3});
  EXPECT_EQ(numbers(*two.whole(0)), (std::vector<double>{2, 0}));
  EXPECT_EQ(numbers(*two.whole(3)), (std::vector<double>{1, 3}));
  expectFailure(table.zip(tableOf(5)), {"4 and 5 rows"});
}

struct Staged {
  std::vector<int64_t> id;
  std::vector<float> pair;
  std::vector<uint8_t> byte;
  int64_t rows;
};

Staged stage(Batches &batches, int64_t epoch, int64_t batch) {
  auto room = static_cast<size_t>(batches.sizeOf(batch));
  Staged staged{std::vector<int64_t>(room), std::vector<float>(2 * room),
                std::vector<uint8_t>(3 * room), 0};
  void *buffers[] = {staged.id.data(), staged.pair.data(), staged.byte.data()};
  staged.rows = batches.stage(epoch, batch, buffers);
  for (size_t i = 0; i < room; ++i) {
    EXPECT_EQ(staged.pair[2 * i], static_cast<float>(staged.id[i]));
    EXPECT_EQ(staged.byte[3 * i + 2], static_cast<uint8_t>(staged.id[i] + 1));
  }
  return staged;
}

TEST(Batches, coverAnEpochOnceInANewOrder) {
  Batches batches(tableOf(1000), {.size = 32, .keepRemainder = true, .shuffleKey = 5});
  EXPECT_EQ(batches.perEpoch(), 32);
  EXPECT_EQ(batches.remainder(), 8);
  std::vector<std::vector<int64_t>> epochs;
  for (int64_t epoch : {1, 2}) {
    std::vector<int64_t> all;
    for (int64_t batch = 0; batch < batches.perEpoch(); ++batch) {
      Staged staged = stage(batches, epoch, batch);
      EXPECT_EQ(staged.rows, batch == 31 ? 8 : 32);
      all.insert(all.end(), staged.id.begin(), staged.id.end());
    }
    epochs.push_back(all);
    std::sort(all.begin(), all.end());
    for (size_t i = 0; i < all.size(); ++i)
      ASSERT_EQ(all[i], static_cast<int64_t>(i));
  }
  EXPECT_NE(epochs[0], epochs[1]);
  EXPECT_EQ(stage(batches, 2, 3).id,
            std::vector<int64_t>(epochs[1].begin() + 96, epochs[1].begin() + 128)); // on demand
}

TEST(Batches, mayDropTheRemainderAndKeepTheOrder) {
  Batches batches(tableOf(10), {.size = 4, .keepRemainder = false, .shuffleKey = std::nullopt});
  EXPECT_EQ(batches.perEpoch(), 2);
  EXPECT_EQ(batches.remainder(), 0);
  EXPECT_EQ(stage(batches, 1, 1).id, (std::vector<int64_t>{4, 5, 6, 7}));
}

TEST(Batches, theWholeTableIsNeverShuffled) {
  for (int64_t size : {0, 5, 9}) {
    Batches batches(tableOf(5), {.size = size, .keepRemainder = true, .shuffleKey = 3});
    EXPECT_EQ(batches.perEpoch(), 1);
    EXPECT_EQ(batches.fullSize(), 5);
    EXPECT_EQ(stage(batches, 1, 0).id, (std::vector<int64_t>{0, 1, 2, 3, 4}));
  }
  EXPECT_EQ(Batches(tableOf(0), {.size = 4, .keepRemainder = true, .shuffleKey = std::nullopt})
                .perEpoch(),
            0);
}

TEST(Batches, shuffleTheChosenRows) {
  Batches batches(tableOf(2000).select({1999, 5, 700, 42}),
                  {.size = 3, .keepRemainder = true, .shuffleKey = 9});
  auto all = stage(batches, 1, 0).id;
  auto rest = stage(batches, 1, 1).id;
  all.insert(all.end(), rest.begin(), rest.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, (std::vector<int64_t>{5, 42, 700, 1999}));
}

TEST(Table, otherTablesHaveOtherFingerprints) {
  Table table = tableOf(100);
  EXPECT_EQ(table.fingerprint(), tableOf(100).fingerprint());
  std::vector<uint64_t> others = {tableOf(99).fingerprint(), table.slice(0, 99).fingerprint(), table.slice(1, 100).fingerprint(), Table().fingerprint()};
  EXPECT_EQ(others[0], others[1]);
  others.erase(others.begin());
  for (size_t column = 0; column < 3; ++column) {
    // The last byte of the last row.
    std::vector<Column> changed = table.columns();
    changed[column].values = *changed[column].values.clone();
    changed[column].values.data()[changed[column].values.bytes() - 1] ^= std::byte{1};
    others.push_back(Table::make(changed)->fingerprint());
    std::vector<Column> renamed = table.columns();
    renamed[column].name += "s";
    others.push_back(Table::make(renamed)->fingerprint());
  }
  others.push_back(table.fingerprint());
  std::sort(others.begin(), others.end());
  EXPECT_EQ(std::adjacent_find(others.begin(), others.end()), others.end());
  // The same rows by way of an index.
  std::vector<int64_t> all(100);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(table.select(all).fingerprint(), table.fingerprint());
  // Of a large one not every row is looked at, but rows of all of it.
  std::vector<float> values(3 << 20);
  Table large = *Table::make({{"x", floats({3 << 20}, values), nullptr}});
  for (size_t i = 2 << 20; i < (2 << 20) + 8; ++i)
    values[i] = 1;
  EXPECT_NE(Table::make({{"x", floats({3 << 20}, values), nullptr}})->fingerprint(), large.fingerprint());
}

} // namespace
} // namespace dlc::runtime
