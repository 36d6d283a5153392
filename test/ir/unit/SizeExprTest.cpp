#include "ir/SizeExpr.h"

#include "gtest/gtest.h"

#include <map>
#include <random>

using namespace dlc::ir;
using llvm::StringRef;

namespace {

const SizeExpr B = SizeExpr::symbol("B"), N = SizeExpr::symbol("N"), T = SizeExpr::symbol("T");

SizeExpr at(const SizeExpr &size, std::map<std::string, int64_t> values) {
  return size.substitute([&](StringRef name) -> std::optional<SizeExpr> {
    auto found = values.find(name.str());
    return found == values.end() ? std::nullopt : std::optional(SizeExpr(found->second));
  });
}

TEST(SizeExpr, PolynomialsAreCanonical) {
  EXPECT_EQ((B + N) * (B - N), B * B - N * N);
  EXPECT_EQ(B * 2 + 1 - B, B + 1);
  EXPECT_EQ(B - B, SizeExpr(0));
  EXPECT_EQ((B + 1) * (B + 1), B * B + 2 * B + 1);
  EXPECT_NE(B, SizeExpr(2) * B);
}

TEST(SizeExpr, PrintsHigherPowersFirst) {
  EXPECT_EQ((SizeExpr(1) + B * 2).str(), "2*B + 1");
  EXPECT_EQ((N - B * B).str(), "-B*B + N");
  EXPECT_EQ((T * B + N - 3).str(), "B*T + N - 3");
  EXPECT_EQ(SizeExpr().str(), "0");
  EXPECT_EQ(SizeExpr(-7).str(), "-7");
  EXPECT_EQ(SizeExpr::symbol("rows.seen").str(), "rows.seen");
  EXPECT_EQ(SizeExpr::symbol("a b\"c").str(), "\"a b\\22c\"");
  EXPECT_EQ(SizeExpr::symbol("max").str(), "\"max\"");
}

TEST(SizeExpr, FloorDivision) {
  EXPECT_EQ(SizeExpr::floordiv(4 * B + 6, 2), 2 * B + 3);
  EXPECT_EQ(SizeExpr::floordiv(2 * B + 1, 2), B);
  EXPECT_EQ(SizeExpr::floordiv(6 * B + 3, 4).str(), "B + floordiv(B + 1, 2)");
  EXPECT_EQ(SizeExpr::floordiv(SizeExpr::floordiv(N, 2), 3), SizeExpr::floordiv(N, 6));
  EXPECT_EQ(SizeExpr::floordiv(SizeExpr::floordiv(N + 1, 2) + 1, 2), SizeExpr::floordiv(N + 3, 4));
  EXPECT_EQ(SizeExpr::floordiv(N, -1), SizeExpr(0) - N);
  EXPECT_EQ(SizeExpr::floordiv(B * N + B, B), N + 1);
  EXPECT_EQ(SizeExpr::floordiv(B * N + T, B).str(), "N + floordiv(T, B)");
  EXPECT_EQ(SizeExpr::floordiv(-7, 2), SizeExpr(-4));
}

TEST(SizeExpr, RemaindersSayWhatDivides) {
  EXPECT_EQ(SizeExpr::mod(4 * N, 4), SizeExpr(0));
  EXPECT_EQ(SizeExpr::mod(4 * N + 7, 4), SizeExpr(3));
  EXPECT_EQ(SizeExpr::mod(N, 4) + 4 * SizeExpr::floordiv(N, 4), N);
  EXPECT_EQ(SizeExpr::mod(-7, 2), SizeExpr(1));
}

TEST(SizeExpr, MinimumAndMaximum) {
  EXPECT_EQ(SizeExpr::min(B, B + 3), B);
  EXPECT_EQ(SizeExpr::max(B, B + 3), B + 3);
  EXPECT_EQ(SizeExpr::min(B, N), SizeExpr::min(N, B));
  EXPECT_EQ(SizeExpr::min(SizeExpr::min(B, N), T), SizeExpr::min(B, SizeExpr::min(T, N)));
  EXPECT_EQ(SizeExpr::min(SizeExpr::min(B, N), B), SizeExpr::min(B, N));
  EXPECT_EQ(SizeExpr::min(B + 1, N + 1), SizeExpr::min(B, N) + 1);
  EXPECT_EQ(SizeExpr::max(3, 5), SizeExpr(5));
  EXPECT_EQ(SizeExpr::min(B, 32).str(), "min(B, 32)");
}

TEST(SizeExpr, ExactDivision) {
  EXPECT_EQ(SizeExpr::exactDiv(B * B - N * N, B + N), B - N);
  EXPECT_EQ(SizeExpr::exactDiv(6 * B * T, 3 * T), 2 * B);
  EXPECT_EQ(SizeExpr::exactDiv(B + 1, B), std::nullopt);
  EXPECT_EQ(SizeExpr::exactDiv(3 * B, 2), std::nullopt);
  EXPECT_EQ(SizeExpr::exactDiv(B, 0), std::nullopt);
  EXPECT_EQ(SizeExpr::exactDiv(0, B), SizeExpr(0));
}

TEST(SizeExpr, Substitution) {
  SizeExpr size = SizeExpr::floordiv(N * N + B, 4) + SizeExpr::min(N, B);
  EXPECT_EQ(at(size, {{"N", 3}, {"B", 5}}), SizeExpr(3 + 3));
  EXPECT_EQ(at(size, {{"N", 3}}), SizeExpr::floordiv(B + 9, 4) + SizeExpr::min(B, 3));
  EXPECT_EQ(SizeExpr::floordiv(N, 4).substitute([](StringRef) { return 4 * SizeExpr::symbol("n"); }), SizeExpr::symbol("n"));
}

TEST(SizeExpr, SymbolsComeOnceInOrder) {
  std::string names;
  (N * B + SizeExpr::floordiv(B + T, 2)).forEachSymbol([&](StringRef name) { names += name; });
  EXPECT_EQ(names, "BNT");
  EXPECT_EQ(B.asSymbol(), "B");
  EXPECT_EQ((2 * B).asSymbol(), std::nullopt);
  EXPECT_EQ((B * B).asSymbol(), std::nullopt);
}

TEST(SizeExpr, OverflowStays) {
  SizeExpr huge = INT64_MAX;
  EXPECT_TRUE((huge + 1).hasOverflow());
  EXPECT_TRUE((huge * 2 - huge).hasOverflow());
  EXPECT_TRUE((huge * B * 2).hasOverflow());
  EXPECT_TRUE(SizeExpr(INT64_MIN).hasOverflow());
  EXPECT_TRUE(SizeExpr::floordiv(B, 0).hasOverflow());
  EXPECT_TRUE(SizeExpr::mod(B, 0).hasOverflow());
  EXPECT_TRUE(SizeExpr::min(huge + 1, B).hasOverflow());
  EXPECT_FALSE((huge + 1).isConstant());
  EXPECT_EQ((huge + 1).str(), "overflow");
  SizeExpr power = B;
  for (int i = 0; i < 100; ++i)
    power = power * B;
  EXPECT_TRUE(power.hasOverflow());
  SizeExpr nested = B;
  for (int i = 0; i < 100; ++i)
    nested = SizeExpr::floordiv(nested + N, T);
  EXPECT_TRUE(nested.hasOverflow());
}

TEST(SizeExpr, ParsesWhatItPrints) {
  for (SizeExpr size : {SizeExpr(0), SizeExpr(-3), B, 2 * B + 1, SizeExpr(0) - B, SizeExpr::floordiv(N - 3, 2) + 1, SizeExpr::min(B, N) * T,
                        SizeExpr::symbol("two words"), SizeExpr::symbol("max"), SizeExpr::symbol("ä\"\\\n"), SizeExpr(INT64_MAX) + 1}) {
    std::optional<SizeExpr> back = SizeExpr::parse(size.str());
    ASSERT_TRUE(back) << size.str();
    EXPECT_EQ(*back, size) << size.str() << " read as " << back->str();
  }
  EXPECT_EQ(SizeExpr::parse(" 2 * ( B+1 ) - mod(N,2)"), 2 * B + 2 - SizeExpr::mod(N, 2));
}

TEST(SizeExpr, RefusesOtherText) {
  for (StringRef text : {"", "2*", "B N", "floordiv(B)", "floordiv B, 2", "B +", "--B", "\"open", "9223372036854775808", "B^2", "(B", "B)", "3x"})
    EXPECT_FALSE(SizeExpr::parse(text)) << text.str();
  EXPECT_FALSE(SizeExpr::parse(std::string(100000, '(')));
}

/// Random expressions have the value that their parts have.
TEST(SizeExpr, AgreesWithIntegers) {
  std::mt19937 random(7);
  auto draw = [&](int n) { return int(random() % n); };
  auto floorDiv = [](int64_t a, int64_t k) { return a / k - ((a % k != 0 && (a < 0) != (k < 0)) ? 1 : 0); };
  for (int round = 0; round < 3000; ++round) {
    std::map<std::string, int64_t> values{{"B", 1 + draw(9)}, {"N", 1 + draw(9)}, {"T", 1 + draw(9)}};
    std::vector<std::pair<SizeExpr, int64_t>> pool{{B, values["B"]}, {N, values["N"]}, {T, values["T"]}, {SizeExpr(draw(7) - 3), 0}};
    pool[3].second = *pool[3].first.constant();
    for (int step = 0; step < 6; ++step) {
      auto [a, x] = pool[draw(pool.size())];
      auto [b, y] = pool[draw(pool.size())];
      int64_t k = 1 + draw(6);
      switch (draw(7)) {
      case 0: pool.push_back({a + b, x + y}); break;
      case 1: pool.push_back({a - b, x - y}); break;
      case 2: if (std::abs(x) < 10000 && std::abs(y) < 10000) pool.push_back({a * b, x * y}); break;
      case 3: pool.push_back({SizeExpr::floordiv(a, k), floorDiv(x, k)}); break;
      case 4: pool.push_back({SizeExpr::mod(a, k), x - k * floorDiv(x, k)}); break;
      case 5: pool.push_back({SizeExpr::min(a, b), std::min(x, y)}); break;
      case 6: pool.push_back({SizeExpr::max(a, b), std::max(x, y)}); break;
      }
    }
    for (auto &[size, value] : pool) {
      ASSERT_EQ(at(size, values), SizeExpr(value)) << size.str();
      std::optional<SizeExpr> back = SizeExpr::parse(size.str());
      ASSERT_TRUE(back) << size.str();
      ASSERT_EQ(*back, size) << size.str();
    }
  }
}

} // namespace
