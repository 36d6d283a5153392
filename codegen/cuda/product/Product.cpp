// Matrix products and convolutions in tiles: a block brings the factors of a tile to shared memory, some terms of the sum at a time and several such stages
// ahead, multiplies them in registers, and applies what follows the product to the sums.
#include "codegen/cuda/product/Product.h"

#include "codegen/cuda/product/Library.h"
#include "codegen/cuda/product/RegisterTile.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <numeric>

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

struct Output {
  Value value;
  Buffer buffer;
};

/// The values that a phase writes from the sums of a product, at one index of it.
class Epilogue {
public:
  Epilogue(Phase &phase, const ProductShape &shape, ValueRange values) : phase(phase), shape(shape) {
    for (Value value : values)
      outputs.push_back({value, phase.output(value)});
  }

  void emit(Value sums, Index index) {
    Elemental &e = phase.elements();
    e.bind(shape.result, [&](Index &, Mask) { return sums; });
    ArrayRef<int64_t> from = Elemental::shapeOf(shape.result);
    e.writing = *index.linear;
    SmallVector<Value> values;
    SmallVector<Index> places;
    for (const Output &output : outputs) {
      ArrayRef<int64_t> to = Elemental::shapeOf(output.value);
      places.push_back(from == to ? index : e.lane.reshape(index, from, to));
      values.push_back(index.lanes == 1 ? e.evaluate(output.value, places.back()) : e.evaluateVector(output.value, places.back()));
    }
    for (auto [output, place, value] : llvm::zip(outputs, places, values))
      e.store(output.buffer, place, Elemental::shapeOf(output.value), value);
    e.unbind(shape.result);
  }
  void forget() { phase.elements().writing.reset(); }

private:
  Phase &phase;
  const ProductShape &shape;
  SmallVector<Output> outputs;
};

/// The launch in which tiles are multiplied.
class TileLaunch {
public:
  TileLaunch(Kernel &kernel, const ProductShape &shape, const Tiling &tiling, ValueRange values, int64_t partsOffset)
      : shape(shape), tiling(tiling), phase(kernel, tiling.blocks(shape), Tiling::kThreads), loops(phase.loops()), partsOffset(partsOffset) {
    left = operand(shape.left), right = operand(shape.right);
    if (tiling.parts == 1)
      epilogue.emplace(phase, shape, values);
    Elemental &e = phase.elements();
    e.sawHazard |= e.isOverwritten(left) || e.isOverwritten(right);
    thread = Int::narrow(loops, phase.thread());
    decodeBlock();
    registers = RegisterTile::make(loops, tiling, shape.element, thread);
  }

  void emit(bool aligned) {
    Factor a = Factor::left(shape, aligned), c = Factor::right(shape, aligned);
    leftTile.emplace(a, tiling, tiling.rows, registers->layoutOf(a));
    rightTile.emplace(c, tiling, tiling.columns, registers->layoutOf(c));
    int64_t stageElements = leftTile->stageElements() + rightTile->stageElements();
    chunkPitch = tiling.columns + 4;
    int64_t elementBytes = shape.element.getIntOrFloatBitWidth() / 8;
    shared = phase.sharedMemory(elementBytes * std::max(tiling.stages * stageElements, registers->chunkRows() * chunkPitch));
    leftTile->begin(loops, left, thread, batch, rowTile * tiling.rows);
    rightTile->begin(loops, right, thread, batch, columnTile * tiling.columns);
    SmallVector<Value> sums = sumUp(stageElements);
    for (int64_t chunk = 0; chunk < registers->chunks(); ++chunk)
      emitChunk(chunk, sums);
  }

private:
  Value operand(Value tensor) { return phase.input(throughReshapes(tensor)).pointer; }

  /// Neighbouring blocks have neighbouring tiles of columns, and so the same rows.
  void decodeBlock() {
    Int rest = Int::narrow(loops, phase.block());
    columnTile = rest % tiling.columnTiles, rest = rest / tiling.columnTiles;
    rowTile = rest % tiling.rowTiles, rest = rest / tiling.rowTiles;
    part = rest % tiling.parts, batch = rest / tiling.parts;
  }

  Value element(Value base, Int place) {
    loops.moveToTop();
    return LLVM::GEPOp::create(loops.builder(), base.getType(), shape.element, base, ArrayRef<LLVM::GEPArg>{place.value()});
  }

  /// Stages are filled `stages - 1` turns before they are multiplied; the barrier of a turn says both that a stage is there and that the one before it has
  /// been read by all.
  SmallVector<Value> sumUp(int64_t stageElements) {
    Int firstTile = part * tiling.partTiles, lastTile = min(firstTile + tiling.partTiles, firstTile.c(tiling.sumTiles));
    Int lastTerm = min(lastTile * tiling.depth, firstTile.c(shape.sumCount()));
    auto copyTo = [&](Int stage, Int tile) {
      Value leftStage = element(shared, stage * stageElements), rightStage = element(shared, stage * stageElements + leftTile->stageElements());
      leftTile->copy(loops, leftStage, tile * tiling.depth, lastTerm);
      rightTile->copy(loops, rightStage, tile * tiling.depth, lastTerm);
      loops.moveToTop();
      NVVM::CpAsyncCommitGroupOp::create(loops.builder());
    };
    for (int64_t stage = 0; stage + 1 < tiling.stages; ++stage)
      copyTo(firstTile.c(stage), firstTile + stage);
    SmallVector<Value> inits = registers->zeros();
    SmallVector<Value> sums = loops.forLoop(
        firstTile.wide(), lastTile.wide(), 1, inits,
        [&](Value tileNumber, ValueRange carried) {
          Int tile = Int::narrow(loops, tileNumber), turn = tile - firstTile;
          loops.moveToTop();
          NVVM::CpAsyncWaitGroupOp::create(loops.builder(), static_cast<uint32_t>(tiling.stages - 2));
          phase.barrier();
          copyTo((turn + (tiling.stages - 1)) % tiling.stages, tile + (tiling.stages - 1));
          Int stage = turn % tiling.stages;
          Value leftStage = element(shared, stage * stageElements), rightStage = element(shared, stage * stageElements + leftTile->stageElements());
          return registers->multiply(*leftTile, leftStage, *rightTile, rightStage, carried);
        },
        /*unroll=*/0);
    loops.moveToTop();
    NVVM::CpAsyncWaitGroupOp::create(loops.builder(), 0);
    return sums;
  }

  /// The sums of some rows of the tile, through shared memory: there neighbouring threads take neighbouring columns.
  void emitChunk(int64_t chunk, ValueRange sums) {
    phase.barrier();
    registers->store(chunk, sums, shared, chunkPitch);
    phase.barrier();
    int64_t elementBytes = shape.element.getIntOrFloatBitWidth() / 8, lanes = 16 / elementBytes;
    if (shape.columns % lanes)
      lanes = 1;
    int64_t perRow = tiling.columns / lanes;
    loops.forLoop(
        phase.thread(), loops.i64(registers->chunkRows() * perRow), Tiling::kThreads, {},
        [&](Value number, ValueRange) {
          Int place = Int::narrow(loops, number), rowOfChunk = place / perRow, columnOfTile = (place % perRow) * lanes;
          Int row = rowTile * tiling.rows + registers->tileRow(chunk, rowOfChunk), column = columnTile * tiling.columns + columnOfTile;
          Value inside = column < shape.columns;
          if (shape.rowCount() % tiling.rows) {
            Value rowInside = row < shape.rowCount();
            inside = arith::AndIOp::create(loops.builder(), rowInside, inside);
          }
          loops.ifElse(inside, {}, [&] {
            Value from = element(shared, rowOfChunk * chunkPitch + columnOfTile);
            Value values = LLVM::LoadOp::create(loops.builder(), lanesOf(shape.element, lanes), from, static_cast<unsigned>(lanes * elementBytes));
            finish(values, row.wide(), column.wide(), lanes);
            return SmallVector<Value>();
          });
          return SmallVector<Value>();
        },
        /*unroll=*/0);
    if (epilogue)
      epilogue->forget();
  }

  void finish(Value values, Value row, Value column, int64_t lanes) {
    Elemental &e = phase.elements();
    Lane lane = lanes == 1 ? e.lane.uniform(column) : e.lane.ramp(column, lanes);
    Index index = productIndex(e.lane, shape, batch.wide(), row, lane, lanes);
    if (epilogue)
      return epilogue->emit(values, index);
    int64_t count = Elemental::countOf(shape.result);
    Index place;
    place.lanes = lanes;
    place.linear = e.lane.add(e.lane.uniform(loops.mul(part.wide(), loops.i64(count)), count), *index.linear, lanes);
    e.store(phase.scratchBuffer(partsOffset, shape.element, count * tiling.parts), place, {tiling.parts, count}, values);
  }

  const ProductShape &shape;
  const Tiling &tiling;
  Phase phase;
  LoopBuilder &loops;
  int64_t partsOffset, chunkPitch = 0;
  Value left, right, shared;
  Int thread, batch, part, rowTile, columnTile;
  std::optional<Epilogue> epilogue;
  std::optional<OperandTile> leftTile, rightTile;
  std::unique_ptr<RegisterTile> registers;
};

/// The launch that adds the parts of the sums, in a fixed order.
void addParts(Kernel &kernel, const ProductShape &shape, const Tiling &tiling, ValueRange values, int64_t partsOffset) {
  int64_t count = Elemental::countOf(shape.result);
  bool isShared = addsByWarp(count, tiling.parts);
  int64_t lanes = !isShared && shape.element.isF32() && count % 4 == 0 ? kernel.vectorLanes() : 1, packs = count / lanes;
  Phase phase(kernel, std::min((packs * (isShared ? kWarp : 1) + kThreads - 1) / kThreads, kMostBlocks), kThreads);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Epilogue epilogue(phase, shape, values);
  Buffer parts = phase.scratchBuffer(partsOffset, shape.element, count * tiling.parts);
  auto place = [&](Value first, int64_t width) {
    Index index;
    index.lanes = lanes;
    index.linear = lanes == 1 ? e.lane.uniform(first) : e.lane.ramp(first, width);
    return index;
  };
  auto add = [&](Value a, Value c) -> Value {
    loops.moveToTop();
    return arith::AddFOp::create(loops.builder(), a, c);
  };
  auto sumFrom = [&](Value first, Value part, int64_t step) {
    Value zero = loops.number(lanesOf(shape.element, lanes), 0);
    return loops.forLoop(part, loops.i64(tiling.parts), step, zero, [&](Value number, ValueRange acc) {
      Value here = loops.add(loops.mul(number, loops.i64(count)), first);
      return SmallVector<Value>{add(acc[0], e.load(parts, place(here, std::gcd(lanes, count)), {tiling.parts, count}))};
    })[0];
  };
  if (isShared)
    phase.forEachByWarp(count, [&](Value number, Value lane) { return sumFrom(number, lane, kWarp); }, add,
                        [&](Value number, Value sum) { epilogue.emit(sum, place(number, 1)); });
  else
    phase.forEach(packs, [&](Value number) {
      Value first = loops.mul(number, loops.i64(lanes));
      epilogue.emit(sumFrom(first, loops.i64(0), 1), place(first, lanes));
    });
}

/// The factors of a product in reduced precision are rounded on their way into the tensor cores. Halves of tf32 go away from zero there, where the evaluator
/// takes the even neighbour: PTX has no other rounding to it for all cards.
Unit unitOf(const ProductShape &shape) {
  auto precision = shape.result.getDefiningOp()->getAttrOfType<ir::PrecisionAttr>("precision");
  switch (precision ? precision.getValue() : ir::Precision::f32) {
  case ir::Precision::f32: return Unit::Scalar;
  case ir::Precision::tf32: return Unit::Tf32;
  case ir::Precision::bf16: return Unit::Bf16;
  }
  return Unit::Scalar;
}

llvm::StringRef nameOf(Unit unit) { return unit == Unit::Scalar ? "" : unit == Unit::Tf32 ? " in tf32" : " in bf16"; }

/// What the product is, for a remark.
std::string textOf(const ProductShape &shape, Unit unit) {
  std::string batches = shape.batchCount() > 1 ? llvm::formatv("{0} times ", shape.batchCount()).str() : "";
  return llvm::formatv("{0}[{1}, {2}] · [{2}, {3}]{4}", batches, shape.rowCount(), shape.sumCount(), shape.columns, nameOf(unit)).str();
}

void emitTiles(Kernel &kernel, const ProductShape &shape, Unit unit, ValueRange values, llvm::StringRef why) {
  Tiling tiling = Tiling::of(shape, unit);
  std::string parts = tiling.parts > 1 ? llvm::formatv(", each sum in {0} parts", tiling.parts).str() : "";
  int64_t tiles = tiling.blocks(shape) / tiling.parts;
  shape.result.getDefiningOp()->emitRemark(textOf(shape, unit))
      << " is computed in " << tiles << (tiles == 1 ? " tile of " : " tiles of ") << tiling.rows << " x " << tiling.columns << parts << ": " << why;
  int64_t bytes = shape.element.getIntOrFloatBitWidth() / 8, partsOffset = 0;
  if (tiling.parts > 1)
    partsOffset = kernel.scratch(tiling.parts * Elemental::countOf(shape.result) * bytes);
  TileLaunch(kernel, shape, tiling, values, partsOffset).emit(kernel.hasAlignedBuffers());
  if (tiling.parts > 1)
    addParts(kernel, shape, tiling, values, partsOffset);
}

void tellOfLibrary(const ProductShape &shape, Unit unit, const LibraryEpilogue &epilogue, Kernel &kernel) {
  SmallVector<llvm::StringRef> with;
  if (epilogue.bias)
    with.push_back("its bias");
  if (epilogue.relu)
    with.push_back("relu");
  if (epilogue.maskResult)
    with.push_back("the mask for relu's gradient");
  if (epilogue.mask)
    with.push_back("relu's gradient");
  if (epilogue.gelu)
    with.push_back(epilogue.geluInput ? "gelu_tanh and what it takes" : "gelu_tanh");
  if (epilogue.geluAt)
    with.push_back("the gradient of gelu_tanh");
  if (epilogue.sums)
    with.push_back("the gradient of a bias");
  bool isAll = llvm::all_of(kernel.results(), [&](Value result) { return epilogue.covers(result); });
  bool hasGelu = !isAll && llvm::any_of(kernel.function().getOps<ir::UnaryOp>(), [](ir::UnaryOp op) { return op.getFn() == ir::UnaryFn::erf; });
  llvm::StringRef rounded = isWorthNarrowing(kernel, shape, unit) ? ", its factors rounded before" : "";
  std::string text = with.empty() ? "" : ", with " + llvm::join(with, ", with ");
  shape.result.getDefiningOp()->emitRemark(textOf(shape, unit))
      << " is computed by cuBLASLt" << (kernel.settings().isLibraryAssumed ? " where that is there" : "") << rounded << text
      << (isAll ? "" : "; what follows is a launch of its own, as it is no epilogue of cuBLASLt") << (hasGelu ? ", whose GELU is `gelu_tanh`" : "");
}

/// Emits one product after what it takes. `isOnly`: the kernel is this product and what follows it element by element; all of that is emitted too. Else the
/// product alone lies in memory afterwards.
void emitProduct(Kernel &kernel, const ProductShape &shape, bool isOnly) {
  for (Value factor : {throughReshapes(shape.left), throughReshapes(shape.right)})
    if (!kernel.isPlaced(factor))
      kernel.emitGeneric({factor});
  Unit unit = unitOf(shape);
  std::string why = whyNotLibrary(kernel.settings(), shape);
  if (!why.empty())
    return emitTiles(kernel, shape, unit, isOnly ? kernel.results() : ValueRange(shape.result), why);
  LibraryEpilogue epilogue = chosenEpilogue(kernel, shape, unit);
  tellOfLibrary(shape, unit, epilogue, kernel);
  emitLibraryProduct(kernel, shape, unit, epilogue);
  if (isOnly)
    kernel.emitGeneric(llvm::to_vector(llvm::make_filter_range(kernel.results(), [&](Value result) { return !epilogue.covers(result); })));
}

} // namespace

bool isWorthTiles(const ProductShape &shape) {
  if (!shape.element.isF32() && !shape.element.isF64())
    return false;
  constexpr int64_t kFew = 8, kMost = int64_t{1} << 31;
  auto fits = [](Value tensor) { return Elemental::countOf(tensor) < kMost; };
  return shape.rowCount() >= kFew && shape.columns >= kFew && shape.sumCount() >= 2 * kFew && fits(shape.left) && fits(shape.right) && fits(shape.result) &&
         shape.batchCount() > 0;
}

bool emitProducts(Kernel &kernel) {
  SmallVector<Operation *> products;
  for (Operation &op : kernel.function().getBody().front())
    if (isa<ir::DotOp, ir::ConvOp>(op))
      products.push_back(&op);
  bool any = false;
  for (Operation *op : products) {
    std::optional<ProductShape> shape = tiledShape(op, isWorthTiles);
    if (!shape)
      continue;
    bool isOnly = products.size() == 1 && hasPlainEpilogue(shape->result, kernel.results());
    emitProduct(kernel, *shape, isOnly);
    if (isOnly)
      return true;
    any = true;
  }
  auto isLeft = [&](Value result) { return !result.getDefiningOp() || !kernel.isPlaced(result); };
  if (any)
    kernel.emitGeneric(llvm::to_vector(llvm::make_filter_range(kernel.results(), isLeft)));
  return any;
}

} // namespace dlc::codegen::cuda
