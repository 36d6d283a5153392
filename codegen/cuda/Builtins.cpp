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
  Value block() { return arith::ExtUIOp::create(b, b.getI64Type(), NVVM::BlockIdXOp::create(b, b.getI32Type())); }
  Value i64(int64_t value) { return arith::ConstantOp::create(b, b.getI64IntegerAttr(value)); }
  Value integer(Type type, int64_t value) { return arith::ConstantOp::create(b, b.getIntegerAttr(type, value)); }
  Value at(Value base, Value byte) { return LLVM::GEPOp::create(b, base.getType(), b.getI8Type(), base, ArrayRef<LLVM::GEPArg>{byte}); }
  void barrier() { NVVM::Barrier0Op::create(b); }
  /// `for i = first; i < count; i += step`.
  void forEach(Value first, Value count, Value step, llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, first, count, step);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  void when(Value condition, llvm::function_ref<void()> body, llvm::function_ref<void()> otherwise = nullptr) {
    auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/static_cast<bool>(otherwise));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body();
    if (!otherwise)
      return;
    b.setInsertionPointToStart(branch.elseBlock());
    otherwise();
  }
  Value compare(arith::CmpIPredicate predicate, Value x, Value y) { return arith::CmpIOp::create(b, predicate, x, y); }
  /// Writes a condition as a byte.
  void storeFlag(Value condition, Value to) { LLVM::StoreOp::create(b, arith::ExtUIOp::create(b, b.getI8Type(), condition), to, 1); }
  /// What lies at an address that is a number; 0 is none, for which `otherwise` is done.
  void ifThere(Value address, Type type, int64_t alignment, llvm::function_ref<void(Value)> body, llvm::function_ref<void()> otherwise) {
    auto read = [&] { body(LLVM::LoadOp::create(b, type, LLVM::IntToPtrOp::create(b, LLVM::LLVMPointerType::get(b.getContext()), address), alignment)); };
    when(compare(arith::CmpIPredicate::ne, address, i64(0)), read, otherwise);
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
  kernel.storeFlag(kernel.compare(arith::CmpIPredicate::slt, kernel.argument(2), count), kernel.argument(0));
  kernel.finish();
}

using Predicate = arith::CmpIPredicate;

void emitEnter(ModuleOp into) {
  MLIRContext *context = into.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  Builtin kernel(into, DLC_ENTER_KERNEL, {pointer, pointer, pointer, i64, i64, i64}, 1);
  auto &b = kernel.b;
  Value index = kernel.argument(0), left = kernel.argument(1), more = kernel.argument(2), count = kernel.argument(3), bound = kernel.argument(4);
  Value zero = kernel.i64(0);
  auto enter = [&](Value passes) {
    Value last = arith::SubIOp::create(b, passes, kernel.i64(1));
    Value first = arith::SelectOp::create(b, kernel.compare(Predicate::ne, kernel.argument(5), zero), last, zero);
    LLVM::StoreOp::create(b, first, index, 8);
    LLVM::StoreOp::create(b, passes, left, 8);
    kernel.storeFlag(kernel.compare(Predicate::sgt, passes, zero), more);
  };
  kernel.ifThere(
      count, i64, 8, [&](Value given) { enter(arith::MinSIOp::create(b, arith::MaxSIOp::create(b, given, zero), bound)); }, [&] { enter(bound); });
  kernel.finish();
}

void emitNext(ModuleOp into) {
  MLIRContext *context = into.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  Builtin kernel(into, DLC_NEXT_KERNEL, {pointer, pointer, pointer, i64, i64}, 1);
  auto &b = kernel.b;
  Value index = kernel.argument(0), left = kernel.argument(1), more = kernel.argument(2), stop = kernel.argument(3);
  LLVM::StoreOp::create(b, arith::AddIOp::create(b, LLVM::LoadOp::create(b, i64, index, 8), kernel.argument(4)), index, 8);
  Value rest = arith::SubIOp::create(b, LLVM::LoadOp::create(b, i64, left, 8), kernel.i64(1));
  LLVM::StoreOp::create(b, rest, left, 8);
  Value isLeft = kernel.compare(Predicate::sgt, rest, kernel.i64(0));
  kernel.ifThere(
      stop, b.getI8Type(), 1,
      [&](Value ends) {
        Value goesOn = kernel.compare(Predicate::eq, ends, kernel.integer(b.getI8Type(), 0));
        kernel.storeFlag(arith::AndIOp::create(b, isLeft, goesOn), more);
      },
      [&] { kernel.storeFlag(isLeft, more); });
  kernel.finish();
}

/// Copies by 16 bytes where addresses and sizes allow, else by 4, else byte by byte. All threads of the grid do a part.
void emitSlices(ModuleOp into) {
  MLIRContext *context = into.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  SmallVector<Type> types{pointer, i64};
  for (int slice = 0; slice < DLC_SLICES; ++slice)
    types.append({pointer, i64, pointer, i64, i64});
  Builtin kernel(into, DLC_SLICES_KERNEL, types, DLC_SLICES_THREADS);
  auto &b = kernel.b;
  Value index = LLVM::LoadOp::create(b, i64, kernel.argument(DLC_SLICES_INDEX), 8), running = kernel.argument(DLC_SLICES_RUNNING);
  Value thread = arith::AddIOp::create(b, arith::MulIOp::create(b, kernel.block(), kernel.i64(DLC_SLICES_THREADS)), kernel.thread());
  for (unsigned slice = 0; slice < DLC_SLICES; ++slice) {
    unsigned at = DLC_SLICE + 5 * slice;
    auto place = [&](unsigned base) { return kernel.at(kernel.argument(base), arith::MulIOp::create(b, index, kernel.argument(base + 1))); };
    Value to = place(at), from = place(at + 2), bytes = kernel.argument(at + 4);
    Value bits = arith::OrIOp::create(b, LLVM::PtrToIntOp::create(b, i64, to), LLVM::PtrToIntOp::create(b, i64, from));
    bits = arith::OrIOp::create(b, bits, bytes);
    auto divides = [&](int64_t size) { return kernel.compare(Predicate::eq, arith::AndIOp::create(b, bits, kernel.i64(size - 1)), kernel.i64(0)); };
    auto copy = [&](Type type, int64_t size) {
      auto times = [&](Value value) { return arith::MulIOp::create(b, value, kernel.i64(size)); };
      kernel.forEach(times(thread), bytes, times(running), [&](Value byte) {
        LLVM::StoreOp::create(b, LLVM::LoadOp::create(b, type, kernel.at(from, byte), size), kernel.at(to, byte), size);
      });
    };
    kernel.when(
        divides(16), [&] { copy(VectorType::get({4}, b.getI32Type()), 16); },
        [&] { kernel.when(divides(4), [&] { copy(b.getI32Type(), 4); }, [&] { copy(b.getI8Type(), 1); }); });
  }
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
  kernel.forEach(thread, kernel.argument(DLC_CHECK_COUNT), kernel.i64(DLC_CHECK_THREADS), [&](Value i) {
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
      kernel.forEach(thread, kernel.argument(at + 2), kernel.i64(DLC_CHECK_THREADS), [&](Value i) {
        Value byte = LLVM::LoadOp::create(b, i8, kernel.at(kernel.argument(at + 1), i));
        LLVM::StoreOp::create(b, byte, kernel.at(kernel.argument(at), i));
      });
    }
  });
  kernel.finish();
}

} // namespace

void emitBuiltins(ModuleOp into, bool hasLoops) {
  emitNumber(into);
  emitCheck(into);
  if (!hasLoops)
    return;
  emitBelow(into);
  emitEnter(into);
  emitNext(into);
  emitSlices(into);
}

} // namespace dlc::codegen::cuda
