#ifndef DLC_CODEGEN_SANITIZE_H
#define DLC_CODEGEN_SANITIZE_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class Module;
} // namespace llvm

namespace dlc::codegen {

/// Whether compiled code has its memory accesses checked by the address sanitizer: in a build with sanitizers, unless the environment
/// says DLC_SANITIZE_CODE=0. Everything below is for that case alone, and what is compiled then runs in such a build alone.
bool sanitizesCode();

/// Checks before every load and store. Comes last: what is checked are the accesses that are left.
void sanitize(llvm::Module &module);

/// The program brackets each launch of a kernel with calls of two functions, so that the kernel can touch its operands and nothing near
/// them, although all lie in one arena:
///   void kGuardLaunch(char *arena, int64_t arenaBytes, char *const *buffers, const int64_t *bytes, int64_t count)
///   void kUnguardLaunch(...the same)
constexpr const char *kGuardLaunch = "dlc.guard.launch", *kUnguardLaunch = "dlc.unguard.launch";

/// The function of that name; null where it is none of ours.
void *sanitizerFunction(llvm::StringRef name);

} // namespace dlc::codegen

#endif
