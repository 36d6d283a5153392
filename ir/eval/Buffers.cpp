#include "ir/eval/Buffers.h"

#include "llvm/ADT/bit.h"

#include <cmath>
#include <cstring>

using namespace mlir;

namespace dlc::ir::eval {

template <typename T> View<T>::View(const Tensor &tensor) : source(tensor) {
  bool own = std::is_same_v<T, double> ? tensor.elementType().isF64() : tensor.elementType().isInteger(64);
  if (own) {
    elements = tensor.as<T>();
    return;
  }
  copy.resize(tensor.count());
  if (std::is_same_v<T, double> && tensor.elementType().isF32()) {
    llvm::ArrayRef<float> from = tensor.as<float>();
    std::copy(from.begin(), from.end(), copy.begin());
  } else {
    for (int64_t i = 0; i < tensor.count(); ++i) {
      if constexpr (std::is_same_v<T, double>)
        copy[i] = tensor.getDouble(i);
      else
        copy[i] = tensor.getInt(i);
    }
  }
  elements = copy;
}
template class View<double>;
template class View<int64_t>;

double roundedTo(Precision precision, double value) {
  if (precision == Precision::f32 || !std::isfinite(value))
    return value;
  if (std::fabs(value) < std::numeric_limits<float>::min())
    return std::copysign(0.0, value);
  const int kept = precision == Precision::bf16 ? 7 : 10, dropped = std::numeric_limits<double>::digits - 1 - kept;
  uint64_t bits = llvm::bit_cast<uint64_t>(value), last = bits >> dropped & 1;
  // A carry out of the mantissa goes into the exponent, which is the next power of two.
  bits = (bits + (uint64_t{1} << (dropped - 1)) - 1 + last) >> dropped << dropped;
  double rounded = llvm::bit_cast<double>(bits);
  return std::fabs(rounded) < 0x1p128 ? rounded : std::copysign(std::numeric_limits<double>::infinity(), value);
}

Tensor roundedTo(Precision precision, const Tensor &operand) {
  if (precision == Precision::f32)
    return operand;
  Doubles elements(operand);
  std::vector<double> rounded(static_cast<size_t>(elements.size()));
  for (int64_t i = 0; i < elements.size(); ++i)
    rounded[static_cast<size_t>(i)] = roundedTo(precision, elements[i]);
  return store(operand.type(), rounded);
}

Tensor store(RankedTensorType type, llvm::ArrayRef<double> elements) {
  Tensor result(type);
  if (type.getElementType().isF32()) {
    // The same rounding as `setDouble`, in a loop that vectorises.
    float *to = static_cast<float *>(result.mutableData());
    for (size_t i = 0; i < elements.size(); ++i) {
      float value = static_cast<float>(elements[i]);
      to[i] = std::fabs(value) < std::numeric_limits<float>::min() ? std::copysign(0.0f, value) : value;
    }
    return result;
  }
  for (size_t i = 0; i < elements.size(); ++i)
    result.setDouble(i, elements[i]);
  return result;
}

Tensor store(RankedTensorType type, llvm::ArrayRef<int64_t> elements) {
  Tensor result(type);
  for (size_t i = 0; i < elements.size(); ++i)
    result.setInt(i, elements[i]);
  return result;
}

FailureOr<RankedTensorType> staticResult(Operation *op, unsigned index) {
  auto type = cast<RankedTensorType>(op->getResult(index).getType());
  if (!type.hasStaticShape())
    return op->emitError("cannot be evaluated: the result has type `")
           << type << "`, whose sizes are not bound; specialise the function first";
  return type;
}

SmallVector<int64_t> stridesOf(llvm::ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = static_cast<int64_t>(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

template <typename T>
static void copyTyped(llvm::ArrayRef<int64_t> shape, const T *from, const Layout &source, T *to, const Layout &target) {
  if (shape.empty()) {
    to[target.start] = from[source.start];
    return;
  }
  // The last axis is the tight loop; the others are counted.
  int64_t length = shape.back(), fromStep = source.strides.back(), toStep = target.strides.back();
  SmallVector<int64_t> targets;
  Layout outerSource{source.start, SmallVector<int64_t>(llvm::ArrayRef(source.strides).drop_back())};
  Layout outerTarget{target.start, SmallVector<int64_t>(llvm::ArrayRef(target.strides).drop_back())};
  forEachIndex(shape.drop_back(), outerTarget, [&](int64_t offset) { targets.push_back(offset); });
  size_t row = 0;
  forEachIndex(shape.drop_back(), outerSource, [&](int64_t offset) {
    const T *a = from + offset;
    T *b = to + targets[row++];
    for (int64_t i = 0; i < length; ++i)
      b[i * toStep] = a[i * fromStep];
  });
}

void copyElements(llvm::ArrayRef<int64_t> shape, int64_t width, const void *from, const Layout &source, void *to,
                  const Layout &target) {
  auto typed = [&](auto element) {
    using T = decltype(element);
    copyTyped<T>(shape, static_cast<const T *>(from), source, static_cast<T *>(to), target);
  };
  switch (width) {
  case 8:
    return typed(uint64_t{});
  case 4:
    return typed(uint32_t{});
  case 2:
    return typed(uint16_t{});
  default:
    return typed(uint8_t{});
  }
}

AxisSpace::AxisSpace(llvm::ArrayRef<int64_t> shape, int64_t axis) : size(shape[axis]) {
  for (int64_t extent : shape.take_front(axis))
    outer *= extent;
  for (int64_t extent : shape.drop_front(axis + 1))
    inner *= extent;
}

int64_t leastInteger(Type type) {
  if (type.isInteger(1) || type.isUnsignedInteger())
    return 0;
  return llvm::minIntN(type.getIntOrFloatBitWidth());
}

int64_t greatestInteger(Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 1)
    return 1;
  return type.isUnsignedInteger() ? static_cast<int64_t>(llvm::maxUIntN(width)) : llvm::maxIntN(width);
}

} // namespace dlc::ir::eval
