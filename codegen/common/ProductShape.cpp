#include "codegen/common/ProductShape.h"

#include "mlir/IR/Builders.h"

#include <numeric>

using namespace mlir;

namespace dlc::codegen {
namespace {

ArrayRef<int64_t> sizesOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

SmallVector<int64_t> stridesOf(ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> strides(sizes.size(), 1);
  for (size_t i = sizes.size(); i-- > 1;)
    strides[i - 1] = strides[i] * sizes[i];
  return strides;
}

/// At most three loops in place of a list: sizes of 1 vanish, neighbours that are one loop in both tensors merge.
std::optional<std::array<Walk, 3>> merged(ArrayRef<Walk> walks) {
  SmallVector<Walk> kept;
  for (const Walk &walk : walks) {
    if (walk.count == 1)
      continue;
    if (!kept.empty() && kept.back().a == walk.a * walk.count && kept.back().b == walk.b * walk.count)
      kept.back() = {kept.back().count * walk.count, walk.a, walk.b};
    else
      kept.push_back(walk);
  }
  if (kept.size() > 3)
    return std::nullopt;
  std::array<Walk, 3> out;
  std::copy(kept.begin(), kept.end(), out.begin() + (3 - kept.size()));
  return out;
}

/// Axes that are in neither list, in order.
SmallVector<int64_t> freeAxes(int64_t rank, ArrayRef<int64_t> batch, ArrayRef<int64_t> contract) {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(batch, axis) && !llvm::is_contained(contract, axis))
      axes.push_back(axis);
  return axes;
}

} // namespace

bool ProductShape::rightIsRegular() const {
  // Strides of loops that run once do not count.
  int64_t expected = sum[2].b * sum[2].count;
  for (int level = 1; level >= 0; --level) {
    if (sum[level].count > 1 && sum[level].b != expected)
      return false;
    expected *= sum[level].count;
  }
  return true;
}

static std::optional<ProductShape> shapeOfDot(ir::DotOp op) {
  ArrayRef<int64_t> a = sizesOf(op.getLhs()), b = sizesOf(op.getRhs());
  SmallVector<int64_t> as = stridesOf(a), bs = stridesOf(b);
  SmallVector<Walk> batches, rows, columns, sum;
  for (auto [l, r] : llvm::zip(op.getLhsBatch(), op.getRhsBatch()))
    batches.push_back({a[l], as[l], bs[r]});
  for (int64_t axis : freeAxes(a.size(), op.getLhsBatch(), op.getLhsContract()))
    rows.push_back({a[axis], as[axis], 0});
  for (int64_t axis : freeAxes(b.size(), op.getRhsBatch(), op.getRhsContract()))
    columns.push_back({b[axis], 0, bs[axis]});
  for (auto [l, r] : llvm::zip(op.getLhsContract(), op.getRhsContract()))
    sum.push_back({a[l], as[l], bs[r]});
  auto g = merged(batches), m = merged(rows), n = merged(columns), k = merged(sum);
  if (!g || !m || !n || !k || (*n)[1].count != 1)
    return std::nullopt;
  ProductShape shape;
  shape.left = op.getLhs(), shape.right = op.getRhs(), shape.result = op.getResult();
  shape.element = cast<RankedTensorType>(op.getType()).getElementType();
  shape.batches = *g, shape.rows = *m, shape.sum = *k;
  shape.columns = (*n)[2].count;
  shape.columnStride = shape.columns == 1 ? 1 : (*n)[2].b;
  shape.rowStride = shape.columns;
  shape.batchStride = shape.rowCount() * shape.columns;
  return shape;
}

/// Pads the image of a convolution, without saying so in its attributes. False, and nothing changed, where it would have to read fewer pixels.
static bool padImage(ir::ConvOp op) {
  OpBuilder builder(op);
  size_t spatial = op.getStride().size();
  bool gradient = op.getKind() == ir::ConvKind::input;
  // Sizes of the weight and of the tensor that is padded: the image, or the gradient of the result.
  ArrayRef<int64_t> weight = sizesOf(op.getKind() == ir::ConvKind::weight ? op.getResult() : op.getRhs());
  ArrayRef<int64_t> padded = sizesOf(op.getLhs());
  SmallVector<int64_t> low(padded.size(), 0), interior(padded.size(), 0), sizes(padded);
  for (size_t i = 0; i < spatial; ++i) {
    int64_t reach = (weight[i] - 1) * op.getDilation()[i];
    if (gradient) {
      // dx[i] = Σ_k y'[i + k·dilation] w[last - k], with y' the gradient spread by the stride behind `reach - low` zeros.
      low[i + 1] = reach - op.getLow()[i];
      interior[i + 1] = op.getStride()[i] - 1;
      sizes[i + 1] = sizesOf(op.getResult())[i + 1] + reach;
    } else {
      low[i + 1] = op.getLow()[i];
      sizes[i + 1] += op.getLow()[i] + op.getHigh()[i];
    }
    int64_t length = padded[i + 1] ? padded[i + 1] + (padded[i + 1] - 1) * interior[i + 1] : 0;
    if (low[i + 1] < 0 || sizes[i + 1] < low[i + 1] + length)
      return false;
  }
  if (sizes == SmallVector<int64_t>(padded))
    return true;
  auto type = cast<RankedTensorType>(op.getLhs().getType());
  Value zero = ir::ConstantOp::create(
      builder, op.getLoc(),
      DenseElementsAttr::get(RankedTensorType::get({}, type.getElementType()), builder.getFloatAttr(type.getElementType(), 0.0)));
  Value image = ir::PadOp::create(builder, op.getLoc(), RankedTensorType::get(sizes, type.getElementType()), op.getLhs(), zero,
                                  builder.getDenseI64ArrayAttr(low), builder.getDenseI64ArrayAttr(interior));
  op.getLhsMutable().assign(image);
  return true;
}

/// The form of a convolution, if its image needed no padding.
static std::optional<ProductShape> shapeOfConv(ir::ConvOp op) {
  ProductShape shape;
  shape.left = op.getLhs(), shape.right = op.getRhs(), shape.result = op.getResult();
  shape.element = cast<RankedTensorType>(op.getType()).getElementType();
  size_t spatial = op.getStride().size();
  ArrayRef<int64_t> image = sizesOf(op.getLhs()), right = sizesOf(op.getRhs()), result = sizesOf(op.getResult());
  SmallVector<int64_t> is = stridesOf(image), rs = stridesOf(right);
  int64_t groups = op.getGroups();
  ArrayRef<int64_t> stride = op.getStride(), dilation = op.getDilation();
  SmallVector<Walk> rows, sum;

  if (op.getKind() == ir::ConvKind::weight) {
    // dw[k, c, f] = Σ_{n, o} x[n, o·stride + k·dilation, c] y[n, o, f]
    ArrayRef<int64_t> y = right;
    for (size_t i = 0; i < spatial; ++i)
      rows.push_back({result[i], is[i + 1] * dilation[i], 0});
    rows.push_back({result[spatial], 1, 0});
    sum.push_back({y[0], is[0], rs[0]});
    for (size_t i = 0; i < spatial; ++i)
      sum.push_back({y[i + 1], is[i + 1] * stride[i], rs[i + 1]});
    shape.columns = y[spatial + 1] / groups;
    shape.batches[2] = {groups, image[spatial + 1] / groups, shape.columns};
    shape.rowStride = y[spatial + 1];
  } else {
    bool gradient = op.getKind() == ir::ConvKind::input;
    // Forward: y[n, o, f] = Σ_{k, c} x[n, o·stride + k·dilation, c] w[k, c, f]. The gradient by the image is the same on the padded
    // gradient of the result, with the weight's taps in reverse order and its channels exchanged.
    rows.push_back({result[0], is[0], 0});
    for (size_t i = 0; i < spatial; ++i)
      rows.push_back({result[i + 1], is[i + 1] * (gradient ? 1 : stride[i]), 0});
    for (size_t i = 0; i < spatial; ++i) {
      sum.push_back({right[i], is[i + 1] * dilation[i], gradient ? -rs[i] : rs[i]});
      if (gradient)
        shape.bOffset += (right[i] - 1) * rs[i];
    }
    int64_t inputs = right[spatial], outputs = right[spatial + 1] / groups;
    shape.columns = gradient ? inputs : outputs;
    shape.columnStride = gradient ? rs[spatial] : 1;
    sum.push_back({gradient ? outputs : inputs, 1, gradient ? 1 : rs[spatial]});
    shape.batches[2] = {groups, gradient ? outputs : inputs, outputs};
    shape.rowStride = result[spatial + 1];
  }
  shape.batchStride = shape.columns;
  shape.batchesAreColumns = true;
  auto m = merged(rows), k = merged(sum);
  if (!m || !k)
    return std::nullopt;
  shape.rows = *m, shape.sum = *k;
  return shape;
}

std::optional<ProductShape> tiledShape(Operation *product, llvm::function_ref<bool(const ProductShape &)> accept) {
  constexpr StringRef kPadded = "dl.padded";
  auto accepted = [&](std::optional<ProductShape> shape) { return shape && accept(*shape) ? shape : std::nullopt; };
  if (auto dot = dyn_cast<ir::DotOp>(product))
    return accepted(shapeOfDot(dot));
  auto op = cast<ir::ConvOp>(product);
  std::optional<ProductShape> inside = accepted(shapeOfConv(op));
  if (!inside || op->hasAttr(kPadded))
    return inside;
  OpBuilder builder(op);
  auto padded = cast<ir::ConvOp>(builder.clone(*op));
  std::optional<ProductShape> shape = padImage(padded) ? accepted(shapeOfConv(padded)) : std::nullopt;
  if (!shape) {
    padded.erase(); // a `dl.pad` that is left has no reader
    return std::nullopt;
  }
  padded->setAttr(kPadded, builder.getUnitAttr());
  op.replaceAllUsesWith(padded.getResult());
  op.erase();
  return shape;
}

/// Whether everything after the product works element by element on it, and all results come from it.
bool hasPlainEpilogue(Value product, ValueRange results) {
  auto shape = cast<RankedTensorType>(product.getType());
  llvm::DenseSet<Value> after = {product};
  for (Operation *op = product.getDefiningOp()->getNextNode(); op; op = op->getNextNode()) {
    if (isa<ir::ReturnOp>(op) || llvm::none_of(op->getOperands(), [&](Value v) { return after.contains(v); }))
      continue;
    if (!isa<ir::UnaryOp, ir::BinaryOp, ir::CompareOp, ir::SelectOp, ir::CastOp, ir::ReshapeOp, ir::VariableOp, ir::StopGradientOp>(op))
      return false;
    after.insert(op->result_begin(), op->result_end());
  }
  return llvm::all_of(results, [&](Value result) {
    return after.contains(result) && cast<RankedTensorType>(result.getType()).getNumElements() == shape.getNumElements();
  });
}

Value throughReshapes(Value value) {
  while (auto reshape = value.getDefiningOp<ir::ReshapeOp>())
    value = reshape.getOperand();
  return value;
}

Index productIndex(LaneMath &lane, const ProductShape &shape, Value batch, Value row, const Lane &column, int64_t lanes) {
  LoopBuilder &loops = lane.loops;
  ArrayRef<int64_t> sizes = sizesOf(shape.result);
  Index index;
  index.lanes = lanes;
  Value start = loops.add(loops.mul(batch, loops.i64(shape.batchStride)), loops.mul(row, loops.i64(shape.rowStride)));
  Lane line = lane.uniform(start, std::gcd(shape.batchStride, shape.rowStride));
  index.linear = lane.add(line, column, lanes);
  // Where the columns are the last axis, the other axes are the same in all lanes.
  if (sizes.empty() || sizes.back() != shape.rowStride)
    return index;
  Value number = shape.batchesAreColumns ? row : loops.add(loops.mul(batch, loops.i64(shape.rowCount())), row);
  index.axes.resize(sizes.size());
  index.axes.back() = shape.batchesAreColumns ? lane.add(lane.uniform(loops.mul(batch, loops.i64(shape.columns)), shape.columns), column, lanes) : column;
  Lane rest = lane.uniform(number);
  for (size_t axis = sizes.size() - 1; axis-- > 0;) {
    if (axis == 0) {
      index.axes[0] = rest;
      break;
    }
    auto [quotient, remainder] = lane.divRem(rest, sizes[axis], lanes);
    index.axes[axis] = remainder;
    rest = quotient;
  }
  return index;
}

} // namespace dlc::codegen
