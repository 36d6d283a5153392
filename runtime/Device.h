// Something that runs kernels on memory of its own: a graphics card, or its emulation.
#pragma once

#include "runtime/Status.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace dlc::runtime {

/// One device. From one thread at a time; what is asked for happens in order, and what is read is what all that was asked for before left.
class Device {
public:
  virtual ~Device() = default;

  /// Memory of the device, aligned to DLC_ALIGNMENT; contents undefined. It lives until the device goes.
  virtual Result<void *> allocate(size_t bytes) = 0;
  virtual Status copyIn(void *to, const void *from, size_t bytes) = 0;
  virtual Status copyOut(void *to, const void *from, size_t bytes) = 0;
  virtual Status copy(void *to, const void *from, size_t bytes) = 0;
  virtual Status clear(void *memory, size_t bytes) = 0;

  /// One launch of a kernel over `blocks` blocks of `threads` threads, one dimension each.
  struct Launch {
    std::string kernel;
    void *const *buffers;  ///< the arguments, pointers to the device's memory
    const int64_t *bytes;  ///< what each of them points to holds
    int32_t count;
    int64_t blocks, threads;
  };
  virtual Status launch(const Launch &launch) = 0;
};

} // namespace dlc::runtime
