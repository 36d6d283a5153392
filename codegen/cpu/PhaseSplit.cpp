// Reductions to few values: chunks of the folded elements, then a tree over the chunks. The number of chunks follows from the
// shape alone, so the sum does not depend on threads.
#include "codegen/cpu/KernelBuilder.h"

#include "llvm/ADT/bit.h"

using namespace mlir;

namespace dlc::codegen {

bool emitSplitReduce(KernelBuilder &kernel, ir::ReduceOp op) {
  constexpr int64_t kTasks = 64, kChunkBytes = 32 << 10;
  Value operand = op.getOperand(), result = op.getResult();
  ArrayRef<int64_t> from = Elemental::shapeOf(operand), to = Elemental::shapeOf(result);
  int64_t outputs = product(to), bytes = product(from) * elementBytes(scalarOf(operand.getType()));
  if (outputs == 0 || product(from) == 0 || op.getAxes().empty())
    return false;
  auto leaf = [](Value value) { return !value.getDefiningOp(); };
  int64_t leading = from.size() - op.getAxes().size();
  bool trailing = llvm::all_of(llvm::enumerate(op.getAxes()), [&](auto it) { return it.value() == leading + static_cast<int64_t>(it.index()); });
  bool lastFolded = op.getAxes().back() == static_cast<int64_t>(from.size()) - 1;
  // By number through all folded axes, or by the first folded axis.
  bool flat = trailing && (op.getAxes().size() == 1 ? laneFriendly(operand, from.size() - 1, leaf) : numbersThrough(operand, leaf));
  int64_t lanes = 1;
  if (!lastFolded && laneFriendly(result, static_cast<int64_t>(to.size()) - 1, leaf))
    lanes = std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(to.back()));
  int64_t tasks = (outputs + lanes - 1) / lanes;
  int64_t length = flat ? product(from.drop_front(leading)) : from[op.getAxes()[0]];
  int64_t chunks = std::min<int64_t>({kTasks, bytes / kChunkBytes / std::max<int64_t>(tasks / 8, 1), length});
  if (tasks >= kTasks || chunks < 2)
    return false;
  int64_t chunkLength = (length + chunks - 1) / chunks;
  if (flat && chunkLength >= kernel.lanes())
    chunkLength = (chunkLength + kernel.lanes() - 1) / kernel.lanes() * kernel.lanes();
  chunks = (length + chunkLength - 1) / chunkLength;

  Type element = scalarOf(result.getType());
  int64_t partialOffset = kernel.scratch(chunks * outputs * elementBytes(element));
  SmallVector<int64_t> partialShape{chunks};
  partialShape.append(to.begin(), to.end());
  int64_t last = to.empty() ? 1 : to.back(), rowsOf = outputs / std::max<int64_t>(last, 1);
  auto eachOutput = [&](PhaseBuilder &phase, Value row, llvm::function_ref<void(Index)> emit) {
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Index rowIndex;
    rowIndex.linear = e.lane.uniform(row);
    SmallVector<Lane> axes(e.lane.axes(rowIndex, to.empty() ? to : to.drop_back()));
    auto at = [&](Lane place, int64_t n) {
      Index index = Elemental::at(axes, n);
      index.linear = e.lane.add(e.lane.mulConstant(e.lane.uniform(row), last, n), place, n);
      if (!to.empty())
        index.axes.push_back(place);
      emit(index);
      return SmallVector<Value>();
    };
    int64_t whole = last / lanes * lanes;
    loops.forLoop(loops.i64(0), loops.i64(whole), lanes, {}, [&](Value i, ValueRange) {
      return at(lanes == 1 ? e.lane.uniform(i) : e.lane.ramp(i, lanes), lanes);
    }, /*unroll=*/0);
    loops.forLoop(loops.i64(whole), loops.i64(last), 1, {}, [&](Value i, ValueRange) { return at(e.lane.uniform(i), 1); });
  };

  {
    Phase given;
    given.tiles = chunks * rowsOf;
    given.seconds = bytes / 8e9;
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(partialOffset, element, chunks * outputs);
    loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value tile, ValueRange) {
      Value chunk = loops.div(tile, rowsOf), row = loops.rem(tile, rowsOf);
      Value lower = loops.mul(chunk, loops.i64(chunkLength));
      Value upper = loops.min(loops.add(lower, loops.i64(chunkLength)), loops.i64(length));
      eachOutput(phase, row, [&](Index index) {
        Value value = e.partialReduce(op, index, lower, upper, flat);
        Index place;
        place.lanes = index.lanes;
        place.linear = e.lane.add(e.lane.mulConstant(e.lane.uniform(chunk), outputs, index.lanes), *index.linear, index.lanes);
        e.store(partial, place, partialShape, value);
      });
      return SmallVector<Value>();
    });
  }
  Phase given;
  given.tiles = rowsOf;
  given.seconds = chunks * outputs * 1e-9;
  PhaseBuilder phase(kernel, given);
  LoopBuilder &loops = phase.loops();
  Elemental &e = phase.elements();
  Buffer partial = phase.scratchBuffer(partialOffset, element, chunks * outputs), out = phase.output(result);
  bool isUnsigned = Elemental::isUnsigned(result);
  loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value row, ValueRange) {
    eachOutput(phase, row, [&](Index index) {
      SmallVector<Value> parts;
      for (int64_t chunk = 0; chunk < chunks; ++chunk) {
        Index place;
        place.lanes = index.lanes;
        place.linear = e.lane.addConstant(*index.linear, chunk * outputs, index.lanes);
        parts.push_back(e.load(partial, place, partialShape));
      }
      for (size_t stride = 1; stride < parts.size(); stride *= 2)
        for (size_t i = 0; i + stride < parts.size(); i += 2 * stride) {
          loops.moveTo(loops.levelOf({parts[i], parts[i + stride]}));
          parts[i] = e.math.fold(op.getFn(), parts[i], parts[i + stride], isUnsigned);
        }
      e.store(out, index, to, parts[0]);
    });
    return SmallVector<Value>();
  });
  return true;
}

} // namespace dlc::codegen
