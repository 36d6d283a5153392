#include "codegen/cpu/KernelBuilder.h"

#include "codegen/cpu/Product.h"
#include "ir/Cost.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Support/DebugStringHelper.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"

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

static double nanosecondsPerElement(Operation *op) {
  double own = isCostly(op) ? 0.4 : 0.03;
  if (auto o = dyn_cast<ir::RandomOp>(op))
    own = o.getFn() == ir::RandomFn::normal ? 1.6 : 1;
  return own * std::max<int64_t>(1, isFold(op) && !isa<ir::ReduceOp>(op) ? foldedCount(op) / 4 : 1);
}

//===- PhaseBuilder -------------------------------------------------------===//

PhaseBuilder::PhaseBuilder(KernelBuilder &kernel, Phase given) : phase(std::move(given)), kernel(kernel) {
  MLIRContext *context = kernel.target.getContext();
  Location loc = kernel.func.getLoc();
  Type pointerType = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointerType, pointerType, i64, i64, pointerType});
  OpBuilder b = OpBuilder::atBlockEnd(kernel.target.getBody());
  if (phase.symbol.empty())
    phase.symbol = kernel.phaseName();
  function = LLVM::LLVMFuncOp::create(b, loc, phase.symbol, type);
  Block *entry = function.addEntryBlock(b);
  loopBuilder = std::make_unique<LoopBuilder>(loc, entry);
  elemental = std::make_unique<Elemental>(*loopBuilder, kernel.lanes(), kernel.wide());
  elemental->cheapByteMasks = kernel.traits().masks;
  buffers = entry->getArgument(0);
  first = entry->getArgument(2);
  last = entry->getArgument(3);
  workspaceBase = entry->getArgument(4);
  for (auto [value, place] : kernel.places)
    elemental->bind(value, bufferOf(value, place.slot, place.offset));
  for (auto [value, name] : kernel.constants) {
    loopBuilder->moveTo(0);
    Value address = LLVM::AddressOfOp::create(loopBuilder->builder(), pointerType, name);
    auto tensor = cast<RankedTensorType>(value.getType());
    elemental->bind(value, Buffer{address, tensor.getElementType(), tensor.getNumElements()});
  }
  for (unsigned operand : kernel.overwritten)
    elemental->forbid(pointer(buffers, operand));
}

PhaseBuilder::~PhaseBuilder() {
  loopBuilder->moveTo(0);
  LLVM::ReturnOp::create(loopBuilder->builder(), ValueRange{});
  kernel.hazard |= elemental->sawHazard;
  for (Value value : written) {
    auto placed = kernel.copiesOf.lookup(value);
    if (placed.empty())
      continue;
    if (value.getDefiningOp())
      kernel.places[value] = placed.front();
    for (auto [result, operand] : kernel.aliases)
      for (auto &place : placed)
        if (place.slot == static_cast<int64_t>(kernel.func.getNumArguments() + result))
          kernel.overwritten.insert(operand);
  }
  kernel.emitted.push_back(function);
  kernel.info.phases.push_back(phase);
}

Value PhaseBuilder::pointer(Value table, int64_t slot) {
  Type pointerType = LLVM::LLVMPointerType::get(loops().context());
  LoopBuilder &l = loops();
  Value at = l.pure<LLVM::GEPOp>({table}, slot + 1, pointerType, pointerType, table, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(slot)});
  return l.pure<LLVM::LoadOp>({at}, 0, pointerType, at, 8u);
}

Buffer PhaseBuilder::scratchBuffer(int64_t offset, Type element, int64_t count) {
  LoopBuilder &l = loops();
  Value base = pointer(buffers, kernel.func.getNumArguments() + kernel.func.getNumResults());
  if (!offset)
    return {base, element, count};
  Type pointerType = LLVM::LLVMPointerType::get(l.context());
  return {l.pure<LLVM::GEPOp>({base}, offset + 1, pointerType, l.builder().getI8Type(), base,
                              ArrayRef<LLVM::GEPArg>{l.i64(offset)}),
          element, count};
}

Buffer PhaseBuilder::bufferOf(Value value, int64_t slot, int64_t offset) {
  auto tensor = cast<RankedTensorType>(value.getType());
  if (slot < 0)
    return scratchBuffer(offset, tensor.getElementType(), tensor.getNumElements());
  return {pointer(buffers, slot), tensor.getElementType(), tensor.getNumElements()};
}

Value PhaseBuilder::workspace(int64_t bytes) {
  LoopBuilder &l = loops();
  int64_t offset = phase.workspace;
  phase.workspace += (bytes + 63) / 64 * 64;
  if (!offset)
    return workspaceBase;
  Type pointerType = LLVM::LLVMPointerType::get(l.context());
  return l.pure<LLVM::GEPOp>({workspaceBase}, offset + 1, pointerType, l.builder().getI8Type(), workspaceBase,
                             ArrayRef<LLVM::GEPArg>{l.i64(offset)});
}

Buffer PhaseBuilder::input(Value value) {
  auto place = kernel.places.lookup(value);
  return bufferOf(value, place.slot, place.offset);
}

Buffer PhaseBuilder::output(Value value) {
  auto &placed = kernel.copiesOf[value];
  if (placed.empty()) {
    auto tensor = cast<RankedTensorType>(value.getType());
    auto results = kernel.results();
    auto number = llvm::find(results, value) - results.begin();
    bool isResult = number < static_cast<int64_t>(results.size());
    auto shares = [&](auto &pair) { return pair.first == number; };
    bool shared = isResult && llvm::any_of(kernel.aliases, shares);
    if (isResult && !(shared && kernel.redirect)) {
      placed.push_back({static_cast<int64_t>(kernel.func.getNumArguments()) + number, 0});
      for (auto &pair : kernel.aliases)
        if (shares(pair))
          elements().watch(pointer(buffers, pair.second));
    } else {
      placed.push_back({-1, kernel.scratch(tensor.getNumElements() * elementBytes(tensor.getElementType()))});
    }
  }
  written.push_back(value);
  return bufferOf(value, placed.front().slot, placed.front().offset);
}

//===- KernelBuilder ------------------------------------------------------===//

KernelBuilder::KernelBuilder(ir::FuncOp function, ModuleOp into, const TargetTraits &traits, SharedFunctions &shared,
                             ArrayRef<std::pair<unsigned, unsigned>> aliases)
    : func(function), target(into), target_traits(traits), sharedFunctions(shared), aliases(aliases) {
  int64_t widest = 1;
  func.walk([&](Operation *op) {
    for (Value value : op->getResults())
      if (auto tensor = dyn_cast<RankedTensorType>(value.getType()); tensor && tensor.hasStaticShape()) {
        if (tensor.getNumElements() > 1)
          widest = std::max(widest, elementBytes(tensor.getElementType()));
        wideIndex |= tensor.getNumElements() >= (int64_t{1} << 31);
      }
  });
  for (Type type : func.getArgumentTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type); tensor && tensor.hasStaticShape())
      wideIndex |= tensor.getNumElements() >= (int64_t{1} << 31);
  vectorLanes = widest > 4 ? 16 : 32;
}

LogicalResult KernelBuilder::check() {
  auto checkType = [&](Operation *op, Type type) -> LogicalResult {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape())
      return op->emitError("kernel for the cpu requires static sizes, found `") << debugString(type) << "`";
    Type element = tensor.getElementType();
    if (element.isF16() || element.isBF16())
      return op->emitError("element type `") << debugString(element) << "` is not supported on the cpu";
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
      return op.emitError("operation `") << op.getName() << "` is not supported in a kernel for the cpu";
    if (auto constant = dyn_cast<ir::ConstantOp>(op))
      if (!isa<DenseElementsAttr, DenseResourceElementsAttr>(constant.getValue()))
        return op.emitError("constant of this form is not supported in a kernel for the cpu");
  }
  return success();
}

LLVM::LLVMFuncOp KernelBuilder::shared(StringRef name, Type type, SharedBody body) {
  sharedFunctions.try_emplace(name.str(), type, std::move(body));
  if (auto known = target.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder b = OpBuilder::atBlockBegin(target.getBody());
  return LLVM::LLVMFuncOp::create(b, func.getLoc(), name, type);
}

std::string KernelBuilder::phaseName() {
  // With a prefix, because objects have other symbols too: a kernel `pow` is not libm's.
  std::string name = ("kernel." + func.getSymName()).str();
  return info.phases.empty() ? name : name + "." + std::to_string(info.phases.size());
}

int64_t KernelBuilder::scratch(int64_t bytes) {
  int64_t offset = info.scratch;
  info.scratch += (bytes + 63) / 64 * 64;
  return offset;
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

void KernelBuilder::emitConstants() {
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

void KernelBuilder::emitPlan(const PhasePlan &plan) {
  Value root = plan.roots[0];
  if (Operation *op = root.getDefiningOp()) {
    if (auto scatter = dyn_cast<ir::ScatterOp>(op))
      return emitScatter(*this, scatter);
    if (auto sort = dyn_cast<ir::SortOp>(op))
      return emitSort(*this, sort);
    if (auto cumulate = dyn_cast<ir::CumulateOp>(op))
      return emitCumulate(*this, cumulate);
    if (auto reduce = dyn_cast<ir::ReduceOp>(op); reduce && plan.roots.size() == 1 && emitSplitReduce(*this, reduce))
      return;
  }
  size_t before = info.phases.size();
  emitMap(*this, plan);
  // What the phase costs, roughly: all operations that lead to its roots, and its bytes.
  double seconds = 0;
  llvm::DenseSet<Value> seen;
  SmallVector<Value> work(plan.roots.begin(), plan.roots.end());
  while (!work.empty()) {
    Value value = work.pop_back_val();
    auto tensor = cast<RankedTensorType>(value.getType());
    if (!seen.insert(value).second)
      continue;
    double elements = tensor.getNumElements();
    bool root = llvm::is_contained(plan.roots, value);
    if (root || !value.getDefiningOp() || places.contains(value))
      seconds += elements * elementBytes(tensor.getElementType()) / 30e9;
    if (!value.getDefiningOp() || (places.contains(value) && !root))
      continue;
    seconds += elements * nanosecondsPerElement(value.getDefiningOp()) * 1e-9;
    llvm::append_range(work, value.getDefiningOp()->getOperands());
  }
  for (size_t phase = before; phase < info.phases.size(); ++phase)
    info.phases[phase].seconds = seconds;
}

void KernelBuilder::emitGeneric(ValueRange results) {
  Schedule schedule(results);
  for (const PhasePlan &plan : schedule.phases())
    if (!places.contains(plan.roots[0]) || !plan.roots[0].getDefiningOp())
      emitPlan(plan);
}

void KernelBuilder::emitAll() {
  info = {};
  hazard = false;
  places.clear(), copiesOf.clear(), overwritten.clear(), constants.clear();
  for (auto [number, argument] : llvm::enumerate(func.getBody().front().getArguments()))
    places[argument] = {static_cast<int64_t>(number), 0};
  emitConstants();
  bool product = target_traits.packedProducts && llvm::any_of(func.getBody().front(), [](Operation &op) { return isa<ir::DotOp, ir::ConvOp>(op); });
  if (!(product && emitProduct(*this)))
    emitGeneric(results());
  // A value that is returned twice is copied.
  for (auto [number, result] : llvm::enumerate(results())) {
    auto tensor = cast<RankedTensorType>(result.getType());
    int64_t slot = static_cast<int64_t>(func.getNumArguments() + number);
    const Place &source = copiesOf[result].front();
    if (source.slot != slot)
      info.copies.push_back({static_cast<unsigned>(number), source.slot, source.offset,
                             tensor.getNumElements() * elementBytes(tensor.getElementType())});
  }
}

FailureOr<KernelInfo> KernelBuilder::build() {
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
  return info;
}

} // namespace dlc::codegen
