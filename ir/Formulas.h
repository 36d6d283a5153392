#ifndef DLC_IR_FORMULAS_H
#define DLC_IR_FORMULAS_H

#include "ir/Ops.h"

#include "llvm/ADT/StringSet.h"

// The formula form of a function's body: pure syntax for the same operations (docs/ir.md, "Formulas").
//
//   dl.func @f(%x: tensor<4xf32> {dl.input}) -> (tensor<4xf32> {dl.output = "y"}) formulas {
//     %hidden = exp(%x) * 0.5 + %x
//     return reshape(%hidden) : tensor<2x2xf32>
//   }
//
// A line is a value with a name, one that is used more than once, or an effect; all other operations stand inside their user.

namespace dlc::ir {

/// The mark of a function that prints as formulas: a unit, or "located" where the lines of the source stand behind each formula.
inline constexpr llvm::StringRef kFormulas = "dl.formulas";

/// Whether the body can be written as formulas: operations of this dialect on tensors, without regions, none that works on buffers.
bool hasFormulas(FuncOp func);

/// `exp`, of an element-wise function; "" of others.
llvm::StringRef functionName(mlir::Operation *op);

/// Whether the operation stands inside its user: it computes one value and nothing else, is used once, in its own block, and has no name, or one
/// that only a function of the standard library gives it, or is what a private function returns.
bool standsInUser(mlir::Operation *op);

/// `from` as an operand where `to` is required: of the same element type, its axes the last ones of `to`, each of the same size or 1.
/// Gives the axes for `dl.broadcast`; nothing where the types are equal or do not fit.
std::optional<llvm::SmallVector<int64_t>> stretchedAxes(mlir::Type from, mlir::Type to);

/// The types of the results where operands and attributes alone give them.
std::optional<llvm::SmallVector<mlir::Type>> inferredTypes(mlir::Operation *op);

/// `f32`: the type of elements that a word names, null for others. A cast is written as its type, `f32(%x)`.
mlir::Type elementType(llvm::StringRef word, mlir::MLIRContext *context);

/// What an attribute is where a formula leaves it out: no padding, strides of 1, the product of matrices. Null where it has to be written.
mlir::Attribute defaultAttribute(mlir::OperationName op, llvm::StringRef attribute, mlir::ValueRange operands, mlir::DictionaryAttr given);

/// The attribute that may be written without its name: `size<#dl.sym<B>>()`.
std::optional<llvm::StringRef> soleAttribute(mlir::OperationName op);

/// `dl.symbols` where a function in formula form leaves them out: those of its arguments, in their order; null where there are none.
mlir::ArrayAttr impliedSymbols(llvm::ArrayRef<mlir::Type> arguments, mlir::MLIRContext *context);

/// The text of a function while it is put together: names of the source, made different by a number, and types, which are left to the printer
/// and its aliases and stand in the text as marks until then.
class FormulaText {
public:
  /// `%weight`; `%0` where `base` is empty.
  std::string makeName(llvm::StringRef base);
  /// Keeps the names of a tree's leaves, `%net.weight`, from others.
  void reserveLeaves(llvm::StringRef tree, mlir::Type type);

  /// A type, or the mark of one.
  std::string typeText(mlir::Type type);
  /// Prints a text with the types for their marks.
  void print(mlir::OpAsmPrinter &printer, llvm::StringRef text) const;
  /// About as many characters as it is printed with: a tree has an alias.
  static size_t printedSize(llvm::StringRef text);

private:
  static constexpr char typeMark = '\1';
  llvm::StringSet<> used;
  unsigned next = 0;
  llvm::SmallVector<mlir::Type> types;
};

/// ` formulas {`, the lines and `}`. `arguments` are the names in the signature, made by `text`.
void printFormulas(mlir::OpAsmPrinter &printer, FuncOp func, llvm::ArrayRef<std::string> arguments, FormulaText &text);

/// An optional `loc(...)`, written out.
mlir::ParseResult parseLocation(mlir::OpAsmParser &parser, std::optional<mlir::Location> &location);

/// The body behind the keyword `formulas`. `function` is its place in the source, and that of its arguments.
mlir::ParseResult parseFormulas(mlir::OpAsmParser &parser, llvm::ArrayRef<mlir::OpAsmParser::Argument> arguments,
                                llvm::ArrayRef<mlir::Type> results, std::optional<mlir::Location> function, mlir::Region &body);

} // namespace dlc::ir

#endif
