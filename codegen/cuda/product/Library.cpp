#include "codegen/cuda/product/Library.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// Terms of a product from which on the library is asked: below, the tiles here are as fast, and take what follows the product with them.
constexpr int64_t kLarge = int64_t{1} << 27;

bool isOneLoop(const std::array<Walk, 3> &walks) { return walks[0].count * walks[1].count == 1; }

/// A scalar constant of 0, through broadcasts.
bool isZero(Value value) {
  while (auto broadcast = value.getDefiningOp<ir::BroadcastOp>())
    value = broadcast.getOperand();
  auto constant = value.getDefiningOp<ir::ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
  return dense && dense.isSplat() && isa<FloatType>(dense.getElementType()) && dense.getSplatValue<APFloat>().isZero();
}

/// The operand of a relu, in either of its spellings; null where there is none.
Value reluOperand(Value value) {
  if (auto unary = value.getDefiningOp<ir::UnaryOp>())
    return unary.getFn() == ir::UnaryFn::relu ? unary.getOperand() : Value();
  auto binary = value.getDefiningOp<ir::BinaryOp>();
  if (!binary || binary.getFn() != ir::BinaryFn::max)
    return {};
  return isZero(binary.getRhs()) ? binary.getLhs() : isZero(binary.getLhs()) ? binary.getRhs() : Value();
}

/// A line of memory that is added to every row; null where it is something else.
Value biasOf(const Kernel &kernel, const ProductShape &shape, Value value) {
  auto broadcast = value.getDefiningOp<ir::BroadcastOp>();
  if (!broadcast)
    return {};
  auto from = cast<RankedTensorType>(broadcast.getOperand().getType()), to = cast<RankedTensorType>(value.getType());
  bool isLine = from.getRank() == 1 && from.getDimSize(0) == shape.columns && broadcast.getAxes()[0] == to.getRank() - 1 &&
                to.getDimSize(to.getRank() - 1) == shape.columns;
  Value line = throughReshapes(broadcast.getOperand());
  return isLine && kernel.isPlaced(line) ? line : Value();
}

} // namespace

std::string whyNotLibrary(const Kernel &kernel, const ProductShape &shape) {
  if (!kernel.hasLibrary())
    return kernel.whyNoLibrary().empty() ? "cuBLASLt is not here" : kernel.whyNoLibrary();
  if (!isa<ir::DotOp>(shape.result.getDefiningOp()))
    return "a convolution walks its image";
  if (!kernel.hasAlignedBuffers())
    return "its tensors may begin anywhere";
  if (!shape.element.isF32())
    return "cuBLASLt is asked for f32 alone";
  if (shape.batchCount() * shape.rowCount() * shape.columns * shape.sumCount() < kLarge)
    return llvm::formatv("fewer than 2^{0} multiplications", llvm::Log2_64(kLarge)).str();
  if (!isOneLoop(shape.batches) || !isOneLoop(shape.rows) || !isOneLoop(shape.sum))
    return "axes that lie apart in memory";
  const Walk &row = shape.rows[2], &term = shape.sum[2];
  if ((row.a != 1 && term.a != 1) || (shape.columnStride != 1 && term.b != 1) || shape.aOffset || shape.bOffset || shape.batchesAreColumns)
    return "no axis of a factor lies side by side in memory";
  return {};
}

std::optional<LibraryEpilogue> libraryEpilogue(Kernel &kernel, const ProductShape &shape) {
  if (kernel.results().size() != 1)
    return std::nullopt;
  Value product = throughReshapes(shape.result), value = throughReshapes(kernel.results()[0]);
  LibraryEpilogue epilogue;
  if (Value operand = reluOperand(value)) {
    epilogue.relu = true;
    value = throughReshapes(operand);
  }
  if (value == product)
    return epilogue;
  auto add = value.getDefiningOp<ir::BinaryOp>();
  if (!add || add.getFn() != ir::BinaryFn::add)
    return std::nullopt;
  for (auto [one, other] : {std::pair{add.getLhs(), add.getRhs()}, std::pair{add.getRhs(), add.getLhs()}})
    if (throughReshapes(one) == product && (epilogue.bias = biasOf(kernel, shape, other)))
      return epilogue;
  return std::nullopt;
}

void emitLibraryProduct(Kernel &kernel, const ProductShape &shape, Unit unit, const LibraryEpilogue &epilogue, Value value) {
  auto at = [&](Value tensor) -> LibraryProduct::Place {
    KernelBase::Place place = kernel.placeOf(tensor);
    return {place.slot, place.offset};
  };
  int64_t scratchSlot = kernel.function().getNumArguments() + kernel.function().getNumResults();
  LibraryProduct made;
  made.left = at(throughReshapes(shape.left));
  made.right = at(throughReshapes(shape.right));
  if (epilogue.bias)
    made.bias = at(epilogue.bias);
  for (Value factor : {throughReshapes(shape.left), throughReshapes(shape.right), epilogue.bias})
    if (factor)
      kernel.readsWhole(factor);
  KernelBase::Place result = kernel.placeOutput(value);
  made.result = {result.slot, result.offset};
  for (LibraryProduct::Place *place : {&made.left, &made.right, &made.result})
    if (place->slot < 0)
      place->slot = scratchSlot;
  if (made.bias && made.bias->slot < 0)
    made.bias->slot = scratchSlot;
  dlc_product &p = made.product;
  p.rows = shape.rowCount(), p.columns = shape.columns, p.terms = shape.sumCount(), p.batches = shape.batchCount();
  p.left_row = shape.rows[2].a, p.left_term = shape.sum[2].a, p.left_batch = shape.batches[2].a;
  p.right_term = shape.sum[2].b, p.right_column = shape.columnStride, p.right_batch = shape.batches[2].b;
  p.result_row = shape.rowStride, p.result_batch = shape.batchStride;
  p.precision = unit == Unit::Scalar ? 0 : unit == Unit::Tf32 ? 1 : 2;
  p.epilogue = (epilogue.bias ? DLC_BIAS : 0) | (epilogue.relu ? DLC_RELU : 0);
  kernel.addProduct(made);
}

} // namespace dlc::codegen::cuda
