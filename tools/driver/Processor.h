// The processor that code is made for.
#ifndef DLC_TOOLS_DRIVER_PROCESSOR_H
#define DLC_TOOLS_DRIVER_PROCESSOR_H

#include "tools/driver/CommandLine.h"

#include "codegen/cpu/Compile.h"

namespace dlc::driver {

/// The one that `--cpu` names. An unknown name is an error that says the nearest known one.
runtime::Result<codegen::Processor> processorOf(const Arguments &arguments);

/// The features of a processor in LLVM's words, sorted: "+avx,+avx2,+fma"; of a named one those that belong to it.
std::string featuresOf(const codegen::Processor &processor);

/// An error that lists the features which the code would use and this machine's processor lacks, where there are some.
runtime::Status checkRunsHere(const Arguments &arguments);

} // namespace dlc::driver

#endif
