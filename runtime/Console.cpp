#include "runtime/Console.h"

#include "runtime/Format.h"
#include "runtime/Signals.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include <sys/ioctl.h>
#include <unistd.h>

namespace dlc::runtime {

namespace {

bool isDumb() {
  const char *term = std::getenv("TERM");
  return !term || std::strcmp(term, "dumb") == 0;
}

bool beginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// Columns of UTF-8 text, each character counted as one.
size_t columnsOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), beginsCharacter));
}

/// As many words of UTF-8 text as have room in `columns`; of a first one that has none, its beginning.
std::string_view cut(std::string_view text, size_t columns) {
  size_t seen = 0, i = 0;
  while (i < text.size() && !(beginsCharacter(text[i]) && seen++ == columns))
    ++i;
  if (i == text.size())
    return text;
  size_t end = text.rfind(' ', i);
  end = end == std::string_view::npos ? end : text.find_last_not_of(' ', end);
  return end == std::string_view::npos ? text.substr(0, i) : text.substr(0, end + 1);
}

/// Lines that the epochs of a block have at most, beside the first and the last.
constexpr int64_t mostEpochLines = 40;

/// 1, 2, 5, 10, 20, …: the least of these that is not below `least`.
int64_t roundStride(int64_t least) {
  int64_t power = 1;
  for (; power <= INT64_MAX / 10; power *= 10)
    for (int64_t factor : {1, 2, 5})
      if (power * factor >= least)
        return power * factor;
  return power;
}

double secondsOf(Progress::Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

} // namespace

Console::Console(FILE *stream, std::optional<bool> forced)
    : stream(stream), terminal(forced.value_or(isatty(fileno(stream)) != 0 && !isDumb())) {
  const char *noColour = std::getenv("NO_COLOR");
  colours = terminal && !(noColour && *noColour);
}

Console::~Console() {
  erase();
  flush();
}

int Console::width() const {
  winsize size{};
  if (terminal && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

void Console::line(std::string_view text) {
  std::lock_guard guard(writing);
  erase();
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fputc('\n', stream);
  draw();
  // Someone may be waiting for the line at the other end of a pipe; lines are few.
  std::fflush(stream);
}

void Console::status(std::string text) {
  if (!terminal)
    return;
  std::lock_guard guard(writing);
  erase();
  shown = std::move(text);
  draw();
  std::fflush(stream);
}

void Console::flush() { std::fflush(stream); }

void Console::erase() {
  if (!shown.empty())
    std::fputs("\r\x1b[K", stream);
}

void Console::draw() {
  if (shown.empty())
    return;
  std::string_view text = cut(shown, static_cast<size_t>(std::max(width() - 1, 1)));
  if (colours)
    std::fputs("\x1b[36m", stream);
  std::fwrite(text.data(), 1, text.size(), stream);
  if (colours)
    std::fputs("\x1b[0m", stream);
}

std::string formatReports(const NamedNumbers &reports) {
  std::string text;
  for (const auto &[name, value] : reports)
    text += fmt::format("{}{} {}", text.empty() ? "" : "  ", name, formatReport(value));
  return text;
}

Progress::Progress(Console &console, bool quiet, std::function<Clock::time_point()> clock)
    : console(console), quiet(quiet), clock(std::move(clock)) {}

Progress::~Progress() {
  if (!watcher.joinable())
    return;
  {
    std::lock_guard guard(lock);
    isOver = true;
  }
  over.notify_one();
  watcher.join();
}

void Progress::begin(Block given) {
  if (!quiet && !watcher.joinable())
    watcher = threadWithoutSignals([this] { watch(); });
  std::lock_guard guard(lock);
  block = std::move(given);
  block.stepsPerEpoch = std::max<int64_t>(block.stepsPerEpoch, 1);
  started = shownAt = toldAt = epochBegan = clock();
  examples = epochExamples = 0;
  look = 1;
  nextLook = block.firstStep;
  epochStride = roundStride((epochs() + mostEpochLines - 1) / mostEpochLines);
  anyEpoch = false;
  heldBack.reset();
  seen = shownStep = 0;
  shown = {};
}

void Progress::watch() {
  std::unique_lock guard(lock);
  while (!over.wait_for(guard, std::chrono::milliseconds(500), [this] { return isOver; })) {
    guard.unlock();
    lookAtStep();
    guard.lock();
  }
}

void Progress::lookAtStep() {
  int64_t step = running.load(std::memory_order_relaxed);
  if (!step)
    return;
  std::lock_guard guard(lock);
  auto now = clock();
  if (std::exchange(seen, step) != step)
    seenAt = step == block.firstStep ? started : now;
  constexpr double betweenStatuses = 1, betweenLines = 10;
  if (secondsOf(now - std::max({shownAt, toldAt, seenAt})) < (console.isTerminal() ? betweenStatuses : betweenLines) || running.load(std::memory_order_relaxed) != step)
    return;
  toldAt = now;
  std::string inStep = fmt::format("{:.0f} s", std::floor(secondsOf(now - seenAt)));
  int64_t epoch = (step - 1) / block.stepsPerEpoch + 1;
  if (console.isTerminal())
    console.status(line(step, epoch, inStep, shown));
  else
    console.line(fmt::format("{} {}  {}", block.name, place(step, epoch), inStep));
}

std::string Progress::rateOf(double rate) const {
  if (!(rate > 0) || std::isinf(rate))
    return "";
  std::string number =
      rate < 10 ? fmt::format("{:.2g}", rate)
                : formatCount(static_cast<int64_t>(std::min(rate, 1e15) + 0.5));
  return fmt::format("  {} {}/s", number, block.unit);
}

bool Progress::due(int64_t step) {
  // Reading the clock costs more than a small step: look so often that about a hundredth of a
  // second lies between.
  if (step < nextLook)
    return false;
  auto now = clock();
  double perStep = secondsOf(now - started) /
                   static_cast<double>(std::max<int64_t>(step - block.firstStep + 1, 1));
  look = perStep > 0 ? static_cast<int64_t>(std::clamp(0.01 / perStep, 1.0, 1e6)) : 1;
  nextLook = step + look;
  if (!console.isTerminal() && step % block.stepsPerEpoch == 0)
    return false; // the line of the epoch follows
  std::lock_guard guard(lock);
  double passed = secondsOf(now - shownAt);
  if (console.isTerminal())
    return passed >= 0.1;
  // A step that would end after the ten seconds is not waited for.
  return passed >= 9.5 || passed + perStep > 10;
}

void Progress::show(int64_t step, int64_t epoch, const NamedNumbers &reports) {
  std::lock_guard guard(lock);
  shownAt = clock();
  if (console.isTerminal()) {
    shown = {reports, rateSoFar(), timeLeft(step)};
    console.status(line(step, epoch, "", shown));
  } else {
    console.line(fmt::format("{} {}", block.name, words(step, epoch, reports) + timeLeft(step)));
    shownStep = step;
  }
}

/// The bar and the words; where the terminal is too narrow for all, a shorter bar, and then without
/// what matters less.
std::string Progress::line(int64_t step, int64_t epoch, const std::string &inStep, const Beside &beside) const {
  constexpr size_t longBar = 20, shortBar = 8;
  std::vector<std::string> parts;
  std::vector<int> ranks; // the largest goes first
  auto add = [&](std::string part, int rank) {
    if (!part.empty())
      parts.push_back(std::move(part)), ranks.push_back(rank);
  };
  if (epochs() > 1)
    add(fmt::format("epoch {}/{}", formatCount(epoch), formatCount(epochs())), 4);
  add(fmt::format("step {}/{}", formatCount(step), formatCount(lastStep())), 3);
  add(inStep, 2);
  for (size_t i = 0; i < beside.reports.size(); ++i)
    add(formatReports({beside.reports[i]}), i == 0 ? 1 : 6 + static_cast<int>(i));
  add(beside.rate.empty() ? "" : beside.rate.substr(2), 5); // without the blanks before it
  add(beside.left.empty() ? "" : beside.left.substr(2), 2);
  size_t room = static_cast<size_t>(std::max(console.width() - 1, 1));
  auto text = [&] { return fmt::format("{}", fmt::join(parts, "  ")); };
  auto spare = [&] { // columns for the bar
    size_t taken = columnsOf(block.name) + 2 + columnsOf(text());
    return taken < room ? room - taken : 0;
  };
  while (parts.size() > 1 && spare() < shortBar) {
    auto last = std::max_element(ranks.begin(), ranks.end()) - ranks.begin();
    parts.erase(parts.begin() + last);
    ranks.erase(ranks.begin() + last);
  }
  size_t cells = std::min(spare(), longBar);
  if (cells < shortBar)
    return block.name + " " + text();
  int64_t done = inStep.empty() ? step : step - 1;
  return fmt::format("{} {} {}", block.name, bar(done, static_cast<int64_t>(cells)), text());
}

std::string Progress::bar(int64_t step, int64_t cells) const {
  int64_t full = 0;
  if (lastStep() > 0)
    full = std::clamp<int64_t>(
        static_cast<int64_t>(cells * (static_cast<double>(step) / static_cast<double>(lastStep()))),
        0, cells);
  std::string text;
  for (int64_t i = 0; i < cells; ++i)
    text += i < full ? "━" : i == full ? "╸" : " ";
  return text;
}

/// "epoch 2/5  step 12/40".
std::string Progress::place(int64_t step, int64_t epoch) const {
  std::string text;
  if (epochs() > 1)
    text += fmt::format("epoch {}/{}  ", formatCount(epoch), formatCount(epochs()));
  return text + fmt::format("step {}/{}", formatCount(step), formatCount(lastStep()));
}

std::string Progress::words(int64_t step, int64_t epoch, const NamedNumbers &reports) const {
  std::string text = place(step, epoch);
  if (!reports.empty())
    text += "  " + formatReports(reports);
  return text + rateSoFar();
}

std::string Progress::rateSoFar() const { return rateOf(static_cast<double>(examples) / secondsOf(clock() - started)); }

std::string Progress::timeLeft(int64_t step) const {
  int64_t done = step - block.firstStep + 1, left = lastStep() - step;
  if (left <= 0 || done <= 0)
    return "";
  double each = secondsOf(clock() - started) / static_cast<double>(done);
  return fmt::format("  {} left", formatSeconds(each * static_cast<double>(left)));
}

int64_t Progress::epochs() const {
  return block.steps / block.stepsPerEpoch + (block.steps % block.stepsPerEpoch != 0);
}

void Progress::epoch(int64_t epoch, const NamedNumbers &means) {
  std::lock_guard guard(lock);
  auto now = clock();
  double seconds = secondsOf(now - epochBegan);
  int64_t rows = examples - epochExamples;
  epochBegan = now;
  epochExamples = examples;
  if (quiet)
    return;
  shown.reports.clear(); // they are of this epoch
  heldBack = Epoch{epoch, means, seconds, rows};
  bool due = !anyEpoch || epoch % epochStride == 0 || epoch == epochs();
  if (due || secondsOf(now - shownAt) >= 9.5)
    printEpoch();
}

void Progress::printEpoch() {
  const auto &[epoch, means, seconds, rows] = *heldBack;
  std::string text = fmt::format("{} epoch {}/{}", block.name, formatCount(epoch), formatCount(epochs()));
  if (!means.empty())
    text += "  " + formatReports(means);
  console.line(text + "  " + formatSeconds(seconds) + rateOf(static_cast<double>(rows) / seconds));
  heldBack.reset();
  shownAt = clock();
  anyEpoch = true;
}

void Progress::cut(int64_t step, int64_t epoch, const NamedNumbers &reports) {
  std::lock_guard guard(lock);
  console.status("");
  heldBack.reset();
  if (!quiet && shownStep != step)
    console.line(fmt::format("{} {}", block.name, words(step, epoch, reports)));
}

void Progress::end() {
  std::lock_guard guard(lock);
  console.status("");
  if (heldBack) // it was the last one
    printEpoch();
}

} // namespace dlc::runtime
