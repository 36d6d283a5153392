#ifndef DLC_IR_VJP_EMIT_H
#define DLC_IR_VJP_EMIT_H

#include "ir/Ops.h"
#include "ir/Types.h"

// What the derivative rules are written with: values that emit operations when they are combined.

namespace dlc::ir::vjp {

/// A scalar constant of a float or integer (boolean) type.
mlir::Value scalar(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type elementType, double value);
/// A tensor of `type`, sizes open or not, all elements `value`.
mlir::Value full(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, double value);
inline mlir::Value zeros(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type) {
  return full(builder, loc, type, 0);
}

inline bool hasFloatElements(mlir::Type type) {
  auto tensor = llvm::dyn_cast<mlir::RankedTensorType>(type);
  return tensor && llvm::isa<mlir::FloatType>(tensor.getElementType());
}
inline mlir::RankedTensorType typeOf(mlir::Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()); }

/// A value in a formula.
class Expr {
public:
  Expr(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value) : builder(&builder), loc(loc), value(value) {}
  operator mlir::Value() const { return value; }
  mlir::Type type() const { return value.getType(); }

  /// The number, with the type of this expression.
  Expr same(double number) const { return with(full(*builder, loc, type(), number)); }
  Expr with(mlir::Value other) const { return {*builder, loc, other}; }
  Expr unary(UnaryFn fn) const { return with(UnaryOp::create(*builder, loc, type(), fn, value)); }
  Expr binary(BinaryFn fn, Expr other) const { return with(BinaryOp::create(*builder, loc, type(), fn, value, other)); }
  Expr compare(CompareFn fn, Expr other) const { return with(CompareOp::create(*builder, loc, fn, value, other)); }
  Expr choose(Expr onTrue, Expr onFalse) const {
    return with(SelectOp::create(*builder, loc, onTrue.type(), value, onTrue, onFalse));
  }

private:
  mlir::OpBuilder *builder;
  mlir::Location loc;
  mlir::Value value;
};

#define DLC_OPERATOR(symbol, fn)                                                                                       \
  inline Expr operator symbol(Expr a, Expr b) { return a.binary(BinaryFn::fn, b); }                                    \
  inline Expr operator symbol(Expr a, double b) { return a.binary(BinaryFn::fn, a.same(b)); }                          \
  inline Expr operator symbol(double a, Expr b) { return b.same(a).binary(BinaryFn::fn, b); }
DLC_OPERATOR(+, add)
DLC_OPERATOR(-, sub)
DLC_OPERATOR(*, mul)
DLC_OPERATOR(/, div)
#undef DLC_OPERATOR

#define DLC_COMPARISON(symbol, fn)                                                                                     \
  inline Expr operator symbol(Expr a, Expr b) { return a.compare(CompareFn::fn, b); }                                  \
  inline Expr operator symbol(Expr a, double b) { return a.compare(CompareFn::fn, a.same(b)); }
DLC_COMPARISON(==, eq)
DLC_COMPARISON(<, lt)
DLC_COMPARISON(>, gt)
#undef DLC_COMPARISON

inline Expr operator-(Expr x) { return x.unary(UnaryFn::neg); }
inline Expr sign(Expr x) { return x.unary(UnaryFn::sign); }
inline Expr exp(Expr x) { return x.unary(UnaryFn::exp); }
inline Expr log(Expr x) { return x.unary(UnaryFn::log); }
inline Expr sin(Expr x) { return x.unary(UnaryFn::sin); }
inline Expr cos(Expr x) { return x.unary(UnaryFn::cos); }
inline Expr square(Expr x) { return x.unary(UnaryFn::square); }
inline Expr pow(Expr a, Expr b) { return a.binary(BinaryFn::pow, b); }
inline Expr floordiv(Expr a, Expr b) { return a.binary(BinaryFn::floordiv, b); }
inline Expr both(Expr a, Expr b) { return a.binary(BinaryFn::and_, b); }
inline Expr select(Expr condition, Expr a, Expr b) { return condition.choose(a, b); }
inline Expr select(Expr condition, Expr a, double b) { return condition.choose(a, a.same(b)); }
inline Expr select(Expr condition, double a, Expr b) { return condition.choose(b.same(a), b); }
/// a² + b², and 1 where that is 0.
inline Expr norm2(Expr a, Expr b) {
  Expr sum = square(a) + square(b);
  return select(sum == 0, 1, sum);
}

/// Sums or other folds, with the type inferred; the operand itself where no axis is named.
mlir::Value reduce(mlir::OpBuilder &builder, mlir::Location loc, ReduceFn fn, mlir::Value operand,
                   llvm::ArrayRef<int64_t> axes);
/// `dl.transpose`, or the operand itself for the identity.
mlir::Value transpose(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value operand, llvm::ArrayRef<int64_t> permutation);
/// Repeats what a fold of `axes` of `type` left.
mlir::Value repeat(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value folded, mlir::RankedTensorType type,
                   llvm::ArrayRef<int64_t> axes);
/// The index along `axis`, of the sizes of `type`, in i64.
mlir::Value indexAlong(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type, int64_t axis);
/// The transpose of taking, along `axis`, elements by `indices` of the cotangent's shape: adds each element of the cotangent where it
/// came from. The result has the cotangent's shape.
mlir::Value scatterAlong(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value cotangent, mlir::Value indices, int64_t axis);
/// The size of an axis as an attribute, for `dl.size` and loops.
SymAttr sizeAttr(mlir::RankedTensorType type, int64_t axis);

} // namespace dlc::ir::vjp

#endif
