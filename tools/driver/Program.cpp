#include "tools/driver/Program.h"

#include "tools/driver/Data.h"

#include <fmt/format.h>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

namespace {

/// Diagnostics have been printed.
Status wrongProgram() { return Status::error(ErrorKind::Program, ""); }

} // namespace

std::string defaultCheckpoint(const Arguments &arguments) { return stemOf(arguments) + ".safetensors"; }

Result<std::unique_ptr<LoadedProgram>> LoadedProgram::create(const Arguments &arguments, const BuildRequest &request,
                                                             runtime::Console &console) {
  std::unique_ptr<LoadedProgram> program(new LoadedProgram(arguments));
  DLC_ASSIGN(cached, buildFromCache(arguments, request, console, program->pool));
  if (cached) {
    program->runnable = std::move(*cached);
  } else {
    program->session = std::make_unique<Session>(arguments);
    if (!program->session->toGraph(true))
      return wrongProgram();
    DLC_ASSIGN(runnable, build(*program->session, request, console, program->pool));
    program->runnable = std::move(runnable);
  }
  program->state = std::make_unique<RunState>(program->runnable.manifest, *program->runnable.executor, program->runnable.seed);
  RunState &state = *program->state;
  state.known = program->runnable.known;
  DLC_TRY(loadData(state, dataPathOf(arguments)));
  if (state.manifest().find("init") || state.known.count("init")) {
    auto made = state.call("init");
    if (!made)
      return made.status();
  }
  for (const LoadDecl &load : state.manifest().loads) {
    DLC_ASSIGN(path, runtime::findDataFile(load.file, dataPathOf(arguments)));
    DLC_TRY(loadWeights(path, state, load.names));
  }
  if (!arguments.loadWeights.empty())
    DLC_TRY(loadWeights(arguments.loadWeights, state, {}));
  return program;
}

BuildIdentity LoadedProgram::identity() const {
  return {arguments.target, arguments.target == "cpu" ? arguments.cpu : "", DLC_VERSION};
}

int64_t LoadedProgram::plannedBytes() const {
  int64_t bytes = runnable.executor->arenaBytes();
  for (const auto &[name, tensor] : state->places)
    bytes += static_cast<int64_t>(tensor.bytes());
  // The states that the blocks add when they begin.
  for (const TrainDecl &train : manifest().trains)
    if (const Function *init = manifest().find(train.init))
      for (const Outcome &outcome : init->results)
        if (outcome.role == ResultRole::State && !state->places.count(outcome.name))
          bytes += outcome.type.bytes();
  return bytes;
}

int64_t LoadedProgram::parameterCount() const {
  int64_t count = 0;
  for (const auto &[name, order] : state->parameters)
    count += state->places.at(name).count();
  return count;
}

} // namespace dlc::driver
