#include "runtime/CudaDevice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dlc::runtime {

namespace {

// Numbers of the driver's interface.
constexpr int kCapabilityMajor = 75, kCapabilityMinor = 76;      // CUdevice_attribute
constexpr int kErrorLogBuffer = 5, kErrorLogBufferBytes = 6;     // CUjit_option
constexpr int kOutOfMemory = 2, kNoDevice = 100;                 // CUresult

CudaDriver::Address addressOf(const void *memory) { return reinterpret_cast<CudaDriver::Address>(memory); }

double mebibytes(size_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

} // namespace

Status CudaDevice::check(int error, const std::string &what) const {
  if (!error)
    return {};
  const char *name = nullptr, *text = nullptr;
  driver.GetErrorName(error, &name);
  driver.GetErrorString(error, &text);
  return Status::run(fmt::format("{}: the driver says {} ({})", what, text ? text : "nothing more", name ? name : fmt::format("error {}", error)));
}

Status CudaDevice::start(int number, int capability) {
  int error = driver.Init(0), count = 0;
  if (error && error != kNoDevice)
    return check(error, "the driver could not be started");
  if (!error)
    DLC_TRY(check(driver.DeviceGetCount(&count), "the cards could not be counted"));
  if (count == 0)
    return Status::run("--target cuda needs an NVIDIA card, and the driver finds none (CUDA_VISIBLE_DEVICES may hide it)");
  if (number < 0 || number >= count)
    return Status::error(ErrorKind::Command, fmt::format("there is no card {}; the driver finds {}: 0 to {}", number, count, count - 1));
  DLC_TRY(check(driver.DeviceGet(&device, number), fmt::format("card {}", number)));
  std::array<char, 256> text{};
  DLC_TRY(check(driver.DeviceGetName(text.data(), static_cast<int>(text.size()) - 1, device), fmt::format("card {}", number)));
  cardName = text.data();
  int major = 0, minor = 0;
  DLC_TRY(check(driver.DeviceGetAttribute(&major, kCapabilityMajor, device), cardName));
  DLC_TRY(check(driver.DeviceGetAttribute(&minor, kCapabilityMinor, device), cardName));
  if (10 * major + minor < capability)
    return Status::run(
        fmt::format("{} has compute capability {}.{}, and the kernels need {}.{} or later", cardName, major, minor, capability / 10, capability % 10));
  void *context = nullptr;
  DLC_TRY(check(driver.DevicePrimaryCtxRetain(&context, device), cardName));
  isRetained = true;
  return check(driver.CtxSetCurrent(context), cardName);
}

Status CudaDevice::load(const std::string &ptx) {
  std::array<char, 8192> log{};
  std::array<int, 2> options = {kErrorLogBuffer, kErrorLogBufferBytes};
  std::array<void *, 2> values = {log.data(), reinterpret_cast<void *>(log.size() - 1)};
  int error = driver.ModuleLoadDataEx(&module, ptx.c_str(), options.size(), options.data(), values.data());
  return check(error, fmt::format("{} does not take the kernels{}{}", cardName, log[0] ? ": " : "", log.data()));
}

Result<std::unique_ptr<CudaDevice>> CudaDevice::open(const CudaDriver &driver, int number, int capability, const std::string &ptx) {
  std::unique_ptr<CudaDevice> opened(new CudaDevice(driver));
  DLC_TRY(opened->start(number, capability));
  DLC_TRY(opened->load(ptx));
  return opened;
}

CudaDevice::~CudaDevice() {
  for (CudaDriver::Address memory : memories)
    driver.MemFree(memory);
  if (module)
    driver.ModuleUnload(module);
  if (isRetained)
    driver.DevicePrimaryCtxRelease(device);
}

Result<void *> CudaDevice::allocate(size_t bytes) {
  CudaDriver::Address address = 0;
  int error = driver.MemAlloc(&address, std::max<size_t>(bytes, 1));
  if (error == kOutOfMemory) {
    size_t free = 0, all = 0;
    driver.MemGetInfo(&free, &all);
    return Status::run(
        fmt::format("{} has no room for {:.1f} MiB: {:.0f} of its {:.0f} MiB are free", cardName, mebibytes(bytes), mebibytes(free), mebibytes(all)));
  }
  DLC_TRY(check(error, cardName));
  memories.push_back(address);
  return reinterpret_cast<void *>(address);
}

Status CudaDevice::copyIn(void *to, const void *from, size_t bytes) {
  return bytes ? check(driver.MemcpyHtoD(addressOf(to), from, bytes), "a copy to the card") : Status();
}

Status CudaDevice::copyOut(void *to, const void *from, size_t bytes) {
  return bytes ? check(driver.MemcpyDtoH(to, addressOf(from), bytes), "a copy from the card") : Status();
}

Status CudaDevice::copy(void *to, const void *from, size_t bytes) {
  return bytes ? check(driver.MemcpyDtoD(addressOf(to), addressOf(from), bytes), "a copy on the card") : Status();
}

Status CudaDevice::clear(void *memory, size_t bytes) {
  return bytes ? check(driver.MemsetD8(addressOf(memory), 0, bytes), "clearing memory of the card") : Status();
}

Status CudaDevice::launch(const Launch &launch) {
  void *&function = functions[launch.kernel];
  if (!function)
    DLC_TRY(check(driver.ModuleGetFunction(&function, module, launch.kernel.c_str()), fmt::format("kernel `{}`", launch.kernel)));
  std::vector<void *> arguments; // pointers to the arguments' values
  for (int32_t i = 0; i < launch.count; ++i)
    arguments.push_back(const_cast<void **>(launch.buffers + i));
  int error = driver.LaunchKernel(function, static_cast<unsigned>(launch.blocks), 1, 1, static_cast<unsigned>(launch.threads), 1, 1, 0, nullptr,
                                  arguments.data(), nullptr);
  return check(error, fmt::format("kernel `{}`", launch.kernel));
}

} // namespace dlc::runtime
