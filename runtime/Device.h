// Something that runs kernels on memory of its own: a graphics card, or its emulation.
#pragma once

#include "runtime/Status.h"

#include <cstddef>
#include <cstdint>
#include <string>

struct dlc_product;
struct dlc_product_memory;

namespace dlc::runtime {

/// One device. From one thread at a time; what is asked for happens in order, and what is read is what all that was asked for before left.
///
/// Functions marked (later) return before the device is done: memory of the host that they name must stay as it is until the next one that waits. A fault of
/// a kernel may only be told by a later call.
class Device {
public:
  virtual ~Device() = default;
  /// What it calls itself.
  virtual const std::string &name() const = 0;

  /// Memory of the device, aligned to DLC_ALIGNMENT; contents undefined. It lives until `release`, or until the device goes.
  virtual Result<void *> allocate(size_t bytes) = 0;
  virtual void release(void *memory) = 0;
  /// Memory of the host that `send` and `fetch` copy from and to. It lives until `releaseHost`, or until the device goes.
  virtual Result<void *> allocateHost(size_t bytes) = 0;
  virtual void releaseHost(void *memory) = 0;

  /// Copies that wait.
  virtual Status copyIn(void *to, const void *from, size_t bytes) = 0;
  virtual Status copyOut(void *to, const void *from, size_t bytes) = 0;
  /// (later) From and to memory of `allocateHost`.
  virtual Status send(void *to, const void *from, size_t bytes) = 0;
  virtual Status fetch(void *to, const void *from, size_t bytes) = 0;
  /// (later) As `send`, beside all that was asked for before, which must not touch the memory at `to` any more; `joinAhead` makes what is asked for after it
  /// wait for such copies.
  virtual Status sendAhead(void *to, const void *from, size_t bytes) = 0;
  virtual Status joinAhead() = 0;
  /// (later)
  virtual Status copy(void *to, const void *from, size_t bytes) = 0;
  virtual Status clear(void *memory, size_t bytes) = 0;

  /// One launch of a kernel over `blocks` blocks of `threads` threads, one dimension each.
  struct Launch {
    std::string kernel;
    void *const *buffers;  ///< the arguments, or a table that is the only one: pointers to the device's memory, or numbers of 64 bits in their place
    const int64_t *bytes;  ///< what each of them points to holds; 0 for a number
    int32_t count;
    int64_t blocks, threads;
    bool isCooperative = false; ///< blocks wait for each other, so all run at the same time
  };
  /// (later)
  virtual Status launch(const Launch &launch) = 0;
  /// Whether it can compute a product with its epilogue.
  virtual Result<bool> hasProduct(const dlc_product &product) = 0;
  /// (later) A matrix product.
  virtual Status multiply(const dlc_product &product, const dlc_product_memory &memory) = 0;
  /// Waits until all is done. A failure names what went wrong since the last wait.
  virtual Status synchronise() = 0;

  /// Between `beginRecording` and `endRecording` nothing runs: what is asked for later becomes a recording, which `replay` asks for at once, any number of
  /// times, with the same memory. What waits must not be asked for in between.
  virtual Status beginRecording() = 0;
  virtual Result<int> endRecording() = 0;
  virtual void dropRecording() = 0;
  virtual bool isRecording() const = 0;
  /// What is asked for up to `endIf`, while it records, is done at a replay where the byte at `flag` is `value` (0 or 1) by then. May be nested. False: this
  /// device cannot, and nothing has been asked of it.
  virtual Result<bool> beginIf(const void *flag, bool value) = 0;
  virtual Status endIf() = 0;
  /// What is asked for up to `endWhile`, while it records, is done at a replay again and again, as long as the byte at `flag` is 1 before it. May be nested.
  /// False as above.
  virtual Result<bool> beginWhile(const void *flag) = 0;
  virtual Status endWhile() = 0;
  /// (later)
  virtual Status replay(int recording) = 0;
  /// The recording will not be replayed again.
  virtual void forget(int recording) = 0;
};

} // namespace dlc::runtime
