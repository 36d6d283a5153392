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
