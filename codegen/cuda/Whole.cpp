// Phases whose result only exists as a whole: scatter, sort, running folds. All in a fixed order.
#include "codegen/cuda/Kernel.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// Lines along `axis`: the index of one from its number, with a place on the line.
struct Lines {
  ArrayRef<int64_t> shape;
  int64_t axis;
  int64_t count() const { return product(shape.take_front(axis)) * product(shape.drop_front(axis + 1)); }

  SmallVector<Lane> others(Elemental &e, Value line) const {
    SmallVector<int64_t> rest(shape);
    rest.erase(rest.begin() + axis);
    Index index;
    index.linear = e.lane.uniform(line);
    return SmallVector<Lane>(e.lane.axes(index, rest));
  }
  Index at(ArrayRef<Lane> others, const Lane &place) const {
    Index index = Elemental::at(others, 1);
    index.axes.insert(index.axes.begin() + axis, place);
    return index;
  }
};

int64_t blocksFor(int64_t tasks) { return std::min((tasks + kThreads - 1) / kThreads, kMostBlocks); }

Value asI64(Phase &phase, Value indices, Value number) {
  LoopBuilder &loops = phase.loops();
  Type i64 = loops.builder().getI64Type();
  if (number.getType() == i64)
    return number;
  return Elemental::isUnsigned(indices) ? loops.pure<arith::ExtUIOp>({number}, 64, i64, number)
                                        : loops.pure<arith::ExtSIOp>({number}, 64, i64, number);
}

/// The value is in memory from here on, as it is read by threads that did not compute it.
void materialize(Kernel &kernel, Value value) {
  if (!kernel.isPlaced(value))
    kernel.emitGeneric({value});
}

} // namespace

void emitCumulate(Kernel &kernel, ir::CumulateOp op) {
  Value result = op.getResult();
  Lines lines{Elemental::shapeOf(result), static_cast<int64_t>(op.getAxis())};
  int64_t count = lines.count(), length = lines.shape[lines.axis];
  Phase phase(kernel, blocksFor(count), kThreads);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer out = phase.output(result);
  bool isUnsigned = Elemental::isUnsigned(result);
  Value neutral = e.math.neutral(op.getFn(), Elemental::computeType(out.element), isUnsigned);
  phase.forEach(count, [&](Value line) {
    SmallVector<Lane> others = lines.others(e, line);
    loops.forLoop(loops.i64(0), loops.i64(length), 1, neutral, [&](Value i, ValueRange acc) {
      Lane place = e.lane.uniform(op.getReverse() ? loops.sub(loops.i64(length - 1), i) : i);
      Index index = lines.at(others, place);
      e.writing = e.lane.linear(index, lines.shape);
      Value element = e.evaluate(op.getOperand(), index);
      loops.moveToTop();
      Value next = e.math.fold(op.getFn(), acc[0], element, isUnsigned);
      e.store(out, index, lines.shape, op.getExclusive() ? acc[0] : next);
      return SmallVector<Value>{next};
    });
  });
}

/// The place of an element is the number of those that go before it: NaN last, equal ones as they stood.
void emitSort(Kernel &kernel, ir::SortOp op) {
  Value operand = op.getOperand();
  materialize(kernel, operand);
  Lines lines{Elemental::shapeOf(operand), static_cast<int64_t>(op.getAxis())};
  int64_t n = lines.shape[lines.axis], count = product(lines.shape);
  Phase phase(kernel, blocksFor(count), kThreads);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer sorted = phase.output(op.getSorted()), permutation = phase.output(op.getPermutation());
  bool isUnsigned = Elemental::isUnsigned(operand) || scalarOf(operand.getType()).isInteger(1);
  phase.forEach(count, [&](Value number) {
    Value line = loops.div(number, std::max<int64_t>(n, 1)), place = loops.rem(number, std::max<int64_t>(n, 1));
    SmallVector<Lane> others = lines.others(e, line);
    e.writing.reset();
    Value own = e.evaluate(operand, lines.at(others, e.lane.uniform(place)));
    Value rank = loops.forLoop(loops.i64(0), loops.i64(n), 1, loops.i64(0), [&](Value i, ValueRange acc) {
      Value other = e.evaluate(operand, lines.at(others, e.lane.uniform(i)));
      loops.moveToTop();
      auto &b = loops.builder();
      auto before = [&](Value x, Value y) -> Value {
        auto fn = op.getDescending() ? ir::CompareFn::gt : ir::CompareFn::lt;
        Value less = e.math.compare(fn, x, y, isUnsigned);
        if (!isa<FloatType>(x.getType()))
          return less;
        Value isNumber = arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, x, x);
        Value nan = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, y, y);
        return arith::OrIOp::create(b, less, arith::AndIOp::create(b, isNumber, nan));
      };
      Value earlier = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, i, place);
      Value tied = arith::AndIOp::create(b, earlier, arith::XOrIOp::create(b, before(own, other), loops.integer(b.getI1Type(), 1)));
      Value counts = arith::OrIOp::create(b, before(other, own), tied);
      return SmallVector<Value>{arith::AddIOp::create(b, acc[0], arith::ExtUIOp::create(b, b.getI64Type(), counts))};
    })[0];
    Index to = lines.at(others, e.lane.uniform(rank));
    e.store(sorted, to, lines.shape, own);
    e.store(permutation, to, lines.shape, place);
  });
}

/// First the operand is copied, then the updates act on it: a thread for each leading and inner place, which walks the updates in order.
void emitScatter(Kernel &kernel, ir::ScatterOp op) {
  Value result = op.getResult();
  ArrayRef<int64_t> shape = Elemental::shapeOf(result), indices = Elemental::shapeOf(op.getIndices());
  // Axes of the result: batch | before | axis | after; of the updates: batch | before | other axes of the indices | after.
  int64_t axis = op.getAxis(), batch = op.getBatch();
  int64_t batches = product(shape.take_front(axis)), length = shape[axis], inner = product(shape.drop_front(axis + 1));
  ArrayRef<int64_t> middle = indices.drop_front(batch);
  int64_t updates = product(middle);
  Phase phase(kernel, blocksFor(batches * inner), kThreads);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer out = phase.output(result);
  phase.forEach(batches * inner, [&](Value number) {
    Value lead = loops.div(number, std::max<int64_t>(inner, 1)), within = loops.rem(number, std::max<int64_t>(inner, 1));
    auto element = [&](Value place) {
      Index index;
      Value row = loops.add(loops.mul(lead, loops.i64(length)), place);
      index.linear = e.lane.uniform(loops.add(loops.mul(row, loops.i64(inner)), within));
      return index;
    };
    loops.forLoop(loops.i64(0), loops.i64(length), 1, {}, [&](Value i, ValueRange) {
      Index index = element(i);
      e.writing = *index.linear;
      e.store(out, index, shape, e.evaluate(op.getOperand(), index));
      return SmallVector<Value>();
    });
    e.writing.reset();
    Index leadIndex, innerIndex;
    leadIndex.linear = e.lane.uniform(lead);
    innerIndex.linear = e.lane.uniform(within);
    SmallVector<Lane> leading(e.lane.axes(leadIndex, shape.take_front(axis))), trailing(e.lane.axes(innerIndex, shape.drop_front(axis + 1)));
    loops.forLoop(loops.i64(0), loops.i64(updates), 1, {}, [&](Value u, ValueRange) {
      Index middleIndex;
      middleIndex.linear = e.lane.uniform(u);
      SmallVector<Lane> places(e.lane.axes(middleIndex, middle)), which(leading.begin(), leading.begin() + batch);
      which.append(places.begin(), places.end());
      Value at = asI64(phase, op.getIndices(), e.evaluate(op.getIndices(), Elemental::at(which, 1)));
      loops.ifElse(loops.compare(arith::CmpIPredicate::ult, at, loops.i64(length)), {}, [&] {
        SmallVector<Lane> from(leading);
        from.append(places.begin(), places.end());
        from.append(trailing.begin(), trailing.end());
        Value update = e.evaluate(op.getUpdates(), Elemental::at(from, 1));
        Index to = element(at);
        if (op.getFn() == ir::ScatterFn::add) {
          Value old = e.loadNow(out, to, shape);
          loops.moveToTop();
          update = out.element.isInteger(1) ? e.math.binary(ir::BinaryFn::or_, old, update) : e.math.binary(ir::BinaryFn::add, old, update);
        }
        e.store(out, to, shape, update);
        return SmallVector<Value>();
      });
      return SmallVector<Value>();
    });
  });
}

} // namespace dlc::codegen::cuda
