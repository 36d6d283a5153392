// What the tests of the text half share: programs held in memory, and what was said about them.
#pragma once

#include "frontend/Resolve.h"
#include "frontend/Syntax.h"

#include "llvm/ADT/Twine.h"

#include "gtest/gtest.h"

#include <map>

namespace dlc::frontend::test {

/// A program, `program.dl`, that is loaded and resolved. Other files lie beside it; library names stand for the whole library.
struct Checked {
  explicit Checked(llvm::StringRef text, std::map<std::string, std::string> others = {});

  SourceManager sources;
  DiagnosticEngine diagnostics{sources};
  StdLibrary library;
  Program program;

  const ResolvedFile &file() const { return program.main(); }
  std::string rendered() const;
  std::string ast() const;
  /// `id line:column` of each diagnostic, in their order.
  std::vector<std::string> ids() const;
};

/// The names that the tests take for the library.
llvm::ArrayRef<llvm::StringRef> libraryNames();

/// A program with one mistake, and what must be said about it; nothing else may be.
struct Case {
  const char *id;
  const char *program;
  /// `line:column`.
  const char *place;
  /// A part of the message.
  const char *message;
  /// A part of a `help:`, or empty.
  const char *help = "";
};

llvm::ArrayRef<Case> errorCases();
llvm::ArrayRef<Case> nameCases();

} // namespace dlc::frontend::test
