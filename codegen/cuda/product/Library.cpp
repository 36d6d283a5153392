#include "codegen/cuda/product/Library.h"

#include "codegen/cuda/product/Gelu.h"

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
  if (!compare)
    return {};
  if (compare.getFn() == ir::CompareFn::gt && isZero(compare.getRhs()))
    return throughReshapes(compare.getLhs());
  return compare.getFn() == ir::CompareFn::lt && isZero(compare.getLhs()) ? throughReshapes(compare.getRhs()) : Value();
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

Preactivation preactivationOf(const ProductShape &shape) {
  SmallVector<Value> views = {shape.result};
  for (size_t i = 0; i < views.size(); ++i)
    for (Operation *user : views[i].getUsers()) {
      if (isa<ir::ReshapeOp>(user))
        views.push_back(user->getResult(0));
      else if (user->getNumResults() == 1)
        if (Value bias = biasBefore(shape, user->getResult(0)))
          return {user->getResult(0), bias};
    }
  return {shape.result, {}};
}

bool takesGeluInput(const ProductShape &shape) {
  constexpr int64_t kUnit = 8; // elements that a row has a multiple of
  return shape.batchCount() == 1 && shape.columns % kUnit == 0 && (shape.rowStride == shape.columns || shape.rowCount() == 1);
}

SmallVector<int64_t> termAxes(ir::DotOp product) {
  SmallVector<int64_t> axes(product.getRhsContract());
  llvm::sort(axes);
  return axes;
}

int32_t LibraryEpilogue::bits() const {
  int32_t ofGelu = (gelu ? DLC_GELU : 0) | (geluInput ? DLC_GELU_INPUT : 0) | (geluAt ? DLC_GELU_GRADIENT : 0);
  return ofGelu | (bias ? DLC_BIAS : 0) | (relu ? DLC_RELU : 0) | (maskResult ? DLC_RELU_MASK : 0) | (mask ? DLC_RELU_GRADIENT : 0) |
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

namespace {

// What stands beside the result of an epilogue is taken out of a kernel's results; null where it is not there.

Value takeRightSums(SmallVectorImpl<Value> &results, const ProductShape &shape) {
  auto product = cast<ir::DotOp>(shape.result.getDefiningOp());
  auto found = llvm::find_if(results, [&](Value result) { return isSumOf(result, product.getRhs(), termAxes(product)); });
  if (found == results.end() || shape.batchCount() != 1)
    return {};
  Value sums = *found;
  results.erase(found);
  return sums;
}

Value takeMask(SmallVectorImpl<Value> &results, const ProductShape &shape) {
  if (results.size() != 2 || shape.batchCount() != 1)
    return {};
  for (size_t number : {0, 1}) {
    Value before = reluOperand(throughReshapes(results[number])), mask = results[1 - number];
    if (before && positiveOperand(mask) == throughReshapes(before)) {
      results.erase(results.begin() + (1 - number));
      return mask;
    }
  }
  return {};
}

Value takeResultSums(SmallVectorImpl<Value> &results, const ProductShape &shape) {
  if (results.size() != 2 || shape.batchCount() != 1 || Elemental::countOf(results[1]) != shape.columns)
    return {};
  int64_t folded = Elemental::shapeOf(results[0]).size() - Elemental::shapeOf(results[1]).size();
  if (folded < 0 || !isSumOf(results[1], results[0], llvm::to_vector(llvm::seq<int64_t>(0, folded))))
    return {};
  return results.pop_back_val();
}

/// gelu of the product, or of that with a bias, and beside it, it may be, what it takes.
std::optional<LibraryEpilogue> geluBehind(ArrayRef<Value> results, const ProductShape &shape) {
  Preactivation before = preactivationOf(shape);
  LibraryEpilogue made;
  for (Value result : results) {
    if (throughReshapes(result) == throughReshapes(before.value))
      made.geluInput = result;
    else if (auto formula = Formula::of(result, [&](Value value) { return value == throughReshapes(before.value); }); formula && isGeluTanh(*formula))
      made.value = result;
  }
  if (!made.value || results.size() != (made.geluInput ? 2 : 1) || (made.geluInput && !takesGeluInput(shape)))
    return std::nullopt;
  made.bias = before.bias;
  made.gelu = true;
  return made;
}

/// The argument at which `value` is the product times the derivative of gelu; null where it is something else.
Value geluGradientAt(Value value, const ProductShape &shape) {
  Value product = throughReshapes(shape.result);
  auto formula = Formula::of(value, [&](Value leaf) {
    auto argument = dyn_cast<BlockArgument>(leaf);
    return leaf == product || (argument && Elemental::countOf(argument) == Elemental::countOf(product));
  });
  if (!formula || formula->variables().size() != 2 || !takesGeluInput(shape))
    return {};
  size_t at = formula->variables()[0] == product ? 1 : 0;
  Value argument = formula->variables()[at];
  return argument != product && formula->variables()[1 - at] == product && isGeluTanhGradient(*formula, 1 - at, at) ? argument : Value();
}

/// The argument that says where a product is kept, and not 0.
Value maskBefore(Value value, const ProductShape &shape) {
  auto select = value.getDefiningOp<ir::SelectOp>();
  if (!select || shape.batchCount() != 1 || select.getOnTrue() != shape.result || !isZero(select.getOnFalse()))
    return {};
  return isa<BlockArgument>(select.getCondition()) ? select.getCondition() : Value();
}

} // namespace

LibraryEpilogue libraryEpilogue(ir::FuncOp kernel, const ProductShape &shape) {
  LibraryEpilogue plain;
  plain.value = shape.result;
  SmallVector<Value> results(kernel.getBody().front().getTerminator()->getOperands());
  if ((plain.sums = takeRightSums(results, shape))) {
    plain.sumsRight = true;
    return plain; // they go with no other epilogue
  }
  LibraryEpilogue made;
  if (auto gelu = geluBehind(results, shape))
    return *gelu;
  made.maskResult = takeMask(results, shape);
  made.sums = made.maskResult ? Value() : takeResultSums(results, shape);
  if (results.size() != 1)
    return plain;
  made.value = results[0];
  Value value = throughReshapes(results[0]);
  if ((made.mask = maskBefore(value, shape)) || (made.geluAt = geluGradientAt(value, shape)))
    return made;
  if (made.sums)
    return plain;
  if (Value operand = reluOperand(value)) {
    made.relu = true;
    value = throughReshapes(operand);
  }
  if (value != throughReshapes(shape.result) && !(made.bias = biasBefore(shape, value)))
    return plain;
  return made;
}

LibraryEpilogue chosenEpilogue(Kernel &kernel, const ProductShape &shape, Unit unit) {
  LibraryEpilogue epilogue = libraryEpilogue(kernel.function(), shape);
  LibraryEpilogue plain;
  plain.value = shape.result;
  if ((epilogue.mask || epilogue.maskResult) && !kernel.function()->hasAttr(kMasksAttr))
    return plain;
  int32_t lacking = epilogue.bits() & ~kernel.settings().epilogues;
  if (lacking & (DLC_RESULT_SUMS | DLC_RIGHT_SUMS) || (epilogue.sumsRight && unit != Unit::Scalar))
    epilogue.sums = {}, epilogue.sumsRight = false;
  return lacking & (DLC_BIAS | DLC_RELU | DLC_GELU | DLC_GELU_INPUT | DLC_GELU_GRADIENT) ? plain : epilogue;
}

/// With factors of f32 the library multiplied 4096 x 4096 matrices in 336 µs on an H100; with bf16 ones, and such a result, PyTorch had it do so in 189. By
/// that 2·m·n·k operations are 1 s faster for every 930·10¹² of them. Rounding moves 6 bytes of each element, at 3·10¹² bytes a second.
bool isWorthNarrowing(const Kernel &kernel, const ProductShape &shape, Unit unit) {
  constexpr double kSaved = 1 / 930e12, kMoved = 6 / 3e12, kLaunch = 2e-6;
  constexpr int64_t kPack = 8; // elements of 16 bytes
  const Walk &row = shape.rows[2], &term = shape.sum[2], &batch = shape.batches[2];
  for (int64_t stride : {row.a, term.a, batch.a, shape.columnStride, term.b, batch.b})
    if (stride != 1 && stride % kPack != 0)
      return false;
  int64_t left = Elemental::countOf(shape.left), right = Elemental::countOf(shape.right);
  if (unit != Unit::Bf16 || !kernel.settings().aligned || !(kernel.settings().epilogues & DLC_NARROW_FACTORS) || left % kPack || right % kPack)
    return false;
  double operations = 2.0 * static_cast<double>(shape.batchCount() * shape.rowCount() * shape.columns * shape.sumCount());
  return operations * kSaved > static_cast<double>(left + right) * kMoved + 2 * kLaunch;
}

namespace {

/// The elements of a tensor in memory, rounded to bf16, in scratch memory.
LibraryProduct::Place narrowed(Kernel &kernel, Value tensor, int64_t scratchSlot) {
  constexpr int64_t kPack = 8;
  int64_t count = Elemental::countOf(tensor), packs = count / kPack;
  LibraryProduct::Place place{scratchSlot, kernel.scratch(count * 2)};
  Phase phase(kernel, std::min((packs + kThreads - 1) / kThreads, kMostBlocks), kThreads);
  LoopBuilder &loops = phase.loops();
  Buffer from = phase.input(tensor), to = phase.scratchBuffer(place.offset, loops.builder().getI32Type(), count / 2);
  phase.forEach(packs, [&](Value pack) {
    loops.moveToTop();
    ImplicitLocOpBuilder &b = loops.builder();
    Type pair = VectorType::get({2}, b.getBF16Type()), i32 = b.getI32Type(), four = VectorType::get({4}, b.getF32Type());
    auto at = [&](Value pointer, int64_t bytes, int64_t offset) -> Value {
      Value byte = arith::AddIOp::create(b, arith::MulIOp::create(b, pack, loops.i64(bytes)), loops.i64(offset));
      return LLVM::GEPOp::create(b, pointer.getType(), b.getI8Type(), pointer, ArrayRef<LLVM::GEPArg>{byte});
    };
    Value packed = LLVM::PoisonOp::create(b, VectorType::get({4}, i32));
    for (int64_t half = 0; half < 2; ++half) {
      Value numbers = LLVM::LoadOp::create(b, four, at(from.pointer, 32, 16 * half), 16);
      for (int64_t i = 0; i < 2; ++i) {
        auto number = [&](int64_t n) -> Value { return LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(static_cast<int32_t>(n))); };
        auto element = [&](int64_t n) -> Value { return LLVM::ExtractElementOp::create(b, numbers, number(n)); };
        SmallVector<Value> highAndLow = {element(2 * i + 1), element(2 * i)};
        Value both = LLVM::CallIntrinsicOp::create(b, pair, b.getStringAttr("llvm.nvvm.ff2bf16x2.rn"), highAndLow).getResult(0);
        packed = LLVM::InsertElementOp::create(b, packed, LLVM::BitcastOp::create(b, i32, both), number(2 * half + i));
      }
    }
    LLVM::StoreOp::create(b, packed, at(to.pointer, 16, 0), 16);
  });
  return place;
}

} // namespace

void emitLibraryProduct(Kernel &kernel, const ProductShape &shape, Unit unit, const LibraryEpilogue &epilogue) {
  int64_t scratchSlot = kernel.function().getNumArguments() + kernel.function().getNumResults();
  auto resolved = [&](KernelBase::Place place) { return LibraryProduct::Place{place.slot < 0 ? scratchSlot : place.slot, place.offset}; };
  auto input = [&](Value tensor) {
    kernel.readsWhole(tensor);
    return resolved(kernel.placeOf(tensor));
  };
  auto output = [&](Value tensor) { return resolved(kernel.placeOutput(tensor)); };
  LibraryProduct made;
  bool isNarrow = isWorthNarrowing(kernel, shape, unit);
  auto factor = [&](Value tensor) { return isNarrow ? narrowed(kernel, tensor, scratchSlot) : input(tensor); };
  made.left = factor(throughReshapes(shape.left));
  made.right = factor(throughReshapes(shape.right));
  if (epilogue.bias)
    made.bias = input(epilogue.bias);
  if (epilogue.mask)
    made.aux = input(epilogue.mask);
  if (epilogue.geluAt)
    made.aux = input(epilogue.geluAt);
  made.result = output(epilogue.value);
  if (epilogue.maskResult)
    made.aux = output(epilogue.maskResult);
  if (epilogue.geluInput)
    made.aux = output(epilogue.geluInput);
  if (epilogue.sums)
    made.sums = output(epilogue.sums);
  dlc_product &p = made.product;
  p.rows = shape.rowCount(), p.columns = shape.columns, p.terms = shape.sumCount(), p.batches = shape.batchCount();
  p.left_row = shape.rows[2].a, p.left_term = shape.sum[2].a, p.left_batch = shape.batches[2].a;
  p.right_term = shape.sum[2].b, p.right_column = shape.columnStride, p.right_batch = shape.batches[2].b;
  p.result_row = shape.rowStride, p.result_batch = shape.batchStride;
  p.precision = unit == Unit::Scalar ? 0 : unit == Unit::Tf32 ? 1 : 2;
  p.epilogue = epilogue.bits() | (isNarrow ? DLC_NARROW_FACTORS : 0);
  kernel.addProduct(made);
}

} // namespace dlc::codegen::cuda
