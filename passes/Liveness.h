#ifndef DLC_PASSES_LIVENESS_H
#define DLC_PASSES_LIVENESS_H

#include "ir/Ops.h"

namespace dlc::passes {

/// Whether the use makes a view of what it uses: a `dl.reshape` or the value that a `dl.barrier` hands on.
bool makesView(mlir::OpOperand &use);

/// The value whose buffer a value lies in before anything is planned: looks through
/// views.
mlir::Value viewed(mlir::Value value);

/// The values that are views of `value`, itself first.
llvm::SmallVector<mlir::Value> views(mlir::Value value);

/// Times of a function: operations are numbered in the order of the text; one with regions begins
/// before and ends after what is in it.
class Timeline {
public:
  explicit Timeline(ir::FuncOp func);

  unsigned begin(mlir::Operation *op) const { return times.lookup(op).first; }
  unsigned end(mlir::Operation *op) const { return times.lookup(op).second; }

  /// The last time at which `use` reads: where a loop lies between the definition and the use, the
  /// end of the outermost such loop.
  unsigned readTime(mlir::OpOperand &use, mlir::Block *defined) const;
  /// The last read of the value or a view of it; the end of its definition when there is none.
  unsigned lastRead(mlir::Value value) const;

private:
  void number(mlir::Block &block, unsigned &next);
  llvm::DenseMap<mlir::Operation *, std::pair<unsigned, unsigned>> times;
};

} // namespace dlc::passes

#endif
