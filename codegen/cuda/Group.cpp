#include "codegen/cuda/Group.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// What an operation outside of kernels reads and writes.
struct Touched {
  SmallVector<TensorPlace> reads, writes;

  Touched(Operation *op, const Places &places) {
    for (Value operand : op->getOperands())
      reads.push_back(places[operand]);
    for (Value result : op->getResults())
      writes.push_back(places[result]);
  }
  bool isKnown() const {
    return llvm::none_of(llvm::concat<const TensorPlace>(reads, writes), [](const TensorPlace &p) { return p.varies || p.kind == TensorPlace::none; });
  }
  /// Whether one of the two may not pass the other.
  bool conflictsWith(const Touched &other) const {
    auto meet = [](ArrayRef<TensorPlace> a, ArrayRef<TensorPlace> b) {
      return llvm::any_of(a, [&](const TensorPlace &x) { return llvm::any_of(b, [&](const TensorPlace &y) { return x.overlaps(y); }); });
    };
    return meet(writes, other.writes) || meet(writes, other.reads) || meet(reads, other.writes);
  }
};

/// One launch of a function whose blocks and threads do not wait for each other, too small to fill a card; all have as many threads.
bool mayJoin(const KernelInfo &kernel, ModuleOp module) {
  constexpr int64_t kFull = 512; // blocks
  if (kernel.launches.size() != 1 || kernel.scratch || !kernel.copies.empty() || kernel.launches[0].product || kernel.launches[0].blocks > kFull ||
      kernel.launches[0].threads != kThreads)
    return false;
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(kernel.launches[0].symbol);
  return !function.walk([](Operation *op) { return isa<NVVM::Barrier0Op, NVVM::SyncWarpOp, NVVM::ShflOp>(op) ? WalkResult::interrupt() : WalkResult::advance(); })
              .wasInterrupted();
}

} // namespace

void Groups::find(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  function.walk([&](Block *block) { findIn(*block, places, kernels, module); });
  function.walk([&](ir::LaunchOp launch) { launchedAlone[launch.getCallee()] |= !of(launch); });
}

void Groups::findIn(Block &block, const Places &places, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  constexpr size_t kMostMembers = 16, kMostArguments = 256; // a kernel takes 4 KB of them
  SmallVector<ir::LaunchOp> open;
  SmallVector<Touched> touched;
  size_t arguments = 0;
  auto close = [&] {
    if (open.size() > 1)
      make(open, kernels, module);
    open.clear();
    touched.clear();
    arguments = 0;
  };
  for (Operation &op : block.without_terminator()) {
    if (isa<ir::ReshapeOp, ir::ConstantOp>(op))
      continue;
    // What has regions, or an effect on the host, is not looked into.
    if (!isa<ir::LaunchOp, ir::CopyOp, ir::CheckOp>(op)) {
      close();
      continue;
    }
    Touched here(&op, places);
    if (!here.isKnown() || llvm::any_of(touched, [&](const Touched &t) { return t.conflictsWith(here); }))
      close();
    auto launch = dyn_cast<ir::LaunchOp>(op);
    if (!launch || !here.isKnown())
      continue;
    auto kernel = kernels.find(launch.getCallee().str());
    if (kernel == kernels.end())
      continue;
    auto [known, isNew] = canJoin.try_emplace(launch.getCallee(), false);
    if (isNew)
      known->second = mayJoin(kernel->second, module);
    if (!known->second)
      continue;
    size_t count = here.reads.size() + here.writes.size() + 1;
    if (open.size() == kMostMembers || arguments + count > kMostArguments)
      close();
    open.push_back(launch);
    touched.push_back(std::move(here));
    arguments += count;
  }
  close();
}

void Groups::make(ArrayRef<ir::LaunchOp> launches, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  std::string key;
  SmallVector<LLVM::LLVMFuncOp> functions;
  SmallVector<Launch> parts;
  for (ir::LaunchOp launch : launches) {
    parts.push_back(kernels.find(launch.getCallee().str())->second.launches[0]);
    functions.push_back(module.lookupSymbol<LLVM::LLVMFuncOp>(parts.back().symbol));
    key += parts.back().symbol + ' ';
  }
  Launch &launch = made[key];
  if (launch.symbol.empty()) {
    launch.symbol = "group$" + std::to_string(made.size() - 1);
    launch.threads = kThreads;
    launch.blocks = 0;
    OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
    SmallVector<Type> types;
    for (LLVM::LLVMFuncOp function : functions)
      llvm::append_range(types, function.getFunctionType().getParams());
    Location loc = functions[0].getLoc();
    auto group = LLVM::LLVMFuncOp::create(b, loc, launch.symbol, LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), types));
    group->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
    group->setAttr(NVVM::NVVMDialect::getMaxntidAttrName(), functions[0]->getAttr(NVVM::NVVMDialect::getMaxntidAttrName()));
    Block *entry = group.addEntryBlock(b);
    b.setInsertionPointToEnd(entry);
    Type i32 = b.getI32Type();
    auto number = [&](int64_t value) -> Value { return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(static_cast<int32_t>(value))); };
    Value block = NVVM::BlockIdXOp::create(b, loc, i32);
    unsigned argument = 0;
    for (auto [part, function] : llvm::zip(parts, functions)) {
      // Its blocks are those from the sum of the former ones on.
      Value own = arith::SubIOp::create(b, loc, block, number(launch.blocks));
      Value isOwn = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, own, number(part.blocks));
      launch.blocks += part.blocks;
      auto branch = scf::IfOp::create(b, loc, isOwn, /*withElseRegion=*/false);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      IRMapping mapping;
      Block &body = function.getBody().front();
      for (Value old : body.getArguments())
        mapping.map(old, entry->getArgument(argument++));
      for (Operation &op : body.without_terminator()) {
        if (isa<NVVM::BlockIdXOp>(op))
          mapping.map(op.getResult(0), own);
        else
          b.clone(op, mapping);
      }
    }
    LLVM::ReturnOp::create(b, loc, ValueRange{});
  }
  auto group = std::make_shared<Group>();
  group->launch = launch;
  group->last = launches.back();
  for (ir::LaunchOp member : launches)
    members[member] = group;
}

void Groups::dropUnused(ModuleOp module, const std::map<std::string, KernelInfo> &kernels) {
  for (auto &entry : launchedAlone)
    if (!entry.second)
      for (const Launch &launch : kernels.find(entry.first().str())->second.launches)
        module.lookupSymbol<LLVM::LLVMFuncOp>(launch.symbol).erase();
}

} // namespace dlc::codegen::cuda
