// An NVIDIA card, by its driver.
#pragma once

#include "runtime/CudaDriver.h"
#include "runtime/Device.h"

#include <map>
#include <memory>
#include <vector>

namespace dlc::runtime {

class CudaDevice final : public Device {
public:
  /// Opens card `number` (of those that CUDA_VISIBLE_DEVICES leaves) and loads the kernels, PTX made for the compute capability `capability` (80 for
  /// 8.0). A failure names what is missing: the driver, a card, one of this number, one that is new enough.
  static Result<std::unique_ptr<CudaDevice>> open(const CudaDriver &driver, int number, int capability, const std::string &ptx);
  ~CudaDevice() override;

  /// As the driver calls it.
  const std::string &name() const { return cardName; }

  Result<void *> allocate(size_t bytes) override;
  Status copyIn(void *to, const void *from, size_t bytes) override;
  Status copyOut(void *to, const void *from, size_t bytes) override;
  Status copy(void *to, const void *from, size_t bytes) override;
  Status clear(void *memory, size_t bytes) override;
  Status launch(const Launch &launch) override;

private:
  explicit CudaDevice(const CudaDriver &driver) : driver(driver) {}
  Status start(int number, int capability);
  Status load(const std::string &ptx);
  /// Success, or what the driver says of `error`.
  Status check(int error, const std::string &what) const;

  CudaDriver driver;
  int device = -1;
  bool isRetained = false; // the context of the card
  void *module = nullptr;
  std::string cardName;
  std::map<std::string, void *> functions;
  std::vector<CudaDriver::Address> memories;
};

} // namespace dlc::runtime
