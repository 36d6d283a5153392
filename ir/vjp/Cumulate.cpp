#include "ir/vjp/Emit.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::vjp;

namespace {

/// The rules of `dl.cumulate`, by function.
class CumulateRule {
public:
  CumulateRule(OpBuilder &builder, CumulateOp op, Value cotangent)
      : builder(builder), op(op), loc(op.getLoc()), axis(op.getAxis()), g(cotangent) {}

  Value cotangent() {
    switch (op.getFn()) {
    case ReduceFn::sum: // dx_k = Σ g_i over the i that saw k: the same from the other end
      return cumulate(ReduceFn::sum, g, !op.getReverse(), op.getExclusive());
    case ReduceFn::prod:
      return ofProduct();
    default:
      return ofExtremum();
    }
  }

private:
  Value cumulate(ReduceFn fn, Value operand, bool reverse, bool exclusive) {
    return CumulateOp::create(builder, loc, operand.getType(), fn, operand, axis, reverse, exclusive);
  }

  Value flipped(Value value) { return ReverseOp::create(builder, loc, value.getType(), value, ArrayRef<int64_t>{axis}); }

  /// dx_k = P_k S_k with P_k the product of what comes before, and S_k = g_k + x_{k+1} S_{k+1}: no quotient, so zeros do no harm.
  /// `exclusive` has S_k = g_{k+1} + x_{k+1} S_{k+1}. "Before" and "+ 1" are along the direction.
  Value ofProduct() {
    Expr before(builder, loc, cumulate(ReduceFn::prod, op.getOperand(), op.getReverse(), true));
    return before * before.with(suffixSums());
  }

  /// All S_k, by a loop against the direction.
  Value suffixSums() {
    RankedTensorType type = op.getType();
    SmallVector<int64_t> order{axis}, back(type.getRank());
    for (int64_t i = 0; i < type.getRank(); ++i)
      if (i != axis)
        order.push_back(i);
    for (auto [index, from] : llvm::enumerate(order))
      back[from] = index;
    Value gs = transpose(builder, loc, g, order), xs = transpose(builder, loc, op.getOperand(), order);
    Shape front = shapeOf(xs.getType());
    RankedTensorType slice = tensorType(ArrayRef(front).drop_front(), type.getElementType());

    Value start = zeros(builder, loc, slice);
    auto loop = LoopOp::create(builder, loc, TypeRange{slice, xs.getType()}, sizeAttr(typeOf(xs), 0), !op.getReverse(),
                               /*exit=*/false, Value(), ValueRange{gs, xs}, ValueRange{start}, DenseI64ArrayAttr(),
                               DenseI64ArrayAttr());
    OpBuilder::InsertionGuard guard(builder);
    Block *body = builder.createBlock(&loop.getBody(), {}, {tensorType({}, builder.getI64Type()), slice, slice, slice},
                                      {loc, loc, loc, loc});
    Expr gk(builder, loc, body->getArgument(1)), xk = gk.with(body->getArgument(2)), m = gk.with(body->getArgument(3));
    if (op.getExclusive()) // m is S_k
      YieldOp::create(builder, loc, ValueRange{gk + xk * m, m});
    else { // m is x_{k+1} S_{k+1}
      Expr s = gk + m;
      YieldOp::create(builder, loc, ValueRange{xk * s, s});
    }
    builder.setInsertionPointAfter(loop);
    return transpose(builder, loc, loop.getResult(1), back);
  }

  /// g_i goes to the first place that has the extremum of all that i saw.
  Value ofExtremum() {
    // Against the direction: seen from the other end it runs forward.
    Value x = op.getReverse() ? flipped(op.getOperand()) : op.getOperand();
    Value cotangent = op.getReverse() ? flipped(g) : g;
    if (op.getExclusive())
      cotangent = shifted(cotangent);
    Expr here(builder, loc, x), before = here.with(cumulate(op.getFn(), x, false, true));
    // A place that beats all before it owns the extremum until the next one does; the first place owns it from the start.
    Expr beats = op.getFn() == ReduceFn::max ? here > before : here < before;
    Expr index = here.with(indexAlong(builder, loc, op.getType(), axis));
    Value owner = cumulate(ReduceFn::max, select(beats, index, 0), false, false);
    Value result = scatterAlong(builder, loc, cotangent, owner, axis);
    return op.getReverse() ? flipped(result) : result;
  }

  /// Result i of an exclusive cumulate is result i − 1 of the inclusive one: g moves one place to the front, and a 0 comes in.
  Value shifted(Value value) {
    RankedTensorType type = typeOf(value);
    Shape longer = shapeOf(type);
    longer[axis] = longer[axis] + SizeExpr(1);
    SmallVector<int64_t> none(type.getRank(), 0), start(type.getRank(), 0), stride(type.getRank(), 1);
    start[axis] = 1;
    Value zero = scalar(builder, loc, type.getElementType(), 0);
    Value padded = PadOp::create(builder, loc, tensorType(longer, type.getElementType()), value, zero, none, none);
    return SliceOp::create(builder, loc, type, padded, start, stride);
  }

  OpBuilder &builder;
  CumulateOp op;
  Location loc;
  int64_t axis;
  Value g;
};

} // namespace

void CumulateOp::vjp(OpBuilder &builder, ValueRange cotangents, SmallVectorImpl<Value> &gradients) {
  gradients.push_back(hasFloatElements(getType()) ? CumulateRule(builder, *this, cotangents[0]).cotangent() : Value());
}
