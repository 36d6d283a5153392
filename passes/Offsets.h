#ifndef DLC_PASSES_OFFSETS_H
#define DLC_PASSES_OFFSETS_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace dlc::passes {

/// Something that needs `bytes` from time `begin` to time `end`, both included.
struct Interval {
  unsigned begin = 0, end = 0;
  int64_t bytes = 0;
  int64_t offset = 0; // found by assignOffsets
};

/// Alignment of every offset, as of every buffer (DLC_ALIGNMENT of the ABI).
inline constexpr int64_t kAlignment = 64;

/// Gives each interval an offset such that no two that overlap in time overlap in place, and
/// returns the size of the arena. Best fit (the smallest gap that is large enough), with the
/// intervals taken by size, by size × lifetime and by lifetime; the smallest result is kept.
/// Quadratic in the number of intervals that live at a time.
int64_t assignOffsets(llvm::MutableArrayRef<Interval> intervals);

/// The most bytes that live at one time: no arena is smaller.
int64_t lowerBound(llvm::ArrayRef<Interval> intervals);

} // namespace dlc::passes

#endif
