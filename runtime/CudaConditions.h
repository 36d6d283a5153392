// Parts of a recorded CUDA graph that run if a flag in memory of the card says so.
#pragma once

#include "runtime/CudaDriver.h"

#include <vector>

namespace dlc::runtime {

/// Conditional nodes: the driver has them from 12.4 on.
class CudaConditions {
public:
  CudaConditions(const CudaDriver &driver, void *context) : driver(driver), context(context) {}
  ~CudaConditions();
  CudaConditions(const CudaConditions &) = delete;

  /// Whether this driver can. Loads a kernel when it is first asked.
  bool areThere();
  /// What is asked of the stream that it returns from here to `end` happens, when the graph runs, where the byte at `flag` is `value` (0 or 1). `stream` is
  /// the one that records now.
  Result<void *> begin(void *stream, const void *flag, bool value);
  /// `body`: the stream that `begin` returned.
  Status end(void *body);

private:
  Status check(int error) const;
  CudaDriver driver;
  void *context;
  void *module = nullptr, *kernel = nullptr;
  bool asked = false;
  std::vector<void *> idle; ///< streams that record nothing now
};

} // namespace dlc::runtime
