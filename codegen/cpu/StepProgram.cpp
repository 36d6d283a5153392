// The program around the kernels, for the cpu: kernels are called, or handed to the threads; memory is memory.
#include "codegen/cpu/StepProgram.h"

#include "codegen/common/Sanitize.h"
#include "codegen/common/StepEmitter.h"

using namespace mlir;

namespace dlc::codegen {

namespace {

/// Kernels with less work than this run on the calling thread.
constexpr double kInlineSeconds = 5e-6;

bool isInline(const Phase &phase) { return phase.tiles == 1 || phase.seconds < kInlineSeconds; }

// The offset in runtime/abi.h.
constexpr int64_t kParallelFor = 8;

class CpuStepEmitter final : public StepEmitter {
public:
  CpuStepEmitter(ir::FuncOp function, const Places &places, ModuleOp into, const std::map<std::string, KernelInfo> &kernels, int64_t site,
                 bool guards)
      : StepEmitter(function, places, into, site), kernels(kernels), guards(guards) {}

private:
  bool hasKernel(StringRef kernel) const override { return kernels.count(kernel.str()); }
  const KernelInfo &kernelOf(StringRef kernel) const override { return kernels.find(kernel.str())->second; }

  void launch(ir::LaunchOp op, ArrayRef<Value> pointers) override {
    const KernelInfo &kernel = kernelOf(op.getCallee());
    Value buffers = table(pointers);
    SmallVector<Value> guard;
    if (guards)
      callSanitizer(kGuardLaunch, guard = guarded(op, kernel, SmallVector<Value>(pointers)));
    for (const Phase &phase : kernel.phases) {
      if (phase.tiles == 0)
        continue;
      auto function = declareKernel(phase.symbol);
      if (isInline(phase)) {
        Value workspace = phase.workspace ? scratch(kernel.scratch, phase.workspace) : null();
        LLVM::CallOp::create(b, function, ValueRange{buffers, null(), number(0), number(phase.tiles), workspace});
        continue;
      }
      info.workspaceBytes = std::max(info.workspaceBytes, phase.workspace);
      Value symbol = LLVM::AddressOfOp::create(b, pointer, phase.symbol);
      callRuntime(kParallelFor, {symbol, buffers, null(), number(phase.tiles), number(phase.workspace), number32(0)});
    }
    if (guards)
      callSanitizer(kUnguardLaunch, guard);
  }

  LLVM::LLVMFuncOp declare(StringRef symbol, ArrayRef<Type> arguments) {
    if (auto known = target.lookupSymbol<LLVM::LLVMFuncOp>(symbol))
      return known;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(target.getBody());
    return LLVM::LLVMFuncOp::create(b, symbol, LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), arguments));
  }
  LLVM::LLVMFuncOp declareKernel(StringRef symbol) { return declare(symbol, {pointer, pointer, i64, i64, pointer}); }

  /// What both functions around a launch are told: the arena, and what lies in it that the kernel may touch.
  SmallVector<Value> guarded(ir::LaunchOp op, const KernelInfo &kernel, SmallVector<Value> buffers) {
    SmallVector<Value> bytes;
    for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
      bytes.push_back(number(tensorBytes(type)));
    int64_t workspace = 0;
    for (const Phase &phase : kernel.phases)
      if (isInline(phase))
        workspace = std::max(workspace, phase.workspace);
    if (kernel.scratch)
      bytes.push_back(number(kernel.scratch)); // which is in the table already
    if (workspace)
      buffers.push_back(scratch(kernel.scratch, workspace)), bytes.push_back(number(workspace));
    arenaSizes.push_back(LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(0)));
    return {arena(), arenaSizes.back(), table(buffers), table(bytes), number(buffers.size())};
  }
  void callSanitizer(const char *name, ArrayRef<Value> values) {
    LLVM::CallOp::create(b, declare(name, {pointer, i64, pointer, pointer, i64}), values);
  }
  void finish() override {
    for (LLVM::ConstantOp op : arenaSizes)
      op.setValueAttr(b.getI64IntegerAttr(info.arenaBytes));
  }

  void copyBytes(Value to, Value from, int64_t bytes) override {
    if (bytes)
      LLVM::MemcpyOp::create(b, to, from, number(bytes), /*isVolatile=*/false);
  }
  void clear(Value memory, int64_t bytes) override {
    LLVM::MemsetOp::create(b, memory, LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)), number(bytes), false);
  }
  Value readNumber(Type type, Value from) override { return load(type, from); }
  Value numberMemory() override { return local(8); }
  void writeNumber(Value number, Value to) override { LLVM::StoreOp::create(b, number, to); }
  Value constantAddress(size_t number) override { return constantData(number); }

  void branchOnAll(Value flags, int64_t count, Block *yes, Block *no) override {
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *head = nullptr, *inside = nullptr;
    if (count > 1)
      head = newBlock(), inside = newBlock();
    b.restoreInsertionPoint(before);
    Value zero = LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0));
    if (count == 1) {
      branch(compare(LLVM::ICmpPredicate::eq, load(i8, flags), zero), no, yes);
    } else {
      Value i = head->addArgument(i64, b.getLoc());
      jump(head, this->number(0));
      b.setInsertionPointToEnd(head);
      branch(compare(LLVM::ICmpPredicate::slt, i, this->number(count)), inside, yes);
      b.setInsertionPointToEnd(inside);
      Value bad = compare(LLVM::ICmpPredicate::eq, load(i8, plus(flags, i)), zero);
      Value next = LLVM::AddOp::create(b, i, this->number(1));
      LLVM::CondBrOp::create(b, bad, no, ValueRange{}, head, ValueRange{next});
    }
  }

  const std::map<std::string, KernelInfo> &kernels;
  bool guards;
  SmallVector<LLVM::ConstantOp> arenaSizes; // to be filled in at the end
};

} // namespace

FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, ModuleOp into,
                                     const std::map<std::string, KernelInfo> &kernels, int64_t firstSite, bool guards) {
  return CpuStepEmitter(function, places, into, kernels, firstSite, guards).run();
}

} // namespace dlc::codegen
