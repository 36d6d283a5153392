#include "runtime/Random.h"
#include "runtime/Readers.h"
#include "test/runtime/Files.h"

#include <cmath>

namespace dlc::runtime {
namespace {

class Csv : public testing::Test {
protected:
  Result<Table> read(std::string_view text, CsvOptions options = {}) {
    return readCsv(folder.put("t.csv", text), options);
  }
  std::vector<double> column(const Table &table, size_t i) { return numbers(*table.whole(i)); }
  Folder folder;
};

TEST_F(Csv, infersTypes) {
  auto table = read("a,b,c,d\n1,1.5,true,-3\n2,7,false,+4\n");
  ASSERT_TRUE(table.ok()) << table.message();
  EXPECT_EQ(table->rows(), 2);
  std::vector<ElementType> types;
  for (const Column &column : table->columns())
    types.push_back(column.values.type());
  EXPECT_EQ(types,
            (std::vector{ElementType::I64, ElementType::F32, ElementType::Bool, ElementType::I64}));
  EXPECT_EQ(column(*table, 0), (std::vector<double>{1, 2}));
  EXPECT_EQ(column(*table, 1), (std::vector<double>{1.5, 7}));
  EXPECT_EQ(column(*table, 2), (std::vector<double>{1, 0}));
  EXPECT_EQ(column(*table, 3), (std::vector<double>{-3, 4}));
  auto names = readCsvTypes(folder.put("n.csv", "x,who\n1,me\n"));
  EXPECT_EQ((*names)[0].type, ElementType::I64);
  EXPECT_FALSE((*names)[1].type);
}

TEST_F(Csv, readsDeclaredColumnsInTheirOrder) {
  auto table =
      read("a,b,c\n1,x,3\n4,y,6\n", {.columns = {{"c", ElementType::F64}, {"a", ElementType::U8}}});
  ASSERT_TRUE(table.ok()) << table.message();
  EXPECT_EQ(table->columns()[0].name, "c");
  EXPECT_EQ(column(*table, 0), (std::vector<double>{3, 6}));
  EXPECT_EQ(column(*table, 1), (std::vector<double>{1, 4}));
}

TEST_F(Csv, readsQuotesMarksAndLineEnds) {
  auto table = read(
      "\xEF\xBB\xBF\"a, b\" , \"say \"\"x\"\"\",\"two\nlines\"\r\n\"1\", 2 ,\"3\"\r\n\r\n4,5,6");
  ASSERT_TRUE(table.ok()) << table.message();
  EXPECT_EQ(table->columns()[0].name, "a, b");
  EXPECT_EQ(table->columns()[1].name, "say \"x\"");
  EXPECT_EQ(table->columns()[2].name, "two\nlines");
  EXPECT_EQ(column(*table, 0), (std::vector<double>{1, 4}));
  EXPECT_EQ(column(*table, 2), (std::vector<double>{3, 6}));
  auto tabs = read("a\tb\n1,5\t2\n", {.separator = '\t', .columns = {{"b", ElementType::I64}}});
  ASSERT_TRUE(tabs.ok()) << tabs.message();
  EXPECT_EQ(column(*tabs, 0), (std::vector<double>{2}));
  ASSERT_TRUE(read("a,b\n").ok());
  EXPECT_EQ(read("a,b\n")->rows(), 0);
  EXPECT_EQ(column(*read("a\n1\r\n2\r"), 0), (std::vector<double>{1, 2}));
}

TEST_F(Csv, readsNumbersAsTheyAreWritten) {
  auto table =
      read("a\n1e-3\n.5\n-2.\n1e-400\nnan\ninf\n  7  \n", {.columns = {{"a", ElementType::F32}}});
  ASSERT_TRUE(table.ok()) << table.message();
  auto values = column(*table, 0);
  EXPECT_EQ(values[0], 1e-3f);
  EXPECT_EQ(values[1], 0.5);
  EXPECT_EQ(values[2], -2);
  EXPECT_EQ(values[3], 0);
  EXPECT_TRUE(std::isnan(values[4]));
  EXPECT_TRUE(std::isinf(values[5]));
  EXPECT_EQ(values[6], 7);
  EXPECT_EQ(read("a\n9007199254740993\n")->whole(0)->integer(0), 9007199254740993);
  EXPECT_EQ(read("a\n92233720368547758080\n")->columns()[0].values.type(), ElementType::F32);
}

TEST_F(Csv, namesFileRowAndColumn) {
  std::string file = folder.at("t.csv");
  expectFailure(read(""), {file, "it is empty"});
  expectFailure(read("\n\n"), {file, "it is empty"});
  expectFailure(read("1,2\n3,4\n"), {file + ":1", "the header holds only numbers"});
  expectFailure(read("a,a\n"), {"names column `a` twice"});
  expectFailure(read("a,\n"), {"no name for column 2"});
  expectFailure(read("a,b\n1,2\n3\n"), {file + ":3", "row 2 has 1 field, the header has 2"});
  expectFailure(read("a,b\n1,2,3\n"), {file + ":2", "row 1 has 3 fields, the header has 2"});
  expectFailure(read("a,b\n1,2\n\n3,\n"), {file + ":4", "row 2, column 2 (`b`)", "empty"});
  CsvOptions both{.columns = {{"a", ElementType::F32}, {"b", ElementType::U8}}};
  expectFailure(read("a,b\nx\ty,2\n", both),
                {file + ":2", "row 1, column 1 (`a`)", "`x\\ty` is not a number"});
  expectFailure(read("a,b\n1,2.5\n", both), {"column 2 (`b`)", "`2.5` is not a whole number"});
  expectFailure(read("a,b\n1,300\n", both), {"`300` does not fit `u8`"});
  expectFailure(read("a,b\n1e99,3\n", both), {"`1e99` does not fit `f32`"});
  expectFailure(read("a,b\n1,99999999999999999999\n", both), {"does not fit `u8`"});
  expectFailure(read("a,b\n\"1,2\n3,4\n", both),
                {file + ":2", "the quote of field 1 is never closed"});
  expectFailure(read("a,b\n\"1\"x,2\n", both), {"`x` stands after the closing quote of field 1"});
  expectFailure(read(bytes("a,b\n1,\0\n"), both), {file + ":2", "NUL"});
  expectFailure(read("a,b\n1,2\n", {.columns = {{"z", ElementType::F32}}}),
                {"has no column `z`", "it has `a`, `b`"});
  expectFailure(read("a,b\n1,2\n1,me\n"), {"column `b`", "is text, as `me` in row 2 shows", "not supported yet"});
  expectFailure(read("a\n2\n", {.columns = {{"a", ElementType::Bool}}}), {"`2` is not `true`"});
  expectFailure(read("a\n70000\n", {.columns = {{"a", ElementType::F16}}}), {"does not fit `f16`"});
}

TEST_F(Csv, linesInsideQuotesCount) {
  expectFailure(read("a,b\n1,\"x\ny\"\n2\n", {.columns = {{"a", ElementType::F32}}}),
                {":4: row 2 has 1 field"});
}

TEST_F(Csv, writesWhatItReads) {
  std::vector<Column> columns = {
      {"plain", integers({2}, {1, -2}), nullptr},
      {"with, comma", floats({2, 2}, {0.1f, 2, 1e-20f, 4}), nullptr},
      {"flag", tensorOf<uint8_t>(ElementType::Bool, {2}, {1, 0}), nullptr}};
  ASSERT_TRUE(writeCsv(folder.at("w.csv"), columns).ok());
  EXPECT_EQ(contents(folder.at("w.csv")),
            "plain,\"with, comma.0\",\"with, comma.1\",flag\n1,0.1,2.0,true\n-2,1e-20,4.0,false\n");
  auto table = readCsv(folder.at("w.csv"));
  ASSERT_TRUE(table.ok()) << table.message();
  EXPECT_EQ(column(*table, 1), (std::vector<double>{0.1f, 1e-20f}));
  EXPECT_EQ(table->columns()[3].values.type(), ElementType::Bool);
  expectFailure(writeCsv(folder.at("w.csv"), {{"a", floats({1, 1, 1}, {1}), nullptr}}),
                {"f32[1, 1, 1]"});
}

TEST_F(Csv, noChangedByteIsACrash) {
  std::string whole = "a,\"b\"\"c\",d\r\n1,2.5,true\r\n\"3\",-4e2,false\n";
  ASSERT_TRUE(read(whole).ok());
  const std::string letters = bytes("\"\r\n,\0 1.ex-\xff");
  for (uint64_t round = 0; round < 3000; ++round) {
    std::string changed = whole;
    auto words = randomWords(4, 0, round);
    changed[words[0] % changed.size()] = letters[words[1] % letters.size()];
    changed[words[2] % changed.size()] = letters[words[3] % letters.size()];
    if (round % 3 == 0)
      changed.resize(words[3] % changed.size());
    auto table = read(changed);
    EXPECT_TRUE(table.ok() || !table.message().empty());
    auto types = readCsvTypes(folder.at("t.csv"));
    if (table.ok())
      EXPECT_TRUE(types.ok());
  }
}

} // namespace
} // namespace dlc::runtime
