#ifndef DLC_CODEGEN_CUDA_EMULATE_H
#define DLC_CODEGEN_CUDA_EMULATE_H

#include "codegen/cuda/Compile.h"

#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <string>
#include <vector>

namespace dlc::codegen::cuda {

/// Turns the code of kernels for the device, before its own optimizations, into code for the host that a runtime runs thread by thread: what
/// a thread asks of the device becomes calls of
///   i32 dlc_emulated_thread(), i32 dlc_emulated_block(): its numbers,
///   void dlc_emulated_barrier(), void dlc_emulated_sync_warp(),
///   i32 dlc_emulated_shuffle(i32 value, i32 distance): the value of the lane whose number differs by the bits of `distance`,
///   ptr dlc_emulated_access(ptr address, i64 bytes, i32 kind): before every access to memory, 0 to read, 1 to write, 2 to exchange; the address to use,
///   void dlc_emulated_copy(ptr to, ptr from, i32 bytes, i32 taken), dlc_emulated_commit(), dlc_emulated_wait(i32 groups): copies to shared memory that happen
///     later, in groups,
///   i32 dlc_emulated_tf32(float), i32 dlc_emulated_bf16(float high, float low): rounded numbers,
///   void dlc_emulated_multiply(i32 isBf16, ptr registers): `mma.sync` of the warp,
///   i64 dlc_emulated_grid_barrier(ptr counter): counts the block and waits for the others; how many had come before it,
///   i64 dlc_emulated_look(): how many have come.
/// Each kernel K gets `void K.run(ptr const *buffers)`. Data that threads share is the symbol of its device variable.
/// False, with a message, where an intrinsic or an atomic operation is not modelled.
bool emulate(llvm::Module &module, const llvm::TargetMachine &host, std::string &error);

/// The kernels of an emulated module.
std::vector<DeviceProgram::Emulated> emulatedFunctions(const llvm::Module &module);

} // namespace dlc::codegen::cuda

#endif
