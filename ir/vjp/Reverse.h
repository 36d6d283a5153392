#ifndef DLC_IR_VJP_REVERSE_H
#define DLC_IR_VJP_REVERSE_H

#include "ir/vjp/Activity.h"

#include "llvm/ADT/DenseMap.h"

namespace dlc::ir::vjp {

/// Where a cotangent is known to be zero: where `condition` is not `taken`, element by element.
struct Mask {
  mlir::Value condition;
  bool taken;
};

/// The cotangents found so far in one region: by value, null where nothing has arrived.
class Cotangents {
public:
  mlir::Value lookup(mlir::Value of) const { return values.lookup(of); }
  void set(mlir::Value of, mlir::Value cotangent) { values[of] = cotangent; }
  void replace(mlir::Value from, mlir::Value to);

  std::optional<Mask> maskOf(mlir::Value cotangent) const {
    auto found = masks.find(cotangent);
    return found == masks.end() ? std::nullopt : std::optional(found->second);
  }
  void setMask(mlir::Value cotangent, Mask mask) { masks[cotangent] = mask; }

private:
  llvm::DenseMap<mlir::Value, mlir::Value> values;
  llvm::DenseMap<mlir::Value, Mask> masks;
};

/// The reverse pass of one gradient: walks operations against program order and emits, at the builder's place, what takes the cotangents
/// of their results to those of their operands. Uses are added up in reverse program order, so the sum's bits are fixed.
///
/// The derivative of a region is written as if it saw the forward region's inside; then each value that it used there becomes a result of
/// the forward operation (a residual), unless it can be had for less: see `Residuals.cpp`.
class Reverse {
public:
  /// `nextCheckpoint` numbers the checkpoints that come up; none of the function has it yet.
  Reverse(mlir::OpBuilder &builder, Activity &activity, GradientOp gradient, int64_t &nextCheckpoint)
      : builder(builder), activity(activity), gradient(gradient), nextCheckpoint(nextCheckpoint) {}

  /// `operations` stand in program order. Values that one region takes from outside get their cotangents in `cotangents`, too.
  mlir::LogicalResult run(mlir::ArrayRef<mlir::Operation *> operations, Cotangents &cotangents);

private:
  friend class CondReverse;
  friend class LoopReverse;
  friend class CheckpointReverse;

  mlir::LogicalResult reverse(mlir::Operation *op, Cotangents &cotangents);
  mlir::LogicalResult reverseByRule(mlir::Operation *op, Cotangents &cotangents);
  mlir::LogicalResult reverseCond(CondOp op, Cotangents &cotangents);
  mlir::LogicalResult reverseLoop(LoopOp op, Cotangents &cotangents);

  /// The checkpoints that `op` stands in and the gradient does not, outermost first.
  llvm::ArrayRef<int64_t> checkpointsOf(mlir::Operation *op) const;
  bool isCheckpointed(mlir::Operation *op) const { return !checkpointsOf(op).empty(); }
  /// Brings the operations of each checkpoint together, in an order in which each still stands behind what it reads.
  void gatherCheckpoints(llvm::MutableArrayRef<mlir::Operation *> operations) const;
  /// Where in the list the outermost checkpoint of its last operation begins; the last one itself where it stands in none.
  size_t checkpointBegin(llvm::ArrayRef<mlir::Operation *> operations) const;
  mlir::LogicalResult reverseCheckpoint(llvm::ArrayRef<mlir::Operation *> group, Cotangents &cotangents);

  /// What `dl.select` did not take has cotangent 0, and an infinite factor further up must not make a NaN of it: along element-wise
  /// operations the mask goes with the cotangent, and is put on again where a rule multiplies.
  void passMask(mlir::Operation *op, mlir::Value arriving, mlir::MutableArrayRef<mlir::Value> leaving, Cotangents &cotangents);
  /// Where the sum of two cotangents is known to be zero: where both are.
  std::optional<Mask> maskOfSum(std::optional<Mask> a, std::optional<Mask> b);
  /// The cotangent of a result, null for what does not count.
  mlir::Value cotangentOf(mlir::Value result, const Cotangents &cotangents) const;
  /// Adds to the cotangent of `of`, unless that is not active.
  void add(Cotangents &cotangents, mlir::Value of, mlir::Value cotangent);
  /// Replaces `from` by `to` everywhere, here too.
  void replace(mlir::Value from, mlir::Value to);

  mlir::OpBuilder &builder;
  Activity &activity;
  GradientOp gradient;
  int64_t &nextCheckpoint;
  llvm::SmallVector<Cotangents *> scopes; // the regions being reversed, outermost first
};

/// The numbers of the checkpoints that an operation stands in, outermost first, counted from its block: `dl.checkpoint`.
llvm::ArrayRef<int64_t> checkpointPath(mlir::Operation *op);
void setCheckpointPath(mlir::Operation *op, llvm::ArrayRef<int64_t> path);

/// Where an operation of a derivative comes from: its primal's location without the name, fused with `grad`.
mlir::Location gradientLocation(mlir::Location primal);
/// The location of the cotangent of `value`: named `d_NAME` where the value has a name.
mlir::Location cotangentLocation(mlir::Location emitted, mlir::Value value);
/// Erases the operations between `after` (null: the block's front) and `before` (the end) that nothing uses; `kept` stay.
void eraseDead(mlir::Block *block, mlir::Operation *after, mlir::Block::iterator before, mlir::ArrayRef<mlir::Value> kept = {});

/// A new result of a cond: what each side yields for it.
struct CondResult {
  mlir::Value onThen, onElse; // null: zeros
};
/// The operation with more results at the end; the old one is erased by the caller, which replaces its results.
CondOp withResults(mlir::OpBuilder &builder, CondOp op, mlir::ArrayRef<CondResult> added);
/// The loop with more carried values (`yielded` is filled by `next`, given the argument) and collected values.
LoopOp withResults(mlir::OpBuilder &builder, LoopOp op, mlir::ArrayRef<mlir::Value> collected);
/// The loop with a carried count of the passes that ran, as its last carried result.
LoopOp withTripCount(mlir::OpBuilder &builder, LoopOp op);

/// Values of the region `inside` that operations in `block` use, in order of use.
llvm::SetVector<mlir::Value> usedFrom(mlir::Region &inside, mlir::Block &block);
/// Replaces the uses of `value` inside `block` (nested ones included).
void replaceWithin(mlir::Block &block, mlir::Value value, mlir::Value by);
/// Where the operation behind `value` costs nothing (a constant, an index, a repetition or another shape of something): a copy of it
/// at the front of `block`, whose operands the caller must look at again. Else null.
mlir::Value rematerialized(mlir::OpBuilder &builder, mlir::Value value, mlir::Block &block);
/// Moves what computes `value` out of the loop where it is the same in every pass; whether it was.
bool hoisted(LoopOp loop, mlir::Value value);

} // namespace dlc::ir::vjp

#endif
