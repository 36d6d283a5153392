#include "ir/Dialect.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace dlc::ir {

RankedTensorType tensorType(ShapeRef shape, Type element) {
  assert(isValidShape(shape) && "shapes are checked where they are inferred");
  SmallVector<int64_t> sizes;
  SmallVector<SizeExpr> symbolic;
  for (const SizeExpr &size : shape) {
    std::optional<int64_t> number = size.constant();
    sizes.push_back(number.value_or(ShapedType::kDynamic));
    if (!number)
      symbolic.push_back(size);
  }
  Attribute encoding;
  if (!symbolic.empty())
    encoding = SymAttr::get(element.getContext(), symbolic);
  return RankedTensorType::get(sizes, element, encoding);
}

RankedTensorType withElement(RankedTensorType type, Type element) {
  return RankedTensorType::get(type.getShape(), element, type.getEncoding());
}

Shape shapeOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  Shape shape;
  ArrayRef<SizeExpr> symbolic;
  if (auto encoding = dyn_cast_or_null<SymAttr>(tensor.getEncoding()))
    symbolic = encoding.getSizes();
  for (int64_t size : tensor.getShape()) {
    if (!ShapedType::isDynamic(size)) {
      shape.push_back(size);
      continue;
    }
    // A type that `hasSizes` refuses may come here from a parser that infers types before anything is verified.
    shape.push_back(symbolic.empty() ? SizeExpr::symbol("?") : symbolic.front());
    symbolic = symbolic.drop_front(symbolic.empty() ? 0 : 1);
  }
  return shape;
}

bool isValidShape(ShapeRef shape) {
  int64_t bytes = 8;
  for (const SizeExpr &size : shape) {
    if (size.hasOverflow())
      return false;
    std::optional<int64_t> number = size.constant();
    if (number && (*number < 0 || __builtin_mul_overflow(bytes, std::max<int64_t>(*number, 1), &bytes)))
      return false;
  }
  return true;
}

bool hasSizes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return false;
  // The attribute itself verifies that it has one size for each `?`.
  if (tensor.hasStaticShape() ? tensor.getEncoding() != nullptr : !isa_and_nonnull<SymAttr>(tensor.getEncoding()))
    return false;
  return isValidShape(shapeOf(type));
}

SizeExpr elementCount(ShapeRef shape) {
  SizeExpr count = 1;
  for (const SizeExpr &size : shape)
    count = count * size;
  return count;
}

std::optional<int64_t> staticCount(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  if (!tensor.hasStaticShape())
    return std::nullopt;
  return tensor.getNumElements();
}

int64_t elementBytes(Type element) { return (element.getIntOrFloatBitWidth() + 7) / 8; }

std::string str(ShapeRef shape) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(shape, os, [&](const SizeExpr &size) { size.print(os); });
  return text + "]";
}

} // namespace dlc::ir
