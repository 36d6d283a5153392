#ifndef DLC_IR_VJP_ACTIVITY_H
#define DLC_IR_VJP_ACTIVITY_H

#include "ir/Ops.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace dlc::ir::vjp {

/// Whether `value` lives in `region` or deeper. Derivatives of regions are written before they have an operation around them.
bool isInside(mlir::Region &region, mlir::Value value);
/// Values from outside that operations inside `op` use, each once, in order of first use.
llvm::SetVector<mlir::Value> capturedValues(mlir::Operation *op);

/// Which values depend on the variables of a gradient in a way that has a derivative: found forward, operation by operation.
class Activity {
public:
  explicit Activity(mlir::ValueRange variables);

  /// Marks what `op` computes from active values, its regions included; arguments of loop bodies by a fixed point.
  void forward(mlir::Operation *op);

  bool isActive(mlir::Value value) const { return active.contains(value); }
  /// One of the values that the derivative is taken by: held as independent, so nothing flows through it.
  bool isVariable(mlir::Value value) const { return variables.contains(value); }
  /// `to` takes the part of `from`, which is about to vanish.
  void replace(mlir::Value from, mlir::Value to);

private:
  void mark(mlir::Value value);
  void forwardBlock(mlir::Block &block);
  void forwardLoop(LoopOp loop);

  llvm::DenseSet<mlir::Value> variables, active;
};

/// The values from which `seeds` are computed, found by walking back through operations with derivatives; only values for which
/// `enter` holds are walked through. Regions are not entered: what they capture counts as operands.
llvm::SetVector<mlir::Value> reachedBackward(mlir::ArrayRef<mlir::Value> seeds, llvm::function_ref<bool(mlir::Value)> enter);

} // namespace dlc::ir::vjp

#endif
