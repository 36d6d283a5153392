#ifndef DLC_PASSES_FUSIONLIMITS_H
#define DLC_PASSES_FUSIONLIMITS_H

#include <cstdint>

namespace dlc::passes {

/// What a target's code generator can do with one kernel, and the machine figures that weigh memory
/// traffic against recomputation. The driver fills it in; passes never name a device.
struct FusionLimits {
  /// Most tensors that a kernel may take in.
  int64_t maxOperands = 24;
  /// Most tensors that one operation may take in, which only a `dl.concat` can have many of: longer ones are joined in parts. 0: any number.
  int64_t maxConcatOperands = 0;
  /// Most operations in a body.
  int64_t maxOps = 64;
  /// Most operations after a product or convolution, and most tensors that these may read beside
  /// it.
  int64_t maxEpilogueOps = 40;
  int64_t maxEpilogueOperands = 8;
  /// Whether products and convolutions may take casts and scalings of their operands in.
  bool heavyPrologue = false;
  /// Whether products of reduced precision (`precision` of `dl.dot` and `dl.conv`) are the target's own. Elsewhere their operands are rounded before
  /// them.
  bool reducedProducts = false;
  /// Whether a `reduce` kernel may return a tensor of the reduced shape beside its reductions.
  bool reduceWithFullResult = false;
  /// Whether there are kernels of the kind `columns`.
  bool columns = false;
  /// Longest row (in elements) that a `rows` kernel may walk several times.
  int64_t maxRow = 65536;
  /// Memory traffic and scalar arithmetic of one core; only their ratio matters.
  int64_t bytesPerSecond = 10'000'000'000;
  int64_t flopsPerSecond = 30'000'000'000;
  /// Fixed cost of a launch, as bytes of traffic that would take as long.
  int64_t launchBytes = 2048;
};

} // namespace dlc::passes

#endif
