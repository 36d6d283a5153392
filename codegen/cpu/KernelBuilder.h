#ifndef DLC_CODEGEN_CPU_KERNELBUILDER_H
#define DLC_CODEGEN_CPU_KERNELBUILDER_H

#include "codegen/common/KernelBase.h"

namespace dlc::codegen {

/// What the code generator knows of the processor.
struct TargetTraits {
  int64_t vectorBytes = 32; // of a register
  bool packedProducts = true; // see CompileOptions
  bool masks = false;       // AVX-512: masked loads and stores of all element types cost no more than others
};

/// One `parallel_for` of a kernel.
struct Phase {
  std::string symbol;     // of type dlc_kernel
  int64_t tiles = 1;      // 0: nothing to do
  int64_t workspace = 0;  // bytes for each thread
  double seconds = 0;     // an estimate of its time on one thread
};

/// A compiled kernel: phases in order. Its buffers are the launch's operands, its results, and `scratch` bytes of memory.
struct KernelInfo : KernelMemory {
  llvm::SmallVector<Phase> phases;
};

class KernelBuilder;

/// A function that several kernels call: emitted once, in a module of its own.
using SharedBody = std::function<void(mlir::LLVM::LLVMFuncOp function)>;
using SharedFunctions = std::map<std::string, std::pair<mlir::Type, SharedBody>>;

/// One `dlc_kernel` under construction.
class PhaseBuilder final : public PhaseBase {
public:
  PhaseBuilder(KernelBuilder &kernel, Phase phase);
  ~PhaseBuilder() override; // ends the function and hands the phase to the kernel

  /// The tiles to compute: [begin, end).
  mlir::Value begin() const { return first; }
  mlir::Value end() const { return last; }
  /// Memory of the thread: `bytes` of it, aligned to 64; the phase's demand grows.
  mlir::Value workspace(int64_t bytes);
  Phase phase;

private:
  mlir::Value pointer(int64_t slot) override;
  KernelBuilder &owner;
  mlir::Value first, last, workspaceBase, buffers;
};

/// Compiles one kernel function of the dialect for the cpu.
class KernelBuilder final : public KernelBase {
public:
  /// `aliases`: pairs (result, operand) that some launch gives one buffer.
  KernelBuilder(ir::FuncOp function, mlir::ModuleOp into, const TargetTraits &traits, SharedFunctions &shared,
                llvm::ArrayRef<std::pair<unsigned, unsigned>> aliases)
      : KernelBase(function, into, aliases, "the cpu"), target_traits(traits), sharedFunctions(shared) {}

  /// Emits all phases. Fails with a diagnostic at the operation that is not supported.
  mlir::FailureOr<KernelInfo> build();

  const TargetTraits &traits() const { return target_traits; }
  /// Lanes of vectors over elements of the kernel's types.
  int64_t lanes() const { return widestElement() > 4 ? 16 : 32; }
  /// A name for the next phase.
  std::string phaseName() { return KernelBase::phaseName(info.phases.size()); }

  /// Declares a shared function and returns its declaration in this module; `body` fills it, once for all kernels.
  mlir::LLVM::LLVMFuncOp shared(llvm::StringRef name, mlir::Type type, SharedBody body);
  /// Emits the phase of a plan.
  void emitPlan(const PhasePlan &plan) override;

private:
  friend class PhaseBuilder;
  bool emitSpecial() override;
  void restart() override { info = {}; }

  TargetTraits target_traits;
  SharedFunctions &sharedFunctions;
  KernelInfo info;
};

// The phases (Phase*.cpp).
void emitMap(KernelBuilder &kernel, const PhasePlan &plan);
void emitScatter(KernelBuilder &kernel, ir::ScatterOp op);
void emitSort(KernelBuilder &kernel, ir::SortOp op);
void emitCumulate(KernelBuilder &kernel, ir::CumulateOp op);
/// A reduction to few values, in chunks that are then added up in a tree. False if it is better done otherwise.
bool emitSplitReduce(KernelBuilder &kernel, ir::ReduceOp op);
/// The values that `load` gives for each of the chunks, folded in a binary tree whose shape follows from their number.
mlir::Value joinChunks(Elemental &e, ir::ReduceFn fn, bool isUnsigned, int64_t chunks, llvm::function_ref<mlir::Value(int64_t)> load);

} // namespace dlc::codegen

#endif
