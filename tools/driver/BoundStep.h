// A step of a `train` or `test` block, bound to the memory that it works on.
#ifndef DLC_TOOLS_DRIVER_BOUNDSTEP_H
#define DLC_TOOLS_DRIVER_BOUNDSTEP_H

#include "tools/driver/RunState.h"

#include <string>
#include <vector>

namespace dlc::driver {

/// The function with the places, and with the buffers that its batch is staged in.
struct BoundStep {
  const Function *function = nullptr;
  RunState::Call call;
  std::vector<void *> staged; ///< one a column of the table
  std::vector<runtime::Tensor> buffers;
  int64_t rows = 1; ///< of its batch; 1 for a step without a table
};

/// Binds function `name` for batches of `rows` rows of `table`; an empty `table`: for none.
runtime::Result<BoundStep> bindStep(RunState &state, const std::string &name, const std::string &table, int64_t rows);

} // namespace dlc::driver

#endif
