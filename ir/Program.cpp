// Verifiers of the operations around the graphs.
#include "ir/Ops.h"
#include "ir/Types.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace dlc::ir {

//===- dl.data ------------------------------------------------------------===//

/// The keys that a source of this kind needs beside `kind`; nothing for a kind that does not exist.
static std::optional<SmallVector<StringRef>> requiredKeys(StringRef kind) {
  return llvm::StringSwitch<std::optional<SmallVector<StringRef>>>(kind)
      .Cases({"idx", "csv", "tsv", "npy"}, SmallVector<StringRef>{"files"})
      .Case("compute", SmallVector<StringRef>{"function"})
      .Case("split", SmallVector<StringRef>{"of"})
      .Cases({"map", "filter"}, SmallVector<StringRef>{"of", "function"})
      .Case("zip", SmallVector<StringRef>{"of"})
      .Default(std::nullopt);
}

LogicalResult DataOp::verify() {
  if (getColumns().size() != getTypes().size())
    return emitOpError() << "data_c1: expected a type for each of " << getColumns().size() << " columns, found " << getTypes().size();
  for (Type type : getTypes().getAsValueRange<TypeAttr>())
    if (!hasSizes(type))
      return emitOpError() << "data_c1: expected tensors with a size for each axis, found " << type;
  auto kind = getSource().getAs<StringAttr>("kind");
  std::optional<SmallVector<StringRef>> keys = kind ? requiredKeys(kind.getValue()) : std::nullopt;
  if (!keys)
    return emitOpError() << "data_c2: expected `kind` to be one of idx, csv, tsv, npy, compute, split, map, filter, zip, found "
                         << getSource().get("kind");
  for (StringRef key : *keys)
    if (!getSource().get(key))
      return emitOpError() << "data_c2: a source of kind " << kind << " needs `" << key << '`';
  if (auto take = getSource().getAs<ArrayAttr>("take")) {
    auto of = getSource().getAs<ArrayAttr>("of");
    bool isList = llvm::all_of(take, [](Attribute name) { return isa<StringAttr>(name); });
    if (!isList || !of || of.size() != take.size() || take.size() != getColumns().size())
      return emitOpError() << "data_c2: `take` needs the name of a column, and `of` its table, for each of " << getColumns().size() << " columns";
  }
  bool isTable = llvm::any_of(getColumns().getAsRange<StringAttr>(), [](StringAttr name) { return !name.getValue().empty(); });
  if (!isTable)
    return success();
  std::optional<SizeExpr> rows;
  for (Type type : getTypes().getAsValueRange<TypeAttr>()) {
    Shape shape = shapeOf(type);
    if (shape.empty() || (rows && *rows != shape.front()))
      return emitOpError() << "data_c3: expected columns with one number of rows, found " << getTypes();
    rows = shape.front();
  }
  return success();
}

//===- Symbols ------------------------------------------------------------===//

/// Whether `name` is absent or names an operation of one of these kinds.
template <typename... Ops>
static LogicalResult verifySymbol(Operation *op, SymbolTableCollection &symbols, StringRef role, FlatSymbolRefAttr name, StringRef what) {
  if (!name)
    return success();
  Operation *found = symbols.lookupNearestSymbolFrom(op, name);
  if (isa_and_nonnull<Ops...>(found))
    return success();
  InFlightDiagnostic error = op->emitOpError() << "expected " << what << " as `" << role << "`, found ";
  if (found)
    return error << name << ", a `" << found->getName() << '`';
  return error << "no operation of the name " << name;
}

LogicalResult TrainOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return failure(failed(verifySymbol<FuncOp, EntryOp>(*this, symbols, "init", getInitAttr(), "a `dl.func`")) ||
                 failed(verifySymbol<FuncOp, EntryOp>(*this, symbols, "step", getStepAttr(), "a `dl.func`")) ||
                 failed(verifySymbol<FuncOp, EntryOp>(*this, symbols, "tail", getTailAttr(), "a `dl.func`")) ||
                 failed(verifySymbol<DataOp>(*this, symbols, "table", getTableAttr(), "a `dl.data`")) ||
                 failed(verifySymbol<SequenceOp>(*this, symbols, "epoch", getEpochAttr(), "a `dl.sequence`")) ||
                 failed(verifySymbol<SequenceOp>(*this, symbols, "end", getEndAttr(), "a `dl.sequence`")));
}

LogicalResult TestOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return failure(failed(verifySymbol<FuncOp, EntryOp>(*this, symbols, "body", getBodyAttr(), "a `dl.func`")) ||
                 failed(verifySymbol<FuncOp, EntryOp>(*this, symbols, "tail", getTailAttr(), "a `dl.func`")) ||
                 failed(verifySymbol<FuncOp, EntryOp>(*this, symbols, "metrics", getMetricsAttr(), "a `dl.func`")) ||
                 failed(verifySymbol<DataOp>(*this, symbols, "table", getTableAttr(), "a `dl.data`")));
}

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(verifySymbol<FuncOp, EntryOp, TestOp>(*this, symbols, "callee", getCalleeAttr(), "a `dl.func` or a `dl.test`")))
    return failure();
  auto func = dyn_cast_or_null<FunctionOpInterface>(symbols.lookupNearestSymbolFrom(*this, getCalleeAttr()));
  if (!func)
    return success();
  SmallVector<Type> inputs, outputs;
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    if (func.getArgAttr(i, "dl.input"))
      inputs.push_back(func.getArgumentTypes()[i]);
  for (unsigned i = 0; i < func.getNumResults(); ++i)
    if (func.getResultAttr(i, "dl.output"))
      outputs.push_back(func.getResultTypes()[i]);
  if (TypeRange(inputs) != getOperandTypes() || TypeRange(outputs) != getResultTypes())
    return (emitOpError() << "expected the inputs and outputs of " << getCalleeAttr() << ", (" << inputs << ") -> (" << outputs << "), found ("
                          << getOperandTypes() << ") -> (" << getResultTypes() << ')')
               .attachNote(func.getLoc())
           << "the function is here";
  return success();
}

//===- dl.load ------------------------------------------------------------===//

LogicalResult LoadOp::verify() {
  for (Attribute entry : getNames()) {
    auto pair = dyn_cast<ArrayAttr>(entry);
    if (!pair || pair.size() != 2 || !isa<StringAttr>(pair[0]) || !isa<StringAttr>(pair[1]))
      return emitOpError() << "load_c1: expected pairs of names, found " << entry;
  }
  return success();
}

} // namespace dlc::ir
