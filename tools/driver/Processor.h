// The processor that code is made for.
#ifndef DLC_TOOLS_DRIVER_PROCESSOR_H
#define DLC_TOOLS_DRIVER_PROCESSOR_H

#include "tools/driver/CommandLine.h"

#include "codegen/cpu/Compile.h"

namespace dlc::driver {

/// The one that `--cpu` names. An unknown name is an error that says the nearest known one.
runtime::Result<codegen::Processor> processorOf(const Arguments &arguments);

/// The compute capability that `--arch` names, as NVPTX does, or the one that all cards take which will do. What NVPTX does not know, or no kernel of
/// ours runs on, is an error that lists the others.
runtime::Result<std::string> archOf(const Arguments &arguments);

/// The features of a processor in LLVM's words, sorted: "+avx,+avx2,+fma"; of a named one those that belong to it.
std::string featuresOf(const codegen::Processor &processor);

/// An error that lists the features which the code would use and this machine's processor lacks, where there are some.
runtime::Status checkRunsHere(const Arguments &arguments);

} // namespace dlc::driver

#endif
