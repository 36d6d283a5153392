// The command line of `dlc`: one table of commands and options from which parsing, `--help`, suggestions and tab completion are made.
#ifndef DLC_TOOLS_DRIVER_COMMANDLINE_H
#define DLC_TOOLS_DRIVER_COMMANDLINE_H

#include "runtime/Status.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dlc::driver {

enum class Command { Check, Run, Test, Call, Compile, Bench, Verify, Data, Devices, Completion };

struct Arguments {
  Command command = Command::Check;
  bool help = false, version = false;
  bool helpOfCommand = false;

  std::vector<std::string> positional; ///< the file, and for `call` and `bench` the function
  /// Every option as it was given, in order, with its value (empty for a flag).
  std::vector<std::pair<std::string, std::string>> given;
  std::string target = "cpu";
  int64_t device = 0; ///< the number of the card
  std::string precision; ///< of all products; empty: as the blocks say
  std::string cpu = "native";
  std::string arch; ///< of the card to compile for, as NVPTX names it; empty: of all that will do
  int threads = 0; ///< 0: as many as there are cores
  std::optional<int64_t> seed, steps, saveEvery;
  std::vector<std::pair<std::string, std::string>> set; ///< `--set`, `--epochs`
  std::string dataFolder, save, load, saveWeights, loadWeights, log, output, emit, printAfter;
  std::vector<std::pair<std::string, std::string>> args; ///< of `call`: `--arg NAME=VALUE`
  bool noSave = false, noCache = false, quiet = false, keepGoing = false, timePasses = false, remarks = false, json = false;
  bool locations = false, noLocations = false, roundTrip = false;
};

/// The command line that goes on from `checkpoint` as `arguments`, of `dlc run`, began: with the same options, except where it starts and ends.
std::string resumeCommand(const Arguments &arguments, const std::string &checkpoint);

/// Reads `argv[1…]`. A failure (`ErrorKind::Command`) names the wrong word and the nearest right one.
runtime::Result<Arguments> parseCommandLine(const std::vector<std::string> &words);

/// What `dlc --help` and `dlc COMMAND --help` print.
std::string helpText();
std::string helpText(Command command);

/// A completion script for `bash`, `zsh` or `fish`; nothing for another shell.
std::optional<std::string> completionScript(const std::string &shell);

} // namespace dlc::driver

#endif
