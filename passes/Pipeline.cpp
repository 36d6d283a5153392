#include "passes/Pipeline.h"
#include "passes/Passes.h"
#include "passes/StageChecks.h"
#include "passes/Util.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

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
  }
  return "";
}

std::optional<Stage> parseStage(StringRef name) {
  for (Stage stage : {Stage::Graph, Stage::Specialized, Stage::Train, Stage::Optimized})
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
      // 1. Training is static from here on: everything later may look at sizes.
      {Stage::Specialized, "specialize",
       [](Options o) { return createSpecializePass(o.bindings); }},
      // 2. Before anything else looks at the graph: a rule of differentiation needs the operations
      // as they were written.
      {Stage::Train, "derive", [](Options) { return createDerivePass(); }},
      // 3. After derivatives, which are then ordinary operations to be sorted into rows and the
      // whole.
      {Stage::Train, "rows",
       [](Options o) {
         RowsPassOptions options;
         options.batch = o.testBatch;
         return createRowsPass(options);
       }},
      // 4. A small graph makes the passes after it fast, and brings loops and kernels into few
      // forms.
      {Stage::Optimized, "simplify", [](Options) { return createSimplifyPass(); }},
      // 5. Before fusion, which would hide what can leave a loop.
      {Stage::Optimized, "loops", [](Options) { return createLoopsPass(); }},
      // 6. What left the loops may meet its like outside.
      {Stage::Optimized, "simplify", [](Options) { return createSimplifyPass(); }},
      // 7. Every operation on values is in a kernel from here on.
      {Stage::Optimized, "fuse", [](Options o) { return createFusePass(o.fusion, o.remarks); }},
      // 8. Code generation, the dear part, sees each body once.
      {Stage::Optimized, "outline", [](Options) { return createOutlinePass(); }},
      // 9. Which values live at the same time is decided here.
      {Stage::Optimized, "order",
       [](Options o) {
         OrderPassOptions options;
         options.remarks = o.remarks;
         return createOrderPass(options);
       }},
      // 10. Where they live.
      {Stage::Optimized, "plan", [](Options) { return createPlanPass(); }},
      // 11. An overlap would be a wrong number much later: always checked.
      {Stage::Optimized, "check-plan", [](Options) { return createCheckPlanPass(); }},
  };
  return steps;
}

/// Prints the module and puts what reading it back gives in its place.
static LogicalResult printAndParse(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os, OpPrintingFlags().enableDebugInfo());
  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(text, module.getContext());
  if (!parsed)
    return module.emitError() << "what was printed cannot be read back";
  module.getBodyRegion().takeBody(parsed->getBodyRegion());
  module->setAttrs((*parsed)->getAttrDictionary());
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
  if (options.roundTrip && failed(printAndParse(module)))
    return failure();
  if (options.afterPass)
    return options.afterPass(step.name, module);
  return success();
}

static void setStage(ModuleOp module, Stage stage) {
  module->setAttr(kStage, StringAttr::get(module.getContext(), stageName(stage)));
}

LogicalResult runPipeline(ModuleOp module, Stage from, Stage to, const PipelineOptions &options) {
  if (failed(checkStage(module, from)))
    return failure();
  for (Stage stage : {Stage::Specialized, Stage::Train, Stage::Optimized}) {
    if (stage <= from || stage > to)
      continue;
    for (const PipelineStep &step : pipeline())
      if (step.stage == stage && failed(runStep(module, step, options)))
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
          << "`" << to << "` is not a stage; stages are graph, specialized, train, optimized";
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
          << "the module must name its stage in `dl.stage`: graph, specialized, train or optimized";
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
