#include "codegen/cpu/Jit.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/TargetSelect.h"

#include <cmath>

namespace dlc::codegen {

namespace {

class JitObject final : public LoadedObject {
public:
  explicit JitObject(std::unique_ptr<llvm::orc::LLJIT> jit) : jit(std::move(jit)) {}

  void *lookup(llvm::StringRef symbol) override {
    auto address = jit->lookup(symbol);
    if (!address) {
      llvm::consumeError(address.takeError());
      return nullptr;
    }
    return address->toPtr<void *>();
  }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

/// The functions of libm that compiled code may call, whatever this program was linked with.
llvm::orc::SymbolMap mathSymbols(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap map;
  auto add = [&](llvm::StringRef name, auto function) {
    map[jit.mangleAndIntern(name)] = {llvm::orc::ExecutorAddr::fromPtr(function), llvm::JITSymbolFlags::Exported};
  };
  using Unary = double (*)(double);
  using Binary = double (*)(double, double);
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
}

llvm::Error addObjects(llvm::orc::LLJIT &jit, llvm::StringRef bytes) {
  if (!bytes.starts_with("!<arch>\n"))
    return jit.addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(bytes, "dlc"));
  auto archive = llvm::object::Archive::create(llvm::MemoryBufferRef(bytes, "dlc"));
  if (!archive)
    return archive.takeError();
  llvm::Error error = llvm::Error::success();
  for (auto &member : (*archive)->children(error)) {
    auto buffer = member.getMemoryBufferRef();
    if (!buffer)
      return buffer.takeError();
    if (auto failed = jit.addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(buffer->getBuffer(), buffer->getBufferIdentifier())))
      return failed;
  }
  return error;
}

llvm::Expected<std::unique_ptr<LoadedObject>> loadObject(llvm::StringRef bytes) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  auto &main = (*jit)->getMainJITDylib();
  if (auto error = main.define(llvm::orc::absoluteSymbols(mathSymbols(**jit))))
    return error;
  auto process = llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess((*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  main.addGenerator(std::move(*process));
  if (auto error = addObjects(**jit, bytes))
    return error;
  return std::make_unique<JitObject>(std::move(*jit));
}

} // namespace

std::unique_ptr<LoadedObject> LoadedObject::load(llvm::StringRef bytes, std::string &error) {
  auto object = loadObject(bytes);
  if (object)
    return std::move(*object);
  error = llvm::toString(object.takeError());
  return nullptr;
}

} // namespace dlc::codegen
