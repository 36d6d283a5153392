// Element-wise functions that are more than one operation of the IR (std/elementwise.dl names the others).
#include "frontend/builtin/Builtins.h"

#include <cmath>

namespace dlc::frontend::builtin {
namespace {

using ir::BinaryFn;
using ir::UnaryFn;

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
      {"pow(x, exponent)", &pow},
      {"where(condition, a, b)", &where},
      {"real(x)", &realOf},
      {"cast_like(x, like)", &castLike},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
