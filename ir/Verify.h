#ifndef DLC_IR_VERIFY_H
#define DLC_IR_VERIFY_H

#include "ir/Ops.h"
#include "ir/ShapeInference.h"

// How verifiers and type inference say what `ShapeInference` found.

namespace dlc::ir {

/// A `ShapeError` that reports at an operation; for one full expression.
inline auto errorAt(mlir::Operation *op) {
  return [op](const llvm::Twine &message) { op->emitOpError() << message; };
}
inline auto errorAt(std::optional<mlir::Location> location) {
  return [location](const llvm::Twine &message) {
    if (location)
      mlir::emitError(*location) << message;
  };
}

/// Puts the type of a result that has the element type of `like`, if there is a shape.
inline mlir::LogicalResult inferred(mlir::FailureOr<Shape> shape, mlir::Type element, llvm::SmallVectorImpl<mlir::Type> &types) {
  if (failed(shape))
    return mlir::failure();
  types.push_back(tensorType(*shape, element));
  return mlir::success();
}

inline mlir::Type elementOf(mlir::Value value) { return mlir::cast<mlir::RankedTensorType>(value.getType()).getElementType(); }
inline bool isBool(mlir::Type element) { return element.isInteger(1); }
inline bool isFloat(mlir::Type element) { return mlir::isa<mlir::FloatType>(element); }

} // namespace dlc::ir

#endif
