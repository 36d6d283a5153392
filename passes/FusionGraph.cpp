#include "passes/FusionGraph.h"
#include "passes/Util.h"

#include "ir/Formulas.h"
#include "ir/Names.h"

#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace dlc::passes {
using namespace mlir;

/// What an operation reads, in its regions too.
static void forEachRead(Operation *op, function_ref<void(Value)> visit) {
  for (Value operand : op->getOperands())
    visit(operand);
  for (Region &region : op->getRegions())
    visitUsedValuesDefinedAbove(region, region, [&](OpOperand *use) { visit(use->get()); });
}

FusionGraph::FusionGraph(Block &block, const FusionLimits &limits) : block(block), limits(limits) {
  unsigned lastEffect = ~0u;
  for (Operation &op : block) {
    unsigned next = clusters.size();
    position[&op] = next;
    index[&op] = next;
    rank.push_back(next);
    byRank.push_back(next);
    if (!isMemoryEffectFree(&op)) {
      if (lastEffect != ~0u)
        effects.push_back({lastEffect, next});
      lastEffect = next;
    }
    Cluster cluster;
    cluster.ops.push_back(&op);
    if (isFusible(&op) && !isa<ir::ConstantOp>(op)) {
      Verdict verdict = classify(cluster.ops, limits);
      cluster.fusible = static_cast<bool>(verdict);
      cluster.kind = verdict.kind.value_or(ir::KernelKind::map);
    }
    clusters.push_back(std::move(cluster));
  }
}

void FusionGraph::successors(unsigned cluster, SmallVectorImpl<unsigned> &result) const {
  for (Operation *op : clusters[cluster].ops)
    for (Operation *user : op->getUsers())
      if (Operation *here = inBlock(user); here && clusterOf(here) != cluster)
        result.push_back(clusterOf(here));
  for (auto [first, second] : effects)
    if (first == cluster)
      result.push_back(second);
  llvm::sort(result);
  result.erase(llvm::unique(result), result.end());
}

void FusionGraph::predecessors(unsigned cluster, SmallVectorImpl<unsigned> &result) const {
  for (Operation *op : clusters[cluster].ops)
    forEachRead(op, [&](Value value) {
      Operation *def = value.getDefiningOp();
      if (def && def->getBlock() == &block && clusterOf(def) != cluster)
        result.push_back(clusterOf(def));
    });
  for (auto [first, second] : effects)
    if (second == cluster)
      result.push_back(first);
  llvm::sort(result);
  result.erase(llvm::unique(result), result.end());
}

bool FusionGraph::reach(unsigned from, unsigned to, llvm::SmallDenseSet<unsigned> &seen) const {
  SmallVector<unsigned> stack = {from}, next;
  while (!stack.empty()) {
    unsigned cluster = stack.pop_back_val();
    next.clear();
    successors(cluster, next);
    for (unsigned successor : next) {
      if (successor == to && cluster != from)
        return true;
      if (rank[successor] < rank[to] && seen.insert(successor).second)
        stack.push_back(successor);
    }
  }
  return false;
}

/// Bytes that need not be written and read when the two are one kernel, the launch included.
int64_t FusionGraph::gain(unsigned a, unsigned b) const {
  int64_t bytes = limits.launchBytes;
  llvm::SmallDenseSet<Value> readByFirst, counted;
  for (Operation *op : clusters[a].ops)
    for (Value operand : op->getOperands())
      readByFirst.insert(operand);
  for (Operation *op : clusters[b].ops)
    for (Value operand : op->getOperands()) {
      Operation *def = operand.getDefiningOp();
      bool inner = def && index.contains(def) && clusterOf(def) == a;
      bool shared = readByFirst.contains(operand) && !(def && isSplatConstant(def));
      if ((!inner && !shared) || !counted.insert(operand).second)
        continue;
      int64_t size = estimatedBytes(operand.getType());
      bytes += size;
      if (inner && llvm::all_of(operand.getUsers(), [&](Operation *user) {
            Operation *here = inBlock(user);
            return here && (clusterOf(here) == a || clusterOf(here) == b);
          }))
        bytes += size;
    }
  return bytes;
}

/// The better gain first; among equals the one that stands earlier, so that the result does not
/// depend on the heap.
bool FusionGraph::worse(const Candidate &x, const Candidate &y) {
  return std::tie(x.gain, y.first, y.second) < std::tie(y.gain, x.first, x.second);
}

void FusionGraph::push(unsigned a, unsigned b) {
  if (a == b || !clusters[a].fusible || !clusters[b].fusible ||
      (!withHeavy && (isHeavy(a) || isHeavy(b))) || (!withReshapes && (isView(a) || isView(b))))
    return;
  int64_t bytes = gain(a, b);
  queue.push_back({bytes, a, b, clusters[a].version, clusters[b].version});
  std::push_heap(queue.begin(), queue.end(), worse);
}

void FusionGraph::reorder(unsigned kept, unsigned gone,
                          const llvm::SmallDenseSet<unsigned> &after) {
  unsigned first = std::min(rank[kept], rank[gone]), last = std::max(rank[kept], rank[gone]);
  SmallVector<unsigned> before, behind;
  for (unsigned r = first; r <= last; ++r) {
    unsigned cluster = byRank[r];
    if (cluster != kept && cluster != gone)
      (after.contains(cluster) ? behind : before).push_back(cluster);
  }
  before.push_back(kept);
  before.append(behind);
  before.push_back(gone);
  for (auto [i, cluster] : llvm::enumerate(before)) {
    byRank[first + i] = cluster;
    rank[cluster] = first + i;
  }
}

bool FusionGraph::tryMerge(unsigned a, unsigned b) {
  if (static_cast<int64_t>(clusters[a].ops.size() + clusters[b].ops.size()) > limits.maxOps)
    return false;
  SmallVector<Operation *> ops;
  std::merge(clusters[a].ops.begin(), clusters[a].ops.end(), clusters[b].ops.begin(),
             clusters[b].ops.end(), std::back_inserter(ops),
             [&](Operation *x, Operation *y) { return position.lookup(x) < position.lookup(y); });
  Verdict verdict = classify(ops, limits);
  if (!verdict)
    return false;
  unsigned low = rank[a] < rank[b] ? a : b, high = low == a ? b : a;
  llvm::SmallDenseSet<unsigned> after;
  if (reach(low, high, after))
    return false;
  reorder(a, b, after);
  for (Operation *op : clusters[b].ops)
    index[op] = a;
  clusters[b].ops.clear();
  ++clusters[b].version;
  clusters[a].ops = std::move(ops);
  clusters[a].kind = *verdict.kind;
  ++clusters[a].version;
  return true;
}

void FusionGraph::drain() {
  while (!queue.empty()) {
    std::pop_heap(queue.begin(), queue.end(), worse);
    Candidate best = queue.back();
    queue.pop_back();
    if (!clusters[best.first].alive() || !clusters[best.second].alive() ||
        clusters[best.first].version != best.firstVersion ||
        clusters[best.second].version != best.secondVersion)
      continue;
    if (!tryMerge(best.first, best.second))
      continue;
    SmallVector<unsigned> around;
    successors(best.first, around);
    for (unsigned next : around)
      push(best.first, next);
    around.clear();
    predecessors(best.first, around);
    for (unsigned before : around)
      push(before, best.first);
  }
}

void FusionGraph::pushSiblings() {
  llvm::MapVector<Value, SmallVector<unsigned>> readers;
  SmallVector<unsigned> scalars;
  for (auto [i, cluster] : llvm::enumerate(clusters)) {
    if (!cluster.alive() || !cluster.fusible)
      continue;
    llvm::SmallDenseSet<Value> seen;
    for (Operation *op : cluster.ops)
      for (Value operand : op->getOperands())
        if (!(operand.getDefiningOp() && isSplatConstant(operand.getDefiningOp())) &&
            seen.insert(operand).second)
          readers[operand].push_back(i);
    // Kernels of scalars cost their launch and nothing else.
    if (cluster.kind == ir::KernelKind::map &&
        ranked(cluster.ops.back()->getResult(0)).getRank() == 0)
      scalars.push_back(i);
  }
  auto pushNeighbours = [&](ArrayRef<unsigned> list) {
    for (size_t i = 0; i + 1 < list.size(); ++i)
      for (size_t j = i + 1; j < std::min(list.size(), i + 5); ++j)
        push(list[i], list[j]);
  };
  for (auto &[value, list] : readers)
    pushNeighbours(list);
  pushNeighbours(scalars);
}

void FusionGraph::pushEdges() {
  SmallVector<unsigned> next;
  for (unsigned i = 0; i < clusters.size(); ++i) {
    if (!clusters[i].alive() || !clusters[i].fusible)
      continue;
    next.clear();
    successors(i, next);
    for (unsigned successor : next)
      push(i, successor);
  }
}

void FusionGraph::fuse() {
  // What is light first: a product takes all that follows it or, where that is too much, nothing,
  // but not half of an update.
  withHeavy = withReshapes = false;
  pushEdges();
  drain();
  // Where a reshape joins two kernels; within one that folds it would stand in the way.
  withReshapes = true;
  pushEdges();
  drain();
  withHeavy = true;
  pushEdges();
  drain();
  // Twice: a merge of siblings may make room for the next pair.
  for (int round = 0; round < 2; ++round) {
    pushSiblings();
    drain();
  }
}

/// How a remark calls a value: by its name in the program, else by the operation that makes it.
static std::string called(Value value) {
  StringRef name = ir::nameOf(value);
  if (name.empty())
    name = ir::functionName(value.getDefiningOp());
  if (name.empty())
    name = value.getDefiningOp()->getName().stripDialect();
  return "`" + name.str() + "`";
}

/// Where the second cluster reads the first one; null where only a region within it does.
static OpOperand *readBetween(ArrayRef<Operation *> from, ArrayRef<Operation *> to) {
  for (Operation *reader : to)
    for (OpOperand &operand : reader->getOpOperands())
      if (llvm::is_contained(from, operand.get().getDefiningOp()))
        return &operand;
  return nullptr;
}

void FusionGraph::explain() {
  SmallVector<unsigned> next;
  for (unsigned a = 0; a < clusters.size(); ++a) {
    if (!clusters[a].alive() || !clusters[a].fusible)
      continue;
    next.clear();
    successors(a, next);
    for (unsigned b : next) {
      if (!clusters[b].fusible)
        continue;
      SmallVector<Operation *> ops(clusters[a].ops);
      ops.append(clusters[b].ops);
      llvm::sort(
          ops, [&](Operation *x, Operation *y) { return position.lookup(x) < position.lookup(y); });
      Verdict verdict = classify(ops, limits);
      OpOperand *read = readBetween(clusters[a].ops, clusters[b].ops);
      Value value = read ? read->get() : clusters[a].ops.back()->getResult(0);
      Operation *reader = read ? read->getOwner() : clusters[b].ops.front();
      auto remark = mlir::emitRemark(value.getLoc())
                    << called(value) << " is not in the kernel of its reader " << called(reader->getResult(0)) << ": "
                    << (verdict ? "a way between them leads through another one" : verdict.reason);
      remark.attachNote(reader->getLoc()) << "read here";
    }
  }
}

std::vector<FusionGraph::Cluster> FusionGraph::order() {
  size_t count = clusters.size();
  std::vector<llvm::SmallVector<unsigned>> next(count);
  std::vector<unsigned> waiting(count, 0);
  for (unsigned i = 0; i < count; ++i) {
    if (!clusters[i].alive())
      continue;
    SmallVector<unsigned> before;
    predecessors(i, before);
    waiting[i] = before.size();
    for (unsigned b : before)
      next[b].push_back(i);
  }
  auto key = [&](unsigned i) { return position.lookup(clusters[i].ops.back()); };
  auto later = [&](unsigned a, unsigned b) { return key(a) > key(b); };
  std::priority_queue<unsigned, std::vector<unsigned>, decltype(later)> ready(later);
  for (unsigned i = 0; i < count; ++i)
    if (clusters[i].alive() && waiting[i] == 0)
      ready.push(i);
  std::vector<Cluster> result;
  while (!ready.empty()) {
    unsigned i = ready.top();
    ready.pop();
    result.push_back(clusters[i]);
    for (unsigned n : next[i])
      if (--waiting[n] == 0)
        ready.push(n);
  }
  return result;
}

} // namespace dlc::passes
