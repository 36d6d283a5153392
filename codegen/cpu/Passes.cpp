// Code generation as passes, for tools that read and print stages.
#include "codegen/cpu/Passes.h"

#include "codegen/common/Stages.h"
#include "codegen/cpu/Compile.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;

namespace dlc::codegen {
namespace {

/// Whether the module is in this stage; reports it if not.
LogicalResult expectStage(ModuleOp module, StringRef wanted) {
  auto stage = module->getAttrOfType<StringAttr>("dl.stage");
  if (stage && stage.getValue() == wanted)
    return success();
  return module.emitError("expected a module of the stage `") << wanted << "`, found " << (stage ? stage.getValue() : "none");
}

class KernelsPass : public PassWrapper<KernelsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(KernelsPass)
  KernelsPass() = default;
  KernelsPass(const KernelsPass &other) : PassWrapper(other) {}
  StringRef getArgument() const override { return "dl-kernels"; }
  StringRef getDescription() const override { return "generate code: from the stage `optimized` to `kernels`"; }
  void getDependentDialects(DialectRegistry &registry) const override { registerStages(registry); }
  Option<std::string> cpu{*this, "cpu", llvm::cl::desc("the processor"), llvm::cl::init("x86-64-v3")};

  void runOnOperation() override {
    NamedProcessor named = processorNamed(cpu);
    if (!named.valid) {
      getOperation().emitError("the processor `") << cpu << "` is not known";
      return signalPassFailure();
    }
    CompileOptions options;
    options.processor = named.processor;
    if (failed(expectStage(getOperation(), "optimized")) || failed(toKernels(getOperation(), options)))
      signalPassFailure();
  }
};

class LlvmPass : public PassWrapper<LlvmPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LlvmPass)
  StringRef getArgument() const override { return "dl-llvm"; }
  StringRef getDescription() const override { return "lower code to the LLVM dialect: from the stage `kernels` to `llvm`"; }
  void getDependentDialects(DialectRegistry &registry) const override { registerStages(registry); }
  void runOnOperation() override {
    if (failed(expectStage(getOperation(), "kernels")) || failed(toLlvm(getOperation())))
      signalPassFailure();
  }
};

} // namespace

void registerPasses() {
  PassRegistration<KernelsPass>();
  PassRegistration<LlvmPass>();
}

} // namespace dlc::codegen
