// The vectors of docs/random.md, through the operation.
#include "test/ir/Graphs.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

/// site("net.conv1.weight") as the signed number that a constant holds.
constexpr int64_t site = static_cast<int64_t>(0xac0f2e2de89244b9);

class Random : public testing::Test {
protected:
  /// A draw of this type; `how` stands before the colon.
  Tensor draw(const std::string &fn, int64_t step, const std::string &how, const std::string &type, int64_t seed = 42) {
    auto module = graphs.parse(llvm::formatv(R"(
dl.func @f() -> {0} {{
  %seed = dl.constant dense<{1}> : tensor<i64>
  %step = dl.constant dense<{2}> : tensor<i64>
  %site = dl.constant dense<{3}> : tensor<i64>
  %zero = dl.constant dense<0> : tensor<i64>
  %two = dl.constant dense<2> : tensor<i64>
  %three = dl.constant dense<3> : tensor<i64>
  %x = dl.random {4} %seed, %step, %site {5} : {0}
  dl.return %x : {0}
})",
                                             type, seed, step, site, fn, how)
                                   .str());
    if (!module)
      return {};
    eval::Environment environment;
    auto results = eval::evaluateFunction(functionOf(*module), {}, environment);
    EXPECT_TRUE(succeeded(results)) << graphs.messages;
    return succeeded(results) ? (*results)[0] : Tensor();
  }

  Graphs graphs;
};

TEST_F(Random, Words) {
  Tensor first = draw("bits", 0, "", "tensor<4xi64>");
  const int64_t start[] = {0x1f27b407, 0x8c1cdeda, 0x56fab6d6, 0x5b322581};
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(first.getInt(i), start[i]);
  // Step 7: the blocks 0 and 1.
  Tensor both = draw("bits", 7, "", "tensor<2x4xi64>");
  const int64_t words[] = {0x034682bd, 0x0d70efa4, 0xf0095721, 0x123124ea, 0xe30b5817, 0x3a16e6f3, 0x9aa9da06, 0x9360a414};
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(both.getInt(i), words[i]);
}

TEST_F(Random, Distributions) {
  const double uniform[] = {0.0127946138381958, 0.05250447988510132, 0.937642514705658, 0.07106232643127441};
  const double normal[] = {2.7933215695815496, 0.9564555780578887, 0.3236695921953584, 0.1549545157791309};
  Tensor u = draw("uniform", 7, "", "tensor<4xf64>"), n = draw("normal", 7, "", "tensor<4xf64>");
  Tensor single = draw("uniform", 7, "", "tensor<4xf32>"), narrow = draw("normal", 7, "", "tensor<4xf32>");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(u.getDouble(i), uniform[i]);
    EXPECT_EQ(single.getDouble(i), uniform[i]) << "the same value in f32";
    EXPECT_NEAR(n.getDouble(i), normal[i], 1e-15);
    EXPECT_EQ(narrow.getDouble(i), static_cast<float>(n.getDouble(i)));
  }
}

/// Lanes are folds of the key by their index, and so are enclosing loops.
TEST_F(Random, LanesAndIndices) {
  Tensor lanes = draw("bits", 7, "lanes 1", "tensor<4x3xi64>");
  Tensor third = draw("bits", 7, "indices(%three)", "tensor<3xi64>");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(lanes.getInt(9 + i), third.getInt(i));
  Tensor two = draw("bits", 7, "indices(%zero, %three)", "tensor<2xi64>");
  Tensor deep = draw("bits", 7, "indices(%zero) lanes 1", "tensor<4x2xi64>");
  EXPECT_EQ(deep.getInt(6), two.getInt(0));
  EXPECT_EQ(deep.getInt(7), two.getInt(1));
  Tensor nested = draw("bits", 7, "lanes 2", "tensor<2x4x2xi64>");
  EXPECT_EQ(nested.getInt(6), two.getInt(0));
}

/// Rows k and on of a larger draw.
TEST_F(Random, Offset) {
  Tensor whole = draw("normal", 7, "", "tensor<5x3xf64>"), part = draw("normal", 7, "from %two", "tensor<3x3xf64>");
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(part.getDouble(i), whole.getDouble(6 + i));
  Tensor lanes = draw("normal", 7, "lanes 1", "tensor<5x3xf64>"), some = draw("normal", 7, "lanes 1 from %two", "tensor<3x3xf64>");
  for (int i = 0; i < 9; ++i)
    EXPECT_EQ(some.getDouble(i), lanes.getDouble(6 + i));
}

TEST_F(Random, ScalarsAndOtherSeeds) {
  EXPECT_EQ(draw("bits", 0, "", "tensor<i64>").getInt(0), 0x1f27b407);
  EXPECT_NE(draw("bits", 0, "", "tensor<i64>", 43).getInt(0), 0x1f27b407);
  EXPECT_NE(draw("bits", 0, "", "tensor<i64>", -1).getInt(0), 0x1f27b407);
}

} // namespace
