#ifndef DLC_IR_TYPES_H
#define DLC_IR_TYPES_H

#include "ir/SizeExpr.h"

#include "mlir/IR/BuiltinTypes.h"

namespace dlc::ir {

/// The sizes of a tensor, outermost axis first.
using Shape = llvm::SmallVector<SizeExpr, 4>;
using ShapeRef = llvm::ArrayRef<SizeExpr>;

/// The only place that makes tensor types: numbers become static sizes, all others `?` with an entry in the encoding `#dl.sym`.
/// `shape` must satisfy `isValidShape`.
mlir::RankedTensorType tensorType(ShapeRef shape, mlir::Type element);
/// The type with another element type and the same sizes.
mlir::RankedTensorType withElement(mlir::RankedTensorType type, mlir::Type element);
/// The sizes of a ranked tensor type for which `hasSizes` holds.
Shape shapeOf(mlir::Type type);

/// No size is a negative number or has overflowed, and neither does the number of bytes where it is a number.
bool isValidShape(ShapeRef shape);
/// Whether the type is a ranked tensor with a valid shape: static and without encoding, or with a `#dl.sym` that has one size for each `?`.
bool hasSizes(mlir::Type type);

/// The product of the sizes.
SizeExpr elementCount(ShapeRef shape);
/// The number of elements of a ranked tensor, where it is a number.
std::optional<int64_t> staticCount(mlir::Type type);
/// Bytes of one element in a buffer: a boolean takes one.
int64_t elementBytes(mlir::Type element);

/// `[4, B, 2*T]`, for messages.
std::string str(ShapeRef shape);

} // namespace dlc::ir

#endif
