#include "ir/vjp/Emit.h"
#include "ir/vjp/Reverse.h"

using namespace mlir;

namespace dlc::ir::vjp {

/// The derivative of a cond: a cond on the same condition that runs the derivative of the side taken. Its results are the
/// cotangents of what the sides take from outside; a side that does not reach one gives zeros.
class CondReverse {
public:
  CondReverse(Reverse &reverse, CondOp op, Cotangents &outer)
      : reverse(reverse), builder(reverse.builder), op(op), outer(outer), loc(gradientLocation(op.getLoc())) {}

  LogicalResult run() {
    {
      OpBuilder::InsertionGuard guard(builder);
      for (Side &side : sides)
        if (failed(reverseSide(side)))
          return failure();
      for (Value captured : capturedValues(op))
        if (sides[0].cotangents.lookup(captured) || sides[1].cotangents.lookup(captured))
          reached.push_back(captured);
      for (Side &side : sides)
        yieldCotangents(side);
    }
    addResiduals();
    auto derivative = CondOp::create(builder, loc, ValueRange(reached).getTypes(), op.getCondition(), DenseI64ArrayAttr(),
                                     DenseI64ArrayAttr());
    derivative.getThenRegion().takeBody(sides[0].derivative);
    derivative.getElseRegion().takeBody(sides[1].derivative);
    for (auto [captured, cotangent] : llvm::zip_equal(reached, derivative.getResults()))
      reverse.add(outer, captured, cotangent);
    return success();
  }

private:
  struct Side {
    bool isThen;
    Region derivative;
    Cotangents cotangents;
  };

  Region &forwardRegion(const Side &side) { return side.isThen ? op.getThenRegion() : op.getElseRegion(); }

  LogicalResult reverseSide(Side &side) {
    builder.createBlock(&side.derivative);
    Block &forward = forwardRegion(side).front();
    for (auto [result, yielded] : llvm::zip_equal(op.getResults(), forward.getTerminator()->getOperands()))
      reverse.add(side.cotangents, yielded, reverse.cotangentOf(result, outer));
    SmallVector<Operation *> operations;
    for (Operation &inner : forward.without_terminator())
      operations.push_back(&inner);
    return reverse.run(operations, side.cotangents);
  }

  void yieldCotangents(Side &side) {
    Block &block = side.derivative.front();
    builder.setInsertionPointToEnd(&block);
    SmallVector<Value> yielded;
    for (Value captured : reached) {
      Value cotangent = side.cotangents.lookup(captured);
      yielded.push_back(cotangent ? cotangent : zeros(builder, loc, captured.getType()));
    }
    YieldOp::create(builder, loc, yielded);
    eraseDead(&block, nullptr, block.end());
  }

  /// Values of a side that its derivative uses become results of the forward cond.
  void addResiduals() {
    SmallVector<CondResult> added;
    struct Use {
      Block *block;
      Value value;
      size_t result;
    };
    SmallVector<Use> uses;
    for (Side &side : sides) {
      Block &block = side.derivative.front();
      Region &forward = forwardRegion(side);
      for (auto used = usedFrom(forward, block); !used.empty(); used = usedFrom(forward, block)) {
        bool again = false;
        for (Value value : used)
          if (Value copy = rematerialized(builder, value, block)) {
            replaceWithin(block, value, copy);
            again = true;
          }
        if (again)
          continue;
        for (Value value : used)
          uses.push_back({&block, value, resultFor(side, forward, value, added)});
        break;
      }
    }
    if (!added.empty()) {
      CondOp wider = withResults(builder, op, added);
      for (auto [old, replacement] : llvm::zip(op.getResults(), wider.getResults()))
        reverse.replace(old, replacement);
      op.erase();
      op = wider;
    }
    for (const Use &use : uses)
      replaceWithin(*use.block, use.value, op.getResult(use.result));
  }

  size_t resultFor(const Side &side, Region &forward, Value value, SmallVectorImpl<CondResult> &added) {
    for (auto [index, yielded] : llvm::enumerate(forward.front().getTerminator()->getOperands()))
      if (yielded == value)
        return index;
    added.push_back(side.isThen ? CondResult{value, Value()} : CondResult{Value(), value});
    return op.getNumResults() + added.size() - 1;
  }

  Reverse &reverse;
  OpBuilder &builder;
  CondOp op;
  Cotangents &outer;
  Location loc;
  Side sides[2] = {{true, {}, {}}, {false, {}, {}}};
  SmallVector<Value> reached;
};

LogicalResult Reverse::reverseCond(CondOp op, Cotangents &cotangents) { return CondReverse(*this, op, cotangents).run(); }

} // namespace dlc::ir::vjp
