// Element-wise functions as arithmetic: the table of functions, integers, and the transcendental functions of f32.
#include "codegen/common/ScalarMath.h"

#include "codegen/common/Num.h"

#include "llvm/ADT/bit.h"

#include <cmath>
#include <limits>
#include <numbers>

using namespace mlir;

namespace dlc::codegen {

using arith::CmpFPredicate;
using arith::CmpIPredicate;

static bool isFloat(Value x) { return isa<FloatType>(scalarOf(x.getType())); }

Value ScalarMath::multiplyAdd(Value a, Value c, Value d) { return math::FmaOp::create(loops.builder(), a, c, d); }

Value ScalarMath::select(Value condition, Value a, Value c) { return arith::SelectOp::create(loops.builder(), condition, a, c); }

Value ScalarMath::compare(ir::CompareFn fn, Value a, Value c, bool isUnsigned) {
  auto &b = loops.builder();
  if (isFloat(a)) {
    CmpFPredicate predicates[] = {CmpFPredicate::OEQ, CmpFPredicate::UNE, CmpFPredicate::OLT,
                                  CmpFPredicate::OLE, CmpFPredicate::OGT, CmpFPredicate::OGE};
    return arith::CmpFOp::create(b, predicates[static_cast<int>(fn)], a, c);
  }
  CmpIPredicate isSigned[] = {CmpIPredicate::eq, CmpIPredicate::ne, CmpIPredicate::slt, CmpIPredicate::sle, CmpIPredicate::sgt, CmpIPredicate::sge};
  CmpIPredicate isNot[] = {CmpIPredicate::eq, CmpIPredicate::ne, CmpIPredicate::ult, CmpIPredicate::ule, CmpIPredicate::ugt, CmpIPredicate::uge};
  return arith::CmpIOp::create(b, (isUnsigned ? isNot : isSigned)[static_cast<int>(fn)], a, c);
}

Value ScalarMath::unary(ir::UnaryFn fn, Value x, bool isUnsigned) {
  using ir::UnaryFn;
  auto &b = loops.builder();
  Type type = x.getType();
  if (fn == UnaryFn::not_)
    return arith::XOrIOp::create(b, x, loops.integer(type, 1));
  if (!isFloat(x)) {
    Value zero = loops.integer(type, 0), one = loops.integer(type, 1);
    switch (fn) {
    case UnaryFn::neg:
      return arith::SubIOp::create(b, zero, x);
    case UnaryFn::abs:
      return isUnsigned ? x : select(compare(ir::CompareFn::lt, x, zero), arith::SubIOp::create(b, zero, x), x);
    case UnaryFn::sign: {
      Value positive = select(compare(ir::CompareFn::gt, x, zero, isUnsigned), one, zero);
      return isUnsigned ? positive : select(compare(ir::CompareFn::lt, x, zero), loops.integer(type, -1), positive);
    }
    case UnaryFn::square:
      return arith::MulIOp::create(b, x, x);
    case UnaryFn::relu:
      return isUnsigned ? x : select(compare(ir::CompareFn::lt, x, zero), zero, x);
    default:
      return x; // floor and its like: an integer is one
    }
  }
  Num n(loops, x);
  switch (fn) {
  case UnaryFn::neg:
    return -n;
  case UnaryFn::abs:
    return n.abs();
  case UnaryFn::sign:
    return Num::select(n > 0, n.c(1), Num::select(n < 0, n.c(-1), n.c(0)));
  case UnaryFn::exp:
    return exp(x);
  case UnaryFn::expm1:
    return expm1(x);
  case UnaryFn::log:
    return log(x);
  case UnaryFn::log1p:
    return log1p(x);
  case UnaryFn::sqrt:
    return n.sqrt();
  case UnaryFn::rsqrt:
    return 1 / n.sqrt();
  case UnaryFn::sin:
    return sin(x);
  case UnaryFn::cos:
    return cos(x);
  case UnaryFn::tan:
    return tan(x);
  case UnaryFn::tanh:
    return tanh(x);
  case UnaryFn::sigmoid:
    return 1 / (Num(loops, exp(-n)) + 1);
  case UnaryFn::erf:
    return erf(x);
  case UnaryFn::floor:
    return math::FloorOp::create(b, x);
  case UnaryFn::ceil:
    return math::CeilOp::create(b, x);
  case UnaryFn::round:
    return math::RoundEvenOp::create(b, x);
  case UnaryFn::relu:
    return Num::select(n < 0, n.c(0), n);
  case UnaryFn::square:
    return n * n;
  case UnaryFn::reciprocal:
    return 1 / n;
  case UnaryFn::round_bf16:
    return roundTo(ir::Precision::bf16, x);
  case UnaryFn::round_tf32:
    return roundTo(ir::Precision::tf32, x);
  case UnaryFn::not_:
    break;
  }
  return x;
}

Value ScalarMath::roundTo(ir::Precision precision, Value x) {
  if (precision == ir::Precision::f32)
    return x;
  auto &b = loops.builder();
  Num n(loops, x);
  const bool isWide = n.width() == 64;
  const int64_t sign = isWide ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int32_t>::min();
  const int64_t infinity =
      isWide ? llvm::bit_cast<int64_t>(std::numeric_limits<double>::infinity()) : llvm::bit_cast<int32_t>(std::numeric_limits<float>::infinity());
  auto bitsOf = [&](double number) { return isWide ? llvm::bit_cast<int64_t>(number) : llvm::bit_cast<int32_t>(static_cast<float>(number)); };
  const int64_t dropped = (isWide ? 52 : 23) - (precision == ir::Precision::bf16 ? 7 : 10), half = int64_t{1} << (dropped - 1);
  Value bits = n.bits(), signBit = arith::AndIOp::create(b, bits, n.integer(sign));
  Value magnitude = arith::XOrIOp::create(b, bits, signBit);
  // Half a unit less one, and one where the last bit that stays is odd: a carry goes up to the exponent, where infinity follows the greatest number.
  Value last = arith::AndIOp::create(b, arith::ShRUIOp::create(b, magnitude, n.integer(dropped)), n.integer(1));
  Value rounded = arith::AddIOp::create(b, arith::AddIOp::create(b, magnitude, n.integer(half - 1)), last);
  rounded = arith::AndIOp::create(b, rounded, n.integer(-2 * half));
  if (isWide) // the formats have the exponents of f32
    rounded = select(arith::CmpIOp::create(b, CmpIPredicate::sge, rounded, n.integer(bitsOf(0x1p128))), n.integer(infinity), rounded);
  rounded = select(arith::CmpIOp::create(b, CmpIPredicate::slt, magnitude, n.integer(bitsOf(0x1p-126))), n.integer(0), rounded);
  rounded = select(arith::CmpIOp::create(b, CmpIPredicate::sgt, magnitude, n.integer(infinity)), magnitude, rounded); // NaN
  return n.fromBits(arith::OrIOp::create(b, rounded, signBit));
}

Value ScalarMath::integerDivision(Value a, Value c, bool isUnsigned, bool remainder) {
  // Division by zero gives 0; the quotient that does not fit wraps. The processor would trap on both.
  auto &b = loops.builder();
  Type type = a.getType();
  Value zero = loops.integer(type, 0), one = loops.integer(type, 1);
  Value byZero = compare(ir::CompareFn::eq, c, zero);
  if (isUnsigned) {
    Value safe = select(byZero, one, c);
    Value result = remainder ? arith::RemUIOp::create(b, a, safe).getResult() : arith::DivUIOp::create(b, a, safe).getResult();
    return select(byZero, zero, result);
  }
  Value byMinusOne = compare(ir::CompareFn::eq, c, loops.integer(type, -1));
  Value safe = select(arith::OrIOp::create(b, byZero, byMinusOne), one, c);
  Value quotient = arith::DivSIOp::create(b, a, safe);
  Value rest = arith::SubIOp::create(b, a, arith::MulIOp::create(b, quotient, safe));
  // Rounded down: a remainder of the other sign than the divisor moves the quotient by one.
  Value signsDiffer = compare(ir::CompareFn::lt, arith::XOrIOp::create(b, rest, safe), zero);
  Value adjust = arith::AndIOp::create(b, compare(ir::CompareFn::ne, rest, zero), signsDiffer);
  if (remainder) {
    Value result = select(adjust, arith::AddIOp::create(b, rest, safe), rest);
    return select(arith::OrIOp::create(b, byZero, byMinusOne), zero, result);
  }
  Value result = select(adjust, arith::SubIOp::create(b, quotient, one), quotient);
  result = select(byMinusOne, arith::SubIOp::create(b, zero, a), result);
  return select(byZero, zero, result);
}

Value ScalarMath::binary(ir::BinaryFn fn, Value a, Value c, bool isUnsigned) {
  using ir::BinaryFn;
  auto &b = loops.builder();
  bool floats = isFloat(a);
  switch (fn) {
  case BinaryFn::add:
    return floats ? arith::AddFOp::create(b, a, c).getResult() : arith::AddIOp::create(b, a, c).getResult();
  case BinaryFn::sub:
    return floats ? arith::SubFOp::create(b, a, c).getResult() : arith::SubIOp::create(b, a, c).getResult();
  case BinaryFn::mul:
    return floats ? arith::MulFOp::create(b, a, c).getResult() : arith::MulIOp::create(b, a, c).getResult();
  case BinaryFn::div:
    return arith::DivFOp::create(b, a, c);
  case BinaryFn::floordiv:
    if (!floats)
      return integerDivision(a, c, isUnsigned, false);
    return math::FloorOp::create(b, arith::DivFOp::create(b, a, c));
  case BinaryFn::mod: {
    if (!floats)
      return integerDivision(a, c, isUnsigned, true);
    // The remainder of truncation, moved to the divisor's sign.
    Num rest(loops, arith::RemFOp::create(b, a, c)), divisor(loops, c);
    Value differ = arith::AndIOp::create(b, rest.is(CmpFPredicate::UNE, rest.c(0)),
                                         arith::XOrIOp::create(b, rest < 0, divisor < 0));
    return Num::select(differ, rest + divisor, rest);
  }
  case BinaryFn::pow:
    return pow(a, c);
  case BinaryFn::atan2:
    return atan2(a, c);
  case BinaryFn::max:
  case BinaryFn::min: {
    if (!floats)
      return select(compare(fn == BinaryFn::max ? ir::CompareFn::lt : ir::CompareFn::gt, a, c, isUnsigned), c, a);
    auto nsz = arith::FastMathFlags::nsz; // which of two zeros is the greater does not matter
    auto attr = arith::FastMathFlagsAttr::get(loops.context(), nsz);
    if (fn == BinaryFn::max)
      return arith::MaximumFOp::create(b, a, c, attr);
    return arith::MinimumFOp::create(b, a, c, attr);
  }
  case BinaryFn::and_:
    return arith::AndIOp::create(b, a, c);
  case BinaryFn::or_:
    return arith::OrIOp::create(b, a, c);
  }
  return a;
}

Value ScalarMath::fold(ir::ReduceFn fn, Value a, Value c, bool isUnsigned) {
  switch (fn) {
  case ir::ReduceFn::sum:
    return binary(ir::BinaryFn::add, a, c, isUnsigned);
  case ir::ReduceFn::prod:
    return binary(ir::BinaryFn::mul, a, c, isUnsigned);
  case ir::ReduceFn::max:
    return binary(ir::BinaryFn::max, a, c, isUnsigned);
  case ir::ReduceFn::min:
    return binary(ir::BinaryFn::min, a, c, isUnsigned);
  case ir::ReduceFn::and_:
    return binary(ir::BinaryFn::and_, a, c, isUnsigned);
  case ir::ReduceFn::or_:
    return binary(ir::BinaryFn::or_, a, c, isUnsigned);
  }
  return a;
}

Value ScalarMath::neutral(ir::ReduceFn fn, Type type, bool isUnsigned) {
  bool floats = isa<FloatType>(scalarOf(type));
  unsigned width = scalarOf(type).getIntOrFloatBitWidth();
  auto extreme = [&](bool greatest) {
    if (floats)
      return loops.number(type, greatest ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity());
    if (isUnsigned)
      return loops.integer(type, greatest ? -1 : 0);
    int64_t least = width == 64 ? std::numeric_limits<int64_t>::min() : -(int64_t{1} << (width - 1));
    return loops.integer(type, greatest ? ~least : least);
  };
  switch (fn) {
  case ir::ReduceFn::sum:
    return loops.number(type, 0);
  case ir::ReduceFn::prod:
    return loops.number(type, 1);
  case ir::ReduceFn::max:
    return extreme(false);
  case ir::ReduceFn::min:
    return extreme(true);
  case ir::ReduceFn::and_:
    return loops.integer(type, 1);
  case ir::ReduceFn::or_:
    return loops.integer(type, 0);
  }
  return {};
}

Value ScalarMath::cast(Value x, bool fromUnsigned, Type to, bool toUnsigned) {
  auto &b = loops.builder();
  Type type = likeShape(to, x.getType()), from = scalarOf(x.getType());
  if (isa<FloatType>(from)) {
    if (to.isInteger(1))
      return Num(loops, x).is(CmpFPredicate::UNE, Num(loops, x).c(0));
    if (isa<FloatType>(to)) {
      if (from == to)
        return x;
      if (from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth())
        return arith::ExtFOp::create(b, type, x);
      return arith::TruncFOp::create(b, type, x);
    }
    // Saturation by comparisons that are exact: 2^(w-1) and 2^w are floats. A value in between converts without loss of range.
    unsigned width = to.getIntOrFloatBitWidth();
    double high = std::ldexp(1.0, toUnsigned ? width : width - 1), low = toUnsigned ? 0 : -high;
    Num n(loops, x);
    Value tooHigh = n.is(CmpFPredicate::OGE, n.c(high)), tooLow = n.is(CmpFPredicate::OLE, n.c(low)), nan = n.isNan();
    Num safe = Num::select(arith::OrIOp::create(b, arith::OrIOp::create(b, tooHigh, tooLow), nan), n.c(0), n);
    // Narrow integers go through i32, which every processor converts to in vectors.
    Type wide = likeShape(width < 32 ? b.getI32Type() : to, x.getType());
    Value integer = arith::FPToSIOp::create(b, wide, safe);
    if (width < 32)
      integer = arith::TruncIOp::create(b, type, integer);
    int64_t least = toUnsigned ? 0 : width == 64 ? std::numeric_limits<int64_t>::min() : -(int64_t{1} << (width - 1));
    int64_t greatest = toUnsigned ? -1 : ~least;
    return select(tooHigh, loops.integer(type, greatest), select(tooLow, loops.integer(type, least), integer));
  }
  if (to.isInteger(1))
    return from.isInteger(1) ? x : compare(ir::CompareFn::ne, x, loops.integer(x.getType(), 0));
  bool zeroExtend = fromUnsigned || from.isInteger(1);
  if (isa<FloatType>(to)) {
    if (from.getIntOrFloatBitWidth() < 32) { // by way of i32
      Type wide = likeShape(b.getI32Type(), x.getType());
      x = zeroExtend ? arith::ExtUIOp::create(b, wide, x).getResult() : arith::ExtSIOp::create(b, wide, x).getResult();
    }
    return arith::SIToFPOp::create(b, type, x);
  }
  unsigned a = from.getIntOrFloatBitWidth(), c = to.getIntOrFloatBitWidth();
  if (a == c)
    return x;
  if (a > c)
    return arith::TruncIOp::create(b, type, x);
  return zeroExtend ? arith::ExtUIOp::create(b, type, x).getResult() : arith::ExtSIOp::create(b, type, x).getResult();
}

} // namespace dlc::codegen
