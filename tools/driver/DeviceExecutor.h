// Runs a program whose kernels are a device's.
#ifndef DLC_TOOLS_DRIVER_DEVICEEXECUTOR_H
#define DLC_TOOLS_DRIVER_DEVICEEXECUTOR_H

#include "tools/driver/Executor.h"
#include "tools/driver/Sites.h"

#include "runtime/Console.h"
#include "runtime/Device.h"
#include "runtime/ThreadPool.h"

#include <functional>
#include <memory>

namespace dlc::codegen::cuda {
struct DeviceProgram;
} // namespace dlc::codegen::cuda

namespace dlc::driver {

/// The card of a number, by the driver: `--target cuda`. It loads a program's kernels when it is opened.
using OpenDevice = std::function<runtime::Result<std::unique_ptr<runtime::Device>>(const codegen::cuda::DeviceProgram &program)>;
struct Card {
  OpenDevice open;
  std::string library; ///< of matrix products, with its version; empty where there is none, for the reason that follows
  std::string whyNone;
  int64_t multiprocessors = 0;
  bool takesManyArguments = true; ///< more than 4,352 bytes of them for a launch
};
/// The driver's library.
inline constexpr const char *driverLibrary = "libcuda.so.1";
/// Finds the driver and the card, so that a machine without them is told before anything is compiled.
runtime::Result<Card> findCard(int number);
Card emulatedCard();

/// Loads a program into this process, for a device that has its kernels and, from `library`, its products. One function runs at a time. The pool and the
/// console must outlive the executor.
runtime::Result<std::unique_ptr<Executor>> makeDeviceExecutor(const codegen::cuda::DeviceProgram &program, std::unique_ptr<runtime::Device> device,
                                                              const std::string &library, Sites sites, runtime::ThreadPool &pool, runtime::Console &console);

} // namespace dlc::driver

#endif
