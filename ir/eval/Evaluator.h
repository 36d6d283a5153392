#ifndef DLC_IR_EVAL_EVALUATOR_H
#define DLC_IR_EVAL_EVALUATOR_H

#include "ir/Ops.h"

#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <functional>
#include <optional>
#include <string>

namespace dlc::ir::eval {

/// What an evaluation knows beside its operands: the values computed so far, the functions that launches name, and what
/// to do on effects. Every operation computes in f64 and rounds once to its result's element type; results of type f32
/// that would be denormal become zero of their sign, as on every target. To interpret a graph in f64 throughout, evaluate
/// the copy that `promoteToF64` makes.
class Environment {
public:
  /// Called for each `dl.host`; nothing happens where it is empty. A failure ends the evaluation.
  std::function<mlir::LogicalResult(HostOp, llvm::ArrayRef<Tensor>)> onHost;
  /// Called with the formatted message of each `dl.check` that fails, instead of an error at the operation.
  std::function<void(CheckOp, llvm::StringRef)> onCheckFailed;
  /// Called after each operation of a function's top level or a region; for tools that compare operation by operation.
  std::function<void(mlir::Operation *, llvm::ArrayRef<Tensor>)> onResults;

  /// Called with the branch that a `dl.cond` takes.
  std::function<void(CondOp, bool)> onBranch;
  /// Where it is set, every result that compiled code would round is off by a random part of what rounding can do there
  /// (docs/verify.md); the number seeds the draws.
  std::optional<uint64_t> noise;

  /// The value of `value`, which must have been computed.
  const Tensor &lookup(mlir::Value value) const;
  void bind(mlir::Value value, Tensor tensor) { values[value] = std::move(tensor); }

  /// Evaluates the operations of `block`, whose arguments are bound; `yielded` receives the terminator's operands.
  mlir::LogicalResult evaluateBlock(mlir::Block &block, llvm::SmallVectorImpl<Tensor> &yielded);
  /// Evaluates one operation of any kind but a terminator and binds its results.
  mlir::LogicalResult evaluateOperation(mlir::Operation *op);
  /// What a product that takes its operands in `precision` makes of one, and with noise what adding up in another order makes of that: after
  /// the rounding, which would take most of it away.
  Tensor factor(mlir::Operation *product, Precision precision, const Tensor &operand);
  /// The function of this name in the module around `from`, or null.
  FuncOp lookupFunction(mlir::Operation *from, mlir::SymbolRefAttr name);

private:
  mlir::LogicalResult dispatch(mlir::Operation *op, llvm::ArrayRef<Tensor> operands, llvm::SmallVectorImpl<Tensor> &results);
  mlir::LogicalResult evaluateKernel(KernelOp op, llvm::ArrayRef<Tensor> operands, llvm::SmallVectorImpl<Tensor> &results);
  mlir::LogicalResult evaluateLaunch(LaunchOp op, llvm::ArrayRef<Tensor> operands, llvm::SmallVectorImpl<Tensor> &results);
  mlir::LogicalResult evaluateCond(CondOp op, llvm::ArrayRef<Tensor> operands, llvm::SmallVectorImpl<Tensor> &results);
  mlir::LogicalResult evaluateLoop(LoopOp op, llvm::ArrayRef<Tensor> operands, llvm::SmallVectorImpl<Tensor> &results);
  mlir::LogicalResult evaluateCheck(CheckOp op, llvm::ArrayRef<Tensor> operands);

  /// Another number each time, for the noise.
  uint64_t nextKey() { return *noise + 0xd1342543de82ef95ull * ++draws; }

  llvm::DenseMap<mlir::Value, Tensor> values;
  uint64_t draws = 0;
  mlir::SymbolTableCollection symbols;
};

/// Evaluates a function whose types are static: one tensor an argument, of the argument's type. Where the function holds
/// `dl.gradient`, a copy of it is evaluated in which they are expanded. Fails with a diagnostic at the operation.
mlir::FailureOr<llvm::SmallVector<Tensor>> evaluateFunction(FuncOp func, llvm::ArrayRef<Tensor> arguments,
                                                            Environment &environment);

/// A module with a copy of `func`, and of the kernels that it launches, in which every float type is f64 (constants
/// included): the same graph interpreted in f64.
mlir::OwningOpRef<mlir::ModuleOp> promoteToF64(FuncOp func);

/// The tensor with each element converted as `dl.cast` does.
Tensor convert(const Tensor &tensor, mlir::Type elementType);

/// The elements of a constant (splat, dense or resource); a null tensor where its type or its blob is not supported.
Tensor tensorFromAttr(mlir::ElementsAttr attr);
/// The inverse; a splat where all elements have the same bits.
mlir::DenseElementsAttr attrFromTensor(const Tensor &tensor);

/// Formats `{0}`, `{1:.4}` in `text` with the operands; `{{` is a brace. A tensor that is not a scalar prints as a list.
std::string formatMessage(llvm::StringRef text, llvm::ArrayRef<Tensor> operands);
/// One tensor as text: scalars plain, others `[1, 2]`, nested by rank. `digits` after the point where it is not negative.
std::string formatTensor(const Tensor &tensor, int digits = -1);

/// Folds a value operation whose operands are all constant and whose results are static with at most 64 elements each.
/// `operands` has null for what is not constant. Fails, without a diagnostic, where it does not apply.
mlir::LogicalResult foldByEvaluation(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands,
                                     llvm::SmallVectorImpl<mlir::OpFoldResult> &results);

} // namespace dlc::ir::eval

#endif
