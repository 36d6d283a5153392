#include "codegen/common/Host.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
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

NamedProcessor processorNamed(const std::string &name) { return {{name, ""}, llvm::is_contained(processorNames(), name)}; }

std::vector<std::string> processorNames() {
  llvm::SmallVector<llvm::StringRef> known;
  llvm::X86::fillValidCPUArchList(known, /*Only64Bit=*/true);
  return std::vector<std::string>(known.begin(), known.end());
}

/// Whether instructions of this feature come from intrinsics only, which we never emit: for the system, for memory that lasts, for
/// cryptography, for random numbers. A virtual machine often hides some of them.
static bool isNeverSelected(llvm::StringRef feature) {
  static const llvm::StringSet<> never = {
      "aes",      "amx-avx512", "amx-bf16", "amx-complex", "amx-fp16", "amx-fp8",  "amx-int8",  "amx-movrs", "amx-tf32", "amx-tile",
      "cldemote", "clflushopt", "clwb",     "clzero",      "cmpccxadd", "enqcmd",  "fsgsbase",  "fxsr",      "hreset",   "invpcid",
      "kl",       "lwp",        "movdir64b", "movdiri",    "movrs",    "mwaitx",   "pclmul",    "pconfig",   "pku",      "prefetchi",
      "prfchw",   "ptwrite",    "raoint",   "rdpid",       "rdpru",    "rdrnd",    "rdseed",    "rtm",       "serialize", "sgx",
      "sha",      "sha512",     "shstk",    "sm3",         "sm4",      "tsxldtrk", "uintr",     "usermsr",   "vaes",     "vpclmulqdq",
      "waitpkg",  "wbnoinvd",   "widekl",   "xsave",       "xsavec",   "xsaveopt", "xsaves"};
  return never.contains(feature);
}

std::vector<std::string> featuresMissingHere(const Processor &processor) {
  llvm::SmallVector<llvm::StringRef> wanted;
  if (llvm::is_contained(processorNames(), processor.name))
    llvm::X86::getFeaturesForCPU(processor.name, wanted);
  // What a list of features says comes behind what the name says: "+" adds, "-" takes away.
  for (llvm::StringRef feature : llvm::split(processor.features, ',')) {
    llvm::erase(wanted, feature.drop_front(feature.empty() ? 0 : 1));
    if (feature.consume_front("+"))
      wanted.push_back(feature);
  }
  llvm::StringMap<bool> here = llvm::sys::getHostCPUFeatures();
  std::vector<std::string> missing;
  for (llvm::StringRef feature : wanted)
    if (auto it = here.find(feature); it != here.end() && !it->second && !isNeverSelected(feature))
      missing.push_back(feature.str());
  llvm::sort(missing);
  return missing;
}

std::unique_ptr<llvm::TargetMachine> makeHostMachine(const Processor &processor, int optLevel, std::string &error) {
  llvm::Triple triple = hostTriple();
  const llvm::Target *target = findTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::TargetOptions targetOptions;
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict; // only the fused operations that we emit
  targetOptions.FunctionSections = false;
  auto level = optLevel == 0   ? llvm::CodeGenOptLevel::None
               : optLevel == 1 ? llvm::CodeGenOptLevel::Less
                                       : llvm::CodeGenOptLevel::Default;
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple, processor.name, processor.features, targetOptions, llvm::Reloc::PIC_,
                                  std::nullopt, level));
  if (!machine)
    error = "no code generator for " + triple.str();
  return machine;
}

} // namespace dlc::codegen
