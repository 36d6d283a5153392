#include "codegen/cuda/Compile.h"

#include "codegen/common/Lower.h"
#include "codegen/common/Places.h"
#include "codegen/cuda/Emulate.h"
#include "codegen/cuda/Group.h"
#include "codegen/cuda/Kernel.h"
#include "codegen/cuda/StepProgram.h"
#include "codegen/cuda/Target.h"
#include "codegen/cuda/product/Epilogues.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// What the functions of a module that become code say of its kernels, and of themselves.
struct Uses {
  Aliases aliases;
  llvm::StringSet<> launched, unaligned;
  SmallVector<ir::FuncOp> functions;
  std::vector<Places> places;
  SmallVector<int64_t> firstSites; // of each function: the number of its first check or effect

  LogicalResult collect(ModuleOp module) {
    int64_t sites = 0;
    for (auto function : module.getOps<ir::FuncOp>()) {
      if (function->hasAttr("dl.kernel"))
        continue;
      int64_t first = sites;
      function.walk([&](Operation *op) { sites += isa<ir::CheckOp, ir::HostOp>(op); });
      if (!isCompiled(function))
        continue;
      auto placed = Places::of(function);
      if (failed(placed))
        return failure();
      collectAliases(function, *placed, aliases);
      functions.push_back(function);
      firstSites.push_back(first);
      function.walk([&](ir::LaunchOp launch) {
        launched.insert(launch.getCallee());
        auto isOdd = [&](Value value) {
          const TensorPlace &place = (*placed)[value];
          return place.varies || place.offset % 16 != 0;
        };
        if (llvm::any_of(launch->getOperands(), isOdd) || llvm::any_of(launch->getResults(), isOdd))
          unaligned.insert(launch.getCallee());
      });
      places.push_back(std::move(*placed));
    }
    return success();
  }
  Kernel::Options optionsOf(ir::FuncOp kernel, const DeviceOptions &options) const {
    return {!unaligned.contains(kernel.getSymName()), options.library, options.whyNoLibrary, options.libraryEpilogues, options.isLibraryAssumed,
            options.multiprocessors, options.parameterBytes / 8};
  }
  FailureOr<KernelInfo> build(ir::FuncOp kernel, ModuleOp into, const DeviceOptions &options) {
    return Kernel(kernel, into, aliases[kernel.getSymName().str()], optionsOf(kernel, options)).build();
  }
  SmallVector<ir::FuncOp> kernelsOf(ModuleOp module) {
    SmallVector<ir::FuncOp> kernels;
    for (auto function : module.getOps<ir::FuncOp>())
      if (function->hasAttr("dl.kernel") && launched.contains(function.getSymName()))
        kernels.push_back(function);
    return kernels;
  }
};

/// What the functions of a module say, after the library's part in them is decided.
FailureOr<Uses> usesOf(ModuleOp module, const DeviceOptions &options) {
  gatherCounters(module);
  for (auto decide : {keepPreactivations, fuseEpilogues}) {
    Uses uses;
    if (failed(uses.collect(module)))
      return failure();
    decide(module, [&](ir::FuncOp kernel) { return uses.optionsOf(kernel, options); });
  }
  Uses uses;
  if (failed(uses.collect(module)))
    return failure();
  return uses;
}

} // namespace

int capabilityOf(const DeviceOptions &options) {
  int number = 0;
  (void)StringRef(options.chip).drop_front(3).getAsInteger(10, number);
  return number;
}

namespace {

/// The kernels of a module as functions of the device, before they are lowered; null after a diagnostic.
OwningOpRef<ModuleOp> buildKernels(ModuleOp module, Uses &uses, const DeviceOptions &options, std::map<std::string, KernelInfo> &infos, Groups &groups) {
  OwningOpRef<ModuleOp> kernels = ModuleOp::create(module.getLoc());
  for (ir::FuncOp kernel : uses.kernelsOf(module)) {
    auto info = uses.build(kernel, *kernels, options);
    if (failed(info))
      return nullptr;
    infos[kernel.getSymName().str()] = std::move(*info);
  }
  for (auto [function, places] : llvm::zip(uses.functions, uses.places))
    groups.find(function, places, infos, *kernels);
  groups.dropUnused(*kernels, infos);
  emitBuiltins(*kernels, module.walk([](ir::LoopOp) { return WalkResult::interrupt(); }).wasInterrupted());
  return kernels;
}

} // namespace

// Kernels are rewritten on the way (a convolution is given a padded image), so all work on a copy.

OwningOpRef<ModuleOp> makeKernels(ModuleOp original, const DeviceOptions &options) {
  OwningOpRef<ModuleOp> copy = original.clone();
  registerDevice(*original.getContext());
  FailureOr<Uses> uses = usesOf(*copy, options);
  if (failed(uses))
    return nullptr;
  std::map<std::string, KernelInfo> infos;
  Groups groups(options.parameterBytes / 8);
  return buildKernels(*copy, *uses, options, infos, groups);
}

LogicalResult printStage(ModuleOp module, const DeviceOptions &options, CodeStage stage, llvm::raw_ostream &os) {
  std::string error, text;
  auto kernels = makeKernels(module, options);
  if (!kernels)
    return failure();
  auto machine = makeDeviceMachine(options, *kernels, error);
  if (!machine)
    return module.emitError("no code generator for the device: ") << error;
  llvm::LLVMContext context;
  auto code = toDeviceCode(*kernels, context, *machine, module);
  if (!code)
    return failure();
  optimize(*code, *machine, options.optLevel);
  if (stage == CodeStage::llvm) {
    code->print(os, /*AAW=*/nullptr);
    return success();
  }
  if (!emitCode(*code, *machine, /*assembly=*/true, text))
    return module.emitError("PTX could not be made");
  os << text;
  return success();
}

LogicalResult compile(ModuleOp original, const DeviceOptions &options, const Processor &processor, DeviceProgram &program) {
  OwningOpRef<ModuleOp> copy = original.clone();
  ModuleOp module = *copy;
  registerDevice(*module.getContext());
  std::string error;
  FailureOr<Uses> uses = usesOf(module, options);
  if (failed(uses))
    return failure();
  std::map<std::string, KernelInfo> infos;
  Groups groups(options.parameterBytes / 8);
  auto kernels = buildKernels(module, *uses, options, infos, groups);
  if (!kernels)
    return failure();
  auto device = makeDeviceMachine(options, *kernels, error), host = makeHostMachine(processor, /*optLevel=*/1, error);
  if (!device || !host)
    return module.emitError("no code generator: ") << error;
  llvm::LLVMContext context;
  auto code = toDeviceCode(*kernels, context, *device, module);
  if (!code)
    return failure();
  OwningOpRef<ModuleOp> around = ModuleOp::create(module.getLoc());
  int64_t workspaceBytes = options.emulated ? 0 : DLC_PRODUCT_WORKSPACE; // the emulator's products need none
  for (auto [function, places, site] : llvm::zip(uses->functions, uses->places, uses->firstSites)) {
    auto info = emitFunction(function, places, *around, infos, groups, site, workspaceBytes);
    if (failed(info))
      return failure();
    program.functions.push_back(*info);
  }
  for (const auto &[name, info] : infos)
    for (const Launch &launch : info.launches)
      if (launch.product)
        program.products.push_back(launch.product->product);
  if (options.emulated) {
    if (!emulate(*code, *host, error))
      return module.emitError() << error;
    program.emulated = emulatedFunctions(*code);
  }
  llvm::TargetMachine &machine = options.emulated ? *host : *device;
  optimize(*code, machine, options.emulated ? 1 : options.optLevel);
  if (failed(lowerToLlvmDialect(*around)))
    return failure();
  auto hostCode = translate(*around, context, *host);
  if (!hostCode)
    return module.emitError("translation to LLVM failed");
  optimize(*hostCode, *host, /*level=*/1);
  if (!emitCode(*code, machine, /*assembly=*/!options.emulated, program.kernels) || !emitCode(*hostCode, *host, /*assembly=*/false, program.host))
    return module.emitError("machine code could not be made");
  return success();
}

} // namespace dlc::codegen::cuda
