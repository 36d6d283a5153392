// Gives products the precision that their block, or the command line, asks for. Linear in the operations.
#include "passes/Passes.h"
#include "passes/Util.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace dlc::passes {
using namespace mlir;
using ir::Precision;

#define GEN_PASS_DEF_PRECISIONPASS
#include "passes/Passes.h.inc"

namespace {

class PrecisionPass : public impl::PrecisionPassBase<PrecisionPass> {
public:
  using PrecisionPassBase::PrecisionPassBase;

  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    if (!all.empty() && !ir::symbolizePrecision(all)) {
      getOperation().emitError() << "`" << all << "` is not a precision; there are f32, tf32 and bf16";
      return signalPassFailure();
    }
    for (auto train : getOperation().getOps<ir::TrainOp>())
      if (Attribute said = train.getSettings().get("precision"); said && !isa<ir::PrecisionAttr>(said)) {
        train.emitError() << "the precision of `" << train.getSymName() << "` must be written as `#dl<precision bf16>`, found " << said;
        return signalPassFailure();
      }
    for (auto [func, precision] : wanted())
      set(func, precision);
  }

private:
  /// The functions whose products something is said of. What a table or a place begins with is nowhere among them: it has the same bits
  /// on every target and with every option.
  llvm::MapVector<ir::FuncOp, Precision> wanted() {
    llvm::MapVector<ir::FuncOp, Precision> functions;
    std::optional<Precision> everywhere = ir::symbolizePrecision(all);
    auto add = [&](FlatSymbolRefAttr name, std::optional<Precision> precision) {
      auto func = name && precision ? getOperation().lookupSymbol<ir::FuncOp>(name.getValue()) : ir::FuncOp();
      if (func)
        functions.insert({func, *precision});
    };
    for (Operation &op : *getOperation().getBody())
      llvm::TypeSwitch<Operation *>(&op)
          .Case([&](ir::TrainOp train) {
            if (everywhere) { // who reads the settings finds what holds
              NamedAttrList settings(train.getSettings());
              settings.set("precision", ir::PrecisionAttr::get(&getContext(), *everywhere));
              train.setSettingsAttr(settings.getDictionary(&getContext()));
            }
            auto said = train.getSettings().getAs<ir::PrecisionAttr>("precision");
            for (FlatSymbolRefAttr name : {train.getStepAttr(), train.getTailAttr()})
              add(name, everywhere || !said ? everywhere : std::optional(said.getValue()));
          })
          .Case([&](ir::TestOp test) {
            for (FlatSymbolRefAttr name : {test.getBodyAttr(), test.getTailAttr(), test.getMetricsAttr()})
              add(name, everywhere);
          })
          .Case([&](ir::SequenceOp sequence) { sequence.walk([&](ir::InvokeOp invoke) { add(invoke.getCalleeAttr(), everywhere); }); })
          .Case([&](ir::FuncOp func) {
            if (func->hasAttr("dl.export"))
              add(FlatSymbolRefAttr::get(func.getSymNameAttr()), everywhere);
          });
    return functions;
  }

  static void set(ir::FuncOp func, Precision precision) {
    func.walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op).Case<ir::DotOp, ir::ConvOp>([&](auto product) {
        if (ranked(product.getLhs()).getElementType().isF32())
          product.setPrecision(precision);
      });
    });
  }
};

} // namespace
} // namespace dlc::passes
