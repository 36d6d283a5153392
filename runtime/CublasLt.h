// NVIDIA's library of matrix products, opened when it is needed.
#pragma once

#include "runtime/Device.h"
#include "runtime/abi.h"

#include <map>
#include <memory>

namespace dlc::runtime {

/// Products by cuBLASLt. The same product on the same card has the same bits: reductions in place, by atomics, are not asked for.
class CublasLt {
public:
  /// Finds the library; a failure says that it is not here and what it is for.
  static Result<std::shared_ptr<CublasLt>> open();
  virtual ~CublasLt() = default;
  /// "13.1.0".
  virtual std::string version() const = 0;
  /// (later) In the order of `stream`. The first call for a product chooses the algorithm.
  virtual Status multiply(const dlc_product &product, const dlc_product_memory &memory, void *stream) = 0;
};

} // namespace dlc::runtime
