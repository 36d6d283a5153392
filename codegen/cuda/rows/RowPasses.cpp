#include "codegen/cuda/rows/RowPasses.h"

using namespace mlir;

namespace dlc::codegen::cuda {

RowPasses::RowPasses(Kernel &kernel, const RowSpace &space, const RowShape &shape, int64_t blocks)
    : space(space), shape(shape), phase(kernel, blocks, shape.threads), loops(phase.loops()), e(phase.elements()) {
  for (const Root &root : place(phase, space.roots)) {
    if (space.isOfRows(root.value))
      rowRoots.push_back(root);
    else
      addByShape(inner, root);
  }
  e.setRowShare(shape.share);
  if (shape.share.turns > 0)
    phase.keepRows();
}

void RowPasses::setRow(Value row) {
  Index index;
  index.linear = e.lane.uniform(row);
  ArrayRef<Lane> along = e.lane.axes(index, space.outer);
  axes.assign(along.begin(), along.end());
  claimPlaces();
  loadRow();
}

void RowPasses::claimPlaces() {
  e.ownPlaces.clear();
  if (inner.empty())
    return;
  Value first = inner[0][0].value;
  int64_t count = product(space.rest(first)), lanes = lanesOf(count);
  for (const Elemental::Turn &turn : e.turnsOver(count, lanes)) {
    Index index = elementsAt(turn.place, lanes, first);
    e.ownPlaces.push_back(e.lane.linear(index, Elemental::shapeOf(first)));
  }
}

void RowPasses::loadRow() {
  for (Value tensor : shape.loads) {
    int64_t count = product(space.rest(tensor)), lanes = lanesOf(count);
    for (const Elemental::Turn &turn : e.turnsOver(count, lanes))
      e.evaluate(tensor, elementsAt(turn.place, lanes, tensor));
  }
}

void RowPasses::emitInner(ArrayRef<Root> group, Value row) {
  int64_t count = product(space.rest(group[0].value)), lanes = lanesOf(count);
  SmallVector<Elemental::Turn> turns = e.turnsOver(count, lanes);
  if (!turns.empty())
    return emitTurns(group, turns, lanes);
  Value start = loops.mul(row, loops.i64(count));
  loops.forLoop(loops.mul(phase.groupThread(), loops.i64(lanes)), loops.i64(count), shape.group * lanes, {}, [&](Value i, ValueRange) {
    Index index = elementsAt(lanes == 1 ? e.lane.uniform(i) : e.lane.ramp(i, lanes), lanes, group[0].value);
    if (space.isLeading()) { // rows lie one behind the other
      Value number = loops.add(start, i);
      index.linear = lanes == 1 ? e.lane.uniform(number) : e.lane.ramp(number, lanes);
    }
    e.aboutToWrite(e.lane.linear(index, Elemental::shapeOf(group[0].value)), isFirst);
    emitElements(phase, group, index);
    return SmallVector<Value>();
  });
}

void RowPasses::emitTurns(ArrayRef<Root> group, ArrayRef<Elemental::Turn> turns, int64_t lanes) {
  SmallVector<SmallVector<Value>> values;
  SmallVector<Index> places;
  ArrayRef<int64_t> whole = Elemental::shapeOf(group[0].value);
  for (const Elemental::Turn &turn : turns) {
    places.push_back(elementsAt(turn.place, lanes, group[0].value));
    Index numbered = places.back();
    e.aboutToWrite(e.lane.linear(numbered, whole), isFirst);
    values.emplace_back();
    for (const Root &root : group)
      values.back().push_back(e.evaluate(root.value, places.back()));
  }
  if (!isRead && turns[0].taken && e.writesOverOperands()) // who has nothing to do has read the first element of the row
    phase.syncGroup();
  for (auto [turn, place, ofTurn] : llvm::zip(turns, places, values)) {
    auto write = [&] {
      for (auto [root, value] : llvm::zip(group, ofTurn))
        e.store(root.buffer, place, whole, value);
      return SmallVector<Value>();
    };
    if (turn.taken)
      loops.ifElse(turn.taken, {}, write);
    else
      write();
  }
}

} // namespace dlc::codegen::cuda
