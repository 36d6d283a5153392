#include "codegen/cuda/GroupCode.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace dlc::codegen::cuda {

int64_t sharedBytesOf(LLVM::LLVMFuncOp function, ModuleOp module) {
  auto memory = module.lookupSymbol<LLVM::GlobalOp>(sharedMemoryName(function.getSymName()));
  return memory ? cast<LLVM::LLVMArrayType>(memory.getType()).getNumElements() : 0;
}

namespace {

class GroupEmitter {
public:
  GroupEmitter(StringRef symbol, int64_t tableSize, LLVM::LLVMFuncOp like, ModuleOp module)
      : b(OpBuilder::atBlockEnd(module.getBody())), loc(like.getLoc()), i32(b.getI32Type()), pointer(LLVM::LLVMPointerType::get(b.getContext())),
        tableType(LLVM::LLVMArrayType::get(pointer, tableSize)) {
    group = LLVM::LLVMFuncOp::create(b, loc, symbol, LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointer}));
    for (StringRef attribute : {NVVM::NVVMDialect::getKernelFuncAttrName(), NVVM::NVVMDialect::getMaxntidAttrName()})
      group->setAttr(attribute, like->getAttr(attribute));
    group.setArgAttr(0, LLVM::LLVMDialect::getByValAttrName(), TypeAttr::get(tableType));
    group.setArgAttr(0, LLVM::LLVMDialect::getAlignAttrName(), b.getI64IntegerAttr(8));
    group.setArgAttr(0, NVVM::NVVMDialect::getGridConstantAttrName(), b.getUnitAttr());
  }

  void emit(ArrayRef<GroupPart> parts, StringRef sharedName) {
    shared = sharedName;
    b.setInsertionPointToEnd(group.addEntryBlock(b));
    block = NVVM::BlockIdXOp::create(b, loc, i32);
    SmallVector<std::pair<const GroupPart *, int64_t>> placed;
    int64_t first = 0;
    for (const GroupPart &part : parts) {
      LLVM::LLVMFuncOp function = part.function;
      keepNeeds(group, function);
      placed.push_back({&part, first});
      first += part.blocks * part.members;
    }
    choose(placed);
    LLVM::ReturnOp::create(b, loc, ValueRange{});
  }

private:
  using Placed = std::pair<const GroupPart *, int64_t>; // and its first block

  Value number(int64_t value) { return arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(static_cast<int32_t>(value))); }

  /// By halves, so that a block asks few questions.
  void choose(ArrayRef<Placed> parts) {
    if (parts.size() == 1)
      return member(*parts[0].first, parts[0].second);
    size_t half = parts.size() / 2;
    Value isBefore = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ult, block, number(parts[half].second));
    auto branch = scf::IfOp::create(b, loc, isBefore, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    choose(parts.take_front(half));
    b.setInsertionPointToStart(branch.elseBlock());
    choose(parts.drop_front(half));
  }

  void member(const GroupPart &part, int64_t firstBlock) {
    Value own = arith::SubIOp::create(b, loc, block, number(firstBlock)), first = number(0);
    if (part.members > 1) {
      Value which = arith::DivUIOp::create(b, loc, own, number(part.blocks));
      own = arith::RemUIOp::create(b, loc, own, number(part.blocks));
      first = arith::MulIOp::create(b, loc, which, number(part.stride));
    }
    IRMapping mapping;
    LLVM::LLVMFuncOp function = part.function;
    Block &body = function.getBody().front();
    for (const GroupPart::Pointer &argument : part.pointers) {
      Value place = number(argument.place);
      if (argument.isOfMember)
        place = arith::AddIOp::create(b, loc, first, place);
      mapping.map(body.getArgument(argument.argument), load(place));
    }
    SmallVector<Operation *> copies;
    for (Operation &op : body.without_terminator()) {
      if (isa<NVVM::BlockIdXOp>(op))
        mapping.map(op.getResult(0), own);
      else
        copies.push_back(b.clone(op, mapping));
    }
    std::string before = sharedMemoryName(function.getSymName());
    for (Operation *copy : copies)
      copy->walk([&](LLVM::AddressOfOp address) {
        if (address.getGlobalName() == before)
          address.setGlobalName(shared);
      });
  }

  /// A pointer of the table, which is one of global memory.
  Value load(Value place) {
    Type global = LLVM::LLVMPointerType::get(b.getContext(), 1);
    Value at = LLVM::GEPOp::create(b, loc, pointer, tableType, group.getArgument(0), ArrayRef<LLVM::GEPArg>{0, place}, LLVM::GEPNoWrapFlags::inbounds);
    return LLVM::AddrSpaceCastOp::create(b, loc, pointer, LLVM::LoadOp::create(b, loc, global, at, 8));
  }

  OpBuilder b;
  Location loc;
  Type i32, pointer, tableType;
  LLVM::LLVMFuncOp group;
  Value block;
  std::string shared;
};

} // namespace

Launch emitGroup(StringRef symbol, ArrayRef<GroupPart> parts, int64_t tableSize, ModuleOp module) {
  Launch launch;
  launch.symbol = symbol.str(), launch.blocks = 0, launch.threads = kThreads;
  int64_t bytes = 0; // a block is of one member, so all have the same shared memory
  for (const GroupPart &part : parts) {
    launch.blocks += part.blocks * part.members;
    bytes = std::max(bytes, sharedBytesOf(part.function, module));
  }
  LLVM::LLVMFuncOp like = parts[0].function;
  std::string shared = bytes ? addSharedMemory(module, symbol, bytes, like.getLoc()) : "";
  GroupEmitter(symbol, tableSize, like, module).emit(parts, shared);
  return launch;
}

} // namespace dlc::codegen::cuda
