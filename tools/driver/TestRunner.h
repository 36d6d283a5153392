// Runs a `test` block as if the whole table were one batch.
#ifndef DLC_TOOLS_DRIVER_TESTRUNNER_H
#define DLC_TOOLS_DRIVER_TESTRUNNER_H

#include "tools/driver/BoundStep.h"

#include <optional>
#include <string>
#include <vector>

namespace dlc::driver {

/// The value of a report of a test.
struct Metric {
  std::string name;
  runtime::Tensor value;
};

/// The part of the test that works row by row runs batch by batch; what it keeps (rows, and sums over rows) is gathered, and the part
/// that needs the whole table runs once on that.
class TestRunner {
public:
  TestRunner(RunState &state, const TestDecl &test) : state(state), test(test) {}

  /// The values of its reports in order. Where a signal may cut the test short, the result says so after one came.
  runtime::Result<std::vector<Metric>> run(bool mayBeCut);

private:
  runtime::Status batches();
  runtime::Status wholeColumns();
  runtime::Result<BoundStep *> stepFor(int64_t rows, bool isTail);
  runtime::Status gather(const BoundStep &step, int64_t first, int64_t size);
  runtime::Status keepRows(const std::string &name, const runtime::Tensor &part, int64_t first, int64_t size);
  runtime::Status addSum(const std::string &name, const runtime::Tensor &part);

  RunState &state;
  const TestDecl &test;
  bool mayBeCut = false;
  std::optional<BoundStep> full, tail;
  CallInputs whole; ///< of the last part
};

} // namespace dlc::driver

#endif
