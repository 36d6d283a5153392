// Loads and stores of lanes.
#include "codegen/common/Elemental.h"

using namespace mlir;

namespace dlc::codegen {

namespace {
/// The type that an element has in memory.
Type memoryType(Type element) {
  return element.isInteger(1) ? IntegerType::get(element.getContext(), 8) : Elemental::computeType(element);
}
uintptr_t typeKey(Type type) { return reinterpret_cast<uintptr_t>(type.getAsOpaquePointer()); }
unsigned bytesOf(Type memory) { return memory.getIntOrFloatBitWidth() / 8; }
} // namespace

/// The alignment of lanes that lie side by side from `number` on; 16 bytes are all that any access gains from.
static unsigned alignmentOf(const Lane &number, Type memory) {
  unsigned bytes = bytesOf(memory);
  auto places = static_cast<uint64_t>(number.align);
  return places == 0 ? 16 : std::max<uint64_t>(bytes, std::min<uint64_t>(16, bytes * (places & -places)));
}

static Value address(LoopBuilder &loops, Value pointer, Value offset, Type memory) {
  Type pointerType = LLVM::LLVMPointerType::get(loops.context());
  return loops.pure<LLVM::GEPOp>({pointer, offset}, bytesOf(memory), pointerType, memory, pointer,
                                 ArrayRef<LLVM::GEPArg>{offset});
}

/// A value in memory as it is computed with.
static Value fromMemory(LoopBuilder &loops, Value value, Type element) {
  if (!element.isInteger(1))
    return value;
  return loops.compare(arith::CmpIPredicate::ne, value, loops.integer(value.getType(), 0));
}

/// Every second or fourth element, by a load of all of them; those in between are masked off, since the last may not exist.
Value Elemental::stridedLoad(Value from, Type memory, int64_t lanes, int64_t stride, Value maskScalar) {
  auto wide = VectorType::get({lanes * stride}, memory);
  SmallVector<bool> wanted;
  SmallVector<int64_t> places;
  for (int64_t l = 0; l < lanes * stride; ++l)
    wanted.push_back(l % stride == 0);
  for (int64_t l = 0; l < lanes; ++l)
    places.push_back(l * stride);
  auto maskType = VectorType::get({lanes * stride}, loops.builder().getI1Type());
  Value mask = loops.constant(DenseElementsAttr::get(maskType, wanted));
  if (maskScalar)
    mask = loops.logicalAnd(loops.splat(maskScalar, lanes * stride), mask);
  Value zero = loops.number(wide, 0);
  Value all = loops.pure<LLVM::MaskedLoadOp>({from, mask}, typeKey(wide), Type(wide), from, mask, zero,
                                             static_cast<uint32_t>(bytesOf(memory)));
  return loops.pure<vector::ShuffleOp>({all}, stride, all, all, places);
}

Value Elemental::gatherLoad(const Buffer &buffer, Value offsets, Value mask, Type memory, int64_t lanes) {
  auto pointers = VectorType::get({lanes}, LLVM::LLVMPointerType::get(loops.context()));
  Value addresses = loops.pure<LLVM::GEPOp>({buffer.pointer, offsets}, bytesOf(memory), pointers, memory, buffer.pointer,
                                            ArrayRef<LLVM::GEPArg>{offsets});
  Type type = VectorType::get({lanes}, memory);
  Value all = mask ? mask : loops.integer(VectorType::get({lanes}, loops.builder().getI1Type()), 1);
  Value zero = loops.number(type, 0);
  return loops.pure<LLVM::masked_gather>({addresses, all}, 0, type, addresses, all, ValueRange{zero},
                                         loops.builder().getI32IntegerAttr(bytesOf(memory)));
}

/// A buffer that this phase overwrites may be read at the place that is about to be written, and, before the last pass over
/// a row, anywhere in the row.
bool Elemental::isHazard(const Lane &number) const {
  if (llvm::is_contained(ownPlaces, number))
    return false;
  if (!writing)
    return true;
  if (*writing == number)
    return false;
  if (strictHazards)
    return true;
  if (loops.isOpen(writing->base ? writing->base : writing->vec) ||
      llvm::any_of(passLoops, [&](Value index) { return loops.isOpen(index); }))
    return true;
  auto sum = number.base ? number.base.getDefiningOp<arith::AddIOp>() : nullptr;
  return !(rowStart && (number.base == rowStart || (sum && (sum.getLhs() == rowStart || sum.getRhs() == rowStart))));
}

Value Elemental::load(const Buffer &buffer, Index index, ArrayRef<int64_t> shape, Mask mask) {
  Type memory = memoryType(buffer.element);
  if (buffer.count == 0)
    return loops.number(computeType(buffer.element), 0);
  const Lane &number = lane.linear(index, shape);
  bool isEarly = isReadInTime && isReadInTime(index, shape);
  if (forbidden.contains(buffer.pointer) || (watched.contains(buffer.pointer) && !isEarly && isHazard(number)))
    sawHazard = true;
  if (number.uniform()) {
    Value offset = number.base;
    if (mask.scalar)
      offset = loops.pure<arith::SelectOp>({mask.scalar, offset}, 0, mask.scalar, offset, loops.i64(0));
    Value from = address(loops, buffer.pointer, offset, memory);
    Value value = loops.pure<LLVM::LoadOp>({from}, typeKey(memory), memory, from, bytesOf(memory));
    return fromMemory(loops, value, buffer.element);
  }
  int64_t lanes = index.lanes;
  Value maskVector = maskValue(loops, mask, lanes);
  auto type = VectorType::get({lanes}, memory);
  Value value;
  if (!number.vec && number.stride == 1) {
    Value from = address(loops, buffer.pointer, number.base, memory);
    if (maskVector) {
      Value zero = loops.number(type, 0);
      value = loops.pure<LLVM::MaskedLoadOp>({from, maskVector}, typeKey(type), Type(type), from, maskVector, zero, static_cast<uint32_t>(bytesOf(memory)));
    } else {
      value = loops.pure<LLVM::LoadOp>({from}, typeKey(type), Type(type), from, alignedBuffers ? alignmentOf(number, memory) : bytesOf(memory));
    }
  } else if (!number.vec && (number.stride == 2 || number.stride == 4) && !mask.vector && (bytesOf(memory) >= 4 || cheapByteMasks)) {
    Value from = address(loops, buffer.pointer, number.base, memory);
    value = stridedLoad(from, memory, lanes, number.stride, mask.scalar);
  } else if (!number.vec && number.stride == -1 && !maskVector) {
    Value from = address(loops, buffer.pointer, loops.sub(number.base, loops.i64(lanes - 1)), memory);
    Value backward = loops.pure<LLVM::LoadOp>({from}, typeKey(type), Type(type), from, bytesOf(memory));
    SmallVector<int64_t> order;
    for (int64_t l = lanes; l-- > 0;)
      order.push_back(l);
    value = loops.pure<vector::ShuffleOp>({backward}, 1, backward, backward, order);
  } else {
    value = gatherLoad(buffer, lane.vector(number, lanes), maskVector, memory, lanes);
  }
  return fromMemory(loops, value, buffer.element);
}

Value Elemental::loadNow(const Buffer &buffer, Index index, ArrayRef<int64_t> shape) {
  Type memory = memoryType(buffer.element);
  const Lane number = lane.linear(index, shape);
  int64_t lanes = number.uniform() ? 1 : index.lanes;
  Value from = address(loops, buffer.pointer, number.base, memory);
  loops.moveToTop();
  auto &b = loops.builder();
  Value value = LLVM::LoadOp::create(b, lanesOf(memory, lanes), from, bytesOf(memory));
  if (buffer.element.isInteger(1))
    value = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, value, loops.integer(value.getType(), 0));
  return value;
}

void Elemental::store(const Buffer &buffer, Index index, ArrayRef<int64_t> shape, Value value, Mask mask) {
  Type memory = memoryType(buffer.element);
  if (buffer.count == 0)
    return;
  const Lane number = lane.linear(index, shape);
  int64_t lanes = number.uniform() ? 1 : index.lanes;
  value = loops.splat(value, lanes);
  if (buffer.element.isInteger(1)) {
    Type wide = likeShape(memory, value.getType());
    value = loops.pure<arith::ExtUIOp>({value}, 8, wide, value);
  }
  Value maskVector = maskValue(loops, mask, lanes);
  auto &b = loops.builder();
  if (lanes == 1) {
    Value to = address(loops, buffer.pointer, number.base, memory);
    auto write = [&] {
      loops.moveToTop();
      LLVM::StoreOp::create(b, value, to, bytesOf(memory));
      return SmallVector<Value>();
    };
    if (maskVector)
      loops.ifElse(maskVector, {}, write);
    else
      write();
    return;
  }
  if (!number.vec && number.stride == 1) {
    Value to = address(loops, buffer.pointer, number.base, memory);
    loops.moveToTop();
    if (maskVector)
      LLVM::MaskedStoreOp::create(b, value, to, maskVector, bytesOf(memory));
    else
      LLVM::StoreOp::create(b, value, to, alignedBuffers ? alignmentOf(number, memory) : bytesOf(memory));
    return;
  }
  Value offsets = lane.vector(number, lanes);
  auto pointers = VectorType::get({lanes}, LLVM::LLVMPointerType::get(loops.context()));
  Value addresses = loops.pure<LLVM::GEPOp>({buffer.pointer, offsets}, bytesOf(memory), pointers, memory, buffer.pointer,
                                            ArrayRef<LLVM::GEPArg>{offsets});
  Value all = maskVector ? maskVector : loops.integer(VectorType::get({lanes}, b.getI1Type()), 1);
  loops.moveToTop();
  LLVM::masked_scatter::create(b, value, addresses, all, b.getI32IntegerAttr(bytesOf(memory)));
}

} // namespace dlc::codegen
