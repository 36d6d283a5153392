#include "runtime/Checkpoint.h"

#include "runtime/Random.h"
#include "test/runtime/Files.h"

#include <cmath>

namespace dlc::runtime {
namespace {

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.tensors = {{"net.b", floats({3}, {1, -2, 0.5f})},
                        {"net.a", floats({2, 2}, {1, 2, 3, 4})},
                        {"flag", tensorOf<uint8_t>(ElementType::Bool, {3}, {1, 0, 1})},
                        {"count", integers({}, {-7})},
                        {"empty", floats({0, 4}, {})},
                        {"half", tensorOf<uint16_t>(ElementType::F16, {1}, {0x3c00})}};
  checkpoint.metadata = {{"seed", "42"}, {"block", "train"}, {"quote", "a \"b\"\n\\ ü"}};
  return checkpoint;
}

/// A safetensors file from its header and data.
std::string fileOf(std::string header, std::string data) {
  std::string length(8, '\0');
  for (int i = 0; i < 8; ++i)
    length[static_cast<size_t>(i)] = static_cast<char>(header.size() >> (8 * i));
  return length + header + data;
}

TEST(Checkpoint, readsBackWhatWasWritten) {
  Folder folder;
  Checkpoint written = example();
  ASSERT_TRUE(writeSafetensors(folder.at("c"), written).ok());
  auto read = readSafetensors(folder.at("c"));
  ASSERT_TRUE(read.ok()) << read.message();
  EXPECT_EQ(read->metadata, written.metadata);
  ASSERT_EQ(read->tensors.size(), written.tensors.size());
  for (const NamedTensor &entry : written.tensors) {
    const Tensor *value = read->find(entry.name);
    ASSERT_NE(value, nullptr) << entry.name;
    EXPECT_EQ(value->type(), entry.value.type());
    EXPECT_EQ(value->shape(), entry.value.shape());
    EXPECT_EQ(numbers(*value), numbers(entry.value));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(value->data()) % 64, 0u);
  }
  EXPECT_EQ(read->find("nothing"), nullptr);
}

TEST(Checkpoint, equalContentsGiveEqualBytes) {
  Folder folder;
  Checkpoint a = example(), b = example();
  std::reverse(b.tensors.begin(), b.tensors.end());
  ASSERT_TRUE(writeSafetensors(folder.at("a"), a).ok());
  ASSERT_TRUE(writeSafetensors(folder.at("b"), b).ok());
  EXPECT_EQ(contents(folder.at("a")), contents(folder.at("b")));
}

TEST(Checkpoint, isTheFileThatOthersWrite) {
  Folder folder;
  Checkpoint checkpoint;
  checkpoint.tensors = {{"w", floats({2}, {1, 2})}};
  ASSERT_TRUE(writeSafetensors(folder.at("c"), checkpoint).ok());
  std::string header = R"({"w":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  EXPECT_EQ(contents(folder.at("c")), fileOf(header, bytes("\0\0\x80\x3f\0\0\0\x40")));
  // The reference implementation writes the keys in another order and no padding.
  auto read = readSafetensors(
      folder.put("r", fileOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                             bytes("\0\0\x80\x3f\0\0\0\x40"))));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(numbers(read->tensors[0].value), (std::vector<double>{1, 2}));
}

TEST(Checkpoint, alignsTheDataOfEveryType) {
  Folder folder;
  Checkpoint checkpoint;
  checkpoint.tensors = {{"a", tensorOf<uint8_t>(ElementType::U8, {3}, {1, 2, 3})},
                        {"b", tensorOf<double>(ElementType::F64, {1}, {4})},
                        {"c", tensorOf<uint16_t>(ElementType::BF16, {1}, {0x3f80})}};
  ASSERT_TRUE(writeSafetensors(folder.at("c"), checkpoint).ok());
  auto read = readSafetensors(folder.at("c"));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->tensors[0].name, "b");
  EXPECT_EQ(read->tensors[1].name, "c");
  EXPECT_EQ(read->tensors[2].name, "a");
}

TEST(Checkpoint, refusesToWriteANameTwice) {
  Folder folder;
  Checkpoint checkpoint;
  checkpoint.tensors = {{"w", floats({1}, {1})}, {"w", floats({1}, {2})}};
  expectFailure(writeSafetensors(folder.at("c"), checkpoint), {"two entries are named `w`"});
  EXPECT_TRUE(folder.entries().empty());
}

struct Broken {
  const char *name;
  std::string file;
  std::vector<std::string_view> message;
};

TEST(Checkpoint, namesWhatIsWrongInAFile) {
  const std::string four(4, '\0'), eight(8, '\0');
  std::vector<Broken> cases = {
      {"empty", "", {"0 bytes, too few"}},
      {"huge header", std::string(8, '\x7f') + "{}", {"cut short or no safetensors file"}},
      {"cut header", fileOf("{}", "").substr(0, 9), {"cut short"}},
      {"no json", fileOf("nonsense", ""), {"not a JSON object"}},
      {"list", fileOf("[]", ""), {"not a JSON object"}},
      {"deep", fileOf(std::string(100'000, '['), ""), {"not a JSON object"}},
      {"no fields", fileOf(R"({"w":{}})", ""), {"entry `w` needs `dtype`"}},
      {"dtype",
       fileOf(R"({"w":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}})", four),
       {"`w`", "F8_E4M3"}},
      {"dtype number",
       fileOf(R"({"w":{"dtype":3,"shape":[1],"data_offsets":[0,4]}})", four),
       {"`w`", "not supported: 3"}},
      {"shape",
       fileOf(R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four),
       {"`w`", "`shape`"}},
      {"shape huge",
       fileOf(R"({"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})",
              four),
       {"does not fill"}},
      {"shape wrong",
       fileOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", four),
       {"`f32[2]`", "does not fill its 4 bytes"}},
      {"offsets",
       fileOf(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four),
       {"`data_offsets`"}},
      {"beyond",
       fileOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", four),
       {"ends at byte 8", "holds 4"}},
      {"overlap",
       fileOf(
           R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
           four),
       {"`a` and `b` overlap"}},
      {"gap",
       fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight),
       {"4 bytes before entry `a`"}},
      {"rest",
       fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", eight),
       {"last 4 bytes"}},
      {"twice",
       fileOf(
           R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})",
           ""),
       {"`a` stands twice"}},
      {"metadata", fileOf(R"({"__metadata__":{"k":1}})", ""), {"`__metadata__` holds `k`"}},
      {"metadata list", fileOf(R"({"__metadata__":[]})", ""), {"`__metadata__` is not an object"}},
      {"bool",
       fileOf(R"({"f":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})", "\x02"),
       {"`f` is bool and holds 2"}},
  };
  Folder folder;
  for (const Broken &broken : cases) {
    SCOPED_TRACE(broken.name);
    auto read = readSafetensors(folder.put("c", broken.file));
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.message().find(folder.at("c")), std::string::npos);
    for (std::string_view part : broken.message)
      EXPECT_NE(read.message().find(part), std::string::npos) << read.message();
  }
}

TEST(Checkpoint, everyCutIsAnError) {
  Folder folder;
  ASSERT_TRUE(writeSafetensors(folder.at("c"), example()).ok());
  std::string whole = contents(folder.at("c"));
  for (size_t length = 0; length < whole.size(); ++length)
    ASSERT_FALSE(readSafetensors(folder.put("cut", whole.substr(0, length))).ok()) << length;
}

TEST(Checkpoint, noChangedByteIsACrash) {
  Folder folder;
  ASSERT_TRUE(writeSafetensors(folder.at("c"), example()).ok());
  std::string whole = contents(folder.at("c"));
  for (uint64_t round = 0; round < 2000; ++round) {
    std::string changed = whole;
    auto words = randomWords(1, 0, round);
    for (int i = 0; i < 1 + static_cast<int>(words[3] % 3); ++i)
      changed[words[static_cast<size_t>(i)] % changed.size()] ^=
          static_cast<char>(1 + words[3] / 4 % 255);
    auto read = readSafetensors(folder.put("m", changed));
    if (!read.ok())
      EXPECT_FALSE(read.message().empty());
  }
}

} // namespace
} // namespace dlc::runtime
