#include "tools/driver/MlirDiagnostics.h"

#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

namespace dlc::driver {
namespace {

/// The lines that a location names, the outermost call first: the user's own.
void collect(mlir::Location location, llvm::SmallVectorImpl<mlir::FileLineColRange> &lines) {
  if (auto line = mlir::dyn_cast<mlir::FileLineColRange>(location)) {
    lines.push_back(line);
  } else if (auto call = mlir::dyn_cast<mlir::CallSiteLoc>(location)) {
    collect(call.getCaller(), lines);
    collect(call.getCallee(), lines);
  } else if (auto name = mlir::dyn_cast<mlir::NameLoc>(location)) {
    collect(name.getChildLoc(), lines);
  } else if (auto fused = mlir::dyn_cast<mlir::FusedLoc>(location)) {
    if (!fused.getLocations().empty())
      collect(fused.getLocations().front(), lines);
  }
}

llvm::StringRef word(mlir::DiagnosticSeverity severity) {
  switch (severity) {
  case mlir::DiagnosticSeverity::Error: return "error";
  case mlir::DiagnosticSeverity::Warning: return "warning";
  case mlir::DiagnosticSeverity::Remark: return "remark";
  case mlir::DiagnosticSeverity::Note: return "note";
  }
  return "note";
}

void print(llvm::raw_ostream &out, mlir::Location location, llvm::StringRef what, const std::string &message) {
  llvm::SmallVector<mlir::FileLineColRange> lines;
  collect(location, lines);
  auto place = [&](mlir::FileLineColRange line) {
    out << line.getFilename().getValue() << ':' << line.getStartLine() << ':' << line.getStartColumn() << ": ";
  };
  if (!lines.empty())
    place(lines.front());
  out << what << ": " << message << '\n';
  for (mlir::FileLineColRange line : llvm::ArrayRef(lines).drop_front(lines.empty() ? 0 : 1)) {
    place(line);
    out << "note: in this code\n";
  }
}

} // namespace

MlirDiagnostics::MlirDiagnostics(mlir::MLIRContext *context, bool remarks)
    : handler(context, [this](mlir::Diagnostic &diagnostic) { return handle(diagnostic); }), remarks(remarks) {}

mlir::LogicalResult MlirDiagnostics::handle(mlir::Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Remark && !remarks)
    return mlir::success();
  errorCount += diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
  std::string text;
  llvm::raw_string_ostream out(text);
  print(out, diagnostic.getLocation(), word(diagnostic.getSeverity()), diagnostic.str());
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    print(out, note.getLocation(), "note", note.str());
  // A function that stands in the graph several times, as a step and its smaller last batch, gives every remark as often.
  if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Remark || told.insert(text).second)
    llvm::errs() << text;
  return mlir::success();
}

LastRemarks::LastRemarks(mlir::MLIRContext *context) : context(context) {
  handler.emplace(context, [this](mlir::Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Remark)
      return mlir::failure(); // for those who were there before
    kept.push_back(std::move(diagnostic));
    return mlir::success();
  });
}

LastRemarks::~LastRemarks() {
  handler.reset();
  for (mlir::Diagnostic &diagnostic : kept)
    context->getDiagEngine().emit(std::move(diagnostic));
}

} // namespace dlc::driver
