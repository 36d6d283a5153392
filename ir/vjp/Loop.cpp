#include "ir/Names.h"
#include "ir/vjp/Emit.h"
#include "ir/vjp/Reverse.h"

using namespace mlir;

namespace dlc::ir::vjp {

/// The derivative of a loop: a loop over the same passes in the opposite order. It walks the cotangents of what was collected, carries the
/// cotangents of what was carried and the sums of those of what was captured, and collects the cotangents of what was walked.
class LoopReverse {
public:
  LoopReverse(Reverse &reverse, LoopOp op, Cotangents &outer)
      : reverse(reverse), builder(reverse.builder), op(op), outer(outer), loc(gradientLocation(op.getLoc())) {}

  LogicalResult run() {
    for (Value result : op.getResults())
      arriving.push_back(reverse.cotangentOf(result, outer));
    if (op.getReverse() && op.getExit())
      turnForward();
    findUsefulCarries();
    {
      OpBuilder::InsertionGuard guard(builder);
      makeArguments();
      if (failed(reverseBody()))
        return failure();
      yieldCotangents();
    }
    addResiduals();
    makeLoop();
    return success();
  }

private:
  /// A value that the backward loop carries: the argument, its start, and what takes the last one.
  struct Carry {
    BlockArgument argument;
    Value init, target;
  };
  /// A tensor that it walks; `tensor` may be found later.
  struct Walk {
    BlockArgument argument;
    Value tensor;
  };

  Block &forwardBlock() { return op.getBody().front(); }
  Block &block() { return derivative.front(); }

  /// The places of a tensor in the order of the passes of a reversed loop. With a count the first pass has index count - 1, and places
  /// that no pass has become 0; then, as without, turning twice gives back what the loop walked or collected.
  Value turned(Value value) {
    Location at = op.getLoc();
    if (!op.getCount())
      return ReverseOp::create(builder, at, value.getType(), value, ArrayRef<int64_t>{0});
    Type places = tensorType({op.getBoundSize()}, builder.getI64Type());
    Value count = BroadcastOp::create(builder, at, places, op.getCount(), ArrayRef<int64_t>{});
    Value passes = IotaOp::create(builder, at, places, 0, Value());
    Value order = Expr(builder, at, count) - 1 - Expr(builder, at, passes);
    return GatherOp::create(builder, at, value, order, 0, 0);
  }

  /// A reversed loop with an exit ends at an index that is not 0, where a loop over a count cannot begin. So it becomes one that runs
  /// forward over turned tensors, which computes the same.
  void turnForward() {
    OpBuilder::InsertionGuard guard(builder);
    for (Value &cotangent : llvm::drop_begin(arriving, op.getInits().size()))
      if (cotangent)
        cotangent = turned(cotangent);
    builder.setInsertionPoint(op);
    SmallVector<Value> walked;
    for (Value tensor : op.getWalked()) {
      walked.push_back(turned(tensor));
      turnedWalks.push_back(reverse.activity.isActive(tensor) ? tensor : Value());
    }
    op.getWalkedMutable().assign(walked);
    op.setReverse(false);
    builder.setInsertionPointAfter(op);
    for (Value result : op.getCollectedResults()) {
      SmallVector<OpOperand *> uses;
      for (OpOperand &use : result.getUses())
        uses.push_back(&use);
      Value back = turned(result);
      reverse.activity.replace(result, back);
      for (OpOperand *use : uses)
        use->set(back);
    }
    builder.setInsertionPointToStart(&forwardBlock());
    Value number = op.getCount();
    if (!number)
      number = SizeOp::create(builder, op.getLoc(), op.getIndex().getType(), op.getBound());
    Expr passes(builder, op.getLoc(), number), one = passes - 1;
    BlockArgument index = op.getIndex();
    Value place = one - passes.with(index);
    index.replaceAllUsesExcept(place, place.getDefiningOp());
  }

  bool isActive(Value value) const { return reverse.activity.isActive(value); }

  /// A carried value whose cotangent can be other than zero: its last value counts, or a pass makes from it something that does.
  void findUsefulCarries() {
    size_t carries = op.getInits().size();
    useful.assign(carries, false);
    for (size_t k = 0; k < carries; ++k)
      useful[k] = isActive(op.getCarriedArguments()[k]) && arriving[k];
    for (bool changed = true; changed;) {
      changed = false;
      SmallVector<Value> seeds;
      for (size_t k = 0; k < carries; ++k)
        if (useful[k])
          seeds.push_back(op.getYieldedCarries()[k]);
      for (auto [yielded, cotangent] : llvm::zip_equal(op.getYieldedCollected(), llvm::drop_begin(arriving, carries)))
        if (cotangent)
          seeds.push_back(yielded);
      auto reached = reachedBackward(seeds, [&](Value value) { return isActive(value); });
      for (size_t k = 0; k < carries; ++k) {
        BlockArgument argument = op.getCarriedArguments()[k];
        if (!useful[k] && isActive(argument) && reached.contains(argument))
          useful[k] = changed = true;
      }
    }
  }

  BlockArgument walk(Value tensor, Type type, Location at) {
    BlockArgument argument = block().insertArgument(1 + walks.size(), type, at);
    walks.push_back({argument, tensor});
    return argument;
  }

  void carry(Value init, Value target) {
    carries.push_back({block().addArgument(target.getType(), cotangentLocation(loc, target)), init, target});
  }

  void makeArguments() {
    Block *body = builder.createBlock(&derivative);
    index = body->addArgument(op.getIndex().getType(), op.getIndex().getLoc());
    for (auto [k, argument] : llvm::enumerate(op.getCarriedArguments()))
      if (useful[k])
        carry(arriving[k], argument);
    for (auto [yielded, cotangent] :
         llvm::zip_equal(op.getYieldedCollected(), llvm::drop_begin(arriving, op.getInits().size())))
      if (cotangent)
        reverse.add(inner, yielded, walk(cotangent, yielded.getType(), cotangentLocation(loc, yielded)));
  }

  LogicalResult reverseBody() {
    size_t next = 0;
    for (auto [k, yielded] : llvm::enumerate(op.getYieldedCarries()))
      if (useful[k])
        reverse.add(inner, yielded, carries[next++].argument);
    SmallVector<Operation *> operations;
    for (Operation &operation : forwardBlock().without_terminator())
      operations.push_back(&operation);
    return reverse.run(operations, inner);
  }

  Value orZeros(Value value, Type type) { return value ? value : zeros(builder, loc, type); }

  void yieldCotangents() {
    SmallVector<Value> yielded;
    for (Carry &carried : carries)
      yielded.push_back(orZeros(inner.lookup(carried.target), carried.target.getType()));
    // The argument of a carry stands for the value inside; outside it is the initial one.
    size_t next = 0;
    for (auto [k, init] : llvm::enumerate(op.getInits()))
      if (useful[k])
        carries[next++].target = init;
    for (Value captured : capturedValues(op))
      if (Value cotangent = inner.lookup(captured)) {
        carry(Value(), captured);
        yielded.push_back(BinaryOp::create(builder, cotangentLocation(loc, captured), captured.getType(), BinaryFn::add,
                                           carries.back().argument, cotangent));
      }
    for (auto [k, argument] : llvm::enumerate(op.getWalkedArguments()))
      if (Value cotangent = inner.lookup(argument)) {
        collected.push_back(k);
        yielded.push_back(cotangent);
      }
    YieldOp::create(builder, loc, yielded);
    eraseDead(&block(), nullptr, block().end());
  }

  /// Finds for each value of a forward pass that the backward pass uses where it comes from.
  void addResiduals() {
    SmallVector<Value> stacks;
    SmallVector<std::pair<size_t, size_t>> late; // which walk is of which result
    for (auto used = usedFrom(op.getBody(), block()); !used.empty(); used = usedFrom(op.getBody(), block()))
      for (Value value : used) {
        if (value == op.getIndex()) {
          replaceWithin(block(), value, index);
        } else if (auto position = llvm::find(op.getWalkedArguments(), value); position != op.getWalkedArguments().end()) {
          Value tensor = op.getWalked()[position - op.getWalkedArguments().begin()];
          replaceWithin(block(), value, walk(tensor, value.getType(), value.getLoc()));
        } else if (hoisted(op, value)) {
          continue; // it dominates the backward loop now
        } else if (Value copy = rematerialized(builder, value, block())) {
          replaceWithin(block(), value, copy);
        } else {
          late.push_back({walks.size(), resultFor(value, stacks)});
          replaceWithin(block(), value, walk(Value(), value.getType(), value.getLoc()));
        }
      }
    if (op.getExit())
      replaceForward(withTripCount(builder, op), op.getInits().size(), 1);
    size_t shift = op.getExit() ? 1 : 0;
    if (!stacks.empty())
      replaceForward(withResults(builder, op, stacks), op.getNumResults(), 0);
    for (auto [walkIndex, result] : late)
      walks[walkIndex].tensor = op.getResult(result + shift);
  }

  /// The forward result in which `value` of each pass stands, among those there are and `stacks` behind them.
  size_t resultFor(Value value, SmallVectorImpl<Value> &stacks) {
    size_t first = op.getInits().size();
    for (auto [k, yielded] : llvm::enumerate(op.getYieldedCollected()))
      if (yielded == value)
        return first + k;
    stacks.push_back(value);
    return op.getNumResults() + stacks.size() - 1;
  }

  /// Puts the wider loop in place; `added` results came in before result `at`.
  void replaceForward(LoopOp wider, size_t at, size_t added) {
    for (auto [k, old] : llvm::enumerate(op.getResults()))
      reverse.replace(old, wider.getResult(k < at ? k : k + added));
    op.erase();
    op = wider;
  }

  void makeLoop() {
    SmallVector<Value> tensors, inits;
    SmallVector<Type> types;
    for (Walk &walked : walks)
      tensors.push_back(walked.tensor);
    for (Carry &carried : carries) {
      inits.push_back(orZeros(carried.init, carried.target.getType()));
      types.push_back(carried.target.getType());
    }
    for (size_t k : collected)
      types.push_back(op.getWalked()[k].getType());
    Value count = op.getExit() ? op.getResult(op.getInits().size() - 1) : op.getCount();
    auto loop = LoopOp::create(builder, loc, types, op.getBound(), !op.getReverse(), /*exit=*/false, count, tensors, inits,
                               DenseI64ArrayAttr(), DenseI64ArrayAttr());
    loop.getBody().takeBody(derivative);
    for (auto [carried, result] : llvm::zip(carries, loop.getResults()))
      reverse.add(outer, carried.target, result);
    for (auto [k, result] : llvm::zip_equal(collected, loop.getCollectedResults())) {
      if (turnedWalks.empty()) {
        reverse.add(outer, op.getWalked()[k], result);
        continue;
      }
      reverse.add(outer, turnedWalks[k], turned(result));
    }
  }

  Reverse &reverse;
  OpBuilder &builder;
  LoopOp op;
  Cotangents &outer;
  Location loc;
  Region derivative;
  Cotangents inner;
  BlockArgument index;
  SmallVector<Value> arriving;     // cotangents of the results, null where none
  SmallVector<bool> useful;        // by carried value
  SmallVector<Carry> carries;      // of the backward loop
  SmallVector<Walk> walks;         // of the backward loop
  SmallVector<size_t> collected;   // walked tensors of the forward loop whose cotangents it collects
  SmallVector<Value> turnedWalks; // of a reversed loop that was turned: what it walked before
};

LogicalResult Reverse::reverseLoop(LoopOp op, Cotangents &cotangents) { return LoopReverse(*this, op, cotangents).run(); }

} // namespace dlc::ir::vjp
