#ifndef DLC_CODEGEN_KERNELBASE_H
#define DLC_CODEGEN_KERNELBASE_H

#include "codegen/common/Elemental.h"
#include "codegen/common/Schedule.h"

#include "llvm/ADT/MapVector.h"

namespace dlc::codegen {

/// What a kernel asks of the program around it beside its phases.
struct KernelMemory {
  int64_t scratch = 0; // bytes, from phase to phase
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

class KernelBase;

/// One function of a kernel under construction, on any target: its loops and the elements of the kernel's tensors. Reads of the kernel's
/// arguments, of constants, and of values that former phases wrote, are bound already.
class PhaseBase {
public:
  virtual ~PhaseBase() = default;
  PhaseBase(const PhaseBase &) = delete;

  LoopBuilder &loops() { return *loopBuilder; }
  Elemental &elements() { return *elemental; }
  /// Where a value lies that is in memory: an operand of the kernel, or what a former phase wrote.
  Buffer input(mlir::Value value);
  /// Where the value goes: a result of the kernel, or scratch memory if it is none. Later phases read it there.
  Buffer output(mlir::Value value);
  /// Memory at an offset that `KernelBase::scratch` gave.
  Buffer scratchBuffer(int64_t offset, mlir::Type element, int64_t count);

protected:
  explicit PhaseBase(KernelBase &kernel) : kernel(kernel) {}
  /// Opens the function; the target's own part of the kernel must be able to answer `pointer` from then on.
  void open(mlir::LLVM::LLVMFuncOp function, mlir::Block *entry, int64_t lanes);
  /// Ends the function and tells the kernel what lies where.
  void close();
  /// The pointer of a slot: the operands, the results, then the scratch memory.
  virtual mlir::Value pointer(int64_t slot) = 0;

  KernelBase &kernel;
  mlir::LLVM::LLVMFuncOp function;

private:
  Buffer bufferOf(mlir::Value value, int64_t slot, int64_t offset);
  std::unique_ptr<LoopBuilder> loopBuilder;
  std::unique_ptr<Elemental> elemental;
  llvm::SmallVector<mlir::Value> written;
};

/// Compiles one kernel function of the dialect into a module: which phases there are, and where their values lie. A target says how a
/// phase is emitted.
class KernelBase {
public:
  /// `aliases`: pairs (result, operand) that some launch gives one buffer. `targetName` is for messages ("the cpu").
  KernelBase(ir::FuncOp function, mlir::ModuleOp into, llvm::ArrayRef<std::pair<unsigned, unsigned>> aliases, llvm::StringRef targetName);
  virtual ~KernelBase() = default;
  KernelBase(const KernelBase &) = delete;

  ir::FuncOp function() { return func; }
  mlir::ModuleOp module() { return target; }
  mlir::ValueRange results() { return func.getBody().front().getTerminator()->getOperands(); }
  /// The bytes of the widest element of a tensor that is not a scalar.
  int64_t widestElement() const { return widest; }
  /// Whether some tensor has 2^31 elements or more.
  bool wide() const { return wideIndex; }
  /// A symbol for phase `number`.
  std::string phaseName(size_t number);
  /// Reserves memory that lives from phase to phase; returns its offset.
  int64_t scratch(int64_t bytes);
  /// Phases for values by the generic way: everything that `results` need and is not in memory yet.
  void emitGeneric(mlir::ValueRange results);
  struct Place {
    int64_t slot = -1; // in the table of buffers; -1: in scratch
    int64_t offset = 0;
  };
  /// For what is computed by other means than a phase: where a value in memory lies, and where one that will be there from now on goes.
  Place placeOf(mlir::Value value) const { return places.lookup(value); }
  Place placeOutput(mlir::Value value);
  /// A value in memory is read at places that nobody follows: not after a former phase has written over it.
  void readsWhole(mlir::Value value);
  /// Whether a value lies in memory already.
  bool isPlaced(mlir::Value value) const { return places.contains(value); }

protected:
  /// Emits all phases. Fails with a diagnostic at the operation that is not supported.
  mlir::LogicalResult emit(KernelMemory &memory);
  /// The phases of a plan.
  virtual void emitPlan(const PhasePlan &plan) = 0;
  /// All phases by another than the generic way; false if there is none for this kernel.
  virtual bool emitSpecial() { return false; }
  /// An attempt is thrown away: the target forgets its phases.
  virtual void restart() = 0;

private:
  friend class PhaseBase;
  /// Where a value goes; operands whose buffer that is are counted as shared.
  Place choosePlace(mlir::Value value, llvm::SmallVectorImpl<unsigned> &sharedOperands);
  void markWritten(mlir::Value value);
  mlir::LogicalResult check();
  void emitConstants();
  void emitAll();

  ir::FuncOp func;
  mlir::ModuleOp target;
  llvm::SmallVector<std::pair<unsigned, unsigned>> aliases;
  std::string targetName;
  int64_t widest = 1;
  bool wideIndex = false;

  // Of one attempt:
  bool redirect = false; // results that share a buffer with an operand are computed elsewhere
  bool hazard = false;
  KernelMemory memory;
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

} // namespace dlc::codegen

#endif
