#include "codegen/cpu/product/MicroKernel.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace dlc::codegen {

TileSize TileSize::of(const KernelBuilder &kernel, Type element) {
  TileSize size;
  size.lanes = kernel.traits().vectorBytes / elementBytes(element);
  size.columns = 2 * size.lanes;
  return size;
}

Value elementAddress(LoopBuilder &loops, Type element, Value base, Value index) {
  Type pointer = LLVM::LLVMPointerType::get(loops.context());
  return loops.pure<LLVM::GEPOp>({base, index}, reinterpret_cast<uintptr_t>(element.getAsOpaquePointer()), pointer, element, base,
                                 ArrayRef<LLVM::GEPArg>{index});
}

Value loadElements(LoopBuilder &loops, Type type, Value address) {
  loops.moveToTop();
  return LLVM::LoadOp::create(loops.builder(), type, address, elementBytes(scalarOf(type)));
}

void storeElements(LoopBuilder &loops, Value value, Value address) {
  loops.moveToTop();
  LLVM::StoreOp::create(loops.builder(), value, address, elementBytes(scalarOf(value.getType())));
}

namespace {

/// All of a micro-kernel's loops around its innermost statements: `carried` are accumulators and the running pointer into b.
void emitMicroKernel(LLVM::LLVMFuncOp function, Type element, TileSize size, int64_t rows, bool accumulate) {
  OpBuilder entryBuilder(function.getContext());
  Block *entry = function.addEntryBlock(entryBuilder);
  LoopBuilder loops(function.getLoc(), entry);
  auto argument = [&](unsigned i) -> Value { return entry->getArgument(i); };
  Value a = argument(0), offsets = argument(1), b = argument(8), bStride = argument(9), tile = argument(10);
  Type vector = lanesOf(element, size.lanes), i64 = loops.builder().getI64Type();

  SmallVector<Value> rowPointers, sums, tileAddresses;
  for (int64_t row = 0; row < rows; ++row) {
    Value offset = loadElements(loops, i64, elementAddress(loops, i64, offsets, loops.i64(row)));
    rowPointers.push_back(elementAddress(loops, element, a, offset));
    for (int64_t half = 0; half < 2; ++half) {
      tileAddresses.push_back(elementAddress(loops, element, tile, loops.i64(row * size.columns + half * size.lanes)));
      sums.push_back(accumulate ? loadElements(loops, vector, tileAddresses.back()) : loops.number(vector, 0));
    }
  }
  auto step = [&](Value at, Value bRow, ValueRange before) {
    SmallVector<Value> factors, after;
    for (int64_t half = 0; half < 2; ++half)
      factors.push_back(loadElements(loops, vector, elementAddress(loops, element, bRow, loops.i64(half * size.lanes))));
    for (int64_t row = 0; row < rows; ++row) {
      Value scalar = loadElements(loops, element, elementAddress(loops, element, rowPointers[row], at));
      Value broadcast = vector::BroadcastOp::create(loops.builder(), vector, scalar);
      for (int64_t half = 0; half < 2; ++half)
        after.push_back(math::FmaOp::create(loops.builder(), broadcast, factors[half], before[2 * row + half]));
    }
    return after;
  };
  SmallVector<Value> carried = sums;
  carried.push_back(b);
  Value zero = loops.i64(0);
  carried = loops.forLoop(zero, argument(2), 1, carried, [&](Value i0, ValueRange outer) {
    return loops.forLoop(zero, argument(4), 1, outer, [&](Value i1, ValueRange middle) {
      Value base = loops.add(loops.mul(i0, argument(3)), loops.mul(i1, argument(5)));
      SmallVector<Value> inits(middle);
      inits.push_back(base);
      SmallVector<Value> last = loops.forLoop(zero, argument(6), 1, inits, [&](Value, ValueRange inner) {
        Value at = inner.back(), bRow = inner[inner.size() - 2];
        SmallVector<Value> next = step(at, bRow, inner.drop_back(2));
        next.push_back(elementAddress(loops, element, bRow, bStride));
        next.push_back(loops.add(at, argument(7)));
        return next;
      });
      last.pop_back();
      return last;
    });
  });
  for (auto [address, sum] : llvm::zip(tileAddresses, ArrayRef(carried).drop_back()))
    storeElements(loops, sum, address);
  loops.moveTo(0);
  LLVM::ReturnOp::create(loops.builder(), ValueRange{});
}

} // namespace

LLVM::LLVMFuncOp microKernel(KernelBuilder &kernel, Type element, int64_t rows, bool accumulate) {
  TileSize size = TileSize::of(kernel, element);
  MLIRContext *context = element.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                          {pointer, pointer, i64, i64, i64, i64, i64, i64, pointer, i64, pointer});
  std::string name = "product.micro." + std::to_string(rows) + "x" + std::to_string(size.columns) + (accumulate ? ".add" : "") +
                     (element.isF64() ? ".f64" : ".f32");
  return kernel.shared(name, type, [=](LLVM::LLVMFuncOp function) { emitMicroKernel(function, element, size, rows, accumulate); });
}

} // namespace dlc::codegen
