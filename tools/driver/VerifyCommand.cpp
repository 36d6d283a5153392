// `dlc verify`.
#include "tools/driver/Commands.h"
#include "tools/driver/DeviceExecutor.h"
#include "tools/driver/Verify.h"
#include "tools/driver/VerifyTables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include <malloc.h>

namespace dlc::driver {
namespace {

/// Small enough for the evaluator, and the second of two steps has the smaller last batch.
constexpr int64_t verifyBatch = 4;
/// Rows of each file and computed table; more where a filter keeps none of so few. 0: all.
constexpr int64_t rowLimits[] = {6, 24, 96, 384, 0};

/// A graph that was read: its batches and tables have their sizes.
bool isModule(const Arguments &arguments) { return llvm::StringRef(arguments.positional[0]).ends_with(".mlir"); }

/// The session at stage `graph`; null after diagnostics.
std::unique_ptr<Session> open(const Arguments &arguments, int &status) {
  for (int64_t limit : rowLimits) {
    if (isModule(arguments) && limit)
      continue;
    auto session = std::make_unique<Session>(arguments);
    session->rowLimit = limit;
    if (!session->toGraph(true)) {
      if (session->tooFewRows)
        continue;
      status = static_cast<int>(session->failure);
      return nullptr;
    }
    if (!limit || !hasEmptyTable(session->module()))
      return session;
  }
  return nullptr;
}

int verify(const Arguments &arguments, const std::function<void(const std::string &)> &enter) {
  // A driver that is missing is told before minutes are spent on the passes.
  if (arguments.target == "cuda")
    if (auto card = findCard(static_cast<int>(arguments.device)); !card)
      return fail(card.status());
  enter("the front end");
  int status = 1;
  std::unique_ptr<Session> session = open(arguments, status);
  if (!session)
    return status;
  if (session->stage() != passes::Stage::Graph)
    return fail(runtime::Status::error(runtime::ErrorKind::Command,
                                       fmt::format("{} is in stage `{}`: comparing begins with the graph", session->file(),
                                                   passes::stageName(session->stage()).str())));
  VerifyOptions options;
  bool isChosen = std::any_of(arguments.given.begin(), arguments.given.end(), [](const auto &option) { return option.first == "--target"; });
  options.targets = isChosen ? std::vector{arguments.target} : std::vector<std::string>{"cpu", "cuda-emulator"};
  options.onPhase = enter;
  options.onStep = [](const VerifyStep &step) {
    fmt::print("{:<16} {}  largest difference {:.2e} of {:.2e} allowed, in {}\n", step.name, step.good ? "same " : "WRONG", step.error,
               step.allowed, step.worst);
    std::fflush(stdout);
  };
  options.onNote = [](const std::string &text) { fmt::print("note: {}\n", text); };
  auto steps = verifyProgram(*session, options);
  if (!steps)
    return fail(steps.status());
  if (!steps->empty() && !steps->back().good)
    return fail(runtime::Status::error(runtime::ErrorKind::Program, fmt::format("`{}` changed the answer", steps->back().name)));
  fmt::print("all passes and targets agree\n");
  return 0;
}

} // namespace

int verifyCommand(const Arguments &given) {
  // The evaluator makes and drops a buffer an operation: kept by the process, they are not mapped and cleared anew each time.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  Arguments arguments = given;
  arguments.noCache = true;
  auto isBatch = [](const auto &setting) { return setting.first == "batch"; };
  if (!isModule(arguments) && std::none_of(arguments.set.begin(), arguments.set.end(), isBatch))
    arguments.set.emplace_back("batch", std::to_string(verifyBatch));
  return runGuarded([&](const std::function<void(const std::string &)> &enter) { return verify(arguments, enter); });
}

} // namespace dlc::driver
