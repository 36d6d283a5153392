// From tokens to the tree, by recursive descent. An error skips to the end of its statement, so one run reports many.
#pragma once

#include "frontend/Ast.h"
#include "frontend/Diagnostics.h"

namespace dlc::frontend {

/// Brackets, blocks and operators may nest this deep; more is an error, not a crash.
inline constexpr unsigned maxNesting = 256;
/// The tree may be this high (a sum of 2,000 terms is).
inline constexpr unsigned maxTreeHeight = 2000;
/// Bytes of a file.
inline constexpr size_t maxFileSize = 64u << 20;

/// Lexes and parses a text. Never null; errors are in `diagnostics` and in File::hasErrors().
std::unique_ptr<ast::File> parse(const SourceFile &source, DiagnosticEngine &diagnostics);

} // namespace dlc::frontend
