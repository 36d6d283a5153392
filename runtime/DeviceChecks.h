// Checks of a program whose kernels run on a device, without a wait at each of them.
#pragma once

#include "runtime/Device.h"

#include <map>
#include <vector>

namespace dlc::runtime {

/// A word of the device says which check failed first, 0 as long as none did; a kernel that every program brings (`dlc$check`) writes it, and copies the
/// values that the check's text names, as they are at that moment, to memory that is kept for them.
class DeviceChecks {
public:
  explicit DeviceChecks(Device &device) : device(device) {}

  /// Before the first check.
  Status prepare();
  /// (later) Check `site`: whether all of `count` booleans at `flags` are true. At most DLC_CHECK_OPERANDS values, of `bytes` bytes.
  Status check(int32_t site, const void *flags, int64_t count, void *const *operands, const int64_t *bytes, int32_t operandCount);
  /// (later) Brings the word to the host, where `failed` reads it once the device was waited for.
  Status fetch();
  /// The site of the check that failed since the last `clear`; −1: none did.
  int32_t failed() const;
  /// The values that it names, on the device.
  const std::vector<void *> &values(int32_t site) const { return kept.at(site); }
  Status clear();

private:
  Device &device;
  void *word = nullptr;
  uint32_t *hostWord = nullptr;
  std::map<int32_t, std::vector<void *>> kept;
};

} // namespace dlc::runtime
