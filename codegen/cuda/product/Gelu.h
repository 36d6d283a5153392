// gelu_tanh and its derivative, recognised in element-wise graphs.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_GELU_H
#define DLC_CODEGEN_CUDA_PRODUCT_GELU_H

#include "codegen/cuda/product/Formula.h"

namespace dlc::codegen::cuda {

/// Whether a function of one variable is the approximation of GELU by tanh, 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), however it is written with
/// sums, products, quotients, integer powers, tanh, sigmoid and exp. No other operation is looked through.
bool isGeluTanh(const Formula &formula);
/// Whether a function of d and x (the numbers of the variables) is d times the derivative of that at x.
bool isGeluTanhGradient(const Formula &formula, size_t d, size_t x);

} // namespace dlc::codegen::cuda

#endif
