// What is left of a function once it is code: its signature, and the texts of its checks and effects.
#include "codegen/cpu/Entries.h"

#include "ir/Names.h"

using namespace mlir;

namespace dlc::codegen {

static DictionaryAttr siteOf(Operation *op, int64_t number) {
  Builder builder(op->getContext());
  SmallVector<NamedAttribute> entries = {builder.getNamedAttr("number", builder.getI64IntegerAttr(number)),
                                         builder.getNamedAttr("at", builder.getStringAttr(ir::lineOf(op->getLoc())))};
  if (auto check = dyn_cast<ir::CheckOp>(op)) {
    entries.push_back(builder.getNamedAttr("check", check.getMessageAttr()));
  } else {
    auto host = cast<ir::HostOp>(op);
    entries.push_back(builder.getNamedAttr("host", host.getEffectAttr()));
    entries.push_back(builder.getNamedAttr("settings", host.getSettings()));
  }
  // The text of a check speaks of all its operands but the condition.
  TypeRange types = op->getOperandTypes();
  if (isa<ir::CheckOp>(op))
    types = types.drop_front();
  entries.push_back(builder.getNamedAttr("types", builder.getTypeArrayAttr(llvm::to_vector(types))));
  return builder.getDictionaryAttr(entries);
}

ArrayAttr sitesOf(ir::FuncOp function, int64_t &number) {
  SmallVector<Attribute> sites;
  function->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<ir::CheckOp, ir::HostOp>(op))
      sites.push_back(siteOf(op, number++));
  });
  return sites.empty() ? nullptr : ArrayAttr::get(function.getContext(), sites);
}

void makeEntry(ir::FuncOp function, const FunctionInfo &info, ArrayAttr sites) {
  OpBuilder builder(function);
  auto entry = ir::EntryOp::create(builder, function.getLoc(), function.getSymName(), function.getFunctionType(), function.getArgAttrsAttr(),
                                   function.getResAttrsAttr(), info.arenaBytes, info.workspaceBytes, sites);
  for (NamedAttribute attribute : function->getDiscardableAttrs())
    if (attribute.getName() != "dl.arena")
      entry->setDiscardableAttr(attribute.getName(), attribute.getValue());
  Operation *end = function.getBody().front().getTerminator();
  for (unsigned i = 0; i < function.getNumResults(); ++i)
    if (function.getResultAttr(i, "dl.loss"))
      if (std::string line = ir::lineOf(end->getOperand(i).getLoc()); !line.empty())
        entry.setResultAttr(i, "dl.at", builder.getStringAttr(line));
}

} // namespace dlc::codegen
