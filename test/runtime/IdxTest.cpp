#include "runtime/Random.h"
#include "runtime/Readers.h"
#include "test/runtime/Files.h"

namespace dlc::runtime {
namespace {

TEST(Idx, readsLabelsAndImages) {
  Folder folder;
  auto labels = readIdx(folder.put("l", bytes("\0\0\x08\x01\0\0\0\x03\5\0\x09")));
  ASSERT_TRUE(labels.ok()) << labels.message();
  EXPECT_EQ(typeText(labels->type(), labels->shape()), "u8[3]");
  EXPECT_EQ(numbers(*labels), (std::vector<double>{5, 0, 9}));
  auto images = readIdx(folder.put("i", bytes("\0\0\x08\x03\0\0\0\2\0\0\0\1\0\0\0\2") + "abcd"));
  ASSERT_TRUE(images.ok());
  EXPECT_EQ(typeText(images->type(), images->shape()), "u8[2, 1, 2]");
  EXPECT_EQ(numbers(*images), (std::vector<double>{'a', 'b', 'c', 'd'}));
  EXPECT_EQ(readIdxType(folder.at("i"))->shape, (Shape{2, 1, 2}));
}

TEST(Idx, readsEveryElementType) {
  Folder folder;
  auto read = [&](std::string file) { return *readIdx(folder.put("f", file)); };
  EXPECT_EQ(numbers(read(bytes("\0\0\x09\1\0\0\0\1\xff"))), (std::vector<double>{-1}));
  EXPECT_EQ(numbers(read(bytes("\0\0\x0B\1\0\0\0\1\x01\x02"))), (std::vector<double>{258}));
  EXPECT_EQ(numbers(read(bytes("\0\0\x0C\1\0\0\0\1\xff\xff\xff\xfe"))), (std::vector<double>{-2}));
  EXPECT_EQ(numbers(read(bytes("\0\0\x0D\1\0\0\0\1\x3f\xc0\0\0"))), (std::vector<double>{1.5}));
  EXPECT_EQ(numbers(read(bytes("\0\0\x0E\1\0\0\0\1\xbf\xf8\0\0\0\0\0\0"))),
            (std::vector<double>{-1.5}));
}

TEST(Idx, namesWhatIsWrong) {
  Folder folder;
  auto read = [&](std::string file) { return readIdx(folder.put("f", file)); };
  expectFailure(readIdx(folder.at("none")), {"cannot open", "none"});
  expectFailure(read(""), {folder.at("f"), "0 bytes"});
  expectFailure(read("\x89PNG...."), {folder.at("f"), "89 50 4e 47", "no IDX file"});
  expectFailure(read(bytes("\x1f\x8b\x08\0\0\0")), {"gzip", "gunzip"});
  expectFailure(read(bytes("\0\0\x07\1\0\0\0\0")), {"no IDX file"});
  expectFailure(read(bytes("\0\0\x08\0\0\0\0\0")), {"no IDX file"});
  expectFailure(read(bytes("\0\0\x08\3\0\0\0\1")), {"cut short in its header", "need 16 bytes"});
  expectFailure(read(bytes("\0\0\x08\1\0\0\0\5abc")),
                {"cut short", "`u8[5]` needs 13 bytes, it has 11"});
  expectFailure(read(bytes("\0\0\x08\1\0\0\0\2abc")), {"1 bytes follow"});
  expectFailure(read(bytes("\0\0\x0E\3\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")),
                {"too large"});
}

TEST(Idx, noCutOrChangeIsACrash) {
  Folder folder;
  std::string whole = bytes("\0\0\x0C\2\0\0\0\2\0\0\0\3") + std::string(24, 'x');
  ASSERT_TRUE(readIdx(folder.put("f", whole)).ok());
  for (size_t length = 0; length < whole.size(); ++length)
    ASSERT_FALSE(readIdx(folder.put("f", whole.substr(0, length))).ok());
  for (uint64_t round = 0; round < 500; ++round) {
    std::string changed = whole;
    auto words = randomWords(2, 0, round);
    changed[words[0] % 12] = static_cast<char>(words[1]);
    changed[words[2] % 12] = static_cast<char>(words[3]);
    auto read = readIdx(folder.put("f", changed));
    EXPECT_TRUE(read.ok() || !read.message().empty());
  }
}

} // namespace
} // namespace dlc::runtime
