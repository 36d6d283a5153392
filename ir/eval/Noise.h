// What rounding in compiled code can do to a result, as random numbers.
#ifndef DLC_IR_EVAL_NOISE_H
#define DLC_IR_EVAL_NOISE_H

#include "ir/Ops.h"

namespace dlc::ir::eval {

/// By how many units in the last place an operation may be off: each of its results, and, as far as the roundings of its partial sums are
/// concerned, each of its operands (so that what cancels in the sum does not cancel in the error). docs/verify.md derives the numbers.
struct Rounding {
  double results = 0;
  double operands = 0;
  /// Results smaller than this are off as much as this one.
  double least = 0;
};
Rounding roundingOf(mlir::Operation *op);

/// The tensor with each float element x moved by a number drawn evenly from ±units·ulp(x). Others, and zeros, stay.
Tensor shaken(const Tensor &tensor, double units, double least, uint64_t key);

} // namespace dlc::ir::eval

#endif
