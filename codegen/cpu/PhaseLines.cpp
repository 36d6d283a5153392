// Phases along lines of a tensor: sorting and running folds.
#include "codegen/cpu/KernelBuilder.h"

using namespace mlir;

namespace dlc::codegen {

namespace {

/// Lines along `axis`: the index of one from its number, with a place on the line.
struct Lines {
  ArrayRef<int64_t> shape;
  int64_t axis;
  int64_t count() const { return product(shape.take_front(axis)) * product(shape.drop_front(axis + 1)); }

  SmallVector<Lane> others(Elemental &e, const Lane &line, int64_t lanes) const {
    SmallVector<int64_t> rest(shape);
    rest.erase(rest.begin() + axis);
    Index index;
    index.lanes = lanes;
    index.linear = line;
    return SmallVector<Lane>(e.lane.axes(index, rest));
  }
  Index at(ArrayRef<Lane> others, const Lane &place, int64_t lanes) const {
    Index index = Elemental::at(others, lanes);
    index.axes.insert(index.axes.begin() + axis, place);
    return index;
  }
};

} // namespace

void emitCumulate(KernelBuilder &kernel, ir::CumulateOp op) {
  Value result = op.getResult();
  Lines lines{Elemental::shapeOf(result), static_cast<int64_t>(op.getAxis())};
  int64_t count = lines.count(), length = lines.shape[lines.axis];
  // Along the last axis lines lie one behind the other, and lanes would gather; else neighbours are neighbours in memory.
  int64_t inner = product(lines.shape.drop_front(lines.axis + 1));
  int64_t width = 1;
  while (width < kernel.lanes() && inner % (2 * width) == 0)
    width *= 2;
  Phase given;
  given.tiles = length == 0 ? 0 : count / width;
  given.seconds = count * static_cast<double>(length) * 2e-9 / width;
  PhaseBuilder phase(kernel, given);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer out = phase.output(result);
  bool isUnsigned = Elemental::isUnsigned(result);
  Value neutral = e.math.neutral(op.getFn(), Elemental::computeType(out.element), isUnsigned);
  loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value tile, ValueRange) {
    Value first = loops.mul(tile, loops.i64(width));
    Lane line = width == 1 ? e.lane.uniform(first) : e.lane.ramp(first, width);
    SmallVector<Lane> others = lines.others(e, line, width);
    loops.forLoop(loops.i64(0), loops.i64(length), 1, loops.splat(neutral, width), [&](Value i, ValueRange acc) {
      Lane place = e.lane.uniform(i);
      if (op.getReverse())
        place = e.lane.sub(e.lane.constant(length - 1), place, 1);
      Index index = lines.at(others, place, width);
      e.writing = e.lane.linear(index, lines.shape);
      Value element = e.evaluateVector(op.getOperand(), index);
      loops.moveToTop();
      Value next = e.math.fold(op.getFn(), acc[0], element, isUnsigned);
      e.store(out, index, lines.shape, op.getExclusive() ? acc[0] : next);
      return SmallVector<Value>{next};
    });
    return SmallVector<Value>();
  });
}

namespace {

/// A bottom-up merge sort of the numbers 0 … n−1 by keys in memory: stable, n log n, without recursion.
struct MergeSort {
  PhaseBuilder &phase;
  Buffer keys, from, to; // keys by original place; places (i64), two buffers
  int64_t n;
  bool descending, isUnsigned;

  LoopBuilder &loops() { return phase.loops(); }
  Value at(const Buffer &buffer, Value place) {
    // Memory changes between loads of one place: never take a load from before.
    LoopBuilder &l = loops();
    l.moveToTop();
    auto &b = l.builder();
    Type memory = buffer.element.isInteger(1) ? b.getI8Type() : Elemental::computeType(buffer.element);
    Value address = LLVM::GEPOp::create(b, LLVM::LLVMPointerType::get(l.context()), memory, buffer.pointer,
                                        ArrayRef<LLVM::GEPArg>{place});
    return LLVM::LoadOp::create(b, memory, address, memory.getIntOrFloatBitWidth() / 8);
  }
  void put(const Buffer &buffer, Value place, Value value) {
    Index index;
    index.linear = phase.elements().lane.uniform(place);
    int64_t shape[] = {n};
    phase.elements().store(buffer, index, shape, value);
  }
  /// Whether an element that stands later in the input goes before an earlier one: NaN last, equal ones stay.
  Value before(Value later, Value earlier) {
    LoopBuilder &l = loops();
    l.moveToTop();
    auto &b = l.builder();
    if (isa<FloatType>(later.getType())) {
      auto predicate = descending ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
      Value less = arith::CmpFOp::create(b, predicate, later, earlier);
      Value number = arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, later, later);
      Value nan = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, earlier, earlier);
      return arith::OrIOp::create(b, less, arith::AndIOp::create(b, number, nan));
    }
    auto predicate = descending ? (isUnsigned ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt)
                                : (isUnsigned ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt);
    return arith::CmpIOp::create(b, predicate, later, earlier);
  }

  /// Merges the sorted runs [low, middle) and [middle, high).
  void merge(const Buffer &a, const Buffer &c, Value low, Value middle, Value high) {
    LoopBuilder &l = loops();
    l.forLoop(low, high, 1, ValueRange{low, middle}, [&](Value k, ValueRange heads) -> SmallVector<Value> {
      Value i = heads[0], j = heads[1];
      l.moveToTop();
      auto &b = l.builder();
      Value leftEmpty = arith::CmpIOp::create(b, arith::CmpIPredicate::sge, i, middle);
      Value rightEmpty = arith::CmpIOp::create(b, arith::CmpIPredicate::sge, j, high);
      Value lastPlace = l.i64(n - 1);
      Value left = at(a, arith::MinSIOp::create(b, i, lastPlace)), right = at(a, arith::MinSIOp::create(b, j, lastPlace));
      Value smaller = before(at(keys, right), at(keys, left));
      Value notEmpty = arith::XOrIOp::create(b, rightEmpty, l.integer(b.getI1Type(), 1));
      Value takeRight = arith::OrIOp::create(b, leftEmpty, arith::AndIOp::create(b, notEmpty, smaller));
      put(c, k, arith::SelectOp::create(b, takeRight, right, left));
      l.moveToTop();
      Value one = l.i64(1);
      return {arith::SelectOp::create(b, takeRight, i, arith::AddIOp::create(b, i, one)),
              arith::SelectOp::create(b, takeRight, arith::AddIOp::create(b, j, one), j)};
    });
  }

  /// Sorts; returns the buffer of the result. The number of passes is known, so each is written for its buffers.
  Buffer run() {
    LoopBuilder &l = loops();
    for (int64_t width = 1; width < n; width *= 2) {
      l.forLoop(l.i64(0), l.i64(n), 2 * width, {}, [&](Value low, ValueRange) {
        l.moveToTop();
        Value middle = l.min(l.add(low, l.i64(width)), l.i64(n)), high = l.min(l.add(low, l.i64(2 * width)), l.i64(n));
        merge(from, to, low, middle, high);
        return SmallVector<Value>();
      });
      std::swap(from, to);
    }
    return from;
  }
};

} // namespace

void emitSort(KernelBuilder &kernel, ir::SortOp op) {
  Value operand = op.getOperand();
  Lines lines{Elemental::shapeOf(operand), static_cast<int64_t>(op.getAxis())};
  int64_t n = lines.shape[lines.axis];
  Phase given;
  given.tiles = n == 0 ? 0 : lines.count();
  given.seconds = static_cast<double>(given.tiles) * n * 64 * 1e-9;
  PhaseBuilder phase(kernel, given);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer sorted = phase.output(op.getSorted()), permutation = phase.output(op.getPermutation());
  Type element = sorted.element, i64 = loops.builder().getI64Type();
  Value keyMemory = phase.workspace(n * elementBytes(element));
  Value fromMemory = phase.workspace(n * 8), toMemory = phase.workspace(n * 8);
  loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value line, ValueRange) {
    MergeSort sort{phase,
                   {keyMemory, element, n},
                   {fromMemory, i64, n},
                   {toMemory, i64, n},
                   n,
                   op.getDescending(),
                   Elemental::isUnsigned(operand)};
    SmallVector<Lane> others = lines.others(e, e.lane.uniform(line), 1);
    loops.forLoop(loops.i64(0), loops.i64(n), 1, {}, [&](Value i, ValueRange) {
      sort.put(sort.keys, i, e.evaluate(operand, lines.at(others, e.lane.uniform(i), 1)));
      sort.put(sort.from, i, i);
      return SmallVector<Value>();
    });
    Buffer order = sort.run();
    loops.forLoop(loops.i64(0), loops.i64(n), 1, {}, [&](Value i, ValueRange) {
      Value place = sort.at(order, i);
      Value key = sort.at(sort.keys, place);
      if (element.isInteger(1))
        key = arith::TruncIOp::create(loops.builder(), loops.builder().getI1Type(), key);
      Index index = lines.at(others, e.lane.uniform(i), 1);
      e.store(sorted, index, lines.shape, key);
      e.store(permutation, index, lines.shape, place);
      return SmallVector<Value>();
    });
    return SmallVector<Value>();
  });
}

} // namespace dlc::codegen
