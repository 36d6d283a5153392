#ifndef DLC_CODEGEN_CPU_COMPILE_H
#define DLC_CODEGEN_CPU_COMPILE_H

#include "codegen/common/FunctionInfo.h"
#include "codegen/common/Host.h"

#include "mlir/Support/LogicalResult.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
} // namespace mlir
namespace llvm {
class raw_ostream;
} // namespace llvm

namespace dlc::codegen {

struct CompileOptions {
  Processor processor;
  /// 0: as it is emitted, for debugging; 1: what element-wise code needs; 2: more, and slower to compile.
  int optLevel = 1;
  /// Threads that compile, each with the objects of its own kernels.
  int threads = 2;
  /// Products and convolutions by packed micro-kernels; otherwise by plain loops, to compare.
  bool packedProducts = true;
};

/// The stages after `optimized`.
enum class Stage { kernels, llvm, assembly };

struct PhaseTime {
  std::string phase;
  double seconds; // of processor time, summed over threads
};

struct CompiledObject {
  /// An ELF object, or an archive of several.
  std::string bytes;
  std::vector<FunctionInfo> functions;
  std::vector<PhaseTime> times;
};

/// Takes a module of the stage `optimized` to `kernels`, in place (docs/pipeline.md): a module for each kernel, one for what they share, one
/// for the program; a `dl.entry` for each function that is now code. Functions with `dl.evaluated` stay; exported ones whose sizes are open
/// go. Fails with a diagnostic at the operation.
mlir::LogicalResult toKernels(mlir::ModuleOp module, const CompileOptions &options);
/// Takes a module of the stage `kernels` to `llvm`, in place: all code is in the LLVM dialect.
mlir::LogicalResult toLlvm(mlir::ModuleOp module);
/// The processor that the code of a module in the stage `kernels` or `llvm` was made for.
Processor processorOf(mlir::ModuleOp module);

/// Compiles a module of the stage `optimized`, `kernels` or `llvm`; from `kernels` on the options' processor must be processorOf(module).
/// Fails with a diagnostic at the operation.
mlir::LogicalResult compile(mlir::ModuleOp module, const CompileOptions &options, CompiledObject &object);

/// Prints one of the stages behind `optimized` for a module in one of the stages before it; of `assembly` the parts are separated by `# -----`.
mlir::LogicalResult printStage(mlir::ModuleOp module, const CompileOptions &options, Stage stage, llvm::raw_ostream &os);

} // namespace dlc::codegen

#endif
