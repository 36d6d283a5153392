// Rows: splits a test into what is computed in batches of rows and what is computed from all of
// them. Both parts are clones of the body from which the other's operations are taken away.
#include "passes/Passes.h"
#include "passes/RowClasses.h"
#include "passes/Symbols.h"
#include "passes/Util.h"

#include "ir/Names.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace dlc::passes {
using namespace mlir;
using ir::SizeExpr;

#define GEN_PASS_DEF_ROWSPASS
#include "passes/Passes.h.inc"

namespace {

/// Splits one test.
class Splitter {
public:
  Splitter(ModuleOp module, ir::TestOp test, ir::FuncOp func, int64_t rows, int64_t batch,
           int64_t maxBytes)
      : module(module), test(test), func(func), rows(rows), batch(batch), maxBytes(maxBytes) {}

  LogicalResult run() {
    dropBarriers();
    numberSizes();
    analysis.emplace(func);
    splitReductions();
    if (failed(collect()))
      return failure();
    makeMetrics();
    ir::FuncOp body = makeBody();
    std::string name = func.getSymName().str();
    SymbolTable symbols(module);
    Block::iterator place = std::next(Block::iterator(func));
    symbols.erase(func);
    body.setSymName(name);
    symbols.insert(body, place);
    if (int64_t left = rows % batch; left != 0) {
      auto tail = cast<ir::FuncOp>(body->clone());
      tail.setSymName(name + ".tail");
      symbols.insert(tail, std::next(Block::iterator(body)));
      test.setTailAttr(FlatSymbolRefAttr::get(tail.getSymNameAttr()));
      if (failed(bind(tail, left)))
        return failure();
    }
    metrics.setSymName((test.getSymName() + ".metrics").str());
    symbols.insert(metrics, std::next(Block::iterator(body)));
    test.setMetricsAttr(FlatSymbolRefAttr::get(metrics.getSymNameAttr()));
    return success(succeeded(bind(body, batch)) && succeeded(bind(metrics, rows)));
  }

private:
  static LogicalResult bind(ir::FuncOp func, int64_t number) {
    llvm::StringMap<SizeExpr> values;
    values.insert_or_assign(kRowsSymbol, SizeExpr(number));
    return bindSymbols(func, values);
  }

  /// What a barrier waits for may belong to the other part; how much memory a test takes is decided
  /// by its batches.
  void dropBarriers() {
    func.walk([](ir::BarrierOp barrier) {
      barrier.replaceAllUsesWith(barrier.getOperand());
      barrier.erase();
    });
  }

  /// `dl.size` counts all rows, in batches too.
  void numberSizes() {
    func.walk([&](ir::SizeOp op) {
      SizeExpr size = op.getSize().getSizes()[0].substitute([&](StringRef symbol) {
        return symbol == kRowsSymbol ? std::optional(SizeExpr(rows)) : std::nullopt;
      });
      auto number = size.constant();
      if (!number)
        return;
      OpBuilder builder(op);
      auto constant = ir::ConstantOp::create(
          builder, op.getLoc(),
          DenseElementsAttr::get(ranked(op.getResult()), APInt(64, *number, true)));
      op.getResult().replaceAllUsesWith(constant.getResult());
      op.erase();
    });
  }

  /// A reduction over the rows becomes one of each row, and one over the results of all rows: in
  /// f64 where they are floats, so that their number does not show.
  void splitReductions() {
    SmallVector<ir::ReduceOp> reductions;
    for (auto reduce : func.getBody().front().getOps<ir::ReduceOp>())
      if (analysis->of(reduce.getOperand()) == RowClass::Rows &&
          analysis->of(reduce.getResult()) == RowClass::Whole)
        reductions.push_back(reduce);
    for (ir::ReduceOp reduce : reductions)
      splitReduction(reduce);
  }

  void splitReduction(ir::ReduceOp reduce) {
    OpBuilder builder(reduce);
    Location loc = reduce.getLoc();
    Value operand = rowsFirst(builder, reduce.getOperand());
    // Axis 0 has the rows now, the row's own elements follow; all of these but the axes that stay
    // are folded.
    RowAxis axis = *RowAnalysis::axisOf(reduce.getOperand().getType());
    int64_t extra = axis.perRow == 1 ? 0 : 1;
    SmallVector<int64_t> own;
    if (extra)
      own.push_back(1);
    for (int64_t old : reduce.getAxes())
      if (old != axis.axis)
        own.push_back((old < axis.axis ? old + 1 : old) + extra);
    llvm::sort(own);
    Value partial = operand;
    if (!own.empty())
      partial = make<ir::ReduceOp>(builder, loc, RowClass::Rows, reduce.getFn(), operand, own);
    Value whole = partial;
    Type element = ranked(partial).getElementType();
    bool widen = reduce.getFn() == ir::ReduceFn::sum && isa<FloatType>(element) && !element.isF64();
    if (widen) {
      auto wide = ir::CastOp::create(
          builder, loc, ir::withElement(ranked(partial), builder.getF64Type()), partial);
      analysis->set(wide.getResult(), RowClass::Whole);
      whole = wide;
    }
    whole = make<ir::ReduceOp>(builder, loc, RowClass::Whole, reduce.getFn(), whole,
                               SmallVector<int64_t>{0});
    if (widen) {
      auto narrow = ir::CastOp::create(builder, loc, reduce.getType(), whole);
      analysis->set(narrow.getResult(), RowClass::Whole);
      whole = narrow;
    }
    reduce.getResult().replaceAllUsesWith(whole);
    reduce.erase();
  }

  template <typename Op, typename... Args>
  Value make(OpBuilder &builder, Location loc, RowClass rowClass, Args &&...args) {
    auto op = Op::create(builder, loc, std::forward<Args>(args)...);
    analysis->set(op->getResult(0), rowClass);
    return op->getResult(0);
  }

  /// The value with its rows along axis 0, one a row; a row's own elements along the row axis
  /// become axis 1.
  Value rowsFirst(OpBuilder &builder, Value value) {
    RowAxis axis = *RowAnalysis::axisOf(value.getType());
    if (axis.axis != 0) {
      SmallVector<int64_t> permutation = {axis.axis};
      for (int64_t i = 0; i < ranked(value).getRank(); ++i)
        if (i != axis.axis)
          permutation.push_back(i);
      value = make<ir::TransposeOp>(builder, value.getLoc(), RowClass::Rows, value, permutation);
    }
    if (axis.perRow != 1) {
      ir::Shape shape = ir::shapeOf(value.getType());
      shape[0] = SizeExpr::symbol(kRowsSymbol);
      shape.insert(shape.begin() + 1, SizeExpr(axis.perRow));
      value = make<ir::ReshapeOp>(builder, value.getLoc(), RowClass::Rows,
                                  ir::tensorType(shape, ranked(value).getElementType()), value);
    }
    return value;
  }

  /// Undoes `rowsFirst` for a value of type `type`.
  Value rowsBack(OpBuilder &builder, Value value, RankedTensorType type) {
    RowAxis axis = *RowAnalysis::axisOf(type);
    ir::Shape shape = ir::shapeOf(type);
    if (axis.perRow != 1) {
      ir::Shape first = {shape[axis.axis]};
      for (auto [i, size] : llvm::enumerate(shape))
        if (static_cast<int64_t>(i) != axis.axis)
          first.push_back(size);
      value = make<ir::ReshapeOp>(builder, value.getLoc(), RowClass::Whole,
                                  ir::tensorType(first, type.getElementType()), value);
    }
    if (axis.axis != 0) {
      SmallVector<int64_t> permutation;
      for (int64_t i = 0; i < type.getRank(); ++i)
        permutation.push_back(i == axis.axis ? 0 : i < axis.axis ? i + 1 : i);
      value = make<ir::TransposeOp>(builder, value.getLoc(), RowClass::Whole, value, permutation);
    }
    return value;
  }

  /// Finds what operations on all rows need of each row, and holds it against the limit.
  LogicalResult collect() {
    for (Operation &op : func.getBody().front()) {
      bool whole = isa<ir::ReturnOp>(op) ||
                   (op.getNumResults() ? analysis->of(op.getResult(0)) == RowClass::Whole
                                       : analysis->of(&op) == RowClass::Whole);
      if (!whole)
        continue;
      LogicalResult result = success();
      forEachRead(op, [&](Value value) {
        if (succeeded(result) && analysis->of(value) == RowClass::Rows &&
            value.getParentBlock() == op.getBlock())
          result = collectValue(value, op);
      });
      if (failed(result))
        return failure();
    }
    return success();
  }

  static void forEachRead(Operation &op, function_ref<void(Value)> visit) {
    for (Value operand : op.getOperands())
      visit(operand);
    op.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        if (inner != &op)
          visit(operand);
    });
  }

  LogicalResult collectValue(Value value, Operation &op) {
    if (collected.count(value))
      return success();
    SizeExpr count =
        ir::elementCount(ir::shapeOf(value.getType())).substitute([&](StringRef symbol) {
          return symbol == kRowsSymbol ? std::optional(SizeExpr(rows)) : std::nullopt;
        });
    StringRef name = ir::nameOf(value);
    std::string shown = name.empty() ? "a value" : "`" + name.str() + "`";
    auto number = count.constant();
    if (!number) {
      auto diagnostic = op.emitError()
                        << shown << " has an open size, but is needed for all rows at once by `"
                        << op.getName().stripDialect() << "`";
      diagnostic.attachNote(value.getLoc()) << "computed here";
      return diagnostic;
    }
    int64_t bytes = *number * ir::elementBytes(ranked(value).getElementType());
    if (bytes > maxBytes) {
      auto diagnostic = op.emitError()
                        << shown << " " << ir::str(ir::shapeOf(value.getType()))
                        << " is needed for all " << rows << " rows at once because of `"
                        << op.getName().stripDialect() << "`: " << bytes << " bytes, and at most "
                        << maxBytes << " may be collected";
      diagnostic.attachNote(value.getLoc()) << "computed here";
      return diagnostic;
    }
    std::string key = name.empty() ? "row" : name.str();
    for (int i = 2; !keys.insert(key).second; ++i)
      key = (name.empty() ? "row" : name.str()) + "." + std::to_string(i);
    collected.insert({value, key});
    return success();
  }

  /// Takes arguments that nobody reads off a function.
  static void dropUnusedArguments(ir::FuncOp func) {
    llvm::BitVector unused(func.getNumArguments());
    for (BlockArgument argument : func.getBody().getArguments())
      if (argument.use_empty())
        unused.set(argument.getArgNumber());
    (void)func.eraseArguments(unused);
  }

  /// The clone that goes on with what was collected.
  void makeMetrics() {
    IRMapping map;
    metrics = cast<ir::FuncOp>(func->clone(map));
    Block &block = metrics.getBody().front();
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    for (auto &[value, key] : collected) {
      ir::Shape shape = ir::shapeOf(value.getType());
      RowAxis axis = *RowAnalysis::axisOf(value.getType());
      ir::Shape first = {SizeExpr::symbol(kRowsSymbol)};
      if (axis.perRow != 1)
        first.push_back(SizeExpr(axis.perRow));
      for (auto [i, size] : llvm::enumerate(shape))
        if (static_cast<int64_t>(i) != axis.axis)
          first.push_back(size);
      auto attributes =
          builder.getDictionaryAttr(builder.getNamedAttr(kRows, builder.getStringAttr(key)));
      unsigned number = metrics.getNumArguments();
      (void)metrics.insertArgument(number, ir::tensorType(first, ranked(value).getElementType()),
                                   attributes, value.getLoc());
      Value whole = rowsBack(builder, metrics.getBody().getArgument(number), ranked(value));
      map.lookup(value).replaceAllUsesWith(whole);
    }
    for (Operation &op : llvm::make_early_inc_range(func.getBody().front()))
      if (isa<ir::CheckOp>(op) && analysis->of(&op) == RowClass::Rows)
        map.lookup(&op)->erase();
    eraseDead(metrics);
    dropUnusedArguments(metrics);
  }

  /// The clone that computes what is collected, for a batch.
  ir::FuncOp makeBody() {
    IRMapping map;
    auto body = cast<ir::FuncOp>(func->clone(map));
    for (Operation &op : llvm::make_early_inc_range(func.getBody().front()))
      if (op.getNumResults() == 0 && !op.hasTrait<OpTrait::IsTerminator>() &&
          analysis->of(&op) == RowClass::Whole)
        map.lookup(&op)->erase();
    offsetNumbered(body, map);
    Operation *terminator = body.getBody().front().getTerminator();
    OpBuilder builder(terminator);
    SmallVector<Value> results;
    SmallVector<Type> types;
    SmallVector<Attribute> attributes;
    for (auto &[value, key] : collected) {
      results.push_back(rowsFirst(builder, map.lookup(value)));
      types.push_back(results.back().getType());
      attributes.push_back(
          builder.getDictionaryAttr(builder.getNamedAttr(kRows, builder.getStringAttr(key))));
    }
    terminator->setOperands(results);
    body.setFunctionType(FunctionType::get(body.getContext(), body.getArgumentTypes(), types));
    body.setResAttrsAttr(builder.getArrayAttr(attributes));
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body.getBody().front())))
      if (!isa<ir::CheckOp>(op) && isWholeRegion(op))
        op.erase();
    eraseDead(body);
    dropUnusedArguments(body);
    return body;
  }

  /// Loops and conds with effects that nobody reads: they belong to the metrics.
  static bool isWholeRegion(Operation &op) {
    return isa<ir::LoopOp, ir::CondOp>(op) && op.use_empty() && !isMemoryEffectFree(&op);
  }

  /// In a batch, rows are counted from its first one.
  void offsetNumbered(ir::FuncOp body, IRMapping &map) {
    Value row;
    for (Operation *old : analysis->numbered()) {
      Operation *op = map.lookup(old->getResult(0)).getDefiningOp();
      if (!row)
        row = rowCounter(body);
      OpBuilder builder(op);
      Value offset = row;
      int64_t perRow = RowAnalysis::axisOf(old->getResult(0).getType())->perRow;
      if (perRow != 1) {
        auto factor = ir::ConstantOp::create(builder, op->getLoc(), splat(ranked(row), perRow));
        offset = ir::BinaryOp::create(builder, op->getLoc(), ir::BinaryFn::mul, row, factor);
      }
      auto add = [&](MutableOperandRange operand, Value before) {
        if (before)
          offset = ir::BinaryOp::create(builder, op->getLoc(), ir::BinaryFn::add, before, offset);
        operand.assign(offset);
      };
      if (auto iota = dyn_cast<ir::IotaOp>(op))
        add(iota.getOffsetMutable(), iota.getOffset());
      else if (auto random = dyn_cast<ir::RandomOp>(op))
        add(random.getOffsetMutable(), random.getOffset());
    }
  }

  static Value rowCounter(ir::FuncOp body) {
    for (BlockArgument argument : body.getBody().getArguments())
      if (auto counter = body.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kCounter);
          counter && counter.getValue() == "row")
        return argument;
    Builder builder(body.getContext());
    auto attributes =
        builder.getDictionaryAttr(builder.getNamedAttr(kCounter, builder.getStringAttr("row")));
    unsigned number = body.getNumArguments();
    (void)body.insertArgument(number, staticTensor({}, builder.getI64Type()), attributes,
                              body.getLoc());
    return body.getBody().getArgument(number);
  }

  ModuleOp module;
  ir::TestOp test;
  ir::FuncOp func, metrics;
  int64_t rows, batch, maxBytes;
  std::optional<RowAnalysis> analysis;
  llvm::MapVector<Value, std::string> collected;
  llvm::StringSet<> keys;
};

/// A size near 256 that leaves no smaller last batch, where there is one: then one variant is
/// compiled.
int64_t chooseBatch(int64_t rows) {
  if (rows <= 512)
    return std::max<int64_t>(rows, 1);
  for (int64_t batch = 512; batch >= 128; --batch)
    if (rows % batch == 0)
      return batch;
  return 256;
}

class RowsPass : public impl::RowsPassBase<RowsPass> {
public:
  using RowsPassBase::RowsPassBase;

  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    for (auto test : llvm::make_early_inc_range(getOperation().getOps<ir::TestOp>()))
      if (failed(split(test)))
        return signalPassFailure();
  }

private:
  LogicalResult split(ir::TestOp test) {
    auto func = getOperation().lookupSymbol<ir::FuncOp>(test.getBody());
    DictionaryAttr settings = test.getSettings();
    auto rows = settings.getAs<IntegerAttr>("rows");
    // Without rows the body is the whole test; without data only `dlc check` goes on.
    if (!func || test.getMetrics() || !rows || !llvm::is_contained(symbolNames(func), kRowsSymbol))
      return success();
    int64_t count = rows.getInt();
    if (count <= 0)
      return test.emitError() << "`" << test.getSymName() << "` tests on a table without rows";
    auto given = settings.getAs<IntegerAttr>("batch");
    int64_t size = given       ? given.getInt()
                   : batch > 0 ? static_cast<int64_t>(batch)
                               : chooseBatch(count);
    size = std::clamp<int64_t>(size, 1, count);
    NamedAttrList updated(settings);
    updated.set("batch", Builder(test.getContext()).getI64IntegerAttr(size));
    test.setSettingsAttr(updated.getDictionary(test.getContext()));
    return Splitter(getOperation(), test, func, count, size, maxBytes).run();
  }
};

} // namespace
} // namespace dlc::passes
