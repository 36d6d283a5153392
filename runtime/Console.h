// What a run shows: lines of the program, and one status line that is redrawn on a terminal.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace dlc::runtime {

struct Effect;
class Tensor;

/// The one writer to a stream. On a terminal a status line may stand below the lines; it is taken
/// away before a line is written and drawn again after it. Lines and the status may come from several threads.
class Console {
public:
  /// `terminal` overrides what the stream says of itself (for tests).
  explicit Console(FILE *stream = stdout, std::optional<bool> terminal = std::nullopt);
  ~Console();
  Console(const Console &) = delete;

  bool isTerminal() const { return terminal; }
  /// Whether to colour: on a terminal, unless `$NO_COLOR` is set or `$TERM` is `dumb`.
  bool hasColours() const { return colours; }
  int width() const; ///< columns of the terminal, 80 when unknown

  /// Writes `text` and a line end.
  void line(std::string_view text);
  /// Shows `text`, cut to the width between two words, below the lines; nothing when it is no terminal. Empty: takes
  /// the status line away.
  void status(std::string text);
  void flush();

  /// Where it is set, effects are handed over instead of being performed: for tools that compare what a
  /// program would do.
  std::function<void(const Effect &, const std::vector<Tensor> &)> observer;

private:
  void erase();
  void draw();

  FILE *stream;
  bool terminal, colours;
  std::mutex writing;
  std::string shown;
};

/// Means of a step or an epoch by name, in the order of the program.
using NamedNumbers = std::vector<std::pair<std::string, double>>;

/// The progress of one block: a line for each epoch, and below them on a terminal a bar with loss,
/// reports, examples per second and time left, redrawn ten times a second; elsewhere a line at least
/// every ten seconds. Of more than 40 epochs those have a line that divide the block evenly into at
/// most 40, the first, the last, and any that ends ten seconds after the last line. A step that takes
/// longer than that is told while it runs, by a thread of its own. With `quiet` nothing at all.
class Progress {
public:
  using Clock = std::chrono::steady_clock;
  struct Block {
    std::string name;          ///< `train`, or the name of the block
    int64_t steps = 0;         ///< the last step, from 1
    int64_t stepsPerEpoch = 0; ///< at least 1
    int64_t firstStep = 1;     ///< larger than 1 in a resumed run
    std::optional<int64_t> end = std::nullopt; ///< the step at which the run ends, where it is cut before the last one: to there steps and time are counted
    std::string unit = "examples"; ///< what the rate counts: rows of the batches
  };
  /// `clock` gives the time (for tests).
  Progress(Console &console, bool quiet, std::function<Clock::time_point()> clock = Clock::now);
  ~Progress();
  Progress(const Progress &) = delete;

  void begin(Block block);
  /// Step `step` runs from here on, until `stepEnds`. Both are cheap: a step may take a microsecond.
  void stepBegins(int64_t step) { running.store(step, std::memory_order_relaxed); }
  void stepEnds() { running.store(0, std::memory_order_relaxed); }
  /// Step `step` of `epoch` is done; it had `rows` rows. `reports` is asked for only when something
  /// will be shown: the means of the epoch so far.
  template <typename Reports>
  void step(int64_t step, int64_t epoch, int64_t rows, Reports &&reports) {
    examples += rows;
    if (quiet || !due(step))
      return;
    show(step, epoch, reports());
  }
  /// The epoch is over, with these means; `seconds` it took are measured here.
  void epoch(int64_t epoch, const NamedNumbers &means);
  /// The block ends before its time, after `step`: a line says how far it came.
  void cut(int64_t step, int64_t epoch, const NamedNumbers &reports);
  void end();
  /// Tells of the step that runs, where it has been running for long and nothing else has been told meanwhile. The thread asks this twice a second.
  void lookAtStep();

private:
  void watch();
  void printEpoch();
  bool due(int64_t step);
  void show(int64_t step, int64_t epoch, const NamedNumbers &reports);
  std::string bar(int64_t step, int64_t cells) const;
  /// What the status line says beside the step.
  struct Beside {
    NamedNumbers reports;
    std::string rate, left;
  };
  std::string line(int64_t step, int64_t epoch, const std::string &inStep, const Beside &beside) const;
  std::string place(int64_t step, int64_t epoch) const;
  std::string words(int64_t step, int64_t epoch, const NamedNumbers &reports) const;
  std::string timeLeft(int64_t step) const;
  std::string rateSoFar() const;
  std::string rateOf(double rate) const;
  int64_t epochs() const;
  int64_t lastStep() const { return block.end.value_or(block.steps); }

  Console &console;
  bool quiet;
  std::function<Clock::time_point()> clock;
  std::atomic<int64_t> running = 0; // the step that runs; 0: none does

  std::mutex lock; // of what the thread reads, from here to `isOver`
  Block block;
  Clock::time_point shownAt, toldAt, seenAt; // when a step or epoch that is over was told, when one that runs, and since when the thread sees `seen` run
  int64_t seen = 0;
  Beside shown;
  int64_t shownStep = 0; // the last one that has had a line
  bool isOver = false;
  std::condition_variable over;
  std::thread watcher;

  Clock::time_point started, epochBegan;
  int64_t examples = 0, epochExamples = 0;
  int64_t look = 1, nextLook = 0; // steps between two looks at the clock
  int64_t epochStride = 1;        // epochs from one line to the next
  bool anyEpoch = false;          // has had its line
  struct Epoch {
    int64_t number;
    NamedNumbers means;
    double seconds;
    int64_t rows;
  };
  std::optional<Epoch> heldBack; // the last epoch, where its line was not due
};

/// `loss 0.1234  accuracy 0.987`: four significant digits.
std::string formatReports(const NamedNumbers &reports);

} // namespace dlc::runtime
