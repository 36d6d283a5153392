// Kernels that do not depend on the program.
#include "codegen/cuda/Kernel.h"

#include "runtime/abi.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// A kernel of one block under construction; its arguments are pointers and numbers of 64 bits.
class Builtin {
public:
  Builtin(ModuleOp into, StringRef name, ArrayRef<Type> arguments, int32_t threads)
      : b(into.getLoc(), OpBuilder::atBlockEnd(into.getBody())) {
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), arguments);
    function = LLVM::LLVMFuncOp::create(b, name, type);
    function->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
    function->setAttr(NVVM::NVVMDialect::getMaxntidAttrName(), b.getDenseI32ArrayAttr({threads}));
    entry = function.addEntryBlock(b);
    b.setInsertionPointToEnd(entry);
  }
  Value argument(unsigned number) { return entry->getArgument(number); }
  Value thread() { return arith::ExtUIOp::create(b, b.getI64Type(), NVVM::ThreadIdXOp::create(b, b.getI32Type())); }
  Value i64(int64_t value) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(value)); }
  Value integer(Type type, int64_t value) { return arith::ConstantOp::create(b, b.getIntegerAttr(type, value)); }
  Value at(Value base, Value byte) { return LLVM::GEPOp::create(b, base.getType(), b.getI8Type(), base, ArrayRef<LLVM::GEPArg>{byte}); }
  void barrier() { NVVM::Barrier0Op::create(b); }
  /// `for i = thread; i < count; i += threads`.
  void forEach(Value first, Value count, int64_t threads, llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, first, count, i64(threads));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  void when(Value condition, llvm::function_ref<void()> body) {
    auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body();
  }
  void finish() { LLVM::ReturnOp::create(b, ValueRange{}); }

  ImplicitLocOpBuilder b;
  LLVM::LLVMFuncOp function;
  Block *entry;
};

void emitNumber(ModuleOp into) {
  MLIRContext *context = into.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  Builtin kernel(into, DLC_NUMBER_KERNEL, {pointer, i64}, 1);
  LLVM::StoreOp::create(kernel.b, kernel.argument(1), kernel.argument(0), 8);
  kernel.finish();
}

void emitBelow(ModuleOp into) {
  MLIRContext *context = into.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  Builtin kernel(into, DLC_BELOW_KERNEL, {pointer, pointer, i64}, 1);
  auto &b = kernel.b;
  Value count = LLVM::LoadOp::create(b, i64, kernel.argument(1), 8);
  Value isBelow = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, kernel.argument(2), count);
  LLVM::StoreOp::create(b, arith::ExtUIOp::create(b, b.getI8Type(), isBelow), kernel.argument(0), 1);
  kernel.finish();
}

/// Of the threads that see a false flag the first to exchange the word's 0 for the check's own number makes all threads copy the values.
void emitCheck(ModuleOp into) {
  MLIRContext *context = into.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  constexpr StringRef name = DLC_CHECK_KERNEL;
  SmallVector<Type> types(DLC_CHECK_VALUE);
  types[DLC_CHECK_FLAGS] = types[DLC_CHECK_WORD] = pointer, types[DLC_CHECK_COUNT] = types[DLC_CHECK_MARK] = i64;
  for (int operand = 0; operand < DLC_CHECK_OPERANDS; ++operand)
    types.append({pointer, pointer, i64});
  {
    OpBuilder b = OpBuilder::atBlockBegin(into.getBody());
    LLVM::GlobalOp::create(b, into.getLoc(), b.getI32Type(), /*isConstant=*/false, LLVM::Linkage::Internal, (name + "$shared").str(), Attribute(),
                           /*alignment=*/16, /*addrSpace=*/3);
  }
  Builtin kernel(into, name, types, DLC_CHECK_THREADS);
  auto &b = kernel.b;
  Type i32 = b.getI32Type(), i8 = b.getI8Type();
  Value isFirst = LLVM::AddressOfOp::create(b, LLVM::LLVMPointerType::get(context, 3), (name + "$shared").str());
  Value thread = kernel.thread(), zero = kernel.integer(i32, 0), one = kernel.integer(i32, 1);
  kernel.when(arith::CmpIOp::create(b, arith::CmpIPredicate::eq, thread, kernel.i64(0)), [&] { LLVM::StoreOp::create(b, zero, isFirst, 4); });
  kernel.barrier();
  kernel.forEach(thread, kernel.argument(DLC_CHECK_COUNT), DLC_CHECK_THREADS, [&](Value i) {
    Value flag = LLVM::LoadOp::create(b, i8, kernel.at(kernel.argument(DLC_CHECK_FLAGS), i));
    kernel.when(arith::CmpIOp::create(b, arith::CmpIPredicate::eq, flag, kernel.integer(i8, 0)), [&] {
      Value mark = arith::TruncIOp::create(b, i32, kernel.argument(DLC_CHECK_MARK));
      constexpr auto kOrder = LLVM::AtomicOrdering::monotonic;
      Value exchanged = LLVM::AtomicCmpXchgOp::create(b, kernel.argument(DLC_CHECK_WORD), zero, mark, kOrder, kOrder);
      Value won = LLVM::ExtractValueOp::create(b, exchanged, ArrayRef<int64_t>{1});
      kernel.when(won, [&] { LLVM::StoreOp::create(b, one, isFirst, 4); });
    });
  });
  kernel.barrier();
  Value first = LLVM::LoadOp::create(b, i32, isFirst, 4);
  kernel.when(arith::CmpIOp::create(b, arith::CmpIPredicate::ne, first, zero), [&] {
    for (unsigned operand = 0; operand < DLC_CHECK_OPERANDS; ++operand) {
      unsigned at = DLC_CHECK_VALUE + 3 * operand;
      kernel.forEach(thread, kernel.argument(at + 2), DLC_CHECK_THREADS, [&](Value i) {
        Value byte = LLVM::LoadOp::create(b, i8, kernel.at(kernel.argument(at + 1), i));
        LLVM::StoreOp::create(b, byte, kernel.at(kernel.argument(at), i));
      });
    }
  });
  kernel.finish();
}

} // namespace

void emitBuiltins(ModuleOp into) {
  emitNumber(into);
  emitBelow(into);
  emitCheck(into);
}

} // namespace dlc::codegen::cuda
