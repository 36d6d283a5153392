// What `dlc call` and `dlc bench` know of an exported function before it is compiled.
#ifndef DLC_TOOLS_DRIVER_EXPORTS_H
#define DLC_TOOLS_DRIVER_EXPORTS_H

#include "tools/driver/Manifest.h"
#include "tools/driver/Session.h"

#include "runtime/Status.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace dlc::driver {

/// The exported function `name` of the program; a failure names those there are.
runtime::Result<const Function *> findExport(const Manifest &manifest, const std::string &name);

/// How it is called: `classify(image: u8[28, 28], count: int)`.
std::string signatureOf(const Function &function);

/// An entry of `Function::symbols`: a size by its name, and what it is in terms of the symbols of types (`H = 4*H_4`); both are the same where it stands alone.
struct SizeName {
  std::string name, form;
  explicit SizeName(const std::string &entry);
};

/// Fails where the program was read at a stage in which exported functions wait for sizes that nothing binds any more.
runtime::Status checkCallable(const Session &session);

/// `text` as the size `name`: an integer of at least 0.
runtime::Result<int64_t> readSize(const std::string &name, const std::string &text);

/// The declared default value of a tensor parameter, where it has one.
runtime::Result<std::optional<runtime::Tensor>> defaultTensor(mlir::ModuleOp module, const Function &function, const std::string &parameter);

/// Gives integer parameters that no argument named their declared defaults. A failure names one that has none.
runtime::Status bindDefaults(mlir::ModuleOp module, const Function &function, std::map<std::string, int64_t> &sizes);

} // namespace dlc::driver

#endif
