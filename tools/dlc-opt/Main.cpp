// Reads a module of any stage, runs passes over it and prints it: the tool of the tests.
#include "codegen/common/Stages.h"
#include "codegen/cpu/Compile.h"
#include "codegen/cpu/Passes.h"
#include "ir/Ops.h"
#include "passes/Passes.h"
#include "passes/Pipeline.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/raw_ostream.h"

namespace {

/// A line for each step of the pipeline: its stage, its pass, what the pass does, why it stands there; for docs/pipeline.md.
int listPipeline() {
  for (const dlc::passes::PipelineStep &step : dlc::passes::pipeline()) {
    std::unique_ptr<mlir::Pass> pass = step.create({});
    llvm::outs() << dlc::passes::stageName(step.stage) << '\t' << pass->getArgument() << '\t' << pass->getDescription() << '\t' << step.why << '\n';
  }
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  if (argc == 2 && llvm::StringRef(argv[1]) == "--list-pipeline")
    return listPipeline();
  mlir::DialectRegistry registry;
  registry.insert<dlc::ir::DLDialect>();
  dlc::codegen::registerStages(registry);
  mlir::registerTransformsPasses();
  dlc::passes::registerPasses();
  dlc::codegen::registerPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "dlc's optimizer\n", registry));
}
