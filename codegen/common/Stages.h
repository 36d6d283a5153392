#ifndef DLC_CODEGEN_STAGES_H
#define DLC_CODEGEN_STAGES_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace dlc::codegen {

/// The dialects that stand in the stages `kernels` and `llvm`, with what lowers them.
void registerStages(mlir::DialectRegistry &registry);

} // namespace dlc::codegen

#endif
