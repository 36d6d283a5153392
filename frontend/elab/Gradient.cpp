// `gradient(y, x)`, and the checks of what y depends on (rules 28, 30).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

Value Elaborator::gradient(const Value &of, const Value &by, SourceRange range, SourceRange ofRange, SourceRange byRange) {
  if (of.isError() || by.isError())
    return Value::error();
  Tensor y = toTensor(of, ofRange);
  if (y.isError())
    return Value::error();
  if (y.rank() != 0 || !isFloat(y.element)) {
    auto builder = report(diag::gradient_of, ofRange, y.typeText());
    if (y.rank())
      builder.addHelp("`sum` or `mean` makes a scalar of it");
    return Value::error();
  }
  std::vector<TreeLeaf> leaves = flatten(by, false);
  if (leaves.empty())
    return error(diag::gradient_by, byRange, by.describe());
  GradientCheck check{function, nullptr, {}, {}, cx().history.size(), range, ofRange};
  llvm::SmallVector<mlir::Value> values;
  llvm::SmallVector<mlir::Type> types;
  std::vector<Tensor> tensors;
  for (const TreeLeaf &leaf : leaves) {
    Value present = read(leaf.value);
    if (present.isError())
      return Value::error();
    const Tensor &tensor = present.asTensor();
    if (!isFloat(tensor.element))
      return error(diag::gradient_by, byRange, present.describe());
    bool isPlace = leaf.value.is(ValueKind::PlaceRef);
    mlir::Operation *op = tensor.value.getDefiningOp();
    if (!isPlace && op && !mlir::isa<ir::VariableOp>(op)) {
      report(diag::gradient_by_expression, byRange).help("name it with `let` and compute `" + program.sources().text(ofRange).str() + "` from the name");
      return Value::error();
    }
    check.leaves.push_back(isPlace ? leaf.value.asPlace() : nullptr);
    std::string name = isPlace && !leaf.value.asPlace()->name.empty() ? leaf.value.asPlace()->name : leaf.path;
    check.names.push_back(name.empty() ? program.sources().text(byRange).str() : name);
    values.push_back(tensor.value);
    types.push_back(tensor.value.getType());
    tensors.push_back(tensor);
  }
  Restore<SourceRange> place(current, range);
  auto op = ir::GradientOp::create(builder(), location(range), types, y.value, values);
  check.op = op;
  gradients.push_back(std::move(check));
  size_t index = 0;
  return mapTree(by, [&](const Value &leaf, llvm::StringRef, bool isState) -> Value {
    if (isState)
      return leaf;
    const Tensor &tensor = tensors[index];
    return Value::tensor(emit.wrap(op->getResult(index++), tensor.element, tensor.shape));
  }, true);
}

namespace {
/// Walks from a value to all that it is computed from, along paths that have a derivative.
struct Reach {
  llvm::DenseSet<mlir::Value> visited;
  /// Reached, and not walked through.
  llvm::DenseSet<mlir::Value> stops;
  bool throughVariables = true;
  /// Operations without a derivative that ended a path.
  llvm::SmallVector<mlir::Operation *> blocked;

  void walk(mlir::Value start) {
    llvm::SmallVector<mlir::Value> work{start};
    while (!work.empty()) {
      mlir::Value value = work.pop_back_val();
      auto type = mlir::dyn_cast<mlir::RankedTensorType>(value.getType());
      if (!type || !visited.insert(value).second || stops.contains(value))
        continue;
      if (!mlir::isa<mlir::FloatType>(type.getElementType())) {
        if (mlir::Operation *op = value.getDefiningOp())
          blocked.push_back(op);
        continue;
      }
      if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(value)) {
        if (auto loop = mlir::dyn_cast_or_null<ir::LoopOp>(argument.getOwner()->getParentOp())) {
          unsigned number = argument.getArgNumber(), walked = loop.getWalked().size();
          if (number >= 1 && number <= walked)
            work.push_back(loop.getWalked()[number - 1]);
          else if (number > walked) {
            work.push_back(loop.getInits()[number - 1 - walked]);
            work.push_back(loop.getYieldedCarries()[number - 1 - walked]);
          }
        }
        continue;
      }
      mlir::Operation *op = value.getDefiningOp();
      unsigned number = mlir::cast<mlir::OpResult>(value).getResultNumber();
      if (auto cond = mlir::dyn_cast<ir::CondOp>(op)) {
        work.push_back(cond.getThenRegion().front().getTerminator()->getOperand(number));
        work.push_back(cond.getElseRegion().front().getTerminator()->getOperand(number));
      } else if (auto loop = mlir::dyn_cast<ir::LoopOp>(op)) {
        unsigned carries = loop.getInits().size();
        if (number < carries)
          work.push_back(loop.getInits()[number]);
        work.push_back(number < carries ? loop.getYieldedCarries()[number] : loop.getYieldedCollected()[number - carries]);
      } else if (mlir::isa<ir::StopGradientOp>(op)) {
        continue;
      } else if (mlir::isa<ir::RandomOp>(op)) {
        blocked.push_back(op);
      } else if (mlir::isa<ir::VariableOp>(op)) {
        if (throughVariables)
          work.push_back(op->getOperand(0));
      } else {
        work.append(op->operand_begin(), op->operand_end());
      }
    }
  }
};
} // namespace

static std::string joinNames(llvm::ArrayRef<std::string> names) {
  std::string text;
  for (size_t i = 0; i < names.size() && i < 4; ++i)
    text += (i ? ", `" : "`") + names[i] + "`";
  if (names.size() > 4)
    text += " and " + std::to_string(names.size() - 4) + " more";
  return text;
}

/// An argument of a loop around the gradient through which `y` depends on what earlier passes made of `x`.
static bool crossesPasses(const FunctionContext &home, const Elaborator::GradientCheck &check, Reach &reach, mlir::Value &through) {
  llvm::DenseSet<mlir::Value> versions;
  for (mlir::Value value : check.op->getOperands().drop_front())
    versions.insert(value);
  for (const WriteRecord &record : home.history)
    if (llvm::is_contained(check.leaves, record.place)) {
      versions.insert(record.before);
      versions.insert(record.after);
    }
  for (mlir::Operation *parent = check.op->getParentOp(); parent; parent = parent->getParentOp()) {
    auto loop = mlir::dyn_cast<ir::LoopOp>(parent);
    if (!loop)
      continue;
    for (auto [index, argument] : llvm::enumerate(loop.getCarriedArguments())) {
      if (!reach.visited.contains(argument) || versions.contains(argument))
        continue;
      Reach inner;
      inner.walk(loop.getYieldedCarries()[index]);
      for (mlir::Value version : versions)
        if (inner.visited.contains(version)) {
          through = argument;
          return true;
        }
    }
  }
  return false;
}

void Elaborator::checkGradients(FunctionContext &home) {
  for (GradientCheck &check : gradients) {
    if (check.home != &home)
      continue;
    mlir::Value y = check.op->getOperand(0);
    llvm::DenseSet<mlir::Value> leaves;
    for (mlir::Value x : check.op->getOperands().drop_front())
      leaves.insert(x);
    Reach full;
    full.walk(y);
    std::vector<std::string> missing, all;
    size_t reached = 0;
    for (auto [index, x] : llvm::enumerate(check.op->getOperands().drop_front())) {
      all.push_back(check.names[index]);
      if (full.visited.contains(x))
        ++reached;
      else
        missing.push_back(check.names[index]);
    }
    std::string text = program.sources().text(check.ofRange).str();
    if (text.size() > 60 || text.find('\n') != std::string::npos)
      text = "the value";
    // A former value of a leaf's place (rule 30), unless by way of a snapshot or of what another update made of it.
    Reach fresh;
    fresh.throughVariables = false;
    fresh.stops = leaves;
    for (const WriteRecord &record : home.history)
      if (record.place->kind == PlaceKind::Param)
        fresh.stops.insert(record.after);
    fresh.walk(y);
    bool stale = false;
    for (size_t i = 0; i < check.writes && !stale; ++i) {
      const WriteRecord &record = home.history[i];
      if (!llvm::is_contained(check.leaves, record.place) || leaves.contains(record.before) || !fresh.visited.contains(record.before))
        continue;
      stale = true;
      report(diag::stale_loss, check.range, text, record.place->name)
          .note(record.range, "this statement changed it")
          .help("compute `" + text + "` again after it, or use `stop_gradient`");
    }
    if (stale)
      continue;
    if (reached == 0) {
      auto builder = report(diag::no_dependence, check.range, text, joinNames(all));
      builder.addNote(check.ofRange, "computed here");
      for (mlir::Operation *op : full.blocked)
        if (!mlir::isa<ir::ConstantOp, ir::SizeOp, ir::IotaOp>(op)) {
          Reach beyond;
          for (mlir::Value operand : op->getOperands())
            beyond.walk(operand);
          for (mlir::Value x : check.op->getOperands().drop_front())
            if (beyond.visited.contains(x)) {
              builder.addHelp("it depends on it only through `" + op->getName().stripDialect().str() + "`, which has no slope");
              break;
            }
        }
      continue;
    }
    // The leaves are held: what earlier passes made of them counts only where it is reached by another way.
    Reach held;
    held.stops = leaves;
    held.walk(y);
    mlir::Value through;
    if (crossesPasses(home, check, held, through)) {
      std::string name = ir::nameOf(through).str();
      report(diag::gradient_across_passes, check.range, text, name.empty() ? "a value" : name, joinNames(all))
          .help("take the derivative after the loop, or cut it with `stop_gradient`");
      continue;
    }
    if (!missing.empty())
      report(diag::zero_gradient, check.range, text, joinNames(missing));
  }
}

} // namespace dlc::frontend
