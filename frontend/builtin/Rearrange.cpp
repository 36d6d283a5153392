// `rearrange` (axes by name: "b t (h d) -> b h t d") and `einsum` (sums of products by name: "ij,jk->ik").
#include "frontend/builtin/Builtins.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

namespace dlc::frontend::builtin {
namespace {

// ------------------------------------------------------------------------------------------ rearrange

/// One side of a pattern: for each axis of the tensor, the names that it is made of. `...` is one name, `1` an axis of size 1
/// (no name).
using Side = std::vector<std::vector<std::string>>;

/// Reads one side; the message of what is wrong with it in `error`.
std::optional<Side> parseSide(llvm::StringRef text, std::string &error) {
  Side side;
  bool open = false;
  while (!(text = text.ltrim()).empty()) {
    if (text.consume_front("(")) {
      if (open) {
        error = "`(` within `( )`";
        return std::nullopt;
      }
      open = true;
      side.emplace_back();
    } else if (text.consume_front(")")) {
      if (!open) {
        error = "`)` closes nothing";
        return std::nullopt;
      }
      open = false;
    } else {
      llvm::StringRef name = text.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
      if (name.empty() && text.starts_with("..."))
        name = text.take_front(3);
      if (name.empty() || (llvm::isDigit(name[0]) && name != "1")) {
        error = "`" + text.take_front(1).str() + "` is no name of an axis";
        return std::nullopt;
      }
      text = text.drop_front(name.size());
      if (!open)
        side.emplace_back();
      if (name != "1")
        side.back().push_back(name.str());
    }
  }
  if (open) {
    error = "`(` has no `)`";
    return std::nullopt;
  }
  return side;
}

struct Rearrangement {
  Side from, to;
  llvm::MapVector<std::string, Dim, llvm::StringMap<unsigned>> sizes;
};

/// Puts as many names as the tensor has axes there for `...`.
void expandEllipsis(Side &side, int64_t count) {
  Side expanded;
  for (std::vector<std::string> &axis : side) {
    if (axis.size() == 1 && axis[0] == "...") {
      for (int64_t i = 0; i < count; ++i)
        expanded.push_back({"..." + std::to_string(i)});
      continue;
    }
    std::vector<std::string> names;
    for (std::string &name : axis) {
      if (name != "...") {
        names.push_back(name);
        continue;
      }
      for (int64_t i = 0; i < count; ++i)
        names.push_back("..." + std::to_string(i));
    }
    expanded.push_back(std::move(names));
  }
  side = std::move(expanded);
}

std::vector<std::string> namesOf(const Side &side) {
  std::vector<std::string> names;
  for (const std::vector<std::string> &axis : side)
    names.insert(names.end(), axis.begin(), axis.end());
  return names;
}

/// Both sides must have the same names, each once.
std::string checkNames(const Side &from, const Side &to) {
  std::vector<std::string> left = namesOf(from), right = namesOf(to);
  for (const auto *side : {&left, &right})
    for (size_t i = 0; i < side->size(); ++i)
      for (size_t k = 0; k < i; ++k)
        if ((*side)[i] == (*side)[k])
          return "`" + (*side)[i] + "` stands twice on one side";
  for (const std::string &name : left)
    if (!llvm::is_contained(right, name))
      return "`" + name + "` is on the left only";
  for (const std::string &name : right)
    if (!llvm::is_contained(left, name))
      return "`" + name + "` is on the right only";
  return "";
}

std::optional<Rearrangement> parsePattern(CallContext &context, llvm::StringRef pattern, int64_t rank) {
  auto fail = [&](const std::string &why) {
    context.report(diag::builtin_pattern, context.range("pattern"), why)
        .help("an example: `\"b t (h d) -> b h t d\"`");
    return std::nullopt;
  };
  auto [left, right] = pattern.split("->");
  if (!pattern.contains("->") || right.contains("->"))
    return fail("one `->` stands between the axes as they are and as they shall be");
  std::string error;
  std::optional<Side> from = parseSide(left, error);
  std::optional<Side> to = from ? parseSide(right, error) : std::nullopt;
  if (!to)
    return fail(error);
  error = checkNames(*from, *to);
  if (!error.empty())
    return fail(error);
  bool open = false;
  for (const std::vector<std::string> &axis : *from) {
    if (llvm::is_contained(axis, "...") && axis.size() > 1)
      return fail("`...` stands alone on the left");
    open |= axis.size() == 1 && axis[0] == "...";
  }
  int64_t written = static_cast<int64_t>(from->size()) - (open ? 1 : 0);
  if (open ? rank < written : rank != written) {
    context.report(diag::builtin_pattern_rank, context.range("pattern"), written,
                   context["x"].describe());
    return std::nullopt;
  }
  expandEllipsis(*from, rank - written);
  expandEllipsis(*to, rank - written);
  return Rearrangement{std::move(*from), std::move(*to), {}};
}

/// Sizes given by name, as arguments beyond the signature.
bool readSizes(CallContext &context, Rearrangement &plan) {
  std::vector<std::string> names = namesOf(plan.from);
  for (const CallContext::Argument &argument : context.arguments) {
    if (argument.name == "x" || argument.name == "pattern" || argument.name == "sizes")
      continue;
    if (!llvm::is_contained(names, argument.name)) {
      context.error(diag::builtin_pattern_unused, argument.range, argument.name);
      return false;
    }
    std::optional<Dim> size = context.size(argument.name);
    if (!size)
      return false;
    if (size->constant().value_or(1) < 1) {
      context.error(diag::builtin_negative, argument.range, argument.name, size->str(), 1);
      return false;
    }
    plan.sizes[argument.name] = *size;
  }
  return true;
}

/// The sizes of the names of one axis of x: all but one must be known.
bool solveAxis(CallContext &context, Rearrangement &plan, const std::vector<std::string> &names,
               const Dim &whole) {
  if (names.empty()) {
    if (whole.constant() == 1)
      return true;
    context.error(diag::builtin_pattern_size, context.call, "1", 1, whole.str());
    return false;
  }
  ir::SizeExpr known = 1;
  std::string open;
  for (const std::string &name : names) {
    if (auto it = plan.sizes.find(name); it != plan.sizes.end()) {
      known = known * it->second.value;
    } else if (open.empty()) {
      open = name;
    } else {
      context.report(diag::builtin_pattern, context.range("pattern"),
                     "the sizes of `" + open + "` and `" + name + "` are not known")
          .help("give one: `" + open + ": 8`");
      return false;
    }
  }
  if (open.empty()) {
    if (known == whole.value)
      return true;
    context.error(diag::builtin_pattern_size, context.call, llvm::join(names, " "), known.str(), whole.str());
    return false;
  }
  if (names.size() == 1) {
    plan.sizes[open] = whole;
    return true;
  }
  std::optional<ir::SizeExpr> rest = ir::SizeExpr::exactDiv(whole.value, known);
  if (!rest) {
    context.error(diag::builtin_division, context.call, known.str(), whole.str());
    return false;
  }
  plan.sizes[open] = Dim(*rest, whole.range);
  return true;
}

Value rearrange(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  std::optional<std::string> pattern = context.string("pattern");
  if (!x || !pattern || x->isError())
    return Value::error();
  std::optional<Rearrangement> plan = parsePattern(context, *pattern, x->rank());
  if (!plan || !readSizes(context, *plan))
    return Value::error();
  for (int64_t i = 0; i < x->rank(); ++i)
    if (!solveAxis(context, *plan, plan->from[i], x->shape[i]))
      return Value::error();

  std::vector<std::string> before = namesOf(plan->from), after = namesOf(plan->to);
  Shape split, joined;
  llvm::SmallVector<int64_t> permutation;
  for (const std::string &name : before)
    split.push_back(plan->sizes[name]);
  for (const std::string &name : after)
    permutation.push_back(llvm::find(before, name) - before.begin());
  for (const std::vector<std::string> &axis : plan->to) {
    Dim size(1, context.call);
    for (size_t i = 0; i < axis.size(); ++i)
      size = i == 0 ? plan->sizes[axis[i]] : size * plan->sizes[axis[i]];
    joined.push_back(size);
  }
  Tensor y = context.emit.reshape(*x, split);
  if (!llvm::is_sorted(permutation))
    y = context.emit.transpose(y, permutation);
  return context.result(context.emit.reshape(y, joined));
}

// ------------------------------------------------------------------------------------------ einsum

/// A tensor whose axes have letters.
struct Lettered {
  Tensor x;
  std::string letters;
};

/// Folds away the axes whose letter `keep` does not have.
Lettered reduced(CallContext &context, const Lettered &a, llvm::StringRef keep) {
  llvm::SmallVector<int64_t> axes;
  std::string letters;
  for (size_t i = 0; i < a.letters.size(); ++i)
    if (keep.contains(a.letters[i]))
      letters += a.letters[i];
    else
      axes.push_back(static_cast<int64_t>(i));
  if (axes.empty())
    return a;
  return {context.emit.reduce(ir::ReduceFn::sum, a.x, axes), letters};
}

/// The axes in another order, each letter of `letters` being one of `a`'s or a new axis to broadcast along.
Tensor arranged(CallContext &context, const Lettered &a, llvm::StringRef letters, const Shape &shape) {
  std::string own;
  llvm::SmallVector<int64_t> permutation, axes;
  for (size_t i = 0; i < letters.size(); ++i) {
    size_t at = a.letters.find(letters[i]);
    if (at == std::string::npos)
      continue;
    permutation.push_back(static_cast<int64_t>(at));
    axes.push_back(static_cast<int64_t>(i));
  }
  Tensor y = llvm::is_sorted(permutation) ? a.x : context.emit.transpose(a.x, permutation);
  return axes.size() == letters.size() ? y : context.emit.broadcast(y, shape, axes);
}

/// The product of two tensors; letters in both that `keep` does not have are summed over.
Lettered product(CallContext &context, Lettered a, Lettered b, llvm::StringRef keep) {
  a = reduced(context, a, b.letters + keep.str());
  b = reduced(context, b, a.letters + keep.str());
  std::string letters;
  llvm::SmallVector<int64_t> aBatch, bBatch, aContract, bContract;
  for (size_t i = 0; i < a.letters.size(); ++i) {
    size_t k = b.letters.find(a.letters[i]);
    if (k == std::string::npos)
      continue;
    bool batch = keep.contains(a.letters[i]);
    (batch ? aBatch : aContract).push_back(static_cast<int64_t>(i));
    (batch ? bBatch : bContract).push_back(static_cast<int64_t>(k));
    if (batch)
      letters += a.letters[i];
  }
  for (char c : a.letters)
    if (b.letters.find(c) == std::string::npos)
      letters += c;
  for (char c : b.letters)
    if (a.letters.find(c) == std::string::npos)
      letters += c;
  if (!aContract.empty() && isFloat(a.x.element))
    return {context.emit.dot(a.x, b.x, aBatch, bBatch, aContract, bContract), letters};
  // Without a sum it is a product of elements; integers have no other.
  for (int64_t axis : aContract)
    letters += a.letters[axis];
  Shape shape;
  for (char c : letters) {
    size_t at = a.letters.find(c);
    shape.push_back(at != std::string::npos ? a.x.shape[at] : b.x.shape[b.letters.find(c)]);
  }
  Tensor y = context.emit.binary(ir::BinaryFn::mul, arranged(context, a, letters, shape),
                                 arranged(context, b, letters, shape));
  return reduced(context, {y, letters}, keep);
}

bool readEquation(CallContext &context, llvm::StringRef equation, llvm::SmallVectorImpl<std::string> &inputs,
                  std::string &output) {
  auto fail = [&](const std::string &why) {
    context.report(diag::builtin_pattern, context.range("equation"), why)
        .help("an example: `einsum(\"bij,bjk->bik\", x, y)`");
    return false;
  };
  std::string text;
  for (char c : equation)
    if (!llvm::isSpace(c))
      text += c;
  auto [left, right] = llvm::StringRef(text).split("->");
  if (!llvm::StringRef(text).contains("->") || right.contains("->"))
    return fail("one `->` stands between the operands and the result");
  llvm::SmallVector<llvm::StringRef> parts;
  left.split(parts, ',');
  for (llvm::StringRef part : parts)
    inputs.push_back(part.str());
  output = right.str();
  std::string all = llvm::join(inputs, "");
  for (llvm::StringRef letters : {llvm::StringRef(all), llvm::StringRef(output)})
    for (char c : letters)
      if (!llvm::isAlpha(c))
        return fail(std::string("`") + c + "` is no letter");
  for (size_t i = 0; i <= inputs.size(); ++i) {
    const std::string &letters = i < inputs.size() ? inputs[i] : output;
    for (size_t k = 0; k < letters.size(); ++k)
      if (letters.find(letters[k]) != k)
        return fail(std::string("`") + letters[k] + "` stands twice in `" + letters + "`");
  }
  for (char c : output)
    if (all.find(c) == std::string::npos)
      return fail(std::string("`") + c + "` is in the result and in no operand");
  return true;
}

Value einsum(CallContext &context) {
  std::optional<std::string> equation = context.string("equation");
  Value operands = context["operands"];
  llvm::SmallVector<std::string> inputs;
  std::string output;
  if (!equation || operands.isError() || !readEquation(context, *equation, inputs, output))
    return Value::error();
  llvm::SmallVector<Value> values;
  for (const Value &value : operands.items())
    values.push_back(context.read(value));
  if (values.size() != inputs.size()) {
    context.report(diag::builtin_pattern, context.range("equation"),
                   std::to_string(inputs.size()) + " operands for " + std::to_string(values.size()) +
                       " tensors");
    return Value::error();
  }
  llvm::SmallVector<Tensor> tensors;
  if (!context.emit.unify(values, context.call, "einsum", tensors))
    return Value::error();
  llvm::MapVector<char, Dim> sizes;
  llvm::SmallVector<Lettered> parts;
  for (auto [tensor, letters] : llvm::zip(tensors, inputs)) {
    if (tensor.isError())
      return Value::error();
    if (tensor.element == ElementType::Bool)
      return context.error(diag::builtin_needs_numbers, context.call, "einsum", tensor.typeText());
    if (tensor.rank() != static_cast<int64_t>(letters.size()))
      return context.error(diag::builtin_pattern_rank, context.call, letters.size(),
                           "`" + tensor.typeText() + "`");
    for (size_t i = 0; i < letters.size(); ++i) {
      auto [known, isNew] = sizes.insert({letters[i], tensor.shape[i]});
      if (!isNew && !(known->second == tensor.shape[i]))
        return context.error(diag::builtin_pattern_size, context.call, std::string(1, letters[i]),
                             known->second.str(), tensor.shape[i].str());
    }
    parts.push_back({tensor, letters});
  }
  Lettered result = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) {
    std::string keep = output;
    for (size_t k = i + 1; k < parts.size(); ++k)
      keep += parts[k].letters;
    result = product(context, result, parts[i], keep);
  }
  result = reduced(context, result, output);
  if (result.x.isError())
    return Value::error();
  return context.result(arranged(context, result, output, result.x.shape));
}

} // namespace

llvm::ArrayRef<BuiltinEntry> rearrangeEntries() {
  static const BuiltinEntry entries[] = {
      {"rearrange(x, pattern: str, ...sizes: named)", &rearrange},
      {"einsum(equation: str, ...operands)", &einsum},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
