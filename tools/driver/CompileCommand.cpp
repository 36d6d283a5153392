// `dlc compile --emit`: prints a stage.
#include "tools/driver/Commands.h"
#include "tools/driver/Emit.h"
#include "tools/driver/KnownValues.h"
#include "tools/driver/Processor.h"
#include "tools/driver/Session.h"

#include "runtime/File.h"

#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include <unistd.h>

namespace dlc::driver {
namespace {

/// Prints the stage to `out`, that of a card for `chip`; false after diagnostics.
bool emit(Session &session, const Arguments &arguments, const std::string &chip, bool locations, llvm::raw_ostream &out) {
  if (arguments.emit == "ast")
    return session.printTree(out);
  // Where the data files are needed is the front end's to say: without them a number of rows is a symbol.
  std::optional<passes::Stage> stage = passes::parseStage(arguments.emit);
  // Behind `optimized` the stages of a session are the processor's; those of a card are made from there.
  bool isOfDevice = arguments.target == "cuda" && stage.value_or(passes::Stage::Kernels) > passes::Stage::Optimized;
  if (isOfDevice)
    stage = std::nullopt;
  bool isGraph = stage == passes::Stage::Graph;
  if (!session.toGraph(!isGraph))
    return false;
  if (stage && *stage < session.stage()) {
    llvm::errs() << fmt::format("error: {} is in stage `{}`: there is no way back to `{}`\n", session.file(),
                                passes::stageName(session.stage()).str(), arguments.emit);
    return false;
  }
  if (isGraph)
    return printGraph(session.module(), locations, out);
  if (session.stage() == passes::Stage::Graph)
    markEvaluated(session.module());
  if (!session.toStage(stage.value_or(passes::Stage::Optimized), session.pipelineOptions()))
    return false;
  if (!stage) {
    auto start = std::chrono::steady_clock::now();
    bool done = isOfDevice ? emitDeviceStage(session, arguments.emit, chip, locations, out) : emitAssembly(session, out);
    session.times.push_back({arguments.emit, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
    return done;
  }
  printModule(session.module(), locations, out);
  return true;
}

} // namespace

int compileCommand(const Arguments &arguments) {
  if (auto processor = processorOf(arguments); !processor)
    return fail(processor.status());
  if (arguments.emit == (arguments.target == "cuda" ? "asm" : "ptx"))
    return fail(runtime::Status::error(runtime::ErrorKind::Command,
                                       fmt::format("--emit={} is not a stage of --target {}; behind `optimized` cpu has kernels, llvm and asm, cuda has kernels, llvm and ptx",
                                                   arguments.emit, arguments.target)));
  auto chip = archOf(arguments);
  if (!chip)
    return fail(chip.status());
  Session session(arguments);
  std::string text;
  llvm::raw_string_ostream out(text);
  // Names and source lines live in locations, so a file keeps them; on a terminal they would be in the way.
  bool locations = !arguments.noLocations && (arguments.locations || !arguments.output.empty() || !isatty(STDOUT_FILENO));
  if (!emit(session, arguments, *chip, locations, out))
    return static_cast<int>(session.failure);
  if (!arguments.output.empty()) {
    if (runtime::Status status = runtime::writeWhole(arguments.output, text); !status)
      return fail(status);
  } else {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  if (arguments.timePasses)
    printTimes(session.times);
  return 0;
}

} // namespace dlc::driver
