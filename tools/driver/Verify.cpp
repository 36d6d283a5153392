#include "tools/driver/Verify.h"

#include "tools/driver/Build.h"
#include "tools/driver/VerifyRanges.h"
#include "tools/driver/VerifyRuns.h"
#include "tools/driver/VerifyTables.h"

#include "ir/Ops.h"

#include <fmt/format.h>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;

namespace {

/// Evaluations with roundings drawn at random.
constexpr uint64_t samples = 8;

class Verification {
public:
  Verification(Session &session, const VerifyOptions &options) : session(session), options(options), runs(session) {}

  Result<std::vector<VerifyStep>> all() {
    prepare();
    mlir::OwningOpRef<mlir::ModuleOp> graph = session.module().clone();
    passes::PipelineOptions pipeline = session.pipelineOptions();
    pipeline.bindings = request.bindings;
    pipeline.afterPass = [&](llvm::StringRef pass, mlir::ModuleOp module) { return afterPass(pass, module); };
    enterPass(0);
    bool done = session.toStage(passes::Stage::Optimized, pipeline);
    if (!failure)
      return failure;
    if (!done) {
      if (!steps.empty() && !steps.back().good)
        return steps;
      return Status::error(runtime::ErrorKind::Program, "");
    }
    // The same program once more, as `dlc run` builds it.
    for (const std::string &name : options.targets) {
      session.replaceModule(graph->clone());
      DLC_TRY(target(name));
      if (!steps.back().good)
        break;
    }
    return steps;
  }

private:
  void enter(const std::string &phase) {
    if (options.onPhase)
      options.onPhase(phase);
  }
  void enterPass(size_t number) {
    if (number < passes::pipeline().size())
      enter(fmt::format("`{}`", passes::pipeline()[number].name.str()));
  }
  void note(const std::string &text) {
    if (options.onNote)
      options.onNote(text);
  }

  /// Small tables, and a call of every export.
  void prepare() {
    request.everyExport = true;
    if (session.rowLimit)
      if (mlir::OwningOpRef<mlir::ModuleOp> fewer = withFewRows(session, session.rowLimit))
        session.replaceModule(std::move(fewer));
    enter("the evaluator of the exported functions");
    ExportCalls chosen = chooseExportCalls(session, runs.output());
    runs.calls = std::move(chosen.calls);
    for (const std::string &text : chosen.left)
      note(text);
    for (auto func : llvm::make_early_inc_range(session.module().getOps<ir::FuncOp>()))
      if (func->hasAttr("dl.export") && llvm::none_of(runs.calls, [&](const ExportCall &call) { return call.function == func.getSymName(); }))
        func.erase();
    for (const ExportCall &call : runs.calls)
      request.bindings.insert(request.bindings.end(), call.sizes.begin(), call.sizes.end());
  }

  mlir::LogicalResult afterPass(llvm::StringRef pass, mlir::ModuleOp module) {
    if (options.mutate && mlir::failed(options.mutate(pass, module)))
      return mlir::failure();
    enterPass(++passed);
    // Sizes are open until `specialize` makes them numbers: what it leaves is the reference.
    if (!right && pass != "specialize")
      return mlir::success();
    enter(fmt::format("the evaluator, after `{}`", pass.str()));
    if (!right && mlir::failed(measure(module)))
      return mlir::failure();
    auto answer = steps.empty() ? Result<Answer>(*right) : runs.reference(module, {.baseline = &*right});
    if (!answer) {
      failure = answer.status().within(fmt::format("after `{}`", pass.str()));
      return mlir::failure();
    }
    if (!record(compare(pass.str(), ranges, *answer)))
      return mlir::failure();
    enterPass(passed);
    return mlir::success();
  }

  /// The right answer, and how far rounding moves it.
  mlir::LogicalResult measure(mlir::ModuleOp module) {
    auto attempt = [&](Result<Answer> answer, const char *who) {
      if (!answer)
        failure = answer.status().within(who);
      return answer;
    };
    auto single = attempt(runAllBranches(module), "the evaluator");
    if (!single)
      return mlir::failure();
    right = *single;
    auto truth = attempt(runs.reference(module, {.doublePrecision = true, .baseline = &*right}), "the evaluator in f64");
    if (!truth)
      return mlir::failure();
    // In f64 the initial values are other numbers before they are rounded; all runs begin with those of f32.
    ranges = rangesAround(*truth);
    widen(ranges, *right);
    for (uint64_t sample = 1; sample <= samples; ++sample) {
      auto shaken = attempt(runs.reference(module, {.noise = sample << 32, .baseline = &*right}), "the evaluator with other roundings");
      if (!shaken)
        return mlir::failure();
      widen(ranges, *shaken);
    }
    return mlir::success();
  }

  /// The answer after as many steps of each block as it takes until every branch was taken.
  Result<Answer> runAllBranches(mlir::ModuleOp module) {
    Branches branches(module);
    auto functionsOf = [](ir::TrainOp train) { return std::vector<std::string>{train.getStep().str(), train.getTail().value_or("").str()}; };
    auto answer = runs.reference(module, {.branches = &branches});
    if (!answer)
      return answer;
    if (!llvm::all_of(module.getOps<ir::TrainOp>(), [&](ir::TrainOp train) { return branches.complete(functionsOf(train)); })) {
      if (auto explored = runs.reference(module, {.branches = &branches, .exploring = true}); !explored)
        return explored;
      for (auto train : module.getOps<ir::TrainOp>())
        runs.steps[train.getSymName().str()] = std::max(VerifyRuns::fewestSteps, branches.lastFirstStep(functionsOf(train)));
      answer = runs.reference(module, {});
    }
    for (const auto &[block, count] : runs.steps)
      if (count > VerifyRuns::fewestSteps)
        note(fmt::format("{} steps of `{}` are run, so that its branches are taken", count, block));
    for (const std::string &text : branches.missing())
      note(text);
    return answer;
  }

  Status target(const std::string &name) {
    enter(fmt::format("compiling for the target `{}`", name));
    runtime::ThreadPool pool(2);
    request.target = name;
    DLC_ASSIGN(runnable, build(session, request, runs.output(), pool));
    enter(fmt::format("the compiled code on the target `{}`", name));
    auto answer = runs.run(runnable.manifest, *runnable.executor, runnable.known, &*right);
    if (!answer)
      return answer.status().within(fmt::format("on target `{}`", name));
    record(compare("target " + name, ranges, *answer));
    return Status();
  }

  bool record(VerifyStep step) {
    steps.push_back(step);
    if (options.onStep)
      options.onStep(step);
    return step.good;
  }

  Session &session;
  const VerifyOptions &options;
  VerifyRuns runs;
  BuildRequest request;
  size_t passed = 0;
  std::vector<VerifyStep> steps;
  std::optional<Answer> right;
  Ranges ranges;
  Status failure;
};

} // namespace

Result<std::vector<VerifyStep>> verifyProgram(Session &session, const VerifyOptions &options) { return Verification(session, options).all(); }

} // namespace dlc::driver
