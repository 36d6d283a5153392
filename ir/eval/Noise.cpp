#include "ir/eval/Noise.h"

#include "ir/Cost.h"
#include "ir/eval/Buffers.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;

namespace dlc::ir::eval {
namespace {

/// What polynomials of compiled code for exp, log, tanh, … are good to, in units in the last place.
constexpr double functionError = 4;

/// A sum of `terms` numbers in whatever order: each partial sum is rounded.
Rounding ofSum(double terms) {
  double units = std::sqrt(std::max(terms, 1.0));
  return {units, terms > 1 ? units : 0};
}

int64_t countOf(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.hasStaticShape() ? type.getNumElements() : 1;
}

/// How many elements of the operand make one of the result.
double foldedBy(Value operand, Value result) {
  return static_cast<double>(countOf(operand)) / static_cast<double>(std::max<int64_t>(countOf(result), 1));
}

Rounding ofUnary(UnaryFn fn) {
  if (fn == UnaryFn::square || fn == UnaryFn::sqrt || fn == UnaryFn::reciprocal)
    return {1};
  if (fn == UnaryFn::round_bf16 || fn == UnaryFn::round_tf32)
    return {};
  return isOneInstruction(fn) ? Rounding{} : Rounding{functionError};
}

Rounding ofBinary(BinaryFn fn) {
  switch (fn) {
  case BinaryFn::add:
  case BinaryFn::sub:
  case BinaryFn::mul:
  case BinaryFn::div:
    return {1};
  case BinaryFn::pow:
  case BinaryFn::atan2:
    return {functionError};
  default: // exact
    return {};
  }
}

double unitOf(Type element) {
  if (element.isF64())
    return 0x1p-52;
  if (element.isF16())
    return 0x1p-10;
  return element.isBF16() ? 0x1p-7 : 0x1p-23;
}

/// Evenly from [-1, 1).
double drawn(uint64_t key, int64_t index) {
  uint64_t z = key + 0x9e3779b97f4a7c15ull * static_cast<uint64_t>(index + 1);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return static_cast<double>(static_cast<int64_t>(z ^ (z >> 31))) * 0x1p-63;
}

} // namespace

Rounding roundingOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Rounding>(op)
      .Case([](UnaryOp unary) { return ofUnary(unary.getFn()); })
      .Case([](BinaryOp binary) { return ofBinary(binary.getFn()); })
      .Case([](ReduceOp reduce) {
        bool rounds = reduce.getFn() == ReduceFn::sum || reduce.getFn() == ReduceFn::prod;
        return rounds ? ofSum(foldedBy(reduce.getOperand(), reduce.getResult())) : Rounding();
      })
      .Case([](CumulateOp cumulate) {
        bool rounds = cumulate.getFn() == ReduceFn::sum || cumulate.getFn() == ReduceFn::prod;
        auto type = cast<RankedTensorType>(cumulate.getType());
        return rounds ? ofSum(static_cast<double>(type.getDimSize(static_cast<unsigned>(cumulate.getAxis())))) : Rounding();
      })
      // Two operations for each product that is added.
      .Case([](DotOp dot) { return ofSum(static_cast<double>(dot.flops()) / 2 / std::max<int64_t>(countOf(dot.getResult()), 1)); })
      .Case([](ConvOp conv) { return ofSum(static_cast<double>(conv.flops()) / 2 / std::max<int64_t>(countOf(conv.getResult()), 1)); })
      .Case([](ScatterOp scatter) {
        return scatter.getFn() == ScatterFn::add ? ofSum(static_cast<double>(countOf(scatter->getOperand(1))) + 1) : Rounding();
      })
      .Case([](OverlapAddOp add) { return ofSum(foldedBy(add->getOperand(0), add->getResult(0))); })
      // cos near its zero: the angle is rounded, and the radius multiplies that.
      .Case([](RandomOp random) { return random.getFn() == RandomFn::normal ? Rounding{functionError, 0, 1} : Rounding(); })
      .Default([](Operation *) { return Rounding(); });
}

Tensor shaken(const Tensor &tensor, double units, double least, uint64_t key) {
  if (!isFloat(tensor) || units == 0)
    return tensor;
  double scale = units * unitOf(tensor.elementType());
  Doubles x(tensor);
  std::vector<double> moved(static_cast<size_t>(x.size()));
  for (int64_t i = 0; i < x.size(); ++i) {
    double by = std::max(std::fabs(x[i]), least) * scale * drawn(key, i);
    moved[static_cast<size_t>(i)] = std::isfinite(by) ? x[i] + by : x[i];
  }
  return store(tensor.type(), moved);
}

} // namespace dlc::ir::eval
