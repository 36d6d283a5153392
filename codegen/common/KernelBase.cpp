// What the kernels of all targets have in common: where their values lie, phase by phase.
#include "codegen/common/KernelBase.h"

#include "ir/Cost.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;

namespace dlc::codegen {

int64_t elementBytes(Type element) { return (element.getIntOrFloatBitWidth() + 7) / 8; }

bool isCostly(Operation *op) {
  if (auto o = dyn_cast<ir::UnaryOp>(op))
    return !ir::isOneInstruction(o.getFn());
  if (auto o = dyn_cast<ir::BinaryOp>(op))
    return o.getFn() == ir::BinaryFn::pow || o.getFn() == ir::BinaryFn::atan2 || o.getFn() == ir::BinaryFn::div ||
           o.getFn() == ir::BinaryFn::mod || o.getFn() == ir::BinaryFn::floordiv;
  return isa<ir::RandomOp, ir::GatherOp, ir::OverlapAddOp>(op) || isFold(op);
}

//===- PhaseBase ----------------------------------------------------------===//

void PhaseBase::open(LLVM::LLVMFuncOp given, Block *entry, int64_t lanes) {
  function = given;
  loopBuilder = std::make_unique<LoopBuilder>(kernel.func.getLoc(), entry);
  elemental = std::make_unique<Elemental>(*loopBuilder, lanes, kernel.wide());
  Type pointerType = LLVM::LLVMPointerType::get(kernel.target.getContext());
  for (auto [value, place] : kernel.places)
    elemental->bind(value, bufferOf(value, place.slot, place.offset));
  for (auto [value, name] : kernel.constants) {
    loopBuilder->moveTo(0);
    Value address = LLVM::AddressOfOp::create(loopBuilder->builder(), pointerType, name);
    auto tensor = cast<RankedTensorType>(value.getType());
    elemental->bind(value, Buffer{address, tensor.getElementType(), tensor.getNumElements()});
  }
  for (unsigned operand : kernel.overwritten)
    elemental->forbid(pointer(operand));
}

void PhaseBase::close() {
  loopBuilder->moveTo(0);
  LLVM::ReturnOp::create(loopBuilder->builder(), ValueRange{});
  kernel.hazard |= elemental->sawHazard;
  for (Value value : written)
    kernel.markWritten(value);
  kernel.emitted.push_back(function);
}

Buffer PhaseBase::scratchBuffer(int64_t offset, Type element, int64_t count) {
  LoopBuilder &l = loops();
  Value base = pointer(kernel.func.getNumArguments() + kernel.func.getNumResults());
  if (!offset)
    return {base, element, count};
  Type pointerType = LLVM::LLVMPointerType::get(l.context());
  return {l.pure<LLVM::GEPOp>({base}, offset + 1, pointerType, l.builder().getI8Type(), base,
                              ArrayRef<LLVM::GEPArg>{l.i64(offset)}),
          element, count};
}

Buffer PhaseBase::bufferOf(Value value, int64_t slot, int64_t offset) {
  auto tensor = cast<RankedTensorType>(value.getType());
  if (slot < 0)
    return scratchBuffer(offset, tensor.getElementType(), tensor.getNumElements());
  return {pointer(slot), tensor.getElementType(), tensor.getNumElements()};
}

Buffer PhaseBase::input(Value value) {
  auto place = kernel.places.lookup(value);
  return bufferOf(value, place.slot, place.offset);
}

Buffer PhaseBase::output(Value value) {
  SmallVector<unsigned> shared;
  KernelBase::Place place = kernel.choosePlace(value, shared);
  for (unsigned operand : shared)
    elements().watch(pointer(operand));
  written.push_back(value);
  return bufferOf(value, place.slot, place.offset);
}

//===- KernelBase ---------------------------------------------------------===//

KernelBase::KernelBase(ir::FuncOp function, ModuleOp into, ArrayRef<std::pair<unsigned, unsigned>> aliases, StringRef targetName)
    : func(function), target(into), aliases(aliases), targetName(targetName) {
  auto look = [&](Type type, bool isValue) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape())
      return;
    if (isValue && tensor.getNumElements() > 1)
      widest = std::max(widest, elementBytes(tensor.getElementType()));
    wideIndex |= tensor.getNumElements() >= (int64_t{1} << 31);
  };
  func.walk([&](Operation *op) {
    for (Type type : op->getResultTypes())
      look(type, true);
  });
  for (Type type : func.getArgumentTypes())
    look(type, false);
}

LogicalResult KernelBase::check() {
  auto checkType = [&](Operation *op, Type type) -> LogicalResult {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape())
      return op->emitError("kernel for ") << targetName << " requires static sizes, found `" << debugString(type) << "`";
    Type element = tensor.getElementType();
    if (element.isF16() || element.isBF16())
      return op->emitError("element type `") << debugString(element) << "` is not supported on " << targetName;
    return success();
  };
  for (Type type : func.getArgumentTypes())
    if (failed(checkType(func, type)))
      return failure();
  for (Operation &op : func.getBody().front()) {
    if (isa<ir::ReturnOp>(op))
      continue;
    for (Type type : op.getResultTypes())
      if (failed(checkType(&op, type)))
        return failure();
    bool known = isFold(&op) || isWhole(&op) ||
                 isa<ir::UnaryOp, ir::BinaryOp, ir::CompareOp, ir::SelectOp, ir::CastOp, ir::ConstantOp, ir::IotaOp, ir::RandomOp,
                     ir::BroadcastOp, ir::ReshapeOp, ir::TransposeOp, ir::SliceOp, ir::PadOp, ir::ConcatOp, ir::ReverseOp,
                     ir::DynamicSliceOp, ir::DynamicUpdateOp, ir::WindowOp, ir::OverlapAddOp, ir::GatherOp, ir::VariableOp,
                     ir::StopGradientOp>(op);
    if (!known)
      return op.emitError("operation `") << op.getName() << "` is not supported in a kernel for " << targetName;
    if (auto constant = dyn_cast<ir::ConstantOp>(op))
      if (!isa<DenseElementsAttr, DenseResourceElementsAttr>(constant.getValue()))
        return op.emitError("constant of this form is not supported in a kernel for ") << targetName;
  }
  return success();
}

std::string KernelBase::phaseName(size_t number) {
  // With a prefix, because objects have other symbols too: a kernel `pow` is not libm's.
  std::string name = ("kernel." + func.getSymName()).str();
  return number == 0 ? name : name + "." + std::to_string(number);
}

int64_t KernelBase::scratch(int64_t bytes) {
  int64_t offset = memory.scratch;
  memory.scratch += (bytes + 63) / 64 * 64;
  return offset;
}

KernelBase::Place KernelBase::choosePlace(Value value, SmallVectorImpl<unsigned> &sharedOperands) {
  auto &placed = copiesOf[value];
  if (!placed.empty())
    return placed.front();
  auto tensor = cast<RankedTensorType>(value.getType());
  auto values = results();
  auto number = llvm::find(values, value) - values.begin();
  bool isResult = number < static_cast<int64_t>(values.size());
  auto shares = [&](auto &pair) { return pair.first == number; };
  bool shared = isResult && llvm::any_of(aliases, shares);
  if (isResult && !(shared && redirect)) {
    placed.push_back({static_cast<int64_t>(func.getNumArguments()) + number, 0});
    for (auto &pair : aliases)
      if (shares(pair))
        sharedOperands.push_back(pair.second);
  } else {
    placed.push_back({-1, scratch(tensor.getNumElements() * elementBytes(tensor.getElementType()))});
  }
  return placed.front();
}

void KernelBase::markWritten(Value value) {
  auto placed = copiesOf.lookup(value);
  if (placed.empty())
    return;
  if (value.getDefiningOp())
    places[value] = placed.front();
  for (auto [result, operand] : aliases)
    for (auto &place : placed)
      if (place.slot == static_cast<int64_t>(func.getNumArguments() + result))
        overwritten.insert(operand);
}

void KernelBase::readsWhole(Value value) {
  Place place = places.lookup(value);
  hazard |= place.slot >= 0 && overwritten.contains(static_cast<unsigned>(place.slot));
}

KernelBase::Place KernelBase::placeOutput(Value value) {
  SmallVector<unsigned> shared;
  Place place = choosePlace(value, shared);
  hazard |= !shared.empty(); // nobody says when it reads what
  markWritten(value);
  return place;
}

std::string constantBytes(ElementsAttr value) {
  auto type = cast<RankedTensorType>(value.getType());
  std::string bytes;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    if (auto *blob = resource.getRawHandle().getBlob())
      bytes.assign(blob->getData().begin(), blob->getData().end());
    return bytes;
  }
  auto dense = cast<DenseElementsAttr>(value);
  int64_t width = elementBytes(type.getElementType());
  auto put = [&](uint64_t bits) {
    for (int64_t i = 0; i < width; ++i)
      bytes.push_back(static_cast<char>(bits >> (8 * i)));
  };
  if (isa<FloatType>(type.getElementType()))
    for (APFloat number : dense.getValues<APFloat>())
      put(number.bitcastToAPInt().getZExtValue());
  else
    for (APInt number : dense.getValues<APInt>())
      put(number.getZExtValue());
  return bytes;
}

void KernelBase::emitConstants() {
  OpBuilder b = OpBuilder::atBlockEnd(target.getBody());
  for (auto op : func.getBody().front().getOps<ir::ConstantOp>()) {
    auto dense = dyn_cast<DenseElementsAttr>(op.getValue());
    if (dense && (dense.isSplat() || dense.getNumElements() == 0))
      continue;
    std::string bytes = constantBytes(op.getValue());
    std::string name = ("kernel." + func.getSymName() + ".constant" + Twine(constants.size())).str();
    auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
    auto global = LLVM::GlobalOp::create(b, op.getLoc(), type, /*isConstant=*/true, LLVM::Linkage::Private, name,
                                         b.getStringAttr(bytes), /*alignment=*/64);
    constants[op.getResult()] = name;
    emitted.push_back(global);
  }
}

void KernelBase::emitGeneric(ValueRange results) {
  Schedule schedule(results);
  for (const PhasePlan &plan : schedule.phases())
    if (!places.contains(plan.roots[0]) || !plan.roots[0].getDefiningOp())
      emitPlan(plan);
}

void KernelBase::emitAll() {
  memory = {};
  hazard = false;
  places.clear(), copiesOf.clear(), overwritten.clear(), constants.clear();
  restart();
  for (auto [number, argument] : llvm::enumerate(func.getBody().front().getArguments()))
    places[argument] = {static_cast<int64_t>(number), 0};
  emitConstants();
  if (!emitSpecial())
    emitGeneric(results());
  // A value that is returned twice is copied.
  for (auto [number, result] : llvm::enumerate(results())) {
    auto tensor = cast<RankedTensorType>(result.getType());
    int64_t slot = static_cast<int64_t>(func.getNumArguments() + number);
    const Place &source = copiesOf[result].front();
    if (source.slot != slot)
      memory.copies.push_back({static_cast<unsigned>(number), source.slot, source.offset,
                               tensor.getNumElements() * elementBytes(tensor.getElementType())});
  }
}

LogicalResult KernelBase::emit(KernelMemory &result) {
  if (failed(check()))
    return failure();
  emitAll();
  if (hazard) {
    for (Operation *op : llvm::reverse(emitted))
      op->erase();
    emitted.clear();
    redirect = true;
    emitAll();
  }
  result = memory;
  return success();
}

} // namespace dlc::codegen
