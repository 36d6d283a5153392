#include "passes/KernelShape.h"

#include "ir/Cost.h"
#include "passes/Util.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SetVector.h"

namespace dlc::passes {
using namespace mlir;
using ir::KernelKind;

bool isMove(Operation *op) {
  return isa<ir::BroadcastOp, ir::ReshapeOp, ir::TransposeOp, ir::SliceOp, ir::PadOp, ir::ConcatOp,
             ir::ReverseOp, ir::DynamicSliceOp, ir::WindowOp, ir::GatherOp, ir::IotaOp,
             ir::RandomOp, ir::SizeOp, ir::ConstantOp>(op);
}

static bool isHeavy(Operation *op) { return isa<ir::DotOp, ir::ConvOp>(op); }
static bool isReduction(Operation *op) {
  return isa<ir::ReduceOp, ir::ArgReduceOp, ir::OverlapAddOp>(op);
}
static bool isSpecial(Operation *op) {
  return isa<ir::ScatterOp, ir::DynamicUpdateOp, ir::SortOp, ir::CumulateOp>(op);
}

bool isFusible(Operation *op) {
  if (isa<ir::ConstantOp>(op))
    return isSplatConstant(op);
  return isElementwise(op) || isMove(op) || isHeavy(op) || isReduction(op) || isSpecial(op);
}

int64_t elementCost(Operation *op) {
  if (auto unary = dyn_cast<ir::UnaryOp>(op)) {
    if (ir::isOneInstruction(unary.getFn()))
      return 1;
    switch (unary.getFn()) {
    case ir::UnaryFn::sqrt:
    case ir::UnaryFn::rsqrt:
    case ir::UnaryFn::reciprocal:
    case ir::UnaryFn::round_bf16:
    case ir::UnaryFn::round_tf32:
      return 5;
    default:
      return 20;
    }
  }
  if (auto binary = dyn_cast<ir::BinaryOp>(op)) {
    switch (binary.getFn()) {
    case ir::BinaryFn::div:
      return 5;
    case ir::BinaryFn::floordiv:
    case ir::BinaryFn::mod:
      return 10;
    case ir::BinaryFn::pow:
    case ir::BinaryFn::atan2:
      return 40;
    default:
      return 1;
    }
  }
  if (isa<ir::RandomOp>(op))
    return 15;
  if (isa<ir::GatherOp, ir::PadOp, ir::ConcatOp, ir::DynamicSliceOp>(op))
    return 2;
  if (isa<ir::BroadcastOp, ir::ConstantOp, ir::SizeOp, ir::ReshapeOp>(op))
    return 0;
  return 1;
}

namespace {

/// Units of arithmetic that a kernel may do twice for one element to save memory traffic.
constexpr int64_t kRecompute = 8;

/// At which indices a value is asked for when one element of the kernel is computed: 0 is the index
/// of the element itself, each way through moves is another one.
struct Uses {
  llvm::SmallDenseSet<uint64_t, 4> indices;
  bool repeated = false; // below a move that reads an element several times, or computes it in vain
                         // where it takes another
};

class Classifier {
public:
  Classifier(ArrayRef<Operation *> ops, const FusionLimits &limits)
      : ops(ops), members(ops.begin(), ops.end()), limits(limits) {}

  Verdict run() {
    if (failed(countOps()))
      return no("it would have too many operations or operands");
    SmallVector<Operation *> heavy, special, reductions;
    for (Operation *op : ops) {
      if (isHeavy(op))
        heavy.push_back(op);
      else if (isSpecial(op))
        special.push_back(op);
      else if (isReduction(op))
        reductions.push_back(op);
    }
    if (heavy.size() + special.size() > 1)
      return no("a kernel has one heavy operation");
    if (heavy.size() + special.size() == 1 && !reductions.empty())
      return no("a reduction and a heavy operation are two kernels");
    if (!heavy.empty())
      return checkHeavy(heavy[0]);
    if (!special.empty())
      return checkSpecial(special[0]);
    if (reductions.empty())
      return checkMap();
    if (Verdict verdict = checkReduce(reductions))
      return verdict;
    return foldsTrailing(reductions[0]) ? checkRows(reductions) : checkColumns(reductions);
  }

private:
  static Verdict no(StringRef reason) { return {std::nullopt, reason}; }
  static Verdict yes(KernelKind kind) { return {kind, {}}; }

  bool isMember(Operation *op) const { return op && members.contains(op); }
  bool isInternal(Value value) const { return isMember(value.getDefiningOp()); }
  /// Not computed by the kernel: an operand of it, or a number in it.
  bool isGiven(Value value) const {
    Operation *op = value.getDefiningOp();
    return !isMember(op) || isa<ir::ConstantOp, ir::SizeOp>(op);
  }
  bool isOutput(Operation *op) const {
    return llvm::any_of(op->getUsers(), [&](Operation *user) { return !members.contains(user); });
  }
  static ArrayRef<int64_t> shape(Value value) { return ranked(value).getShape(); }
  /// Equal sizes, symbols included.
  static bool sameShape(Value a, Value b) {
    return shape(a) == shape(b) && ranked(a).getEncoding() == ranked(b).getEncoding();
  }

  LogicalResult countOps() {
    llvm::SmallPtrSet<Value, 16> operands;
    int64_t count = 0;
    for (Operation *op : ops) {
      count += !isa<ir::ConstantOp>(op);
      for (Value operand : op->getOperands())
        if (!isInternal(operand) &&
            !(operand.getDefiningOp() && isSplatConstant(operand.getDefiningOp())))
          operands.insert(operand);
    }
    // An operation by itself is a kernel whatever it takes: a list of many values is one.
    return success(count <= 1 || (count <= limits.maxOps &&
                                  static_cast<int64_t>(operands.size()) <= limits.maxOperands));
  }

  /// The one shape of all results; null where they differ.
  Value commonOutput() {
    Value common;
    for (Operation *op : ops) {
      if (!isOutput(op))
        continue;
      for (Value result : op->getResults()) {
        if (common && !sameShape(common, result))
          return {};
        common = common ? common : result;
      }
    }
    return common;
  }

  /// Whether a move reads some element of its operand more than once.
  static bool repeats(Operation *move, Value operand) {
    if (isa<ir::ReshapeOp, ir::TransposeOp, ir::ReverseOp, ir::SliceOp, ir::DynamicSliceOp>(move))
      return operand != move->getOperand(0);
    return estimatedCount(move->getResult(0).getType()) > estimatedCount(operand.getType());
  }

  /// Counts, from the last operation up, at how many indices each value is needed, and holds the
  /// work done twice against the limit. `roots` are computed by their own rule: they ask for their
  /// operands once.
  LogicalResult countUses(ArrayRef<Operation *> part, function_ref<bool(Operation *)> isRoot) {
    llvm::DenseMap<Operation *, Uses> uses;
    int64_t twice = 0;
    for (Operation *op : llvm::reverse(part)) {
      Uses &mine = uses[op];
      if (isOutput(op))
        mine.indices.insert(0);
      for (Operation *user : op->getUsers()) {
        if (!members.contains(user))
          continue;
        if (isRoot(user)) {
          mine.indices.insert(0);
          continue;
        }
        auto it = uses.find(user);
        if (it == uses.end())
          continue;
        const Uses theirs = it->second;
        mine.repeated |= theirs.repeated;
        if (isElementwise(user)) {
          mine.indices.insert(theirs.indices.begin(), theirs.indices.end());
          continue;
        }
        for (uint64_t index : theirs.indices)
          mine.indices.insert(llvm::hash_combine(index, user));
        for (Value operand : user->getOperands())
          mine.repeated |= operand.getDefiningOp() == op && repeats(user, operand);
      }
      int64_t times =
          std::max<int64_t>(0, static_cast<int64_t>(mine.indices.size()) - 1) + mine.repeated;
      twice += times * elementCost(op);
      if (twice > kRecompute)
        return failure();
    }
    return success();
  }

  Verdict checkMap() {
    if (!commonOutput())
      return no("the results have several shapes");
    if (failed(countUses(ops, [](Operation *) { return false; })))
      return no("values would be computed several times");
    return yes(KernelKind::map);
  }

  /// All members that depend on one of `roots`, the roots included.
  llvm::SmallPtrSet<Operation *, 16> dependents(ArrayRef<Operation *> roots) {
    llvm::SmallPtrSet<Operation *, 16> found(roots.begin(), roots.end());
    for (Operation *op : ops)
      for (Value operand : op->getOperands())
        if (isInternal(operand) && found.contains(operand.getDefiningOp()))
          found.insert(op);
    return found;
  }
  /// All members on which one of `roots` depends, without the roots.
  llvm::SmallPtrSet<Operation *, 16> ancestors(ArrayRef<Operation *> roots) {
    llvm::SmallPtrSet<Operation *, 16> found;
    llvm::SmallPtrSet<Operation *, 16> rootSet(roots.begin(), roots.end());
    for (Operation *op : llvm::reverse(ops))
      if (rootSet.contains(op) || found.contains(op))
        for (Value operand : op->getOperands())
          if (isInternal(operand))
            found.insert(operand.getDefiningOp());
    return found;
  }

  /// Operations on the result of a root (those of `after`) and what they read beside it:
  /// element-wise on `shape`, with broadcasts of given values.
  Verdict checkEpilogue(const llvm::SmallPtrSet<Operation *, 16> &after,
                        ArrayRef<Operation *> roots,
                        const llvm::SmallPtrSet<Operation *, 16> &before, int64_t maxOps) {
    Value like = roots[0]->getResult(0);
    int64_t count = 0;
    for (Operation *op : ops) {
      if (llvm::is_contained(roots, op) || before.contains(op) ||
          isa<ir::ConstantOp, ir::SizeOp>(op))
        continue;
      if (isElementwise(op)) {
        if (!sameShape(op->getResult(0), like))
          return no("the operations after the root have another shape");
        ++count;
      } else if (isa<ir::BroadcastOp>(op)) {
        if (!isGiven(op->getOperand(0)) || !sameShape(op->getResult(0), like))
          return no("only what the kernel is given may be broadcast after the root");
      } else {
        return no("only element-wise operations may follow the root");
      }
      if (isOutput(op) && !after.contains(op))
        return no("a result does not depend on the root");
    }
    if (count > maxOps)
      return no("too many operations follow the root");
    return yes(KernelKind::map);
  }

  Verdict checkReduce(ArrayRef<Operation *> roots) {
    if (roots.size() > 1) {
      auto first = dyn_cast<ir::ReduceOp>(roots[0]);
      for (Operation *root : roots) {
        auto other = dyn_cast<ir::ReduceOp>(root);
        if (!first || !other || !sameShape(first.getOperand(), other.getOperand()) ||
            first.getAxes() != other.getAxes())
          return no("the reductions fold different axes");
      }
    }
    auto before = ancestors(roots);
    auto after = dependents(roots);
    for (Operation *op : ops)
      if (before.contains(op) && after.contains(op))
        return no("a reduction feeds another");
    Value full = roots[0]->getOperand(0);
    SmallVector<Operation *> producers;
    for (Operation *op : ops) {
      if (!before.contains(op))
        continue;
      producers.push_back(op);
      if (isa<ir::ConstantOp, ir::SizeOp>(op))
        continue;
      if (isOutput(op) && !(limits.reduceWithFullResult && sameShape(op->getResult(0), full)))
        return no("a tensor and its reduction are two results");
      for (Operation *user : op->getUsers())
        if (isMember(user) && !before.contains(user) && !llvm::is_contained(roots, user))
          return no("a value is used before and after the reduction");
    }
    for (Operation *op : ops)
      if (isa<ir::ConstantOp>(op) && isOutput(op))
        return no("a constant is a result");
    if (failed(countUses(producers, [&](Operation *op) { return llvm::is_contained(roots, op); })))
      return no("values would be computed several times");
    if (Verdict epilogue = checkEpilogue(after, roots, before, limits.maxEpilogueOps); !epilogue)
      return epilogue;
    return yes(KernelKind::reduce);
  }

  Verdict checkRows(ArrayRef<Operation *> roots) {
    Value full = roots[0]->getOperand(0);
    int64_t rowRank = ranked(roots[0]->getResult(0)).getRank();
    for (Operation *root : roots)
      if (!foldsTrailing(root) || !sameShape(root->getOperand(0), full) || !sameShape(root->getResult(0), roots[0]->getResult(0)))
        return no("the reductions fold different axes");
    int64_t row = 1;
    for (int64_t size : shape(full).drop_front(rowRank))
      row *= ShapedType::isDynamic(size) ? 1 : size;
    if (row > (rowRank == 0 ? std::min<int64_t>(limits.maxRow, 16384) : limits.maxRow))
      return no("a row is too long to be walked several times");
    if (Verdict verdict = checkSpace(full, roots[0]->getResult(0), llvm::to_vector(llvm::seq<int64_t>(0, rowRank))); !verdict)
      return verdict;
    return yes(KernelKind::rows);
  }

  Verdict checkColumns(ArrayRef<Operation *> roots) {
    auto first = dyn_cast<ir::ReduceOp>(roots[0]);
    for (Operation *root : roots) {
      auto reduce = dyn_cast<ir::ReduceOp>(root);
      if (!first || !reduce || reduce.getAxes() != first.getAxes() || !sameShape(reduce.getOperand(), first.getOperand()))
        return no("the reductions fold different axes");
    }
    Value full = first.getOperand(), columns = first.getResult();
    if (!limits.columns)
      return no("what is folded over other axes than the last ones is needed as a whole before the elements that were folded");
    SmallVector<int64_t> kept;
    for (int64_t axis = 0; axis < ranked(full).getRank(); ++axis)
      if (!llvm::is_contained(first.getAxes(), axis))
        kept.push_back(axis);
    if (Verdict verdict = checkSpace(full, columns, kept); !verdict)
      return verdict;
    auto after = dependents(roots);
    bool returns = llvm::any_of(ops, [&](Operation *op) { return isa<ir::BroadcastOp>(op) && after.contains(op) && sameShape(op->getResult(0), full); });
    if (!returns)
      return no("a tensor and its reduction are two results");
    return yes(KernelKind::columns);
  }

  /// All but reductions is element-wise on the space or on what is left of it behind a fold, which has its axes `kept`, or a way from one to the other.
  Verdict checkSpace(Value full, Value rows, ArrayRef<int64_t> kept) {
    for (Operation *op : ops) {
      if (isa<ir::ConstantOp, ir::SizeOp>(op) && !isOutput(op))
        continue;
      Value result = op->getResult(0);
      if (!sameShape(result, full) && !sameShape(result, rows))
        return no("a value has neither the shape of the space nor that of its rows");
      if (isReduction(op) || isElementwise(op))
        continue;
      if (auto broadcast = dyn_cast<ir::BroadcastOp>(op); broadcast && sameShape(broadcast.getOperand(), rows) && broadcast.getAxes() == kept)
        continue;
      auto rowRank = static_cast<int64_t>(kept.size());
      if (auto gather = dyn_cast<ir::GatherOp>(op); gather && llvm::equal(kept, llvm::seq<int64_t>(0, rowRank)) && isOfRow(gather, full, rows, rowRank))
        continue;
      if (!isMove(op) || !llvm::all_of(op->getOperands(), [&](Value v) { return isGiven(v); }))
        return no("a value of the kernel is moved across rows");
    }
    return yes(KernelKind::rows);
  }

  static bool foldsTrailing(Operation *op) {
    int64_t rank = ranked(op->getOperand(0)).getRank();
    if (auto reduce = dyn_cast<ir::ReduceOp>(op)) {
      auto count = static_cast<int64_t>(reduce.getAxes().size());
      return count > 0 && llvm::equal(reduce.getAxes(), llvm::seq<int64_t>(rank - count, rank));
    }
    auto arg = dyn_cast<ir::ArgReduceOp>(op);
    return arg && static_cast<int64_t>(arg.getAxis()) == rank - 1;
  }

  /// One element of each row, by an index that is given.
  bool isOfRow(ir::GatherOp op, Value full, Value rows, int64_t rowRank) {
    return sameShape(op.getOperand(), full) && sameShape(op.getResult(), rows) &&
           isGiven(op.getIndices()) && static_cast<int64_t>(op.getBatch()) == rowRank &&
           static_cast<int64_t>(op.getAxis()) == rowRank;
  }

  Verdict checkHeavy(Operation *root) {
    for (Value operand : root->getOperands())
      if (isInternal(operand))
        return no("a product reads only what the kernel is given");
    auto conv = dyn_cast<ir::ConvOp>(root);
    if (conv && conv.getKind() == ir::ConvKind::weight && ops.size() > 1)
      return no("the gradient of a convolution's weight stands alone");
    if (Verdict epilogue = checkEpilogue(dependents({root}), {root}, {}, limits.maxEpilogueOps);
        !epilogue)
      return epilogue;
    llvm::SmallPtrSet<Value, 8> extra;
    for (Operation *op : ops)
      for (Value operand : op->getOperands())
        if (!isInternal(operand) && !llvm::is_contained(root->getOperands(), operand) &&
            !(operand.getDefiningOp() && isSplatConstant(operand.getDefiningOp())))
          extra.insert(operand);
    if (static_cast<int64_t>(extra.size()) > limits.maxEpilogueOperands)
      return no("too many tensors are read after the product");
    for (Operation *op : ops)
      if (isa<ir::ConstantOp>(op) && isOutput(op))
        return no("a constant is a result");
    return yes(conv ? KernelKind::conv : KernelKind::dot);
  }

  Verdict checkSpecial(Operation *root) {
    auto before = ancestors({root});
    SmallVector<Operation *> producers;
    bool onlyElementwise = isa<ir::SortOp>(root);
    for (Operation *op : ops) {
      if (op == root)
        continue;
      if (!before.contains(op))
        return no("nothing may follow a scatter, sort or running fold");
      if (isOutput(op))
        return no("a value is used before and after the root");
      if (!isElementwise(op) && (onlyElementwise ? !isa<ir::ConstantOp>(op) : !isMove(op)))
        return no("only element-wise operations and moves may stand before the root");
      producers.push_back(op);
    }
    if (isa<ir::ScatterOp, ir::DynamicUpdateOp>(root) && !isFill(root->getOperand(0)))
      return no("the target of a scatter must be given or one scalar");
    if (failed(countUses(producers, [&](Operation *op) { return op == root; })))
      return no("values would be computed several times");
    return yes(isa<ir::SortOp>(root)       ? KernelKind::sort
               : isa<ir::CumulateOp>(root) ? KernelKind::cumulate
                                           : KernelKind::scatter);
  }

  /// Given, a constant, or a broadcast of a given scalar that only the root reads.
  bool isFill(Value value) {
    if (isGiven(value))
      return true;
    auto broadcast = value.getDefiningOp<ir::BroadcastOp>();
    return broadcast && isGiven(broadcast.getOperand()) &&
           ranked(broadcast.getOperand()).getRank() == 0;
  }

  ArrayRef<Operation *> ops;
  llvm::SmallPtrSet<Operation *, 32> members;
  const FusionLimits &limits;
};

} // namespace

Verdict classify(ArrayRef<Operation *> ops, const FusionLimits &limits) {
  return Classifier(ops, limits).run();
}

} // namespace dlc::passes
