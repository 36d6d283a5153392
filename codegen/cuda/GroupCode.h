// The code of launches that have become one.
#ifndef DLC_CODEGEN_CUDA_GROUPCODE_H
#define DLC_CODEGEN_CUDA_GROUPCODE_H

#include "codegen/cuda/Kernel.h"

namespace dlc::codegen::cuda {

/// Members of a group that run the same function: that stands in the group once, and its pointers come from the group's table by the number of the member.
struct GroupPart {
  mlir::LLVM::LLVMFuncOp function;
  int64_t blocks;  ///< of each member
  int64_t members;
  /// For each argument of the function that it uses, where its pointer stands in the table: the same for all members, or with as many pointers for each member
  /// as `stride` says.
  struct Pointer {
    unsigned argument;
    int64_t place;
    bool isOfMember;
  };
  llvm::SmallVector<Pointer> pointers;
  int64_t stride;
};

/// Emits the function of a group into the module; `tableSize`: pointers of its one argument, which is passed by value.
Launch emitGroup(llvm::StringRef symbol, llvm::ArrayRef<GroupPart> parts, int64_t tableSize, mlir::ModuleOp module);

/// The memory that the threads of a block share.
int64_t sharedBytesOf(mlir::LLVM::LLVMFuncOp function, mlir::ModuleOp module);

} // namespace dlc::codegen::cuda

#endif
