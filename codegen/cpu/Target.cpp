#include "codegen/cpu/Target.h"

#include "llvm/MC/MCSubtargetInfo.h"

namespace dlc::codegen {

TargetTraits traitsOf(const llvm::TargetMachine &machine) {
  TargetTraits traits;
  const llvm::MCSubtargetInfo &info = *machine.getMCSubtargetInfo();
  traits.masks = info.checkFeatures("+avx512bw,+avx512vl");
  traits.vectorBytes = info.checkFeatures("+avx512f") ? 64 : info.checkFeatures("+avx") ? 32 : 16;
  return traits;
}

} // namespace dlc::codegen
