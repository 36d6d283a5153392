// The formula form of a function: what printing and parsing share.
#include "ir/Formulas.h"

#include "ir/Condensed.h"
#include "ir/Names.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace dlc::ir {

bool hasFormulas(FuncOp func) {
  auto isTensor = [](Type type) { return isa<RankedTensorType>(type) || isTree(type); };
  if (!func.getBody().hasOneBlock() || !isa<ReturnOp>(func.getBody().front().back()))
    return false;
  return llvm::all_of(func.getBody().front(), [&](Operation &op) {
    return isa_and_nonnull<DLDialect>(op.getDialect()) && !isa<LaunchOp, CopyOp>(op) && op.getNumRegions() == 0 && op.getNumSuccessors() == 0 &&
           llvm::all_of(op.getResultTypes(), isTensor) && llvm::all_of(op.getOperandTypes(), isTensor);
  });
}

/// Whether only a function of the standard library calls the value so. A part of a model, `net.layers.0`, is the program's.
static bool isNameOfLibrary(Value value) {
  Location location = value.getLoc();
  if (auto name = dyn_cast<NameLoc>(location))
    location = name.getChildLoc();
  auto call = dyn_cast<CallSiteLoc>(location);
  auto callee = call ? dyn_cast<FileLineColRange>(call.getCallee()) : nullptr;
  return callee && callee.getFilename().getValue().starts_with("std/") && !nameOf(value).contains('.');
}

/// Whether a private function gives the value back: what that is called is its caller's to say.
static bool isResultOfPart(Value value) {
  auto terminator = dyn_cast<ReturnOp>(*value.user_begin());
  return terminator && cast<FuncOp>(terminator->getParentOp()).isPrivate();
}

StringRef functionName(Operation *op) {
  if (auto unary = dyn_cast<UnaryOp>(op))
    return stringifyUnaryFn(unary.getFn());
  if (auto binary = dyn_cast<BinaryOp>(op))
    return stringifyBinaryFn(binary.getFn());
  if (auto compare = dyn_cast<CompareOp>(op))
    return stringifyCompareFn(compare.getFn());
  return "";
}

bool standsInUser(Operation *op) {
  bool isPlain = (isMemoryEffectFree(op) || isa<VariableOp>(op)) && !isa<EachOp>(op); // an update is a line of its own
  if (op->getNumResults() != 1 || op->getNumRegions() != 0 || !isPlain)
    return false;
  Value result = op->getResult(0);
  if (!result.hasOneUse() || (*result.user_begin())->getBlock() != op->getBlock())
    return false;
  return nameOf(result).empty() || isNameOfLibrary(result) || isResultOfPart(result);
}

std::optional<SmallVector<int64_t>> stretchedAxes(Type from, Type to) {
  auto small = dyn_cast<RankedTensorType>(from), large = dyn_cast<RankedTensorType>(to);
  if (!small || !large || small == large || small.getElementType() != large.getElementType() || small.getRank() > large.getRank())
    return std::nullopt;
  Shape smallShape = shapeOf(small), largeShape = shapeOf(large);
  int64_t shift = large.getRank() - small.getRank();
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < small.getRank(); ++axis) {
    if (smallShape[axis] != largeShape[axis + shift] && smallShape[axis] != SizeExpr(1))
      return std::nullopt;
    axes.push_back(axis + shift);
  }
  return axes;
}

std::optional<SmallVector<Type>> inferredTypes(Operation *op) {
  SmallVector<Type> types;
  if (auto gradient = dyn_cast<GradientOp>(op)) {
    llvm::append_range(types, gradient.getBy().getTypes());
    return types;
  }
  auto inference = dyn_cast<InferTypeOpInterface>(op);
  if (!inference || failed(inference.inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(), op->getDiscardableAttrDictionary(),
                                                      op->getPropertiesStorage(), op->getRegions(), types)))
    return std::nullopt;
  return types;
}

Type elementType(StringRef word, MLIRContext *context) {
  StringRef digits = word;
  auto sign = digits.consume_front("ui") ? IntegerType::Unsigned : digits.consume_front("si") ? IntegerType::Signed : IntegerType::Signless;
  unsigned width = 0;
  bool isInteger = (sign != IntegerType::Signless || digits.consume_front("i")) && !digits.getAsInteger(10, width) && width >= 1 && width <= 64;
  if (isInteger)
    return IntegerType::get(context, width, sign);
  return llvm::StringSwitch<llvm::function_ref<Type()>>(word)
      .Case("f64", [&] { return Float64Type::get(context); })
      .Case("f32", [&] { return Float32Type::get(context); })
      .Case("f16", [&] { return Float16Type::get(context); })
      .Case("bf16", [&] { return BFloat16Type::get(context); })
      .Default([] { return Type(); })();
}

Attribute defaultAttribute(OperationName op, StringRef attribute, ValueRange operands, DictionaryAttr given) {
  auto *rules = op.getInterface<FormulaInterface>();
  return rules ? rules->formulaDefault(attribute, op.getContext(), operands, given) : Attribute();
}

std::optional<StringRef> soleAttribute(OperationName op) {
  ArrayRef<StringAttr> names = op.getAttributeNames();
  return names.size() == 1 ? std::optional(names.front().getValue()) : std::nullopt;
}

ArrayAttr impliedSymbols(ArrayRef<Type> arguments, MLIRContext *context) {
  llvm::SetVector<StringRef> names;
  for (Type type : arguments)
    if (hasSizes(type))
      for (const SizeExpr &size : shapeOf(cast<RankedTensorType>(type)))
        size.forEachSymbol([&](StringRef name) { names.insert(name); });
  if (names.empty())
    return {};
  return Builder(context).getStrArrayAttr(names.getArrayRef());
}

std::string FormulaText::makeName(StringRef base) {
  if (base.empty())
    return "%" + std::to_string(next++);
  std::string name;
  for (char c : base)
    name += llvm::isAlnum(c) || StringRef("_$.-").contains(c) ? c : '_';
  if (llvm::isDigit(name.front()))
    name.insert(0, 1, '_');
  std::string unique = name;
  for (unsigned number = 0; !used.insert(unique).second; ++number)
    unique = name + "_" + std::to_string(number);
  return "%" + unique;
}

void FormulaText::reserveLeaves(StringRef tree, Type type) {
  if (isTree(type))
    for (StringRef leaf : leafNames(type))
      used.insert((tree.drop_front() + "." + leaf).str());
}

std::string FormulaText::typeText(Type type) {
  if (isTree(type)) {
    types.push_back(type);
    return typeMark + std::to_string(types.size() - 1) + typeMark;
  }
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

size_t FormulaText::printedSize(StringRef text) {
  constexpr size_t sizeOfAlias = 6;
  size_t size = 0;
  for (; !text.empty(); text = text.split(typeMark).second.split(typeMark).second)
    size += text.split(typeMark).first.size() + (text.contains(typeMark) ? sizeOfAlias : 0);
  return size;
}

void FormulaText::print(OpAsmPrinter &printer, StringRef text) const {
  while (!text.empty()) {
    auto [plain, rest] = text.split(typeMark);
    printer << plain;
    size_t number = 0;
    auto [mark, after] = rest.split(typeMark);
    if (!mark.empty() && !mark.getAsInteger(10, number))
      printer.printType(types[number]);
    text = after;
  }
}

} // namespace dlc::ir
