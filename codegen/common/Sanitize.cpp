#include "codegen/common/Sanitize.h"

#include "llvm/Support/Compiler.h"

#if LLVM_ADDRESS_SANITIZER_BUILD

#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"

#include <sanitizer/asan_interface.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace dlc::codegen {

bool sanitizesCode() {
  static const bool wanted = [] {
    const char *said = std::getenv("DLC_SANITIZE_CODE");
    return !said || std::string(said) != "0";
  }();
  return wanted;
}

void sanitize(llvm::Module &module) {
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr(llvm::Attribute::SanitizeAddress);
  // Nothing runs the constructor that would make known where constants end.
  for (llvm::GlobalVariable &global : module.globals()) {
    llvm::GlobalValue::SanitizerMetadata metadata;
    metadata.NoAddress = true;
    global.setSanitizerMetadata(metadata);
  }
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::AddressSanitizerOptions options;
  options.UseAfterReturn = llvm::AsanDetectStackUseAfterReturnMode::Never;
  options.InsertVersionCheck = false;
  llvm::ModulePassManager manager;
  manager.addPass(llvm::AddressSanitizerPass(options, /*UseGlobalGC=*/false, /*UseOdrIndicator=*/false, llvm::AsanDtorKind::None,
                                             llvm::AsanCtorKind::None));
  manager.run(module, modules);
}

namespace {

constexpr uint8_t kFree = 0, kPoisonedByUser = 0xf7; // so a report names it
/// A kernel that leaves its operands does so by a vector, a row or a tile.
constexpr int64_t kGuardBytes = 4096;

/// What the sanitizer knows of memory: of each 8 bytes how many may be touched, from the first on; 0 is all, and from 0x80 on is none.
/// It is written directly: `__asan_poison_memory_region` does nothing here, because LLVM's libraries, which are not instrumented, would
/// not take back what our instances of its templates say (tools/cmake/sanitizer-options.cpp).
class Shadow {
public:
  Shadow() { __asan_get_shadow_mapping(&scale, &offset); }
  void fill(const char *begin, const char *end, uint8_t value) const { store(of(begin), of(end) - of(begin), value); }
  /// Lets the first `count` of the 8 bytes at `place` be touched, or as many as may be already.
  LLVM_NO_SANITIZE("address") void free(const char *place, uint8_t count) const {
    auto *byte = reinterpret_cast<volatile uint8_t *>(of(place));
    if (*byte >= 0x80 || (*byte && *byte < count))
      *byte = count;
  }

private:
  uintptr_t of(const char *place) const { return (reinterpret_cast<uintptr_t>(place) >> scale) + offset; }
  // Neither checked itself nor by a checked memset: the shadow has none.
  LLVM_NO_SANITIZE("address") static void store(uintptr_t at, size_t count, uint8_t value) {
    asm volatile("rep stosb" : "+D"(at), "+c"(count) : "a"(value) : "memory");
  }
  size_t scale, offset;
};

/// A buffer in the arena with the memory around it, from a multiple of 8; empty where the buffer is elsewhere.
struct Range {
  char *begin = nullptr, *end = nullptr;
};
Range around(char *arena, int64_t arenaBytes, char *buffer, int64_t bytes) {
  if (!bytes || buffer < arena || buffer >= arena + arenaBytes)
    return {};
  char *begin = buffer - std::min<int64_t>(kGuardBytes, buffer - arena);
  return {begin - reinterpret_cast<uintptr_t>(begin) % 8, buffer + std::min(bytes + kGuardBytes, arena + arenaBytes - buffer)};
}

void guardLaunch(char *arena, int64_t arenaBytes, char *const *buffers, const int64_t *bytes, int64_t count) {
  static const Shadow shadow;
  for (int64_t i = 0; i < count; ++i)
    if (Range range = around(arena, arenaBytes, buffers[i], bytes[i]); range.begin)
      shadow.fill(range.begin, range.end, kPoisonedByUser);
  for (int64_t i = 0; i < count; ++i) {
    if (!around(arena, arenaBytes, buffers[i], bytes[i]).begin)
      continue;
    // A slice may begin within 8 bytes: those before it are not guarded.
    char *end = buffers[i] + bytes[i];
    shadow.fill(buffers[i], end, kFree);
    if (uint8_t rest = reinterpret_cast<uintptr_t>(end) % 8)
      shadow.free(end, rest);
  }
}

void unguardLaunch(char *arena, int64_t arenaBytes, char *const *buffers, const int64_t *bytes, int64_t count) {
  static const Shadow shadow;
  for (int64_t i = 0; i < count; ++i)
    if (Range range = around(arena, arenaBytes, buffers[i], bytes[i]); range.begin)
      shadow.fill(range.begin, range.end + 7, kFree); // the arena ends at a multiple of 8
}

} // namespace

void *sanitizerFunction(llvm::StringRef name) {
  if (name == kGuardLaunch)
    return reinterpret_cast<void *>(guardLaunch);
  return name == kUnguardLaunch ? reinterpret_cast<void *>(unguardLaunch) : nullptr;
}

} // namespace dlc::codegen

#else

namespace dlc::codegen {

bool sanitizesCode() { return false; }
void sanitize(llvm::Module &) {}
void *sanitizerFunction(llvm::StringRef) { return nullptr; }

} // namespace dlc::codegen

#endif
