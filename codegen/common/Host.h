#ifndef DLC_CODEGEN_HOST_H
#define DLC_CODEGEN_HOST_H

#include <memory>
#include <string>
#include <vector>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace dlc::codegen {

/// A processor in LLVM's words: `name` ("znver3"), `features` ("+avx2,+fma,-sse4a").
struct Processor {
  std::string name = "x86-64-v3";
  std::string features;
};
/// The one that this program runs on.
Processor hostProcessor();
/// A processor by name, with the features that belong to it; `valid` is false where LLVM does not know it.
struct NamedProcessor {
  Processor processor;
  bool valid = false;
};
NamedProcessor processorNamed(const std::string &name);
/// The names that processorNamed() takes.
std::vector<std::string> processorNames();
/// Features of a processor that the one this program runs on lacks, in LLVM's words ("avx512f"). Code for it must not be run here
/// unless there are none.
std::vector<std::string> featuresMissingHere(const Processor &processor);

/// A code generator for a processor; not to be shared between threads. Null with a message where there is none. `optLevel` as in
/// CompileOptions.
std::unique_ptr<llvm::TargetMachine> makeHostMachine(const Processor &processor, int optLevel, std::string &error);

} // namespace dlc::codegen

#endif
