// Plan: every value gets a buffer (an argument's, a result's, or an interval of the arena), then
// the intervals get offsets.
#include "passes/InPlace.h"
#include "passes/Liveness.h"
#include "passes/Offsets.h"
#include "passes/Passes.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_PLANPASS
#include "passes/Passes.h.inc"

namespace {

/// Memory that values share one after the other.
struct Buffer {
  bool inArena = false;
  Interval interval;
};

/// Where the terminator of a block wants one of its operands, and whose values lie there until
/// then.
struct Destination {
  unsigned buffer = 0;
  Value old; // null: nothing that anyone reads
  /// The slice of a collected result: each pass has its own.
  bool slice = false;
};

/// Plans one function.
class Planner {
public:
  Planner(ir::FuncOp func, SymbolTableCollection &symbols)
      : func(func), symbols(symbols), timeline(func) {}

  void run() {
    Block &block = func.getBody().front();
    for (BlockArgument argument : block.getArguments())
      bufferOf[argument] = fixedBuffer();
    planBlock(block, functionDestinations(block));
    assign();
  }

private:
  static constexpr unsigned kNone = ~0u;

  unsigned fixedBuffer() {
    buffers.emplace_back();
    return buffers.size() - 1;
  }
  unsigned arenaBuffer(Value value, unsigned begin) {
    buffers.push_back(
        {true, {begin, std::max(begin, timeline.lastRead(value)), *byteSize(value.getType()), 0}});
    return buffers.size() - 1;
  }
  unsigned lookup(Value value) const {
    auto it = bufferOf.find(viewed(value));
    return it == bufferOf.end() ? kNone : it->second;
  }

  /// An update's destination is its argument, any other result has a buffer of its own.
  std::vector<Destination> functionDestinations(Block &block) {
    llvm::StringMap<BlockArgument> places;
    for (BlockArgument argument : block.getArguments())
      for (StringRef kind : {kParam, kState})
        if (auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kind))
          places[name.getValue()] = argument;
    std::vector<Destination> destinations(func.getNumResults());
    for (auto [i, destination] : llvm::enumerate(destinations)) {
      auto name = func.getResultAttrOfType<StringAttr>(i, kUpdate);
      auto place = name ? places.find(name.getValue()) : places.end();
      if (place != places.end())
        destination = {bufferOf.lookup(place->second), place->second, false};
      else
        destination = {fixedBuffer(), Value(), false};
    }
    return destinations;
  }

  /// Gives every value of the block a buffer; values that the terminator wants somewhere are
  /// written there if nothing is lost by it.
  void planBlock(Block &block, const std::vector<Destination> &destinations) {
    Operation *terminator = block.getTerminator();
    for (auto [i, destination] : llvm::enumerate(destinations)) {
      if (destination.buffer == kNone)
        continue;
      auto result = dyn_cast<OpResult>(viewed(terminator->getOperand(i)));
      if (!result || result.getOwner()->getBlock() != &block || wanted.contains(result) ||
          !isa<ir::LaunchOp, ir::CopyOp, ir::CondOp, ir::LoopOp>(result.getOwner()) ||
          !mayWriteEarly(result, destination, block))
        continue;
      wanted[result] = {destination, static_cast<int64_t>(i)};
    }
    for (Operation &op : block.without_terminator())
      planOperation(op);
  }

  /// Whether nobody reads what is in the destination's buffer once `result` is written there.
  bool mayWriteEarly(OpResult result, const Destination &destination, Block &block) {
    if (!destination.old)
      return true;
    Operation *writer = result.getOwner();
    for (Value view : views(destination.old))
      for (OpOperand &use : view.getUses()) {
        Operation *reader = use.getOwner();
        if (isa<ir::ReshapeOp>(reader))
          continue;
        Operation *here = block.findAncestorOpInBlock(*reader);
        if (!here)
          continue; // outside: the block around answers for it
        if (here == writer) {
          if (!mayReadWhileWriting(use, writer, result))
            return false;
        } else if (timeline.begin(here) > timeline.begin(writer)) {
          return false;
        }
      }
    return true;
  }

  bool mayReadWhileWriting(OpOperand &use, Operation *writer, OpResult result) {
    if (auto launch = dyn_cast<ir::LaunchOp>(writer)) {
      auto kernel = symbols.lookupNearestSymbolFrom<ir::FuncOp>(launch, launch.getCalleeAttr());
      return kernel && mayOverwrite(launch, kernel, use.get(), result.getResultNumber());
    }
    if (isa<ir::CondOp>(writer))
      return use.getOwner() != writer; // reads inside are held against the writes inside
    if (auto loop = dyn_cast<ir::LoopOp>(writer)) {
      // The carried value starts as what lies there already.
      auto [first, count] = loop.getODSOperandIndexAndLength(2);
      return use.getOwner() == writer &&
             use.getOperandNumber() == first + result.getResultNumber() &&
             result.getResultNumber() < count;
    }
    return false;
  }

  void planOperation(Operation &op) {
    if (isa<ir::ConstantOp>(op)) {
      bufferOf[op.getResult(0)] = fixedBuffer();
      return;
    }
    if (!isa<ir::LaunchOp, ir::CopyOp, ir::CondOp, ir::LoopOp>(op))
      return;
    for (OpResult result : op.getResults()) {
      if (auto it = wanted.find(result); it != wanted.end()) {
        bufferOf[result] = it->second.first.buffer;
        continue;
      }
      if (takeOver(result))
        continue;
      bufferOf[result] = arenaBuffer(result, timeline.begin(&op));
      // A result of an operation with regions is written from within it.
      Interval &interval = buffers[bufferOf[result]].interval;
      interval.end = std::max(interval.end, timeline.end(&op));
    }
    if (auto loop = dyn_cast<ir::LoopOp>(op))
      planLoop(loop);
    else if (auto cond = dyn_cast<ir::CondOp>(op))
      planCond(cond);
  }

  /// The result lies where an operand of a launch lay that dies here, or where a loop finds the
  /// first of its carried values.
  bool takeOver(OpResult result) {
    Operation *op = result.getOwner();
    if (auto launch = dyn_cast<ir::LaunchOp>(op)) {
      auto kernel = symbols.lookupNearestSymbolFrom<ir::FuncOp>(launch, launch.getCalleeAttr());
      for (auto [i, operand] : llvm::enumerate(launch.getOperands())) {
        if (!kernel || !diesAt(operand, op) || taken.contains({op, lookup(operand)}) ||
            !mayOverwrite(launch, kernel, operand, result.getResultNumber()))
          continue;
        extend(result, lookup(operand), op);
        onto[result] = i;
        return true;
      }
    }
    if (auto loop = dyn_cast<ir::LoopOp>(op);
        loop && result.getResultNumber() < loop.getInits().size()) {
      Value init = loop.getInits()[result.getResultNumber()];
      unsigned reads = llvm::count_if(loop->getOperands(),
                                      [&](Value other) { return lookup(other) == lookup(init); });
      if (reads != 1 || !diesAt(init, op))
        return false;
      for (Value view : views(viewed(init)))
        for (Operation *user : view.getUsers())
          if (loop->isProperAncestor(user))
            return false;
      extend(result, lookup(init), op);
      return true;
    }
    return false;
  }

  /// Whether nothing in the buffer of the value is read after `op`, and the buffer belongs to the
  /// same block.
  bool diesAt(Value value, Operation *op) {
    unsigned buffer = lookup(value);
    if (buffer == kNone || !buffers[buffer].inArena ||
        viewed(value).getParentBlock() != op->getBlock())
      return false;
    return buffers[buffer].interval.end == timeline.begin(op);
  }

  void extend(OpResult result, unsigned buffer, Operation *op) {
    taken.insert({op, buffer});
    bufferOf[result] = buffer;
    Interval &interval = buffers[buffer].interval;
    interval.end = std::max({interval.end, timeline.end(op), timeline.lastRead(result)});
  }

  void planLoop(ir::LoopOp loop) {
    for (auto [argument, walked] : llvm::zip(loop.getWalkedArguments(), loop.getWalked()))
      if (unsigned buffer = lookup(walked); buffer != kNone)
        bufferOf[argument] = fixedBuffer(); // a slice of a buffer that lives as long as the loop
    std::vector<Destination> destinations;
    if (loop.getExit())
      destinations.push_back({kNone, Value(), false});
    for (auto [argument, result] :
         llvm::zip(loop.getCarriedArguments(), loop.getCarriedResults())) {
      bufferOf[argument] = bufferOf.lookup(result);
      destinations.push_back({bufferOf.lookup(result), argument, false});
    }
    for (Value result : loop.getCollectedResults())
      destinations.push_back({bufferOf.lookup(result), Value(), true});
    planBlock(loop.getBody().front(), destinations);
  }

  void planCond(ir::CondOp cond) {
    for (Region &region : cond->getRegions()) {
      std::vector<Destination> destinations;
      for (OpResult result : cond.getResults()) {
        Destination destination{bufferOf.lookup(result), Value(), false};
        if (auto it = wanted.find(result); it != wanted.end())
          destination.old = it->second.first.old;
        destinations.push_back(destination);
      }
      planBlock(region.front(), destinations);
    }
  }

  /// Finds offsets and writes the places down.
  void assign() {
    std::vector<Interval> intervals;
    std::vector<unsigned> slots(buffers.size(), kNone);
    for (auto [i, buffer] : llvm::enumerate(buffers))
      if (buffer.inArena) {
        slots[i] = intervals.size();
        intervals.push_back(buffer.interval);
      }
    int64_t size = assignOffsets(intervals);
    Builder builder(func.getContext());
    func->setAttr(kArena, builder.getI64IntegerAttr(size));
    func.getBody().walk([&](Operation *op) {
      if (!isa<ir::LaunchOp, ir::CopyOp, ir::CondOp, ir::LoopOp>(op) || op->getNumResults() == 0)
        return;
      SmallVector<int64_t> at, over, into;
      for (OpResult result : op->getResults()) {
        auto wish = wanted.find(result);
        bool takes = onto.contains(result);
        into.push_back(wish != wanted.end() ? wish->second.second : -1);
        over.push_back(takes ? onto.lookup(result) : -1);
        at.push_back(
            wish != wanted.end() || takes ? -1 : intervals[slots[bufferOf.lookup(result)]].offset);
      }
      op->setAttr("at", builder.getDenseI64ArrayAttr(at));
      op->setAttr("into", builder.getDenseI64ArrayAttr(into));
      if (isa<ir::LaunchOp>(op))
        op->setAttr("onto", builder.getDenseI64ArrayAttr(over));
    });
  }

  ir::FuncOp func;
  SymbolTableCollection &symbols;
  Timeline timeline;
  std::vector<Buffer> buffers;
  llvm::DenseMap<Value, unsigned> bufferOf;
  llvm::DenseMap<Value, std::pair<Destination, int64_t>>
      wanted; // results that are written where the terminator wants them
  llvm::DenseMap<Value, int64_t> onto;
  llvm::DenseSet<std::pair<Operation *, unsigned>>
      taken; // buffers that some result of the operation took over
};

class PlanPass : public impl::PlanPassBase<PlanPass> {
public:
  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    SymbolTableCollection symbols;
    for (auto func : getOperation().getOps<ir::FuncOp>()) {
      if (isKernel(func))
        continue;
      if (hasOpenSizes(func)) {
        func->removeAttr(kArena);
        continue;
      }
      Planner(func, symbols).run();
    }
  }
};

} // namespace
} // namespace dlc::passes
