#ifndef DLC_CODEGEN_CPU_PASSES_H
#define DLC_CODEGEN_CPU_PASSES_H

namespace dlc::codegen {

/// Registers `--dl-kernels` and `--dl-llvm`, which take a module from `optimized` to `kernels` and from there to `llvm`.
void registerPasses();

} // namespace dlc::codegen

#endif
