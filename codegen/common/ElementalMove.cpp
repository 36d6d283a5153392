// Operations that make or move elements: an index of the result becomes one of the operand.
#include "codegen/common/Elemental.h"

using namespace mlir;

namespace dlc::codegen {

/// `valid ? a : b`, as a vector where one of them varies.
static Value choose(LoopBuilder &loops, const Mask &valid, Value a, Value b, int64_t lanes) {
  if (!valid)
    return a;
  bool vector = valid.vector || isa<VectorType>(a.getType()) || isa<VectorType>(b.getType());
  Value condition = valid.scalar;
  if (vector) {
    a = loops.splat(a, lanes), b = loops.splat(b, lanes);
    condition = maskValue(loops, valid, lanes);
  }
  return loops.pure<arith::SelectOp>({condition, a, b}, 0, condition, a, b);
}

Value Elemental::constant(ir::ConstantOp op, Index &index) {
  auto dense = cast<DenseElementsAttr>(op.getValue());
  Type type = computeType(dense.getElementType());
  if (isa<FloatType>(type))
    return loops.constant(cast<TypedAttr>(dense.getSplatValue<Attribute>()));
  return loops.constant(IntegerAttr::get(type, dense.getSplatValue<APInt>()));
}

Value Elemental::iota(ir::IotaOp op, Index &index) {
  Type type = computeType(scalarOf(op.getType()));
  const Lane &along = lane.axes(index, shapeOf(op.getResult()))[op.getAxis()];
  if (!op.getOffset())
    return lane.data(along, index.lanes, type);
  Value place = lane.data(along, index.lanes, loops.builder().getI64Type());
  Value offset = evaluate(op.getOffset(), zeros(op.getOffset()));
  if (isa<VectorType>(place.getType()))
    offset = loops.splat(offset, index.lanes);
  Value sum = loops.pure<arith::AddIOp>({place, offset}, 0, place, offset);
  if (type.isInteger(64))
    return sum;
  return loops.pure<arith::TruncIOp>({sum}, type.getIntOrFloatBitWidth(), likeShape(type, sum.getType()), sum);
}

Value Elemental::broadcast(ir::BroadcastOp op, Index &index, Mask mask) {
  Value operand = op.getOperand();
  ArrayRef<int64_t> from = shapeOf(operand);
  if (countOf(operand) == 1)
    return evaluate(operand, zeros(operand));
  Index inner;
  inner.lanes = index.lanes;
  if (countOf(operand) == countOf(op.getResult()))
    inner.linear = index.linear;
  if (!(inner.linear && index.axes.empty()))
    for (auto [axis, place] : llvm::enumerate(op.getAxes()))
      inner.axes.push_back(from[axis] == 1 ? lane.constant(0) : lane.axes(index, shapeOf(op.getResult()))[place]);
  return evaluate(operand, inner, mask);
}

Value Elemental::transpose(ir::TransposeOp op, Index &index, Mask mask) {
  ArrayRef<Lane> axes = lane.axes(index, shapeOf(op.getResult()));
  SmallVector<Lane> inner(axes.size());
  for (auto [place, axis] : llvm::enumerate(op.getPermutation()))
    inner[axis] = axes[place];
  return evaluate(op.getOperand(), at(inner, index.lanes), mask);
}

Value Elemental::slice(ir::SliceOp op, Index &index, Mask mask) {
  ArrayRef<Lane> axes = lane.axes(index, shapeOf(op.getResult()));
  SmallVector<Lane> inner;
  for (auto [axis, place] : llvm::enumerate(axes))
    inner.push_back(lane.addConstant(lane.mulConstant(place, op.getStride()[axis], index.lanes), op.getStart()[axis], index.lanes));
  return evaluate(op.getOperand(), at(inner, index.lanes), mask);
}

Value Elemental::pad(ir::PadOp op, Index &index, Mask mask) {
  ArrayRef<int64_t> from = shapeOf(op.getOperand()), to = shapeOf(op.getResult());
  ArrayRef<Lane> axes = lane.axes(index, to);
  Value padding = evaluate(op.getValue(), zeros(op.getValue()));
  if (countOf(op.getOperand()) == 0)
    return padding;
  SmallVector<Lane> inner;
  Mask valid;
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    int64_t step = op.getInterior()[axis] + 1, extent = (from[axis] - 1) * step + 1;
    Lane place = lane.addConstant(axes[axis], -op.getLow()[axis], index.lanes);
    if (op.getLow()[axis] != 0 || extent != to[axis])
      valid = lane.both(valid, lane.inside(place, extent, index.lanes));
    auto [quotient, remainder] = lane.divRem(place, step, index.lanes);
    if (step != 1)
      valid = lane.both(valid, lane.compare(arith::CmpIPredicate::eq, remainder, 0, index.lanes));
    inner.push_back(quotient);
  }
  Value element = evaluate(op.getOperand(), at(inner, index.lanes), lane.both(mask, valid));
  return choose(loops, valid, element, padding, index.lanes);
}

Value Elemental::concat(ir::ConcatOp op, Index &index, Mask mask) {
  SmallVector<Lane> axes(lane.axes(index, shapeOf(op.getResult())));
  int64_t axis = op.getAxis(), offset = shapeOf(op.getResult())[axis];
  Lane place = axes[axis];
  // Where the range of places lies in one operand, that one is all.
  std::optional<std::pair<int64_t, int64_t>> known;
  if (auto number = place.uniform() ? loops.constantOf(place.base) : std::nullopt)
    known = {*number, *number + 1};
  else if (auto it = ranges.find(place.base); place.base && it != ranges.end())
    known = it->second;
  Value result;
  for (Value operand : llvm::reverse(op.getOperands())) {
    int64_t size = shapeOf(operand)[axis];
    offset -= size;
    if (size == 0 || (known && (known->second <= offset || known->first >= offset + size)))
      continue;
    axes[axis] = lane.addConstant(place, -offset, index.lanes);
    bool whole = size == shapeOf(op.getResult())[axis] || (known && known->first >= offset && known->second <= offset + size);
    Mask inside = whole ? Mask() : lane.inside(axes[axis], size, index.lanes);
    Value element = evaluate(operand, at(axes, index.lanes), lane.both(mask, inside));
    result = result ? choose(loops, inside, element, result, index.lanes) : element;
  }
  if (!result) // a place that is known to be outside, where nothing is asked for
    return loops.number(computeType(scalarOf(op.getType())), 0);
  return result;
}

Value Elemental::reverse(ir::ReverseOp op, Index &index, Mask mask) {
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  SmallVector<Lane> axes(lane.axes(index, shape));
  for (int64_t axis : op.getAxes())
    axes[axis] = lane.sub(lane.constant(shape[axis] - 1), axes[axis], index.lanes);
  return evaluate(op.getOperand(), at(axes, index.lanes), mask);
}

/// A start of `dl.dynamic_slice` and `dl.dynamic_update`, kept inside.
static Lane clampedStart(Elemental &e, Value start, int64_t whole, int64_t part) {
  if (whole == part)
    return e.lane.constant(0);
  Value at = e.scalarLane(start).base;
  return e.lane.uniform(e.loops.min(e.loops.max(at, e.loops.i64(0)), e.loops.i64(whole - part)));
}

Value Elemental::dynamicSlice(ir::DynamicSliceOp op, Index &index, Mask mask) {
  ArrayRef<int64_t> from = shapeOf(op.getOperand()), to = shapeOf(op.getResult());
  SmallVector<Lane> axes(lane.axes(index, to));
  for (size_t axis = 0; axis < axes.size(); ++axis)
    axes[axis] = lane.add(axes[axis], clampedStart(*this, op.getStarts()[axis], from[axis], to[axis]), index.lanes);
  return evaluate(op.getOperand(), at(axes, index.lanes), mask);
}

Value Elemental::dynamicUpdate(ir::DynamicUpdateOp op, Index &index, Mask mask) {
  ArrayRef<int64_t> whole = shapeOf(op.getOperand()), part = shapeOf(op.getUpdate());
  Value old = evaluate(op.getOperand(), index, mask);
  if (product(part) == 0)
    return old;
  SmallVector<Lane> axes(lane.axes(index, whole));
  Mask inside;
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    if (whole[axis] == part[axis])
      continue;
    axes[axis] = lane.sub(axes[axis], clampedStart(*this, op.getStarts()[axis], whole[axis], part[axis]), index.lanes);
    inside = lane.both(inside, lane.inside(axes[axis], part[axis], index.lanes));
  }
  Value update = evaluate(op.getUpdate(), at(axes, index.lanes), lane.both(mask, inside));
  return choose(loops, inside, update, old, index.lanes);
}

Value Elemental::window(ir::WindowOp op, Index &index, Mask mask) {
  ArrayRef<Lane> axes = lane.axes(index, shapeOf(op.getResult()));
  size_t rank = shapeOf(op.getOperand()).size();
  SmallVector<Lane> inner(axes.take_front(rank));
  for (auto [k, axis] : llvm::enumerate(op.getAxes())) {
    Lane first = lane.mulConstant(axes[axis], op.getStride()[k], index.lanes);
    inner[axis] = lane.add(first, lane.mulConstant(axes[rank + k], op.getDilation()[k], index.lanes), index.lanes);
  }
  return evaluate(op.getOperand(), at(inner, index.lanes), mask);
}

Value Elemental::overlapAdd(ir::OverlapAddOp op, Index &index, Mask mask) {
  // The windows that cover a place: without dilation the last ones that begin at or before it, else each offset is tried.
  size_t rank = shapeOf(op.getResult()).size(), n = op.getAxes().size();
  ArrayRef<int64_t> from = shapeOf(op.getOperand());
  SmallVector<Lane> place(lane.axes(index, shapeOf(op.getResult())));
  int64_t lanes = index.lanes;
  Type type = lanesOf(computeType(scalarOf(op.getType())), lanes);
  if (product(from) == 0)
    return loops.number(type, 0);
  SmallVector<Value> parts;
  for (const Lane &l : place)
    llvm::append_range(parts, ArrayRef<Value>{l.base, l.vec});
  parts.append({mask.scalar, mask.vector});
  LoopBuilder::AtLevel level(loops, loops.levelOf(parts));

  SmallVector<Lane> inner(place);
  inner.resize(rank + n);
  std::function<Value(size_t, Value, Mask)> sum = [&](size_t k, Value total, Mask valid) -> Value {
    if (k == n) {
      Value element = evaluate(op.getOperand(), at(inner, lanes), lane.both(mask, valid));
      element = choose(loops, valid, element, loops.number(scalarOf(type), 0), lanes);
      element = loops.splat(element, lanes);
      return loops.pure<arith::AddFOp>({total, element}, 0, total, element);
    }
    int64_t axis = op.getAxes()[k], size = op.getSize()[k], stride = op.getStride()[k], dilation = op.getDilation()[k];
    int64_t count = from[axis], terms = dilation == 1 ? (size + stride - 1) / stride : size;
    auto carried = loops.forLoop(loops.i64(0), loops.i64(terms), 1, total, [&](Value t, ValueRange acc) -> SmallVector<Value> {
      Mask here = valid;
      if (dilation == 1) {
        auto [last, rest] = lane.divRem(place[axis], stride, lanes);
        inner[axis] = lane.sub(last, lane.uniform(t), lanes);
        inner[rank + k] = lane.add(rest, lane.mulConstant(lane.uniform(t), stride, lanes), lanes);
        if (terms * stride > size)
          here = lane.both(here, lane.inside(inner[rank + k], size, lanes));
        if (terms > 1 || count * stride < shapeOf(op.getResult())[axis])
          here = lane.both(here, lane.inside(inner[axis], count, lanes));
      } else {
        Lane start = lane.sub(place[axis], lane.mulConstant(lane.uniform(t), dilation, lanes), lanes);
        here = lane.both(here, lane.inside(start, (count - 1) * stride + 1, lanes));
        auto [number, rest] = lane.divRem(start, stride, lanes);
        if (stride > 1)
          here = lane.both(here, lane.compare(arith::CmpIPredicate::eq, rest, 0, lanes));
        inner[axis] = number;
        inner[rank + k] = lane.uniform(t);
      }
      return {sum(k + 1, acc[0], here)};
    }, /*unroll=*/4);
    return carried[0];
  };
  return sum(0, loops.number(type, 0), {});
}

Value Elemental::gather(ir::GatherOp op, Index &index, Mask mask) {
  int64_t axis = op.getAxis(), batch = op.getBatch();
  ArrayRef<int64_t> from = shapeOf(op.getOperand());
  size_t middle = shapeOf(op.getIndices()).size() - batch;
  ArrayRef<Lane> axes = lane.axes(index, shapeOf(op.getResult()));
  SmallVector<Lane> which(axes.take_front(batch));
  llvm::append_range(which, axes.slice(axis, middle));
  SmallVector<Lane> inner(axes.take_front(axis));
  inner.push_back({});
  llvm::append_range(inner, axes.drop_front(axis + middle));
  Type element = computeType(scalarOf(op.getType()));
  if (product(from) == 0)
    return loops.number(element, 0);

  Value number = evaluate(op.getIndices(), at(which, index.lanes), mask);
  Type i64 = likeShape(loops.builder().getI64Type(), number.getType());
  if (number.getType() != i64)
    number = isUnsigned(op.getIndices()) ? loops.pure<arith::ExtUIOp>({number}, 64, i64, number)
                                         : loops.pure<arith::ExtSIOp>({number}, 64, i64, number);
  Value limit = loops.integer(i64, from[axis]);
  Value inside = loops.compare(arith::CmpIPredicate::ult, number, limit);
  Mask valid;
  if (isa<VectorType>(i64)) {
    valid.vector = inside;
    if (!lane.laneType().isInteger(64)) {
      Type narrow = VectorType::get({index.lanes}, lane.laneType());
      number = loops.pure<arith::TruncIOp>({number}, 32, narrow, number);
    }
    inner[axis] = {{}, 0, number};
  } else {
    valid.scalar = inside;
    inner[axis] = lane.uniform(number);
  }
  Value taken = evaluate(op.getOperand(), at(inner, index.lanes), lane.both(mask, valid));
  return choose(loops, valid, taken, loops.number(element, 0), index.lanes);
}

} // namespace dlc::codegen
