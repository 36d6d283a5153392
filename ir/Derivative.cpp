#include "ir/Derivative.h"

#include "ir/vjp/Emit.h"
#include "ir/vjp/Reverse.h"

using namespace mlir;
using namespace dlc::ir::vjp;

namespace dlc::ir {
namespace {

/// One `dl.gradient`, to be replaced by what computes it.
class Expansion {
public:
  Expansion(GradientOp gradient, int64_t &nextCheckpoint)
      : gradient(gradient), activity(gradient.getBy()), nextCheckpoint(nextCheckpoint) {}

  LogicalResult run() {
    listOperations();
    if (failed(checkArguments()))
      return failure();
    for (Operation *op : operations)
      activity.forward(op);

    OpBuilder builder(gradient);
    Block *block = gradient->getBlock();
    Location loc = gradientLocation(gradient.getLoc());
    // Behind this stands what is added; the operation in front of it may be replaced by a wider loop.
    auto mark = UnrealizedConversionCastOp::create(builder, loc, TypeRange(), ValueRange());
    Cotangents cotangents;
    if (activity.isActive(gradient.getOf())) {
      cotangents.set(gradient.getOf(), full(builder, cotangentLocation(loc, gradient.getOf()), gradient.getOf().getType(), 1));
      if (failed(Reverse(builder, activity, gradient, nextCheckpoint).run(operations, cotangents))) {
        mark.erase();
        return failure();
      }
    }
    SmallVector<Value> results;
    for (Value by : gradient.getBy()) {
      Value cotangent = cotangents.lookup(by);
      results.push_back(cotangent ? cotangent : zeros(builder, cotangentLocation(loc, by), by.getType()));
    }
    joinCheckpoints(std::next(mark->getIterator()));
    mark.erase();
    gradient->replaceAllUsesWith(results);
    Block::iterator end = std::next(gradient->getIterator());
    gradient.erase();
    eraseDead(block, nullptr, end, results);
    return success();
  }

private:
  /// Everything in front of the gradient, in its block and those around it, outermost first: all that can lie on a path.
  void listOperations() {
    SmallVector<Operation *> ancestors;
    for (Operation *op = gradient; !isa<FuncOp>(op); op = op->getParentOp())
      ancestors.push_back(op);
    for (Operation *ancestor : llvm::reverse(ancestors))
      for (Operation &op : llvm::make_range(ancestor->getBlock()->begin(), ancestor->getIterator()))
        operations.push_back(&op);
    outermost = ancestors.back();
  }

  /// Refuses a path through an argument of a region around the gradient: what earlier passes computed from the variables would
  /// be lost silently.
  LogicalResult checkArguments() {
    if (outermost == gradient)
      return success();
    // All versions of the variables: what the whole body makes of them, and hands on to its next pass.
    Activity versions(gradient.getBy());
    for (Operation *op : operations)
      if (op->getBlock() == outermost->getBlock())
        versions.forward(op);
    versions.forward(outermost);
    auto reached = reachedBackward(gradient.getOf(), [&](Value value) { return !versions.isVariable(value); });
    for (Value value : reached) {
      auto argument = dyn_cast<BlockArgument>(value);
      if (!argument || versions.isVariable(value) || !versions.isActive(value) || isa<FuncOp>(argument.getOwner()->getParentOp()))
        continue;
      InFlightDiagnostic error = gradient.emitError("the derivative leads through argument ")
                                 << argument.getArgNumber() << " of a region around it, whose value was computed from what it is taken by";
      error.attachNote(argument.getLoc()) << "take the derivative outside of the loop, or cut the path by `dl.stop_gradient` here";
      return error;
    }
    return success();
  }

  /// What was emitted from `first` on stands in the checkpoints of the gradient.
  void joinCheckpoints(Block::iterator first) {
    ArrayRef<int64_t> around = checkpointPath(gradient);
    if (around.empty())
      return;
    for (Operation &op : llvm::make_range(first, gradient->getIterator())) {
      SmallVector<int64_t> path(around);
      llvm::append_range(path, checkpointPath(&op));
      setCheckpointPath(&op, path);
    }
  }

  GradientOp gradient;
  Activity activity;
  int64_t &nextCheckpoint;
  SmallVector<Operation *> operations;
  Operation *outermost = nullptr; // the gradient, or what holds it in the function's block
};

} // namespace

LogicalResult expandGradients(FuncOp func) {
  // In program order, and those of a region before the operation around it.
  SmallVector<GradientOp> gradients;
  func.walk([&](GradientOp gradient) { gradients.push_back(gradient); });
  // One that nothing uses goes first, so that it need not be expanded; it may be the only use of an earlier one.
  for (GradientOp &gradient : llvm::reverse(gradients))
    if (gradient.use_empty()) {
      gradient.erase();
      gradient = {};
    }
  int64_t nextCheckpoint = 0;
  func.walk([&](Operation *op) {
    for (int64_t number : checkpointPath(op))
      nextCheckpoint = std::max(nextCheckpoint, number + 1);
  });
  for (GradientOp gradient : gradients)
    if (gradient && failed(Expansion(gradient, nextCheckpoint).run()))
      return failure();
  func.walk([](Operation *op) {
    setCheckpointPath(op, {});
    if (isa<VariableOp, StopGradientOp>(op)) {
      op->getResult(0).replaceAllUsesWith(op->getOperand(0));
      op->erase();
    }
  });
  return success();
}

} // namespace dlc::ir
