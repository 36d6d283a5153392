// Derivatives of element-wise operations; those of functions stand in ir/Elementwise.def.
#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

void UnaryOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  auto expr = [&](Value value) { return Expr(builder, getLoc(), value); };
  [[maybe_unused]] Expr x = expr(getOperand()), y = expr(getResult()), g = expr(cotangents[0]);
  [[maybe_unused]] Value zero;
  if (!hasFloatElements(getType()))
    return gradients.push_back(Value());
  auto rule = [&]() -> Value {
    switch (getFn()) {
#define DLC_UNARY(name, value, derivative, low, high)                                                                  \
  case UnaryFn::name:                                                                                                  \
    return derivative;
#include "ir/Elementwise.def"
    case UnaryFn::not_:
      return zero;
    }
    return zero;
  };
  gradients.push_back(rule());
}

void BinaryOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  auto expr = [&](Value value) { return Expr(builder, getLoc(), value); };
  [[maybe_unused]] Expr a = expr(getLhs()), b = expr(getRhs()), y = expr(getResult()), g = expr(cotangents[0]);
  [[maybe_unused]] Value zero;
  if (!hasFloatElements(getType()))
    return gradients.append(2, Value());
  auto rule = [&](bool byA) -> Value {
    switch (getFn()) {
#define DLC_BINARY(name, value, derivativeA, derivativeB, lowA, highA, lowB, highB)                                    \
  case BinaryFn::name:                                                                                                 \
    if (byA)                                                                                                           \
      return derivativeA;                                                                                              \
    return derivativeB;
#include "ir/Elementwise.def"
    case BinaryFn::and_:
    case BinaryFn::or_:
      return zero;
    }
    return zero;
  };
  gradients.push_back(rule(true));
  gradients.push_back(rule(false));
}

void SelectOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  gradients.push_back(Value());
  if (!hasFloatElements(getType()))
    return gradients.append(2, Value());
  // g where the side was taken, else 0: what is not finite on the other side never enters.
  Expr condition(builder, getLoc(), getCondition()), g(builder, getLoc(), cotangents[0]);
  gradients.push_back(select(condition, g, 0));
  gradients.push_back(select(condition, 0, g));
}

void CastOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  if (!hasFloatElements(getType()) || !hasFloatElements(getOperand().getType()))
    return gradients.push_back(Value());
  gradients.push_back(CastOp::create(builder, getLoc(), getOperand().getType(), cotangents[0]));
}

void VariableOp::vjp(OpBuilder &, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  gradients.push_back(hasFloatElements(getType()) ? cotangents[0] : Value());
}

void BarrierOp::vjp(OpBuilder &, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  gradients.push_back(hasFloatElements(getType()) ? cotangents[0] : Value());
  gradients.append(getAfter().size(), Value());
}
