#ifndef DLC_CODEGEN_SCHEDULE_H
#define DLC_CODEGEN_SCHEDULE_H

#include "ir/Ops.h"

#include "llvm/ADT/SetVector.h"

namespace dlc::codegen {

/// Values that are read from memory in the phase at hand.
using IsLeaf = llvm::function_ref<bool(mlir::Value)>;

/// Whether lanes that run along axis `axis` of the value are a good idea: no fold along rows (which would rather run in
/// vectors itself) is evaluated once for each lane.
bool laneFriendly(mlir::Value value, int64_t axis, IsLeaf isLeaf);

/// Whether lanes along the last axis of the value cost no more than one number each does: element by element, from memory side by side, of one number
/// or of the number of the place.
bool isPlainRow(mlir::Value value, IsLeaf isLeaf);

/// Whether elements of the value can be had by row-major number alone, without the index by axis.
bool numbersThrough(mlir::Value value, IsLeaf isLeaf);

/// On which axes of some space each axis of a value depends, as bits.
using AxisBits = llvm::SmallVector<uint64_t, 4>;
/// The bits of an operand's axes from those of the result; `folded` has the bits of the axes that are folded away.
AxisBits operandBits(mlir::Operation *op, unsigned operand, llvm::ArrayRef<uint64_t> result, llvm::ArrayRef<uint64_t> folded);
/// The sizes that an operation folds away, outermost first.
llvm::SmallVector<int64_t> foldedSizes(mlir::Operation *op);

/// How many elements are folded into one of an operation's; 1 for what folds nothing.
int64_t foldedCount(mlir::Operation *op);
/// Whether an operation needs of its operands the element at its own place.
bool isElementwise(mlir::Operation *op);
/// Whether the operation is a fold, evaluated as a loop for each element.
bool isFold(mlir::Operation *op);
/// Whether the operation's result only exists as a whole: a phase of its own writes it.
bool isWhole(mlir::Operation *op);

/// What one phase of a kernel computes: values of one space that are evaluated element by element.
struct PhasePlan {
  llvm::SmallVector<mlir::Value> roots;
  /// Leading axes of the space whose index is fixed while a row is computed; folds over the row are done once for each.
  /// -1: there are no rows, elements are independent.
  int64_t rowAxes = -1;
};

/// The phases of a kernel, in order. Values that are the root of a phase lie in memory afterwards.
class Schedule {
public:
  /// `results` are the values of the kernel's terminator.
  explicit Schedule(mlir::ValueRange results);

  llvm::ArrayRef<PhasePlan> phases() const { return plans; }

private:
  /// Plans the phase of a root after those of what it needs.
  void place(mlir::Value root);
  /// What is computed inside the phase of `root`, where `isLeaf` values are in memory.
  struct Inside {
    llvm::SmallVector<mlir::Value> first; // would be repeated too often there: they have phases of their own before it
    int64_t rowAxes = -1;                 // as far as folds ask for them
  };
  Inside analyse(mlir::Value root, IsLeaf isLeaf) const;
  /// Adds the root to a phase of other results over the same space, from phase `from` on, if there is one that can compute it.
  bool join(mlir::Value root, size_t from);
  /// Of what phases a root is made, if one of them is to compute it.
  struct Needs {
    bool same = false;  // what this phase computes
    bool later = false; // what a phase behind it does, which it would compute again
  };
  Needs needsOf(mlir::Value root, size_t phase) const;
  bool isLeaf(mlir::Value value) const { return planOf.contains(value) || !value.getDefiningOp(); }
  llvm::SmallVector<PhasePlan> plans;
  llvm::DenseMap<mlir::Value, size_t> planOf; // the number of the phase of each root
};

} // namespace dlc::codegen

#endif
