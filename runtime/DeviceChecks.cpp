#include "runtime/DeviceChecks.h"

#include "runtime/abi.h"

#include <array>

namespace dlc::runtime {

constexpr const char *kKernel = "dlc$check";
constexpr int64_t kThreads = 256;

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
  // The arguments of `dlc$check` (codegen/cuda/Builtins.cpp): flags, their count, the word, what it becomes, then (to, from, bytes) for each value.
  constexpr size_t kFixed = 4, kArguments = kFixed + 3 * DLC_CHECK_OPERANDS;
  std::array<void *, kArguments> arguments{};
  std::array<int64_t, kArguments> sizes{};
  auto number = [](int64_t value) { return reinterpret_cast<void *>(value); };
  arguments[0] = const_cast<void *>(flags), sizes[0] = count;
  arguments[1] = number(count);
  arguments[2] = word, sizes[2] = sizeof(uint32_t);
  arguments[3] = number(site + 1);
  for (int32_t i = 0; i < operandCount; ++i) {
    size_t at = kFixed + 3 * static_cast<size_t>(i);
    arguments[at] = values[static_cast<size_t>(i)], sizes[at] = bytes[i];
    arguments[at + 1] = operands[i], sizes[at + 1] = bytes[i];
    arguments[at + 2] = number(bytes[i]);
  }
  return device.launch({kKernel, arguments.data(), sizes.data(), static_cast<int32_t>(kArguments), 1, kThreads});
}

Status DeviceChecks::fetch() { return device.fetch(hostWord, word, sizeof(uint32_t)); }

int32_t DeviceChecks::failed() const { return static_cast<int32_t>(*hostWord) - 1; }

Status DeviceChecks::clear() {
  *hostWord = 0;
  return device.copyIn(word, hostWord, sizeof(uint32_t));
}

} // namespace dlc::runtime
