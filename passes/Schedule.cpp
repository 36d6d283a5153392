#include "passes/Schedule.h"
#include "passes/Liveness.h"
#include "passes/Util.h"

#include <set>

namespace dlc::passes {
using namespace mlir;

namespace {

/// What each node allocates and reads, as numbers.
class Memory {
public:
  Memory(const BlockGraph &graph, Block &block, function_ref<int64_t(Operation *)> innerPeak)
      : graph(graph), made(graph.size()), read(graph.size()), inner(graph.size()) {
    llvm::DenseSet<Value> external;
    for (Value value : block.getTerminator()->getOperands())
      external.insert(viewed(value));
    for (unsigned node = 0; node < graph.size(); ++node) {
      Operation *op = graph.op(node);
      inner[node] = innerPeak(op);
      if (isa<ir::ReshapeOp, ir::BarrierOp, ir::ConstantOp>(op))
        continue;
      for (Value result : op->getResults())
        if (!external.contains(result))
          add(result, node);
    }
  }

  /// State of a partial order.
  struct State {
    std::vector<unsigned> readersLeft;
    int64_t live = 0, peak = 0;
  };
  State start() const { return {readers, 0, 0}; }

  /// Bytes that the node would add, less what it would free.
  int64_t net(const State &state, unsigned node) const {
    int64_t sum = 0;
    for (unsigned value : made[node])
      sum += readers[value] == 0 ? 0 : bytes[value];
    for (unsigned value : read[node])
      if (state.readersLeft[value] == 1)
        sum -= bytes[value];
    return sum;
  }

  void run(State &state, unsigned node) const {
    int64_t allocated = 0, freed = 0, reused = 0;
    for (unsigned value : made[node])
      allocated += bytes[value];
    for (unsigned value : read[node])
      if (--state.readersLeft[value] == 0) {
        freed += bytes[value];
        // A result may take over an operand of its size that dies here.
        for (unsigned result : made[node])
          if (bytes[result] == bytes[value])
            reused = std::max(reused, bytes[value]);
      }
    state.peak = std::max(state.peak, state.live + allocated - reused + inner[node]);
    state.live += allocated - freed;
    for (unsigned value : made[node])
      if (readers[value] == 0)
        state.live -= bytes[value];
  }

private:
  void add(Value result, unsigned node) {
    unsigned value = bytes.size();
    bytes.push_back(estimatedBytes(result.getType()));
    made[node].push_back(value);
    llvm::SmallDenseSet<unsigned> nodes;
    for (Value view : views(result))
      for (OpOperand &use : view.getUses())
        if (auto reader = graph.nodeOf(use.getOwner()); reader && !makesView(use))
          nodes.insert(*reader);
    for (unsigned reader : nodes)
      read[reader].push_back(value);
    readers.push_back(nodes.size());
  }

  const BlockGraph &graph;
  std::vector<int64_t> bytes;
  std::vector<unsigned> readers;
  std::vector<SmallVector<unsigned>> made, read;
  std::vector<int64_t> inner;
};

/// Runs the graph in the order in which `choose` takes nodes from those that are ready (sorted by
/// program order).
template <typename Choose>
Schedule listSchedule(const BlockGraph &graph, const Memory &memory, Choose choose) {
  Schedule schedule;
  Memory::State state = memory.start();
  std::vector<unsigned> waiting(graph.size());
  std::set<unsigned> ready;
  for (unsigned node = 0; node < graph.size(); ++node)
    if ((waiting[node] = graph.previous(node).size()) == 0)
      ready.insert(node);
  while (!ready.empty()) {
    unsigned node = choose(state, ready);
    ready.erase(node);
    schedule.order.push_back(node);
    memory.run(state, node);
    for (unsigned next : graph.next(node))
      if (--waiting[next] == 0)
        ready.insert(next);
  }
  schedule.peak = state.peak;
  return schedule;
}

/// Each operation as late as it is needed: by depth first from what the block gives out.
Schedule demandSchedule(const BlockGraph &graph, const Memory &memory, Block &block) {
  Schedule schedule;
  std::vector<bool> seen(graph.size());
  auto visit = [&](unsigned root) {
    if (seen[root])
      return;
    seen[root] = true;
    SmallVector<std::pair<unsigned, unsigned>> stack = {{root, 0}};
    while (!stack.empty()) {
      auto &[node, child] = stack.back();
      if (child < graph.previous(node).size()) {
        unsigned before = graph.previous(node)[child++];
        if (!seen[before]) {
          seen[before] = true;
          stack.push_back({before, 0});
        }
        continue;
      }
      schedule.order.push_back(node);
      stack.pop_back();
    }
  };
  for (unsigned node = 0; node < graph.size(); ++node)
    if (!isMemoryEffectFree(graph.op(node)))
      visit(node);
  for (Value value : block.getTerminator()->getOperands())
    if (Operation *def = value.getDefiningOp())
      if (auto node = graph.nodeOf(def))
        visit(*node);
  for (unsigned node = 0; node < graph.size(); ++node)
    visit(node);
  Memory::State memoryState = memory.start();
  for (unsigned node : schedule.order)
    memory.run(memoryState, node);
  schedule.peak = memoryState.peak;
  return schedule;
}

} // namespace

Schedule bestSchedule(const BlockGraph &graph, Block &block,
                      function_ref<int64_t(Operation *)> innerPeak) {
  Memory memory(graph, block, innerPeak);
  Schedule best = listSchedule(
      graph, memory, [](const auto &, const std::set<unsigned> &ready) { return *ready.begin(); });
  auto consider = [&](Schedule other) {
    if (other.peak < best.peak)
      best = std::move(other);
  };
  consider(demandSchedule(graph, memory, block));
  consider(
      listSchedule(graph, memory, [&](const Memory::State &state, const std::set<unsigned> &ready) {
        unsigned chosen = *ready.begin();
        int64_t most = 0;
        for (unsigned node : ready)
          if (int64_t net = memory.net(state, node); net < most) {
            most = net;
            chosen = node;
          }
        return chosen;
      }));
  return best;
}

} // namespace dlc::passes
