// NVIDIA's library of matrix products, opened when it is needed.
#pragma once

#include "runtime/Device.h"
#include "runtime/abi.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dlc::runtime {

/// Products by cuBLASLt. The same product on the same card has the same bits: reductions in place, by atomics, are not asked for.
class CublasLt {
public:
  /// Finds the library by the first of these names that is there; a failure says that it is not here and what it is for.
  static Result<std::shared_ptr<CublasLt>> open(const std::vector<std::string> &names = {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11",
                                                                                         "libcublasLt.so"});
  virtual ~CublasLt() = default;
  /// "13.1.0".
  virtual std::string version() const = 0;
  /// Whether the library has a way for a product with its epilogue, on the card whose context is current.
  virtual Result<bool> has(const dlc_product &product) = 0;
  /// (later) In the order of `stream`. The first call for a product chooses the algorithm.
  virtual Status multiply(const dlc_product &product, const dlc_product_memory &memory, void *stream) = 0;
  /// Gives back what it has in the context of the card, before that goes; the next product is like the first one.
  virtual void release() = 0;
};

/// Epilogues (DLC_BIAS …) of these products that are to be given up, as the device has no product with them; −1 where it has one of them in no way. Of a
/// product only the dearest is named: sums, then masks, gelu's gradient, what that reads, gelu, relu and bias,
/// then factors of bf16.
Result<int32_t> missingEpilogues(Device &device, const std::vector<dlc_product> &products);

} // namespace dlc::runtime
