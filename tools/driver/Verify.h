// Comparing every pass and target with the reference.
#ifndef DLC_TOOLS_DRIVER_VERIFY_H
#define DLC_TOOLS_DRIVER_VERIFY_H

#include "tools/driver/Session.h"

#include "runtime/Status.h"

#include <functional>
#include <string>
#include <vector>

namespace dlc::driver {

/// One comparison: after a pass (`fuse`), or on a target (`target cpu`).
struct VerifyStep {
  std::string name;
  bool good = true;
  std::string worst;   ///< the tensor that differs most from what it should be, in units of its tolerance
  double error = 0;    ///< its largest difference, and what is allowed
  double allowed = 0;
};

struct VerifyOptions {
  /// The targets whose code is compared.
  std::vector<std::string> targets = {"cpu"};
  /// Called after each pass, before its result is compared: where a test plants a fault.
  std::function<mlir::LogicalResult(llvm::StringRef, mlir::ModuleOp)> mutate;
  /// Called when a comparison is done.
  std::function<void(const VerifyStep &)> onStep;
  /// Told of what is not compared, and of further steps.
  std::function<void(const std::string &)> onNote;
  /// Told what is about to run, in words that "crashed" can follow: "`fuse`".
  std::function<void(const std::string &)> onPhase;
};

/// Calls every exported function and runs two steps of each `train` block (more, where that is what it takes to see every branch) and every test after
/// each pass and on each target, from the same initial values and batches, and compares with the evaluator's result, in f64, of the first stage that
/// is static. What is allowed follows from how far evaluations in f32 scatter around that (docs/verify.md). Tables that the program computes have
/// few rows, like files. Stops at the first that differs. The session must be at stage `graph`.
runtime::Result<std::vector<VerifyStep>> verifyProgram(Session &session, const VerifyOptions &options);

/// Runs `body` in a child process, so that a crash in it is an error like others, and gives its exit status. `body` says what it is about to do by
/// calling its argument; after a crash this prints what did and gives 1.
int runGuarded(const std::function<int(const std::function<void(const std::string &)> &enter)> &body);

} // namespace dlc::driver

#endif
