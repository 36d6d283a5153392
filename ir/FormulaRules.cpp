// What the operations leave out where they stand in formulas, and the words that choose their functions.
#include "ir/Ops.h"

using namespace mlir;

namespace dlc::ir {

/// As many numbers as `length`, all the same.
static Attribute repeated(MLIRContext *context, int64_t length, int64_t number) {
  return DenseI64ArrayAttr::get(context, SmallVector<int64_t>(std::max<int64_t>(length, 0), number));
}

static Attribute integer(MLIRContext *context, int64_t number) { return IntegerAttr::get(IntegerType::get(context, 64), number); }

/// The rank of an operand; 0 for none and for one that is no tensor.
static int64_t rankOf(ValueRange operands, unsigned number) {
  auto tensor = number < operands.size() ? dyn_cast<RankedTensorType>(operands[number].getType()) : nullptr;
  return tensor ? tensor.getRank() : 0;
}

Attribute ConvOp::formulaDefault(StringRef attribute, MLIRContext *context, ValueRange operands, DictionaryAttr) {
  int64_t spatial = rankOf(operands, 0) - 2;
  if (attribute == "precision")
    return PrecisionAttr::get(context, Precision::f32);
  if (attribute == "groups")
    return integer(context, 1);
  if (attribute == "stride" || attribute == "dilation")
    return repeated(context, spatial, 1);
  if (attribute == "low" || attribute == "high")
    return repeated(context, spatial, 0);
  return {};
}

Attribute DotOp::formulaDefault(StringRef attribute, MLIRContext *context, ValueRange operands, DictionaryAttr) {
  if (attribute == "lhsBatch" || attribute == "rhsBatch")
    return repeated(context, 0, 0);
  if (attribute == "lhsContract" && rankOf(operands, 0) > 0)
    return repeated(context, 1, rankOf(operands, 0) - 1);
  if (attribute == "rhsContract")
    return repeated(context, 1, 0);
  if (attribute == "precision")
    return PrecisionAttr::get(context, Precision::f32);
  return {};
}

Attribute BroadcastOp::formulaDefault(StringRef attribute, MLIRContext *context, ValueRange operands, DictionaryAttr) {
  return attribute == "axes" && rankOf(operands, 0) == 0 ? repeated(context, 0, 0) : Attribute();
}

static Attribute windowDefault(StringRef attribute, MLIRContext *context, DictionaryAttr given) {
  auto axes = dyn_cast_or_null<DenseI64ArrayAttr>(given ? given.get("axes") : nullptr);
  return attribute == "dilation" && axes ? repeated(context, axes.size(), 1) : Attribute();
}

Attribute WindowOp::formulaDefault(StringRef attribute, MLIRContext *context, ValueRange, DictionaryAttr given) {
  return windowDefault(attribute, context, given);
}

Attribute OverlapAddOp::formulaDefault(StringRef attribute, MLIRContext *context, ValueRange, DictionaryAttr given) {
  return windowDefault(attribute, context, given);
}

Attribute RandomOp::formulaDefault(StringRef attribute, MLIRContext *context, ValueRange operands, DictionaryAttr) {
  if (attribute == "lanes")
    return integer(context, 0);
  if (attribute != getOperandSegmentSizeAttr())
    return {};
  // One operand for each segment, as far as there are operands.
  Properties properties;
  SmallVector<int32_t> sizes(properties.operandSegmentSizes.size(), 0);
  std::fill_n(sizes.begin(), std::min<size_t>(operands.size(), sizes.size()), 1);
  return DenseI32ArrayAttr::get(context, sizes);
}

static Attribute reduceChoice(StringRef word, MLIRContext *context) {
  auto fn = symbolizeReduceFn(word);
  return fn ? ReduceFnAttr::get(context, *fn) : Attribute();
}

Attribute ReduceOp::formulaChoice(StringRef word, MLIRContext *context) { return reduceChoice(word, context); }
Attribute ArgReduceOp::formulaChoice(StringRef word, MLIRContext *context) { return reduceChoice(word, context); }
Attribute CumulateOp::formulaChoice(StringRef word, MLIRContext *context) { return reduceChoice(word, context); }

Attribute ScatterOp::formulaChoice(StringRef word, MLIRContext *context) {
  auto fn = symbolizeScatterFn(word);
  return fn ? ScatterFnAttr::get(context, *fn) : Attribute();
}

Attribute RandomOp::formulaChoice(StringRef word, MLIRContext *context) {
  auto fn = symbolizeRandomFn(word);
  return fn ? RandomFnAttr::get(context, *fn) : Attribute();
}

Attribute ConvOp::formulaChoice(StringRef word, MLIRContext *context) {
  auto kind = symbolizeConvKind(word);
  return kind ? ConvKindAttr::get(context, *kind) : Attribute();
}

bool CumulateOp::mayLack(StringRef attribute) { return attribute == "reverse" || attribute == "exclusive"; }
bool SortOp::mayLack(StringRef attribute) { return attribute == "descending"; }

} // namespace dlc::ir
