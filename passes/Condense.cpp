// Between the graph as the passes take it and the graph as one reads it. What is condensed is expanded at once and compared: only what gives the same graph
// back stays.
#include "passes/Condense.h"
#include "passes/Passes.h"
#include "passes/Util.h"

#include "ir/Formulas.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/DenseSet.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_CONDENSEPASS
#define GEN_PASS_DEF_EXPANDPASS
#include "passes/Passes.h.inc"

/// The operations of its own block that an operation and what stands in its regions ask for, in order.
static SmallVector<Operation *> askedBy(Operation *op) {
  SmallVector<Operation *> asked;
  auto add = [&](Value value) {
    Operation *inner = value.getDefiningOp();
    if (inner && inner->getBlock() == op->getBlock())
      asked.push_back(inner);
  };
  llvm::for_each(op->getOperands(), add);
  if (op->getNumRegions() > 0) {
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    llvm::for_each(captured, add);
  }
  return asked;
}

/// Operations in the order in which `root` asks for them, itself last; without recursion, since chains may be long.
static void appendInOrder(Operation *root, llvm::DenseSet<Operation *> &seen, SmallVectorImpl<Operation *> &order) {
  if (!seen.insert(root).second)
    return;
  struct Pending {
    Operation *op;
    SmallVector<Operation *> asked;
    size_t next = 0;
  };
  std::vector<Pending> stack;
  stack.push_back({root, askedBy(root)});
  while (!stack.empty()) {
    Pending &top = stack.back();
    if (top.next == top.asked.size()) {
      order.push_back(top.op);
      stack.pop_back();
      continue;
    }
    Operation *inner = top.asked[top.next++];
    if (seen.insert(inner).second)
      stack.push_back({inner, askedBy(inner)});
  }
}

void orderByUse(ir::FuncOp func) {
  if (!func.getBody().hasOneBlock() || !isa<ir::ReturnOp>(func.getBody().front().back()))
    return;
  eraseDead(func);
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

/// How much is condensed, the most first.
enum class Depth { calls, each, trees, onlyCalls, none };

StringRef whatIsLeftOut(Depth depth) {
  switch (depth) {
  case Depth::calls: return "";
  case Depth::each: return "calls";
  case Depth::trees: return "calls and what is done for each leaf";
  case Depth::onlyCalls: return "trees";
  case Depth::none: return "calls and trees";
  }
  llvm_unreachable("depth");
}

/// The condensed module; nothing where it does not expand to `flat`.
OwningOpRef<ModuleOp> condensed(ModuleOp module, StringRef flat, Depth depth) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (depth <= Depth::trees)
    condenseTrees(*copy);
  orderAll(*copy);
  if (depth <= Depth::each)
    condenseEach(*copy);
  if (depth == Depth::calls || depth == Depth::onlyCalls)
    condenseCalls(*copy);
  orderAll(*copy);
  // A part that does not come back as it was is no error of the program's.
  ScopedDiagnosticHandler silent(module.getContext(), [](Diagnostic &) { return success(); });
  if (failed(verify(*copy)))
    return {};
  OwningOpRef<ModuleOp> back = copy->clone();
  if (failed(expand(*back)))
    return {};
  orderAll(*back);
  return textOf(*back) == flat ? std::move(copy) : OwningOpRef<ModuleOp>();
}

class CondensePass : public impl::CondensePassBase<CondensePass> {
public:
  using CondensePassBase::CondensePassBase;
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(expand(module)))
      return signalPassFailure();
    for (auto func : module.getOps<ir::FuncOp>())
      func->removeAttr(ir::kFormulas);
    orderAll(module);
    std::string flat = textOf(module);
    Depth reached = Depth::none;
    for (Depth depth : {Depth::calls, Depth::each, Depth::trees, Depth::onlyCalls})
      if (OwningOpRef<ModuleOp> copy = condensed(module, flat, depth)) {
        module.getBodyRegion().takeBody(copy->getBodyRegion());
        reached = depth;
        break;
      }
    if (reached != Depth::calls)
      module.emitRemark() << "printed without " << whatIsLeftOut(reached) << ": with them it would not read back as the same graph";
    Attribute form = locations ? Attribute(StringAttr::get(&getContext(), "located")) : Attribute(UnitAttr::get(&getContext()));
    for (auto func : module.getOps<ir::FuncOp>())
      if (ir::hasFormulas(func))
        func->setAttr(ir::kFormulas, form);
  }
};

class ExpandPass : public impl::ExpandPassBase<ExpandPass> {
public:
  void runOnOperation() override {
    if (failed(expand(getOperation())))
      return signalPassFailure();
    for (auto func : getOperation().getOps<ir::FuncOp>())
      func->removeAttr(ir::kFormulas);
    orderAll(getOperation());
  }
};

} // namespace
} // namespace dlc::passes
