// Rows: a group of threads folds over a row together and computes its elements, which it keeps in registers from pass to pass.
#include "codegen/cuda/Map.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

bool isIn(const Kernel &kernel, Value value) { return !value.getDefiningOp() || kernel.isPlaced(value); }

/// Elements of the longest thing that is done with a row: a fold over it, or writing it.
int64_t lengthOfRow(const PhasePlan &plan, int64_t rows, const llvm::SetVector<Operation *> &folds) {
  int64_t length = 1;
  for (Value root : plan.roots)
    length = std::max(length, product(Elemental::shapeOf(root).drop_front(plan.rowAxes)));
  for (Operation *op : folds)
    if (llvm::is_contained(plan.roots, op->getResult(0)) || Elemental::countOf(op->getResult(0)) == rows)
      length = std::max(length, foldedCount(op));
  return length;
}

/// Elements side by side that a thread takes at a time, in all passes over whole rows alike: else one would not find what another has loaded.
int64_t lanesOfRow(const Kernel &kernel, const PhasePlan &plan, int64_t rows, int64_t length, int64_t widest, const llvm::SetVector<Operation *> &folds) {
  int64_t lanes = kernel.hasAlignedBuffers() ? std::max<int64_t>(1, 16 / widest) : 1;
  auto leaf = [&](Value value) { return isIn(kernel, value); };
  bool isPlain = length % lanes == 0 && length >= kWarp;
  for (Value root : plan.roots) {
    ArrayRef<int64_t> rest = Elemental::shapeOf(root).drop_front(plan.rowAxes);
    if (product(rest) == length)
      isPlain &= rest.size() == 1 && isPlainRow(root, leaf);
  }
  for (Operation *op : folds) {
    if (foldedCount(op) != length || Elemental::countOf(op->getResult(0)) != rows)
      continue;
    auto reduce = dyn_cast<ir::ReduceOp>(op);
    isPlain &= reduce && reduce.getAxes().size() == 1 && reduce.getAxes()[0] + 1 == static_cast<int64_t>(Elemental::shapeOf(reduce.getOperand()).size()) &&
               elementBytes(scalarOf(reduce.getOperand().getType())) >= 4 && isPlainRow(reduce.getOperand(), leaf);
  }
  return isPlain ? lanes : 1;
}

/// What an element of a row costs a thread.
struct RowCost {
  int64_t registers = 0; ///< of what is kept from pass to pass
  int64_t code = 0;      ///< instructions, roughly
  int64_t widest = 1;    ///< bytes of the widest element in memory
};

RowCost costOfRow(const Kernel &kernel, const PhasePlan &plan, int64_t length) {
  RowCost cost;
  llvm::SetVector<Value> seen;
  llvm::DenseSet<Value> ofRows; // one number of each row
  int64_t results = 0;
  for (Value root : plan.roots) {
    seen.insert(root);
    results += product(Elemental::shapeOf(root).drop_front(plan.rowAxes)) == length;
    if (static_cast<int64_t>(Elemental::shapeOf(root).size()) == plan.rowAxes)
      ofRows.insert(root);
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    Value value = seen[i];
    bool isLong = Elemental::countOf(value) >= length && !ofRows.contains(value), isRoot = llvm::is_contained(plan.roots, value), isRead = isIn(kernel, value);
    int64_t bytes = isLong ? elementBytes(scalarOf(value.getType())) : 0;
    if (isRoot || isRead)
      cost.widest = std::max(cost.widest, bytes);
    if (!isRoot && isRead)
      cost.registers += (bytes + 3) / 4;
    Operation *op = value.getDefiningOp();
    if (!op || (!isRoot && isRead))
      continue;
    cost.code += !isLong ? 0 : isFold(op) ? 64 : isCostly(op) ? 24 : 1;
    auto broadcast = dyn_cast<ir::BroadcastOp>(op);
    bool toRows = isElementwise(op) && ofRows.contains(value);
    if (broadcast)
      toRows = llvm::all_of(broadcast.getAxes(), [&](int64_t axis) { return axis < plan.rowAxes; });
    for (Value operand : op->getOperands()) {
      seen.insert(operand);
      if (toRows)
        ofRows.insert(operand);
    }
  }
  cost.registers += std::max<int64_t>(0, results - 1); // each takes the registers of something that it was made of, but for one
  return cost;
}

/// The tensors in memory of which a row is needed element by element, in the order in which they are asked for.
SmallVector<Value> tensorsOfRow(const Kernel &kernel, const PhasePlan &plan, int64_t rows, int64_t length, const llvm::SetVector<Operation *> &folds) {
  llvm::SetVector<Value> needed;
  SmallVector<Value> found;
  auto isWholeRow = [&](Value value) { return Elemental::countOf(value) == rows * length; };
  for (Operation *op : folds) {
    auto reduce = dyn_cast<ir::ReduceOp>(op);
    if (!reduce || Elemental::countOf(reduce.getResult()) != rows || !isWholeRow(reduce.getOperand()))
      continue;
    if (llvm::equal(reduce.getAxes(), llvm::seq<int64_t>(plan.rowAxes, Elemental::shapeOf(reduce.getOperand()).size())))
      needed.insert(reduce.getOperand());
  }
  needed.insert(plan.roots.begin(), plan.roots.end());
  for (size_t i = 0; i < needed.size(); ++i) {
    Value value = needed[i];
    if (!isWholeRow(value))
      continue;
    if (isIn(kernel, value) && !llvm::is_contained(plan.roots, value))
      found.push_back(value);
    else if (isElementwise(value.getDefiningOp()))
      needed.insert(value.getDefiningOp()->operand_begin(), value.getDefiningOp()->operand_end());
  }
  return found;
}

/// Who computes a row.
struct RowShape {
  int64_t rows, group, threads;
  Elemental::RowShare share;
  SmallVector<Value> loads; ///< tensors whose elements of the row are loaded before anything waits
};

/// The fewest threads that keep all they need of a row in registers; where even a block of the most threads cannot, passes read it again.
RowShape shapeOfRow(const Kernel &kernel, const PhasePlan &plan) {
  constexpr int64_t kLongRow = 1024; // for which a warp would be too few threads
  constexpr int64_t kMostElements = 32, kMostCode = 4096, kMostThreads = 1024;
  ArrayRef<int64_t> outer = Elemental::shapeOf(plan.roots[0]).take_front(plan.rowAxes);
  RowShape shape;
  shape.rows = product(outer);
  llvm::SetVector<Operation *> folds = foldsBefore(kernel, plan.roots);
  int64_t length = lengthOfRow(plan, shape.rows, folds);
  RowCost cost = costOfRow(kernel, plan, length);
  int64_t lanes = lanesOfRow(kernel, plan, shape.rows, length, cost.widest, folds);
  shape.share = {length, lanes, /*turns=*/0};
  // The only row is its block's: threads that had none would read it all the same.
  int64_t fewest = length >= kLongRow || shape.rows == 1 ? kThreads : kWarp;
  shape.group = fewest, shape.threads = kThreads;
  for (int64_t group : {kWarp, kThreads, 2 * kThreads, kMostThreads}) {
    int64_t turns = (length + group * lanes - 1) / (group * lanes), elements = turns * lanes;
    int64_t mostRegisters = group == kMostThreads ? 32 : 48; // of 64 that a thread of so large a block has, or of about 80, with which three blocks fit
    if (group < fewest || elements > kMostElements || cost.registers * elements > mostRegisters || cost.code * elements > kMostCode)
      continue;
    shape.group = group, shape.threads = std::max(group, kThreads), shape.share.turns = turns;
    shape.loads = tensorsOfRow(kernel, plan, shape.rows, length, folds);
    break;
  }
  return shape;
}

class RowEmitter {
public:
  RowEmitter(Kernel &kernel, const PhasePlan &plan, const RowShape &shape)
      : rowAxes(plan.rowAxes), outer(Elemental::shapeOf(plan.roots[0]).take_front(rowAxes)), shape(shape), perBlock(shape.threads / shape.group),
        phase(kernel, std::min((shape.rows + perBlock - 1) / perBlock, kMostBlocks), shape.threads), loops(phase.loops()), e(phase.elements()) {
    for (const Root &root : place(phase, plan.roots))
      add(root);
    e.setRowShare(shape.share);
  }

  void run() {
    phase.setGroup(shape.group);
    loops.forLoop(phase.groupNumber(), loops.i64(shape.rows), phase.blocks() * perBlock, {}, [&](Value row, ValueRange) {
      phase.setGroup(shape.group); // all threads of it are in this pass together
      Index index;
      index.linear = e.lane.uniform(row);
      ArrayRef<Lane> along = e.lane.axes(index, outer);
      axes.assign(along.begin(), along.end());
      claimPlaces();
      loadRow();
      if (!rowRoots.empty())
        emitRowRoots();
      for (auto [number, group] : llvm::enumerate(inner)) {
        isFirst = number == 0;
        if (!isFirst)
          e.ownPlaces.clear();
        emitInner(group, row);
      }
      return SmallVector<Value>();
    });
  }

private:
  void add(const Root &root) {
    if (static_cast<int64_t>(Elemental::shapeOf(root.value).size()) == rowAxes)
      return rowRoots.push_back(root);
    addByShape(inner, root);
  }

  int64_t lanesOf(int64_t count) const { return count == shape.share.length ? shape.share.lanes : 1; }

  /// Elements of the row in hand, by axis, as folds ask for them too.
  Index elementsAt(Lane place, int64_t lanes, ArrayRef<int64_t> rest) {
    Index inRow, index = Elemental::at(axes, lanes);
    inRow.lanes = lanes;
    inRow.linear = place;
    llvm::append_range(index.axes, e.lane.axes(inRow, rest));
    return index;
  }

  /// In turns a thread reads all before it writes the first.
  void claimPlaces() {
    e.ownPlaces.clear();
    if (inner.empty())
      return;
    ArrayRef<int64_t> whole = Elemental::shapeOf(inner[0][0].value), rest = whole.drop_front(rowAxes);
    int64_t count = product(rest), lanes = lanesOf(count);
    for (const Elemental::Turn &turn : e.turnsOver(count, lanes)) {
      Index index = elementsAt(turn.place, lanes, rest);
      e.ownPlaces.push_back(e.lane.linear(index, whole));
    }
  }

  /// All loads of a row are on their way before the first fold waits for its threads.
  void loadRow() {
    for (Value tensor : shape.loads) {
      ArrayRef<int64_t> rest = Elemental::shapeOf(tensor).drop_front(rowAxes);
      int64_t lanes = lanesOf(product(rest));
      for (const Elemental::Turn &turn : e.turnsOver(product(rest), lanes))
        e.evaluate(tensor, elementsAt(turn.place, lanes, rest));
    }
  }

  /// One value of each row.
  void emitRowRoots() {
    Index index = Elemental::at(axes, 1);
    e.writing = e.lane.linear(index, outer);
    index = Elemental::at(axes, 1);
    SmallVector<Value> values;
    for (const Root &root : rowRoots)
      values.push_back(e.evaluate(root.value, index));
    phase.syncGroup(); // a result may lie where the others have read
    Mask first{loops.compare(arith::CmpIPredicate::eq, phase.groupThread(), loops.i64(0)), {}};
    for (auto [root, value] : llvm::zip(rowRoots, values))
      e.store(root.buffer, index, outer, value, first);
  }

  /// The elements of a row, of all roots that have as many.
  void emitInner(ArrayRef<Root> group, Value row) {
    ArrayRef<int64_t> rest = Elemental::shapeOf(group[0].value).drop_front(rowAxes);
    int64_t count = product(rest), lanes = lanesOf(count);
    SmallVector<Elemental::Turn> turns = e.turnsOver(count, lanes);
    if (!turns.empty())
      return emitTurns(group, turns, lanes, rest);
    Value start = loops.mul(row, loops.i64(count));
    loops.forLoop(loops.mul(phase.groupThread(), loops.i64(lanes)), loops.i64(count), shape.group * lanes, {}, [&](Value i, ValueRange) {
      Index index = elementsAt(lanes == 1 ? e.lane.uniform(i) : e.lane.ramp(i, lanes), lanes, rest);
      Value number = loops.add(start, i);
      index.linear = lanes == 1 ? e.lane.uniform(number) : e.lane.ramp(number, lanes);
      e.aboutToWrite(*index.linear, isFirst);
      emitElements(phase, group, index);
      return SmallVector<Value>();
    });
  }

  void emitTurns(ArrayRef<Root> group, ArrayRef<Elemental::Turn> turns, int64_t lanes, ArrayRef<int64_t> rest) {
    SmallVector<SmallVector<Value>> values;
    SmallVector<Index> places;
    ArrayRef<int64_t> whole = Elemental::shapeOf(group[0].value);
    for (const Elemental::Turn &turn : turns) {
      places.push_back(elementsAt(turn.place, lanes, rest));
      Index numbered = places.back();
      e.aboutToWrite(e.lane.linear(numbered, whole), isFirst);
      values.emplace_back();
      for (const Root &root : group)
        values.back().push_back(e.evaluate(root.value, places.back()));
    }
    if (turns[0].taken && e.writesOverOperands()) // who has nothing to do has read the first element of the row
      phase.syncGroup();
    for (auto [turn, place, ofTurn] : llvm::zip(turns, places, values)) {
      auto write = [&] {
        for (auto [root, value] : llvm::zip(group, ofTurn))
          e.store(root.buffer, place, whole, value);
        return SmallVector<Value>();
      };
      if (turn.taken)
        loops.ifElse(turn.taken, {}, write);
      else
        write();
    }
  }

  int64_t rowAxes;
  ArrayRef<int64_t> outer;
  RowShape shape;
  int64_t perBlock; ///< groups of a block
  Phase phase;
  LoopBuilder &loops;
  Elemental &e;
  SmallVector<Root> rowRoots;
  SmallVector<SmallVector<Root>> inner; ///< by the shape of a row
  SmallVector<Lane> axes;               ///< of the row in hand
  bool isFirst = true;                  ///< shape of `inner` that is written
};

} // namespace

void emitRows(Kernel &kernel, const PhasePlan &plan) { RowEmitter(kernel, plan, shapeOfRow(kernel, plan)).run(); }

} // namespace dlc::codegen::cuda
