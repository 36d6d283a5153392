// Functions that change shapes or join and cut tensors.
#include "frontend/builtin/Builtins.h"

#include <cmath>

namespace dlc::frontend::builtin {
namespace {

/// The tensors of a list, brought to one element type; reported unless there is at least one.
std::optional<llvm::SmallVector<Tensor>> listOfTensors(CallContext &context, llvm::StringRef name) {
  Value list = context[name];
  if (list.isError())
    return std::nullopt;
  llvm::SmallVector<Value> items;
  if (list.is(ValueKind::List) || list.is(ValueKind::Record)) {
    for (const Value &item : list.items())
      items.push_back(context.read(item));
  } else if (list.isTensor() && list.asTensor().rank() > 0) {
    context.report(diag::builtin_needs_list, context.range(name), nameOf(context), list.describe())
        .help("write `[a, b]`");
    return std::nullopt;
  } else {
    context.report(diag::builtin_needs_list, context.range(name), nameOf(context), list.describe());
    return std::nullopt;
  }
  if (items.empty()) {
    context.report(diag::builtin_empty_list, context.range(name), nameOf(context));
    return std::nullopt;
  }
  llvm::SmallVector<Tensor> tensors;
  if (!context.emit.unify(items, context.range(name), nameOf(context), tensors))
    return std::nullopt;
  for (const Tensor &tensor : tensors)
    if (tensor.isError())
      return std::nullopt;
  return tensors;
}

Value mismatch(CallContext &context, const Tensor &a, const Tensor &b, llvm::StringRef why) {
  auto builder = context.report(diag::builtin_join_shapes, context.call, nameOf(context), a.typeText(),
                                b.typeText());
  builder.addNote({}, why.str());
  return Value::error();
}

Value concat(CallContext &context) {
  auto parts = listOfTensors(context, "parts");
  if (!parts)
    return Value::error();
  const Tensor &first = parts->front();
  std::optional<int64_t> axis = context.axis("axis", first.rank());
  if (!axis)
    return Value::error();
  for (const Tensor &part : *parts) {
    if (part.rank() != first.rank())
      return mismatch(context, first, part, "all parts need the same number of axes");
    for (int64_t i = 0; i < part.rank(); ++i)
      if (i != *axis && !(part.shape[i] == first.shape[i]))
        return mismatch(context, first, part,
                        "all sizes but that of axis " + std::to_string(*axis) + " must be equal");
  }
  return context.result(context.emit.concat(*parts, *axis));
}

Value stack(CallContext &context) {
  auto parts = listOfTensors(context, "parts");
  if (!parts)
    return Value::error();
  const Tensor &first = parts->front();
  std::optional<int64_t> axis = context.axis("axis", first.rank() + 1);
  if (!axis)
    return Value::error();
  Shape unit = first.shape;
  unit.dims.insert(unit.dims.begin() + *axis, Dim(1, context.call));
  llvm::SmallVector<Tensor> extended;
  for (const Tensor &part : *parts) {
    if (!(part.shape == first.shape))
      return mismatch(context, first, part, "all parts need the same shape");
    extended.push_back(context.emit.reshape(part, unit));
  }
  Tensor result = context.emit.concat(extended, *axis);
  if (!result.isError())
    result.shape[*axis] = Dim(static_cast<int64_t>(parts->size()), context.call);
  return context.result(result);
}

/// One tensor with a known size along `axis`.
struct Axis {
  Tensor x;
  int64_t axis;
  int64_t size;
};
std::optional<Axis> knownAxis(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  if (!x || x->isError())
    return std::nullopt;
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!axis)
    return std::nullopt;
  std::optional<int64_t> size = x->shape[*axis].constant();
  if (!size) {
    context.report(diag::builtin_axis_unknown, context.range("x"), nameOf(context), *axis,
                   x->shape[*axis].str());
    return std::nullopt;
  }
  return Axis{*x, *axis, *size};
}

Value unstack(CallContext &context) {
  std::optional<Axis> given = knownAxis(context);
  if (!given)
    return Value::error();
  constexpr int64_t kMost = 100'000; // a longer list is a loop's business
  if (given->size > kMost)
    return context.error(diag::builtin_axis_unknown, context.call, "unstack", given->axis,
                         given->x.shape[given->axis].str());
  Shape shape = given->x.shape;
  shape.dims.erase(shape.dims.begin() + given->axis);
  std::vector<Value> items;
  for (int64_t i = 0; i < given->size; ++i) {
    Tensor part = context.emit.sliceAxis(given->x, given->axis, Dim(i), Dim(1));
    items.push_back(context.result(context.emit.reshape(part, shape)));
  }
  return Value::list(std::move(items));
}

Value chunks(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<int64_t> count = context.integer("count");
  if (!x || !count || x->isError())
    return Value::error();
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!axis)
    return Value::error();
  if (*count < 1 || *count > 100'000)
    return context.error(diag::builtin_negative, context.range("count"), "count", *count, 1);
  const Dim &whole = x->shape[*axis];
  std::optional<ir::SizeExpr> part = ir::SizeExpr::exactDiv(whole.value, ir::SizeExpr(*count));
  if (!part)
    return context.error(diag::builtin_division, context.call, *count, whole.str());
  std::optional<ir::SizeExpr> written = ir::SizeExpr::exactDiv(whole.written, ir::SizeExpr(*count));
  Dim size(*part, written.value_or(*part), whole.range);
  std::vector<Value> items;
  for (int64_t i = 0; i < *count; ++i)
    items.push_back(context.result(context.emit.sliceAxis(*x, *axis, Dim(*part * i), size)));
  return Value::list(std::move(items));
}

Value cut(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<Dim> start = context.size("start"), count = context.size("count");
  if (!x || !start || !count || x->isError())
    return Value::error();
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!axis)
    return Value::error();
  std::optional<int64_t> rest = (x->shape[*axis] - *start - *count).constant();
  if (rest && *rest < 0)
    return context.error(diag::builtin_slice, context.call, start->str(), (*start + *count).str(),
                         x->shape[*axis].str());
  return context.result(context.emit.sliceAxis(*x, *axis, *start, *count));
}

Value pad(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<int64_t> before = context.integer("before");
  std::optional<Dim> after = context.size("after");
  if (!x || !before || !after || x->isError())
    return Value::error();
  auto axes = context.axes("axis", x->rank());
  if (!axes)
    return Value::error();
  if (*before < 0)
    return context.error(diag::builtin_negative, context.range("before"), "before", *before, 0);
  if (after->constant().value_or(0) < 0)
    return context.error(diag::builtin_negative, context.range("after"), "after", after->str(), 0);
  Value number = context["value"];
  Tensor value;
  if (std::optional<double> n = number.number(); n && std::isinf(*n)) {
    value = extreme(context, *n > 0, x->element);
  } else {
    std::optional<Tensor> converted = context.tensor("value", x->element);
    if (!converted || converted->isError())
      return Value::error();
    if (converted->rank() != 0)
      return context.error(diag::builtin_rank, context.range("value"), "pad", 0, converted->typeText());
    value = *converted;
  }
  Shape shape = x->shape;
  llvm::SmallVector<int64_t> low(x->rank(), 0), interior(x->rank(), 0);
  for (int64_t axis : *axes) {
    low[axis] = *before;
    shape[axis] = shape[axis] + Dim(*before) + *after;
  }
  if (shape == x->shape)
    return context.result(*x);
  return context.result(context.emit.pad(*x, value, low, interior, shape));
}

Value reshape(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<Shape> shape = context.shape("shape");
  if (!x || !shape || x->isError())
    return Value::error();
  if (!(x->shape.count() == shape->count())) {
    for (const Dim &dim : *shape)
      if (dim.constant() == -1)
        return context.error(diag::builtin_negative, context.range("shape"), "shape", "-1", 0);
    return context.error(diag::builtin_reshape, context.call, x->typeText(), x->shape.count().str(),
                         shape->str(), shape->count().str());
  }
  return context.result(context.emit.reshape(*x, *shape));
}

Value transpose(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  if (!x || x->isError())
    return Value::error();
  int64_t rank = x->rank();
  llvm::SmallVector<int64_t> permutation;
  for (int64_t i = 0; i < rank; ++i)
    permutation.push_back(i);
  if (context.isNone("axes")) {
    if (rank < 2)
      return context.error(diag::builtin_rank, context.range("x"), "transpose", "2 or more",
                           x->typeText());
    std::swap(permutation[rank - 1], permutation[rank - 2]);
    return context.result(context.emit.transpose(*x, permutation));
  }
  auto given = context.integers("axes", rank);
  if (!given)
    return Value::error();
  llvm::SmallVector<bool> seen(rank, false);
  bool valid = static_cast<int64_t>(given->size()) == rank;
  for (size_t i = 0; valid && i < given->size(); ++i) {
    int64_t axis = (*given)[i] < 0 ? (*given)[i] + rank : (*given)[i];
    valid = axis >= 0 && axis < rank && !seen[axis];
    if (valid) {
      seen[axis] = true;
      permutation[i] = axis;
    }
  }
  if (!valid)
    return context.error(diag::builtin_permutation, context.range("axes"), rank);
  return context.result(context.emit.transpose(*x, permutation));
}

Value broadcast(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<Shape> shape = context.shape("shape");
  if (!x || !shape || x->isError())
    return Value::error();
  if (!broadcasts(x->shape, *shape))
    return context.error(diag::builtin_broadcast, context.call, x->shape.str(), shape->str());
  return context.result(context.emit.broadcastTo(*x, *shape));
}

std::optional<Tensor> windows(CallContext &context, const Tensor &x, llvm::ArrayRef<int64_t> axes,
                              int64_t size, int64_t stride, int64_t dilation) {
  for (auto [name, number] : {std::pair("size", size), {"stride", stride}, {"dilation", dilation}})
    if (number < 1) {
      context.error(diag::builtin_negative, context.range(name), name, number, 1);
      return std::nullopt;
    }
  for (int64_t axis : axes) {
    std::optional<int64_t> length = x.shape[axis].constant();
    if (length && size > (*length - 1) / dilation + 1) {
      context.error(diag::builtin_window, context.call, size, axis, x.typeText());
      return std::nullopt;
    }
  }
  llvm::SmallVector<int64_t> sizes(axes.size(), size), strides(axes.size(), stride),
      dilations(axes.size(), dilation);
  return context.emit.window(x, axes, sizes, strides, dilations);
}

Value sliding(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<int64_t> size = context.integer("size"), stride = context.integer("stride"),
                         dilation = context.integer("dilation");
  if (!x || !size || !stride || !dilation || x->isError())
    return Value::error();
  auto axes = context.axes("axis", x->rank());
  if (!axes)
    return Value::error();
  auto result = windows(context, *x, *axes, *size, *stride, *dilation);
  return result ? context.result(*result) : Value::error();
}

Value frames(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<int64_t> size = context.integer("size");
  if (!x || !size || x->isError())
    return Value::error();
  std::optional<int64_t> stride = context.isNone("stride") ? size : context.integer("stride");
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!stride || !axis)
    return Value::error();
  auto result = windows(context, *x, {*axis}, *size, *stride, 1);
  if (!result)
    return Value::error();
  // The places of a frame follow the axis of the frames.
  llvm::SmallVector<int64_t> permutation;
  for (int64_t i = 0; i < x->rank(); ++i) {
    permutation.push_back(i);
    if (i == *axis)
      permutation.push_back(x->rank());
  }
  return context.result(*axis == x->rank() - 1 ? *result
                                               : context.emit.transpose(*result, permutation));
}

} // namespace

llvm::ArrayRef<BuiltinEntry> shapeEntries() {
  static const BuiltinEntry entries[] = {
      {"concat(parts, axis = 0)", &concat},
      {"stack(parts, axis = 0)", &stack},
      {"unstack(x, axis = 0)", &unstack},
      {"chunks(x, count: int, axis = 0)", &chunks},
      {"cut(x, axis: int, start: int, count: int)", &cut},
      {"pad(x, axis = none, before: int = 0, after: int = 0, value = 0)", &pad},
      {"reshape(x, shape)", &reshape},
      {"transpose(x, axes = none)", &transpose},
      {"broadcast(x, shape)", &broadcast},
      {"sliding(x, axis, size: int, stride: int = 1, dilation: int = 1)", &sliding},
      {"frames(x, size: int, stride = none, axis = 0)", &frames},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
