#include "passes/Offsets.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace dlc::passes {

static int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

/// Places the intervals in the order of `order`.
static int64_t bestFit(llvm::ArrayRef<Interval> intervals, llvm::ArrayRef<unsigned> order,
                       llvm::SmallVectorImpl<int64_t> &offsets) {
  llvm::SmallVector<unsigned> placed; // by offset
  int64_t size = 0;
  for (unsigned i : order) {
    const Interval &mine = intervals[i];
    int64_t bytes = aligned(mine.bytes), best = -1, bestGap = std::numeric_limits<int64_t>::max(),
            free = 0;
    for (unsigned other : placed) {
      if (intervals[other].end < mine.begin || mine.end < intervals[other].begin)
        continue;
      int64_t gap = offsets[other] - free;
      if (gap >= bytes && gap < bestGap) {
        best = free;
        bestGap = gap;
      }
      free = std::max(free, offsets[other] + aligned(intervals[other].bytes));
    }
    offsets[i] = best >= 0 ? best : free;
    size = std::max(size, offsets[i] + bytes);
    auto at = std::upper_bound(placed.begin(), placed.end(), i,
                               [&](unsigned a, unsigned b) { return offsets[a] < offsets[b]; });
    placed.insert(at, i);
  }
  return size;
}

int64_t assignOffsets(llvm::MutableArrayRef<Interval> intervals) {
  llvm::SmallVector<unsigned> order(intervals.size());
  llvm::SmallVector<int64_t> offsets(intervals.size()), bestOffsets(intervals.size());
  int64_t best = std::numeric_limits<int64_t>::max();
  auto length = [&](unsigned i) {
    return static_cast<int64_t>(intervals[i].end - intervals[i].begin + 1);
  };
  auto attempt = [&](auto weight) {
    std::iota(order.begin(), order.end(), 0);
    // Ties by number: the plan is a function of the program.
    llvm::stable_sort(order, [&](unsigned a, unsigned b) { return weight(a) > weight(b); });
    int64_t size = bestFit(intervals, order, offsets);
    if (size < best) {
      best = size;
      bestOffsets = offsets;
    }
  };
  attempt([&](unsigned i) { return std::make_tuple(intervals[i].bytes, length(i)); });
  attempt([&](unsigned i) {
    return std::make_tuple(intervals[i].bytes * length(i), intervals[i].bytes);
  });
  attempt([&](unsigned i) { return std::make_tuple(length(i), intervals[i].bytes); });
  for (auto [interval, offset] : llvm::zip(intervals, bestOffsets))
    interval.offset = offset;
  return intervals.empty() ? 0 : best;
}

int64_t lowerBound(llvm::ArrayRef<Interval> intervals) {
  llvm::SmallVector<std::pair<unsigned, int64_t>> events;
  for (const Interval &interval : intervals) {
    events.push_back({interval.begin, aligned(interval.bytes)});
    events.push_back({interval.end + 1, -aligned(interval.bytes)});
  }
  llvm::sort(events);
  int64_t live = 0, most = 0;
  for (auto [time, bytes] : events)
    most = std::max(most, live += bytes);
  return most;
}

} // namespace dlc::passes
