// Reductions: `axis:` is none (all), an axis or a list; `keep:` leaves axes of size 1; `where:` says what takes part.
#include "frontend/builtin/Builtins.h"

#include <cmath>

namespace dlc::frontend::builtin {
namespace {

using ir::ReduceFn;

/// A list whose elements are all numbers (or all booleans) known at compile time.
bool isNumberList(const Value &x) {
  if (!x.is(ValueKind::List))
    return false;
  for (const Value &item : x.items())
    if (!item.isNumber())
      return false;
  return true;
}

double fold(ReduceFn fn, double a, double b) {
  switch (fn) {
  case ReduceFn::sum: return a + b;
  case ReduceFn::prod: return a * b;
  case ReduceFn::max: return std::fmax(a, b);
  case ReduceFn::min: return std::fmin(a, b);
  case ReduceFn::and_: return a != 0 && b != 0;
  case ReduceFn::or_: return a != 0 || b != 0;
  }
  return a;
}

Dim fold(ReduceFn fn, const Dim &a, const Dim &b, SourceRange range) {
  switch (fn) {
  case ReduceFn::sum: return a + b;
  case ReduceFn::prod: return a * b;
  case ReduceFn::max:
    return Dim(ir::SizeExpr::max(a.value, b.value), ir::SizeExpr::max(a.written, b.written), range);
  default:
    return Dim(ir::SizeExpr::min(a.value, b.value), ir::SizeExpr::min(a.written, b.written), range);
  }
}

/// A list of numbers stays at compile time: `sum(dilations)`, `prod(shape(x)[1:])`. Nothing where that cannot be.
std::optional<Value> foldNumbers(ReduceFn fn, const Value &x, SourceRange range) {
  bool logical = fn == ReduceFn::and_ || fn == ReduceFn::or_;
  const std::vector<Value> &items = x.items();
  if (items.empty() && (fn == ReduceFn::max || fn == ReduceFn::min))
    return std::nullopt;
  bool sizes = true;
  for (const Value &item : items) {
    sizes &= item.is(ValueKind::Size);
    if (item.is(ValueKind::Bool) != logical)
      return std::nullopt;
  }
  if (logical) {
    bool all = fn == ReduceFn::and_;
    for (const Value &item : items)
      if (item.asBool() != all)
        return Value::boolean(!all);
    return Value::boolean(all);
  }
  if (sizes) {
    if (items.empty())
      return Value::size(Dim(fn == ReduceFn::prod ? 1 : 0, range));
    Dim result = items[0].asSize();
    for (size_t i = 1; i < items.size(); ++i)
      result = fold(fn, result, items[i].asSize(), range);
    return Value::size(result);
  }
  std::optional<double> result;
  for (const Value &item : items) {
    std::optional<double> number = item.number();
    if (!number)
      return std::nullopt;
    result = result ? fold(fn, *result, *number) : *number;
  }
  return Value::floating(*result);
}

/// Small integers and booleans are counted in i64.
Tensor widened(CallContext &context, const Tensor &x) {
  return isFloat(x.element) || x.element == ElementType::I64 ? x
                                                            : context.emit.cast(x, ElementType::I64);
}

template <ReduceFn fn> Value reduce(CallContext &context) {
  constexpr bool logical = fn == ReduceFn::and_ || fn == ReduceFn::or_;
  constexpr bool counts = fn == ReduceFn::sum || fn == ReduceFn::prod;
  Value value = context["x"];
  if (value.isError())
    return Value::error();
  std::optional<bool> keep = context.boolean("keep");
  if (!keep)
    return Value::error();
  if (isNumberList(value) && context.isNone("axis") && context.isNone("where") && !*keep)
    if (std::optional<Value> number = foldNumbers(fn, value, context.call))
      return *number;
  // `min(a, b)` of two sizes, as in `f32[min(n, 8)]`.
  if constexpr (fn == ReduceFn::min || fn == ReduceFn::max)
    if (value.isNumber() && context["axis"].isNumber() && context.isNone("where"))
      return context.callLibrary(fn == ReduceFn::min ? "minimum" : "maximum", {value, context["axis"]});
  if (counts && value.number() && context.isNone("where") && context.isNone("axis"))
    return value;

  std::optional<Tensor> x = logical  ? context.boolTensor("x")
                            : counts ? context.tensor("x")
                                     : numericTensor(context, "x");
  if (!x || x->isError())
    return Value::error();
  if (counts)
    x = widened(context, *x);
  auto axes = context.axes("axis", x->rank());
  if (!axes)
    return Value::error();
  if (!context.isNone("where")) {
    std::optional<Tensor> mask = maskFor(context, *x);
    if (!mask)
      return Value::error();
    x = masked(context, fn, *x, *mask);
  }
  if (axes->empty())
    return context.result(*x);
  return context.result(context.emit.reduce(fn, *x, *axes, *keep));
}

template <ReduceFn fn> Value argReduce(CallContext &context) {
  std::optional<Tensor> x = numericTensor(context, "x");
  std::optional<bool> keep = context.boolean("keep");
  if (!x || !keep || x->isError())
    return Value::error();
  if (!context.isNone("where")) {
    std::optional<Tensor> mask = maskFor(context, *x);
    if (!mask || mask->isError())
      return Value::error();
    x = masked(context, fn, *x, *mask);
  }
  Shape kept = x->shape;
  int64_t axis = 0;
  if (context.isNone("axis")) {
    for (int64_t i = 0; i < kept.rank(); ++i)
      kept[i] = Dim(1, context.call);
    x = context.emit.reshape(*x, Shape{Dim(x->shape.count(), context.call)});
  } else if (std::optional<int64_t> one = context.axis("axis", x->rank())) {
    axis = *one;
    kept[axis] = Dim(1, context.call);
  } else {
    return Value::error();
  }
  if (x->shape[axis].constant() == 0)
    return context.error(diag::builtin_empty_axis, context.call, nameOf(context), axis, x->typeText());
  Tensor index = context.emit.argReduce(fn, *x, axis);
  return context.result(*keep ? context.emit.reshape(index, kept) : index);
}

template <ReduceFn fn> Value cumulate(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<bool> reverse = context.boolean("reverse"), exclusive = context.boolean("exclusive");
  if (!x || !reverse || !exclusive || x->isError())
    return Value::error();
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!axis)
    return Value::error();
  x = widened(context, *x);
  if (!context.isNone("where")) {
    std::optional<Tensor> mask = maskFor(context, *x);
    if (!mask)
      return Value::error();
    x = masked(context, fn, *x, *mask);
  }
  if (x->isError())
    return Value::error();
  return context.result(context.emit.cumulate(fn, *x, *axis, *reverse, *exclusive));
}

/// How many elements a reduction over `axis` folds into one.
Value axisSize(CallContext &context) {
  Value value = context["x"];
  if (value.isError())
    return Value::error();
  if (value.isNumber())
    return Value::size(Dim(1, context.call));
  if (isNumberList(value) && context.isNone("axis"))
    return Value::size(Dim(static_cast<int64_t>(value.items().size()), context.call));
  std::optional<Tensor> x = context.tensor("x");
  if (!x || x->isError())
    return Value::error();
  auto axes = context.axes("axis", x->rank());
  if (!axes)
    return Value::error();
  Dim count(1, context.call);
  for (size_t i = 0; i < axes->size(); ++i)
    count = i == 0 ? x->shape[(*axes)[i]] : count * x->shape[(*axes)[i]];
  return Value::size(count);
}

} // namespace

llvm::ArrayRef<BuiltinEntry> reduceEntries() {
  static const BuiltinEntry entries[] = {
      {"sum(x, axis = none, keep: bool = false, where = none)", &reduce<ReduceFn::sum>},
      {"prod(x, axis = none, keep: bool = false, where = none)", &reduce<ReduceFn::prod>},
      {"max(x, axis = none, keep: bool = false, where = none)", &reduce<ReduceFn::max>},
      {"min(x, axis = none, keep: bool = false, where = none)", &reduce<ReduceFn::min>},
      {"all(x, axis = none, keep: bool = false, where = none)", &reduce<ReduceFn::and_>},
      {"any(x, axis = none, keep: bool = false, where = none)", &reduce<ReduceFn::or_>},
      {"argmax(x, axis = none, keep: bool = false, where = none)", &argReduce<ReduceFn::max>},
      {"argmin(x, axis = none, keep: bool = false, where = none)", &argReduce<ReduceFn::min>},
      {"cumsum(x, axis = -1, reverse: bool = false, exclusive: bool = false, where = none)",
       &cumulate<ReduceFn::sum>},
      {"cumprod(x, axis = -1, reverse: bool = false, exclusive: bool = false, where = none)",
       &cumulate<ReduceFn::prod>},
      {"axis_size(x, axis = none)", &axisSize},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
