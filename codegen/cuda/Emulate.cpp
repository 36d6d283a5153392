// Code for the device as code for the host.
#include "codegen/cuda/Emulate.h"

#include "codegen/cuda/Kernel.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace dlc::codegen::cuda {

static constexpr unsigned kGlobalSpace = 1, kSharedSpace = 3;

namespace {

class Emulation {
public:
  Emulation(Module &module, const TargetMachine &host) : module(module), layout(host.createDataLayout()), b(module.getContext()) {
    pointer = b.getPtrTy();
    module.setTargetTriple(host.getTargetTriple());
    module.setDataLayout(layout);
  }

  bool run(std::string &error) {
    SmallVector<Function *> kernels;
    for (Function &function : module)
      if (function.getCallingConv() == CallingConv::PTX_Kernel)
        kernels.push_back(&function);
    for (Function *kernel : kernels) {
      if (!replaceMeetings(*kernel, error))
        return false;
      instrument(*kernel);
      if (!replaceIntrinsics(*kernel, error))
        return false;
      kernel->setCallingConv(CallingConv::C);
      makeEntry(*kernel);
    }
    for (GlobalVariable &global : module.globals())
      if (global.getAddressSpace() == kSharedSpace)
        global.setLinkage(GlobalValue::ExternalLinkage);
    return true;
  }

private:
  FunctionCallee callee(StringRef name, Type *result, ArrayRef<Type *> arguments) {
    return module.getOrInsertFunction(name, FunctionType::get(result, arguments, false));
  }

  /// Whether it is an argument that is passed by value.
  static bool isTable(const Value *value) {
    auto *argument = dyn_cast<Argument>(value);
    return argument && argument->hasByValAttr();
  }

  /// Asks before every access whether it may be.
  void instrument(Function &kernel) {
    SmallVector<Instruction *> accesses;
    for (Instruction &instruction : instructions(kernel))
      if (isa<LoadInst, StoreInst, AtomicCmpXchgInst>(instruction))
        accesses.push_back(&instruction);
    FunctionCallee access = callee("dlc_emulated_access", pointer, {pointer, b.getInt64Ty(), b.getInt32Ty()});
    for (Instruction *instruction : accesses) {
      bool isStore = isa<StoreInst>(instruction);
      unsigned operand = isStore ? StoreInst::getPointerOperandIndex() : LoadInst::getPointerOperandIndex(); // 0 for an exchange as well
      Value *address = instruction->getOperand(operand);
      auto *exchange = dyn_cast<AtomicCmpXchgInst>(instruction);
      Type *type = isStore ? instruction->getOperand(0)->getType() : exchange ? exchange->getCompareOperand()->getType() : instruction->getType();
      auto *global = dyn_cast<GlobalVariable>(getUnderlyingObject(address));
      if (global && global->isConstant())
        continue; // tables of the kernel itself
      if (isa<AllocaInst>(getUnderlyingObject(address)) || isTable(getUnderlyingObject(address)))
        continue;
      b.SetInsertPoint(instruction);
      Value *flat = b.CreateAddrSpaceCast(address, pointer);
      enum { Read, Write, Atomic }; // of dlc_emulated_access
      int kind = exchange ? Atomic : isStore ? Write : Read;
      Value *checked = b.CreateCall(access, {flat, b.getInt64(layout.getTypeStoreSize(type)), b.getInt32(kind)});
      instruction->setOperand(operand, checked);
    }
  }

  /// A block that counts itself waits for the others there; how it looks for them later is answered by the launch. Of the device's memory that is not an
  /// argument there is nothing else, and of atomic additions.
  bool replaceMeetings(Function &kernel, std::string &error) {
    std::string counter = arrivalsName(kernel.getName());
    SmallVector<Instruction *> uses;
    for (Instruction &instruction : instructions(kernel)) {
      auto *count = dyn_cast<AtomicRMWInst>(&instruction);
      auto *exchange = dyn_cast<AtomicCmpXchgInst>(&instruction);
      const Value *place = count ? count->getPointerOperand() : exchange ? exchange->getPointerOperand() : getLoadStorePointerOperand(&instruction);
      auto *global = place ? dyn_cast<GlobalVariable>(getUnderlyingObject(place)) : nullptr;
      bool isOfDevice = global && global->getAddressSpace() == kGlobalSpace && !global->isConstant();
      if (!isOfDevice && !count)
        continue;
      auto *look = dyn_cast<LoadInst>(&instruction);
      bool isMeeting = isOfDevice && global->getName() == counter && ((count && count->getOperation() == AtomicRMWInst::Add) || (look && look->isAtomic()));
      if (!isMeeting) {
        raw_string_ostream(error) << "kernel `" << kernel.getName() << "`: the emulator does not know what this is for:" << instruction;
        return false;
      }
      uses.push_back(&instruction);
    }
    for (Instruction *use : uses) {
      b.SetInsertPoint(use);
      Type *i64 = b.getInt64Ty();
      auto *count = dyn_cast<AtomicRMWInst>(use);
      use->replaceAllUsesWith(count ? b.CreateCall(callee("dlc_emulated_grid_barrier", i64, {pointer}), {b.CreateAddrSpaceCast(count->getPointerOperand(), pointer)})
                                    : b.CreateCall(callee("dlc_emulated_look", i64, {}), {}));
      use->eraseFromParent();
    }
    return true;
  }

  bool replaceIntrinsics(Function &kernel, std::string &error) {
    SmallVector<IntrinsicInst *> calls;
    for (Instruction &instruction : instructions(kernel))
      if (auto *call = dyn_cast<IntrinsicInst>(&instruction); call && call->getCalledFunction()->getName().starts_with("llvm.nvvm."))
        calls.push_back(call);
    for (IntrinsicInst *call : calls) {
      b.SetInsertPoint(call);
      Value *result = replacement(*call);
      if (!result) {
        error = "the emulator has no " + call->getCalledFunction()->getName().str();
        return false;
      }
      if (!call->getType()->isVoidTy())
        call->replaceAllUsesWith(result);
      call->eraseFromParent();
    }
    return true;
  }

  Value *replacement(IntrinsicInst &call) {
    Type *i32 = b.getInt32Ty();
    switch (call.getIntrinsicID()) {
    case Intrinsic::nvvm_read_ptx_sreg_tid_x:
      return b.CreateCall(callee("dlc_emulated_thread", i32, {}));
    case Intrinsic::nvvm_read_ptx_sreg_ctaid_x:
      return b.CreateCall(callee("dlc_emulated_block", i32, {}));
    case Intrinsic::nvvm_barrier_cta_sync_aligned_all:
    case Intrinsic::nvvm_barrier_cta_sync_all:
      return b.CreateCall(callee("dlc_emulated_barrier", b.getVoidTy(), {}));
    case Intrinsic::nvvm_bar_warp_sync:
      return b.CreateCall(callee("dlc_emulated_sync_warp", b.getVoidTy(), {}));
    case Intrinsic::nvvm_shfl_sync_bfly_i32:
      return b.CreateCall(callee("dlc_emulated_shuffle", i32, {i32, i32}), {call.getArgOperand(1), call.getArgOperand(2)});
    case Intrinsic::nvvm_cp_async_ca_shared_global_4_s:
      return copy(call, 4);
    case Intrinsic::nvvm_cp_async_ca_shared_global_8_s:
      return copy(call, 8);
    case Intrinsic::nvvm_cp_async_cg_shared_global_16_s:
      return copy(call, 16);
    case Intrinsic::nvvm_cp_async_commit_group:
      return b.CreateCall(callee("dlc_emulated_commit", b.getVoidTy(), {}));
    case Intrinsic::nvvm_cp_async_wait_group:
      return b.CreateCall(callee("dlc_emulated_wait", b.getVoidTy(), {i32}), {call.getArgOperand(0)});
    case Intrinsic::nvvm_f2tf32_rna:
      return b.CreateCall(callee("dlc_emulated_tf32", i32, {b.getFloatTy()}), {call.getArgOperand(0)});
    case Intrinsic::nvvm_ff2bf16x2_rn:
      return b.CreateBitCast(
          b.CreateCall(callee("dlc_emulated_bf16", i32, {b.getFloatTy(), b.getFloatTy()}), {call.getArgOperand(0), call.getArgOperand(1)}), call.getType());
    case Intrinsic::nvvm_mma_m16n8k8_row_col_tf32:
      return multiply(call, /*isBf16=*/false);
    case Intrinsic::nvvm_mma_m16n8k16_row_col_bf16:
      return multiply(call, /*isBf16=*/true);
    default:
      return nullptr;
    }
  }

  /// A copy that happens later: to, from, and how many bytes are taken; the others become 0.
  Value *copy(IntrinsicInst &call, int bytes) {
    Value *to = b.CreateAddrSpaceCast(call.getArgOperand(0), pointer), *from = b.CreateAddrSpaceCast(call.getArgOperand(1), pointer);
    Type *i32 = b.getInt32Ty();
    return b.CreateCall(callee("dlc_emulated_copy", b.getVoidTy(), {pointer, pointer, i32, i32}), {to, from, b.getInt32(bytes), call.getArgOperand(2)});
  }

  /// A product of the warp: its registers of A, B and C stand side by side in memory, and those of the result take the place of C's.
  Value *multiply(IntrinsicInst &call, bool isBf16) {
    Type *i32 = b.getInt32Ty(), *f32 = b.getFloatTy();
    unsigned count = call.arg_size(), sums = count - 4;
    AllocaInst *memory = nullptr;
    {
      IRBuilder<>::InsertPointGuard guard(b);
      b.SetInsertPoint(&call.getFunction()->getEntryBlock(), call.getFunction()->getEntryBlock().begin());
      memory = b.CreateAlloca(i32, b.getInt32(count));
    }
    for (unsigned i = 0; i < count; ++i)
      b.CreateStore(call.getArgOperand(i), b.CreateConstGEP1_32(i32, memory, i));
    b.CreateCall(callee("dlc_emulated_multiply", b.getVoidTy(), {i32, pointer}), {b.getInt32(isBf16), memory});
    Value *result = PoisonValue::get(call.getType());
    for (unsigned i = 0; i < 4; ++i)
      result = b.CreateInsertValue(result, b.CreateLoad(f32, b.CreateConstGEP1_32(i32, memory, sums + i)), i);
    return result;
  }

  void makeEntry(Function &kernel) {
    auto *entry = Function::Create(FunctionType::get(b.getVoidTy(), {pointer}, false), GlobalValue::ExternalLinkage, kernel.getName() + ".run", module);
    b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", entry));
    SmallVector<Value *> arguments;
    // Each has 64 bits, a pointer, or a number in its place; but for a table that is the only one, of which there is no need for a copy.
    for (Argument &argument : kernel.args()) {
      if (isTable(&argument)) {
        arguments.push_back(entry->getArg(0));
        kernel.removeParamAttr(argument.getArgNo(), Attribute::ByVal);
      } else {
        arguments.push_back(b.CreateLoad(argument.getType(), b.CreateConstGEP1_64(pointer, entry->getArg(0), argument.getArgNo())));
      }
    }
    b.CreateCall(&kernel, arguments);
    b.CreateRetVoid();
  }

  Module &module;
  DataLayout layout;
  IRBuilder<> b;
  PointerType *pointer;
};

} // namespace

bool emulate(Module &module, const TargetMachine &host, std::string &error) { return Emulation(module, host).run(error); }

std::vector<DeviceProgram::Emulated> emulatedFunctions(const Module &module) {
  std::vector<DeviceProgram::Emulated> functions;
  auto waits = [](const Function &kernel) {
    return any_of(instructions(kernel), [](const Instruction &instruction) {
      auto *call = dyn_cast<CallInst>(&instruction);
      StringRef callee = call && call->getCalledFunction() ? call->getCalledFunction()->getName() : StringRef();
      return llvm::is_contained({"dlc_emulated_barrier", "dlc_emulated_sync_warp", "dlc_emulated_shuffle", "dlc_emulated_multiply", "dlc_emulated_copy",
                                 "dlc_emulated_grid_barrier"},
                                callee);
    });
  };
  for (const Function &function : module) {
    StringRef name = function.getName();
    if (!name.consume_back(".run"))
      continue;
    DeviceProgram::Emulated emulated;
    emulated.kernel = name.str();
    emulated.run = function.getName().str();
    emulated.collective = waits(*module.getFunction(name));
    for (const GlobalVariable &global : module.globals())
      if (global.getAddressSpace() == kSharedSpace && global.getName() == emulated.kernel + "$shared") {
        emulated.shared = global.getName().str();
        emulated.sharedBytes = static_cast<int64_t>(module.getDataLayout().getTypeAllocSize(global.getValueType()));
      }
    functions.push_back(std::move(emulated));
  }
  return functions;
}

} // namespace dlc::codegen::cuda
