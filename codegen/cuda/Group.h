// Launches that wait for nothing of each other as one launch.
#ifndef DLC_CODEGEN_CUDA_GROUP_H
#define DLC_CODEGEN_CUDA_GROUP_H

#include "codegen/common/Places.h"
#include "codegen/cuda/Kernel.h"

namespace dlc::codegen::cuda {

/// Which launches of a program's functions are one: the updates of an optimizer, above all, of which each is too small for a card.
class Groups {
public:
  struct Group {
    Launch launch;
    mlir::Operation *last = nullptr; ///< of its members; the group is launched in its place
    /// Where each of its arguments comes from: a member, and a number among that one's pointers (operands, results, scratch memory). What several members
    /// take is one argument.
    struct Argument {
      mlir::Operation *member;
      size_t number;
    };
    llvm::SmallVector<Argument> arguments;
  };

  /// Looks for groups in a function. Kernels of one launch without scratch memory, of at most 512 blocks of kThreads threads and little shared memory, may
  /// stand later than they do as long as nothing between reads or writes what they touch.
  void find(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, mlir::ModuleOp module);
  /// Takes the kernels out of the module that are launched in groups alone.
  void dropUnused(mlir::ModuleOp module, const std::map<std::string, KernelInfo> &kernels);

  /// The group of a launch; null where it is launched by itself.
  const Group *of(mlir::Operation *launch) const {
    auto found = members.find(launch);
    return found == members.end() ? nullptr : found->second.get();
  }

private:
  class Open; // a group that may still grow
  void findIn(mlir::Block &block, const Places &places, const std::map<std::string, KernelInfo> &kernels, mlir::ModuleOp module);
  void make(Open &open, const std::map<std::string, KernelInfo> &kernels, mlir::ModuleOp module);
  void emit(Launch &launch, llvm::MutableArrayRef<mlir::LLVM::LLVMFuncOp> functions, llvm::ArrayRef<Launch> parts, const Open &open, mlir::ModuleOp module);

  llvm::DenseMap<mlir::Operation *, std::shared_ptr<Group>> members;
  std::map<std::string, Launch> made; ///< by the kernels of the members and the numbers of their arguments
  llvm::StringMap<bool> canJoin;       ///< by kernel
  llvm::StringMap<bool> launchedAlone; ///< every kernel that is launched: whether somewhere by itself
};

} // namespace dlc::codegen::cuda

#endif
