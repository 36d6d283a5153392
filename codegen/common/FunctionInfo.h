#ifndef DLC_CODEGEN_FUNCTIONINFO_H
#define DLC_CODEGEN_FUNCTIONINFO_H

#include <cstdint>
#include <string>

namespace dlc::codegen {

/// A function of the module, in its order (kernels are left out, and functions that still have open sizes).
struct FunctionInfo {
  std::string name;   // of the `dl.func`
  std::string entry;  // the symbol of the `dlc_entry`: "dlc.NAME"
  std::string steps;  // the symbol of the `dlc_steps`: "dlc.NAME.steps"
  /// What the arena buffer must hold: `dl.arena` and what compiled code needs beside it. Aligned to DLC_ALIGNMENT; may be 0.
  int64_t arenaBytes = 0;
  /// The largest workspace that `parallel_for` will be asked for.
  int64_t workspaceBytes = 0;
};

} // namespace dlc::codegen

#endif
