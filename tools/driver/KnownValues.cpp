#include "tools/driver/KnownValues.h"

#include "tools/driver/ReferenceExecutor.h"

#include "ir/Ops.h"
#include "ir/eval/Evaluator.h"

#include <fmt/format.h>

#include <set>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using Known = std::map<std::string, std::vector<runtime::Tensor>>;

namespace {

constexpr llvm::StringLiteral evaluatedAttribute = "dl.evaluated";
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

using Columns = std::map<std::string, ir::eval::Tensor>;

/// The name of the column of data that an argument is, "" where it is none.
std::string columnOf(ir::FuncOp func, unsigned argument) {
  auto data = func.getArgAttrOfType<mlir::StringAttr>(argument, "dl.data");
  return data ? data.str() : "";
}

/// Whether all arguments are the seed or columns that are known.
bool hasKnownArguments(ir::FuncOp func, const std::set<std::string> &columns) {
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    auto type = mlir::cast<mlir::RankedTensorType>(func.getFunctionType().getInput(i));
    bool isKnown = func.getArgAttr(i, "dl.counter") || columns.count(columnOf(func, i));
    if (!type.hasStaticShape() || !isKnown)
      return false;
  }
  return true;
}

std::optional<llvm::SmallVector<ir::eval::Tensor>> argumentsOf(ir::FuncOp func, int64_t seed, const Columns &columns) {
  llvm::SmallVector<ir::eval::Tensor> arguments;
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    mlir::Type type = func.getFunctionType().getInput(i);
    if (auto counter = func.getArgAttrOfType<mlir::StringAttr>(i, "dl.counter")) {
      ir::eval::Tensor value(mlir::cast<mlir::RankedTensorType>(type));
      value.setInt(0, counter.getValue() == "seed" ? seed : 0);
      arguments.push_back(value);
    } else if (auto column = columns.find(columnOf(func, i)); column != columns.end() && column->second.type() == type) {
      arguments.push_back(column->second);
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

/// The function that computes a data declaration, where it is one of that kind.
ir::FuncOp functionOf(mlir::ModuleOp module, ir::DataOp data) {
  auto name = mlir::dyn_cast_or_null<mlir::FlatSymbolRefAttr>(data.getSource().get("function"));
  auto kind = mlir::dyn_cast_or_null<mlir::StringAttr>(data.getSource().get("kind"));
  return name && kind && kind.getValue() == "compute" ? module.lookupSymbol<ir::FuncOp>(name.getValue()) : ir::FuncOp();
}

std::vector<std::string> columnsOf(ir::DataOp data) {
  std::vector<std::string> names;
  for (mlir::StringAttr column : data.getColumns().getAsRange<mlir::StringAttr>())
    names.push_back(column.getValue().empty() ? data.getSymName().str() : (data.getSymName() + "." + column.getValue()).str());
  return names;
}

} // namespace

void markEvaluated(mlir::ModuleOp module) {
  std::set<std::string> columns;
  auto mark = [&](ir::FuncOp func) {
    bool isCheap = func && workOf(func) && hasKnownArguments(func, columns);
    if (isCheap)
      func->setAttr(evaluatedAttribute, mlir::UnitAttr::get(module.getContext()));
    return isCheap;
  };
  for (auto data : module.getOps<ir::DataOp>())
    if (mark(functionOf(module, data)))
      for (const std::string &column : columnsOf(data))
        columns.insert(column);
  mark(module.lookupSymbol<ir::FuncOp>("init"));
}

Result<Known> takeKnownValues(mlir::ModuleOp module, int64_t seed) {
  Known known;
  Columns columns;
  auto evaluate = [&](ir::FuncOp func) -> Result<llvm::SmallVector<ir::eval::Tensor>> {
    ir::eval::Environment environment;
    mlir::FailureOr<llvm::SmallVector<ir::eval::Tensor>> results = mlir::failure();
    if (auto arguments = argumentsOf(func, seed, columns))
      results = ir::eval::evaluateFunction(func, *arguments, environment);
    if (mlir::failed(results))
      return Status::run(fmt::format("`{}` could not be evaluated", func.getSymName().str()));
    std::vector<runtime::Tensor> &values = known[func.getSymName().str()];
    for (const ir::eval::Tensor &output : *results) {
      DLC_ASSIGN(tensor, toRuntime(output));
      values.push_back(tensor);
    }
    return *results;
  };
  auto isMarked = [](ir::FuncOp func) { return func && func->hasAttr(evaluatedAttribute); };

  llvm::SmallVector<ir::FuncOp> done;
  for (auto data : module.getOps<ir::DataOp>()) {
    ir::FuncOp func = functionOf(module, data);
    if (!isMarked(func) || known.count(func.getSymName().str()))
      continue;
    DLC_ASSIGN(outputs, evaluate(func));
    done.push_back(func);
    for (auto [column, output] : llvm::zip(columnsOf(data), outputs))
      columns[column] = output;
  }
  if (auto init = module.lookupSymbol<ir::FuncOp>("init"); isMarked(init)) {
    DLC_ASSIGN(outputs, evaluate(init));
    done.push_back(init);
  }
  for (ir::FuncOp func : done)
    func.erase();
  return known;
}

} // namespace dlc::driver
