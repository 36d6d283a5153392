#include "tools/driver/VerifyRuns.h"

#include "tools/driver/Data.h"
#include "tools/driver/ReferenceExecutor.h"
#include "tools/driver/Sites.h"

#include "passes/Symbols.h"

#include "llvm/ADT/ScopeExit.h"

#include <fmt/format.h>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

Status keep(RunState &state, const std::string &prefix, TensorMap &into) {
  DLC_TRY(state.settle());
  for (const auto &[name, value] : state.places) {
    DLC_ASSIGN(copy, value.clone());
    into[prefix + name] = copy;
  }
  return Status();
}

} // namespace

VerifyRuns::VerifyRuns(Session &session) : session(session), silent(std::fopen("/dev/null", "w")), console(silent.get(), false) {}

Result<Answer> VerifyRuns::reference(mlir::ModuleOp module, const Reference &how) {
  mlir::OwningOpRef<mlir::ModuleOp> whole = module.clone();
  // Until tests are split into batches, the evaluator runs each on its whole table.
  if (mlir::failed(passes::bindTestRows(*whole)))
    return Status::error(runtime::ErrorKind::Program, "");
  Manifest manifest = describe(*whole);
  DLC_ASSIGN(sites, makeSites(manifest));
  ReferenceExecutor executor(*whole, std::move(sites), console, how.doublePrecision, how.noise);
  if (how.branches)
    executor.onBranch = [&](ir::CondOp op, bool holds) { how.branches->took(op, holds, current ? current->counter("step") : 0); };
  return run(manifest, executor, {}, how.baseline, how.exploring ? how.branches : nullptr);
}

Result<Answer> VerifyRuns::run(const Manifest &manifest, Executor &executor, std::map<std::string, std::vector<Tensor>> known,
                               const Answer *baseline, Branches *exploring) {
  DLC_ASSIGN(reporter, Reporter::create(true, "", false));
  RunState state(manifest, executor, session.seed());
  state.known = std::move(known);
  current = &state;
  llvm::scope_exit forget([&] { current = nullptr; });
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
  DLC_TRY(keep(state, "initial value of ", answer.values));
  if (baseline)
    for (const auto &[name, value] : baseline->initial)
      DLC_TRY(state.assign(name, value));
  DLC_TRY(keep(state, "", answer.initial));
  // With the initial values, which are the same everywhere: nothing has been rounded before.
  for (const ExportCall &call : calls)
    DLC_TRY(callExport(call, state, answer));
  for (const TrainDecl &block : manifest.trains)
    DLC_TRY(trainBlock(block, state, *reporter, exploring, answer));
  DLC_TRY(keep(state, "", answer.values));
  for (const TestDecl &test : manifest.tests) {
    Trainer trainer(state, *reporter, {});
    auto metrics = trainer.test(test);
    if (!metrics)
      return metrics.status();
    for (Metric &metric : *metrics)
      answer.report(test.name, metric.name, metric.value);
  }
  if (!failure)
    return failure;
  return answer;
}

Status VerifyRuns::trainBlock(const TrainDecl &block, RunState &state, Reporter &reporter, Branches *exploring, Answer &answer) {
  TrainerOptions options;
  auto own = steps.find(block.name);
  options.steps = exploring ? mostSteps : own == steps.end() ? fewestSteps : own->second;
  std::vector<double> times;
  options.stepTimes = &times; // hooks run below, once
  options.keepGoing = true;
  if (exploring)
    options.enough = [&](int64_t done) { return done >= fewestSteps && exploring->complete({block.step, block.tail}); };
  Trainer trainer(state, reporter, options);
  auto ended = trainer.train(block, false);
  if (!ended)
    return ended.status();
  for (const ReportMeans::Entry &entry : trainer.means.entries) {
    DLC_ASSIGN(mean, Tensor::zeros(runtime::ElementType::F64, {}));
    mean.setNumber(0, entry.mean());
    answer.report(block.name, entry.name, mean);
  }
  for (const std::string &hook : {block.epochHook, block.endHook})
    if (!hook.empty())
      DLC_TRY(runHook(hook, state, trainer, answer));
  return Status();
}

Status VerifyRuns::callExport(const ExportCall &call, RunState &state, Answer &answer) {
  CallInputs inputs;
  inputs.inputs = call.inputs;
  auto results = state.call(call.function, inputs);
  if (!results)
    return results.status().within(fmt::format("calling `{}`", call.function));
  for (size_t i = 0; i < results->size(); ++i) {
    DLC_ASSIGN(copy, (*results)[i].clone());
    answer.values[fmt::format("{} result {}", call.function, i)] = copy;
  }
  return Status();
}

/// A hook as after an epoch: what its parts return is part of the answer.
Status VerifyRuns::runHook(const std::string &name, RunState &state, Trainer &trainer, Answer &answer) {
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
void VerifyRuns::observeEffects(Answer &answer, Status &failure) {
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

} // namespace dlc::driver
