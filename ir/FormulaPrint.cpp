// The formula form of a function: printing.
#include "ir/Formulas.h"

#include "ir/Condensed.h"
#include "ir/Names.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

#include <charconv>

using namespace mlir;

namespace dlc::ir {

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
  FormulaPrinter(OpAsmPrinter &printer, FuncOp func, FormulaText &text)
      : printer(printer), func(func), text(text), isLocated(isa_and_nonnull<StringAttr>(func->getAttr(kFormulas))) {}

  void run(ArrayRef<std::string> arguments) {
    for (auto [argument, name] : llvm::zip(func.getBody().getArguments(), arguments))
      named[argument] = name;
    printer << " {";
    bool isFirst = true;
    for (Operation &op : func.getBody().front()) {
      Formula formula = isa<ReturnOp>(op) ? returned(op) : formulaOf(&op);
      if (isa<ReturnOp>(op) && isFirst && FormulaText::printedSize(formula.text) <= shortBody && !StringRef(formula.text).contains('\n')) {
        printer << ' ';
        text.print(printer, formula.text);
        printer << " }";
        return;
      }
      if (!standsInUser(&op) && isa<ConstantOp>(op) && isDefault(op.getResult(0).getType()))
        if (std::string literal = literalOf(op.getResult(0)); !literal.empty())
          formula.text = literal;
      if (standsInUser(&op) && (FormulaText::printedSize(formula.text) <= longest || isa<TreeOp>(op)))
        inside.try_emplace(op.getResult(0), std::move(formula));
      else
        statement(&op, formula.text), isFirst = false;
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
  /// Characters of a formula inside another one, and of a body on the line of its function.
  static constexpr size_t longest = 180, shortBody = 100;

  void statement(Operation *op, StringRef formula) {
    printer.printNewline();
    printer << "  ";
    std::string written;
    if (op->getNumResults() > 0) {
      // The text gives an operation of several results one name, and theirs are numbers in it.
      std::string &name = written = text.makeName(op->getNumResults() == 1 ? nameOf(op->getResult(0)) : nameOf(op->getLoc()));
      text.reserveLeaves(name, op->getResult(0).getType());
      for (OpResult result : op->getResults())
        named[result] = op->getNumResults() == 1 ? name : name + "#" + std::to_string(result.getResultNumber());
      printer << name;
      if (op->getNumResults() > 1)
        printer << ':' << op->getNumResults();
      printer << " = ";
    }
    StringRef rest = formula;
    for (auto [line, more] = rest.split('\n');; std::tie(line, more) = more.split('\n')) {
      text.print(printer, line);
      if (more.empty())
        break;
      printer.printNewline();
    }
    if (isLocated && !isa<ReturnOp>(op))
      printer << ' ' << locationText(op, written);
  }

  /// ` loc(...)`, without the name where the line begins with it.
  static std::string locationText(Operation *op, StringRef written) {
    Location location = op->getLoc();
    auto name = dyn_cast<NameLoc>(location);
    if (name && written.drop_front() == name.getName().getValue())
      location = name.getChildLoc();
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
    bool hasName = tree != named.end() && !StringRef(tree->second).contains('#') && !llvm::isDigit(tree->second[1]); // `%19.weight` is no name
    return hasName ? tree->second + "." + get.getLeaf().str() : "";
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
      if (auto cast = dyn_cast<CastOp>(op))
        if (std::string text = castText(cast); !text.empty())
          return {text};
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

  /// `f32(%x)`; nothing where the type of the elements is not all that changes.
  std::string castText(CastOp op) const {
    auto from = cast<RankedTensorType>(op.getOperand().getType()), to = cast<RankedTensorType>(op.getType());
    if (withElement(from, to.getElementType()) != to)
      return "";
    std::string word;
    llvm::raw_string_ostream(word) << to.getElementType();
    return elementType(word, op.getContext()) == to.getElementType() ? word + "(" + operandText(op.getOperand()) + ")" : "";
  }

  /// `@f`, `each @f` or `reduce.sum<axes [1]>`: what stands before the operands.
  static std::string head(Operation *op) {
    std::string text;
    llvm::raw_string_ostream os(text);
    if (op->getDiscardableAttrDictionary().empty() && isa<CallOp, EachOp>(op)) {
      auto callee = op->getAttrOfType<FlatSymbolRefAttr>("callee");
      os << (isa<EachOp>(op) ? "each " : "") << callee;
      return text;
    }
    StringRef elementwise = functionName(op);
    os << (elementwise.empty() ? op->getName().stripDialect() : elementwise);
    SmallVector<std::string> attributes;
    for (NamedAttribute attribute : op->getAttrs()) {
      if (!elementwise.empty() && attribute.getName() == "fn")
        continue;
      if (std::string word = function(op, attribute); !word.empty())
        os << '.' << word;
      else if (std::string item = attributeText(op, attribute); !item.empty())
        attributes.push_back(item);
    }
    if (!attributes.empty())
      os << '<' << llvm::join(attributes, ", ") << '>';
    return text;
  }

  /// `reduce.sum<axes [1]>(%x) : tensor<4xf32>`.
  std::string call(Operation *op) const {
    std::string formula = head(op);
    llvm::raw_string_ostream os(formula);
    os << '(' << listText(op->getOperands(), isa<TreeOp>(op)) << ')';
    std::optional<SmallVector<Type>> types = op->getNumResults() > 0 ? inferredTypes(op) : SmallVector<Type>();
    if (types && TypeRange(*types) == op->getResultTypes())
      return formula;
    os << " : ";
    if (op->getNumResults() == 1)
      os << text.typeText(op->getResult(0).getType());
    else
      os << '(' << llvm::join(llvm::map_range(op->getResultTypes(), [&](Type type) { return text.typeText(type); }), ", ") << ')';
    return formula;
  }

  /// Operands with commas between them. The leaves of a tree stand on lines of their own, as many to a line as fit.
  std::string listText(OperandRange operands, bool isWrapped) const {
    constexpr size_t width = 140;
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
    if (value == defaultAttribute(op->getName(), name, op->getOperands(), op->getAttrDictionary()))
      return "";
    bool isList = isa<DenseI64ArrayAttr, UnitAttr>(value), isNumber = isa<IntegerAttr>(value) && cast<IntegerAttr>(value).getType().isSignlessInteger(64);
    if (!isList && !isNumber && soleAttribute(op->getName()) == name) {
      os << value;
      return text;
    }
    bool isBare = llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    if (isBare)
      os << name;
    else
      os << '"', llvm::printEscapedString(name, os), os << '"';
    if (auto list = dyn_cast<DenseI64ArrayAttr>(value)) {
      os << " [";
      llvm::interleaveComma(list.asArrayRef(), os);
      os << ']';
    } else if (auto precision = dyn_cast<PrecisionAttr>(value)) {
      os << ' ' << stringifyPrecision(precision.getValue());
    } else if (isNumber) {
      os << ' ' << cast<IntegerAttr>(value).getInt();
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
  FormulaText &text;
  bool isLocated;
  llvm::DenseMap<Value, std::string> named;
  llvm::DenseMap<Value, Formula> inside;
};

} // namespace

void printFormulas(OpAsmPrinter &printer, FuncOp func, ArrayRef<std::string> arguments, FormulaText &text) {
  FormulaPrinter(printer, func, text).run(arguments);
}

} // namespace dlc::ir
