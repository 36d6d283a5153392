#include "frontend/builtin/Builtins.h"
#include "frontend/elab/Elaborator.h"

#include <limits>

namespace dlc::frontend {

llvm::ArrayRef<BuiltinEntry> libraryBuiltins() {
  static const std::vector<BuiltinEntry> entries = [] {
    std::vector<BuiltinEntry> all;
    for (llvm::ArrayRef<BuiltinEntry> group :
         {builtin::elementwiseEntries(), builtin::reduceEntries(), builtin::shapeEntries(),
          builtin::rearrangeEntries(), builtin::indexingEntries(), builtin::makingEntries(),
          builtin::visionEntries(), builtin::laterEntries()})
      all.insert(all.end(), group.begin(), group.end());
    return all;
  }();
  return entries;
}

namespace builtin {

llvm::StringRef nameOf(const CallContext &context) {
  return llvm::StringRef(context.entry->signature).take_until([](char c) { return c == '('; });
}

std::optional<Tensor> numericTensor(CallContext &context, llvm::StringRef name) {
  std::optional<Tensor> x = context.tensor(name);
  if (x && !x->isError() && x->element == ElementType::Bool) {
    context.error(diag::builtin_needs_numbers, context.range(name), nameOf(context), x->typeText());
    return std::nullopt;
  }
  return x;
}

bool broadcasts(const Shape &from, const Shape &to) {
  if (from.rank() > to.rank())
    return false;
  int64_t lead = to.rank() - from.rank();
  for (int64_t i = 0; i < from.rank(); ++i)
    if (!(from[i] == to[lead + i]) && from[i].constant() != 1)
      return false;
  return true;
}

std::optional<Tensor> maskFor(CallContext &context, const Tensor &x) {
  std::optional<Tensor> mask = context.boolTensor("where");
  if (!mask || mask->isError() || x.isError())
    return mask;
  if (!broadcasts(mask->shape, x.shape)) {
    context.report(diag::builtin_mask_shape, context.range("where"), mask->shape.str(), x.shape.str());
    return std::nullopt;
  }
  return context.emit.broadcastTo(*mask, x.shape);
}

Tensor extreme(CallContext &context, bool greatest, ElementType element) {
  switch (element) {
  case ElementType::I64:
    return context.emit.constantInt(greatest ? std::numeric_limits<int64_t>::max()
                                             : std::numeric_limits<int64_t>::min(),
                                    element);
  case ElementType::I32:
    return context.emit.constantInt(greatest ? std::numeric_limits<int32_t>::max()
                                             : std::numeric_limits<int32_t>::min(),
                                    element);
  case ElementType::I16:
    return context.emit.constantInt(greatest ? 32767 : -32768, element);
  case ElementType::I8:
    return context.emit.constantInt(greatest ? 127 : -128, element);
  case ElementType::U8:
    return context.emit.constantInt(greatest ? 255 : 0, element);
  case ElementType::Bool:
    return context.emit.constantInt(greatest ? 1 : 0, element);
  default: {
    double infinity = std::numeric_limits<double>::infinity();
    return context.emit.constant(greatest ? infinity : -infinity, element);
  }
  }
}

static Tensor neutral(CallContext &context, ir::ReduceFn fn, ElementType element) {
  switch (fn) {
  case ir::ReduceFn::sum:
    return isFloat(element) ? context.emit.constant(0, element) : context.emit.constantInt(0, element);
  case ir::ReduceFn::prod:
    return isFloat(element) ? context.emit.constant(1, element) : context.emit.constantInt(1, element);
  case ir::ReduceFn::max:
  case ir::ReduceFn::or_:
    return extreme(context, false, element);
  case ir::ReduceFn::min:
  case ir::ReduceFn::and_:
    return extreme(context, true, element);
  }
  return {};
}

Tensor masked(CallContext &context, ir::ReduceFn fn, const Tensor &x, const Tensor &mask) {
  if (x.isError() || mask.isError())
    return {};
  return context.emit.select(mask, x, context.emit.broadcastTo(neutral(context, fn, x.element), x.shape));
}

// Named in the library, to come: refused where they are called.
static Value later(CallContext &context) {
  return context.elab.refuse(context.call, nameOf(context));
}

llvm::ArrayRef<BuiltinEntry> laterEntries() {
  static const BuiltinEntry entries[] = {
      {"Attention(...settings: named)", &later}, {"KvCache(...settings: named)", &later},
      {"attention(...settings: named)", &later}, {"ctc(...settings: named)", &later},
      {"solve(...settings: named)", &later},     {"cholesky(...settings: named)", &later},
      {"log_det(...settings: named)", &later},   {"rfft(...settings: named)", &later},
  };
  return entries;
}

} // namespace builtin
} // namespace dlc::frontend
