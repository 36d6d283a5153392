// Condensing: what is computed for each leaf of a tree.
#include "passes/Condense.h"
#include "passes/Util.h"

#include "ir/Names.h"

#include "llvm/ADT/SetVector.h"

namespace dlc::passes {
using namespace mlir;

namespace {

/// What one leaf's updates compute, as a function of scalars.
class LeafFunction {
public:
  LeafFunction(MLIRContext *context, StringRef leaf) : builder(context), leaf(leaf) {
    func = ir::FuncOp::create(builder, UnknownLoc::get(context), "each", builder.getFunctionType({}, {}));
    block = &func->getBody().emplaceBlock();
    builder.setInsertionPointToEnd(block);
  }

  /// False where the roots are no element-wise functions of the leaf.
  bool build(ArrayRef<Value> roots, ArrayRef<std::string> names) {
    SmallVector<Value> results;
    for (auto [root, name] : llvm::zip(roots, names)) {
      Value result = scalar(root);
      // A result that is an argument, or two that are one value, would need a name of their own.
      if (!result || !result.getDefiningOp() || llvm::is_contained(results, result))
        return false;
      result.setLoc(ir::named(name, result.getLoc()));
      results.push_back(result);
    }
    ir::ReturnOp::create(builder, func->getLoc(), results);
    func->setFunctionType(builder.getFunctionType(block->getArgumentTypes(), ValueRange(results).getTypes()));
    func->setPrivate();
    return true;
  }

  std::string text() {
    std::string text;
    llvm::raw_string_ostream os(text);
    OpPrintingFlags flags;
    flags.printNameLocAsPrefix(true).useLocalScope();
    func->print(os, flags);
    return text;
  }

  OwningOpRef<ir::FuncOp> func;
  /// The trees and scalars that the arguments stand for.
  SmallVector<Value> outer;
  /// The operations of the leaf.
  llvm::SetVector<Operation *> operations;

private:
  Value argument(Value value, StringRef name, Type element) {
    auto found = llvm::find(outer, value);
    if (found != outer.end())
      return block->getArgument(found - outer.begin());
    outer.push_back(value);
    return block->addArgument(RankedTensorType::get({}, element), ir::named(name, value.getLoc()));
  }

  static StringRef lastPart(StringRef name) {
    name = name.substr(name.rfind('$') + 1);
    return name.substr(name.rfind('.') + 1);
  }

  bool isConstant(Operation *op) {
    if (auto known = constants.find(op); known != constants.end())
      return known->second;
    bool result = isa<ir::ConstantOp>(op) || (isElementwise(op) && llvm::all_of(op->getOperands(), [&](Value operand) {
                    Operation *inner = operand.getDefiningOp();
                    return inner && isConstant(inner);
                  }));
    return constants[op] = result;
  }
  bool varies(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return false;
    if (isa<ir::GetOp>(op))
      return true;
    if (auto known = varying.find(op); known != varying.end())
      return known->second;
    bool result = (isElementwise(op) || isa<ir::BroadcastOp>(op)) && llvm::any_of(op->getOperands(), [&](Value operand) { return varies(operand); });
    return varying[op] = result;
  }

  Value scalar(Value value) {
    if (Value known = scalars.lookup(value))
      return known;
    Value result = makeScalar(value);
    if (result)
      scalars[value] = result;
    return result;
  }

  Value makeScalar(Value value) {
    Operation *op = value.getDefiningOp();
    auto type = ranked(value);
    if (auto get = dyn_cast_or_null<ir::GetOp>(op)) {
      if (get.getLeaf() != leaf)
        return {};
      StringRef name = lastPart(ir::nameOf(get.getTree()));
      return argument(get.getTree(), name.empty() ? "gradient" : name, type.getElementType());
    }
    if (auto broadcast = dyn_cast_or_null<ir::BroadcastOp>(op); broadcast && ranked(broadcast.getOperand()).getRank() == 0) {
      operations.insert(op);
      return scalar(broadcast.getOperand());
    }
    if (!op || !(isConstant(op) || varies(value)))
      return type.getRank() == 0 ? argument(value, ir::nameOf(value), type.getElementType()) : Value();
    if (isa<ir::ConstantOp>(op) ? type.getRank() != 0 : !isElementwise(op))
      return {};
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      if (operands.push_back(scalar(operand)); !operands.back())
        return {};
    operations.insert(op);
    Operation *clone = builder.clone(*op);
    clone->setOperands(operands);
    clone->getResult(0).setType(RankedTensorType::get({}, type.getElementType()));
    return clone->getResult(0);
  }

  OpBuilder builder;
  StringRef leaf;
  Block *block = nullptr;
  llvm::DenseMap<Value, Value> scalars;
  llvm::DenseMap<Operation *, bool> varying, constants;
};

/// Trees that a function gives back one after the other, of one model.
struct Updates {
  std::string model;
  SmallVector<ir::TreeOp> trees;
  SmallVector<std::string> names;
};

SmallVector<Updates> updatesOf(ir::FuncOp func) {
  SmallVector<Updates> all;
  auto terminator = cast<ir::ReturnOp>(func.getBody().front().back());
  for (auto [number, operand] : llvm::enumerate(terminator.getOperands())) {
    auto tree = operand.getDefiningOp<ir::TreeOp>();
    auto update = func.getResultAttrOfType<StringAttr>(number, kUpdate);
    if (!tree || !update)
      continue;
    auto [model, suffix] = update.getValue().split(':');
    if (all.empty() || all.back().model != model)
      all.push_back({model.str(), {}, {}});
    all.back().trees.push_back(tree);
    all.back().names.push_back(suffix.empty() ? "new" : suffix.substr(suffix.rfind('.') + 1).str());
  }
  return all;
}

void applyToEach(ModuleOp module, ir::FuncOp func, Updates &updates) {
  SmallVector<StringRef> leaves = ir::leafNames(updates.trees.front().getResult().getType());
  std::vector<LeafFunction> functions;
  for (auto [number, leaf] : llvm::enumerate(leaves)) {
    LeafFunction &function = functions.emplace_back(module.getContext(), leaf);
    SmallVector<Value> roots;
    for (ir::TreeOp tree : updates.trees)
      roots.push_back(tree.getLeaves()[number]);
    if (!function.build(roots, updates.names) || function.outer != functions.front().outer || function.text() != functions.front().text())
      return;
  }
  // The name of the optimizer, where states have one: `adam` of `net:adam.m`.
  auto terminator = cast<ir::ReturnOp>(func.getBody().front().back());
  OpBuilder builder(terminator);
  ir::FuncOp callee = functions.front().func.release();
  StringRef place;
  for (auto [number, operand] : llvm::enumerate(terminator.getOperands()))
    if (operand == updates.trees.front().getResult())
      place = func.getResultAttrOfType<StringAttr>(number, kUpdate).getValue();
  StringRef optimizer = place.split(':').second.split('.').first;
  callee.setSymName(optimizer.empty() ? "update" : optimizer);
  SymbolTable symbols(module);
  symbols.insert(callee, Block::iterator(func));
  SmallVector<Type> types;
  for (ir::TreeOp tree : updates.trees)
    types.push_back(tree.getResult().getType());
  auto each = ir::EachOp::create(builder, ir::named(updates.model, updates.trees.front().getLeaves()[0].getLoc()), types,
                                 FlatSymbolRefAttr::get(callee.getSymNameAttr()), functions.front().outer);
  callee->setLoc(ir::named("", each.getLoc()));
  for (auto [k, tree] : llvm::enumerate(updates.trees)) {
    for (auto [number, root] : llvm::enumerate(tree.getLeaves()))
      for (OpOperand &use : llvm::make_early_inc_range(root.getUses()))
        if (!functions[number].operations.contains(use.getOwner()) && !llvm::is_contained(updates.trees, use.getOwner())) {
          OpBuilder user(use.getOwner());
          use.set(ir::GetOp::create(user, use.getOwner()->getLoc(), each.getResult(k), leaves[number]));
        }
    tree.getResult().replaceAllUsesWith(each.getResult(k));
  }
  for (ir::TreeOp tree : updates.trees)
    tree.erase();
}

/// The scalar constant that all leaves repeat.
ir::ConstantOp numberOf(ir::TreeOp tree) {
  ir::ConstantOp number;
  for (Value leaf : tree.getLeaves()) {
    auto broadcast = leaf.getDefiningOp<ir::BroadcastOp>();
    auto constant = broadcast ? broadcast.getOperand().getDefiningOp<ir::ConstantOp>() : leaf.getDefiningOp<ir::ConstantOp>();
    if (!constant || constant.getType().getRank() != 0 || (number && number.getValue() != constant.getValue()))
      return nullptr;
    number = constant;
  }
  return number;
}

} // namespace

void condenseEach(ModuleOp module) {
  for (auto func : llvm::make_early_inc_range(module.getOps<ir::FuncOp>())) {
    if (func.isPrivate())
      continue;
    for (Updates &updates : updatesOf(func))
      applyToEach(module, func, updates);
    for (auto tree : llvm::make_early_inc_range(func.getOps<ir::TreeOp>())) {
      OpBuilder builder(tree);
      if (ir::ConstantOp number = numberOf(tree)) {
        Operation *constant = builder.clone(*number);
        constant->setLoc(ir::named("", constant->getLoc()));
        tree.replaceAllUsesWith(ir::FillOp::create(builder, tree.getLoc(), tree.getResult().getType(), constant->getResult(0)).getResult());
        tree.erase();
        continue;
      }
      // A leaf is named by its place.
      for (Value leaf : tree.getLeaves())
        if (Operation *op = leaf.getDefiningOp(); op && op->getNumResults() == 1)
          op->setLoc(ir::named("", op->getLoc()));
    }
    orderByUse(func);
  }
}

} // namespace dlc::passes
