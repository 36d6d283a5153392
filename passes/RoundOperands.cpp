// Rounds the operands of products of reduced precision by operations of their own, and leaves products of f32: for targets that multiply
// in nothing else. Linear in the operations; a value is rounded once, however many products read it.
#include "passes/Passes.h"
#include "passes/Util.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

namespace dlc::passes {
using namespace mlir;
using ir::Precision;

#define GEN_PASS_DEF_ROUNDOPERANDSPASS
#include "passes/Passes.h.inc"

namespace {

class RoundOperandsPass : public impl::RoundOperandsPassBase<RoundOperandsPass> {
public:
  using RoundOperandsPassBase::RoundOperandsPassBase;

  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    if (native)
      return;
    getOperation().walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op).Case<ir::DotOp, ir::ConvOp>([&](auto product) {
        Precision precision = product.getPrecision();
        if (precision == Precision::f32)
          return;
        for (OpOperand &operand : product->getOpOperands())
          operand.set(rounded(operand.get(), precision, product));
        product.setPrecision(Precision::f32);
      });
    });
    if (!made.empty())
      eraseDead(getOperation()); // transposes of values that are now rounded before them
  }

private:
  /// The value after rounding. What it is moved from is rounded in its place, so that a product still reads through a transpose, and
  /// repeated elements are rounded once.
  Value rounded(Value value, Precision precision, Operation *user) {
    Block *block = blockFor(value, user);
    std::pair key(value, std::pair(block, static_cast<int>(precision)));
    if (Value known = made.lookup(key))
      return known;
    Operation *source = value.getDefiningOp();
    OpBuilder builder(&getContext());
    if (source && source->getBlock() == block)
      builder.setInsertionPointAfter(source);
    else
      builder.setInsertionPointToStart(block);
    Value result;
    if (source && source->getBlock() == block && isa<ir::TransposeOp, ir::ReshapeOp, ir::BroadcastOp, ir::ReverseOp>(source)) {
      Value inner = rounded(source->getOperand(0), precision, source);
      Operation *moved = builder.clone(*source);
      moved->setOperand(0, inner);
      result = moved->getResult(0);
    } else {
      auto fn = precision == Precision::bf16 ? ir::UnaryFn::round_bf16 : ir::UnaryFn::round_tf32;
      result = ir::UnaryOp::create(builder, value.getLoc(), value.getType(), fn, value);
    }
    return made[key] = result;
  }

  /// Where to round: as far out as the value is known, so that a loop does not do it again in each pass, but in the branch that reads it,
  /// which may not be taken.
  static Block *blockFor(Value value, Operation *user) {
    Block *block = user->getBlock();
    while (block != value.getParentBlock() && isa<ir::LoopOp>(block->getParentOp()))
      block = block->getParentOp()->getBlock();
    return block;
  }

  llvm::DenseMap<std::pair<Value, std::pair<Block *, int>>, Value> made;
};

} // namespace
} // namespace dlc::passes
