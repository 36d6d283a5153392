// `dlc verify`.
#include "tools/driver/Commands.h"
#include "tools/driver/Verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include <malloc.h>

namespace dlc::driver {
namespace {

/// Small enough for the evaluator, and the second of two steps has the smaller last batch.
constexpr int64_t verifyBatch = 4, verifyRows = 6;

} // namespace

int verifyCommand(const Arguments &given) {
  // The evaluator makes and drops a buffer an operation: kept by the process, they are not mapped and cleared anew each time.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  Arguments arguments = given;
  arguments.target = "cpu";
  arguments.noCache = true;
  auto isBatch = [](const auto &setting) { return setting.first == "batch"; };
  if (std::none_of(arguments.set.begin(), arguments.set.end(), isBatch))
    arguments.set.emplace_back("batch", std::to_string(verifyBatch));
  Session session(arguments);
  session.rowLimit = verifyRows;
  if (!session.toGraph(true))
    return 1;
  VerifyOptions options;
  options.onStep = [](const VerifyStep &step) {
    fmt::print("{:<16} {}  largest difference {:.2e} of {:.2e} allowed, in {}\n", step.name, step.good ? "same " : "WRONG", step.error,
               step.allowed, step.worst);
    std::fflush(stdout);
  };
  auto steps = verifyProgram(session, options);
  if (!steps)
    return fail(steps.status());
  if (!steps->empty() && !steps->back().good)
    return fail(runtime::Status::error(runtime::ErrorKind::Program, fmt::format("`{}` changed the answer", steps->back().name)));
  fmt::print("all passes and targets agree\n");
  return 0;
}

} // namespace dlc::driver
