// What a run does before it trains, told where it takes long.
#pragma once

#include "runtime/Console.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace dlc::runtime {

/// Tells what its owner is at, once that has taken two seconds: on a terminal a status line with the seconds so far, elsewhere a line, and another
/// one every ten seconds. It has a thread of its own, since its owner is at work; nothing but the console is touched from there.
class Activity {
public:
  /// Nothing is told without a console.
  explicit Activity(Console *console, std::chrono::milliseconds patience = std::chrono::seconds(2));
  ~Activity();
  Activity(const Activity &) = delete;

  /// What is done from here on: "making data `x`". Where others may write to the terminal meanwhile, which a status line would be in the way of,
  /// `isLine` has it told as elsewhere.
  void begin(std::string text, bool isLine = false);
  /// How far it has come, where that is known; `all` may be 0.
  void reached(int64_t rows, int64_t all);

private:
  using Clock = std::chrono::steady_clock;
  void watch();
  void tell(Clock::time_point now);
  std::string words(Clock::time_point now) const;

  Console *console;
  const std::chrono::milliseconds patience;
  std::mutex lock; // of all that follows
  std::condition_variable changed;
  std::string what;
  bool asLine = false, isShown = false, isOver = false;
  int64_t done = 0, total = 0;
  Clock::time_point began, next;
  std::thread watcher;
};

} // namespace dlc::runtime
