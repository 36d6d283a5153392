// Rounding, saturation, constants and text of tensors.
#include "test/ir/Graphs.h"

#include "mlir/AsmParser/AsmParser.h"

#include <cmath>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

class Tensors : public testing::Test {
protected:
  Tensor scalar(Type type, double value) {
    Tensor tensor(RankedTensorType::get({}, type));
    tensor.setDouble(0, value);
    return tensor;
  }
  double through(Type type, double value) { return scalar(type, value).getDouble(0); }

  Graphs graphs;
  Builder builder{&graphs.context};
};

TEST_F(Tensors, FloatsRoundOnce) {
  EXPECT_EQ(through(builder.getF64Type(), 0.1), 0.1);
  EXPECT_EQ(through(builder.getF32Type(), 0.1), static_cast<double>(0.1f));
  EXPECT_EQ(through(builder.getF16Type(), 1.0 + 0x1p-11), 1.0) << "ties to even";
  EXPECT_EQ(through(builder.getF16Type(), 1.0 + 0x1p-11 + 0x1p-40), 1.0 + 0x1p-10) << "not through f32";
  EXPECT_EQ(through(builder.getBF16Type(), 1.0 + 0x1p-7), 1.0 + 0x1p-7);
  EXPECT_EQ(through(builder.getBF16Type(), 1.0 + 0x1p-8), 1.0);
  EXPECT_TRUE(std::isinf(through(builder.getF16Type(), 1e6)));
}

TEST_F(Tensors, DenormalsAreFlushedInF32) {
  EXPECT_EQ(through(builder.getF32Type(), 1e-39), 0.0);
  EXPECT_TRUE(std::signbit(through(builder.getF32Type(), -1e-39)));
  EXPECT_EQ(through(builder.getF32Type(), 0x1p-126), 0x1p-126);
  EXPECT_EQ(through(builder.getF64Type(), 1e-310), 1e-310);
}

TEST_F(Tensors, IntegersSaturateFromFloats) {
  EXPECT_EQ(through(builder.getIntegerType(8), 200), 127);
  EXPECT_EQ(through(builder.getIntegerType(8), -200), -128);
  EXPECT_EQ(through(builder.getIntegerType(8, false), 300), 255);
  EXPECT_EQ(through(builder.getIntegerType(8, false), -3), 0);
  EXPECT_EQ(through(builder.getI32Type(), -2.9), -2) << "toward zero";
  EXPECT_EQ(through(builder.getI64Type(), NAN), 0);
  EXPECT_EQ(scalar(builder.getI64Type(), 1e30).getInt(0), INT64_MAX);
  EXPECT_EQ(through(builder.getI1Type(), -0.5), 1);
  EXPECT_EQ(through(builder.getI1Type(), 0), 0);
}

TEST_F(Tensors, IntegersWrapFromIntegers) {
  Tensor tensor(RankedTensorType::get({}, builder.getIntegerType(8)));
  tensor.setInt(0, 200);
  EXPECT_EQ(tensor.getInt(0), -56);
  Tensor wide = scalar(builder.getI64Type(), 300);
  EXPECT_EQ(eval::convert(wide, builder.getIntegerType(8, false)).getInt(0), 44);
  EXPECT_EQ(eval::convert(wide, builder.getI1Type()).getInt(0), 1);
}

TEST_F(Tensors, ConstantsComeAndGo) {
  for (const char *text : {"dense<[1.5, -2.0]> : tensor<2xf32>", "dense<7> : tensor<2x2xi8>", "dense<[true, false, true]> : tensor<3xi1>",
                           "dense<2.5> : tensor<f16>", "dense<> : tensor<0x3xf64>", "dense<[1, 255]> : tensor<2xui8>"}) {
    auto attr = cast<DenseElementsAttr>(parseAttribute(text, &graphs.context));
    Tensor tensor = eval::tensorFromAttr(attr);
    ASSERT_TRUE(tensor) << text;
    EXPECT_EQ(eval::attrFromTensor(tensor), attr) << text;
  }
}

TEST_F(Tensors, CopiesShareUntilCloned) {
  Tensor one = scalar(builder.getF64Type(), 1), shared = one, own = one.clone();
  one.setDouble(0, 2);
  EXPECT_EQ(shared.getDouble(0), 2);
  EXPECT_EQ(own.getDouble(0), 1);
}

TEST_F(Tensors, Text) {
  Tensor matrix(RankedTensorType::get({2, 2}, builder.getF32Type()));
  for (int i = 0; i < 4; ++i)
    matrix.setDouble(i, i * 0.1);
  EXPECT_EQ(eval::formatTensor(matrix), "[[0, 0.1], [0.2, 0.3]]");
  EXPECT_EQ(eval::formatTensor(matrix, 2), "[[0.00, 0.10], [0.20, 0.30]]");
  Tensor loss = scalar(builder.getF32Type(), 0.125), yes = scalar(builder.getI1Type(), 1);
  EXPECT_EQ(eval::formatMessage("{{x}} {0:.4} {1} {0} {2} {", {loss, yes}), "{x} 0.125 true 0.125 {2} {");
}

} // namespace
