#include "runtime/DeviceChecks.h"

#include "runtime/abi.h"

#include <array>

namespace dlc::runtime {

Status DeviceChecks::prepare() {
  DLC_ASSIGN(onHost, device.allocateHost(sizeof(uint32_t)));
  DLC_ASSIGN(onDevice, device.allocate(sizeof(uint32_t)));
  word = onDevice;
  hostWord = static_cast<uint32_t *>(onHost);
  *hostWord = 0;
  return device.copyIn(word, hostWord, sizeof(uint32_t));
}

Status DeviceChecks::check(int32_t site, const void *flags, int64_t count, void *const *operands, const int64_t *bytes, int32_t operandCount) {
  std::vector<void *> &values = kept[site];
  for (int32_t i = static_cast<int32_t>(values.size()); i < operandCount; ++i) {
    DLC_ASSIGN(memory, device.allocate(static_cast<size_t>(bytes[i])));
    values.push_back(memory);
  }
  std::array<void *, DLC_CHECK_ARGUMENTS> arguments{};
  std::array<int64_t, DLC_CHECK_ARGUMENTS> sizes{};
  auto number = [](int64_t value) { return reinterpret_cast<void *>(value); };
  arguments[DLC_CHECK_FLAGS] = const_cast<void *>(flags), sizes[DLC_CHECK_FLAGS] = count;
  arguments[DLC_CHECK_COUNT] = number(count);
  arguments[DLC_CHECK_WORD] = word, sizes[DLC_CHECK_WORD] = sizeof(uint32_t);
  arguments[DLC_CHECK_MARK] = number(site + 1);
  for (int32_t i = 0; i < operandCount; ++i) {
    size_t at = DLC_CHECK_VALUE + 3 * static_cast<size_t>(i);
    arguments[at] = values[static_cast<size_t>(i)], sizes[at] = bytes[i];
    arguments[at + 1] = operands[i], sizes[at + 1] = bytes[i];
    arguments[at + 2] = number(bytes[i]);
  }
  return device.launch({DLC_CHECK_KERNEL, arguments.data(), sizes.data(), DLC_CHECK_ARGUMENTS, 1, DLC_CHECK_THREADS});
}

Status DeviceChecks::fetch() { return device.fetch(hostWord, word, sizeof(uint32_t)); }

int32_t DeviceChecks::failed() const { return static_cast<int32_t>(*hostWord) - 1; }

Status DeviceChecks::clear() {
  *hostWord = 0;
  return device.copyIn(word, hostWord, sizeof(uint32_t));
}

} // namespace dlc::runtime
