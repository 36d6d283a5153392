// Runs a program whose kernels are a device's.
#ifndef DLC_TOOLS_DRIVER_DEVICEEXECUTOR_H
#define DLC_TOOLS_DRIVER_DEVICEEXECUTOR_H

#include "tools/driver/Executor.h"
#include "tools/driver/Sites.h"

#include "runtime/Console.h"
#include "runtime/ThreadPool.h"

#include <memory>

namespace dlc::codegen::cuda {
struct DeviceProgram;
} // namespace dlc::codegen::cuda

namespace dlc::driver {

/// Loads a program for the emulated device into this process. One function runs at a time. The pool and the console must outlive the executor.
runtime::Result<std::unique_ptr<Executor>> makeEmulatedExecutor(const codegen::cuda::DeviceProgram &program, Sites sites, runtime::ThreadPool &pool,
                                                                runtime::Console &console);

} // namespace dlc::driver

#endif
