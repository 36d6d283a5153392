// Element-wise graphs by what they compute.
#ifndef DLC_CODEGEN_CUDA_PRODUCT_FORMULA_H
#define DLC_CODEGEN_CUDA_PRODUCT_FORMULA_H

#include "ir/Ops.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <vector>

namespace dlc::codegen::cuda {

/// The constant that a tensor is everywhere; null where it is something else.
mlir::DenseElementsAttr splatOf(mlir::Value value);

/// A tensor as a function of others, element by element: operations on values, reshapes, and constants that are the same everywhere.
class Formula {
public:
  /// The function that `root` is of what `isVariable` holds for; nothing where it depends on something else as well.
  static std::optional<Formula> of(mlir::Value root, llvm::function_ref<bool(mlir::Value)> isVariable);

  /// Tensors without reshapes before them, in the order in which they were met.
  llvm::ArrayRef<mlir::Value> variables() const { return leaves; }
  mlir::Value result() const { return root; }
  /// Emits it again, of these tensors, which have one shape, in place of the variables. `promote`: with f64 for every float.
  mlir::Value emit(mlir::OpBuilder &b, mlir::ValueRange inputs, bool promote = false) const;
  /// Its values at some points, computed by the evaluator in f64; `points` has a list for each variable. Empty where it cannot.
  std::vector<double> evaluate(llvm::ArrayRef<std::vector<double>> points) const;

private:
  mlir::Value root;
  llvm::SmallVector<mlir::Value> leaves;
};

} // namespace dlc::codegen::cuda

#endif
