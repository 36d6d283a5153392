// Arithmetic work of one execution. A symbolic size counts as 1, so that what is left is the work of one row.
#include "ir/Cost.h"
#include "ir/Verify.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace dlc::ir {

static int64_t times(int64_t a, int64_t b) {
  int64_t product;
  return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static int64_t countOf(Value value) {
  int64_t count = 1;
  for (int64_t size : cast<RankedTensorType>(value.getType()).getShape())
    count = times(count, ShapedType::isDynamic(size) ? 1 : size);
  return count;
}

/// Operations of one element, with polynomials of the usual length for what no machine has an instruction for.
static int64_t costOf(UnaryFn fn) {
  switch (fn) {
  case UnaryFn::neg:
  case UnaryFn::abs:
  case UnaryFn::sign:
  case UnaryFn::floor:
  case UnaryFn::ceil:
  case UnaryFn::round:
  case UnaryFn::relu:
  case UnaryFn::square:
  case UnaryFn::not_:
    return 1;
  case UnaryFn::reciprocal:
  case UnaryFn::sqrt:
    return 4;
  case UnaryFn::rsqrt:
  case UnaryFn::round_bf16:
  case UnaryFn::round_tf32:
    return 8;
  case UnaryFn::exp:
  case UnaryFn::expm1:
  case UnaryFn::sigmoid:
    return 16;
  case UnaryFn::log:
  case UnaryFn::log1p:
  case UnaryFn::sin:
  case UnaryFn::cos:
  case UnaryFn::tanh:
  case UnaryFn::erf:
    return 20;
  case UnaryFn::tan:
    return 40;
  }
  return 1;
}

bool isOneInstruction(UnaryFn fn) { return costOf(fn) == 1; }

static int64_t costOf(BinaryFn fn) {
  switch (fn) {
  case BinaryFn::div:
    return 4;
  case BinaryFn::floordiv:
  case BinaryFn::mod:
    return 8;
  case BinaryFn::pow:
  case BinaryFn::atan2:
    return 40;
  default:
    return 1;
  }
}

int64_t UnaryOp::flops() { return times(countOf(getResult()), costOf(getFn())); }
int64_t BinaryOp::flops() { return times(countOf(getResult()), costOf(getFn())); }
int64_t CompareOp::flops() { return countOf(getResult()); }
int64_t SelectOp::flops() { return countOf(getResult()); }
int64_t CastOp::flops() { return countOf(getResult()); }

// What only moves elements, or makes them without arithmetic on floats.
int64_t ConstantOp::flops() { return 0; }
int64_t SizeOp::flops() { return 0; }
int64_t IotaOp::flops() { return 0; }
int64_t BroadcastOp::flops() { return 0; }
int64_t ReshapeOp::flops() { return 0; }
int64_t TransposeOp::flops() { return 0; }
int64_t SliceOp::flops() { return 0; }
int64_t PadOp::flops() { return 0; }
int64_t ConcatOp::flops() { return 0; }
int64_t ReverseOp::flops() { return 0; }
int64_t DynamicSliceOp::flops() { return 0; }
int64_t DynamicUpdateOp::flops() { return 0; }
int64_t WindowOp::flops() { return 0; }
int64_t GatherOp::flops() { return 0; }
int64_t VariableOp::flops() { return 0; }
int64_t StopGradientOp::flops() { return 0; }
int64_t BarrierOp::flops() { return 0; }

/// Ten rounds of two products and four exclusive ors make four numbers; `normal` adds a logarithm, a root and a sine.
int64_t RandomOp::flops() { return times(countOf(getResult()), getFn() == RandomFn::normal ? 50 : 16); }

int64_t ReduceOp::flops() { return countOf(getOperand()); }
int64_t ArgReduceOp::flops() { return countOf(getOperand()); }
int64_t CumulateOp::flops() { return countOf(getOperand()); }
int64_t OverlapAddOp::flops() { return countOf(getOperand()); }
int64_t ScatterOp::flops() { return getFn() == ScatterFn::add ? countOf(getUpdates()) : 0; }

int64_t SortOp::flops() {
  int64_t length = cast<RankedTensorType>(getOperand().getType()).getDimSize(getAxis());
  return times(countOf(getOperand()), ShapedType::isDynamic(length) ? 1 : llvm::Log2_64_Ceil(std::max<int64_t>(length, 2)));
}

int64_t DotOp::flops() {
  int64_t terms = 1;
  for (int64_t axis : getLhsContract())
    if (int64_t size = cast<RankedTensorType>(getLhs().getType()).getDimSize(axis); !ShapedType::isDynamic(size))
      terms = times(terms, size);
  return times(2, times(countOf(getResult()), terms));
}

int64_t ConvOp::flops() {
  // Each element of y is a sum over the weight's axes but the last; all three kinds do these products.
  Value y = getKind() == ConvKind::forward ? getResult() : getKind() == ConvKind::input ? getLhs() : getRhs();
  auto weight = cast<RankedTensorType>((getKind() == ConvKind::weight ? getResult() : getRhs()).getType());
  int64_t terms = 1;
  for (int64_t size : weight.getShape().drop_back())
    terms = times(terms, ShapedType::isDynamic(size) ? 1 : size);
  return times(2, times(countOf(y), terms));
}

} // namespace dlc::ir
