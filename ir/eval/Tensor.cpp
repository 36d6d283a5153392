#include "ir/eval/Tensor.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace mlir;

namespace dlc::ir::eval {
namespace {

int64_t widthOf(Type element) {
  return std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

/// Rounds once to `semantics`, which is narrower than f64.
uint16_t narrowBits(double value, const llvm::fltSemantics &semantics) {
  llvm::APFloat narrow(value);
  bool losesInfo;
  narrow.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return static_cast<uint16_t>(narrow.bitcastToAPInt().getZExtValue());
}

double wideValue(uint16_t bits, const llvm::fltSemantics &semantics) {
  llvm::APFloat wide(semantics, llvm::APInt(16, bits));
  bool losesInfo;
  wide.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return wide.convertToDouble();
}

/// Denormal results become zero of their sign: compiled code runs with flushing on.
float flushed(double value) {
  float narrow = static_cast<float>(value);
  return std::fabs(narrow) < std::numeric_limits<float>::min() ? std::copysign(0.0f, narrow) : narrow;
}

template <typename T> T saturated(double value) {
  if (std::isnan(value))
    return 0;
  value = std::trunc(value);
  if (value <= static_cast<double>(std::numeric_limits<T>::min()))
    return std::numeric_limits<T>::min();
  if (value >= static_cast<double>(std::numeric_limits<T>::max()))
    return std::numeric_limits<T>::max();
  return static_cast<T>(value);
}

template <typename T> T read(const char *at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}
template <typename T> void write(char *at, T value) { std::memcpy(at, &value, sizeof(T)); }

} // namespace

Tensor::Tensor(RankedTensorType type)
    : sizes(type.getShape()), element(type.getElementType()), width(widthOf(element)) {
  assert(type.hasStaticShape() && "the evaluator needs static shapes");
  elements = 1;
  for (int64_t size : sizes)
    elements *= size;
  // One byte where there are no elements: memcpy takes no null, not even with nothing to copy.
  storage = std::make_shared<std::vector<char>>(std::max<size_t>(elements * width, 1));
}

RankedTensorType Tensor::type() const { return RankedTensorType::get(sizes, element); }

double Tensor::getDouble(int64_t index) const {
  const char *at = storage->data() + index * width;
  if (element.isF64())
    return read<double>(at);
  if (element.isF32())
    return read<float>(at);
  if (element.isF16())
    return wideValue(read<uint16_t>(at), llvm::APFloat::IEEEhalf());
  if (element.isBF16())
    return wideValue(read<uint16_t>(at), llvm::APFloat::BFloat());
  return static_cast<double>(getInt(index));
}

int64_t Tensor::getInt(int64_t index) const {
  const char *at = storage->data() + index * width;
  if (!element.isInteger())
    return saturated<int64_t>(getDouble(index));
  switch (element.getIntOrFloatBitWidth()) {
  case 64:
    return read<int64_t>(at);
  case 32:
    return read<int32_t>(at);
  case 16:
    return read<int16_t>(at);
  case 8:
    return element.isUnsignedInteger() ? read<uint8_t>(at) : read<int8_t>(at);
  default:
    return *at != 0;
  }
}

void Tensor::setDouble(int64_t index, double value) {
  char *at = storage->data() + index * width;
  if (element.isF64())
    return write<double>(at, value);
  if (element.isF32())
    return write<float>(at, flushed(value));
  if (element.isF16())
    return write<uint16_t>(at, narrowBits(value, llvm::APFloat::IEEEhalf()));
  if (element.isBF16())
    return write<uint16_t>(at, narrowBits(value, llvm::APFloat::BFloat()));
  switch (element.getIntOrFloatBitWidth()) {
  case 64:
    return write<int64_t>(at, saturated<int64_t>(value));
  case 32:
    return write<int32_t>(at, saturated<int32_t>(value));
  case 16:
    return write<int16_t>(at, saturated<int16_t>(value));
  case 8:
    return element.isUnsignedInteger() ? write<uint8_t>(at, saturated<uint8_t>(value))
                                       : write<int8_t>(at, saturated<int8_t>(value));
  default:
    *at = value != 0;
  }
}

void Tensor::setInt(int64_t index, int64_t value) {
  char *at = storage->data() + index * width;
  if (!element.isInteger())
    return setDouble(index, static_cast<double>(value));
  switch (element.getIntOrFloatBitWidth()) {
  case 64:
    return write<int64_t>(at, value);
  case 32:
    return write<int32_t>(at, static_cast<int32_t>(value));
  case 16:
    return write<int16_t>(at, static_cast<int16_t>(value));
  case 8:
    return write<int8_t>(at, static_cast<int8_t>(value));
  default:
    *at = value != 0;
  }
}

Tensor Tensor::reshaped(ArrayRef<int64_t> shape) const {
  Tensor result = *this;
  result.sizes.assign(shape.begin(), shape.end());
  return result;
}

Tensor Tensor::clone() const {
  Tensor result = *this;
  result.storage = std::make_shared<std::vector<char>>(*storage);
  return result;
}

} // namespace dlc::ir::eval
