// Trees and the operations on them.
#include "ir/Condensed.h"

#include "ir/ShapeInference.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace dlc::ir {

//===- Trees --------------------------------------------------------------===//

bool isTree(Type type) {
  auto tuple = dyn_cast<TupleType>(type);
  if (!tuple || tuple.size() == 0)
    return false;
  llvm::StringSet<> names;
  return llvm::all_of(tuple.getTypes(), [&](Type leaf) {
    auto tensor = dyn_cast<RankedTensorType>(leaf);
    auto name = tensor ? dyn_cast_or_null<StringAttr>(tensor.getEncoding()) : nullptr;
    return name && !name.getValue().empty() && names.insert(name.getValue()).second && tensor.hasStaticShape() &&
           hasSizes(RankedTensorType::get(tensor.getShape(), tensor.getElementType()));
  });
}

TupleType treeType(ArrayRef<std::string> names, ArrayRef<RankedTensorType> leaves) {
  SmallVector<Type> types;
  for (auto [name, leaf] : llvm::zip(names, leaves))
    types.push_back(RankedTensorType::get(leaf.getShape(), leaf.getElementType(), StringAttr::get(leaf.getContext(), name)));
  return TupleType::get(leaves.front().getContext(), types);
}

SmallVector<StringRef> leafNames(Type tree) {
  return llvm::map_to_vector(cast<TupleType>(tree).getTypes(),
                             [](Type leaf) { return cast<StringAttr>(cast<RankedTensorType>(leaf).getEncoding()).getValue(); });
}

SmallVector<RankedTensorType> leafTypes(Type tree) {
  return llvm::map_to_vector(cast<TupleType>(tree).getTypes(), [](Type leaf) {
    auto tensor = cast<RankedTensorType>(leaf);
    return RankedTensorType::get(tensor.getShape(), tensor.getElementType());
  });
}

std::optional<unsigned> leafNumber(Type tree, StringRef name) {
  for (auto [number, leaf] : llvm::enumerate(leafNames(tree)))
    if (leaf == name)
      return number;
  return std::nullopt;
}

//===- Operations ---------------------------------------------------------===//

LogicalResult GetOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, ValueRange operands, DictionaryAttr attributes,
                                      OpaqueProperties properties, RegionRange regions, SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Type tree = adaptor.getTree().getType();
  std::optional<unsigned> number = isTree(tree) ? leafNumber(tree, adaptor.getLeaf()) : std::nullopt;
  if (!number)
    return emitOptionalError(location, "get_c1: the tree has no leaf \"", adaptor.getLeaf(), "\"");
  types.push_back(leafTypes(tree)[*number]);
  return success();
}

LogicalResult TreeOp::verify() {
  SmallVector<RankedTensorType> types = leafTypes(getResult().getType());
  if (types.size() == getLeaves().size() && llvm::equal(types, getLeaves().getTypes()))
    return success();
  return emitOpError() << "tree_c1: expected the leaves of " << getResult().getType() << ", found (" << getLeaves().getTypes() << ')';
}

LogicalResult FillOp::verify() {
  Type element = cast<RankedTensorType>(getValue().getType()).getElementType();
  if (llvm::all_of(leafTypes(getResult().getType()), [&](RankedTensorType leaf) { return leaf.getElementType() == element; }))
    return success();
  return emitOpError() << "fill_c1: expected leaves of type " << element << ", found " << getResult().getType();
}

/// The private function that `op` applies, with as many arguments and results.
static FailureOr<FuncOp> appliedFunction(Operation *op, SymbolTableCollection &symbols, FlatSymbolRefAttr name, StringRef label) {
  auto func = dyn_cast_or_null<FuncOp>(symbols.lookupNearestSymbolFrom(op, name));
  if (!func || !func.isPrivate() || func->hasAttr("dl.kernel"))
    return op->emitOpError() << label << ": expected a private `dl.func` as callee, found " << name;
  if (func.getNumArguments() != op->getNumOperands() || func.getNumResults() != op->getNumResults())
    return op->emitOpError() << label << ": " << name << " has " << func.getNumArguments() << " arguments and " << func.getNumResults() << " results, found "
                             << op->getNumOperands() << " and " << op->getNumResults();
  return func;
}

/// A call may be moved, repeated and left out, like any value: what it calls computes and does nothing else.
static LogicalResult verifyPure(Operation *op, FuncOp callee, StringRef label) {
  for (Operation &inner : callee.getBody().front().without_terminator())
    if (!isMemoryEffectFree(&inner) && !isa<VariableOp>(inner))
      return op->emitOpError() << label << ": expected a callee without effects, @" << callee.getSymName() << " holds `" << inner.getName() << '`';
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<FuncOp> func = appliedFunction(*this, symbols, getCalleeAttr(), "call_c1");
  if (failed(func) || failed(verifyPure(*this, *func, "call_c2")))
    return failure();
  auto isLike = [](auto pair) {
    auto [formal, actual] = pair;
    return isTree(formal) || isTree(actual) ? formal == actual : true;
  };
  if (llvm::all_of(llvm::zip(func->getArgumentTypes(), getOperandTypes()), isLike) && llvm::all_of(llvm::zip(func->getResultTypes(), getResultTypes()), isLike))
    return success();
  return emitOpError() << "call_c1: expected (" << func->getArgumentTypes() << ") -> (" << func->getResultTypes() << "), found (" << getOperandTypes()
                       << ") -> (" << getResultTypes() << ')';
}

LogicalResult EachOp::verify() {
  if (getNumResults() == 0)
    return emitOpError() << "each_c2: expected at least one tree as a result";
  std::optional<SmallVector<StringRef>> names;
  SmallVector<ArrayRef<int64_t>> shapes;
  for (Type type : llvm::concat<const Type>(llvm::to_vector(getOperandTypes()), llvm::to_vector(getResultTypes()))) {
    if (!isTree(type)) {
      if (cast<RankedTensorType>(type).getRank() == 0)
        continue;
      return emitOpError() << "each_c2: expected trees and scalars, found " << type;
    }
    if (names && *names != leafNames(type))
      return emitOpError() << "each_c2: expected trees with leaves of the same names, found " << type;
    names = leafNames(type);
    shapes.resize(names->size());
    for (auto [name, shape, leaf] : llvm::zip(*names, shapes, leafTypes(type))) {
      if (leaf.getRank() == 0 || leaf.getShape() == shape)
        continue;
      if (!shape.empty())
        return emitOpError() << "each_c3: expected one shape, or a scalar, for the leaf \"" << name << "\" of all trees, found [" << shape << "] and ["
                             << leaf.getShape() << ']';
      shape = leaf.getShape();
    }
  }
  return success();
}

LogicalResult EachOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<FuncOp> func = appliedFunction(*this, symbols, getCalleeAttr(), "each_c1");
  if (failed(func))
    return failure();
  for (Type type : llvm::concat<const Type>(func->getArgumentTypes(), func->getResultTypes()))
    if (auto tensor = dyn_cast<RankedTensorType>(type); !tensor || tensor.getRank() != 0)
      return emitOpError() << "each_c1: expected a function of scalars, found " << type;
  return success();
}

} // namespace dlc::ir

#define GET_OP_CLASSES
#include "ir/CondensedOps.cpp.inc"
