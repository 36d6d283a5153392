#include "passes/StageChecks.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

namespace {

/// One run over the module; each rule reports where it is broken.
class Checker {
public:
  Checker(ModuleOp module, Stage stage) : module(module), stage(stage) {}

  LogicalResult run() {
    bool isCode = stage >= Stage::Kernels;
    for (Operation &op : *module.getBody()) {
      if (isa<ModuleOp, ir::EntryOp>(op) != isCode && isa<ModuleOp, ir::EntryOp, ir::FuncOp>(op) &&
          !op.hasAttr(kEvaluated))
        error(&op) << "may not stand in stage `" << stageName(stage) << "`"
                   << (isCode ? ": only what is evaluated is still a graph" : ": it holds code");
      if (auto code = dyn_cast<ModuleOp>(op))
        checkCode(code);
      else if (auto func = dyn_cast<ir::FuncOp>(op); func && isCode)
        checkEvaluated(func);
    }
    if (isCode)
      return success(!broken);
    if (stage != Stage::Graph && failed(checkPlain(module)))
      return failure();
    for (auto func : module.getOps<ir::FuncOp>()) {
      if (isKernel(func))
        checkKernel(func);
      else
        checkFunction(func);
    }
    if (stage != Stage::Graph)
      checkTraining();
    if (stage == Stage::Train || stage == Stage::Optimized)
      checkTests();
    return success(!broken);
  }

private:
  InFlightDiagnostic error(Operation *op) {
    broken = true;
    return op->emitOpError();
  }

  /// Of the stage `llvm` everything is in one dialect; in `kernels`, too, no graphs are left.
  void checkCode(ModuleOp code) {
    code.walk([&](Operation *op) {
      StringRef dialect = op->getName().getDialectNamespace();
      bool good = isa<ModuleOp>(op) || (stage == Stage::Llvm ? dialect == "llvm" : dialect != "dl");
      if (!good)
        error(op) << "may not stand in stage `" << stageName(stage) << "`";
    });
  }

  void checkFunction(ir::FuncOp func) {
    if (func->hasAttr(kEvaluated)) {
      checkEvaluated(func);
      return;
    }
    bool planned = stage == Stage::Optimized && !hasOpenSizes(func);
    if (planned && !func->hasAttr(kArena))
      error(func) << "must have a plan (`dl.arena`) in stage `optimized`";
    func.getBody().walk([&](Operation *op) {
      if (stage == Stage::Optimized)
        checkOptimized(op, planned);
      else
        checkGraph(op);
    });
  }

  void checkEvaluated(ir::FuncOp func) {
    if (hasOpenSizes(func))
      error(func) << "must have no open sizes: it is evaluated while the program is built";
    func.getBody().walk([&](Operation *op) {
      if (!isa<ir::EvaluateInterface, ir::ReturnOp>(op) || op->getNumRegions() != 0)
        error(op) << "may not stand in a function that is evaluated while the program is built";
    });
  }

  /// Before fusion there are graphs, and derivatives until they are expanded.
  void checkGraph(Operation *op) {
    if (isa<ir::KernelOp, ir::LaunchOp, ir::CopyOp>(op))
      error(op) << "may not stand in stage `" << stageName(stage) << "`: it comes with fusion";
    if (stage == Stage::Train && isa<ir::GradientOp, ir::VariableOp, ir::StopGradientOp>(op))
      error(op) << "may not stand in stage `train`: derivatives are expanded by then";
  }

  void checkOptimized(Operation *op, bool planned) {
    if (!isa<ir::LaunchOp, ir::CopyOp, ir::CondOp, ir::LoopOp, ir::CheckOp, ir::HostOp,
             ir::ConstantOp, ir::ReshapeOp, ir::YieldOp, ir::ReturnOp>(op)) {
      error(op) << "may stand only in a kernel in stage `optimized`";
      return;
    }
    if (!planned || op->getNumResults() == 0)
      return;
    if (isa<ir::LaunchOp, ir::CopyOp, ir::CondOp, ir::LoopOp>(op))
      for (unsigned i = 0; i < op->getNumResults(); ++i)
        checkPlaced(op, i);
  }

  void checkPlaced(Operation *op, unsigned result) {
    unsigned places = 0;
    for (StringRef list : {"at", "onto", "into"})
      if (auto entries = op->getAttrOfType<DenseI64ArrayAttr>(list))
        places += result < static_cast<unsigned>(entries.size()) && entries[result] >= 0;
    if (places != 1)
      error(op) << "must name one place for result " << result
                << " in stage `optimized`, but names " << places;
  }

  void checkKernel(ir::FuncOp func) {
    if (stage != Stage::Optimized)
      error(func) << "is a kernel: these come with fusion, not in stage `" << stageName(stage)
                  << "`";
    if (!func.isPrivate())
      error(func) << "is a kernel and must be private";
    func.getBody().walk([&](Operation *op) {
      if (!isa<ir::EvaluateInterface, ir::ReturnOp>(op) || op->getNumRegions() != 0)
        error(op) << "may not stand in a kernel: only operations on values may";
    });
  }

  /// Training is static from `specialized` on.
  void checkTraining() {
    for (auto train : module.getOps<ir::TrainOp>()) {
      auto settings = train.getSettings();
      if (train.getTable() && !settings.get("rows"))
        continue; // the data is not there yet: only `dlc check` goes on
      for (FlatSymbolRefAttr name : {train.getStepAttr(), train.getTailAttr()})
        checkStatic(train, name);
    }
  }

  void checkStatic(ir::TrainOp train, FlatSymbolRefAttr name) {
    if (!name)
      return;
    auto func = module.lookupSymbol<ir::FuncOp>(name.getValue());
    if (func && hasOpenSizes(func))
      error(func) << "must have no open sizes in stage `" << stageName(stage)
                  << "`: it is a step of `@" << train.getSymName() << "`";
  }

  void checkTests() {
    for (auto test : module.getOps<ir::TestOp>()) {
      auto body = module.lookupSymbol<ir::FuncOp>(test.getBody());
      if (test.getMetrics() && body && hasOpenSizes(body))
        error(body) << "must have no open sizes once it is split by rows";
    }
  }

  ModuleOp module;
  Stage stage;
  bool broken = false;
};

} // namespace

LogicalResult checkStage(ModuleOp module, Stage stage) { return Checker(module, stage).run(); }

} // namespace dlc::passes
