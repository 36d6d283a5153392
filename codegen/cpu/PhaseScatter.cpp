// Scatter: every element of the result is written by one thread, in the order of the indices; many updates to few places are added up
// in chunks first.
#include "codegen/cpu/KernelBuilder.h"

#include "llvm/ADT/bit.h"

using namespace mlir;

namespace dlc::codegen {

namespace {

/// A loop over [lower, upper) of the inner elements in vectors of `width`, and the rest one by one.
void emitInner(PhaseBuilder &phase, Value lower, Value upper, int64_t width, llvm::function_ref<void(Lane, int64_t)> emit) {
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Value whole = loops.add(lower, loops.mul(loops.div(loops.sub(upper, lower), width), loops.i64(width)));
  if (width > 1)
    loops.forLoop(lower, whole, width, {}, [&](Value i, ValueRange) { return emit(e.lane.ramp(i, width), width), SmallVector<Value>(); }, 0);
  loops.forLoop(width > 1 ? whole : lower, upper, 1, {}, [&](Value i, ValueRange) { return emit(e.lane.uniform(i), 1), SmallVector<Value>(); });
}

Value asI64(PhaseBuilder &phase, Value indices, Value number) {
  LoopBuilder &loops = phase.loops();
  Type i64 = loops.builder().getI64Type();
  if (number.getType() == i64)
    return number;
  return Elemental::isUnsigned(indices) ? loops.pure<arith::ExtUIOp>({number}, 64, i64, number)
                                        : loops.pure<arith::ExtSIOp>({number}, 64, i64, number);
}

/// Chunks of the updates add up sums of their own, which a tree then joins. The number of chunks follows from the shape alone. False where
/// the sums would be as much work as the updates.
bool emitChunkedScatter(KernelBuilder &kernel, ir::ScatterOp op) {
  constexpr int64_t kTasks = 64, kChunkElements = 8 << 10, kUpdatesPerSum = 8;
  Value result = op.getResult();
  ArrayRef<int64_t> shape = Elemental::shapeOf(result), indices = Elemental::shapeOf(op.getIndices());
  Type scalar = scalarOf(result.getType());
  int64_t axis = op.getAxis(), batch = op.getBatch();
  int64_t batches = product(shape.take_front(axis)), inner = product(shape.drop_front(axis + 1)), sums = shape[axis] * inner;
  ArrayRef<int64_t> middle = indices.drop_front(batch);
  int64_t updates = product(middle);
  if (op.getFn() != ir::ScatterFn::add || batches * sums == 0)
    return false;
  int64_t chunks = std::min({kTasks / batches, updates * inner / kChunkElements, updates / (shape[axis] * kUpdatesPerSum)});
  if (chunks < 2)
    return false;
  int64_t chunkLength = (updates + chunks - 1) / chunks;
  chunks = (updates + chunkLength - 1) / chunkLength;
  int64_t width = std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(inner));
  int64_t count = batches * sums, offset = kernel.scratch(chunks * count * elementBytes(scalar));
  SmallVector<int64_t> partialShape{chunks * count};
  {
    Phase given;
    given.tiles = chunks * batches;
    given.seconds = batches * updates * (1e-9 + inner * 0.1e-9);
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(offset, scalar, chunks * count);
    loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value tile, ValueRange) {
      Value chunk = loops.div(tile, batches), lead = loops.rem(tile, batches), first = loops.mul(tile, loops.i64(sums));
      auto place = [&](const Lane &number, int64_t lanes) {
        Index index;
        index.lanes = lanes;
        index.linear = e.lane.add(e.lane.uniform(first), number, lanes);
        return index;
      };
      emitInner(phase, loops.i64(0), loops.i64(sums), width, [&](Lane within, int64_t lanes) {
        e.store(partial, place(within, lanes), partialShape, e.math.neutral(ir::ReduceFn::sum, Elemental::computeType(scalar), false));
      });
      Index leadIndex;
      leadIndex.linear = e.lane.uniform(lead);
      SmallVector<Lane> leading(e.lane.axes(leadIndex, shape.take_front(axis)));
      Value lower = loops.mul(chunk, loops.i64(chunkLength));
      Value upper = loops.min(loops.add(lower, loops.i64(chunkLength)), loops.i64(updates));
      loops.forLoop(lower, upper, 1, {}, [&](Value u, ValueRange) {
        Index middleIndex;
        middleIndex.linear = e.lane.uniform(u);
        SmallVector<Lane> places(e.lane.axes(middleIndex, middle)), which(leading.begin(), leading.begin() + batch);
        which.append(places.begin(), places.end());
        Value number = asI64(phase, op.getIndices(), e.evaluate(op.getIndices(), Elemental::at(which, 1)));
        Value inside = loops.compare(arith::CmpIPredicate::ult, number, loops.i64(shape[axis]));
        loops.ifElse(inside, {}, [&] {
          emitInner(phase, loops.i64(0), loops.i64(inner), width, [&](Lane within, int64_t lanes) {
            Index innerIndex;
            innerIndex.lanes = lanes;
            innerIndex.linear = within;
            SmallVector<Lane> from(leading);
            from.append(places.begin(), places.end());
            llvm::append_range(from, e.lane.axes(innerIndex, shape.drop_front(axis + 1)));
            Value update = e.evaluateVector(op.getUpdates(), Elemental::at(from, lanes));
            Index to = place(e.lane.add(e.lane.uniform(loops.mul(number, loops.i64(inner))), within, lanes), lanes);
            Value old = e.loadNow(partial, to, partialShape);
            loops.moveToTop();
            e.store(partial, to, partialShape, e.math.binary(ir::BinaryFn::add, old, update));
          });
          return SmallVector<Value>();
        });
        return SmallVector<Value>();
      });
      return SmallVector<Value>();
    });
  }
  constexpr int64_t kTileElements = 512;
  Phase given;
  given.tiles = (count + kTileElements - 1) / kTileElements;
  given.seconds = chunks * count * 0.2e-9;
  PhaseBuilder phase(kernel, given);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer partial = phase.scratchBuffer(offset, scalar, chunks * count), out = phase.output(result);
  Value lower = loops.mul(phase.begin(), loops.i64(kTileElements));
  Value upper = loops.min(loops.mul(phase.end(), loops.i64(kTileElements)), loops.i64(count));
  emitInner(phase, lower, upper, std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(count)), [&](Lane number, int64_t lanes) {
    Index index;
    index.lanes = lanes;
    index.linear = number;
    e.writing = number;
    SmallVector<Value> parts;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) {
      // The place of (chunk, lead, sum) is that of the tile.
      Index place;
      place.lanes = lanes;
      place.linear = e.lane.addConstant(number, chunk * count, lanes);
      parts.push_back(e.load(partial, place, partialShape));
    }
    for (size_t stride = 1; stride < parts.size(); stride *= 2)
      for (size_t i = 0; i + stride < parts.size(); i += 2 * stride) {
        loops.moveTo(loops.levelOf({parts[i], parts[i + stride]}));
        parts[i] = e.math.binary(ir::BinaryFn::add, parts[i], parts[i + stride]);
      }
    Value before = e.evaluateVector(op.getOperand(), index);
    loops.moveTo(loops.levelOf({before, parts[0]}));
    e.store(out, index, shape, e.math.binary(ir::BinaryFn::add, before, parts[0]));
  });
  return true;
}

} // namespace

void emitScatter(KernelBuilder &kernel, ir::ScatterOp op) {
  if (emitChunkedScatter(kernel, op))
    return;
  // First the operand is copied, then the updates act on it, in place.
  Value operand = op.getOperand(), result = op.getResult();
  ArrayRef<int64_t> shape = Elemental::shapeOf(result), indices = Elemental::shapeOf(op.getIndices());
  int64_t axis = op.getAxis(), batch = op.getBatch();
  // Axes of the result: batch | before | axis | after; of the updates: batch | before | other axes of the indices | after.
  int64_t batches = product(shape.take_front(axis)), length = shape[axis], inner = product(shape.drop_front(axis + 1));
  ArrayRef<int64_t> middle = indices.drop_front(batch);
  int64_t updates = product(middle);
  int64_t width = std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(std::max<int64_t>(inner, 1)));
  // Tasks: leading places times blocks of the inner axes. Few of them: the axis is cut, and each part looks at all indices.
  int64_t blockSize = std::max<int64_t>(width, 256 / width * width), blocks = (inner + blockSize - 1) / blockSize;
  int64_t parts = 1;
  if (batches * blocks < 8 && updates * inner > (1 << 16))
    parts = std::max<int64_t>(1, std::min<int64_t>(8 / std::max<int64_t>(batches * blocks, 1), length));
  Phase given;
  given.tiles = length == 0 || inner == 0 ? 0 : batches * blocks * parts;
  given.seconds = batches * (length * static_cast<double>(inner) * 0.3e-9 + updates * (2e-9 + inner * 0.5e-9));
  PhaseBuilder phase(kernel, given);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer out = phase.output(result);
  int64_t partLength = (length + parts - 1) / std::max<int64_t>(parts, 1);

  auto line = [&](Value lower, Value upper, llvm::function_ref<void(Lane, int64_t)> emit) { emitInner(phase, lower, upper, width, emit); };

  loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value tile, ValueRange) {
    Value lead = loops.div(tile, blocks * parts), rest = loops.rem(tile, blocks * parts);
    Value part = loops.div(rest, blocks), block = loops.rem(rest, blocks);
    Value low = loops.mul(block, loops.i64(blockSize)), high = loops.min(loops.add(low, loops.i64(blockSize)), loops.i64(inner));
    Value axisLow = loops.mul(part, loops.i64(partLength));
    Value axisHigh = loops.min(loops.add(axisLow, loops.i64(partLength)), loops.i64(length));
    // The number of an element: (lead, place, inner).
    auto element = [&](const Lane &place, const Lane &within, int64_t lanes) {
      Index index;
      index.lanes = lanes;
      Lane row = e.lane.add(e.lane.mulConstant(e.lane.uniform(lead), length, lanes), place, lanes);
      index.linear = e.lane.add(e.lane.mulConstant(row, inner, lanes), within, lanes);
      return index;
    };
    loops.forLoop(axisLow, axisHigh, 1, {}, [&](Value i, ValueRange) {
      line(low, high, [&](Lane within, int64_t lanes) {
        Index index = element(e.lane.uniform(i), within, lanes);
        e.writing = *index.linear;
        e.store(out, index, shape, e.evaluate(operand, index));
      });
      return SmallVector<Value>();
    });
    e.writing.reset();
    Index leadIndex;
    leadIndex.linear = e.lane.uniform(lead);
    SmallVector<Lane> leading(e.lane.axes(leadIndex, shape.take_front(axis)));
    loops.forLoop(loops.i64(0), loops.i64(updates), 1, {}, [&](Value u, ValueRange) {
      Index middleIndex;
      middleIndex.linear = e.lane.uniform(u);
      SmallVector<Lane> places(e.lane.axes(middleIndex, middle)), which(leading.begin(), leading.begin() + batch);
      which.append(places.begin(), places.end());
      Value number = asI64(phase, op.getIndices(), e.evaluate(op.getIndices(), Elemental::at(which, 1)));
      Value inside = loops.logicalAnd(loops.compare(arith::CmpIPredicate::sge, number, axisLow),
                                      loops.compare(arith::CmpIPredicate::slt, number, axisHigh));
      loops.ifElse(inside, {}, [&] {
        line(low, high, [&](Lane within, int64_t lanes) {
          Index innerIndex;
          innerIndex.lanes = lanes;
          innerIndex.linear = within;
          SmallVector<Lane> from(leading);
          from.append(places.begin(), places.end());
          llvm::append_range(from, e.lane.axes(innerIndex, shape.drop_front(axis + 1)));
          Value update = e.evaluateVector(op.getUpdates(), Elemental::at(from, lanes));
          Index to = element(e.lane.uniform(number), within, lanes);
          if (op.getFn() == ir::ScatterFn::add) {
            // Memory that this loop changes: the load must stand here, whatever was loaded from there before.
            Value old = e.loadNow(out, to, shape);
            loops.moveToTop();
            update = out.element.isInteger(1) ? e.math.binary(ir::BinaryFn::or_, old, update)
                                              : e.math.binary(ir::BinaryFn::add, old, update);
          }
          e.store(out, to, shape, update);
        });
        return SmallVector<Value>();
      });
      return SmallVector<Value>();
    });
    return SmallVector<Value>();
  });
}

} // namespace dlc::codegen
