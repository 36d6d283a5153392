#include "runtime/File.h"

#include "runtime/Format.h"
#include "runtime/Memory.h"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dlc::runtime {

namespace {

std::string reason(int error) {
  if (error == EFBIG)
    return "the file would be larger than the limit set for files";
  std::string text = std::strerror(error);
  if (!text.empty())
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string nameOf(const std::string &path) { return path.substr(path.rfind('/') + 1); }

constexpr std::string_view temporaryMark = ".tmp-";

/// Removes temporary files of `name` in `folder` that no living writer has locked.
void removeLeftovers(const std::string &folder, const std::string &name) {
  std::string prefix = "." + name + std::string(temporaryMark);
  DIR *directory = opendir(folder.c_str());
  if (!directory)
    return;
  while (dirent *entry = readdir(directory)) {
    if (std::strncmp(entry->d_name, prefix.c_str(), prefix.size()) != 0)
      continue;
    int descriptor =
        openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
      continue;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      unlinkat(dirfd(directory), entry->d_name, 0);
    close(descriptor);
  }
  closedir(directory);
}

/// A new locked file in `folder`; -1 with `errno` set when there can be none.
int openTemporary(const std::string &folder, const std::string &name, std::string &path) {
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; attempt < 100; ++attempt) {
    path = fmt::format("{}/.{}{}{}-{}", folder, name, temporaryMark, getpid(), counter++);
    int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0) {
      if (errno == EEXIST)
        continue;
      return -1;
    }
    // Another process that looked for leftovers may have taken it between the two calls.
    struct stat info {};
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && fstat(descriptor, &info) == 0 &&
        info.st_nlink > 0)
      return descriptor;
    close(descriptor);
  }
  errno = EEXIST;
  return -1;
}

} // namespace

Result<InputFile> InputFile::open(const std::string &path) {
  // Not waiting: a pipe without a writer would be waited for.
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return Status::run(fmt::format("cannot open `{}`: {}", path, reason(errno)));
  struct stat info {};
  if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(descriptor);
    return Status::run(fmt::format("cannot open `{}`: it is {}", path,
                                   S_ISDIR(info.st_mode) ? "a directory" : "a device or a pipe"));
  }
  return InputFile(descriptor, path, static_cast<size_t>(info.st_size));
}

InputFile::~InputFile() {
  if (descriptor >= 0)
    close(descriptor);
}

Status InputFile::read(std::span<std::byte> out, size_t offset) const {
  while (!out.empty()) {
    ssize_t got = pread(descriptor, out.data(), std::min<size_t>(out.size(), size_t{1} << 30),
                        static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return Status::run(fmt::format("cannot read `{}`: {}", name, reason(errno)));
    if (got == 0)
      return Status::run(
          fmt::format("`{}` ends at byte {}, {} more were expected", name, offset, out.size()));
    out = out.subspan(static_cast<size_t>(got));
    offset += static_cast<size_t>(got);
  }
  return {};
}

Result<std::string> readWhole(const std::string &path, size_t limit) {
  DLC_ASSIGN(file, InputFile::open(path));
  if (file.size() > limit)
    return Status::run(fmt::format("`{}` has {} bytes, more than {}", path, file.size(), limit));
  if (file.size() > (size_t{256} << 20) && file.size() > availableMemory())
    return Status::run(
        fmt::format("`{}` has {}, more than the free memory", path, formatBytes(file.size())));
  std::string text(file.size(), '\0');
  DLC_TRY(file.read(std::as_writable_bytes(std::span(text)), 0));
  return text;
}

Result<AtomicFile> AtomicFile::create(const std::string &path) {
  AtomicFile file;
  file.path = file.target = path;
  struct stat info {};
  bool exists = stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode))
    return Status::run(fmt::format("cannot write `{}`: it is a directory", path));
  if (exists && !S_ISREG(info.st_mode)) {
    file.descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor < 0)
      return file.failed("open");
    return file;
  }
  char resolved[PATH_MAX];
  if (exists && realpath(path.c_str(), resolved)) // so that a link stays one
    file.target = resolved;
  std::string folder = folderOf(file.target), name = nameOf(file.target);
  if (name.empty())
    return Status::run(fmt::format("cannot write `{}`: it names no file", path));
  removeLeftovers(folder, name);
  file.descriptor = openTemporary(folder, name, file.temporary);
  if (file.descriptor < 0) {
    file.temporary.clear();
    return file.failed("write");
  }
  return file;
}

AtomicFile::AtomicFile(AtomicFile &&other)
    : path(std::move(other.path)), target(std::move(other.target)),
      temporary(std::move(other.temporary)), buffer(std::move(other.buffer)),
      descriptor(std::exchange(other.descriptor, -1)) {}

AtomicFile::~AtomicFile() {
  if (descriptor < 0)
    return;
  if (!temporary.empty())
    unlink(temporary.c_str());
  close(descriptor);
}

Status AtomicFile::failed(const char *what) const {
  int error = errno;
  // Written directly, there is no earlier file that could have stayed.
  const char *rest =
      error == ENOSPC && !temporary.empty() ? "; what was there before is unchanged" : "";
  return Status::run(fmt::format("cannot {} `{}`: {}{}", what, path, reason(error), rest));
}

Status AtomicFile::write(const void *data, size_t bytes) {
  constexpr size_t bufferSize = size_t{1} << 16;
  if (buffer.size() + bytes <= bufferSize) {
    buffer.append(static_cast<const char *>(data), bytes);
    return {};
  }
  DLC_TRY(flush());
  if (bytes <= bufferSize) {
    buffer.append(static_cast<const char *>(data), bytes);
    return {};
  }
  buffer.clear();
  for (auto *from = static_cast<const char *>(data); bytes > 0;) {
    ssize_t put = ::write(descriptor, from, std::min<size_t>(bytes, size_t{1} << 30));
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return failed("write");
    from += put;
    bytes -= static_cast<size_t>(put);
  }
  return {};
}

Status AtomicFile::flush() {
  for (size_t done = 0; done < buffer.size();) {
    ssize_t put = ::write(descriptor, buffer.data() + done, buffer.size() - done);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return failed("write");
    done += static_cast<size_t>(put);
  }
  buffer.clear();
  return {};
}

Status AtomicFile::commit() {
  DLC_TRY(flush());
  if (!temporary.empty()) {
    if (fsync(descriptor) != 0)
      return failed("write");
    if (rename(temporary.c_str(), target.c_str()) != 0)
      return failed("write");
    temporary.clear();
    // The rename itself must survive a crash; where the folder cannot be opened nothing more can be
    // done.
    int folder = ::open(folderOf(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
      fsync(folder);
      close(folder);
    }
  }
  int result = close(std::exchange(descriptor, -1));
  return result == 0 ? Status() : failed("write");
}

Status checkWritable(const std::string &path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
    return Status(); // opening a pipe would be seen at its other end
  DLC_ASSIGN(file, AtomicFile::create(path));
  return Status();
}

Status writeWhole(const std::string &path, std::string_view text) {
  DLC_ASSIGN(file, AtomicFile::create(path));
  DLC_TRY(file.write(text));
  return file.commit();
}

} // namespace dlc::runtime
