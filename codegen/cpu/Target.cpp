#include "codegen/cpu/Target.h"

#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/X86TargetParser.h"

#include <mutex>

namespace dlc::codegen {

static const llvm::Target *findTarget(const llvm::Triple &triple, std::string &error) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
  return llvm::TargetRegistry::lookupTarget(triple, error);
}

static llvm::Triple hostTriple() { return llvm::Triple(llvm::sys::getDefaultTargetTriple()); }

Processor hostProcessor() {
  Processor processor;
  processor.name = llvm::sys::getHostCPUName().str();
  std::vector<std::string> features;
  for (auto &feature : llvm::sys::getHostCPUFeatures())
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(features); // the map has no order, and the text goes into the keys of caches
  processor.features = llvm::join(features, ",");
  return processor;
}

NamedProcessor processorNamed(const std::string &name) {
  llvm::SmallVector<llvm::StringRef> known;
  llvm::X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  return {{name, ""}, llvm::is_contained(known, name)};
}

std::unique_ptr<llvm::TargetMachine> makeTargetMachine(const CompileOptions &options, std::string &error) {
  llvm::Triple triple = hostTriple();
  const llvm::Target *target = findTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::TargetOptions targetOptions;
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict; // only the fused operations that we emit
  targetOptions.FunctionSections = false;
  auto level = options.optLevel == 0   ? llvm::CodeGenOptLevel::None
               : options.optLevel == 1 ? llvm::CodeGenOptLevel::Less
                                       : llvm::CodeGenOptLevel::Default;
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple, options.processor.name, options.processor.features, targetOptions, llvm::Reloc::PIC_,
                                  std::nullopt, level));
  if (!machine)
    error = "no code generator for " + triple.str();
  return machine;
}

TargetTraits traitsOf(const llvm::TargetMachine &machine) {
  TargetTraits traits;
  const llvm::MCSubtargetInfo &info = *machine.getMCSubtargetInfo();
  traits.masks = info.checkFeatures("+avx512bw,+avx512vl");
  traits.vectorBytes = info.checkFeatures("+avx512f") ? 64 : info.checkFeatures("+avx") ? 32 : 16;
  return traits;
}

} // namespace dlc::codegen
