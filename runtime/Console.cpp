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

std::string rateOf(double rate) {
  if (!(rate > 0) || std::isinf(rate))
    return "";
  return rate < 10 ? fmt::format("{:.2g} examples/s", rate)
                   : fmt::format("{} examples/s",
                                 formatCount(static_cast<int64_t>(std::min(rate, 1e15) + 0.5)));
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
  auto pause =
      console.isTerminal() ? std::chrono::milliseconds(100) : std::chrono::milliseconds(9500);
  return now - shownAt >= pause;
}

void Progress::show(int64_t step, int64_t epoch, const NamedNumbers &reports) {
  shownAt = clock();
  std::string text = bar(step, epoch, reports);
  if (console.isTerminal())
    console.status(text);
  else
    console.line(text);
}

std::string Progress::bar(int64_t step, int64_t epoch, const NamedNumbers &reports) const {
  double seconds = secondsOf(clock() - started);
  int64_t done = step - block.firstStep + 1, left = block.steps - step;
  std::string text = block.name + " ";
  if (console.isTerminal()) {
    constexpr int64_t cells = 20;
    int64_t full = block.steps > 0 ? std::clamp<int64_t>(cells * step / block.steps, 0, cells) : 0;
    for (int64_t i = 0; i < cells; ++i)
      text += i < full ? "━" : i == full ? "╸" : " ";
    text += " ";
  }
  int64_t epochs = (block.steps + block.stepsPerEpoch - 1) / block.stepsPerEpoch;
  if (epochs > 1)
    text += fmt::format("epoch {}/{}  ", epoch, epochs);
  text += fmt::format("step {}/{}", formatCount(step), formatCount(block.steps));
  if (!reports.empty())
    text += "  " + formatReports(reports);
  if (std::string rate = rateOf(static_cast<double>(examples) / seconds); !rate.empty())
    text += "  " + rate;
  if (left > 0 && done > 0)
    text += fmt::format("  {} left", formatSeconds(seconds / static_cast<double>(done) *
                                                   static_cast<double>(left)));
  return text;
}

void Progress::epoch(int64_t epoch, const NamedNumbers &means) {
  auto now = clock();
  double seconds = secondsOf(now - epochBegan);
  int64_t rows = examples - epochExamples;
  epochBegan = now;
  epochExamples = examples;
  if (quiet)
    return;
  int64_t epochs = (block.steps + block.stepsPerEpoch - 1) / block.stepsPerEpoch;
  std::string text = fmt::format("{} epoch {}/{}", block.name, epoch, epochs);
  if (!means.empty())
    text += "  " + formatReports(means);
  text += "  " + formatSeconds(seconds);
  if (std::string rate = rateOf(static_cast<double>(rows) / seconds); !rate.empty())
    text += "  " + rate;
  console.line(text);
  shownAt = now;
}

void Progress::end() { console.status(""); }

} // namespace dlc::runtime
