// What was probably meant by a name that does not exist.
#include "frontend/ParserImpl.h"
#include "frontend/ResolverImpl.h"

#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace dlc::frontend {

using namespace ast;

namespace {

/// Names of other frameworks and languages, and what the language has instead.
llvm::StringRef foreignNameHint(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Cases({"True", "TRUE"}, "it is written `true`")
      .Cases({"False", "FALSE"}, "it is written `false`")
      .Cases({"None", "null", "nil", "undefined", "nullptr"}, "it is written `none`")
      .Cases({"Dense", "FullyConnected"}, "a fully connected layer is `Linear(inputs, outputs)`")
      .Cases({"Sequential", "Chain"}, "a list of layers is callable: `[Linear(2, 8), relu, Linear(8, 1)]`")
      .Cases({"Dropout"}, "write `dropout(x, rate)`")
      .Cases({"Flatten"}, "write `flatten`")
      .Cases({"MaxPool2d", "MaxPool2D", "MaxPooling2D"}, "write `|x| max_pool(x, 2)`")
      .Cases({"Conv2D"}, "write `Conv2d(inputs, outputs, kernel: 3)`")
      .Cases({"MSELoss", "mse_loss", "mean_squared_error"}, "write `mse(predicted, target)`")
      .Cases({"CrossEntropyLoss", "crossentropy"}, "write `cross_entropy(logits, label)`")
      .Cases({"BCEWithLogitsLoss", "BCELoss", "binary_cross_entropy"}, "write `bce(logits, label)`")
      .Cases({"randn", "rand_normal"}, "write `normal(shape)`")
      .Cases({"rand", "random"}, "write `uniform(shape)`")
      .Cases({"arange", "range"}, "a loop walks `0..n`, a tensor of 0 to n - 1 is `iota(n)`")
      .Cases({"matmul", "dot", "mm", "bmm"}, "a product of matrices is `a @ b`")
      .Cases({"np", "torch", "tf", "jnp", "nn", "F"}, "the standard library needs no prefix; `std.name` always reaches it")
      .Cases({"unsqueeze", "expand_dims"}, "an axis of size 1 is `x[:, none]`")
      .Cases({"permute", "swapaxes"}, "write `transpose(x)` or `rearrange`")
      .Cases({"detach"}, "write `stop_gradient(x)`")
      .Cases({"this"}, "the instance of a module is `self`")
      .Cases({"string", "String"}, "the type of a text is `str`")
      .Cases({"double", "float64"}, "64-bit floats are `f64`")
      .Cases({"float32", "Tensor", "tensor"}, "a tensor is `f32[n, m]`, a number `f32`")
      .Cases({"int32"}, "32-bit integers are `i32`")
      .Cases({"int64", "long"}, "64-bit integers are `i64`")
      .Cases({"uint8", "byte"}, "bytes are `u8`")
      .Default("");
}

/// How different two names are: 2 for a letter that is missing, too many or another, 1 for two in the wrong order.
/// More than `limit` is not counted out.
unsigned difference(llvm::StringRef a, llvm::StringRef b, unsigned limit) {
  if (2 * (std::max(a.size(), b.size()) - std::min(a.size(), b.size())) > limit)
    return limit + 1;
  std::vector<unsigned> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    last[j] = 2 * j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = 2 * i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 2, row[j - 1] + 2, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 2)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

} // namespace

void Resolver::visibleNames(std::vector<llvm::StringRef> &names) {
  for (Scope *scope = scope_; scope; scope = scope->parent) {
    for (const auto &entry : scope->names)
      names.push_back(entry.first);
    if (scope->module)
      for (const auto &entry : membersOf(scope->module))
        names.push_back(entry.first);
    if (scope->hasImplicits)
      names.insert(names.end(), {"step", "epoch", "steps", "epochs", "batch"});
  }
  for (const auto &entry : file_.items_)
    names.push_back(entry.first());
  for (const auto &entry : file_.imported_)
    names.push_back(entry.first());
  std::vector<llvm::StringRef> library = library_.names();
  names.insert(names.end(), library.begin(), library.end());
  names.insert(names.end(), {"true", "false", "none", "training", "f32", "f64", "i64", "i32", "u8", "bool"});
}

/// The candidate with the fewest differences, if they are few for the length of the name; the first of equals.
std::string Resolver::nearest(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates) { return nearestName(name, candidates); }

std::string nearestName(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates) {
  std::string best;
  // A third of the letters may differ; names of one letter are all alike.
  unsigned limit = name.size() < 2 ? 0 : 2 * std::max<unsigned>(1, std::min<size_t>(name.size(), 60) / 3);
  for (llvm::StringRef candidate : candidates) {
    if (candidate == name || candidate.size() < 2)
      continue;
    if (candidate.equals_insensitive(name))
      return candidate.str();
    // `batch_size` for `batch`.
    llvm::StringRef shorter = candidate.size() < name.size() ? candidate : name, longer = candidate.size() < name.size() ? name : candidate;
    if (best.empty() && shorter.size() >= 4 && 2 * shorter.size() >= longer.size() && longer.starts_with(shorter)) {
      best = candidate.str();
      continue;
    }
    unsigned distance = difference(candidate, name, limit);
    if (distance <= limit && (best.empty() || distance < limit)) {
      limit = distance;
      best = candidate.str();
    }
  }
  return best;
}

std::string Resolver::suggestion(llvm::StringRef name, bool typesOnly) {
  if (unknown_ > maxSuggested)
    return "";
  llvm::StringRef foreign = foreignNameHint(name);
  if (!foreign.empty())
    return foreign.str();
  foreign = foreignWordHint(name);
  if (!foreign.empty())
    return foreign.str();
  std::vector<llvm::StringRef> names;
  if (typesOnly)
    names = {"f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8", "bool", "int", "float", "str"};
  else
    visibleNames(names);
  std::string best = nearest(name, names);
  if (!best.empty())
    return fmt::format("did you mean `{}`?", best);
  // The name exists, but elsewhere.
  for (const Import &import : file_.imports())
    if (import.file && import.file->item(name))
      return fmt::format("`{0}` has it: import it by `import {0}: {1}`",
                         std::string_view(import.node->path.back().text), std::string_view(name));
  for (const Stmt *item : file_.tree().items())
    if (const auto *module = llvm::dyn_cast<ModuleDecl>(item))
      if (hasMember(module, name))
        return fmt::format("`{}` is a member of module `{}`; it is reached through an instance, as in `net.{}`",
                           std::string_view(name), std::string_view(module->name.text), std::string_view(name));
  return "";
}

void Resolver::reportUnknown(llvm::StringRef name, SourceRange range, bool isSize, bool isType) {
  DiagnosticBuilder builder = isType   ? diagnostics_.report(diag::unknown_type, range, name)
                              : isSize ? diagnostics_.report(diag::unknown_size, range, name)
                                       : diagnostics_.report(diag::unknown_name, range, name);
  std::string help = suggestion(name, isType);
  if (!help.empty())
    builder.addHelp(help);
  else if (isSize && isUpperCase(name))
    builder.addHelp("an upper-case size is bound by the type of a parameter or by the annotation of a `let`");
  else if (isSize)
    builder.addHelp("a lower-case size must be in scope; an upper-case one is bound by the argument");
  else if (isType)
    builder.addHelp("types are `f32[n]` and the like, `bool`, `str`, `int`, `float`, tuples, lists and `fn`");
}

void Resolver::reportMissingMember(const Identifier &name, llvm::StringRef of,
                                   llvm::ArrayRef<llvm::StringRef> candidates) {
  if (++unknown_ > maxUnknown)
    return;
  auto builder = diagnostics_.report(diag::unknown_member, name.range, of, name.text);
  std::string best = unknown_ > maxSuggested ? "" : nearest(name.text, candidates);
  if (!best.empty())
    builder.addHelp(fmt::format("did you mean `{}`?", best));
}

} // namespace dlc::frontend
