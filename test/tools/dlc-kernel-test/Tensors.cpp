#include "Tensors.h"

#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;

namespace dlc::test {

using ir::eval::Tensor;

Tensor randomTensor(RankedTensorType type, std::mt19937 &random, double scale, std::optional<std::pair<double, double>> range) {
  Tensor tensor(type);
  Type element = type.getElementType();
  bool isFloat = isa<FloatType>(element), isBool = element.isInteger(1), isUnsigned = element.isUnsignedInteger();
  double low = isFloat ? -2 : isBool || isUnsigned ? 0 : -8, high = isFloat ? 2 : isBool ? 2 : isUnsigned ? 10 : 8;
  if (isFloat)
    low *= scale, high *= scale;
  if (range)
    std::tie(low, high) = *range;
  for (int64_t i = 0; i < tensor.count(); ++i) {
    double u = low + (high - low) * (random() / 4294967296.0);
    if (isFloat)
      tensor.setDouble(i, u);
    else
      tensor.setInt(i, static_cast<int64_t>(std::floor(u)));
  }
  return tensor;
}

std::string difference(const Tensor &expected, const Tensor &found, double tolerance) {
  bool isFloat = isa<FloatType>(expected.elementType());
  double squares = 0;
  int64_t finite = 0;
  for (int64_t i = 0; isFloat && i < expected.count(); ++i)
    if (double e = expected.getDouble(i); std::isfinite(e))
      squares += e * e, ++finite;
  double scale = finite ? std::sqrt(squares / finite) : 0;
  if (expected.elementType().isF64())
    tolerance *= 1e-6;
  for (int64_t i = 0; i < expected.count(); ++i) {
    bool same;
    std::string text;
    llvm::raw_string_ostream os(text);
    if (isFloat) {
      double e = expected.getDouble(i), f = found.getDouble(i);
      same = e == f || (std::isnan(e) && std::isnan(f)) || std::abs(e - f) <= tolerance * (std::abs(e) + scale);
      os << "element " << i << ": expected " << e << ", found " << f;
    } else {
      same = expected.getInt(i) == found.getInt(i);
      os << "element " << i << ": expected " << expected.getInt(i) << ", found " << found.getInt(i);
    }
    if (!same)
      return text;
  }
  return {};
}

} // namespace dlc::test
