#include "tools/driver/SizeChecks.h"

#include "tools/driver/ReferenceExecutor.h"
#include "tools/driver/Sites.h"

#include "ir/Names.h"
#include "ir/Ops.h"
#include "ir/Types.h"
#include "ir/eval/Evaluator.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <fmt/format.h>

#include <set>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;

namespace {

class SizeChecker {
public:
  explicit SizeChecker(const std::map<std::string, int64_t> &sizes) : sizes(sizes) {}

  Status check(ir::FuncOp func) {
    for (mlir::Operation &op : func.getBody().front()) {
      for (mlir::Value result : op.getResults())
        for (const ir::SizeExpr &size : ir::shapeOf(result.getType()))
          DLC_TRY(checkSize(size, op));
      if (auto check = mlir::dyn_cast<ir::CheckOp>(op))
        DLC_TRY(checkCondition(check));
      if (auto slice = mlir::dyn_cast<ir::DynamicSliceOp>(op))
        DLC_TRY(checkPart(slice, slice.getType(), slice.getOperand().getType()));
      if (auto update = mlir::dyn_cast<ir::DynamicUpdateOp>(op))
        DLC_TRY(checkPart(update, update.getUpdate().getType(), update.getOperand().getType()));
      DLC_TRY(follow(op));
    }
    return Status();
  }

private:
  ir::SizeExpr bound(const ir::SizeExpr &size) const {
    return size.substitute([&](llvm::StringRef name) -> std::optional<ir::SizeExpr> {
      auto it = sizes.find(name.str());
      return it == sizes.end() ? std::nullopt : std::optional(ir::SizeExpr(it->second));
    });
  }

  /// "`H` is 3, `k` is 0": what the sizes in a text stand for.
  std::string meaningOf(const std::set<std::string> &names) const {
    std::string text;
    for (const std::string &name : names)
      if (auto it = sizes.find(name); it != sizes.end())
        text += fmt::format("{}`{}` is {}", text.empty() ? "" : ", ", name, it->second);
    return text;
  }
  static std::set<std::string> namesIn(const ir::SizeExpr &size) {
    std::set<std::string> names;
    size.forEachSymbol([&](llvm::StringRef name) { names.insert(name.str()); });
    return names;
  }

  Status failure(mlir::Operation &op, const std::string &message, const std::set<std::string> &names) const {
    std::string place = ir::lineOf(op.getLoc()), meaning = meaningOf(names);
    Status status = Status::run(messageAt(place, message));
    if (!place.empty())
      status = std::move(status).within(place);
    return meaning.empty() ? status : std::move(status).noting(meaning);
  }

  Status checkSize(const ir::SizeExpr &size, mlir::Operation &op) const {
    ir::SizeExpr number = bound(size);
    if (number.hasOverflow() && !size.hasOverflow()) {
      std::set<std::string> names = namesIn(size);
      bool hasZero = llvm::any_of(names, [&](const std::string &name) { return sizes.count(name) && sizes.at(name) == 0; });
      return failure(op, fmt::format("the size `{}` {}", size.str(), hasZero ? "divides by 0" : "exceeds 64 bits"), names);
    }
    if (number.constant().value_or(0) < 0)
      return failure(op, fmt::format("the size `{}` becomes negative", size.str()), namesIn(size));
    return Status();
  }

  /// A part whose place only the run knows: no place will do for one that is longer than its axis.
  Status checkPart(mlir::Operation *op, mlir::Type part, mlir::Type whole) const {
    for (auto [size, all] : llvm::zip(ir::shapeOf(part), ir::shapeOf(whole)))
      if (auto taken = bound(size).constant(), there = bound(all).constant(); taken && there && *taken > *there)
        return failure(*op, *taken == 1 ? fmt::format("an index into an axis of size {}, which has no element", all.str())
                                        : fmt::format("a slice of {} of an axis of size {}, which has only {}", size.str(), all.str(), *there),
                       namesIn(size + all));
    return Status();
  }

  Status checkCondition(ir::CheckOp check) {
    auto holds = mlir::dyn_cast_or_null<mlir::DenseElementsAttr>(known.lookup(check.getCondition()));
    if (!holds || llvm::all_of(holds.getValues<bool>(), [](bool value) { return value; }))
      return Status();
    std::vector<runtime::Tensor> values;
    for (mlir::Value value : check.getValues()) {
      auto elements = mlir::dyn_cast_or_null<mlir::DenseElementsAttr>(known.lookup(value));
      if (!elements) // the run tells it with its value
        return Status();
      DLC_ASSIGN(tensor, toRuntime(ir::eval::tensorFromAttr(elements)));
      values.push_back(tensor);
    }
    DLC_ASSIGN(text, runtime::TextTemplate::parse(check.getMessage().str(), values.size()));
    return failure(*check, text.fillBriefly(values), namesBehind(check.getCondition()));
  }

  /// The symbols that a value follows from.
  static std::set<std::string> namesBehind(mlir::Value value) {
    std::set<std::string> names;
    llvm::SmallVector<mlir::Value> left = {value};
    llvm::SmallPtrSet<mlir::Operation *, 8> seen;
    while (!left.empty()) {
      mlir::Operation *op = left.pop_back_val().getDefiningOp();
      if (!op || !seen.insert(op).second)
        continue;
      if (auto size = mlir::dyn_cast<ir::SizeOp>(op))
        names.merge(namesIn(size.getSize().getSizes()[0]));
      llvm::append_range(left, op->getOperands());
    }
    return names;
  }

  /// Notes what the results of an operation are where its operands are known.
  Status follow(mlir::Operation &op) {
    mlir::Attribute constant;
    if (auto size = mlir::dyn_cast<ir::SizeOp>(op)) {
      const ir::SizeExpr &expression = size.getSize().getSizes()[0];
      ir::SizeExpr number = bound(expression);
      if (number.hasOverflow())
        return checkSize(expression, op);
      if (auto value = number.constant())
        known[size.getResult()] = mlir::DenseElementsAttr::get(mlir::cast<mlir::RankedTensorType>(size.getType()), *value);
    } else if (mlir::matchPattern(&op, mlir::m_Constant(&constant))) {
      known[op.getResult(0)] = constant;
    } else if (op.getNumOperands() && op.getNumRegions() == 0) {
      fold(op);
    }
    return Status();
  }

  void fold(mlir::Operation &op) {
    llvm::SmallVector<mlir::Attribute> operands;
    for (mlir::Value operand : op.getOperands())
      operands.push_back(known.lookup(operand));
    if (llvm::is_contained(operands, mlir::Attribute()))
      return;
    llvm::SmallVector<mlir::OpFoldResult> results;
    if (failed(op.fold(operands, results)) || results.size() != op.getNumResults())
      return;
    for (auto [value, result] : llvm::zip(op.getResults(), results))
      if (mlir::Attribute attribute = mlir::dyn_cast<mlir::Attribute>(result) ? mlir::cast<mlir::Attribute>(result) : known.lookup(mlir::cast<mlir::Value>(result)))
        known[value] = attribute;
  }

  const std::map<std::string, int64_t> &sizes;
  llvm::DenseMap<mlir::Value, mlir::Attribute> known;
};

} // namespace

Status checkSizes(mlir::ModuleOp module, const std::string &function, const std::map<std::string, int64_t> &sizes) {
  auto func = module.lookupSymbol<ir::FuncOp>(function);
  return func && !func.isExternal() ? SizeChecker(sizes).check(func) : Status();
}

} // namespace dlc::driver
