// The dispatch of elements, and their memory.
#include "codegen/common/Elemental.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace dlc::codegen {

Elemental::Elemental(LoopBuilder &loops, int64_t lanes, bool wide)
    : loops(loops), lane(loops, wide), math(loops), width(lanes) {}

Type Elemental::computeType(Type element) {
  return element.isUnsignedInteger() ? IntegerType::get(element.getContext(), element.getIntOrFloatBitWidth()) : element;
}

Index Elemental::at(ArrayRef<Lane> axes, int64_t lanes) {
  Index index;
  index.lanes = lanes;
  index.axes.assign(axes.begin(), axes.end());
  return index;
}

Index Elemental::zeros(Value tensor) {
  Index index;
  index.axes.assign(shapeOf(tensor).size(), lane.constant(0));
  index.linear = lane.constant(0);
  return index;
}

Lane Elemental::scalarLane(Value tensor) { return lane.uniform(evaluate(tensor, zeros(tensor))); }

Index Elemental::elementOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> kept, ArrayRef<Lane> places, const Lane &number, int64_t lanes) {
  SmallVector<int64_t> sizes, keptSizes;
  for (auto [axis, size] : llvm::enumerate(shape))
    (llvm::is_contained(kept, static_cast<int64_t>(axis)) ? keptSizes : sizes).push_back(size);
  Index inner, index;
  inner.lanes = lanes;
  inner.linear = number;
  ArrayRef<Lane> others = lane.axes(inner, sizes), of = places;
  index.lanes = lanes;
  for (int64_t axis = 0; axis < static_cast<int64_t>(shape.size()); ++axis) {
    ArrayRef<Lane> &from = llvm::is_contained(kept, axis) ? of : others;
    index.axes.push_back(from.front());
    from = from.drop_front();
  }
  // Where the axes that have a number together come first the element's own number follows from it, and nothing is taken apart for it.
  if (sizes.size() > 1 && !kept.empty() && kept.front() == static_cast<int64_t>(sizes.size())) {
    Index rest = at(places, 1);
    index.linear = lane.add(lane.mulConstant(number, product(keptSizes), lanes), lane.linear(rest, keptSizes), lanes);
  }
  return index;
}

MemoKey Elemental::keyOf(Value value, const Index &index, const Mask &mask) const {
  MemoKey key{reinterpret_cast<uintptr_t>(value.getAsOpaquePointer()), static_cast<uintptr_t>(index.lanes),
              reinterpret_cast<uintptr_t>(mask.scalar.getAsOpaquePointer()),
              reinterpret_cast<uintptr_t>(mask.vector.getAsOpaquePointer())};
  auto put = [&](const Lane &l) {
    key.push_back(reinterpret_cast<uintptr_t>(l.base.getAsOpaquePointer()));
    key.push_back(static_cast<uintptr_t>(l.stride));
    key.push_back(reinterpret_cast<uintptr_t>(l.vec.getAsOpaquePointer()));
  };
  if (index.linear)
    put(*index.linear);
  else
    llvm::for_each(index.axes, put);
  return key;
}

Value Elemental::evaluate(Value value, Index index, Mask mask) {
  if (countOf(value) == 1) {
    index = zeros(value);
    mask = {};
  }
  if (index.uniform()) {
    index.lanes = 1;
    mask.vector = {};
  }
  MemoKey key = keyOf(value, index, mask);
  if (Value known = loops.lookup(key))
    return known;
  Value result;
  if (auto it = overrides.find(value); it != overrides.end()) {
    result = it->second(index, mask);
  } else if (auto it = buffers.find(value); it != buffers.end()) {
    result = load(it->second, index, shapeOf(value), mask);
  } else if (auto it = rowBuffers.find(value); it != rowBuffers.end()) {
    result = rowElement(value, index, mask, it->second);
  } else {
    result = dispatch(value, index, mask);
  }
  loops.remember(loops.levelOf(result), std::move(key), result);
  return result;
}

Value Elemental::evaluateVector(Value value, Index index, Mask mask) {
  int64_t lanes = index.lanes;
  return loops.splat(evaluate(value, std::move(index), mask), lanes);
}

Value Elemental::rowElement(Value value, Index &index, Mask mask, RowBuffer &row) {
  Value start = rowStart;
  const Lane &number = lane.linear(index, shapeOf(value));
  bool own = start && !number.vec && !mask && loops.depth() > loops.levelOf(start) && !number.uniform();
  if (!own || (rehearsal && loops.isOpen(rehearsal)))
    return dispatch(value, index, mask);
  Index inRow;
  inRow.lanes = index.lanes;
  inRow.linear = lane.sub(number, lane.uniform(start), index.lanes);
  int64_t shape[] = {rowCount};
  if (row.lanes == index.lanes && row.pass == passSize)
    return load(row.buffer, inRow, shape);
  Value result = loops.splat(dispatch(value, index, mask), index.lanes);
  if (row.lanes == 0) {
    store(row.buffer, inRow, shape, result);
    row.lanes = index.lanes, row.pass = passSize;
  }
  return result;
}

Value Elemental::dispatch(Value value, Index &index, Mask mask) {
  Operation *op = value.getDefiningOp();
  Location before = loops.builder().getLoc();
  loops.setLoc(op->getLoc());
  Value result =
      llvm::TypeSwitch<Operation *, Value>(op)
          .Case([&](ir::ConstantOp o) { return constant(o, index); })
          .Case([&](ir::IotaOp o) { return iota(o, index); })
          .Case([&](ir::ReshapeOp o) {
            return evaluate(o.getOperand(), lane.reshape(index, shapeOf(value), shapeOf(o.getOperand())), mask);
          })
          .Case([&](ir::StopGradientOp o) { return evaluate(o.getOperand(), index, mask); })
          .Case([&](ir::VariableOp o) { return evaluate(o.getOperand(), index, mask); })
          .Case([&](ir::BroadcastOp o) { return broadcast(o, index, mask); })
          .Case([&](ir::TransposeOp o) { return transpose(o, index, mask); })
          .Case([&](ir::SliceOp o) { return slice(o, index, mask); })
          .Case([&](ir::PadOp o) { return pad(o, index, mask); })
          .Case([&](ir::ConcatOp o) { return concat(o, index, mask); })
          .Case([&](ir::ReverseOp o) { return reverse(o, index, mask); })
          .Case([&](ir::DynamicSliceOp o) { return dynamicSlice(o, index, mask); })
          .Case([&](ir::DynamicUpdateOp o) { return dynamicUpdate(o, index, mask); })
          .Case([&](ir::WindowOp o) { return window(o, index, mask); })
          .Case([&](ir::OverlapAddOp o) { return overlapAdd(o, index, mask); })
          .Case([&](ir::GatherOp o) { return gather(o, index, mask); })
          .Case([&](ir::ReduceOp o) { return reduce(o, index, mask); })
          .Case([&](ir::ArgReduceOp o) { return argReduce(o, index, mask); })
          .Case([&](ir::DotOp o) { return dot(o, index, mask); })
          .Case([&](ir::ConvOp o) { return conv(o, index, mask); })
          .Case([&](ir::RandomOp o) { return random(o, index, mask); })
          .Default([&](Operation *o) { return elementwise(o, index, mask); });
  loops.setLoc(before);
  return result;
}

} // namespace dlc::codegen
