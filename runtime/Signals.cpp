#include "runtime/Signals.h"

#include <atomic>

#include <signal.h>

namespace dlc::runtime {

namespace {

std::atomic<int> caught{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

void handle(int signal) {
  int none = 0;
  if (caught.compare_exchange_strong(none, signal))
    return;
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, nullptr);
  raise(signal); // delivered when the handler returns
}

} // namespace

void catchInterrupts() {
  struct sigaction action {};
  action.sa_handler = handle;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART; // reads and writes go on; the flag is looked at between steps
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return caught.load(std::memory_order_relaxed) != 0; }
int interruptSignal() { return caught.load(std::memory_order_relaxed); }
void clearInterrupt() { caught = 0; }

} // namespace dlc::runtime
