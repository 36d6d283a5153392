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

/// p(x) / q(x) of polynomials, the highest coefficient first.
static Num ratio(Num x, ArrayRef<double> p, ArrayRef<double> q) { return x.polynomial(p) / x.polynomial(q); }

Value ScalarMath::erf64(Value value) {
  // The intervals and rational functions of fdlibm (Sun Microsystems, 1993), all evaluated and the right one chosen.
  Num given(loops, value), x = given.abs(), z = x * x;
  Num near = x + x * ratio(z,
                           {-2.37630166566501626084e-05, -5.77027029648944159157e-03, -2.84817495755985104766e-02, -3.25042107247001499370e-01,
                            1.28379167095512558561e-01},
                           {-3.96022827877536812320e-06, 1.32494738004321644526e-04, 5.08130628187576562776e-03, 6.50222499887672944485e-02,
                            3.97917223959155352819e-01, 1});
  Num middle = ratio(x - 1,
                     {-2.16637559486879084300e-03, 3.54783043256182359371e-02, -1.10894694282396677476e-01, 3.18346619901161753674e-01,
                      -3.72207876035701323847e-01, 4.14856118683748331666e-01, -2.36211856075265944077e-03},
                     {1.19844998467991074170e-02, 1.36370839120290507362e-02, 1.26171219808761642112e-01, 7.18286544141962662868e-02,
                      5.40397917702171048937e-01, 1.06420880400844228286e-01, 1}) +
               8.45062911510467529297e-01;
  // Above 1.25: 1 − erfc(x), erfc(x) = e^(−x² − 0.5625 + R(1/x²)) / x.
  Num inverse = 1 / z;
  Num tail = ratio(inverse, {-9.81432934416914548592e+00, -8.12874355063065934246e+01, -1.84605092906711035994e+02, -1.62396669462573470355e+02,
                             -6.23753324503260060396e+01, -1.05586262253232909814e+01, -6.93858572707181764372e-01, -9.86494403484714822705e-03},
                   {-6.04244152148580987438e-02, 6.57024977031928170135e+00, 1.08635005541779435134e+02, 4.29008140027567833386e+02, 6.45387271733267880336e+02,
                    4.34565877475229228821e+02, 1.37657754143519042600e+02, 1.96512716674392571292e+01, 1});
  Num farTail = ratio(inverse,
                      {-4.83519191608651397019e+02, -1.02509513161107724954e+03, -6.37566443368389627722e+02, -1.60636384855821916062e+02,
                       -1.77579549177547519889e+01, -7.99283237680523006574e-01, -9.86494292470009928597e-03},
                      {-2.24409524465858183362e+01, 4.74528541206955367215e+02, 2.55305040643316442583e+03, 3.19985821950859553908e+03,
                       1.53672958608443695994e+03, 3.25792512996573918826e+02, 3.03380607434824582924e+01, 1});
  Num rest = Num::select(x < 1 / 0.35, tail, farTail);
  Num far = 1 - Num(loops, exp64(rest - z - 0.5625)) / x;
  Num result = Num::select(x < 0.84375, near, Num::select(x < 1.25, middle, Num::select(x < 6, far, x.c(1))));
  return Num::select(given.isNan(), given, result.withSignOf(given));
}

Value ScalarMath::atan2_64(Value a, Value c) {
  // atan of the smaller over the greater, after one reduction by π/4 with the polynomial of fdlibm's atan; then the octant.
  auto &b = loops.builder();
  Num y(loops, a), x(loops, c), ay = y.abs(), ax = x.abs();
  Value steep = ay.is(CmpFPredicate::OGT, ax);
  Num low = Num::select(steep, ax, ay), high = Num::select(steep, ay, ax);
  Num t = low / high;
  Value same = ay.is(CmpFPredicate::OEQ, ax);
  t = Num::select(same, Num::select(ay.equals(0), t.c(0), t.c(1)), t); // 0/0 and ∞/∞
  Value beyond = t > 0.41421356237309503;
  Num r = Num::select(beyond, (t - 1) / (t + 1), t), s = r * r;
  Num p = s.polynomial({1.62858201153657823623e-02, -3.65315727442169155270e-02, 4.97687799461593236017e-02, -5.83357013379057348645e-02,
                        6.66107313738753120669e-02, -7.69187620504482999495e-02, 9.09088713343650656196e-02, -1.11111104054623557880e-01,
                        1.42857142725034663711e-01, -1.99999999998764832476e-01, 3.33333333333329318027e-01});
  Num angle = r - r * s * p;
  // π/4, π/2 and π in two parts each.
  constexpr double kQuarter = 0x1.921fb54442d18p-1, kQuarterLow = 0x1.1a62633145c07p-55;
  angle = Num::select(beyond, (angle + kQuarterLow) + kQuarter, angle);
  angle = Num::select(steep, (2 * kQuarterLow - angle) + 2 * kQuarter, angle);
  Value back = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x.bits(), x.integer(0)); // −0 too
  angle = Num::select(back, (4 * kQuarterLow - angle) + 4 * kQuarter, angle).withSignOf(y);
  Value undefined = arith::OrIOp::create(b, x.isNan(), y.isNan());
  return Num::select(undefined, x + y, angle);
}

} // namespace dlc::codegen
