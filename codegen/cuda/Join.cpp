// What the threads of a phase do together: they wait for each other, and fold what each of them has.
#include "codegen/cuda/Kernel.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace dlc::codegen::cuda {

Value Phase::exchange(Value value, int64_t distance) {
  auto &b = loops().builder();
  Type type = value.getType(), i32 = b.getI32Type();
  unsigned width = type.getIntOrFloatBitWidth();
  Value all = loops().integer(i32, -1), offset = loops().integer(i32, distance), clamp = loops().integer(i32, kWarp - 1);
  auto word = [&](Value x) -> Value {
    return NVVM::ShflOp::create(b, i32, all, x, offset, clamp, NVVM::ShflKind::bfly, UnitAttr());
  };
  Type bits = b.getIntegerType(width);
  Value x = isa<FloatType>(type) ? arith::BitcastOp::create(b, bits, value).getResult() : value;
  if (width < 32) {
    x = word(arith::ExtUIOp::create(b, i32, x));
    x = arith::TruncIOp::create(b, bits, x);
  } else if (width == 32) {
    x = word(x);
  } else {
    Value low = word(arith::TruncIOp::create(b, i32, x));
    Value shift = loops().integer(bits, 32);
    Value high = word(arith::TruncIOp::create(b, i32, arith::ShRUIOp::create(b, x, shift)));
    x = arith::OrIOp::create(b, arith::ExtUIOp::create(b, bits, low), arith::ShLIOp::create(b, arith::ExtUIOp::create(b, bits, high), shift));
  }
  return isa<FloatType>(type) ? arith::BitcastOp::create(b, type, x).getResult() : x;
}

Value Phase::joinLanes(Value value, int64_t columns, llvm::function_ref<Value(Value, Value)> combine) {
  // A butterfly: both partners add the same two numbers, so all lanes end with the same bits.
  for (int64_t distance = kWarp / 2; distance >= columns; distance /= 2) {
    loops().moveToTop();
    Value other = exchange(value, distance);
    value = combine(value, other);
  }
  return value;
}

void Phase::barrier() {
  loops().moveToTop();
  NVVM::Barrier0Op::create(loops().builder());
}

void Phase::syncGroup() {
  if (elements().groupSize() != kWarp)
    return barrier();
  loops().moveToTop();
  NVVM::SyncWarpOp::create(loops().builder(), loops().integer(loops().builder().getI32Type(), -1));
}

namespace {

constexpr int64_t kPart = 8; // bytes of the widest value

Value placeOf(LoopBuilder &l, Value memory, Value number) {
  l.moveToTop();
  return LLVM::GEPOp::create(l.builder(), memory.getType(), l.builder().getI64Type(), memory, ArrayRef<LLVM::GEPArg>{number});
}

Type storedType(Type type) { return type.isInteger(1) ? Type(IntegerType::get(type.getContext(), 8)) : type; }

void storePart(LoopBuilder &l, Value value, Value place) {
  Type stored = storedType(value.getType());
  Value bits = value.getType() == stored ? value : arith::ExtUIOp::create(l.builder(), stored, value).getResult();
  LLVM::StoreOp::create(l.builder(), bits, place, kPart);
}

Value loadPart(LoopBuilder &l, Type type, Value place) {
  Value part = LLVM::LoadOp::create(l.builder(), storedType(type), place, kPart);
  return part.getType() == type ? part : arith::TruncIOp::create(l.builder(), type, part).getResult();
}

} // namespace

Value Phase::joinBlock(Value value, llvm::function_ref<Value(Value, Value)> combine) {
  return joinColumnsOfBlock(value, 1, [&](size_t, Value x, Value y) { return combine(x, y); })[0];
}

SmallVector<Value> Phase::joinColumnsOfBlock(ValueRange given, int64_t columns, JoinMany combine) {
  LoopBuilder &l = loops();
  SmallVector<Value> values(given);
  int64_t warps = threads() / kWarp;
  for (auto [number, value] : llvm::enumerate(values))
    value = joinLanes(value, columns, [&](Value x, Value y) { return combine(number, x, y); });
  Value memory = sharedMemory(static_cast<int64_t>(values.size()) * warps * columns * kPart);
  Value warp = l.div(threadNumber, kWarp), lane = l.rem(threadNumber, kWarp);
  auto place = [&](size_t number, Value ofWarp, Value ofLane) {
    Value first = l.add(l.i64(static_cast<int64_t>(number) * warps * columns), l.mul(ofWarp, l.i64(columns)));
    return placeOf(l, memory, l.add(first, ofLane));
  };
  // What the former fold left is read by all threads before this one writes.
  barrier();
  l.ifElse(l.compare(arith::CmpIPredicate::slt, lane, l.i64(columns)), {}, [&] {
    for (auto [number, value] : llvm::enumerate(values))
      storePart(l, value, place(number, warp, lane));
    return SmallVector<Value>();
  });
  barrier();
  Value column = l.rem(threadNumber, columns);
  for (auto [number, value] : llvm::enumerate(values)) {
    auto fold = [&](Value x, Value y) { return combine(number, x, y); };
    if (columns == 1 && warps == kWarp) { // a part for each lane of a warp, and all warps add the same
      value = joinLanes(loadPart(l, value.getType(), place(number, lane, l.i64(0))), 1, fold);
      continue;
    }
    Value sum;
    for (int64_t w = 0; w < warps; ++w) {
      Value part = loadPart(l, value.getType(), place(number, l.i64(w), column));
      sum = sum ? fold(sum, part) : part;
    }
    value = sum;
  }
  return values;
}

//===- Blocks that share columns ------------------------------------------===//

void Phase::setColumns(int64_t columns, int64_t blocks) {
  LoopBuilder &l = loops();
  int64_t members = threads() / columns;
  columnsPerBlock = columns, blocksPerTile = blocks;
  launch.isCooperative = blocks > 1;
  // Registers are what columns need: without this ptxas would rather spill some than let fewer blocks fit.
  function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(), l.builder().getI32IntegerAttr(1));
  inGroup = l.add(l.div(threadNumber, columns), l.mul(l.rem(blockNumber, blocks), l.i64(members)));
  Elemental::Group g;
  g.thread = inGroup;
  g.size = members * blocks;
  g.level = l.depth();
  g.join = [](Value value, auto) { return value; }; // `joinColumns` does, of several folds at once
  elements().setGroup(std::move(g));
}

SmallVector<Value> Phase::joinColumns(ValueRange own, ValueRange neutral, JoinMany combine) {
  if (elements().groupSize() == 1)
    return SmallVector<Value>(own);
  SmallVector<Value> values = joinColumnsOfBlock(own, columnsPerBlock, combine);
  if (blocksPerTile == 1)
    return values;
  LoopBuilder &l = loops();
  // What the blocks have: of each fold, block and column, in memory that no other wave of folds takes.
  int64_t parts = blocks() * columnsPerBlock, members = threads() / columnsPerBlock;
  auto count = static_cast<int64_t>(values.size());
  Value memory = scratchBuffer(owner.scratch(count * parts * kPart), l.builder().getI64Type(), count * parts).pointer;
  Value column = l.rem(threadNumber, columnsPerBlock);
  auto place = [&](size_t number, Value block) {
    return placeOf(l, memory, l.add(l.i64(static_cast<int64_t>(number) * parts), l.add(l.mul(block, l.i64(columnsPerBlock)), column)));
  };
  l.ifElse(l.compare(arith::CmpIPredicate::slt, threadNumber, l.i64(columnsPerBlock)), {}, [&] {
    for (auto [number, value] : llvm::enumerate(values))
      storePart(l, value, place(number, blockNumber));
    return SmallVector<Value>();
  });
  gridBarrier();
  // Each thread adds up some blocks' parts, then all of them theirs; where there are few blocks each adds up all.
  constexpr int64_t kFew = 8;
  bool isShared = blocksPerTile > kFew;
  int64_t turns = isShared ? (blocksPerTile + members - 1) / members : blocksPerTile, step = isShared ? members : 1;
  Value first = l.mul(l.div(blockNumber, blocksPerTile), l.i64(blocksPerTile)), member = isShared ? l.div(threadNumber, columnsPerBlock) : l.i64(0);
  for (auto [number, value] : llvm::enumerate(values)) {
    Value sum;
    for (int64_t turn = 0; turn < turns; ++turn) {
      Value block = l.add(member, l.i64(turn * step)), part;
      if (isShared && (turn + 1) * step > blocksPerTile) { // some have none left
        Value isThere = l.compare(arith::CmpIPredicate::slt, block, l.i64(blocksPerTile));
        part = loadPart(l, value.getType(), place(number, l.add(first, l.min(block, l.i64(blocksPerTile - 1)))));
        part = arith::SelectOp::create(l.builder(), isThere, part, neutral[number]);
      } else {
        part = loadPart(l, value.getType(), place(number, l.add(first, block)));
      }
      sum = sum ? combine(number, sum, part) : part;
    }
    value = sum;
  }
  return isShared ? joinColumnsOfBlock(values, columnsPerBlock, combine) : values;
}

std::string arrivalsName(StringRef kernel) { return (kernel + "$arrivals").str(); }

void Phase::gridBarrier() {
  LoopBuilder &l = loops();
  auto &b = l.builder();
  std::string name = arrivalsName(launch.symbol);
  Type i64 = b.getI64Type();
  if (!owner.module().lookupSymbol(name)) {
    // Blocks that have come, of all meetings that there ever were: 0 when the kernels are loaded.
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(owner.module().getBody());
    LLVM::GlobalOp::create(b, i64, /*isConstant=*/false, LLVM::Linkage::Internal, name, b.getI64IntegerAttr(0), /*alignment=*/8, /*addrSpace=*/1);
  }
  constexpr const char *kDevice = "device"; // all threads of the card see it
  barrier();
  l.ifElse(l.compare(arith::CmpIPredicate::eq, threadNumber, l.i64(0)), {}, [&] {
    l.moveToTop();
    Value counter = LLVM::AddressOfOp::create(b, LLVM::LLVMPointerType::get(l.context(), 1), name), one = l.i64(1);
    LLVM::FenceOp::create(b, LLVM::AtomicOrdering::acq_rel, kDevice);
    Value before = LLVM::AtomicRMWOp::create(b, LLVM::AtomicBinOp::add, counter, one, LLVM::AtomicOrdering::acq_rel, kDevice);
    Value last = l.mul(l.add(l.div(before, blocks()), l.i64(1)), l.i64(blocks()));
    auto come = [&]() -> Value {
      l.moveToTop();
      return LLVM::LoadOp::create(b, i64, counter, /*alignment=*/8, /*isVolatile=*/false, /*isNonTemporal=*/false, /*isInvariant=*/false,
                                  /*isInvariantGroup=*/false, LLVM::AtomicOrdering::acquire, kDevice);
    };
    l.whileLoop({come()}, [&](ValueRange count) { return l.compare(arith::CmpIPredicate::slt, count[0], last); },
                [&](ValueRange) { return SmallVector<Value>{come()}; });
    l.moveToTop();
    LLVM::FenceOp::create(b, LLVM::AtomicOrdering::acq_rel, kDevice);
    return SmallVector<Value>();
  });
  barrier();
}

} // namespace dlc::codegen::cuda
