// Source texts, places in them, and where they come from.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dlc::frontend {

/// Number of a file in its SourceManager, from 1; 0 means "nowhere".
using FileId = uint32_t;

/// The bytes [begin, end) of a file.
struct SourceRange {
  FileId file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool isValid() const { return file != 0; }
  explicit operator bool() const { return isValid(); }
  /// The empty range at the end, where something is missing.
  SourceRange after() const { return {file, end, end}; }
  bool contains(SourceRange other) const {
    return file == other.file && begin <= other.begin && other.end <= end;
  }
  friend bool operator==(const SourceRange &, const SourceRange &) = default;
};

/// The range from the begin of `a` to the end of `b`, both in one file; the valid one if only one is.
SourceRange join(SourceRange a, SourceRange b);

/// Line and column as an editor shows them, both from 1. A column is a code point; a tab is one.
struct LineColumn {
  unsigned line = 0;
  unsigned column = 0;
  friend bool operator==(const LineColumn &, const LineColumn &) = default;
};

class SourceFile {
public:
  SourceFile(FileId id, std::string path, std::string text, bool library);

  FileId id() const { return id_; }
  /// As it was asked for: what a message shows.
  llvm::StringRef path() const { return path_; }
  llvm::StringRef text() const { return text_; }
  /// True for a file of the embedded standard library.
  bool isLibrary() const { return library_; }
  /// `mnist_cnn` of `examples/mnist_cnn.dl`.
  llvm::StringRef stem() const;
  unsigned lineCount() const { return lines_.size(); }
  /// A line from 1 to lineCount(), without its line end.
  llvm::StringRef line(unsigned number) const;
  uint32_t lineBegin(unsigned number) const { return lines_[number - 1]; }
  LineColumn lineColumn(uint32_t offset) const;

private:
  FileId id_;
  std::string path_;
  std::string text_;
  bool library_;
  std::vector<uint32_t> lines_;
};

/// Where the texts of programs come from.
class SourceLoader {
public:
  virtual ~SourceLoader();
  /// The text, or nothing and the reason in `error`.
  virtual std::optional<std::string> read(llvm::StringRef path, std::string &error) = 0;
  /// Names of the files in a folder ("" is the current one), for suggestions; empty if unknown.
  virtual std::vector<std::string> list(llvm::StringRef folder) = 0;
};

/// Reads files of the disk.
class DiskLoader : public SourceLoader {
public:
  std::optional<std::string> read(llvm::StringRef path, std::string &error) override;
  std::vector<std::string> list(llvm::StringRef folder) override;
};

/// Texts held in memory, by path.
class MemoryLoader : public SourceLoader {
public:
  void add(llvm::StringRef path, llvm::StringRef text) { files_[path] = text.str(); }
  std::optional<std::string> read(llvm::StringRef path, std::string &error) override;
  std::vector<std::string> list(llvm::StringRef folder) override;

private:
  llvm::StringMap<std::string> files_;
};

/// Owns every text; references to a SourceFile stay valid as long as it lives.
class SourceManager {
public:
  SourceManager() : SourceManager(std::make_unique<DiskLoader>()) {}
  explicit SourceManager(std::unique_ptr<SourceLoader> loader) : loader_(std::move(loader)) {}

  /// Reads a file once; the same path gives the same file. Null and the reason in `error` if it cannot be read.
  const SourceFile *load(llvm::StringRef path, std::string &error);
  /// Adds a text that is no file of the loader (the embedded library, a test).
  const SourceFile &add(llvm::StringRef path, llvm::StringRef text, bool library = false);

  const SourceFile &file(FileId id) const { return *files_[id - 1]; }
  size_t fileCount() const { return files_.size(); }
  llvm::StringRef text(SourceRange range) const;
  LineColumn begin(SourceRange range) const { return file(range.file).lineColumn(range.begin); }
  LineColumn end(SourceRange range) const { return file(range.file).lineColumn(range.end); }
  SourceLoader &loader() { return *loader_; }

private:
  std::unique_ptr<SourceLoader> loader_;
  std::vector<std::unique_ptr<SourceFile>> files_;
  llvm::StringMap<FileId> byPath_;
};

} // namespace dlc::frontend
