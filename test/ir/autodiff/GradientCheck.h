// Derivatives against central differences in f64.
#pragma once

#include "test/ir/Graphs.h"
#include "test/ir/autodiff/Gradients.h"

namespace dlc::ir::test {

/// A copy of `func`, which has one float scalar result, whose results are the derivatives by all float arguments, expanded (`withGradient`).
FuncOp gradientOf(FuncOp func);
/// The results of `func` at these arguments; empty, with a test failure, where the evaluation fails.
llvm::SmallVector<Tensor> evaluate(FuncOp func, llvm::ArrayRef<Tensor> arguments);

/// Compares the derivatives of `func` (f64 throughout) up to `order` with central differences of the derivative one below.
void checkDerivatives(FuncOp func, llvm::ArrayRef<Tensor> arguments, int order = 2);
/// The same for text, with arguments drawn from `low` to `high`.
void checkDerivatives(llvm::StringRef text, double low = -1, double high = 1, int order = 2);

} // namespace dlc::ir::test
