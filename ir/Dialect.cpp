#include "ir/Dialect.h"

#include "ir/Ops.h"
#include "ir/SizeParser.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "ir/Dialect.cpp.inc"
#include "ir/Enums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "ir/Attributes.cpp.inc"

namespace dlc::ir {

void DLDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ir/Attributes.cpp.inc"
      >();
}

Operation *DLDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getShapedType() != type)
    return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}

//===- #dl.sym ------------------------------------------------------------===//

namespace {
class AsmSource {
public:
  explicit AsmSource(AsmParser &parser) : parser(parser) {}
  bool take(char c) {
    switch (c) {
    case '+':
      return succeeded(parser.parseOptionalPlus());
    case '-':
      return succeeded(parser.parseOptionalMinus());
    case '*':
      return succeeded(parser.parseOptionalStar());
    case '(':
      return succeeded(parser.parseOptionalLParen());
    case ')':
      return succeeded(parser.parseOptionalRParen());
    default:
      return succeeded(parser.parseOptionalComma());
    }
  }
  std::optional<int64_t> number() {
    int64_t value;
    OptionalParseResult result = parser.parseOptionalInteger(value);
    return result.has_value() && succeeded(*result) ? std::optional(value) : std::nullopt;
  }
  std::optional<std::string> word() {
    StringRef text;
    return succeeded(parser.parseOptionalKeyword(&text)) ? std::optional(text.str()) : std::nullopt;
  }
  std::optional<std::string> quoted() {
    std::string text;
    return succeeded(parser.parseOptionalString(&text)) ? std::optional(text) : std::nullopt;
  }

private:
  AsmParser &parser;
};
} // namespace

Attribute SymAttr::parse(AsmParser &parser, Type) {
  SMLoc start = parser.getCurrentLocation();
  SmallVector<SizeExpr> sizes;
  ParseResult list = parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, [&]() -> ParseResult {
    AsmSource source(parser);
    std::optional<SizeExpr> size = SizeParser<AsmSource>(source).sum();
    if (!size)
      return parser.emitError(parser.getCurrentLocation(), "expected a size such as `2*B + 1`");
    sizes.push_back(*size);
    return success();
  });
  if (failed(list))
    return {};
  return parser.getChecked<SymAttr>(start, parser.getContext(), sizes);
}

void SymAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(getSizes(), printer.getStream(), [&](const SizeExpr &size) { size.print(printer.getStream()); });
  printer << '>';
}

LogicalResult SymAttr::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<SizeExpr> sizes) {
  for (const SizeExpr &size : sizes)
    if (size.hasOverflow())
      return emitError() << "sym_c2: a size exceeds 64 bits";
  return success();
}

LogicalResult SymAttr::verifyEncoding(ArrayRef<int64_t> shape, Type, function_ref<InFlightDiagnostic()> emitError) const {
  int64_t unknown = llvm::count_if(shape, ShapedType::isDynamic);
  if (unknown == 0)
    return emitError() << "sym_c1: a tensor without `?` has no symbolic sizes";
  if (int64_t(getSizes().size()) != unknown)
    return emitError() << "sym_c1: expected " << unknown << " sizes, one for each `?`, found " << getSizes().size();
  for (const SizeExpr &size : getSizes())
    if (size.isConstant())
      return emitError() << "sym_c1: the size `" << size.str() << "` is a number, expected it in the shape in place of `?`";
  return success();
}

} // namespace dlc::ir
