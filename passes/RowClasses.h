#ifndef DLC_PASSES_ROWCLASSES_H
#define DLC_PASSES_ROWCLASSES_H

#include "ir/Ops.h"

namespace dlc::passes {

/// The symbol for the number of rows of a test's table.
inline constexpr llvm::StringLiteral kRowsSymbol = "rows";

/// The axis of a tensor along which the rows of the table lie, `perRow` elements for each of them.
struct RowAxis {
  int64_t axis;
  int64_t perRow;
  bool operator==(const RowAxis &other) const {
    return axis == other.axis && perRow == other.perRow;
  }
};

/// Where a value of a test body can be computed.
enum class RowClass {
  Constant, // does not depend on the rows: anywhere
  Rows,     // row i depends on row i alone: in batches
  Whole     // needs all rows: after all batches
};

/// Sorts the operations of a test body, whose sizes still name the symbol `rows`.
class RowAnalysis {
public:
  explicit RowAnalysis(ir::FuncOp body);

  RowClass of(mlir::Value value) const { return classes.lookup(value); }
  /// Of an operation with effects and no results.
  RowClass of(mlir::Operation *op) const { return opClasses.lookup(op); }
  void set(mlir::Value value, RowClass rowClass) { classes[value] = rowClass; }
  /// Operations whose elements depend on the number of the row: `dl.iota` along the rows and
  /// `dl.random`.
  llvm::ArrayRef<mlir::Operation *> numbered() const { return offsets; }

  /// The row axis of a type; nothing where no size names the rows.
  static std::optional<RowAxis> axisOf(mlir::Type type);
  /// Sizes name the rows in a way that is not one axis of whole rows (`rows - 1`, `[rows, rows]`).
  static bool isMixed(mlir::Type type);

private:
  RowClass classify(mlir::Operation &op);
  RowClass classifyRegions(mlir::Operation &op, RowClass operands);
  RowClass classifyLoop(ir::LoopOp loop);
  RowClass classifyBlock(mlir::Block &block);
  bool isRowWise(mlir::Operation &op, unsigned operand, RowAxis result);

  llvm::DenseMap<mlir::Value, RowClass> classes;
  llvm::DenseMap<mlir::Operation *, RowClass> opClasses;
  llvm::SmallVector<mlir::Operation *> offsets;
};

} // namespace dlc::passes

#endif
