// `dlc run` and `dlc test`.
#include "tools/driver/Commands.h"
#include "tools/driver/Processor.h"
#include "tools/driver/Program.h"
#include "tools/driver/Trainer.h"

#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Signals.h"

#include <fmt/format.h>

#include <filesystem>

#include <unistd.h>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;

namespace {

class Run {
public:
  Run(const Arguments &arguments, Reporter &reporter) : arguments(arguments), reporter(reporter) {}

  Status all() {
    DLC_ASSIGN(loaded, LoadedProgram::create(arguments, {}, reporter.console()));
    program = std::move(loaded);
    TrainerOptions options{arguments.steps, arguments.saveEvery, arguments.keepGoing};
    trainer = std::make_unique<Trainer>(*program->state, reporter, options);
    planned = program->plannedBytes();
    reporter.log().compile(program->runnable.seconds, planned, program->manifest().kernels);
    DLC_TRY(restore());
    if (arguments.command == Command::Run)
      summarize();
    else if (program->manifest().tests.empty())
      reporter.note("note: the program has no `test` block");
    if (program->manifest().blocks.empty() && arguments.command == Command::Run)
      reporter.note("note: the program has no `train` and no `test` block: there is nothing to run");
    checkpoint = arguments.save.empty() ? defaultCheckpoint(arguments) : arguments.save;
    // Better now than when hours of training are to be written.
    if (arguments.command == Command::Run)
      for (const std::string &file : {arguments.noSave ? std::string() : checkpoint, arguments.saveWeights})
        if (!file.empty())
          DLC_TRY(runtime::checkWritable(file));
    if (arguments.command == Command::Run && !arguments.noSave)
      trainer->save = [this] { return save(); };
    // A step, or a batch of a test, may take long.
    std::string answer = arguments.quiet ? "" : "stopping after this step";
    runtime::catchInterrupts({answer, " (Ctrl-C again to stop now)", reporter.console().isTerminal() && isatty(STDERR_FILENO)});
    DLC_TRY(blocks());
    int64_t grown = program->grownBytes();
    reporter.done(grown);
    if (arguments.timePasses)
      reporter.note(fmt::format("memory: {} planned, grew by {}", runtime::formatBytes(planned), runtime::formatBytes(grown)));
    return Status();
  }

  bool wasInterrupted() const { return ending == Ending::Interrupted; }

private:
  /// Reads the checkpoint that was asked for, or, for `dlc test`, the one of the current folder.
  Status restore() {
    std::string path = arguments.load;
    if (path.empty() && arguments.command == Command::Test && arguments.loadWeights.empty()) {
      path = defaultCheckpoint(arguments);
      std::error_code ignored;
      if (!std::filesystem::exists(path, ignored)) {
        if (!program->state->parameters.empty())
          reporter.note(fmt::format("note: the weights are untrained: there is no {}", path));
        return Status();
      }
      reporter.note(fmt::format("weights from {}", path));
    }
    if (path.empty())
      return Status();
    DLC_ASSIGN(loaded, loadCheckpoint(path, *program->state));
    trainer->position = loaded.position;
    trainer->means = loaded.means;
    resumed = arguments.command == Command::Run;
    int64_t blocks = static_cast<int64_t>(program->manifest().trains.size());
    if (resumed && loaded.position.block > 0 && loaded.position.block >= blocks)
      return Status::run(fmt::format("`{}` is in train block {} and the program has {}", path, loaded.position.block + 1, blocks));
    if (resumed) {
      DLC_TRY(compareBuilds(path, loaded.identity, program->identity()));
      if (!loaded.unused.empty())
        reporter.note(fmt::format("note: {} holds {}, which no block of the program has: {} left out", path, runtime::listed(loaded.unused),
                                  loaded.unused.size() == 1 ? "it is" : "they are"));
      if (!isAtEnd(path, loaded.position))
        compareBlocks(path, loaded);
    }
    // A test draws too: `split` gives other rows to it than the training left.
    if (loaded.seed != program->runnable.seed)
      reporter.note(fmt::format("note: {} was made with seed {}, this run has seed {}", path, loaded.seed, program->runnable.seed));
    return Status();
  }

  /// Going on to the same bits needs the same code. The name of a processor says more than a virtual machine lets through: only features count.
  Status compareBuilds(const std::string &path, const BuildIdentity &then, const BuildIdentity &now) {
    std::vector<std::string> missing = codegen::featuresMissingHere({"", then.features});
    if (now.target == "cpu" && then.features.starts_with("+") && !missing.empty())
      return Status::run(fmt::format("`{}` was made by code for the processor `{}`, and this one, `{}`, has no {}: the run cannot go on to the same "
                                     "bits\nnote: `--load-weights {}` begins a new run with its weights",
                                     path, then.processor, codegen::hostProcessor().name, fmt::join(missing, ", "), path));
    if (then == now)
      return Status();
    if (then.precision != now.precision) {
      auto words = [](const std::string &precision) { return precision.empty() ? "without `--precision`" : fmt::format("with `--precision {}`", precision); };
      reporter.note(
          fmt::format("note: {} was written by a run {}, this one is {}: the results may differ", path, words(then.precision), words(now.precision)));
    }
    BuildIdentity same = then;
    same.precision = now.precision;
    if (same == now)
      return Status();
    std::string what = then.target != now.target ? fmt::format("target `{}`", then.target)
                       : then.build != now.build || then.processor.empty() ? fmt::format("version {} of dlc", then.build)
                       : now.target != "cpu" && then.processor == now.processor
                           ? fmt::format("library of products ({})", then.features.empty() ? "none" : then.features)
                                                                           : fmt::format("processor `{}`", then.processor);
    reporter.note(fmt::format("note: {} was written by a run of another {}; the results may differ in their last bits", path, what));
    return Status();
  }

  /// Whether no step of the program lies behind `then`; says so.
  bool isAtEnd(const std::string &path, const Position &then) {
    const std::vector<TrainDecl> &trains = program->manifest().trains;
    size_t number = static_cast<size_t>(then.block);
    if (number + 1 != trains.size())
      return false;
    auto extent = trainer->extentOf(trains[number]);
    if (!extent || then.step < extent->steps)
      return false;
    // With another batch or fewer epochs it may be far behind.
    std::string steps = runtime::formatCount(extent->steps), of = then.step == extent->steps ? " of " + steps : fmt::format(", and `{}` has {} now", trains[number].name, steps);
    reporter.note(fmt::format("note: {} is at step {}{}: nothing is left to train; `--epochs` or `--set` trains longer", path,
                              runtime::formatCount(then.step), of));
    return true;
  }

  /// Says what a block that has changed since makes of the checkpoint, with which it goes on.
  void compareBlocks(const std::string &path, const LoadedCheckpoint &loaded) {
    const Position &then = loaded.position;
    size_t number = static_cast<size_t>(then.block);
    if (number >= program->manifest().trains.size())
      return;
    const TrainDecl &block = program->manifest().trains[number];
    int64_t batch = block.batch ? std::min(block.batch, block.rows) : block.rows;
    auto extent = trainer->extentOf(block);
    if (!extent || !then.batch || (batch == then.batch && block.rows == then.rows))
      return compareData(path, loaded, block);
    auto words = [](int64_t rows, int64_t batch) {
      return rows ? fmt::format("{} rows in batches of {}", runtime::formatCount(rows), runtime::formatCount(batch)) : "no table";
    };
    std::string epoch = extent->epochs > 1 && then.step < extent->steps ? fmt::format(", which is now in epoch {}", runtime::formatCount(then.step / extent->perEpoch + 1)) : "";
    reporter.note(fmt::format("note: {} was written by a run through {}, this one goes through {}: it goes on behind step {}{}", path,
                              words(then.rows, then.batch), words(block.rows, batch), runtime::formatCount(then.step), epoch));
  }

  /// Data that are computed are the same to the last bit where the build, the target and the seed are.
  void compareData(const std::string &path, const LoadedCheckpoint &loaded, const TrainDecl &block) {
    if (!loaded.position.data || loaded.seed != program->runnable.seed || loaded.identity != program->identity())
      return;
    if (auto data = trainer->dataOf(block); data && *data != loaded.position.data)
      reporter.note(fmt::format("note: {} was written by a run on other data: it goes on behind step {} with those there are now", path,
                                runtime::formatCount(loaded.position.step)));
  }

  /// "60,000 rows, batch 100, 600 steps in 1 epoch".
  static std::string lengthOf(const TrainDecl &train, const Extent &extent) {
    std::string text;
    if (train.rows)
      text = fmt::format("{} rows, ", runtime::formatCount(train.rows));
    if (train.batch && train.batch < train.rows)
      text += fmt::format("batch {}, ", runtime::formatCount(train.batch));
    text += fmt::format("{} step{}", runtime::formatCount(extent.steps), extent.steps == 1 ? "" : "s");
    if (train.rows && extent.steps % extent.perEpoch == 0)
      text += fmt::format(" in {} epoch{}", runtime::formatCount(extent.epochs), extent.epochs == 1 ? "" : "s");
    if (!train.precision.empty() && train.precision != "f32")
      text += fmt::format(", products in {}", train.precision);
    return text;
  }

  void summarize() {
    std::vector<std::pair<std::string, std::string>> lines;
    if (int64_t count = program->parameterCount())
      lines.emplace_back("parameters", runtime::formatCount(count));
    lines.emplace_back("memory", runtime::formatBytes(planned));
    for (const TrainDecl &train : program->manifest().trains)
      if (auto extent = trainer->extentOf(train))
        lines.emplace_back(train.name, lengthOf(train, *extent));
    lines.emplace_back("seed", std::to_string(program->runnable.seed));
    // Elsewhere threads of this machine have no part in a step.
    std::string threads = arguments.target == "cpu" ? fmt::format(", {} thread{}", program->pool.threads(), program->pool.threads() == 1 ? "" : "s") : "";
    lines.emplace_back("target", arguments.target + threads);
    lines.emplace_back("compiled", fmt::format("in {}{}", runtime::formatSeconds(program->runnable.seconds),
                                               program->runnable.cached ? ", from the cache" : ""));
    reporter.summary(lines);
  }

  Status save() {
    DLC_TRY(saveCheckpoint(checkpoint, *program->state, trainer->position, trainer->means, program->identity()));
    return Status();
  }

  Status finish() {
    if (trainer->save) {
      DLC_TRY(save());
      reporter.note(fmt::format("saved {}", checkpoint));
    }
    if (!arguments.saveWeights.empty()) {
      DLC_TRY(saveWeights(arguments.saveWeights, *program->state));
      reporter.note(fmt::format("saved the weights in {}", arguments.saveWeights));
    }
    return Status();
  }

  Status train(const TrainDecl &block, int64_t number, bool last) {
    if (resumed && number < trainer->position.block)
      return Status();
    bool again = resumed && number == trainer->position.block;
    if (!again) {
      trainer->position.block = number;
      trainer->position.step = 0;
      trainer->means.clear();
    }
    auto result = trainer->train(block, again);
    if (!result)
      return result.status();
    ending = *result;
    if (ending == Ending::Done && last)
      trainer->position.finished = true;
    return Status();
  }

  Status test(const TestDecl &test) {
    auto metrics = trainer->test(test, /*mayBeCut=*/true);
    if (!metrics && runtime::interrupted()) {
      ending = Ending::Interrupted;
      reporter.note(metrics.message());
      return Status();
    }
    if (!metrics)
      return metrics.status();
    NamedTensors named;
    for (Metric &metric : *metrics)
      named.emplace_back(metric.name, metric.value);
    if (!named.empty())
      reporter.test(test.name, named);
    return Status();
  }

  Status blocks() {
    const Manifest &manifest = program->manifest();
    int64_t trains = static_cast<int64_t>(manifest.trains.size());
    for (const Block &block : manifest.blocks) {
      if (block.kind == Block::Kind::Train && arguments.command == Command::Run) {
        int64_t number = static_cast<int64_t>(block.index);
        DLC_TRY(train(manifest.trains[block.index], number, number + 1 == trains));
        if (ending != Ending::Done)
          return cut();
        if (number + 1 == trains)
          DLC_TRY(finish());
      } else if (block.kind == Block::Kind::Test) {
        DLC_TRY(test(manifest.tests[block.index]));
        if (ending != Ending::Done)
          return Status();
      }
    }
    return Status();
  }

  /// A train block ended before its time: what there is is saved, and the person is told how it goes on.
  Status cut() {
    DLC_TRY(finish());
    std::string step = runtime::formatCount(trainer->position.total);
    std::string how = ending == Ending::Cut ? fmt::format("ended at step {}, as --steps {} says", step, runtime::formatCount(*arguments.steps)) : fmt::format("interrupted at step {}", step);
    reporter.note(fmt::format("{}; {}", how, trainer->save ? "go on with: " + resumeCommand(arguments, checkpoint) : "no checkpoint was saved"));
    return Status();
  }

  const Arguments &arguments;
  Reporter &reporter;
  std::unique_ptr<LoadedProgram> program;
  std::unique_ptr<Trainer> trainer;
  std::string checkpoint;
  Ending ending = Ending::Done;
  int64_t planned = 0; ///< bytes
  bool resumed = false;
};

} // namespace

int runCommand(const Arguments &arguments) {
  auto reporter = Reporter::create(arguments.quiet, arguments.log, !arguments.load.empty());
  if (!reporter)
    return fail(reporter.status());
  Run run(arguments, **reporter);
  Status status = run.all();
  if (Status closed = (*reporter)->close(); status && !closed)
    status = closed;
  (*reporter)->console().flush();
  if (!status)
    return fail(status);
  return run.wasInterrupted() ? 128 + runtime::interruptSignal() : 0;
}

} // namespace dlc::driver
