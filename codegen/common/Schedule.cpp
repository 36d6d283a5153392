#include "codegen/common/Schedule.h"

#include "codegen/common/Index.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace dlc::codegen {

namespace {

ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }
int64_t countOf(Value value) { return product(shapeOf(value)); }

/// Folds of so few elements are repeated rather than stored.
constexpr int64_t kSmallFold = 32;
/// A fold to a scalar of up to so many elements is done by every thread for itself.
constexpr int64_t kSharedFold = 4096;

AxisBits reshapeBits(ArrayRef<int64_t> from, ArrayRef<int64_t> to, ArrayRef<uint64_t> bits) {
  AxisBits result;
  size_t i = 0, j = 0;
  while (j < to.size()) {
    uint64_t all = i < from.size() ? bits[i] : 0;
    int64_t a = i < from.size() ? from[i++] : 1, c = to[j++];
    size_t first = j - 1;
    while (a != c)
      if (a < c && i < from.size())
        a *= from[i], all |= bits[i++];
      else if (c < a && j < to.size())
        c *= to[j++];
      else
        break;
    result.append(j - first, all);
  }
  return result;
}

} // namespace

bool isElementwise(Operation *op) {
  return isa<ir::UnaryOp, ir::BinaryOp, ir::CompareOp, ir::SelectOp, ir::CastOp, ir::StopGradientOp, ir::VariableOp>(op);
}

bool isWhole(Operation *op) { return isa<ir::SortOp, ir::CumulateOp, ir::ScatterOp>(op); }
bool isPlainRow(Value value, IsLeaf isLeaf) {
  llvm::DenseSet<Value> seen;
  int64_t length = cast<RankedTensorType>(value.getType()).getShape().back();
  std::function<bool(Value)> visit = [&](Value v) {
    if (!seen.insert(v).second)
      return true;
    auto type = cast<RankedTensorType>(v.getType());
    // Every tensor on the way has the row as its last axis.
    if (type.getRank() == 0 || type.getShape().back() != length)
      return false;
    Operation *op = v.getDefiningOp();
    if (isLeaf(v) || isa_and_nonnull<ir::ConstantOp>(op))
      return true;
    if (auto broadcast = dyn_cast<ir::BroadcastOp>(op)) {
      auto from = cast<RankedTensorType>(broadcast.getOperand().getType());
      bool keepsLast = from.getRank() > 0 && broadcast.getAxes().back() == type.getRank() - 1 && from.getShape().back() == length;
      return !keepsLast || visit(broadcast.getOperand()); // else all lanes have one number
    }
    return isa<ir::IotaOp>(op) || (isElementwise(op) && llvm::all_of(op->getOperands(), visit));
  };
  return visit(value);
}

bool isFold(Operation *op) { return isa<ir::ReduceOp, ir::ArgReduceOp, ir::DotOp, ir::ConvOp>(op); }

SmallVector<int64_t> foldedSizes(Operation *op) {
  SmallVector<int64_t> sizes;
  if (auto o = dyn_cast<ir::ReduceOp>(op)) {
    for (int64_t axis : o.getAxes())
      sizes.push_back(shapeOf(o.getOperand())[axis]);
  } else if (auto o = dyn_cast<ir::ArgReduceOp>(op)) {
    sizes.push_back(shapeOf(o.getOperand())[o.getAxis()]);
  } else if (auto o = dyn_cast<ir::DotOp>(op)) {
    for (int64_t axis : o.getLhsContract())
      sizes.push_back(shapeOf(o.getLhs())[axis]);
  } else if (auto o = dyn_cast<ir::ConvOp>(op)) {
    // The right operand without its last axis: taps and channels of the weight, or pixels of the result.
    ArrayRef<int64_t> shape = shapeOf(o.getRhs());
    sizes.assign(shape.begin(), shape.end() - 1);
  }
  return sizes;
}

int64_t foldedCount(Operation *op) { return isFold(op) ? product(foldedSizes(op)) : 1; }

AxisBits operandBits(Operation *op, unsigned number, ArrayRef<uint64_t> m, ArrayRef<uint64_t> folded) {
  Value operand = op->getOperand(number);
  size_t rank = shapeOf(operand).size();
  uint64_t all = 0, fold = 0;
  for (uint64_t bits : m)
    all |= bits;
  for (uint64_t bits : folded)
    fold |= bits;
  AxisBits result(m.begin(), m.end());
  if (isElementwise(op))
    return result;
  return llvm::TypeSwitch<Operation *, AxisBits>(op)
      .Case([&](ir::BroadcastOp o) {
        AxisBits bits;
        for (auto [axis, place] : llvm::enumerate(o.getAxes()))
          bits.push_back(shapeOf(operand)[axis] == 1 ? 0 : m[place]);
        return bits;
      })
      .Case([&](ir::ReshapeOp o) { return reshapeBits(shapeOf(o.getResult()), shapeOf(operand), m); })
      .Case([&](ir::TransposeOp o) {
        for (auto [place, axis] : llvm::enumerate(o.getPermutation()))
          result[axis] = m[place];
        return result;
      })
      .Case<ir::SliceOp, ir::ConcatOp, ir::ReverseOp>([&](auto) { return result; })
      .Case<ir::PadOp, ir::DynamicSliceOp, ir::DynamicUpdateOp>([&](auto) { return rank == m.size() ? result : AxisBits(rank, 0); })
      .Case([&](ir::WindowOp o) {
        result.resize(rank);
        for (auto [k, axis] : llvm::enumerate(o.getAxes()))
          result[axis] |= m[rank + k];
        return result;
      })
      .Case([&](ir::OverlapAddOp o) {
        for (int64_t axis : o.getAxes())
          result.push_back(m[axis]);
        return result;
      })
      .Case([&](ir::GatherOp o) {
        int64_t axis = o.getAxis(), batch = o.getBatch();
        int64_t middle = static_cast<int64_t>(shapeOf(o.getIndices()).size()) - batch;
        AxisBits which(m.begin(), m.begin() + batch);
        which.append(m.begin() + axis, m.begin() + axis + middle);
        if (number == 1)
          return which;
        AxisBits bits(m.begin(), m.begin() + axis);
        uint64_t any = 0;
        for (uint64_t b : which)
          any |= b;
        bits.push_back(any);
        bits.append(m.begin() + axis + middle, m.end());
        return bits;
      })
      .Case([&](ir::ReduceOp o) {
        AxisBits bits;
        size_t k = 0, f = 0;
        for (size_t axis = 0; axis < rank; ++axis)
          bits.push_back(llvm::is_contained(o.getAxes(), axis) ? (f < folded.size() ? folded[f++] : 0) : m[k++]);
        return bits;
      })
      .Case([&](ir::ArgReduceOp o) {
        result.insert(result.begin() + o.getAxis(), folded.empty() ? 0 : folded[0]);
        return result;
      })
      .Case([&](ir::DotOp o) {
        bool left = number == 0;
        ArrayRef<int64_t> batch = left ? o.getLhsBatch() : o.getRhsBatch(), contract = left ? o.getLhsContract() : o.getRhsContract();
        size_t next = batch.size();
        if (!left)
          next += shapeOf(o.getLhs()).size() - batch.size() - contract.size();
        AxisBits bits;
        for (int64_t axis = 0; axis < static_cast<int64_t>(rank); ++axis) {
          auto b = llvm::find(batch, axis), c = llvm::find(contract, axis);
          if (b != batch.end())
            bits.push_back(m[b - batch.begin()]);
          else if (c != contract.end())
            bits.push_back(folded.empty() ? 0 : folded[c - contract.begin()]);
          else
            bits.push_back(m[next++]);
        }
        return bits;
      })
      .Default([&](Operation *) { return AxisBits(rank, all | fold); });
}

bool numbersThrough(Value value, IsLeaf isLeaf) {
  llvm::DenseSet<Value> seen;
  SmallVector<Value> work{value};
  while (!work.empty()) {
    Value v = work.pop_back_val();
    if (!seen.insert(v).second || isLeaf(v) || countOf(v) == 1)
      continue;
    Operation *op = v.getDefiningOp();
    if (isElementwise(op) || isa<ir::ReshapeOp>(op)) {
      llvm::append_range(work, op->getOperands());
    } else if (auto o = dyn_cast<ir::BroadcastOp>(op)) {
      if (countOf(o.getOperand()) != 1 && countOf(o.getOperand()) != countOf(v))
        return false;
      work.push_back(o.getOperand());
    } else if (auto o = dyn_cast<ir::IotaOp>(op)) {
      if (shapeOf(v)[o.getAxis()] != countOf(v))
        return false;
    } else if (auto o = dyn_cast<ir::RandomOp>(op)) {
      if (o.getLanes())
        return false;
    } else if (!isa<ir::ConstantOp>(op)) {
      return false;
    }
  }
  return true;
}

/// Whether lanes along the kept axes `bits` of a fold read its operand across rows that the fold itself would run through.
static bool foldsRows(Operation *op, ArrayRef<uint64_t> bits) {
  auto touched = [&](unsigned operand) {
    AxisBits axes = operandBits(op, operand, bits, AxisBits(foldedSizes(op).size(), 0));
    return llvm::any_of(axes, [](uint64_t b) { return b != 0; });
  };
  if (auto o = dyn_cast<ir::ReduceOp>(op)) {
    int64_t last = static_cast<int64_t>(shapeOf(o.getOperand()).size()) - 1;
    return llvm::is_contained(o.getAxes(), last) && shapeOf(o.getOperand())[last] >= 16 && touched(0);
  }
  if (auto o = dyn_cast<ir::ArgReduceOp>(op)) {
    uint64_t last = shapeOf(o.getOperand()).size() - 1;
    return o.getAxis() == last && shapeOf(o.getOperand())[last] >= 16 && touched(0);
  }
  if (auto o = dyn_cast<ir::DotOp>(op)) {
    int64_t l = static_cast<int64_t>(shapeOf(o.getLhs()).size()) - 1, r = static_cast<int64_t>(shapeOf(o.getRhs()).size()) - 1;
    return (llvm::is_contained(o.getLhsContract(), l) && shapeOf(o.getLhs())[l] >= 16 && touched(0)) ||
           (llvm::is_contained(o.getRhsContract(), r) && shapeOf(o.getRhs())[r] >= 16 && touched(1));
  }
  if (auto o = dyn_cast<ir::ConvOp>(op))
    return o.getKind() == ir::ConvKind::input && shapeOf(o.getRhs()).back() / o.getGroups() >= 8;
  return false;
}

bool laneFriendly(Value value, int64_t axis, IsLeaf isLeaf) {
  std::map<std::pair<void *, SmallVector<uint64_t>>, bool> seen;
  std::function<bool(Value, ArrayRef<uint64_t>)> friendly = [&](Value v, ArrayRef<uint64_t> bits) {
    if (isLeaf(v) || llvm::all_of(bits, [](uint64_t b) { return b == 0; }))
      return true;
    auto [it, fresh] = seen.insert({{v.getAsOpaquePointer(), SmallVector<uint64_t>(bits)}, true});
    if (!fresh)
      return it->second;
    Operation *op = v.getDefiningOp();
    if (isFold(op) && foldsRows(op, bits))
      return it->second = false;
    for (unsigned operand = 0; operand < op->getNumOperands(); ++operand)
      if (!friendly(op->getOperand(operand), operandBits(op, operand, bits, AxisBits(foldedSizes(op).size(), 0))))
        return it->second = false;
    return true;
  };
  AxisBits bits(shapeOf(value).size(), 0);
  if (axis >= 0)
    bits[axis] = 1;
  return friendly(value, bits);
}

/// The row axes of a root, where folds ask for `rows` of them.
static int64_t rowsWithLanes(Value root, int64_t rows, IsLeaf isLeaf) {
  auto rank = static_cast<int64_t>(shapeOf(root).size());
  if (rank == 0 || isWhole(root.getDefiningOp()) || laneFriendly(root, rank - 1, [&](Value v) { return v != root && isLeaf(v); }))
    return rows;
  return rows >= 0 ? rows : rank;
}

Schedule::Inside Schedule::analyse(Value root, IsLeaf isLeaf) const {
  struct Found {
    Value value;
    int64_t prefix; // axes of the space, from the outermost, that its index depends on
    SmallVector<int64_t> sizes;
  };
  SmallVector<int64_t> space(shapeOf(root));
  int64_t rank = space.size();
  SmallVector<Found> folds;
  std::set<std::pair<void *, SmallVector<uint64_t>>> seen;
  Inside inside;
  std::function<void(Value, ArrayRef<uint64_t>, ArrayRef<int64_t>, bool)> walk = [&](Value v, ArrayRef<uint64_t> bits,
                                                                                   ArrayRef<int64_t> sizes, bool isRoot) {
    if ((!isRoot && isLeaf(v)) || !v.getDefiningOp() || !seen.insert({v.getAsOpaquePointer(), SmallVector<uint64_t>(bits)}).second)
      return;
    Operation *op = v.getDefiningOp();
    if (isWhole(op) && !isRoot) {
      inside.first.push_back(v);
      return;
    }
    SmallVector<int64_t> inner(sizes);
    AxisBits folded;
    if (isFold(op)) {
      uint64_t all = 0;
      for (uint64_t b : bits)
        all |= b;
      int64_t prefix = isRoot ? rank : 64 - llvm::countl_zero(all);
      if (!isRoot)
        folds.push_back({v, prefix, SmallVector<int64_t>(sizes)});
      inner.resize(prefix);
      for (int64_t size : foldedSizes(op)) {
        folded.push_back(uint64_t{1} << std::min<size_t>(inner.size(), 63));
        inner.push_back(size);
      }
    }
    for (unsigned operand = 0; operand < op->getNumOperands(); ++operand)
      walk(op->getOperand(operand), operandBits(op, operand, bits, folded), inner, false);
  };
  AxisBits bits;
  for (int64_t axis = 0; axis < rank; ++axis)
    bits.push_back(uint64_t{1} << axis);
  if (isWhole(root.getDefiningOp())) { // evaluated element by element, in no order that would help
    bits.assign(rank, (uint64_t{1} << std::min<int64_t>(rank, 63)) - 1);
  }
  walk(root, bits, space, true);

  int64_t &rows = inside.rowAxes;
  for (Found &fold : folds)
    if (fold.prefix > 0 && fold.prefix < rank && fold.sizes.size() >= static_cast<size_t>(rank) &&
        foldedCount(fold.value.getDefiningOp()) > kSmallFold &&
        product(ArrayRef(space).take_front(fold.prefix)) <= countOf(fold.value))
      rows = std::max(rows, fold.prefix);
  for (Found &fold : folds) {
    int64_t count = foldedCount(fold.value.getDefiningOp()), natural = std::max<int64_t>(countOf(fold.value), 1);
    int64_t level = fold.prefix > 0 && fold.prefix < rows ? rows : fold.prefix;
    if (rows < 0 && fold.prefix > 0 && fold.prefix < rank)
      level = rank; // no loop of its own for this prefix
    double times = 1;
    for (int64_t axis = 0; axis < std::min<int64_t>(level, fold.sizes.size()); ++axis)
      times *= fold.sizes[axis];
    if (fold.prefix == 0 ? count <= kSharedFold : times <= natural || times / natural * count <= kSmallFold)
      continue;
    inside.first.push_back(fold.value);
  }
  return inside;
}

void Schedule::place(Value root) {
  if (isLeaf(root))
    return;
  auto inMemory = [&](Value v) { return isLeaf(v); };
  Inside inside = analyse(root, inMemory);
  for (Value value : inside.first)
    place(value);
  if (isLeaf(root))
    return;
  Operation *op = root.getDefiningOp();
  PhasePlan plan;
  if (auto sort = dyn_cast<ir::SortOp>(op))
    plan.roots = {sort.getSorted(), sort.getPermutation()};
  else
    plan.roots = {root};
  plan.rowAxes = rowsWithLanes(root, inside.rowAxes, inMemory);
  for (Value value : plan.roots)
    planOf[value] = plans.size();
  plans.push_back(plan);
}

Schedule::Needs Schedule::needsOf(Value root, size_t phase) const {
  Needs needs;
  llvm::SetVector<Value> values;
  values.insert(root);
  for (size_t i = 0; i < values.size(); ++i) {
    auto it = planOf.find(values[i]);
    needs.later |= it != planOf.end() && it->second > phase;
    needs.same |= it != planOf.end() && it->second == phase;
    Operation *op = values[i].getDefiningOp();
    if (op && (it == planOf.end() || it->second >= phase))
      values.insert(op->operand_begin(), op->operand_end());
  }
  return needs;
}

bool Schedule::join(Value root, size_t from) {
  ArrayRef<int64_t> shape = shapeOf(root);
  auto rank = static_cast<int64_t>(shape.size());
  for (size_t p = from; p < plans.size() && !isWhole(root.getDefiningOp()); ++p) {
    PhasePlan &plan = plans[p];
    Operation *op = plan.roots[0].getDefiningOp();
    ArrayRef<int64_t> other = shapeOf(plan.roots[0]);
    auto begins = [&](int64_t axes) {
      return axes >= 0 && axes <= std::min(rank, static_cast<int64_t>(other.size())) && other.take_front(axes) == shape.take_front(axes);
    };
    if (!op || isWhole(op) || !(other == shape || begins(plan.rowAxes) || (plan.rowAxes < 0 && rank > 0 && begins(rank))))
      continue;
    Needs needs = needsOf(root, p);
    if (needs.later)
      continue;
    auto inMemory = [&](Value v) {
      auto it = planOf.find(v);
      return !v.getDefiningOp() || (it != planOf.end() && it->second < p);
    };
    Inside inside = analyse(root, inMemory);
    if (!inside.first.empty())
      continue;
    int64_t rows = rowsWithLanes(root, inside.rowAxes, inMemory);
    bool isSame = rows == plan.rowAxes && (other == shape || begins(rows));
    // Elements that ask for no rows can be computed by rows as well: beside what does, or where the row is what is folded.
    bool isFlat = plan.rowAxes < 0;
    bool isFolded = isFlat && other != shape && rows == rank && needs.same && product(other.drop_front(rank)) > kSmallFold;
    bool becomesRows = isFolded || (isFlat && other == shape && rows >= 0 && rows < rank);
    bool takesRows = rows < 0 && begins(plan.rowAxes) && llvm::any_of(plan.roots, [&](Value v) { return shapeOf(v) == shape; });
    if (!isSame && !becomesRows && !takesRows)
      continue;
    if (becomesRows)
      plan.rowAxes = rows;
    plan.roots.push_back(root);
    planOf[root] = p;
    return true;
  }
  return false;
}

Schedule::Schedule(ValueRange results) {
  llvm::SetVector<Value> roots(results.begin(), results.end());
  SmallVector<Value> ordered(roots.begin(), roots.end());
  llvm::stable_sort(ordered, [](Value a, Value b) {
    Operation *x = a.getDefiningOp(), *y = b.getDefiningOp();
    return !x || !y ? !x && y : x != y && x->isBeforeInBlock(y);
  });
  size_t group = 0; // plans from here on are of results and may be joined
  for (Value root : ordered) {
    if (isLeaf(root)) {
      if (!root.getDefiningOp()) { // an argument returned: its own phase copies it
        plans.emplace_back();
        plans.back().roots = {root};
      }
      continue;
    }
    if (join(root, group))
      continue;
    size_t before = plans.size();
    place(root);
    if (plans.size() > before + 1)
      group = plans.size() - 1;
    if (isWhole(root.getDefiningOp()))
      group = plans.size(); // what reads it cannot come before it
  }
}

} // namespace dlc::codegen
