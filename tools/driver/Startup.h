// What must not wait for a program before `dlc --help` can answer.
#ifndef DLC_TOOLS_DRIVER_STARTUP_H
#define DLC_TOOLS_DRIVER_STARTUP_H

namespace dlc::driver {

/// Runs the static initialisers of LLVM's libraries, which the linker took out of the start of the process (tools/cmake/late-initializers.ld).
/// Before anything of LLVM but its support library and its object loader is used; more calls do nothing.
void initializeCompiler();

} // namespace dlc::driver

#endif
