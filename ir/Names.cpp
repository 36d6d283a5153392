#include "ir/Names.h"

#include "ir/Ops.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace dlc::ir {

Location named(StringRef name, Location inner) {
  while (auto old = dyn_cast<NameLoc>(inner))
    inner = old.getChildLoc();
  if (name.empty())
    return inner;
  std::string printed = name.str();
  llvm::replace(printed, ':', '$');
  return NameLoc::get(StringAttr::get(inner.getContext(), printed), inner);
}

StringRef nameOf(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName();
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return nameOf(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (StringRef name = nameOf(part); !name.empty())
        return name;
  return {};
}

/// The names of an operation's several results, "" for one without; null where none has one. An operation that was made from it with other
/// results has kept its location: the list no longer fits and says nothing.
static ArrayAttr resultNames(Operation *op) {
  auto fused = dyn_cast<FusedLoc>(op->getLoc());
  auto names = fused ? dyn_cast_or_null<ArrayAttr>(fused.getMetadata()) : ArrayAttr();
  return names && names.size() == op->getNumResults() ? names : ArrayAttr();
}

StringRef nameOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumResults() == 1)
    return nameOf(value.getLoc());
  ArrayAttr names = resultNames(op);
  return names ? cast<StringAttr>(names[cast<OpResult>(value).getResultNumber()]).getValue() : StringRef();
}

void setName(Value value, StringRef name) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.setLoc(named(name, argument.getLoc()));
  Operation *op = value.getDefiningOp();
  if (op->getNumResults() == 1)
    return op->setLoc(named(name, op->getLoc()));
  Builder builder(op->getContext());
  SmallVector<Attribute> names(op->getNumResults(), builder.getStringAttr(""));
  Location inner = named("", op->getLoc());
  if (ArrayAttr old = resultNames(op)) {
    llvm::copy(old, names.begin());
    inner = cast<FusedLoc>(op->getLoc()).getLocations().front();
  }
  std::string printed = name.str();
  llvm::replace(printed, ':', '$');
  names[cast<OpResult>(value).getResultNumber()] = builder.getStringAttr(printed);
  op->setLoc(FusedLoc::get({inner}, builder.getArrayAttr(names), op->getContext()));
}

namespace {
/// Prints the results of an operation under their own names.
template <typename Op> class ResultNames : public OpAsmOpInterface::ExternalModel<ResultNames<Op>, Op> {
public:
  void getAsmResultNames(Operation *op, OpAsmSetValueNameFn setName) const {
    if (ArrayAttr names = resultNames(op))
      for (auto [result, name] : llvm::zip_equal(op->getResults(), names.getAsValueRange<StringAttr>()))
        if (!name.empty())
          setName(result, name);
  }
};
} // namespace

void attachResultNames(MLIRContext *context) {
  LoopOp::attachInterface<ResultNames<LoopOp>>(*context);
  CondOp::attachInterface<ResultNames<CondOp>>(*context);
}

std::string lineOf(Location location) {
  if (auto range = dyn_cast<FileLineColRange>(location))
    return (range.getFilename().getValue() + ":" + Twine(range.getStartLine()) + ":" + Twine(range.getStartColumn())).str();
  if (auto call = dyn_cast<CallSiteLoc>(location)) {
    std::string caller = lineOf(call.getCaller());
    return caller.empty() ? lineOf(call.getCallee()) : caller;
  }
  if (auto name = dyn_cast<NameLoc>(location))
    return lineOf(name.getChildLoc());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (std::string text = lineOf(part); !text.empty())
        return text;
  return "";
}

} // namespace dlc::ir
