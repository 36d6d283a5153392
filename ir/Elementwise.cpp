// Verifiers of the element-wise operations.
#include "ir/Verify.h"

using namespace mlir;

namespace dlc::ir {

LogicalResult UnaryOp::verify() {
  Type element = elementOf(getOperand());
  auto require = [&](bool holds, StringRef what) -> LogicalResult {
    if (holds)
      return success();
    return emitOpError() << "unary_c1: `" << stringifyUnaryFn(getFn()) << "` takes " << what << ", found " << element;
  };
  switch (getFn()) {
  case UnaryFn::not_:
    return require(isBool(element), "booleans");
  case UnaryFn::neg:
    return require(!isBool(element) && !element.isUnsignedInteger(), "floats and signed integers");
  case UnaryFn::abs:
  case UnaryFn::sign:
  case UnaryFn::square:
  case UnaryFn::relu:
    return require(!isBool(element), "floats and integers");
  default:
    return require(isFloat(element), "floats");
  }
}

LogicalResult BinaryOp::verify() {
  Type element = elementOf(getLhs());
  auto require = [&](bool holds, StringRef what) -> LogicalResult {
    if (holds)
      return success();
    return emitOpError() << "binary_c1: `" << stringifyBinaryFn(getFn()) << "` takes " << what << ", found " << element;
  };
  switch (getFn()) {
  case BinaryFn::and_:
  case BinaryFn::or_:
    return require(isBool(element), "booleans");
  case BinaryFn::div:
  case BinaryFn::pow:
  case BinaryFn::atan2:
    return require(isFloat(element), "floats");
  default:
    return require(!isBool(element), "floats and integers");
  }
}

LogicalResult CompareOp::verify() {
  if (!isBool(elementOf(getLhs())) || getFn() == CompareFn::eq || getFn() == CompareFn::ne)
    return success();
  return emitOpError() << "compare_c1: `" << stringifyCompareFn(getFn()) << "` takes floats and integers, found i1";
}

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context, std::optional<Location>, ValueRange operands, DictionaryAttr, OpaqueProperties,
                                          RegionRange, SmallVectorImpl<Type> &types) {
  types.push_back(withElement(cast<RankedTensorType>(operands[0].getType()), IntegerType::get(context, 1)));
  return success();
}

LogicalResult CastOp::verify() {
  if (withElement(getOperand().getType(), elementOf(getResult())) == getType())
    return success();
  return emitOpError() << "cast_c1: expected the operand's shape " << str(shapeOf(getOperand().getType())) << ", found "
                       << str(shapeOf(getType()));
}

} // namespace dlc::ir
