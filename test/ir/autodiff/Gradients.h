// Functions that compute derivatives of functions.
#pragma once

#include "ir/Ops.h"

#include <random>

namespace dlc::ir::test {

bool hasFloats(mlir::Type tensor);
/// A copy of `func` in its module with one result: Σ over float results of the results times fixed random numbers. Exercises every element of a
/// Jacobian with one scalar.
FuncOp weighedSum(FuncOp func, std::mt19937_64 &random);
/// A copy of `func`, which has one float scalar result, whose results are the derivatives by all float arguments, as a `dl.gradient`.
FuncOp withGradient(FuncOp func);

} // namespace dlc::ir::test
