// What functions are tested with, and how what they give is compared.
#ifndef DLC_TEST_TOOLS_DLC_KERNEL_TEST_TENSORS_H
#define DLC_TEST_TOOLS_DLC_KERNEL_TEST_TENSORS_H

#include "ir/eval/Evaluator.h"

#include <optional>
#include <random>
#include <string>
#include <utility>

namespace dlc::test {

/// Floats in [-2, 2) times `scale`, integers in [-8, 8), without a sign in [0, 10); or all of them in `range`.
ir::eval::Tensor randomTensor(mlir::RankedTensorType type, std::mt19937 &random, double scale, std::optional<std::pair<double, double>> range);

/// The first element that differs by more than it may; empty where there is none.
std::string difference(const ir::eval::Tensor &expected, const ir::eval::Tensor &found, double tolerance);

} // namespace dlc::test

#endif
