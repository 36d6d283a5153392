#ifndef DLC_CODEGEN_CPU_TARGET_H
#define DLC_CODEGEN_CPU_TARGET_H

#include "codegen/cpu/Compile.h"
#include "codegen/cpu/KernelBuilder.h"

#include "llvm/Target/TargetMachine.h"

namespace dlc::codegen {

TargetTraits traitsOf(const llvm::TargetMachine &machine);

} // namespace dlc::codegen

#endif
