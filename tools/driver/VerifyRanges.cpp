#include "tools/driver/VerifyRanges.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace dlc::driver {

using runtime::Tensor;

namespace {

/// How many times as far as these scatter an answer may lie from the truth.
constexpr double safety = 4;
/// Of a tensor this part may scatter as much as its widest element does: where a sign decides (g / |g| of a gradient that is nothing but
/// rounding), all samples fall on one side in one case out of 2^8.
constexpr int64_t oneIn = 1000;

/// How far apart; infinite where one is a number and the other is none.
double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double difference = std::abs(a - b);
  return std::isnan(difference) ? INFINITY : difference;
}

} // namespace

double Range::allowed(double own, double value) const {
  return unit > 0 ? safety * own + unit * std::abs(value) + std::numeric_limits<float>::min() : own;
}

Ranges rangesAround(const Answer &truth) {
  Ranges ranges;
  for (const auto &[name, value] : truth.values) {
    bool isFloat = runtime::isFloat(value.type());
    bool isDouble = value.type() == runtime::ElementType::F64 && !truth.reports.count(name);
    double unit = !isFloat                                     ? 0
                  : value.type() == runtime::ElementType::F16  ? 0x1p-9
                  : value.type() == runtime::ElementType::BF16 ? 0x1p-6
                  : isDouble                                   ? 0x1p-50
                                                               : 0x1p-22;
    ranges[name] = {value, std::vector<double>(static_cast<size_t>(value.count())), 0, unit};
  }
  return ranges;
}

void widen(Ranges &ranges, const Answer &sample) {
  for (auto &[name, range] : ranges) {
    auto it = sample.values.find(name);
    if (it == sample.values.end() || it->second.shape() != range.truth.shape())
      continue;
    for (int64_t i = 0; i < range.truth.count(); ++i) {
      double &own = range.spread[static_cast<size_t>(i)];
      own = std::max(own, distance(range.truth.number(i), it->second.number(i)));
      if (std::isfinite(own))
        range.widest = std::max(range.widest, own);
    }
  }
}

namespace {

struct Deviation {
  double error = 0, allowed = 0, ratio = 0;
  int64_t index = -1;
};

/// The element that lies farthest out, in units of what it may.
Deviation farthest(const Range &range, const Tensor &value) {
  Deviation worst;
  int64_t excused = range.truth.count() / oneIn;
  for (int64_t i = 0; i < range.truth.count(); ++i) {
    double truth = range.truth.number(i), error = distance(truth, value.number(i));
    double allowed = range.allowed(range.spread[static_cast<size_t>(i)], truth);
    if (error > allowed && excused > 0 && error <= range.allowed(range.widest, truth)) {
      --excused;
      continue;
    }
    double ratio = error == 0 || std::isinf(allowed) ? 0 : allowed > 0 ? error / allowed : INFINITY;
    if (worst.index < 0 || ratio > worst.ratio)
      worst = {error, allowed, ratio, i};
  }
  return worst;
}

} // namespace

VerifyStep compare(const std::string &step, const Ranges &ranges, const Answer &answer) {
  VerifyStep result;
  result.name = step;
  double worst = -1;
  for (const auto &[name, range] : ranges) {
    auto it = answer.values.find(name);
    bool fits = it != answer.values.end() && it->second.shape() == range.truth.shape() && it->second.type() == range.truth.type();
    Deviation deviation = fits ? farthest(range, it->second) : Deviation{INFINITY, 0, INFINITY};
    result.good &= deviation.ratio <= 1;
    if (deviation.ratio <= worst)
      continue;
    worst = deviation.ratio;
    result.worst = range.truth.shape().empty() || deviation.index < 0 ? name : fmt::format("{}[{}]", name, deviation.index);
    result.error = deviation.error, result.allowed = deviation.allowed;
  }
  return result;
}

} // namespace dlc::driver
