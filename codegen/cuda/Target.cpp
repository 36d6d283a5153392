// LLVM's code generator for the device.
#include "codegen/cuda/Target.h"

#include "codegen/common/Lower.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

#include <mutex>

using namespace mlir;

namespace dlc::codegen::cuda {

/// Bytes of the arguments of a kernel. Each is a pointer, but for a table that is passed by value (`byval`), which counts with its whole array.
static int64_t parameterBytes(LLVM::LLVMFuncOp kernel) {
  int64_t bytes = 0;
  for (BlockArgument argument : kernel.getArguments()) {
    auto byValue = kernel.getArgAttrOfType<TypeAttr>(argument.getArgNumber(), LLVM::LLVMDialect::getByValAttrName());
    bytes += byValue ? 8 * static_cast<int64_t>(cast<LLVM::LLVMArrayType>(byValue.getValue()).getNumElements()) : 8;
  }
  return bytes;
}

std::unique_ptr<llvm::TargetMachine> makeDeviceMachine(const DeviceOptions &options, ModuleOp kernels, std::string &error) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
  });
  llvm::Triple triple("nvptx64-nvidia-cuda");
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::TargetOptions targetOptions;
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict; // only the fused operations that we emit
  auto level = options.optLevel == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Default;
  constexpr int kBlackwell = 100; // which needs a later version in any case
  bool hasMany = capabilityOf(options) < kBlackwell && llvm::any_of(kernels.getOps<LLVM::LLVMFuncOp>(), [](LLVM::LLVMFuncOp kernel) { return parameterBytes(kernel) > kFewParameters; });
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple, options.chip, hasMany ? "+ptx81" : "", targetOptions, std::nullopt, std::nullopt, level));
  if (!machine)
    error = "no code generator for " + options.chip;
  return machine;
}

void registerDevice(MLIRContext &context) {
  registerLowering(context);
  DialectRegistry registry;
  registry.insert<NVVM::NVVMDialect>();
  registerNVVMDialectTranslation(registry);
  context.appendDialectRegistry(registry);
  context.loadDialect<NVVM::NVVMDialect>();
}

void registerKernels(DialectRegistry &registry) { registry.insert<NVVM::NVVMDialect>(); }

bool holdsKernels(ModuleOp module) {
  return llvm::any_of(module.getOps<LLVM::LLVMFuncOp>(), [](LLVM::LLVMFuncOp function) { return function->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()); });
}

std::unique_ptr<llvm::Module> toDeviceCode(ModuleOp module, llvm::LLVMContext &context, const llvm::TargetMachine &machine, Operation *blame) {
  if (failed(lowerToLlvmDialect(module)))
    return nullptr;
  auto code = translate(module, context, machine);
  if (!code) {
    blame->emitError("the kernel could not be translated to LLVM");
    return nullptr;
  }
  for (llvm::Function &function : *code) {
    if (function.isDeclaration() && !function.isIntrinsic()) {
      blame->emitError("the function `") << function.getName() << "` has no code on cuda";
      return nullptr;
    }
    // As on the other targets numbers below the normal ones are 0.
    function.addFnAttr("denormal-fp-math-f32", "preserve-sign,preserve-sign");
  }
  return code;
}

} // namespace dlc::codegen::cuda
