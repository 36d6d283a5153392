// Kernels around a matrix product or a convolution. A task computes a block of the result: for each panel of columns, whose part of the
// right operand is copied where it is not read in order as it lies, the micro-kernel computes tile after tile, and what follows the product is
// applied to a tile while it is in the first-level cache.
#include "codegen/cpu/Product.h"

#include "codegen/cpu/product/MicroKernel.h"
#include "codegen/common/ProductShape.h"

using namespace mlir;

namespace dlc::codegen {
namespace {

/// Terms of the sum that are added in one go: a panel of B of this many rows is half of a first-level cache of 32 KiB.
constexpr int64_t kChunk = 320;
/// Sums of up to this many terms are not cut.
constexpr int64_t kUncut = 768;
/// Distance in bytes between rows from which on reading them where they lie costs more than a copy.
constexpr int64_t kFarApart = 1024;

int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// How the result is cut into tasks, and the sum into chunks.
struct Blocking {
  TileSize tile;
  int64_t blockRows, blockPanels; ///< rows, and panels of columns, of a task
  int64_t rowBlocks, panelBlocks;
  int level = 2;                  ///< the loop of the sum that is cut
  int64_t chunk;                  ///< its passes in a chunk
  int64_t chunks = 1;
  int64_t chunkTerms;             ///< terms of a chunk
  bool packLeft = false, packRight = false;
  RightLayout rightLayout = RightLayout::Contiguous;
};

Blocking blockingOf(const ProductShape &shape, TileSize tile) {
  Blocking blocking;
  blocking.tile = tile;
  int64_t rows = shape.rowCount(), panels = ceilDiv(shape.columns, tile.columns), bytes = elementBytes(shape.element);
  // A panel of B is copied once for each block of rows; a row of A is read once for each panel.
  int64_t work = rows * shape.columns * shape.sumCount();
  blocking.blockRows = rows <= 32 * tile.rows ? ceilDiv(rows, tile.rows) * tile.rows : 16 * tile.rows;
  blocking.blockPanels = rows <= 32 * tile.rows ? std::clamp<int64_t>(panels / 16, 1, 8) : std::min<int64_t>(panels, 8);
  if (work < (1 << 18))
    blocking.blockPanels = panels;
  else if (ceilDiv(rows, blocking.blockRows) * ceilDiv(panels, blocking.blockPanels) * shape.batchCount() < 8 && rows > 8 * tile.rows)
    blocking.blockRows = 8 * tile.rows;
  blocking.rowBlocks = ceilDiv(rows, blocking.blockRows);
  blocking.panelBlocks = ceilDiv(panels, blocking.blockPanels);

  int64_t terms = shape.sumCount();
  while (blocking.level > 0 && shape.sum[blocking.level - 1].count > 1)
    --blocking.level;
  int64_t count = shape.sum[blocking.level].count, inner = terms / count;
  blocking.chunk = terms <= kUncut ? count : std::min(count, std::max<int64_t>(1, kChunk / inner));
  blocking.chunks = ceilDiv(count, blocking.chunk);
  blocking.chunkTerms = blocking.chunk * inner;

  bool oneRowLoop = shape.rows[0].count * shape.rows[1].count == 1, oneSumLoop = blocking.level == 2;
  blocking.packLeft = oneRowLoop && oneSumLoop && shape.rows[2].a == 1 && shape.sum[2].a * bytes >= kFarApart / 2 && terms >= 32;
  bool inOrder = shape.columnStride == 1 && shape.rightIsRegular() && shape.sum[2].b * bytes <= kFarApart;
  blocking.packRight = !inOrder || shape.columns % tile.columns != 0;
  if (shape.columnStride != 1)
    blocking.rightLayout = shape.sum[2].b == 1 ? RightLayout::Transposed : RightLayout::Any;
  return blocking;
}

class ProductPhase {
public:
  ProductPhase(KernelBuilder &kernel, const ProductShape &shape, const Blocking &blocking, Phase given)
      : kernel(kernel), shape(shape), blocking(blocking), builder(kernel, std::move(given)), loops(builder.loops()) {
    left = builder.input(throughReshapes(shape.left)).pointer;
    right = builder.input(throughReshapes(shape.right)).pointer;
    for (Value result : kernel.results())
      outputs.push_back({result, builder.output(result)});
    int64_t bytes = elementBytes(shape.element), tileBytes = blocking.tile.rows * blocking.tile.columns * bytes;
    panelsOfRows = blocking.blockRows / blocking.tile.rows;
    offsets = builder.workspace(blocking.blockRows * 8);
    tiles = builder.workspace(blocking.chunks > 1 ? tileBytes * panelsOfRows * blocking.blockPanels : tileBytes);
    if (blocking.packRight)
      packedRight = builder.workspace(blocking.chunkTerms * blocking.tile.columns * bytes);
    if (blocking.packLeft) {
      // The last vector that is written reaches two elements beyond.
      packedLeft = builder.workspace((blocking.chunkTerms * blocking.blockRows + 8) * bytes);
      packedOffsets = builder.workspace(blocking.tile.rows * 8);
    }
  }

  void emit() {
    if (blocking.packLeft)
      for (int64_t row = 0; row < blocking.tile.rows; ++row)
        storeElements(loops, loops.i64(row), elementAddress(loops, i64(), packedOffsets, loops.i64(row)));
    loops.forLoop(builder.begin(), builder.end(), 1, {}, [&](Value task, ValueRange) {
      emitTask(task);
      return SmallVector<Value>();
    });
  }

private:
  struct Output {
    Value value;
    Buffer buffer;
  };
  Type i64() { return loops.builder().getI64Type(); }
  Value address(Value base, Value index) { return elementAddress(loops, shape.element, base, index); }

  /// The offset of position `number` of a nest of loops.
  Value offsetOf(const std::array<Walk, 3> &walks, Value number, int64_t Walk::*stride) {
    Value offset = loops.i64(0), rest = number;
    for (int level = 2; level >= 0; --level) {
      bool outer = level == 0 || walks[0].count * (level == 2 ? walks[1].count : 1) == 1;
      Value index = outer ? rest : loops.rem(rest, walks[level].count);
      offset = loops.add(offset, loops.mul(index, loops.i64(walks[level].*stride)));
      if (outer)
        break;
      rest = loops.div(rest, walks[level].count);
    }
    return offset;
  }

  void emitTask(Value task) {
    Value panelBlock = loops.rem(task, blocking.panelBlocks), rest = loops.div(task, blocking.panelBlocks);
    Value rowBlock = loops.rem(rest, blocking.rowBlocks);
    batch = loops.div(rest, blocking.rowBlocks);
    firstRow = loops.mul(rowBlock, loops.i64(blocking.blockRows));
    rowsHere = loops.min(loops.i64(blocking.blockRows), loops.sub(loops.i64(shape.rowCount()), firstRow));
    firstPanel = loops.mul(panelBlock, loops.i64(blocking.blockPanels));
    int64_t panels = ceilDiv(shape.columns, blocking.tile.columns);
    panelsHere = loops.min(loops.i64(blocking.blockPanels), loops.sub(loops.i64(panels), firstPanel));
    leftBase = address(left, loops.add(loops.i64(shape.aOffset), offsetOf(shape.batches, batch, &Walk::a)));
    rightBase = address(right, loops.add(loops.i64(shape.bOffset), offsetOf(shape.batches, batch, &Walk::b)));
    loops.forLoop(loops.i64(0), rowsHere, 1, {}, [&](Value row, ValueRange) {
      Value offset = offsetOf(shape.rows, loops.add(firstRow, row), &Walk::a);
      storeElements(loops, offset, elementAddress(loops, i64(), offsets, row));
      return SmallVector<Value>();
    });
    if (blocking.chunks == 1) {
      emitChunk(loops.i64(0));
      return;
    }
    int64_t bytes = elementBytes(shape.element);
    loops.moveToTop();
    Value nothing = LLVM::ConstantOp::create(loops.builder(), loops.builder().getI8Type(), loops.builder().getI8IntegerAttr(0));
    LLVM::MemsetOp::create(loops.builder(), tiles, nothing,
                           loops.i64(panelsOfRows * blocking.blockPanels * blocking.tile.rows * blocking.tile.columns * bytes), false);
    loops.forLoop(loops.i64(0), loops.i64(blocking.chunks), 1, {}, [&](Value chunk, ValueRange) {
      emitChunk(chunk);
      return SmallVector<Value>();
    });
    forTiles([&](Value panel, Value rowPanel) { emitEpilogue(panel, rowPanel, tileAddress(panel, rowPanel)); });
  }

  void forTiles(llvm::function_ref<void(Value panel, Value rowPanel)> body) {
    loops.forLoop(loops.i64(0), panelsHere, 1, {}, [&](Value panel, ValueRange) {
      forRowPanels([&](Value rowPanel) { body(panel, rowPanel); });
      return SmallVector<Value>();
    });
  }

  void forRowPanels(llvm::function_ref<void(Value rowPanel)> body) {
    Value count = loops.div(loops.add(rowsHere, loops.i64(blocking.tile.rows - 1)), blocking.tile.rows);
    loops.forLoop(loops.i64(0), count, 1, {}, [&](Value rowPanel, ValueRange) {
      body(rowPanel);
      return SmallVector<Value>();
    });
  }

  Value tileAddress(Value panel, Value rowPanel) {
    if (blocking.chunks == 1)
      return tiles;
    Value number = loops.add(loops.mul(panel, loops.i64(panelsOfRows)), rowPanel);
    return address(tiles, loops.mul(number, loops.i64(blocking.tile.rows * blocking.tile.columns)));
  }

  /// The loops over one chunk of the sum: their counts, and the offsets of its first term.
  struct Chunk {
    SmallVector<Value> counts;
    Value a, b, terms;
  };
  Chunk chunkAt(Value number) {
    Chunk chunk;
    Value first = loops.mul(number, loops.i64(blocking.chunk));
    for (int level = 0; level < 3; ++level)
      chunk.counts.push_back(level == blocking.level
                                 ? loops.min(loops.i64(blocking.chunk), loops.sub(loops.i64(shape.sum[level].count), first))
                                 : loops.i64(shape.sum[level].count));
    chunk.a = loops.mul(first, loops.i64(shape.sum[blocking.level].a));
    chunk.b = loops.mul(first, loops.i64(shape.sum[blocking.level].b));
    chunk.terms = loops.mul(loops.mul(chunk.counts[0], chunk.counts[1]), chunk.counts[2]);
    return chunk;
  }

  void call(LLVM::LLVMFuncOp callee, ArrayRef<Value> arguments) {
    loops.moveToTop();
    LLVM::CallOp::create(loops.builder(), callee, arguments);
  }

  void emitChunk(Value number) {
    Chunk chunk = chunkAt(number);
    if (blocking.packLeft)
      forRowPanels([&](Value rowPanel) {
        Value row = loops.mul(rowPanel, loops.i64(blocking.tile.rows));
        Value offset = loadElements(loops, i64(), elementAddress(loops, i64(), offsets, row));
        Value rows = loops.min(loops.i64(blocking.tile.rows), loops.sub(rowsHere, row));
        call(packLeft(kernel, shape.element),
             {address(leftBase, loops.add(offset, chunk.a)), rows, chunk.terms, loops.i64(shape.sum[2].a), packedPanel(rowPanel)});
      });
    loops.forLoop(loops.i64(0), panelsHere, 1, {}, [&](Value panel, ValueRange) {
      emitPanel(chunk, panel);
      return SmallVector<Value>();
    });
  }

  Value packedPanel(Value rowPanel) {
    return address(packedLeft, loops.mul(rowPanel, loops.i64(blocking.chunkTerms * blocking.tile.rows)));
  }

  void emitPanel(const Chunk &chunk, Value panel) {
    Value column = loops.mul(loops.add(firstPanel, panel), loops.i64(blocking.tile.columns));
    Value b = address(rightBase, loops.add(chunk.b, loops.mul(column, loops.i64(shape.columnStride))));
    Value bStride = loops.i64(shape.sum[2].b);
    if (blocking.packRight) {
      SmallVector<Value> arguments = {b};
      for (int level = 0; level < 3; ++level)
        arguments.append({chunk.counts[level], loops.i64(shape.sum[level].b)});
      arguments.append({loops.i64(shape.columnStride),
                        loops.min(loops.i64(blocking.tile.columns), loops.sub(loops.i64(shape.columns), column)), packedRight});
      call(packRight(kernel, shape.element, blocking.rightLayout), arguments);
      b = packedRight, bStride = loops.i64(blocking.tile.columns);
    }
    forRowPanels([&](Value rowPanel) {
      Value tile = tileAddress(panel, rowPanel);
      emitMicroKernel(chunk, rowPanel, b, bStride, tile);
      if (blocking.chunks == 1)
        emitEpilogue(panel, rowPanel, tile);
    });
  }

  void emitMicroKernel(const Chunk &chunk, Value rowPanel, Value b, Value bStride, Value tile) {
    Value row = loops.mul(rowPanel, loops.i64(blocking.tile.rows));
    SmallVector<Value> arguments;
    if (blocking.packLeft) {
      Value zero = loops.i64(0), one = loops.i64(1);
      arguments = {packedPanel(rowPanel), packedOffsets, one, zero, one, zero, chunk.terms, loops.i64(blocking.tile.rows)};
    } else {
      arguments = {address(leftBase, chunk.a), elementAddress(loops, i64(), offsets, row)};
      for (int level = 0; level < 3; ++level)
        arguments.append({chunk.counts[level], loops.i64(shape.sum[level].a)});
    }
    arguments.append({b, bStride, tile});
    int64_t tileRows = blocking.tile.rows, last = shape.rowCount() % tileRows;
    bool accumulate = blocking.chunks > 1;
    auto callWith = [&](int64_t rows) {
      call(microKernel(kernel, shape.element, rows, accumulate), arguments);
      return SmallVector<Value>();
    };
    if (!last || shape.rowCount() < tileRows) {
      callWith(last ? last : tileRows);
      return;
    }
    Value whole = loops.compare(arith::CmpIPredicate::sge, loops.sub(rowsHere, row), loops.i64(tileRows));
    loops.ifElse(whole, {}, [&] { return callWith(tileRows); }, [&] { return callWith(last); });
  }

  void emitEpilogue(Value panel, Value rowPanel, Value tile) {
    Elemental &e = builder.elements();
    int64_t columns = blocking.tile.columns;
    Value column = loops.mul(loops.add(firstPanel, panel), loops.i64(columns));
    Value firstInBlock = loops.mul(rowPanel, loops.i64(blocking.tile.rows));
    Value rows = loops.min(loops.i64(blocking.tile.rows), loops.sub(rowsHere, firstInBlock));
    Mask mask;
    if (shape.columns % columns)
      mask = e.lane.compare(arith::CmpIPredicate::slt, e.lane.ramp(column), shape.columns, columns);
    loops.forLoop(loops.i64(0), rows, 1, {}, [&](Value row, ValueRange) {
      Value sums = loadElements(loops, lanesOf(shape.element, columns), address(tile, loops.mul(row, loops.i64(columns))));
      e.bind(shape.result, [&](Index &, Mask) { return sums; });
      Index index = productIndex(e.lane, shape, batch, loops.add(firstRow, loops.add(firstInBlock, row)), e.lane.ramp(column), columns);
      ArrayRef<int64_t> from = Elemental::shapeOf(shape.result);
      SmallVector<Value> values;
      SmallVector<Index> places;
      for (const Output &output : outputs) {
        ArrayRef<int64_t> to = Elemental::shapeOf(output.value);
        places.push_back(from == to ? index : e.lane.reshape(index, from, to));
        values.push_back(e.evaluateVector(output.value, places.back(), mask));
      }
      for (auto [output, place, value] : llvm::zip(outputs, places, values))
        e.store(output.buffer, place, Elemental::shapeOf(output.value), value, mask);
      e.unbind(shape.result);
      return SmallVector<Value>();
    });
  }

  KernelBuilder &kernel;
  const ProductShape &shape;
  const Blocking &blocking;
  PhaseBuilder builder;
  LoopBuilder &loops;
  SmallVector<Output> outputs;
  Value left, right, offsets, tiles, packedRight, packedLeft, packedOffsets;
  int64_t panelsOfRows = 0;
  // Of the task at hand:
  Value batch, firstRow, rowsHere, firstPanel, panelsHere, leftBase, rightBase;
};

/// Whether register tiles pay: some columns, some terms.
bool isWorthIt(const ProductShape &shape) {
  bool empty = shape.rowCount() * shape.columns * shape.sumCount() * shape.batchCount() == 0;
  return !empty && shape.columns >= 4 && shape.sumCount() >= 2 && shape.rowCount() >= 2;
}

} // namespace

bool emitProduct(KernelBuilder &kernel) {
  Operation *product = nullptr;
  for (Operation &op : kernel.function().getBody().front())
    if (isa<ir::DotOp, ir::ConvOp>(op)) {
      if (product)
        return false;
      product = &op;
    }
  Type element = cast<RankedTensorType>(product->getResult(0).getType()).getElementType();
  if (!(element.isF32() || element.isF64()) || !hasPlainEpilogue(product->getResult(0), kernel.results()))
    return false;
  // A graph that was optimized for another target may have products of reduced precision: the generic way rounds their operands.
  auto precision = product->getAttrOfType<ir::PrecisionAttr>("precision");
  if (precision && precision.getValue() != ir::Precision::f32)
    return false;
  std::optional<ProductShape> shape = tiledShape(product, isWorthIt);
  if (!shape)
    return false;
  SmallVector<Value> computed;
  for (Value operand : {throughReshapes(shape->left), throughReshapes(shape->right)})
    if (operand.getDefiningOp() && !llvm::is_contained(computed, operand))
      computed.push_back(operand);
  for (Value operand : computed)
    kernel.emitGeneric({operand});

  Blocking blocking = blockingOf(*shape, TileSize::of(kernel, element));
  Phase phase;
  phase.tiles = shape->batchCount() * blocking.rowBlocks * blocking.panelBlocks;
  double work = 2.0 * shape->batchCount() * shape->rowCount() * shape->columns * shape->sumCount();
  phase.seconds = work / (kernel.traits().vectorBytes == 64 ? 150e9 : 80e9);
  ProductPhase(kernel, *shape, blocking, phase).emit();
  return true;
}

} // namespace dlc::codegen
