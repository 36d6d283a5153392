// Convolutions: images are [B, spatial axes, C], weights [spatial axes, C / groups, F], of spatial rank 1 to 3.
#include "frontend/builtin/Builtins.h"

namespace dlc::frontend::builtin {
namespace {

struct Settings {
  Tensor x, weight;
  int64_t spatial = 0;
  llvm::SmallVector<int64_t> stride, padding, dilation;
  int64_t groups = 1;
};

bool atLeast(CallContext &context, llvm::StringRef name, llvm::ArrayRef<int64_t> numbers, int64_t least) {
  for (int64_t number : numbers)
    if (number < least || number > (int64_t(1) << 31)) {
      context.error(diag::builtin_negative, context.range(name), name, number, least);
      return false;
    }
  return true;
}

std::optional<Settings> readSettings(CallContext &context) {
  std::optional<Tensor> x = context.floatTensor("x"), weight = context.floatTensor("weight");
  if (!x || !weight || x->isError() || weight->isError())
    return std::nullopt;
  Settings s;
  s.x = *x;
  s.weight = *weight;
  if (x->rank() < 3 || x->rank() > 5 || weight->rank() != x->rank()) {
    context.error(diag::builtin_convolution_ranks, context.call, nameOf(context), x->typeText(),
                  weight->typeText());
    return std::nullopt;
  }
  if (x->element != weight->element) {
    context.error(diag::builtin_join_shapes, context.call, nameOf(context), x->typeText(), weight->typeText());
    return std::nullopt;
  }
  s.spatial = x->rank() - 2;
  auto stride = context.integers("stride", s.spatial), padding = context.integers("padding", s.spatial),
       dilation = context.integers("dilation", s.spatial);
  std::optional<int64_t> groups = context.integer("groups");
  if (!stride || !padding || !dilation || !groups || !atLeast(context, "stride", *stride, 1) ||
      !atLeast(context, "padding", *padding, 0) || !atLeast(context, "dilation", *dilation, 1) ||
      !atLeast(context, "groups", *groups, 1))
    return std::nullopt;
  s.stride = *stride;
  s.padding = *padding;
  s.dilation = *dilation;
  s.groups = *groups;
  return s;
}

/// The channels of the image against the weight's; `image` is what the weight reads (axis -2) or makes (axis -1).
bool checkChannels(CallContext &context, const Settings &s, const Dim &channels) {
  const Dim &inner = s.weight.shape[s.spatial], &filters = s.weight.shape[s.spatial + 1];
  if (!(inner * Dim(s.groups) == channels)) {
    auto builder = context.report(diag::builtin_channels, context.call, s.groups, inner.str(),
                                  s.weight.typeText(), channels.str(), s.x.typeText());
    if (channels.range.isValid())
      builder.addNote(channels.range, "the channels of the image come from here");
    if (inner.range.isValid())
      builder.addNote(inner.range, "the channels of the weight come from here");
    return false;
  }
  if (!ir::SizeExpr::exactDiv(filters.value, ir::SizeExpr(s.groups))) {
    context.error(diag::builtin_groups, context.call, s.groups, filters.str(), s.weight.typeText());
    return false;
  }
  return true;
}

Value convolution(CallContext &context) {
  std::optional<Settings> s = readSettings(context);
  if (!s || !checkChannels(context, *s, s->x.shape[s->spatial + 1]))
    return Value::error();
  for (int64_t k = 0; k < s->spatial; ++k) {
    std::optional<int64_t> length = s->x.shape[k + 1].constant(), kernel = s->weight.shape[k].constant();
    if (length && kernel && *kernel > 0 &&
        s->dilation[k] * (*kernel - 1) + 1 > *length + 2 * s->padding[k])
      return context.error(diag::builtin_window, context.call, *kernel, k + 1, s->x.typeText());
  }
  return context.result(context.emit.conv(s->x, s->weight, s->stride, s->padding, s->padding, s->dilation,
                                          s->groups));
}

/// The transpose of a convolution from `outputs` to `inputs` channels: the derivative of that by its image.
/// x: [B, spatial axes, F], weight: [spatial axes, outputs / groups, F].
Value transposedConvolution(CallContext &context) {
  std::optional<Settings> s = readSettings(context);
  if (!s)
    return Value::error();
  const Dim &filters = s->weight.shape[s->spatial + 1], &inputs = s->x.shape[s->spatial + 1];
  if (!(filters == inputs))
    return context.error(diag::builtin_channels, context.call, 1, filters.str(), s->weight.typeText(),
                         inputs.str(), s->x.typeText());
  Shape shape = s->x.shape;
  shape[s->spatial + 1] = s->weight.shape[s->spatial] * Dim(s->groups);
  for (int64_t k = 0; k < s->spatial; ++k) {
    Dim span = Dim(s->dilation[k]) * (s->weight.shape[k] - Dim(1)) + Dim(1);
    shape[k + 1] = (s->x.shape[k + 1] - Dim(1)) * Dim(s->stride[k]) + span - Dim(2 * s->padding[k]);
    if (shape[k + 1].constant().value_or(1) < 1)
      return context.error(diag::builtin_window, context.call, s->weight.shape[k].str(), k + 1,
                           s->x.typeText());
  }
  if (!ir::SizeExpr::exactDiv(filters.value, ir::SizeExpr(s->groups)))
    return context.error(diag::builtin_groups, context.call, s->groups, filters.str(), s->weight.typeText());
  return context.result(context.emit.convInput(s->x, s->weight, s->stride, s->padding, s->dilation, s->groups, shape));
}

} // namespace

llvm::ArrayRef<BuiltinEntry> visionEntries() {
  static const BuiltinEntry entries[] = {
      {"convolution(x, weight, stride = 1, padding = 0, groups: int = 1, dilation = 1)", &convolution},
      {"transposed_convolution(x, weight, stride = 1, padding = 0, groups: int = 1, dilation = 1)",
       &transposedConvolution},
  };
  return entries;
}

} // namespace dlc::frontend::builtin
