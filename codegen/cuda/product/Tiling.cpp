#include "codegen/cuda/product/Tiling.h"

namespace dlc::codegen::cuda {

namespace {

// A card of today: multiprocessors, and what one does in a clock.
constexpr double kProcessors = 132, kScalarTerms = 128, kTensorTerms = 1024, kBytes = 20; // bytes: of memory, for each multiprocessor
/// Clocks of a launch, and of one turn of the loop over the sum that nothing hides.
constexpr double kLaunch = 4000, kTurn = 500;
constexpr int64_t kSharedBytes = 48 << 10;

int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// How much of the multiplying units' rate a tile reaches: a small one loads more for each term.
double efficiency(int64_t rows, int64_t columns) {
  double loads = 1.0 / rows + 1.0 / columns; // of shared memory, for each term
  return 0.85 / (1 + 12 * loads);
}

/// Clocks for the whole product.
double cost(const ProductShape &shape, const Tiling &t, int64_t elementBytes) {
  double blocks = static_cast<double>(t.blocks(shape)), waves = std::ceil(blocks / kProcessors);
  double terms = static_cast<double>(t.partTiles * t.depth);
  double rate = (t.unit == Unit::Scalar ? kScalarTerms * 4 / elementBytes : kTensorTerms) * efficiency(t.rows, t.columns);
  double busy = waves * static_cast<double>(t.rows * t.columns) * terms / rate;
  double wait = kTurn * static_cast<double>(t.partTiles) * std::ceil(blocks / (kProcessors * 4)) / static_cast<double>(t.stages - 1);
  double sums = 0;
  if (t.parts > 1)
    sums = kLaunch + 2.0 * static_cast<double>(shape.batchCount() * shape.rowCount() * shape.columns * t.parts * elementBytes) / (kBytes * kProcessors);
  return std::max(busy, wait) + sums;
}

/// Shared memory of the tiles of both factors.
int64_t sharedBytes(const Tiling &t, int64_t elementBytes) {
  constexpr int64_t kPad = 8; // elements of a line
  return t.stages * elementBytes * std::max((t.rows + t.columns + 2 * kPad) * t.depth, (t.rows + t.columns) * (t.depth + kPad / 2));
}

} // namespace

Tiling Tiling::of(const ProductShape &shape, Unit unit) {
  int64_t bytes = shape.element.getIntOrFloatBitWidth() / 8, terms = shape.sumCount();
  std::optional<Tiling> best;
  double least = 0;
  for (int64_t rows : {128, 64, 32})
    for (int64_t columns : {128, 64, 32}) {
      // No tile of which more than half lies outside.
      if ((rows > 32 && rows / 2 >= shape.rowCount()) || (columns > 32 && columns / 2 >= shape.columns))
        continue;
      Tiling t;
      t.unit = unit;
      t.rows = rows, t.columns = columns;
      t.depth = bytes == 4 && (unit != Unit::Scalar || rows * columns < 128 * 128) ? 16 : 8;
      while (t.stages > 2 && sharedBytes(t, bytes) > kSharedBytes)
        --t.stages;
      if (sharedBytes(t, bytes) > kSharedBytes)
        continue;
      t.rowTiles = ceilDiv(shape.rowCount(), rows);
      t.columnTiles = ceilDiv(shape.columns, columns);
      t.sumTiles = ceilDiv(terms, t.depth);
      for (int64_t parts = 1; parts <= std::min<int64_t>(t.sumTiles, 512); parts *= 2) {
        t.partTiles = ceilDiv(t.sumTiles, parts);
        t.parts = ceilDiv(t.sumTiles, t.partTiles);
        if (parts > 1 && t.partTiles < 4)
          break;
        double clocks = cost(shape, t, bytes);
        if (!best || clocks < least)
          best = t, least = clocks;
      }
    }
  return *best;
}

} // namespace dlc::codegen::cuda
