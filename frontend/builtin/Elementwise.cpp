// Element-wise functions: on compile-time numbers they compute, on tensors they are one operation.
#include "frontend/builtin/Builtins.h"

#include <cmath>

namespace dlc::frontend::builtin {
namespace {

using ir::BinaryFn;
using ir::UnaryFn;

double evaluate(UnaryFn fn, double x) {
  switch (fn) {
  case UnaryFn::neg: return -x;
  case UnaryFn::abs: return std::fabs(x);
  case UnaryFn::sign: return x > 0 ? 1 : x < 0 ? -1 : x;
  case UnaryFn::exp: return std::exp(x);
  case UnaryFn::expm1: return std::expm1(x);
  case UnaryFn::log: return std::log(x);
  case UnaryFn::log1p: return std::log1p(x);
  case UnaryFn::sqrt: return std::sqrt(x);
  case UnaryFn::rsqrt: return 1 / std::sqrt(x);
  case UnaryFn::sin: return std::sin(x);
  case UnaryFn::cos: return std::cos(x);
  case UnaryFn::tan: return std::tan(x);
  case UnaryFn::tanh: return std::tanh(x);
  case UnaryFn::sigmoid: return 1 / (1 + std::exp(-x));
  case UnaryFn::erf: return std::erf(x);
  case UnaryFn::floor: return std::floor(x);
  case UnaryFn::ceil: return std::ceil(x);
  case UnaryFn::round: return std::nearbyint(x);
  case UnaryFn::relu: return x > 0 ? x : 0;
  case UnaryFn::square: return x * x;
  case UnaryFn::reciprocal: return 1 / x;
  case UnaryFn::not_: return x == 0;
  }
  return x;
}

/// A function of real numbers: integers known at compile time count as floats, integer tensors are refused.
template <UnaryFn fn> Value real(CallContext &context) {
  Value x = context["x"];
  if (x.isError())
    return Value::error();
  if (std::optional<double> number = x.number())
    return Value::floating(evaluate(fn, *number));
  std::optional<Tensor> tensor = context.floatTensor("x");
  return tensor ? context.result(context.emit.unary(fn, *tensor)) : Value::error();
}

/// A function that integers have, too.
template <UnaryFn fn> Value exact(CallContext &context) {
  Value x = context["x"];
  if (x.isError())
    return Value::error();
  if (x.is(ValueKind::Float))
    return Value::floating(evaluate(fn, x.asFloat()));
  if (x.is(ValueKind::Size))
    if (std::optional<int64_t> n = x.asSize().constant()) {
      if (fn == UnaryFn::square)
        return Value::size(x.asSize() * x.asSize());
      int64_t sign = *n > 0 ? 1 : *n < 0 ? -1 : 0;
      bool keep = fn == UnaryFn::sign || sign < 0;
      if (fn == UnaryFn::sign)
        return Value::size(Dim(sign, context.call));
      if (!keep)
        return x;
      return fn == UnaryFn::relu ? Value::size(Dim(0, context.call))
                                 : Value::size(Dim(0) - x.asSize());
    }
  std::optional<Tensor> tensor = numericTensor(context, "x");
  return tensor ? context.result(context.emit.unary(fn, *tensor)) : Value::error();
}

/// Rounding: integers are what they are.
template <UnaryFn fn> Value rounding(CallContext &context) {
  Value x = context["x"];
  if (x.is(ValueKind::Size))
    return x;
  return real<fn>(context);
}

bool isIntegerTensor(const Value &value) {
  return value.isTensor() && !value.asTensor().isError() && !isFloat(value.asTensor().element);
}

Value powerOfSizes(CallContext &context, const Dim &base, int64_t exponent) {
  ir::SizeExpr value = 1, written = 1;
  // Past 64 factors only 0, 1 and -1 do not overflow.
  int64_t steps = exponent;
  if (std::optional<int64_t> b = base.constant(); b && (*b == 0 || *b == 1 || *b == -1))
    steps = exponent == 0 ? 0 : 1 + (exponent + 1) % 2;
  for (int64_t i = 0; i < steps && !value.hasOverflow(); ++i) {
    value = value * base.value;
    written = written * base.written;
  }
  if (value.hasOverflow())
    return context.error(diag::builtin_power, context.call, base.str(), exponent);
  return Value::size(Dim(value, written, context.call));
}

Value pow(CallContext &context) {
  Value a = context["x"], b = context["exponent"];
  if (a.isError() || b.isError())
    return Value::error();
  std::optional<int64_t> exponent = b.is(ValueKind::Size) ? b.asSize().constant() : std::nullopt;
  if (a.is(ValueKind::Size) && exponent && *exponent >= 0)
    return powerOfSizes(context, a.asSize(), *exponent);
  if (a.number() && b.number())
    return Value::floating(std::pow(*a.number(), *b.number()));
  if (isIntegerTensor(a) || isIntegerTensor(b)) {
    bool first = isIntegerTensor(a);
    return context.error(diag::builtin_needs_floats, context.range(first ? "x" : "exponent"), "pow",
                         (first ? a : b).describe());
  }
  if (a.isTensor() && b.number() == 2.0)
    return context.result(context.emit.unary(UnaryFn::square, a.asTensor()));
  return context.emit.arithmetic(BinaryFn::pow, a, b, context.call);
}

Value atan2(CallContext &context) {
  Value y = context["y"], x = context["x"];
  if (y.isError() || x.isError())
    return Value::error();
  if (y.number() && x.number())
    return Value::floating(std::atan2(*y.number(), *x.number()));
  if (isIntegerTensor(y) || isIntegerTensor(x)) {
    bool first = isIntegerTensor(y);
    return context.error(diag::builtin_needs_floats, context.range(first ? "y" : "x"), "atan2",
                         (first ? y : x).describe());
  }
  return context.emit.arithmetic(BinaryFn::atan2, y, x, context.call);
}

template <BinaryFn fn> Value extremum(CallContext &context) {
  Value a = context["a"], b = context["b"];
  if (a.isError() || b.isError())
    return Value::error();
  constexpr bool greater = fn == BinaryFn::max;
  if (a.is(ValueKind::Size) && b.is(ValueKind::Size)) {
    const Dim &p = a.asSize(), &q = b.asSize();
    auto pick = greater ? &ir::SizeExpr::max : &ir::SizeExpr::min;
    return Value::size(Dim(pick(p.value, q.value), pick(p.written, q.written), context.call));
  }
  if (a.number() && b.number())
    return Value::floating(greater ? std::fmax(*a.number(), *b.number())
                                   : std::fmin(*a.number(), *b.number()));
  return context.emit.arithmetic(fn, a, b, context.call);
}

Value div(CallContext &context) {
  return context.emit.arithmetic(BinaryFn::floordiv, context["a"], context["b"], context.call);
}

Value where(CallContext &context) {
  Value condition = context["condition"];
  if (condition.isError())
    return Value::error();
  if (condition.is(ValueKind::Bool))
    return context[condition.asBool() ? "a" : "b"];
  std::optional<Tensor> mask = context.boolTensor("condition");
  llvm::SmallVector<Value> branches{context["a"], context["b"]};
  llvm::SmallVector<Tensor> tensors;
  if (!mask || !context.emit.unify(branches, context.call, "where", tensors))
    return Value::error();
  if (mask->isError() || tensors[0].isError() || tensors[1].isError())
    return Value::error();
  std::optional<Shape> shape =
      context.emit.broadcastShape({*mask, tensors[0], tensors[1]}, context.call);
  if (!shape)
    return Value::error();
  return context.result(context.emit.select(context.emit.broadcastTo(*mask, *shape),
                                            context.emit.broadcastTo(tensors[0], *shape),
                                            context.emit.broadcastTo(tensors[1], *shape)));
}

/// Numbers known at compile time as floats; nothing if a tensor is among them.
std::optional<Value> realNumbers(const Value &x) {
  if (x.is(ValueKind::Bool))
    return Value::floating(x.asBool() ? 1 : 0);
  if (std::optional<double> number = x.number())
    return Value::floating(*number);
  if (!x.is(ValueKind::List))
    return std::nullopt;
  std::vector<Value> items;
  for (const Value &item : x.items()) {
    std::optional<Value> converted = realNumbers(item);
    if (!converted)
      return std::nullopt;
    items.push_back(*converted);
  }
  return Value::list(std::move(items));
}

/// Floats stay as they are; booleans and integers become f32.
Value realOf(CallContext &context) {
  Value x = context["x"];
  if (x.isError())
    return Value::error();
  if (std::optional<Value> numbers = realNumbers(x))
    return *numbers;
  std::optional<Tensor> tensor = context.tensor("x");
  if (!tensor || tensor->isError())
    return Value::error();
  if (isFloat(tensor->element))
    return context.result(*tensor);
  return context.result(context.emit.cast(*tensor, ElementType::F32));
}

/// `x` in the element type of `like`; a number stays one, since it takes the type of what it meets.
Value castLike(CallContext &context) {
  Value x = context["x"], like = context["like"];
  if (x.isError() || like.isError())
    return Value::error();
  if (x.number() || !like.isTensor())
    return x;
  std::optional<Tensor> tensor = context.tensor("x");
  if (!tensor || tensor->isError())
    return Value::error();
  return context.result(context.emit.cast(*tensor, like.asTensor().element));
}

} // namespace

llvm::ArrayRef<BuiltinEntry> elementwiseEntries() {
  static const BuiltinEntry entries[] = {
      {"abs(x)", &exact<UnaryFn::abs>},
      {"sign(x)", &exact<UnaryFn::sign>},
      {"square(x)", &exact<UnaryFn::square>},
      {"relu(x)", &exact<UnaryFn::relu>},
      {"exp(x)", &real<UnaryFn::exp>},
      {"expm1(x)", &real<UnaryFn::expm1>},
      {"log(x)", &real<UnaryFn::log>},
      {"log1p(x)", &real<UnaryFn::log1p>},
      {"sqrt(x)", &real<UnaryFn::sqrt>},
      {"rsqrt(x)", &real<UnaryFn::rsqrt>},
      {"sin(x)", &real<UnaryFn::sin>},
      {"cos(x)", &real<UnaryFn::cos>},
      {"tan(x)", &real<UnaryFn::tan>},
      {"tanh(x)", &real<UnaryFn::tanh>},
      {"sigmoid(x)", &real<UnaryFn::sigmoid>},
      {"erf(x)", &real<UnaryFn::erf>},
      {"floor(x)", &rounding<UnaryFn::floor>},
      {"ceil(x)", &rounding<UnaryFn::ceil>},
      {"round(x)", &rounding<UnaryFn::round>},
      {"pow(x, exponent)", &pow},
      {"atan2(y, x)", &atan2},
      {"maximum(a, b)", &extremum<BinaryFn::max>},
      {"minimum(a, b)", &extremum<BinaryFn::min>},
      {"div(a, b)", &div},
      {"where(condition, a, b)", &where},
      {"real(x)", &realOf},
      {"cast_like(x, like)", &castLike},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
