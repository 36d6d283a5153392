#include "runtime/Random.h"

namespace dlc::runtime {

void Permutation::fill(uint64_t first, int64_t count, int64_t *out) const {
  // One pass without branches over all, which the compiler can vectorise, then the few that left
  // the range.
  for (int64_t i = 0; i < count; ++i)
    out[i] = static_cast<int64_t>(network(first + static_cast<uint64_t>(i)));
  for (int64_t i = 0; i < count; ++i)
    while (static_cast<uint64_t>(out[i]) >= rows)
      out[i] = static_cast<int64_t>(network(static_cast<uint64_t>(out[i])));
}

} // namespace dlc::runtime
