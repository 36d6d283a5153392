#ifndef DLC_PASSES_UTIL_H
#define DLC_PASSES_UTIL_H

#include "ir/Ops.h"
#include "ir/Types.h"

namespace dlc::passes {

/// Names of the discardable attributes that more than one pass reads.
inline constexpr llvm::StringLiteral kStage = "dl.stage";
inline constexpr llvm::StringLiteral kVersion = "dl.version";
inline constexpr llvm::StringLiteral kKernel = "dl.kernel";
inline constexpr llvm::StringLiteral kArena = "dl.arena";
inline constexpr llvm::StringLiteral kSymbols = "dl.symbols";
inline constexpr llvm::StringLiteral kUpdate = "dl.update";
inline constexpr llvm::StringLiteral kParam = "dl.param";
inline constexpr llvm::StringLiteral kState = "dl.state";
inline constexpr llvm::StringLiteral kInput = "dl.input";
inline constexpr llvm::StringLiteral kCounter = "dl.counter";
inline constexpr llvm::StringLiteral kReport = "dl.report";
/// On a function that the evaluator computes while the program is built: passes behind `train` leave it as it is.
inline constexpr llvm::StringLiteral kEvaluated = "dl.evaluated";
inline constexpr llvm::StringLiteral kRows = "dl.rows";

inline mlir::RankedTensorType ranked(mlir::Type type) {
  return llvm::cast<mlir::RankedTensorType>(type);
}
inline mlir::RankedTensorType ranked(mlir::Value value) { return ranked(value.getType()); }

/// Bytes of a tensor; nothing where a size is open.
std::optional<int64_t> byteSize(mlir::Type type);
/// `byteSize` with each open size taken as 1024: for weighing only.
int64_t estimatedBytes(mlir::Type type);
int64_t estimatedCount(mlir::Type type);

/// A tensor of static shape.
mlir::RankedTensorType staticTensor(llvm::ArrayRef<int64_t> shape, mlir::Type element);

/// A function that is an outlined kernel.
bool isKernel(ir::FuncOp func);
/// Whether a size of an argument, result or value of the function is open.
bool hasOpenSizes(ir::FuncOp func);

/// Unary, binary, compare, select, cast: element i of the result depends on element i of each
/// operand alone.
bool isElementwise(mlir::Operation *op);
/// The constant's one element where all are equal.
bool isSplatConstant(mlir::Operation *op);
/// A dense constant of `type` all of whose elements are `value`.
mlir::DenseElementsAttr splat(mlir::RankedTensorType type, double value);

/// Reports what only a condensed graph has, an operation of `ir/Condensed.td` or a tree: passes behind `dl-expand` know plain operations only.
llvm::LogicalResult checkPlain(mlir::ModuleOp module);

/// Erases, to the deepest region, pure operations whose results nobody uses.
void eraseDead(mlir::Operation *root);

} // namespace dlc::passes

#endif
