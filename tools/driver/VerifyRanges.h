// How far an answer may lie from the right one.
#ifndef DLC_TOOLS_DRIVER_VERIFYRANGES_H
#define DLC_TOOLS_DRIVER_VERIFYRANGES_H

#include "tools/driver/Verify.h"
#include "tools/driver/VerifyRuns.h"

#include <map>
#include <string>
#include <vector>

namespace dlc::driver {

/// What a tensor of the answer may be: the value in f64, and how far evaluations in f32 scatter around it, element by element.
struct Range {
  runtime::Tensor truth;
  std::vector<double> spread;
  double widest = 0;
  double unit = 0; ///< two units in the last place, relative: what every rounding may cost; 0 for integers

  /// How far `value` may be off where samples scatter by `own`.
  double allowed(double own, double value) const;
};
using Ranges = std::map<std::string, Range>;

/// Ranges without any scatter.
Ranges rangesAround(const Answer &truth);
/// Takes a sample in: what it differs by is allowed.
void widen(Ranges &ranges, const Answer &sample);
/// The answer after `step`, tensor by tensor; names the element that lies farthest out.
VerifyStep compare(const std::string &step, const Ranges &ranges, const Answer &answer);

} // namespace dlc::driver

#endif
