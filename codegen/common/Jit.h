#ifndef DLC_CODEGEN_JIT_H
#define DLC_CODEGEN_JIT_H

#include "llvm/ADT/StringRef.h"

#include <map>
#include <memory>
#include <string>

namespace dlc::codegen {

/// Machine code in memory, linked into this process; it lives as long as this object.
class LoadedObject {
public:
  /// Loads what `compile` gave: an ELF object, or an archive of several. Null with a message in `error` where that fails.
  /// `functions` are what the code may call beside the functions of libm, by their symbols.
  static std::unique_ptr<LoadedObject> load(llvm::StringRef bytes, std::string &error, std::map<std::string, void *> functions = {});
  virtual ~LoadedObject() = default;

  /// The address of a symbol; null where there is none.
  virtual void *lookup(llvm::StringRef symbol) = 0;
  template <typename Function> Function lookupAs(llvm::StringRef symbol) { return reinterpret_cast<Function>(lookup(symbol)); }
};

} // namespace dlc::codegen

#endif
