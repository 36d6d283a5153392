// Phases whose roots are computed element by element, and folds in many parts.
#include "codegen/cuda/Map.h"

using namespace mlir;

namespace dlc::codegen::cuda {

SmallVector<Root> place(Phase &phase, ArrayRef<Value> values) {
  SmallVector<Root> roots;
  for (Value value : values)
    roots.push_back({value, phase.output(value)});
  return roots;
}

namespace {

/// Single numbers are read before all else, by all threads. Where the only thread that computes something writes over one, it alone reads that, when its turn
/// comes.
void readNumbersInPlace(Kernel &kernel, Phase &phase) {
  Elemental &e = phase.elements();
  for (BlockArgument argument : kernel.function().getBody().getArguments()) {
    if (Elemental::countOf(argument) != 1)
      continue;
    Buffer buffer = phase.input(argument);
    if (e.isOverwritten(buffer.pointer))
      e.bind(argument, [&e, buffer, argument](Index &, Mask) {
        Index index;
        index.linear = *e.writing;
        return e.load(buffer, index, Elemental::shapeOf(argument));
      });
  }
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
  if (count == 1 && foldsBefore(kernel, plan.roots).empty()) // which all threads compute together
    readNumbersInPlace(kernel, phase);
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

/// Whether a thread for each element is better than a group: a product whose results are many. Not where neighbours in memory are folded, which a thread for
/// itself would read one by one.
bool preferThreads(const PhasePlan &plan, const llvm::SetVector<Operation *> &folds) {
  constexpr int64_t kMany = 4096;
  auto foldsNeighbours = [&](Operation *op) {
    auto reduce = dyn_cast<ir::ReduceOp>(op);
    return reduce && foldedCount(op) >= kWarp && !reduce.getAxes().empty() &&
           reduce.getAxes().back() + 1 == static_cast<int64_t>(Elemental::shapeOf(reduce.getOperand()).size());
  };
  return llvm::none_of(folds, foldsNeighbours) && llvm::all_of(plan.roots, [&](Value root) {
    return static_cast<int64_t>(Elemental::shapeOf(root).size()) == plan.rowAxes && Elemental::countOf(root) >= kMany && root.getDefiningOp() &&
           !isa<ir::ReduceOp, ir::ArgReduceOp>(root.getDefiningOp());
  });
}

} // namespace

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

void emitMap(Kernel &kernel, const PhasePlan &given) {
  // A fold of many elements to few values comes first, by as many threads as a card has.
  PhasePlan plan = given;
  bool onlySplit = true;
  for (Operation *op : foldsBefore(kernel, plan.roots)) {
    auto reduce = dyn_cast<ir::ReduceOp>(op);
    bool isSplit = reduce && emitSplitReduce(kernel, reduce);
    onlySplit &= isSplit;
    if (isSplit)
      llvm::erase(plan.roots, reduce.getResult());
  }
  if (plan.roots.empty())
    return;
  ArrayRef<int64_t> shape = Elemental::shapeOf(plan.roots[0]);
  bool haveOneShape = llvm::all_of(plan.roots, [&](Value root) { return Elemental::shapeOf(root) == shape; });
  if (plan.rowAxes < 0 || (haveOneShape && (onlySplit || preferThreads(plan, foldsBefore(kernel, plan.roots)))))
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
