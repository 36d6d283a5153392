#include "codegen/cpu/KernelBuilder.h"

#include "codegen/cpu/Product.h"

using namespace mlir;

namespace dlc::codegen {

static double nanosecondsPerElement(Operation *op) {
  double own = isCostly(op) ? 0.4 : 0.03;
  if (auto o = dyn_cast<ir::RandomOp>(op))
    own = o.getFn() == ir::RandomFn::normal ? 1.6 : 1;
  return own * std::max<int64_t>(1, isFold(op) && !isa<ir::ReduceOp>(op) ? foldedCount(op) / 4 : 1);
}

//===- PhaseBuilder -------------------------------------------------------===//

PhaseBuilder::PhaseBuilder(KernelBuilder &kernel, Phase given) : PhaseBase(kernel), phase(std::move(given)), owner(kernel) {
  MLIRContext *context = kernel.module().getContext();
  Type pointerType = LLVM::LLVMPointerType::get(context), i64 = IntegerType::get(context, 64);
  auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), {pointerType, pointerType, i64, i64, pointerType});
  OpBuilder b = OpBuilder::atBlockEnd(kernel.module().getBody());
  if (phase.symbol.empty())
    phase.symbol = kernel.phaseName();
  auto function = LLVM::LLVMFuncOp::create(b, kernel.function().getLoc(), phase.symbol, type);
  Block *entry = function.addEntryBlock(b);
  buffers = entry->getArgument(0);
  first = entry->getArgument(2);
  last = entry->getArgument(3);
  workspaceBase = entry->getArgument(4);
  open(function, entry, kernel.lanes());
  elements().cheapByteMasks = kernel.traits().masks;
}

PhaseBuilder::~PhaseBuilder() {
  close();
  owner.info.phases.push_back(phase);
}

Value PhaseBuilder::pointer(int64_t slot) {
  Type pointerType = LLVM::LLVMPointerType::get(loops().context());
  LoopBuilder &l = loops();
  Value at = l.pure<LLVM::GEPOp>({buffers}, slot + 1, pointerType, pointerType, buffers, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(slot)});
  return l.pure<LLVM::LoadOp>({at}, 0, pointerType, at, 8u);
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

//===- KernelBuilder ------------------------------------------------------===//

LLVM::LLVMFuncOp KernelBuilder::shared(StringRef name, Type type, SharedBody body) {
  sharedFunctions.try_emplace(name.str(), type, std::move(body));
  if (auto known = module().lookupSymbol<LLVM::LLVMFuncOp>(name))
    return known;
  OpBuilder b = OpBuilder::atBlockBegin(module().getBody());
  return LLVM::LLVMFuncOp::create(b, function().getLoc(), name, type);
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
    if (root || !value.getDefiningOp() || isPlaced(value))
      seconds += elements * elementBytes(tensor.getElementType()) / 30e9;
    if (!value.getDefiningOp() || (isPlaced(value) && !root))
      continue;
    seconds += elements * nanosecondsPerElement(value.getDefiningOp()) * 1e-9;
    llvm::append_range(work, value.getDefiningOp()->getOperands());
  }
  for (size_t phase = before; phase < info.phases.size(); ++phase)
    info.phases[phase].seconds = seconds;
}

bool KernelBuilder::emitSpecial() {
  return target_traits.packedProducts && llvm::any_of(function().getBody().front(), [](Operation &op) { return isa<ir::DotOp, ir::ConvOp>(op); }) &&
         emitProduct(*this);
}

FailureOr<KernelInfo> KernelBuilder::build() {
  KernelMemory memory;
  if (failed(emit(memory)))
    return failure();
  static_cast<KernelMemory &>(info) = std::move(memory);
  return info;
}

} // namespace dlc::codegen
