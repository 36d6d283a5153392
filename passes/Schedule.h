#ifndef DLC_PASSES_SCHEDULE_H
#define DLC_PASSES_SCHEDULE_H

#include "passes/BlockGraph.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace dlc::passes {

/// An order of the nodes of a block, and the most bytes that live at one time in it.
struct Schedule {
  std::vector<unsigned> order;
  int64_t peak = 0;
};

/// The best of three orders: the program's, one that computes everything just before it is read,
/// and one that follows the program but takes what frees memory first. `innerPeak` gives the bytes
/// that an operation needs inside of its regions. Values that the terminator takes are not counted:
/// they have a place outside.
Schedule bestSchedule(const BlockGraph &graph, mlir::Block &block,
                      llvm::function_ref<int64_t(mlir::Operation *)> innerPeak);

} // namespace dlc::passes

#endif
