#ifndef DLC_CODEGEN_NUM_H
#define DLC_CODEGEN_NUM_H

#include "codegen/common/LoopBuilder.h"

namespace dlc::codegen {

/// A float value (scalar or vector) with operators, so that formulas read as formulas. Emits at the insertion point.
class Num {
public:
  Num(LoopBuilder &loops, mlir::Value value) : l(&loops), v(value) {}
  mlir::Value value() const { return v; }
  operator mlir::Value() const { return v; }
  /// A constant of the same type.
  Num c(double number) const { return {*l, l->number(v.getType(), number)}; }
  mlir::Type type() const { return v.getType(); }

  friend Num operator+(Num a, Num b) { return {*a.l, mlir::arith::AddFOp::create(a.b(), a.v, b.v)}; }
  friend Num operator-(Num a, Num b) { return {*a.l, mlir::arith::SubFOp::create(a.b(), a.v, b.v)}; }
  friend Num operator*(Num a, Num b) { return {*a.l, mlir::arith::MulFOp::create(a.b(), a.v, b.v)}; }
  friend Num operator/(Num a, Num b) { return {*a.l, mlir::arith::DivFOp::create(a.b(), a.v, b.v)}; }
  friend Num operator+(Num a, double b) { return a + a.c(b); }
  friend Num operator-(Num a, double b) { return a - a.c(b); }
  friend Num operator*(Num a, double b) { return a * a.c(b); }
  friend Num operator-(double a, Num b) { return b.c(a) - b; }
  friend Num operator/(double a, Num b) { return b.c(a) / b; }
  friend Num operator-(Num a) { return {*a.l, mlir::arith::NegFOp::create(a.b(), a.v)}; }
  /// a·b + c, rounded once.
  friend Num fma(Num a, Num b, Num c) { return {*a.l, mlir::math::FmaOp::create(a.b(), a.v, b.v, c.v)}; }
  friend Num fma(Num a, Num b, double c) { return fma(a, b, a.c(c)); }
  friend Num fma(Num a, double b, Num c) { return fma(a, a.c(b), c); }

  mlir::Value is(mlir::arith::CmpFPredicate predicate, Num o) const { return mlir::arith::CmpFOp::create(b(), predicate, v, o.v); }
  mlir::Value operator<(double o) const { return is(mlir::arith::CmpFPredicate::OLT, c(o)); }
  mlir::Value operator>(double o) const { return is(mlir::arith::CmpFPredicate::OGT, c(o)); }
  mlir::Value equals(double o) const { return is(mlir::arith::CmpFPredicate::OEQ, c(o)); }
  mlir::Value isNan() const { return is(mlir::arith::CmpFPredicate::UNO, *this); }
  /// `condition ? a : b`.
  static Num select(mlir::Value condition, Num a, Num b) {
    return {*a.l, mlir::arith::SelectOp::create(a.b(), condition, a.v, b.v)};
  }
  Num abs() const { return {*l, mlir::math::AbsFOp::create(b(), v)}; }
  Num sqrt() const { return {*l, mlir::math::SqrtOp::create(b(), v)}; }
  Num withSignOf(Num o) const { return {*l, mlir::math::CopySignOp::create(b(), v, o.v)}; }
  /// c0 + x·(c1 + x·(c2 + …)) for x = *this, the highest coefficient first.
  Num polynomial(llvm::ArrayRef<double> highestFirst) const {
    Num sum = c(highestFirst[0]);
    for (double coefficient : highestFirst.drop_front())
      sum = fma(sum, *this, coefficient);
    return sum;
  }

  // Bits.
  unsigned width() const { return scalarOf(type()).getIntOrFloatBitWidth(); }
  mlir::Type integerType() const { return likeShape(b().getIntegerType(width()), type()); }
  mlir::Value bits() const { return mlir::arith::BitcastOp::create(b(), integerType(), v); }
  Num fromBits(mlir::Value bits) const { return {*l, mlir::arith::BitcastOp::create(b(), type(), bits)}; }
  mlir::Value integer(int64_t number) const { return l->integer(integerType(), number); }

  mlir::ImplicitLocOpBuilder &b() const { return l->builder(); }

private:
  LoopBuilder *l;
  mlir::Value v;
};

} // namespace dlc::codegen

#endif
