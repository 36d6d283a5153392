#include "codegen/cuda/product/RegisterTile.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// 16 × 16 threads, each with rows and columns in groups of 16 bytes; a second group lies half a tile further.
class ScalarTile final : public RegisterTile {
public:
  ScalarTile(LoopBuilder &loops, const Tiling &tiling, Type element, Int thread) : RegisterTile(loops, tiling, element) {
    constexpr int64_t kSide = 16;
    int64_t widest = 16 / (element.getIntOrFloatBitWidth() / 8);
    rowGroup = std::min(tiling.rows / kSide, widest), columnGroup = std::min(tiling.columns / kSide, widest);
    rowGroups = tiling.rows / kSide / rowGroup, columnGroups = tiling.columns / kSide / columnGroup;
    row = (thread / kSide) * rowGroup;
    column = (thread % kSide) * columnGroup;
  }

  OperandTile::Layout layoutOf(const Factor &) const override { return OperandTile::Layout::LinesSideBySide; }
  int64_t count() const override { return rowGroups * rowGroup * columnGroups * columnGroup; }
  int64_t chunks() const override { return rowGroups; }
  Int tileRow(int64_t chunk, Int rowOfChunk) const override { return rowOfChunk + chunk * (tiling.rows / rowGroups); }

  SmallVector<Value> multiply(const OperandTile &left, Value leftStage, const OperandTile &right, Value rightStage, ValueRange given) override {
    SmallVector<Value> sums(given);
    for (int64_t term = 0; term < tiling.depth; ++term) {
      SmallVector<Value> a = lines(left, leftStage, row, term, rowGroups, rowGroup, tiling.rows);
      SmallVector<Value> c = lines(right, rightStage, column, term, columnGroups, columnGroup, tiling.columns);
      size_t next = 0;
      for (Value x : a)
        for (Value y : c) {
          sums[next] = math::FmaOp::create(b(), x, y, sums[next]);
          ++next;
        }
    }
    return sums;
  }

  void store(int64_t chunk, ValueRange sums, Value memory, int64_t pitch) override {
    int64_t columnsOfThread = columnGroups * columnGroup;
    for (int64_t r = 0; r < rowGroup; ++r)
      for (int64_t g = 0; g < columnGroups; ++g) {
        SmallVector<Value> values;
        for (int64_t c = 0; c < columnGroup; ++c)
          values.push_back(sums[(chunk * rowGroup + r) * columnsOfThread + g * columnGroup + c]);
        Int place = (row + r) * pitch + column + g * (tiling.columns / columnGroups);
        Value to = at(memory, place);
        LLVM::StoreOp::create(b(), vector::FromElementsOp::create(b(), VectorType::get({columnGroup}, element), values), to, bytes(columnGroup));
      }
  }

private:
  unsigned bytes(int64_t lanes) const { return static_cast<unsigned>(lanes * element.getIntOrFloatBitWidth() / 8); }
  /// The thread's lines of a factor, at one term.
  SmallVector<Value> lines(const OperandTile &tile, Value stage, Int first, int64_t term, int64_t groups, int64_t group, int64_t tileLines) {
    SmallVector<Value> values;
    for (int64_t g = 0; g < groups; ++g) {
      Value from = at(stage, tile.place(first + g * (tileLines / groups), first.c(term)));
      Value loaded = LLVM::LoadOp::create(b(), VectorType::get({group}, element), from, bytes(group));
      for (int64_t i = 0; i < group; ++i)
        values.push_back(vector::ExtractOp::create(b(), loaded, i));
    }
    return values;
  }
  int64_t rowGroup, rowGroups, columnGroup, columnGroups;
  Int row, column;
};

/// Eight warps, each with a part of the tile in fragments of 16 × 8 for `mma.sync` (PTX ISA, "Matrix Fragments for mma.m16n8k8" and "…m16n8k16"): lane 4·g + t
/// holds rows g and g + 8 of A and C, column g of B, and every fourth term from t on, or pairs of terms.
class TensorTile final : public RegisterTile {
public:
  TensorTile(LoopBuilder &loops, const Tiling &tiling, Type element, Int thread) : RegisterTile(loops, tiling, element) {
    constexpr int64_t kWarps = Tiling::kThreads / 32;
    int64_t warpColumns = tiling.columns > tiling.rows || tiling.rows == tiling.columns ? 4 : 2;
    warpRows = kWarps / warpColumns;
    rowTiles = tiling.rows / warpRows / 16, columnTiles = tiling.columns / warpColumns / 8;
    Int warp = thread / 32, lane = thread % 32;
    group = lane / 4, inGroup = lane % 4;
    warpRow = warp / warpColumns;
    rowStart = warpRow * (tiling.rows / warpRows);
    columnStart = (warp % warpColumns) * (tiling.columns / warpColumns);
  }

  OperandTile::Layout layoutOf(const Factor &factor) const override {
    bool terms = factor.hasNeighbouringTerms() && !factor.hasNeighbouringLines();
    return terms ? OperandTile::Layout::TermsSideBySide : OperandTile::Layout::LinesSideBySide;
  }
  int64_t count() const override { return rowTiles * columnTiles * 4; }
  int64_t chunks() const override { return rowTiles; }
  Int tileRow(int64_t chunk, Int rowOfChunk) const override { return (rowOfChunk / 16) * (16 * rowTiles) + chunk * 16 + rowOfChunk % 16; }

  SmallVector<Value> multiply(const OperandTile &left, Value leftStage, const OperandTile &right, Value rightStage, ValueRange given) override {
    SmallVector<Value> sums(given);
    int64_t terms = tiling.unit == Unit::Tf32 ? 8 : 16;
    for (int64_t term = 0; term < tiling.depth; term += terms) {
      SmallVector<SmallVector<Value>> a, c;
      for (int64_t r = 0; r < rowTiles; ++r)
        a.push_back(fragment(left, leftStage, rowStart + group + r * 16, term, /*lines=*/2));
      for (int64_t n = 0; n < columnTiles; ++n)
        c.push_back(fragment(right, rightStage, columnStart + group + n * 8, term, /*lines=*/1));
      for (int64_t r = 0; r < rowTiles; ++r)
        for (int64_t n = 0; n < columnTiles; ++n)
          accumulate(a[r], c[n], MutableArrayRef(sums).slice((r * columnTiles + n) * 4, 4), terms);
    }
    return sums;
  }

  void store(int64_t chunk, ValueRange sums, Value memory, int64_t pitch) override {
    for (int64_t n = 0; n < columnTiles; ++n)
      for (int64_t half = 0; half < 2; ++half) {
        ValueRange pair = sums.slice((chunk * columnTiles + n) * 4 + half * 2, 2);
        Int place = (warpRow * 16 + group + half * 8) * pitch + columnStart + n * 8 + inGroup * 2;
        Value to = at(memory, place);
        LLVM::StoreOp::create(b(), vector::FromElementsOp::create(b(), VectorType::get({2}, element), pair), to, 8);
      }
  }

private:
  Value number(const OperandTile &tile, Value stage, Int line, Int term) {
    Value from = at(stage, tile.place(line, term));
    return LLVM::LoadOp::create(b(), element, from, 4);
  }
  Value call(StringRef name, Type result, ValueRange arguments) {
    loops.moveToTop();
    return LLVM::CallIntrinsicOp::create(b(), result, b().getStringAttr(name), arguments).getResult(0);
  }
  /// The registers of a fragment of one line, or of that and the one 8 further.
  SmallVector<Value> fragment(const OperandTile &tile, Value stage, Int line, int64_t firstTerm, int64_t lineCount) {
    SmallVector<Value> registers;
    Type i32 = b().getI32Type();
    for (int64_t half = 0; half < 2; ++half)
      for (int64_t l = 0; l < lineCount; ++l) {
        Int here = line + l * 8;
        if (tiling.unit == Unit::Tf32) {
          Value x = number(tile, stage, here, inGroup + (firstTerm + half * 4));
          registers.push_back(call("llvm.nvvm.f2tf32.rna", i32, x));
        } else {
          Int term = inGroup * 2 + (firstTerm + half * 8);
          Value low = number(tile, stage, here, term), high = number(tile, stage, here, term + 1);
          Value pair = call("llvm.nvvm.ff2bf16x2.rn", VectorType::get({2}, b().getBF16Type()), {high, low});
          registers.push_back(LLVM::BitcastOp::create(b(), i32, pair));
        }
      }
    return registers;
  }
  void accumulate(ArrayRef<Value> a, ArrayRef<Value> c, MutableArrayRef<Value> sums, int64_t terms) {
    loops.moveToTop();
    Type f32 = b().getF32Type();
    Type results = LLVM::LLVMStructType::getLiteral(b().getContext(), {f32, f32, f32, f32});
    SmallVector<Value> arguments(a);
    arguments.append(c.begin(), c.end());
    arguments.append(sums.begin(), sums.end());
    StringRef name = terms == 8 ? "llvm.nvvm.mma.m16n8k8.row.col.tf32" : "llvm.nvvm.mma.m16n8k16.row.col.bf16";
    Value made = call(name, results, arguments);
    for (int64_t i = 0; i < 4; ++i)
      sums[i] = LLVM::ExtractValueOp::create(b(), made, ArrayRef<int64_t>{i});
  }

  int64_t warpRows, rowTiles, columnTiles;
  Int group, inGroup, warpRow, rowStart, columnStart;
};

} // namespace

std::unique_ptr<RegisterTile> RegisterTile::make(LoopBuilder &loops, const Tiling &tiling, Type element, Int thread) {
  if (tiling.unit == Unit::Scalar)
    return std::make_unique<ScalarTile>(loops, tiling, element, thread);
  return std::make_unique<TensorTile>(loops, tiling, element, thread);
}

SmallVector<Value> RegisterTile::zeros() const { return SmallVector<Value>(count(), loops.number(element, 0)); }

Value RegisterTile::at(Value memory, Int place) {
  loops.moveToTop();
  return LLVM::GEPOp::create(b(), memory.getType(), element, memory, ArrayRef<LLVM::GEPArg>{place.value()});
}

} // namespace dlc::codegen::cuda
