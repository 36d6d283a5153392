// Verifiers and types of reductions, products and indexing.
#include "ir/Verify.h"

using namespace mlir;

namespace dlc::ir {

//===- Reductions ---------------------------------------------------------===//

LogicalResult ReduceOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Value operand = adaptor.getOperand();
  return inferred(reduceShape(shapeOf(operand.getType()), adaptor.getAxes(), errorAt(location)), elementOf(operand), types);
}

LogicalResult ReduceOp::verify() {
  bool logical = getFn() == ReduceFn::and_ || getFn() == ReduceFn::or_;
  if (logical == isBool(elementOf(getOperand())))
    return success();
  return emitOpError() << "reduce_c2: `" << stringifyReduceFn(getFn()) << "` takes " << (logical ? "booleans" : "floats and integers")
                       << ", found " << elementOf(getOperand());
}

LogicalResult ArgReduceOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location, ValueRange operands,
                                            DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
                                            SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  return inferred(argReduceShape(shapeOf(adaptor.getOperand().getType()), adaptor.getAxis(), errorAt(location)), IntegerType::get(context, 64),
                  types);
}

LogicalResult ArgReduceOp::verify() {
  if (getFn() == ReduceFn::max || getFn() == ReduceFn::min)
    return success();
  return emitOpError() << "arg_reduce_c1: expected `max` or `min`, found `" << stringifyReduceFn(getFn()) << '`';
}

LogicalResult CumulateOp::verify() {
  if (getFn() == ReduceFn::and_ || getFn() == ReduceFn::or_ || isBool(elementOf(getOperand())))
    return emitOpError() << "cumulate_c1: expected `sum`, `prod`, `max` or `min` of floats or integers, found `" << stringifyReduceFn(getFn())
                         << "` of " << elementOf(getOperand());
  int64_t axis = getAxis();
  if (axis < 0 || axis >= getType().getRank())
    return emitOpError() << "cumulate_c1: there is no axis " << axis << " in the shape " << str(shapeOf(getType()));
  return success();
}

//===- Products -----------------------------------------------------------===//

LogicalResult DotOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                      OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
  if (elementOf(lhs) != elementOf(rhs))
    return emitOptionalError(location, "dot_c1: expected operands of one element type, found ", elementOf(lhs), " and ", elementOf(rhs));
  DotAxes axes{adaptor.getLhsBatch(), adaptor.getRhsBatch(), adaptor.getLhsContract(), adaptor.getRhsContract()};
  return inferred(dotShape(shapeOf(lhs.getType()), shapeOf(rhs.getType()), axes, errorAt(location)), elementOf(lhs), types);
}

/// What a product rounds its operands from is f32: narrower formats have nothing to lose, and f64 is asked for to lose nothing.
static LogicalResult verifyPrecision(Operation *op, Precision precision, Type element, StringRef label) {
  if (precision == Precision::f32 || element.isF32())
    return success();
  return op->emitOpError() << label << ": precision `" << stringifyPrecision(precision) << "` is for f32, found " << element;
}

LogicalResult DotOp::verify() { return verifyPrecision(*this, getPrecision(), elementOf(getLhs()), "dot_c4"); }

LogicalResult ConvOp::verify() {
  for (Value value : {getRhs(), getResult()})
    if (elementOf(value) != elementOf(getLhs()))
      return emitOpError() << "conv_c4: expected one element type, found " << elementOf(getLhs()) << " and " << elementOf(value);
  if (failed(verifyPrecision(*this, getPrecision(), elementOf(getLhs()), "conv_c5")))
    return failure();
  Value x = getLhs(), w = getRhs(), y = getResult();
  if (getKind() == ConvKind::input) {
    x = getResult();
    y = getLhs();
  } else if (getKind() == ConvKind::weight) {
    w = getResult();
    y = getRhs();
  }
  ConvGeometry geometry{getStride(), getLow(), getHigh(), getDilation(), static_cast<int64_t>(getGroups())};
  return checkConv(shapeOf(x.getType()), shapeOf(w.getType()), shapeOf(y.getType()), geometry, errorAt(*this));
}

//===- Indexing -----------------------------------------------------------===//

LogicalResult GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Value operand = adaptor.getOperand();
  return inferred(gatherShape(shapeOf(operand.getType()), shapeOf(adaptor.getIndices().getType()), adaptor.getAxis(), adaptor.getBatch(),
                              errorAt(location)),
                  elementOf(operand), types);
}

LogicalResult ScatterOp::verify() {
  FailureOr<Shape> updates =
      gatherShape(shapeOf(getOperand().getType()), shapeOf(getIndices().getType()), getAxis(), getBatch(), errorAt(*this));
  if (failed(updates))
    return failure();
  Type required = tensorType(*updates, elementOf(getOperand()));
  if (getUpdates().getType() != required)
    return emitOpError() << "scatter_c1: expected updates of type " << required << ", found " << getUpdates().getType();
  if (getFn() == ScatterFn::add && isBool(elementOf(getOperand())))
    return emitOpError() << "scatter_c2: `add` takes floats and integers, found i1";
  return success();
}

LogicalResult SortOp::verify() {
  auto type = cast<RankedTensorType>(getOperand().getType());
  int64_t axis = getAxis();
  if (axis < 0 || axis >= type.getRank())
    return emitOpError() << "sort_c1: there is no axis " << axis << " in the shape " << str(shapeOf(type));
  Type required = withElement(type, IntegerType::get(getContext(), 64));
  if (getPermutation().getType() != required)
    return emitOpError() << "sort_c1: expected a permutation of type " << required << ", found " << getPermutation().getType();
  return success();
}

} // namespace dlc::ir
