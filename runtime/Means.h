// Running means of reports.
#pragma once

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace dlc::runtime {

/// Weighted means over an epoch: each report comes as (sum, weight) and is added in f64, in the
/// order of the steps, so the bits depend on nothing else. A report inside a branch that was not
/// reached has weight 0.
class RunningMeans {
public:
  explicit RunningMeans(size_t reports) : sums(2 * reports, 0.0) {}

  size_t size() const { return sums.size() / 2; }
  void add(size_t report, double sum, double weight) {
    sums[2 * report] += sum;
    sums[2 * report + 1] += weight;
  }
  double weight(size_t report) const { return sums[2 * report + 1]; }
  /// NaN when nothing was added.
  double mean(size_t report) const {
    return weight(report) != 0 ? sums[2 * report] / weight(report)
                               : std::numeric_limits<double>::quiet_NaN();
  }
  void reset() { sums.assign(sums.size(), 0.0); }

  /// f64[2]: sum and weight, as a checkpoint holds it.
  Result<Tensor> save(size_t report) const {
    return Tensor::of<double>(ElementType::F64, {2}, {&sums[2 * report], 2});
  }
  Status load(size_t report, const Tensor &saved) {
    if (saved.type() != ElementType::F64 || saved.shape() != Shape{2})
      return Status::run("a saved report is `" + typeText(saved.type(), saved.shape()) +
                         "`, it must be `f64[2]`");
    sums[2 * report] = saved.as<double>()[0];
    sums[2 * report + 1] = saved.as<double>()[1];
    return {};
  }

private:
  std::vector<double> sums; // sum and weight of each
};

} // namespace dlc::runtime
