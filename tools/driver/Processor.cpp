#include "tools/driver/Processor.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/TargetParser/X86TargetParser.h"

#include <fmt/format.h>

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
