// Element-wise graphs by what they compute.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_FORMULA_H
#define DLC_CODEGEN_CUDA_PRODUCT_FORMULA_H

#include "ir/Ops.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <vector>

namespace dlc::codegen::cuda {

/// A tensor as a function of others, element by element: operations on values, reshapes, and constants that are the same everywhere.
class Formula {
public:
  /// The function that `root` is of what `isVariable` holds for; nothing where it depends on something else as well.
  static std::optional<Formula> of(mlir::Value root, llvm::function_ref<bool(mlir::Value)> isVariable);

  /// Tensors without reshapes before them, in the order in which they were met.
  llvm::ArrayRef<mlir::Value> variables() const { return leaves; }
  /// Emits it again, of these tensors, which have one shape, in place of the variables. `promote`: with f64 for every float.
  mlir::Value emit(mlir::OpBuilder &b, mlir::ValueRange inputs, bool promote = false) const;
  /// Its values at some points, computed by the evaluator in f64; `points` has a list for each variable. Empty where it cannot.
  std::vector<double> evaluate(llvm::ArrayRef<std::vector<double>> points) const;

private:
  mlir::Value root;
  llvm::SmallVector<mlir::Value> leaves;
};

/// Whether a function of one variable is the approximation of GELU by tanh, 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), whatever it is made of: it is
/// evaluated at some points.
bool isGeluTanh(const Formula &formula);
/// Whether a function of d and x (the numbers of the variables) is d times the derivative of that at x.
bool isGeluTanhGradient(const Formula &formula, size_t d, size_t x);

} // namespace dlc::codegen::cuda

#endif
