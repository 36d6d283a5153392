// The formula form of a function: printing.
#include "ir/Formulas.h"

#include "ir/Folded.h"
#include "ir/Names.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

#include <charconv>

using namespace mlir;

namespace dlc::ir {

//===- What printer and parser share --------------------------------------===//

bool hasFormulas(FuncOp func) {
  auto isTensor = [](Type type) { return isa<RankedTensorType>(type) || isTree(type); };
  if (!func.getBody().hasOneBlock() || !isa<ReturnOp>(func.getBody().front().back()))
    return false;
  return llvm::all_of(func.getBody().front(), [&](Operation &op) {
    return isa_and_nonnull<DLDialect>(op.getDialect()) && op.getNumRegions() == 0 && op.getNumSuccessors() == 0 &&
           llvm::all_of(op.getResultTypes(), isTensor) && llvm::all_of(op.getOperandTypes(), isTensor);
  });
}

bool standsInUser(Operation *op) {
  if (op->getNumResults() != 1 || op->getNumRegions() != 0 || !(isMemoryEffectFree(op) || isa<VariableOp>(op)))
    return false;
  Value result = op->getResult(0);
  return result.hasOneUse() && (*result.user_begin())->getBlock() == op->getBlock() && nameOf(result).empty();
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

std::string FormulaNames::make(StringRef base) {
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

void FormulaNames::reserveLeaves(StringRef tree, Type type) {
  if (isTree(type))
    for (StringRef leaf : leafNames(type))
      used.insert((tree.drop_front() + "." + leaf).str());
}

static constexpr char typeMark = '\1';

std::string typeText(Type type) {
  if (isTree(type))
    return typeMark + llvm::utohexstr(reinterpret_cast<uintptr_t>(type.getAsOpaquePointer())) + typeMark;
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

void printWithTypes(OpAsmPrinter &printer, StringRef text) {
  while (!text.empty()) {
    auto [plain, rest] = text.split(typeMark);
    printer << plain;
    uint64_t pointer = 0;
    auto [mark, after] = rest.split(typeMark);
    if (!mark.empty() && !mark.getAsInteger(16, pointer))
      printer.printType(Type::getFromOpaquePointer(reinterpret_cast<const void *>(pointer)));
    text = after;
  }
}

//===- Printing -----------------------------------------------------------===//

namespace {

/// `1.0e-3`: the shortest text that the lexer takes for this number.
std::string decimal(double value, bool isDouble) {
  std::array<char, 40> buffer;
  auto end = isDouble ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value)
                      : std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<float>(value));
  std::string text(buffer.data(), end.ptr);
  if (!StringRef(text).contains('.')) {
    size_t exponent = text.find('e');
    text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
  }
  return text;
}

/// A scalar constant as a number; nothing where the number would not give the constant back.
std::string literalOf(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  auto elements = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
  if (!elements || elements.getType().getRank() != 0 || !constant->getDiscardableAttrDictionary().empty())
    return "";
  auto scalar = elements.getSplatValue<Attribute>();
  if (auto integer = dyn_cast<IntegerAttr>(scalar)) {
    if (integer.getType().isInteger(1))
      return integer.getValue().isZero() ? "false" : "true";
    SmallString<24> text;
    integer.getValue().toString(text, 10, /*Signed=*/!integer.getType().isUnsignedInteger());
    return text.str().str();
  }
  auto number = dyn_cast<FloatAttr>(scalar);
  if (!number || !number.getValue().isFinite())
    return "";
  std::string text = decimal(number.getValueAsDouble(), number.getType().isF64());
  APFloat back(0.0);
  bool loses = false;
  if (auto status = back.convertFromString(text, APFloat::rmNearestTiesToEven); !status)
    return llvm::consumeError(status.takeError()), "";
  back.convert(number.getValue().getSemantics(), APFloat::rmNearestTiesToEven, &loses);
  return back.bitwiseIsEqual(number.getValue()) ? text : "";
}

/// Whether a number without a type stands for a constant of this type.
bool isDefault(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  Type element = tensor ? tensor.getElementType() : type;
  return element.isSignlessInteger(64) || element.isF32();
}

class FormulaPrinter {
public:
  FormulaPrinter(OpAsmPrinter &printer, FuncOp func, FormulaNames &names)
      : printer(printer), func(func), names(names), isLocated(isa_and_nonnull<StringAttr>(func->getAttr(kFormulas))) {}

  void run(ArrayRef<std::string> arguments) {
    for (auto [argument, name] : llvm::zip(func.getBody().getArguments(), arguments))
      named[argument] = name;
    printer << " {";
    for (Operation &op : func.getBody().front()) {
      Formula formula = isa<ReturnOp>(op) ? returned(op) : formulaOf(&op);
      if (!standsInUser(&op) && isa<ConstantOp>(op) && isDefault(op.getResult(0).getType()))
        if (std::string literal = literalOf(op.getResult(0)); !literal.empty())
          formula.text = literal;
      if (standsInUser(&op) && (formula.text.size() <= longest || isa<TreeOp>(op)))
        inside.try_emplace(op.getResult(0), std::move(formula));
      else
        statement(&op, formula.text);
    }
    printer.printNewline();
    printer << '}';
  }

private:
  /// Sums are 1, products 2, all others 3.
  struct Formula {
    std::string text;
    int precedence = 3;
  };
  static constexpr size_t longest = 110;

  void statement(Operation *op, StringRef text) {
    printer.printNewline();
    printer << "  ";
    if (op->getNumResults() > 0) {
      // The text gives an operation of several results one name, and theirs are numbers in it.
      std::string name = names.make(op->getNumResults() == 1 ? nameOf(op->getResult(0)) : nameOf(op->getLoc()));
      names.reserveLeaves(name, op->getResult(0).getType());
      for (OpResult result : op->getResults())
        named[result] = op->getNumResults() == 1 ? name : name + "#" + std::to_string(result.getResultNumber());
      printer << name;
      if (op->getNumResults() > 1)
        printer << ':' << op->getNumResults();
      printer << " = ";
    }
    StringRef rest = text;
    for (auto [line, more] = rest.split('\n');; std::tie(line, more) = more.split('\n')) {
      printWithTypes(printer, line);
      if (more.empty())
        break;
      printer.printNewline();
    }
    if (isLocated && !isa<ReturnOp>(op))
      printer << ' ' << locationText(op->getLoc());
  }

  static std::string locationText(Location location) {
    std::string text;
    llvm::raw_string_ostream os(text);
    location.print(os);
    return text;
  }

  Formula valueText(Value value) const {
    auto found = inside.find(value);
    return found == inside.end() ? Formula{named.lookup(value)} : found->second;
  }

  /// An operand whose type nothing else says.
  std::string operandText(Value value) const {
    if (inside.contains(value) && isDefault(value.getType()))
      if (std::string literal = literalOf(value); !literal.empty())
        return literal;
    return valueText(value).text;
  }

  /// An operand that takes its type from the other one; nothing where it has to be written out.
  std::optional<Formula> stretched(Value value) const {
    if (!inside.contains(value))
      return std::nullopt;
    if (std::string literal = literalOf(value); !literal.empty())
      return Formula{literal};
    auto broadcast = value.getDefiningOp<BroadcastOp>();
    if (!broadcast || !broadcast->getDiscardableAttrDictionary().empty())
      return std::nullopt;
    Value operand = broadcast.getOperand();
    std::optional<SmallVector<int64_t>> axes = stretchedAxes(operand.getType(), value.getType());
    if (!axes || ArrayRef(*axes) != broadcast.getAxes())
      return std::nullopt;
    std::string literal = inside.contains(operand) ? literalOf(operand) : "";
    return literal.empty() ? valueText(operand) : Formula{literal};
  }

  /// Two operands of one type: at most one takes it from the other.
  std::pair<Formula, Formula> pairText(Value lhs, Value rhs) const {
    if (std::optional<Formula> right = stretched(rhs))
      return {explicitText(lhs), *right};
    if (std::optional<Formula> left = stretched(lhs))
      return {*left, explicitText(rhs)};
    return {explicitText(lhs), explicitText(rhs)};
  }
  Formula explicitText(Value value) const { return valueText(value); }

  static std::string inParentheses(const Formula &formula, bool needed) { return needed ? "(" + formula.text + ")" : formula.text; }

  /// `%net.weight`, of a tree that has a name.
  std::string leafText(GetOp get) const {
    auto tree = named.find(get.getTree());
    return tree == named.end() || StringRef(tree->second).contains('#') ? "" : tree->second + "." + get.getLeaf().str();
  }

  Formula formulaOf(Operation *op) const {
    if (auto get = dyn_cast<GetOp>(op))
      if (std::string leaf = leafText(get); !leaf.empty())
        return {leaf};
    if (op->getDiscardableAttrDictionary().empty()) {
      if (auto binary = dyn_cast<BinaryOp>(op))
        return infix(binary);
      if (auto compare = dyn_cast<CompareOp>(op)) {
        auto [lhs, rhs] = pairText(compare.getLhs(), compare.getRhs());
        return {(stringifyCompareFn(compare.getFn()) + "(" + lhs.text + ", " + rhs.text + ")").str()};
      }
      if (auto unary = dyn_cast<UnaryOp>(op))
        return {(stringifyUnaryFn(unary.getFn()) + "(" + operandText(unary.getOperand()) + ")").str()};
    }
    return {call(op)};
  }

  Formula infix(BinaryOp op) const {
    auto [lhs, rhs] = pairText(op.getLhs(), op.getRhs());
    static constexpr std::pair<BinaryFn, const char *> signs[] = {
        {BinaryFn::add, " + "}, {BinaryFn::sub, " - "}, {BinaryFn::mul, " * "}, {BinaryFn::div, " / "}};
    for (auto [fn, sign] : signs)
      if (op.getFn() == fn) {
        int precedence = fn == BinaryFn::add || fn == BinaryFn::sub ? 1 : 2;
        return {inParentheses(lhs, lhs.precedence < precedence) + sign + inParentheses(rhs, rhs.precedence <= precedence), precedence};
      }
    return {(stringifyBinaryFn(op.getFn()) + "(" + lhs.text + ", " + rhs.text + ")").str()};
  }

  /// `reduce.sum<axes [1]>(%x) : tensor<4xf32>`.
  std::string call(Operation *op) const {
    std::string text = op->getName().stripDialect().str();
    llvm::raw_string_ostream os(text);
    SmallVector<std::string> attributes;
    for (NamedAttribute attribute : op->getAttrs())
      if (std::string word = function(op, attribute); !word.empty())
        os << '.' << word;
      else if (std::string item = attributeText(op, attribute); !item.empty())
        attributes.push_back(item);
    if (!attributes.empty())
      os << '<' << llvm::join(attributes, ", ") << '>';
    os << '(' << listText(op->getOperands(), isa<TreeOp>(op)) << ')';
    std::optional<SmallVector<Type>> types = op->getNumResults() > 0 ? inferredTypes(op) : SmallVector<Type>();
    if (types && TypeRange(*types) == op->getResultTypes())
      return text;
    os << " : ";
    if (op->getNumResults() == 1)
      os << typeText(op->getResult(0).getType());
    else
      os << '(' << llvm::join(llvm::map_range(op->getResultTypes(), typeText), ", ") << ')';
    return text;
  }

  /// Operands with commas between them. The leaves of a tree stand on lines of their own, as many to a line as fit.
  std::string listText(OperandRange operands, bool isWrapped) const {
    constexpr size_t width = 116;
    std::string text;
    size_t column = width;
    for (auto [number, operand] : llvm::enumerate(operands)) {
      std::string item = operandText(operand);
      text += number > 0 ? "," : "";
      bool breaks = isWrapped && column + item.size() + 2 > width;
      text += breaks ? "\n      " : number > 0 ? " " : "";
      column = breaks ? 6 + item.size() : column + item.size() + 2;
      text += item;
    }
    return text;
  }

  /// The word of an attribute that chooses among functions: `sum` of `#dl<reduce_fn sum>`.
  static std::string function(Operation *op, NamedAttribute attribute) {
    StringRef name = attribute.getName();
    if (name != "fn" && name != "kind")
      return "";
    std::string text;
    llvm::raw_string_ostream(text) << attribute.getValue();
    StringRef word = text;
    if (!isa<DLDialect>(attribute.getValue().getDialect()) || !word.consume_back(">"))
      return "";
    word = word.substr(word.rfind(' ') + 1);
    return word.str();
  }

  static std::string attributeText(Operation *op, NamedAttribute attribute) {
    std::string text;
    llvm::raw_string_ostream os(text);
    StringRef name = attribute.getName();
    Attribute value = attribute.getValue();
    // One for each operand is what is taken where nothing is said.
    if (auto segments = dyn_cast<DenseI32ArrayAttr>(value); segments && name == "operandSegmentSizes") {
      size_t operands = op->getNumOperands();
      bool isUsual = llvm::all_of(llvm::enumerate(segments.asArrayRef()),
                                  [&](auto item) { return item.value() == (item.index() < operands ? 1 : 0); });
      if (isUsual)
        return "";
    }
    if (auto lanes = dyn_cast<IntegerAttr>(value); lanes && name == "lanes" && lanes.getValue().isZero())
      return "";
    bool isBare = llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    if (isBare)
      os << name;
    else
      os << '"', llvm::printEscapedString(name, os), os << '"';
    if (auto list = dyn_cast<DenseI64ArrayAttr>(value)) {
      os << " [";
      llvm::interleaveComma(list.asArrayRef(), os);
      os << ']';
    } else if (auto number = dyn_cast<IntegerAttr>(value); number && number.getType().isSignlessInteger(64)) {
      os << ' ' << number.getInt();
    } else if (!isa<UnitAttr>(value)) {
      os << " = " << value;
    }
    return text;
  }

  Formula returned(Operation &op) const {
    std::string text = "return";
    for (auto [number, operand] : llvm::enumerate(op.getOperands()))
      text += (number > 0 ? ", " : " ") + operandText(operand);
    return {text};
  }

  OpAsmPrinter &printer;
  FuncOp func;
  FormulaNames &names;
  bool isLocated;
  llvm::DenseMap<Value, std::string> named;
  llvm::DenseMap<Value, Formula> inside;
};

} // namespace

void printFormulas(OpAsmPrinter &printer, FuncOp func, ArrayRef<std::string> arguments, FormulaNames &names) {
  FormulaPrinter(printer, func, names).run(arguments);
}

} // namespace dlc::ir
