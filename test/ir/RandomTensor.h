#pragma once

#include "ir/eval/Tensor.h"

#include <random>

namespace dlc::ir::test {

using eval::Tensor;

/// Numbers from `low` to `high`, the same in each run.
inline Tensor randomTensor(mlir::Type type, std::mt19937_64 &random, double low = -1, double high = 1) {
  Tensor tensor(llvm::cast<mlir::RankedTensorType>(type));
  std::uniform_real_distribution<double> uniform(low, high);
  for (int64_t i = 0; i < tensor.count(); ++i)
    tensor.setDouble(i, uniform(random));
  return tensor;
}

} // namespace dlc::ir::test
