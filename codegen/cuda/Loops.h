// How the loops of a function run on a device.
#ifndef DLC_CODEGEN_CUDA_LOOPS_H
#define DLC_CODEGEN_CUDA_LOOPS_H

#include "codegen/cuda/Group.h"

namespace dlc::codegen::cuda {

/// A recording has either every pass that a loop may run, or one pass, which the device repeats. The first costs no more than what the passes do, but for a
/// loop of which only the device knows the end each pass that may come costs a few small launches, even where it does not; and the driver takes only so many.
/// The second costs four small launches a pass, and copies of what is walked and collected.
///
/// A loop is repeated by the device where only that knows when it ends, and it may have more than 256 passes; or where all its passes together would be more
/// than 10,000 calls of the device. That number is halved until the function is within what may be recorded.
class Loops {
public:
  Loops(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, const Groups &groups);

  bool isRepeated(ir::LoopOp loop) const { return repeated.contains(loop); }
  /// Remarks: what a reader of the program cannot see, how branches and loops run.
  void tell();

private:
  /// What is asked of the device, at most, as it stands in a recording.
  int64_t callsOf(mlir::Block &block);
  int64_t callsOf(ir::LaunchOp op) const;
  int64_t callsOf(ir::LoopOp op);
  /// Copies of values to where they are yielded.
  int64_t moves(mlir::ValueRange to, mlir::ValueRange from) const;

  ir::FuncOp function;
  const Places &places;
  const std::map<std::string, KernelInfo> &kernels;
  const Groups &groups;
  int64_t most = 10'000; ///< calls that the passes of a loop may be together
  llvm::DenseSet<mlir::Operation *> repeated;
};

} // namespace dlc::codegen::cuda

#endif
