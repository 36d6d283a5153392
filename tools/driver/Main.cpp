#include "tools/driver/Commands.h"
#include "tools/driver/DataCommand.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>
#include <unistd.h>

#ifndef DLC_VERSION
#define DLC_VERSION "0"
#endif

namespace dlc::driver {

using runtime::Status;

int fail(const runtime::Status &status) {
  if (!status.message().empty())
    std::fprintf(stderr, "%serror:%s %s\n", isatty(STDERR_FILENO) ? "\033[1;31m" : "", isatty(STDERR_FILENO) ? "\033[0m" : "",
                 status.message().c_str());
  return status.exitCode();
}

int finishOutput(int status) {
  bool flushed = std::fflush(stdout) == 0;
  std::string reason = flushed ? "" : std::string(": ") + std::strerror(errno);
  if (flushed && !std::ferror(stdout))
    return status;
  Status lost = Status::run("standard output could not be written" + reason);
  return status ? (fail(lost), status) : fail(lost);
}

static int dispatch(int argc, char **argv) {
  auto parsed = parseCommandLine(std::vector<std::string>(argv + 1, argv + argc));
  if (!parsed)
    return fail(parsed.status());
  const Arguments &arguments = *parsed;
  if (arguments.version) {
    std::printf("dlc %s\n", DLC_VERSION);
    return 0;
  }
  if (arguments.help || arguments.helpOfCommand) {
    std::fputs((arguments.help ? helpText() : helpText(arguments.command)).c_str(), stdout);
    return 0;
  }
  switch (arguments.command) {
  case Command::Check: return checkCommand(arguments);
  case Command::Compile: return compileCommand(arguments);
  case Command::Run:
  case Command::Test: return runCommand(arguments);
  case Command::Call: return callCommand(arguments);
  case Command::Bench: return benchCommand(arguments);
  case Command::Verify: return verifyCommand(arguments);
  case Command::Data: return runDataCommand(arguments.positional);
  case Command::Devices: return devicesCommand(arguments);
  case Command::Completion: break;
  }
  if (auto script = completionScript(arguments.positional[0])) {
    std::fputs(script->c_str(), stdout);
    return 0;
  }
  return fail(runtime::Status::error(runtime::ErrorKind::Command,
                                     "there is no completion for `" + arguments.positional[0] + "`, only for bash, zsh and fish"));
}

int dlcMain(int argc, char **argv) { return finishOutput(dispatch(argc, argv)); }

} // namespace dlc::driver
