#include "runtime/Console.h"

#include "runtime/Format.h"

#include <fmt/format.h>

#include <algorithm>
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

/// The first `columns` characters of UTF-8 text, each counted as one column.
std::string_view cut(std::string_view text, size_t columns) {
  size_t seen = 0;
  for (size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && seen++ == columns)
      return text.substr(0, i);
  return text;
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
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : "  ", name, formatNumber(value, {.digits = 4}));
  return text;
}

Progress::Progress(Console &console, bool quiet, std::function<Clock::time_point()> clock)
    : console(console), quiet(quiet), clock(std::move(clock)) {}

void Progress::begin(Block given) {
  block = std::move(given);
  block.stepsPerEpoch = std::max<int64_t>(block.stepsPerEpoch, 1);
  started = shownAt = epochBegan = clock();
  examples = epochExamples = 0;
  look = 1;
  nextLook = block.firstStep;
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
  double passed = secondsOf(now - shownAt);
  if (console.isTerminal())
    return passed >= 0.1;
  // A step that would end after the ten seconds is not waited for.
  return passed >= 9.5 || passed + perStep > 10;
}

void Progress::show(int64_t step, int64_t epoch, const NamedNumbers &reports) {
  shownAt = clock();
  std::string text = words(step, epoch, reports) + timeLeft(step);
  if (console.isTerminal())
    console.status(fmt::format("{} {} {}", block.name, bar(step), text));
  else
    console.line(fmt::format("{} {}", block.name, text));
}

std::string Progress::bar(int64_t step) const {
  constexpr int64_t cells = 20;
  int64_t full = 0;
  if (block.steps > 0)
    full = std::clamp<int64_t>(
        static_cast<int64_t>(cells * (static_cast<double>(step) / static_cast<double>(block.steps))),
        0, cells);
  std::string text;
  for (int64_t i = 0; i < cells; ++i)
    text += i < full ? "━" : i == full ? "╸" : " ";
  return text;
}

std::string Progress::words(int64_t step, int64_t epoch, const NamedNumbers &reports) const {
  std::string text;
  if (epochs() > 1)
    text += fmt::format("epoch {}/{}  ", epoch, epochs());
  text += fmt::format("step {}/{}", formatCount(step), formatCount(block.steps));
  if (!reports.empty())
    text += "  " + formatReports(reports);
  return text + rateOf(static_cast<double>(examples) / secondsOf(clock() - started));
}

std::string Progress::timeLeft(int64_t step) const {
  int64_t done = step - block.firstStep + 1, left = block.steps - step;
  if (left <= 0 || done <= 0)
    return "";
  double each = secondsOf(clock() - started) / static_cast<double>(done);
  return fmt::format("  {} left", formatSeconds(each * static_cast<double>(left)));
}

int64_t Progress::epochs() const {
  return block.steps / block.stepsPerEpoch + (block.steps % block.stepsPerEpoch != 0);
}

void Progress::epoch(int64_t epoch, const NamedNumbers &means) {
  auto now = clock();
  double seconds = secondsOf(now - epochBegan);
  int64_t rows = examples - epochExamples;
  epochBegan = now;
  epochExamples = examples;
  if (quiet)
    return;
  std::string text = fmt::format("{} epoch {}/{}", block.name, epoch, epochs());
  if (!means.empty())
    text += "  " + formatReports(means);
  text += "  " + formatSeconds(seconds) + rateOf(static_cast<double>(rows) / seconds);
  console.line(text);
  shownAt = now;
}

void Progress::cut(int64_t step, int64_t epoch, const NamedNumbers &reports) {
  console.status("");
  if (!quiet)
    console.line(fmt::format("{} {}", block.name, words(step, epoch, reports)));
}

void Progress::end() { console.status(""); }

} // namespace dlc::runtime
