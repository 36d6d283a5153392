#include "frontend/Diagnostics.h"

#include <algorithm>
#include <tuple>

namespace dlc::frontend {

llvm::ArrayRef<DiagnosticInfo> allDiagnostics() {
  static const DiagnosticInfo table[] = {
#define DLC_DIAGNOSTIC(ID, SEVERITY, PATTERN) diag::ID##_kind::info,
#include "frontend/Diagnostics.def"
  };
  return table;
}

DiagnosticBuilder::~DiagnosticBuilder() {
  if (engine_)
    engine_->add(std::move(diagnostic_));
}

DiagnosticBuilder &DiagnosticBuilder::primary(std::string text) {
  diagnostic_.primaryLabel = std::move(text);
  return *this;
}

DiagnosticBuilder &DiagnosticBuilder::addLabel(SourceRange range, std::string text) {
  if (range.isValid())
    diagnostic_.labels.push_back({range, std::move(text)});
  return *this;
}

DiagnosticBuilder &DiagnosticBuilder::addNote(SourceRange range, std::string text) {
  diagnostic_.notes.push_back({range, std::move(text)});
  return *this;
}

DiagnosticBuilder &DiagnosticBuilder::addHelp(std::string text) {
  diagnostic_.helps.push_back(std::move(text));
  return *this;
}

DiagnosticBuilder DiagnosticEngine::make(const DiagnosticInfo &info, SourceRange range,
                                         std::string message) {
  Diagnostic diagnostic;
  diagnostic.info = &info;
  diagnostic.range = range;
  diagnostic.message = std::move(message);
  return DiagnosticBuilder(*this, std::move(diagnostic));
}

void DiagnosticEngine::add(Diagnostic diagnostic) {
  std::string key = fmt::format("{}:{}:{}:{}", diagnostic.range.file, diagnostic.range.begin,
                                diagnostic.range.end, diagnostic.message);
  auto [entry, isNew] = seen_.try_emplace(key, diagnostics_.size());
  if (!isNew) {
    ++diagnostics_[entry->second].count;
    return;
  }
  if (diagnostic.isError())
    ++errors_;
  diagnostics_.push_back(std::move(diagnostic));
}

std::vector<const Diagnostic *> DiagnosticEngine::sorted() const {
  std::vector<const Diagnostic *> result;
  result.reserve(diagnostics_.size());
  for (const Diagnostic &diagnostic : diagnostics_)
    result.push_back(&diagnostic);
  auto key = [&](const Diagnostic *d) {
    bool library = d->range.isValid() && sources_.file(d->range.file).isLibrary();
    return std::make_tuple(library, d->range.file, d->range.begin, d->range.end);
  };
  std::stable_sort(result.begin(), result.end(),
                   [&](const Diagnostic *a, const Diagnostic *b) { return key(a) < key(b); });
  return result;
}

std::string counted(int64_t count, llvm::StringRef noun, llvm::StringRef plural) {
  if (count == 1)
    return "1 " + noun.str();
  return std::to_string(count) + " " + (plural.empty() ? noun.str() + "s" : plural.str());
}

} // namespace dlc::frontend
