// The generated code of all operations, in one unit that is slow to build and rarely changes.
#include "ir/Ops.h"

#include "ir/Assembly.h"
#include "ir/Condensed.h"
#include "ir/Names.h"

#include "mlir/IR/DialectImplementation.h"

using namespace mlir;

#include "ir/Interfaces.cpp.inc"
#define GET_OP_CLASSES
#include "ir/Ops.cpp.inc"

namespace dlc::ir {

LogicalResult verifyExactTypes(Operation *op) {
  Type type = op->getNumResults() > 0 ? op->getResult(0).getType() : op->getOperand(0).getType();
  for (Type operand : op->getOperandTypes())
    if (operand != type)
      return op->emitOpError() << "expected operands of the result's type " << type << ", found " << operand;
  return success();
}

namespace {

/// A tree is long: it is written once, as `!tree`.
class TreeAliases : public OpAsmDialectInterface {
public:
  using OpAsmDialectInterface::OpAsmDialectInterface;
  AliasResult getAlias(Type type, raw_ostream &os) const override {
    if (!isTree(type))
      return AliasResult::NoAlias;
    os << "tree";
    return AliasResult::OverridableAlias;
  }
};

} // namespace

void DLDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "ir/Ops.cpp.inc"
      >();
  attachResultNames(getContext());
  addOperations<
#define GET_OP_LIST
#include "ir/CondensedOps.cpp.inc"
      >();
  addInterfaces<TreeAliases>();
}

} // namespace dlc::ir
