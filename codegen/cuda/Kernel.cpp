#include "codegen/cuda/Kernel.h"

#include "codegen/cuda/product/Product.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace dlc::codegen::cuda {

//===- Phase --------------------------------------------------------------===//

Phase::Phase(Kernel &kernel, int64_t blocks, int64_t threads) : PhaseBase(kernel), owner(kernel) {
  MLIRContext *context = kernel.module().getContext();
  launch = {kernel.phaseName(kernel.info.launches.size()), std::max<int64_t>(blocks, 1), threads, /*isCooperative=*/false, nullptr};
  llvm::replace(launch.symbol, '.', '$'); // PTX has no dots in names
  OpBuilder b = OpBuilder::atBlockEnd(kernel.module().getBody());
  ir::FuncOp func = kernel.function();
  SmallVector<Type> types(func.getNumArguments() + func.getNumResults() + 1, LLVM::LLVMPointerType::get(context));
  auto function = LLVM::LLVMFuncOp::create(b, func.getLoc(), launch.symbol,
                                           LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(context), types));
  function->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(), b.getUnitAttr());
  function->setAttr(NVVM::NVVMDialect::getMaxntidAttrName(), b.getDenseI32ArrayAttr({static_cast<int32_t>(threads)}));
  entry = function.addEntryBlock(b);
  open(function, entry, /*lanes=*/1);
  elements().strictHazards = true;
  elements().alignedBuffers = kernel.hasAlignedBuffers();

  LoopBuilder &l = loops();
  auto &builder = l.builder();
  l.moveToTop();
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  auto read = [&](auto op) -> Value { return arith::ExtUIOp::create(builder, i64, op.getResult()); };
  threadNumber = read(NVVM::ThreadIdXOp::create(builder, i32));
  blockNumber = read(NVVM::BlockIdXOp::create(builder, i32));
  gridNumber = l.add(l.mul(blockNumber, l.i64(threads)), threadNumber);
}

Phase::~Phase() {
  close();
  owner.info.launches.push_back(launch);
}

Value Phase::pointer(int64_t slot) { return entry->getArgument(slot); }

void Phase::forEach(int64_t count, llvm::function_ref<void(Value)> body) {
  LoopBuilder &l = loops();
  l.forLoop(gridNumber, l.i64(count), gridThreads(), {}, [&](Value number, ValueRange) {
    body(number);
    return SmallVector<Value>();
  });
}

void Phase::forEachByWarp(int64_t count, llvm::function_ref<Value(Value, Value)> own, llvm::function_ref<Value(Value, Value)> combine,
                          llvm::function_ref<void(Value, Value)> finish) {
  LoopBuilder &l = loops();
  setGroup(kWarp);
  l.forLoop(groupNumber(), l.i64(count), gridThreads() / kWarp, {}, [&](Value number, ValueRange) {
    Value all = join(own(number, groupThread()), combine);
    Value isFirst = l.compare(arith::CmpIPredicate::eq, groupThread(), l.i64(0));
    l.ifElse(isFirst, {}, [&] {
      l.moveToTop();
      // A number of its own, so that nothing of what follows is computed by the other lanes.
      Value here = arith::AddIOp::create(l.builder(), number, l.i64(0));
      finish(here, all);
      return SmallVector<Value>();
    });
    return SmallVector<Value>();
  });
}

void Phase::setGroup(int64_t size) {
  LoopBuilder &l = loops();
  if (size == threads()) {
    inGroup = threadNumber;
    group = blockNumber;
  } else {
    inGroup = l.rem(threadNumber, size);
    group = l.add(l.mul(blockNumber, l.i64(threads() / size)), l.div(threadNumber, size));
  }
  Elemental::Group g;
  g.thread = inGroup;
  g.size = size;
  g.level = l.depth();
  g.join = [this](Value value, llvm::function_ref<Value(Value, Value)> combine) { return join(value, combine); };
  elements().setGroup(std::move(g));
}

std::string sharedMemoryName(StringRef kernel) { return (kernel + "$shared").str(); }

std::string addSharedMemory(ModuleOp module, StringRef kernel, int64_t bytes, Location loc) {
  std::string name = sharedMemoryName(kernel);
  OpBuilder b = OpBuilder::atBlockBegin(module.getBody());
  LLVM::GlobalOp::create(b, loc, LLVM::LLVMArrayType::get(b.getI8Type(), bytes), /*isConstant=*/false, LLVM::Linkage::Internal, name, Attribute(),
                         /*alignment=*/128, /*addrSpace=*/3);
  return name;
}

Value Phase::sharedMemory(int64_t bytes) {
  std::string name = sharedMemoryName(launch.symbol);
  if (!shared) {
    LoopBuilder &l = loops();
    l.moveTo(0);
    shared = LLVM::AddressOfOp::create(l.builder(), LLVM::LLVMPointerType::get(l.context(), 3), name);
  }
  if (bytes <= sharedBytes)
    return shared;
  sharedBytes = bytes;
  if (auto smaller = owner.module().lookupSymbol<LLVM::GlobalOp>(name))
    smaller.erase();
  addSharedMemory(owner.module(), launch.symbol, bytes, owner.function().getLoc());
  return shared;
}

//===- Kernel -------------------------------------------------------------===//

bool Kernel::emitSpecial() { return emitColumns(*this) || emitProducts(*this); }

void Kernel::emitPlan(const PhasePlan &plan) {
  if (Operation *op = plan.roots[0].getDefiningOp()) {
    if (auto scatter = dyn_cast<ir::ScatterOp>(op))
      return emitScatter(*this, scatter);
    if (auto sort = dyn_cast<ir::SortOp>(op))
      return emitSort(*this, sort);
    if (auto cumulate = dyn_cast<ir::CumulateOp>(op))
      return emitCumulate(*this, cumulate);
    if (auto reduce = dyn_cast<ir::ReduceOp>(op); reduce && plan.roots.size() == 1 && emitSplitReduce(*this, reduce))
      return;
  }
  emitMap(*this, plan);
}

void Kernel::addProduct(const LibraryProduct &product) {
  info.launches.push_back({});
  info.launches.back().product = std::make_shared<LibraryProduct>(product);
}

void keepNeeds(LLVM::LLVMFuncOp into, LLVM::LLVMFuncOp from) {
  StringRef name = NVVM::NVVMDialect::getMinctasmAttrName();
  auto asked = from->getAttrOfType<IntegerAttr>(name), present = into->getAttrOfType<IntegerAttr>(name);
  if (asked && (!present || present.getInt() < asked.getInt()))
    into->setAttr(name, asked);
}

void Kernel::joinSingleBlocks() {
  if (info.launches.size() < 2)
    return;
  SymbolTable symbols(module());
  auto function = [&](const Launch &launch) { return symbols.lookup<LLVM::LLVMFuncOp>(launch.symbol); };
  auto sharedBytes = [](LLVM::GlobalOp memory) { return cast<LLVM::LLVMArrayType>(memory.getType()).getNumElements(); };
  SmallVector<Launch> joined;
  for (const Launch &launch : info.launches) {
    if (joined.empty() || launch.product || joined.back().product || launch.blocks != 1 || joined.back().blocks != 1 || joined.back().threads != launch.threads) {
      joined.push_back(launch);
      continue;
    }
    LLVM::LLVMFuncOp into = function(joined.back()), from = function(launch);
    keepNeeds(into, from);
    joined.back().keepsRows |= launch.keepsRows;
    // One block of shared memory serves both, as one is done with it before the other begins.
    std::string intoShared = sharedMemoryName(joined.back().symbol);
    if (auto memory = symbols.lookup<LLVM::GlobalOp>(sharedMemoryName(launch.symbol))) {
      auto present = symbols.lookup<LLVM::GlobalOp>(intoShared);
      if (present && sharedBytes(present) >= sharedBytes(memory)) {
        memory.erase();
      } else {
        if (present)
          present.erase();
        memory.setSymName(intoShared);
      }
      from.walk([&](LLVM::AddressOfOp op) {
        if (op.getGlobalName() == sharedMemoryName(launch.symbol))
          op.setGlobalName(intoShared);
      });
    }
    Block &target = into.getBody().front(), &source = from.getBody().front();
    for (auto [old, value] : llvm::zip(source.getArguments(), target.getArguments()))
      old.replaceAllUsesWith(value);
    source.getTerminator()->erase();
    OpBuilder b(target.getTerminator());
    NVVM::Barrier0Op::create(b, from.getLoc());
    target.getOperations().splice(Block::iterator(target.getTerminator()), source.getOperations());
    from.erase();
    symbols = SymbolTable(module());
  }
  info.launches = joined;
}

FailureOr<KernelInfo> Kernel::build() {
  int64_t tensors = function().getNumArguments() + function().getNumResults();
  if (tensors + 1 > options.mostPointers)
    return function().emitError("a kernel of a card takes at most ")
           << options.mostPointers - 1 << " tensors, this one " << tensors << ": join the values of a long list in parts, with `concat`";
  KernelMemory memory;
  if (failed(emit(memory)))
    return failure();
  joinSingleBlocks();
  static_cast<KernelMemory &>(info) = std::move(memory);
  return info;
}

} // namespace dlc::codegen::cuda
