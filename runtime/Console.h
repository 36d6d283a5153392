// What a run shows: lines of the program, and one status line that is redrawn on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
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
/// most 40, the first, the last, and any that ends ten seconds after the last line. With `quiet`
/// nothing at all.
class Progress {
public:
  using Clock = std::chrono::steady_clock;
  struct Block {
    std::string name;          ///< `train`, or the name of the block
    int64_t steps = 0;         ///< the last step, from 1
    int64_t stepsPerEpoch = 0; ///< at least 1
    int64_t firstStep = 1;     ///< larger than 1 in a resumed run
    std::optional<int64_t> end = std::nullopt; ///< the step at which the run ends, where it is cut before the last one: to there time is left
    std::string unit = "examples"; ///< what the rate counts: rows of the batches
  };
  /// `clock` gives the time (for tests).
  Progress(Console &console, bool quiet, std::function<Clock::time_point()> clock = Clock::now);

  void begin(Block block);
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

private:
  void printEpoch();
  bool due(int64_t step);
  void show(int64_t step, int64_t epoch, const NamedNumbers &reports);
  std::string bar(int64_t step, int64_t cells) const;
  std::string line(int64_t step, int64_t epoch, const NamedNumbers &reports) const;
  std::string words(int64_t step, int64_t epoch, const NamedNumbers &reports) const;
  std::string timeLeft(int64_t step) const;
  std::string rateOf(double rate) const;
  int64_t epochs() const;

  Console &console;
  bool quiet;
  std::function<Clock::time_point()> clock;
  Block block;
  Clock::time_point started, shownAt, epochBegan;
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
