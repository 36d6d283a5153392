// Means of the reports of a block since its epoch began.
#ifndef DLC_TOOLS_DRIVER_REPORTMEANS_H
#define DLC_TOOLS_DRIVER_REPORTMEANS_H

#include "tools/driver/RunState.h"

#include "runtime/Console.h"

#include <optional>
#include <string>
#include <vector>

namespace dlc::driver {

using runtime::NamedNumbers;

/// Sum and weight of each report by name, in the order of the program. Each step adds in f64, in the order of the steps, so the bits
/// depend on nothing else; a report inside a branch that was not reached has weight 0.
struct ReportMeans {
  struct Entry {
    std::string name;
    double sum = 0, weight = 0;
    bool loss = false;
    double mean() const { return weight != 0 ? sum / weight : 0; }
  };
  std::vector<Entry> entries;

  /// The entry of that name, made where there is none.
  Entry &at(const std::string &name);
  /// Of the reports that were reached.
  NamedNumbers means() const;
  /// The mean of the loss, where there is exactly one and it was reached.
  std::optional<double> onlyLoss() const;
  /// Every mean as an f32, as a hook reads it.
  TensorMap tensors() const;
  void clear();
};

} // namespace dlc::driver

#endif
