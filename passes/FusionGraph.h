#ifndef DLC_PASSES_FUSIONGRAPH_H
#define DLC_PASSES_FUSIONGRAPH_H

#include "passes/KernelShape.h"

namespace dlc::passes {

/// The operations of one block as a graph of clusters that are to become kernels. Operations that
/// cannot stand in a kernel (loops, checks, …) and constants are clusters of their own, which only
/// hold paths together.
class FusionGraph {
public:
  struct Cluster {
    llvm::SmallVector<mlir::Operation *> ops; // in program order
    bool fusible = false;
    ir::KernelKind kind = ir::KernelKind::map;
    unsigned version = 0; // counts merges; old entries of the queue are told by it
    bool alive() const { return !ops.empty(); }
  };

  FusionGraph(mlir::Block &block, const FusionLimits &limits);

  /// Merges, best first, every producer with a consumer where that saves traffic and is allowed;
  /// then clusters beside each other that read the same tensors.
  void fuse();

  /// Remarks, at each operation of the block whose result one kernel writes and another reads, why
  /// they are two.
  void explain();

  /// The clusters and single operations of the block in an order in which each stands after what it
  /// reads and effects keep their order.
  std::vector<Cluster> order();

private:
  struct Candidate {
    int64_t gain;
    unsigned first, second; // the one with the smaller index comes first
    unsigned firstVersion, secondVersion;
  };

  unsigned clusterOf(mlir::Operation *op) const { return index.lookup(op); }
  /// The operation of this block that is `op` or holds it; null outside.
  mlir::Operation *inBlock(mlir::Operation *op) const { return block.findAncestorOpInBlock(*op); }
  void successors(unsigned cluster, llvm::SmallVectorImpl<unsigned> &result) const;
  void predecessors(unsigned cluster, llvm::SmallVectorImpl<unsigned> &result) const;
  int64_t gain(unsigned a, unsigned b) const;
  /// Whether a path leads from `from` to `to`, which ranks after it, through a third cluster. If
  /// not, `seen` has what can be reached from `from` and ranks before `to`.
  bool reach(unsigned from, unsigned to, llvm::SmallDenseSet<unsigned> &seen) const;
  /// Keeps the ranks a topological order when `gone` is merged into `kept`; `after` is what `reach`
  /// found.
  void reorder(unsigned kept, unsigned gone, const llvm::SmallDenseSet<unsigned> &after);
  void push(unsigned a, unsigned b);
  static bool worse(const Candidate &x, const Candidate &y);
  bool isHeavy(unsigned cluster) const {
    ir::KernelKind kind = clusters[cluster].kind;
    return kind == ir::KernelKind::dot || kind == ir::KernelKind::conv;
  }
  /// Between kernels a reshape is a view and costs nothing.
  bool isView(unsigned cluster) const { return clusters[cluster].ops.size() == 1 && mlir::isa<ir::ReshapeOp>(clusters[cluster].ops[0]); }
  void pushEdges();
  bool tryMerge(unsigned a, unsigned b);
  void drain();
  void pushSiblings();

  mlir::Block &block;
  const FusionLimits &limits;
  std::vector<Cluster> clusters;
  llvm::DenseMap<mlir::Operation *, unsigned> index;
  llvm::DenseMap<mlir::Operation *, unsigned> position;
  /// Operations with effects keep their order: pairs of neighbours.
  std::vector<std::pair<unsigned, unsigned>> effects;
  /// A topological order of the clusters (merged-away ones have a rank too), kept up with local
  /// repairs at every merge.
  std::vector<unsigned> rank, byRank;
  std::vector<Candidate> queue;
  bool withHeavy = false, withReshapes = false;
};

} // namespace dlc::passes

#endif
