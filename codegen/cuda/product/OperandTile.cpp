#include "codegen/cuda/product/OperandTile.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;

namespace dlc::codegen::cuda {

Factor Factor::left(const ProductShape &shape, bool aligned) {
  return {shape.element, shape.rows, shape.sum, shape.batches, &Walk::a, shape.aOffset, aligned};
}

Factor Factor::right(const ProductShape &shape, bool aligned) {
  std::array<Walk, 3> lines;
  lines[2] = {shape.columns, 0, shape.columnStride};
  return {shape.element, lines, shape.sum, shape.batches, &Walk::b, shape.bOffset, aligned};
}

Int offsetIn(const std::array<Walk, 3> &walks, int64_t Walk::*stride, Int number) {
  Int offset = number.c(0), rest = number;
  for (int level = 2; level >= 0; --level) {
    bool isLast = level == 0 || walks[0].count * (level == 2 ? walks[1].count : 1) == 1;
    offset = offset + (isLast ? rest : rest % walks[level].count) * (walks[level].*stride);
    if (isLast)
      break;
    rest = rest / walks[level].count;
  }
  return offset;
}

OperandTile::OperandTile(const Factor &factor, const Tiling &tiling, int64_t tileLines, Layout layout)
    : factor(factor), tileLines(tileLines), depth(tiling.depth), elementBytes(factor.element.getIntOrFloatBitWidth() / 8), layout(layout) {
  bool byLines = layout == Layout::LinesSideBySide;
  alongTerms = !byLines || (!factor.hasNeighbouringLines() && factor.hasNeighbouringTerms());
  int64_t all = tileLines * depth, most = std::min(16 / elementBytes, all / Tiling::kThreads);
  // Elements side by side in both memories are copied together, where every such group begins at a multiple of its size.
  const std::array<Walk, 3> &along = alongTerms ? factor.sum : factor.lines, &across = alongTerms ? factor.lines : factor.sum;
  auto stride = factor.stride;
  bool together = factor.aligned && (alongTerms ? factor.hasNeighbouringTerms() && !byLines : factor.hasNeighbouringLines() && byLines);
  auto fits = [&](int64_t n) {
    bool divides = along[2].count % n == 0 && factor.offset % n == 0;
    for (const auto *walks : {&along, &across, &factor.batches})
      for (int level = 0; level < 3; ++level)
        if (!(walks == &along && level == 2) && (*walks)[level].count > 1)
          divides &= (*walks)[level].*stride % n == 0;
    return divides;
  };
  width = 1;
  while (together && width * 2 <= most && fits(width * 2))
    width *= 2;
  pitch = byLines ? tileLines + (alongTerms ? 4 : tiling.unit == Unit::Scalar ? 4 : 8) : depth + 4;
  copies = all / (width * Tiling::kThreads);
  step = Tiling::kThreads * width / (alongTerms ? depth : tileLines);
}

int64_t OperandTile::stageElements() const { return pitch * (layout == Layout::LinesSideBySide ? depth : tileLines); }

void OperandTile::begin(LoopBuilder &loops, Value memory, Int thread, Int batch, Int firstLine) {
  int64_t groups = (alongTerms ? depth : tileLines) / width;
  Int along = (thread % groups) * width, across = thread / groups;
  line = alongTerms ? across : along;
  term = alongTerms ? along : across;
  Int start = offsetIn(factor.batches, factor.stride, batch) + factor.offset;
  loops.moveToTop();
  auto &b = loops.builder();
  // The pointers of a kernel point to the device's memory, which the copies want to know.
  Value global = LLVM::AddrSpaceCastOp::create(b, LLVM::LLVMPointerType::get(b.getContext(), 1), memory);
  base = LLVM::GEPOp::create(b, global.getType(), factor.element, global, ArrayRef<LLVM::GEPArg>{start.wide()});
  int64_t count = factor.lineCount();
  for (int64_t i = 0; i < (alongTerms ? copies : 1); ++i) {
    Int number = firstLine + line + i * step;
    lineInside.push_back(count % tileLines ? number < count : Value());
    lineOffsets.push_back(offsetIn(factor.lines, factor.stride, number));
  }
}

void OperandTile::copyOne(LoopBuilder &loops, Value stage, Int place, Int offset, Value isInside) {
  auto &b = loops.builder();
  int64_t bytes = width * elementBytes;
  Int size = Int::select(isInside, place.c(bytes), place.c(0));
  Value from = LLVM::GEPOp::create(b, base.getType(), factor.element, base, ArrayRef<LLVM::GEPArg>{offset.value()});
  Value to = LLVM::GEPOp::create(b, stage.getType(), factor.element, stage, ArrayRef<LLVM::GEPArg>{place.value()});
  auto cache = bytes == 16 ? NVVM::LoadCacheModifierKind::CG : NVVM::LoadCacheModifierKind::CA;
  NVVM::CpAsyncOp::create(b, to, from, static_cast<uint32_t>(bytes), cache, size.value());
}

void OperandTile::copy(LoopBuilder &loops, Value stage, Int firstTerm, Int lastTerm) {
  auto both = [&](Value a, Value c) -> Value {
    loops.moveToTop();
    return a ? arith::AndIOp::create(loops.builder(), a, c) : c;
  };
  for (int64_t i = 0; i < copies; ++i) {
    Int inTile = alongTerms ? term : term + i * step, number = firstTerm + inTile;
    Int lineHere = alongTerms ? line + i * step : line;
    size_t known = alongTerms ? static_cast<size_t>(i) : 0;
    Int offset = lineOffsets[known] + offsetIn(factor.sum, factor.stride, number);
    copyOne(loops, stage, place(lineHere, inTile), offset, both(lineInside[known], number < lastTerm));
  }
}

} // namespace dlc::codegen::cuda
