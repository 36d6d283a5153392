#include "passes/BlockGraph.h"

#include "mlir/Transforms/RegionUtils.h"

namespace dlc::passes {
using namespace mlir;

BlockGraph::BlockGraph(Block &block) : block(block) {
  for (Operation &op : block.without_terminator())
    addNode(&op);
  std::optional<unsigned> lastEffect;
  for (unsigned node = 0; node < ops.size(); ++node) {
    auto read = [&](Value value) {
      if (Operation *def = value.getDefiningOp(); def && def->getBlock() == &block)
        addEdge(index.lookup(def), node);
    };
    for (Value operand : ops[node]->getOperands())
      read(operand);
    for (Region &region : ops[node]->getRegions())
      visitUsedValuesDefinedAbove(region, region, [&](OpOperand *use) { read(use->get()); });
    if (isMemoryEffectFree(ops[node]))
      continue;
    if (lastEffect)
      addEdge(*lastEffect, node);
    lastEffect = node;
  }
}

std::optional<unsigned> BlockGraph::nodeOf(Operation *op) const {
  Operation *here = block.findAncestorOpInBlock(*op);
  auto it = index.find(here);
  return here && it != index.end() ? std::optional(it->second) : std::nullopt;
}

void BlockGraph::addEdge(unsigned before, unsigned after) {
  if (before == after || llvm::is_contained(successors[before], after))
    return;
  successors[before].push_back(after);
  predecessors[after].push_back(before);
}

unsigned BlockGraph::addNode(Operation *op) {
  unsigned node = ops.size();
  index[op] = node;
  ops.push_back(op);
  successors.emplace_back();
  predecessors.emplace_back();
  return node;
}

bool BlockGraph::reaches(unsigned from, unsigned to) const {
  if (from == to)
    return true;
  std::vector<bool> seen(ops.size());
  SmallVector<unsigned> stack = {from};
  while (!stack.empty())
    for (unsigned successor : successors[stack.pop_back_val()]) {
      if (successor == to)
        return true;
      if (!seen[successor]) {
        seen[successor] = true;
        stack.push_back(successor);
      }
    }
  return false;
}

} // namespace dlc::passes
