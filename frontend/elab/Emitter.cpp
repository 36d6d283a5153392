// The operations that arithmetic, broadcasting and builtins emit.
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"
#include "ir/ShapeInference.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>

namespace dlc::frontend {

mlir::OpBuilder &Emitter::builder() { return elab.builder(); }
mlir::MLIRContext *Emitter::context() { return elab.context; }
mlir::Location Emitter::loc() { return elab.location(elab.current); }

Tensor Emitter::wrap(mlir::Value value, ElementType element, Shape shape) {
  Tensor tensor;
  tensor.value = value;
  tensor.element = element;
  tensor.shape = std::move(shape);
  tensor.home = elab.function;
  return tensor;
}

/// An error that knows its type.
static Tensor failed(ElementType element, Shape shape) {
  Tensor tensor;
  tensor.element = element;
  tensor.shape = std::move(shape);
  return tensor;
}

mlir::Value Emitter::operand(const Tensor &x) {
  if (!x.value || !x.home || x.home == elab.function)
    return x.value;
  // A number may cross from one function into another; anything computed may not.
  if (mlir::Operation *op = x.value.getDefiningOp()) {
    if (mlir::isa<ir::ConstantOp, ir::SizeOp>(op))
      return builder().clone(*op)->getResult(0);
    if (auto broadcast = mlir::dyn_cast<ir::BroadcastOp>(op)) {
      if (mlir::Operation *source = broadcast.getOperand().getDefiningOp(); source && mlir::isa<ir::ConstantOp>(source)) {
        mlir::Operation *copy = builder().clone(*source);
        return ir::BroadcastOp::create(builder(), loc(), broadcast.getType(), copy->getResult(0), broadcast.getAxes());
      }
    }
  }
  if (mlir::Value imported = elab.importValue(x))
    return imported;
  elab.report(diag::value_of_another_function, elab.current);
  return {};
}

template <typename Op, typename... Args>
static mlir::Value build(Emitter &emit, Args &&...args) {
  return Op::create(emit.builder(), emit.loc(), std::forward<Args>(args)...).getResult();
}

// ------------------------------------------------------------------------------------------ making

static mlir::TypedAttr integerAttribute(mlir::Type type, int64_t number) {
  return mlir::IntegerAttr::get(type, llvm::APInt(type.getIntOrFloatBitWidth(), static_cast<uint64_t>(number), false, true));
}

static mlir::TypedAttr scalarAttribute(mlir::Type type, double number) {
  if (auto floating = mlir::dyn_cast<mlir::FloatType>(type))
    return mlir::FloatAttr::get(floating, number);
  return integerAttribute(type, static_cast<int64_t>(number));
}

Tensor Emitter::constant(double number, ElementType element, const Shape &shape) {
  mlir::Type type = toMlir(context(), element);
  auto scalar = mlir::cast<mlir::ShapedType>(tensorType(context(), element, {}));
  mlir::Attribute attribute = scalarAttribute(type, number);
  auto dense = mlir::DenseElementsAttr::get(scalar, llvm::ArrayRef<mlir::Attribute>(attribute));
  Tensor result = wrap(build<ir::ConstantOp>(*this, dense), element, {});
  return shape.rank() ? broadcastTo(result, shape) : result;
}

Tensor Emitter::constantInt(int64_t number, ElementType element, const Shape &shape) {
  mlir::Type type = toMlir(context(), element);
  auto scalar = mlir::cast<mlir::ShapedType>(tensorType(context(), element, {}));
  mlir::Attribute attribute = integerAttribute(type, number);
  auto dense = mlir::DenseElementsAttr::get(scalar, llvm::ArrayRef<mlir::Attribute>(attribute));
  Tensor result = wrap(build<ir::ConstantOp>(*this, dense), element, {});
  if (!shape.rank()) {
    result.isSize = true;
    result.offset = ir::SizeExpr(number);
    return result;
  }
  return broadcastTo(result, shape);
}

Tensor Emitter::constants(llvm::ArrayRef<double> numbers, ElementType element, const Shape &shape) {
  mlir::Type type = toMlir(context(), element);
  llvm::SmallVector<mlir::Attribute> attributes;
  for (double number : numbers)
    attributes.push_back(scalarAttribute(type, number));
  auto dense = mlir::DenseElementsAttr::get(
      mlir::cast<mlir::ShapedType>(tensorType(context(), element, shape)), attributes);
  return wrap(build<ir::ConstantOp>(*this, dense), element, shape);
}

Tensor Emitter::constants(llvm::ArrayRef<int64_t> numbers, ElementType element, const Shape &shape) {
  mlir::Type type = toMlir(context(), element);
  llvm::SmallVector<mlir::Attribute> attributes;
  for (int64_t number : numbers)
    attributes.push_back(integerAttribute(type, number));
  auto dense = mlir::DenseElementsAttr::get(
      mlir::cast<mlir::ShapedType>(tensorType(context(), element, shape)), attributes);
  return wrap(build<ir::ConstantOp>(*this, dense), element, shape);
}

Tensor Emitter::sizeTensor(const Dim &size) {
  if (auto number = size.constant())
    return constantInt(*number);
  auto attribute = ir::SymAttr::get(context(), llvm::ArrayRef<ir::SizeExpr>(size.value));
  mlir::Type type = tensorType(context(), ElementType::I64, {});
  Tensor result = wrap(build<ir::SizeOp>(*this, type, attribute), ElementType::I64, {});
  result.isSize = true;
  result.offset = size.value;
  return result;
}

Tensor Emitter::iota(int64_t axis, ElementType element, const Shape &shape) {
  mlir::Type type = tensorType(context(), element, shape);
  return wrap(build<ir::IotaOp>(*this, type, axis, mlir::Value()), element, shape);
}

Tensor Emitter::random(ir::RandomFn fn, llvm::StringRef name, ElementType element, const Shape &shape) {
  for (const Dim &dim : shape)
    if (dim.value.hasOverflow())
      return failed(element, shape);
  Tensor seed = elab.counter("seed");
  bool stepped = elab.cx().kind == ContextKind::Step || elab.cx().kind == ContextKind::Hook;
  Tensor step = stepped ? elab.counter("step") : constantInt(0);
  Tensor site = constantInt(0);
  mlir::Operation *siteOp = site.value.getDefiningOp();
  if (elab.pending) {
    // The first draw of an initial value is keyed by the parameter's name alone.
    size_t earlier = elab.pending->size();
    elab.pending->push_back({siteOp, earlier ? "/" + name.str() + "#" + std::to_string(earlier) : ""});
  } else {
    auto type = mlir::cast<mlir::ShapedType>(site.value.getType());
    auto attribute = mlir::IntegerAttr::get(type.getElementType(), llvm::APInt(64, siteHash(elab.randomPath(name))));
    siteOp->setAttr("value", mlir::DenseElementsAttr::get(type, llvm::ArrayRef<mlir::Attribute>(attribute)));
  }
  llvm::SmallVector<mlir::Value> indices(elab.cx().loopIndices);
  mlir::Type type = tensorType(context(), element, shape);
  mlir::Value offset;
  if (elab.cx().kind == ContextKind::RowMap)
    indices.push_back(elab.counter("row").value);
  return wrap(build<ir::RandomOp>(*this, type, fn, seed.value, step.value, site.value, indices, int64_t(0), offset),
              element, shape);
}

// ------------------------------------------------------------------------------------------ element by element

Tensor Emitter::cast(const Tensor &x, ElementType to) {
  if (x.element == to)
    return x;
  mlir::Value value = operand(x);
  if (!value)
    return failed(to, x.shape);
  mlir::Type type = tensorType(context(), to, x.shape);
  Tensor result = wrap(build<ir::CastOp>(*this, type, value), to, x.shape);
  if (isInteger(to) && isInteger(x.element) && widens(x.element, to)) {
    result.base = x.base;
    result.offset = x.offset;
    result.isSize = x.isSize;
  }
  return result;
}

Tensor Emitter::unary(ir::UnaryFn fn, const Tensor &x) {
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, x.shape);
  return wrap(build<ir::UnaryOp>(*this, value.getType(), fn, value), x.element, x.shape);
}

Tensor Emitter::binary(ir::BinaryFn fn, const Tensor &a, const Tensor &b) {
  if (a.isError() || b.isError())
    return failed(a.element, a.rank() >= b.rank() ? a.shape : b.shape);
  Tensor x = a, y = b;
  if (!(a.shape == b.shape)) {
    auto shape = broadcastShape({a, b}, elab.current);
    if (!shape)
      return failed(a.element, a.shape);
    x = broadcastTo(a, *shape);
    y = broadcastTo(b, *shape);
  }
  mlir::Value lhs = operand(x), rhs = operand(y);
  if (!lhs || !rhs)
    return failed(a.element, x.shape);
  Tensor result = wrap(build<ir::BinaryOp>(*this, lhs.getType(), fn, lhs, rhs), a.element, x.shape);
  if (result.rank() == 0 && isInteger(a.element) && (fn == ir::BinaryFn::add || fn == ir::BinaryFn::sub)) {
    auto base = [](const Tensor &t) { return t.isSize ? mlir::Value() : t.base ? t.base : t.value; };
    if (b.isSize) {
      result.base = base(a);
      result.offset = fn == ir::BinaryFn::add ? a.offset + b.offset : a.offset - b.offset;
      result.isSize = a.isSize;
    } else if (a.isSize && fn == ir::BinaryFn::add) {
      result.base = base(b);
      result.offset = a.offset + b.offset;
    }
  }
  return result;
}

Tensor Emitter::compare(ir::CompareFn fn, const Tensor &a, const Tensor &b) {
  if (a.isError() || b.isError())
    return failed(ElementType::Bool, a.rank() >= b.rank() ? a.shape : b.shape);
  Tensor x = a, y = b;
  if (!(a.shape == b.shape)) {
    auto shape = broadcastShape({a, b}, elab.current);
    if (!shape)
      return failed(ElementType::Bool, a.shape);
    x = broadcastTo(a, *shape);
    y = broadcastTo(b, *shape);
  }
  mlir::Value lhs = operand(x), rhs = operand(y);
  if (!lhs || !rhs)
    return failed(ElementType::Bool, x.shape);
  mlir::Type type = tensorType(context(), ElementType::Bool, x.shape);
  return wrap(build<ir::CompareOp>(*this, type, fn, lhs, rhs), ElementType::Bool, x.shape);
}

Tensor Emitter::select(const Tensor &condition, const Tensor &a, const Tensor &b) {
  if (condition.isError() || a.isError() || b.isError())
    return failed(a.element, a.shape);
  auto shape = broadcastShape({condition, a, b}, elab.current);
  if (!shape)
    return failed(a.element, a.shape);
  mlir::Value c = operand(broadcastTo(condition, *shape)), x = operand(broadcastTo(a, *shape)),
              y = operand(broadcastTo(b, *shape));
  if (!c || !x || !y)
    return failed(a.element, *shape);
  return wrap(build<ir::SelectOp>(*this, x.getType(), c, x, y), a.element, *shape);
}

Tensor Emitter::broadcastTo(const Tensor &x, const Shape &shape) {
  if (x.isError() || x.shape == shape) {
    Tensor same = x;
    same.shape = shape;
    return same;
  }
  llvm::SmallVector<int64_t> axes;
  for (int64_t i = 0; i < x.rank(); ++i)
    axes.push_back(shape.rank() - x.rank() + i);
  return broadcast(x, shape, axes);
}

Tensor Emitter::broadcast(const Tensor &x, const Shape &shape, llvm::ArrayRef<int64_t> axes) {
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::BroadcastOp>(*this, type, value, axes), x.element, shape);
}

// ------------------------------------------------------------------------------------------ reductions

Tensor Emitter::reduce(ir::ReduceFn fn, const Tensor &x, llvm::ArrayRef<int64_t> axes, bool keep) {
  Shape reduced, kept;
  for (int64_t i = 0; i < x.rank(); ++i) {
    bool folded = llvm::is_contained(axes, i);
    if (!folded)
      reduced.push_back(x.shape[i]);
    kept.push_back(folded ? Dim(1, x.shape[i].range) : x.shape[i]);
  }
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, keep ? kept : reduced);
  Tensor result = x;
  if (!axes.empty()) {
    mlir::Type type = tensorType(context(), x.element, reduced);
    result = wrap(build<ir::ReduceOp>(*this, type, fn, value, axes), x.element, reduced);
  }
  return keep && !axes.empty() ? reshape(result, kept) : result;
}

Tensor Emitter::argReduce(ir::ReduceFn fn, const Tensor &x, int64_t axis) {
  Shape shape;
  for (int64_t i = 0; i < x.rank(); ++i)
    if (i != axis)
      shape.push_back(x.shape[i]);
  mlir::Value value = operand(x);
  if (!value)
    return failed(ElementType::I64, shape);
  mlir::Type type = tensorType(context(), ElementType::I64, shape);
  return wrap(build<ir::ArgReduceOp>(*this, type, fn, value, axis), ElementType::I64, shape);
}

Tensor Emitter::cumulate(ir::ReduceFn fn, const Tensor &x, int64_t axis, bool reverse, bool exclusive) {
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, x.shape);
  return wrap(build<ir::CumulateOp>(*this, value.getType(), fn, value, axis, reverse, exclusive),
              x.element, x.shape);
}

std::pair<Tensor, Tensor> Emitter::sort(const Tensor &x, int64_t axis, bool descending) {
  mlir::Value value = operand(x);
  if (!value)
    return {failed(x.element, x.shape), failed(ElementType::I64, x.shape)};
  mlir::Type indices = tensorType(context(), ElementType::I64, x.shape);
  auto op = ir::SortOp::create(builder(), loc(), value.getType(), indices, value, axis, descending);
  return {wrap(op.getSorted(), x.element, x.shape), wrap(op.getPermutation(), ElementType::I64, x.shape)};
}

// ------------------------------------------------------------------------------------------ shape

Tensor Emitter::reshape(const Tensor &x, const Shape &shape) {
  if (x.shape == shape) {
    Tensor same = x;
    same.shape = shape;
    return same;
  }
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  Tensor result = wrap(build<ir::ReshapeOp>(*this, type, value), x.element, shape);
  if (shape.rank() == 0) {
    result.base = x.base;
    result.offset = x.offset;
  }
  return result;
}

Tensor Emitter::transpose(const Tensor &x, llvm::ArrayRef<int64_t> permutation) {
  Shape shape;
  for (int64_t axis : permutation)
    shape.push_back(x.shape[axis]);
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::TransposeOp>(*this, type, value, permutation), x.element, shape);
}

Tensor Emitter::slice(const Tensor &x, llvm::ArrayRef<int64_t> start, llvm::ArrayRef<int64_t> stride,
                      const Shape &shape) {
  bool whole = x.shape == shape && llvm::all_of(start, [](int64_t s) { return s == 0; }) &&
               llvm::all_of(stride, [](int64_t s) { return s == 1; });
  if (whole)
    return x;
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::SliceOp>(*this, type, value, start, stride), x.element, shape);
}

Tensor Emitter::sliceAxis(const Tensor &x, int64_t axis, const Dim &start, const Dim &count) {
  Shape shape = x.shape;
  shape[axis] = count;
  if (auto number = start.constant()) {
    llvm::SmallVector<int64_t> starts(x.rank(), 0), strides(x.rank(), 1);
    starts[axis] = *number;
    return slice(x, starts, strides, shape);
  }
  llvm::SmallVector<Tensor> starts;
  for (int64_t i = 0; i < x.rank(); ++i)
    starts.push_back(i == axis ? sizeTensor(start) : constantInt(0));
  return dynamicSlice(x, starts, shape);
}

Tensor Emitter::dynamicSlice(const Tensor &x, llvm::ArrayRef<Tensor> starts, const Shape &shape) {
  mlir::Value value = operand(x);
  llvm::SmallVector<mlir::Value> operands;
  for (const Tensor &start : starts)
    operands.push_back(operand(cast(start, ElementType::I64)));
  if (!value || llvm::is_contained(operands, mlir::Value()))
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::DynamicSliceOp>(*this, type, value, operands), x.element, shape);
}

Tensor Emitter::dynamicUpdate(const Tensor &x, const Tensor &update, llvm::ArrayRef<Tensor> starts) {
  mlir::Value value = operand(x), part = operand(update);
  llvm::SmallVector<mlir::Value> operands;
  for (const Tensor &start : starts)
    operands.push_back(operand(cast(start, ElementType::I64)));
  if (!value || !part || llvm::is_contained(operands, mlir::Value()))
    return failed(x.element, x.shape);
  return wrap(build<ir::DynamicUpdateOp>(*this, value.getType(), value, part, operands), x.element, x.shape);
}

Tensor Emitter::pad(const Tensor &x, const Tensor &value, llvm::ArrayRef<int64_t> low,
                    llvm::ArrayRef<int64_t> interior, const Shape &shape) {
  mlir::Value source = operand(x), filler = operand(value);
  if (!source || !filler)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::PadOp>(*this, type, source, filler, low, interior), x.element, shape);
}

Tensor Emitter::concat(llvm::ArrayRef<Tensor> parts, int64_t axis) {
  if (parts.size() == 1)
    return parts.front();
  Shape shape = parts.front().shape;
  llvm::SmallVector<mlir::Value> operands;
  for (const Tensor &part : parts) {
    if (&part != parts.begin())
      shape[axis] = shape[axis] + part.shape[axis];
    operands.push_back(operand(part));
  }
  if (llvm::is_contained(operands, mlir::Value()))
    return failed(parts.front().element, shape);
  mlir::Type type = tensorType(context(), parts.front().element, shape);
  return wrap(build<ir::ConcatOp>(*this, type, operands, axis), parts.front().element, shape);
}

Tensor Emitter::reverse(const Tensor &x, llvm::ArrayRef<int64_t> axes) {
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, x.shape);
  return wrap(build<ir::ReverseOp>(*this, value.getType(), value, axes), x.element, x.shape);
}

Tensor Emitter::window(const Tensor &x, llvm::ArrayRef<int64_t> axes, llvm::ArrayRef<int64_t> size,
                       llvm::ArrayRef<int64_t> stride, llvm::ArrayRef<int64_t> dilation) {
  Shape shape = x.shape;
  for (size_t k = 0; k < axes.size(); ++k) {
    ir::SizeExpr span(dilation[k] * (size[k] - 1) + 1);
    shape[axes[k]] = Dim(ir::SizeExpr::floordiv(x.shape[axes[k]].value - span, stride[k]) + 1, x.shape[axes[k]].range);
    shape.push_back(Dim(size[k]));
  }
  mlir::Value value = operand(x);
  if (!value)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::WindowOp>(*this, type, value, axes, size, stride, dilation), x.element, shape);
}

// ------------------------------------------------------------------------------------------ products, indexing, effects

Tensor Emitter::dot(const Tensor &a, const Tensor &b, llvm::ArrayRef<int64_t> aBatch,
                    llvm::ArrayRef<int64_t> bBatch, llvm::ArrayRef<int64_t> aContract,
                    llvm::ArrayRef<int64_t> bContract) {
  Shape shape;
  for (int64_t axis : aBatch)
    shape.push_back(a.shape[axis]);
  for (int64_t i = 0; i < a.rank(); ++i)
    if (!llvm::is_contained(aBatch, i) && !llvm::is_contained(aContract, i))
      shape.push_back(a.shape[i]);
  for (int64_t i = 0; i < b.rank(); ++i)
    if (!llvm::is_contained(bBatch, i) && !llvm::is_contained(bContract, i))
      shape.push_back(b.shape[i]);
  mlir::Value lhs = operand(a), rhs = operand(b);
  if (!lhs || !rhs)
    return failed(a.element, shape);
  mlir::Type type = tensorType(context(), a.element, shape);
  return wrap(build<ir::DotOp>(*this, type, lhs, rhs, aBatch, bBatch, aContract, bContract), a.element, shape);
}

Tensor Emitter::matmul(const Tensor &left, const Tensor &right, SourceRange range) {
  Tensor a = left, b = right;
  if (a.isError() || b.isError())
    return failed(a.element, {});
  if (a.rank() == 0 || b.rank() == 0) {
    elab.report(diag::product_of_scalars, range, a.typeText(), b.typeText()).help("`*` multiplies by a scalar");
    return failed(a.element, {});
  }
  int64_t inner = b.rank() == 1 ? 0 : b.rank() - 2;
  if (!(a.shape[a.rank() - 1] == b.shape[inner])) {
    auto builder = elab.report(diag::product_sizes, range, a.typeText(), b.typeText(), a.shape[a.rank() - 1].str(), b.shape[inner].str());
    if (a.shape[a.rank() - 1].range.isValid())
      builder.addNote(a.shape[a.rank() - 1].range, "the last size of the left operand comes from here");
    if (b.shape[inner].range.isValid())
      builder.addNote(b.shape[inner].range, "the size of the right operand comes from here");
    return failed(a.element, {});
  }
  int64_t batchA = std::max<int64_t>(a.rank() - 2, 0), batchB = std::max<int64_t>(b.rank() - 2, 0);
  if (batchB == 0 || b.rank() == 1)
    return dot(a, b, {}, {}, {a.rank() - 1}, {inner});
  if (a.rank() == 1) {
    Tensor product = dot(b, a, {}, {}, {inner}, {0});
    return product;
  }
  // Both have batch axes: broadcast them against each other.
  Tensor headA = failed(a.element, Shape(llvm::ArrayRef(a.shape.dims).take_front(batchA)));
  Tensor headB = failed(b.element, Shape(llvm::ArrayRef(b.shape.dims).take_front(batchB)));
  auto heads = broadcastShape({headA, headB}, range);
  if (!heads)
    return failed(a.element, {});
  auto extend = [&](const Tensor &x) {
    Shape shape = *heads;
    shape.push_back(x.shape[x.rank() - 2]);
    shape.push_back(x.shape[x.rank() - 1]);
    return broadcastTo(x, shape);
  };
  a = extend(a);
  b = extend(b);
  llvm::SmallVector<int64_t> batch;
  for (int64_t i = 0; i < heads->rank(); ++i)
    batch.push_back(i);
  return dot(a, b, batch, batch, {a.rank() - 1}, {b.rank() - 2});
}

Tensor Emitter::conv(const Tensor &x, const Tensor &w, llvm::ArrayRef<int64_t> stride,
                     llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
                     llvm::ArrayRef<int64_t> dilation, int64_t groups) {
  Shape shape = x.shape;
  for (size_t k = 0; k < stride.size(); ++k) {
    const Dim &length = x.shape[k + 1];
    ir::SizeExpr span = ir::SizeExpr(dilation[k]) * (w.shape[k].value - 1) + 1;
    shape[k + 1] = Dim(ir::SizeExpr::floordiv(length.value + low[k] + high[k] - span, stride[k]) + 1, length.range);
  }
  shape[x.rank() - 1] = w.shape[w.rank() - 1];
  mlir::Value image = operand(x), weight = operand(w);
  if (!image || !weight)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::ConvOp>(*this, type, ir::ConvKind::forward, image, weight, stride, low, high, dilation, groups),
              x.element, shape);
}

Tensor Emitter::convInput(const Tensor &y, const Tensor &w, llvm::ArrayRef<int64_t> stride,
                          llvm::ArrayRef<int64_t> padding, llvm::ArrayRef<int64_t> dilation, int64_t groups,
                          const Shape &shape) {
  mlir::Value result = operand(y), weight = operand(w);
  if (!result || !weight)
    return failed(y.element, shape);
  mlir::Type type = tensorType(context(), y.element, shape);
  return wrap(build<ir::ConvOp>(*this, type, ir::ConvKind::input, result, weight, stride, padding, padding, dilation, groups),
              y.element, shape);
}

static Shape gathered(const Tensor &x, const Tensor &indices, int64_t axis, int64_t batch) {
  Shape shape(llvm::ArrayRef(x.shape.dims).take_front(axis));
  for (int64_t i = batch; i < indices.rank(); ++i)
    shape.push_back(indices.shape[i]);
  for (int64_t i = axis + 1; i < x.rank(); ++i)
    shape.push_back(x.shape[i]);
  return shape;
}

Tensor Emitter::gather(const Tensor &x, const Tensor &indices, int64_t axis, int64_t batch) {
  Shape shape = gathered(x, indices, axis, batch);
  mlir::Value source = operand(x), at = operand(indices);
  if (!source || !at)
    return failed(x.element, shape);
  mlir::Type type = tensorType(context(), x.element, shape);
  return wrap(build<ir::GatherOp>(*this, type, source, at, axis, batch), x.element, shape);
}

Tensor Emitter::scatter(ir::ScatterFn fn, const Tensor &x, const Tensor &indices, const Tensor &updates,
                        int64_t axis, int64_t batch) {
  mlir::Value source = operand(x), at = operand(indices), values = operand(updates);
  if (!source || !at || !values)
    return failed(x.element, x.shape);
  return wrap(build<ir::ScatterOp>(*this, source.getType(), fn, source, at, values, axis, batch), x.element, x.shape);
}

void Emitter::check(const Tensor &condition, llvm::StringRef message, llvm::ArrayRef<Tensor> operands) {
  mlir::Value value = operand(condition);
  llvm::SmallVector<mlir::Value> values;
  for (const Tensor &x : operands)
    values.push_back(operand(x));
  if (!value || llvm::is_contained(values, mlir::Value()))
    return;
  ir::CheckOp::create(builder(), loc(), value, builder().getStringAttr(message), values);
}

void Emitter::host(llvm::StringRef effect, mlir::DictionaryAttr settings, llvm::ArrayRef<Tensor> operands) {
  llvm::SmallVector<mlir::Value> values;
  for (const Tensor &x : operands)
    values.push_back(operand(x));
  if (llvm::is_contained(values, mlir::Value()))
    return;
  ir::HostOp::create(builder(), loc(), builder().getStringAttr(effect), settings, values);
}

} // namespace dlc::frontend
