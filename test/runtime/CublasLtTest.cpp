// Products by cuBLASLt, against a model of it (FakeCublasLt.cpp) and a plain loop.
#include "CudaFixture.h"

#include "runtime/Tensor.h"
#include "runtime/abi.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace dlc::runtime;

namespace {

/// A product in the forms that `dlc_product` allows.
struct Form {
  int64_t rows, columns, terms, batches = 1;
  bool transposedLeft = false, transposedRight = false; ///< rows (terms) side by side in place of terms (columns)
  bool oneLeft = false, oneRight = false;               ///< the same factor for all batches
  int64_t gap = 0;                                      ///< between the lines of every matrix
  int32_t precision = 0, epilogue = 0;

  dlc_product product() const {
    dlc_product p{rows, columns, terms, batches, 0, 0, 0, 0, 0, 0, columns + gap, 0, precision, epilogue};
    p.left_row = transposedLeft ? 1 : terms + gap, p.left_term = transposedLeft ? rows + gap : 1;
    p.right_term = transposedRight ? 1 : columns + gap, p.right_column = transposedRight ? terms + gap : 1;
    p.left_batch = oneLeft ? 0 : (transposedLeft ? terms * p.left_term : rows * p.left_row);
    p.right_batch = oneRight ? 0 : (transposedRight ? columns * p.right_column : terms * p.right_term);
    p.result_batch = rows * p.result_row;
    return p;
  }
};

struct Sizes {
  size_t left, right, result;
  explicit Sizes(const dlc_product &p)
      : left(static_cast<size_t>((p.batches - 1) * p.left_batch + (p.rows - 1) * p.left_row + (p.terms - 1) * p.left_term + 1)),
        right(static_cast<size_t>((p.batches - 1) * p.right_batch + (p.terms - 1) * p.right_term + (p.columns - 1) * p.right_column + 1)),
        result(static_cast<size_t>((p.batches - 1) * p.result_batch + (p.rows - 1) * p.result_row + p.columns)) {}
};

/// What stands in abi.h, in a loop; what the product does not write stays as it is in `result`.
void multiply(const dlc_product &p, const std::vector<float> &left, const std::vector<float> &right, const std::vector<float> &bias,
              std::vector<float> &result) {
  for (int64_t g = 0; g < p.batches; ++g)
    for (int64_t m = 0; m < p.rows; ++m)
      for (int64_t n = 0; n < p.columns; ++n) {
        float sum = 0;
        for (int64_t k = 0; k < p.terms; ++k)
          sum += left[static_cast<size_t>(g * p.left_batch + m * p.left_row + k * p.left_term)] *
                 right[static_cast<size_t>(g * p.right_batch + k * p.right_term + n * p.right_column)];
        if (p.epilogue & DLC_BIAS)
          sum += bias[static_cast<size_t>(n)];
        if (p.epilogue & DLC_RELU && sum < 0)
          sum = 0;
        result[static_cast<size_t>(g * p.result_batch + m * p.result_row + n)] = sum;
      }
}

/// Small whole numbers, so that sums are exact in any order.
std::vector<float> numbers(size_t count, int seed) {
  std::vector<float> made(count);
  for (size_t i = 0; i < count; ++i)
    made[i] = static_cast<float>(static_cast<int>((i + 1) * 37 % 17 + static_cast<size_t>(seed)) % 13 - 6);
  return made;
}

class CublasLtTest : public CudaFixture {
protected:
  void SetUp() override {
    auto opened = CublasLt::open({"libcublasLt-that-is-not-there.so", FAKE_CUBLASLT_LIBRARY});
    ASSERT_OK(opened);
    products = *opened;
    auto made = CudaFixture::open("", 0, kPtx, products);
    ASSERT_OK(made);
    device = *std::move(made);
    workspace = *device->allocate(DLC_PRODUCT_WORKSPACE);
  }
  void TearDown() override {
    device.reset();
    EXPECT_EQ(count("alive"), 0U);
    EXPECT_EQ(count("in place"), 0U);
    products.reset();
    CudaFixture::TearDown();
  }
  static size_t count(const char *what) { return ask<size_t(const char *)>(FAKE_CUBLASLT_LIBRARY, "fakeCublasLtCount")(what); }

  /// What the device makes of it.
  Result<std::vector<float>> run(const dlc_product &p, const std::vector<float> &left, const std::vector<float> &right, const std::vector<float> &bias,
                                 const std::vector<float> &before) {
    std::vector<void *> memory = {put(*device, left), put(*device, right), put(*device, bias), put(*device, before)};
    Status status = device->multiply(p, {memory[0], memory[1], p.epilogue & DLC_BIAS ? memory[2] : nullptr, nullptr, nullptr, memory[3], workspace});
    std::vector<float> result;
    if (status)
      result = get<float>(*device, memory[3], before.size());
    for (void *used : memory)
      device->release(used);
    if (!status)
      return status;
    return result;
  }

  void check(const Form &form) {
    dlc_product p = form.product();
    Sizes sizes(p);
    Floats left = numbers(sizes.left, 1), right = numbers(sizes.right, 4), bias = numbers(static_cast<size_t>(p.columns), 9);
    Floats expected(sizes.result, -77);
    auto result = run(p, left, right, bias, expected);
    multiply(p, left, right, bias, expected);
    ASSERT_TRUE(result) << result.message();
    EXPECT_EQ(*result, expected) << form.rows << " x " << form.terms << " x " << form.columns << ", batches " << form.batches << ", transposed "
                                 << form.transposedLeft << form.transposedRight << ", one " << form.oneLeft << form.oneRight << ", gap " << form.gap
                                 << ", precision " << form.precision << ", epilogue " << form.epilogue;
  }

  std::shared_ptr<CublasLt> products;
  std::unique_ptr<CudaDevice> device;
  void *workspace = nullptr;
};

TEST_F(CublasLtTest, EveryForm) {
  const int64_t sizes[][3] = {{3, 4, 5}, {5, 2, 3}, {1, 4, 5}, {3, 1, 5}, {3, 4, 1}, {1, 1, 5}, {1, 4, 1}, {3, 1, 1}, {1, 1, 1}};
  for (auto [rows, columns, terms] : sizes)
    for (int bits = 0; bits < 64; ++bits)
      for (int64_t batches : {1, 3}) {
        Form form{rows, columns, terms, batches, (bits & 1) != 0, (bits & 2) != 0};
        form.oneLeft = bits & 4, form.oneRight = bits & 8;
        form.gap = bits & 16 ? 3 : 0;
        form.precision = bits & 32 ? 1 : 0;
        form.epilogue = bits / 4 % 4; // each with every transposition
        check(form);
      }
}

/// Where there is one of something the stride to the next says nothing.
TEST_F(CublasLtTest, StridesToWhatIsNotThere) {
  for (int64_t stride : {0, 1, 2, 100}) {
    dlc_product row = Form{1, 4, 5}.product(), term = Form{3, 4, 1}.product(), column = Form{3, 1, 5}.product();
    row.left_row = row.result_row = row.left_batch = row.right_batch = row.result_batch = stride;
    term.left_term = term.right_term = stride;
    column.right_column = 1, column.right_term = stride + 1;
    for (const dlc_product &p : {row, term, column}) {
      Floats left = numbers(15, 1), right = numbers(static_cast<size_t>(4 * (stride + 1) + 16), 2), expected(12, -7);
      auto result = run(p, left, right, {0}, expected);
      ASSERT_OK(result);
      multiply(p, left, right, {}, expected);
      EXPECT_EQ(*result, expected) << stride << " in a product of " << p.rows << " x " << p.terms << " by " << p.columns;
    }
  }
}

TEST_F(CublasLtTest, BiasAndRelu) {
  for (int32_t epilogue : {0, static_cast<int>(DLC_BIAS), static_cast<int>(DLC_RELU), DLC_BIAS | DLC_RELU})
    for (bool transposed : {false, true})
      for (int64_t batches : {1, 2})
        check({.rows = 4, .columns = 5, .terms = 3, .batches = batches, .transposedLeft = transposed, .transposedRight = !transposed, .epilogue = epilogue});
}

/// Of 1 + 2^-9 tf32 keeps what bf16 drops, of 1 + 2^-12 only f32 keeps it, in both factors.
TEST_F(CublasLtTest, FactorsHaveThePrecisionThatIsAskedFor) {
  const float fine = 1 + 0x1p-12F, coarse = 1 + 0x1p-9F;
  const float expected[3][2] = {{fine, coarse}, {1, coarse}, {1, 1}};
  for (int32_t precision : {0, 1, 2}) {
    dlc_product p = Form{.rows = 1, .columns = 2, .terms = 1, .precision = precision}.product();
    auto right = run(p, {1}, {fine, coarse}, {}, Floats(2));
    ASSERT_OK(right);
    EXPECT_EQ(*right, Floats(expected[precision], expected[precision] + 2));
    p = Form{.rows = 2, .columns = 1, .terms = 1, .precision = precision}.product();
    auto left = run(p, {fine, coarse}, {1}, {}, Floats(2));
    ASSERT_OK(left);
    EXPECT_EQ(*left, Floats(expected[precision], expected[precision] + 2));
  }
}

TEST_F(CublasLtTest, FactorsOfBfloat) {
  for (bool transposed : {false, true}) {
    dlc_product p = Form{.rows = 3, .columns = 4, .terms = 5, .transposedLeft = transposed, .transposedRight = !transposed, .precision = 2}.product();
    Floats left = numbers(15, 1), right = numbers(20, 2), expected(12);
    multiply(p, left, right, {}, expected);
    auto narrow = [](const Floats &numbers) {
      std::vector<uint16_t> made;
      for (float number : numbers)
        made.push_back(floatToBfloat(number));
      return made;
    };
    p.epilogue = DLC_NARROW_FACTORS;
    void *result = put(*device, Floats(12));
    ASSERT_OK(device->multiply(p, {put(*device, narrow(left)), put(*device, narrow(right)), nullptr, nullptr, nullptr, result, workspace}));
    EXPECT_EQ(get<float>(*device, result, 12), expected);
  }
}

TEST_F(CublasLtTest, WhatWasThereIsNotRead) {
  auto result = run(Form{2, 2, 1}.product(), {1, 2}, {3, 4}, {}, Floats(4, NAN));
  ASSERT_OK(result);
  EXPECT_EQ(*result, (Floats{3, 4, 6, 8}));
}

TEST_F(CublasLtTest, NoNumberStaysNoneBehindRelu) {
  auto result = run(Form{.rows = 1, .columns = 3, .terms = 1, .epilogue = DLC_RELU}.product(), {1}, {NAN, -1, 1}, {}, Floats(3));
  ASSERT_OK(result);
  EXPECT_TRUE(std::isnan((*result)[0]));
  EXPECT_EQ((*result)[1], 0);
  EXPECT_EQ((*result)[2], 1);
}

TEST_F(CublasLtTest, AProductIsPlannedOnce) {
  dlc_product p = Form{.rows = 3, .columns = 4, .terms = 5, .epilogue = DLC_BIAS}.product();
  Floats left = numbers(15, 1), right = numbers(20, 2), expected(12);
  size_t heuristics = count("heuristics"), asked = count("products");
  for (int round = 0; round < 3; ++round) { // with a bias of its own each time
    Floats bias = numbers(4, round);
    auto result = run(p, left, right, bias, Floats(12));
    ASSERT_OK(result);
    multiply(p, left, right, bias, expected);
    EXPECT_EQ(*result, expected);
  }
  EXPECT_EQ(count("heuristics"), heuristics + 1);
  EXPECT_EQ(count("products"), asked + 3);
  p.epilogue = DLC_RELU;
  ASSERT_OK(run(p, left, right, {}, Floats(12)));
  p.precision = 1;
  ASSERT_OK(run(p, left, right, {}, Floats(12)));
  EXPECT_EQ(count("heuristics"), heuristics + 3);
}

/// What the library has on a card goes with the card; the library stays for the next.
TEST_F(CublasLtTest, IsGoodForOneDeviceAfterTheOther) {
  for (int round = 0; round < 3; ++round) {
    check({3, 4, 5});
    EXPECT_GT(count("alive"), 0U);
    device.reset();
    EXPECT_EQ(count("alive"), 0U);
    EXPECT_EQ(leaks(), "");
    auto made = CudaFixture::open("", 0, kPtx, products);
    ASSERT_OK(made);
    device = *std::move(made);
    workspace = *device->allocate(DLC_PRODUCT_WORKSPACE);
  }
}

/// The way of a mask: what relu did not let pass is 0 in a later product, whose columns are summed up too.
TEST_F(CublasLtTest, MasksAndSums) {
  for (int32_t bias : {0, static_cast<int>(DLC_BIAS)})
    for (int64_t columns : {5, 128, 140}) {
      dlc_product forward = Form{.rows = 4, .columns = columns, .terms = 3, .epilogue = bias | DLC_RELU}.product();
      dlc_product backward = Form{.rows = 4, .columns = columns, .terms = 6, .transposedRight = true}.product();
      auto n = static_cast<size_t>(columns);
      Floats x = numbers(12, 1), w = numbers(3 * n, 2), line = numbers(n, 5), gradient = numbers(24, 7), next = numbers(6 * n, 8);
      Floats expected(4 * n), passed(4 * n), sums(n);
      multiply(forward, x, w, line, expected);
      multiply(backward, gradient, next, {}, passed);
      for (size_t i = 0; i < passed.size(); ++i) {
        passed[i] = expected[i] > 0 ? passed[i] : 0;
        sums[i % n] += passed[i];
      }
      forward.epilogue |= DLC_RELU_MASK;
      backward.epilogue = DLC_RELU_GRADIENT;
      void *mask = *device->allocate(static_cast<size_t>(DLC_MASK_BYTES(4, columns))), *result = put(*device, Floats(4 * n)), *summed = put(*device, Floats(n));
      ASSERT_OK(device->multiply(forward, {put(*device, x), put(*device, w), bias ? put(*device, line) : nullptr, mask, nullptr, result, workspace}));
      EXPECT_EQ(get<float>(*device, result, 4 * n), expected);
      dlc_product_memory places = {put(*device, gradient), put(*device, next), nullptr, mask, nullptr, result, workspace};
      ASSERT_OK(device->multiply(backward, places));
      EXPECT_EQ(get<float>(*device, result, 4 * n), passed);
      backward.epilogue |= DLC_RESULT_SUMS;
      places.sums = summed;
      ASSERT_OK(device->multiply(backward, places));
      EXPECT_EQ(get<float>(*device, result, 4 * n), passed);
      EXPECT_EQ(get<float>(*device, summed, n), sums);
    }
}

double gelu(double x) { return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))); }
double geluSlope(double x) { return (gelu(x + 1e-5) - gelu(x - 1e-5)) / 2e-5; }

/// The way through gelu: what it takes stands beside the result, and later a product is multiplied by the slope there, whose columns are summed up too.
TEST_F(CublasLtTest, GeluAndItsGradient) {
  for (int32_t bias : {0, static_cast<int>(DLC_BIAS)}) {
    constexpr size_t n = 16;
    dlc_product forward = Form{.rows = 4, .columns = n, .terms = 3, .epilogue = bias}.product();
    dlc_product backward = Form{.rows = 4, .columns = n, .terms = 6, .transposedRight = true}.product();
    Floats x = numbers(12, 1), w = numbers(3 * n, 2), line = numbers(n, 5), gradient = numbers(24, 7), next = numbers(6 * n, 8);
    for (float &number : w)
      number /= 16; // where gelu bends
    Floats before(4 * n), expected(4 * n), passed(4 * n), sums(n);
    multiply(forward, x, w, line, before);
    multiply(backward, gradient, next, {}, passed);
    for (size_t i = 0; i < passed.size(); ++i) {
      expected[i] = static_cast<float>(gelu(before[i]));
      passed[i] = static_cast<float>(passed[i] * geluSlope(before[i]));
      sums[i % n] += passed[i];
    }
    auto isNear = [](const Floats &found, const Floats &wanted) {
      for (size_t i = 0; i < found.size(); ++i)
        EXPECT_NEAR(found[i], wanted[i], 1e-4 * (1 + std::abs(wanted[i]))) << i;
    };
    forward.epilogue |= DLC_GELU;
    void *input = put(*device, Floats(4 * n, -77)), *result = put(*device, Floats(4 * n)), *summed = put(*device, Floats(n));
    dlc_product_memory places = {put(*device, x), put(*device, w), bias ? put(*device, line) : nullptr, nullptr, nullptr, result, workspace};
    ASSERT_OK(device->multiply(forward, places));
    isNear(get<float>(*device, result, 4 * n), expected);
    forward.epilogue |= DLC_GELU_INPUT;
    places.aux = input;
    ASSERT_OK(device->multiply(forward, places));
    isNear(get<float>(*device, result, 4 * n), expected);
    EXPECT_EQ(get<float>(*device, input, 4 * n), before);
    for (int32_t sum : {0, static_cast<int>(DLC_RESULT_SUMS)}) {
      backward.epilogue = DLC_GELU_GRADIENT | sum;
      ASSERT_OK(device->multiply(backward, {put(*device, gradient), put(*device, next), nullptr, input, sum ? summed : nullptr, result, workspace}));
      isNear(get<float>(*device, result, 4 * n), passed);
    }
    isNear(get<float>(*device, summed, n), sums);
  }
}

TEST_F(CublasLtTest, GeluTakesRowsOfAMultipleOfEight) {
  for (int64_t columns : {8, 12}) {
    dlc_product p = Form{.rows = 4, .columns = columns, .terms = 3, .epilogue = DLC_GELU | DLC_GELU_INPUT}.product();
    auto has = device->hasProduct(p);
    ASSERT_OK(has);
    EXPECT_EQ(*has, columns == 8);
  }
}

TEST_F(CublasLtTest, SumsOfTheRightFactor) {
  for (bool transposed : {false, true}) {
    Form form{.rows = 4, .columns = 5, .terms = 3, .transposedRight = transposed};
    dlc_product p = form.product();
    Floats left = numbers(12, 1), right = numbers(15, 2), expected(20), sums(5);
    multiply(p, left, right, {}, expected);
    for (size_t k = 0; k < 3; ++k)
      for (size_t n = 0; n < 5; ++n)
        sums[n] += right[transposed ? n * 3 + k : k * 5 + n];
    p.epilogue = DLC_RIGHT_SUMS;
    void *result = put(*device, Floats(20)), *summed = put(*device, Floats(5));
    ASSERT_OK(device->multiply(p, {put(*device, left), put(*device, right), nullptr, nullptr, summed, result, workspace}));
    EXPECT_EQ(get<float>(*device, result, 20), expected);
    EXPECT_EQ(get<float>(*device, summed, 5), sums);
  }
}

TEST_F(CublasLtTest, SaysWhatItHas) {
  dlc_product p = Form{.rows = 4, .columns = 16, .terms = 16}.product();
  for (int32_t epilogue : {0, DLC_BIAS | DLC_RELU | DLC_RELU_MASK, DLC_RELU_GRADIENT | DLC_RESULT_SUMS, static_cast<int>(DLC_RIGHT_SUMS),
                           DLC_BIAS | DLC_GELU | DLC_GELU_INPUT, DLC_GELU_GRADIENT | DLC_RESULT_SUMS}) {
    p.epilogue = epilogue;
    auto has = device->hasProduct(p);
    ASSERT_OK(has);
    EXPECT_TRUE(*has) << epilogue;
  }
  setenv("FAKE_CUBLASLT", "refuse=152", 1);
  p.columns = p.right_term = p.result_row = 20; // not asked before
  p.epilogue = DLC_RELU_GRADIENT | DLC_RESULT_SUMS;
  EXPECT_FALSE(*device->hasProduct(p));
  p.epilogue = DLC_RELU_GRADIENT;
  EXPECT_TRUE(*device->hasProduct(p));
}

TEST_F(CublasLtTest, TellsWhatToDoWithout) {
  int64_t columns = 16;
  auto missing = [&](const char *fake) {
    setenv("FAKE_CUBLASLT", fake, 1);
    std::vector<dlc_product> all;
    for (int32_t epilogue : {0, DLC_BIAS | DLC_RELU, DLC_BIAS | DLC_RELU | DLC_RELU_MASK, DLC_RELU_GRADIENT | DLC_RESULT_SUMS, static_cast<int>(DLC_RELU_GRADIENT),
                             static_cast<int>(DLC_RIGHT_SUMS), DLC_BIAS | DLC_GELU, DLC_BIAS | DLC_GELU | DLC_GELU_INPUT, static_cast<int>(DLC_GELU_GRADIENT),
                             DLC_GELU_GRADIENT | DLC_RESULT_SUMS})
      all.push_back(Form{.rows = 4, .columns = columns, .terms = 16, .epilogue = epilogue}.product());
    columns += 8; // others the next time, as what is known is not asked for again
    auto found = missingEpilogues(*device, all);
    return found ? *found : -1;
  };
  EXPECT_EQ(missing(""), 0);
  EXPECT_EQ(missing("refuse=134"), DLC_RELU_MASK | DLC_RELU_GRADIENT);
  EXPECT_EQ(missing("refuse=136"), DLC_RELU_MASK | DLC_RELU_GRADIENT);
  EXPECT_EQ(missing("refuse=152"), DLC_RESULT_SUMS | DLC_RIGHT_SUMS);
  EXPECT_EQ(missing("refuse=256"), DLC_RESULT_SUMS | DLC_RIGHT_SUMS);
  EXPECT_EQ(missing("refuse=6"), DLC_BIAS | DLC_RELU);
  EXPECT_EQ(missing("refuse=36"), DLC_GELU);
  EXPECT_EQ(missing("refuse=164"), DLC_GELU_INPUT);
  EXPECT_EQ(missing("refuse=192"), DLC_GELU_GRADIENT);
  EXPECT_EQ(missing("refuse=208"), DLC_RESULT_SUMS | DLC_RIGHT_SUMS);
  EXPECT_EQ(missing("refuse=1"), -1);
}

TEST_F(CublasLtTest, SaysWhatTheLibrarySays) {
  dlc_product p = Form{2, 2, 1}.product();
  auto message = [&](const char *fake) {
    setenv("FAKE_CUBLASLT", fake, 1);
    return run(p, {1, 2}, {3, 4}, {5, 6}, Floats(4)).status().message();
  };
  EXPECT_EQ(message("ways=0"), "cuBLASLt has no way for a product of 2 x 1 by 2 with epilogue 1");
  p.precision = 1;
  EXPECT_EQ(message("refuse=1"), "cuBLASLt has no way for a product of 2 x 1 by 2 with epilogue 1");
  p.precision = 2;
  EXPECT_EQ(message("fail=13"), "a matrix product: cuBLASLt says the function failed to launch on the GPU");
  EXPECT_EQ(message(""), "");
  p.epilogue = DLC_BIAS | DLC_RELU;
  EXPECT_EQ(message("refuse=6"), "cuBLASLt has no way for a product of 2 x 1 by 2 with epilogue 6");
  p.precision = 1;
  EXPECT_EQ(message("refuse=4"), "");
}

TEST_F(CublasLtTest, LinesOverEachOtherAreRefused) {
  const std::string refused = "a matrix product: cuBLASLt says an unsupported value or parameter was passed to the function";
  dlc_product p = Form{3, 4, 5}.product();
  p.left_row = 1; // windows of 5 along a line
  EXPECT_EQ(run(p, Floats(7), Floats(20), {}, Floats(12)).status().message(), refused);
  p = Form{3, 4, 5}.product();
  p.result_row = 3;
  EXPECT_EQ(run(p, Floats(15), Floats(20), {}, Floats(12)).status().message(), refused);
  p = Form{3, 4, 5, 2}.product();
  p.result_batch = 8;
  EXPECT_EQ(run(p, Floats(30), Floats(40), {}, Floats(24)).status().message(), refused);
}

TEST_F(CublasLtTest, PlacesAreAsAlignedAsWasPromised) {
  dlc_product p = Form{.rows = 2, .columns = 4, .terms = 4, .epilogue = DLC_BIAS}.product();
  auto *memory = static_cast<float *>(put(*device, Floats(64, 1)));
  ASSERT_OK(device->multiply(p, {memory, memory + 16, memory + 32, nullptr, nullptr, memory + 40, workspace}));
  ASSERT_OK(device->synchronise());
  for (int which = 0; which < 4; ++which) {
    auto place = [&](int number, int at) { return memory + at + (number == which ? 1 : 0); };
    EXPECT_FALSE(device->multiply(p, {place(0, 0), place(1, 16), place(2, 32), nullptr, nullptr, place(3, 40), workspace})) << which;
  }
}

TEST_F(CublasLtTest, APlaceOutsideOfMemoryIsAFault) {
  dlc_product p = Form{4, 4, 4}.product();
  void *memory = put(*device, Floats(16, 1)), *small = put(*device, Floats(15, 1));
  ASSERT_OK(device->multiply(p, {memory, memory, nullptr, nullptr, nullptr, small, workspace}));
  EXPECT_NE(device->synchronise().message().find("CUDA_ERROR_ILLEGAL_ADDRESS"), std::string::npos);
}

TEST_F(CublasLtTest, SaysWhatIsMissing) {
  EXPECT_EQ(products->version(), "13.1.0");
  setenv("FAKE_CUBLASLT", "version=120805", 1);
  EXPECT_EQ(products->version(), "12.8.5");
  auto none = CublasLt::open({"libcublasLt-that-is-not-there.so"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.status().exitCode(), 3);
  EXPECT_EQ(none.message(), "libcublasLt is not here; it comes with the CUDA toolkit, and large matrix products are faster with it");
  none = CublasLt::open({"libm.so.6"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.message(), "libcublasLt has no `cublasLtCreate`");
  device.reset();
  auto made = CudaFixture::open();
  ASSERT_OK(made);
  EXPECT_EQ((*made)->multiply(Form{1, 1, 1}.product(), {}).message(),
            "a matrix product was asked of cuBLASLt, which is not here");
}

} // namespace
