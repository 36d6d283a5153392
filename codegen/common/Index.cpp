#include "codegen/common/Index.h"

#include <numeric>

using namespace mlir;

namespace dlc::codegen {

bool Index::uniform() const {
  if (linear)
    return linear->uniform();
  return llvm::all_of(axes, [](const Lane &lane) { return lane.uniform(); });
}

LaneMath::LaneMath(LoopBuilder &loops, bool wide)
    : loops(loops), type(wide ? loops.builder().getI64Type() : loops.builder().getI32Type()) {}

Lane LaneMath::constant(int64_t value) { return {loops.i64(value), 0, {}, std::abs(value)}; }

Value LaneMath::vector(const Lane &lane, int64_t lanes) {
  if (lane.vec)
    return lane.vec;
  auto vectorType = VectorType::get({lanes}, type);
  Value base = lane.base;
  if (auto c = loops.constantOf(base))
    base = loops.integer(type, *c);
  else if (!type.isInteger(64))
    base = loops.pure<arith::TruncIOp>({base}, 0, type, base);
  Value splat = loops.splat(base, lanes);
  if (!lane.stride)
    return splat;
  SmallVector<Attribute> steps;
  for (int64_t l = 0; l < lanes; ++l)
    steps.push_back(IntegerAttr::get(type, l * lane.stride));
  Value ramp = loops.constant(DenseElementsAttr::get(vectorType, steps));
  return loops.pure<arith::AddIOp>({splat, ramp}, 0, splat, ramp);
}

Value LaneMath::data(const Lane &lane, int64_t lanes, Type target) {
  Value value = lane.uniform() ? lane.base : vector(lane, lanes);
  unsigned from = scalarOf(value.getType()).getIntOrFloatBitWidth(), to = target.getIntOrFloatBitWidth();
  Type wanted = likeShape(target, value.getType());
  if (from == to)
    return value;
  if (from > to)
    return loops.pure<arith::TruncIOp>({value}, to, wanted, value);
  return loops.pure<arith::ExtSIOp>({value}, to, wanted, value);
}

Lane LaneMath::add(const Lane &a, const Lane &c, int64_t lanes) {
  if (!a.vec && !c.vec)
    return {loops.add(a.base, c.base), a.stride + c.stride, {}, std::gcd(a.align, c.align)};
  if (a.vec && c.uniform() && loops.constantOf(c.base) == 0)
    return a;
  if (c.vec && a.uniform() && loops.constantOf(a.base) == 0)
    return c;
  Value x = vector(a, lanes), y = vector(c, lanes);
  return {{}, 0, loops.pure<arith::AddIOp>({x, y}, 0, x, y)};
}

Lane LaneMath::sub(const Lane &a, const Lane &c, int64_t lanes) {
  if (!a.vec && !c.vec)
    return {loops.sub(a.base, c.base), a.stride - c.stride, {}, std::gcd(a.align, c.align)};
  Value x = vector(a, lanes), y = vector(c, lanes);
  return {{}, 0, loops.pure<arith::SubIOp>({x, y}, 0, x, y)};
}

Lane LaneMath::mulConstant(const Lane &a, int64_t c, int64_t lanes) {
  if (c == 1)
    return a;
  if (!a.vec)
    return {loops.mul(a.base, loops.i64(c)), a.stride * c, {}, a.align * std::abs(c)};
  if (c == 0)
    return constant(0);
  Value factor = loops.integer(a.vec.getType(), c);
  return {{}, 0, loops.pure<arith::MulIOp>({a.vec, factor}, 0, a.vec, factor)};
}

std::pair<Lane, Lane> LaneMath::divRem(const Lane &a, int64_t d, int64_t lanes) {
  if (d == 1)
    return {a, constant(0)};
  int64_t remainderAlign = std::gcd(a.align, d);
  if (a.uniform())
    return {{loops.div(a.base, d), 0, {}, a.align % d == 0 ? a.align / d : 1}, {loops.rem(a.base, d), 0, {}, remainderAlign}};
  if (!a.vec && a.stride > 0) {
    int64_t span = a.stride * lanes;
    if (d % span == 0 && a.align % span == 0)
      return {{loops.div(a.base, d), 0, {}, a.align % d == 0 ? a.align / d : 1},
              {loops.rem(a.base, d), a.stride, {}, remainderAlign}};
    if (a.stride % d == 0 && a.align % d == 0)
      return {{loops.div(a.base, d), a.stride / d, {}, a.align / d}, constant(0)};
  }
  Value x = vector(a, lanes), divisor = loops.integer(x.getType(), d);
  Value quotient = loops.pure<arith::DivUIOp>({x, divisor}, 0, x, divisor);
  Value back = loops.pure<arith::MulIOp>({quotient, divisor}, 0, quotient, divisor);
  return {{{}, 0, quotient}, {{}, 0, loops.pure<arith::SubIOp>({x, back}, 0, x, back)}};
}

Mask LaneMath::compare(arith::CmpIPredicate predicate, const Lane &a, int64_t c, int64_t lanes) {
  if (a.uniform()) {
    if (auto x = loops.constantOf(a.base))
      if (arith::applyCmpPredicate(predicate, APInt(64, *x, true), APInt(64, c, true)))
        return {};
    return {loops.compare(predicate, a.base, loops.i64(c)), {}};
  }
  Value x = vector(a, lanes);
  return {{}, loops.compare(predicate, x, loops.integer(x.getType(), c))};
}

Mask LaneMath::both(const Mask &a, const Mask &c) {
  return {loops.logicalAnd(a.scalar, c.scalar), loops.logicalAnd(a.vector, c.vector)};
}

Mask LaneMath::inside(const Lane &a, int64_t n, int64_t lanes) {
  return compare(arith::CmpIPredicate::ult, a, n, lanes);
}

const Lane &LaneMath::linear(Index &index, ArrayRef<int64_t> shape) {
  if (!index.linear) {
    Lane sum = constant(0);
    int64_t stride = 1;
    for (int64_t axis = static_cast<int64_t>(shape.size()) - 1; axis >= 0; --axis) {
      if (shape[axis] != 1)
        sum = add(mulConstant(index.axes[axis], stride, index.lanes), sum, index.lanes);
      stride *= shape[axis];
    }
    index.linear = sum;
  }
  return *index.linear;
}

ArrayRef<Lane> LaneMath::axes(Index &index, ArrayRef<int64_t> shape) {
  if (index.axes.size() != shape.size()) {
    index.axes.assign(shape.size(), Lane());
    Lane rest = *index.linear;
    for (int64_t axis = static_cast<int64_t>(shape.size()) - 1; axis >= 0; --axis) {
      if (shape[axis] == 1) {
        index.axes[axis] = constant(0);
        continue;
      }
      bool outermost = llvm::all_of(shape.take_front(axis), [](int64_t n) { return n == 1; });
      if (outermost) {
        index.axes[axis] = rest;
        rest = constant(0);
        continue;
      }
      auto [quotient, remainder] = divRem(rest, std::max<int64_t>(shape[axis], 1), index.lanes);
      index.axes[axis] = remainder;
      rest = quotient;
    }
  }
  return index.axes;
}

Index LaneMath::reshape(Index &index, ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  Index result;
  result.lanes = index.lanes;
  if (index.axes.size() == from.size() && (!from.empty() || to.empty())) {
    // Groups of axes with equal products, from the left; within a group the number is put together and taken apart again.
    size_t i = 0, j = 0;
    while (i < from.size() || j < to.size()) {
      size_t i0 = i, j0 = j;
      int64_t a = i < from.size() ? from[i++] : 1, c = j < to.size() ? to[j++] : 1;
      while (a != c)
        if (a < c && i < from.size())
          a *= from[i++];
        else if (c < a && j < to.size())
          c *= to[j++];
        else
          break;
      if (a != c) { // empty tensors
        result.axes.clear();
        break;
      }
      Index part;
      part.lanes = index.lanes;
      part.axes.assign(index.axes.begin() + i0, index.axes.begin() + i);
      ArrayRef<int64_t> fromPart = from.slice(i0, i - i0), toPart = to.slice(j0, j - j0);
      if (fromPart.size() == 1 && toPart.size() == 1) {
        result.axes.push_back(part.axes[0]);
        continue;
      }
      Index whole;
      whole.lanes = index.lanes;
      whole.linear = linear(part, fromPart);
      llvm::append_range(result.axes, axes(whole, toPart));
    }
  }
  result.linear = index.linear;
  if (result.axes.size() != to.size())
    result.linear = linear(index, from);
  return result;
}

Value maskValue(LoopBuilder &loops, const Mask &mask, int64_t lanes) {
  if (lanes == 1)
    return mask.scalar;
  if (!mask.scalar)
    return mask.vector;
  return loops.logicalAnd(loops.splat(mask.scalar, lanes), mask.vector);
}

} // namespace dlc::codegen
