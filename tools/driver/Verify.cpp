#include "tools/driver/Verify.h"

#include "tools/driver/Build.h"
#include "tools/driver/Data.h"
#include "tools/driver/ReferenceExecutor.h"
#include "tools/driver/Sites.h"
#include "passes/Symbols.h"
#include "tools/driver/Trainer.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

constexpr int64_t stepsToRun = 2;
/// How many times the rounding of the evaluator in f32 a result may differ: other orders of summation, other polynomials.
constexpr double roundings = 16;
/// And this part of the largest element: what one rounding in each of some hundred additions adds up to.
constexpr double relative = 2e-5;

/// Everything that two steps and the tests leave behind.
struct Answer {
  TensorMap initial; ///< places before the first step
  TensorMap values;
};

class Runs {
public:
  Runs(Session &session) : session(session), silent(std::fopen("/dev/null", "w")), console(silent, false) {}
  ~Runs() {
    if (silent)
      std::fclose(silent);
  }

  /// The answer of the evaluator on the module as it is.
  Result<Answer> reference(mlir::ModuleOp module, bool doublePrecision, const Answer *baseline) {
    mlir::OwningOpRef<mlir::ModuleOp> whole = module.clone();
    // Until tests are split into batches, the evaluator runs each on its whole table.
    if (mlir::failed(passes::bindTestRows(*whole)))
      return Status::error(runtime::ErrorKind::Program, "");
    Manifest manifest = describe(*whole);
    DLC_ASSIGN(sites, makeSites(manifest));
    ReferenceExecutor executor(*whole, std::move(sites), console, doublePrecision);
    return run(manifest, executor, {}, baseline);
  }

  /// Two steps of each block, then the tests. With a baseline, the places start from its.
  Result<Answer> run(const Manifest &manifest, Executor &executor, std::map<std::string, std::vector<Tensor>> known, const Answer *baseline) {
    DLC_ASSIGN(reporter, Reporter::create(true, "", false));
    RunState state(manifest, executor, session.seed());
    state.known = std::move(known);
    DLC_TRY(loadData(state, dataPathOf(session.arguments()), session.rowLimit));
    Answer answer;
    if (state.known.count("init") || manifest.find("init")) {
      auto made = state.call("init");
      if (!made)
        return made.status();
    }
    DLC_TRY(keep(state.places, "initial value of ", answer.values));
    if (baseline)
      for (const auto &[name, value] : baseline->initial)
        DLC_TRY(state.assign(name, value));
    DLC_TRY(keep(state.places, "", answer.initial));
    for (const TrainDecl &block : manifest.trains) {
      TrainerOptions options;
      options.steps = stepsToRun;
      std::vector<double> times;
      options.stepTimes = &times; // no hooks
      options.keepGoing = true;
      Trainer trainer(state, *reporter, options);
      auto ended = trainer.train(block, false);
      if (!ended)
        return ended.status();
      for (const ReportMeans::Entry &entry : trainer.means.entries) {
        DLC_ASSIGN(mean, Tensor::zeros(runtime::ElementType::F64, {}));
        mean.setNumber(0, entry.mean());
        answer.values[block.name + " report " + entry.name] = mean;
      }
    }
    DLC_TRY(keep(state.places, "", answer.values));
    for (const TestDecl &test : manifest.tests) {
      Trainer trainer(state, *reporter, {});
      auto metrics = trainer.test(test);
      if (!metrics)
        return metrics.status();
      for (Trainer::Metric &metric : *metrics)
        answer.values[test.name + " report " + metric.name] = metric.value;
    }
    return answer;
  }

  runtime::Console &output() { return console; }

private:
  static Status keep(const TensorMap &places, const std::string &prefix, TensorMap &into) {
    for (const auto &[name, value] : places) {
      DLC_ASSIGN(copy, value.clone());
      into[prefix + name] = copy;
    }
    return Status();
  }

  Session &session;
  FILE *silent;
  runtime::Console console;
};

/// What each tensor may differ by, from the evaluator's answers in f32 and in f64.
std::map<std::string, double> tolerances(const Answer &single, const Answer &twice) {
  std::map<std::string, double> allowed;
  for (const auto &[name, value] : single.values) {
    double difference = 0, scale = 0;
    auto other = twice.values.find(name);
    for (int64_t i = 0; i < value.count(); ++i) {
      double x = value.number(i);
      if (!std::isfinite(x))
        continue;
      scale = std::max(scale, std::abs(x));
      if (other != twice.values.end() && std::isfinite(other->second.number(i)))
        difference = std::max(difference, std::abs(x - other->second.number(i)));
    }
    bool exact = !runtime::isFloat(value.type());
    allowed[name] = exact ? 0 : roundings * difference + relative * scale + 1e-30;
  }
  return allowed;
}

VerifyStep compare(const std::string &step, const Answer &right, const Answer &answer, const std::map<std::string, double> &allowed) {
  VerifyStep result{step};
  double worst = -1;
  for (const auto &[name, value] : right.values) {
    auto it = answer.values.find(name);
    double tolerance = allowed.at(name), error = 0;
    if (it == answer.values.end() || it->second.shape() != value.shape() || it->second.type() != value.type()) {
      error = INFINITY;
    } else {
      for (int64_t i = 0; i < value.count(); ++i) {
        double a = value.number(i), b = it->second.number(i);
        if (std::isnan(a) && std::isnan(b))
          continue;
        double difference = a == b ? 0 : std::abs(a - b);
        error = std::max(error, std::isnan(difference) ? INFINITY : difference);
      }
    }
    double ratio = error <= tolerance ? (tolerance > 0 ? error / tolerance : 0) : (tolerance > 0 ? error / tolerance : INFINITY);
    if (ratio > worst) {
      worst = ratio;
      result.worst = name, result.error = error, result.allowed = tolerance;
    }
    result.good &= error <= tolerance;
  }
  return result;
}

} // namespace

Result<std::vector<VerifyStep>> verifyProgram(Session &session, const VerifyOptions &options) {
  Runs runs(session);
  std::vector<VerifyStep> steps;
  std::optional<Answer> right;
  std::map<std::string, double> allowed;
  Status failure;
  auto record = [&](VerifyStep step) {
    steps.push_back(step);
    if (options.onStep)
      options.onStep(step);
    return step.good;
  };

  BuildRequest request;
  pruneExports(session.module(), request);
  mlir::OwningOpRef<mlir::ModuleOp> graph = session.module().clone();
  passes::PipelineOptions pipeline = session.pipelineOptions();
  pipeline.afterPass = [&](llvm::StringRef pass, mlir::ModuleOp module) {
    if (options.mutate && mlir::failed(options.mutate(pass, module)))
      return mlir::failure();
    auto answer = runs.reference(module, false, right ? &*right : nullptr);
    if (!answer) {
      failure = answer.status().within(fmt::format("after `{}`", pass.str()));
      return mlir::failure();
    }
    if (!right) {
      // The first pass makes all sizes numbers: what it leaves is the reference.
      right = *answer;
      auto twice = runs.reference(module, true, &*right);
      if (!twice) {
        failure = twice.status().within("the evaluator in f64");
        return mlir::failure();
      }
      allowed = tolerances(*right, *twice);
    }
    return mlir::success(record(compare(pass.str(), *right, *answer, allowed)));
  };
  bool done = session.toStage(passes::Stage::Optimized, pipeline);
  if (!failure)
    return failure;
  if (!done) {
    if (!steps.empty() && !steps.back().good)
      return steps;
    return Status::error(runtime::ErrorKind::Program, "");
  }

  // The same program once more, as `dlc run` builds it.
  session.replaceModule(std::move(graph));
  runtime::ThreadPool pool(2);
  DLC_ASSIGN(runnable, build(session, request, runs.output(), pool));
  auto answer = runs.run(runnable.manifest, *runnable.executor, runnable.known, &*right);
  if (!answer)
    return answer.status().within("on target `cpu`");
  record(compare("target cpu", *right, *answer, allowed));
  return steps;
}

} // namespace dlc::driver
