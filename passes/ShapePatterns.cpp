#include "passes/SimplifyPatterns.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;
using ir::SizeExpr;

namespace {

/// The same operation on other operands, all of one shape; the result has that shape and the old
/// element type.
Value rebuild(PatternRewriter &rewriter, Operation *op, ValueRange operands) {
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(operands);
  state.addAttributes(op->getAttrs());
  state.addTypes(ir::tensorType(ir::shapeOf(operands.front().getType()),
                                ranked(op->getResult(0)).getElementType()));
  return rewriter.create(state)->getResult(0);
}

bool isUnit(const SizeExpr &size) { return size.constant() == 1; }

/// Where two shapes are equal but for axes of size 1: for each axis of `from` that is not of size
/// 1, its axis in `to`; -1 for the others.
std::optional<SmallVector<int64_t>> matchUnits(ir::ShapeRef from, ir::ShapeRef to) {
  SmallVector<int64_t> map;
  size_t next = 0;
  for (const SizeExpr &size : from) {
    if (isUnit(size)) {
      map.push_back(-1);
      continue;
    }
    while (next < to.size() && isUnit(to[next]))
      ++next;
    if (next == to.size() || to[next] != size)
      return std::nullopt;
    map.push_back(next++);
  }
  while (next < to.size())
    if (!isUnit(to[next++]))
      return std::nullopt;
  return map;
}

/// The value as a scalar where it is a broadcast of one, or a constant of one value.
Value asScalar(PatternRewriter &rewriter, Value value, bool build) {
  if (auto broadcast = value.getDefiningOp<ir::BroadcastOp>();
      broadcast && ranked(broadcast.getOperand()).getRank() == 0)
    return broadcast.getOperand();
  auto constant = value.getDefiningOp<ir::ConstantOp>();
  if (!constant || !isSplatConstant(constant))
    return {};
  if (!build)
    return value;
  auto dense = cast<DenseElementsAttr>(constant.getValue());
  return ir::ConstantOp::create(
      rewriter, value.getLoc(),
      dense.resizeSplat(staticTensor({}, ranked(value).getElementType())));
}

Value spread(PatternRewriter &rewriter, Value scalar, Type like) {
  auto type = ir::withElement(ranked(like), ranked(scalar).getElementType());
  if (type == scalar.getType())
    return scalar;
  return ir::BroadcastOp::create(rewriter, scalar.getLoc(), type, scalar, ArrayRef<int64_t>{});
}

struct ElementwisePattern : RewritePattern {
  ElementwisePattern(MLIRContext *context, PatternBenefit benefit)
      : RewritePattern(MatchAnyOpTypeTag(), benefit, context) {}
};

/// f(broadcast(a), broadcast(b)) → broadcast(f(a, b)): fewer elements, each computed alike.
struct SinkBroadcast : ElementwisePattern {
  explicit SinkBroadcast(MLIRContext *context) : ElementwisePattern(context, 2) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op))
      return failure();
    ir::BroadcastOp like;
    for (Value operand : op->getOperands()) {
      auto broadcast = operand.getDefiningOp<ir::BroadcastOp>();
      if (broadcast &&
          (!like || ranked(broadcast.getOperand()).getRank() > ranked(like.getOperand()).getRank()))
        like = broadcast;
      else if (!broadcast && !asScalar(rewriter, operand, false))
        return failure();
    }
    if (!like || estimatedCount(like.getType()) <= estimatedCount(like.getOperand().getType()))
      return failure();
    ir::Shape shape = ir::shapeOf(like.getOperand().getType());
    auto fits = [&](Value operand) {
      auto broadcast = operand.getDefiningOp<ir::BroadcastOp>();
      return broadcast && ir::shapeOf(broadcast.getOperand().getType()) == shape &&
             broadcast.getAxes() == like.getAxes();
    };
    for (Value operand : op->getOperands())
      if (!fits(operand) && !asScalar(rewriter, operand, false))
        return failure();
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(fits(operand) ? operand.getDefiningOp()->getOperand(0)
                                       : spread(rewriter, asScalar(rewriter, operand, true),
                                                like.getOperand().getType()));
    Value small = rebuild(rewriter, op, operands);
    rewriter.replaceOpWithNewOp<ir::BroadcastOp>(op, op->getResult(0).getType(), small,
                                                 like.getAxes());
    return success();
  }
};

/// f(reshape(a), reshape(b)) → reshape(f(a, b)) where a and b have one shape: views between kernels
/// cost nothing, inside of one they cost divisions. Beside a reshaped product, all other operands
/// are brought into the product's shape, so that they can follow it in its kernel.
struct SinkReshape : ElementwisePattern {
  explicit SinkReshape(MLIRContext *context) : ElementwisePattern(context, 1) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op))
      return failure();
    ir::ReshapeOp like;
    bool product = false;
    for (Value operand : op->getOperands())
      if (auto reshape = operand.getDefiningOp<ir::ReshapeOp>(); reshape && !product) {
        like = reshape;
        Operation *source = reshape.getOperand().getDefiningOp();
        product = source && isa<ir::DotOp, ir::ConvOp>(source) &&
                  reshape.getOperand().hasOneUse() && reshape->hasOneUse();
      }
    if (!like)
      return failure();
    ir::Shape shape = ir::shapeOf(like.getOperand().getType());
    auto fits = [&](Value operand) {
      auto reshape = operand.getDefiningOp<ir::ReshapeOp>();
      return reshape && ir::shapeOf(reshape.getOperand().getType()) == shape;
    };
    for (Value operand : op->getOperands()) {
      if (fits(operand) || asScalar(rewriter, operand, false))
        continue;
      auto other = operand.getDefiningOp<ir::ReshapeOp>();
      Operation *source = other ? other.getOperand().getDefiningOp() : operand.getDefiningOp();
      if (!product || (source && isa<ir::DotOp, ir::ConvOp, ir::BroadcastOp>(source)))
        return failure();
    }
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      if (fits(operand))
        operands.push_back(operand.getDefiningOp()->getOperand(0));
      else if (Value scalar = asScalar(rewriter, operand, true))
        operands.push_back(spread(rewriter, scalar, like.getOperand().getType()));
      else
        operands.push_back(ir::ReshapeOp::create(
            rewriter, operand.getLoc(), ir::tensorType(shape, ranked(operand).getElementType()),
            operand));
    }
    Value small = rebuild(rewriter, op, operands);
    rewriter.replaceOpWithNewOp<ir::ReshapeOp>(op, op->getResult(0).getType(), small);
    return success();
  }
};

/// broadcast(reshape(x)), where the reshape only adds axes of size 1, is a broadcast of x; a
/// broadcast that repeats nothing is a reshape.
struct BroadcastOfUnits : OpRewritePattern<ir::BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::BroadcastOp op, PatternRewriter &rewriter) const override {
    ir::Shape from = ir::shapeOf(op.getOperand().getType()), to = ir::shapeOf(op.getType());
    if (ir::elementCount(from) == ir::elementCount(to)) {
      rewriter.replaceOpWithNewOp<ir::ReshapeOp>(op, op.getType(), op.getOperand());
      return success();
    }
    // Axes of size 1 that are repeated say nothing: leave them out.
    Value source = op.getOperand();
    if (auto reshape = source.getDefiningOp<ir::ReshapeOp>())
      source = reshape.getOperand();
    ir::Shape inner = ir::shapeOf(source.getType());
    auto map = matchUnits(inner, from);
    if (!map || llvm::none_of(from, isUnit))
      return failure();
    SmallVector<int64_t> axes;
    ir::Shape kept;
    for (auto [i, axis] : llvm::enumerate(*map))
      if (axis >= 0) {
        axes.push_back(op.getAxes()[axis]);
        kept.push_back(inner[i]);
      }
    if (kept.size() != inner.size())
      source = ir::ReshapeOp::create(rewriter, op.getLoc(),
                                     ir::tensorType(kept, ranked(source).getElementType()), source);
    rewriter.replaceOpWithNewOp<ir::BroadcastOp>(op, op.getType(), source, axes);
    return success();
  }
};

/// What moves equal elements leaves them equal: reshape, transpose, slice, reverse of a broadcast
/// scalar.
struct MoveOfScalar : RewritePattern {
  explicit MoveOfScalar(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isa<ir::ReshapeOp, ir::TransposeOp, ir::SliceOp, ir::ReverseOp, ir::BroadcastOp>(op) ||
        ranked(op->getOperand(0)).getRank() == 0)
      return failure();
    Value scalar = asScalar(rewriter, op->getOperand(0), true);
    if (!scalar)
      return failure();
    rewriter.replaceOp(op, spread(rewriter, scalar, op->getResult(0).getType()));
    return success();
  }
};

/// broadcast(iota) counts along the axis where the iota's comes to lie.
struct BroadcastOfIota : OpRewritePattern<ir::BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::BroadcastOp op, PatternRewriter &rewriter) const override {
    auto iota = op.getOperand().getDefiningOp<ir::IotaOp>();
    if (!iota)
      return failure();
    int64_t axis = op.getAxes()[iota.getAxis()];
    // An axis of size 1 that is repeated does not count on.
    if (ir::shapeOf(iota.getType())[iota.getAxis()] != ir::shapeOf(op.getType())[axis])
      return failure();
    rewriter.replaceOpWithNewOp<ir::IotaOp>(op, op.getType(), axis, iota.getOffset());
    return success();
  }
};

/// reduce(reshape(x)), where the reshape only adds or drops axes of size 1.
struct ReduceOfUnits : OpRewritePattern<ir::ReduceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ir::ReduceOp op, PatternRewriter &rewriter) const override {
    auto reshape = op.getOperand().getDefiningOp<ir::ReshapeOp>();
    if (!reshape)
      return failure();
    ir::Shape inner = ir::shapeOf(reshape.getOperand().getType()),
              outer = ir::shapeOf(reshape.getType());
    auto map = matchUnits(inner, outer);
    if (!map)
      return failure();
    SmallVector<int64_t> axes;
    for (auto [i, axis] : llvm::enumerate(*map))
      if (axis >= 0 && llvm::is_contained(op.getAxes(), axis))
        axes.push_back(i);
    if (axes.empty())
      return failure();
    auto reduced =
        ir::ReduceOp::create(rewriter, op.getLoc(), op.getFn(), reshape.getOperand(), axes);
    if (reduced.getType() == op.getType())
      rewriter.replaceOp(op, reduced);
    else
      rewriter.replaceOpWithNewOp<ir::ReshapeOp>(op, op.getType(), reduced);
    return success();
  }
};

} // namespace

void addShapePatterns(RewritePatternSet &patterns) {
  patterns.add<SinkBroadcast, SinkReshape, BroadcastOfUnits, BroadcastOfIota, MoveOfScalar,
               ReduceOfUnits>(patterns.getContext());
}

} // namespace dlc::passes
