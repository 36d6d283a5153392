// Sorting and taking elements by index.
#include "frontend/builtin/Builtins.h"
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend::builtin {
namespace {

struct Sorted {
  Tensor values, permutation;
  int64_t axis;
};

std::optional<Sorted> sorted(CallContext &context, bool descending) {
  std::optional<Tensor> x = numericTensor(context, "x");
  if (!x || x->isError())
    return std::nullopt;
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!axis)
    return std::nullopt;
  auto [values, permutation] = context.emit.sort(*x, *axis, descending);
  return Sorted{values, permutation, *axis};
}

Value sort(CallContext &context) {
  std::optional<bool> descending = context.boolean("descending");
  auto result = descending ? sorted(context, *descending) : std::nullopt;
  return result ? context.result(result->values) : Value::error();
}

Value argsort(CallContext &context) {
  std::optional<bool> descending = context.boolean("descending");
  auto result = descending ? sorted(context, *descending) : std::nullopt;
  return result ? context.result(result->permutation) : Value::error();
}

Value topK(CallContext &context) {
  std::optional<int64_t> k = context.integer("k");
  auto result = k ? sorted(context, true) : std::nullopt;
  if (!result || result->values.isError())
    return Value::error();
  const Dim &size = result->values.shape[result->axis];
  if (*k < 1 || size.constant().value_or(*k) < *k)
    return context.error(diag::builtin_top_k, context.call, *k, size.str());
  Dim count(*k, context.range("k"));
  Tensor values = context.emit.sliceAxis(result->values, result->axis, Dim(0), count);
  Tensor indices = context.emit.sliceAxis(result->permutation, result->axis, Dim(0), count);
  return Value::tuple({context.result(values), context.result(indices)});
}

/// Indices as integers (booleans count as 0 and 1), held against the size of the axis that they name.
std::optional<Tensor> indices(CallContext &context, llvm::StringRef name, const Dim &size) {
  std::optional<Tensor> at = context.tensor(name);
  if (!at || at->isError())
    return std::nullopt;
  if (at->element == ElementType::Bool)
    at = context.emit.cast(*at, ElementType::I64);
  else if (isFloat(at->element))
    at = context.intTensor(name); // reports
  if (!at || at->isError())
    return std::nullopt;
  context.elab.checkBounds(*at, size, context.range(name));
  return at;
}

/// One element of the last axis for each of the others.
Value pick(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  if (!x || x->isError())
    return Value::error();
  if (x->rank() == 0)
    return context.error(diag::builtin_rank, context.range("x"), "pick", "1 or more", x->typeText());
  int64_t last = x->rank() - 1;
  std::optional<Tensor> at = indices(context, "index", x->shape[last]);
  if (!at)
    return Value::error();
  Shape rest(llvm::ArrayRef(x->shape.dims).drop_back());
  if (!(at->shape == rest))
    return context.error(diag::builtin_index_shape, context.call, "pick", x->typeText(),
                         at->shape.str(), rest.str());
  return context.result(context.emit.gather(*x, *at, last, last));
}

/// Along one axis, the elements that the indices name; the other axes run together.
Value takeAlong(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x");
  if (!x || x->isError())
    return Value::error();
  std::optional<int64_t> axis = context.axis("axis", x->rank());
  if (!axis)
    return Value::error();
  std::optional<Tensor> at = indices(context, "index", x->shape[*axis]);
  if (!at)
    return Value::error();
  Shape expected = x->shape;
  if (at->rank() == x->rank())
    expected[*axis] = at->shape[*axis];
  if (!(at->shape == expected))
    return context.error(diag::builtin_index_shape, context.call, "take_along", x->typeText(),
                         at->shape.str(), expected.str());
  int64_t last = x->rank() - 1;
  if (*axis == last)
    return context.result(context.emit.gather(*x, *at, last, last));
  // The axis goes to the end and back; exchanging two axes undoes itself.
  llvm::SmallVector<int64_t> exchange;
  for (int64_t i = 0; i <= last; ++i)
    exchange.push_back(i == *axis ? last : i == last ? *axis : i);
  Tensor found = context.emit.gather(context.emit.transpose(*x, exchange),
                                     context.emit.transpose(*at, exchange), last, last);
  return context.result(context.emit.transpose(found, exchange));
}

/// Slices of the first axis by index, unchecked: an index outside gives 0. For the library.
Value gather(CallContext &context) {
  std::optional<Tensor> x = context.tensor("x"), at = context.intTensor("index");
  if (!x || !at || x->isError() || at->isError())
    return Value::error();
  if (x->rank() == 0)
    return context.error(diag::builtin_rank, context.range("x"), "gather", "1 or more", x->typeText());
  return context.result(context.emit.gather(*x, *at, 0, 0));
}

} // namespace

llvm::ArrayRef<BuiltinEntry> indexingEntries() {
  static const BuiltinEntry entries[] = {
      {"sort(x, axis = -1, descending: bool = false)", &sort},
      {"argsort(x, axis = -1, descending: bool = false)", &argsort},
      {"top_k(x, k: int, axis = -1)", &topK},
      {"pick(x, index)", &pick},
      {"take_along(x, index, axis = -1)", &takeAlong},
      {"gather(x, index)", &gather},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
