// Puts numbers for sizes: one walk of an AttrTypeReplacer over each function that has something to
// bind.
#include "passes/Passes.h"
#include "passes/Symbols.h"
#include "passes/Util.h"

#include "mlir/IR/Verifier.h"

namespace dlc::passes {
using namespace mlir;
using ir::SizeExpr;

#define GEN_PASS_DEF_SPECIALIZEPASS
#include "passes/Passes.h.inc"

namespace {

std::optional<int64_t> integerSetting(DictionaryAttr settings, StringRef name) {
  auto attribute = settings.getAs<IntegerAttr>(name);
  return attribute ? std::optional(attribute.getInt()) : std::nullopt;
}

bool boolSetting(DictionaryAttr settings, StringRef name) {
  auto attribute = settings.getAs<BoolAttr>(name);
  return attribute && attribute.getValue();
}

class SpecializePass : public impl::SpecializePassBase<SpecializePass> {
public:
  using SpecializePassBase::SpecializePassBase;
  explicit SpecializePass(std::vector<Binding> bindings) : bindings(std::move(bindings)) {}

  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    if (failed(parseBindings()) || failed(bindGiven()))
      return signalPassFailure();
    for (auto train : llvm::make_early_inc_range(getOperation().getOps<ir::TrainOp>()))
      if (failed(bindTrain(train)))
        return signalPassFailure();
  }

private:
  LogicalResult parseBindings() {
    for (const std::string &text : bind) {
      auto [target, value] = StringRef(text).split('=');
      auto [function, symbol] =
          target.contains(':') ? target.split(':') : std::pair(StringRef(), target);
      int64_t number;
      if (symbol.empty() || value.getAsInteger(10, number) || number < 0)
        return getOperation().emitError() << "`" << text << "` must be [function:]symbol=number";
      bindings.push_back({function.str(), symbol.str(), number});
    }
    return success();
  }

  LogicalResult bindGiven() {
    for (auto func : getOperation().getOps<ir::FuncOp>()) {
      llvm::StringMap<SizeExpr> values;
      SmallVector<StringRef> names = symbolNames(func);
      for (const Binding &binding : bindings)
        if ((binding.function.empty() || binding.function == func.getSymName()) &&
            llvm::is_contained(names, binding.symbol))
          values.insert_or_assign(binding.symbol, SizeExpr(binding.value));
      if (!values.empty() && failed(bindSymbols(func, values)))
        return failure();
    }
    return success();
  }

  LogicalResult bindTrain(ir::TrainOp train) {
    DictionaryAttr settings = train.getSettings();
    auto step = getOperation().lookupSymbol<ir::FuncOp>(train.getStep());
    auto rows = integerSetting(settings, "rows");
    if (!step || !rows || !llvm::is_contained(symbolNames(step), "batch"))
      return success();
    if (*rows <= 0)
      return train.emitError() << "`" << train.getSymName() << "` trains on a table without rows";
    int64_t batch = std::min(integerSetting(settings, "batch").value_or(*rows), *rows);
    if (batch <= 0)
      return train.emitError() << "the batch of `" << train.getSymName()
                               << "` must have at least one row, but is " << batch;
    int64_t left = *rows % batch;
    if (left != 0 && !boolSetting(settings, "drop_remainder") && !train.getTail()) {
      auto tail = cast<ir::FuncOp>(step->clone());
      tail.setSymName((step.getSymName() + ".tail").str());
      SymbolTable(getOperation()).insert(tail, std::next(Block::iterator(step)));
      train.setTailAttr(FlatSymbolRefAttr::get(tail.getSymNameAttr()));
      if (failed(bindBatch(tail, left)))
        return failure();
    }
    return bindBatch(step, batch);
  }

  LogicalResult bindBatch(ir::FuncOp func, int64_t batch) {
    llvm::StringMap<SizeExpr> values;
    values.insert_or_assign("batch", SizeExpr(batch));
    return bindSymbols(func, values);
  }

  std::vector<Binding> bindings;
};

} // namespace

std::unique_ptr<Pass> createSpecializePass(std::vector<Binding> bindings) {
  return std::make_unique<SpecializePass>(std::move(bindings));
}

} // namespace dlc::passes
