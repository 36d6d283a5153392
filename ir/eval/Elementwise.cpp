#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <cmath>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

/// a − b·⌊a / b⌋ without the error of the quotient: the sign of `b`, exact.
double floorMod(double a, double b) {
  double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/// Rounds down; 0 by 0, and the least integer by −1 is itself.
int64_t floorDiv(int64_t a, int64_t b) {
  if (b == 0)
    return 0;
  if (b == -1)
    return static_cast<int64_t>(0 - static_cast<uint64_t>(a));
  int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
int64_t floorMod(int64_t a, int64_t b) {
  if (b == 0 || b == -1)
    return 0;
  int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/// Integers wrap.
int64_t wrapped(uint64_t value) { return static_cast<int64_t>(value); }

/// The rounding of `store`, for the commonest type: without buffers in f64 between.
float toF32(double value) {
  float narrow = static_cast<float>(value);
  return std::fabs(narrow) < std::numeric_limits<float>::min() ? std::copysign(0.0f, narrow) : narrow;
}

template <typename T, typename Function>
Tensor mapped(RankedTensorType type, const Tensor &operand, Function &&function) {
  if constexpr (std::is_same_v<T, double>)
    if (type.getElementType().isF32()) {
      Tensor result(type);
      const float *x = operand.as<float>().data();
      float *to = static_cast<float *>(result.mutableData());
      for (int64_t i = 0; i < result.count(); ++i)
        to[i] = toF32(function(x[i]));
      return result;
    }
  View<T> x(operand);
  std::vector<T> result(x.size());
  for (int64_t i = 0; i < x.size(); ++i)
    result[i] = function(x[i]);
  return store(type, ArrayRef<T>(result));
}

template <typename T, typename Function>
Tensor mapped(RankedTensorType type, const Tensor &lhs, const Tensor &rhs, Function &&function) {
  if constexpr (std::is_same_v<T, double>)
    if (type.getElementType().isF32()) {
      Tensor result(type);
      const float *a = lhs.as<float>().data(), *b = rhs.as<float>().data();
      float *to = static_cast<float *>(result.mutableData());
      for (int64_t i = 0; i < result.count(); ++i)
        to[i] = toF32(function(a[i], b[i]));
      return result;
    }
  View<T> a(lhs), b(rhs);
  std::vector<T> result(a.size());
  for (int64_t i = 0; i < a.size(); ++i)
    result[i] = function(a[i], b[i]);
  return store(type, ArrayRef<T>(result));
}

Tensor unaryFloat(UnaryFn fn, RankedTensorType type, const Tensor &operand) {
  switch (fn) {
#define DLC_UNARY(name, value, derivative, low, high)                                                                  \
  case UnaryFn::name:                                                                                                  \
    return mapped<double>(type, operand, [](double x) -> double { return value; });
#include "ir/Elementwise.def"
  default: // `not`: booleans only, as the verifier holds
    return operand;
  }
}

Tensor unaryInteger(UnaryFn fn, RankedTensorType type, const Tensor &operand) {
  auto map = [&](auto function) { return mapped<int64_t>(type, operand, function); };
  switch (fn) {
  case UnaryFn::neg:
    return map([](int64_t x) { return wrapped(0 - static_cast<uint64_t>(x)); });
  case UnaryFn::abs:
    return map([](int64_t x) { return x < 0 ? wrapped(0 - static_cast<uint64_t>(x)) : x; });
  case UnaryFn::sign:
    return map([](int64_t x) { return int64_t{x > 0} - int64_t{x < 0}; });
  case UnaryFn::square:
    return map([](int64_t x) { return wrapped(static_cast<uint64_t>(x) * static_cast<uint64_t>(x)); });
  case UnaryFn::relu:
    return map([](int64_t x) { return x > 0 ? x : 0; });
  case UnaryFn::not_:
    return map([](int64_t x) { return int64_t{x == 0}; });
  default: // floats only
    return operand;
  }
}

Tensor binaryFloat(BinaryFn fn, RankedTensorType type, const Tensor &lhs, const Tensor &rhs) {
  switch (fn) {
#define DLC_BINARY(name, value, derivativeA, derivativeB, lowA, highA, lowB, highB)                                    \
  case BinaryFn::name:                                                                                                 \
    return mapped<double>(type, lhs, rhs, [](double a, double b) -> double { return value; });
#include "ir/Elementwise.def"
  default: // `and`, `or`: booleans only
    return lhs;
  }
}

Tensor binaryInteger(BinaryFn fn, RankedTensorType type, const Tensor &lhs, const Tensor &rhs) {
  auto map = [&](auto function) { return mapped<int64_t>(type, lhs, rhs, function); };
  switch (fn) {
  case BinaryFn::add:
    return map([](uint64_t a, uint64_t b) { return wrapped(a + b); });
  case BinaryFn::sub:
    return map([](uint64_t a, uint64_t b) { return wrapped(a - b); });
  case BinaryFn::mul:
    return map([](uint64_t a, uint64_t b) { return wrapped(a * b); });
  case BinaryFn::floordiv:
    return map([](int64_t a, int64_t b) { return floorDiv(a, b); });
  case BinaryFn::mod:
    return map([](int64_t a, int64_t b) { return floorMod(a, b); });
  case BinaryFn::max:
    return map([](int64_t a, int64_t b) { return std::max(a, b); });
  case BinaryFn::min:
    return map([](int64_t a, int64_t b) { return std::min(a, b); });
  case BinaryFn::and_:
    return map([](int64_t a, int64_t b) { return a & b; });
  case BinaryFn::or_:
    return map([](int64_t a, int64_t b) { return a | b; });
  default: // floats only
    return lhs;
  }
}

template <typename T> bool holds(CompareFn fn, T a, T b) {
  switch (fn) {
  case CompareFn::eq:
    return a == b;
  case CompareFn::ne:
    return a != b;
  case CompareFn::lt:
    return a < b;
  case CompareFn::le:
    return a <= b;
  case CompareFn::gt:
    return a > b;
  case CompareFn::ge:
    return a >= b;
  }
  return false;
}

template <typename T> Tensor compared(CompareFn fn, RankedTensorType type, const Tensor &lhs, const Tensor &rhs) {
  View<T> a(lhs), b(rhs);
  Tensor result(type);
  char *to = static_cast<char *>(result.mutableData());
  for (int64_t i = 0; i < a.size(); ++i)
    to[i] = holds(fn, a[i], b[i]);
  return result;
}

} // namespace

LogicalResult UnaryOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &x = operands[0];
  results.push_back(isFloat(x) ? unaryFloat(getFn(), x.type(), x) : unaryInteger(getFn(), x.type(), x));
  return success();
}

LogicalResult BinaryOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &a = operands[0], &b = operands[1];
  results.push_back(isFloat(a) ? binaryFloat(getFn(), a.type(), a, b) : binaryInteger(getFn(), a.type(), a, b));
  return success();
}

LogicalResult CompareOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &a = operands[0], &b = operands[1];
  auto type = RankedTensorType::get(a.shape(), IntegerType::get(getContext(), 1));
  results.push_back(isFloat(a) ? compared<double>(getFn(), type, a, b) : compared<int64_t>(getFn(), type, a, b));
  return success();
}

LogicalResult SelectOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  const Tensor &onTrue = operands[1], &onFalse = operands[2];
  ArrayRef<char> condition = operands[0].as<char>();
  Tensor result(onTrue.type());
  const char *from[] = {static_cast<const char *>(onFalse.data()), static_cast<const char *>(onTrue.data())};
  char *to = static_cast<char *>(result.mutableData());
  int64_t width = result.elementBytes();
  for (int64_t i = 0; i < result.count(); ++i)
    std::copy_n(from[condition[i] != 0] + i * width, width, to + i * width);
  results.push_back(result);
  return success();
}

Tensor dlc::ir::eval::convert(const Tensor &tensor, Type elementType) {
  if (tensor.elementType() == elementType)
    return tensor;
  auto type = RankedTensorType::get(tensor.shape(), elementType);
  if (isFloat(tensor)) {
    Doubles x(tensor);
    return store(type, ArrayRef<double>(x.data(), x.size()));
  }
  Ints x(tensor);
  return store(type, ArrayRef<int64_t>(x.data(), x.size()));
}

LogicalResult CastOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  results.push_back(convert(operands[0], getType().getElementType()));
  return success();
}

LogicalResult StopGradientOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  results.push_back(operands[0]);
  return success();
}

LogicalResult VariableOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  results.push_back(operands[0]);
  return success();
}

LogicalResult BarrierOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &) {
  results.push_back(operands[0]);
  return success();
}
