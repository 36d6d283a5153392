#ifndef DLC_PASSES_BLOCKGRAPH_H
#define DLC_PASSES_BLOCKGRAPH_H

#include "ir/Ops.h"

namespace dlc::passes {

/// The operations of one block (without its terminator) and what must come before what: reads after
/// their definitions, effects in their order, and the edges that are added.
class BlockGraph {
public:
  explicit BlockGraph(mlir::Block &block);

  size_t size() const { return ops.size(); }
  mlir::Operation *op(unsigned node) const { return ops[node]; }
  /// The node that is `op` or holds it; nothing for the terminator and for what lies outside of the
  /// block.
  std::optional<unsigned> nodeOf(mlir::Operation *op) const;
  llvm::ArrayRef<unsigned> next(unsigned node) const { return successors[node]; }
  llvm::ArrayRef<unsigned> previous(unsigned node) const { return predecessors[node]; }

  void addEdge(unsigned before, unsigned after);
  /// Adds an operation that was put into the block and reads nothing of it.
  unsigned addNode(mlir::Operation *op);
  bool reaches(unsigned from, unsigned to) const;

private:
  mlir::Block &block;
  std::vector<mlir::Operation *> ops;
  llvm::DenseMap<mlir::Operation *, unsigned> index;
  std::vector<llvm::SmallVector<unsigned>> successors, predecessors;
};

} // namespace dlc::passes

#endif
