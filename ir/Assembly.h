#ifndef DLC_IR_ASSEMBLY_H
#define DLC_IR_ASSEMBLY_H

#include "ir/Ops.h"

// Pieces of custom assembly that several operations share.

namespace dlc::ir {

/// `custom<Enum>`: an enum's keyword. The attribute's own directive would print a second space in front.
template <typename EnumAttr>
mlir::ParseResult parseEnum(mlir::OpAsmParser &parser, EnumAttr &attr) {
  using Enum = decltype(attr.getValue());
  auto value = mlir::FieldParser<Enum>::parse(parser);
  if (failed(value))
    return mlir::failure();
  attr = EnumAttr::get(parser.getContext(), *value);
  return mlir::success();
}
template <typename EnumAttr>
void printEnum(mlir::OpAsmPrinter &printer, mlir::Operation *, EnumAttr attr) {
  printer << stringifyEnum(attr.getValue());
}

/// Region arguments that stand for operands: `%a = %x : tensor<8xf32>, …` between parentheses. Locations may follow the types.
mlir::ParseResult parseBindings(mlir::OpAsmParser &parser, llvm::SmallVectorImpl<mlir::OpAsmParser::Argument> &arguments,
                                llvm::SmallVectorImpl<mlir::Value> &operands);
void printBindings(mlir::OpAsmPrinter &printer, llvm::ArrayRef<mlir::BlockArgument> arguments, mlir::ValueRange operands);

/// ` at [0] into [-1]`: where planning put the results.
mlir::ParseResult parsePlaces(mlir::OpAsmParser &parser, mlir::DenseI64ArrayAttr &at, mlir::DenseI64ArrayAttr &into);
void printPlaces(mlir::OpAsmPrinter &printer, mlir::DenseI64ArrayAttr at, mlir::DenseI64ArrayAttr into);
/// `NAME_c2`: the lists have one entry a result.
mlir::LogicalResult verifyPlaces(mlir::Operation *op, std::initializer_list<mlir::DenseI64ArrayAttr> lists, llvm::StringRef label);

/// ` -> tensor<f32>, tensor<i1>` where there are results.
mlir::ParseResult parseResultTypes(mlir::OpAsmParser &parser, llvm::SmallVectorImpl<mlir::Type> &types);
void printResultTypes(mlir::OpAsmPrinter &printer, mlir::TypeRange types);

} // namespace dlc::ir

#endif
