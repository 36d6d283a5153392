// Kernels of a graphics card on the processor: blocks one after the other, the threads of a block as fibers.
#pragma once

#include "runtime/Device.h"

#include <functional>
#include <map>
#include <memory>

namespace dlc::runtime {

/// What an emulated kernel calls. Names as in `codegen/cuda/Emulate.h`; the code reaches them by their addresses here.
std::map<std::string, void *> emulatorFunctions();

/// A kernel compiled for the emulator.
struct EmulatedKernel {
  /// Runs the current thread of the current block; `buffers` are the arguments.
  void (*run)(void *const *buffers) = nullptr;
  /// Memory that the threads of a block share; null when there is none.
  void *shared = nullptr;
  size_t sharedBytes = 0;
  /// Whether threads wait for each other.
  bool collective = true;
};

/// The emulated device. Between two barriers each warp runs alone as far as it comes, in an order that changes from barrier to barrier and from block to block;
/// what is in memory that nobody wrote is not known. Errors that name the kernel, the block and the thread: an access outside of a kernel's arguments, a read
/// of what nobody wrote or of a copy that was not waited for, shared memory that two threads touch without a barrier between, memory of the device that
/// two blocks of one launch touch, if one of them writes, with no meeting between, or with one that does not wait for the thread that writes; blocks that wait
/// for others that never come, or for too few.
class Emulator final : public Device {
public:
  using Lookup = std::function<Result<EmulatedKernel>(const std::string &kernel)>;
  /// Few, as the threads of all blocks that wait for each other exist at the same time.
  static constexpr int64_t kMultiprocessors = 4;
  explicit Emulator(Lookup lookup);
  ~Emulator() override;
  const std::string &name() const override;

  Result<void *> allocate(size_t bytes) override;
  void release(void *memory) override;
  Result<void *> allocateHost(size_t bytes) override;
  void releaseHost(void *memory) override;
  Status copyIn(void *to, const void *from, size_t bytes) override;
  Status copyOut(void *to, const void *from, size_t bytes) override;
  Status send(void *to, const void *from, size_t bytes) override;
  Status fetch(void *to, const void *from, size_t bytes) override;
  Status sendAhead(void *to, const void *from, size_t bytes) override { return copyIn(to, from, bytes); }
  Status joinAhead() override { return {}; }
  Status copy(void *to, const void *from, size_t bytes) override;
  Status clear(void *memory, size_t bytes) override;
  Status launch(const Launch &launch) override;
  Result<bool> hasProduct(const dlc_product &) override { return true; }
  Status multiply(const dlc_product &product, const dlc_product_memory &memory) override;
  Status synchronise() override;
  Status beginRecording() override;
  Result<int> endRecording() override;
  void dropRecording() override;
  bool isRecording() const override;
  Result<bool> beginIf(const void *flag, bool value) override;
  Status endIf() override;
  Result<bool> beginWhile(const void *flag) override;
  Status endWhile() override;
  Status replay(int recording) override;
  void forget(int recording) override;

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace dlc::runtime
