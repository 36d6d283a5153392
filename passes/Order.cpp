// Order: puts the writer of a place's new value after the readers of the old one, then takes the
// order of smallest peak that respects this.
#include "passes/InPlace.h"
#include "passes/Liveness.h"
#include "passes/Passes.h"
#include "passes/Schedule.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_ORDERPASS
#include "passes/Passes.h.inc"

namespace {

/// A buffer that holds `old` when a block begins and must hold operand `yielded` of the terminator
/// when it ends.
struct Place {
  Value old;
  unsigned yielded;
};

class OrderPass : public impl::OrderPassBase<OrderPass> {
public:
  using OrderPassBase::OrderPassBase;
  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    SymbolTableCollection collection;
    symbols = &collection;
    for (auto func : getOperation().getOps<ir::FuncOp>())
      if (!isKernel(func))
        orderBlock(func.getBody().front(), placesOf(func));
  }

private:
  static SmallVector<Place> placesOf(ir::FuncOp func) {
    llvm::StringMap<Value> arguments;
    for (BlockArgument argument : func.getBody().getArguments())
      for (StringRef kind : {kParam, kState})
        if (auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kind))
          arguments[name.getValue()] = argument;
    SmallVector<Place> places;
    for (unsigned i = 0; i < func.getNumResults(); ++i)
      if (auto name = func.getResultAttrOfType<StringAttr>(i, kUpdate))
        if (Value old = arguments.lookup(name.getValue()))
          places.push_back({old, i});
    return places;
  }

  /// Orders the block and what is in it; returns the peak of its own values in bytes.
  int64_t orderBlock(Block &block, ArrayRef<Place> places) {
    llvm::DenseMap<Operation *, int64_t> inner;
    SmallVector<Operation *> writers = makeWriters(block, places);
    for (Operation &op : block.without_terminator())
      if (op.getNumRegions() != 0)
        inner[&op] = orderInside(op, block, places);
    BlockGraph graph(block);
    for (auto [place, writer] : llvm::zip(places, writers))
      if (writer)
        writeLast(graph, block, place, writer);
    Schedule schedule = bestSchedule(graph, block, [&](Operation *op) { return inner.lookup(op); });
    for (unsigned node : schedule.order)
      graph.op(node)->moveBefore(block.getTerminator());
    for (auto barrier : llvm::make_early_inc_range(block.getOps<ir::BarrierOp>())) {
      barrier.replaceAllUsesWith(barrier.getOperand());
      barrier.erase();
    }
    return schedule.peak;
  }

  int64_t orderInside(Operation &op, Block &block, ArrayRef<Place> places) {
    if (auto loop = dyn_cast<ir::LoopOp>(op)) {
      SmallVector<Place> carried;
      unsigned first = loop.getExit() ? 1 : 0;
      for (auto [i, argument] : llvm::enumerate(loop.getCarriedArguments()))
        carried.push_back({argument, first + static_cast<unsigned>(i)});
      return orderBlock(loop.getBody().front(), carried);
    }
    // What a cond gives for a place is written there by the side that is taken.
    SmallVector<Place> inherited;
    for (const Place &place : places)
      if (auto result =
              dyn_cast<OpResult>(viewed(block.getTerminator()->getOperand(place.yielded)));
          result && result.getOwner() == &op)
        inherited.push_back({place.old, result.getResultNumber()});
    int64_t most = 0;
    for (Region &region : op.getRegions())
      most = std::max(most, orderBlock(region.front(), inherited));
    return most;
  }

  /// The operation that writes each place's new value, null where it keeps the old one. Where a
  /// value has no operation that could write there (an argument, a constant, a kernel that reads
  /// the old value elsewhere), a copy is put in.
  SmallVector<Operation *> makeWriters(Block &block, ArrayRef<Place> places) {
    SmallVector<Operation *> writers;
    llvm::DenseSet<Value> taken;
    Operation *terminator = block.getTerminator();
    for (const Place &place : places) {
      Value yielded = terminator->getOperand(place.yielded), value = viewed(yielded);
      if (value == place.old) {
        writers.push_back(nullptr);
        continue;
      }
      Operation *def = value.getDefiningOp();
      if (!def || def->getBlock() != &block || isa<ir::ConstantOp>(def) ||
          !taken.insert(value).second || !canWrite(def, cast<OpResult>(value), place.old)) {
        OpBuilder builder(terminator);
        def = ir::CopyOp::create(builder, yielded.getLoc(), yielded, DenseI64ArrayAttr(),
                                 DenseI64ArrayAttr());
        terminator->setOperand(place.yielded, def->getResult(0));
      }
      writers.push_back(def);
    }
    return writers;
  }

  bool canWrite(Operation *def, OpResult result, Value old) {
    auto launch = dyn_cast<ir::LaunchOp>(def);
    if (!launch)
      return true;
    auto kernel = symbols->lookupNearestSymbolFrom<ir::FuncOp>(launch, launch.getCalleeAttr());
    for (Value operand : launch.getOperands())
      if (viewed(operand) == old &&
          !(kernel && mayOverwrite(launch, kernel, operand, result.getResultNumber())))
        return false;
    return true;
  }

  /// Every reader of the old value before its writer; those that cannot be get a copy.
  void writeLast(BlockGraph &graph, Block &block, const Place &place, Operation *writer) {
    unsigned writerNode = *graph.nodeOf(writer);
    std::optional<unsigned> copyNode;
    for (Value view : views(place.old))
      for (OpOperand &use : llvm::make_early_inc_range(view.getUses())) {
        if (makesView(use) || !block.findAncestorOpInBlock(*use.getOwner()))
          continue;
        auto reader = graph.nodeOf(use.getOwner());
        if (reader == writerNode)
          continue;
        if (reader && (copyNode == reader || !graph.reaches(writerNode, *reader))) {
          graph.addEdge(*reader, writerNode);
          continue;
        }
        if (!copyNode)
          copyNode = copyOld(graph, block, place.old, writer);
        readCopy(graph, use, *copyNode);
        if (reader)
          graph.addEdge(*copyNode, *reader);
      }
  }

  static StringRef placeName(ir::FuncOp func, BlockArgument argument) {
    for (StringRef kind : {kParam, kState})
      if (auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kind))
        return name.getValue();
    return {};
  }

  unsigned copyOld(BlockGraph &graph, Block &block, Value old, Operation *writer) {
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    auto copy =
        ir::CopyOp::create(builder, old.getLoc(), old, DenseI64ArrayAttr(), DenseI64ArrayAttr());
    if (auto func = dyn_cast<ir::FuncOp>(block.getParentOp()); func && remarks)
      writer->emitRemark() << "the old value of `" << placeName(func, cast<BlockArgument>(old))
                           << "` is copied: it is read after the new one is made";
    unsigned node = graph.addNode(copy);
    graph.addEdge(node, *graph.nodeOf(writer));
    return node;
  }

  static void readCopy(BlockGraph &graph, OpOperand &use, unsigned copyNode) {
    Value copy = graph.op(copyNode)->getResult(0);
    if (copy.getType() != use.get().getType()) {
      OpBuilder builder(use.getOwner());
      copy = ir::ReshapeOp::create(builder, use.get().getLoc(), use.get().getType(), copy);
      if (builder.getInsertionBlock() == graph.op(copyNode)->getBlock()) {
        unsigned view = graph.addNode(copy.getDefiningOp());
        graph.addEdge(copyNode, view);
        if (auto reader = graph.nodeOf(use.getOwner()))
          graph.addEdge(view, *reader);
      }
    }
    use.set(copy);
  }

  SymbolTableCollection *symbols = nullptr; // of this run
};

} // namespace
} // namespace dlc::passes
