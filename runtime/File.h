// Files: read whole, written whole or not at all.
#pragma once

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace dlc::runtime {

/// An open file to read from, closed with its last use. Reading and not mapping: a file that
/// another process cuts short must be an error, not a signal.
class InputFile {
public:
  /// Directories, devices, pipes and missing files are failures that name the path and the reason.
  static Result<InputFile> open(const std::string &path);
  InputFile(InputFile &&other)
      : descriptor(std::exchange(other.descriptor, -1)), name(std::move(other.name)),
        bytes(other.bytes) {}
  ~InputFile();

  const std::string &path() const { return name; }
  size_t size() const { return bytes; }
  /// Fills `out` from `offset` on. A failure when the file ends before.
  Status read(std::span<std::byte> out, size_t offset) const;

private:
  InputFile(int descriptor, std::string name, size_t bytes)
      : descriptor(descriptor), name(std::move(name)), bytes(bytes) {}
  int descriptor;
  std::string name;
  size_t bytes;
};

/// The whole of a file as text. `limit` bytes at most.
Result<std::string> readWhole(const std::string &path, size_t limit = size_t{1} << 36);

/// A file that appears under its name only when it is complete: written beside it under another
/// name, synchronised and renamed by `commit`. Without `commit` nothing changes. Leftovers of
/// killed writers are removed when the next one begins; those of living ones are not. A name that
/// stands for a device or a pipe (`/dev/stdout`) is written directly.
class AtomicFile {
public:
  static Result<AtomicFile> create(const std::string &path);
  AtomicFile(AtomicFile &&other);
  ~AtomicFile();

  /// Buffered; a full disk is a failure here or in `commit`.
  Status write(const void *data, size_t bytes);
  Status write(std::string_view text) { return write(text.data(), text.size()); }
  Status commit();

private:
  AtomicFile() = default;
  Status flush();
  Status failed(const char *what) const;

  std::string path;      // what was asked for
  std::string target;    // the same with links resolved
  std::string temporary; // empty when written directly
  std::string buffer;
  int descriptor = -1;
};

/// Whether `writeWhole` could begin, told by beginning: what is at `path` stays as it is.
Status checkWritable(const std::string &path);

/// Writes `text` to `path` atomically.
Status writeWhole(const std::string &path, std::string_view text);

} // namespace dlc::runtime
