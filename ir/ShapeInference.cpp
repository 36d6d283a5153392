#include "ir/ShapeInference.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using llvm::Twine;

namespace dlc::ir {

//===- Helpers ------------------------------------------------------------===//

static LogicalResult fail(ShapeError error, const Twine &message) {
  error(message);
  return failure();
}

static bool hasAxis(ShapeRef shape, int64_t axis) { return axis >= 0 && axis < int64_t(shape.size()); }

static std::string noAxis(ShapeRef shape, int64_t axis) {
  return ("there is no axis " + Twine(axis) + " in the shape " + str(shape)).str();
}

static std::string lengths(StringRef what, size_t found, size_t required) {
  return ("expected " + Twine(required) + " entries of " + what + ", found " + Twine(found)).str();
}

/// Passes a shape on if it is one.
static FailureOr<Shape> valid(Shape shape, ShapeError error) {
  if (isValidShape(shape))
    return shape;
  return fail(error, "the result's shape " + str(shape) + " has a negative size or exceeds 64 bits");
}

/// Marks axes, each at most once.
static LogicalResult markAxes(StringRef label, ShapeRef shape, Axes axes, llvm::SmallBitVector &named, ShapeError error) {
  for (int64_t axis : axes) {
    if (!hasAxis(shape, axis))
      return fail(error, label + ": " + noAxis(shape, axis));
    if (named.test(axis))
      return fail(error, label + ": axis " + Twine(axis) + " is named twice");
    named.set(axis);
  }
  return success();
}

//===- Reductions, permutations, concatenation ----------------------------===//

FailureOr<Shape> reduceShape(ShapeRef operand, Axes axes, ShapeError error) {
  int64_t last = -1;
  for (int64_t axis : axes) {
    if (!hasAxis(operand, axis))
      return fail(error, "reduce_c1: " + noAxis(operand, axis));
    if (axis <= last)
      return fail(error, "reduce_c1: expected increasing axes, found " + Twine(axis) + " after " + Twine(last));
    last = axis;
  }
  Shape result;
  for (auto [axis, size] : llvm::enumerate(operand))
    if (!llvm::is_contained(axes, int64_t(axis)))
      result.push_back(size);
  return result;
}

FailureOr<Shape> argReduceShape(ShapeRef operand, int64_t axis, ShapeError error) {
  if (!hasAxis(operand, axis))
    return fail(error, "arg_reduce_c1: " + noAxis(operand, axis));
  if (operand[axis].constant() == 0)
    return fail(error, "arg_reduce_c1: axis " + Twine(axis) + " is empty in the shape " + str(operand));
  Shape result(operand);
  result.erase(result.begin() + axis);
  return result;
}

FailureOr<Shape> transposeShape(ShapeRef operand, Axes permutation, ShapeError error) {
  if (permutation.size() != operand.size())
    return fail(error, "transpose_c1: " + lengths("the permutation", permutation.size(), operand.size()));
  llvm::SmallBitVector named(operand.size());
  if (failed(markAxes("transpose_c1", operand, permutation, named, error)))
    return failure();
  Shape result;
  for (int64_t axis : permutation)
    result.push_back(operand[axis]);
  return result;
}

FailureOr<Shape> concatShape(ArrayRef<Shape> operands, int64_t axis, ShapeError error) {
  if (operands.empty())
    return fail(error, "concat_c1: expected one operand or more, found none");
  Shape result = operands.front();
  if (!hasAxis(result, axis))
    return fail(error, "concat_c1: " + noAxis(result, axis));
  for (auto [number, shape] : llvm::enumerate(operands.drop_front())) {
    if (shape.size() != result.size())
      return fail(error, "concat_c1: operand " + Twine(number + 1) + " has the shape " + str(shape) + ", the first one " + str(operands[0]));
    for (auto [i, size] : llvm::enumerate(shape)) {
      if (int64_t(i) == axis)
        result[i] = result[i] + size;
      else if (size != result[i])
        return fail(error, "concat_c1: axis " + Twine(i) + " has the size `" + size.str() + "` in operand " + Twine(number + 1) + " and `" +
                               result[i].str() + "` in the first one");
    }
  }
  return valid(std::move(result), error);
}

//===- Products -----------------------------------------------------------===//

FailureOr<Shape> dotShape(ShapeRef lhs, ShapeRef rhs, const DotAxes &axes, ShapeError error) {
  llvm::SmallBitVector inLhs(lhs.size()), inRhs(rhs.size());
  if (failed(markAxes("dot_c3", lhs, axes.lhsBatch, inLhs, error)) || failed(markAxes("dot_c3", lhs, axes.lhsContract, inLhs, error)) ||
      failed(markAxes("dot_c3", rhs, axes.rhsBatch, inRhs, error)) || failed(markAxes("dot_c3", rhs, axes.rhsContract, inRhs, error)))
    return failure();
  auto pair = [&](StringRef what, Axes left, Axes right) -> LogicalResult {
    if (left.size() != right.size())
      return fail(error, "dot_c2: " + Twine(left.size()) + " " + what + " axes on the left, " + Twine(right.size()) + " on the right");
    for (auto [l, r] : llvm::zip(left, right))
      if (lhs[l] != rhs[r])
        return fail(error, "dot_c2: " + what + " axis " + Twine(l) + " of the left operand has the size `" + lhs[l].str() + "`, axis " + Twine(r) +
                               " of the right one `" + rhs[r].str() + "`");
    return success();
  };
  if (failed(pair("batch", axes.lhsBatch, axes.rhsBatch)) || failed(pair("contracted", axes.lhsContract, axes.rhsContract)))
    return failure();
  Shape result;
  for (int64_t axis : axes.lhsBatch)
    result.push_back(lhs[axis]);
  for (auto [axis, size] : llvm::enumerate(lhs))
    if (!inLhs.test(axis))
      result.push_back(size);
  for (auto [axis, size] : llvm::enumerate(rhs))
    if (!inRhs.test(axis))
      result.push_back(size);
  return valid(std::move(result), error);
}

//===- Windows and convolutions -------------------------------------------===//

FailureOr<SizeExpr> windowCount(const SizeExpr &length, const SizeExpr &size, int64_t stride, int64_t dilation, ShapeError error) {
  if (stride < 1 || dilation < 1)
    return fail(error, "expected a positive stride and dilation, found " + Twine(stride) + " and " + Twine(dilation));
  SizeExpr extent = SizeExpr(dilation) * (size - 1) + 1;
  SizeExpr count = SizeExpr::floordiv(length - extent, stride) + 1;
  if (count.hasOverflow())
    return fail(error, "the number of windows exceeds 64 bits");
  if (std::optional<int64_t> number = count.constant(); number && *number < 1)
    return fail(error, "a window of extent `" + extent.str() + "` does not fit into the size `" + length.str() + "`");
  return count;
}

FailureOr<Shape> windowShape(ShapeRef operand, Axes axes, Axes size, Axes stride, Axes dilation, ShapeError error) {
  for (auto [what, list] : {std::pair{"size", size}, {"stride", stride}, {"dilation", dilation}}) {
    if (list.size() != axes.size())
      return fail(error, "window_c1: " + lengths(what, list.size(), axes.size()));
    for (int64_t entry : list)
      if (entry < 1)
        return fail(error, Twine("window_c1: expected a positive ") + what + ", found " + Twine(entry));
  }
  llvm::SmallBitVector named(operand.size());
  if (failed(markAxes("window_c1", operand, axes, named, error)))
    return failure();
  Shape result(operand);
  for (auto [k, axis] : llvm::enumerate(axes)) {
    FailureOr<SizeExpr> count =
        windowCount(operand[axis], size[k], stride[k], dilation[k], [&](const Twine &message) { error("window_c2: " + message); });
    if (failed(count))
      return failure();
    result[axis] = *count;
  }
  for (int64_t entry : size)
    result.push_back(entry);
  return valid(std::move(result), error);
}

static LogicalResult checkGeometry(ShapeRef x, ShapeRef w, const ConvGeometry &geometry, ShapeError error) {
  if (x.size() < 3 || x.size() > 5 || w.size() != x.size())
    return fail(error, "conv_c1: expected image and weight of one rank from 3 to 5, found the shapes " + str(x) + " and " + str(w));
  size_t spatial = x.size() - 2;
  for (auto [what, list, least] : {std::tuple{"stride", geometry.stride, int64_t(1)}, {"dilation", geometry.dilation, int64_t(1)},
                                   {"low", geometry.low, INT64_MIN}, {"high", geometry.high, INT64_MIN}}) {
    if (list.size() != spatial)
      return fail(error, "conv_c1: " + lengths(what, list.size(), spatial));
    for (int64_t entry : list)
      if (entry < least)
        return fail(error, Twine("conv_c1: expected a positive ") + what + ", found " + Twine(entry));
  }
  if (geometry.groups < 1)
    return fail(error, "conv_c2: expected one group or more, found " + Twine(geometry.groups));
  const SizeExpr &channels = x.back(), &filters = w.back();
  if (w[spatial] * geometry.groups != channels)
    return fail(error, "conv_c2: " + Twine(geometry.groups) + " groups of `" + w[spatial].str() + "` channels of the weight do not make the image's `" +
                           channels.str() + "`");
  if (!SizeExpr::exactDiv(filters, geometry.groups))
    return fail(error, "conv_c2: " + Twine(geometry.groups) + " groups do not divide the `" + filters.str() + "` filters");
  return success();
}

FailureOr<Shape> convShape(ShapeRef x, ShapeRef w, const ConvGeometry &geometry, ShapeError error) {
  if (failed(checkGeometry(x, w, geometry, error)))
    return failure();
  Shape result{x.front()};
  for (size_t i = 0; i + 2 < x.size(); ++i) {
    SizeExpr padded = x[i + 1] + geometry.low[i] + geometry.high[i];
    FailureOr<SizeExpr> count = windowCount(padded, w[i], geometry.stride[i], geometry.dilation[i],
                                            [&](const Twine &message) { error("conv_c3: " + message); });
    if (failed(count))
      return failure();
    result.push_back(*count);
  }
  result.push_back(w.back());
  return valid(std::move(result), error);
}

LogicalResult checkConv(ShapeRef x, ShapeRef w, ShapeRef y, const ConvGeometry &geometry, ShapeError error) {
  FailureOr<Shape> required = convShape(x, w, geometry, error);
  if (failed(required))
    return failure();
  if (ShapeRef(*required) != y)
    return fail(error, "conv_c3: expected the shape " + str(*required) + " of y, found " + str(y));
  return success();
}

//===- Indexing -----------------------------------------------------------===//

FailureOr<Shape> gatherShape(ShapeRef operand, ShapeRef indices, int64_t axis, int64_t batch, ShapeError error) {
  if (batch < 0 || batch > axis || !hasAxis(operand, axis) || batch > int64_t(indices.size()))
    return fail(error, "gather_c1: axis " + Twine(axis) + " and " + Twine(batch) + " batch axes do not suit the shapes " + str(operand) + " and " +
                           str(indices));
  for (int64_t i = 0; i < batch; ++i)
    if (operand[i] != indices[i])
      return fail(error, "gather_c1: batch axis " + Twine(i) + " has the size `" + operand[i].str() + "` in the operand and `" + indices[i].str() +
                             "` in the indices");
  Shape result(operand.take_front(axis));
  result.append(indices.begin() + batch, indices.end());
  result.append(operand.begin() + axis + 1, operand.end());
  return valid(std::move(result), error);
}

//===- Results that are free within limits --------------------------------===//

LogicalResult checkBroadcast(ShapeRef operand, Axes axes, ShapeRef result, ShapeError error) {
  if (axes.size() != operand.size())
    return fail(error, "broadcast_c1: " + lengths("the axes", axes.size(), operand.size()));
  int64_t last = -1;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (!hasAxis(result, axis))
      return fail(error, "broadcast_c1: " + noAxis(result, axis));
    if (axis <= last)
      return fail(error, "broadcast_c1: expected increasing axes, found " + Twine(axis) + " after " + Twine(last));
    last = axis;
    if (operand[i] != result[axis] && operand[i] != SizeExpr(1))
      return fail(error, "broadcast_c2: axis " + Twine(i) + " of size `" + operand[i].str() + "` becomes axis " + Twine(axis) + " of size `" +
                             result[axis].str() + "`");
  }
  return success();
}

LogicalResult checkReshape(ShapeRef operand, ShapeRef result, ShapeError error) {
  SizeExpr before = elementCount(operand), after = elementCount(result);
  if (before.hasOverflow() || before != after)
    return fail(error, "reshape_c1: " + str(operand) + " has `" + before.str() + "` elements, " + str(result) + " has `" + after.str() + "`");
  return success();
}

LogicalResult checkSlice(ShapeRef operand, Axes start, Axes stride, ShapeRef result, ShapeError error) {
  for (auto [what, list, least] : {std::tuple{"start", start, int64_t(0)}, {"stride", stride, int64_t(1)}}) {
    if (list.size() != operand.size())
      return fail(error, "slice_c1: " + lengths(what, list.size(), operand.size()));
    for (int64_t entry : list)
      if (entry < least)
        return fail(error, Twine("slice_c1: expected a ") + what + " of at least " + Twine(least) + ", found " + Twine(entry));
  }
  if (result.size() != operand.size())
    return fail(error, "slice_c1: the result's shape " + str(result) + " has another rank than " + str(operand));
  for (size_t i = 0; i < operand.size(); ++i) {
    SizeExpr last = SizeExpr(start[i]) + SizeExpr(stride[i]) * (result[i] - 1);
    if (last.hasOverflow())
      return fail(error, "slice_c2: the last element taken of axis " + Twine(i) + " exceeds 64 bits");
    // Where both grow alike, the difference is a number, too.
    std::optional<int64_t> beyond = (last + 1 - operand[i]).constant();
    if (beyond && *beyond > 0 && result[i].constant() != 0)
      return fail(error, "slice_c2: element " + last.str() + " is outside of axis " + Twine(i) + " of size `" + operand[i].str() + "`");
  }
  return success();
}

LogicalResult checkPad(ShapeRef operand, Axes low, Axes interior, ShapeRef result, ShapeError error) {
  for (auto [what, list] : {std::pair{"low", low}, {"interior", interior}}) {
    if (list.size() != operand.size())
      return fail(error, "pad_c1: " + lengths(what, list.size(), operand.size()));
    for (int64_t entry : list)
      if (entry < 0)
        return fail(error, Twine("pad_c1: expected a ") + what + " of at least 0, found " + Twine(entry));
  }
  if (result.size() != operand.size())
    return fail(error, "pad_c3: the result's shape " + str(result) + " has another rank than " + str(operand));
  for (size_t i = 0; i < operand.size(); ++i) {
    // Nothing stands between the elements of an empty axis.
    SizeExpr inside = operand[i].constant() == 0 ? SizeExpr(0) : operand[i] + SizeExpr(interior[i]) * (operand[i] - 1);
    SizeExpr needed = inside + low[i];
    std::optional<int64_t> missing = (needed - result[i]).constant();
    if (needed.hasOverflow() || (missing && *missing > 0))
      return fail(error, "pad_c3: axis " + Twine(i) + " needs a size of at least `" + needed.str() + "`, found `" + result[i].str() + "`");
  }
  return success();
}

LogicalResult checkDynamicPart(StringRef name, ShapeRef whole, ShapeRef part, int64_t starts, ShapeError error) {
  if (starts != int64_t(whole.size()))
    return fail(error, name + "_c1: " + lengths("the start", starts, whole.size()));
  if (part.size() != whole.size())
    return fail(error, name + "_c2: the part's shape " + str(part) + " has another rank than " + str(whole));
  for (size_t i = 0; i < whole.size(); ++i) {
    std::optional<int64_t> beyond = (part[i] - whole[i]).constant();
    if (beyond && *beyond > 0)
      return fail(error, name + "_c2: axis " + Twine(i) + " of the part has the size `" + part[i].str() + "`, the whole only `" + whole[i].str() + "`");
  }
  return success();
}

} // namespace dlc::ir
