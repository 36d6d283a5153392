#include "tools/driver/VerifyExports.h"

#include "tools/driver/Build.h"
#include "tools/driver/Data.h"
#include "tools/driver/ReferenceExecutor.h"
#include "tools/driver/Session.h"
#include "tools/driver/Sites.h"

#include "ir/Ops.h"
#include "passes/Symbols.h"
#include "runtime/Random.h"

#include "mlir/IR/Diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

/// How to make sizes: the first symbol has `first`, each further one `step` more.
struct Sizes {
  int64_t first, step;
};
/// Different ones at first: two that are mixed up show. Then what windows, heads and squares ask for.
constexpr Sizes sizeTries[] = {{3, 1}, {2, 1}, {4, 4}, {4, 0}, {8, 0}, {12, 0}, {16, 0}, {28, 0}, {32, 0}, {64, 0}, {1, 0}};

/// How to make values.
struct Values {
  int64_t integersBelow;
  bool positive;
};
/// An integer may be an index, or a flag; a float the argument of a logarithm.
constexpr Values valueTries[] = {{10, false}, {10, true}, {2, false}, {2, true}, {1, false}, {1, true}};
/// A default larger than this would take long.
constexpr int64_t mostSize = 64;

std::vector<passes::Binding> bindingsOf(ir::FuncOp func, Sizes sizes) {
  auto defaults = func->getAttrOfType<mlir::DictionaryAttr>("dl.defaults");
  std::vector<passes::Binding> bindings;
  int64_t next = sizes.first;
  for (llvm::StringRef symbol : passes::symbolNames(func)) {
    auto own = defaults ? defaults.getAs<mlir::IntegerAttr>(symbol) : mlir::IntegerAttr();
    bool useOwn = own && own.getInt() <= mostSize;
    bindings.push_back({func.getSymName().str(), symbol.str(), useOwn ? own.getInt() : next});
    next += useOwn ? 0 : sizes.step;
  }
  return bindings;
}

Result<Tensor> valueOf(const Argument &parameter, Values values) {
  DLC_ASSIGN(tensor, Tensor::zeros(parameter.type.element, parameter.type.shape));
  uint64_t key = runtime::site(parameter.name);
  for (int64_t i = 0; i < tensor.count(); ++i) {
    uint64_t bits = runtime::mix(key, static_cast<uint64_t>(i)) >> 11;
    if (!runtime::isFloat(tensor.type())) {
      int64_t below = tensor.type() == runtime::ElementType::Bool ? 2 : values.integersBelow;
      tensor.setNumber(i, static_cast<double>(bits % static_cast<uint64_t>(below)));
      continue;
    }
    double unit = (static_cast<double>(bits) + 0.5) * 0x1p-53;
    tensor.setNumber(i, values.positive ? unit : 2 * unit - 1);
  }
  return tensor;
}

bool allFinite(const std::vector<Tensor> &tensors) {
  for (const Tensor &tensor : tensors)
    for (int64_t i = 0; i < tensor.count(); ++i)
      if (!std::isfinite(tensor.number(i)))
        return false;
  return true;
}

/// Tries of one function.
class Chooser {
public:
  Chooser(Session &session, runtime::Console &console, std::string name) : session(session), console(console), name(std::move(name)) {}

  std::optional<ExportCall> choose() {
    for (Sizes sizes : sizeTries) {
      bool hasSizes = tryValues(sizes);
      if (best && isFinite)
        return best;
      if (!hasSizes)
        break;
    }
    return best;
  }
  std::string problem = "no small sizes fit";

private:
  /// Whether the function has sizes to choose.
  bool tryValues(Sizes sizes) {
    mlir::OwningOpRef<mlir::ModuleOp> module = session.module().clone();
    BuildRequest request;
    request.exported = name;
    request.blocks = false;
    pruneExports(*module, request);
    auto func = module->lookupSymbol<ir::FuncOp>(name);
    std::vector<passes::Binding> bindings = bindingsOf(func, sizes);
    llvm::StringMap<ir::SizeExpr> bound;
    for (const passes::Binding &binding : bindings)
      bound.insert_or_assign(binding.symbol, ir::SizeExpr(binding.value));
    bool hasSizes = !bindings.empty();
    if (hasSizes && mlir::failed(passes::bindSymbols(func, bound)))
      return hasSizes;
    Manifest manifest = describe(*module);
    const Function &function = manifest.functions.at(name);
    auto isInput = [](const Argument &argument) { return argument.role == ArgumentRole::Input; };
    bool hasInputs = std::any_of(function.arguments.begin(), function.arguments.end(), isInput);
    for (const Argument &argument : function.arguments)
      if (!argument.type.open.empty())
        return hasSizes;
    for (Values values : valueTries) {
      ExportCall call{name, bindings, {}};
      auto results = evaluate(*module, manifest, call, values);
      if (!results && !results.message().empty())
        problem = results.message();
      if (results && (!best || allFinite(*results))) {
        best = call;
        isFinite = allFinite(*results);
      }
      if (isFinite || !hasInputs)
        break;
    }
    return hasSizes;
  }

  Result<std::vector<Tensor>> evaluate(mlir::ModuleOp module, const Manifest &manifest, ExportCall &call, Values values) {
    for (const Argument &argument : manifest.functions.at(name).arguments)
      if (argument.role == ArgumentRole::Input) {
        DLC_ASSIGN(value, valueOf(argument, values));
        call.inputs[argument.name] = value;
      }
    DLC_ASSIGN(sites, makeSites(manifest));
    ReferenceExecutor executor(module, std::move(sites), console);
    RunState state(manifest, executor, session.seed());
    DLC_TRY(loadData(state, dataPathOf(session.arguments()), session.rowLimit));
    if (manifest.find("init")) {
      auto made = state.call("init");
      if (!made)
        return made.status();
    }
    CallInputs inputs;
    inputs.inputs = call.inputs;
    return state.call(name, inputs);
  }

  Session &session;
  runtime::Console &console;
  std::string name;
  std::optional<ExportCall> best;
  bool isFinite = false;
};

} // namespace

ExportCalls chooseExportCalls(Session &session, runtime::Console &console) {
  ExportCalls chosen;
  mlir::ScopedDiagnosticHandler silent(session.context(), [](mlir::Diagnostic &) { return mlir::success(); });
  for (auto func : session.module().getOps<ir::FuncOp>()) {
    if (!func->hasAttr("dl.export"))
      continue;
    Chooser chooser(session, console, func.getSymName().str());
    if (auto call = chooser.choose())
      chosen.calls.push_back(std::move(*call));
    else
      chosen.left.push_back(fmt::format("`{}` is not compared: {}", func.getSymName().str(), chooser.problem));
  }
  return chosen;
}

} // namespace dlc::driver
