// Phases whose roots are computed element by element: a thread for each, or a group of threads for each row.
#include "codegen/cuda/Kernel.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

struct Root {
  Value value;
  Buffer buffer;
};

/// All roots at one index: first all are computed, then all are written.
void emitElements(Phase &phase, ArrayRef<Root> roots, const Index &index) {
  Elemental &e = phase.elements();
  SmallVector<Value> values;
  for (const Root &root : roots)
    values.push_back(e.evaluate(root.value, index));
  for (auto [root, value] : llvm::zip(roots, values))
    e.store(root.buffer, index, Elemental::shapeOf(root.value), value);
}

SmallVector<Root> place(Phase &phase, ArrayRef<Value> values) {
  SmallVector<Root> roots;
  for (Value value : values)
    roots.push_back({value, phase.output(value)});
  return roots;
}

/// A thread for each element, or for each few that lie side by side.
void emitFlat(Kernel &kernel, const PhasePlan &plan) {
  auto leaf = [&](Value value) { return !value.getDefiningOp() || (kernel.isPlaced(value) && !llvm::is_contained(plan.roots, value)); };
  int64_t row = Elemental::shapeOf(plan.roots[0]).empty() ? 1 : Elemental::shapeOf(plan.roots[0]).back();
  bool numbered = llvm::all_of(plan.roots, [&](Value value) {
    return numbersThrough(value, leaf) || (row > 1 && row % kernel.vectorLanes() == 0 && Elemental::shapeOf(value).back() == row && isPlainRow(value, leaf));
  });
  int64_t count = Elemental::countOf(plan.roots[0]), width = numbered && count >= 4 * kThreads ? kernel.vectorLanes() : 1;
  int64_t packs = (count + width - 1) / width;
  Phase phase(kernel, std::min((packs + kThreads - 1) / kThreads, kMostBlocks), kThreads);
  phase.setGroup(phase.threads());
  SmallVector<Root> roots = place(phase, plan.roots);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  auto at = [&](Lane number, int64_t lanes) {
    Index index;
    index.lanes = lanes;
    index.linear = number;
    e.writing = number;
    emitElements(phase, roots, index);
  };
  int64_t whole = count / width * width;
  phase.forEach(whole / width, [&](Value number) {
    Value first = loops.mul(number, loops.i64(width));
    at(width == 1 ? e.lane.uniform(first) : e.lane.ramp(first, width), width);
  });
  if (whole < count)
    phase.forEach(count - whole, [&](Value number) { at(e.lane.uniform(loops.add(number, loops.i64(whole))), 1); });
}

/// A group of threads for each row: folds over the row are shared, and its elements dealt out.
void emitRows(Kernel &kernel, const PhasePlan &plan) {
  Value longest = plan.roots[0];
  for (Value root : plan.roots)
    if (Elemental::countOf(root) > Elemental::countOf(longest))
      longest = root;
  ArrayRef<int64_t> shape = Elemental::shapeOf(longest), outer = shape.take_front(plan.rowAxes);
  int64_t rows = product(outer), work = product(shape.drop_front(plan.rowAxes));
  for (Value root : plan.roots)
    if (Operation *op = root.getDefiningOp())
      work = std::max(work, foldedCount(op));
  constexpr int64_t kLongRow = 1024; // for which a warp would be too few threads
  int64_t group = work >= kLongRow ? kThreads : kWarp, perBlock = kThreads / group;
  int64_t blocks = std::min((rows + perBlock - 1) / perBlock, kMostBlocks);
  Phase phase(kernel, blocks, kThreads);
  SmallVector<Root> roots = place(phase, plan.roots);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  phase.setGroup(group);
  int64_t groups = phase.blocks() * perBlock;
  loops.forLoop(phase.groupNumber(), loops.i64(rows), groups, {}, [&](Value row, ValueRange) {
    phase.setGroup(group); // all threads of it are in this pass together
    Index rowIndex;
    rowIndex.linear = e.lane.uniform(row);
    SmallVector<Lane> axes(e.lane.axes(rowIndex, outer));
    e.setRow(loops.mul(row, loops.i64(work)), work);
    SmallVector<Root> rowRoots;
    SmallVector<SmallVector<Root>> inner; // by the shape of a row
    for (const Root &root : roots) {
      ArrayRef<int64_t> own = Elemental::shapeOf(root.value);
      if (static_cast<int64_t>(own.size()) == plan.rowAxes) {
        rowRoots.push_back(root);
        continue;
      }
      auto same = llvm::find_if(inner, [&](auto &g) { return Elemental::shapeOf(g[0].value) == own; });
      if (same != inner.end())
        same->push_back(root);
      else
        inner.push_back({root});
    }
    if (!rowRoots.empty()) {
      e.writing = *rowIndex.linear;
      SmallVector<Value> values;
      for (const Root &root : rowRoots)
        values.push_back(e.evaluate(root.value, rowIndex));
      phase.syncGroup(); // a result may lie where the others have read
      Mask first{loops.compare(arith::CmpIPredicate::eq, phase.groupThread(), loops.i64(0)), {}};
      for (auto [root, value] : llvm::zip(rowRoots, values))
        e.store(root.buffer, rowIndex, Elemental::shapeOf(root.value), value, first);
    }
    for (auto &same : inner) {
      ArrayRef<int64_t> rest = Elemental::shapeOf(same[0].value).drop_front(plan.rowAxes);
      int64_t count = product(rest), lanes = kernel.vectorLanes();
      bool isPlain = rest.size() == 1 && count % (lanes * 8) == 0 && llvm::all_of(same, [&](const Root &root) { return isPlainRow(root.value, e.leaf()); });
      if (!isPlain)
        lanes = 1;
      Value start = loops.mul(row, loops.i64(count));
      loops.forLoop(loops.mul(phase.groupThread(), loops.i64(lanes)), loops.i64(count), group * lanes, {}, [&](Value i, ValueRange) {
        Index inRow, index = Elemental::at(axes, lanes);
        if (lanes == 1) {
          inRow.linear = e.lane.uniform(i);
          llvm::append_range(index.axes, e.lane.axes(inRow, rest));
          index.linear = e.lane.uniform(loops.add(start, i));
        } else {
          index.axes.push_back(e.lane.ramp(i, lanes));
          index.linear = e.lane.ramp(loops.add(start, i), lanes);
        }
        e.writing = *index.linear;
        emitElements(phase, same, index);
        return SmallVector<Value>();
      });
    }
    return SmallVector<Value>();
  });
}

/// Whether a thread for each element is better than a group: a product whose results are many.
bool preferThreads(const PhasePlan &plan) {
  constexpr int64_t kMany = 4096;
  return llvm::all_of(plan.roots, [&](Value root) {
    return static_cast<int64_t>(Elemental::shapeOf(root).size()) == plan.rowAxes && Elemental::countOf(root) >= kMany && root.getDefiningOp() &&
           !isa<ir::ReduceOp, ir::ArgReduceOp>(root.getDefiningOp());
  });
}

/// The folds that are computed on the way to some values, innermost first.
llvm::SetVector<Operation *> foldsBefore(const Kernel &kernel, ValueRange values) {
  llvm::SetVector<Operation *> folds;
  llvm::DenseSet<Value> seen;
  std::function<void(Value)> visit = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || kernel.isPlaced(value) || !seen.insert(value).second)
      return;
    for (Value operand : op->getOperands())
      visit(operand);
    if (isFold(op))
      folds.insert(op);
  };
  for (Value value : values)
    visit(value);
  return folds;
}

} // namespace

void emitMap(Kernel &kernel, const PhasePlan &plan) {
  // A fold of many elements to few values comes first, by as many threads as a card has.
  bool onlySplit = true;
  for (Operation *op : foldsBefore(kernel, plan.roots)) {
    auto reduce = dyn_cast<ir::ReduceOp>(op);
    onlySplit &= reduce && !llvm::is_contained(plan.roots, reduce.getResult()) && emitSplitReduce(kernel, reduce);
  }
  if (plan.rowAxes < 0 || onlySplit || preferThreads(plan))
    return emitFlat(kernel, plan);
  emitRows(kernel, plan);
}

bool emitSplitReduce(Kernel &kernel, ir::ReduceOp op) {
  Value operand = op.getOperand(), result = op.getResult();
  ArrayRef<int64_t> from = Elemental::shapeOf(operand), to = Elemental::shapeOf(result);
  int64_t outputs = product(to), folded = foldedCount(op);
  constexpr int64_t kPart = 64; // elements of a part at least
  if (outputs == 0 || folded == 0 || op.getAxes().empty())
    return false;
  // Where the last axis stays, neighbouring threads have neighbouring results; else a group folds neighbours.
  bool grouped = op.getAxes().back() == static_cast<int64_t>(from.size()) - 1;
  int64_t busy = grouped ? outputs * kThreads : outputs;
  int64_t parts = std::min(folded / (grouped ? kPart * kThreads : kPart), (kBusyThreads + busy - 1) / busy);
  if (parts < 2)
    return false;
  int64_t length = (folded + parts - 1) / parts;
  parts = (folded + length - 1) / length;
  Type element = scalarOf(result.getType());
  int64_t offset = kernel.scratch(parts * outputs * elementBytes(element));
  int64_t partShape[] = {parts, outputs};
  auto resultIndex = [&](Elemental &e, Value number) {
    Index index;
    index.linear = e.lane.uniform(number);
    return index;
  };
  {
    int64_t tasks = parts * outputs;
    Phase phase(kernel, std::min(grouped ? tasks : (tasks + kThreads - 1) / kThreads, kMostBlocks), kThreads);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(offset, element, tasks);
    auto task = [&](Value number, bool shared) {
      Value part = loops.div(number, outputs), output = loops.rem(number, outputs);
      Value first = loops.mul(part, loops.i64(length)), last = loops.min(loops.add(first, loops.i64(length)), loops.i64(folded));
      Value value = shared ? e.sharedReduce(op, resultIndex(e, output), first, last) : e.countedReduce(op, resultIndex(e, output), first, last);
      Mask writes;
      if (shared)
        writes.scalar = loops.compare(arith::CmpIPredicate::eq, phase.groupThread(), loops.i64(0));
      e.store(partial, resultIndex(e, number), partShape, value, writes);
    };
    if (!grouped) {
      phase.forEach(tasks, [&](Value number) { task(number, false); });
    } else {
      phase.setGroup(kThreads);
      loops.forLoop(phase.groupNumber(), loops.i64(tasks), phase.blocks(), {}, [&](Value number, ValueRange) {
        phase.setGroup(kThreads);
        task(number, true);
        return SmallVector<Value>();
      });
    }
  }
  bool shared = addsByWarp(outputs, parts);
  int64_t tasks = outputs * (shared ? kWarp : 1);
  Phase phase(kernel, std::min((tasks + kThreads - 1) / kThreads, kMostBlocks), kThreads);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer partial = phase.scratchBuffer(offset, element, parts * outputs), out = phase.output(result);
  bool isUnsigned = Elemental::isUnsigned(result);
  auto fold = [&](Value x, Value y) {
    loops.moveToTop();
    return e.math.fold(op.getFn(), x, y, isUnsigned);
  };
  auto foldFrom = [&](Value output, Value first, int64_t step) {
    Value neutral = e.math.neutral(op.getFn(), Elemental::computeType(element), isUnsigned);
    return loops.forLoop(first, loops.i64(parts), step, neutral, [&](Value part, ValueRange acc) {
      return SmallVector<Value>{fold(acc[0], e.load(partial, resultIndex(e, loops.add(loops.mul(part, loops.i64(outputs)), output)), partShape))};
    })[0];
  };
  auto store = [&](Value output, Value sum) { e.store(out, resultIndex(e, output), to, sum); };
  if (shared)
    phase.forEachByWarp(outputs, [&](Value output, Value lane) { return foldFrom(output, lane, kWarp); }, fold, store);
  else
    phase.forEach(outputs, [&](Value output) { store(output, foldFrom(output, loops.i64(0), 1)); });
  return true;
}

} // namespace dlc::codegen::cuda
