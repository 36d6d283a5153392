// Reductions to few values: chunks of the folded elements, then a tree over the chunks. The number of chunks follows from the
// shape alone, so the sum does not depend on threads.
#include "codegen/cpu/KernelBuilder.h"

#include "llvm/ADT/bit.h"

using namespace mlir;

namespace dlc::codegen {

Value joinChunks(Elemental &e, ir::ReduceFn fn, bool isUnsigned, int64_t chunks, llvm::function_ref<Value(int64_t)> load) {
  SmallVector<Value> parts;
  for (int64_t chunk = 0; chunk < chunks; ++chunk)
    parts.push_back(load(chunk));
  for (size_t stride = 1; stride < parts.size(); stride *= 2)
    for (size_t i = 0; i + stride < parts.size(); i += 2 * stride) {
      e.loops.moveTo(e.loops.levelOf({parts[i], parts[i + stride]}));
      parts[i] = e.math.fold(fn, parts[i], parts[i + stride], isUnsigned);
    }
  return parts[0];
}

namespace {

class SplitReduce {
public:
  SplitReduce(KernelBuilder &kernel, ir::ReduceOp op)
      : kernel(kernel), op(op), from(Elemental::shapeOf(op.getOperand())), to(Elemental::shapeOf(op.getResult())), outputs(product(to)),
        bytes(product(from) * elementBytes(scalarOf(op.getOperand().getType()))), last(to.empty() ? 1 : to.back()),
        rows(outputs / std::max<int64_t>(last, 1)) {}

  bool run() {
    if (outputs == 0 || product(from) == 0 || op.getAxes().empty() || !chooseChunks())
      return false;
    element = scalarOf(op.getResult().getType());
    partialOffset = kernel.scratch(chunks * outputs * elementBytes(element));
    partialShape.push_back(chunks);
    partialShape.append(to.begin(), to.end());
    emitPartials();
    emitJoined();
    return true;
  }

private:
  /// Lanes over outputs, and how the folded elements are cut. False where there are outputs enough, or too little to fold.
  bool chooseChunks() {
    constexpr int64_t kTasks = 64, kChunkBytes = 32 << 10;
    auto leaf = [](Value value) { return !value.getDefiningOp(); };
    int64_t leading = from.size() - op.getAxes().size();
    bool isTrailing = llvm::all_of(llvm::enumerate(op.getAxes()), [&](auto it) { return it.value() == leading + static_cast<int64_t>(it.index()); });
    bool isLastFolded = op.getAxes().back() == static_cast<int64_t>(from.size()) - 1;
    isFlat = isTrailing && (op.getAxes().size() == 1 ? laneFriendly(op.getOperand(), from.size() - 1, leaf) : numbersThrough(op.getOperand(), leaf));
    if (!isLastFolded && laneFriendly(op.getResult(), static_cast<int64_t>(to.size()) - 1, leaf))
      lanes = std::min<int64_t>(kernel.lanes(), llvm::bit_floor<uint64_t>(to.back()));
    int64_t tasks = (outputs + lanes - 1) / lanes;
    length = isFlat ? product(from.drop_front(leading)) : from[op.getAxes()[0]];
    chunks = std::min<int64_t>({kTasks, bytes / kChunkBytes / std::max<int64_t>(tasks / 8, 1), length});
    if (tasks >= kTasks || chunks < 2)
      return false;
    chunkLength = (length + chunks - 1) / chunks;
    if (isFlat && chunkLength >= kernel.lanes())
      chunkLength = (chunkLength + kernel.lanes() - 1) / kernel.lanes() * kernel.lanes();
    chunks = (length + chunkLength - 1) / chunkLength;
    return true;
  }

  /// The outputs of a row of the result.
  void eachOutput(PhaseBuilder &phase, Value row, llvm::function_ref<void(Index)> emit) {
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
  }

  /// Each chunk's fold, at (chunk, output) of the scratch memory.
  void emitPartials() {
    Phase given;
    given.tiles = chunks * rows;
    given.seconds = bytes / 8e9;
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(partialOffset, element, chunks * outputs);
    loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value tile, ValueRange) {
      Value chunk = loops.div(tile, rows), row = loops.rem(tile, rows);
      Value lower = loops.mul(chunk, loops.i64(chunkLength));
      Value upper = loops.min(loops.add(lower, loops.i64(chunkLength)), loops.i64(length));
      eachOutput(phase, row, [&](Index index) {
        Value value = e.partialReduce(op, index, lower, upper, isFlat);
        Index place;
        place.lanes = index.lanes;
        place.linear = e.lane.add(e.lane.mulConstant(e.lane.uniform(chunk), outputs, index.lanes), *index.linear, index.lanes);
        e.store(partial, place, partialShape, value);
      });
      return SmallVector<Value>();
    });
  }

  void emitJoined() {
    Phase given;
    given.tiles = rows;
    given.seconds = chunks * outputs * 1e-9;
    PhaseBuilder phase(kernel, given);
    LoopBuilder &loops = phase.loops();
    Elemental &e = phase.elements();
    Buffer partial = phase.scratchBuffer(partialOffset, element, chunks * outputs), out = phase.output(op.getResult());
    loops.forLoop(phase.begin(), phase.end(), 1, {}, [&](Value row, ValueRange) {
      eachOutput(phase, row, [&](Index index) {
        Value whole = joinChunks(e, op.getFn(), Elemental::isUnsigned(op.getResult()), chunks, [&](int64_t chunk) {
          Index place;
          place.lanes = index.lanes;
          place.linear = e.lane.addConstant(*index.linear, chunk * outputs, index.lanes);
          return e.load(partial, place, partialShape);
        });
        e.store(out, index, to, whole);
      });
      return SmallVector<Value>();
    });
  }

  KernelBuilder &kernel;
  ir::ReduceOp op;
  ArrayRef<int64_t> from, to;
  int64_t outputs, bytes, last, rows; ///< elements of the result, bytes of the operand, the result's last axis and its rows
  bool isFlat = false;                ///< folded by number through all folded axes, else by the first folded axis
  int64_t lanes = 1, length = 0, chunks = 0, chunkLength = 0;
  Type element;
  int64_t partialOffset = 0;
  SmallVector<int64_t> partialShape;
};

} // namespace

bool emitSplitReduce(KernelBuilder &kernel, ir::ReduceOp op) { return SplitReduce(kernel, op).run(); }

} // namespace dlc::codegen
