// Between the graph as the passes take it and the graph as one reads it. What is folded is unfolded at once and compared: only what gives the same graph back stays.
#include "passes/FoldGraph.h"
#include "passes/Passes.h"

#include "ir/Formulas.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/DenseSet.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_FOLDPASS
#define GEN_PASS_DEF_UNFOLDPASS
#include "passes/Passes.h.inc"

/// Operations in the order in which `root` asks for them, itself last; without recursion, since chains may be long.
static void appendInOrder(Operation *root, llvm::DenseSet<Operation *> &seen, SmallVectorImpl<Operation *> &order) {
  if (!seen.insert(root).second)
    return;
  SmallVector<std::pair<Operation *, unsigned>> stack{{root, 0}};
  while (!stack.empty()) {
    auto &[op, next] = stack.back();
    if (next == op->getNumOperands()) {
      order.push_back(op);
      stack.pop_back();
      continue;
    }
    Operation *inner = op->getOperand(next++).getDefiningOp();
    if (inner && seen.insert(inner).second)
      stack.emplace_back(inner, 0);
  }
}

void orderByUse(ir::FuncOp func) {
  if (!ir::hasFormulas(func))
    return;
  Block &block = func.getBody().front();
  llvm::DenseSet<Operation *> seen;
  SmallVector<Operation *> order;
  for (Operation &op : block)
    if (&op == &block.back() || !(isMemoryEffectFree(&op) || isa<ir::VariableOp>(op)))
      appendInOrder(&op, seen, order);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (!seen.contains(&op))
      op.erase();
  for (Operation *op : order)
    op->moveBefore(&block, block.end());
}

namespace {

std::string textOf(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.printNameLocAsPrefix(true).useLocalScope();
  module.print(os, flags);
  return text;
}

void orderAll(ModuleOp module) {
  for (auto func : module.getOps<ir::FuncOp>())
    orderByUse(func);
}

/// How much is folded, the most first.
enum class Depth { calls, each, trees, onlyCalls, none };

/// The folded module; nothing where it does not unfold to `flat`.
OwningOpRef<ModuleOp> folded(ModuleOp module, StringRef flat, Depth depth) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (depth <= Depth::trees)
    foldTrees(*copy);
  orderAll(*copy);
  if (depth <= Depth::each)
    foldEach(*copy);
  if (depth == Depth::calls || depth == Depth::onlyCalls)
    foldCalls(*copy);
  orderAll(*copy);
  // A part that does not come back as it was is no error of the program's.
  ScopedDiagnosticHandler silent(module.getContext(), [](Diagnostic &) { return success(); });
  if (failed(verify(*copy)))
    return {};
  OwningOpRef<ModuleOp> back = copy->clone();
  if (failed(unfold(*back)))
    return {};
  orderAll(*back);
  return textOf(*back) == flat ? std::move(copy) : OwningOpRef<ModuleOp>();
}

class FoldPass : public impl::FoldPassBase<FoldPass> {
public:
  using FoldPassBase::FoldPassBase;
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(unfold(module)))
      return signalPassFailure();
    for (auto func : module.getOps<ir::FuncOp>())
      func->removeAttr(ir::kFormulas);
    orderAll(module);
    std::string flat = textOf(module);
    for (Depth depth : {Depth::calls, Depth::each, Depth::trees, Depth::onlyCalls})
      if (OwningOpRef<ModuleOp> copy = folded(module, flat, depth)) {
        module.getBodyRegion().takeBody(copy->getBodyRegion());
        break;
      }
    Attribute form = locations ? Attribute(StringAttr::get(&getContext(), "located")) : Attribute(UnitAttr::get(&getContext()));
    for (auto func : module.getOps<ir::FuncOp>())
      if (ir::hasFormulas(func))
        func->setAttr(ir::kFormulas, form);
  }
};

class UnfoldPass : public impl::UnfoldPassBase<UnfoldPass> {
public:
  void runOnOperation() override {
    if (failed(unfold(getOperation())))
      return signalPassFailure();
    for (auto func : getOperation().getOps<ir::FuncOp>())
      func->removeAttr(ir::kFormulas);
    orderAll(getOperation());
  }
};

} // namespace
} // namespace dlc::passes
