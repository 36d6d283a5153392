// The checker of memory plans. It runs each function once on symbolic contents: for every place in
// memory, which value lies there. A loop's body is run twice, so that the second pass meets what
// the first left behind; a cond's sides start alike and what both leave counts. Linear in the
// operations times the number of places in use. It shares no code with the planner but the question
// whether a kernel may overwrite an operand.
#include "passes/InPlace.h"
#include "passes/Passes.h"
#include "passes/Util.h"

#include "ir/Names.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_CHECKPLANPASS
#include "passes/Passes.h.inc"

namespace {

/// A range of bytes: of the arena (space 0) or of another buffer.
struct Place {
  int64_t space = -1, offset = 0, bytes = 0;
  bool operator==(const Place &other) const {
    return space == other.space && offset == other.offset && bytes == other.bytes;
  }
  bool overlaps(const Place &other) const {
    return space == other.space && offset < other.offset + other.bytes &&
           other.offset < offset + bytes;
  }
};

/// What lies where. A value may lie in one place, a place may hold several names of one value.
class Contents {
public:
  std::optional<Place> find(Value value) const {
    auto it = places.find(value);
    return it == places.end() ? std::nullopt : std::optional(it->second);
  }
  void name(Value value, Place place) { places[value] = place; }
  void forget(Value value) { places.erase(value); }
  /// Everything that overlaps `place` is lost.
  void overwrite(Place place, Operation *by) {
    SmallVector<Value> lost;
    for (auto &[value, other] : places)
      if (other.overlaps(place))
        lost.push_back(value);
    for (Value value : lost) {
      places.erase(value);
      overwrittenBy[value] = by;
    }
  }
  void write(Value value, Place place, Operation *by) {
    overwrite(place, by);
    name(value, place);
  }
  Operation *loser(Value value) const { return overwrittenBy.lookup(value); }
  /// Keeps what both hold in the same place.
  void intersect(const Contents &other) {
    SmallVector<Value> lost;
    for (auto &[value, place] : places)
      if (auto there = other.find(value); !there || !(*there == place))
        lost.push_back(value);
    for (Value value : lost) {
      places.erase(value);
      overwrittenBy[value] = other.loser(value);
    }
  }

private:
  llvm::DenseMap<Value, Place> places;
  llvm::DenseMap<Value, Operation *> overwrittenBy;
};

class PlanChecker {
public:
  PlanChecker(ir::FuncOp func, SymbolTableCollection &symbols) : func(func), symbols(symbols) {}

  LogicalResult run() {
    auto arena = func->getAttrOfType<IntegerAttr>(kArena);
    if (!arena)
      return func.emitError() << "has no plan: `dl.arena` is missing";
    arenaBytes = arena.getInt();
    Block &block = func.getBody().front();
    llvm::StringMap<Place> byName;
    for (BlockArgument argument : block.getArguments()) {
      Place place{nextSpace++, 0, bytes(argument)};
      contents.name(argument, place);
      for (StringRef kind : {kParam, kState})
        if (auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kind))
          byName[name.getValue()] = place;
    }
    std::vector<Place> destinations;
    for (unsigned i = 0; i < func.getNumResults(); ++i) {
      auto name = func.getResultAttrOfType<StringAttr>(i, kUpdate);
      auto place = name ? byName.find(name.getValue()) : byName.end();
      destinations.push_back(
          place != byName.end()
              ? place->second
              : Place{nextSpace++, 0, byteSize(func.getResultTypes()[i]).value_or(0)});
    }
    if (failed(runBlock(block, destinations)))
      return failure();
    return finish(block, destinations);
  }

private:
  static int64_t bytes(Value value) { return byteSize(value.getType()).value_or(0); }
  static Value source(Value value) {
    while (auto reshape = value.getDefiningOp<ir::ReshapeOp>())
      value = reshape.getOperand();
    return value;
  }
  static std::string describe(Value value) {
    StringRef name = ir::nameOf(value);
    return name.empty() ? "a value" : "`" + name.str() + "`";
  }

  LogicalResult read(Value value, Operation *reader) {
    value = source(value);
    if (contents.find(value))
      return success();
    auto diagnostic = reader->emitOpError()
                      << "reads " << describe(value) << ", which was overwritten";
    if (Operation *by = contents.loser(value))
      diagnostic.attachNote(by->getLoc()) << "overwritten here";
    diagnostic.attachNote(value.getLoc()) << "made here";
    return diagnostic;
  }

  /// Where the operation's result is to lie according to its three lists.
  FailureOr<Place> placeOf(OpResult result, ArrayRef<Place> destinations) {
    Operation *op = result.getOwner();
    unsigned number = result.getResultNumber();
    auto entry = [&](StringRef list) -> int64_t {
      auto entries = op->getAttrOfType<DenseI64ArrayAttr>(list);
      return entries && number < entries.size() ? entries[number] : -1;
    };
    int64_t at = entry("at"), onto = entry("onto"), into = entry("into");
    if ((at >= 0) + (onto >= 0) + (into >= 0) != 1)
      return op->emitOpError() << "must name one place for result " << number;
    if (at >= 0) {
      Place place{0, at, bytes(result)};
      if (at + place.bytes > arenaBytes)
        return op->emitOpError() << "puts result " << number << " at [" << at
                                 << "], beyond the end of the arena of " << arenaBytes << " bytes";
      if (at % 64 != 0)
        return op->emitOpError() << "puts result " << number << " at [" << at
                                 << "], which is not a multiple of 64";
      return place;
    }
    if (into >= 0) {
      if (into >= static_cast<int64_t>(destinations.size()) || destinations[into].space < 0)
        return op->emitOpError() << "puts result " << number << " into [" << into
                                 << "], which is not a place of its region";
      return destinations[into];
    }
    if (onto >= static_cast<int64_t>(op->getNumOperands()))
      return op->emitOpError() << "puts result " << number << " onto [" << onto
                               << "], which is not an operand";
    auto place = contents.find(source(op->getOperand(onto)));
    if (!place || place->bytes != bytes(result))
      return op->emitOpError() << "puts result " << number << " onto an operand of another size";
    return *place;
  }

  LogicalResult runBlock(Block &block, ArrayRef<Place> destinations) {
    for (Operation &op : block.without_terminator())
      if (failed(runOperation(op, destinations)))
        return failure();
    return success();
  }

  LogicalResult runOperation(Operation &op, ArrayRef<Place> destinations) {
    if (isa<ir::ReshapeOp>(op))
      return success();
    if (isa<ir::ConstantOp>(op)) {
      if (!contents.find(op.getResult(0)))
        contents.name(op.getResult(0), {nextSpace++, 0, bytes(op.getResult(0))});
      return success();
    }
    for (Value operand : op.getOperands())
      if (failed(read(operand, &op)))
        return failure();
    SmallVector<Place> places;
    for (OpResult result : op.getResults()) {
      FailureOr<Place> place = placeOf(result, destinations);
      if (failed(place))
        return failure();
      for (Place other : places)
        if (place->overlaps(other))
          return op.emitOpError() << "puts two results over each other";
      places.push_back(*place);
    }
    if (auto cond = dyn_cast<ir::CondOp>(op))
      return runCond(cond, places);
    if (auto loop = dyn_cast<ir::LoopOp>(op))
      return runLoop(loop, places);
    for (OpResult result : op.getResults())
      if (failed(checkOverwrite(op, result, places[result.getResultNumber()])))
        return failure();
    for (OpResult result : op.getResults())
      contents.overwrite(places[result.getResultNumber()], &op);
    for (OpResult result : op.getResults())
      contents.name(result, places[result.getResultNumber()]);
    return success();
  }

  /// A result may lie over an operand only exactly, and only if the kernel reads before it writes.
  LogicalResult checkOverwrite(Operation &op, OpResult result, Place place) {
    for (Value operand : op.getOperands()) {
      auto read = contents.find(source(operand));
      if (!read || !read->overlaps(place))
        continue;
      auto launch = dyn_cast<ir::LaunchOp>(op);
      auto kernel =
          launch ? symbols.lookupNearestSymbolFrom<ir::FuncOp>(launch, launch.getCalleeAttr())
                 : ir::FuncOp();
      if (!(*read == place) || !kernel ||
          !mayOverwrite(launch, kernel, operand, result.getResultNumber()))
        return op.emitOpError() << "puts result " << result.getResultNumber() << " over "
                                << describe(operand) << ", which it still reads";
    }
    return success();
  }

  /// The copies at the end of a region: each value that does not lie where it is wanted is brought
  /// there, in order.
  LogicalResult yield(Operation *terminator, unsigned skip, ValueRange names,
                      ArrayRef<Place> places) {
    for (auto [i, name] : llvm::enumerate(names)) {
      Value value = terminator->getOperand(skip + i);
      if (failed(read(value, terminator)))
        return failure();
      if (*contents.find(source(value)) == places[i])
        contents.name(name, places[i]);
      else
        contents.write(name, places[i], terminator);
    }
    for (auto [i, name] : llvm::enumerate(names))
      if (!contents.find(name))
        return terminator->emitOpError()
               << "loses operand " << skip + i << ": another result is written over it";
    return success();
  }

  LogicalResult runCond(ir::CondOp cond, ArrayRef<Place> places) {
    Contents start = contents;
    std::optional<Contents> first;
    for (Region &region : cond->getRegions()) {
      contents = start;
      if (failed(runBlock(region.front(), places)) ||
          failed(yield(region.front().getTerminator(), 0, cond.getResults(), places)))
        return failure();
      if (!first)
        first = contents;
    }
    contents.intersect(*first);
    return success();
  }

  LogicalResult runLoop(ir::LoopOp loop, ArrayRef<Place> places) {
    unsigned carried = loop.getInits().size();
    for (unsigned i = 0; i < carried; ++i) {
      Value init = loop.getInits()[i];
      if (failed(read(init, loop)))
        return failure();
      if (*contents.find(source(init)) == places[i])
        contents.name(loop.getResult(i), places[i]);
      else
        contents.write(loop.getResult(i), places[i], loop);
    }
    std::vector<Place> destinations;
    if (loop.getExit())
      destinations.push_back({});
    destinations.insert(destinations.end(), places.begin(), places.begin() + carried);
    for (unsigned i = carried; i < loop.getNumResults(); ++i) {
      contents.write(loop.getResult(i), places[i], loop);
      // Each pass has its own slice, which nothing else may touch as long as the whole lies there.
      destinations.push_back({nextSpace++, 0, bytes(loop.getYieldedCollected()[i - carried])});
    }
    contents.name(loop.getIndex(), {nextSpace++, 0, 8});
    for (int pass = 0; pass < 2; ++pass)
      if (failed(runPass(loop, destinations)))
        return failure();
    for (Value result : loop.getResults())
      if (!contents.find(result))
        return loop.emitOpError() << "loses " << describe(result)
                                  << ": it is overwritten while the loop runs";
    return success();
  }

  LogicalResult runPass(ir::LoopOp loop, ArrayRef<Place> destinations) {
    for (auto [argument, walked] : llvm::zip(loop.getWalkedArguments(), loop.getWalked())) {
      if (failed(read(walked, loop)))
        return failure();
      contents.name(argument, *contents.find(source(walked)));
    }
    for (auto [argument, result] :
         llvm::zip(loop.getCarriedArguments(), loop.getCarriedResults())) {
      if (failed(read(result, loop)))
        return failure();
      contents.name(argument, *contents.find(result));
    }
    for (Value result : loop.getCarriedResults())
      contents.forget(result);
    if (failed(runBlock(loop.getBody().front(), destinations)))
      return failure();
    Operation *terminator = loop.getBody().front().getTerminator();
    unsigned skip = loop.getExit() ? 1 : 0;
    if (skip && failed(read(terminator->getOperand(0), terminator)))
      return failure();
    if (failed(yield(terminator, skip, loop.getCarriedResults(), destinations.drop_front(skip))))
      return failure();
    for (Value collected : loop.getYieldedCollected())
      if (failed(read(collected, terminator)))
        return failure();
    return success();
  }

  LogicalResult finish(Block &block, ArrayRef<Place> destinations) {
    Operation *terminator = block.getTerminator();
    // A name for each result: a value may be given out twice.
    SmallVector<std::pair<Value, Place>> out;
    for (auto [i, place] : llvm::enumerate(destinations)) {
      Value value = source(terminator->getOperand(i));
      if (failed(read(value, terminator)))
        return failure();
      if (!(*contents.find(value) == place))
        contents.overwrite(place, terminator);
      else
        out.push_back({value, place});
    }
    for (auto [value, place] : out)
      if (auto now = contents.find(value); !now || !(*now == place))
        return terminator->emitOpError()
               << "loses " << describe(value) << ": another result is written over it";
    return success();
  }

  ir::FuncOp func;
  SymbolTableCollection &symbols;
  Contents contents;
  int64_t nextSpace = 1;
  int64_t arenaBytes = 0;
};

class CheckPlanPass : public impl::CheckPlanPassBase<CheckPlanPass> {
public:
  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    SymbolTableCollection symbols;
    for (auto func : getOperation().getOps<ir::FuncOp>())
      if (!isKernel(func) && !hasOpenSizes(func) && failed(PlanChecker(func, symbols).run()))
        return signalPassFailure();
  }
};

} // namespace
} // namespace dlc::passes
