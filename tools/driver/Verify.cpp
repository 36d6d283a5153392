#include "tools/driver/Verify.h"

#include "tools/driver/Build.h"
#include "tools/driver/Data.h"
#include "tools/driver/ReferenceExecutor.h"
#include "tools/driver/Sites.h"
#include "passes/Symbols.h"
#include "tools/driver/Trainer.h"

#include "ir/Ops.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/ScopeExit.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

constexpr int64_t stepsToRun = 2;
/// Evaluations with roundings drawn at random.
constexpr uint64_t samples = 8;
/// How many times as far as these scatter an answer may lie from the truth.
constexpr double safety = 4;
/// Of a tensor this part may scatter as much as its widest element does: where a sign decides (g / |g| of a gradient that is nothing but
/// rounding), all samples fall on one side in one case out of 2^8.
constexpr int64_t oneIn = 1000;

/// Everything that two steps and the tests leave behind.
struct Answer {
  TensorMap initial; ///< places before the first step
  TensorMap values;
};

class Runs {
public:
  Runs(Session &session) : session(session), silent(std::fopen("/dev/null", "w")), console(silent.get(), false) {}

  /// The answer of the evaluator on the module as it is.
  Result<Answer> reference(mlir::ModuleOp module, bool doublePrecision, const Answer *baseline, std::optional<uint64_t> noise = std::nullopt) {
    mlir::OwningOpRef<mlir::ModuleOp> whole = module.clone();
    // Until tests are split into batches, the evaluator runs each on its whole table.
    if (mlir::failed(passes::bindTestRows(*whole)))
      return Status::error(runtime::ErrorKind::Program, "");
    Manifest manifest = describe(*whole);
    DLC_ASSIGN(sites, makeSites(manifest));
    ReferenceExecutor executor(*whole, std::move(sites), console, doublePrecision, noise);
    return run(manifest, executor, {}, baseline);
  }

  /// Two steps of each block, then the tests. With a baseline, the places start from its.
  Result<Answer> run(const Manifest &manifest, Executor &executor, std::map<std::string, std::vector<Tensor>> known, const Answer *baseline) {
    DLC_ASSIGN(reporter, Reporter::create(true, "", false));
    RunState state(manifest, executor, session.seed());
    state.known = std::move(known);
    DLC_TRY(loadData(state, dataPathOf(session.arguments()), session.rowLimit));
    Answer answer;
    Status failure;
    observeEffects(answer, failure);
    llvm::scope_exit unobserve([&] { console.observer = nullptr; });
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
      options.stepTimes = &times; // hooks run below, once
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
      for (const std::string &hook : {block.epochHook, block.endHook})
        if (!hook.empty())
          DLC_TRY(runHook(hook, state, trainer, answer));
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
    if (!failure)
      return failure;
    return answer;
  }

  runtime::Console &output() { return console; }

private:
  /// A hook as after an epoch: what its parts return is part of the answer.
  static Status runHook(const std::string &name, RunState &state, Trainer &trainer, Answer &answer) {
    auto found = state.manifest().sequences.find(name);
    if (found == state.manifest().sequences.end())
      return Status::run(fmt::format("there is no sequence `{}`", name));
    std::vector<std::vector<Tensor>> values;
    for (const SequenceStep &step : found->second.steps) {
      std::vector<Tensor> &outputs = values.emplace_back();
      if (step.test) {
        const TestDecl *test = state.manifest().test(step.callee);
        if (!test)
          return Status::run(fmt::format("there is no test `{}`", step.callee));
        DLC_ASSIGN(metrics, trainer.test(*test));
        for (const Metric &metric : metrics)
          outputs.push_back(metric.value);
        continue;
      }
      CallInputs inputs;
      inputs.means = trainer.means.tensors();
      for (const SequenceValue &operand : step.operands)
        inputs.ordered.push_back(values[static_cast<size_t>(operand.step)][static_cast<size_t>(operand.result)]);
      DLC_ASSIGN(results, state.call(step.callee, inputs));
      const Function &function = *state.manifest().find(step.callee);
      for (size_t i = 0; i < function.results.size(); ++i) {
        if (function.results[i].role == ResultRole::Output)
          outputs.push_back(results[i]);
        if (function.results[i].role == ResultRole::Output || function.results[i].role == ResultRole::Stop) {
          DLC_ASSIGN(copy, results[i].clone());
          answer.values[fmt::format("{} result {}", step.callee, i)] = copy;
        }
      }
    }
    return Status();
  }

  /// Nothing is printed or written; the operands of effects are part of the answer, those of one place in their order.
  void observeEffects(Answer &answer, Status &failure) {
    console.observer = [&answer, &failure, count = std::map<std::string, int>()](const runtime::Effect &effect, const std::vector<Tensor> &operands) mutable {
      int number = count[effect.place]++;
      for (size_t i = 0; i < operands.size(); ++i) {
        // The evaluator in f64 hands over what is f32 elsewhere.
        bool isDouble = operands[i].type() == runtime::ElementType::F64;
        auto copy = isDouble ? operands[i].converted(runtime::ElementType::F32) : operands[i].clone();
        if (copy)
          answer.values[fmt::format("effect at {} #{} operand {}", effect.place, number, i)] = *copy;
        else
          failure = copy.status();
      }
    };
  }

  static Status keep(const TensorMap &places, const std::string &prefix, TensorMap &into) {
    for (const auto &[name, value] : places) {
      DLC_ASSIGN(copy, value.clone());
      into[prefix + name] = copy;
    }
    return Status();
  }

  Session &session;
  struct Close {
    void operator()(FILE *file) const { std::fclose(file); }
  };
  /// The console flushes it when it ends: it must be open for longer.
  std::unique_ptr<FILE, Close> silent;
  runtime::Console console;
};

/// What a tensor of the answer may be: the value in f64, and how far evaluations in f32 scatter around it, element by element.
struct Range {
  Tensor truth;
  std::vector<double> spread;
  double widest = 0;
  double unit = 0; ///< two units in the last place, relative: what every rounding may cost; 0 for integers

  double allowed(double own, double value) const {
    return unit > 0 ? safety * own + unit * std::abs(value) + std::numeric_limits<float>::min() : own;
  }
};
using Ranges = std::map<std::string, Range>;

/// How far apart; infinite where one is a number and the other is none.
double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double difference = std::abs(a - b);
  return std::isnan(difference) ? INFINITY : difference;
}

Ranges rangesAround(const Answer &truth) {
  Ranges ranges;
  for (const auto &[name, value] : truth.values) {
    bool isFloat = runtime::isFloat(value.type());
    // Reports are f64 sums of what the program computed in its own types.
    bool isDouble = value.type() == runtime::ElementType::F64 && name.find(" report ") == std::string::npos;
    double unit = !isFloat ? 0 : value.type() == runtime::ElementType::F16 ? 0x1p-9 : value.type() == runtime::ElementType::BF16 ? 0x1p-6 : isDouble ? 0x1p-50 : 0x1p-22;
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

/// Numbers of rows, and what they become.
using NewRows = std::map<int64_t, int64_t>;

/// The rows of tables that the program computes, those above `rows`, and of what is split off them.
std::optional<NewRows> fewerRows(mlir::ModuleOp module, int64_t rows) {
  NewRows numbers;
  auto rowsOf = [](ir::DataOp data) -> int64_t {
    if (data.getTypes().empty())
      return 0;
    auto type = mlir::dyn_cast<mlir::RankedTensorType>(mlir::cast<mlir::TypeAttr>(data.getTypes()[0]).getValue());
    return type && type.getRank() > 0 && type.hasStaticShape() ? type.getDimSize(0) : 0;
  };
  for (auto data : module.getOps<ir::DataOp>()) {
    auto kind = mlir::dyn_cast_or_null<mlir::StringAttr>(data.getSource().get("kind"));
    if (!kind || kind.getValue() != "compute") {
      // Parts of what shrinks would have to shrink with it by the rules of `split` and `filter`: such a program keeps its rows.
      if (kind && (kind.getValue() == "split" || kind.getValue() == "filter"))
        return std::nullopt;
      continue;
    }
    if (int64_t count = rowsOf(data); count > rows)
      numbers[count] = rows;
  }
  return numbers.empty() ? std::nullopt : std::optional(numbers);
}

/// The module with fewer rows in every table that the program computes. Everything of such a size shrinks, so types fit as before; nothing where they
/// do not (a size derived from it).
mlir::OwningOpRef<mlir::ModuleOp> withFewRows(mlir::ModuleOp module, int64_t rows) {
  std::optional<NewRows> numbers = fewerRows(module, rows);
  if (!numbers)
    return {};
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  auto shrunk = [&](mlir::RankedTensorType type) {
    llvm::SmallVector<int64_t> shape(type.getShape());
    for (int64_t &size : shape)
      if (auto it = numbers->find(size); it != numbers->end())
        size = it->second;
    return mlir::RankedTensorType::get(shape, type.getElementType(), type.getEncoding());
  };
  bool fits = true;
  copy->walk([&](mlir::Operation *op) {
    if (auto constant = mlir::dyn_cast<ir::ConstantOp>(op)) {
      auto type = mlir::cast<mlir::RankedTensorType>(constant.getType());
      if (shrunk(type) == type)
        return;
      auto splat = mlir::dyn_cast<mlir::SplatElementsAttr>(constant.getValue());
      fits &= static_cast<bool>(splat);
      if (splat)
        constant.setValueAttr(splat.resizeSplat(shrunk(type)));
    } else if (mlir::isa<ir::TrainOp, ir::TestOp>(op)) {
      auto settings = op->getAttrOfType<mlir::DictionaryAttr>("settings");
      mlir::NamedAttrList changed(settings);
      for (mlir::NamedAttribute setting : settings) {
        auto number = mlir::dyn_cast<mlir::IntegerAttr>(setting.getValue());
        bool isSize = setting.getName() == "rows" || setting.getName() == "batch";
        if (auto it = number ? numbers->find(number.getInt()) : numbers->end(); isSize && it != numbers->end())
          changed.set(setting.getName(), mlir::IntegerAttr::get(number.getType(), it->second));
      }
      op->setAttr("settings", changed.getDictionary(op->getContext()));
    }
  });
  mlir::AttrTypeReplacer replacer;
  replacer.addReplacement([&](mlir::RankedTensorType type) -> std::optional<std::pair<mlir::Type, mlir::WalkResult>> {
    return std::pair<mlir::Type, mlir::WalkResult>(shrunk(type), mlir::WalkResult::skip());
  });
  replacer.addReplacement([](mlir::ElementsAttr attr) -> std::optional<std::pair<mlir::Attribute, mlir::WalkResult>> {
    return std::pair<mlir::Attribute, mlir::WalkResult>(attr, mlir::WalkResult::skip());
  });
  replacer.recursivelyReplaceElementsIn(*copy, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  mlir::ScopedDiagnosticHandler silent(copy->getContext(), [](mlir::Diagnostic &) { return mlir::success(); });
  if (!fits || mlir::failed(mlir::verify(*copy)))
    return {};
  return copy;
}

} // namespace

Result<std::vector<VerifyStep>> verifyProgram(Session &session, const VerifyOptions &options) {
  Runs runs(session);
  std::vector<VerifyStep> steps;
  std::optional<Answer> right;
  Ranges ranges;
  Status failure;
  auto record = [&](VerifyStep step) {
    steps.push_back(step);
    if (options.onStep)
      options.onStep(step);
    return step.good;
  };

  BuildRequest request;
  pruneExports(session.module(), request);
  if (session.rowLimit)
    if (mlir::OwningOpRef<mlir::ModuleOp> fewer = withFewRows(session.module(), session.rowLimit))
      session.replaceModule(std::move(fewer));
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
      auto truth = runs.reference(module, true, &*right);
      if (!truth) {
        failure = truth.status().within("the evaluator in f64");
        return mlir::failure();
      }
      // In f64 the initial values are other numbers before they are rounded; all runs begin with those of f32.
      ranges = rangesAround(*truth);
      widen(ranges, *right);
      for (uint64_t sample = 1; sample <= samples; ++sample) {
        auto shaken = runs.reference(module, false, &*right, sample << 32);
        if (!shaken) {
          failure = shaken.status().within("the evaluator with other roundings");
          return mlir::failure();
        }
        widen(ranges, *shaken);
      }
    }
    return mlir::success(record(compare(pass.str(), ranges, *answer)));
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
  record(compare("target cpu", ranges, *answer));
  return steps;
}

} // namespace dlc::driver
