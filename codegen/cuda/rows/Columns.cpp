// Columns: rows whose elements do not lie side by side, as those of a batch norm: each block has some columns, or several blocks share them and meet.
#include "codegen/cuda/rows/RowPasses.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

class ColumnEmitter : RowPasses {
public:
  ColumnEmitter(Kernel &kernel, const RowSpace &space, ArrayRef<int64_t> whole, const RowShape &shape)
      : RowPasses(kernel, space, shape, shape.blocksPerTile > 1 ? shape.tiles() * shape.blocksPerTile : std::min(shape.tiles(), kMostBlocks)), kernel(kernel),
        whole(whole) {}

  void run() {
    if (shape.tiles() == 1) // not a loop: what is computed from folds would be placed outside of it
      return emitTile(loops.i64(0));
    Value first = loops.div(phase.block(), shape.blocksPerTile);
    loops.forLoop(first, loops.i64(shape.tiles()), phase.blocks() / shape.blocksPerTile, {}, [&](Value tile, ValueRange) {
      emitTile(tile);
      return SmallVector<Value>();
    });
  }

private:
  /// The columns that lie beside each other in the threads of a block.
  void emitTile(Value tile) {
    phase.setColumns(shape.columnsPerBlock, shape.blocksPerTile); // all threads of them are here together
    Value row = loops.add(loops.mul(tile, loops.i64(shape.columnsPerBlock)), loops.rem(phase.thread(), shape.columnsPerBlock)), isRow;
    if (shape.rows % shape.columnsPerBlock) {
      // Who has no column computes the last one once more, as the others wait for him.
      isRow = loops.compare(arith::CmpIPredicate::slt, row, loops.i64(shape.rows));
      row = loops.min(row, loops.i64(shape.rows - 1));
    }
    bool isAlone = e.groupSize() == 1; // no other thread waits for it
    where(isAlone ? isRow : Value(), [&] { emitColumn(row, isAlone ? Value() : isRow); });
  }

  void emitColumn(Value row, Value isRow) {
    // Nobody writes before the last fold, to which all threads of these columns have come.
    e.isReadInTime = [&](const Index &index, ArrayRef<int64_t> shape) { return isOfColumn(index, shape); };
    setRow(row);
    loadColumn();
    emitFolds();
    isRead = true;
    e.isReadInTime = nullptr;
    where(isRow, [&] {
      emitRowRoots();
      for (ArrayRef<Root> group : inner)
        emitInner(group, row);
    });
  }

  void where(Value condition, llvm::function_ref<void()> body) {
    if (!condition)
      return body();
    loops.ifElse(condition, {}, [&] {
      body();
      return SmallVector<Value>();
    });
  }

  /// Whether all elements are of the column in hand.
  bool isOfColumn(const Index &index, ArrayRef<int64_t> shape) const {
    if (index.axes.size() != shape.size())
      return false;
    if (shape == ArrayRef(space.outer))
      return llvm::equal(index.axes, axes);
    return shape == whole && llvm::all_of(llvm::enumerate(space.kept), [&](auto kept) { return index.axes[kept.value()] == axes[kept.index()]; });
  }

  /// What is given for each column is read before its place may be written.
  void loadColumn() {
    for (BlockArgument argument : kernel.function().getBody().front().getArguments())
      if (Elemental::shapeOf(argument) == ArrayRef(space.outer) && !argument.use_empty())
        e.evaluate(argument, Elemental::at(axes, 1));
  }

  /// The folds, those that do not wait for each other together. Behind the last one nobody reads the elements of others any more.
  void emitFolds() {
    Passes passes(kernel, space);
    for (int64_t pass = 0; pass < passes.count(); ++pass)
      emitWave(llvm::map_to_vector(passes.foldsOf(pass), [](Operation *fold) { return cast<ir::ReduceOp>(fold); }));
  }

  void emitWave(ArrayRef<ir::ReduceOp> folds) {
    SmallVector<Value> own, neutral;
    for (ir::ReduceOp fold : folds) {
      own.push_back(e.sharedReduce(fold, Elemental::at(axes, 1), loops.i64(0), loops.i64(foldedCount(fold))));
      neutral.push_back(e.math.neutral(fold.getFn(), own.back().getType(), Elemental::isUnsigned(fold.getOperand())));
    }
    SmallVector<Value> all = phase.joinColumns(own, neutral, [&](size_t number, Value x, Value y) {
      ir::ReduceOp fold = folds[number];
      loops.moveToTop();
      return e.math.fold(fold.getFn(), x, y, Elemental::isUnsigned(fold.getOperand()));
    });
    for (auto [number, value] : llvm::enumerate(all))
      e.bind(ir::ReduceOp(folds[number]).getResult(), [value = value](Index &, Mask) { return value; });
  }

  /// One value of each column. The first of its threads alone reads what they are made of beside folds, as it may write there.
  void emitRowRoots() {
    Value first = loops.compare(arith::CmpIPredicate::eq, phase.groupThread(), loops.i64(0));
    if (rowRoots.empty())
      return;
    loops.ifElse(first, {}, [&] {
      SmallVector<Lane> here;
      for (const Lane &place : axes) {
        loops.moveToTop();
        // A number of its own, so that nothing of what follows is computed by the other threads.
        here.push_back(e.lane.uniform(arith::AddIOp::create(loops.builder(), place.base, loops.i64(0))));
      }
      Index index = Elemental::at(here, 1);
      e.writing = e.lane.linear(index, space.outer);
      emitElements(phase, rowRoots, Elemental::at(here, 1));
      return SmallVector<Value>();
    });
  }

  Kernel &kernel;
  ArrayRef<int64_t> whole; ///< the sizes of the space
};

struct Columns {
  SmallVector<int64_t> kept; ///< axes
  ArrayRef<int64_t> whole;   ///< sizes of the space
};

/// What a kernel's folds leave, where its results are its columns or their elements and all else is computed at one place of each; none elsewhere.
std::optional<Columns> columnsOf(Kernel &kernel) {
  ir::ReduceOp first;
  llvm::SetVector<Operation *> folds = foldsBefore(kernel, kernel.results());
  for (Operation *op : folds) {
    auto fold = dyn_cast<ir::ReduceOp>(op);
    first = first ? first : fold;
    if (!fold || fold.getAxes() != first.getAxes() || Elemental::shapeOf(fold.getOperand()) != Elemental::shapeOf(first.getOperand()))
      return std::nullopt;
  }
  if (!first || first.getAxes().empty())
    return std::nullopt;
  ArrayRef<int64_t> space = Elemental::shapeOf(first.getOperand()), columns = Elemental::shapeOf(first.getResult());
  SmallVector<int64_t> kept;
  for (int64_t axis = 0; axis < static_cast<int64_t>(space.size()); ++axis)
    if (!llvm::is_contained(first.getAxes(), axis))
      kept.push_back(axis);
  bool isTrailing = first.getAxes().front() == static_cast<int64_t>(kept.size());
  if (product(columns) == 1 || isTrailing || product(space) == 0) // of one column all is folded, which other ways do
    return std::nullopt;
  llvm::SetVector<Value> values;
  bool returns = false; // from a column to its elements
  for (Value result : kernel.results()) {
    if (!result.getDefiningOp() || isa<ir::ConstantOp>(result.getDefiningOp()))
      return std::nullopt;
    values.insert(result);
  }
  for (size_t i = 0; i < values.size(); ++i) {
    Operation *op = values[i].getDefiningOp();
    if (!op)
      continue;
    ArrayRef<int64_t> shape = Elemental::shapeOf(values[i]);
    bool ofFolds = llvm::any_of(folds, [&](Operation *fold) { return fold == op; }), isPlain = isElementwise(op);
    if (auto broadcast = dyn_cast<ir::BroadcastOp>(op); broadcast && Elemental::shapeOf(broadcast.getOperand()) == columns && broadcast.getAxes() == ArrayRef(kept)) {
      isPlain = true;
      returns |= !foldsBefore(kernel, broadcast.getOperand()).empty();
    }
    if ((shape != space && shape != columns) || !(ofFolds || isPlain || foldsBefore(kernel, op->getOperands()).empty()))
      return std::nullopt;
    if (ofFolds || isPlain)
      values.insert(op->operand_begin(), op->operand_end());
  }
  return returns ? std::optional(Columns{kept, space}) : std::nullopt;
}

} // namespace

bool emitColumns(Kernel &kernel) {
  std::optional<Columns> columns = columnsOf(kernel);
  if (!columns)
    return false;
  llvm::SetVector<Value> roots;
  for (Value result : kernel.results())
    roots.insert(result);
  RowSpace space(roots.getArrayRef(), columns->kept);
  ColumnEmitter(kernel, space, columns->whole, shapeOfColumns(kernel, space)).run();
  return true;
}

} // namespace dlc::codegen::cuda
