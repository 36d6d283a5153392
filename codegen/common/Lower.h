#ifndef DLC_CODEGEN_LOWER_H
#define DLC_CODEGEN_LOWER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

namespace dlc::codegen {

/// scf, arith, vector, math → the LLVM dialect, in place.
mlir::LogicalResult lowerToLlvmDialect(mlir::ModuleOp module);
/// The module in LLVM's own form, for the machine.
std::unique_ptr<llvm::Module> translate(mlir::ModuleOp module, llvm::LLVMContext &context, const llvm::TargetMachine &machine);
/// The few passes that the emitted code needs.
void optimize(llvm::Module &module, llvm::TargetMachine &machine, int level);
/// An object file, or assembly text.
bool emitCode(llvm::Module &module, llvm::TargetMachine &machine, bool assembly, std::string &bytes);

/// Loads the dialects of `registerStages`.
void registerLowering(mlir::MLIRContext &context);

} // namespace dlc::codegen

#endif
