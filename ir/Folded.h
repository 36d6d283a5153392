#ifndef DLC_IR_FOLDED_H
#define DLC_IR_FOLDED_H

#include "ir/Ops.h"

// Trees, and the operations that only a folded graph has (pass dl-fold).

namespace dlc::ir {

/// Whether the type is a tree: a tuple of static tensors, each with its name as encoding. Names differ.
bool isTree(mlir::Type type);
/// The tree of these leaves: static tensors, whose names become their encodings.
mlir::TupleType treeType(llvm::ArrayRef<std::string> names, llvm::ArrayRef<mlir::RankedTensorType> leaves);
/// Names and types of the leaves of a type for which `isTree` holds.
llvm::SmallVector<llvm::StringRef> leafNames(mlir::Type tree);
llvm::SmallVector<mlir::RankedTensorType> leafTypes(mlir::Type tree);
/// The number of the leaf of this name.
std::optional<unsigned> leafNumber(mlir::Type tree, llvm::StringRef name);

} // namespace dlc::ir

#define GET_OP_CLASSES
#include "ir/FoldedOps.h.inc"

#endif
