// Errors and warnings: collected, sorted by place, shown with the source lines they are about.
//
//   engine.report(diag::unknown_name, use.range, name)
//       .label(scope, "declared here").note(other, "first bound here").help("did you mean `mean`?");
//
// The kinds of diagnostics are the entries of Diagnostics.def (syntax, names), elab/Diagnostics.def and
// builtin/Diagnostics.def; the arguments of a pattern are checked when the call is compiled.
#pragma once

#include "frontend/Source.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/core.h>
#include <string>
#include <string_view>

namespace dlc::frontend {

enum class Severity : uint8_t { Error, Warning };

/// One entry of the tables, for lists and tests.
struct DiagnosticInfo {
  const char *id;
  Severity severity;
  const char *pattern;
};

/// All kinds of diagnostics there are.
llvm::ArrayRef<DiagnosticInfo> allDiagnostics();

namespace diag {
#define DLC_DIAGNOSTIC(ID, SEVERITY, PATTERN)                                                      \
  struct ID##_kind {                                                                               \
    static constexpr DiagnosticInfo info{#ID, Severity::SEVERITY, PATTERN};                        \
    static constexpr const char *pattern = PATTERN;                                                \
  };                                                                                               \
  inline constexpr ID##_kind ID{};
#include "frontend/Diagnostics.def"
} // namespace diag

/// A secondary place: `label`s underline it beside the primary one, `note`s come after, with their own source line.
struct DiagnosticPart {
  SourceRange range;
  std::string text;
};

struct Diagnostic {
  const DiagnosticInfo *info = nullptr;
  SourceRange range;
  std::string message;
  /// What stands under the `^^^` of the primary range; may be empty.
  std::string primaryLabel;
  llvm::SmallVector<DiagnosticPart, 1> labels;
  /// A note without a valid range is shown as text alone.
  llvm::SmallVector<DiagnosticPart, 1> notes;
  llvm::SmallVector<std::string, 1> helps;
  /// How many times the same message came for the same range.
  unsigned count = 1;

  bool isError() const { return info->severity == Severity::Error; }
};

class DiagnosticEngine;

/// `1 argument`, `2 arguments`; `plural` for the words that take no s.
std::string counted(int64_t count, llvm::StringRef noun, llvm::StringRef plural = "");

/// Adds the parts of a diagnostic; it is handed in when the builder dies (the end of the statement).
class DiagnosticBuilder {
public:
  /// Reports nothing.
  DiagnosticBuilder() : engine_(nullptr) {}
  DiagnosticBuilder(DiagnosticEngine &engine, Diagnostic diagnostic)
      : engine_(&engine), diagnostic_(std::move(diagnostic)) {}
  DiagnosticBuilder(DiagnosticBuilder &&other)
      : engine_(other.engine_), diagnostic_(std::move(other.diagnostic_)) {
    other.engine_ = nullptr;
  }
  ~DiagnosticBuilder();

  /// The text under the primary range.
  DiagnosticBuilder &&label(std::string text) && { return std::move(primary(std::move(text))); }
  DiagnosticBuilder &&label(SourceRange range, std::string text) && {
    return std::move(addLabel(range, std::move(text)));
  }
  DiagnosticBuilder &&note(SourceRange range, std::string text) && {
    return std::move(addNote(range, std::move(text)));
  }
  DiagnosticBuilder &&note(std::string text) && { return std::move(addNote({}, std::move(text))); }
  DiagnosticBuilder &&help(std::string text) && { return std::move(addHelp(std::move(text))); }

  // The same for a builder that has a name.
  DiagnosticBuilder &primary(std::string text);
  DiagnosticBuilder &addLabel(SourceRange range, std::string text);
  DiagnosticBuilder &addNote(SourceRange range, std::string text);
  DiagnosticBuilder &addHelp(std::string text);

private:
  DiagnosticEngine *engine_;
  Diagnostic diagnostic_;
};

namespace detail {
template <typename T> decltype(auto) formatArgument(const T &value) {
  if constexpr (std::is_convertible_v<const T &, llvm::StringRef> &&
                !std::is_convertible_v<const T &, std::string_view>) {
    llvm::StringRef text = value;
    return std::string_view(text.data(), text.size());
  } else {
    return static_cast<const T &>(value);
  }
}
template <typename T> using FormatArgument = decltype(formatArgument(std::declval<const T &>()));
} // namespace detail

class DiagnosticEngine {
public:
  explicit DiagnosticEngine(const SourceManager &sources) : sources_(sources) {}

  /// `kind` is one of the names in `diag`; the arguments fill its pattern.
  template <typename Kind, typename... Args>
  DiagnosticBuilder report(const Kind &, SourceRange range, const Args &...args) {
    constexpr fmt::format_string<detail::FormatArgument<Args>...> pattern(Kind::pattern);
    return make(Kind::info, range, fmt::format(pattern, detail::formatArgument(args)...));
  }

  void add(Diagnostic diagnostic);

  unsigned errorCount() const { return errors_; }
  bool hasErrors() const { return errors_ != 0; }
  /// In the order of their places: the user's files in the order of loading, then the library.
  std::vector<const Diagnostic *> sorted() const;

  struct RenderOptions {
    bool colors = false;
    /// More errors than this are only counted (so are warnings beyond it).
    unsigned limit = 20;
  };
  void render(llvm::raw_ostream &out, RenderOptions options) const;
  void render(llvm::raw_ostream &out) const { render(out, RenderOptions()); }

  const SourceManager &sources() const { return sources_; }

private:
  DiagnosticBuilder make(const DiagnosticInfo &info, SourceRange range, std::string message);

  const SourceManager &sources_;
  std::vector<Diagnostic> diagnostics_;
  llvm::StringMap<size_t> seen_;
  unsigned errors_ = 0;
};

} // namespace dlc::frontend
