// The embedded standard library: its texts, and the index from a name to the file that declares it.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <vector>

namespace dlc::frontend {

/// A file of frontend/std, embedded when the compiler is built.
struct EmbeddedFile {
  /// `std/layers.dl`.
  llvm::StringRef path;
  llvm::StringRef text;
};

/// A name that a file of the library declares at its top level.
struct EmbeddedName {
  llvm::StringRef name;
  /// Index into embeddedFiles().
  unsigned file;
};

llvm::ArrayRef<EmbeddedFile> embeddedFiles();
/// Sorted by name.
llvm::ArrayRef<EmbeddedName> embeddedNames();

/// What programs reach without an import: the embedded files and the functions that the compiler implements itself.
class StdLibrary {
public:
  /// `builtins` are the names implemented in C++. A declaration in a file hides a builtin of its name.
  explicit StdLibrary(llvm::ArrayRef<llvm::StringRef> builtins = {},
                      llvm::ArrayRef<EmbeddedFile> files = embeddedFiles(),
                      llvm::ArrayRef<EmbeddedName> names = embeddedNames());

  bool has(llvm::StringRef name) const { return names_.count(name) != 0; }
  bool isBuiltin(llvm::StringRef name) const;
  /// Index of the file that declares the name, or -1.
  int fileOf(llvm::StringRef name) const;
  llvm::ArrayRef<EmbeddedFile> files() const { return files_; }
  /// Every name, sorted.
  std::vector<llvm::StringRef> names() const;

private:
  llvm::ArrayRef<EmbeddedFile> files_;
  /// -1 for a builtin.
  llvm::StringMap<int> names_;
};

} // namespace dlc::frontend
