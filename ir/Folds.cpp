// Folds: what an operation gives without being run. Each keeps the bits of every result, signed zeros and NaNs included.
#include "ir/Verify.h"
#include "ir/eval/Evaluator.h"

using namespace mlir;

namespace dlc::ir {

/// The constant that the evaluator computes, or nothing where an operand is not constant or the result is large.
static OpFoldResult evaluated(Operation *op, ArrayRef<Attribute> operands) {
  if (llvm::is_contained(operands, Attribute()))
    return {};
  SmallVector<OpFoldResult> results;
  if (failed(eval::foldByEvaluation(op, operands, results)) || results.size() != 1)
    return {};
  return results.front();
}

/// The one value that all elements have, as an attribute; null where that is not known. Looks through what only moves elements.
static Attribute splatOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto constant = dyn_cast<ConstantOp>(op)) {
      auto dense = dyn_cast<SplatElementsAttr>(constant.getValue());
      return dense ? dense.getSplatValue<Attribute>() : Attribute();
    }
    if (!isa<BroadcastOp, ReshapeOp, TransposeOp, SliceOp, ReverseOp>(op))
      return {};
    value = op->getOperand(0);
  }
  return {};
}

static bool isFloatSplat(Value value, double number) {
  auto splat = dyn_cast_or_null<FloatAttr>(splatOf(value));
  if (!splat)
    return false;
  APFloat expected(number);
  bool inexact;
  expected.convert(splat.getValue().getSemantics(), APFloat::rmNearestTiesToEven, &inexact);
  return splat.getValue().bitwiseIsEqual(expected);
}

static bool isIntSplat(Value value, int64_t number) {
  auto splat = dyn_cast_or_null<IntegerAttr>(splatOf(value));
  if (!splat)
    return false;
  const APInt &bits = splat.getValue();
  return number == 0 ? bits.isZero() : bits.isOne(); // of i1, too: true is 1
}

//===- Element-wise -------------------------------------------------------===//

OpFoldResult UnaryOp::fold(FoldAdaptor adaptor) {
  if (auto inner = getOperand().getDefiningOp<UnaryOp>(); inner && inner.getFn() == getFn())
    switch (getFn()) {
    case UnaryFn::neg:
    case UnaryFn::not_:
      return inner.getOperand();
    case UnaryFn::abs:
    case UnaryFn::relu:
    case UnaryFn::floor:
    case UnaryFn::ceil:
    case UnaryFn::round:
    case UnaryFn::round_bf16:
    case UnaryFn::round_tf32:
      return inner.getResult();
    default:
      break;
    }
  return evaluated(*this, adaptor.getOperands());
}

/// The operand that passes through unchanged because the other one is neutral, or null.
static Value neutralFold(BinaryOp op) {
  Value a = op.getLhs(), b = op.getRhs();
  bool isInt = !isFloat(elementOf(a));
  // x + 0 is not x where x is -0; x + (-0) and x - 0 are.
  auto is = [&](Value value, double number) { return isInt ? isIntSplat(value, int64_t(number)) : isFloatSplat(value, number); };
  switch (op.getFn()) {
  case BinaryFn::add:
    return is(b, -0.0) ? a : is(a, -0.0) ? b : Value();
  case BinaryFn::sub:
    return is(b, 0.0) ? a : Value();
  case BinaryFn::mul:
    return is(b, 1) ? a : is(a, 1) ? b : Value();
  case BinaryFn::div:
  case BinaryFn::pow:
    return is(b, 1) ? a : Value();
  case BinaryFn::floordiv:
    return isInt && is(b, 1) ? a : Value();
  case BinaryFn::max:
  case BinaryFn::min:
    return a == b ? a : Value();
  case BinaryFn::and_:
    return a == b || isIntSplat(b, 1) ? a : isIntSplat(a, 1) ? b : Value();
  case BinaryFn::or_:
    return a == b || isIntSplat(b, 0) ? a : isIntSplat(a, 0) ? b : Value();
  default:
    return {};
  }
}

OpFoldResult BinaryOp::fold(FoldAdaptor adaptor) {
  if (Value value = neutralFold(*this))
    return value;
  return evaluated(*this, adaptor.getOperands());
}

OpFoldResult CompareOp::fold(FoldAdaptor adaptor) { return evaluated(*this, adaptor.getOperands()); }

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getOnTrue() == getOnFalse())
    return getOnTrue();
  if (isIntSplat(getCondition(), 1))
    return getOnTrue();
  if (isIntSplat(getCondition(), 0))
    return getOnFalse();
  return evaluated(*this, adaptor.getOperands());
}

/// Whether every value of `from` is one of `to`.
static bool widens(Type from, Type to) {
  if (isBool(from))
    return true; // 0 and 1
  auto fromFloat = dyn_cast<FloatType>(from), toFloat = dyn_cast<FloatType>(to);
  if (fromFloat && toFloat)
    return from == to || (toFloat.getFPMantissaWidth() >= fromFloat.getFPMantissaWidth() && toFloat.getWidth() > fromFloat.getWidth());
  if (fromFloat || isBool(to))
    return false;
  // One bit of a signed integer is the sign.
  unsigned digits = from.getIntOrFloatBitWidth() - (from.isUnsignedInteger() ? 0 : 1);
  if (toFloat)
    return toFloat.getFPMantissaWidth() >= digits + 1 && toFloat.getWidth() >= 32;
  if (to.isUnsignedInteger())
    return from.isUnsignedInteger() && digits <= to.getIntOrFloatBitWidth();
  return digits <= to.getIntOrFloatBitWidth() - 1;
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  // There and back.
  if (auto inner = getOperand().getDefiningOp<CastOp>())
    if (inner.getOperand().getType() == getType() && widens(elementOf(getResult()), elementOf(getOperand())))
      return inner.getOperand();
  return evaluated(*this, adaptor.getOperands());
}

//===- Sources ------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult SizeOp::fold(FoldAdaptor) {
  std::optional<int64_t> size = getSize().getSizes().front().constant();
  if (!size)
    return {};
  return DenseElementsAttr::get(cast<ShapedType>(getType()), *size);
}

//===- Movement -----------------------------------------------------------===//

OpFoldResult BroadcastOp::fold(FoldAdaptor) {
  if (getOperand().getType() == getType())
    return getOperand(); // the axes increase and are all there
  // A constant is not folded: it would be as large as the result.
  auto inner = getOperand().getDefiningOp<BroadcastOp>();
  if (!inner)
    return {};
  SmallVector<int64_t> axes = llvm::map_to_vector(inner.getAxes(), [&](int64_t axis) { return getAxes()[axis]; });
  setAxes(axes);
  getOperandMutable().assign(inner.getOperand());
  return getResult();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getType())
    return getOperand();
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(adaptor.getOperand()))
    return dense.reshape(getType());
  auto inner = getOperand().getDefiningOp<ReshapeOp>();
  if (!inner)
    return {};
  getOperandMutable().assign(inner.getOperand());
  return getResult();
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::equal(getPermutation(), llvm::seq<int64_t>(0, getPermutation().size())))
    return getOperand();
  if (auto splat = dyn_cast_or_null<SplatElementsAttr>(adaptor.getOperand()))
    return splat.resizeSplat(getType());
  if (auto inner = getOperand().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> axes = llvm::map_to_vector(getPermutation(), [&](int64_t axis) { return inner.getPermutation()[axis]; });
    setPermutation(axes);
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return evaluated(*this, adaptor.getOperands());
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  auto isZero = [](int64_t start) { return start == 0; };
  if (getOperand().getType() == getType() && llvm::all_of(getStart(), isZero))
    return getOperand(); // of one element, the stride does not matter
  if (auto splat = dyn_cast_or_null<SplatElementsAttr>(adaptor.getOperand()); splat && getType().hasStaticShape())
    return splat.resizeSplat(getType());
  if (auto inner = getOperand().getDefiningOp<SliceOp>()) {
    SmallVector<int64_t> starts, strides;
    for (auto [start, stride, innerStart, innerStride] : llvm::zip(getStart(), getStride(), inner.getStart(), inner.getStride())) {
      int64_t step;
      if (__builtin_mul_overflow(start, innerStride, &starts.emplace_back()) ||
          __builtin_add_overflow(starts.back(), innerStart, &starts.back()) || __builtin_mul_overflow(stride, innerStride, &step))
        return {};
      strides.push_back(step);
    }
    setStart(starts);
    setStride(strides);
    getOperandMutable().assign(inner.getOperand());
    return getResult();
  }
  return evaluated(*this, adaptor.getOperands());
}

//===- Reductions ---------------------------------------------------------===//

OpFoldResult ReduceOp::fold(FoldAdaptor adaptor) {
  // A sum begins with 0, so that of the single -0 is 0.
  bool keepsBits = getFn() != ReduceFn::sum || !isFloat(elementOf(getOperand()));
  if (getAxes().empty() && keepsBits)
    return getOperand();
  return evaluated(*this, adaptor.getOperands());
}

} // namespace dlc::ir
