// Files of a program: loading, imports, and the library on demand.
#include "frontend/Parser.h"
#include "frontend/ResolverImpl.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

namespace dlc::frontend {

using namespace ast;

bool Program::load(llvm::StringRef path) {
  std::string error;
  const SourceFile *source = sources_.load(path, error);
  if (!source) {
    diagnostics_.report(diag::cannot_read_file, SourceRange(), path, error);
    return false;
  }
  return loadMain(*source);
}

bool Program::loadText(llvm::StringRef path, llvm::StringRef text) {
  return loadMain(sources_.add(path, text));
}

bool Program::loadMain(const SourceFile &source) {
  loading_.push_back({source.id(), SourceRange()});
  main_ = resolveSource(source, "");
  loading_.pop_back();
  return true;
}

ResolvedFile *Program::resolveSource(const SourceFile &source, llvm::StringRef prefix) {
  storage_.push_back(std::make_unique<ResolvedFile>(parse(source, diagnostics_)));
  ResolvedFile *file = storage_.back().get();
  file->prefix_ = prefix.str();
  byFile_[source.id()] = file;
  Resolver(*this, *file).run(/*isMain=*/loading_.size() == 1 && !source.isLibrary());
  if (!source.isLibrary())
    order_.push_back(file);
  return file;
}

const ResolvedFile *Program::import(const ImportDecl &from, const SourceFile &importer) {
  if (from.path.empty())
    return nullptr;
  SourceRange range = join(from.path.front().range, from.path.back().range);
  llvm::SmallString<128> path = llvm::sys::path::parent_path(importer.path());
  llvm::SmallString<64> dotted;
  for (const Identifier &part : from.path) {
    llvm::sys::path::append(path, part.text);
    if (!dotted.empty())
      dotted += '.';
    dotted += part.text;
  }
  path += ".dl";

  std::string error;
  const SourceFile *source = sources_.load(path, error);
  if (!source) {
    auto builder = diagnostics_.report(diag::import_not_found, range, path.str());
    std::string nearest;
    unsigned best = from.path.back().text.size() / 3 + 2;
    for (const std::string &name : sources_.loader().list(llvm::sys::path::parent_path(path))) {
      llvm::StringRef stem = name;
      if (!stem.consume_back(".dl"))
        continue;
      unsigned distance = stem.edit_distance(from.path.back().text, true, best);
      if (distance < best) {
        best = distance;
        nearest = stem.str();
      }
    }
    if (!nearest.empty())
      builder.addHelp(fmt::format("did you mean `{}`?", nearest));
    else
      builder.addHelp("an import names a file beside this one, without `.dl`");
    return nullptr;
  }
  for (size_t i = 0; i < loading_.size(); ++i) {
    if (loading_[i].first != source->id())
      continue;
    auto builder = diagnostics_.report(diag::import_cycle, range, source->stem());
    for (size_t j = i + 1; j < loading_.size(); ++j)
      builder.addNote(loading_[j].second, "by way of this import");
    return nullptr;
  }
  if (ResolvedFile *known = byFile_.lookup(source->id()))
    return known;
  loading_.push_back({source->id(), range});
  const ResolvedFile *file = resolveSource(*source, dotted);
  loading_.pop_back();
  return file;
}

LibraryItem Program::libraryItem(llvm::StringRef name) {
  int index = library_.fileOf(name);
  if (index < 0)
    return {nullptr, nullptr, library_.isBuiltin(name)};
  ResolvedFile *&file = libraryFiles_[index];
  if (!file) {
    const EmbeddedFile &embedded = library_.files()[index];
    file = resolveSource(sources_.add(embedded.path, embedded.text, /*library=*/true), "");
  }
  return {file, file->item(name), false};
}

} // namespace dlc::frontend
