#include "codegen/common/Jit.h"

#include "codegen/common/Sanitize.h"

#include "llvm/ExecutionEngine/RuntimeDyld.h"
#include "llvm/ExecutionEngine/SectionMemoryManager.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Memory.h"
#include "llvm/Support/Process.h"

#include <cmath>
#include <dlfcn.h>
#include <map>
#include <sys/mman.h>
#include <system_error>
#include <vector>

namespace dlc::codegen {

namespace {

/// The functions of libm that compiled code may call, whatever this program was linked with.
void *mathFunction(llvm::StringRef name) {
  using Unary = double (*)(double);
  using Binary = double (*)(double, double);
  static const std::map<llvm::StringRef, void *> functions = [] {
    std::map<llvm::StringRef, void *> map;
    auto add = [&](llvm::StringRef name, auto function) { map[name] = reinterpret_cast<void *>(function); };
    add("erf", static_cast<Unary>(std::erf));
    add("tan", static_cast<Unary>(std::tan));
    add("sin", static_cast<Unary>(std::sin));
    add("cos", static_cast<Unary>(std::cos));
    add("pow", static_cast<Binary>(std::pow));
    add("atan2", static_cast<Binary>(std::atan2));
    add("fmod", static_cast<Binary>(std::fmod));
    add("fmodf", static_cast<float (*)(float, float)>(std::fmod));
    add("fma", static_cast<double (*)(double, double, double)>(std::fma));
    add("fmaf", static_cast<float (*)(float, float, float)>(std::fma));
    return map;
  }();
  auto it = functions.find(name);
  return it == functions.end() ? nullptr : it->second;
}

/// Hands out one range of addresses. Objects call each other by distances of 32 bits, which the linker does not check, and blocks that
/// the kernel places one by one may lie further apart: between two libraries, and below all data.
class AddressRange final : public llvm::SectionMemoryManager::MemoryMapper {
public:
  ~AddressRange() override {
    if (base)
      munmap(base, bytes);
  }
  bool reserve(size_t wanted) {
    void *address = mmap(nullptr, wanted, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED)
      return false;
    base = static_cast<char *>(address);
    bytes = wanted;
    return true;
  }

  llvm::sys::MemoryBlock allocateMappedMemory(llvm::SectionMemoryManager::AllocationPurpose, size_t count, const llvm::sys::MemoryBlock *, unsigned flags,
                                              std::error_code &error) override {
    count = llvm::alignTo(count, llvm::sys::Process::getPageSizeEstimate());
    if (count > bytes - used) {
      error = std::make_error_code(std::errc::not_enough_memory);
      return {};
    }
    llvm::sys::MemoryBlock block(base + used, count);
    used += count;
    error = protectMappedMemory(block, flags);
    return error ? llvm::sys::MemoryBlock() : block;
  }
  std::error_code protectMappedMemory(const llvm::sys::MemoryBlock &block, unsigned flags) override {
    return llvm::sys::Memory::protectMappedMemory(block, flags);
  }
  std::error_code releaseMappedMemory(llvm::sys::MemoryBlock &) override { return {}; } // all at once, at the end

private:
  char *base = nullptr;
  size_t bytes = 0, used = 0;
};

/// Holds the sections, one block of memory for each object, and finds what the code calls outside.
class CodeMemory final : public llvm::SectionMemoryManager {
public:
  CodeMemory(AddressRange &range, std::map<std::string, void *> functions)
      : SectionMemoryManager(&range, /*ReserveAlloc=*/true), functions(std::move(functions)) {}

  uint64_t getSymbolAddress(const std::string &name) override {
    auto given = functions.find(name);
    void *address = given != functions.end() ? given->second : mathFunction(name);
    if (!address)
      address = sanitizerFunction(name);
    if (!address)
      address = dlsym(RTLD_DEFAULT, name.c_str()); // memcpy and its like
    return reinterpret_cast<uint64_t>(address);
  }

  // Nothing is ever thrown through compiled code.
  void registerEHFrames(uint8_t *, uint64_t, size_t) override {}
  void deregisterEHFrames() override {}

private:
  std::map<std::string, void *> functions;
};

/// Linked by RuntimeDyld, which needs no code generator: a program from the cache runs without one.
class DynamicObject final : public LoadedObject {
public:
  explicit DynamicObject(std::map<std::string, void *> functions) : memory(range, std::move(functions)) {}

  /// The message of an error; empty when all is well.
  std::string add(llvm::StringRef bytes) {
    // Sections are no larger than the file, and calls to the outside take no more than their relocations there; what is left over is
    // for the ends of pages, and no more than addresses.
    if (!range.reserve(2 * bytes.size() + (size_t{64} << 20)))
      return "no memory for the code";
    if (!bytes.starts_with("!<arch>\n"))
      return addOne(llvm::MemoryBufferRef(bytes, "dlc"));
    auto archive = llvm::object::Archive::create(llvm::MemoryBufferRef(bytes, "dlc"));
    if (!archive)
      return llvm::toString(archive.takeError());
    llvm::Error error = llvm::Error::success();
    std::string message;
    for (auto &member : (*archive)->children(error)) {
      auto buffer = member.getMemoryBufferRef();
      message = buffer ? addOne(*buffer) : llvm::toString(buffer.takeError());
      if (!message.empty())
        break;
    }
    std::string listing = llvm::toString(std::move(error));
    return message.empty() ? listing : message;
  }

  std::string finish() {
    linker.resolveRelocations();
    std::string message;
    if (linker.hasError() || memory.finalizeMemory(&message))
      return message.empty() ? linker.getErrorString().str() : message;
    return "";
  }

  void *lookup(llvm::StringRef symbol) override { return reinterpret_cast<void *>(linker.getSymbol(symbol).getAddress()); }

private:
  std::string addOne(llvm::MemoryBufferRef bytes) {
    // Sections are read at their alignment, and members of an archive lie at even addresses only.
    copies.push_back(llvm::MemoryBuffer::getMemBufferCopy(bytes.getBuffer(), bytes.getBufferIdentifier()));
    auto object = llvm::object::ObjectFile::createELFObjectFile(copies.back()->getMemBufferRef());
    if (!object)
      return llvm::toString(object.takeError());
    linker.loadObject(**object);
    return linker.hasError() ? linker.getErrorString().str() : "";
  }

  std::vector<std::unique_ptr<llvm::MemoryBuffer>> copies;
  AddressRange range;
  CodeMemory memory;
  llvm::RuntimeDyld linker{memory, memory};
};

} // namespace

std::unique_ptr<LoadedObject> LoadedObject::load(llvm::StringRef bytes, std::string &error, std::map<std::string, void *> functions) {
  auto object = std::make_unique<DynamicObject>(std::move(functions));
  error = object->add(bytes);
  if (error.empty())
    error = object->finish();
  if (error.empty())
    return object;
  return nullptr;
}

} // namespace dlc::codegen
