#include "tools/driver/VerifyTables.h"

#include "tools/driver/Data.h"
#include "tools/driver/Session.h"

#include "ir/Ops.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace dlc::driver {
namespace {

/// Numbers of rows, and what they become.
using NewRows = std::map<int64_t, int64_t>;
using Module = mlir::OwningOpRef<mlir::ModuleOp>;

/// The rows of a table; nothing for a single number, or where they are not known.
std::optional<int64_t> rowsOf(ir::DataOp data) {
  if (data.getTypes().empty())
    return std::nullopt;
  auto type = mlir::dyn_cast<mlir::RankedTensorType>(mlir::cast<mlir::TypeAttr>(data.getTypes()[0]).getValue());
  return type && type.getRank() > 0 && type.hasStaticShape() ? std::optional(type.getDimSize(0)) : std::nullopt;
}

llvm::StringRef kindOf(ir::DataOp data) {
  auto kind = mlir::dyn_cast_or_null<mlir::StringAttr>(data.getSource().get("kind"));
  return kind ? kind.getValue() : "";
}

std::string symbolIn(mlir::Attribute attribute) {
  if (auto list = mlir::dyn_cast_or_null<mlir::ArrayAttr>(attribute))
    attribute = list.empty() ? mlir::Attribute() : list[0];
  auto symbol = mlir::dyn_cast_or_null<mlir::FlatSymbolRefAttr>(attribute);
  return symbol ? symbol.getValue().str() : "";
}

/// The rows of a part of a table of `rows` rows, by the rule of the runtime.
std::optional<int64_t> partOf(ir::DataOp data, int64_t rows) {
  std::vector<double> fractions;
  auto parts = mlir::dyn_cast_or_null<mlir::ArrayAttr>(data.getSource().get("parts"));
  auto part = mlir::dyn_cast_or_null<mlir::IntegerAttr>(data.getSource().get("part"));
  auto column = runtime::Tensor::zeros(runtime::ElementType::U8, {rows});
  if (!parts || !part || !column)
    return std::nullopt;
  for (mlir::Attribute fraction : parts)
    fractions.push_back(mlir::cast<mlir::FloatAttr>(fraction).getValueAsDouble());
  auto table = runtime::Table::make({{"", *column, nullptr}});
  if (!table)
    return std::nullopt;
  auto tables = table->split(fractions, std::nullopt);
  if (!tables || part.getInt() < 0 || part.getInt() >= static_cast<int64_t>(tables->size()))
    return std::nullopt;
  return (*tables)[static_cast<size_t>(part.getInt())].rows();
}

/// A copy in which every such number, in types and in the settings of blocks, is the other one; null where types do not fit any more.
Module withNumbers(mlir::ModuleOp module, const NewRows &numbers) {
  Module copy = module.clone();
  auto shrunk = [&](mlir::RankedTensorType type) {
    llvm::SmallVector<int64_t> shape(type.getShape());
    for (int64_t &size : shape)
      if (auto it = numbers.find(size); it != numbers.end())
        size = it->second;
    return mlir::RankedTensorType::get(shape, type.getElementType(), type.getEncoding());
  };
  bool fits = true;
  copy->walk([&](mlir::Operation *op) {
    if (auto constant = mlir::dyn_cast<ir::ConstantOp>(op)) {
      auto type = mlir::cast<mlir::RankedTensorType>(constant.getType());
      if (shrunk(type) == type)
        return;
      auto splat = mlir::dyn_cast<mlir::SplatElementsAttr>(constant.getValue());
      fits &= static_cast<bool>(splat);
      if (splat)
        constant.setValueAttr(splat.resizeSplat(shrunk(type)));
    } else if (mlir::isa<ir::TrainOp, ir::TestOp>(op)) {
      auto settings = op->getAttrOfType<mlir::DictionaryAttr>("settings");
      mlir::NamedAttrList changed(settings);
      for (mlir::NamedAttribute setting : settings) {
        auto number = mlir::dyn_cast<mlir::IntegerAttr>(setting.getValue());
        bool isSize = setting.getName() == "rows" || setting.getName() == "batch";
        if (auto it = number ? numbers.find(number.getInt()) : numbers.end(); isSize && it != numbers.end())
          changed.set(setting.getName(), mlir::IntegerAttr::get(number.getType(), it->second));
      }
      op->setAttr("settings", changed.getDictionary(op->getContext()));
    }
  });
  mlir::AttrTypeReplacer replacer;
  replacer.addReplacement([&](mlir::RankedTensorType type) -> std::optional<std::pair<mlir::Type, mlir::WalkResult>> {
    return std::pair<mlir::Type, mlir::WalkResult>(shrunk(type), mlir::WalkResult::skip());
  });
  replacer.addReplacement([](mlir::ElementsAttr attr) -> std::optional<std::pair<mlir::Attribute, mlir::WalkResult>> {
    return std::pair<mlir::Attribute, mlir::WalkResult>(attr, mlir::WalkResult::skip());
  });
  replacer.recursivelyReplaceElementsIn(*copy, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  if (!fits || mlir::failed(mlir::verify(*copy)))
    return {};
  return copy;
}

/// One try: computed tables have at most `target` rows.
class Shrinking {
public:
  Shrinking(Session &session, int64_t rows, int64_t target) : session(session), rows(rows), target(target) {}

  Module run() {
    for (auto data : session.module().getOps<ir::DataOp>())
      if (!add(data))
        return {};
    if (numbers.empty() || !trainsHaveRows() || othersHaveSuchRows())
      return {};
    return withNumbers(session.module(), numbers);
  }

private:
  bool add(ir::DataOp data) {
    std::optional<int64_t> old = rowsOf(data), now;
    if (!old)
      return true;
    std::string name = data.getSymName().str(), of = symbolIn(data.getSource().get("of"));
    llvm::StringRef kind = kindOf(data);
    if (kind == "compute")
      now = std::min(*old, target);
    else if (!changed.count(of))
      return true;
    else if (kind == "split")
      now = partOf(data, changed[of]);
    else if (kind == "filter")
      now = kept(data, of);
    else
      now = changed[of];
    if (!now || *now < 1)
      return false;
    if (now == old)
      return true;
    // Small numbers stand for other things as well: of tables so small the rows stay.
    if (*old <= rows)
      return false;
    changed[name] = *now;
    auto [it, isNew] = numbers.emplace(*old, *now);
    return isNew || it->second == *now;
  }

  /// How many rows of the smaller table a filter keeps.
  std::optional<int64_t> kept(ir::DataOp data, const std::string &of) {
    Module smaller = withNumbers(session.module(), numbers);
    if (!smaller)
      return std::nullopt;
    const Arguments &arguments = session.arguments();
    FileDataSource source(dataPathOf(arguments), true, arguments.seed, session.rowLimit);
    std::string error;
    return source.countRows(*smaller, of, symbolIn(data.getSource().get("function")), error);
  }

  bool trainsHaveRows() {
    for (auto train : session.module().getOps<ir::TrainOp>())
      if (auto it = changed.find(train.getTable().value_or("").str()); it != changed.end() && it->second < rows)
        return false;
    return true;
  }

  /// Whether a table that stays as it is has a number of rows that would change.
  bool othersHaveSuchRows() {
    return llvm::any_of(session.module().getOps<ir::DataOp>(), [&](ir::DataOp data) {
      auto old = rowsOf(data);
      return old && numbers.count(*old) && !changed.count(data.getSymName().str());
    });
  }

  Session &session;
  int64_t rows, target;
  NewRows numbers;
  std::map<std::string, int64_t> changed; ///< tables with other rows than before
};

} // namespace

Module withFewRows(Session &session, int64_t rows) {
  mlir::ScopedDiagnosticHandler silent(session.context(), [](mlir::Diagnostic &) { return mlir::success(); });
  int64_t largest = 0;
  for (auto data : session.module().getOps<ir::DataOp>())
    if (kindOf(data) == "compute")
      largest = std::max(largest, rowsOf(data).value_or(0));
  // By one at first: the second of two steps is to have the smaller batch.
  for (int64_t target = rows; target < largest; target += target < 3 * rows ? 1 : target / 2)
    if (Module fewer = Shrinking(session, rows, target).run())
      return fewer;
  return {};
}

bool hasEmptyTable(mlir::ModuleOp module) {
  return llvm::any_of(module.getOps<ir::DataOp>(), [](ir::DataOp data) { return rowsOf(data) == 0; });
}

} // namespace dlc::driver
