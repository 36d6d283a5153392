// Ctrl-C and SIGTERM.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace dlc::runtime {

/// What the first signal answers at once on standard error, since the flag may be looked at much later.
struct Answer {
  std::string text;        ///< a line, without its end; empty: nothing
  std::string afterCtrlC;  ///< behind it, where the signal was SIGINT
  bool overStatus = false; ///< standard error is a terminal where a status line may stand (Console.h): that is taken away first
};

/// From here on the first SIGINT or SIGTERM sets a flag and writes the answer, so that the run can save and say
/// where; a second one ends the process as if there were no handler. The handler reads texts that this call
/// makes, and a change of them while it runs would be seen: with its handler in place it is not called again.
void catchInterrupts(const Answer &answer = {});

/// Whether a signal came.
bool interrupted();

/// The signal that came, 0 when none did. A shell expects a process that stopped because of signal
/// n to exit with 128 + n.
int interruptSignal();

/// A thread to which no signals go: they are for those of the program.
std::thread threadWithoutSignals(std::function<void()> work);

/// Forgets a signal that came (for tests).
void clearInterrupt();

} // namespace dlc::runtime
