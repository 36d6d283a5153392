// What `dlc verify` runs, and what it leaves behind.
#ifndef DLC_TOOLS_DRIVER_VERIFYRUNS_H
#define DLC_TOOLS_DRIVER_VERIFYRUNS_H

#include "tools/driver/RunState.h"
#include "tools/driver/Session.h"
#include "tools/driver/Trainer.h"
#include "tools/driver/VerifyBranches.h"
#include "tools/driver/VerifyExports.h"

#include "runtime/Console.h"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dlc::driver {

/// Everything that the steps, hooks, tests and exported functions leave behind.
struct Answer {
  TensorMap initial; ///< places before the first step
  TensorMap values;
  std::set<std::string> reports; ///< those of the values that are f64 sums of what was computed in the program's own types

  void report(const std::string &block, const std::string &name, const runtime::Tensor &value) {
    std::string key = block + " report " + name;
    values[key] = value;
    reports.insert(std::move(key));
  }
};

class VerifyRuns {
public:
  explicit VerifyRuns(Session &session);

  /// Steps of a block that are run, where it is not the two of every block: as many as it takes to see every branch.
  std::map<std::string, int64_t> steps;
  std::vector<ExportCall> calls;

  struct Reference {
    bool doublePrecision = false;
    std::optional<uint64_t> noise = std::nullopt;
    /// Where places start, if not at their own initial values.
    const Answer *baseline = nullptr;
    /// Told of every branch that is taken.
    Branches *branches = nullptr;
    /// Goes on until every branch of a block's steps was taken, or the limit is reached.
    bool exploring = false;
  };
  /// The answer of the evaluator on the module as it is.
  runtime::Result<Answer> reference(mlir::ModuleOp module, const Reference &how);

  /// The calls of exports, the steps of each block, then the tests. With a baseline, the places start from its.
  runtime::Result<Answer> run(const Manifest &manifest, Executor &executor, std::map<std::string, std::vector<runtime::Tensor>> known,
                              const Answer *baseline, Branches *exploring = nullptr);

  runtime::Console &output() { return console; }

  /// Steps of every block, at least.
  static constexpr int64_t fewestSteps = 2;
  /// A branch that is not taken in so many steps is left out.
  static constexpr int64_t mostSteps = 50;

private:
  runtime::Status trainBlock(const TrainDecl &block, RunState &state, Reporter &reporter, Branches *exploring, Answer &answer);
  static runtime::Status callExport(const ExportCall &call, RunState &state, Answer &answer);
  static runtime::Status runHook(const std::string &name, RunState &state, Trainer &trainer, Answer &answer);
  void observeEffects(Answer &answer, runtime::Status &failure);

  Session &session;
  struct Close {
    void operator()(FILE *file) const { std::fclose(file); }
  };
  /// The console flushes it when it ends: it must be open for longer.
  std::unique_ptr<FILE, Close> silent;
  runtime::Console console;
  /// Of the run that goes on.
  const RunState *current = nullptr;
};

} // namespace dlc::driver

#endif
