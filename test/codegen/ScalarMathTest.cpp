// The transcendental functions against libm in a wider type, in units in the last place over dense samples.
#include "codegen/cpu/Compile.h"
#include "codegen/common/Jit.h"
#include "ir/Ops.h"
#include "ir/eval/Buffers.h"
#include "runtime/abi.h"

#include "mlir/Parser/Parser.h"
#include "llvm/ADT/bit.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <vector>
#include <xmmintrin.h>

using namespace mlir;
using namespace dlc;

namespace {

int32_t inOrder(dlc_context *, dlc_kernel kernel, void *const *buffers, const int64_t *sizes, int64_t tiles, int64_t, int32_t) {
  kernel(buffers, sizes, 0, tiles, nullptr);
  return 0;
}

constexpr int64_t kCount = 1 << 16;

/// Compiles `operation` on `type`, once, and applies it to `kCount` elements.
template <typename T> class Compiled {
public:
  Compiled(const std::string &operation, bool binary) : binary(binary) {
    context.loadDialect<ir::DLDialect>();
    std::string type = "tensor<" + std::to_string(kCount) + (sizeof(T) == 4 ? "xf32>" : "xf64>");
    std::string arguments = "%a: " + type + (binary ? ", %b: " + type : "");
    std::string operands = std::string(binary ? "%a, %b" : "%a"), types = type + (binary ? ", " + type : "");
    std::string text = "dl.func private @k(" + arguments + ") -> (" + type + ") attributes {dl.kernel = \"map\"} {\n  %y = dl." + operation +
                       " " + operands + " : " + type + "\n  dl.return %y : " + type + "\n}\n" + "dl.func @main(" + arguments + ") -> (" + type +
                       ") attributes {dl.arena = 0} {\n  %y = dl.launch @k(" + operands + ") into [0] : (" + types + ") -> " + type +
                       "\n  dl.return %y : " + type + "\n}\n";
    auto module = parseSourceString<ModuleOp>(text, &context);
    codegen::CompileOptions options;
    options.processor = codegen::hostProcessor();
    codegen::CompiledObject compiled;
    if (!module || failed(codegen::compile(*module, options, compiled)))
      return;
    std::string error;
    object = codegen::LoadedObject::load(compiled.bytes, error);
    if (object)
      entry = object->lookupAs<dlc_entry>("dlc.main");
  }

  std::vector<T> operator()(std::vector<T> a, std::vector<T> b = {}) {
    a.resize(kCount), b.resize(kCount);
    std::vector<T> result(kCount);
    std::vector<void *> buffers{a.data()};
    if (binary)
      buffers.push_back(b.data());
    buffers.insert(buffers.end(), {result.data(), nullptr});
    dlc_runtime table = {};
    table.version = DLC_ABI_VERSION;
    table.size = sizeof(dlc_runtime);
    table.parallel_for = inOrder;
    dlc_context context{&table, buffers.data(), nullptr, nullptr, 0};
    unsigned saved = _mm_getcsr();
    _mm_setcsr(saved | 0x8040); // as on the threads of the runtime
    entry(&context, buffers.data());
    _mm_setcsr(saved);
    return result;
  }

  bool good() const { return entry != nullptr; }

private:
  bool binary;
  MLIRContext context;
  std::unique_ptr<codegen::LoadedObject> object;
  dlc_entry entry = nullptr;
};

/// The distance in units in the last place of `T`; results that are denormal count as zero.
template <typename T> double ulps(T found, long double expected) {
  if (std::isnan(expected))
    return std::isnan(found) ? 0 : 1e9;
  if (std::isinf(static_cast<T>(expected)) || std::isinf(found))
    return static_cast<T>(expected) == found ? 0 : 1e9;
  if (std::fabs(expected) < std::numeric_limits<T>::min())
    return std::fabs(found) <= std::numeric_limits<T>::min() ? 0 : 1e9;
  int exponent;
  std::frexp(expected, &exponent);
  return std::fabs(static_cast<double>((found - expected) / std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits)));
}

template <typename T>
void expectUnary(const std::string &name, double low, double high, long double (*reference)(long double), double limit) {
  Compiled<T> compiled("unary " + name, false);
  ASSERT_TRUE(compiled.good());
  double worst = 0;
  T at = 0, found = 0;
  for (int part = 0; part < 4; ++part) {
    std::vector<T> x(kCount);
    for (int64_t i = 0; i < kCount; ++i)
      x[i] = static_cast<T>(low + (high - low) * (i + 0.25 * part) / kCount);
    std::vector<T> y = compiled(x);
    for (int64_t i = 0; i < kCount; ++i)
      if (double u = ulps(y[i], reference(x[i])); u > worst)
        worst = u, at = x[i], found = y[i];
  }
  EXPECT_LE(worst, limit) << name << "(" << at << ") = " << found << ", expected " << static_cast<double>(reference(at));
  ::testing::Test::RecordProperty(name, std::to_string(worst));
}

/// Values whose results C fixes.
template <typename T> void expectSpecial(const std::string &name, long double (*reference)(long double)) {
  Compiled<T> compiled("unary " + name, false);
  ASSERT_TRUE(compiled.good());
  T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> x{0, T(-0.0), 1, -1, infinity, -infinity, nan, std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest()};
  std::vector<T> y = compiled(x);
  for (size_t i = 0; i < x.size(); ++i)
    EXPECT_LE(ulps(y[i], reference(x[i])), 2) << name << "(" << x[i] << ") = " << y[i];
}

long double sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }

} // namespace

#define LIBM(name) static_cast<long double (*)(long double)>(std::name)

TEST(ScalarMath, ExpIsWithinTwoUlp) {
  expectUnary<float>("exp", -88, 89, LIBM(exp), 2);
  expectUnary<float>("exp", -0.5, 0.5, LIBM(exp), 2);
  expectUnary<double>("exp", -709, 710, LIBM(exp), 2);
  expectSpecial<float>("exp", LIBM(exp));
  expectSpecial<double>("exp", LIBM(exp));
}

TEST(ScalarMath, Expm1IsWithinTwoUlp) {
  expectUnary<float>("expm1", -30, 89, LIBM(expm1), 2);
  expectUnary<float>("expm1", -1, 1, LIBM(expm1), 2);
  expectUnary<float>("expm1", -1e-6, 1e-6, LIBM(expm1), 2);
  expectUnary<double>("expm1", -4, 4, LIBM(expm1), 4);
  expectSpecial<float>("expm1", LIBM(expm1));
  expectSpecial<double>("expm1", LIBM(expm1));
}

TEST(ScalarMath, LogIsWithinTwoUlp) {
  expectUnary<float>("log", 1e-6, 4, LIBM(log), 2);
  expectUnary<float>("log", 0.9, 1.1, LIBM(log), 2);
  expectUnary<float>("log", 1, 3e38, LIBM(log), 2);
  expectUnary<double>("log", 1e-6, 4, LIBM(log), 2);
  expectUnary<double>("log", 1, 1e300, LIBM(log), 2);
  expectSpecial<float>("log", LIBM(log));
  expectSpecial<double>("log", LIBM(log));
}

TEST(ScalarMath, Log1pIsWithinTwoUlp) {
  expectUnary<float>("log1p", -0.99, 4, LIBM(log1p), 2);
  expectUnary<float>("log1p", -1e-3, 1e-3, LIBM(log1p), 2);
  expectUnary<float>("log1p", 1, 1e30, LIBM(log1p), 2);
  expectUnary<double>("log1p", -0.99, 4, LIBM(log1p), 2);
  expectSpecial<float>("log1p", LIBM(log1p));
  expectSpecial<double>("log1p", LIBM(log1p));
}

TEST(ScalarMath, SineAndCosineAreWithinTwoUlp) {
  expectUnary<float>("sin", -8, 8, LIBM(sin), 2);
  expectUnary<float>("sin", -1e5, 1e5, LIBM(sin), 2);
  expectUnary<float>("sin", 1e9, 1e10, LIBM(sin), 2);
  expectUnary<float>("cos", -8, 8, LIBM(cos), 2);
  expectUnary<float>("cos", -1e5, 1e5, LIBM(cos), 2);
  expectUnary<float>("tan", -8, 8, LIBM(tan), 1);
  expectUnary<double>("sin", -2, 2, LIBM(sin), 2);
  expectUnary<double>("cos", -1, 1, LIBM(cos), 2);
}

TEST(ScalarMath, TanhIsWithinTwoUlp) {
  expectUnary<float>("tanh", -10, 10, LIBM(tanh), 2);
  expectUnary<float>("tanh", -0.7, 0.7, LIBM(tanh), 2);
  expectUnary<double>("tanh", -20, 20, LIBM(tanh), 2.5);
  expectSpecial<float>("tanh", LIBM(tanh));
  expectSpecial<double>("tanh", LIBM(tanh));
}

TEST(ScalarMath, SigmoidIsWithinThreeUlp) {
  expectUnary<float>("sigmoid", -80, 80, sigmoid, 3);
  expectUnary<float>("sigmoid", -4, 4, sigmoid, 3);
  expectUnary<double>("sigmoid", -30, 30, sigmoid, 3);
}

TEST(ScalarMath, ErfIsWithinTwoUlp) {
  expectUnary<float>("erf", -4.5, 4.5, LIBM(erf), 2);
  expectUnary<float>("erf", -0.01, 0.01, LIBM(erf), 2);
  expectUnary<double>("erf", -6, 6, LIBM(erf), 2);
  expectSpecial<float>("erf", LIBM(erf));
}

template <typename T> void expectPow(double most) {
  Compiled<T> compiled("binary pow", true);
  ASSERT_TRUE(compiled.good());
  std::vector<T> a(kCount), b(kCount);
  for (int64_t i = 0; i < kCount; ++i)
    a[i] = T(0.01) + T(3.0) * (i % 256) / 256, b[i] = -8 + T(16.0) * (i / 256) / 256;
  std::vector<T> y = compiled(a, b);
  for (int64_t i = 0; i < kCount; ++i)
    ASSERT_LE(ulps(y[i], std::pow(static_cast<long double>(a[i]), static_cast<long double>(b[i]))), most) << a[i] << " " << b[i];
  T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> points{0, -1, 1, 2, -2, T(0.5), 3, -3, infinity, -infinity, nan};
  a.clear(), b.clear();
  for (T p : points)
    for (T q : points)
      a.push_back(p), b.push_back(q);
  size_t count = a.size();
  y = compiled(a, b);
  for (size_t i = 0; i < count; ++i)
    EXPECT_LE(ulps(y[i], std::pow(static_cast<long double>(a[i]), static_cast<long double>(b[i]))), most) << a[i] << " " << b[i] << " " << y[i];
}

TEST(ScalarMath, PowIsWithinTwoUlpAndFollowsC) {
  expectPow<float>(1);
  expectPow<double>(2);
}

template <typename T> void expectAtan2() {
  Compiled<T> compiled("binary atan2", true);
  ASSERT_TRUE(compiled.good());
  std::vector<T> a(kCount), b(kCount);
  for (int64_t i = 0; i < kCount; ++i)
    a[i] = -3 + T(6.0) * (i % 256) / 255, b[i] = -3 + T(6.0) * (i / 256) / 255;
  std::vector<T> y = compiled(a, b);
  for (int64_t i = 0; i < kCount; ++i)
    ASSERT_LE(ulps(y[i], std::atan2(static_cast<long double>(a[i]), static_cast<long double>(b[i]))), 3) << a[i] << " " << b[i];
  T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> points{0, -T(0.0), 1, -1, infinity, -infinity, nan};
  a.clear(), b.clear();
  for (T p : points)
    for (T q : points)
      a.push_back(p), b.push_back(q);
  size_t count = a.size();
  y = compiled(a, b);
  for (size_t i = 0; i < count; ++i)
    EXPECT_LE(ulps(y[i], std::atan2(static_cast<long double>(a[i]), static_cast<long double>(b[i]))), 2) << a[i] << " " << b[i] << " " << y[i];
}

TEST(ScalarMath, Atan2IsWithinThreeUlpAndFollowsC) {
  expectAtan2<float>();
  expectAtan2<double>();
}

/// Numbers with all exponents and with bits around the middle between two numbers of the format, to the bit.
template <typename T> void expectRounding(ir::Precision precision) {
  Compiled<T> compiled("unary round_" + stringifyPrecision(precision).str(), false);
  ASSERT_TRUE(compiled.good());
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  constexpr int mantissa = std::numeric_limits<T>::digits - 1;
  std::vector<T> x(kCount);
  for (int64_t i = 0; i < kCount; ++i) {
    uint64_t mixed = 0x9e3779b97f4a7c15ull * static_cast<uint64_t>(i + 1);
    Bits bits = static_cast<Bits>(mixed >> (64 - 8 * sizeof(T)));
    int dropped = mantissa - (precision == ir::Precision::bf16 ? 7 : 10);
    if (i % 4 < 3) // a tie, and its neighbours
      bits = static_cast<Bits>(((bits >> dropped << dropped) | (Bits{1} << (dropped - 1))) + static_cast<Bits>(i % 4) - 1);
    if (sizeof(T) == 8 && i % 8 < 6) // near the range of f32, most numbers of f64 are outside
      bits = (bits & ((Bits{1} << mantissa) - 1)) | (static_cast<Bits>(1023 - 130 + i / 8 % 262) << mantissa);
    x[static_cast<size_t>(i)] = llvm::bit_cast<T>(bits);
  }
  std::vector<T> y = compiled(x);
  for (size_t i = 0; i < x.size(); ++i) {
    T expected = static_cast<T>(ir::eval::roundedTo(precision, x[i]));
    if (std::isnan(expected))
      ASSERT_TRUE(std::isnan(y[i])) << x[i];
    else
      ASSERT_EQ(llvm::bit_cast<Bits>(y[i]), llvm::bit_cast<Bits>(expected)) << x[i] << " " << y[i] << " " << expected;
  }
}

TEST(ScalarMath, RoundingToFormatsIsThatOfTheEvaluator) {
  for (ir::Precision precision : {ir::Precision::bf16, ir::Precision::tf32}) {
    expectRounding<float>(precision);
    expectRounding<double>(precision);
  }
}
