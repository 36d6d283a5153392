#include "codegen/cuda/rows/RowShape.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace dlc::codegen::cuda {

RowSpace::RowSpace(ArrayRef<Value> roots, ArrayRef<int64_t> kept) : roots(roots), kept(kept) {
  auto isWhole = [&](Value root) { return !isOfRows(root); };
  auto whole = llvm::find_if(roots, isWhole);
  ArrayRef<int64_t> shape = Elemental::shapeOf(whole == roots.end() ? roots[0] : *whole);
  for (auto [number, axis] : llvm::enumerate(kept))
    outer.push_back(whole == roots.end() ? shape[number] : shape[axis]);
}

bool RowSpace::isLeading() const { return llvm::equal(kept, llvm::seq<int64_t>(0, kept.size())); }

SmallVector<int64_t> RowSpace::rest(Value value) const {
  SmallVector<int64_t> sizes;
  if (!isOfRows(value))
    for (auto [axis, size] : llvm::enumerate(Elemental::shapeOf(value)))
      if (!llvm::is_contained(kept, static_cast<int64_t>(axis)))
        sizes.push_back(size);
  return sizes;
}

Passes::Passes(const Kernel &kernel, const RowSpace &space) : kernel(kernel), space(space) {
  for (Value root : space.roots)
    last = std::max(last, firstWith(root));
  for (Value root : space.roots)
    usedIn[root] = last;
  for (Value value : llvm::reverse(ordered)) { // users first
    Operation *op = value.getDefiningOp();
    int64_t used = isFold(op) ? firstWith(value) - 1 : std::max(usedIn.lookup(value), firstWith(value));
    for (Value operand : op->getOperands())
      usedIn[operand] = std::max(usedIn.lookup(operand), used);
  }
}

int64_t Passes::firstWith(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || (kernel.isPlaced(value) && !llvm::is_contained(space.roots, value)))
    return 0;
  if (auto known = first.find(value); known != first.end())
    return known->second;
  int64_t pass = 0;
  for (Value operand : op->getOperands())
    pass = std::max(pass, firstWith(operand));
  ordered.push_back(value);
  return first[value] = pass + isFold(op);
}

SmallVector<Operation *> Passes::foldsOf(int64_t pass) {
  SmallVector<Operation *> folds;
  for (Value value : ordered)
    if (isFold(value.getDefiningOp()) && firstWith(value) == pass + 1)
      folds.push_back(value.getDefiningOp());
  return folds;
}

namespace {

bool isIn(const Kernel &kernel, Value value) { return !value.getDefiningOp() || kernel.isPlaced(value); }

/// Elements of the longest thing that is done with a row: a fold over it, or writing it.
int64_t lengthOfRow(const RowSpace &space, const llvm::SetVector<Operation *> &folds) {
  int64_t length = 1;
  for (Value root : space.roots)
    length = std::max(length, product(space.rest(root)));
  for (Operation *op : folds)
    if (llvm::is_contained(space.roots, op->getResult(0)) || Elemental::countOf(op->getResult(0)) == space.rows())
      length = std::max(length, foldedCount(op));
  return length;
}

/// Elements side by side that a thread takes at a time, in all passes over whole rows alike: else one would not find what another has loaded.
int64_t lanesOfRow(const Kernel &kernel, const RowSpace &space, int64_t length, int64_t widest, const llvm::SetVector<Operation *> &folds) {
  int64_t lanes = kernel.hasAlignedBuffers() ? std::max<int64_t>(1, 16 / widest) : 1;
  auto leaf = [&](Value value) { return isIn(kernel, value); };
  bool isPlain = length % lanes == 0 && length >= kWarp;
  for (Value root : space.roots) {
    SmallVector<int64_t> rest = space.rest(root);
    if (product(rest) == length)
      isPlain &= rest.size() == 1 && isPlainRow(root, leaf);
  }
  for (Operation *op : folds) {
    if (foldedCount(op) != length || Elemental::countOf(op->getResult(0)) != space.rows())
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

/// Registers of a thread for an element that is kept. What is computed of wide numbers is wide too.
int64_t registersOf(int64_t bytes) { return bytes == 8 ? 3 : (bytes + 3) / 4; }

RowCost costOfRow(const Kernel &kernel, const RowSpace &space, int64_t length) {
  RowCost cost;
  llvm::SetVector<Value> seen;
  llvm::DenseSet<Value> ofRows; // one number of each row
  int64_t results = 0, widestResult = 0; // registers
  SmallVector<Value> elements;           // that are computed or read for each place of a row, not the same along it
  for (Value root : space.roots) {
    seen.insert(root);
    if (product(space.rest(root)) == length) {
      int64_t registers = registersOf(elementBytes(scalarOf(root.getType())));
      results += registers;
      widestResult = std::max(widestResult, registers);
    }
    if (space.isOfRows(root))
      ofRows.insert(root);
  }
  for (size_t i = 0; i < seen.size(); ++i) {
    Value value = seen[i];
    bool isLong = Elemental::countOf(value) >= length && !ofRows.contains(value), isRoot = llvm::is_contained(space.roots, value), isRead = isIn(kernel, value);
    int64_t bytes = isLong ? elementBytes(scalarOf(value.getType())) : 0;
    if (isRoot || isRead)
      cost.widest = std::max(cost.widest, bytes);
    if (!isRoot && isRead)
      cost.registers += registersOf(bytes); // all is loaded before the first fold
    Operation *op = value.getDefiningOp();
    if (isLong && !isa_and_nonnull<ir::BroadcastOp, ir::ConstantOp, ir::IotaOp>(op))
      elements.push_back(value);
    if (!op || (!isRoot && isRead))
      continue;
    cost.code += !isLong ? 0 : isFold(op) ? 64 : isCostly(op) ? 24 : 1;
    auto broadcast = dyn_cast<ir::BroadcastOp>(op);
    bool toRows = isElementwise(op) && ofRows.contains(value);
    if (broadcast)
      toRows = llvm::all_of(broadcast.getAxes(), [&](int64_t axis) { return llvm::is_contained(space.kept, axis); });
    for (Value operand : op->getOperands()) {
      seen.insert(operand);
      if (toRows)
        ofRows.insert(operand);
    }
  }
  // The bodies of columns are longer, and keep more than what they have read.
  Passes passes(kernel, space);
  for (int64_t pass = 0; pass < passes.count() && !space.isLeading(); ++pass) {
    int64_t kept = 0;
    for (Value value : elements)
      kept += passes.isKept(value, pass) ? registersOf(elementBytes(scalarOf(value.getType()))) : 0;
    cost.registers = std::max(cost.registers, kept);
  }
  cost.registers += results - widestResult; // each takes the registers of something that it was made of, but for one
  return cost;
}

/// The tensors in memory of which a row is needed element by element, in the order in which they are asked for.
SmallVector<Value> tensorsOfRow(const Kernel &kernel, const RowSpace &space, int64_t length, const llvm::SetVector<Operation *> &folds) {
  llvm::SetVector<Value> needed;
  SmallVector<Value> found;
  auto isWholeRow = [&](Value value) { return Elemental::countOf(value) == space.rows() * length; };
  for (Operation *op : folds) {
    auto reduce = dyn_cast<ir::ReduceOp>(op);
    if (!reduce || Elemental::countOf(reduce.getResult()) != space.rows() || !isWholeRow(reduce.getOperand()))
      continue;
    auto isKept = [&](int64_t axis) { return llvm::is_contained(space.kept, axis); };
    if (reduce.getAxes().size() + space.kept.size() == Elemental::shapeOf(reduce.getOperand()).size() && llvm::none_of(reduce.getAxes(), isKept))
      needed.insert(reduce.getOperand());
  }
  needed.insert(space.roots.begin(), space.roots.end());
  for (size_t i = 0; i < needed.size(); ++i) {
    Value value = needed[i];
    if (!isWholeRow(value))
      continue;
    if (isIn(kernel, value) && !llvm::is_contained(space.roots, value))
      found.push_back(value);
    else if (isElementwise(value.getDefiningOp()))
      needed.insert(value.getDefiningOp()->operand_begin(), value.getDefiningOp()->operand_end());
  }
  return found;
}

constexpr int64_t kMostElements = 32, kMostCode = 4096, kMostThreads = 1024;

/// Whether a thread of a block of so many keeps what it needs of so many elements in registers.
bool keeps(const RowSpace &space, const RowCost &cost, int64_t threads, int64_t elements) {
  // Of 64 that a thread of so large a block has, or of about 80, with which three blocks fit. Columns need more for their places.
  int64_t mostRegisters = threads < kMostThreads ? 48 : space.isLeading() ? 32 : 24;
  return elements <= kMostElements && cost.registers * elements <= mostRegisters && cost.code * elements <= kMostCode;
}

constexpr int64_t kSector = 8; // numbers that memory is read by

/// How many columns neighbouring threads take, at least a sector; what is no column is idle.
int64_t columnsPerBlock(int64_t columns) {
  int64_t best = kSector, idleOfBest = columns;
  if (columns < best)
    return static_cast<int64_t>(llvm::PowerOf2Ceil(static_cast<uint64_t>(columns)));
  for (int64_t beside : {kWarp, kWarp / 2, kSector})
    if (int64_t idle = llvm::alignTo(columns, beside) - columns; idle < idleOfBest)
      best = beside, idleOfBest = idle;
  return best;
}

} // namespace

RowShape shapeOfRow(const Kernel &kernel, const RowSpace &space) {
  constexpr int64_t kLongRow = 1024; // for which a warp would be too few threads
  RowShape shape;
  shape.rows = space.rows();
  llvm::SetVector<Operation *> folds = foldsBefore(kernel, space.roots);
  int64_t length = lengthOfRow(space, folds);
  RowCost cost = costOfRow(kernel, space, length);
  int64_t lanes = lanesOfRow(kernel, space, length, cost.widest, folds);
  shape.share = {length, lanes, /*turns=*/0};
  // The only row is its block's: threads that had none would read it all the same.
  int64_t fewest = length >= kLongRow || shape.rows == 1 ? kThreads : kWarp;
  shape.group = fewest;
  for (int64_t group : {kWarp, kThreads, 2 * kThreads, kMostThreads}) {
    int64_t turns = (length + group * lanes - 1) / (group * lanes);
    if (group < fewest || !keeps(space, cost, group, turns * lanes))
      continue;
    shape.group = group, shape.threads = std::max(group, kThreads), shape.share.turns = turns;
    shape.loads = tensorsOfRow(kernel, space, length, folds);
    break;
  }
  return shape;
}

RowShape shapeOfColumns(const Kernel &kernel, const RowSpace &space) {
  constexpr int64_t kFew = 4;    // elements of a thread for which no other block is asked
  constexpr int64_t kShort = 16; // elements of a column that a thread folds sooner by itself
  RowShape shape;
  shape.rows = space.rows();
  llvm::SetVector<Operation *> folds = foldsBefore(kernel, space.roots);
  int64_t length = lengthOfRow(space, folds), most = kernel.settings().multiprocessors;
  RowCost cost = costOfRow(kernel, space, length);
  auto rank = static_cast<int64_t>(Elemental::shapeOf(cast<ir::ReduceOp>(folds[0]).getOperand()).size());
  bool areBeside = space.kept.back() == rank - 1; // else elements of one column lie side by side
  int64_t widest = areBeside ? columnsPerBlock(shape.rows) : 1;
  shape.columnsPerBlock = widest;
  while (shape.columnsPerBlock > kSector && 2 * shape.tiles() <= most) // more blocks, with less to do each
    shape.columnsPerBlock /= 2;
  if (areBeside && length <= kShort)
    shape.columnsPerBlock = kThreads;
  auto take = [&](int64_t threads, int64_t blocks) {
    int64_t members = threads / shape.columnsPerBlock;
    if (blocks > members)
      blocks -= blocks % members; // each adds up as many blocks' parts as the others
    int64_t turns = (length + members * blocks - 1) / (members * blocks);
    bool fits = keeps(space, cost, threads, turns);
    shape.threads = threads, shape.blocksPerTile = blocks, shape.group = members * blocks;
    shape.share = {length, /*lanes=*/1, fits ? turns : 0};
    return fits;
  };
  auto takeFewest = [&](int64_t blocks) {
    return llvm::any_of(ArrayRef{kThreads, 2 * kThreads, kMostThreads}, [&](int64_t threads) { return take(threads, blocks); });
  };
  bool fits = shape.columnsPerBlock == kThreads ? take(kThreads, 1) : takeFewest(1);
  if (!fits) {
    shape.columnsPerBlock = widest;
    // All blocks run at the same time: one for each multiprocessor at the most.
    int64_t others = std::min(most / shape.tiles(), length * shape.columnsPerBlock / (kThreads * kFew));
    fits = takeFewest(std::max<int64_t>(others, 1));
  }
  if (fits)
    shape.loads = tensorsOfRow(kernel, space, length, folds);
  return shape;
}

} // namespace dlc::codegen::cuda
