// An NVIDIA card, by its driver.
#pragma once

#include "runtime/CublasLt.h"
#include "runtime/CudaConditions.h"
#include "runtime/CudaDriver.h"
#include "runtime/Device.h"

#include <map>
#include <memory>
#include <vector>

namespace dlc::runtime {

/// Everything happens in the order of one stream; a recording is a CUDA graph.
class CudaDevice final : public Device {
public:
  /// Opens card `number` (of those that CUDA_VISIBLE_DEVICES leaves) and loads the kernels, PTX made for the compute capability `capability` (80 for
  /// 8.0). A failure names what is missing: the driver, a card, one of this number, one that is new enough, one that nobody else has for himself.
  /// Without `products` nothing may ask for `multiply`.
  static Result<std::unique_ptr<CudaDevice>> open(const CudaDriver &driver, int number, int capability, const std::string &ptx,
                                                  std::shared_ptr<CublasLt> products = nullptr);
  ~CudaDevice() override;

  /// As the driver calls it.
  const std::string &name() const override { return cardName; }

  Result<void *> allocate(size_t bytes) override;
  void release(void *memory) override;
  Result<void *> allocateHost(size_t bytes) override;
  void releaseHost(void *memory) override;
  Status copyIn(void *to, const void *from, size_t bytes) override;
  Status copyOut(void *to, const void *from, size_t bytes) override;
  Status send(void *to, const void *from, size_t bytes) override;
  Status fetch(void *to, const void *from, size_t bytes) override;
  Status sendAhead(void *to, const void *from, size_t bytes) override;
  Status joinAhead() override;
  Status copy(void *to, const void *from, size_t bytes) override;
  Status clear(void *memory, size_t bytes) override;
  Status launch(const Launch &launch) override;
  Result<bool> hasProduct(const dlc_product &product) override { return products ? products->has(product) : false; }
  Status multiply(const dlc_product &product, const dlc_product_memory &memory) override;
  Status synchronise() override;
  Status beginRecording() override;
  Result<int> endRecording() override;
  void dropRecording() override;
  bool isRecording() const override { return recordingNow; }
  Result<bool> beginIf(const void *flag, bool value) override { return beginPart(flag, value, /*repeats=*/false); }
  Status endIf() override;
  Result<bool> beginWhile(const void *flag) override { return beginPart(flag, true, /*repeats=*/true); }
  Status endWhile() override { return endIf(); }
  Status replay(int recording) override;
  void forget(int recording) override;

private:
  explicit CudaDevice(const CudaDriver &driver) : driver(driver) {}
  Status start(int number, int capability);
  Status load(const std::string &ptx);
  Result<bool> beginPart(const void *flag, bool value, bool repeats);
  /// Success, or what the driver says of `error`.
  Status check(int error, const std::string &what) const;
  /// The same for what only shows after the device was waited for: the kernels since then are named.
  Status checkLate(int error);

  CudaDriver driver;
  std::shared_ptr<CublasLt> products;
  int device = -1;
  bool isRetained = false; // the context of the card
  bool recordingNow = false;
  void *module = nullptr, *stream = nullptr;
  void *aheadStream = nullptr, *aheadDone = nullptr; // copies beside the stream, and the event at their end
  std::unique_ptr<CudaConditions> conditions;
  struct Open {
    void *outer; // stream
    CudaConditions::Part part;
  };
  std::vector<Open> parts; // conditional ones that are open
  std::string cardName;
  std::map<std::string, void *, std::less<>> functions;
  std::vector<CudaDriver::Address> memories;
  std::vector<void *> hostMemories;
  struct Launched {
    const std::string *last = nullptr; // kernel
    int count = 0;
  };
  struct Recording {
    void *graph = nullptr; // null: forgotten
    Launched kernels;
  };
  std::vector<Recording> recordings;
  Launched launched;       // since the last wait, or into the recording that is made
  Launched launchedBefore; // since the last wait, when the recording began
};

} // namespace dlc::runtime
