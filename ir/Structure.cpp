// Functions and what runs kernels: assembly and verifiers.
#include "ir/Assembly.h"

#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace dlc::ir {

//===- dl.func: assembly --------------------------------------------------===//

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  state.getOrAddProperties<Properties>().sym_name = builder.getStringAttr(name);
  state.getOrAddProperties<Properties>().function_type = TypeAttr::get(type);
  state.addRegion();
}

ParseResult FuncOp::parse(OpAsmParser &parser, OperationState &state) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> results;
  SmallVector<DictionaryAttr> resultAttrs;
  bool isVariadic = false;
  StringAttr name;
  (void)impl::parseOptionalVisibilityKeyword(parser, state.attributes);
  if (parser.parseSymbolName(name, getSymNameAttrName(state.name), state.attributes) ||
      function_interface_impl::parseFunctionSignatureWithArguments(parser, /*allowVariadic=*/false, arguments, isVariadic, results, resultAttrs))
    return failure();
  SmallVector<Type> types = llvm::map_to_vector(arguments, [](const OpAsmParser::Argument &argument) { return argument.type; });
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(parser.getBuilder().getFunctionType(types, results)));
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  call_interface_impl::addArgAndResultAttrs(parser.getBuilder(), state, arguments, resultAttrs, getArgAttrsAttrName(state.name),
                                            getResAttrsAttrName(state.name));
  return parser.parseRegion(*state.addRegion(), arguments);
}

/// Starts a line that is indented more than the operation and its body.
static void printContinuation(OpAsmPrinter &printer) {
  printer.printNewline();
  printer << "    ";
}

void FuncOp::print(OpAsmPrinter &printer) {
  if (std::optional<StringRef> visibility = getSymVisibility())
    printer << ' ' << *visibility;
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  for (BlockArgument argument : getBody().getArguments()) {
    if (argument.getArgNumber() > 0)
      printer << ',';
    printContinuation(printer);
    ArrayAttr attrs = getArgAttrsAttr();
    printer.printRegionArgument(argument, attrs ? cast<DictionaryAttr>(attrs[argument.getArgNumber()]).getValue() : ArrayRef<NamedAttribute>());
  }
  printer << ')';
  ArrayAttr attrs = getResAttrsAttr();
  if (!getResultTypes().empty())
    printer << " -> (";
  for (auto [number, type] : llvm::enumerate(getResultTypes())) {
    if (number > 0)
      printer << (attrs ? "," : ", ");
    if (attrs)
      printContinuation(printer);
    printer << type;
    if (attrs)
      printer.printOptionalAttrDict(cast<DictionaryAttr>(attrs[number]).getValue());
  }
  if (!getResultTypes().empty())
    printer << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getSymNameAttrName(), getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                                                 getResAttrsAttrName(), getSymVisibilityAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

//===- dl.func: verifier --------------------------------------------------===//

/// The attributes of `attrs` that are in `kinds`.
static SmallVector<NamedAttribute> select(DictionaryAttr attrs, ArrayRef<StringRef> kinds) {
  SmallVector<NamedAttribute> selected;
  if (attrs)
    for (NamedAttribute attr : attrs)
      if (llvm::is_contained(kinds, attr.getName().strref()))
        selected.push_back(attr);
  return selected;
}

static LogicalResult verifyArguments(FuncOp func, llvm::StringMap<unsigned> &places) {
  llvm::StringMap<unsigned> seen;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    DictionaryAttr attrs = func.getArgAttrDict(i);
    SmallVector<NamedAttribute> kinds =
        select(attrs, {"dl.param", "dl.state", "dl.input", "dl.data", "dl.counter", "dl.mean", "dl.sum", "dl.rows"});
    if (kinds.empty())
      continue;
    StringRef kind = kinds[0].getName().strref();
    if (kinds.size() > 1)
      return func.emitOpError() << "func_c1: argument " << i << " is both `" << kind << "` and `" << kinds[1].getName().strref() << "`";
    bool isPlace = kind == "dl.param" || kind == "dl.state";
    StringRef name = cast<StringAttr>(kinds[0].getValue()).getValue();
    auto [entry, isNew] = seen.try_emplace(((isPlace ? "place" : kind) + ":" + name).str(), i);
    if (!isNew)
      return func.emitOpError() << "func_c2: arguments " << entry->second << " and " << i << " are both `" << kind << "` \"" << name << '"';
    if (isPlace)
      places[name] = i;
  }
  return success();
}

static LogicalResult verifyResults(FuncOp func, const llvm::StringMap<unsigned> &places) {
  llvm::StringMap<unsigned> updated;
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    DictionaryAttr attrs = func.getResultAttrDict(i);
    SmallVector<NamedAttribute> kinds =
        select(attrs, {"dl.update", "dl.report", "dl.output", "dl.stop", "dl.param", "dl.state", "dl.sum", "dl.rows"});
    StringRef kind = kinds.empty() ? StringRef() : kinds[0].getName().strref();
    if (kinds.size() > 1)
      return func.emitOpError() << "func_c5: result " << i << " is both `" << kind << "` and `" << kinds[1].getName().strref() << "`";
    for (NamedAttribute attr : select(attrs, {"dl.part", "dl.loss", "dl.stored"})) {
      bool fits = attr.getName() == "dl.stored" ? kind == "dl.param" || kind == "dl.state" : kind == "dl.report";
      if (!fits)
        return func.emitOpError() << "func_c5: result " << i << " has `" << attr.getName().strref() << "` without what it belongs to";
    }
    if (kind != "dl.update")
      continue;
    StringRef name = cast<StringAttr>(kinds[0].getValue()).getValue();
    auto place = places.find(name);
    if (place == places.end())
      return func.emitOpError() << "func_c3: result " << i << " updates \"" << name << "\", which no argument is";
    Type argument = func.getArgumentTypes()[place->second], result = func.getResultTypes()[i];
    if (argument != result)
      return func.emitOpError() << "func_c3: result " << i << " updates \"" << name << "\" of type " << argument << " with " << result;
    if (!updated.try_emplace(name, i).second)
      return func.emitOpError() << "func_c4: results " << updated[name] << " and " << i << " both update \"" << name << '"';
  }
  return success();
}

LogicalResult FuncOp::verify() {
  for (Type type : llvm::concat<const Type>(getArgumentTypes(), getResultTypes()))
    if (!hasSizes(type))
      return emitOpError() << "expected tensors with a size for each axis, found " << type;
  llvm::StringMap<unsigned> places;
  if (failed(verifyArguments(*this, places)) || failed(verifyResults(*this, places)))
    return failure();
  Block &body = getBody().front();
  if (body.empty() || !isa<ReturnOp>(body.back()))
    return emitOpError() << "expected a body that ends with `dl.return`";
  if (!(*this)->hasAttr("dl.kernel"))
    return success();
  if (!isPrivate())
    return emitOpError() << "func_c6: expected a kernel to be private";
  for (Operation &op : body.without_terminator())
    if (!isa<EvaluateInterface>(op))
      return op.emitOpError() << "func_c6: expected only value operations in a kernel";
  return success();
}

LogicalResult ReturnOp::verify() {
  auto func = cast<FuncOp>((*this)->getParentOp());
  if (TypeRange(getOperandTypes()) == TypeRange(func.getResultTypes()))
    return success();
  return emitOpError() << "expected the results (" << func.getResultTypes() << ") of the function, found (" << getOperandTypes() << ')';
}

//===- dl.launch, dl.copy -------------------------------------------------===//

LogicalResult LaunchOp::verify() { return verifyPlaces(*this, {getAtAttr(), getOntoAttr(), getIntoAttr()}, "launch_c2"); }

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FuncOp>(*this, getCalleeAttr());
  if (!callee || !callee->hasAttr("dl.kernel"))
    return emitOpError() << "launch_c1: expected " << getCalleeAttr() << " to be a `dl.func` with `dl.kernel`";
  auto found = FunctionType::get(getContext(), getOperandTypes(), getResultTypes());
  if (callee.getFunctionType() != found)
    return (emitOpError() << "launch_c1: the kernel " << getCalleeAttr() << " has the type " << callee.getFunctionType() << ", found " << found)
               .attachNote(callee.getLoc())
           << "the kernel is here";
  return success();
}

LogicalResult CopyOp::verify() { return verifyPlaces(*this, {getAtAttr(), getIntoAttr()}, "copy_c2"); }

} // namespace dlc::ir
