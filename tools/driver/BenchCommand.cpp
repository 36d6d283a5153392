// `dlc bench`: the median time of a training step, with everything that a step of a run does, or of a call of an exported function.
#include "tools/driver/Commands.h"
#include "tools/driver/Exports.h"
#include "tools/driver/Program.h"
#include "tools/driver/SizeChecks.h"
#include "tools/driver/Trainer.h"

#include "runtime/Format.h"
#include "runtime/Readers.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

constexpr int64_t defaultSteps = 100;
/// Steps before the clock counts: caches fill and pages are touched. Where they are slow, so many seconds of them, and at least one.
constexpr int64_t warmUp = 10;
constexpr double warmUpSeconds = 2;

/// How many of the first steps, whose times these are, were for warming up; nothing as long as it goes on.
std::optional<size_t> warmedUp(const std::vector<double> &seconds) {
  double spent = 0;
  for (size_t step = 0; step < seconds.size(); ++step)
    if ((spent += seconds[step]) >= warmUpSeconds || step + 1 == static_cast<size_t>(warmUp))
      return step + 1;
  return std::nullopt;
}

Status wrong(std::string message) { return Status::error(ErrorKind::Command, std::move(message)); }

/// Sorts `seconds` and prints their median as `what`. `declared`: in what the program says that products take their operands, empty for f32.
void show(const char *what, std::vector<double> &seconds, const std::string &declared, const LoadedProgram &program) {
  const Arguments &arguments = program.arguments;
  std::string precision = !arguments.precision.empty() ? arguments.precision : declared.empty() ? "f32" : declared;
  std::sort(seconds.begin(), seconds.end());
  // Elsewhere than on the target cpu one thread is at work: that of the emulator or evaluator, or the one that feeds the card.
  const int threads = arguments.target == "cpu" ? static_cast<int>(program.pool.threads()) : 1;
  double median = seconds[seconds.size() / 2], least = seconds.front();
  if (arguments.json) {
    nlohmann::ordered_json json = {{"median_seconds", median},
                                   {"min_seconds", least},
                                   {"steps", seconds.size()},
                                   {"target", arguments.target},
                                   {"precision", precision},
                                   {"threads", threads},
                                   {"peak_bytes", program.plannedBytes()},
                                   {"compile_seconds", program.runnable.seconds}};
    fmt::print("{}\n", json.dump());
    return;
  }
  fmt::print("{:<9}  {} (median of {}), least {}\nmemory     {}\ncompiled   in {}\ntarget     {}\nprecision  {}\nthreads    {}\n", what,
             runtime::formatSeconds(median), seconds.size(), runtime::formatSeconds(least), runtime::formatBytes(program.plannedBytes()),
             runtime::formatSeconds(program.runnable.seconds), arguments.target, precision, threads);
}

Status benchStep(const Arguments &arguments, Reporter &reporter) {
  DLC_ASSIGN(program, LoadedProgram::create(arguments, {}, reporter.console()));
  if (program->manifest().trains.empty())
    return Status::error(ErrorKind::Program, "the program has no `train` block to time");
  std::vector<double> seconds;
  TrainerOptions options;
  options.steps = warmUp + arguments.steps.value_or(defaultSteps);
  options.stepTimes = &seconds;
  options.enough = [&](int64_t) {
    auto warmed = warmedUp(seconds);
    return warmed && static_cast<int64_t>(seconds.size() - *warmed) >= arguments.steps.value_or(defaultSteps);
  };
  Trainer trainer(*program->state, reporter, options);
  if (auto ended = trainer.train(program->manifest().trains[0], false); !ended)
    return ended.status();
  auto warmed = warmedUp(seconds);
  if (!warmed || seconds.size() == *warmed)
    return Status::run("interrupted");
  seconds.erase(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(*warmed));
  show("step", seconds, program->manifest().trains[0].precision, *program);
  return Status();
}

/// An argument of the timed call: floats spread over [-1, 1), integers 0, so that they are in range wherever they index.
Result<Tensor> example(const TypeInfo &type, const runtime::Shape &shape) {
  DLC_ASSIGN(tensor, Tensor::zeros(type.element, shape));
  if (!runtime::isFloat(type.element))
    return tensor;
  uint32_t state = 1;
  for (int64_t i = 0; i < tensor.count(); ++i) {
    state = state * 1664525u + 1013904223u;
    tensor.setNumber(i, static_cast<double>(state >> 8) / (1 << 23) - 1);
  }
  return tensor;
}

/// The arguments of the timed call and the sizes that they bind.
struct Inputs {
  TensorMap tensors;
  std::map<std::string, int64_t> sizes;
};

/// `--arg NAME=FILE.npy` gives an argument, `--arg B=32` a size; what is not given is made up.
Result<Inputs> inputsOf(mlir::ModuleOp module, const Function &function, const Arguments &arguments) {
  Inputs inputs;
  std::map<std::string, std::string> given(arguments.args.begin(), arguments.args.end());
  for (const Argument &parameter : function.arguments) {
    auto it = given.find(parameter.name);
    if (parameter.role != ArgumentRole::Input || it == given.end())
      continue;
    DLC_ASSIGN(file, runtime::readNpy(it->second));
    if (file.type() != parameter.type.element || file.shape().size() != parameter.type.shape.size())
      return wrong(fmt::format("`{}` must be {}, found {}", parameter.name, parameter.type.text(),
                               runtime::typeText(file.type(), file.shape())));
    size_t open = 0;
    for (size_t i = 0; i < file.shape().size(); ++i)
      if (parameter.type.shape[i] < 0)
        inputs.sizes.emplace(parameter.type.open[open++], file.shape()[i]);
    inputs.tensors[parameter.name] = file;
    given.erase(it);
  }
  for (const std::string &entry : function.symbols) {
    const std::string symbol = SizeName(entry).name;
    auto it = given.find(symbol);
    if (it == given.end())
      continue;
    DLC_ASSIGN(size, readSize(symbol, it->second));
    inputs.sizes[symbol] = size;
    given.erase(it);
  }
  if (!given.empty())
    return wrong(fmt::format("`{}` has no parameter or size `{}`", function.name, given.begin()->first));
  DLC_TRY(bindDefaults(module, function, inputs.sizes));
  for (const Argument &parameter : function.arguments) {
    if (parameter.role != ArgumentRole::Input || inputs.tensors.count(parameter.name))
      continue;
    DLC_ASSIGN(value, defaultTensor(module, function, parameter.name));
    if (value && parameter.type.open.empty()) {
      inputs.tensors[parameter.name] = *value;
      continue;
    }
    runtime::Shape shape = parameter.type.shape;
    size_t open = 0;
    for (int64_t &size : shape)
      if (size < 0) {
        const std::string &symbol = parameter.type.open[open++];
        auto bound = inputs.sizes.find(symbol);
        if (bound == inputs.sizes.end())
          return wrong(fmt::format("`{}` is {}: give the size with --arg {}=N", parameter.name, parameter.type.text(), symbol));
        size = bound->second;
      }
    DLC_ASSIGN(tensor, example(parameter.type, shape));
    inputs.tensors[parameter.name] = tensor;
  }
  return inputs;
}

Status benchCall(const Arguments &arguments, Reporter &reporter) {
  const std::string &name = arguments.positional[1];
  BuildRequest request;
  CallInputs call;
  {
    Session session(arguments);
    if (!session.toGraph(false))
      return Status::error(session.failure, "");
    DLC_TRY(checkCallable(session));
    Manifest manifest = describe(session.module());
    DLC_ASSIGN(function, findExport(manifest, name));
    DLC_ASSIGN(inputs, inputsOf(session.module(), *function, arguments));
    if (session.stage() == passes::Stage::Graph)
      DLC_TRY(checkSizes(session.module(), name, inputs.sizes));
    for (const auto &[symbol, size] : inputs.sizes)
      request.bindings.push_back({name, symbol, size});
    call.inputs = std::move(inputs.tensors);
  }
  request.exported = name;
  request.blocks = false;
  DLC_ASSIGN(program, LoadedProgram::create(arguments, request, reporter.console()));
  const Function *function = program->manifest().find(name);
  if (!function)
    return Status::run(fmt::format("there is no function `{}`", name));
  DLC_ASSIGN(prepared, program->state->prepare(*function, call));
  int64_t calls = arguments.steps.value_or(defaultSteps);
  std::vector<double> seconds;
  std::optional<size_t> warmed;
  while (!warmed || static_cast<int64_t>(seconds.size() - *warmed) < calls) {
    auto began = std::chrono::steady_clock::now();
    DLC_TRY(prepared.bound->run());
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    warmed = warmedUp(seconds);
  }
  seconds.erase(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(*warmed));
  show("call", seconds, "", *program);
  return Status();
}

Status bench(const Arguments &arguments) {
  auto reporter = Reporter::create(true, "", false);
  if (!reporter)
    return reporter.status();
  return arguments.positional.size() > 1 ? benchCall(arguments, **reporter) : benchStep(arguments, **reporter);
}

} // namespace

int benchCommand(const Arguments &arguments) {
  Status status = bench(arguments);
  return status ? 0 : fail(status);
}

} // namespace dlc::driver
