// The formula form of a function: parsing.
#include "ir/Formulas.h"

#include "ir/Condensed.h"
#include "ir/Names.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace dlc::ir {

ParseResult parseLocation(OpAsmParser &parser, std::optional<Location> &location) {
  SMLoc at = parser.getCurrentLocation();
  if (parser.parseOptionalLocationSpecifier(location))
    return failure();
  // The place of an alias that is defined further down is put in at the end, and only where it stands alone.
  if (location && isa<OpaqueLoc>(*location))
    return parser.emitError(at, "expected a place in the source, found an alias that is not defined yet");
  return success();
}

namespace {

/// What stands in the place of an operand: a value, or a number that has no type yet.
struct Item {
  Value value;
  std::optional<int64_t> integer;
  std::optional<double> number;
  SMLoc at;
  bool isLiteral() const { return !value; }
};

class FormulaParser {
public:
  FormulaParser(OpAsmParser &parser, Block &block, ArrayRef<Type> results, std::optional<Location> function)
      : parser(parser), block(block), results(results), function(function), builder(parser.getContext()) {
    builder.setInsertionPointToEnd(&block);
  }

  ParseResult define(StringRef name, ValueRange group, SMLoc at) {
    if (!values.try_emplace(name, llvm::to_vector(group)).second)
      return parser.emitError(at) << "redefinition of `" << name << '`';
    return success();
  }

  ParseResult run() {
    if (parser.parseLBrace())
      return failure();
    bool isEnd = false;
    while (!isEnd)
      if (failed(statement(isEnd)))
        return failure();
    return parser.parseRBrace();
  }

private:
  //===- Statements -------------------------------------------------------===//

  ParseResult statement(bool &isEnd) {
    first = nullptr;
    SMLoc at = parser.getCurrentLocation();
    OpAsmParser::UnresolvedOperand name;
    OptionalParseResult named = parser.parseOptionalOperand(name, /*allowResultNumber=*/false);
    if (named.has_value())
      return failure(failed(*named) || failed(definition(name)));
    StringRef keyword;
    if (parser.parseOptionalKeyword(&keyword))
      return parser.emitError(at, "expected a formula or `return`");
    std::string word = keyword.str();
    if (word == "return") {
      isEnd = true;
      return returned(at);
    }
    Item item;
    Operation *op = nullptr;
    if (call(word, at, item, op))
      return failure();
    if (op->getNumResults() != 0)
      return parser.emitError(at) << "expected a name for the result of `" << word << '`';
    return located(op, "", at);
  }

  ParseResult definition(const OpAsmParser::UnresolvedOperand &name) {
    int64_t count = 1;
    if (succeeded(parser.parseOptionalColon()) && parser.parseInteger(count))
      return failure();
    SMLoc at;
    Item item;
    if (parser.parseEqual() || parser.getCurrentLocation(&at) || expression(1, item))
      return failure();
    if (item.isLiteral() && failed(materialize(item, Type())))
      return failure();
    Operation *op = item.value.getDefiningOp();
    if (!first || op != &block.back())
      return parser.emitError(at, "expected an operation, found the name of a value");
    if (op->getNumResults() != count)
      return parser.emitError(name.location) << "expected a name for " << op->getNumResults() << " results, found one for " << count;
    StringRef base = name.name.drop_front();
    return failure(failed(define(name.name, op->getResults(), name.location)) ||
                   failed(located(op, llvm::isDigit(base.front()) ? "" : base, name.location)));
  }

  ParseResult returned(SMLoc at) {
    SmallVector<Value> operands;
    for (auto [number, type] : llvm::enumerate(results)) {
      Item item;
      if ((number > 0 && parser.parseComma()) || expression(1, item) || materialize(item, Type()))
        return failure();
      operands.push_back(item.value);
    }
    if (TypeRange(ValueRange(operands)) != TypeRange(results))
      return parser.emitError(at) << "expected the results (" << results << ") of the function, found (" << TypeRange(ValueRange(operands)) << ')';
    ReturnOp::create(builder, parser.getEncodedSourceLoc(at), operands);
    for (Operation *op = first; op && function; op = op->getNextNode())
      op->setLoc(*function);
    return success();
  }

  /// The location behind a statement, for all operations that it made: the name belongs to the outermost one.
  ParseResult located(Operation *root, StringRef name, SMLoc at) {
    std::optional<Location> given;
    if (parseLocation(parser, given))
      return failure();
    // The line says the name; where it had to be made different from another one, the location says the source's.
    Location location = given.value_or(parser.getEncodedSourceLoc(at));
    if (!isa<NameLoc>(location))
      location = named(name, location);
    for (Operation *op = first; op; op = op->getNextNode())
      op->setLoc(op == root ? location : named("", location));
    return success();
  }

  //===- Expressions ------------------------------------------------------===//

  /// A number of the precedence of `+` (1) or of `*` (2) upwards.
  ParseResult expression(int lowest, Item &result) {
    if (primary(result))
      return failure();
    while (true) {
      SMLoc at = parser.getCurrentLocation();
      std::optional<BinaryFn> fn = sign(lowest);
      if (!fn)
        return success();
      Item rhs;
      bool isSum = *fn == BinaryFn::add || *fn == BinaryFn::sub;
      if (expression(isSum ? 2 : 3, rhs) || unify(result, rhs, at))
        return failure();
      result = {append(BinaryOp::create(builder, parser.getEncodedSourceLoc(at), result.value.getType(), *fn, result.value, rhs.value)), {}, {}, at};
    }
  }

  std::optional<BinaryFn> sign(int lowest) {
    if (lowest <= 1 && succeeded(parser.parseOptionalPlus()))
      return BinaryFn::add;
    if (lowest <= 1 && succeeded(parser.parseOptionalMinus()))
      return BinaryFn::sub;
    if (lowest <= 2 && succeeded(parser.parseOptionalStar()))
      return BinaryFn::mul;
    if (lowest <= 2 && succeeded(parser.parseOptionalSlash()))
      return BinaryFn::div;
    return std::nullopt;
  }

  ParseResult primary(Item &item) {
    constexpr int deepest = 200;
    item.at = parser.getCurrentLocation();
    if (depth >= deepest)
      return parser.emitError(item.at) << "formula is nested more than " << deepest << " deep";
    ++depth;
    ParseResult result = primaryInside(item);
    --depth;
    return result;
  }

  ParseResult primaryInside(Item &item) {
    OpAsmParser::UnresolvedOperand name;
    if (OptionalParseResult found = parser.parseOptionalOperand(name); found.has_value())
      return failure(failed(*found) || failed(lookUp(name, item)));
    if (succeeded(parser.parseOptionalLParen()))
      return failure(expression(1, item) || parser.parseRParen());
    StringAttr callee;
    Operation *op = nullptr;
    if (succeeded(parser.parseOptionalSymbolName(callee)))
      return apply(CallOp::getOperationName(), callee, item, op);
    StringRef keyword;
    if (succeeded(parser.parseOptionalKeyword(&keyword))) {
      std::string word = keyword.str();
      if (word == "true" || word == "false") {
        item.integer = word == "true";
        return success();
      }
      if (Type element = elementType(word, parser.getContext()))
        return cast(element, item);
      if (call(word, item.at, item, op))
        return failure();
      if (op->getNumResults() == 0)
        return parser.emitError(item.at) << '`' << word << "` has no result";
      return success();
    }
    return literal(item);
  }

  ParseResult lookUp(const OpAsmParser::UnresolvedOperand &name, Item &item) {
    auto found = values.find(name.name);
    if (found == values.end() && name.number == 0)
      if (Value leaf = leafOf(name)) {
        item.value = leaf;
        return success();
      }
    if (found == values.end())
      return parser.emitError(name.location) << "use of undeclared value `" << name.name << '`';
    if (name.number >= found->second.size())
      return parser.emitError(name.location) << '`' << name.name << "` has " << found->second.size() << " values, found number " << name.number;
    item.value = found->second[name.number];
    return success();
  }

  /// `%net.weight` where `%net` is a tree.
  Value leafOf(const OpAsmParser::UnresolvedOperand &name) {
    for (size_t dot = name.name.find('.'); dot != StringRef::npos; dot = name.name.find('.', dot + 1)) {
      auto tree = values.find(name.name.take_front(dot));
      StringRef leaf = name.name.drop_front(dot + 1);
      if (tree != values.end() && tree->second.size() == 1 && isTree(tree->second[0].getType()) && leafNumber(tree->second[0].getType(), leaf))
        return append(GetOp::create(builder, parser.getEncodedSourceLoc(name.location), tree->second[0], leaf));
    }
    return {};
  }

  ParseResult literal(Item &item) {
    bool isNegative = succeeded(parser.parseOptionalMinus());
    APInt magnitude;
    OptionalParseResult integer = parser.parseOptionalInteger(magnitude);
    if (integer.has_value()) {
      if (failed(*integer))
        return failure();
      if (magnitude.getActiveBits() > 64)
        return parser.emitError(item.at, "number exceeds 64 bits");
      uint64_t bits = magnitude.zextOrTrunc(64).getZExtValue();
      item.integer = static_cast<int64_t>(isNegative ? 0 - bits : bits);
      return success();
    }
    double number = 0;
    if (parser.parseFloat(number))
      return failure();
    item.number = isNegative ? -number : number;
    return success();
  }

  //===- Numbers ----------------------------------------------------------===//

  /// A number becomes a constant: of `type` where it is known, else i64 or f32.
  ParseResult materialize(Item &item, Type type) {
    if (!item.isLiteral())
      return success();
    if (type && !isa<RankedTensorType>(type))
      return parser.emitError(item.at, "a number does not go with a tree");
    Type element = type ? cast<RankedTensorType>(type).getElementType() : item.integer ? Type(builder.getI64Type()) : Type(builder.getF32Type());
    Attribute scalar;
    if (auto integer = dyn_cast<IntegerType>(element); integer && item.integer) {
      APInt wide(64, *item.integer, /*isSigned=*/true);
      unsigned width = integer.getWidth();
      bool fits = width >= 64 || (integer.isUnsigned() || width == 1 ? wide.isIntN(width) : wide.isSignedIntN(width));
      if (fits)
        scalar = IntegerAttr::get(integer, wide.sextOrTrunc(width));
    } else if (auto real = dyn_cast<FloatType>(element); real && item.number) {
      APFloat value(*item.number);
      bool loses = false;
      value.convert(real.getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
      scalar = FloatAttr::get(real, value);
    }
    if (!scalar)
      return parser.emitError(item.at) << "expected a number of type " << element;
    auto elements = DenseElementsAttr::get(RankedTensorType::get({}, element), scalar);
    Location location = parser.getEncodedSourceLoc(item.at);
    item.value = append(ConstantOp::create(builder, location, elements.getType(), cast<ElementsAttr>(elements)));
    if (type && cast<RankedTensorType>(type).getRank() > 0)
      item.value = append(BroadcastOp::create(builder, location, type, item.value, ArrayRef<int64_t>()));
    return success();
  }

  /// Brings two operands to one type: a number takes the type of the other one, a smaller tensor is repeated along the axes that it lacks.
  ParseResult unify(Item &lhs, Item &rhs, SMLoc at) {
    if (lhs.isLiteral() && rhs.isLiteral() && failed(materialize(lhs, Type())))
      return failure();
    if (failed(materialize(lhs, rhs.isLiteral() ? Type() : rhs.value.getType())) || failed(materialize(rhs, lhs.value.getType())))
      return failure();
    if (lhs.value.getType() == rhs.value.getType() && !isTree(lhs.value.getType()))
      return success();
    if (isTree(lhs.value.getType()) || isTree(rhs.value.getType()))
      return parser.emitError(at, "expected tensors, found a tree");
    for (auto [small, large] : {std::pair{&lhs, &rhs}, {&rhs, &lhs}})
      if (auto axes = stretchedAxes(small->value.getType(), large->value.getType())) {
        small->value = append(BroadcastOp::create(builder, parser.getEncodedSourceLoc(at), large->value.getType(), small->value, *axes));
        return success();
      }
    return parser.emitError(at) << "expected operands of one type, or one that repeats along the other's axes, found " << lhs.value.getType()
                                << " and " << rhs.value.getType();
  }

  //===- Calls ------------------------------------------------------------===//

  /// Where `word` is an element-wise function of two arguments of one type.
  std::optional<std::pair<StringRef, Attribute>> functionOfTwo(StringRef word) {
    MLIRContext *context = builder.getContext();
    if (std::optional<BinaryFn> fn = symbolizeBinaryFn(word))
      return {{"binary", BinaryFnAttr::get(context, *fn)}};
    if (std::optional<CompareFn> fn = symbolizeCompareFn(word))
      return {{"compare", CompareFnAttr::get(context, *fn)}};
    return std::nullopt;
  }

  ParseResult call(const std::string &word, SMLoc at, Item &item, Operation *&op) {
    NamedAttrList attributes;
    StringRef mnemonic = word;
    bool isPair = false;
    if (auto two = functionOfTwo(word)) {
      mnemonic = two->first;
      attributes.set("fn", two->second);
      isPair = true;
    } else if (StringAttr callee; word == "each" && succeeded(parser.parseOptionalSymbolName(callee))) {
      return apply(EachOp::getOperationName(), callee, item, op);
    } else if (std::optional<UnaryFn> fn = symbolizeUnaryFn(word)) {
      mnemonic = "unary";
      attributes.set("fn", UnaryFnAttr::get(builder.getContext(), *fn));
    } else {
      auto [name, function] = StringRef(word).split('.');
      mnemonic = name;
      if (!function.empty() && failed(choose(name, function, attributes, at)))
        return failure();
    }
    OperationName name(("dl." + mnemonic).str(), builder.getContext());
    if (!name.isRegistered() || name.hasTrait<OpTrait::IsTerminator>() || !name.getRegisteredInfo()->hasTrait<OpTrait::ZeroRegions>())
      return parser.emitError(at) << '`' << word << "` is no operation of a formula";
    if (attributeList(name, attributes))
      return failure();
    return apply(name, attributes, isPair, at, item, op);
  }

  /// `@f(%x) : tensor<4xf32>`, what follows the name.
  ParseResult apply(StringRef name, StringAttr callee, Item &item, Operation *&op) {
    NamedAttrList attributes;
    attributes.set("callee", FlatSymbolRefAttr::get(callee));
    return apply(OperationName(name, builder.getContext()), attributes, /*isPair=*/false, item.at, item, op);
  }

  /// The operands and what is known of the results.
  ParseResult apply(OperationName name, NamedAttrList &attributes, bool isPair, SMLoc at, Item &item, Operation *&op) {
    SmallVector<Item> items;
    if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, [&] { return expression(1, items.emplace_back()); }))
      return failure();
    if (isPair && items.size() == 2 && failed(unify(items[0], items[1], at)))
      return failure();
    SmallVector<Value> operands;
    for (Item &operand : items) {
      if (failed(materialize(operand, Type())))
        return failure();
      operands.push_back(operand.value);
    }
    bool takesTrees = name.hasTrait<TakesTrees>();
    if (!takesTrees && llvm::any_of(operands, [](Value operand) { return isTree(operand.getType()); }))
      return parser.emitError(at) << '`' << name << "` takes tensors, found a tree";
    if (checkCounts(name, operands, attributes, at) || build(name, operands, attributes, at, op))
      return failure();
    if (op->getNumResults() > 0)
      item.value = op->getResult(0);
    return success();
  }

  /// `f32(%x)`, what follows the type.
  ParseResult cast(Type element, Item &item) {
    SMLoc at = item.at;
    if (parser.parseLParen() || expression(1, item) || parser.parseRParen() || materialize(item, Type()))
      return failure();
    auto type = dyn_cast<RankedTensorType>(item.value.getType());
    if (!type)
      return parser.emitError(at, "a tree has no type of elements");
    item = {append(CastOp::create(builder, parser.getEncodedSourceLoc(at), withElement(type, element), item.value)), {}, {}, at};
    return success();
  }

  /// `reduce.sum`: the attribute that says `sum`.
  ParseResult choose(StringRef mnemonic, StringRef word, NamedAttrList &attributes, SMLoc at) {
    MLIRContext *context = builder.getContext();
    auto *rules = OperationName(("dl." + mnemonic).str(), context).getInterface<FormulaInterface>();
    Attribute choice = rules ? rules->formulaChoice(word, context) : Attribute();
    if (!choice)
      return parser.emitError(at) << '`' << mnemonic << "` has no function `" << word << '`';
    attributes.set(isa<ConvKindAttr>(choice) ? "kind" : "fn", choice);
    return success();
  }

  /// `<axes [1], axis 2, reverse, size = #dl.sym<B>>`; `<#dl.sym<B>>` where the operation has but one attribute.
  ParseResult attributeList(OperationName op, NamedAttrList &attributes) {
    return parser.parseCommaSeparatedList(OpAsmParser::Delimiter::OptionalLessGreater, [&]() -> ParseResult {
      std::string name;
      SMLoc at = parser.getCurrentLocation();
      Attribute value;
      if (std::optional<StringRef> sole = soleAttribute(op); sole && !attributes.get(*sole))
        if (OptionalParseResult found = parser.parseOptionalAttribute(value); found.has_value()) {
          if (failed(*found))
            return failure();
          attributes.set(*sole, value);
          return success();
        }
      if (parser.parseKeywordOrString(&name) || name.empty() || attributeValue(value))
        return failure();
      if (attributes.get(name))
        return parser.emitError(at) << '`' << name << "` is given twice";
      attributes.set(name, value);
      return success();
    });
  }

  ParseResult attributeValue(Attribute &value) {
    if (succeeded(parser.parseOptionalEqual()))
      return parser.parseAttribute(value);
    for (Precision precision : {Precision::f32, Precision::tf32, Precision::bf16})
      if (succeeded(parser.parseOptionalKeyword(stringifyPrecision(precision)))) {
        value = PrecisionAttr::get(builder.getContext(), precision);
        return success();
      }
    SmallVector<int64_t> numbers;
    bool isList = false;
    int64_t number = 0;
    if (succeeded(parser.parseOptionalLSquare())) {
      isList = true;
      if (failed(parser.parseOptionalRSquare()) &&
          (parser.parseCommaSeparatedList([&] { return parser.parseInteger(numbers.emplace_back()); }) || parser.parseRSquare()))
        return failure();
    } else if (OptionalParseResult found = parser.parseOptionalInteger(number); found.has_value()) {
      value = builder.getI64IntegerAttr(number);
      return *found;
    }
    value = isList ? Attribute(builder.getDenseI64ArrayAttr(numbers)) : Attribute(builder.getUnitAttr());
    return success();
  }

  /// Types are inferred before anything is verified: what inference counts on is checked here.
  ParseResult checkCounts(OperationName name, ValueRange operands, NamedAttrList &attributes, SMLoc at) {
    size_t count = operands.size();
    size_t least = 0, most = std::numeric_limits<size_t>::max();
    auto exactly = [&](size_t number) { least = most = number; };
    if (name.hasTrait<OpTrait::ZeroOperands>())
      exactly(0);
    else if (name.hasTrait<OpTrait::OneOperand>())
      exactly(1);
    else if (name.hasTrait<OpTrait::NOperands<2>::Impl>())
      exactly(2);
    else if (name.hasTrait<OpTrait::NOperands<3>::Impl>())
      exactly(3);
    else if (name.hasTrait<OpTrait::AtLeastNOperands<1>::Impl>())
      least = 1;
    else if (name.hasTrait<OpTrait::AtLeastNOperands<2>::Impl>())
      least = 2;
    else if (name.hasTrait<OpTrait::AtLeastNOperands<3>::Impl>())
      least = 3;
    if (count < least || count > most)
      return parser.emitError(at) << '`' << name << "` takes " << (most > least ? "at least " : "") << least << " operands, found " << count;
    auto *rules = name.getInterface<FormulaInterface>();
    for (StringAttr attribute : name.getAttributeNames()) {
      if (attributes.get(attribute) || (rules && rules->mayLack(attribute)))
        continue;
      if (Attribute value = defaultAttribute(name, attribute, operands, attributes.getDictionary(builder.getContext()))) {
        attributes.set(attribute, value);
        continue;
      }
      return parser.emitError(at) << '`' << name << "` needs `" << attribute.getValue() << '`';
    }
    return name.verifyInherentAttrs(attributes, [&] { return parser.emitError(at); });
  }

  ParseResult build(OperationName name, ArrayRef<Value> operands, NamedAttrList &attributes, SMLoc at, Operation *&op) {
    SmallVector<Type> types;
    bool isGiven = succeeded(parser.parseOptionalColon());
    SMLoc typesAt = parser.getCurrentLocation();
    if (isGiven) {
      bool isList = succeeded(parser.parseOptionalLParen());
      if (isList ? failed(parser.parseTypeList(types)) || failed(parser.parseRParen()) : failed(parser.parseType(types.emplace_back())))
        return failure();
    } else if (name.hasTrait<OpTrait::ZeroResults>()) {
      isGiven = true;
    } else {
      // Inference reads operands and attributes of the operation; the types are put in afterwards.
      size_t count = name.getStringRef() == GradientOp::getOperationName() ? operands.size() - 1 : 1;
      if (count != 1 || name.hasInterface<InferTypeOpInterface>() || name.getStringRef() == GradientOp::getOperationName())
        types.assign(count, RankedTensorType::get({}, builder.getI64Type()));
      else
        return parser.emitError(at) << "expected the type of the result of `" << name << '`';
    }
    auto isValue = [](Type type) { return hasSizes(type) || isTree(type); };
    if (!llvm::all_of(types, isValue))
      return parser.emitError(typesAt) << "expected tensors with a size for each axis, found " << types;
    OperationState state(parser.getEncodedSourceLoc(at), name);
    state.addOperands(operands);
    state.addTypes(types);
    op = Operation::create(state);
    for (NamedAttribute attribute : attributes)
      op->setAttr(attribute.getName(), attribute.getValue());
    builder.insert(op);
    if (!first)
      first = op;
    if (isGiven)
      return success();
    std::optional<SmallVector<Type>> inferred = inferredTypes(op);
    if (!inferred || inferred->size() != op->getNumResults() || !llvm::all_of(*inferred, isValue))
      return parser.emitError(at) << "the type of the result of `" << name << "` does not follow from its operands";
    for (auto [result, type] : llvm::zip(op->getResults(), *inferred))
      result.setType(type);
    return success();
  }

  template <typename Op>
  Value append(Op op) {
    if (!first)
      first = op;
    return op.getResult();
  }

  OpAsmParser &parser;
  Block &block;
  ArrayRef<Type> results;
  std::optional<Location> function;
  OpBuilder builder;
  llvm::StringMap<SmallVector<Value, 1>> values;
  Operation *first = nullptr;
  int depth = 0;
};

} // namespace

ParseResult parseFormulas(OpAsmParser &parser, ArrayRef<OpAsmParser::Argument> arguments, ArrayRef<Type> results, std::optional<Location> function,
                          Region &body) {
  Block &block = body.emplaceBlock();
  FormulaParser formulas(parser, block, results, function);
  for (const OpAsmParser::Argument &argument : arguments) {
    SMLoc at = argument.ssaName.location;
    Location location = argument.sourceLoc.value_or(named(argument.ssaName.name.drop_front(), function.value_or(parser.getEncodedSourceLoc(at))));
    if (!hasSizes(argument.type) && !isTree(argument.type))
      return parser.emitError(at) << "expected tensors with a size for each axis, found " << argument.type;
    if (failed(formulas.define(argument.ssaName.name, block.addArgument(argument.type, location), at)))
      return failure();
  }
  return formulas.run();
}

} // namespace dlc::ir
