// The transcendental functions of f32: Cody-Waite reduction and minimax polynomials.
#include "codegen/common/Num.h"
#include "codegen/common/ScalarMath.h"

#include <cmath>
#include <limits>
#include <numbers>

using namespace mlir;

namespace dlc::codegen {

using arith::CmpFPredicate;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();
static constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Value ScalarMath::exp(Value x) { return isDouble(x) ? exp64(x) : exp32(x); }
Value ScalarMath::log(Value x) { return isDouble(x) ? log64(x) : log32(x); }
Value ScalarMath::erf(Value x) { return isDouble(x) ? erf64(x) : erf32(x); }
Value ScalarMath::pow(Value a, Value c) { return isDouble(a) ? pow64(a, c) : pow32(a, c); }
Value ScalarMath::atan2(Value a, Value c) { return isDouble(a) ? atan2_64(a, c) : atan2_32(a, c); }

/// The integer nearest to x (|x| < 2^22): as a number, and in the low bits of a sum with 1.5·2^23.
static std::pair<Num, Value> nearest(Num x) {
  double magic = x.width() == 64 ? 0x1.8p52 : 0x1.8p23;
  Num shifted = x + magic;
  return {shifted - magic, shifted.bits()};
}

/// p·2^n for p around 1, where the result is a normal number.
static Num scale(Num p, Value n) {
  Value exponent = arith::ShLIOp::create(p.b(), n, p.integer(p.width() == 64 ? 52 : 23));
  return p.fromBits(arith::AddIOp::create(p.b(), p.bits(), exponent));
}

Value ScalarMath::exp32(Value value) {
  // e^x = 2^n · e^r, n = round(x / ln 2), |r| ≤ ln 2 / 2. The coefficients are those of Cephes' expf (Moshier).
  Num x(loops, value);
  auto [n, bits] = nearest(x * std::numbers::log2e);
  Num r = fma(n, -0x1.62e4p-1, x);
  r = fma(n, -0x1.7f7d1cp-20, r);
  Num p = r.polynomial({1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1});
  p = fma(p, r * r, r) + 1;
  Num y = scale(p, bits);
  y = Num::select(x > 88.72283, x.c(kInfinity), y);
  y = Num::select(x < -87.336544, x.c(0), y);
  return Num::select(x.isNan(), x, y);
}

Value ScalarMath::expm1(Value value) {
  if (isDouble(value)) {
    // Where e^x − 1 loses digits the series is used instead, by way of tanh: e^x − 1 = 2t / (1 − t), t = tanh(x / 2).
    Num x(loops, value), half = x * 0.5;
    Num t(loops, tanh(half));
    Num y = (t + t) / (1 - t);
    return Num::select(x.abs() < 1, y, Num(loops, exp64(value)) - 1);
  }
  // 2^n · (e^r − 1) + (2^n − 1), each halved so that 2^128 does not overflow.
  Num x(loops, value);
  Num clamped = Num::select(x < -20, x.c(-20), Num::select(x > 88.8, x.c(88.8), x));
  auto [n, bits] = nearest(clamped * std::numbers::log2e);
  Num r = fma(n, -0x1.62e4p-1, clamped);
  r = fma(n, -0x1.7f7d1cp-20, r);
  Num p = r.polynomial({1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1});
  Num q = fma(p, r * r, r);
  Num half = scale(x.c(0.5), bits);
  Num y = fma(half, q, half - 0.5);
  y = y + y;
  y = Num::select(x > 88.72283, x.c(kInfinity), y);
  return Num::select(x.isNan(), x, y);
}

Value ScalarMath::log32(Value value) {
  // x = 2^e · m with m in [√½, √2); ln m by Cephes' polynomial (Moshier).
  Num x(loops, value);
  auto &b = loops.builder();
  Value bits = x.bits();
  // Subtracting the bits of √½ makes the exponent field count from there.
  Value offset = arith::SubIOp::create(b, bits, x.integer(0x3f3504f3));
  Value e = arith::ShRSIOp::create(b, offset, x.integer(23));
  Value mantissa = arith::SubIOp::create(b, bits, arith::ShLIOp::create(b, e, x.integer(23)));
  Num m = x.fromBits(mantissa) - 1, exponent(loops, arith::SIToFPOp::create(b, x.type(), e));
  Num z = m * m;
  Num p = m.polynomial({7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
                        -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1});
  Num y = p * (m * z);
  y = fma(exponent, -2.12194440e-4, y);
  y = fma(z, -0.5, y);
  Num result = fma(exponent, 0.693359375, m + y);
  result = Num::select(x.is(CmpFPredicate::OEQ, x.c(kInfinity)), x, result);
  result = Num::select(x < 0x1p-126, x.c(-kInfinity), result); // denormal numbers count as zero
  return Num::select(arith::OrIOp::create(b, x < 0, x.isNan()), x.c(kNan), result);
}

Value ScalarMath::log1p(Value value) {
  // ln u + (x − (u − 1)) / u with u = 1 + x, rounded: the second part is what the rounding lost.
  Num x(loops, value), u = x + 1;
  Num lost = (x - (u - 1)) / u;
  Num y = Num(loops, log(u)) + lost;
  y = Num::select(x.abs() < (isDouble(value) ? 0x1p-54 : 0x1p-25), x, y);
  return Num::select(arith::OrIOp::create(loops.builder(), u.equals(0), x.equals(kInfinity)),
                     Num::select(u.equals(0), x.c(-kInfinity), x), y);
}

ScalarMath::Reduced ScalarMath::reduceByHalfPi(Value value) {
  // r = x − n·π/2 in f64, with π/2 in two parts: exact enough for |x| ≤ 2^40 (f32) or 2^26 (f64); NaN far beyond.
  auto &b = loops.builder();
  bool single = !isDouble(value);
  Type type = value.getType(), wide = likeShape(b.getF64Type(), type), i64 = likeShape(b.getI64Type(), type);
  Num x(loops, single ? arith::ExtFOp::create(b, wide, value).getResult() : value);
  auto [n, bits] = nearest(x * (2 / std::numbers::pi));
  Num r = fma(n, -0x1.921fb54442d18p0, x);
  r = fma(n, -0x1.1a62633145c06p-54, r);
  r = Num::select(x.abs() < 0x1p50, r, x.c(kNan));
  Value quadrant = arith::AndIOp::create(b, bits, loops.integer(i64, 3));
  Value rest = single ? arith::TruncFOp::create(b, type, r.value()).getResult() : r.value();
  return {rest, arith::TruncIOp::create(b, likeShape(b.getI32Type(), type), quadrant)};
}

Value ScalarMath::sinOrCos(Reduced reduced, int64_t shift) {
  // sin and cos on [−π/4, π/4] (Cephes), chosen and signed by the quadrant.
  auto &b = loops.builder();
  Num r(loops, reduced.r), z = r * r, sine = r, cosine = r;
  if (isDouble(reduced.r)) {
    sine = fma(z.polynomial({1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6,
                             -1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1}),
               z * r, r);
    cosine = fma(z.polynomial({-1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7,
                               2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2}),
                 z * z, fma(z, -0.5, z.c(1)));
  } else {
    sine = fma(z.polynomial({-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1}), z * r, r);
    cosine = fma(z.polynomial({2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2}), z * z, fma(z, -0.5, z.c(1)));
  }
  Type i32 = reduced.quadrant.getType();
  Value q = arith::AddIOp::create(b, reduced.quadrant, loops.integer(i32, shift));
  auto bit = [&](int64_t which) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, arith::AndIOp::create(b, q, loops.integer(i32, which)),
                                 loops.integer(i32, 0));
  };
  Num y = Num::select(bit(1), cosine, sine);
  return Num::select(bit(2), -y, y);
}

Value ScalarMath::sin(Value x) { return sinOrCos(reduceByHalfPi(x), 0); }
Value ScalarMath::cos(Value x) { return sinOrCos(reduceByHalfPi(x), 1); }

Value ScalarMath::tan(Value x) {
  if (!isDouble(x)) { // the quotient of two rounded functions would be 3 ulp off
    auto &b = loops.builder();
    Value wide = arith::ExtFOp::create(b, likeShape(b.getF64Type(), x.getType()), x);
    return arith::TruncFOp::create(b, x.getType(), tan(wide));
  }
  Reduced reduced = reduceByHalfPi(x);
  return Num(loops, sinOrCos(reduced, 0)) / Num(loops, sinOrCos(reduced, 1));
}

std::pair<Value, Value> ScalarMath::sinCosTurn(Value value) {
  // 4u = n + t exactly, |t| ≤ ½; the angle is t·π/2.
  Num u(loops, value);
  Num turns = u * 4;
  auto [n, bits] = nearest(turns);
  Num r = (turns - n) * (std::numbers::pi / 2);
  Value quadrant = bits;
  if (isDouble(value))
    quadrant = arith::TruncIOp::create(loops.builder(), likeShape(loops.builder().getI32Type(), value.getType()), bits);
  Reduced reduced{r, quadrant};
  return {sinOrCos(reduced, 0), sinOrCos(reduced, 1)};
}

Value ScalarMath::tanh(Value value) {
  Num x(loops, value), a = x.abs(), z = x * x;
  if (isDouble(value)) {
    // Cephes' tanh: a rational function below 0.625, 1 − 2 / (e^2x + 1) above.
    Num p = z.polynomial({-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3});
    Num q = z.polynomial({1, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3});
    Num low = fma(p / q, z * x, x);
    Num high = 1 - 2 / (Num(loops, exp64(a + a)) + 1);
    return Num::select(a < 0.625, low, high.withSignOf(x));
  }
  Num low = fma(z.polynomial({-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1}), z * x, x);
  Num high = 1 - 2 / (Num(loops, exp32(a + a)) + 1);
  return Num::select(a < 0.625, low, high.withSignOf(x));
}

Value ScalarMath::erf32(Value value) {
  // Two intervals, after N. Juffa: an odd polynomial, and 1 − e^p(|x|).
  Num x(loops, value), t = x.abs(), s = x * x;
  Num r = fma(t.c(-1.72853470e-5), t, 3.83197126e-4);
  Num u = fma(t.c(-3.88396438e-3), t, 2.42546219e-2);
  r = fma(r, s, u);
  r = fma(r, t, -1.06777877e-1);
  r = fma(r, t, -6.34846687e-1);
  r = fma(r, t, -1.28717512e-1);
  r = fma(r, t, -t);
  Num high = (1 - Num(loops, exp32(r))).withSignOf(x);
  Num p = s.polynomial({-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1});
  Num low = fma(p, x, x);
  return Num::select(t > 0.927734375, high, low);
}

Value ScalarMath::pow32(Value a, Value c) {
  // e^(y ln |x|) in f64, where its error is far below half an ulp of f32.
  auto &b = loops.builder();
  Type type = a.getType(), wide = likeShape(b.getF64Type(), type);
  Num x(loops, arith::ExtFOp::create(b, wide, a)), y(loops, arith::ExtFOp::create(b, wide, c));
  Value size = exp64(y * Num(loops, log64(x.abs())));
  return arith::TruncFOp::create(b, type, withSignsOfPow(size, x, y));
}

Value ScalarMath::pow64(Value a, Value c) { return withSignsOfPow(powSize64(Num(loops, a).abs(), c), a, c); }

Value ScalarMath::withSignsOfPow(Value given, Value base, Value exponent) {
  // From |x|^y: signs and special cases as in C.
  auto &b = loops.builder();
  Num size(loops, given), x(loops, base), y(loops, exponent);
  Num whole(loops, math::FloorOp::create(b, y)), half(loops, math::FloorOp::create(b, y * 0.5));
  Value isWhole = y.is(CmpFPredicate::OEQ, whole), isOdd = arith::AndIOp::create(b, isWhole, y.is(CmpFPredicate::UNE, half + half));
  Value negative = x.is(CmpFPredicate::OLT, x.c(0));
  Num result = Num::select(arith::AndIOp::create(b, negative, isOdd), -size, size);
  Value finite = x.is(CmpFPredicate::OGT, x.c(-kInfinity));
  Value undefined = arith::AndIOp::create(b, arith::AndIOp::create(b, negative, finite),
                                          arith::XOrIOp::create(b, isWhole, loops.integer(isWhole.getType(), 1)));
  result = Num::select(undefined, x.c(kNan), result);
  Value minusOne = arith::AndIOp::create(b, x.equals(-1), y.abs().equals(kInfinity));
  Value one = arith::OrIOp::create(b, arith::OrIOp::create(b, x.equals(1), y.equals(0)), minusOne);
  return Num::select(one, x.c(1), result);
}

Value ScalarMath::atan2_32(Value a, Value c) {
  // atan of the smaller over the greater, after N. Juffa; then the octant.
  auto &b = loops.builder();
  Num y(loops, a), x(loops, c), ay = y.abs(), ax = x.abs();
  Value steep = ay.is(CmpFPredicate::OGT, ax);
  Num low = Num::select(steep, ax, ay), high = Num::select(steep, ay, ax);
  Num t = low / high;
  Value same = ay.is(CmpFPredicate::OEQ, ax);
  t = Num::select(same, Num::select(ay.equals(0), t.c(0), t.c(1)), t); // 0/0 and ∞/∞
  Num s = t * t;
  Num p = s.polynomial({2.78569828e-3, -1.58660226e-2, 4.24722321e-2, -7.49753043e-2, 1.06448799e-1, -1.42070308e-1,
                        1.99934542e-1, -3.33331466e-1});
  Num r = fma(p * s, t, t);
  r = Num::select(steep, std::numbers::pi / 2 - r, r);
  Value left = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x.bits(), x.integer(0)); // −0 counts
  r = Num::select(left, std::numbers::pi - r, r);
  Num result = r.withSignOf(y);
  return Num::select(arith::OrIOp::create(b, x.isNan(), y.isNan()), x + y, result);
}

} // namespace dlc::codegen
