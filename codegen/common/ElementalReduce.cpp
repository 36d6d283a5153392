// Folds: reductions, products and convolutions as loops over the axes that vanish.
#include "codegen/common/Elemental.h"
#include "codegen/common/Schedule.h"

#include "llvm/ADT/bit.h"

using namespace mlir;

namespace dlc::codegen {

Value foldLanes(LoopBuilder &loops, Value vector, llvm::function_ref<Value(Value, Value)> fold) {
  auto type = dyn_cast<VectorType>(vector.getType());
  if (!type)
    return vector;
  auto &b = loops.builder();
  for (int64_t lanes = type.getNumElements(); lanes > 1; lanes /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t l = 0; l < lanes / 2; ++l)
      low.push_back(l), high.push_back(l + lanes / 2);
    Value x = vector::ShuffleOp::create(b, vector, vector, low), y = vector::ShuffleOp::create(b, vector, vector, high);
    vector = fold(x, y);
  }
  return vector::ExtractOp::create(b, vector, ArrayRef<int64_t>{0});
}

Value interleaveLanes(LoopBuilder &loops, ArrayRef<Value> vectors) {
  if (vectors.size() == 1)
    return vectors[0];
  SmallVector<Value> even, odd;
  for (auto [k, vector] : llvm::enumerate(vectors))
    (k % 2 ? odd : even).push_back(vector);
  Value a = interleaveLanes(loops, even), c = interleaveLanes(loops, odd);
  int64_t n = cast<VectorType>(a.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < n; ++i)
    order.append({i, n + i});
  return loops.pure<vector::ShuffleOp>({a, c}, 0, a, c, order);
}

namespace {

/// Loops over the axes of a fold, outermost first, with an accumulator.
struct FoldLoops {
  Elemental &e;
  SmallVector<int64_t> sizes;
  int64_t unroll; // passes of a loop that are written out
  /// The accumulator after the element at these places of the folded axes.
  std::function<Value(Value accumulator, ArrayRef<Lane> places, int64_t lanes)> step;
  SmallVector<Lane> places;

  Value run(Value accumulator, int64_t lanes, size_t axis = 0) {
    if (axis == sizes.size())
      return step(accumulator, places, lanes);
    auto carried = e.loops.forLoop(e.loops.i64(0), e.loops.i64(sizes[axis]), 1, accumulator, [&](Value i, ValueRange acc) {
      places.push_back(e.lane.uniform(i));
      SmallVector<Value> next{run(acc[0], lanes, axis + 1)};
      places.pop_back();
      return next;
    }, unroll);
    return carried[0];
  }

  /// All elements by their number, shared among the threads of a group.
  Value runShared(Value zero, llvm::function_ref<Value(Value, Value)> combine) {
    auto counted = [&](Value accumulator, Value number) {
      Index index;
      index.linear = e.lane.uniform(number);
      SmallVector<Lane> at(e.lane.axes(index, sizes));
      return step(accumulator, at, 1);
    };
    return e.shareFold(e.loops.i64(0), e.loops.i64(product(sizes)), zero, counted, combine);
  }

  /// The innermost axis in vectors of `width` lanes, added up by `combine` after each pass over it; then the rest, one by one.
  Value runInVectors(Value accumulator, int64_t width, Value neutral, llvm::function_ref<Value(Value, Value)> combine,
                     size_t axis = 0) {
    LoopBuilder &loops = e.loops;
    if (axis + 1 < sizes.size()) {
      auto carried = loops.forLoop(loops.i64(0), loops.i64(sizes[axis]), 1, accumulator, [&](Value i, ValueRange acc) {
        places.push_back(e.lane.uniform(i));
        SmallVector<Value> next{runInVectors(acc[0], width, neutral, combine, axis + 1)};
        places.pop_back();
        return next;
      }, unroll);
      return carried[0];
    }
    int64_t size = sizes[axis], whole = size / width * width;
    auto pass = [&](Lane place, Value acc, int64_t lanes) {
      places.push_back(place);
      SmallVector<Value> next{step(acc, places, lanes)};
      places.pop_back();
      return next;
    };
    e.setPass(size);
    if (whole) {
      auto vectors = loops.forLoop(loops.i64(0), loops.i64(whole), width, loops.splat(neutral, width), [&](Value i, ValueRange acc) {
        return pass(e.lane.ramp(i, width), acc[0], width);
      }, /*unroll=*/0);
      loops.moveToTop();
      accumulator = combine(accumulator, foldLanes(loops, vectors[0], combine));
    }
    auto rest = loops.forLoop(loops.i64(whole), loops.i64(size), 1, accumulator, [&](Value i, ValueRange acc) {
      return pass(e.lane.uniform(i), acc[0], 1);
    }, /*unroll=*/3);
    return rest[0];
  }
};

unsigned levelOf(Elemental &e, ArrayRef<Lane> lanes, const Mask &mask) {
  SmallVector<Value> parts{mask.scalar, mask.vector};
  for (const Lane &l : lanes)
    llvm::append_range(parts, ArrayRef<Value>{l.base, l.vec});
  return e.loops.levelOf(parts);
}

int64_t widthFor(int64_t size, int64_t lanes) { return std::min<int64_t>(lanes, llvm::bit_floor<uint64_t>(std::max<int64_t>(size, 1))); }

/// An operand's element as the product takes it, where it is known.
Value asFactor(Elemental &e, ir::Precision precision, Value element) {
  if (precision == ir::Precision::f32)
    return element;
  e.loops.moveTo(e.loops.levelOf({element}));
  return e.math.roundTo(precision, element);
}

} // namespace

//===- Folds that threads share -------------------------------------------===//

bool Elemental::variesInGroup(Value value) const {
  if (value == group->thread)
    return true;
  Operation *op = value.getDefiningOp();
  if (!op || joined.contains(value))
    return false;
  if (auto it = varies.find(value); it != varies.end())
    return it->second;
  bool found = false;
  op->walk([&](Operation *inner) { found |= llvm::any_of(inner->getOperands(), [&](Value operand) { return variesInGroup(operand); }); });
  return varies[value] = found;
}

bool Elemental::isShared(ArrayRef<Lane> place, const Mask &mask, int64_t count) const {
  constexpr int64_t kFew = 8; // elements that are folded sooner by every thread for itself
  if (!group || count < kFew)
    return false;
  SmallVector<Value> parts{mask.scalar, mask.vector};
  for (const Lane &l : place) {
    if (l.vec)
      return false;
    parts.push_back(l.base);
  }
  return loops.levelOf(parts) <= group->level && llvm::none_of(parts, [&](Value part) { return part && variesInGroup(part); });
}

SmallVector<Elemental::Turn> Elemental::turnsOver(int64_t count, int64_t lanes) {
  SmallVector<Turn> turns;
  int64_t step = group->size * lanes;
  if ((count + step - 1) / step > rowShare.turns)
    return turns;
  Value first = loops.mul(group->thread, loops.i64(lanes));
  for (int64_t done = 0; done < count; done += step) {
    Value place = loops.add(first, loops.i64(done)), taken;
    if (done + step > count) {
      taken = loops.compare(arith::CmpIPredicate::slt, place, loops.i64(count));
      Value spare = done ? first : loops.i64(0);
      place = loops.pure<arith::SelectOp>({taken, place, spare}, 0, taken, place, spare);
    }
    turns.push_back({lanes > 1 ? lane.ramp(place, lanes) : lane.uniform(place), taken});
  }
  return turns;
}

Value Elemental::after(const Turn &turn, Value next, Value before) {
  return turn.taken ? loops.pure<arith::SelectOp>({turn.taken, next, before}, 0, turn.taken, next, before) : next;
}

Value Elemental::joinGroup(Value own, Combine combine) {
  loops.moveToTop();
  Value sum = foldLanes(loops, own, combine);
  loops.moveToTop();
  Value all = group->join(sum, combine);
  joined.insert(all);
  return all;
}

Value Elemental::shareFold(Value first, Value last, Value neutral, CountedStep step, Combine combine) {
  SmallVector<Turn> turns;
  if (auto count = loops.constantOf(last); count && loops.constantOf(first) == 0)
    turns = turnsOver(*count, 1);
  Value own = neutral;
  for (const Turn &turn : turns)
    own = after(turn, step(own, turn.place.base), own);
  if (turns.empty())
    own = loops.forLoop(loops.add(first, group->thread), last, group->size, neutral, [&](Value number, ValueRange acc) {
      return SmallVector<Value>{step(acc[0], number)};
    })[0];
  return joinGroup(own, combine);
}

Value Elemental::countedReduce(ir::ReduceOp op, Index index, Value first, Value last, bool shared, Mask mask) {
  ArrayRef<int64_t> from = shapeOf(op.getOperand());
  SmallVector<Lane> kept(lane.axes(index, shapeOf(op.getResult())));
  SmallVector<int64_t> keptAxes;
  for (int64_t axis = 0; axis < static_cast<int64_t>(from.size()); ++axis)
    if (!llvm::is_contained(op.getAxes(), axis))
      keptAxes.push_back(axis);
  bool isUnsignedElement = isUnsigned(op.getOperand());
  auto combine = [&](Value a, Value b) {
    loops.moveTo(loops.levelOf({a, b}));
    return math.fold(op.getFn(), a, b, isUnsignedElement);
  };
  SmallVector<Lane> parts(kept);
  parts.append({lane.uniform(first), lane.uniform(last)});
  LoopBuilder::AtLevel level(loops, levelOf(*this, parts, mask));
  Value neutral = math.neutral(op.getFn(), computeType(scalarOf(op.getType())), isUnsignedElement);
  auto element = [&](Lane number, int64_t lanes) { return evaluateVector(op.getOperand(), elementOf(from, keptAxes, kept, number, lanes), mask); };
  if (!shared)
    return loops.forLoop(first, last, 1, neutral, [&](Value number, ValueRange acc) {
      return SmallVector<Value>{combine(acc[0], element(lane.uniform(number), 1))};
    })[0];

  int64_t count = foldedCount(op), lanes = 1;
  bool isWhole = loops.constantOf(first) == 0 && loops.constantOf(last) == count;
  if (isWhole && !mask)
    lanes = lanesOfShared(op, count);
  SmallVector<Turn> turns;
  if (isWhole)
    turns = turnsOver(count, lanes);
  Value own = loops.splat(neutral, lanes);
  // All elements come before the first is folded: their loads do not wait for each other.
  for (const Turn &turn : turns)
    element(turn.place, lanes);
  for (const Turn &turn : turns)
    own = after(turn, combine(own, element(turn.place, lanes)), own);
  if (turns.empty()) {
    Value from = loops.add(first, loops.mul(group->thread, loops.i64(lanes)));
    own = loops.forLoop(from, last, group->size * lanes, own, [&](Value number, ValueRange acc) {
      return SmallVector<Value>{combine(acc[0], element(lanes > 1 ? lane.ramp(number, lanes) : lane.uniform(number), lanes))};
    })[0];
  }
  return joinGroup(own, combine);
}

int64_t Elemental::lanesOfShared(ir::ReduceOp op, int64_t count) const {
  Value operand = op.getOperand();
  Type scalar = scalarOf(operand.getType());
  bool isRow = op.getAxes().size() == 1 && op.getAxes()[0] == static_cast<int64_t>(shapeOf(operand).size()) - 1;
  if (!alignedBuffers || !isRow || !isPlainRow(operand, leaf()))
    return 1;
  if (count == rowShare.length)
    return rowShare.lanes;
  constexpr int64_t kLanes = 4; // 16 bytes
  return scalar.isF32() && count % (kLanes * 8) == 0 ? kLanes : 1;
}

Value Elemental::sharedReduce(ir::ReduceOp op, Index index, Value first, Value last) {
  return countedReduce(op, std::move(index), first, last, /*shared=*/true, {});
}

Value Elemental::countedReduce(ir::ReduceOp op, Index index, Value first, Value last) {
  return countedReduce(op, std::move(index), first, last, /*shared=*/false, {});
}

Value Elemental::partialReduce(ir::ReduceOp op, Index index, Value lower, Value upper, bool flat, Mask mask) {
  Value operand = op.getOperand();
  ArrayRef<int64_t> from = shapeOf(operand);
  SmallVector<Lane> kept(lane.axes(index, shapeOf(op.getResult())));
  Type scalar = computeType(scalarOf(op.getType()));
  int64_t lanes = index.lanes;
  bool isUnsignedElement = isUnsigned(operand);
  auto combine = [&](Value a, Value b) {
    loops.moveTo(loops.levelOf({a, b}));
    return math.fold(op.getFn(), a, b, isUnsignedElement);
  };
  Value neutral = math.neutral(op.getFn(), scalar, isUnsignedElement);
  llvm::SmallDenseSet<int64_t> folded(op.getAxes().begin(), op.getAxes().end());
  if (product(from) == 0)
    return neutral;

  SmallVector<Lane> parts(kept);
  if (lower)
    parts.append({lane.uniform(lower), lane.uniform(upper)});
  LoopBuilder::AtLevel level(loops, levelOf(*this, parts, mask));

  if (flat) { // all axes from some place on vanish: their row-major number runs
    int64_t leading = from.size() - folded.size(), inner = product(from.drop_front(leading));
    Index row = at(kept, 1);
    Lane start = lane.mulConstant(lane.linear(row, from.take_front(leading)), inner, 1);
    int64_t width = widthFor(inner, this->width);
    Value first = lower ? lower : loops.i64(0), last = upper ? upper : loops.i64(inner);
    auto pass = [&](Lane place, Value acc, int64_t n) {
      Index element;
      element.lanes = n;
      element.linear = lane.add(start, place, n);
      if (folded.size() == 1) {
        element.axes.assign(kept.begin(), kept.end());
        element.axes.push_back(place);
      }
      return SmallVector<Value>{combine(acc, loops.splat(evaluate(operand, element, mask), n))};
    };
    setPass(inner);
    Value length = loops.sub(last, first);
    Value whole = loops.add(first, loops.mul(loops.div(length, width), loops.i64(width)));
    auto vectors = loops.forLoop(first, whole, width, loops.splat(neutral, width), [&](Value i, ValueRange acc) {
      return pass(lane.ramp(i, lower ? 1 : width), acc[0], width);
    }, /*unroll=*/0);
    loops.moveToTop();
    Value sum = foldLanes(loops, vectors[0], combine);
    return loops.forLoop(whole, last, 1, sum, [&](Value i, ValueRange acc) { return pass(lane.uniform(i), acc[0], 1); }, 3)[0];
  }

  SmallVector<int64_t> sizes;
  for (int64_t axis : op.getAxes())
    sizes.push_back(from[axis]);
  auto elementAt = [&](ArrayRef<Lane> places, int64_t n) {
    SmallVector<Lane> axes;
    size_t k = 0, f = 0;
    for (size_t axis = 0; axis < from.size(); ++axis)
      axes.push_back(folded.contains(axis) ? places[f++] : kept[k++]);
    return at(axes, n);
  };
  int64_t total = product(sizes);
  FoldLoops fold{*this, sizes, total <= 16 ? total : 1,
                 [&](Value acc, ArrayRef<Lane> places, int64_t n) {
                   Value element = evaluate(operand, elementAt(places, n), mask);
                   return combine(acc, loops.splat(element, n));
                 },
                 {}};
  if (lower) {
    fold.sizes.erase(fold.sizes.begin());
    auto carried = loops.forLoop(lower, upper, 1, loops.splat(neutral, lanes), [&](Value i, ValueRange acc) {
      fold.places = {lane.uniform(i)};
      return SmallVector<Value>{fold.run(acc[0], lanes)};
    });
    return carried[0];
  }
  if (lanes == 1 && width > 1 && !sizes.empty() && op.getAxes().back() == static_cast<int64_t>(from.size()) - 1 &&
      laneFriendly(operand, from.size() - 1, leaf()) && sizes.back() >= 8)
    return fold.runInVectors(neutral, widthFor(sizes.back(), this->width), neutral, combine);
  return fold.run(loops.splat(neutral, lanes), lanes);
}

Value Elemental::reduce(ir::ReduceOp op, Index &index, Mask mask) {
  int64_t folded = foldedCount(op);
  if (index.lanes == 1 && isShared(lane.axes(index, shapeOf(op.getResult())), mask, folded))
    return countedReduce(op, index, loops.i64(0), loops.i64(folded), /*shared=*/true, mask);
  // Where the trailing axes vanish and the operand can be numbered through, one loop covers them.
  ArrayRef<int64_t> from = shapeOf(op.getOperand());
  int64_t leading = from.size() - op.getAxes().size();
  bool trailing = true;
  for (auto [k, axis] : llvm::enumerate(op.getAxes()))
    trailing &= axis == leading + static_cast<int64_t>(k);
  bool flat = index.lanes == 1 && width > 1 && trailing && product(from.drop_front(leading)) >= 8 &&
              (op.getAxes().size() == 1 ? laneFriendly(op.getOperand(), from.size() - 1, leaf()) : numbersThrough(op.getOperand(), leaf()));
  return partialReduce(op, index, {}, {}, flat, mask);
}

Value Elemental::argReduce(ir::ArgReduceOp op, Index &index, Mask mask) {
  ArrayRef<int64_t> from = shapeOf(op.getOperand());
  int64_t axis = op.getAxis(), lanes = index.lanes;
  SmallVector<Lane> axes(lane.axes(index, shapeOf(op.getResult())));
  LoopBuilder::AtLevel level(loops, levelOf(*this, axes, mask));
  axes.insert(axes.begin() + axis, lane.constant(0));
  bool isUnsignedElement = isUnsigned(op.getOperand());
  Type i64 = loops.builder().getI64Type();
  Value first = evaluateVector(op.getOperand(), at(axes, lanes), mask);
  SmallVector<Value> inits{first, loops.integer(lanesOf(i64, lanes), 0)};
  auto fn = op.getFn() == ir::ReduceFn::max ? ir::CompareFn::gt : ir::CompareFn::lt;
  auto best = loops.forLoop(loops.i64(1), loops.i64(from[axis]), 1, inits, [&](Value i, ValueRange acc) -> SmallVector<Value> {
    axes[axis] = lane.uniform(i);
    Value element = evaluateVector(op.getOperand(), at(axes, lanes), mask);
    Value place = loops.splat(i, lanes);
    loops.moveToTop();
    auto &b = loops.builder();
    Value better = math.compare(fn, element, acc[0], isUnsignedElement);
    if (isa<FloatType>(scalarOf(element.getType()))) {
      Value nan = arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, element, element);
      Value before = arith::CmpFOp::create(b, arith::CmpFPredicate::ORD, acc[0], acc[0]);
      better = arith::OrIOp::create(b, better, arith::AndIOp::create(b, nan, before));
      // A number never replaces NaN: comparisons with NaN are false.
    }
    return {arith::SelectOp::create(b, better, element, acc[0]), arith::SelectOp::create(b, better, place, acc[1])};
  }, from[axis] <= 4 ? 4 : 1);
  return best[1];
}

Value Elemental::dot(ir::DotOp op, Index &index, Mask mask) {
  ArrayRef<int64_t> lhs = shapeOf(op.getLhs()), rhs = shapeOf(op.getRhs());
  SmallVector<Lane> out(lane.axes(index, shapeOf(op.getResult())));
  LoopBuilder::AtLevel level(loops, levelOf(*this, out, mask));
  int64_t lanes = index.lanes;
  Type scalar = computeType(scalarOf(op.getType()));
  SmallVector<int64_t> sizes;
  for (int64_t axis : op.getLhsContract())
    sizes.push_back(lhs[axis]);
  if (product(sizes) == 0)
    return loops.number(scalar, 0);
  size_t batch = op.getLhsBatch().size(), next = batch;
  SmallVector<Lane> left(lhs.size()), right(rhs.size());
  auto place = [&](SmallVector<Lane> &axes, ArrayRef<int64_t> batchAxes, ArrayRef<int64_t> contract) {
    for (auto [k, axis] : llvm::enumerate(batchAxes))
      axes[axis] = out[k];
    for (int64_t axis = 0; axis < static_cast<int64_t>(axes.size()); ++axis)
      if (!llvm::is_contained(batchAxes, axis) && !llvm::is_contained(contract, axis))
        axes[axis] = out[next++];
  };
  place(left, op.getLhsBatch(), op.getLhsContract());
  place(right, op.getRhsBatch(), op.getRhsContract());
  FoldLoops fold{*this, sizes, 1,
                 [&](Value acc, ArrayRef<Lane> places, int64_t n) {
                   for (size_t k = 0; k < places.size(); ++k)
                     left[op.getLhsContract()[k]] = right[op.getRhsContract()[k]] = places[k];
                   Value a = asFactor(*this, op.getPrecision(), evaluateVector(op.getLhs(), at(left, n), mask));
                   Value c = asFactor(*this, op.getPrecision(), evaluateVector(op.getRhs(), at(right, n), mask));
                   loops.moveTo(loops.levelOf({a, c, acc}));
                   return math.multiplyAdd(a, c, acc);
                 },
                 {}};
  Value zero = loops.number(scalar, 0);
  auto sum = [&](Value a, Value c) { return loops.pure<arith::AddFOp>({a, c}, 0, a, c); };
  if (lanes == 1 && isShared(out, mask, product(sizes)))
    return fold.runShared(zero, sum);
  if (lanes == 1 && width > 1 && !sizes.empty() && sizes.back() >= 8)
    return fold.runInVectors(zero, widthFor(sizes.back(), width), zero, sum);
  return fold.run(loops.splat(zero, lanes), lanes);
}

Value Elemental::conv(ir::ConvOp op, Index &index, Mask mask) {
  // Names as in the description of dl.conv: x image, w weight, y result; g groups; positions of x = o·stride + k·dilation − low.
  ir::ConvKind kind = op.getKind();
  Value result = op.getResult(), x = kind == ir::ConvKind::input ? result : op.getLhs();
  Value w = kind == ir::ConvKind::weight ? result : op.getRhs();
  Value y = kind == ir::ConvKind::forward ? result : kind == ir::ConvKind::input ? op.getLhs() : op.getRhs();
  ArrayRef<int64_t> xs = shapeOf(x), ws = shapeOf(w), ys = shapeOf(y);
  size_t spatial = xs.size() - 2;
  int64_t perGroupIn = ws[spatial], perGroupOut = ws[spatial + 1] / op.getGroups(), lanes = index.lanes;
  SmallVector<Lane> out(lane.axes(index, shapeOf(result)));
  LoopBuilder::AtLevel level(loops, levelOf(*this, out, mask));

  SmallVector<int64_t> sizes;
  if (kind == ir::ConvKind::weight) {
    sizes.assign(ys.begin(), ys.begin() + spatial + 1);
  } else {
    sizes.assign(ws.begin(), ws.begin() + spatial);
    sizes.push_back(kind == ir::ConvKind::forward ? perGroupIn : perGroupOut);
  }
  Type scalar = computeType(scalarOf(op.getType()));
  Value zero = loops.number(scalar, 0);
  if (product(sizes) == 0 || product(shapeOf(op.getLhs())) == 0 || product(shapeOf(op.getRhs())) == 0)
    return zero;

  FoldLoops fold{*this, sizes, 1, [&](Value acc, ArrayRef<Lane> places, int64_t n) {
    SmallVector<Lane> xi(spatial + 2), wi(spatial + 2), yi(spatial + 2);
    Mask valid;
    Lane f = kind == ir::ConvKind::input ? places[spatial] : out[spatial + 1];
    Lane group, c;
    if (kind == ir::ConvKind::input) {
      std::tie(group, c) = lane.divRem(out[spatial + 1], perGroupIn, n);
      f = lane.add(lane.mulConstant(group, perGroupOut, n), f, n);
      xi[spatial + 1] = out[spatial + 1];
    } else {
      group = op.getGroups() == 1 ? lane.constant(0) : lane.divRem(f, perGroupOut, n).first;
      c = kind == ir::ConvKind::forward ? places[spatial] : out[spatial];
      xi[spatial + 1] = lane.add(lane.mulConstant(group, perGroupIn, n), c, n);
    }
    wi[spatial] = c;
    wi[spatial + 1] = yi[spatial + 1] = f;
    xi[0] = yi[0] = kind == ir::ConvKind::weight ? places[0] : out[0];
    for (size_t s = 0; s < spatial; ++s) {
      int64_t stride = op.getStride()[s], low = op.getLow()[s], dilation = op.getDilation()[s];
      Lane k = kind == ir::ConvKind::weight ? out[s] : places[s];
      wi[s] = k;
      if (kind == ir::ConvKind::input) {
        Lane position = lane.addConstant(lane.sub(out[s + 1], lane.mulConstant(k, dilation, n), n), low, n);
        valid = lane.both(valid, lane.inside(position, (ys[s + 1] - 1) * stride + 1, n));
        auto [o, rest] = lane.divRem(position, stride, n);
        if (stride > 1)
          valid = lane.both(valid, lane.compare(arith::CmpIPredicate::eq, rest, 0, n));
        yi[s + 1] = o;
      } else {
        Lane o = kind == ir::ConvKind::weight ? places[s + 1] : out[s + 1];
        Lane position = lane.add(lane.mulConstant(o, stride, n), lane.mulConstant(k, dilation, n), n);
        position = lane.addConstant(position, -low, n);
        if (low != 0 || (ys[s + 1] - 1) * stride + (ws[s] - 1) * dilation >= xs[s + 1])
          valid = lane.both(valid, lane.inside(position, xs[s + 1], n));
        xi[s + 1] = position, yi[s + 1] = o;
      }
    }
    bool padded = valid.scalar || valid.vector;
    Mask both = lane.both(mask, valid);
    auto &leftIndex = kind == ir::ConvKind::input ? yi : xi;
    auto &rightIndex = kind == ir::ConvKind::weight ? yi : wi;
    // Out of bounds is only the image (`forward`, `weight`) or the result (`input`), which is the left operand.
    Value a = asFactor(*this, op.getPrecision(), evaluateVector(op.getLhs(), at(leftIndex, n), both));
    Value b = asFactor(*this, op.getPrecision(), evaluateVector(op.getRhs(), at(rightIndex, n), mask));
    if (padded) {
      Value condition = n == 1 ? valid.scalar : maskValue(loops, valid, n), zeros = loops.splat(zero, n);
      a = loops.pure<arith::SelectOp>({condition, a, zeros}, 0, condition, a, zeros);
    }
    loops.moveTo(loops.levelOf({a, b, acc}));
    return math.multiplyAdd(a, b, acc);
  }, {}};
  auto sum = [&](Value a, Value c) { return loops.pure<arith::AddFOp>({a, c}, 0, a, c); };
  if (lanes == 1 && isShared(out, mask, product(sizes)))
    return fold.runShared(zero, sum);
  if (lanes == 1 && width > 1 && kind == ir::ConvKind::input && sizes.back() >= 8)
    return fold.runInVectors(zero, widthFor(sizes.back(), width), zero, sum);
  return fold.run(loops.splat(zero, lanes), lanes);
}

} // namespace dlc::codegen
