#include "tools/driver/CommandLine.h"

#include "tools/driver/CommandTable.h"

#include "llvm/ADT/StringRef.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>

namespace dlc::driver {
namespace {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

Status wrong(std::string message) { return Status::error(ErrorKind::Command, std::move(message)); }

const CommandInfo *findCommand(llvm::StringRef word) {
  for (const CommandInfo &command : commandTable())
    if (word == command.name)
      return &command;
  return nullptr;
}

std::string insteadOf(const Missing &missing) { return *missing.instead ? fmt::format("; {}", missing.instead) : ""; }

Status unknownCommand(llvm::StringRef word) {
  for (const Missing &missing : missingCommands())
    if (word == llvm::StringRef(missing.word.data(), missing.word.size()))
      return wrong(fmt::format("`dlc {}` is not there yet{}", word.str(), insteadOf(missing)));
  if (word.ends_with(".dl") || word.ends_with(".mlir"))
    return wrong(fmt::format("`{0}` is not a command; did you mean `dlc run {0}`?", word.str()));
  if (word.starts_with("-"))
    return wrong(fmt::format("the first word must be a command, found `{}`; `dlc --help` lists them", word.str()));
  const char *nearest = nullptr;
  unsigned best = 3;
  for (const CommandInfo &command : commandTable())
    if (unsigned distance = word.edit_distance(command.name); distance < best)
      best = distance, nearest = command.name;
  return wrong(nearest ? fmt::format("there is no command `{}`; did you mean `{}`?", word.str(), nearest)
                       : fmt::format("there is no command `{}`; `dlc --help` lists them", word.str()));
}

/// "`dlc run` and `dlc bench` have": the commands with an option that another one lacks.
std::string havers(llvm::StringRef option) {
  std::vector<std::string> names;
  for (const CommandInfo &command : commandTable())
    for (const Option &candidate : optionTable())
      if (option == candidate.name && (candidate.commands & bit(command.command)))
        names.push_back(fmt::format("`dlc {}`", command.name));
  std::string out;
  for (size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out + (names.size() == 1 ? " has" : " have");
}

Status unknownOption(llvm::StringRef word, const CommandInfo &command) {
  for (const Missing &missing : missingOptions())
    if (word == llvm::StringRef(missing.word.data(), missing.word.size()))
      return wrong(fmt::format("`{}` is not there yet{}", word.str(), insteadOf(missing)));
  const char *nearest = nullptr;
  unsigned best = 4;
  for (const Option &option : optionTable()) {
    if (word == option.name)
      return wrong(fmt::format("`dlc {}` has no option `{}`; {} it", command.name, word.str(), havers(word)));
    bool fits = option.commands & bit(command.command);
    if (unsigned distance = word.edit_distance(option.name); fits && distance < best)
      best = distance, nearest = option.name;
  }
  return wrong(nearest
                   ? fmt::format("there is no option `{}`; did you mean `{}`?", word.str(), nearest)
                   : fmt::format("there is no option `{}`; `dlc {} --help` lists them", word.str(), command.name));
}

const Option *findOption(llvm::StringRef word, Command command) {
  for (const Option &option : optionTable())
    if (word == option.name && (option.commands & bit(command)))
      return &option;
  return nullptr;
}

/// The option at `words[i]` with its value, which may be the next word.
Status readOption(const std::vector<std::string> &words, size_t &i, const CommandInfo &command, Arguments &arguments) {
  const std::string &word = words[i];
  size_t equals = word.rfind("--", 0) == 0 ? word.find('=') : std::string::npos;
  std::string name = word == "-h" ? "--help" : word.substr(0, equals);
  const Option *option = findOption(name, arguments.command);
  if (!option)
    return unknownOption(name, command);
  std::string value;
  if (option->metavar) {
    if (equals != std::string::npos)
      value = word.substr(equals + 1);
    else if (i + 1 < words.size())
      value = words[++i];
    else
      return wrong(fmt::format("`{}` needs a value: {} {}", name, name, option->metavar));
  } else if (equals != std::string::npos) {
    return wrong(fmt::format("`{}` takes no value", name));
  }
  if (Status status = option->apply(arguments, value); !status)
    return std::move(status).within(name);
  arguments.given.emplace_back(name, value);
  return Status();
}

/// Options that would change nothing beside the others that are given.
Status checkIdle(const Arguments &arguments) {
  const std::string &target = arguments.target, &emit = arguments.emit;
  bool isCompile = arguments.command == Command::Compile;
  auto isStage = [&](std::initializer_list<std::string_view> stages) { return isCompile && std::find(stages.begin(), stages.end(), emit) != stages.end(); };
  for (const auto &[name, value] : arguments.given) {
    auto isOneOf = [&, &name = name](std::initializer_list<std::string_view> names) { return std::find(names.begin(), names.end(), name) != names.end(); };
    if (name == "--device" && target != "cuda")
      return wrong(fmt::format("`--device` chooses the card of `--target cuda`; the target is `{}`", target));
    if (name == "--cpu" && target == "reference")
      return wrong("`--cpu` chooses the processor to compile for; `--target reference` compiles nothing");
    if (name == "--cpu" && isCompile && !emit.empty() && (target == "cuda" || !isStage({"kernels", "llvm", "asm"})))
      return wrong(fmt::format("`--cpu` changes nothing in the stage `{}`: it is the same for every processor", emit));
    if (name == "--arch" && target != "cuda")
      return wrong(fmt::format("`--arch` chooses the card to compile for with `--target cuda`; the target is `{}`", target));
    if (name == "--arch" && !isStage({"llvm", "ptx"}))
      return wrong(fmt::format("`--arch` changes nothing in the stage `{}`: it is the same for every compute capability", emit));
    if (name == "--precision" && isStage({"ast", "graph"}))
      return wrong(fmt::format("`--precision` changes nothing in the stage `{}`: products get it in `specialized`", emit));
    // The LLVM of a card is LLVM's own text, that of the processor a module.
    if (name == "--locations" && (isStage({"ast", "asm", "ptx"}) || (target == "cuda" && isStage({"llvm"}))))
      return wrong(fmt::format("`{}` is for the stages from `graph` to `{}`; `{}` has no locations", name, target == "cuda" ? "kernels" : "llvm", emit));
    bool isBeforePasses = isStage({"ast"}) || (isStage({"graph"}) && name != "--remarks"); // the short form of a graph may have one
    if (isOneOf({"--print-ir-after", "--remarks", "--round-trip"}) && isBeforePasses)
      return wrong(fmt::format("`{}` tells of passes, and none runs before the stage `{}`", name, emit));
    if (name == "--arg" && arguments.command == Command::Bench && arguments.positional.size() == 1)
      return wrong("`--arg` is an argument of a function: `dlc bench FILE FUNCTION --arg NAME=VALUE`");
  }
  return Status();
}

/// Options that contradict each other, and what a command cannot do without.
Status checkTogether(const Arguments &arguments) {
  if (arguments.noSave && !arguments.save.empty())
    return wrong("`--save` and `--no-save` contradict each other");
  if (arguments.noSave && arguments.saveEvery)
    return wrong("`--save-every` and `--no-save` contradict each other");
  if (!arguments.load.empty() && !arguments.loadWeights.empty())
    return wrong("`--load` and `--load-weights` both say where the weights come from; give one of them");
  std::error_code unreadable;
  if (!arguments.dataFolder.empty() && !std::filesystem::is_directory(arguments.dataFolder, unreadable))
    return wrong(fmt::format("--data: there is no folder `{}`", arguments.dataFolder));
  if (arguments.locations && arguments.noLocations)
    return wrong("`--locations` and `--no-locations` contradict each other");
  if (arguments.command == Command::Compile && arguments.emit.empty())
    return wrong(arguments.output.empty() ? "`dlc compile` needs --emit=STAGE; `dlc compile --help` lists the stages"
                                          : "native libraries are not there yet; `dlc compile` needs --emit=STAGE");
  return checkIdle(arguments);
}

Status checkOperands(const Arguments &arguments, const CommandInfo &command) {
  if (arguments.positional.size() < command.least) {
    llvm::SmallVector<llvm::StringRef> words; // of the usage; those that are needed stand first
    llvm::StringRef(command.usage).split(words, ' ');
    return wrong(fmt::format("{} is missing; usage: dlc {} {}", words[arguments.positional.size()].str(), command.name, command.usage));
  }
  if (arguments.positional.size() > command.most)
    return wrong(fmt::format("unexpected `{}`; usage: dlc {} {}", arguments.positional[command.most], command.name,
                             command.usage));
  return Status();
}

} // namespace

Result<Arguments> parseCommandLine(const std::vector<std::string> &words) {
  Arguments arguments;
  bool asked = !words.empty() && (words[0] == "--help" || words[0] == "-h" || words[0] == "help");
  if (words.empty() || (asked && words.size() == 1)) {
    arguments.help = true;
    return arguments;
  }
  if (words[0] == "--version") {
    arguments.version = true;
    return arguments;
  }
  const std::string &word = words[asked ? 1 : 0];
  const CommandInfo *command = findCommand(word);
  if (!command)
    return unknownCommand(word);
  arguments.command = command->command;
  arguments.helpOfCommand = asked;
  bool options = true; // a `--` ends them
  for (size_t i = 1; i < words.size() && !asked; ++i) {
    if (options && words[i] == "--")
      options = false;
    else if (!options || words[i].size() < 2 || words[i][0] != '-')
      arguments.positional.push_back(words[i]);
    else
      DLC_TRY(readOption(words, i, *command, arguments));
  }
  if (arguments.helpOfCommand || arguments.version)
    return arguments;
  DLC_TRY(checkOperands(arguments, *command));
  DLC_TRY(checkTogether(arguments));
  return arguments;
}

/// A word as a shell reads it back.
static std::string quoted(const std::string &word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
    return word;
  std::string out = "'";
  for (char c : word)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string resumeCommand(const Arguments &arguments, const std::string &checkpoint) {
  const std::string &file = arguments.positional[0];
  std::string out = fmt::format("dlc run {} --load {}", quoted(file[0] == '-' ? "./" + file : file), quoted(checkpoint));
  for (const auto &[name, value] : arguments.given) {
    if (name == "--load" || name == "--load-weights" || name == "--steps")
      continue;
    const Option *option = findOption(name, arguments.command);
    out += " " + name;
    if (option && option->metavar)
      out += (value.rfind('-', 0) == 0 ? "=" : " ") + quoted(value);
  }
  return out;
}

std::string helpText() {
  std::string out = "dlc compiles and runs deep-learning programs: one text file in, trained weights out.\n\n"
                    "usage: dlc COMMAND ...\n\n";
  for (const CommandInfo &command : commandTable())
    out += fmt::format("  dlc {:<10} {:<36} {}\n", command.name, command.usage, command.summary);
  out += "\n  dlc COMMAND --help   what a command does, with examples and its options\n"
         "  dlc --version        the version\n\n"
         "To begin: dlc run examples/mlp_classifier.dl\n"
         "Exit status: 0 success, 1 the program is wrong, 2 the command line is wrong, 3 it failed while running.\n";
  return out;
}

std::string helpText(Command command) {
  const CommandInfo &about = info(command);
  std::string out = fmt::format("usage: dlc {} {}\n\n{}\n\nexamples:\n{}\n\noptions:\n", about.name, about.usage, about.details,
                                about.examples);
  for (const Option &option : optionTable())
    if (option.commands & bit(command)) {
      std::string left = option.metavar ? fmt::format("{} {}", option.name, option.metavar) : option.name;
      llvm::StringRef rest = option.help;
      for (bool isFirst = true; isFirst || !rest.empty(); isFirst = false) {
        llvm::StringRef line;
        std::tie(line, rest) = rest.split('\n');
        out += fmt::format("  {:<24} {}\n", isFirst ? left : "", std::string_view(line));
      }
    }
  return out;
}

} // namespace dlc::driver
