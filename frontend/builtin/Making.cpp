// Makers: constants, indices and draws.
#include "frontend/builtin/Builtins.h"

namespace dlc::frontend::builtin {
namespace {

Value full(CallContext &context) {
  std::optional<Shape> shape = context.shape("shape");
  std::optional<Tensor> value = context.tensor("value");
  if (!shape || !value || value->isError())
    return Value::error();
  if (!broadcasts(value->shape, *shape))
    return context.error(diag::builtin_broadcast, context.range("value"), value->shape.str(), shape->str());
  return context.result(context.emit.broadcastTo(*value, *shape));
}

Value fullLike(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  if (!x || x->isError())
    return Value::error();
  std::optional<Tensor> value = context.tensor("value", x->element);
  if (!value || value->isError())
    return Value::error();
  if (value->rank() != 0)
    return context.error(diag::builtin_rank, context.range("value"), "full_like", 0, value->typeText());
  return context.result(context.emit.broadcastTo(*value, x->shape));
}

Value iota(CallContext &context) {
  std::optional<Dim> size = context.size("size");
  if (!size)
    return Value::error();
  if (size->constant().value_or(0) < 0)
    return context.error(diag::builtin_negative, context.range("size"), "size", size->str(), 0);
  return context.result(context.emit.iota(0, ElementType::I64, Shape{*size}));
}

/// A function of the shape, for a declaration to call with its own.
Value maker(CallContext &context) {
  Value make = context["make"];
  if (!make.isCallable())
    return context.error(diag::builtin_needs_function, context.range("make"), make.describe());
  Elaborator *elab = &context.elab;
  SourceRange call = context.call;
  MakerData data;
  data.name = "initial value";
  data.make = [elab, call, make](const Shape &shape, ElementType) {
    std::vector<Value> sizes;
    for (const Dim &dim : shape)
      sizes.push_back(Value::size(dim));
    return CallContext(*elab, call).callFunction(make, {Value::list(std::move(sizes))});
  };
  return Value::maker(std::move(data));
}

ElementType drawnType(ElementType wanted) {
  return wanted == ElementType::F64 ? ElementType::F64 : ElementType::F32;
}

/// `scale * draw + shift`, leaving out what changes nothing.
Value scaled(Emitter &emit, const Tensor &draw, const Value &scale, const Value &shift, SourceRange call) {
  Value result = draw.isError() ? Value::error() : Value::tensor(draw);
  if (scale.number() != 1.0)
    result = emit.arithmetic(ir::BinaryFn::mul, scale, result, call);
  if (shift.number() != 0.0)
    result = emit.arithmetic(ir::BinaryFn::add, shift, result, call);
  return result;
}

using Draw = std::function<Value(Emitter &, const Shape &, ElementType)>;

/// The draw now if a shape is given, else a maker.
Value drawOrMaker(CallContext &context, llvm::StringRef name, Draw draw) {
  if (!context.isNone("shape")) {
    std::optional<Shape> shape = context.shape("shape");
    return shape ? draw(context.emit, *shape, ElementType::F32) : Value::error();
  }
  Elaborator *elab = &context.elab;
  MakerData data;
  data.name = name.str();
  data.make = [elab, draw](const Shape &shape, ElementType element) {
    Emitter emit(*elab);
    return draw(emit, shape, drawnType(element));
  };
  return Value::maker(std::move(data));
}

Value uniform(CallContext &context) {
  Value low = context["low"], high = context["high"];
  if (low.isError() || high.isError())
    return Value::error();
  Value width = context.emit.arithmetic(ir::BinaryFn::sub, high, low, context.call);
  SourceRange call = context.call;
  return drawOrMaker(context, "uniform", [=](Emitter &emit, const Shape &shape, ElementType element) {
    Tensor draw = emit.random(ir::RandomFn::uniform, "uniform", element, shape);
    return scaled(emit, draw, width, low, call);
  });
}

Value normal(CallContext &context) {
  Value std = context["std"], mean = context["mean"];
  if (std.isError() || mean.isError())
    return Value::error();
  SourceRange call = context.call;
  return drawOrMaker(context, "normal", [=](Emitter &emit, const Shape &shape, ElementType element) {
    Tensor draw = emit.random(ir::RandomFn::normal, "normal", element, shape);
    return scaled(emit, draw, std, mean, call);
  });
}

Value randomBits(CallContext &context) {
  std::optional<Shape> shape = context.shape("shape");
  if (!shape)
    return Value::error();
  return context.result(context.emit.random(ir::RandomFn::bits, "bits", ElementType::I64, *shape));
}

/// Integers from `low` up to, not including, `below`: 32 random bits times their number, divided by 2^32.
Value randomInt(CallContext &context) {
  std::optional<Shape> shape = context.shape("shape");
  Value low = context["low"], below = context["below"];
  if (!shape || low.isError() || below.isError())
    return Value::error();
  Value count = context.emit.arithmetic(ir::BinaryFn::sub, below, low, context.call);
  if (count.isError())
    return Value::error();
  if (count.is(ValueKind::Size))
    if (std::optional<int64_t> number = count.asSize().constant();
        number && (*number < 1 || *number > (int64_t(1) << 31)))
      return context.error(diag::builtin_random_range, context.call, *number);
  std::optional<Tensor> range = context.toTensor(count, context.call, ElementType::I64);
  if (!range || range->isError())
    return Value::error();
  Emitter &emit = context.emit;
  Tensor bits = emit.random(ir::RandomFn::bits, "random_int", ElementType::I64, *shape);
  if (!broadcasts(range->shape, *shape))
    return context.error(diag::builtin_broadcast, context.range("below"), range->shape.str(), shape->str());
  Tensor product = emit.binary(ir::BinaryFn::mul, bits, emit.broadcastTo(*range, *shape));
  Tensor size = emit.constantInt(int64_t(1) << 32, ElementType::I64, *shape);
  Tensor draw = emit.binary(ir::BinaryFn::floordiv, product, size);
  if (low.number() == 0.0)
    return context.result(draw);
  return emit.arithmetic(ir::BinaryFn::add, context.result(draw), low, context.call);
}

} // namespace

llvm::ArrayRef<BuiltinEntry> makingEntries() {
  static const BuiltinEntry entries[] = {
      {"full(shape, value)", &full},
      {"full_like(x, value)", &fullLike},
      {"iota(size: int)", &iota},
      {"maker(make)", &maker},
      {"uniform(shape = none, low = 0, high = 1)", &uniform},
      {"normal(shape = none, std = 1, mean = 0)", &normal},
      {"random_bits(shape)", &randomBits},
      {"random_int(shape, low = 0, below)", &randomInt},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
