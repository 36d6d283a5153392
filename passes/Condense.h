#ifndef DLC_PASSES_CONDENSE_H
#define DLC_PASSES_CONDENSE_H

#include "ir/Condensed.h"

// The parts of `dl-condense` and `dl-expand`. A part that condenses may leave what expands to another graph: Condense.cpp compares, and takes it back.

namespace dlc::passes {

/// Brings the operations of a function into the order in which its effects and results ask for them, and drops those that nothing asks for. The order depends
/// on the graph alone, so that a graph and its text are one program. What stands in regions keeps its order.
void orderByUse(ir::FuncOp func);

/// The parameters of a model, its states and their updates become trees in all functions that have all of them; a gradient by all of them becomes one by the
/// tree.
void condenseTrees(mlir::ModuleOp module);
/// Updates that compute the same for each leaf become `dl.each`, trees that are the same number everywhere `dl.fill`.
void condenseEach(mlir::ModuleOp module);
/// Operations that stand one after the other in several places become a private function that is called there.
void condenseCalls(mlir::ModuleOp module);

/// Takes all of it back. Fails with a diagnostic where a callee calls itself or is no function of scalars in `dl.each`.
mlir::LogicalResult expand(mlir::ModuleOp module);

/// The name of a value of the tree `place` (`net` or `net:adam.m`) at a leaf: `net.leaf` or `net.leaf:adam.m`.
std::string leafPlace(llvm::StringRef place, llvm::StringRef leaf);
/// `op` with `operands`, element by element: scalars are broadcast to the shape of the others. Nothing where it is no element-wise function.
mlir::Operation *cloneElementwise(mlir::OpBuilder &builder, mlir::Operation *op, llvm::ArrayRef<mlir::Value> operands);

} // namespace dlc::passes

#endif
