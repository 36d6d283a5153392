// The vectors of docs/random.md, and the properties that it promises.
#include "runtime/Random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace dlc::runtime {
namespace {

using Words = std::array<uint32_t, 4>;

TEST(Random, philoxGivesThePublishedWords) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, keysAreAsDocumented) {
  EXPECT_EQ(site(""), 0xf52a15e9a9b5e89bull);
  uint64_t place = site("net.conv1.weight");
  EXPECT_EQ(place, 0xac0f2e2de89244b9ull);
  EXPECT_EQ(mix(0, place), 0x34be7150ed710459ull);
  uint64_t key = mix(42, place);
  EXPECT_EQ(key, 0xd52456e7ba98ba94ull);
  EXPECT_EQ(fold(key, 0), 0xf8531b56a497f011ull);
  EXPECT_EQ(fold(key, 3), 0x6cb9842463344555ull);
  EXPECT_EQ(fold(fold(key, 0), 3), 0xeb2070b3a9a7e0cfull);
}

TEST(Random, wordsAreAsDocumented) {
  uint64_t key = mix(42, site("net.conv1.weight"));
  EXPECT_EQ(randomWords(key, 0, 0), (Words{0x1f27b407, 0x8c1cdeda, 0x56fab6d6, 0x5b322581}));
  EXPECT_EQ(randomWords(key, 7, 1), (Words{0xe30b5817, 0x3a16e6f3, 0x9aa9da06, 0x9360a414}));
  EXPECT_EQ(randomWords(key, 7, 0), (Words{0x034682bd, 0x0d70efa4, 0xf0095721, 0x123124ea}));
  EXPECT_EQ(uniformOf(0x034682bd), 0.0127946138381958);
  EXPECT_LT(uniformOf(0xffffffff), 1.0);
}

TEST(Random, highHalvesOfStepAndBlockCount) {
  EXPECT_NE(randomWords(1, 2, 3), randomWords(1, 2 + (uint64_t{1} << 32), 3));
  EXPECT_NE(randomWords(1, 2, 3), randomWords(1, 2, 3 + (uint64_t{1} << 32)));
  EXPECT_NE(randomWords(1, 2, 3), randomWords(1 + (uint64_t{1} << 32), 2, 3));
}

TEST(Permutation, isAsDocumented) {
  auto rows = [](uint64_t key, uint64_t count, size_t shown) {
    Permutation permutation(key, count);
    std::vector<uint64_t> result;
    for (size_t i = 0; i < shown; ++i)
      result.push_back(permutation(i));
    return result;
  };
  uint64_t shuffle = mix(42, site("train:shuffle"));
  EXPECT_EQ(rows(fold(shuffle, 1), 10, 10), (std::vector<uint64_t>{7, 5, 2, 4, 0, 8, 9, 6, 1, 3}));
  EXPECT_EQ(rows(fold(shuffle, 2), 10, 10), (std::vector<uint64_t>{0, 2, 7, 9, 8, 3, 5, 4, 1, 6}));
  EXPECT_EQ(rows(fold(shuffle, 1), 60000, 5),
            (std::vector<uint64_t>{39369, 17079, 29963, 48488, 9110}));
  EXPECT_EQ(rows(fold(shuffle, 1), 5'000'000'000, 3),
            (std::vector<uint64_t>{2464953202, 167770711, 3131672733}));
  EXPECT_EQ(rows(mix(42, site("houses:split")), 8, 8),
            (std::vector<uint64_t>{7, 3, 2, 5, 1, 6, 4, 0}));
}

TEST(Permutation, isABijectionForEverySize) {
  for (uint64_t rows : {1, 2, 3, 31, 255, 256, 257, 1000, 1023, 1025, 65536, 100003}) {
    std::vector<int64_t> all(rows), expected(rows);
    Permutation(fold(99, rows), rows).fill(0, static_cast<int64_t>(rows), all.data());
    std::sort(all.begin(), all.end());
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(all, expected) << rows << " rows";
  }
}

TEST(Permutation, fillGivesWhatSingleCallsGive) {
  Permutation permutation(7, 1000);
  std::vector<int64_t> part(100);
  permutation.fill(333, 100, part.data());
  for (size_t i = 0; i < part.size(); ++i)
    EXPECT_EQ(static_cast<uint64_t>(part[i]), permutation(333 + i));
}

/// Chi-squared over degrees of freedom of equally likely outcomes.
double chiSquared(const std::map<uint64_t, int> &counts, size_t outcomes, int draws) {
  double expected = static_cast<double>(draws) / static_cast<double>(outcomes), sum = 0;
  for (auto &[outcome, count] : counts)
    sum += (count - expected) * (count - expected) / expected;
  sum += static_cast<double>(outcomes - counts.size()) * expected;
  return sum / static_cast<double>(outcomes - 1);
}

TEST(Permutation, ordersOfFewRowsAreEquallyLikely) {
  for (auto [rows, orders] : {std::pair{2, 2}, {3, 6}, {4, 24}, {5, 120}}) {
    std::map<uint64_t, int> counts;
    constexpr int draws = 24000;
    for (int epoch = 1; epoch <= draws; ++epoch) {
      Permutation permutation(fold(12345, static_cast<uint64_t>(epoch)),
                              static_cast<uint64_t>(rows));
      uint64_t order = 0;
      for (int i = 0; i < rows; ++i)
        order = order * 8 + permutation(static_cast<uint64_t>(i));
      ++counts[order];
    }
    // Five standard deviations of chi-squared / df, whose variance is 2 / df.
    EXPECT_LT(chiSquared(counts, static_cast<size_t>(orders), draws),
              1 + 5 * std::sqrt(2.0 / (orders - 1)))
        << rows << " rows";
  }
}

TEST(Permutation, everyRowIsEquallyLikelyAtAPlace) {
  for (uint64_t rows : {100, 256, 300, 1000})
    for (uint64_t place : {uint64_t{0}, rows / 2, rows - 1}) {
      std::map<uint64_t, int> counts;
      constexpr int draws = 40000;
      for (uint64_t epoch = 1; epoch <= draws; ++epoch)
        ++counts[Permutation(fold(777, epoch), rows)(place)];
      EXPECT_LT(chiSquared(counts, rows, draws),
                1 + 5 * std::sqrt(2.0 / static_cast<double>(rows - 1)))
          << rows << " rows";
    }
}

TEST(Permutation, neighboursAreNotKeptTogether) {
  constexpr uint64_t rows = 1000;
  int together = 0;
  constexpr int epochs = 2000;
  for (uint64_t epoch = 1; epoch <= epochs; ++epoch) {
    Permutation permutation(fold(5, epoch), rows);
    for (uint64_t i = 0; i + 1 < 20; ++i)
      together += permutation(i + 1) == permutation(i) + 1;
  }
  // 19 pairs, each follows with chance 1/1000: 38 expected, six standard deviations are 37.
  EXPECT_LT(together, 75);
  EXPECT_GT(together, 8);
}

} // namespace
} // namespace dlc::runtime
