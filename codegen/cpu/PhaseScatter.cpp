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

/// Axes of the result: batch | before | axis | after; of the updates: batch | before | other axes of the indices | after.
class ScatterEmitter {
public:
  ScatterEmitter(KernelBuilder &kernel, ir::ScatterOp op)
      : kernel(kernel), op(op), shape(Elemental::shapeOf(op.getResult())), scalar(scalarOf(op.getResult().getType())), axis(op.getAxis()),
        batch(op.getBatch()), before(shape.take_front(axis)), after(shape.drop_front(axis + 1)),
        middle(Elemental::shapeOf(op.getIndices()).drop_front(batch)), batches(product(before)), length(shape[axis]), inner(product(after)),
        updates(product(middle)) {}

  void run() {
    if (int64_t chunks = chunkCount(); chunks >= 2)
      emitChunked(chunks);
    else
      emitInPlace();
  }

private:
  /// Parts of the updates that are added up apart, which follows from the shape alone; fewer than 2 where the sums would be as much work as
  /// the updates.
  int64_t chunkCount() {
    constexpr int64_t kTasks = 64, kChunkElements = 8 << 10, kUpdatesPerSum = 8;
    if (op.getFn() != ir::ScatterFn::add || batches * length * inner == 0)
      return 0;
    return std::min({kTasks / batches, updates * inner / kChunkElements, updates / (length * kUpdatesPerSum)});
  }

  /// The updates [lower, upper) of the leading place `lead`, in their order. `emit` gets the index along the axis, and the axes of the update
  /// in front of its inner ones.
  void eachUpdate(PhaseBuilder &phase, Value lead, Value lower, Value upper, llvm::function_ref<void(Value, ArrayRef<Lane>)> emit) {
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Index leadIndex;
    leadIndex.linear = e.lane.uniform(lead);
    SmallVector<Lane> leading(e.lane.axes(leadIndex, before));
    loops.forLoop(lower, upper, 1, {}, [&](Value u, ValueRange) {
      Index middleIndex;
      middleIndex.linear = e.lane.uniform(u);
      SmallVector<Lane> places(e.lane.axes(middleIndex, middle)), which(leading.begin(), leading.begin() + batch), from(leading);
      which.append(places.begin(), places.end());
      from.append(places.begin(), places.end());
      emit(asI64(phase, op.getIndices(), e.evaluate(op.getIndices(), Elemental::at(which, 1))), from);
      return SmallVector<Value>();
    });
  }

  /// The elements `within` the inner axes of the update at `from`.
  Value update(Elemental &e, ArrayRef<Lane> from, const Lane &within, int64_t lanes) {
    Index innerIndex;
    innerIndex.lanes = lanes;
    innerIndex.linear = within;
    SmallVector<Lane> places(from);
    llvm::append_range(places, e.lane.axes(innerIndex, after));
    return e.evaluateVector(op.getUpdates(), Elemental::at(places, lanes));
  }

  /// Adds a value to memory that this loop changes: the load must stand here, whatever was loaded from there before.
  static void addTo(PhaseBuilder &phase, Buffer buffer, const Index &index, ArrayRef<int64_t> shape, Value value, ir::BinaryFn fn) {
    Elemental &e = phase.elements();
    Value old = e.loadNow(buffer, index, shape);
    phase.loops().moveToTop();
    e.store(buffer, index, shape, e.math.binary(fn, old, value));
  }

  /// Chunks of the updates add up sums of their own, which a tree then joins.
  void emitChunked(int64_t chunks) {
    int64_t chunkLength = (updates + chunks - 1) / chunks;
    chunks = (updates + chunkLength - 1) / chunkLength;
    int64_t offset = kernel.scratch(chunks * batches * length * inner * elementBytes(scalar));
    emitPartialSums(offset, chunks, chunkLength);
    emitJoinedSums(offset, chunks);
  }

  /// Sums of each chunk at (chunk, lead, place, inner) of the scratch memory.
  void emitPartialSums(int64_t offset, int64_t chunks, int64_t chunkLength) {
    int64_t sums = length * inner, count = batches * sums;
    int64_t width = std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(inner));
    Phase given;
    given.tiles = chunks * batches;
    given.seconds = batches * updates * (1e-9 + inner * 0.1e-9);
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(offset, scalar, chunks * count);
    SmallVector<int64_t> partialShape{chunks * count};
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
      Value lower = loops.mul(chunk, loops.i64(chunkLength));
      Value upper = loops.min(loops.add(lower, loops.i64(chunkLength)), loops.i64(updates));
      eachUpdate(phase, lead, lower, upper, [&](Value number, ArrayRef<Lane> from) {
        Value inside = loops.compare(arith::CmpIPredicate::ult, number, loops.i64(length));
        loops.ifElse(inside, {}, [&] {
          emitInner(phase, loops.i64(0), loops.i64(inner), width, [&](Lane within, int64_t lanes) {
            Value value = update(e, from, within, lanes);
            Index to = place(e.lane.add(e.lane.uniform(loops.mul(number, loops.i64(inner))), within, lanes), lanes);
            addTo(phase, partial, to, partialShape, value, ir::BinaryFn::add);
          });
          return SmallVector<Value>();
        });
      });
      return SmallVector<Value>();
    });
  }

  void emitJoinedSums(int64_t offset, int64_t chunks) {
    constexpr int64_t kTileElements = 512;
    int64_t count = batches * length * inner;
    Phase given;
    given.tiles = (count + kTileElements - 1) / kTileElements;
    given.seconds = chunks * count * 0.2e-9;
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(offset, scalar, chunks * count), out = phase.output(op.getResult());
    SmallVector<int64_t> partialShape{chunks * count};
    Value lower = loops.mul(phase.begin(), loops.i64(kTileElements));
    Value upper = loops.min(loops.mul(phase.end(), loops.i64(kTileElements)), loops.i64(count));
    emitInner(phase, lower, upper, std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(count)), [&](Lane number, int64_t lanes) {
      Index index;
      index.lanes = lanes;
      index.linear = number;
      e.writing = number;
      // The place of (chunk, lead, sum) is that of the tile.
      Value sum = joinChunks(e, ir::ReduceFn::sum, /*isUnsigned=*/false, chunks, [&](int64_t chunk) {
        Index place;
        place.lanes = lanes;
        place.linear = e.lane.addConstant(number, chunk * count, lanes);
        return e.load(partial, place, partialShape);
      });
      Value before = e.evaluateVector(op.getOperand(), index);
      loops.moveTo(loops.levelOf({before, sum}));
      e.store(out, index, shape, e.math.binary(ir::BinaryFn::add, before, sum));
    });
  }

  /// First the operand is copied, then the updates act on it, in place.
  void emitInPlace() {
    int64_t width = std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(std::max<int64_t>(inner, 1)));
    // Tasks: leading places times blocks of the inner axes. Few of them: the axis is cut, and each part looks at all indices.
    int64_t blockSize = std::max<int64_t>(width, 256 / width * width), blocks = (inner + blockSize - 1) / blockSize;
    int64_t parts = 1;
    if (batches * blocks < 8 && updates * inner > (1 << 16))
      parts = std::max<int64_t>(1, std::min<int64_t>(8 / std::max<int64_t>(batches * blocks, 1), length));
    int64_t partLength = (length + parts - 1) / std::max<int64_t>(parts, 1);
    Phase given;
    given.tiles = length == 0 || inner == 0 ? 0 : batches * blocks * parts;
    given.seconds = batches * (length * static_cast<double>(inner) * 0.3e-9 + updates * (2e-9 + inner * 0.5e-9));
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Buffer out = phase.output(op.getResult());
    loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value tile, ValueRange) {
      Value lead = loops.div(tile, blocks * parts), rest = loops.rem(tile, blocks * parts);
      Value part = loops.div(rest, blocks), block = loops.rem(rest, blocks);
      Part task;
      task.lead = lead;
      task.low = loops.mul(block, loops.i64(blockSize));
      task.high = loops.min(loops.add(task.low, loops.i64(blockSize)), loops.i64(inner));
      task.axisLow = loops.mul(part, loops.i64(partLength));
      task.axisHigh = loops.min(loops.add(task.axisLow, loops.i64(partLength)), loops.i64(length));
      copyOperand(phase, out, task, width);
      applyUpdates(phase, out, task, width);
      return SmallVector<Value>();
    });
  }

  /// What one task writes: places of the axis and of the inner elements at one leading place.
  struct Part {
    Value lead, axisLow, axisHigh, low, high;
  };

  /// The number of the element (lead, place, inner).
  Index element(Elemental &e, const Part &part, const Lane &place, const Lane &within, int64_t lanes) {
    Index index;
    index.lanes = lanes;
    Lane row = e.lane.add(e.lane.mulConstant(e.lane.uniform(part.lead), length, lanes), place, lanes);
    index.linear = e.lane.add(e.lane.mulConstant(row, inner, lanes), within, lanes);
    return index;
  }

  void copyOperand(PhaseBuilder &phase, Buffer out, const Part &part, int64_t width) {
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    loops.forLoop(part.axisLow, part.axisHigh, 1, {}, [&](Value i, ValueRange) {
      emitInner(phase, part.low, part.high, width, [&](Lane within, int64_t lanes) {
        Index index = element(e, part, e.lane.uniform(i), within, lanes);
        e.writing = *index.linear;
        e.store(out, index, shape, e.evaluate(op.getOperand(), index));
      });
      return SmallVector<Value>();
    });
    e.writing.reset();
  }

  void applyUpdates(PhaseBuilder &phase, Buffer out, const Part &part, int64_t width) {
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    eachUpdate(phase, part.lead, loops.i64(0), loops.i64(updates), [&](Value number, ArrayRef<Lane> from) {
      Value inside = loops.logicalAnd(loops.compare(arith::CmpIPredicate::sge, number, part.axisLow),
                                      loops.compare(arith::CmpIPredicate::slt, number, part.axisHigh));
      loops.ifElse(inside, {}, [&] {
        emitInner(phase, part.low, part.high, width, [&](Lane within, int64_t lanes) {
          Value value = update(e, from, within, lanes);
          Index to = element(e, part, e.lane.uniform(number), within, lanes);
          if (op.getFn() == ir::ScatterFn::add)
            addTo(phase, out, to, shape, value, out.element.isInteger(1) ? ir::BinaryFn::or_ : ir::BinaryFn::add);
          else
            e.store(out, to, shape, value);
        });
        return SmallVector<Value>();
      });
    });
  }

  KernelBuilder &kernel;
  ir::ScatterOp op;
  ArrayRef<int64_t> shape;
  Type scalar;
  int64_t axis, batch;
  ArrayRef<int64_t> before, after, middle; ///< in front of the axis, behind it, and of the indices behind the batch
  int64_t batches, length, inner, updates;
};

} // namespace

void emitScatter(KernelBuilder &kernel, ir::ScatterOp op) { ScatterEmitter(kernel, op).run(); }

} // namespace dlc::codegen
