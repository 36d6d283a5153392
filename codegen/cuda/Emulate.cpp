// Code for the device as code for the host.
#include "codegen/cuda/Emulate.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace dlc::codegen::cuda {

static constexpr unsigned kSharedSpace = 3;

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
      if (isa<AllocaInst>(getUnderlyingObject(address)))
        continue;
      b.SetInsertPoint(instruction);
      Value *flat = b.CreateAddrSpaceCast(address, pointer);
      Value *checked = b.CreateCall(access, {flat, b.getInt64(layout.getTypeStoreSize(type)), b.getInt32(isStore)});
      instruction->setOperand(operand, checked);
    }
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
    default:
      return nullptr;
    }
  }

  void makeEntry(Function &kernel) {
    auto *entry = Function::Create(FunctionType::get(b.getVoidTy(), {pointer}, false), GlobalValue::ExternalLinkage, kernel.getName() + ".run", module);
    b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", entry));
    SmallVector<Value *> arguments;
    for (Argument &argument : kernel.args()) // each has 64 bits: a pointer, or a number in its place
      arguments.push_back(b.CreateLoad(argument.getType(), b.CreateConstGEP1_64(pointer, entry->getArg(0), argument.getArgNo())));
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
      return callee == "dlc_emulated_barrier" || callee == "dlc_emulated_sync_warp" || callee == "dlc_emulated_shuffle";
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
      if (global.getAddressSpace() == kSharedSpace && global.getName() == emulated.kernel + "$parts") {
        emulated.shared = global.getName().str();
        emulated.sharedBytes = static_cast<int64_t>(module.getDataLayout().getTypeAllocSize(global.getValueType()));
      }
    functions.push_back(std::move(emulated));
  }
  return functions;
}

} // namespace dlc::codegen::cuda
