#include "codegen/cuda/Group.h"

#include "codegen/common/StepEmitter.h"

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

/// The memory that the threads of a block share.
int64_t sharedBytes(LLVM::LLVMFuncOp function, ModuleOp module) {
  auto memory = module.lookupSymbol<LLVM::GlobalOp>(sharedMemoryName(function.getSymName()));
  return memory ? cast<LLVM::LLVMArrayType>(memory.getType()).getNumElements() : 0;
}

/// One launch of a function, too small to fill a card; all have as many threads. A member is chosen by the number of the block, so threads of a block may wait
/// for each other as before.
bool mayJoin(const KernelInfo &kernel, ModuleOp module) {
  constexpr int64_t kFull = 512, kLittle = 4 << 10; // blocks; bytes, which then every block of the group has
  if (kernel.launches.size() != 1 || kernel.launches[0].isTogether || kernel.scratch || !kernel.copies.empty() || kernel.launches[0].product || kernel.launches[0].blocks > kFull ||
      kernel.launches[0].threads != kThreads)
    return false;
  return sharedBytes(module.lookupSymbol<LLVM::LLVMFuncOp>(kernel.launches[0].symbol), module) <= kLittle;
}

} // namespace

void Groups::find(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  function.walk([&](Block *block) { findIn(*block, places, kernels, module); });
  function.walk([&](ir::LaunchOp launch) { launchedAlone[launch.getCallee()] |= !of(launch); });
}

/// Launches in order, with what they touch and the arguments that they have together.
class Groups::Open {
public:
  SmallVector<ir::LaunchOp> launches;
  SmallVector<SmallVector<unsigned>> argumentsOf; ///< for each launch and pointer of it: the number of the group's argument
  SmallVector<Group::Argument> arguments;

  bool mayPass(const Touched &other) const {
    return other.isKnown() && llvm::none_of(touched, [&](const Touched &t) { return t.conflictsWith(other); });
  }
  /// False, nothing changed, where the arguments would be too many. The group's memory of `kMostArguments` pointers leaves room below the 4,352 bytes that
  /// every card and driver takes.
  bool add(ir::LaunchOp launch, Touched reach, const Places &places) {
    constexpr size_t kMostArguments = 500;
    auto before = arguments.size();
    SmallVector<unsigned> numbers;
    auto take = [&](const TensorPlace *place, int64_t bytes) {
      auto same = [&](const Taken &t) { return place && t.place ? *place == *t.place && bytes == t.bytes : !place && !t.place; };
      auto found = llvm::find_if(taken, same);
      numbers.push_back(static_cast<unsigned>(found - taken.begin()));
      if (found == taken.end()) {
        taken.push_back({place ? std::optional(*place) : std::nullopt, bytes});
        arguments.push_back({launch, numbers.size() - 1});
      }
    };
    for (Value value : llvm::concat<Value>(llvm::to_vector(launch->getOperands()), llvm::to_vector<4>(launch->getResults())))
      take(&places[value], tensorBytes(value.getType()));
    take(nullptr, 0); // scratch memory, which none of them has
    if (arguments.size() > kMostArguments) {
      arguments.truncate(before), taken.truncate(before);
      return false;
    }
    launches.push_back(launch);
    touched.push_back(std::move(reach));
    argumentsOf.push_back(std::move(numbers));
    return true;
  }

private:
  struct Taken {
    std::optional<TensorPlace> place;
    int64_t bytes;
  };
  SmallVector<Taken> taken;
  SmallVector<Touched> touched;
};

void Groups::findIn(Block &block, const Places &places, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  Open open;
  auto close = [&] {
    if (open.launches.size() > 1)
      make(open, kernels, module);
    open = {};
  };
  auto joins = [&](ir::LaunchOp launch) {
    auto kernel = kernels.find(launch.getCallee().str());
    if (kernel == kernels.end())
      return false;
    auto [known, isNew] = canJoin.try_emplace(launch.getCallee(), false);
    if (isNew)
      known->second = mayJoin(kernel->second, module);
    return known->second;
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
    if (!open.mayPass(here))
      close();
    auto launch = dyn_cast<ir::LaunchOp>(op);
    if (!launch || !here.isKnown() || !joins(launch))
      continue;
    if (!open.add(launch, here, places)) {
      close();
      open.add(launch, here, places);
    }
  }
  close();
}

void Groups::make(Open &open, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  std::string key;
  SmallVector<LLVM::LLVMFuncOp> functions;
  SmallVector<Launch> parts;
  for (auto [launch, arguments] : llvm::zip(open.launches, open.argumentsOf)) {
    parts.push_back(kernels.find(launch.getCallee().str())->second.launches[0]);
    functions.push_back(module.lookupSymbol<LLVM::LLVMFuncOp>(parts.back().symbol));
    key += parts.back().symbol;
    for (unsigned number : arguments)
      key += ' ' + std::to_string(number);
    key += '\n';
  }
  Launch &launch = made[key];
  if (launch.symbol.empty())
    emit(launch, functions, parts, open, module);
  auto group = std::make_shared<Group>();
  group->launch = launch;
  group->last = open.launches.back();
  group->arguments = open.arguments;
  for (ir::LaunchOp member : open.launches)
    members[member] = group;
}

void Groups::emit(Launch &launch, MutableArrayRef<LLVM::LLVMFuncOp> functions, ArrayRef<Launch> parts, const Open &open, ModuleOp module) {
  launch.symbol = "group$" + std::to_string(made.size() - 1);
  launch.threads = kThreads;
  launch.blocks = 0;
  OpBuilder b = OpBuilder::atBlockEnd(module.getBody());
  Location loc = functions[0].getLoc();
  SmallVector<Type> types(open.arguments.size(), LLVM::LLVMPointerType::get(b.getContext()));
  auto group = LLVM::LLVMFuncOp::create(b, loc, launch.symbol, LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), types));
  group->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
  group->setAttr(NVVM::NVVMDialect::getMaxntidAttrName(), functions[0]->getAttr(NVVM::NVVMDialect::getMaxntidAttrName()));
  Block *entry = group.addEntryBlock(b);
  b.setInsertionPointToEnd(entry);
  // A block is of one member, so all have the same shared memory.
  int64_t bytes = 0;
  for (LLVM::LLVMFuncOp function : functions)
    bytes = std::max(bytes, sharedBytes(function, module));
  std::string shared = bytes ? addSharedMemory(module, launch.symbol, bytes, loc) : "";
  Type i32 = b.getI32Type();
  auto number = [&](int64_t value) -> Value { return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(static_cast<int32_t>(value))); };
  Value block = NVVM::BlockIdXOp::create(b, loc, i32);
  for (auto [part, function, arguments] : llvm::zip(parts, functions, open.argumentsOf)) {
    // Its blocks are those from the sum of the former ones on.
    Value own = arith::SubIOp::create(b, loc, block, number(launch.blocks));
    Value isOwn = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, own, number(part.blocks));
    launch.blocks += part.blocks;
    auto branch = scf::IfOp::create(b, loc, isOwn, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    IRMapping mapping;
    Block &body = function.getBody().front();
    for (auto [old, argument] : llvm::zip(body.getArguments(), arguments))
      mapping.map(old, entry->getArgument(argument));
    for (Operation &op : body.without_terminator()) {
      if (isa<NVVM::BlockIdXOp>(op))
        mapping.map(op.getResult(0), own);
      else
        b.clone(op, mapping);
    }
    branch.walk([&](LLVM::AddressOfOp address) {
      if (address.getGlobalName() == sharedMemoryName(function.getSymName()))
        address.setGlobalName(shared);
    });
  }
  LLVM::ReturnOp::create(b, loc, ValueRange{});
}

void Groups::dropUnused(ModuleOp module, const std::map<std::string, KernelInfo> &kernels) {
  for (auto &entry : launchedAlone)
    if (!entry.second)
      for (const Launch &launch : kernels.find(entry.first().str())->second.launches) {
        module.lookupSymbol<LLVM::LLVMFuncOp>(launch.symbol).erase();
        if (auto memory = module.lookupSymbol<LLVM::GlobalOp>(sharedMemoryName(launch.symbol)))
          memory.erase();
      }
}

} // namespace dlc::codegen::cuda
