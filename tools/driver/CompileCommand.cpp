// `dlc compile --emit`: prints a stage.
#include "tools/driver/Commands.h"
#include "tools/driver/Emit.h"
#include "tools/driver/Processor.h"
#include "tools/driver/Session.h"

#include "runtime/File.h"

#include "llvm/Support/raw_ostream.h"

#include <unistd.h>

namespace dlc::driver {
namespace {

/// Prints the stage to `out`; false after diagnostics.
bool emit(Session &session, const Arguments &arguments, bool locations, llvm::raw_ostream &out) {
  if (arguments.emit == "ast")
    return session.printTree(out);
  // Where the data files are needed is the front end's to say: without them a number of rows is a symbol.
  bool early = arguments.emit == "graph";
  if (!session.toGraph(!early))
    return false;
  if (std::optional<passes::Stage> stage = passes::parseStage(arguments.emit)) {
    if (!session.toStage(*stage, session.pipelineOptions()))
      return false;
    printModule(session.module(), locations, out);
    return true;
  }
  return session.toStage(passes::Stage::Optimized, session.pipelineOptions()) &&
         emitCode(session, arguments.emit, out);
}

} // namespace

int compileCommand(const Arguments &arguments) {
  if (auto processor = processorOf(arguments); !processor)
    return fail(processor.status());
  Session session(arguments);
  std::string text;
  llvm::raw_string_ostream out(text);
  // Names and source lines live in locations, so a file keeps them; on a terminal they would be in the way.
  bool locations = arguments.locations || !arguments.output.empty() || !isatty(STDOUT_FILENO);
  if (!emit(session, arguments, locations, out))
    return 1;
  if (!arguments.output.empty()) {
    if (runtime::Status status = runtime::writeWhole(arguments.output, text); !status)
      return fail(status);
  } else {
    llvm::outs() << text;
    llvm::outs().flush();
  }
  if (arguments.timePasses)
    printTimes(session.times);
  return 0;
}

} // namespace dlc::driver
