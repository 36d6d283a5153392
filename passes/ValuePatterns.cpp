#include "passes/SimplifyPatterns.h"
#include "passes/Util.h"

#include <cmath>

namespace dlc::passes {
using namespace mlir;

namespace {

/// The one number of a constant, broadcast or not.
std::optional<double> numberOf(Value value) {
  if (auto broadcast = value.getDefiningOp<ir::BroadcastOp>())
    value = broadcast.getOperand();
  auto constant = value.getDefiningOp<ir::ConstantOp>();
  if (!constant || !isSplatConstant(constant))
    return std::nullopt;
  auto dense = cast<DenseElementsAttr>(constant.getValue());
  if (!isa<FloatType>(dense.getElementType()))
    return std::nullopt;
  return (*dense.value_begin<APFloat>()).convertToDouble();
}

/// pow(x, 2) is square(x): both round the exact square.
struct SmallPower : OpRewritePattern<ir::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::BinaryOp op, PatternRewriter &rewriter) const override {
    if (op.getFn() != ir::BinaryFn::pow || numberOf(op.getRhs()) != 2.0)
      return failure();
    rewriter.replaceOpWithNewOp<ir::UnaryOp>(op, ir::UnaryFn::square, op.getLhs());
    return success();
  }
};

/// x / c with c a power of two is x * (1 / c): both only change the exponent.
struct DivideByPowerOfTwo : OpRewritePattern<ir::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::BinaryOp op, PatternRewriter &rewriter) const override {
    auto number = op.getFn() == ir::BinaryFn::div ? numberOf(op.getRhs()) : std::nullopt;
    if (!number || *number == 0 || !std::isfinite(*number) || *number == 1)
      return failure();
    int exponent;
    // Denormal results are flushed alike, but keep well away from them.
    if (std::fabs(std::frexp(*number, &exponent)) != 0.5 || std::abs(exponent) > 60)
      return failure();
    auto type = ranked(op.getRhs());
    auto inverse = ir::ConstantOp::create(
        rewriter, op.getLoc(), splat(staticTensor({}, type.getElementType()), 1.0 / *number));
    Value factor = inverse;
    if (type.getRank() != 0)
      factor = ir::BroadcastOp::create(rewriter, op.getLoc(), type, inverse, ArrayRef<int64_t>{});
    rewriter.replaceOpWithNewOp<ir::BinaryOp>(op, ir::BinaryFn::mul, op.getLhs(), factor);
    return success();
  }
};

/// A scatter of one element a row into equal elements asks each element whether it is the one: no
/// memory is walked twice, and it joins other kernels.
struct ScatterOfSingles : OpRewritePattern<ir::ScatterOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::ScatterOp op, PatternRewriter &rewriter) const override {
    auto target = op.getOperand().getDefiningOp<ir::BroadcastOp>();
    int64_t axis = op.getAxis();
    if (!target || ranked(target.getOperand()).getRank() != 0 ||
        static_cast<int64_t>(op.getBatch()) != axis || ranked(op.getIndices()).getRank() != axis)
      return failure();
    Location loc = op.getLoc();
    auto type = ranked(op.getResult());
    Type index = rewriter.getI64Type();
    SmallVector<int64_t> before, others;
    for (int64_t i = 0; i < type.getRank(); ++i) {
      if (i < axis)
        before.push_back(i);
      if (i != axis)
        others.push_back(i);
    }
    Value indices = op.getIndices();
    if (ranked(indices).getElementType() != index)
      indices = ir::CastOp::create(rewriter, loc, ir::withElement(ranked(indices), index), indices);
    auto indexType = ir::withElement(type, index);
    Value wanted = ir::BroadcastOp::create(rewriter, loc, indexType, indices, before);
    Value mine = ir::IotaOp::create(rewriter, loc, indexType, axis, Value());
    Value hit = ir::CompareOp::create(rewriter, loc, ir::CompareFn::eq, mine, wanted);
    Value updates = ir::BroadcastOp::create(rewriter, loc, type, op.getUpdates(), others);
    if (op.getFn() == ir::ScatterFn::add)
      updates = ir::BinaryOp::create(rewriter, loc, ir::BinaryFn::add, op.getOperand(), updates);
    rewriter.replaceOpWithNewOp<ir::SelectOp>(op, hit, updates, op.getOperand());
    return success();
  }
};

/// A sum of parts that were padded with zeros to lie side by side is their concatenation. (That -0
/// + 0 is 0 is the one bit that it does not keep.)
struct ConcatOfPads : OpRewritePattern<ir::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  /// The pads whose sum the value is.
  static bool gather(Value value, bool root, SmallVectorImpl<ir::PadOp> &pads) {
    if (auto pad = value.getDefiningOp<ir::PadOp>()) {
      pads.push_back(pad);
      return numberOf(pad.getValue()) == 0.0 && pads.size() <= 64;
    }
    auto sum = value.getDefiningOp<ir::BinaryOp>();
    return sum && sum.getFn() == ir::BinaryFn::add && (root || sum->hasOneUse()) &&
           gather(sum.getLhs(), false, pads) && gather(sum.getRhs(), false, pads);
  }

  LogicalResult matchAndRewrite(ir::BinaryOp op, PatternRewriter &rewriter) const override {
    SmallVector<ir::PadOp> pads;
    if (op.getFn() != ir::BinaryFn::add || !op.getType().hasStaticShape() ||
        !gather(op.getResult(), true, pads))
      return failure();
    ArrayRef<int64_t> whole = op.getType().getShape();
    int64_t axis = -1;
    for (ir::PadOp pad : pads) {
      ArrayRef<int64_t> part = ranked(pad.getOperand()).getShape();
      for (int64_t i = 0; i < static_cast<int64_t>(whole.size()); ++i) {
        if (part[i] == whole[i] && pad.getLow()[i] == 0)
          continue;
        if (pad.getInterior()[i] != 0 || (axis >= 0 && axis != i))
          return failure();
        axis = i;
      }
    }
    if (axis < 0)
      return failure();
    llvm::stable_sort(
        pads, [&](ir::PadOp a, ir::PadOp b) { return a.getLow()[axis] < b.getLow()[axis]; });
    int64_t next = 0;
    SmallVector<Value> parts;
    for (ir::PadOp pad : pads) {
      if (pad.getLow()[axis] != next)
        return failure();
      parts.push_back(pad.getOperand());
      next += ranked(pad.getOperand()).getShape()[axis];
    }
    if (next != whole[axis])
      return failure();
    rewriter.replaceOpWithNewOp<ir::ConcatOp>(op, op.getType(), parts, axis);
    return success();
  }
};

} // namespace

void addValuePatterns(RewritePatternSet &patterns) {
  patterns.add<SmallPower, DivideByPowerOfTwo, ScatterOfSingles, ConcatOfPads>(
      patterns.getContext());
}

} // namespace dlc::passes
