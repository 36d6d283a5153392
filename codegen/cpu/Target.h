#ifndef DLC_CODEGEN_CPU_TARGET_H
#define DLC_CODEGEN_CPU_TARGET_H

#include "codegen/cpu/Compile.h"
#include "codegen/cpu/KernelBuilder.h"

#include "llvm/Target/TargetMachine.h"

namespace dlc::codegen {

/// A code generator for a processor; not to be shared between threads. Null with a message where there is none.
std::unique_ptr<llvm::TargetMachine> makeTargetMachine(const CompileOptions &options, std::string &error);
TargetTraits traitsOf(const llvm::TargetMachine &machine);

} // namespace dlc::codegen

#endif
