#include "frontend/StdLibrary.h"

#include <algorithm>

namespace dlc::frontend {

StdLibrary::StdLibrary(llvm::ArrayRef<llvm::StringRef> builtins, llvm::ArrayRef<EmbeddedFile> files,
                       llvm::ArrayRef<EmbeddedName> names)
    : files_(files) {
  for (llvm::StringRef name : builtins)
    names_[name] = -1;
  for (const EmbeddedName &entry : names)
    names_[entry.name] = entry.file;
}

bool StdLibrary::isBuiltin(llvm::StringRef name) const {
  auto found = names_.find(name);
  return found != names_.end() && found->second < 0;
}

int StdLibrary::fileOf(llvm::StringRef name) const {
  auto found = names_.find(name);
  return found == names_.end() ? -1 : found->second;
}

std::vector<llvm::StringRef> StdLibrary::names() const {
  std::vector<llvm::StringRef> result;
  for (const auto &entry : names_)
    result.push_back(entry.first());
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace dlc::frontend
