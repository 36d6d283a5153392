#include "runtime/Signals.h"

#include <atomic>
#include <cerrno>

#include <signal.h>
#include <unistd.h>

namespace dlc::runtime {

namespace {

std::atomic<int> caught{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch nothing else");

/// Lines that stand ready for the handler, which may make nothing.
std::string answerToCtrlC, answerToOthers;

void write(const std::string &line) {
  int before = errno; // of what was interrupted
  // A line that standard error does not take is lost: there is nobody to tell.
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
  errno = before;
}

void handle(int signal) {
  int none = 0;
  if (caught.compare_exchange_strong(none, signal))
    return write(signal == SIGINT ? answerToCtrlC : answerToOthers);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, nullptr);
  raise(signal); // delivered when the handler returns
}

} // namespace

void catchInterrupts(const Answer &answer) {
  std::string begin = answer.overStatus ? "\r\x1b[K" : "";
  answerToCtrlC = answer.text.empty() ? "" : begin + answer.text + answer.afterCtrlC + "\n";
  answerToOthers = answer.text.empty() ? "" : begin + answer.text + "\n";
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

std::thread threadWithoutSignals(std::function<void()> work) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(work));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

} // namespace dlc::runtime
