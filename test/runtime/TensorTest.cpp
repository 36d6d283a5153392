#include "test/runtime/Files.h"

#include "runtime/Memory.h"

#include <bit>
#include <cmath>
#include <limits>

namespace dlc::runtime {
namespace {

TEST(ElementType, namesReadBack) {
  for (const char *name : {"f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool"})
    EXPECT_EQ(nameOf(*elementTypeOf(name)), name);
  EXPECT_FALSE(elementTypeOf("u16"));
  EXPECT_EQ(typeText(ElementType::F32, {2, 3}), "f32[2, 3]");
  EXPECT_EQ(typeText(ElementType::I64, {}), "i64");
}

TEST(ElementCount, refusesWhatDoesNotFit) {
  EXPECT_EQ(elementCount({}), 1);
  EXPECT_EQ(elementCount({3, 4}), 12);
  EXPECT_EQ(elementCount({int64_t{1} << 62, 0, 8}), 0);
  EXPECT_FALSE(elementCount({int64_t{1} << 62, 4}));
  EXPECT_FALSE(elementCount({int64_t{1} << 60}, ElementType::F64));
  EXPECT_FALSE(elementCount({-1}));
}

TEST(Tensor, isZeroAndAligned) {
  for (int64_t count : {0, 1, 7, 1000, 300000}) {
    auto tensor = Tensor::zeros(ElementType::F64, {count});
    ASSERT_TRUE(tensor.ok());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor->data()) % 64, 0u);
    for (double value : tensor->as<double>())
      ASSERT_EQ(value, 0);
  }
}

TEST(Tensor, tooLargeIsAnErrorValue) {
  expectFailure(Tensor::zeros(ElementType::F64, {int64_t{1} << 40}),
                {"out of memory", "8 TiB", "f64[1099511627776]"});
  expectFailure(Tensor::zeros(ElementType::F64, {int64_t{1} << 61, 8}), {"too large"});
  expectFailure(Tensor::zeros(ElementType::F32, {-1}), {"too large"});
}

TEST(Tensor, copiesShareAndClonesDoNot) {
  Tensor a = floats({2, 2}, {1, 2, 3, 4}), b = a, c = *a.clone();
  a.as<float>()[0] = 9;
  EXPECT_EQ(b.number(0), 9);
  EXPECT_EQ(c.number(0), 1);
  Tensor row = a.slice(1, 2);
  EXPECT_EQ(row.shape(), (Shape{1, 2}));
  row.setNumber(0, 7);
  EXPECT_EQ(a.number(2), 7);
  a = Tensor();
  EXPECT_EQ(row.number(0), 7); // the view keeps the memory
  EXPECT_EQ(b.reshaped({4})->shape(), (Shape{4}));
  expectFailure(b.reshaped({3}), {"f32[2, 2]", "f32[3]"});
}

TEST(Tensor, convertsBetweenAllTypes) {
  Tensor values = tensorOf<double>(ElementType::F64, {6}, {0, 1, -1.75, 300.5, 1e30, NAN});
  EXPECT_EQ(numbers(*values.converted(ElementType::I8)),
            (std::vector<double>{0, 1, -1, 127, 127, 0}));
  EXPECT_EQ(numbers(*values.converted(ElementType::U8)),
            (std::vector<double>{0, 1, 0, 255, 255, 0}));
  EXPECT_EQ(numbers(*values.converted(ElementType::Bool)), (std::vector<double>{0, 1, 1, 1, 1, 1}));
  Tensor wide = *values.converted(ElementType::I64);
  EXPECT_EQ(wide.integer(4), std::numeric_limits<int64_t>::max());
  Tensor large = integers({2}, {std::numeric_limits<int64_t>::min(), 70000});
  EXPECT_EQ(numbers(*large.converted(ElementType::I16)), (std::vector<double>{-32768, 32767}));
  EXPECT_EQ(large.converted(ElementType::I64)->integer(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(tensorOf<uint8_t>(ElementType::U8, {1}, {200}).converted(ElementType::F16)->number(0),
            200);
}

TEST(Half, everyValueSurvivesTheRoundTrip) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    auto half = static_cast<uint16_t>(bits);
    float value = halfToFloat(half);
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(value))));
    else
      ASSERT_EQ(floatToHalf(value), half) << bits;
    float wide = bfloatToFloat(half);
    if (!std::isnan(wide))
      ASSERT_EQ(floatToBfloat(wide), half) << bits;
  }
}

TEST(Half, agreesWithTheCompilerOnEveryMagnitude) {
#if defined(__FLT16_MANT_DIG__)
  for (uint64_t bits = 0; bits < 0x100000000; bits += 4099) {
    float value = std::bit_cast<float>(static_cast<uint32_t>(bits));
    if (!std::isnan(value))
      ASSERT_EQ(floatToHalf(value), std::bit_cast<uint16_t>(static_cast<_Float16>(value))) << value;
  }
#endif
  EXPECT_EQ(halfToFloat(floatToHalf(65519.0f)), 65504.0f);
  EXPECT_TRUE(std::isinf(halfToFloat(floatToHalf(65520.0f))));
  EXPECT_EQ(floatToHalf(0x1p-25f), 0); // a tie to even
  EXPECT_EQ(floatToHalf(0x1.8p-25f), 1);
  EXPECT_EQ(bfloatToFloat(floatToBfloat(1.00390625f)), 1.0f); // a tie to even
  EXPECT_EQ(bfloatToFloat(floatToBfloat(1.01171875f)), 1.015625f);
}

TEST(Memory, residentSizeFollowsWhatIsTouched) {
  size_t before = residentMemory();
  auto tensor = Tensor::zeros(ElementType::U8, {64 << 20});
  ASSERT_TRUE(tensor.ok());
  EXPECT_LT(residentMemory(), before + (8 << 20)); // not yet touched
  std::fill(tensor->as<uint8_t>().begin(), tensor->as<uint8_t>().end(), 1);
  EXPECT_GT(residentMemory(), before + (60 << 20));
  EXPECT_GE(peakResidentMemory(), before + (60 << 20));
  *tensor = Tensor();
  EXPECT_LT(residentMemory(), before + (8 << 20));
  EXPECT_GT(availableMemory(), size_t{1} << 20);
}

} // namespace
} // namespace dlc::runtime
