// Index arithmetic of 32 bits, which is what a graphics card is quick at.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_INT_H
#define DLC_CODEGEN_CUDA_PRODUCT_INT_H

#include "codegen/common/LoopBuilder.h"

namespace dlc::codegen::cuda {

/// A number of 32 bits that is not negative where it is divided or compared. Operators emit at the innermost level; those with constants fold.
class Int {
public:
  Int() = default;
  Int(LoopBuilder &loops, mlir::Value value) : l(&loops), v(value) {}
  Int(LoopBuilder &loops, int64_t number) : l(&loops), v(loops.integer(loops.builder().getI32Type(), number)) {}
  /// Of a number of 64 bits.
  static Int narrow(LoopBuilder &loops, mlir::Value wide) {
    loops.moveToTop();
    auto &b = loops.builder();
    return {loops, mlir::arith::TruncIOp::create(b, b.getI32Type(), wide)};
  }
  mlir::Value wide() const { return at<mlir::arith::ExtSIOp>(b().getI64Type(), v); }
  mlir::Value value() const { return v; }
  Int c(int64_t number) const { return {*l, number}; }
  std::optional<int64_t> constant() const { return l->constantOf(v); }

  friend Int operator+(Int a, Int b) { return a.constant() == 0 ? b : b.constant() == 0 ? a : a.with<mlir::arith::AddIOp>(b); }
  friend Int operator-(Int a, Int b) { return b.constant() == 0 ? a : a.with<mlir::arith::SubIOp>(b); }
  friend Int operator*(Int a, int64_t b) {
    if (auto known = a.constant())
      return a.c(*known * b);
    return b == 1 ? a : b == 0 ? a.c(0) : a.with<mlir::arith::MulIOp>(a.c(b));
  }
  friend Int operator/(Int a, int64_t b) { return b == 1 ? a : a.with<mlir::arith::DivUIOp>(a.c(b)); }
  friend Int operator%(Int a, int64_t b) { return b == 1 ? a.c(0) : a.with<mlir::arith::RemUIOp>(a.c(b)); }
  friend Int operator+(Int a, int64_t b) { return a + a.c(b); }
  friend Int min(Int a, Int b) { return a.with<mlir::arith::MinSIOp>(b); }
  mlir::Value operator<(Int o) const { return at<mlir::arith::CmpIOp>(mlir::arith::CmpIPredicate::slt, v, o.v); }
  mlir::Value operator<(int64_t o) const { return *this < c(o); }
  static Int select(mlir::Value condition, Int a, Int b) { return {*a.l, a.at<mlir::arith::SelectOp>(condition, a.v, b.v)}; }

private:
  mlir::ImplicitLocOpBuilder &b() const { return l->builder(); }
  template <typename Op, typename... Args> mlir::Value at(Args... args) const {
    l->moveToTop();
    return Op::create(b(), args...);
  }
  template <typename Op> Int with(Int o) const { return {*l, at<Op>(v, o.v)}; }
  LoopBuilder *l = nullptr;
  mlir::Value v;
};

} // namespace dlc::codegen::cuda

#endif
