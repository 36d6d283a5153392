// The transcendental functions of f64.
#include "codegen/common/Num.h"
#include "codegen/common/ScalarMath.h"

#include <cmath>
#include <limits>
#include <numbers>

using namespace mlir;

namespace dlc::codegen {

using arith::CmpFPredicate;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

Value ScalarMath::exp64(Value value) {
  // As in f32, with the series of e^r to r^13 (the next term is 4e-18).
  Num x(loops, value);
  auto &b = loops.builder();
  Num shifted = x * std::numbers::log2e + 0x1.8p52;
  Num n = shifted - 0x1.8p52;
  Num r = fma(n, -0x1.62e42fefa39efp-1, x);
  r = fma(n, -0x1.abc9e3b39803fp-56, r);
  double series[13], factorial = 1;
  for (int k = 2; k <= 13; ++k) {
    factorial *= k;
    series[13 - k] = 1 / factorial;
  }
  Num p = fma(r.polynomial(ArrayRef<double>(series, 12)), r * r, r) + 1;
  Value exponent = arith::ShLIOp::create(b, shifted.bits(), x.integer(52));
  Num y = p.fromBits(arith::AddIOp::create(b, p.bits(), exponent));
  y = Num::select(x > 709.782712893384, x.c(kInfinity), y);
  y = Num::select(x < -708.3964185322641, x.c(0), y);
  return Num::select(x.isNan(), x, y);
}

Value ScalarMath::log64(Value value) {
  // x = 2^e · m; ln m = f − (f²/2 − s (f²/2 + R)), s = f / (2 + f), with R as in fdlibm (Sun Microsystems, 1993).
  Num x(loops, value);
  auto &b = loops.builder();
  Value bits = x.bits();
  Value offset = arith::SubIOp::create(b, bits, x.integer(0x3fe6a09e667f3bcd));
  Value e = arith::ShRSIOp::create(b, offset, x.integer(52));
  Value mantissa = arith::SubIOp::create(b, bits, arith::ShLIOp::create(b, e, x.integer(52)));
  Num f = x.fromBits(mantissa) - 1, exponent(loops, arith::SIToFPOp::create(b, x.type(), e));
  Num s = f / (f + 2), z = s * s;
  Num r = z * z.polynomial({1.479819860511658591e-1, 1.531383769920937332e-1, 1.818357216161805012e-1, 2.222219843214978396e-1,
                            2.857142874366239149e-1, 3.999999999940941908e-1, 6.666666666666735130e-1});
  Num half = f * f * 0.5;
  // The low part of e·ln 2 joins the small terms.
  Num small = half - fma(s, half + r, exponent * 1.90821492927058770002e-10);
  Num result = fma(exponent, 6.93147180369123816490e-1, f - small);
  result = Num::select(x.is(CmpFPredicate::OEQ, x.c(kInfinity)), x, result);
  result = Num::select(x < 0x1p-1022, x.c(-kInfinity), result);
  Value undefined = arith::OrIOp::create(b, x < 0, x.isNan());
  return Num::select(undefined, x.c(std::numeric_limits<double>::quiet_NaN()), result);
}

Value ScalarMath::exp64Of(Value high, Value low) {
  // e^(h + l) = e^h · (1 + l) for |l| far below an ulp of 1; where e^h is infinite or 0, l does not count.
  Num h(loops, high), y(loops, exp64(high));
  Value counts = arith::AndIOp::create(loops.builder(), y.abs() < kInfinity, y > 0);
  return Num::select(counts, fma(y, Num(loops, low), y), y);
}

Value ScalarMath::powSize64(Value base, Value exponent) {
  // |x|^y = e^(y ln |x|) with ln |x| as a sum of two numbers, so that the product is exact to about 2^-60 of its size. As in log64:
  // ln x = e·ln 2 + ln m, m = 1 + f, s = f / (2 + f), ln m = 2s + s·z·P(z), z = s², of which only s needs both parts.
  Num x(loops, base), y(loops, exponent);
  auto &b = loops.builder();
  // A number below the normal ones is scaled up first.
  Value tiny = x < 0x1p-1022;
  Num scaled = Num::select(tiny, x * 0x1p54, x);
  Value bits = scaled.bits();
  Value offset = arith::SubIOp::create(b, bits, x.integer(0x3fe6a09e667f3bcd));
  Value e = arith::ShRSIOp::create(b, offset, x.integer(52));
  Num f = x.fromBits(arith::SubIOp::create(b, bits, arith::ShLIOp::create(b, e, x.integer(52)))) - 1;
  Num count = Num(loops, arith::SIToFPOp::create(b, x.type(), e)) - Num::select(tiny, x.c(54), x.c(0));
  Num below = f + 2, belowLow = f - (below - 2);
  Num s = f / below, sLow = (fma(-s, below, f) - s * belowLow) / below, z = s * s;
  double series[9]; // of 2 (artanh(s) / s − 1) / z: 2/3, 2/5, …
  for (int k = 0; k < 9; ++k)
    series[8 - k] = 2.0 / (2 * k + 3);
  Num rest = s * z * z.polynomial(ArrayRef<double>(series, 9));
  // The sum of e·ln 2 (in two parts, the first exact for any e) and 2s, exactly; the small terms beside it.
  Num a = count * 6.93147180369123816490e-1, c = s + s, sum = a + c;
  Num swapped = Num::select(a.abs().is(CmpFPredicate::OGE, c.abs()), (a - sum) + c, (c - sum) + a);
  Num low = swapped + fma(count, x.c(1.90821492927058770002e-10), rest + (sLow + sLow));
  Num high = sum + low;
  low = low - (high - sum);
  Num p = y * high, pLow = fma(y, high, -p) + y * low;
  Num result(loops, exp64Of(p, pLow));
  // ln 0 and ln ∞ have signs of their own; a power of infinite exponent goes by whether |x| is above 1.
  Value isZero = x.equals(0), isInfinite = x.equals(kInfinity), grows = y > 0;
  Num ofZero = Num::select(grows, x.c(0), x.c(kInfinity)), ofInfinity = Num::select(grows, x.c(kInfinity), x.c(0));
  result = Num::select(isZero, ofZero, Num::select(isInfinite, ofInfinity, result));
  Value above = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x > 1, grows);
  Value endless = y.abs().equals(kInfinity);
  result = Num::select(endless, Num::select(above, x.c(kInfinity), x.c(0)), result);
  Value undefined = arith::OrIOp::create(b, x.isNan(), y.isNan());
  return Num::select(undefined, x + y, result);
}

Value ScalarMath::erf64(Value x) { return libm("erf", {x}); }

Value ScalarMath::libm(StringRef name, ArrayRef<Value> arguments) {
  auto &b = loops.builder();
  auto module = b.getBlock()->getParentOp()->getParentOfType<ModuleOp>();
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!function) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    SmallVector<Type> types(arguments.size(), b.getF64Type());
    function = LLVM::LLVMFuncOp::create(b, name, LLVM::LLVMFunctionType::get(b.getF64Type(), types));
  }
  auto vector = dyn_cast<VectorType>(arguments[0].getType());
  if (!vector)
    return LLVM::CallOp::create(b, function, arguments).getResult();
  Value result = loops.number(vector, 0);
  for (int64_t lane = 0; lane < vector.getNumElements(); ++lane) {
    SmallVector<Value> scalars;
    for (Value argument : arguments)
      scalars.push_back(vector::ExtractOp::create(b, argument, lane));
    result = vector::InsertOp::create(b, LLVM::CallOp::create(b, function, scalars).getResult(), result, lane);
  }
  return result;
}

} // namespace dlc::codegen
