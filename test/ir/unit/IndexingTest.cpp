#include "ir/Ops.h"

#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace dlc::ir;
using namespace mlir;

namespace {

/// The axes of every operand of the last operation before the return, and its cost: "0 1; reduced = 8".
std::string describe(const std::string &arguments, const std::string &op) {
  MLIRContext context;
  context.loadDialect<DLDialect>();
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>("dl.func @f(" + arguments + ") {\n" + op + "\ndl.return\n}", ParserConfig(&context));
  if (!module)
    return "does not parse";
  FuncOp func = *module->getOps<FuncOp>().begin();
  Operation *last = func.getBody().front().getTerminator()->getPrevNode();
  std::string text;
  llvm::raw_string_ostream os(text);
  for (unsigned i = 0; i < last->getNumOperands(); ++i) {
    os << (i > 0 ? "; " : "");
    llvm::interleave(
        cast<IndexingInterface>(last).operandAxes(i), os,
        [&](int64_t axis) {
          if (axis == IndexingInterface::kReduced)
            os << "reduced";
          else if (axis == IndexingInterface::kMixed)
            os << "mixed";
          else
            os << axis;
        },
        " ");
  }
  os << " = " << cast<CostInterface>(last).flops();
  return text;
}

TEST(Indexing, ElementWise) {
  EXPECT_EQ(describe("%x: tensor<4x3xf32>", "%0 = dl.binary add %x, %x : tensor<4x3xf32>"), "0 1; 0 1 = 12");
  EXPECT_EQ(describe("%x: tensor<4x3xf32>", "%0 = dl.unary exp %x : tensor<4x3xf32>"), "0 1 = 192");
  EXPECT_EQ(describe("%x: tensor<4xf32>, %c: tensor<4xi1>", "%0 = dl.select %c, %x, %x : tensor<4xf32>"), "0; 0; 0 = 4");
  EXPECT_EQ(describe("%s: tensor<i64>", "%0 = dl.random uniform %s, %s, %s : tensor<4xf32>"), "; ;  = 64");
}

TEST(Indexing, Movement) {
  EXPECT_EQ(describe("%x: tensor<3x1xf32>", "%0 = dl.broadcast %x axes [1, 2] : tensor<3x1xf32> to tensor<2x3x5xf32>"), "1 mixed = 0");
  EXPECT_EQ(describe("%x: tensor<2x3x4xf32>", "%0 = dl.transpose %x [2, 0, 1] : tensor<2x3x4xf32> to tensor<4x2x3xf32>"), "1 2 0 = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>", "%0 = dl.slice %x start [0, 1] stride [1, 1] : tensor<4x6xf32> to tensor<4x3xf32>"), "0 mixed = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>, %v: tensor<f32>", "%0 = dl.pad %x, %v low [0, 1] interior [0, 0] : tensor<4x6xf32> to tensor<4x8xf32>"),
            "0 mixed;  = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>", "%0 = dl.concat %x, %x axis 1 : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x12xf32>"),
            "0 mixed; 0 mixed = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>", "%0 = dl.reverse %x axes [1] : tensor<4x6xf32>"), "0 mixed = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>, %i: tensor<i64>", "%0 = dl.dynamic_slice %x[%i, %i] : tensor<4x6xf32> to tensor<4x2xf32>"),
            "0 mixed; ;  = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>, %u: tensor<4x2xf32>, %i: tensor<i64>",
                     "%0 = dl.dynamic_update %x, %u[%i, %i] : tensor<4x6xf32>, tensor<4x2xf32>"),
            "0 1; 0 mixed; ;  = 0");
  EXPECT_EQ(describe("%x: tensor<4x6xf32>", "%0 = dl.window %x axes [1] size [2] stride [2] dilation [1] : tensor<4x6xf32> to tensor<4x3x2xf32>"),
            "0 mixed = 0");
  EXPECT_EQ(describe("%x: tensor<4x3x2xf32>",
                     "%0 = dl.overlap_add %x axes [1] size [2] stride [2] dilation [1] : tensor<4x3x2xf32> to tensor<4x6xf32>"),
            "0 mixed mixed = 24");
}

TEST(Indexing, ReshapeKeepsAxesWithEqualCountsInFront) {
  auto reshape = [](const std::string &from, const std::string &to) {
    return describe("%x: tensor<" + from + ">", "%0 = dl.reshape %x : tensor<" + from + "> to tensor<" + to + ">");
  };
  EXPECT_EQ(reshape("32x3x3x64xf32", "32x576xf32"), "0 mixed mixed mixed = 0");
  EXPECT_EQ(reshape("32x576xf32", "32x9x64xf32"), "0 mixed = 0");
  EXPECT_EQ(reshape("6x4xf32", "2x3x4xf32"), "mixed 2 = 0");
  EXPECT_EQ(reshape("4x5xf32", "4x1x5x1xf32"), "0 2 = 0");
  EXPECT_EQ(reshape("4x1x5xf32", "4x5xf32"), "0 mixed 1 = 0");
  EXPECT_EQ(reshape("2x2xf32", "4xf32"), "mixed mixed = 0");
  EXPECT_EQ(reshape("?x6xf32, #dl.sym<B>", "?x2x3xf32, #dl.sym<B>"), "0 mixed = 0");
  EXPECT_EQ(reshape("?x6xf32, #dl.sym<B>", "?xf32, #dl.sym<6*B>"), "mixed mixed = 0");
}

TEST(Indexing, Reductions) {
  EXPECT_EQ(describe("%x: tensor<4x3x2xf32>", "%0 = dl.reduce sum %x axes [1] : tensor<4x3x2xf32> to tensor<4x2xf32>"), "0 reduced 1 = 24");
  EXPECT_EQ(describe("%x: tensor<4x3xf32>", "%0 = dl.arg_reduce max %x axis 0 : tensor<4x3xf32> to tensor<3xi64>"), "mixed 0 = 12");
  EXPECT_EQ(describe("%x: tensor<4x3xf32>", "%0 = dl.cumulate sum %x axis 0 : tensor<4x3xf32>"), "mixed 1 = 12");
  EXPECT_EQ(describe("%x: tensor<4x8xf32>", "%0:2 = dl.sort %x axis 1 : tensor<4x8xf32> to tensor<4x8xi64>"), "0 mixed = 96");
}

TEST(Indexing, Products) {
  EXPECT_EQ(describe("%x: tensor<2x3x5x7xf32>, %w: tensor<3x7x2x9xf32>",
                     "%0 = dl.dot %x, %w batch [0, 1] [2, 0] contract [3] [1] : (tensor<2x3x5x7xf32>, tensor<3x7x2x9xf32>) -> "
                     "tensor<2x3x5x9xf32>"),
            "0 1 2 reduced; 1 reduced 0 3 = 3780");
  auto conv = [](const std::string &kind, const std::string &a, const std::string &b, const std::string &r, int groups) {
    return describe("%a: tensor<" + a + ">, %b: tensor<" + b + ">",
                    "%0 = dl.conv " + kind + " %a, %b stride [1] low [0] high [0] dilation [1] groups " + std::to_string(groups) + " : (tensor<" +
                        a + ">, tensor<" + b + ">) -> tensor<" + r + ">");
  };
  EXPECT_EQ(conv("forward", "8x10x4xf32", "3x4x6xf32", "8x8x6xf32", 1), "0 mixed reduced; reduced reduced 2 = 9216");
  EXPECT_EQ(conv("input", "8x8x6xf32", "3x4x6xf32", "8x10x4xf32", 1), "0 mixed reduced; reduced 2 reduced = 9216");
  EXPECT_EQ(conv("weight", "8x10x4xf32", "8x8x6xf32", "3x4x6xf32", 1), "reduced mixed 1; reduced reduced 2 = 9216");
  EXPECT_EQ(conv("forward", "8x10x4xf32", "3x2x6xf32", "8x8x6xf32", 2), "0 mixed mixed; reduced reduced 2 = 4608");
  EXPECT_EQ(conv("weight", "8x10x4xf32", "8x8x6xf32", "3x2x6xf32", 2), "reduced mixed mixed; reduced reduced 2 = 4608");
}

TEST(Indexing, ByIndex) {
  EXPECT_EQ(describe("%t: tensor<2x9x3xf32>, %i: tensor<2x5x7xi64>",
                     "%0 = dl.gather %t, %i axis 1 batch 1 : (tensor<2x9x3xf32>, tensor<2x5x7xi64>) -> tensor<2x5x7x3xf32>"),
            "0 mixed 3; 0 1 2 = 0");
  EXPECT_EQ(describe("%t: tensor<2x9x3xf32>, %i: tensor<2x5x7xi64>, %u: tensor<2x5x7x3xf32>",
                     "%0 = dl.scatter add %t, %i, %u axis 1 batch 1 : tensor<2x9x3xf32>, tensor<2x5x7xi64>, tensor<2x5x7x3xf32>"),
            "0 1 2; 0 mixed mixed; 0 mixed mixed 2 = 210");
}

} // namespace
