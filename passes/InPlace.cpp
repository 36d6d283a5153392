#include "passes/InPlace.h"
#include "passes/Liveness.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

/// Whether element-wise operations alone lead from the value to results of the function.
static bool onlyElementwise(Value value) {
  for (Operation *user : value.getUsers()) {
    if (isa<ir::ReturnOp>(user))
      continue;
    if (!isElementwise(user) || !onlyElementwise(user->getResult(0)))
      return false;
  }
  return true;
}

bool mayOverwrite(ir::FuncOp kernel, unsigned operand, unsigned result) {
  auto kind = kernel->getAttrOfType<StringAttr>(kKernel);
  if (!kind)
    return false;
  BlockArgument argument = kernel.getBody().getArgument(operand);
  auto from = ranked(argument), to = ranked(kernel.getResultTypes()[result]);
  if (from.getShape() != to.getShape() ||
      ir::elementBytes(from.getElementType()) != ir::elementBytes(to.getElementType()))
    return false;
  if (llvm::is_contained({"map", "reduce", "dot", "conv"}, kind.getValue()))
    return onlyElementwise(argument);
  // Whoever writes an element has read what is at its place, and folds are over by then. Where another order is needed code generation computes it elsewhere.
  if (kind.getValue() == "columns")
    return true;
  if (kind.getValue() == "scatter") {
    if (!argument.hasOneUse())
      return false;
    Operation *root = *argument.user_begin();
    return isa<ir::ScatterOp, ir::DynamicUpdateOp>(root) && root->getOperand(0) == argument &&
           isa<ir::ReturnOp>(*root->getResult(0).user_begin());
  }
  return false;
}

bool mayOverwrite(ir::LaunchOp launch, ir::FuncOp kernel, Value operand, unsigned result) {
  for (auto [i, other] : llvm::enumerate(launch.getOperands()))
    if (viewed(other) == viewed(operand) && !mayOverwrite(kernel, i, result))
      return false;
  return true;
}

} // namespace dlc::passes
