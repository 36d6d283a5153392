// Rows: a group of threads folds over a row together and computes its elements.
#include "codegen/cuda/rows/RowPasses.h"

#include "llvm/ADT/Sequence.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

class RowEmitter : RowPasses {
public:
  RowEmitter(Kernel &kernel, const RowSpace &space, const RowShape &shape)
      : RowPasses(kernel, space, shape, std::min((shape.rows + perBlock(shape) - 1) / perBlock(shape), kMostBlocks)) {}

  void run() {
    phase.setGroup(shape.group);
    loops.forLoop(phase.groupNumber(), loops.i64(shape.rows), phase.blocks() * perBlock(shape), {}, [&](Value row, ValueRange) {
      phase.setGroup(shape.group); // all threads of it are in this pass together
      setRow(row);
      if (!rowRoots.empty())
        emitRowRoots();
      for (auto [number, group] : llvm::enumerate(inner)) {
        isFirst = number == 0;
        if (!isFirst)
          e.ownPlaces.clear();
        emitInner(group, row);
      }
      return SmallVector<Value>();
    });
  }

private:
  /// Groups of a block.
  static int64_t perBlock(const RowShape &shape) { return shape.threads / shape.group; }

  /// One value of each row.
  void emitRowRoots() {
    Index index = Elemental::at(axes, 1);
    e.writing = e.lane.linear(index, space.outer);
    index = Elemental::at(axes, 1);
    SmallVector<Value> values;
    for (const Root &root : rowRoots)
      values.push_back(e.evaluate(root.value, index));
    phase.syncGroup(); // a result may lie where the others have read
    Mask first{loops.compare(arith::CmpIPredicate::eq, phase.groupThread(), loops.i64(0)), {}};
    for (auto [root, value] : llvm::zip(rowRoots, values))
      e.store(root.buffer, index, space.outer, value, first);
  }
};

} // namespace

void emitRows(Kernel &kernel, const PhasePlan &plan) {
  RowSpace space(plan.roots, llvm::to_vector(llvm::seq<int64_t>(0, plan.rowAxes)));
  RowEmitter(kernel, space, shapeOfRow(kernel, space)).run();
}

} // namespace dlc::codegen::cuda
