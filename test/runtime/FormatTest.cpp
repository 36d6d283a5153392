#include "runtime/Format.h"

#include "test/runtime/Files.h"

#include <cmath>
#include <limits>

namespace dlc::runtime {
namespace {

TEST(Format, bytesSecondsAndCounts) {
  EXPECT_EQ(formatBytes(0), "0 B");
  EXPECT_EQ(formatBytes(1023), "1023 B");
  EXPECT_EQ(formatBytes(1536), "1.5 KiB");
  EXPECT_EQ(formatBytes(1024 * 1024 - 1), "1 MiB");
  EXPECT_EQ(formatBytes(uint64_t{1931} << 20), "1.89 GiB");
  EXPECT_EQ(formatBytes(uint64_t{123} << 30), "123 GiB");
  EXPECT_EQ(formatBytes(UINT64_MAX), "16 EiB");
  EXPECT_EQ(formatSeconds(0), "0 ns");
  EXPECT_EQ(formatSeconds(8.5e-7), "850 ns");
  EXPECT_EQ(formatSeconds(1.4e-6), "1.4 µs");
  EXPECT_EQ(formatSeconds(0.0123), "12.3 ms");
  EXPECT_EQ(formatSeconds(0.9999), "1 s");
  EXPECT_EQ(formatSeconds(4.561), "4.56 s");
  EXPECT_EQ(formatSeconds(59.99), "1 min 00 s");
  EXPECT_EQ(formatSeconds(185), "3 min 05 s");
  EXPECT_EQ(formatSeconds(7620), "2 h 07 min");
  EXPECT_EQ(formatSeconds(NAN), "unknown");
  EXPECT_EQ(formatSeconds(INFINITY), "unknown");
  EXPECT_EQ(formatCount(0), "0");
  EXPECT_EQ(formatCount(999), "999");
  EXPECT_EQ(formatCount(1234567), "1,234,567");
  EXPECT_EQ(formatCount(-1000), "-1,000");
}

TEST(Format, backticksShowWhateverAFileHolds) {
  EXPECT_EQ(inBackticks("abc"), "`abc`");
  EXPECT_EQ(inBackticks(bytes("a\n\t\x01\0")), "`a\\n\\t\\x01\\x00`");
  EXPECT_EQ(inBackticks(std::string(50, 'x')), "`" + std::string(40, 'x') + "…`");
}

TEST(FormatSpec, parsesTheGrammar) {
  auto spec = parseFormatSpec("08.3f");
  ASSERT_TRUE(spec);
  EXPECT_TRUE(spec->zeros);
  EXPECT_EQ(spec->width, 8);
  EXPECT_EQ(spec->digits, 3);
  EXPECT_EQ(spec->kind, 'f');
  for (const char *good : {"", "3", "03", ".4", "0", "%", "10e", "5.1%", ".0f"})
    EXPECT_TRUE(parseFormatSpec(good)) << good;
  for (const char *bad :
       {".", "x", "3x", "-3", "3.4.5", "f3", "1001", ".101", "99999999999999999999", "3 "})
    EXPECT_FALSE(parseFormatSpec(bad)) << bad;
}

std::string number(double value, const char *spec) {
  return formatNumber(value, *parseFormatSpec(spec));
}

TEST(Format, listsFewNames) {
  EXPECT_EQ(listed({"a"}), "`a`");
  EXPECT_EQ(listed({"a", "b", "c", "d", "e"}), "`a`, `b`, `c`, `d`, `e`");
  EXPECT_EQ(listed({"a", "b", "c", "d", "e", "f", "g"}), "`a`, `b`, `c`, `d`, `e` and 2 more");
}

TEST(FormatSpec, formatsNumbers) {
  EXPECT_EQ(number(0.123456, ".4"), "0.1235");
  EXPECT_EQ(number(1234.5678, ".4"), "1235");
  EXPECT_EQ(number(123456, ".4"), "1.235e+05");
  EXPECT_EQ(number(3.14159, ".2f"), "3.14");
  EXPECT_EQ(number(3.14159, "8.2f"), "    3.14");
  EXPECT_EQ(number(-3.14159, "08.2f"), "-0003.14");
  EXPECT_EQ(number(0.987, ".1%"), "98.7%");
  EXPECT_EQ(number(12345, ".2e"), "1.23e+04");
  EXPECT_EQ(number(NAN, ".2f"), "nan");
  EXPECT_EQ(number(-INFINITY, "05"), " -inf");
  EXPECT_EQ(number(0.1, ""), "0.1");
  EXPECT_EQ(number(3, ""), "3.0");
  EXPECT_EQ(number(1e20, ""), "1e+20");
  EXPECT_EQ(formatElement(integers({1}, {7}), 0, *parseFormatSpec("03")), "007");
  EXPECT_EQ(formatElement(integers({1}, {-7}), 0, *parseFormatSpec("04")), "-007");
  EXPECT_EQ(formatElement(integers({1}, {std::numeric_limits<int64_t>::max()}), 0),
            "9223372036854775807");
  EXPECT_EQ(formatElement(integers({1}, {7}), 0, *parseFormatSpec(".1f")), "7.0");
  EXPECT_EQ(formatElement(floats({1}, {0.1f}), 0), "0.1"); // the shortest for its type
  EXPECT_EQ(formatElement(tensorOf<uint8_t>(ElementType::Bool, {2}, {0, 1}), 1), "true");
}

TEST(FormatTensor, printsAsNumPyDoes) {
  EXPECT_EQ(formatTensor(floats({3}, {1, 2.5, -3})), "[ 1.   2.5 -3. ]");
  EXPECT_EQ(formatTensor(floats({2, 2}, {1, 2, 3, 4})), "[[1. 2.]\n [3. 4.]]");
  EXPECT_EQ(formatTensor(integers({2, 3}, {1, 20, 3, -4, 5, 600})),
            "[[  1  20   3]\n [ -4   5 600]]");
  EXPECT_EQ(formatTensor(floats({3}, {1e-5f, 1, 1000})), "[1.e-05 1.e+00 1.e+03]");
  EXPECT_EQ(formatTensor(floats({2}, {1.5e-6f, 2})), "[1.5e-06 2.0e+00]");
  EXPECT_EQ(formatTensor(floats({3}, {NAN, 1.5f, INFINITY})), "[nan 1.5 inf]");
  EXPECT_EQ(formatTensor(tensorOf<uint8_t>(ElementType::Bool, {2}, {1, 0})), "[ true false]");
  EXPECT_EQ(formatTensor(floats({}, {2.5f})), "2.5");
  EXPECT_EQ(formatTensor(floats({0}, {})), "[]");
  EXPECT_EQ(formatTensor(integers({2, 1, 2}, {1, 2, 3, 4})), "[[[1 2]]\n\n [[3 4]]]");
  EXPECT_EQ(formatTensor(floats({2}, {0.123f, 10}), *parseFormatSpec(".1f")), "[ 0.1 10.0]");
  EXPECT_EQ(formatTensor(integers({2, 2}, {1, 2, 3, 4}), {}, 4), "[[1 2]\n     [3 4]]");
}

TEST(FormatTensor, breaksLongRowsAndLeavesOutTheMiddle) {
  std::vector<int64_t> values(30);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<int64_t>(i);
  EXPECT_EQ(formatTensor(integers({30}, values)),
            "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n"
            " 24 25 26 27 28 29]");
  values.resize(2000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<int64_t>(i);
  EXPECT_EQ(formatTensor(integers({2000}, values)), "[   0    1    2 ... 1997 1998 1999]");
  EXPECT_EQ(formatTensor(integers({1000, 2}, values)),
            "[[   0    1]\n [   2    3]\n [   4    5]\n ...\n [1994 1995]\n [1996 1997]\n "
            "[1998 1999]]");
}

TEST(TextTemplate, fillsValues) {
  auto fill = [](const char *text, std::vector<Tensor> operands) {
    auto parsed = TextTemplate::parse(text, operands.size());
    EXPECT_TRUE(parsed.ok()) << parsed.message();
    return parsed->fill(operands);
  };
  EXPECT_EQ(fill("epoch {}: {:.4}", {integers({}, {3}), floats({}, {0.12345f})}),
            "epoch 3: 0.1235");
  EXPECT_EQ(fill("digits-{:03}.png", {integers({}, {5})}), "digits-005.png");
  EXPECT_EQ(fill("{1} {0} {{}}", {integers({}, {1}), integers({}, {2})}), "2 1 {}");
  EXPECT_EQ(fill("w = {}", {integers({2, 1}, {1, 2})}), "w = [[1]\n     [2]]");
  EXPECT_EQ(fill("", {}), "");
}

TEST(TextTemplate, namesWhatIsWrong) {
  expectFailure(TextTemplate::parse("a { b", 1), {"a `{` without `}`"});
  expectFailure(TextTemplate::parse("a } b", 1), {"a `}` without `{`"});
  expectFailure(TextTemplate::parse("{:x}", 1), {"`x` is no format"});
  expectFailure(TextTemplate::parse("{} {}", 1), {"operand 1 is not there"});
  expectFailure(TextTemplate::parse("{a}", 1), {"`a` is not the number of an operand"});
}

} // namespace
} // namespace dlc::runtime
