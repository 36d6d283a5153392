// Counter-based random numbers and the keyed permutation of rows. `docs/random.md` defines both,
// with test vectors.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dlc::runtime {

/// SplitMix64's finalizer: a bijection of 64 bits.
constexpr uint64_t finalMix(uint64_t z) {
  z ^= z >> 30;
  z *= 0xbf58476d1ce4e5b9ull;
  z ^= z >> 27;
  z *= 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

inline constexpr uint64_t goldenGamma = 0x9e3779b97f4a7c15ull;

/// The site of a draw: a hash of its dotted path, never of the order of the graph.
constexpr uint64_t site(std::string_view path) {
  uint64_t hash = 0xcbf29ce484222325ull;
  for (char c : path) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ull;
  }
  return finalMix(hash);
}

/// The key of a draw outside of any loop.
constexpr uint64_t mix(uint64_t seed, uint64_t site) {
  return finalMix(finalMix(seed + goldenGamma) ^ (site << 32 | site >> 32));
}

/// The key for one pass of an enclosing loop, one lane, leaf or row (`index` from 0).
constexpr uint64_t fold(uint64_t key, uint64_t index) {
  return finalMix(key + goldenGamma * (index + 1));
}

/// Ten rounds of Philox4x32 on a raw counter and key.
constexpr std::array<uint32_t, 4> philox(std::array<uint32_t, 4> c, std::array<uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t{0xD2511F53u} * c[0], b = uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<uint32_t>(b),
         static_cast<uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<uint32_t>(a)};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  return c;
}

/// The words of the elements `4 * block` to `4 * block + 3` of a draw.
constexpr std::array<uint32_t, 4> randomWords(uint64_t key, uint64_t step, uint64_t block) {
  auto low = [](uint64_t x) { return static_cast<uint32_t>(x); };
  auto high = [](uint64_t x) { return static_cast<uint32_t>(x >> 32); };
  return philox({low(block), high(block), low(step), high(step)}, {low(key), high(key)});
}

/// A word as a number in [0, 1); exact in f32 and f64.
constexpr double uniformOf(uint32_t word) { return (word >> 8) * 0x1p-24; }

/// A keyed bijection of 0 … rows − 1: a Feistel network with cycle walking. No memory, any place on
/// demand.
class Permutation {
public:
  /// `rows` is at most 2^62.
  constexpr Permutation(uint64_t key, uint64_t rows) : rows(rows) {
    uint32_t bits = 8;
    while (bits < 62 && (uint64_t{1} << bits) < rows)
      bits += 2;
    half = bits / 2;
    mask = (uint32_t{1} << half) - 1;
    for (uint64_t r = 0; r < 4; ++r)
      roundKeys[r] = static_cast<uint32_t>(fold(key, r));
  }

  /// The row at `place`; both are below `rows`.
  constexpr uint64_t operator()(uint64_t place) const {
    uint64_t x = network(place);
    while (x >= rows)
      x = network(x);
    return x;
  }

  /// The rows at the places `first` to `first + count − 1`.
  void fill(uint64_t first, int64_t count, int64_t *out) const;

  uint64_t size() const { return rows; }

private:
  constexpr uint64_t network(uint64_t x) const {
    uint32_t left = static_cast<uint32_t>(x >> half), right = static_cast<uint32_t>(x) & mask;
    for (uint32_t key : roundKeys) {
      uint32_t z = right ^ key;
      z ^= z >> 16;
      z *= 0x85ebca6bu;
      z ^= z >> 13;
      z *= 0xc2b2ae35u;
      z ^= z >> 16;
      uint32_t next = left ^ (z & mask);
      left = right;
      right = next;
    }
    return uint64_t{left} << half | right;
  }

  uint64_t rows;
  uint32_t half = 0, mask = 0;
  std::array<uint32_t, 4> roundKeys{};
};

} // namespace dlc::runtime
