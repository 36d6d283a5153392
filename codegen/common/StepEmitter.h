#ifndef DLC_CODEGEN_STEPEMITTER_H
#define DLC_CODEGEN_STEPEMITTER_H

#include "codegen/common/FunctionInfo.h"
#include "codegen/common/KernelBase.h"
#include "codegen/common/Places.h"

#include "runtime/abi.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dlc::codegen {

/// The native function around the kernels: launches, copies, branches and loops. It always runs on the host; a target says how kernels are
/// launched and how memory that they work on is reached.
class StepEmitter {
public:
  /// `site` is the number of the function's first check or effect.
  StepEmitter(ir::FuncOp function, const Places &places, mlir::ModuleOp into, int64_t site);
  virtual ~StepEmitter() = default;
  StepEmitter(const StepEmitter &) = delete;

  /// Emits `dlc.NAME` and `dlc.NAME.steps`.
  mlir::FailureOr<FunctionInfo> run();

protected:
  // What a target answers.
  virtual bool hasKernel(llvm::StringRef kernel) const = 0;
  virtual const KernelMemory &kernelOf(llvm::StringRef kernel) const = 0;
  /// Runs all phases of a kernel. `pointers` are the operands, the results, and the scratch memory where there is some.
  virtual void launch(ir::LaunchOp op, llvm::ArrayRef<mlir::Value> pointers) = 0;
  virtual void copyBytes(mlir::Value to, mlir::Value from, int64_t bytes) = 0;
  /// Makes memory 0.
  virtual void clear(mlir::Value memory, int64_t bytes) = 0;
  /// A number of the kernels' memory, in the program; `type` is i8 or i64.
  virtual mlir::Value readNumber(mlir::Type type, mlir::Value from) = 0;
  /// Memory for an i64 that kernels read, and how it is written.
  virtual mlir::Value numberMemory() = 0;
  virtual void writeNumber(mlir::Value number, mlir::Value to) = 0;
  /// Check `site` on `count` booleans. As it stands here the program waits for them, and goes on where all are true.
  virtual void check(ir::CheckOp op, int64_t site, int64_t count, mlir::Value flags);
  /// One of two pieces of code, by a flag in the kernels' memory.
  virtual void choose(mlir::Value flag, llvm::function_ref<void()> yes, llvm::function_ref<void()> no);
  /// How many passes a loop runs whose count, at most `bound`, lies in the kernels' memory. Where the target lets the program run all of `bound` passes,
  /// `enterCounted` at the start of each makes what follows up to `leaveCounted` happen where the pass's index is below the count.
  virtual mlir::Value countPasses(mlir::Value count, int64_t bound);
  virtual void enterCounted(mlir::Value index) { (void)index; }
  virtual void leaveCounted() {}
  /// A loop that may end early, after `bound` passes at the latest. `prepareExit` before it; at the start of a pass `enterPass`, which goes to `after` where it is over; at its end, where the
  /// pass has left its flag, `keepExit` and then `leavePass`, with the number of the next one for `head`.
  virtual void prepareExit(int64_t bound) { (void)bound; }
  virtual void enterPass(mlir::Block *after) { (void)after; }
  virtual void keepExit(mlir::Value flag) { exitFlag = readNumber(i8, flag); }
  virtual void leavePass(mlir::Value next, mlir::Block *head, mlir::Block *after);
  /// A target may have a way of its own for a loop, whose results have their places by now. False: it has none for this one.
  virtual bool emitWhole(ir::LoopOp op) { return (void)op, false; }
  /// Goes to `yes` where all of `count` booleans are true.
  virtual void branchOnAll(mlir::Value flags, int64_t count, mlir::Block *yes, mlir::Block *no) = 0;
  /// Where constant `number` of the function lies for kernels.
  virtual mlir::Value constantAddress(size_t number) = 0;
  /// At the start of the function, once the buffers are known.
  virtual void prepare() {}
  /// At the end of all, once `info` is known.
  virtual void finish() {}

  // Small pieces.
  
  mlir::Value number(int64_t value) { return mlir::LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(value)); }
  mlir::Value number32(int64_t value) { return mlir::LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value)); }
  mlir::Value null() { return mlir::LLVM::ZeroOp::create(b, pointer); }
  mlir::Value plus(mlir::Value base, mlir::Value bytes) {
    return mlir::LLVM::GEPOp::create(b, pointer, i8, base, llvm::ArrayRef<mlir::LLVM::GEPArg>{bytes});
  }
  mlir::Value plus(mlir::Value base, int64_t bytes);
  mlir::Value farPlus(mlir::Value base, int64_t bytes) { return bytes < (int64_t{1} << 31) ? plus(base, bytes) : plus(base, number(bytes)); }
  mlir::Value load(mlir::Type type, mlir::Value from) { return mlir::LLVM::LoadOp::create(b, type, from); }
  /// Stack memory, whatever loop this stands in
  mlir::Value local(int64_t bytes);
  mlir::Block *newBlock() { return b.createBlock(body, body->end()); }
  void jump(mlir::Block *to, mlir::ValueRange values = {}) { mlir::LLVM::BrOp::create(b, values, to); }
  void branch(mlir::Value condition, mlir::Block *yes, mlir::Block *no) {
    mlir::LLVM::CondBrOp::create(b, condition, yes, mlir::ValueRange{}, no, mlir::ValueRange{});
  }
  mlir::Value compare(mlir::LLVM::ICmpPredicate predicate, mlir::Value x, mlir::Value y) { return mlir::LLVM::ICmpOp::create(b, predicate, x, y); }
  /// A call through the runtime's table; leaves the function where it does not return 0.
  void callRuntime(int64_t offset, llvm::ArrayRef<mlir::Value> arguments);
  /// A table of pointers on the stack.
  mlir::Value table(llvm::ArrayRef<mlir::Value> pointers);
  /// The address of a place; those that move with a loop have theirs from the loop.
  mlir::Value address(const TensorPlace &place);
  mlir::Value address(mlir::Value tensor);
  mlir::Value scratch(int64_t offset, int64_t bytes);
  /// The address in the program's own data of constant `number`.
  mlir::Value constantData(size_t number) { return mlir::LLVM::AddressOfOp::create(b, pointer, constantName(number)); }
  int64_t constantBytesOf(size_t number);
  mlir::Value arena() { return bufferPointers[places.results().size() + func.getNumArguments()]; }
  /// Bytes of the arena that stay this function's own while it runs; their offset in the arena, and their address.
  int64_t reserveAt(int64_t bytes);
  mlir::Value reserve(int64_t bytes) { return farPlus(arena(), reserveAt(bytes)); }

  struct Move {
    TensorPlace to, from;
    mlir::Value toAddress, fromAddress;
    int64_t bytes;
  };
  /// All at once: what a copy would overwrite before another one reads it is saved first.
  void moveAll(llvm::SmallVector<Move> moves);
  void emitBlock(mlir::Block &block);
  /// The body of a loop, whose arguments have their addresses; `into` are those of what it yields.
  void emitPass(ir::LoopOp op, llvm::SmallVector<mlir::Value> into);
  /// Before the first pass: carried values, and 0 in the places of passes that may not run.
  void startLoop(ir::LoopOp op);

  ir::FuncOp func;
  const Places &places;
  mlir::ModuleOp target;
  mlir::ImplicitLocOpBuilder b;
  mlir::Type pointer, i8, i32, i64;
  FunctionInfo info;
  mlir::Region *body = nullptr;
  mlir::Block *entry = nullptr, *failBlock = nullptr;
  mlir::Value context;
  mlir::Value exitFlag; // of the pass at hand, once it is known
  llvm::DenseMap<mlir::Value, mlir::Value> addresses; // of tensors whose place is not the plan's

private:
  mlir::LogicalResult check();
  void emitConstants();
  std::string constantName(size_t number) { return info.entry + ".constant" + std::to_string(number); }
  void emitLaunch(ir::LaunchOp op);
  /// Where results of a cond or loop, or of a copy, lie when `into` names a slice that moves.
  void resolveInto(mlir::Operation *op);
  void emitCond(ir::CondOp op);
  void emitLoop(ir::LoopOp op);
  /// The copies at the end of a pass, unless a value was computed where it belongs.
  void emitYield(ir::LoopOp op, llvm::ArrayRef<mlir::Value> into);
  void emitCheck(ir::CheckOp op);
  void emitHost(ir::HostOp op);
  void emitEntry();
  void emitSteps();

  int64_t site;
  int64_t planned, scratchNeeded = 0;
  llvm::SmallVector<mlir::Value> bufferPointers;
  llvm::SmallVector<llvm::SmallVector<mlir::Value>> intoAddresses; // of the region's terminator, innermost last
};

/// The bytes of a tensor in memory.
int64_t tensorBytes(mlir::Type type);

} // namespace dlc::codegen

#endif
