#include "runtime/CudaCards.h"
#include "runtime/CudaNumbers.h"

#include <fmt/format.h>

#include <array>

namespace dlc::runtime {

using namespace cuda;

Status checkDriver(const CudaDriver &driver, int error, const std::string &what) {
  if (!error)
    return {};
  const char *name = nullptr, *text = nullptr;
  driver.GetErrorName(error, &name);
  driver.GetErrorString(error, &text);
  return Status::run(fmt::format("{}: the driver says {} ({})", what, text ? text : "nothing more", name ? name : fmt::format("error {}", error)));
}

Result<int> countCards(const CudaDriver &driver) {
  int error = driver.Init(0), count = 0;
  if (error && error != kNoDevice)
    return checkDriver(driver, error, "the driver could not be started");
  if (!error)
    DLC_TRY(checkDriver(driver, driver.DeviceGetCount(&count), "the cards could not be counted"));
  if (count == 0)
    return Status::run("--target cuda needs an NVIDIA card, and the driver finds none (CUDA_VISIBLE_DEVICES may hide it)");
  return count;
}

Result<CudaCard> describeCard(const CudaDriver &driver, int number) {
  CudaCard card;
  std::string what = fmt::format("card {}", number);
  DLC_TRY(checkDriver(driver, driver.DeviceGet(&card.device, number), what));
  std::array<char, 256> text{};
  DLC_TRY(checkDriver(driver, driver.DeviceGetName(text.data(), static_cast<int>(text.size()) - 1, card.device), what));
  card.name = text.data();
  int major = 0, minor = 0;
  DLC_TRY(checkDriver(driver, driver.DeviceGetAttribute(&major, kCapabilityMajor, card.device), card.name));
  DLC_TRY(checkDriver(driver, driver.DeviceGetAttribute(&minor, kCapabilityMinor, card.device), card.name));
  DLC_TRY(checkDriver(driver, driver.DeviceGetAttribute(&card.multiprocessors, kMultiprocessors, card.device), card.name));
  card.capability = 10 * major + minor;
  return card;
}

Result<CudaCard> chooseCard(const CudaDriver &driver, int number) {
  DLC_ASSIGN(count, countCards(driver));
  if (number < 0 || number >= count)
    return Status::error(ErrorKind::Command, fmt::format("there is no card {}; the driver finds {}: 0 to {}", number, count, count - 1));
  return describeCard(driver, number);
}

Result<void *> retainCard(const CudaDriver &driver, const CudaCard &card) {
  void *context = nullptr;
  int error = driver.DevicePrimaryCtxRetain(&context, card.device);
  if (error == kDeviceUnavailable)
    return Status::run(fmt::format("{} is busy: another process has it for itself (nvidia-smi shows which); `--device N` chooses another card", card.name));
  if (error == kOutOfMemory)
    return Status::run(fmt::format("{} has no memory left, not even for a context: other processes have it (nvidia-smi shows which)", card.name));
  DLC_TRY(checkDriver(driver, error, card.name));
  if (int failed = driver.CtxSetCurrent(context)) {
    driver.DevicePrimaryCtxRelease(card.device);
    return checkDriver(driver, failed, card.name);
  }
  return context;
}

} // namespace dlc::runtime
