#include "runtime/Buffers.h"

#include "runtime/DataSets.h"
#include "runtime/abi.h"
#include "test/runtime/Files.h"

namespace dlc::runtime {
namespace {

TEST(Arena, growsToTheLargestNeed) {
  Arena arena;
  EXPECT_EQ(arena.data(), nullptr);
  ASSERT_TRUE(arena.reserve(100).ok());
  void *first = arena.data();
  ASSERT_TRUE(arena.reserve(50).ok());
  EXPECT_EQ(arena.data(), first);
  ASSERT_TRUE(arena.reserve(5 << 20).ok());
  EXPECT_EQ(arena.bytes(), 5 << 20);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(arena.data()) % DLC_ALIGNMENT, 0u);
  expectFailure(arena.reserve(int64_t{1} << 50), {"the arena of the program: out of memory"});
  EXPECT_EQ(arena.bytes(), 0);
}

TEST(EntryBuffers, areInTheOrderOfTheAbi) {
  Arena arena;
  ASSERT_TRUE(arena.reserve(64).ok());
  Tensor a = floats({2}, {1, 2}), b = integers({}, {3}), c = floats({4}, {0, 0, 0, 0}),
         d = floats({0}, {});
  auto buffers = EntryBuffers::make({a, b}, {c, a}, arena, {Tensor(), d});
  ASSERT_TRUE(buffers.ok());
  ASSERT_EQ(buffers->size(), 7u);
  void *const *data = buffers->data();
  EXPECT_EQ(data[0], a.data());
  EXPECT_EQ(data[1], b.data());
  EXPECT_EQ(data[2], c.data());
  EXPECT_EQ(data[3], a.data()); // an update
  EXPECT_EQ(data[4], arena.data());
  EXPECT_NE(data[5], nullptr); // nothing in it, but a place
  EXPECT_EQ(data[6], d.data());
  EXPECT_EQ(buffers->result(0).data(), c.data());
  EXPECT_EQ(buffers->argument(1).data(), b.data());
}

TEST(EntryBuffers, refuseWhatIsNotAligned) {
  Tensor rows = floats({3, 2}, {1, 2, 3, 4, 5, 6});
  expectFailure(EntryBuffers::make({rows}, {rows.slice(1, 2)}, Arena()),
                {"result 0 (`f32[1, 2]`)", "64"});
  EXPECT_TRUE(EntryBuffers::make({*rows.slice(1, 2).clone()}, {}, Arena()).ok());
}

TEST(DataSets, areWellDescribed) {
  for (const DataSet &set : dataSets()) {
    EXPECT_EQ(findDataSet(set.name), &set);
    EXPECT_EQ(set.sha256.size(), 64u) << set.name;
    EXPECT_FALSE(set.files.empty());
    for (const DataSetFile &file : set.files) {
      EXPECT_EQ(file.sha256.size(), 64u) << file.name;
      EXPECT_GT(file.bytes, 0) << file.name;
      EXPECT_NE(file.inPackage.empty(), set.mails.empty()) << file.name;
    }
  }
  EXPECT_EQ(findDataSet("none"), nullptr);
}

} // namespace
} // namespace dlc::runtime
