#ifndef DLC_CODEGEN_CPU_KERNELBUILDER_H
#define DLC_CODEGEN_CPU_KERNELBUILDER_H

#include "codegen/cpu/Elemental.h"
#include "codegen/cpu/Schedule.h"

#include "llvm/ADT/MapVector.h"

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
struct KernelInfo {
  llvm::SmallVector<Phase> phases;
  int64_t scratch = 0;
  struct Copy {
    unsigned result;
    int64_t slot;   // of the source in the table of buffers; -1: in scratch
    int64_t offset; // in scratch
    int64_t bytes;
  };
  /// Copies after the last phase: results that were computed in scratch memory, because the buffer they go to is still read
  /// when they are written, and values that are returned twice.
  llvm::SmallVector<Copy> copies;
};

class KernelBuilder;

/// A function that several kernels call: emitted once, in a module of its own.
using SharedBody = std::function<void(mlir::LLVM::LLVMFuncOp function)>;
using SharedFunctions = std::map<std::string, std::pair<mlir::Type, SharedBody>>;

/// One function of a kernel under construction: its entry, its loops and the elements of the kernel's tensors.
/// Reads of the kernel's arguments, and of values that former phases wrote, are bound already.
class PhaseBuilder {
public:
  PhaseBuilder(KernelBuilder &kernel, Phase phase);
  ~PhaseBuilder(); // ends the function and hands the phase to the kernel

  LoopBuilder &loops() { return *loopBuilder; }
  Elemental &elements() { return *elemental; }
  /// The tiles to compute: [begin, end).
  mlir::Value begin() const { return first; }
  mlir::Value end() const { return last; }
  /// Memory of the thread: `bytes` of it, aligned to 64; the phase's demand grows.
  mlir::Value workspace(int64_t bytes);
  /// Where a value lies that is in memory: an operand of the kernel, or what a former phase wrote.
  Buffer input(mlir::Value value);
  /// Where the value goes: a result of the kernel, or scratch memory if it is none. Later phases read it there.
  Buffer output(mlir::Value value);
  /// Memory at an offset that `KernelBuilder::scratch` gave.
  Buffer scratchBuffer(int64_t offset, mlir::Type element, int64_t count);
  Phase phase;

private:
  KernelBuilder &kernel;
  mlir::LLVM::LLVMFuncOp function;
  std::unique_ptr<LoopBuilder> loopBuilder;
  std::unique_ptr<Elemental> elemental;
  mlir::Value first, last, workspaceBase, buffers;
  mlir::Value pointer(mlir::Value table, int64_t slot);
  Buffer bufferOf(mlir::Value value, int64_t slot, int64_t offset);
  llvm::SmallVector<mlir::Value> written;
};

/// Compiles one kernel function of the dialect into a module.
class KernelBuilder {
public:
  /// `aliases`: pairs (result, operand) that some launch gives one buffer.
  KernelBuilder(ir::FuncOp function, mlir::ModuleOp into, const TargetTraits &traits, SharedFunctions &shared,
                llvm::ArrayRef<std::pair<unsigned, unsigned>> aliases);

  /// Emits all phases. Fails with a diagnostic at the operation that is not supported.
  mlir::FailureOr<KernelInfo> build();

  ir::FuncOp function() { return func; }
  mlir::ModuleOp module() { return target; }
  const TargetTraits &traits() const { return target_traits; }
  mlir::ValueRange results() { return func.getBody().front().getTerminator()->getOperands(); }
  /// Lanes of vectors over elements of the kernel's types.
  int64_t lanes() const { return vectorLanes; }
  bool wide() const { return wideIndex; }

  /// Declares a shared function and returns its declaration in this module; `body` fills it, once for all kernels.
  mlir::LLVM::LLVMFuncOp shared(llvm::StringRef name, mlir::Type type, SharedBody body);
  /// A name for the next phase.
  std::string phaseName();
  /// Reserves memory that lives from phase to phase; returns its offset.
  int64_t scratch(int64_t bytes);
  /// Phases for values by the generic way: everything that `results` need and is not in memory yet.
  void emitGeneric(mlir::ValueRange results);
  /// Emits the phase of a plan.
  void emitPlan(const PhasePlan &plan);

private:
  friend class PhaseBuilder;
  struct Place {
    int64_t slot = -1; // in the table of buffers; -1: in scratch
    int64_t offset = 0;
  };
  mlir::LogicalResult check();
  void emitConstants();
  void emitAll();

  ir::FuncOp func;
  mlir::ModuleOp target;
  TargetTraits target_traits;
  SharedFunctions &sharedFunctions;
  llvm::SmallVector<std::pair<unsigned, unsigned>> aliases;
  int64_t vectorLanes = 32;
  bool wideIndex = false;

  // Of one attempt:
  bool redirect = false; // results that share a buffer with an operand are computed elsewhere
  bool hazard = false;
  KernelInfo info;
  // In the order of their making, which is the order of their addresses in the code: the text of a kernel must not depend on the heap.
  llvm::MapVector<mlir::Value, Place> places; // values in memory
  llvm::DenseMap<mlir::Value, llvm::SmallVector<Place>> copiesOf;
  llvm::DenseSet<unsigned> overwritten; // operands whose buffer a former phase has written
  llvm::MapVector<mlir::Value, std::string> constants;
  llvm::SmallVector<mlir::Operation *> emitted;
};

/// The bytes of a constant as they lie in memory.
std::string constantBytes(mlir::ElementsAttr value);
/// The size of an element in memory.
int64_t elementBytes(mlir::Type element);
/// Whether the operations before a value cost much more than a load, element by element.
bool isCostly(mlir::Operation *op);

// The phases (Phase*.cpp).
void emitMap(KernelBuilder &kernel, const PhasePlan &plan);
void emitScatter(KernelBuilder &kernel, ir::ScatterOp op);
void emitSort(KernelBuilder &kernel, ir::SortOp op);
void emitCumulate(KernelBuilder &kernel, ir::CumulateOp op);
/// A reduction to few values, in chunks that are then added up in a tree. False if it is better done otherwise.
bool emitSplitReduce(KernelBuilder &kernel, ir::ReduceOp op);

} // namespace dlc::codegen

#endif
