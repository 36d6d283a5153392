// The definition of random numbers in docs/random.md, word for word.
#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include "llvm/ADT/bit.h"

#include <array>
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

constexpr uint64_t goldenGamma = 0x9e3779b97f4a7c15ull;

uint64_t finalMix(uint64_t z) {
  z ^= z >> 30;
  z *= 0xbf58476d1ce4e5b9ull;
  z ^= z >> 27;
  z *= 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}
uint64_t mix(uint64_t seed, uint64_t site) { return finalMix(finalMix(seed + goldenGamma) ^ llvm::rotl(site, 32)); }
uint64_t fold(uint64_t key, uint64_t index) { return finalMix(key + goldenGamma * (index + 1)); }

/// Philox4x32-10: the words of the elements 4·block to 4·block + 3.
std::array<uint32_t, 4> words(uint64_t key, uint64_t step, uint64_t block) {
  uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  std::array<uint32_t, 4> c{static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), static_cast<uint32_t>(step),
                            static_cast<uint32_t>(step >> 32)};
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t{0xD2511F53u} * c[0], b = uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<uint32_t>(b >> 32) ^ c[1] ^ k0, static_cast<uint32_t>(b), static_cast<uint32_t>(a >> 32) ^ c[3] ^ k1,
         static_cast<uint32_t>(a)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

/// The value of element `place` of a block (0 to 3).
double valueOf(RandomFn fn, const std::array<uint32_t, 4> &block, int64_t place) {
  if (fn == RandomFn::bits)
    return block[place];
  if (fn == RandomFn::uniform)
    return (block[place] >> 8) * 0x1p-24;
  double u1 = ((block[place & 2] >> 8) + 1.0) * 0x1p-24, u2 = (block[(place & 2) + 1] >> 8) * 0x1p-24;
  double radius = std::sqrt(-2 * std::log(u1)), angle = 2 * std::numbers::pi * u2;
  return radius * (place & 1 ? std::sin(angle) : std::cos(angle));
}

/// Draws elements `first` to `first + count` of the tensor with this key.
void draw(RandomFn fn, uint64_t key, uint64_t step, int64_t first, int64_t count, double *to) {
  std::array<uint32_t, 4> block{};
  for (int64_t i = 0; i < count; ++i) {
    int64_t element = first + i;
    if (i == 0 || element % 4 == 0)
      block = words(key, step, element / 4);
    to[i] = valueOf(fn, block, element % 4);
  }
}

} // namespace

LogicalResult RandomOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  uint64_t key = mix(operands[0].getInt(0), operands[2].getInt(0)), step = operands[1].getInt(0);
  size_t indices = getIndices().size();
  for (const Tensor &index : operands.slice(3, indices))
    key = fold(key, index.getInt(0));
  int64_t offset = getOffset() ? operands[3 + indices].getInt(0) : 0;

  // Each lane folds its indices into the key; the offset moves axis 0, be it a lane or the first axis that is drawn.
  ArrayRef<int64_t> shape = type->getShape(), lanes = shape.take_front(getLanes()), drawn = shape.drop_front(getLanes());
  int64_t count = 1, row = 1;
  for (int64_t extent : drawn)
    count *= extent;
  for (int64_t extent : drawn.empty() ? drawn : drawn.drop_front())
    row *= extent;
  std::vector<double> elements(Tensor(*type).count());
  SmallVector<int64_t> strides = stridesOf(lanes);
  int64_t total = 1;
  for (int64_t extent : lanes)
    total *= extent;
  for (int64_t lane = 0; lane < total; ++lane) {
    uint64_t laneKey = key;
    for (size_t axis = 0; axis < lanes.size(); ++axis)
      laneKey = fold(laneKey, lane / strides[axis] % lanes[axis] + (axis == 0 ? offset : 0));
    draw(getFn(), laneKey, step, lanes.empty() && !drawn.empty() ? offset * row : 0, count, elements.data() + lane * count);
  }
  results.push_back(store(*type, elements));
  return success();
}
