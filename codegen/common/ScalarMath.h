#ifndef DLC_CODEGEN_SCALARMATH_H
#define DLC_CODEGEN_SCALARMATH_H

#include "codegen/common/LoopBuilder.h"
#include "ir/Dialect.h"

namespace dlc::codegen {

/// What the element-wise functions of the dialect are in arithmetic, on scalars or vectors: the one definition for all targets.
/// Emits at the builder's insertion point. The transcendental functions of f32 are our own polynomials, at most 2 ulp over their
/// domain (test/codegen/ScalarMathTest.cpp); denormal arguments count as zero and denormal results may. Bits do not depend on
/// the target: fused multiply-adds are where this file asks for them and nowhere else.
class ScalarMath {
public:
  explicit ScalarMath(LoopBuilder &loops) : loops(loops) {}

  /// `isUnsigned`: the integers are u8.
  mlir::Value unary(ir::UnaryFn fn, mlir::Value x, bool isUnsigned = false);
  mlir::Value binary(ir::BinaryFn fn, mlir::Value a, mlir::Value b, bool isUnsigned = false);
  mlir::Value compare(ir::CompareFn fn, mlir::Value a, mlir::Value b, bool isUnsigned = false);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  /// Of `dl.cast`: rounds toward zero and saturates, NaN is 0; wraps between integers.
  mlir::Value cast(mlir::Value x, bool fromUnsigned, mlir::Type to, bool toUnsigned);
  /// Folds two partial results.
  mlir::Value fold(ir::ReduceFn fn, mlir::Value a, mlir::Value b, bool isUnsigned = false);
  /// What an empty fold gives.
  mlir::Value neutral(ir::ReduceFn fn, mlir::Type type, bool isUnsigned = false);
  /// The nearest number of the format, of two equally near the even one; what product operands of this precision count as.
  mlir::Value roundTo(ir::Precision precision, mlir::Value x);
  mlir::Value multiplyAdd(mlir::Value a, mlir::Value b, mlir::Value c);

  // Transcendental functions of f32 and f64.
  mlir::Value exp(mlir::Value x);
  mlir::Value expm1(mlir::Value x);
  mlir::Value log(mlir::Value x);
  mlir::Value log1p(mlir::Value x);
  mlir::Value sin(mlir::Value x);
  mlir::Value cos(mlir::Value x);
  mlir::Value tan(mlir::Value x);
  mlir::Value tanh(mlir::Value x);
  mlir::Value erf(mlir::Value x);
  mlir::Value pow(mlir::Value a, mlir::Value b);
  mlir::Value atan2(mlir::Value a, mlir::Value b);
  /// sin(2πu) and cos(2πu) for u in [0, 1].
  std::pair<mlir::Value, mlir::Value> sinCosTurn(mlir::Value u);

private:
  friend class Num;
  bool isDouble(mlir::Value x) const { return scalarOf(x.getType()).isF64(); }
  mlir::Value integerDivision(mlir::Value a, mlir::Value b, bool isUnsigned, bool remainder);
  struct Reduced {
    mlir::Value r, quadrant; // |r| ≤ π/4 in the argument's type; i32 lanes
  };
  Reduced reduceByHalfPi(mlir::Value x);
  mlir::Value sinOrCos(Reduced reduced, int64_t shift);
  mlir::Value exp32(mlir::Value x);
  mlir::Value exp64(mlir::Value x);
  mlir::Value log32(mlir::Value x);
  mlir::Value log64(mlir::Value x);
  mlir::Value erf32(mlir::Value x);
  mlir::Value erf64(mlir::Value x);
  mlir::Value pow32(mlir::Value a, mlir::Value b);
  mlir::Value pow64(mlir::Value a, mlir::Value b);
  mlir::Value powSize64(mlir::Value base, mlir::Value exponent);
  mlir::Value exp64Of(mlir::Value high, mlir::Value low);
  mlir::Value withSignsOfPow(mlir::Value size, mlir::Value x, mlir::Value y);
  mlir::Value atan2_32(mlir::Value a, mlir::Value b);
  mlir::Value atan2_64(mlir::Value a, mlir::Value b);

  LoopBuilder &loops;
};

} // namespace dlc::codegen

#endif
