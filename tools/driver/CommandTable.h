// The commands and options of `dlc`, as data: parsing, help, suggestions and completion scripts are all made from these tables.
#ifndef DLC_TOOLS_DRIVER_COMMANDTABLE_H
#define DLC_TOOLS_DRIVER_COMMANDTABLE_H

#include "tools/driver/CommandLine.h"

#include <functional>
#include <span>
#include <string_view>

namespace dlc::driver {

constexpr unsigned bit(Command command) { return 1u << static_cast<unsigned>(command); }

/// What stands at a place of the command line, for completion.
enum class Operand { None, Program, Function, Set, Shell };

struct CommandInfo {
  Command command;
  const char *name;
  const char *usage;
  const char *summary;
  const char *details;  ///< paragraphs of `--help`
  const char *examples; ///< lines that can be typed, with what they do
  unsigned least, most; ///< positional arguments
  Operand first;
};

/// What the value of an option is, for completion.
enum class OptionValue { None, Text, File, Folder, Word };

struct Option {
  const char *name;    ///< with dashes
  const char *metavar; ///< null for a flag
  unsigned commands;   ///< bits of those that have it
  const char *help;
  std::function<runtime::Status(Arguments &, const std::string &)> apply;
  OptionValue value = OptionValue::Text;
  std::vector<const char *> words = {}; ///< of OptionValue::Word
};

/// A word of the design that no version has yet: refused by name.
struct Missing {
  std::string_view word;
  const char *instead; ///< what to do now; may be empty
};

std::span<const CommandInfo> commandTable();
const CommandInfo &info(Command command);
const std::vector<Option> &optionTable();
std::span<const Missing> missingCommands();
std::span<const Missing> missingOptions();
/// The stages of `--emit`.
const std::vector<const char *> &stageWords();

} // namespace dlc::driver

#endif
