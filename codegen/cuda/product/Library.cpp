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

/// What `value` says of a tensor, that it is above 0; null where it says something else.
Value positiveOperand(Value value) {
  auto compare = value.getDefiningOp<ir::CompareOp>();
  bool isPositive = compare && ((compare.getFn() == ir::CompareFn::gt && isZero(compare.getRhs())) || (compare.getFn() == ir::CompareFn::lt && isZero(compare.getLhs())));
  return !isPositive ? Value() : throughReshapes(isZero(compare.getRhs()) ? compare.getLhs() : compare.getRhs());
}

/// A line of the kernel's arguments that is added to every row; null where it is something else.
Value biasOf(const ProductShape &shape, Value value) {
  auto broadcast = value.getDefiningOp<ir::BroadcastOp>();
  if (!broadcast)
    return {};
  auto from = cast<RankedTensorType>(broadcast.getOperand().getType()), to = cast<RankedTensorType>(value.getType());
  bool isLine = from.getRank() == 1 && from.getDimSize(0) == shape.columns && broadcast.getAxes()[0] == to.getRank() - 1 &&
                to.getDimSize(to.getRank() - 1) == shape.columns;
  Value line = throughReshapes(broadcast.getOperand());
  return isLine && isa<BlockArgument>(line) ? line : Value();
}

/// The bias between the product and `value`; null where `value` is not their sum.
Value biasBefore(const ProductShape &shape, Value value) {
  auto add = value.getDefiningOp<ir::BinaryOp>();
  if (!add || add.getFn() != ir::BinaryFn::add)
    return {};
  for (auto [one, other] : {std::pair{add.getLhs(), add.getRhs()}, std::pair{add.getRhs(), add.getLhs()}})
    if (throughReshapes(one) == throughReshapes(shape.result))
      return biasOf(shape, other);
  return {};
}

/// Whether `value` is the sums of a tensor over these axes, in order.
bool isSumOf(Value value, Value tensor, ArrayRef<int64_t> axes) {
  auto reduce = value.getDefiningOp<ir::ReduceOp>();
  return reduce && reduce.getFn() == ir::ReduceFn::sum && reduce.getOperand() == tensor && reduce.getAxes() == axes;
}

} // namespace

SmallVector<int64_t> termAxes(ir::DotOp product) {
  SmallVector<int64_t> axes(product.getRhsContract());
  llvm::sort(axes);
  return axes;
}

int32_t LibraryEpilogue::bits() const {
  return (bias ? DLC_BIAS : 0) | (relu ? DLC_RELU : 0) | (maskResult ? DLC_RELU_MASK : 0) | (mask ? DLC_MASKED : 0) |
         (!sums ? 0 : sumsRight ? DLC_RIGHT_SUMS : DLC_RESULT_SUMS);
}

std::string whyNotLibrary(const Kernel::Options &options, const ProductShape &shape) {
  if (!options.library)
    return options.whyNoLibrary.empty() ? "cuBLASLt is not here" : options.whyNoLibrary;
  if (!isa<ir::DotOp>(shape.result.getDefiningOp()))
    return "a convolution walks its image";
  if (!options.aligned)
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

LibraryEpilogue libraryEpilogue(ir::FuncOp kernel, const ProductShape &shape) {
  auto product = cast<ir::DotOp>(shape.result.getDefiningOp());
  LibraryEpilogue plain;
  plain.value = shape.result;
  SmallVector<Value> rest;
  for (Value result : kernel.getBody().front().getTerminator()->getOperands()) {
    if (!plain.sums && shape.batchCount() == 1 && isSumOf(result, product.getRhs(), termAxes(product)))
      plain.sums = result, plain.sumsRight = true;
    else
      rest.push_back(result);
  }
  if (plain.sums || rest.empty())
    return plain; // its sums go with no other epilogue
  LibraryEpilogue made = plain;
  if (rest.size() == 2 && shape.batchCount() == 1)
    for (auto [number, other] : {std::pair{0, 1}, std::pair{1, 0}})
      if (Value operand = reluOperand(throughReshapes(rest[number])); operand && positiveOperand(rest[other]) == throughReshapes(operand)) {
        made.maskResult = rest[other];
        rest = {rest[number]};
        break;
      }
  if (rest.size() == 2)
    if (auto select = rest[0].getDefiningOp<ir::SelectOp>()) {
      auto ranks = [&](size_t number) { return static_cast<int64_t>(Elemental::shapeOf(rest[number]).size()); };
      SmallVector<int64_t> rowAxes = llvm::to_vector(llvm::seq<int64_t>(0, std::max<int64_t>(0, ranks(0) - ranks(1))));
      if (Elemental::countOf(rest[1]) == shape.columns && isSumOf(rest[1], rest[0], rowAxes))
        made.sums = rest[1], rest.pop_back();
    }
  if (rest.size() != 1)
    return plain;
  Value value = throughReshapes(rest[0]);
  if (auto select = value.getDefiningOp<ir::SelectOp>()) {
    bool isMasked = shape.batchCount() == 1 && isa<BlockArgument>(select.getCondition()) && select.getOnTrue() == shape.result && isZero(select.getOnFalse());
    if (!isMasked)
      return plain;
    made.mask = select.getCondition();
    made.value = rest[0];
    return made;
  }
  if (made.sums)
    return plain;
  if (Value operand = reluOperand(value)) {
    made.relu = true;
    value = throughReshapes(operand);
  }
  if (value != throughReshapes(shape.result) && !(made.bias = biasBefore(shape, value)))
    return plain;
  made.value = rest[0];
  return made;
}

LibraryEpilogue chosenEpilogue(Kernel &kernel, const ProductShape &shape, Unit unit) {
  LibraryEpilogue epilogue = libraryEpilogue(kernel.function(), shape);
  LibraryEpilogue plain;
  plain.value = shape.result;
  if ((epilogue.mask || epilogue.maskResult) && !kernel.function()->hasAttr(kMasksAttr))
    return plain;
  if (epilogue.sums && (epilogue.bits() & ~kernel.settings().epilogues || (epilogue.sumsRight && unit != Unit::Scalar)))
    epilogue.sums = {}, epilogue.sumsRight = false;
  return epilogue;
}

void emitLibraryProduct(Kernel &kernel, const ProductShape &shape, Unit unit, const LibraryEpilogue &epilogue) {
  int64_t scratchSlot = kernel.function().getNumArguments() + kernel.function().getNumResults();
  auto resolved = [&](KernelBase::Place place) { return LibraryProduct::Place{place.slot < 0 ? scratchSlot : place.slot, place.offset}; };
  auto input = [&](Value tensor) {
    kernel.readsWhole(tensor);
    return resolved(kernel.placeOf(tensor));
  };
  auto output = [&](Value tensor) { return resolved(kernel.placeOutput(tensor)); };
  LibraryProduct made;
  made.left = input(throughReshapes(shape.left));
  made.right = input(throughReshapes(shape.right));
  if (epilogue.bias)
    made.bias = input(epilogue.bias);
  if (epilogue.mask)
    made.mask = input(epilogue.mask);
  made.result = output(epilogue.value);
  if (epilogue.maskResult)
    made.mask = output(epilogue.maskResult);
  if (epilogue.sums)
    made.sums = output(epilogue.sums);
  dlc_product &p = made.product;
  p.rows = shape.rowCount(), p.columns = shape.columns, p.terms = shape.sumCount(), p.batches = shape.batchCount();
  p.left_row = shape.rows[2].a, p.left_term = shape.sum[2].a, p.left_batch = shape.batches[2].a;
  p.right_term = shape.sum[2].b, p.right_column = shape.columnStride, p.right_batch = shape.batches[2].b;
  p.result_row = shape.rowStride, p.result_batch = shape.batchStride;
  p.precision = unit == Unit::Scalar ? 0 : unit == Unit::Tf32 ? 1 : 2;
  p.epilogue = epilogue.bits();
  kernel.addProduct(made);
}

} // namespace dlc::codegen::cuda
