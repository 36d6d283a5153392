// The front door of the text half: from a path to a tree, and the printed `ast` stage.
#pragma once

#include "frontend/Ast.h"
#include "frontend/Diagnostics.h"
#include "frontend/Parser.h"
#include "frontend/Source.h"

namespace dlc::frontend {

/// Reads and parses a file. A tree comes back even after syntax errors (they are in `diagnostics`, the places hold
/// ErrorExpr); null only if the file cannot be read, which is also reported.
std::unique_ptr<ast::File> parseFile(SourceManager &sources, llvm::StringRef path,
                                     DiagnosticEngine &diagnostics);

/// The tree, one node a line, with the range of each as `line:column-line:column`.
void printAst(const ast::File &file, const SourceManager &sources, llvm::raw_ostream &out);

} // namespace dlc::frontend
