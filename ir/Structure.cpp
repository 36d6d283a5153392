// Functions and what runs kernels: assembly and verifiers.
#include "ir/Assembly.h"
#include "ir/Condensed.h"
#include "ir/Formulas.h"
#include "ir/Names.h"

#include "mlir/Interfaces/FunctionImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace dlc::ir {

//===- dl.func: assembly --------------------------------------------------===//

void FuncOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  state.getOrAddProperties<Properties>().sym_name = builder.getStringAttr(name);
  state.getOrAddProperties<Properties>().function_type = TypeAttr::get(type);
  state.addRegion();
}

/// The attributes that name what an argument is. Without a value they stand for the argument's own name, in which `$` is the `:` of a place.
static constexpr StringRef argumentKinds[] = {"dl.param", "dl.state", "dl.input", "dl.data", "dl.mean", "dl.counter", "dl.sum", "dl.rows"};

/// `%net$adam.m` as a place's name; nothing for a number.
static std::string placeOf(StringRef printed) {
  StringRef name = printed.drop_front();
  std::string place = name.empty() || llvm::isDigit(name.front()) ? "" : name.str();
  llvm::replace(place, '$', ':');
  return place;
}

/// Puts the names for which the attributes without a value stand.
static void spellOut(OpAsmParser &parser, OpAsmParser::Argument &argument) {
  if (!argument.attrs)
    return;
  NamedAttrList attrs(argument.attrs);
  for (StringRef kind : argumentKinds)
    if (isa_and_nonnull<UnitAttr>(attrs.get(kind)))
      attrs.set(kind, parser.getBuilder().getStringAttr(placeOf(argument.ssaName.name)));
  argument.attrs = attrs.getDictionary(parser.getContext());
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
  for (OpAsmParser::Argument &argument : arguments)
    spellOut(parser, argument);
  SmallVector<Type> types = llvm::map_to_vector(arguments, [](const OpAsmParser::Argument &argument) { return argument.type; });
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(parser.getBuilder().getFunctionType(types, results)));
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  call_interface_impl::addArgAndResultAttrs(parser.getBuilder(), state, arguments, resultAttrs, getArgAttrsAttrName(state.name),
                                            getResAttrsAttrName(state.name));
  Region *body = state.addRegion();
  if (failed(parser.parseOptionalKeyword("formulas")))
    return parser.parseRegion(*body, arguments);
  bool isLocated = succeeded(parser.parseOptionalKeyword("at"));
  std::optional<Location> location;
  if (isLocated && parseLocation(parser, location))
    return failure();
  if (location)
    state.location = *location;
  state.addAttribute(kFormulas, isLocated ? Attribute(parser.getBuilder().getStringAttr("located")) : Attribute(parser.getBuilder().getUnitAttr()));
  if (ArrayAttr symbols = impliedSymbols(types, parser.getContext()); symbols && !state.attributes.get("dl.symbols"))
    state.addAttribute("dl.symbols", symbols);
  return parseFormulas(parser, arguments, results, location, *body);
}

/// Prints items with commas between them: on the line where `isShort`, else on lines of their own, as many to each as fit.
static void printList(
    OpAsmPrinter &printer, const FormulaText &text, ArrayRef<std::string> items, bool isShort, size_t width,
    llvm::function_ref<void(size_t)> after = [](size_t) {}) {
  size_t column = 0;
  for (auto [number, item] : llvm::enumerate(items)) {
    if (number > 0)
      printer << ',';
    size_t size = FormulaText::printedSize(item);
    if (!isShort && (number == 0 || column + 2 + size > width)) {
      printer.printNewline();
      printer << "    ";
      column = 6;
    } else if (number > 0) {
      printer << ' ';
      ++column;
    }
    text.print(printer, item);
    after(number);
    column += size + 1;
  }
}

static void printAttributeName(raw_ostream &os, StringRef name) {
  bool bare = llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; }) && !llvm::isDigit(name.front());
  if (bare)
    os << name;
  else
    os << '"', llvm::printEscapedString(name, os), os << '"';
}

/// ` {dl.param, dl.other = 3}`. `printed` is the argument's name in the text.
static std::string attributesText(ArrayAttr all, unsigned number, StringRef printed = "") {
  DictionaryAttr attrs = all ? cast<DictionaryAttr>(all[number]) : nullptr;
  if (!attrs || attrs.empty())
    return "";
  std::string text = " {";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(attrs, os, [&](NamedAttribute attr) {
    printAttributeName(os, attr.getName().strref());
    auto name = dyn_cast<StringAttr>(attr.getValue());
    bool implied = name && !printed.empty() && llvm::is_contained(argumentKinds, attr.getName().strref()) && name.getValue() == placeOf(printed);
    if (!isa<UnitAttr>(attr.getValue()) && !implied)
      os << " = " << attr.getValue();
  });
  return text + "}";
}

static std::string locationText(Location location) {
  std::string text;
  llvm::raw_string_ostream os(text);
  location.print(os);
  return text;
}

/// ` @name(ARGUMENTS) -> (RESULTS)`; arguments have names where there is a body. `names` are those of a function in formula form, whose signature
/// is one line where that is short; of others the printer knows the names, and the locations that stand behind them.
static void printSignature(OpAsmPrinter &printer, FormulaText &types, FunctionOpInterface func, ArrayAttr argAttrs, ArrayAttr resAttrs,
                           ArrayRef<std::string> names = {}, bool isFormulas = false) {
  constexpr size_t shortLine = 200;
  size_t width = isFormulas ? 150 : 120;
  SmallVector<std::string> arguments, results;
  for (auto [number, type] : llvm::enumerate(func.getArgumentTypes())) {
    std::string name, &text = arguments.emplace_back();
    llvm::raw_string_ostream os(text);
    if (!func.isExternal()) {
      llvm::raw_string_ostream nameStream(name);
      if (isFormulas)
        name = names[number];
      else
        printer.printOperand(func.getArgument(number), nameStream);
      os << name << ": ";
    }
    os << types.typeText(type) << attributesText(argAttrs, number, name);
  }
  for (auto [number, type] : llvm::enumerate(func.getResultTypes()))
    results.push_back(types.typeText(type) + attributesText(resAttrs, number));
  size_t length = 0;
  for (const std::string &item : llvm::concat<std::string>(arguments, results))
    length += FormulaText::printedSize(item) + 2;
  bool isShort = isFormulas && length + func.getName().size() <= shortLine;
  printer << ' ';
  printer.printSymbolName(func.getName());
  printer << '(';
  printList(printer, types, arguments, isShort, width, [&](size_t number) {
    if (!func.isExternal() && !isFormulas)
      printer.printOptionalLocationSpecifier(func.getArgument(number).getLoc());
  });
  printer << ')';
  if (results.empty())
    return;
  printer << " -> (";
  if (!resAttrs)
    printer << func.getResultTypes();
  else
    printList(printer, types, results, isShort, width);
  printer << ')';
}

void FuncOp::print(OpAsmPrinter &printer) {
  if (std::optional<StringRef> visibility = getSymVisibility())
    printer << ' ' << *visibility;
  Attribute form = (*this)->getAttr(kFormulas);
  bool isFormulas = form && hasFormulas(*this), isLocated = isFormulas && isa<StringAttr>(form);
  FormulaText text;
  SmallVector<std::string> arguments;
  if (isFormulas)
    for (BlockArgument argument : getBody().getArguments())
      arguments.push_back(text.makeName(nameOf(argument)));
  for (auto [name, argument] : llvm::zip(arguments, getBody().getArguments()))
    text.reserveLeaves(name, argument.getType());
  printSignature(printer, text, *this, getArgAttrsAttr(), getResAttrsAttr(), arguments, isFormulas);
  SmallVector<StringRef> elided{getSymNameAttrName(), getFunctionTypeAttrName(), getArgAttrsAttrName(), getResAttrsAttrName(),
                                getSymVisibilityAttrName()};
  if (isFormulas)
    elided.push_back(kFormulas);
  if (isFormulas && (*this)->getAttr("dl.symbols") == impliedSymbols(getArgumentTypes(), getContext()))
    elided.push_back("dl.symbols");
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), elided);
  printer << ' ';
  if (!isFormulas)
    return printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer << "formulas";
  if (isLocated)
    printer << " at " << locationText(getLoc());
  printFormulas(printer, *this, arguments, text);
}

//===- dl.entry: assembly -------------------------------------------------===//

ParseResult EntryOp::parse(OpAsmParser &parser, OperationState &state) {
  SmallVector<Type> arguments, results;
  SmallVector<DictionaryAttr> argumentAttrs, resultAttrs;
  StringAttr name;
  IntegerAttr arena, workspace;
  Type i64 = parser.getBuilder().getIntegerType(64);
  if (parser.parseSymbolName(name, getSymNameAttrName(state.name), state.attributes) ||
      call_interface_impl::parseFunctionSignature(parser, arguments, argumentAttrs, results, resultAttrs,
                                                  /*mustParseEmptyResult=*/false) ||
      parser.parseKeyword("arena") ||
      parser.parseAttribute(arena, i64, getArenaAttrName(state.name), state.attributes) || parser.parseKeyword("workspace") ||
      parser.parseAttribute(workspace, i64, getWorkspaceAttrName(state.name), state.attributes))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("sites"))) {
    ArrayAttr sites;
    if (parser.parseAttribute(sites, getSitesAttrName(state.name), state.attributes))
      return failure();
  }
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(parser.getBuilder().getFunctionType(arguments, results)));
  call_interface_impl::addArgAndResultAttrs(parser.getBuilder(), state, argumentAttrs, resultAttrs, getArgAttrsAttrName(state.name),
                                            getResAttrsAttrName(state.name));
  state.addRegion();
  return parser.parseOptionalAttrDictWithKeyword(state.attributes);
}

void EntryOp::print(OpAsmPrinter &printer) {
  FormulaText text;
  printSignature(printer, text, *this, getArgAttrsAttr(), getResAttrsAttr());
  printer << " arena " << getArenaAttr().getInt() << " workspace " << getWorkspaceAttr().getInt();
  if (ArrayAttr sites = getSitesAttr()) {
    printer << " sites [";
    for (auto [number, site] : llvm::enumerate(sites)) {
      printer << (number ? "," : "");
      printer.printNewline();
      printer << "    " << site;
    }
    printer << ']';
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getSymNameAttrName(), getFunctionTypeAttrName(), getArgAttrsAttrName(), getResAttrsAttrName(),
                                                                 getArenaAttrName(), getWorkspaceAttrName(), getSitesAttrName()});
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

static LogicalResult verifyArguments(FunctionOpInterface func, llvm::StringMap<unsigned> &places) {
  llvm::StringMap<unsigned> seen;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    DictionaryAttr attrs = func.getArgAttrDict(i);
    SmallVector<NamedAttribute> kinds =
        select(attrs, {"dl.param", "dl.state", "dl.input", "dl.data", "dl.counter", "dl.mean", "dl.sum", "dl.rows"});
    if (kinds.empty())
      continue;
    StringRef kind = kinds[0].getName().strref();
    if (kinds.size() > 1)
      return func->emitOpError() << "func_c1: argument " << i << " is both `" << kind << "` and `" << kinds[1].getName().strref() << "`";
    bool isPlace = kind == "dl.param" || kind == "dl.state";
    StringRef name = cast<StringAttr>(kinds[0].getValue()).getValue();
    auto [entry, isNew] = seen.try_emplace(((isPlace ? "place" : kind) + ":" + name).str(), i);
    if (!isNew)
      return func->emitOpError() << "func_c2: arguments " << entry->second << " and " << i << " are both `" << kind << "` \"" << name << '"';
    if (isPlace)
      places[name] = i;
  }
  return success();
}

static LogicalResult verifyResults(FunctionOpInterface func, const llvm::StringMap<unsigned> &places) {
  llvm::StringMap<unsigned> updated;
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    DictionaryAttr attrs = func.getResultAttrDict(i);
    SmallVector<NamedAttribute> kinds =
        select(attrs, {"dl.update", "dl.report", "dl.output", "dl.stop", "dl.param", "dl.state", "dl.sum", "dl.rows"});
    StringRef kind = kinds.empty() ? StringRef() : kinds[0].getName().strref();
    if (kinds.size() > 1)
      return func->emitOpError() << "func_c5: result " << i << " is both `" << kind << "` and `" << kinds[1].getName().strref() << "`";
    for (NamedAttribute attr : select(attrs, {"dl.part", "dl.loss", "dl.stored"})) {
      bool fits = attr.getName() == "dl.stored" ? kind == "dl.param" || kind == "dl.state" : kind == "dl.report";
      if (!fits)
        return func->emitOpError() << "func_c5: result " << i << " has `" << attr.getName().strref() << "` without what it belongs to";
    }
    if (kind != "dl.update")
      continue;
    StringRef name = cast<StringAttr>(kinds[0].getValue()).getValue();
    auto place = places.find(name);
    if (place == places.end())
      return func->emitOpError() << "func_c3: result " << i << " updates \"" << name << "\", which no argument is";
    Type argument = func.getArgumentTypes()[place->second], result = func.getResultTypes()[i];
    if (argument != result)
      return func->emitOpError() << "func_c3: result " << i << " updates \"" << name << "\" of type " << argument << " with " << result;
    if (!updated.try_emplace(name, i).second)
      return func->emitOpError() << "func_c4: results " << updated[name] << " and " << i << " both update \"" << name << '"';
  }
  return success();
}

static LogicalResult verifySignature(FunctionOpInterface func) {
  for (Type type : llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()))
    if (!hasSizes(type) && !(isTree(type) && isa<FuncOp>(func)))
      return func->emitOpError() << "expected tensors with a size for each axis, found " << type;
  llvm::StringMap<unsigned> places;
  return failure(failed(verifyArguments(func, places)) || failed(verifyResults(func, places)));
}

LogicalResult FuncOp::verify() {
  if (failed(verifySignature(*this)))
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

//===- dl.entry: verifier -------------------------------------------------===//

/// Whether a site has what is said of it in the description, and nothing of another type.
static bool isSite(DictionaryAttr site) {
  auto types = site.getAs<ArrayAttr>("types");
  auto number = site.getAs<IntegerAttr>("number");
  bool isCheck = site.getAs<StringAttr>("check") && !site.get("host"), isHost = site.getAs<StringAttr>("host") && !site.get("check");
  constexpr int64_t mostSites = 1 << 20;
  return types && llvm::all_of(types, [](Attribute type) { return isa<TypeAttr>(type) && hasSizes(cast<TypeAttr>(type).getValue()); }) && number &&
         number.getType().isSignlessInteger(64) && number.getInt() >= 0 && number.getInt() < mostSites && site.getAs<StringAttr>("at") &&
         (isCheck || (isHost && site.getAs<DictionaryAttr>("settings")));
}

LogicalResult EntryOp::verify() {
  if (failed(verifySignature(*this)))
    return failure();
  if (!getBody().empty())
    return emitOpError() << "entry_c1: expected no body";
  auto arena = static_cast<int64_t>(getArena()), workspace = static_cast<int64_t>(getWorkspace());
  if (arena < 0 || workspace < 0)
    return emitOpError() << "expected numbers of bytes, found arena " << arena << " and workspace " << workspace;
  if (ArrayAttr sites = getSitesAttr())
    for (auto site : sites.getAsRange<DictionaryAttr>())
      if (!isSite(site))
        return emitOpError() << "entry_c2: expected `number`, `types`, `at` and either `check` or `host` with `settings`, found " << site;
  return success();
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
