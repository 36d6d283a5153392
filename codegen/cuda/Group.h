// Launches that wait for nothing of each other as one launch.
#ifndef DLC_CODEGEN_CUDA_GROUP_H
#define DLC_CODEGEN_CUDA_GROUP_H

#include "codegen/common/Places.h"
#include "codegen/cuda/Kernel.h"

namespace dlc::codegen::cuda {

/// Which launches of a program's functions are one: the updates of an optimizer, above all. A kernel of several launches joins with its last one; the others
/// stay where they stand, and what they leave in scratch memory stays there for it.
class Groups {
public:
  struct Group {
    Launch launch;
    mlir::Operation *last = nullptr; ///< of its members; the group is launched in its place
    /// Where each of its pointers comes from: a member, and a number among that one's pointers (operands, results, scratch memory).
    struct Argument {
      mlir::Operation *member;
      size_t number;
    };
    llvm::SmallVector<Argument> arguments;
  };

  /// `mostPointers`: that a launch takes.
  explicit Groups(int64_t mostPointers) : mostPointers(mostPointers) {}

  /// Looks for groups in a function. A launch of kThreads threads a block and little shared memory may stand later than it does as long as nothing between
  /// reads or writes what it touches. What other launches wait for joins where it has at most 512 blocks and no scratch memory; what only writes the
  /// function's own buffers, an update, with any number of blocks; the scratch memory that waits for updates is at most 64 MiB in a function.
  void find(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, mlir::ModuleOp module);
  /// Takes the functions out of the module that are launched in groups alone.
  void dropUnused(mlir::ModuleOp module, const std::map<std::string, KernelInfo> &kernels);

  /// The group of a launch; null where it is launched by itself.
  const Group *of(mlir::Operation *launch) const {
    auto found = members.find(launch);
    return found == members.end() ? nullptr : found->second.get();
  }

private:
  class Open; // a group that may still grow
  class Search;
  void make(const Open &open, mlir::ModuleOp module);

  int64_t mostPointers;
  int64_t kept = 0; ///< bytes of scratch memory that wait for groups in the function
  llvm::DenseMap<mlir::Operation *, std::shared_ptr<Group>> members;
  std::map<std::string, Launch> made;  ///< by the functions of the members and what they share
  llvm::StringMap<bool> launchedAlone; ///< every kernel that is launched: whether somewhere by itself
};

/// Launches that read single numbers of the function's arguments alone, as those that count the steps of each parameter do, go to the start of their function,
/// where they stand side by side; what they leave gets memory of its own at the end of the arena.
void gatherCounters(mlir::ModuleOp module);

} // namespace dlc::codegen::cuda

#endif
