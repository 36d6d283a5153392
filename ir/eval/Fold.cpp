// Constants as tensors and back; the evaluator as a folder.
#include "ir/eval/Evaluator.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>

using namespace mlir;

namespace dlc::ir::eval {

/// The largest result that is folded, in elements.
static constexpr int64_t foldLimit = 64;

static bool isEvaluable(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getElementType().isIntOrFloat();
}

Tensor tensorFromAttr(ElementsAttr attr) {
  if (!isEvaluable(attr.getType()))
    return {};
  Tensor tensor(cast<RankedTensorType>(attr.getType()));
  if (tensor.count() == 0) // the attribute may have no data then, and memcpy takes no null
    return tensor;
  char *to = static_cast<char *>(tensor.mutableData());
  if (auto dense = dyn_cast<DenseElementsAttr>(attr)) {
    if (tensor.elementType().isInteger(1)) {
      for (auto [index, value] : llvm::enumerate(dense.getValues<bool>()))
        to[index] = value;
      return tensor;
    }
    ArrayRef<char> raw = dense.getRawData();
    if (!dense.isSplat()) {
      std::memcpy(to, raw.data(), tensor.bytes());
      return tensor;
    }
    for (int64_t i = 0; i < tensor.count(); ++i)
      std::memcpy(to + i * tensor.elementBytes(), raw.data(), tensor.elementBytes());
    return tensor;
  }
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attr)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || static_cast<int64_t>(blob->getData().size()) != tensor.bytes())
      return {};
    std::memcpy(to, blob->getData().data(), tensor.bytes());
    return tensor;
  }
  return {};
}

DenseElementsAttr attrFromTensor(const Tensor &tensor) {
  if (tensor.elementType().isInteger(1)) {
    SmallVector<bool> values;
    for (char element : tensor.as<char>())
      values.push_back(element != 0);
    return DenseElementsAttr::get(tensor.type(), ArrayRef<bool>(values));
  }
  ArrayRef<char> raw(static_cast<const char *>(tensor.data()), tensor.bytes());
  int64_t width = tensor.elementBytes();
  bool splat = tensor.count() > 0;
  for (int64_t i = 1; splat && i < tensor.count(); ++i)
    splat = std::memcmp(raw.data(), raw.data() + i * width, width) == 0;
  return DenseElementsAttr::getFromRawBuffer(tensor.type(), splat ? raw.take_front(width) : raw);
}

LogicalResult foldByEvaluation(Operation *op, ArrayRef<Attribute> operands, SmallVectorImpl<OpFoldResult> &results) {
  auto value = dyn_cast<EvaluateInterface>(op);
  if (!value || isa<VariableOp, StopGradientOp, BarrierOp>(op))
    return failure();
  for (Type type : op->getResultTypes())
    if (!isEvaluable(type) || cast<RankedTensorType>(type).getNumElements() > foldLimit)
      return failure();
  SmallVector<Tensor> tensors, computed;
  for (Attribute operand : operands) {
    auto elements = dyn_cast_or_null<ElementsAttr>(operand);
    Tensor tensor = elements ? tensorFromAttr(elements) : Tensor();
    if (!tensor)
      return failure();
    tensors.push_back(tensor);
  }
  // What cannot be evaluated is not folded; that is no error.
  ScopedDiagnosticHandler quiet(op->getContext(), [](Diagnostic &) { return success(); });
  Environment environment;
  if (failed(value.evaluate(tensors, computed, environment)))
    return failure();
  for (auto [type, tensor] : llvm::zip_equal(op->getResultTypes(), computed))
    if (tensor.type() != type)
      return failure();
  for (const Tensor &tensor : computed)
    results.push_back(attrFromTensor(tensor));
  return success();
}

} // namespace dlc::ir::eval
