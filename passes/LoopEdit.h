#ifndef DLC_PASSES_LOOPEDIT_H
#define DLC_PASSES_LOOPEDIT_H

#include "ir/Ops.h"

namespace dlc::passes {

/// Changes to what a loop walks, carries and collects. The body stays in place while changes are
/// gathered; `finish` makes the loop anew with that body, replaces the results that are kept and
/// erases the old one.
class LoopEdit {
public:
  explicit LoopEdit(ir::LoopOp loop) : loop(loop) {}

  /// Walks one more tensor; the element, for use in the body.
  mlir::Value walk(mlir::Value tensor);
  /// Collects a value of the body. What is returned stands for the result until `finish`; `resolve`
  /// gives the result then. A value that is collected already is not collected twice.
  mlir::Value collect(mlir::Value value);
  mlir::Value resolve(mlir::Value value) const;

  /// By their numbers before any change. Their arguments and results must not be read by anything
  /// that is kept.
  void dropWalked(unsigned number) { droppedWalked.insert(number); }
  void dropCarried(unsigned number) { droppedCarried.insert(number); }
  void dropCollected(unsigned number) { droppedCollected.insert(number); }

  ir::LoopOp finish();

private:
  ir::LoopOp loop;
  llvm::SmallVector<mlir::Value> newWalked;
  llvm::SmallVector<mlir::BlockArgument> newArguments;
  llvm::SmallVector<mlir::Value> newCollected;
  llvm::DenseSet<unsigned> droppedWalked, droppedCarried, droppedCollected;
  llvm::DenseMap<mlir::Value, mlir::Value>
      resolved; // a value of the body → the result that collects it
};

} // namespace dlc::passes

#endif
