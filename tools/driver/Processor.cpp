#include "tools/driver/Processor.h"

#include "codegen/cuda/Compile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

#include <fmt/format.h>

#include <memory>
#include <set>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

namespace {

Status unknownProcessor(const std::string &name) {
  std::vector<std::string> known = codegen::processorNames();
  const std::string *nearest = nullptr;
  unsigned best = 4;
  for (const std::string &candidate : known)
    if (unsigned distance = llvm::StringRef(name).edit_distance(candidate); distance < best)
      best = distance, nearest = &candidate;
  if (nearest)
    return Status::error(ErrorKind::Command,
                         fmt::format("--cpu: the processor `{}` is not known; did you mean `{}`?", name, *nearest));
  return Status::error(ErrorKind::Command, fmt::format("--cpu: the processor `{}` is not known; there are native, {}", name,
                                                       fmt::join(known, ", ")));
}

} // namespace

Result<codegen::Processor> processorOf(const Arguments &arguments) {
  if (arguments.cpu == "native")
    return codegen::hostProcessor();
  codegen::NamedProcessor named = codegen::processorNamed(arguments.cpu);
  if (!named.valid)
    return unknownProcessor(arguments.cpu);
  return named.processor;
}

Result<std::string> archOf(const Arguments &arguments) {
  codegen::cuda::DeviceOptions any;
  if (arguments.arch.empty())
    return any.chip;
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  llvm::Triple triple("nvptx64-nvidia-cuda");
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  std::unique_ptr<llvm::MCSubtargetInfo> all(target ? target->createMCSubtargetInfo(triple, "", "") : nullptr);
  if (!all)
    return Status::run("this build of LLVM has no NVPTX: " + error);
  std::vector<std::pair<int, std::string>> chips; // in the order of their capability, not of their letters
  for (const llvm::SubtargetSubTypeKV &chip : all->getAllProcessorDescriptions()) {
    int capability = 0; // of sm_90a and sm_90 the same
    if (llvm::StringRef rest = chip.Key; rest.consume_front("sm_") && !rest.consumeInteger(10, capability) && capability >= codegen::cuda::capabilityOf(any))
      chips.emplace_back(capability, chip.Key);
  }
  llvm::sort(chips);
  auto known = llvm::to_vector(llvm::make_second_range(chips));
  if (llvm::is_contained(known, arguments.arch))
    return arguments.arch;
  return Status::error(ErrorKind::Command, fmt::format("--arch: there is no `{}` to compile for; there are {}", arguments.arch, fmt::join(known, ", ")));
}

std::string featuresOf(const codegen::Processor &processor) {
  std::set<std::string> features;
  llvm::SmallVector<llvm::StringRef> named;
  if (processor.features.empty())
    llvm::X86::getFeaturesForCPU(processor.name, named);
  for (llvm::StringRef feature : named)
    features.insert("+" + feature.str());
  for (llvm::StringRef feature : llvm::split(processor.features, ','))
    if (feature.starts_with("+"))
      features.insert(feature.str());
  return fmt::format("{}", fmt::join(features, ","));
}

Status checkRunsHere(const Arguments &arguments) {
  DLC_ASSIGN(processor, processorOf(arguments));
  if (arguments.cpu == "native")
    return Status();
  std::vector<std::string> missing = codegen::featuresMissingHere(processor);
  if (missing.empty())
    return Status();
  return Status::error(ErrorKind::Command,
                       fmt::format("--cpu: code for `{}` cannot run here: this processor, `{}`, has no {}", processor.name,
                                   codegen::hostProcessor().name, fmt::join(missing, ", ")));
}

} // namespace dlc::driver
