// dlc-compare-passes FILE [--batch N] [--round-trip]: runs the pipeline over a module of any stage
// and holds what every function computes after each pass against what it computed before, on
// arguments made from a hash. Of a test, the whole body is held against its batches and metrics.
// `--batch` makes the batches of all blocks smaller first. Prints a line for each pass; fails with
// the first pass and function that differ.
#include "ir/eval/Evaluator.h"
#include "passes/Passes.h"
#include "passes/Symbols.h"

#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace dlc;
using ir::eval::Tensor;

namespace {

uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Floats in (0.1, 1.1), integers 0 to 3; element i of an argument depends on its name and i alone.
Tensor makeArgument(RankedTensorType type, StringRef name) {
  Tensor tensor(type);
  uint64_t key = 0;
  for (char c : name)
    key = mix(key + static_cast<unsigned char>(c) + 0x9e3779b97f4a7c15);
  for (int64_t i = 0; i < tensor.count(); ++i) {
    uint64_t bits = mix(key + 0x9e3779b97f4a7c15 * (i + 1));
    if (isa<FloatType>(tensor.elementType()))
      tensor.setDouble(i, 0.1 + static_cast<double>(bits >> 11) * 0x1p-53);
    else
      tensor.setInt(i, tensor.elementType().isInteger(1) ? bits & 1 : bits & 3);
  }
  return tensor;
}

std::string nameOf(DictionaryAttr attributes) {
  for (StringRef kind : {"dl.param", "dl.state", "dl.input", "dl.data", "dl.counter", "dl.mean",
                         "dl.rows", "dl.update", "dl.report", "dl.output"})
    if (attributes)
      if (auto name = attributes.getAs<StringAttr>(kind)) {
        auto part = attributes.getAs<StringAttr>("dl.part");
        return (kind + "=" + name.getValue() + (part ? ":" + part.getValue().str() : "")).str();
      }
  return "";
}

using Values = llvm::StringMap<Tensor>;

std::optional<Values> evaluate(ir::FuncOp func, const Values &given) {
  SmallVector<Tensor> arguments;
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    std::string name = nameOf(func.getArgAttrDict(i));
    auto it = given.find(name);
    arguments.push_back(it != given.end() ? it->second
                                          : makeArgument(cast<RankedTensorType>(type), name));
  }
  ir::eval::Environment environment;
  environment.onCheckFailed = [](ir::CheckOp, StringRef) {};
  auto results = ir::eval::evaluateFunction(func, arguments, environment);
  if (failed(results))
    return std::nullopt;
  Values values;
  for (auto [i, result] : llvm::enumerate(*results)) {
    std::string name = nameOf(func.getResultAttrDict(i));
    values[name.empty() ? "#" + std::to_string(i) : name] = result;
  }
  return values;
}

bool same(const Tensor &a, const Tensor &b, double &worst) {
  if (a.shape() != b.shape() || a.elementType() != b.elementType())
    return false;
  double scale = 1e-6;
  for (int64_t i = 0; i < a.count(); ++i)
    if (double x = std::fabs(a.getDouble(i)); std::isfinite(x))
      scale = std::max(scale, x);
  for (int64_t i = 0; i < a.count(); ++i) {
    double x = a.getDouble(i), y = b.getDouble(i);
    if (x == y || (std::isnan(x) && std::isnan(y)))
      continue;
    worst = std::max(worst, std::fabs(x - y) / scale);
    if (!(std::fabs(x - y) <= 1e-5 * scale))
      return false;
  }
  return true;
}

bool isOpen(ir::FuncOp func) { return func->hasAttr("dl.symbols"); }

/// What all functions of a module compute.
class Comparison {
public:
  bool update(StringRef pass, ModuleOp module) {
    unsigned compared = 0;
    double worst = 0;
    for (auto func : module.getOps<ir::FuncOp>()) {
      if (func->hasAttr("dl.kernel") || isOpen(func))
        continue;
      auto now = evaluate(func, {});
      if (!now)
        return false;
      auto [it, fresh] = before.try_emplace(func.getSymName());
      for (auto &entry : *now) {
        auto old = it->second.find(entry.first());
        if (!fresh && (old == it->second.end() || !same(old->second, entry.second, worst))) {
          llvm::errs() << "error: pass `" << pass << "` changes `" << entry.first() << "` of `@"
                       << func.getSymName() << "`\n";
          if (old != it->second.end())
            llvm::errs() << "  before: " << ir::eval::formatTensor(old->second).substr(0, 300)
                         << "\n  after:  " << ir::eval::formatTensor(entry.second).substr(0, 300)
                         << "\n";
          return false;
        }
        compared += !fresh;
        it->second[entry.first()] = entry.second;
      }
    }
    llvm::outs() << pass << ": " << compared << " results agree, difference at most "
                 << llvm::format("%.1e", worst) << "\n";
    return true;
  }
  void forget(StringRef function) { before.erase(function); }

private:
  llvm::StringMap<Values> before;
};

/// Rows `first` to `first + count` of a tensor.
Tensor rowsOf(const Tensor &whole, int64_t first, RankedTensorType type) {
  Tensor part(type);
  int64_t perRow = whole.shape()[0] ? whole.count() / whole.shape()[0] : 0;
  memcpy(part.mutableData(),
         static_cast<const char *>(whole.data()) + first * perRow * whole.elementBytes(),
         part.bytes());
  return part;
}

/// The reports of the whole test against those of its batches.
bool compareTest(ModuleOp module, ir::TestOp test, const Values &expected, const Values &inputs) {
  auto body = module.lookupSymbol<ir::FuncOp>(test.getBody());
  auto metrics = module.lookupSymbol<ir::FuncOp>(*test.getMetrics());
  int64_t rows = test.getSettings().getAs<IntegerAttr>("rows").getInt();
  int64_t batch = test.getSettings().getAs<IntegerAttr>("batch").getInt();
  Values collected;
  for (auto [i, type] : llvm::enumerate(metrics.getArgumentTypes()))
    if (metrics.getArgAttr(i, "dl.rows"))
      collected[nameOf(metrics.getArgAttrDict(i))] = Tensor(cast<RankedTensorType>(type));
  for (int64_t first = 0; first < rows; first += batch) {
    ir::FuncOp part =
        first + batch <= rows ? body : module.lookupSymbol<ir::FuncOp>(*test.getTail());
    Values given;
    for (auto [i, type] : llvm::enumerate(part.getArgumentTypes())) {
      std::string name = nameOf(part.getArgAttrDict(i));
      if (part.getArgAttr(i, "dl.input"))
        given[name] = rowsOf(inputs.lookup(name), first, cast<RankedTensorType>(type));
      if (name == "dl.counter=row") {
        given[name] = Tensor(cast<RankedTensorType>(type));
        given[name].setInt(0, first);
      }
    }
    auto results = evaluate(part, given);
    if (!results)
      return false;
    for (auto &entry : *results) {
      Tensor &whole = collected[entry.first()];
      memcpy(static_cast<char *>(whole.mutableData()) + first * (whole.bytes() / rows),
             entry.second.data(), entry.second.bytes());
    }
  }
  auto reports = evaluate(metrics, collected);
  if (!reports)
    return false;
  double worst = 0;
  for (auto &entry : expected)
    if (auto it = reports->find(entry.first());
        it == reports->end() || !same(entry.second, it->second, worst)) {
      llvm::errs() << "error: pass `rows` changes `" << entry.first() << "` of `@"
                   << test.getSymName()
                   << "`\n  whole:   " << ir::eval::formatTensor(entry.second).substr(0, 300)
                   << "\n  batches: "
                   << (it == reports->end() ? "nothing"
                                            : ir::eval::formatTensor(it->second).substr(0, 300))
                   << "\n";
      return false;
    }
  llvm::outs() << "rows: `@" << test.getSymName() << "` in batches of " << batch
               << " agrees, difference at most " << llvm::format("%.1e", worst) << "\n";
  return true;
}

void setBatch(ModuleOp module, int64_t batch, int64_t rows) {
  Builder builder(module.getContext());
  auto shrink = [&](Operation *op, DictionaryAttr settings, bool always) {
    NamedAttrList list(settings);
    if (always || list.get("batch"))
      list.set("batch", builder.getI64IntegerAttr(batch));
    if (list.get("rows"))
      list.set("rows", builder.getI64IntegerAttr(rows));
    op->setAttr("settings", list.getDictionary(module.getContext()));
  };
  for (auto train : module.getOps<ir::TrainOp>())
    shrink(train, train.getSettings(), true);
  for (auto test : module.getOps<ir::TestOp>())
    shrink(test, test.getSettings(), true);
}

int run(ModuleOp module, int64_t batch, bool roundTrip) {
  if (batch > 0)
    setBatch(module, batch, 2 * batch + 1);
  Comparison comparison;
  llvm::StringMap<std::pair<Values, Values>> tests; // reports and inputs of the whole
  passes::PipelineOptions options;
  options.roundTrip = roundTrip;
  options.afterPass = [&](StringRef pass, ModuleOp module) -> LogicalResult {
    if (pass == "derive") {
      for (auto test : module.getOps<ir::TestOp>()) {
        auto body = module.lookupSymbol<ir::FuncOp>(test.getBody());
        auto rows = test.getSettings().getAs<IntegerAttr>("rows");
        if (!body || !rows || !isOpen(body))
          continue;
        auto whole = cast<ir::FuncOp>(body->clone());
        module.push_back(whole);
        llvm::StringMap<ir::SizeExpr> values;
        values.insert_or_assign("rows", ir::SizeExpr(rows.getInt()));
        if (failed(passes::bindSymbols(whole, values)))
          return failure();
        Values inputs;
        for (auto [i, type] : llvm::enumerate(whole.getArgumentTypes()))
          inputs[nameOf(whole.getArgAttrDict(i))] =
              makeArgument(cast<RankedTensorType>(type), nameOf(whole.getArgAttrDict(i)));
        auto reports = evaluate(whole, inputs);
        whole.erase();
        if (!reports)
          return failure();
        tests[test.getSymName()] = {std::move(*reports), std::move(inputs)};
      }
      return success();
    }
    if (pass == "rows")
      for (auto test : module.getOps<ir::TestOp>())
        if (auto it = tests.find(test.getSymName()); it != tests.end() && test.getMetrics())
          if (!compareTest(module, test, it->second.first, it->second.second))
            return failure();
    return success(comparison.update(pass, module));
  };
  passes::Stage from = passes::stageOf(module).value_or(passes::Stage::Graph);
  return failed(passes::runPipeline(module, from, passes::Stage::Optimized, options));
}

} // namespace

int main(int argc, char **argv) {
  int64_t batch = 0;
  bool roundTrip = false;
  const char *file = nullptr;
  for (int i = 1; i < argc; ++i) {
    StringRef argument = argv[i];
    if (argument == "--batch" && i + 1 < argc)
      batch = std::atoll(argv[++i]);
    else if (argument == "--round-trip")
      roundTrip = true;
    else
      file = argv[i];
  }
  if (!file) {
    llvm::errs() << "usage: dlc-compare-passes FILE [--batch N] [--round-trip]\n";
    return 2;
  }
  MLIRContext context;
  context.loadDialect<ir::DLDialect>();
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  auto module = parseSourceFile<ModuleOp>(file, sources, &context);
  return module ? run(*module, batch, roundTrip) : 1;
}
