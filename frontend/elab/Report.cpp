// Where a message is shown, and the locations and names of operations.
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

bool Elaborator::isLibrary(SourceRange range) const {
  return range.isValid() && program.sources().file(range.file).isLibrary();
}

SourceRange Elaborator::userRange(SourceRange range) const {
  if (range.isValid() && !isLibrary(range))
    return range;
  for (const Activation *a = active; a; a = a->caller)
    if (a->site.isValid() && !isLibrary(a->site))
      return a->site;
  return range;
}

DiagnosticBuilder Elaborator::annotate(DiagnosticBuilder builder, SourceRange range) const {
  if (isLibrary(range))
    builder.addNote(range, "in the library");
  SourceRange shown = userRange(range);
  unsigned notes = 0;
  for (const Activation *a = active; a && notes < 6; a = a->caller) {
    if (!a->site.isValid() || isLibrary(a->site) || a->site == shown)
      continue;
    std::string text = "called from here";
    // Which pass of an unrolled loop, which element of a list of functions.
    if (a->caller)
      for (const std::string &pass : a->caller->passes)
        text += ", at " + pass;
    // A call around what is underlined says nothing more.
    if (!notes && a->site.contains(shown) && text == "called from here")
      continue;
    builder.addNote(a->site, text);
    ++notes;
  }
  return builder;
}

Value Elaborator::refuse(SourceRange range, llvm::StringRef what) {
  // A word of the language stands in backticks, a description does not.
  bool phrase = what.starts_with("a ") || what.starts_with("an ") || what.starts_with("arithmetic ") || what.starts_with("text ") || what.starts_with("`");
  return error(diag::not_supported_yet, range, phrase ? what.str() : "`" + what.str() + "`");
}

std::string likely(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> known, llvm::StringRef otherwise) {
  std::string best = nearestName(name, known);
  if (!best.empty())
    return "did you mean `" + best + "`?";
  std::string all;
  for (llvm::StringRef candidate : known)
    all += (all.empty() ? "`" : ", `") + candidate.str() + "`";
  return all.empty() ? all : otherwise.str() + " " + all;
}

Value Elaborator::unknownArgument(SourceRange range, llvm::StringRef callee, llvm::StringRef label, llvm::ArrayRef<llvm::StringRef> known) {
  auto builder = report(diag::unknown_argument, range, callee, label);
  if (std::string hint = likely(label, known, "it takes"); !hint.empty())
    builder.addHelp(hint);
  return Value::error();
}

mlir::Location Elaborator::plainLocation(SourceRange range) const {
  if (!range.isValid())
    return mlir::UnknownLoc::get(context);
  const SourceFile &file = program.sources().file(range.file);
  LineColumn begin = file.lineColumn(range.begin), end = file.lineColumn(range.end);
  return mlir::FileLineColRange::get(mlir::StringAttr::get(context, file.path()), begin.line,
                                     begin.column, end.line, end.column);
}

mlir::Location Elaborator::location(SourceRange range) const {
  // One call site is enough to lead from a library's line to the user's.
  mlir::Location inner = plainLocation(range);
  SourceRange user = userRange(range);
  if (user == range || !user.isValid())
    return inner;
  return mlir::CallSiteLoc::get(inner, plainLocation(user));
}

void Elaborator::nameValue(const Value &value, llvm::StringRef name, bool weak) {
  if (value.is(ValueKind::Record)) {
    for (size_t i = 0; i < value.items().size(); ++i)
      nameValue(value.items()[i], name.str() + "." + (value.labels()[i].empty() ? std::to_string(i) : value.labels()[i]), weak);
    return;
  }
  if (!value.isTensor() || value.isError() || name == "_")
    return;
  mlir::Value made = value.asTensor().value;
  bool unnamed = ir::nameOf(made).empty();
  mlir::Operation *op = made.getDefiningOp();
  if (!op) {
    // The element or index of a loop; an argument of the function has its name.
    if (unnamed)
      ir::setName(made, name);
    return;
  }
  // What a `let` of the program says goes before the name of the layer that made the value.
  if (!unnamed && (weak || !weakNames.contains(op)))
    return;
  ir::setName(made, name);
  if (weak)
    weakNames.insert(op);
  else
    weakNames.erase(op);
}

bool Elaborator::poisoned() const {
  for (const Activation *a = active; a; a = a->caller)
    if (a->poisoned)
      return true;
  return false;
}

bool Elaborator::fuel(SourceRange range) {
  constexpr uint64_t limit = 2'000'000;
  if (exhausted)
    return false;
  if (++evaluations < limit)
    return true;
  exhausted = true;
  report(diag::too_much_work, range, limit)
      .help("a loop over a range or a tensor is not unrolled; one over a list is");
  return false;
}

} // namespace dlc::frontend
