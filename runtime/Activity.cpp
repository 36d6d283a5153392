#include "runtime/Activity.h"

#include "runtime/Format.h"
#include "runtime/Signals.h"

#include <fmt/format.h>

#include <utility>

namespace dlc::runtime {

Activity::Activity(Console *console, std::chrono::milliseconds patience) : console(console), patience(patience) {
  if (!console)
    return;
  watcher = threadWithoutSignals([this] { watch(); });
}

Activity::~Activity() {
  if (!console)
    return;
  begin("");
  {
    std::lock_guard guard(lock);
    isOver = true;
  }
  changed.notify_one();
  watcher.join();
}

void Activity::begin(std::string text, bool isLine) {
  if (!console)
    return;
  {
    std::lock_guard guard(lock);
    if (std::exchange(isShown, false))
      console->status("");
    what = std::move(text);
    asLine = isLine || !console->isTerminal();
    done = total = 0;
    began = Clock::now();
    next = began + patience;
  }
  changed.notify_one();
}

void Activity::reached(int64_t rows, int64_t all) {
  if (!console)
    return;
  std::lock_guard guard(lock);
  done = rows, total = all;
}

void Activity::watch() {
  std::unique_lock guard(lock);
  while (!isOver) {
    if (what.empty()) {
      changed.wait(guard);
      continue;
    }
    changed.wait_until(guard, next);
    if (auto now = Clock::now(); !isOver && !what.empty() && now >= next)
      tell(now);
  }
}

void Activity::tell(Clock::time_point now) {
  constexpr std::chrono::seconds betweenLines(10), betweenStatuses(1);
  next = now + (asLine ? betweenLines : betweenStatuses);
  if (asLine)
    return console->line(words(now));
  isShown = true;
  console->status(words(now));
}

std::string Activity::words(Clock::time_point now) const {
  std::string text = what;
  if (total)
    text += fmt::format("  row {}/{}", formatCount(done), formatCount(total));
  return text + fmt::format("  {:.0f} s", std::chrono::duration<double>(now - began).count());
}

} // namespace dlc::runtime
