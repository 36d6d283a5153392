// The commands of `dlc`. Each returns the exit status: 0 success, 1 the program is wrong, 2 the command line is wrong, 3 it failed while running.
#ifndef DLC_TOOLS_DRIVER_COMMANDS_H
#define DLC_TOOLS_DRIVER_COMMANDS_H

#include "tools/driver/CommandLine.h"

#include "runtime/Status.h"

namespace dlc::driver {

/// `dlc`: parses the command line and runs the command.
int dlcMain(int argc, char **argv);

int checkCommand(const Arguments &arguments);
int compileCommand(const Arguments &arguments);
/// Also `dlc test`.
int runCommand(const Arguments &arguments);
int callCommand(const Arguments &arguments);
int benchCommand(const Arguments &arguments);
int devicesCommand(const Arguments &arguments);
int verifyCommand(const Arguments &arguments);

/// Prints `error: MESSAGE` (nothing for an empty one, whose diagnostics were printed before) and returns the exit status.
int fail(const runtime::Status &status);

/// Writes out what standard output still holds. Where not all of it could be written (a full disk), says so and turns a success into status 3.
int finishOutput(int status);

} // namespace dlc::driver

#endif
