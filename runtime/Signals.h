// Ctrl-C and SIGTERM.
#pragma once

namespace dlc::runtime {

/// From here on the first SIGINT or SIGTERM only sets a flag, so that the run can save and say
/// where; a second one ends the process as if there were no handler.
void catchInterrupts();

/// Whether a signal came.
bool interrupted();

/// The signal that came, 0 when none did. A shell expects a process that stopped because of signal
/// n to exit with 128 + n.
int interruptSignal();

/// Forgets a signal that came (for tests).
void clearInterrupt();

} // namespace dlc::runtime
