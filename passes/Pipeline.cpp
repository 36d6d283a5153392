#include "passes/Pipeline.h"
#include "passes/Passes.h"
#include "passes/StageChecks.h"
#include "passes/Util.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <cstdlib>

namespace dlc::passes {
using namespace mlir;

StringRef stageName(Stage stage) {
  switch (stage) {
  case Stage::Graph:
    return "graph";
  case Stage::Specialized:
    return "specialized";
  case Stage::Train:
    return "train";
  case Stage::Optimized:
    return "optimized";
  case Stage::Kernels:
    return "kernels";
  case Stage::Llvm:
    return "llvm";
  }
  return "";
}

std::optional<Stage> parseStage(StringRef name) {
  for (Stage stage : {Stage::Graph, Stage::Specialized, Stage::Train, Stage::Optimized,
                      Stage::Kernels, Stage::Llvm})
    if (stageName(stage) == name)
      return stage;
  return std::nullopt;
}

std::optional<Stage> stageOf(ModuleOp module) {
  auto attribute = module->getAttrOfType<StringAttr>(kStage);
  return attribute ? parseStage(attribute.getValue()) : std::nullopt;
}

const std::vector<PipelineStep> &pipeline() {
  using Options = const PipelineOptions &;
  static const std::vector<PipelineStep> steps = {
      {Stage::Specialized, "expand",
       "All other passes know plain operations only; and the order is the same, whether the graph was read or has just been made.",
       [](Options) { return createExpandPass(); }},
      {Stage::Specialized, "precision",
       "Before derivatives, whose products have the precision of those they come from, and before sizes are bound, which makes the reference of `dlc verify`.",
       [](Options o) {
         PrecisionPassOptions options;
         options.all = o.precision;
         return createPrecisionPass(options);
       }},
      {Stage::Specialized, "specialize", "Training is static from here on: everything later may look at sizes.",
       [](Options o) { return createSpecializePass(o.bindings); }},
      {Stage::Train, "derive", "Before anything else looks at the graph: a rule of differentiation needs the operations as they were written.",
       [](Options) { return createDerivePass(); }},
      {Stage::Train, "rows", "After derivatives, which are then ordinary operations to be sorted into rows and the whole.",
       [](Options o) {
         RowsPassOptions options;
         options.batch = o.testBatch;
         return createRowsPass(options);
       }},
      {Stage::Optimized, "simplify", "A small graph makes the passes after it fast, and brings loops and kernels into few forms.",
       [](Options) { return createSimplifyPass(); }},
      {Stage::Optimized, "loops", "Before fusion, which would hide what can leave a loop.", [](Options) { return createLoopsPass(); }},
      {Stage::Optimized, "simplify", "What left the loops may meet its like outside.", [](Options) { return createSimplifyPass(); }},
      {Stage::Optimized, "round-operands",
       "Behind what looks for products between other operations, before fusion, which takes the rounding into the kernels around.",
       [](Options o) {
         RoundOperandsPassOptions options;
         options.native = o.fusion.reducedProducts;
         return createRoundOperandsPass(options);
       }},
      {Stage::Optimized, "fuse", "Every operation on values is in a kernel from here on.", [](Options o) { return createFusePass(o.fusion, o.remarks); }},
      {Stage::Optimized, "outline", "Code generation, the dear part, sees each body once.", [](Options) { return createOutlinePass(); }},
      {Stage::Optimized, "order", "Which values live at the same time is decided here.",
       [](Options o) {
         OrderPassOptions options;
         options.remarks = o.remarks;
         return createOrderPass(options);
       }},
      {Stage::Optimized, "plan", "Where they live.", [](Options) { return createPlanPass(); }},
      {Stage::Optimized, "check-plan", "An overlap would be a wrong number much later: always checked.", [](Options) { return createCheckPlanPass(); }},
  };
  return steps;
}

LogicalResult printAndParse(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os, OpPrintingFlags().enableDebugInfo());
  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(text, module.getContext());
  if (!parsed)
    return module.emitError() << "what was printed cannot be read back";
  module.getBodyRegion().takeBody(parsed->getBodyRegion());
  module->setAttrs((*parsed)->getAttrDictionary());
  module->setLoc((*parsed)->getLoc());
  return success();
}

static LogicalResult runStep(ModuleOp module, const PipelineStep &step,
                             const PipelineOptions &options) {
  auto start = std::chrono::steady_clock::now();
  PassManager manager(module.getContext());
  manager.enableVerifier(true);
  manager.addPass(step.create(options));
  if (failed(manager.run(module)))
    return failure();
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (options.onTime)
    options.onTime(step.name, seconds.count());
  if (options.printTo && options.printAfter && options.printAfter(step.name)) {
    *options.printTo << "// after " << step.name << "\n";
    module->print(*options.printTo);
    *options.printTo << "\n";
  }
  if ((options.roundTrip || std::getenv("DLC_ROUND_TRIP")) && failed(printAndParse(module)))
    return failure();
  if (options.afterPass)
    return options.afterPass(step.name, module);
  return success();
}

static void setStage(ModuleOp module, Stage stage) {
  module->setAttr(kStage, StringAttr::get(module.getContext(), stageName(stage)));
}

namespace {

/// Takes the evaluator's functions out of a module until it is destroyed.
class SetAside {
public:
  explicit SetAside(ModuleOp module) : module(module) {
    for (auto func : llvm::make_early_inc_range(module.getOps<ir::FuncOp>()))
      if (func->hasAttr(kEvaluated)) {
        func->remove();
        functions.push_back(func);
      }
  }
  ~SetAside() {
    for (ir::FuncOp func : llvm::reverse(functions))
      module.getBody()->push_front(func);
  }

private:
  ModuleOp module;
  SmallVector<ir::FuncOp> functions;
};

} // namespace

static LogicalResult runSteps(ModuleOp module, Stage stage, const PipelineOptions &options) {
  std::optional<SetAside> aside;
  if (stage == Stage::Optimized)
    aside.emplace(module);
  for (const PipelineStep &step : pipeline())
    if (step.stage == stage && failed(runStep(module, step, options)))
      return failure();
  return success();
}

/// A plan that was read from a file may have been edited: it is not taken on trust.
static LogicalResult checkPlan(ModuleOp module) {
  SetAside evaluated(module);
  PassManager manager(module.getContext());
  manager.addPass(createCheckPlanPass());
  return manager.run(module);
}

LogicalResult runPipeline(ModuleOp module, Stage from, Stage to, const PipelineOptions &options) {
  if (to > Stage::Optimized && to > from)
    return module.emitError() << "the stage `" << stageName(to)
                              << "` is made by code generation, not by the passes";
  if (failed(checkStage(module, from)) || (from == Stage::Optimized && failed(checkPlan(module))))
    return failure();
  for (Stage stage : {Stage::Specialized, Stage::Train, Stage::Optimized}) {
    if (stage <= from || stage > to)
      continue;
    if (failed(runSteps(module, stage, options)))
      return failure();
    setStage(module, stage);
    if (failed(checkStage(module, stage)))
      return failure();
  }
  return success();
}

namespace {

/// `--dl-optimize`: the whole pipeline from the stage that the module names.
class OptimizePass : public PassWrapper<OptimizePass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(OptimizePass)
  OptimizePass() = default;
  OptimizePass(const OptimizePass &other) : PassWrapper(other) {}
  StringRef getArgument() const override { return "dl-optimize"; }
  StringRef getDescription() const override {
    return "run the pipeline from the module's stage to `to`";
  }
  Option<std::string> to{*this, "to", llvm::cl::desc("the last stage"),
                         llvm::cl::init("optimized")};
  Option<bool> roundTrip{*this, "round-trip",
                         llvm::cl::desc("print and re-read the module after each pass"),
                         llvm::cl::init(false)};

  void runOnOperation() override {
    std::optional<Stage> last = parseStage(to);
    if (!last) {
      getOperation().emitError()
          << "`" << to << "` is not a stage; stages are graph, specialized, train, optimized, kernels, llvm";
      return signalPassFailure();
    }
    PipelineOptions options;
    options.roundTrip = roundTrip;
    // A pass may not run other managers on its own operation while it is verified as unchanged; a
    // clone may be run freely.
    OwningOpRef<ModuleOp> copy = getOperation().clone();
    if (failed(passes::runPipeline(*copy, stageOf(*copy).value_or(Stage::Graph), *last, options)))
      return signalPassFailure();
    getOperation().getBodyRegion().takeBody(copy->getBodyRegion());
    getOperation()->setAttrs((*copy)->getAttrDictionary());
  }
};

/// `--dl-check-stage`: the checks of the stage that the module names.
class CheckStagePass : public PassWrapper<CheckStagePass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CheckStagePass)
  StringRef getArgument() const override { return "dl-check-stage"; }
  StringRef getDescription() const override {
    return "check the module against the stage that it names";
  }
  void runOnOperation() override {
    std::optional<Stage> stage = stageOf(getOperation());
    if (!stage) {
      getOperation().emitError()
          << "the module must name its stage in `dl.stage`: graph, specialized, train, optimized, kernels or llvm";
      return signalPassFailure();
    }
    if (failed(checkStage(getOperation(), *stage)))
      signalPassFailure();
  }
};

} // namespace

namespace generated {
#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"
} // namespace generated

void registerPasses() {
  generated::registerDlcPasses();
  PassRegistration<OptimizePass>();
  PassRegistration<CheckStagePass>();
}

} // namespace dlc::passes
