#include "tools/driver/CommandLine.h"

#include "llvm/ADT/StringRef.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>

namespace dlc::driver {
namespace {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

constexpr unsigned bit(Command command) { return 1u << static_cast<unsigned>(command); }

constexpr unsigned running = bit(Command::Run) | bit(Command::Test) | bit(Command::Call) | bit(Command::Bench);
constexpr unsigned reading = running | bit(Command::Check) | bit(Command::Compile) | bit(Command::Verify);
constexpr unsigned training = bit(Command::Run) | bit(Command::Bench) | bit(Command::Verify);

struct CommandInfo {
  Command command;
  const char *name;
  const char *usage;
  const char *summary;
  const char *details;
  unsigned least, most; ///< positional arguments
};

constexpr CommandInfo commands[] = {
    {Command::Check, "check", "FILE", "find mistakes without running anything",
     "Reads the program, checks every name, type and shape, and prints what is wrong. Data files need not be there.\n"
     "Exit status 1 if there is an error.",
     1, 1},
    {Command::Run, "run", "FILE [options]", "train and test; save a checkpoint",
     "Runs the program's `train` and `test` blocks in the order of the file and saves NAME.safetensors in the current folder:\n"
     "at the end, at Ctrl-C, and every 30 seconds or `--save-every` steps. Nothing resumes without `--load`.\n\n"
     "  dlc run examples/mlp_classifier.dl\n"
     "  dlc run examples/mnist_cnn.dl --epochs 1 --threads 2\n"
     "  dlc run model.dl --load model.safetensors       go on where it stopped, to the same bits\n"
     "  dlc run model.dl --set lr=0.01 --seed 7         another constant, another seed",
     1, 1},
    {Command::Test, "test", "FILE --load CKPT", "run the test blocks with trained weights",
     "Runs only the `test` blocks. Without `--load` it takes NAME.safetensors of the current folder.", 1, 1},
    {Command::Call, "call", "FILE FUNCTION --arg NAME=VALUE ...", "call an exported function",
     "An argument is a number, a list such as [[1, 2], [3, 4]], or a .npy file. Results are printed; with `-o FOLDER` each is\n"
     "written there as NAME.npy.\n\n"
     "  dlc call examples/linear_regression.dl predict --arg 'x=[[0.5]]'",
     2, 2},
    {Command::Compile, "compile", "FILE --emit=STAGE", "print a stage of the compiler",
     "Stages: ast, graph, specialized, train, optimized, kernels, llvm, asm. `-o FILE` writes it to a file.\n\n"
     "  dlc compile examples/mnist_cnn.dl --emit=graph",
     1, 1},
    {Command::Bench, "bench", "FILE [FUNCTION] --steps N", "time a training step or a call",
     "Runs N steps (100 unless said otherwise) after some for warming up and prints the median, batches read and all. With a FUNCTION\n"
     "it times calls of that; an argument that is not given as a .npy file is made up, and `--arg B=32` gives an open size.\n\n"
     "  dlc bench examples/mnist_cnn.dl --threads 1\n"
     "  dlc bench examples/mnist_cnn.dl classify --arg B=32",
     1, 2},
    {Command::Verify, "verify", "FILE", "compare every pass and target with the reference",
     "Runs two steps (at batch 4 unless `--set batch=` says otherwise) after each pass and on each target from the same seed,\n"
     "and names the first pass that changed the answer.",
     1, 1},
    {Command::Data, "data", "[NAME]", "fetch a known data set",
     "Without a name it lists the known sets. A fetched set lies in $DLC_DATA, else in the user's cache folder.", 0, 1},
    {Command::Completion, "completion", "bash|zsh|fish", "print a tab-completion script",
     "  source <(dlc completion bash)", 1, 1},
};

const CommandInfo &info(Command command) {
  for (const CommandInfo &candidate : commands)
    if (candidate.command == command)
      return candidate;
  return commands[0];
}

Status wrong(std::string message) { return Status::error(ErrorKind::Command, std::move(message)); }

struct Option {
  const char *name;     ///< with dashes
  const char *metavar;  ///< null for a flag
  unsigned commands;
  const char *help;
  std::function<Status(Arguments &, const std::string &)> apply;
};

template <typename Member> auto text(Member member) {
  return [member](Arguments &arguments, const std::string &value) {
    arguments.*member = value;
    return Status();
  };
}
template <typename Member> auto flag(Member member) {
  return [member](Arguments &arguments, const std::string &) {
    arguments.*member = true;
    return Status();
  };
}
/// An integer that is at least `least`.
template <typename Member> auto number(Member member, int64_t least) {
  return [member, least](Arguments &arguments, const std::string &value) {
    int64_t parsed = 0;
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc() || end != value.data() + value.size() || parsed < least)
      return wrong(fmt::format("expected an integer of at least {}, found `{}`", least, value));
    arguments.*member = static_cast<std::remove_reference_t<decltype(arguments.*member)>>(parsed);
    return Status();
  };
}
template <typename Member> auto pair(Member member) {
  return [member](Arguments &arguments, const std::string &value) {
    size_t equals = value.find('=');
    if (equals == std::string::npos || equals == 0)
      return wrong(fmt::format("expected NAME=VALUE, found `{}`", value));
    (arguments.*member).emplace_back(value.substr(0, equals), value.substr(equals + 1));
    return Status();
  };
}
/// One of some words; suggests the nearest.
template <typename Member> auto choice(Member member, std::vector<const char *> words) {
  return [member, words](Arguments &arguments, const std::string &value) {
    const char *nearest = nullptr;
    unsigned best = 3;
    std::string all;
    for (const char *word : words) {
      if (value == word) {
        arguments.*member = value;
        return Status();
      }
      if (unsigned distance = llvm::StringRef(value).edit_distance(word); distance < best)
        best = distance, nearest = word;
      all += (all.empty() ? "" : ", ") + std::string(word);
    }
    return wrong(nearest ? fmt::format("`{}` is not known; did you mean `{}`?", value, nearest)
                         : fmt::format("`{}` is not one of {}", value, all));
  };
}

const std::vector<Option> &options() {
  using A = Arguments;
  static const std::vector<Option> all = {
      {"--target", "TARGET", running, "what computes: cpu, or reference (the slow evaluator that defines every operation)",
       choice(&A::target, {"cpu", "reference"})},
      {"--cpu", "NAME", running | bit(Command::Compile) | bit(Command::Verify),
       "the processor to compile for, by LLVM's name; `native` is this one", text(&A::cpu)},
      {"--threads", "N", running, "threads; the result does not depend on it", number(&A::threads, 1)},
      {"--seed", "S", reading, "seed of all random numbers; else `const seed`, else 0", number(&A::seed, 0)},
      {"--epochs", "N", training, "the same as --set epochs=N",
       [](A &arguments, const std::string &value) {
         arguments.set.emplace_back("epochs", value);
         return Status();
       }},
      {"--steps", "N", bit(Command::Run) | bit(Command::Bench), "end at step N, counted from the first start",
       number(&A::steps, 1)},
      {"--set", "NAME=VALUE", reading, "another value for a `const` or a setting of `train`", pair(&A::set)},
      {"--data", "DIR", reading, "a folder to look for data files in", text(&A::dataFolder)},
      {"--save", "FILE", bit(Command::Run), "where the checkpoint goes (NAME.safetensors)", text(&A::save)},
      {"--no-save", nullptr, bit(Command::Run), "write no checkpoint", flag(&A::noSave)},
      {"--save-every", "N", bit(Command::Run), "write a checkpoint every N steps", number(&A::saveEvery, 1)},
      {"--load", "FILE", running, "start from this checkpoint", text(&A::load)},
      {"--save-weights", "FILE", bit(Command::Run), "write parameters and state only", text(&A::saveWeights)},
      {"--load-weights", "FILE", running, "start from these parameters and states", text(&A::loadWeights)},
      {"--log", "FILE", bit(Command::Run) | bit(Command::Test), "write what happens as JSON lines", text(&A::log)},
      {"--arg", "NAME=VALUE", bit(Command::Call) | bit(Command::Bench), "an argument of the function", pair(&A::args)},
      {"--emit", "STAGE", bit(Command::Compile), "the stage to print",
       choice(&A::emit, {"ast", "graph", "outline", "specialized", "train", "optimized", "kernels", "llvm", "asm"})},
      {"--locations", nullptr, bit(Command::Compile), "print source lines even on a terminal", flag(&A::locations)},
      {"--no-locations", nullptr, bit(Command::Compile), "leave them out even in a file", flag(&A::noLocations)},
      {"-o", "PATH", bit(Command::Compile) | bit(Command::Call), "where the output goes", text(&A::output)},
      {"--json", nullptr, bit(Command::Bench), "print one JSON object", flag(&A::json)},
      {"--print-ir-after", "PASS", reading, "print the graph after a pass, or after `all`", text(&A::printAfter)},
      {"--time-passes", nullptr, reading, "say where the time of compiling went", flag(&A::timePasses)},
      {"--remarks", nullptr, reading, "say what the passes did and why", flag(&A::remarks)},
      {"--round-trip", nullptr, reading, "print and re-read the graph between passes (a test of the printer)",
       flag(&A::roundTrip)},
      {"--no-cache", nullptr, running, "neither read nor write compiled code", flag(&A::noCache)},
      {"--keep-going", nullptr, bit(Command::Run), "do not stop at a loss that is not finite", flag(&A::keepGoing)},
      {"--quiet", nullptr, running, "print nothing but results", flag(&A::quiet)},
      {"--help", nullptr, ~0u, "print this", flag(&A::helpOfCommand)},
  };
  return all;
}

const CommandInfo *findCommand(llvm::StringRef word) {
  for (const CommandInfo &command : commands)
    if (word == command.name)
      return &command;
  return nullptr;
}

Status unknownCommand(llvm::StringRef word) {
  const char *nearest = nullptr;
  unsigned best = 3;
  for (const CommandInfo &command : commands)
    if (unsigned distance = word.edit_distance(command.name); distance < best)
      best = distance, nearest = command.name;
  if (word.ends_with(".dl"))
    return wrong(fmt::format("`{0}` is not a command; did you mean `dlc run {0}`?", word.str()));
  return wrong(nearest ? fmt::format("there is no command `{}`; did you mean `{}`?", word.str(), nearest)
                       : fmt::format("there is no command `{}`; `dlc --help` lists them", word.str()));
}

Status unknownOption(llvm::StringRef word, const CommandInfo &command) {
  const char *nearest = nullptr;
  unsigned best = 4;
  for (const Option &option : options()) {
    bool fits = option.commands & bit(command.command);
    if (word == option.name && !fits)
      return wrong(fmt::format("`dlc {}` has no option `{}`", command.name, word.str()));
    if (unsigned distance = word.edit_distance(option.name); fits && distance < best)
      best = distance, nearest = option.name;
  }
  return wrong(nearest
                   ? fmt::format("there is no option `{}`; did you mean `{}`?", word.str(), nearest)
                   : fmt::format("there is no option `{}`; `dlc {} --help` lists them", word.str(), command.name));
}

const Option *findOption(llvm::StringRef word, Command command) {
  for (const Option &option : options())
    if (word == option.name && (option.commands & bit(command)))
      return &option;
  return nullptr;
}

} // namespace

Result<Arguments> parseCommandLine(const std::vector<std::string> &words) {
  Arguments arguments;
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    arguments.help = true;
    return arguments;
  }
  if (words[0] == "--version") {
    arguments.version = true;
    return arguments;
  }
  const CommandInfo *command = findCommand(words[0]);
  if (!command)
    return unknownCommand(words[0]);
  arguments.command = command->command;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string &word = words[i];
    if (word.size() < 2 || word[0] != '-') {
      arguments.positional.push_back(word);
      continue;
    }
    size_t equals = word.rfind("--", 0) == 0 ? word.find('=') : std::string::npos;
    std::string name = word == "-h" ? "--help" : word.substr(0, equals);
    const Option *option = findOption(name, arguments.command);
    if (!option)
      return unknownOption(name, *command);
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
  }
  if (arguments.helpOfCommand)
    return arguments;
  if (arguments.positional.size() < command->least)
    return wrong(fmt::format("usage: dlc {} {}", command->name, command->usage));
  if (arguments.positional.size() > command->most)
    return wrong(fmt::format("unexpected `{}`; usage: dlc {} {}", arguments.positional[command->most], command->name,
                             command->usage));
  if (arguments.command == Command::Compile && arguments.emit.empty())
    return wrong("`dlc compile` needs --emit=STAGE; `dlc compile --help` lists the stages");
  return arguments;
}

std::string helpText() {
  std::string out = "dlc compiles and runs deep-learning programs: one text file in, trained weights out.\n\n"
                    "usage: dlc COMMAND ...\n\n";
  for (const CommandInfo &command : commands)
    out += fmt::format("  dlc {:<10} {:<36} {}\n", command.name, command.usage, command.summary);
  out += "\n  dlc COMMAND --help   what a command does, with its options\n"
         "  dlc --version        the version\n\n"
         "To begin: dlc run examples/mlp_classifier.dl\n"
         "Exit status: 0 success, 1 the program is wrong, 2 the command line is wrong, 3 it failed while running.\n";
  return out;
}

std::string helpText(Command command) {
  const CommandInfo &about = info(command);
  std::string out = fmt::format("usage: dlc {} {}\n\n{}\n\noptions:\n", about.name, about.usage, about.details);
  for (const Option &option : options())
    if (option.commands & bit(command)) {
      std::string left = option.metavar ? fmt::format("{} {}", option.name, option.metavar) : option.name;
      out += fmt::format("  {:<24} {}\n", left, option.help);
    }
  return out;
}

namespace {

std::string optionWords(Command command) {
  std::string out;
  for (const Option &option : options())
    if (option.commands & bit(command))
      out += (out.empty() ? "" : " ") + std::string(option.name);
  return out;
}

std::string bashCompletion() {
  std::string names, cases;
  for (const CommandInfo &command : commands) {
    names += (names.empty() ? "" : " ") + std::string(command.name);
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command.name, optionWords(command.command));
  }
  return fmt::format("# bash completion for dlc: source <(dlc completion bash)\n"
                     "_dlc() {{\n"
                     "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" before=\"${{COMP_WORDS[COMP_CWORD-1]}}\" words=\n"
                     "  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$word\")); return; fi\n"
                     "  case \"$before\" in\n"
                     "    --emit) COMPREPLY=($(compgen -W \"ast graph outline specialized train optimized kernels llvm asm\" -- \"$word\")); return ;;\n"
                     "    --target) COMPREPLY=($(compgen -W \"cpu reference\" -- \"$word\")); return ;;\n"
                     "  esac\n"
                     "  case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
                     "  case \"$word\" in -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;; *) COMPREPLY=($(compgen -f -- \"$word\")) ;; esac\n"
                     "}}\n"
                     "complete -o filenames -F _dlc dlc\n",
                     names, cases);
}

std::string fishCompletion() {
  std::string out = "# fish completion for dlc: dlc completion fish | source\n";
  for (const CommandInfo &command : commands) {
    out += fmt::format("complete -c dlc -n __fish_use_subcommand -a {} -d '{}'\n", command.name, command.summary);
    for (const Option &option : options())
      if (option.commands & bit(command.command))
        out += fmt::format("complete -c dlc -n '__fish_seen_subcommand_from {}' -{} {}{} -d '{}'\n", command.name,
                           option.name[1] == '-' ? "l" : "s", llvm::StringRef(option.name).ltrim('-').str(),
                           option.metavar ? " -r" : "", llvm::StringRef(option.help).split('\'').first.str());
  }
  return out;
}

} // namespace

std::optional<std::string> completionScript(const std::string &shell) {
  if (shell == "bash")
    return bashCompletion();
  if (shell == "zsh")
    return "# zsh completion for dlc: source <(dlc completion zsh)\nautoload -U +X bashcompinit && bashcompinit\n" +
           bashCompletion();
  if (shell == "fish")
    return fishCompletion();
  return std::nullopt;
}

} // namespace dlc::driver
