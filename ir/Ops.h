#ifndef DLC_IR_OPS_H
#define DLC_IR_OPS_H

#include "ir/Dialect.h"
#include "ir/eval/Tensor.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace dlc::ir {
namespace eval {
class Environment;
}
/// Marks operations whose results are integers or booleans and do not vary smoothly.
template <typename Op>
class NotDifferentiable : public mlir::OpTrait::TraitBase<Op, NotDifferentiable> {};

/// Fails where operands and results do not all have the same type.
mlir::LogicalResult verifyExactTypes(mlir::Operation *op);
template <typename Op>
class ExactTypes : public mlir::OpTrait::TraitBase<Op, ExactTypes> {
public:
  static mlir::LogicalResult verifyTrait(mlir::Operation *op) { return verifyExactTypes(op); }
};
} // namespace dlc::ir

#include "ir/Interfaces.h.inc"
#define GET_OP_CLASSES
#include "ir/Ops.h.inc"

#endif
