#include "passes/RowClasses.h"
#include "passes/Util.h"

#include "mlir/Transforms/RegionUtils.h"

namespace dlc::passes {
using namespace mlir;
using ir::SizeExpr;

static bool namesRows(const SizeExpr &size) {
  bool found = false;
  size.forEachSymbol([&](StringRef symbol) { found |= symbol == kRowsSymbol; });
  return found;
}

/// Splits `size = perRow * rows`.
static std::optional<int64_t> perRow(const SizeExpr &size) {
  auto quotient = SizeExpr::exactDiv(size, SizeExpr::symbol(kRowsSymbol));
  return quotient ? quotient->constant() : std::nullopt;
}

std::optional<RowAxis> RowAnalysis::axisOf(Type type) {
  ir::Shape shape = ir::shapeOf(type);
  for (auto [axis, size] : llvm::enumerate(shape))
    if (namesRows(size))
      return RowAxis{static_cast<int64_t>(axis), perRow(size).value_or(0)};
  return std::nullopt;
}

bool RowAnalysis::isMixed(Type type) {
  unsigned named = 0;
  for (const SizeExpr &size : ir::shapeOf(type))
    if (namesRows(size)) {
      ++named;
      if (!perRow(size))
        return true;
    }
  return named > 1;
}

RowAnalysis::RowAnalysis(ir::FuncOp body) {
  for (BlockArgument argument : body.getBody().getArguments())
    classes[argument] = axisOf(argument.getType()) ? RowClass::Rows : RowClass::Constant;
  classifyBlock(body.getBody().front());
}

/// The worst class in the block.
RowClass RowAnalysis::classifyBlock(Block &block) {
  RowClass worst = RowClass::Constant;
  for (Operation &op : block.without_terminator()) {
    RowClass rowClass = classify(op);
    worst = std::max(worst, rowClass);
    opClasses[&op] = rowClass;
    for (Value result : op.getResults()) {
      // What has no rows after an operation on rows in a loop or cond does not depend on them.
      bool constant =
          rowClass == RowClass::Rows && op.getNumRegions() != 0 && !axisOf(result.getType());
      classes[result] = constant ? RowClass::Constant : rowClass;
    }
  }
  return worst;
}

RowClass RowAnalysis::classify(Operation &op) {
  RowClass worst = RowClass::Constant;
  auto read = [&](Value value) { worst = std::max(worst, of(value)); };
  for (Value operand : op.getOperands())
    read(operand);
  for (Region &region : op.getRegions())
    visitUsedValuesDefinedAbove(region, region, [&](OpOperand *use) { read(use->get()); });
  if (worst == RowClass::Whole || isa<ir::HostOp>(op) || llvm::any_of(op.getResultTypes(), isMixed))
    return RowClass::Whole;
  if (isa<ir::CheckOp>(op))
    return worst == RowClass::Rows ? RowClass::Rows : RowClass::Whole;
  if (op.getNumRegions() != 0)
    return classifyRegions(op, worst);

  bool rows = false;
  for (OpResult result : op.getResults()) {
    auto axis = axisOf(result.getType());
    if (!axis) {
      if (worst == RowClass::Rows)
        return RowClass::Whole; // all rows meet in it
      continue;
    }
    rows = true;
    for (unsigned i = 0; i < op.getNumOperands(); ++i)
      if (of(op.getOperand(i)) == RowClass::Rows && !isRowWise(op, i, *axis))
        return RowClass::Whole;
    if (auto iota = dyn_cast<ir::IotaOp>(op);
        iota && static_cast<int64_t>(iota.getAxis()) == axis->axis)
      offsets.push_back(&op);
    if (isa<ir::RandomOp>(op)) {
      if (axis->axis != 0)
        return RowClass::Whole;
      offsets.push_back(&op);
    }
    if (isa<ir::ConstantOp>(op))
      return RowClass::Whole;
  }
  return rows ? RowClass::Rows : RowClass::Constant;
}

/// Whether row i of the result takes from row i of the operand alone.
bool RowAnalysis::isRowWise(Operation &op, unsigned operand, RowAxis result) {
  Type type = op.getOperand(operand).getType();
  auto mine = axisOf(type);
  if (!mine)
    return false;
  if (isa<ir::ReshapeOp>(op)) {
    // Row-major order keeps rows together where as many elements stand before the axis.
    ir::Shape from = ir::shapeOf(type), to = ir::shapeOf(op.getResult(0).getType());
    return ir::elementCount(ir::ShapeRef(from).take_front(mine->axis)) ==
           ir::elementCount(ir::ShapeRef(to).take_front(result.axis));
  }
  auto indexing = dyn_cast<ir::IndexingInterface>(op);
  if (!indexing || mine->perRow != result.perRow)
    return false;
  SmallVector<int64_t> axes = indexing.operandAxes(operand);
  return mine->axis < static_cast<int64_t>(axes.size()) && axes[mine->axis] == result.axis;
}

RowClass RowAnalysis::classifyRegions(Operation &op, RowClass operands) {
  if (!isMemoryEffectFree(&op))
    return RowClass::Whole;
  if (auto loop = dyn_cast<ir::LoopOp>(op))
    return classifyLoop(loop);
  auto cond = dyn_cast<ir::CondOp>(op);
  if (!cond || of(cond.getCondition()) != RowClass::Constant)
    return RowClass::Whole;
  RowClass worst = operands;
  for (Region &region : op.getRegions()) {
    worst = std::max(worst, classifyBlock(region.front()));
    for (Value yielded : region.front().getTerminator()->getOperands())
      if (of(yielded) == RowClass::Rows && !axisOf(yielded.getType()))
        return RowClass::Whole;
  }
  return worst;
}

/// A loop stays with the rows if each pass does: what it carries keeps its class, because the type
/// says which it is.
RowClass RowAnalysis::classifyLoop(ir::LoopOp loop) {
  if (loop.getCount() && of(loop.getCount()) != RowClass::Constant)
    return RowClass::Whole;
  SmallVector<SizeExpr> bound(loop.getBound().getSizes());
  if (llvm::any_of(bound, namesRows))
    return RowClass::Whole;
  classes[loop.getIndex()] = RowClass::Constant;
  auto classOfType = [](Type type) { return axisOf(type) ? RowClass::Rows : RowClass::Constant; };
  for (auto [argument, walked] : llvm::zip(loop.getWalkedArguments(), loop.getWalked())) {
    auto axis = axisOf(walked.getType());
    if (axis && axis->axis == 0)
      return RowClass::Whole;
    classes[argument] = classOfType(argument.getType());
  }
  for (BlockArgument argument : loop.getCarriedArguments())
    classes[argument] = classOfType(argument.getType());
  RowClass worst = classifyBlock(loop.getBody().front());
  for (Value yielded : loop.getYielded())
    if (of(yielded) == RowClass::Whole ||
        (of(yielded) == RowClass::Rows && !axisOf(yielded.getType())))
      return RowClass::Whole;
  for (Value result : loop.getResults())
    worst = std::max(worst, classOfType(result.getType()));
  return worst;
}

} // namespace dlc::passes
