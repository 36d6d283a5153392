#include "tools/driver/Program.h"

#include "tools/driver/Data.h"
#include "tools/driver/Emit.h"
#include "tools/driver/Processor.h"

#include "runtime/Activity.h"
#include "runtime/Format.h"
#include "runtime/Memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

namespace {

/// Bytes of a function's own arguments and results: what only a call of it needs.
int64_t callBytes(const Function *function) {
  int64_t bytes = 0;
  if (!function)
    return bytes;
  for (const Argument &argument : function->arguments)
    if (argument.role == ArgumentRole::Input || argument.role == ArgumentRole::Sum || argument.role == ArgumentRole::Rows)
      bytes += argument.type.bytes();
  for (const Outcome &outcome : function->results)
    if (outcome.role != ResultRole::Update)
      bytes += outcome.type.bytes();
  return bytes;
}

/// Where a person is told of what takes long: a run and a test have lines of their own; what others print are results, so those tell a terminal at
/// standard error alone.
runtime::Console *teller(const Arguments &arguments, runtime::Console &console, std::optional<runtime::Console> &errors) {
  if (arguments.quiet)
    return nullptr;
  if (arguments.command == Command::Run || arguments.command == Command::Test)
    return &console;
  errors.emplace(stderr);
  return errors->isTerminal() ? &*errors : nullptr;
}

/// Diagnostics have been printed.
Status wrongProgram(const Session &session) { return Status::error(session.failure, ""); }

} // namespace

std::string defaultCheckpoint(const Arguments &arguments) { return stemOf(arguments) + ".safetensors"; }

Result<std::unique_ptr<LoadedProgram>> LoadedProgram::create(const Arguments &arguments, const BuildRequest &request,
                                                             runtime::Console &console) {
  std::unique_ptr<LoadedProgram> program(new LoadedProgram(arguments));
  std::optional<runtime::Console> errors;
  runtime::Activity activity(teller(arguments, console, errors));
  activity.begin("compiling", /*isLine=*/true); // diagnostics and remarks may come
  if (arguments.target == "cpu")
    DLC_TRY(checkRunsHere(arguments));
  DLC_ASSIGN(cached, buildFromCache(arguments, request, console, program->pool));
  if (cached) {
    program->runnable = std::move(*cached);
  } else {
    program->session = std::make_unique<Session>(arguments);
    if (!program->session->toGraph(true))
      return wrongProgram(*program->session);
    DLC_ASSIGN(runnable, build(*program->session, request, console, program->pool));
    program->runnable = std::move(runnable);
  }
  if (arguments.timePasses)
    printTimes(program->runnable.times);
  program->beforeBuffers = runtime::restartPeakResidentMemory() ? runtime::residentMemory() : 0;
  program->state = std::make_unique<RunState>(program->runnable.manifest, *program->runnable.executor, program->runnable.seed);
  RunState &state = *program->state;
  state.known = program->runnable.known;
  DLC_TRY(loadData(state, dataPathOf(arguments), 0, &activity));
  activity.begin("making initial values");
  if (state.manifest().find("init") || state.known.count("init")) {
    auto made = state.call("init");
    if (!made)
      return made.status();
  }
  for (const LoadDecl &load : state.manifest().loads) {
    activity.begin("reading " + runtime::inBackticks(load.file));
    auto loadFile = [&]() -> Status {
      DLC_ASSIGN(path, runtime::findDataFile(load.file, dataPathOf(arguments)));
      return loadDeclared(path, state, load);
    };
    DLC_TRY(loadFile().within(load.location));
  }
  activity.begin("reading the weights");
  if (!arguments.loadWeights.empty())
    DLC_TRY(loadWeights(arguments.loadWeights, state, {}));
  return program;
}

BuildIdentity LoadedProgram::identity() const {
  BuildIdentity identity{arguments.target, "", "", DLC_VERSION, arguments.precision};
  if (auto processor = processorOf(arguments); processor && arguments.target == "cpu") {
    identity.processor = processor->name;
    identity.features = featuresOf(*processor);
  }
  if (Executor::Machine machine = runnable.executor->machine(); !machine.name.empty()) {
    identity.processor = machine.name;
    identity.features = machine.features;
  }
  return identity;
}

int64_t LoadedProgram::plannedBytes() const {
  // What is there already: data, places, the arena, the threads' workspaces.
  int64_t bytes = static_cast<int64_t>(runtime::Storage::liveBytes());
  // What the blocks add when they begin: their states, staged batches and results.
  const Manifest &manifest = runnable.manifest;
  for (const TrainDecl &train : manifest.trains) {
    if (const Function *init = manifest.find(train.init))
      for (const Outcome &outcome : init->results)
        if (outcome.role == ResultRole::State && !state->places.count(outcome.name))
          bytes += outcome.type.bytes();
    for (const std::string &name : {train.step, train.tail})
      bytes += callBytes(manifest.find(name));
  }
  int64_t test = 0; // one at a time
  for (const TestDecl &block : manifest.tests) {
    int64_t needed = 0;
    for (const std::string &name : {block.body, block.tail, block.metrics})
      needed += callBytes(manifest.find(name));
    test = std::max(test, needed);
  }
  return bytes + test;
}

int64_t LoadedProgram::grownBytes() const {
  size_t peak = runtime::peakResidentMemory();
  return beforeBuffers && peak > beforeBuffers ? static_cast<int64_t>(peak - beforeBuffers) : 0;
}

int64_t LoadedProgram::parameterCount() const {
  int64_t count = 0;
  for (const auto &[name, order] : state->parameters)
    count += state->places.at(name).count();
  return count;
}

} // namespace dlc::driver
