// dlc-wrong-pass FILE FAULT [PASS]: plants a fault after a pass and says which pass the comparison of `dlc verify` names.
//
// The last line is `named: PASS`, or `nothing was named` with status 1. Without FAULT it lists the faults.
#include "test/tools/dlc-wrong-pass/Faults.h"
#include "tools/driver/Verify.h"

#include "llvm/ADT/STLExtras.h"

#include <fmt/format.h>

#include <cstdio>

using namespace dlc;

namespace {

constexpr int64_t batch = 4, rows = 6;

/// The pass that the comparison names; empty when all agree, nothing after an error of another kind.
std::optional<std::string> namedPass(driver::Session &session, const test::Fault &fault, llvm::StringRef after,
                                     const std::function<void(const std::string &)> &enter) {
  bool planted = false;
  std::vector<driver::VerifyStep> seen;
  driver::VerifyOptions options;
  std::string begun;
  options.onPhase = [&](const std::string &phase) {
    begun = phase;
    enter(phase);
  };
  options.mutate = [&](llvm::StringRef pass, mlir::ModuleOp module) {
    if (planted || pass != after)
      return mlir::success();
    planted = true;
    if (mlir::succeeded(fault.plant(module)))
      return mlir::success();
    fmt::print(stderr, "there is nothing for `{}` after `{}`\n", fault.name.str(), pass.str());
    return mlir::failure();
  };
  options.onStep = [&](const driver::VerifyStep &step) {
    fmt::print("{} {} error {:.2e} of {:.2e} in {}\n", step.name, step.good ? "same" : "WRONG", step.error, step.allowed, step.worst);
    std::fflush(stdout); // a crash would take it along
    seen.push_back(step);
  };
  auto steps = driver::verifyProgram(session, options);
  if (!steps && !steps.status().message().empty()) {
    fmt::print(stderr, "error: {}\n", steps.status().message());
    return std::nullopt;
  }
  if (!planted) {
    fmt::print(stderr, "there is no pass `{}`\n", after.str());
    return std::nullopt;
  }
  if (!seen.empty() && !seen.back().good)
    return seen.back().name;
  // A pass that refused the module: the one that was begun last.
  if (!steps)
    return llvm::StringRef(begun).trim('`').str();
  return "";
}

} // namespace

static int plant(const test::Fault &fault, const char *file, llvm::StringRef after, const std::function<void(const std::string &)> &enter) {
  driver::Arguments arguments;
  arguments.command = driver::Command::Verify;
  arguments.positional = {file};
  arguments.noCache = true;
  arguments.set = {{"batch", std::to_string(batch)}};
  driver::Session session(arguments);
  session.rowLimit = rows;
  if (!session.toGraph(true))
    return 2;
  auto named = namedPass(session, fault, after, enter);
  if (!named)
    return 2;
  if (named->empty())
    fmt::print("nothing was named\n");
  else
    fmt::print("named: {}\n", *named);
  return named->empty() ? 1 : 0;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    for (const test::Fault &fault : test::faults())
      fmt::print("{} (after {}): {}\n", fault.name.str(), fault.after.str(), fault.what.str());
    return argc == 1 ? 0 : 2;
  }
  const test::Fault *fault = llvm::find_if(test::faults(), [&](const test::Fault &f) { return f.name == argv[2]; });
  if (fault == test::faults().end()) {
    fmt::print(stderr, "there is no fault `{}`\n", argv[2]);
    return 2;
  }
  llvm::StringRef after = argc > 3 ? llvm::StringRef(argv[3]) : fault->after;
  return driver::runGuarded([&](const std::function<void(const std::string &)> &enter) { return plant(*fault, argv[1], after, enter); });
}
