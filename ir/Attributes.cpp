// Which attributes of the dialect may stand where on functions, arguments and results (docs/architecture.md).
#include "ir/Condensed.h"
#include "ir/Formulas.h"

using namespace mlir;

namespace dlc::ir {

/// Fails unless the attribute is a string that is not empty.
static LogicalResult verifyName(Operation *op, NamedAttribute attribute) {
  auto name = dyn_cast<StringAttr>(attribute.getValue());
  if (name && !name.getValue().empty())
    return success();
  return op->emitOpError() << "expected a name as `" << attribute.getName().getValue() << "`, found " << attribute.getValue();
}

static LogicalResult verifyUnit(Operation *op, NamedAttribute attribute) {
  if (isa<UnitAttr>(attribute.getValue()))
    return success();
  return op->emitOpError() << "expected `" << attribute.getName().getValue() << "` without a value, found " << attribute.getValue();
}

static LogicalResult verifyOneOf(Operation *op, NamedAttribute attribute, ArrayRef<StringRef> words) {
  auto word = dyn_cast<StringAttr>(attribute.getValue());
  if (word && llvm::is_contained(words, word.getValue()))
    return success();
  InFlightDiagnostic error = op->emitOpError() << "expected `" << attribute.getName().getValue() << "` to be one of ";
  llvm::interleaveComma(words, error, [&](StringRef w) { error << '"' << w << '"'; });
  return error << ", found " << attribute.getValue();
}

static LogicalResult verifyScalar(Operation *op, NamedAttribute attribute, Type type, function_ref<bool(Type)> isElement, StringRef what) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor && tensor.getRank() == 0 && isElement(tensor.getElementType()))
    return success();
  return op->emitOpError() << "expected " << what << " for `" << attribute.getName().getValue() << "`, found " << type;
}

static LogicalResult verifyAxesOrder(Operation *op, NamedAttribute attribute, Type type) {
  // Of a tree: an order for each leaf, an empty one where the leaf is stored as it is.
  if (isTree(type)) {
    auto orders = dyn_cast<ArrayAttr>(attribute.getValue());
    SmallVector<RankedTensorType> leaves = leafTypes(type);
    if (!orders || orders.size() != leaves.size())
      return op->emitOpError() << "expected an order of the axes for each of " << leaves.size() << " leaves as `dl.stored`, found " << attribute.getValue();
    for (auto [order, leaf] : llvm::zip(orders, leaves))
      if (auto list = dyn_cast<ArrayAttr>(order); !list || (!list.empty() && failed(verifyAxesOrder(op, {attribute.getName(), order}, leaf))))
        return list ? failure() : op->emitOpError() << "expected an order of the axes of " << leaf << " in `dl.stored`, found " << order;
    return success();
  }
  auto tensor = dyn_cast<RankedTensorType>(type);
  auto axes = tensor ? dyn_cast<ArrayAttr>(attribute.getValue()) : nullptr;
  SmallVector<int64_t> order;
  if (axes)
    for (Attribute axis : axes)
      if (auto number = dyn_cast<IntegerAttr>(axis); number && number.getType().isSignlessInteger(64))
        order.push_back(number.getInt());
  bool complete = axes && order.size() == axes.size() && int64_t(order.size()) == tensor.getRank();
  llvm::sort(order);
  if (complete && llvm::equal(order, llvm::seq<int64_t>(0, tensor.getRank())))
    return success();
  return op->emitOpError() << "expected a permutation of the axes of " << type << " as `dl.stored`, found " << attribute.getValue();
}

LogicalResult DLDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName().strref();
  Attribute value = attribute.getValue();
  if (name == "dl.stage")
    return verifyOneOf(op, attribute, {"graph", "specialized", "train", "optimized", "kernels", "llvm"});
  if (name == "dl.version") {
    auto version = dyn_cast<IntegerAttr>(value);
    if (version && version.getType().isSignlessInteger(64) && version.getInt() == 1)
      return success();
    return op->emitOpError() << "expected version 1 as `dl.version`, found " << value;
  }
  if (name == "dl.symbols") {
    auto symbols = dyn_cast<ArrayAttr>(value);
    if (isa<FuncOp>(op) && symbols && llvm::all_of(symbols, [](Attribute symbol) { return isa<StringAttr>(symbol); }))
      return success();
    return op->emitOpError() << "expected an array of strings as `dl.symbols` of a function, found " << value;
  }
  if (name == "dl.export" || name == "dl.kernel" || name == "dl.arena") {
    if (!isa<FuncOp>(op) && !(isa<EntryOp>(op) && name == "dl.export"))
      return op->emitOpError() << "`" << name << "` belongs to functions";
    if (name == "dl.export")
      return verifyUnit(op, attribute);
    if (name == "dl.kernel") {
      auto kind = dyn_cast<StringAttr>(value);
      if (kind && symbolizeKernelKind(kind.getValue()))
        return success();
      return op->emitOpError() << "expected the kind of a kernel as `dl.kernel`, found " << value;
    }
    auto bytes = dyn_cast<IntegerAttr>(value);
    if (bytes && bytes.getType().isSignlessInteger(64) && bytes.getInt() >= 0)
      return success();
    return op->emitOpError() << "expected a number of bytes as `dl.arena`, found " << value;
  }
  if (name == "dl.evaluated") {
    if (!isa<FuncOp>(op))
      return op->emitOpError() << "`" << name << "` belongs to functions";
    return verifyUnit(op, attribute);
  }
  if (name == kFormulas) {
    if (!isa<FuncOp>(op))
      return op->emitOpError() << "`" << name << "` belongs to functions";
    return isa<UnitAttr>(value) ? success() : verifyOneOf(op, attribute, {"located"});
  }
  if (name == "dl.processor") {
    auto processor = dyn_cast<DictionaryAttr>(value);
    if (isa<ModuleOp>(op) && processor && processor.getAs<StringAttr>("name") && processor.getAs<StringAttr>("features"))
      return success();
    return op->emitOpError() << "expected `name` and `features` as `dl.processor` of a module, found " << value;
  }
  if (name == "dl.checkpoint") {
    auto path = dyn_cast<DenseI64ArrayAttr>(value);
    if (path && !path.empty() && llvm::all_of(path.asArrayRef(), [](int64_t number) { return number >= 0; }))
      return success();
    return op->emitOpError() << "expected an array of numbers as `dl.checkpoint`, found " << value;
  }
  return success();
}

LogicalResult DLDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned argument, NamedAttribute attribute) {
  auto func = dyn_cast<FunctionOpInterface>(op);
  StringRef name = attribute.getName().strref();
  if (!func)
    return op->emitOpError() << "`" << name << "` belongs to arguments of functions";
  Type type = func.getArgumentTypes()[argument];
  if (name == "dl.counter") {
    if (failed(verifyOneOf(op, attribute, {"seed", "step", "epoch", "row", "sequence"})))
      return failure();
    return verifyScalar(op, attribute, type, [](Type element) { return element.isSignlessInteger(64); }, "a scalar of type i64");
  }
  if (name == "dl.mean") {
    if (failed(verifyName(op, attribute)))
      return failure();
    return verifyScalar(op, attribute, type, [](Type element) { return isa<FloatType>(element); }, "a scalar float");
  }
  // The column of a tensor that is a table of its rows has the name "".
  if (name == "dl.input" && isa<StringAttr>(attribute.getValue()))
    return success();
  if (llvm::is_contained({"dl.param", "dl.state", "dl.input", "dl.data", "dl.sum", "dl.rows"}, name))
    return verifyName(op, attribute);
  return op->emitOpError() << "argument " << argument << " has the unknown attribute `" << name << "`";
}

LogicalResult DLDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned result, NamedAttribute attribute) {
  auto func = dyn_cast<FunctionOpInterface>(op);
  StringRef name = attribute.getName().strref();
  if (!func)
    return op->emitOpError() << "`" << name << "` belongs to results of functions";
  Type type = func.getResultTypes()[result];
  if (name == "dl.part") {
    if (failed(verifyOneOf(op, attribute, {"sum", "weight"})))
      return failure();
    return verifyScalar(op, attribute, type, [](Type element) { return element.isF32() || element.isF64(); }, "a scalar of type f32 or f64");
  }
  if (name == "dl.stop") {
    if (failed(verifyUnit(op, attribute)))
      return failure();
    return verifyScalar(op, attribute, type, [](Type element) { return element.isSignlessInteger(1); }, "a scalar of type i1");
  }
  if (name == "dl.loss")
    return verifyUnit(op, attribute);
  if (name == "dl.at" && isa<EntryOp>(op))
    return verifyName(op, attribute);
  if (name == "dl.stored")
    return verifyAxesOrder(op, attribute, type);
  if (llvm::is_contained({"dl.update", "dl.report", "dl.output", "dl.param", "dl.state", "dl.sum", "dl.rows"}, name))
    return verifyName(op, attribute);
  return op->emitOpError() << "result " << result << " has the unknown attribute `" << name << "`";
}

} // namespace dlc::ir
