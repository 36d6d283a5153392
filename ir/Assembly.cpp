#include "ir/Assembly.h"

using namespace mlir;

namespace dlc::ir {

ParseResult parseBindings(OpAsmParser &parser, SmallVectorImpl<OpAsmParser::Argument> &arguments, SmallVectorImpl<Value> &operands) {
  return parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
    OpAsmParser::Argument &argument = arguments.emplace_back();
    OpAsmParser::UnresolvedOperand operand;
    return failure(parser.parseArgument(argument) || parser.parseEqual() || parser.parseOperand(operand) ||
                   parser.parseColonType(argument.type) || parser.parseOptionalLocationSpecifier(argument.sourceLoc) ||
                   parser.resolveOperand(operand, argument.type, operands));
  });
}

void printBindings(OpAsmPrinter &printer, ArrayRef<BlockArgument> arguments, ValueRange operands) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(arguments, operands), printer, [&](auto pair) {
    auto [argument, operand] = pair;
    printer << argument << " = " << operand << " : " << operand.getType();
    printer.printOptionalLocationSpecifier(argument.getLoc());
  });
  printer << ')';
}

ParseResult parsePlaces(OpAsmParser &parser, DenseI64ArrayAttr &at, DenseI64ArrayAttr &into) {
  for (auto [keyword, attr] : {std::pair{"at", &at}, {"into", &into}}) {
    if (failed(parser.parseOptionalKeyword(keyword)))
      continue;
    *attr = dyn_cast_or_null<DenseI64ArrayAttr>(DenseI64ArrayAttr::parse(parser, Type()));
    if (!*attr)
      return failure();
  }
  return success();
}

void printPlaces(OpAsmPrinter &printer, DenseI64ArrayAttr at, DenseI64ArrayAttr into) {
  for (auto [keyword, attr] : {std::pair{" at ", at}, {" into ", into}})
    if (attr) {
      printer << keyword;
      attr.print(printer);
    }
}

LogicalResult verifyPlaces(Operation *op, std::initializer_list<DenseI64ArrayAttr> lists, StringRef label) {
  for (DenseI64ArrayAttr list : lists)
    if (list && list.size() != int64_t(op->getNumResults()))
      return op->emitOpError() << label << ": expected one place for each of " << op->getNumResults() << " results, found " << list.size();
  return success();
}

ParseResult parseResultTypes(OpAsmParser &parser, SmallVectorImpl<Type> &types) {
  if (failed(parser.parseOptionalArrow()))
    return success();
  return parser.parseTypeList(types);
}

void printResultTypes(OpAsmPrinter &printer, TypeRange types) {
  if (!types.empty())
    printer << " -> " << types;
}

} // namespace dlc::ir
