// Copies of panels of the operands, in the order in which the micro-kernel reads them.
#include "codegen/cpu/product/MicroKernel.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace dlc::codegen {
namespace {

/// Lane c of a mask is c < count.
Value firstLanes(LoopBuilder &loops, Value count, int64_t lanes) {
  auto type = VectorType::get({lanes}, loops.builder().getI64Type());
  SmallVector<int64_t> numbers;
  for (int64_t i = 0; i < lanes; ++i)
    numbers.push_back(i);
  Value iota = loops.constant(DenseElementsAttr::get(type, ArrayRef<int64_t>(numbers)));
  return loops.compare(arith::CmpIPredicate::slt, iota, loops.splat(count, lanes));
}

Value maskedLoad(LoopBuilder &loops, Type type, Value address, Value mask) {
  Value nothing = loops.number(type, 0);
  loops.moveToTop();
  return LLVM::MaskedLoadOp::create(loops.builder(), type, address, mask, nothing,
                                    loops.builder().getI32IntegerAttr(elementBytes(scalarOf(type))));
}

/// Transposes as many vectors as each has lanes (a power of two): in each round the halves of pairs of vectors change places.
SmallVector<Value> transposed(LoopBuilder &loops, SmallVector<Value> rows) {
  int64_t n = rows.size();
  loops.moveToTop();
  for (int64_t half = n / 2; half >= 1; half /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t lane = 0; lane < n; ++lane) {
      bool upper = lane / half % 2;
      low.push_back(upper ? n + lane - half : lane);
      high.push_back(upper ? n + lane : lane + half);
    }
    SmallVector<Value> next(n);
    for (int64_t row = 0; row < n; ++row) {
      if (row / half % 2)
        continue;
      next[row] = vector::ShuffleOp::create(loops.builder(), rows[row], rows[row + half], low);
      next[row + half] = vector::ShuffleOp::create(loops.builder(), rows[row], rows[row + half], high);
    }
    rows = next;
  }
  return rows;
}

struct RightArguments {
  Value b, count[3], stride[3], columnStride, columns, out;
};

using Line = llvm::function_ref<Value(Value source, Value out)>;

/// The two outer loops over the rows of b; `line` does the innermost and returns where the output goes on.
void walkRows(LoopBuilder &loops, Type element, const RightArguments &args, Line line) {
  Value zero = loops.i64(0);
  loops.forLoop(zero, args.count[0], 1, {args.out}, [&](Value i0, ValueRange outer) {
    return loops.forLoop(zero, args.count[1], 1, outer, [&](Value i1, ValueRange middle) {
      Value at = loops.add(loops.mul(i0, args.stride[0]), loops.mul(i1, args.stride[1]));
      return SmallVector<Value>{line(elementAddress(loops, element, args.b, at), middle[0])};
    });
  });
}

void emitContiguous(LoopBuilder &loops, Type element, TileSize size, const RightArguments &args) {
  Type vector = lanesOf(element, size.columns);
  Value mask = firstLanes(loops, args.columns, size.columns);
  walkRows(loops, element, args, [&](Value source, Value out) {
    return loops.forLoop(loops.i64(0), args.count[2], 1, {source, out}, [&](Value, ValueRange carried) {
      storeElements(loops, maskedLoad(loops, vector, carried[0], mask), carried[1]);
      return SmallVector<Value>{elementAddress(loops, element, carried[0], args.stride[2]),
                                elementAddress(loops, element, carried[1], loops.i64(size.columns))};
    })[1];
  });
}

/// The place of column c; of the last one for those beyond.
Value columnAddress(LoopBuilder &loops, Type element, const RightArguments &args, Value source, int64_t column) {
  Value last = loops.sub(args.columns, loops.i64(1));
  return elementAddress(loops, element, source, loops.mul(loops.min(loops.i64(column), last), args.columnStride));
}

/// Rows of single elements, for what is left and for layouts without any contiguous axis.
Value emitSingles(LoopBuilder &loops, Type element, TileSize size, const RightArguments &args, Value source, Value out, Value count) {
  return loops.forLoop(loops.i64(0), count, 1, {source, out}, [&](Value, ValueRange carried) {
    for (int64_t column = 0; column < size.columns; ++column) {
      Value value = loadElements(loops, element, columnAddress(loops, element, args, carried[0], column));
      storeElements(loops, value, elementAddress(loops, element, carried[1], loops.i64(column)));
    }
    return SmallVector<Value>{elementAddress(loops, element, carried[0], args.stride[2]),
                              elementAddress(loops, element, carried[1], loops.i64(size.columns))};
  })[1];
}

/// Blocks of as many rows as a register has lanes, transposed in registers.
void emitTransposed(LoopBuilder &loops, Type element, TileSize size, const RightArguments &args) {
  Type vector = lanesOf(element, size.lanes);
  Value blocks = loops.div(args.count[2], size.lanes), rest = loops.rem(args.count[2], size.lanes);
  walkRows(loops, element, args, [&](Value source, Value out) {
    SmallVector<Value> after = loops.forLoop(loops.i64(0), blocks, 1, {source, out}, [&](Value, ValueRange carried) {
      for (int64_t half = 0; half < 2; ++half) {
        SmallVector<Value> rows;
        for (int64_t lane = 0; lane < size.lanes; ++lane)
          rows.push_back(loadElements(loops, vector, columnAddress(loops, element, args, carried[0], half * size.lanes + lane)));
        rows = transposed(loops, rows);
        for (int64_t lane = 0; lane < size.lanes; ++lane)
          storeElements(loops, rows[lane],
                        elementAddress(loops, element, carried[1], loops.i64(lane * size.columns + half * size.lanes)));
      }
      return SmallVector<Value>{elementAddress(loops, element, carried[0], loops.i64(size.lanes)),
                                elementAddress(loops, element, carried[1], loops.i64(size.lanes * size.columns))};
    });
    return emitSingles(loops, element, size, args, after[0], after[1], rest);
  });
}

void emitPackRight(LLVM::LLVMFuncOp function, Type element, TileSize size, RightLayout layout) {
  OpBuilder entryBuilder(function.getContext());
  Block *entry = function.addEntryBlock(entryBuilder);
  LoopBuilder loops(function.getLoc(), entry);
  RightArguments args;
  args.b = entry->getArgument(0);
  for (int level = 0; level < 3; ++level)
    args.count[level] = entry->getArgument(1 + 2 * level), args.stride[level] = entry->getArgument(2 + 2 * level);
  args.columnStride = entry->getArgument(7), args.columns = entry->getArgument(8), args.out = entry->getArgument(9);
  if (layout == RightLayout::Contiguous)
    emitContiguous(loops, element, size, args);
  else if (layout == RightLayout::Transposed)
    emitTransposed(loops, element, size, args);
  else
    walkRows(loops, element, args,
             [&](Value source, Value out) { return emitSingles(loops, element, size, args, source, out, args.count[2]); });
  loops.moveTo(0);
  LLVM::ReturnOp::create(loops.builder(), ValueRange{});
}

void emitPackLeft(LLVM::LLVMFuncOp function, Type element, TileSize size) {
  OpBuilder entryBuilder(function.getContext());
  Block *entry = function.addEntryBlock(entryBuilder);
  LoopBuilder loops(function.getLoc(), entry);
  Value rows = entry->getArgument(1), count = entry->getArgument(2), stride = entry->getArgument(3);
  // A vector of a power of two; what it writes beyond a row the next one overwrites.
  Type vector = lanesOf(element, 8);
  Value mask = firstLanes(loops, rows, 8);
  loops.forLoop(loops.i64(0), count, 1, {entry->getArgument(0), entry->getArgument(4)}, [&](Value, ValueRange carried) {
    storeElements(loops, maskedLoad(loops, vector, carried[0], mask), carried[1]);
    return SmallVector<Value>{elementAddress(loops, element, carried[0], stride),
                              elementAddress(loops, element, carried[1], loops.i64(size.rows))};
  });
  loops.moveTo(0);
  LLVM::ReturnOp::create(loops.builder(), ValueRange{});
}

std::string suffix(Type element) { return element.isF64() ? ".f64" : ".f32"; }

} // namespace

LLVM::LLVMFuncOp packRight(KernelBuilder &kernel, Type element, RightLayout layout) {
  TileSize size = TileSize::of(kernel, element);
  MLIRContext *context = element.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context),
                                          {pointer, i64, i64, i64, i64, i64, i64, i64, i64, pointer});
  const char *names[] = {"rows", "columns", "any"};
  std::string name = "product.pack." + std::string(names[static_cast<int>(layout)]) + suffix(element);
  return kernel.shared(name, type, [=](LLVM::LLVMFuncOp function) { emitPackRight(function, element, size, layout); });
}

LLVM::LLVMFuncOp packLeft(KernelBuilder &kernel, Type element) {
  TileSize size = TileSize::of(kernel, element);
  MLIRContext *context = element.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointer, i64, i64, i64, pointer});
  return kernel.shared("product.pack.left" + suffix(element), type,
                       [=](LLVM::LLVMFuncOp function) { emitPackLeft(function, element, size); });
}

} // namespace dlc::codegen
