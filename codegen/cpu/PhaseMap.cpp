// Phases whose roots are computed element by element.
#include "codegen/common/Roots.h"
#include "codegen/cpu/KernelBuilder.h"

#include "llvm/ADT/bit.h"

#include <numeric>
#include <set>

using namespace mlir;

namespace dlc::codegen {

namespace {

/// Elements that one tile computes at least, so that dispatching it does not count.
constexpr int64_t kTileElements = 4096;

/// A vector loop over [lower, upper) of an axis of `size` places, in steps of `width`, and the rest one by one. `upper` is a
/// multiple of `width` or the size. `first` is where `lower` is counted from.
template <typename Emit>
void emitLine(PhaseBuilder &phase, Value lower, Value upper, int64_t size, int64_t width, Emit emit, int64_t first = 0) {
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  int64_t whole = first + (size - first) / width * width;
  e.setPass(size);
  if (whole > first)
    loops.forLoop(lower, loops.min(upper, loops.i64(whole)), width, {}, [&](Value i, ValueRange) {
      emit(width == 1 ? e.lane.uniform(i) : e.lane.ramp(i, std::gcd(first, width)), width);
      return SmallVector<Value>();
    }, /*unroll=*/width == 1 ? 1 : 0);
  if (whole < size)
    loops.forLoop(loops.max(lower, loops.i64(whole)), upper, 1, {}, [&](Value i, ValueRange) {
      emit(e.lane.uniform(i), 1);
      return SmallVector<Value>();
    }, /*unroll=*/3);
}

/// Where lines along the last axis are best cut: the borders of concatenations along it.
void collectCuts(Value value, const Elemental &e, std::set<int64_t> &cuts) {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> work{value};
  while (!work.empty()) {
    Value v = work.pop_back_val();
    if (!seen.insert(v).second || e.isLeaf(v) || Elemental::shapeOf(v) != Elemental::shapeOf(value))
      continue;
    Operation *op = v.getDefiningOp();
    llvm::append_range(work, op->getOperands());
    auto concat = dyn_cast<ir::ConcatOp>(op);
    if (!concat || concat.getAxis() + 1 != Elemental::shapeOf(v).size())
      continue;
    int64_t offset = 0;
    for (Value operand : concat.getOperands().drop_back())
      cuts.insert(offset += Elemental::shapeOf(operand).back());
  }
}

/// `emitLine` over [0, size) in pieces.
template <typename Emit>
void emitPieces(PhaseBuilder &phase, const std::set<int64_t> &cuts, int64_t size, int64_t width, Emit emit) {
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  constexpr size_t kPieces = 8; // each is code of its own
  if (cuts.empty() || cuts.size() >= kPieces)
    return emitLine(phase, loops.i64(0), loops.i64(size), size, width, emit);
  SmallVector<int64_t> borders{0};
  borders.append(cuts.begin(), cuts.end());
  borders.push_back(size);
  for (size_t piece = 0; piece + 1 < borders.size(); ++piece) {
    int64_t first = borders[piece], last = borders[piece + 1], lanes = std::min<int64_t>(width, llvm::bit_floor<uint64_t>(last - first));
    e.setPass(0); // row buffers are filled by whole lines
    emitLine(phase, loops.i64(first), loops.i64(last), last, lanes, [&](Lane place, int64_t n) {
      e.setRange(place.base, first, last);
      emit(place, n);
    }, first);
  }
}

int64_t widthFor(KernelBuilder &kernel, int64_t size) {
  return std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(std::max<int64_t>(size, 1)));
}

/// The part of [0, count) that a task computes, where each tile has `perTile` of it.
std::pair<Value, Value> rangeOfTask(PhaseBuilder &phase, int64_t perTile, int64_t count) {
  LoopBuilder &loops = phase.loops();
  Value lower = loops.i64(0), upper = loops.i64(count);
  if (phase.phase.tiles > 1) {
    lower = loops.mul(phase.begin(), loops.i64(perTile));
    upper = loops.min(loops.mul(phase.end(), loops.i64(perTile)), upper);
  }
  return {lower, upper};
}

/// The elements by row-major number: one line through all of the space.
void emitFlat(KernelBuilder &kernel, const PhasePlan &plan) {
  int64_t count = Elemental::countOf(plan.roots[0]), width = widthFor(kernel, count);
  Phase given;
  given.tiles = (count + kTileElements - 1) / kTileElements;
  PhaseBuilder phase(kernel, given);
  SmallVector<Root> roots;
  for (Value root : plan.roots)
    roots.push_back({root, phase.output(root)});
  auto [lower, upper] = rangeOfTask(phase, kTileElements, count);
  emitLine(phase, lower, upper, count, width, [&](Lane number, int64_t lanes) {
    Index index;
    index.lanes = lanes;
    index.linear = number;
    phase.elements().writing = number;
    emitElements(phase, roots, index);
  });
}

/// Values that several passes over a row would compute anew are kept in memory from the first pass on.
void bindRowBuffers(PhaseBuilder &phase, ArrayRef<Root> roots, int64_t rows, int64_t rowCount) {
  constexpr int64_t kLimit = 256 << 10;
  Elemental &e = phase.elements();
  // Passes through which a value is reached: the folds over rows, and 0 for the last one.
  llvm::DenseMap<Value, llvm::SmallDenseSet<Operation *>> passes;
  for (const Root &root : roots)
    if (Elemental::countOf(root.value) == rows * rowCount)
      passes[root.value].insert(nullptr);
  Block *body = nullptr;
  for (const Root &root : roots)
    if (Operation *op = root.value.getDefiningOp())
      body = op->getBlock();
  if (!body)
    return;
  llvm::DenseSet<Value> needed;
  for (const Root &root : roots)
    needed.insert(root.value);
  for (Operation &op : llvm::reverse(*body)) {
    bool isRootOrUsed = llvm::any_of(op.getResults(), [&](Value v) { return needed.contains(v); });
    if (!isRootOrUsed || llvm::any_of(op.getResults(), [&](Value v) { return e.isLeaf(v); }))
      continue;
    needed.insert(op.operand_begin(), op.operand_end());
    if (op.getNumResults() != 1)
      continue;
    Value value = op.getResult(0);
    auto reached = passes.lookup(value);
    auto tensor = cast<RankedTensorType>(value.getType());
    bool rowFold = isFold(&op) && tensor.getNumElements() == rows;
    bool full = tensor.getNumElements() == rows * rowCount && rowCount >= 8;
    int64_t bytes = rowCount * elementBytes(tensor.getElementType());
    if (full && reached.size() > 1 && isCostly(&op) && phase.phase.workspace + bytes <= kLimit) {
      e.bindRow(value, {phase.workspace(bytes), tensor.getElementType(), rowCount});
      Operation *firstPass = nullptr;
      for (Operation *pass : reached)
        if (pass && (!firstPass || pass->isBeforeInBlock(firstPass)))
          firstPass = pass;
      reached.clear();
      reached.insert(firstPass);
    }
    for (Value operand : op.getOperands()) {
      if (rowFold)
        passes[operand].insert(&op);
      else
        passes[operand].insert(reached.begin(), reached.end());
    }
  }
}

/// Rows: the leading axes number them; folds over a row are computed once, then its elements in lines along the last axis.
class RowEmitter {
public:
  RowEmitter(KernelBuilder &kernel, const PhasePlan &plan, int64_t rowAxes)
      : kernel(kernel), rowAxes(rowAxes), outer(Elemental::shapeOf(longestOf(plan.roots)).take_front(rowAxes)), rows(product(outer)),
        rowCount(product(Elemental::shapeOf(longestOf(plan.roots)).drop_front(rowAxes))), perTile(rowsOfTile(plan, rowCount)),
        phase(kernel, tiles(rows, perTile)), loops(phase.loops()), e(phase.elements()) {
    SmallVector<Root> all;
    for (Value root : plan.roots) {
      all.push_back({root, phase.output(root)});
      add(all.back());
    }
    bindRowBuffers(phase, all, rows, rowCount);
  }

  void run() {
    auto [lower, upper] = rangeOfTask(phase, perTile, rows);
    loops.forLoop(lower, upper, 1, {}, [&](Value row, ValueRange) {
      Index index;
      index.linear = e.lane.uniform(row);
      ArrayRef<Lane> along = e.lane.axes(index, outer);
      axes.assign(along.begin(), along.end());
      e.setRow(loops.mul(row, loops.i64(rowCount)), rowCount);
      if (!rowRoots.empty()) {
        e.writing = *index.linear;
        emitElements(phase, rowRoots, index);
      }
      for (auto [number, group] : llvm::enumerate(inner)) {
        isFirst = number == 0;
        emitGroup(group, row);
      }
      e.setRow({}, 0);
      return SmallVector<Value>();
    });
  }

private:
  static Value longestOf(ArrayRef<Value> roots) {
    return *std::max_element(roots.begin(), roots.end(), [](Value a, Value b) { return Elemental::countOf(a) < Elemental::countOf(b); });
  }

  static int64_t rowsOfTile(const PhasePlan &plan, int64_t rowCount) {
    int64_t work = std::max<int64_t>(rowCount, 1);
    for (Value root : plan.roots)
      if (Operation *op = root.getDefiningOp())
        work = std::max(work, foldedCount(op));
    return std::max<int64_t>(1, kTileElements / work);
  }

  static Phase tiles(int64_t rows, int64_t perTile) {
    Phase phase;
    phase.tiles = (rows + perTile - 1) / perTile;
    return phase;
  }

  void add(const Root &root) {
    ArrayRef<int64_t> shape = Elemental::shapeOf(root.value);
    if (static_cast<int64_t>(shape.size()) == rowAxes)
      return rowRoots.push_back(root);
    addByShape(inner, root);
  }

  /// One row of the roots of one shape.
  void emitGroup(ArrayRef<Root> group, Value row) {
    ArrayRef<int64_t> rest = Elemental::shapeOf(group[0].value).drop_front(rowAxes);
    Value start = loops.mul(row, loops.i64(product(rest)));
    bool isFlat = rest.size() == 1 || llvm::all_of(group, [&](const Root &root) { return numbersThrough(root.value, e.leaf()); });
    bool isFriendly = llvm::all_of(group, [&](const Root &root) {
      int64_t axis = static_cast<int64_t>(Elemental::shapeOf(root.value).size()) - 1;
      return laneFriendly(root.value, axis, [&](Value v) { return v != root.value && e.isLeaf(v); });
    });
    int64_t size = isFlat ? product(rest) : rest.back(), width = isFriendly ? widthFor(kernel, size) : 1;
    if (isFlat)
      emitFlatRow(group, rest, start, size, width);
    else
      emitNestedRow(group, rest, width);
  }

  /// Folds over the row come first, whatever order the last pass asks for them in: they fill the row buffers.
  void rehearse(int64_t count, int64_t width, llvm::function_ref<void(Value)> evaluate) {
    if (!e.hasRowBuffers() || width == 1)
      return;
    loops.rehearse(count, [&](Value i) {
      e.rehearseAt(i);
      evaluate(i);
      e.rehearseAt({});
    });
  }

  void evaluateOnly(ArrayRef<Root> group, const Index &index) {
    for (const Root &root : group)
      e.evaluate(root.value, index);
  }

  /// A row whose elements are one line.
  void emitFlatRow(ArrayRef<Root> group, ArrayRef<int64_t> rest, Value start, int64_t size, int64_t width) {
    auto element = [&](Lane place, int64_t lanes) {
      Index index;
      index.lanes = lanes;
      index.linear = e.lane.add(e.lane.uniform(start), place, lanes);
      if (rest.size() == 1) {
        index.axes.assign(axes.begin(), axes.end());
        index.axes.push_back(place);
      }
      e.aboutToWrite(*index.linear, isFirst);
      return index;
    };
    rehearse(size, width, [&](Value i) { evaluateOnly(group, element(e.lane.ramp(i, width), width)); });
    std::set<int64_t> cuts;
    if (rest.size() == 1)
      for (const Root &root : group)
        collectCuts(root.value, e, cuts);
    emitPieces(phase, cuts, size, width, [&](Lane place, int64_t lanes) { emitElements(phase, group, element(place, lanes)); });
  }

  /// A row of several axes: loops over all but the last, whose elements are lines.
  void emitNestedRow(ArrayRef<Root> group, ArrayRef<int64_t> rest, int64_t width) {
    rehearse(rest[0], width, [&](Value i) {
      SmallVector<Lane> places(axes);
      places.push_back(e.lane.uniform(i));
      nest(group, rest.drop_front(), width, places, [&](const Index &index) { evaluateOnly(group, index); });
    });
    nest(group, rest, width, axes, [&](const Index &index) { emitElements(phase, group, index); });
  }

  /// The axes `rest` behind those at `places`.
  void nest(ArrayRef<Root> group, ArrayRef<int64_t> rest, int64_t width, const SmallVector<Lane> &places,
            llvm::function_ref<void(const Index &)> emit) {
    if (rest.size() > 1) {
      loops.forLoop(loops.i64(0), loops.i64(rest[0]), 1, {}, [&](Value i, ValueRange) {
        SmallVector<Lane> next(places);
        next.push_back(e.lane.uniform(i));
        e.passLoops.push_back(i);
        nest(group, rest.drop_front(), width, next, emit);
        e.passLoops.pop_back();
        return SmallVector<Value>();
      });
      return;
    }
    emitLine(phase, loops.i64(0), loops.i64(rest[0]), rest[0], width, [&](Lane place, int64_t lanes) {
      Index index = Elemental::at(places, lanes);
      index.axes.push_back(place);
      e.aboutToWrite(e.lane.linear(index, Elemental::shapeOf(group[0].value)), isFirst);
      emit(index);
    });
  }

  KernelBuilder &kernel;
  int64_t rowAxes;
  ArrayRef<int64_t> outer;
  int64_t rows, rowCount, perTile; ///< rows, elements of the longest root in each, rows of a tile
  PhaseBuilder phase;
  LoopBuilder &loops;
  Elemental &e;
  SmallVector<Root> rowRoots;
  SmallVector<SmallVector<Root>> inner; ///< by the shape of a row
  SmallVector<Lane> axes;               ///< of the row in hand
  bool isFirst = true;                  ///< shape of `inner` that is written
};

/// A short tail of axes behind a long one, as windows have: lanes run along the long axis, the places of the tail are written out, and
/// their vectors are interleaved for the store.
void emitWithTail(KernelBuilder &kernel, const PhasePlan &plan, int64_t longAxis) {
  ArrayRef<int64_t> shape = Elemental::shapeOf(plan.roots[0]), outer = shape.take_front(longAxis), tail = shape.drop_front(longAxis + 1);
  int64_t rows = product(outer), size = shape[longAxis], tailCount = product(tail);
  int64_t width = std::min(widthFor(kernel, size), 128 / tailCount);
  int64_t perTile = std::max<int64_t>(1, kTileElements / (size * tailCount));
  Phase given;
  given.tiles = (rows + perTile - 1) / perTile;
  PhaseBuilder phase(kernel, given);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  SmallVector<Root> roots;
  for (Value root : plan.roots)
    roots.push_back({root, phase.output(root)});
  auto [lower, upper] = rangeOfTask(phase, perTile, rows);
  loops.forLoop(lower, upper, 1, {}, [&](Value row, ValueRange) {
    Index rowIndex;
    rowIndex.linear = e.lane.uniform(row);
    SmallVector<Lane> axes(e.lane.axes(rowIndex, outer));
    emitLine(phase, loops.i64(0), loops.i64(size), size, width, [&](Lane place, int64_t lanes) {
      SmallVector<SmallVector<Value>> values(roots.size());
      for (int64_t t = 0; t < tailCount; ++t) {
        Index tailIndex, index = Elemental::at(axes, lanes);
        tailIndex.linear = e.lane.constant(t);
        index.axes.push_back(place);
        llvm::append_range(index.axes, e.lane.axes(tailIndex, tail));
        e.writing.reset(); // the elements of a block are written together: no other may be read in place
        for (auto [root, list] : llvm::zip(roots, values))
          list.push_back(e.evaluateVector(root.value, index));
      }
      Lane first = e.lane.uniform(loops.mul(loops.add(loops.mul(row, loops.i64(size)), place.base), loops.i64(tailCount)));
      for (auto [root, list] : llvm::zip(roots, values)) {
        Index index;
        if (lanes > 1) {
          index.lanes = lanes * tailCount;
          index.linear = e.lane.ramp(first.base);
          e.store(root.buffer, index, shape, interleaveLanes(loops, list));
          continue;
        }
        for (int64_t t = 0; t < tailCount; ++t) {
          index.linear = e.lane.addConstant(first, t, 1);
          e.store(root.buffer, index, shape, list[t]);
        }
      }
    });
    return SmallVector<Value>();
  });
}

/// The axis in front of a short tail of 2, 4 or 8 places; -1 where there is none.
int64_t axisBeforeTail(ArrayRef<int64_t> shape) {
  int64_t tail = 1, axis = static_cast<int64_t>(shape.size()) - 1;
  while (axis >= 0 && tail * shape[axis] <= 8 && shape[axis] > 0)
    tail *= shape[axis--];
  return axis >= 0 && shape[axis] >= 16 && (tail == 2 || tail == 4 || tail == 8) ? axis : -1;
}

} // namespace

void emitMap(KernelBuilder &kernel, const PhasePlan &plan) {
  Value root = plan.roots[0];
  ArrayRef<int64_t> shape = Elemental::shapeOf(root);
  int64_t rank = shape.size();
  if (plan.rowAxes >= 0)
    return RowEmitter(kernel, plan, plan.rowAxes).run();
  auto leaf = [&](Value value) { return !value.getDefiningOp(); };
  bool flat = llvm::all_of(plan.roots, [&](Value value) { return numbersThrough(value, leaf); });
  int64_t longAxis = axisBeforeTail(shape);
  if (!flat && longAxis >= 0 && llvm::all_of(plan.roots, [&](Value value) {
        return laneFriendly(value, longAxis, [&](Value v) { return v != value && leaf(v); });
      }))
    return emitWithTail(kernel, plan, longAxis);
  // A short last axis wastes lanes: numbers run through all axes, and the index by axis is computed for each lane.
  if (flat || rank < 2 || (shape.back() < 8 && product(shape) > shape.back()))
    return emitFlat(kernel, plan);
  RowEmitter(kernel, plan, rank - 1).run();
}

} // namespace dlc::codegen
