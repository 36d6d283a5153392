#include "runtime/Random.h"
#include "runtime/Readers.h"
#include "test/runtime/Files.h"

namespace dlc::runtime {
namespace {

std::string npy(std::string header, std::string data, char version = 1) {
  std::string file = "\x93NUMPY";
  file += {version, '\0', static_cast<char>(header.size() & 0xff),
           static_cast<char>(header.size() >> 8)};
  if (version > 1)
    file += std::string(2, '\0');
  return file + header + data;
}

TEST(Npy, writesWhatNumPyWrites) {
  Folder folder;
  ASSERT_TRUE(writeNpy(folder.at("a"), floats({2, 3}, {0, 1, 2, 3, 4, 5})).ok());
  // numpy.save of numpy.arange(6, dtype="f4").reshape(2, 3): 80 characters of header in a block of
  // 128 bytes.
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  header.resize(117, ' ');
  std::string expected = npy(header + "\n", "");
  std::string file = contents(folder.at("a"));
  EXPECT_EQ(file.size() % 8, 0u);
  EXPECT_EQ(file.substr(0, 8), expected.substr(0, 8));
  EXPECT_EQ(file.substr(10, 59), expected.substr(10, 59));
  EXPECT_EQ((file.size() - 24) % 64, 0u);
}

TEST(Npy, readsBackEveryTypeAndShape) {
  Folder folder;
  for (auto type :
       {ElementType::F64, ElementType::F32, ElementType::F16, ElementType::I64, ElementType::I32,
        ElementType::I16, ElementType::I8, ElementType::U8, ElementType::Bool})
    for (const Shape &shape : {Shape{}, Shape{4}, Shape{2, 2}, Shape{0, 3}, Shape{1, 4, 1}}) {
      Tensor tensor = *Tensor::zeros(type, shape);
      for (int64_t i = 0; i < tensor.count(); ++i)
        tensor.setNumber(i, static_cast<double>(i));
      ASSERT_TRUE(writeNpy(folder.at("a"), tensor).ok());
      auto read = readNpy(folder.at("a"));
      ASSERT_TRUE(read.ok()) << read.message();
      EXPECT_EQ(typeText(read->type(), read->shape()), typeText(type, shape));
      EXPECT_EQ(numbers(*read), numbers(tensor));
      EXPECT_EQ(readNpyType(folder.at("a"))->shape, shape);
    }
  ASSERT_TRUE(writeNpy(folder.at("b"), tensorOf<uint16_t>(ElementType::BF16, {1}, {0x3fc0})).ok());
  EXPECT_EQ(typeText(readNpy(folder.at("b"))->type(), {1}), "f32[1]");
  EXPECT_EQ(readNpy(folder.at("b"))->number(0), 1.5);
}

TEST(Npy, readsOtherOrdersVersionsAndUnsigned) {
  Folder folder;
  auto read = [&](std::string file) {
    auto tensor = readNpy(folder.put("a", file));
    EXPECT_TRUE(tensor.ok()) << tensor.message();
    return *tensor;
  };
  std::string six = bytes("\1\2\3\4\5\6");
  Tensor fortran = read(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n", six));
  EXPECT_EQ(numbers(fortran), (std::vector<double>{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(
      numbers(read(npy("{\"shape\":(3,),\"descr\":\">i2\",\"fortran_order\":False}", six, 2))),
      (std::vector<double>{258, 772, 1286}));
  Tensor u16 = read(npy("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }",
                        bytes("\xff\xff\1\0\2\0"), 3));
  EXPECT_EQ(typeText(u16.type(), u16.shape()), "i32[3]");
  EXPECT_EQ(numbers(u16), (std::vector<double>{65535, 1, 2}));
  Tensor u32 = read(
      npy("{'descr': '>u4', 'fortran_order': False, 'shape': (1L,), }", bytes("\xff\xff\xff\xfe")));
  EXPECT_EQ(u32.type(), ElementType::I64);
  EXPECT_EQ(numbers(u32), (std::vector<double>{4294967294}));
  EXPECT_EQ(numbers(read(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (), }", "\x07"))),
            (std::vector<double>{1}));
}

TEST(Npy, namesWhatIsWrong) {
  Folder folder;
  auto read = [&](std::string file) { return readNpy(folder.put("a", file)); };
  expectFailure(read(""), {folder.at("a"), "too few"});
  expectFailure(read("not an array file"), {"does not begin as a .npy file"});
  expectFailure(read(npy("{}", "", 9)), {"version 9"});
  expectFailure(read(npy("{'descr': '<f4'}", "").substr(0, 20)), {"cut short in its header"});
  expectFailure(read(npy("{'descr': '<f4'}", "")), {"header `{'descr': '<f4'}` is not understood"});
  expectFailure(
      read(npy("{'descr': '<c8', 'fortran_order': False, 'shape': (), }", std::string(8, 'x'))),
      {"`<c8`", "not supported"});
  expectFailure(read(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (), }", "")),
                {"not understood"});
  expectFailure(read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "12345678")),
                {"`f32[3]`", "its 8 bytes"});
  expectFailure(
      read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "")),
      {"not understood"});
  expectFailure(
      read(
          npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", "")),
      {"does not fill"});
}

TEST(Npy, noCutOrChangeIsACrash) {
  Folder folder;
  std::string whole =
      npy("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }", std::string(12, 'x'));
  ASSERT_TRUE(readNpy(folder.put("a", whole)).ok());
  for (size_t length = 0; length < whole.size(); ++length)
    ASSERT_FALSE(readNpy(folder.put("a", whole.substr(0, length))).ok());
  for (uint64_t round = 0; round < 1000; ++round) {
    std::string changed = whole;
    auto words = randomWords(3, 0, round);
    changed[words[0] % 68] = static_cast<char>(words[1]);
    changed[words[2] % 68] = static_cast<char>(words[3]);
    auto read = readNpy(folder.put("a", changed));
    EXPECT_TRUE(read.ok() || !read.message().empty());
  }
}

} // namespace
} // namespace dlc::runtime
