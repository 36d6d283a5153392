#ifndef DLC_IR_CONDENSED_H
#define DLC_IR_CONDENSED_H

#include "ir/Ops.h"

// Trees, and the operations that only a condensed graph has (pass dl-condense).

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

/// Operands of the operation may be trees.
template <typename Op>
class TakesTrees : public mlir::OpTrait::TraitBase<Op, TakesTrees> {};

} // namespace dlc::ir

#define GET_OP_CLASSES
#include "ir/CondensedOps.h.inc"

#endif
