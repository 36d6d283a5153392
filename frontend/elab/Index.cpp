// Indexing as NumPy's (rule 12): what an index means, and reading by it.
#include "frontend/elab/IndexPlan.h"

namespace dlc::frontend {

/// `low <= index`, `index + extent <= size`, as far as it can be said now: true, false or nothing.
static std::optional<bool> known(const Dim &low, const Dim &high, const Dim &size) {
  auto below = low.value.constant(), rest = (size.value - high.value).constant();
  if ((below && *below < 0) || (rest && *rest < 0))
    return false;
  if (below && rest)
    return true;
  return std::nullopt;
}

bool Elaborator::checkBounds(const Tensor &index, const Dim &size, SourceRange range, const Dim &extent) {
  if (index.isError())
    return false;
  if (index.rank() == 0 && index.isSize) {
    Dim low(index.offset);
    auto decided = known(low, low + extent, size);
    if (decided && !*decided) {
      error(diag::index_out_of_bounds, range, index.offset.str(), size.str());
      return false;
    }
    if (decided)
      return true;
  }
  auto base = intervals.find(index.base ? index.base : index.value);
  if (base != intervals.end()) {
    Dim offset(index.base ? index.offset : ir::SizeExpr(0));
    auto decided = known(base->second.first + offset, base->second.second - Dim(1) + offset + extent, size);
    if (decided && *decided)
      return true;
  }
  if (mlir::Operation *op = index.value.getDefiningOp()) {
    if (auto iota = mlir::dyn_cast<ir::IotaOp>(op); iota && !iota.getOffset()) {
      auto decided = known(Dim(0), index.shape[static_cast<int64_t>(iota.getAxis())], size);
      if (decided && *decided)
        return true;
    }
    if (auto best = mlir::dyn_cast<ir::ArgReduceOp>(op)) {
      auto type = mlir::cast<mlir::RankedTensorType>(best.getOperand().getType());
      if (auto number = size.constant(); number && type.getDimSize(best.getAxis()) == *number)
        return true;
    }
  }
  Restore<SourceRange> place(current, range);
  Tensor wide = emit.cast(index, ElementType::I64);
  Tensor zero = emit.constantInt(0, ElementType::I64, wide.shape);
  Tensor end = emit.sizeTensor(size - extent + Dim(1));
  if (wide.rank())
    end = emit.broadcastTo(end, wide.shape);
  Tensor inside = emit.binary(ir::BinaryFn::and_, emit.compare(ir::CompareFn::ge, wide, zero), emit.compare(ir::CompareFn::lt, wide, end));
  SourceRange user = userRange(range);
  LineColumn at = user.isValid() ? program.sources().begin(user) : LineColumn();
  llvm::SmallVector<Tensor> values = {wide};
  // A size that is not known yet is a value of the text: whoever runs into it knows it.
  auto textOf = [&](const Dim &number) {
    if (auto constant = number.constant())
      return std::to_string(*constant);
    values.push_back(emit.sizeTensor(number));
    return "{" + std::to_string(values.size() - 1) + "}";
  };
  std::string what = extent.constant() == 1 ? "index {0}" : "a slice of " + textOf(extent) + " from index {0}";
  std::string message = what + " is outside of the axis of size " + textOf(size);
  if (user.isValid())
    message += " (" + program.sources().file(user.file).path().str() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ")";
  emit.check(inside, message, values);
  return true;
}

/// `x[low : high : step]`: the region, from what can be compile-time sizes or run-time numbers.
static bool planSlice(Elaborator &elab, const ast::IndexItem &item, const Dim &size, Elaborator::IndexPlan::Axis &axis);

bool Elaborator::planItem(const ast::IndexItem &item, const Dim &size, IndexPlan &plan) {
  IndexPlan::Axis axis;
  axis.range = item.range;
  if (item.kind == ast::IndexItem::Kind::Slice) {
    if (!planSlice(*this, item, size, axis))
      return false;
    plan.order.push_back(static_cast<int64_t>(plan.axes.size()));
    plan.axes.push_back(axis);
    return true;
  }
  Value value = evalRead(item.expr);
  if (value.isError())
    return false;
  axis.count = Dim(1);
  if (value.is(ValueKind::Size)) {
    Dim index = value.asSize();
    if (auto number = index.constant(); number && *number < 0)
      index = Dim(size.value + *number, size.written + *number, item.range);
    auto decided = known(index, index + Dim(1), size);
    if (decided && !*decided) {
      error(diag::index_out_of_bounds, item.range, value.asSize().str(), size.str());
      return false;
    }
    axis.kind = IndexPlan::Axis::Kind::Scalar;
    axis.start = index;
    if (!decided && !checkBounds(emit.sizeTensor(index), size, item.range))
      return false;
    plan.axes.push_back(axis);
    return true;
  }
  if (value.is(ValueKind::List))
    value = toTensorValue(value, item.range);
  if (value.isError())
    return false;
  if (!value.isTensor() || !isInteger(value.asTensor().element)) {
    auto builder = report(diag::bad_index, item.range, value.describe());
    if (value.isTensor() && value.asTensor().element == ElementType::Bool)
      builder.addHelp("how many elements a mask takes is not known; use `where(mask, x, 0)`, `top_k` or a reduction's `where:`");
    return false;
  }
  const Tensor &tensor = value.asTensor();
  if (!checkBounds(tensor, size, item.range))
    return false;
  if (tensor.rank() == 0) {
    axis.kind = IndexPlan::Axis::Kind::Scalar;
    axis.runtimeStart = tensor;
  } else {
    axis.kind = IndexPlan::Axis::Kind::Indices;
    axis.count = size;
    axis.indices = tensor;
    plan.indexed.push_back(static_cast<int64_t>(plan.axes.size()));
    plan.order.push_back(static_cast<int64_t>(plan.axes.size()));
  }
  plan.axes.push_back(axis);
  return true;
}

static bool sliceBound(Elaborator &elab, const ast::Expr *expr, const Dim &size, Value &bound) {
  bound = elab.evalRead(expr);
  if (bound.isError())
    return false;
  if (bound.is(ValueKind::Size)) {
    if (auto number = bound.asSize().constant(); number && *number < 0)
      bound = Value::size(Dim(size.value + *number, size.written + *number, expr->range()));
    return true;
  }
  if (bound.isTensor() && bound.asTensor().rank() == 0 && isInteger(bound.asTensor().element))
    return true;
  elab.error(diag::bad_index, expr->range(), bound.describe());
  return false;
}

/// The number of elements is computed with a step.
static constexpr int64_t largestStep = int64_t(1) << 31;

/// `high - low` of a slice that begins at a run-time place, both as i64: it must be known when compiled.
static std::optional<Dim> runtimeLength(Elaborator &elab, const ast::IndexItem &item, const Value &low, const Value &high, Tensor &from, Tensor &to) {
  from = elab.toTensor(low, item.range, ElementType::I64), to = elab.toTensor(high, item.range, ElementType::I64);
  if (from.isError() || to.isError())
    return std::nullopt;
  auto origin = [](const Tensor &t) { return t.isSize ? mlir::Value() : t.base ? t.base : t.value; };
  auto offset = [](const Tensor &t) { return t.isSize || t.base ? t.offset : ir::SizeExpr(0); };
  if (!low.isTensor() || !high.isTensor() || origin(from) != origin(to)) {
    elab.report(diag::slice_length_unknown, item.range).help("`x[t : t + 64]` has 64 elements for every `t`");
    return std::nullopt;
  }
  return Dim(offset(to) - offset(from), item.range);
}

/// A slice with a negative step: from `low`, or the end, down to what is above `high`, or to the beginning.
static bool planBackwardSlice(Elaborator &elab, const ast::IndexItem &item, const Dim &size, Elaborator::IndexPlan::Axis &axis) {
  Value low = Value::size(size - Dim(1)), high = Value::size(Dim(-1));
  if (item.low && !sliceBound(elab, item.low, size, low))
    return false;
  if (item.high && !sliceBound(elab, item.high, size, high))
    return false;
  Dim extent = size;
  if (low.is(ValueKind::Size) && high.is(ValueKind::Size)) {
    axis.start = low.asSize();
    axis.behind = size - Dim(1) - axis.start;
    Dim least = high.asSize() + Dim(1);
    if (item.low || item.high)
      extent = axis.start + Dim(1) - least;
    auto decided = known(least, axis.start + Dim(1), size);
    auto order = extent.value.constant();
    if ((decided && !*decided) || (order && *order < 0)) {
      auto builder = elab.report(diag::slice_out_of_bounds, item.range, item.low ? axis.start.str() : "", item.high ? high.asSize().str() : "", size.str());
      if (order && *order < 0)
        builder.addHelp("with a negative step a slice goes down, and begins above where it ends");
      return false;
    }
    if (!decided && (item.low || item.high) && !elab.checkBounds(elab.emit.sizeTensor(least), size, item.range, extent))
      return false;
  } else {
    Tensor from, to;
    auto length = runtimeLength(elab, item, low, high, from, to);
    if (!length)
      return false;
    axis.runtimeStart = from;
    extent = Dim(ir::SizeExpr(0) - length->value, item.range);
    Value least = elab.binaryValue(ast::BinaryOp::Add, Value::tensor(to), Value::size(Dim(1)), item.range);
    if (least.isError() || !elab.checkBounds(elab.toTensor(least, item.range, ElementType::I64), size, item.range, extent))
      return false;
  }
  int64_t stride = -axis.step;
  axis.count = stride == 1 ? extent : Dim(ir::SizeExpr::floordiv(extent.value + (stride - 1), stride), item.range);
  return true;
}

static bool planSlice(Elaborator &elab, const ast::IndexItem &item, const Dim &size, Elaborator::IndexPlan::Axis &axis) {
  if (item.step) {
    Value step = elab.evalRead(item.step);
    if (step.isError())
      return false;
    auto number = step.is(ValueKind::Size) ? step.asSize().constant() : std::nullopt;
    if (!number || *number == 0 || *number > largestStep || *number < -largestStep) {
      elab.error(diag::slice_step, item.step->range(), step.describe());
      return false;
    }
    axis.step = *number;
  }
  if (axis.step < 0)
    return planBackwardSlice(elab, item, size, axis);
  Value low = Value::size(Dim(0)), high = Value::size(size);
  if (item.low && !sliceBound(elab, item.low, size, low))
    return false;
  if (item.high && !sliceBound(elab, item.high, size, high))
    return false;
  if (low.is(ValueKind::Size) && high.is(ValueKind::Size)) {
    axis.start = low.asSize();
    axis.count = item.low || item.high ? high.asSize() - low.asSize() : size;
    if (!item.low)
      axis.count = high.asSize();
    auto decided = known(low.asSize(), high.asSize(), size);
    auto order = axis.count.value.constant();
    if ((decided && !*decided) || (order && *order < 0)) {
      elab.error(diag::slice_out_of_bounds, item.range, low.asSize().str(), high.asSize().str(), size.str());
      return false;
    }
    if (!decided && item.high && !elab.checkBounds(elab.emit.sizeTensor(low.asSize()), size, item.range, axis.count))
      return false;
    if (axis.step > 1)
      axis.count = Dim(ir::SizeExpr::floordiv(axis.count.value + (axis.step - 1), axis.step), item.range);
    return true;
  }
  Tensor from, to;
  auto length = runtimeLength(elab, item, low, high, from, to);
  if (!length)
    return false;
  axis.runtimeStart = from;
  axis.count = *length;
  if (!elab.checkBounds(from, size, item.range, axis.count))
    return false;
  if (axis.step > 1)
    axis.count = Dim(ir::SizeExpr::floordiv(axis.count.value + (axis.step - 1), axis.step), item.range);
  return true;
}

bool Elaborator::planIndex(const ast::IndexExpr *expr, const Tensor &base, IndexPlan &plan) {
  int64_t consumed = 0, ellipses = 0;
  for (const ast::IndexItem &item : expr->items) {
    if (item.kind == ast::IndexItem::Kind::Ellipsis)
      ++ellipses;
    else if (!(item.kind == ast::IndexItem::Kind::Expr && llvm::isa<ast::NoneExpr>(item.expr)))
      ++consumed;
  }
  if (ellipses > 1 || consumed > base.rank()) {
    // A misspelled `none` is not an index.
    for (const ast::IndexItem &item : expr->items)
      if (item.kind == ast::IndexItem::Kind::Expr && evalRead(item.expr).isError())
        return false;
    error(diag::too_many_indices, expr->range(), counted(consumed, "index", "indices"), base.typeText());
    return false;
  }
  auto full = [&] {
    IndexPlan::Axis axis;
    axis.start = Dim(0);
    axis.count = base.shape[static_cast<int64_t>(plan.axes.size())];
    axis.range = expr->range();
    plan.order.push_back(static_cast<int64_t>(plan.axes.size()));
    plan.axes.push_back(axis);
  };
  for (const ast::IndexItem &item : expr->items) {
    if (item.kind == ast::IndexItem::Kind::Ellipsis) {
      for (int64_t rest = base.rank() - consumed; rest > 0; --rest)
        full();
    } else if (item.kind == ast::IndexItem::Kind::Expr && llvm::isa<ast::NoneExpr>(item.expr)) {
      plan.order.push_back(-1);
      plan.hasNew = true;
    } else if (!planItem(item, base.shape[static_cast<int64_t>(plan.axes.size())], plan)) {
      return false;
    }
  }
  while (static_cast<int64_t>(plan.axes.size()) < base.rank())
    full();
  for (size_t i = 1; i < plan.indexed.size(); ++i)
    if (llvm::find(plan.order, plan.indexed[i]) != llvm::find(plan.order, plan.indexed[i - 1]) + 1 || plan.indexed[i] != plan.indexed[i - 1] + 1) {
      error(diag::index_not_adjacent, expr->range());
      return false;
    }
  return true;
}

Tensor stepIndices(Elaborator &elab, const Elaborator::IndexPlan::Axis &axis) {
  Shape shape;
  shape.push_back(axis.count);
  auto spread = [&](const Tensor &number) { return elab.emit.broadcastTo(elab.emit.cast(number, ElementType::I64), shape); };
  Tensor passed = elab.emit.binary(ir::BinaryFn::mul, elab.emit.iota(0, ElementType::I64, shape), spread(elab.emit.constantInt(std::abs(axis.step))));
  Tensor start = axis.runtimeStart ? *axis.runtimeStart : elab.emit.sizeTensor(axis.start);
  return elab.emit.binary(axis.step < 0 ? ir::BinaryFn::sub : ir::BinaryFn::add, spread(start), passed);
}

Tensor Elaborator::takeRegion(const Tensor &base, const IndexPlan &plan) {
  Tensor result = base;
  llvm::SmallVector<int64_t> reversed, start(base.rank(), 0), stride(base.rank(), 1);
  Shape fixed = base.shape;
  bool isStatic = false, isDynamic = false;
  for (int64_t i = 0; i < base.rank(); ++i) {
    const IndexPlan::Axis &axis = plan.axes[i];
    if (axis.isMoved()) {
      isDynamic |= axis.step == 1;
      continue;
    }
    if (axis.step < 0)
      reversed.push_back(i);
    start[i] = *axis.origin().constant();
    stride[i] = std::abs(axis.step);
    fixed[i] = axis.count;
    isStatic |= start[i] != 0 || stride[i] != 1 || !(axis.count == base.shape[i]);
  }
  if (!reversed.empty())
    result = emit.reverse(result, reversed);
  if (isStatic)
    result = emit.slice(result, start, stride, fixed);
  if (isDynamic) {
    llvm::SmallVector<Tensor> starts;
    Shape shape = fixed;
    for (int64_t i = 0; i < base.rank(); ++i) {
      const IndexPlan::Axis &axis = plan.axes[i];
      bool moved = axis.isMoved() && axis.step == 1;
      starts.push_back(!moved ? emit.constantInt(0) : axis.runtimeStart ? *axis.runtimeStart : emit.sizeTensor(axis.start));
      if (moved)
        shape[i] = axis.count;
    }
    result = emit.dynamicSlice(result, starts, shape);
  }
  for (int64_t i = 0; i < base.rank(); ++i)
    if (const IndexPlan::Axis &axis = plan.axes[i]; axis.isMoved() && axis.step != 1)
      result = emit.gather(result, stepIndices(*this, axis), i);
  return result;
}

Tensor linearIndices(Elaborator &elab, const Elaborator::IndexPlan &plan, const Tensor &base, SourceRange range) {
  llvm::SmallVector<Tensor> indices;
  for (int64_t axis : plan.indexed)
    indices.push_back(elab.emit.cast(*plan.axes[axis].indices, ElementType::I64));
  if (indices.size() == 1)
    return *plan.axes[plan.indexed[0]].indices;
  auto shape = elab.emit.broadcastShape(indices, range);
  if (!shape)
    return {};
  Tensor linear = elab.emit.broadcastTo(indices[0], *shape);
  for (size_t k = 1; k < indices.size(); ++k) {
    Tensor size = elab.emit.broadcastTo(elab.emit.sizeTensor(base.shape[plan.indexed[k]]), *shape);
    linear = elab.emit.binary(ir::BinaryFn::add, elab.emit.binary(ir::BinaryFn::mul, linear, size), elab.emit.broadcastTo(indices[k], *shape));
  }
  return linear;
}

Shape joined(const Elaborator::IndexPlan &plan, const Shape &shape) {
  if (plan.indexed.size() < 2)
    return shape;
  Shape result;
  for (int64_t i = 0; i < shape.rank(); ++i) {
    if (i > plan.indexed.front() && i <= plan.indexed.back())
      result[plan.indexed.front()] = result[plan.indexed.front()] * shape[i];
    else
      result.push_back(shape[i]);
  }
  return result;
}

Tensor Elaborator::applyIndex(const Tensor &base, const IndexPlan &plan, SourceRange range) {
  Tensor region = takeRegion(base, plan);
  if (region.isError())
    return region;
  Tensor result = region;
  int64_t indexRank = 0;
  if (!plan.indexed.empty()) {
    Tensor indices = linearIndices(*this, plan, region, range);
    if (indices.isError())
      return {};
    indexRank = indices.rank();
    result = emit.gather(emit.reshape(region, joined(plan, region.shape)), indices, plan.indexed.front());
  }
  // Scalars' axes go, new ones come.
  Shape shape;
  bool taken = false;
  for (int64_t axis : plan.order) {
    if (axis < 0) {
      shape.push_back(Dim(1, range));
    } else if (plan.axes[axis].kind != IndexPlan::Axis::Kind::Indices) {
      shape.push_back(region.shape[axis]);
    } else if (!taken) {
      for (int64_t k = 0; k < indexRank; ++k)
        shape.push_back(result.shape[plan.indexed.front() + k]);
      taken = true;
    }
  }
  return emit.reshape(result, shape);
}

/// Numbers, or tensors of one type: what `stack` takes together.
static bool isLike(const Value &a, const Value &b) {
  if (a.isNumber() || b.isNumber())
    return a.isNumber() && b.isNumber();
  return a.isTensor() && b.isTensor() && a.asTensor().element == b.asTensor().element && a.asTensor().shape == b.asTensor().shape;
}

Value Elaborator::indexList(const ast::IndexExpr *expr, const Value &list) {
  int64_t count = static_cast<int64_t>(list.items().size());
  if (expr->items.size() != 1 || expr->items[0].kind == ast::IndexItem::Kind::Ellipsis)
    return error(diag::list_index, expr->range(), "more than one index");
  const ast::IndexItem &item = expr->items[0];
  auto number = [&](const ast::Expr *e, int64_t fallback) -> std::optional<int64_t> {
    if (!e)
      return fallback;
    Value value = evalRead(e);
    if (value.isError())
      return std::nullopt;
    if (value.is(ValueKind::Size) && value.asSize().constant()) {
      int64_t index = *value.asSize().constant();
      return index < 0 ? index + count : index;
    }
    auto builder = report(diag::list_index, e->range(), value.describe());
    if (value.isTensor())
      builder.addHelp(llvm::all_of(list.items(), [&](const Value &item) { return isLike(item, list.items().front()); })
                          ? "`stack` makes a tensor of the list, which any integer indexes"
                          : "a list is known at compile time and a loop over a range runs; loop over the list");
    return std::nullopt;
  };
  if (item.kind == ast::IndexItem::Kind::Expr) {
    auto index = number(item.expr, 0);
    if (!index)
      return Value::error();
    if (*index < 0 || *index >= count)
      return error(diag::index_out_of_bounds, item.range, *index, std::to_string(count));
    return list.items()[*index];
  }
  std::optional<int64_t> step = 1;
  if (item.step) {
    Value value = evalRead(item.step);
    if (value.isError())
      return Value::error();
    step = value.is(ValueKind::Size) ? value.asSize().constant() : std::nullopt;
    if (!step || *step == 0 || *step > largestStep || *step < -largestStep)
      return error(diag::slice_step, item.step->range(), value.describe());
  }
  bool isBackward = *step < 0;
  auto low = number(item.low, isBackward ? count - 1 : 0), high = number(item.high, isBackward ? -1 : count);
  if (!low || !high)
    return Value::error();
  if (isBackward ? *high < -1 || *low >= count || *low < *high : *low < 0 || *high > count || *low > *high)
    return error(diag::slice_out_of_bounds, item.range, item.low || !isBackward ? std::to_string(*low) : "",
                 item.high || !isBackward ? std::to_string(*high) : "", std::to_string(count));
  std::vector<Value> items;
  for (int64_t i = *low; isBackward ? i > *high : i < *high; i += *step)
    items.push_back(list.items()[i]);
  return Value::list(std::move(items));
}

Value Elaborator::evalIndex(const ast::IndexExpr *expr) {
  Value base = eval(expr->base);
  if (base.isError())
    return base;
  if (base.is(ValueKind::List)) {
    bool nested = expr->items.size() == 1 && expr->items[0].kind != ast::IndexItem::Kind::Ellipsis &&
                  !(expr->items[0].kind == ast::IndexItem::Kind::Expr && llvm::isa<ast::NoneExpr>(expr->items[0].expr));
    if (nested)
      return indexList(expr, base);
  }
  if (!base.isTensor() && !base.is(ValueKind::PlaceRef) && !base.is(ValueKind::List) && !base.is(ValueKind::Walk) && !base.isNumber())
    return error(diag::cannot_index, expr->range(), base.describe());
  Tensor tensor = toTensor(base, expr->base->range());
  if (tensor.isError())
    return Value::error();
  IndexPlan plan;
  Restore<SourceRange> place(current, expr->range());
  if (!planIndex(expr, tensor, plan))
    return Value::error();
  current = expr->range();
  Tensor result = applyIndex(tensor, plan, expr->range());
  return result.isError() ? Value::error() : Value::tensor(result);
}

} // namespace dlc::frontend
