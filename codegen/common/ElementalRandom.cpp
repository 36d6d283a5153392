// Counter-based random numbers (docs/random.md).
#include "codegen/common/Elemental.h"

#include <array>

using namespace mlir;

namespace dlc::codegen {

namespace {

/// 64- and 32-bit arithmetic on lanes at the insertion point.
struct Bits {
  LoopBuilder &loops;
  int64_t lanes;

  ImplicitLocOpBuilder &b() { return loops.builder(); }
  Value c64(uint64_t v) { return loops.integer(lanesOf(b().getI64Type(), lanes), static_cast<int64_t>(v)); }
  Value c32(uint32_t v) { return loops.integer(lanesOf(b().getI32Type(), lanes), static_cast<int32_t>(v)); }
  Value shr(Value x, uint64_t n) { return arith::ShRUIOp::create(b(), x, loops.integer(x.getType(), n)); }
  Value mul(Value x, Value y) { return arith::MulIOp::create(b(), x, y); }
  Value add(Value x, Value y) { return arith::AddIOp::create(b(), x, y); }
  Value xor_(Value x, Value y) { return arith::XOrIOp::create(b(), x, y); }
  Value low(Value x) { return arith::TruncIOp::create(b(), lanesOf(b().getI32Type(), lanes), x); }
  Value high(Value x) { return low(shr(x, 32)); }
  Value wide(Value x) { return arith::ExtUIOp::create(b(), lanesOf(b().getI64Type(), lanes), x); }

  Value final(Value z) {
    z = mul(xor_(z, shr(z, 30)), c64(0xbf58476d1ce4e5b9ull));
    z = mul(xor_(z, shr(z, 27)), c64(0x94d049bb133111ebull));
    return xor_(z, shr(z, 31));
  }
  static constexpr uint64_t gamma = 0x9e3779b97f4a7c15ull;
  Value mix(Value seed, Value site) {
    Value rotated = arith::OrIOp::create(b(), arith::ShLIOp::create(b(), site, c64(32)), shr(site, 32));
    return final(xor_(final(add(seed, c64(gamma))), rotated));
  }
  Value fold(Value key, Value index) { return final(add(key, mul(add(index, c64(1)), c64(gamma)))); }

  std::array<Value, 4> philox(Value block, Value step, Value key) {
    std::array<Value, 4> c{low(block), high(block), low(step), high(step)};
    Value k0 = low(key), k1 = high(key);
    for (int round = 0; round < 10; ++round) {
      Value x = mul(wide(c[0]), c64(0xD2511F53u)), y = mul(wide(c[2]), c64(0xCD9E8D57u));
      c = {xor_(xor_(high(y), c[1]), k0), low(y), xor_(xor_(high(x), c[3]), k1), low(x)};
      k0 = add(k0, c32(0x9E3779B9u));
      k1 = add(k1, c32(0xBB67AE85u));
    }
    return c;
  }
};

/// From words to numbers of `type` (one lane's).
struct Distribution {
  LoopBuilder &loops;
  ScalarMath &math;
  Type type;

  Value unit(Value word, uint32_t plus) {
    auto &b = loops.builder();
    Value bits = arith::ShRUIOp::create(b, word, loops.integer(word.getType(), 8));
    if (plus)
      bits = arith::AddIOp::create(b, bits, loops.integer(word.getType(), plus));
    Value x = arith::SIToFPOp::create(b, likeShape(type, word.getType()), bits);
    return arith::MulFOp::create(b, x, loops.number(x.getType(), 0x1p-24));
  }
  /// The two normal numbers of a pair of words.
  std::pair<Value, Value> normal(Value w0, Value w1) {
    auto &b = loops.builder();
    Value u1 = unit(w0, 1), u2 = unit(w1, 0);
    Value r = math::SqrtOp::create(b, arith::MulFOp::create(b, loops.number(u1.getType(), -2), math.log(u1)));
    auto [sin, cos] = math.sinCosTurn(u2);
    return {arith::MulFOp::create(b, r, cos), arith::MulFOp::create(b, r, sin)};
  }
  Value plain(ir::RandomFn fn, Value word) {
    if (fn == ir::RandomFn::uniform)
      return unit(word, 0);
    return arith::ExtUIOp::create(loops.builder(), likeShape(type, word.getType()), word);
  }
};

/// a0 b0 a1 b1 …
Value interleave(LoopBuilder &loops, Value a, Value c) {
  int64_t n = cast<VectorType>(a.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < n; ++i)
    order.append({i, n + i});
  return vector::ShuffleOp::create(loops.builder(), a, c, order);
}

/// One `dl.random` at an index.
class Draw {
public:
  Draw(Elemental &e, ir::RandomOp op, Index &index)
      : e(e), loops(e.loops), op(op), index(index), shape(Elemental::shapeOf(op.getResult())), leading(op.getLanes()), lanes(index.lanes),
        i64(loops.builder().getI64Type()), distribution{loops, e.math, Elemental::computeType(scalarOf(op.getType()))} {}

  Value run() {
    Value seed = scalar(op.getSeed()), site = scalar(op.getSite());
    step = scalar(op.getStep());
    offset = op.getOffset() ? scalar(op.getOffset()) : Value();
    makeKey(seed, site);
    Lane number = numberOfElement();
    // With an offset elements are counted from those of `offset` rows.
    int64_t row = offset && leading == 0 ? product(shape.drop_front(1)) : 4;
    Value shift = offset && leading == 0 ? loops.mul(offset, loops.i64(row)) : Value();
    bool isWhole = !number.vec && number.stride == 1 && number.align % 4 == 0 && row % 4 == 0 && lanes % 8 == 0 && !keyVaries();
    return isWhole ? wholeBlocks(number, shift) : oneByOne(number, shift);
  }

private:
  Value scalar(Value tensor) { return e.evaluate(tensor, e.zeros(tensor)); }
  bool keyVaries() const { return isa<VectorType>(key.getType()); }

  /// The key: of seed and site, then of the indices and the lanes.
  void makeKey(Value seed, Value site) {
    Bits one{loops, 1};
    loops.moveTo(loops.levelOf({seed, site}));
    key = one.mix(seed, site);
    for (Value folded : op.getIndices()) {
      Value i = scalar(folded);
      loops.moveTo(loops.levelOf({key, i}));
      key = one.fold(key, i);
    }
    for (int64_t axis = 0; axis < leading; ++axis) {
      Value i = e.lane.data(e.lane.axes(index, shape)[axis], lanes, i64);
      if (offset && axis == 0) {
        Value at = isa<VectorType>(i.getType()) ? loops.splat(offset, lanes) : offset;
        i = loops.pure<arith::AddIOp>({i, at}, 0, i, at);
      }
      if (isa<VectorType>(i.getType()))
        key = loops.splat(key, lanes);
      else if (keyVaries())
        i = loops.splat(i, lanes);
      loops.moveTo(loops.levelOf({key, i}));
      key = Bits{loops, keyVaries() ? lanes : 1}.fold(key, i);
    }
  }

  Lane numberOfElement() {
    if (leading == 0)
      return e.lane.linear(index, shape);
    Index rest = Elemental::at(e.lane.axes(index, shape).drop_front(leading), lanes);
    return e.lane.linear(rest, shape.drop_front(leading));
  }

  /// Whole blocks of four: each is computed once for its elements.
  Value wholeBlocks(const Lane &number, Value shift) {
    int64_t blocks = lanes / 4;
    Bits bits{loops, blocks};
    Value first = shift ? loops.add(number.base, shift) : number.base;
    Value steps = loops.splat(step, blocks), keys = loops.splat(key, blocks), firsts = loops.splat(loops.div(first, 4), blocks);
    loops.moveTo(loops.levelOf({firsts, steps, keys}));
    auto &b = loops.builder();
    SmallVector<Attribute> ramp;
    for (int64_t i = 0; i < blocks; ++i)
      ramp.push_back(b.getI64IntegerAttr(i));
    Value block = bits.add(firsts, loops.constant(DenseElementsAttr::get(VectorType::get({blocks}, i64), ramp)));
    auto w = bits.philox(block, steps, keys);
    if (op.getFn() != ir::RandomFn::normal)
      return distribution.plain(op.getFn(), interleave(loops, interleave(loops, w[0], w[2]), interleave(loops, w[1], w[3])));
    auto [even, odd] = distribution.normal(interleave(loops, w[0], w[2]), interleave(loops, w[1], w[3]));
    return interleave(loops, even, odd);
  }

  /// The block of each element, and which of its words is the element's.
  Value oneByOne(const Lane &number, Value shift) {
    int64_t n = number.uniform() && !keyVaries() ? 1 : lanes;
    Bits bits{loops, n};
    Value element = loops.splat(e.lane.data(number, lanes, i64), n);
    if (shift) {
      Value shifts = loops.splat(shift, n);
      element = loops.pure<arith::AddIOp>({element, shifts}, 0, element, shifts);
    }
    Value steps = loops.splat(step, n), keys = loops.splat(key, n);
    loops.moveTo(loops.levelOf({element, steps, keys}));
    auto &b = loops.builder();
    auto w = bits.philox(bits.shr(element, 2), steps, keys);
    auto bit = [&](uint64_t which) -> Value {
      Value masked = arith::AndIOp::create(b, element, bits.c64(which));
      return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, masked, bits.c64(0));
    };
    Value second = bit(2), odd = bit(1);
    Value x = arith::SelectOp::create(b, second, w[2], w[0]), y = arith::SelectOp::create(b, second, w[3], w[1]);
    if (op.getFn() != ir::RandomFn::normal)
      return distribution.plain(op.getFn(), arith::SelectOp::create(b, odd, y, x));
    auto [cosine, sine] = distribution.normal(x, y);
    return arith::SelectOp::create(b, odd, sine, cosine);
  }

  Elemental &e;
  LoopBuilder &loops;
  ir::RandomOp op;
  Index &index;
  ArrayRef<int64_t> shape;
  int64_t leading, lanes;
  Type i64;
  Distribution distribution;
  Value step, offset, key;
};

} // namespace

Value Elemental::random(ir::RandomOp op, Index &index, Mask mask) { return Draw(*this, op, index).run(); }

} // namespace dlc::codegen
