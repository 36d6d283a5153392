// Parts of a recorded CUDA graph that run if, or as long as, a flag in memory of the card says so.
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
  /// A part that is recorded now: what is asked of its stream.
  struct Part {
    void *stream;
    const void *flag;
    unsigned long long condition; ///< the driver's handle
    bool repeats;
  };
  /// A part of what `stream` records now. It happens, when the graph runs, where the byte at `flag` is `value` (0 or 1); if it `repeats`, again and again as
  /// long as that is so.
  Result<Part> begin(void *stream, const void *flag, bool value, bool repeats);
  Status end(const Part &part);
  /// Ends it where the graph will not be used.
  Status drop(const Part &part);

private:
  Status check(int error) const;
  /// Asks the stream to set a condition by a flag.
  int set(unsigned long long condition, void *stream, const void *flag, bool value) const;
  CudaDriver driver;
  void *context;
  void *module = nullptr, *kernel = nullptr;
  bool asked = false;
  std::vector<void *> idle; ///< streams that record nothing now
};

} // namespace dlc::runtime
