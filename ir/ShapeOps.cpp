// Verifiers and types of the operations that make or move elements.
#include "ir/Verify.h"

using namespace mlir;

namespace dlc::ir {

//===- Sources ------------------------------------------------------------===//

LogicalResult ConstantOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange, DictionaryAttr attributes,
                                           OpaqueProperties properties, RegionRange, SmallVectorImpl<Type> &types) {
  auto value = properties ? properties.as<Properties *>()->value : attributes.getAs<ElementsAttr>("value");
  if (!value || !hasSizes(value.getShapedType()))
    return emitOptionalError(location, "expected the elements of a tensor as the constant's value");
  types.push_back(value.getShapedType());
  return success();
}

LogicalResult SizeOp::verify() {
  if (getSize().getSizes().size() == 1)
    return success();
  return emitOpError() << "size_c1: expected one size, found " << getSize().getSizes().size();
}

LogicalResult IotaOp::verify() {
  int64_t axis = getAxis();
  if (axis >= 0 && axis < getType().getRank())
    return success();
  return emitOpError() << "iota_c1: there is no axis " << axis << " in the shape " << str(shapeOf(getType()));
}

LogicalResult RandomOp::verify() {
  Type element = elementOf(getResult());
  bool fits = getFn() == RandomFn::bits ? element.isSignlessInteger(64) : element.isF32() || element.isF64();
  if (!fits)
    return emitOpError() << "random_c1: expected elements of type " << (getFn() == RandomFn::bits ? "i64" : "f32 or f64") << " for `"
                         << stringifyRandomFn(getFn()) << "`, found " << element;
  int64_t lanes = getLanes();
  if (lanes < 0 || lanes > getType().getRank())
    return emitOpError() << "random_c2: expected from 0 to " << getType().getRank() << " lanes, found " << lanes;
  return success();
}

//===- Movement -----------------------------------------------------------===//

LogicalResult BroadcastOp::verify() {
  return checkBroadcast(shapeOf(getOperand().getType()), getAxes(), shapeOf(getType()), errorAt(*this));
}

static LogicalResult verifySameElement(Operation *op) {
  Type operand = elementOf(op->getOperand(0)), result = elementOf(op->getResult(0));
  if (operand == result)
    return success();
  return op->emitOpError() << "expected the operand's element type " << operand << " in the result, found " << result;
}

LogicalResult ReshapeOp::verify() {
  if (failed(verifySameElement(*this)))
    return failure();
  return checkReshape(shapeOf(getOperand().getType()), shapeOf(getType()), errorAt(*this));
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                            OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Value operand = adaptor.getOperand();
  return inferred(transposeShape(shapeOf(operand.getType()), adaptor.getPermutation(), errorAt(location)), elementOf(operand), types);
}

LogicalResult SliceOp::verify() {
  if (failed(verifySameElement(*this)))
    return failure();
  return checkSlice(shapeOf(getOperand().getType()), getStart(), getStride(), shapeOf(getType()), errorAt(*this));
}

LogicalResult PadOp::verify() {
  if (failed(verifySameElement(*this)))
    return failure();
  return checkPad(shapeOf(getOperand().getType()), getLow(), getInterior(), shapeOf(getType()), errorAt(*this));
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  SmallVector<Shape> shapes = llvm::map_to_vector(operands, [](Value value) { return shapeOf(value.getType()); });
  for (Value operand : operands)
    if (elementOf(operand) != elementOf(operands[0]))
      return emitOptionalError(location, "concat_c1: expected one element type, found ", elementOf(operands[0]), " and ", elementOf(operand));
  FailureOr<Shape> shape = concatShape(shapes, adaptor.getAxis(), errorAt(location));
  if (failed(shape)) // also where there is no operand
    return failure();
  return inferred(shape, elementOf(operands[0]), types);
}

LogicalResult ReverseOp::verify() {
  SmallVector<bool> named(getType().getRank(), false);
  for (int64_t axis : getAxes()) {
    if (axis < 0 || axis >= getType().getRank())
      return emitOpError() << "reverse_c1: there is no axis " << axis << " in the shape " << str(shapeOf(getType()));
    if (named[axis])
      return emitOpError() << "reverse_c1: axis " << axis << " is named twice";
    named[axis] = true;
  }
  return success();
}

LogicalResult DynamicSliceOp::verify() {
  if (failed(verifySameElement(*this)))
    return failure();
  return checkDynamicPart("dynamic_slice", shapeOf(getOperand().getType()), shapeOf(getType()), getStarts().size(), errorAt(*this));
}

LogicalResult DynamicUpdateOp::verify() {
  if (elementOf(getUpdate()) != elementOf(getOperand()))
    return emitOpError() << "expected the operand's element type " << elementOf(getOperand()) << " in the update, found " << elementOf(getUpdate());
  return checkDynamicPart("dynamic_update", shapeOf(getOperand().getType()), shapeOf(getUpdate().getType()), getStarts().size(),
                          errorAt(*this));
}

LogicalResult WindowOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                         OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Value operand = adaptor.getOperand();
  return inferred(windowShape(shapeOf(operand.getType()), adaptor.getAxes(), adaptor.getSize(), adaptor.getStride(), adaptor.getDilation(),
                              errorAt(location)),
                  elementOf(operand), types);
}

LogicalResult OverlapAddOp::verify() {
  if (failed(verifySameElement(*this)))
    return failure();
  FailureOr<Shape> windows = windowShape(shapeOf(getType()), getAxes(), getSize(), getStride(), getDilation(), errorAt(*this));
  if (failed(windows))
    return failure();
  Shape found = shapeOf(getOperand().getType());
  if (*windows == found)
    return success();
  return emitOpError() << "overlap_add_c1: expected windows of the shape " << str(*windows) << ", found " << str(found);
}

} // namespace dlc::ir
