#include "frontend/Source.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace dlc::frontend {

SourceRange join(SourceRange a, SourceRange b) {
  if (!a.isValid())
    return b;
  if (!b.isValid() || b.file != a.file)
    return a;
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

SourceFile::SourceFile(FileId id, std::string path, std::string text, bool library)
    : id_(id), path_(std::move(path)), text_(std::move(text)), library_(library) {
  lines_.push_back(0);
  for (size_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n')
      lines_.push_back(i + 1);
}

llvm::StringRef SourceFile::stem() const { return llvm::sys::path::stem(path_); }

llvm::StringRef SourceFile::line(unsigned number) const {
  uint32_t begin = lines_[number - 1];
  uint32_t end = number < lines_.size() ? lines_[number] : text_.size();
  llvm::StringRef line = llvm::StringRef(text_).slice(begin, end);
  return line.rtrim("\r\n");
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  offset = std::min<uint32_t>(offset, text_.size());
  auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
  unsigned line = next - lines_.begin();
  unsigned column = 1;
  uint32_t begin = lines_[line - 1];
  if (line == 1 && llvm::StringRef(text_).starts_with("\xEF\xBB\xBF"))
    begin = std::min<uint32_t>(3, offset);
  for (uint32_t i = begin; i < offset; ++i)
    column += (text_[i] & 0xC0) != 0x80;
  return {line, column};
}

SourceLoader::~SourceLoader() = default;

std::optional<std::string> DiskLoader::read(llvm::StringRef path, std::string &error) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) {
    error = buffer.getError().message();
    return std::nullopt;
  }
  return (*buffer)->getBuffer().str();
}

std::vector<std::string> DiskLoader::list(llvm::StringRef folder) {
  std::vector<std::string> names;
  std::error_code error;
  llvm::sys::fs::directory_iterator it(folder.empty() ? "." : folder, error), end;
  for (; !error && it != end && names.size() < 1000; it.increment(error))
    names.push_back(llvm::sys::path::filename(it->path()).str());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> MemoryLoader::read(llvm::StringRef path, std::string &error) {
  auto found = files_.find(path);
  if (found != files_.end())
    return found->second;
  error = "No such file or directory";
  return std::nullopt;
}

std::vector<std::string> MemoryLoader::list(llvm::StringRef folder) {
  std::vector<std::string> names;
  for (const auto &entry : files_)
    if (llvm::sys::path::parent_path(entry.first()) == folder)
      names.push_back(llvm::sys::path::filename(entry.first()).str());
  std::sort(names.begin(), names.end());
  return names;
}

const SourceFile *SourceManager::load(llvm::StringRef path, std::string &error) {
  auto known = byPath_.find(path);
  if (known != byPath_.end())
    return files_[known->second - 1].get();
  std::optional<std::string> text = loader_->read(path, error);
  if (!text)
    return nullptr;
  return &add(path, *text);
}

const SourceFile &SourceManager::add(llvm::StringRef path, llvm::StringRef text, bool library) {
  FileId id = files_.size() + 1;
  files_.push_back(std::make_unique<SourceFile>(id, path.str(), text.str(), library));
  byPath_[path] = id;
  return *files_.back();
}

llvm::StringRef SourceManager::text(SourceRange range) const {
  if (!range.isValid())
    return {};
  return file(range.file).text().slice(range.begin, range.end);
}

} // namespace dlc::frontend
