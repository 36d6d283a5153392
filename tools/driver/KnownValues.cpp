#include "tools/driver/KnownValues.h"

#include "tools/driver/ReferenceExecutor.h"

#include "ir/Ops.h"
#include "ir/eval/Evaluator.h"

#include <fmt/format.h>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using Known = std::map<std::string, std::vector<runtime::Tensor>>;

namespace {

constexpr int64_t workLimit = int64_t{1} << 20;

/// Element operations of a function, or nothing where sizes are open or it has loops and branches.
std::optional<int64_t> workOf(ir::FuncOp func) {
  int64_t work = 0;
  bool known = true;
  func->walk([&](mlir::Operation *op) {
    for (mlir::Value result : op->getResults()) {
      auto type = mlir::cast<mlir::RankedTensorType>(result.getType());
      if (!type.hasStaticShape()) {
        known = false;
        return;
      }
      work += type.getNumElements();
    }
    if (!known)
      return;
    // Of a reduction or a product the operands count, too.
    if (auto cost = mlir::dyn_cast<ir::CostInterface>(op))
      work += cost.flops();
    if (mlir::isa<ir::LoopOp, ir::CondOp, ir::HostOp, ir::CheckOp, ir::GradientOp>(op))
      known = false;
    if (work > workLimit)
      known = false;
  });
  return known ? std::optional(work) : std::nullopt;
}

/// The arguments, where all are the seed or columns of known data.
std::optional<llvm::SmallVector<ir::eval::Tensor>> argumentsOf(ir::FuncOp func, int64_t seed,
                                                              const std::map<std::string, ir::eval::Tensor> &columns) {
  llvm::SmallVector<ir::eval::Tensor> arguments;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    auto type = mlir::cast<mlir::RankedTensorType>(func.getFunctionType().getInput(i));
    if (!type.hasStaticShape())
      return std::nullopt;
    if (auto counter = func.getArgAttrOfType<mlir::StringAttr>(i, "dl.counter")) {
      ir::eval::Tensor value(type);
      value.setInt(0, counter.getValue() == "seed" ? seed : 0);
      arguments.push_back(value);
    } else if (auto data = func.getArgAttrOfType<mlir::StringAttr>(i, "dl.data"); data && columns.count(data.str())) {
      arguments.push_back(columns.at(data.str()));
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

} // namespace

Result<Known> takeKnownValues(mlir::ModuleOp module, int64_t seed) {
  Known known;
  std::map<std::string, ir::eval::Tensor> columns;
  auto evaluate = [&](ir::FuncOp func, llvm::SmallVector<ir::eval::Tensor> &outputs) -> Result<bool> {
    if (!func || !workOf(func))
      return false;
    auto arguments = argumentsOf(func, seed, columns);
    if (!arguments)
      return false;
    ir::eval::Environment environment;
    auto results = ir::eval::evaluateFunction(func, *arguments, environment);
    if (mlir::failed(results))
      return Status::run(fmt::format("`{}` could not be evaluated", func.getSymName().str()));
    outputs = *results;
    std::vector<runtime::Tensor> &values = known[func.getSymName().str()];
    for (const ir::eval::Tensor &output : outputs) {
      DLC_ASSIGN(tensor, toRuntime(output));
      values.push_back(tensor);
    }
    return true;
  };

  llvm::SmallVector<ir::FuncOp> done;
  for (auto data : module.getOps<ir::DataOp>()) {
    auto name = mlir::dyn_cast_or_null<mlir::FlatSymbolRefAttr>(data.getSource().get("function"));
    auto kind = mlir::dyn_cast_or_null<mlir::StringAttr>(data.getSource().get("kind"));
    if (!name || !kind || kind.getValue() != "compute")
      continue;
    auto func = module.lookupSymbol<ir::FuncOp>(name.getValue());
    llvm::SmallVector<ir::eval::Tensor> outputs;
    DLC_ASSIGN(evaluated, evaluate(func, outputs));
    if (!evaluated)
      continue;
    done.push_back(func);
    for (auto [column, output] : llvm::zip(data.getColumns(), outputs)) {
      std::string path = data.getSymName().str(), columnName = mlir::cast<mlir::StringAttr>(column).str();
      columns[columnName.empty() ? path : path + "." + columnName] = output;
    }
  }
  if (auto init = module.lookupSymbol<ir::FuncOp>("init")) {
    llvm::SmallVector<ir::eval::Tensor> outputs;
    DLC_ASSIGN(evaluated, evaluate(init, outputs));
    if (evaluated)
      done.push_back(init);
  }
  for (ir::FuncOp func : done)
    func.erase();
  return known;
}

} // namespace dlc::driver
