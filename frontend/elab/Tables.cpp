// Tables made of tables: columns side by side, `split sample filter map` (rule 35).
#include "frontend/elab/Elaborator.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

namespace dlc::frontend {

std::optional<Elaborator::TableView> Elaborator::tableOf(const Value &value, SourceRange range) {
  if (value.isError())
    return std::nullopt;
  std::vector<TreeLeaf> leaves = flatten(value, true);
  TableView view;
  bool together = !leaves.empty();
  std::optional<Dim> rows;
  for (const TreeLeaf &leaf : leaves) {
    bool column = leaf.value.is(ValueKind::PlaceRef) && leaf.value.asPlace()->kind == PlaceKind::Data && leaf.value.asPlace()->shape.rank() > 0;
    if (!column) {
      error(diag::not_a_table, range, value.describe());
      return std::nullopt;
    }
    Place *place = leaf.value.asPlace();
    // Absent files are taken to have as many rows as what stands beside them.
    bool open = rows && (!rows->constant() || !place->shape[0].constant());
    if (rows && !open && !(*rows == place->shape[0])) {
      report(diag::rows_differ, range, rows->str(), place->shape[0].str()).help("name one of the tables, as in `digits.train`");
      return std::nullopt;
    }
    if (!open || !rows->constant())
      rows = place->shape[0];
    if (view.data && view.data != place->data)
      together = false;
    view.data = place->data;
    place->data->used = true;
  }
  if (leaves.empty()) {
    error(diag::not_a_table, range, value.describe());
    return std::nullopt;
  }
  if (together) {
    view.row = value;
    return view;
  }
  return sideBySide(value, *rows, range);
}

Elaborator::TableView Elaborator::sideBySide(const Value &value, const Dim &rows, SourceRange range) {
  std::vector<TreeLeaf> columns;
  llvm::SetVector<DataInfo *> tables;
  llvm::SmallVector<Place *> taken, all;
  llvm::SmallVector<mlir::Attribute> owners, names, parts;
  mlir::Builder attribute(context);
  for (const TreeLeaf &leaf : flatten(value, true)) {
    Place *place = leaf.value.asPlace();
    tables.insert(place->data);
    taken.push_back(place);
    owners.push_back(mlir::FlatSymbolRefAttr::get(context, place->data->symbol));
    names.push_back(attribute.getStringAttr(place->column));
    Tensor type;
    type.element = place->element;
    type.shape = place->shape;
    type.shape[0] = rows;
    columns.push_back({leaf.path, Value::tensor(type), false});
  }
  for (DataInfo *table : tables) {
    all.append(table->columns.begin(), table->columns.end());
    parts.push_back(mlir::FlatSymbolRefAttr::get(context, table->symbol));
  }
  // Whole tables, or the column of each name of the table beside it.
  bool isWhole = taken == all;
  llvm::SmallVector<mlir::NamedAttribute> entries{attribute.getNamedAttr("kind", attribute.getStringAttr("zip")),
                                                  attribute.getNamedAttr("of", attribute.getArrayAttr(isWhole ? parts : owners))};
  if (!isWhole)
    entries.push_back(attribute.getNamedAttr("take", attribute.getArrayAttr(names)));
  TableView view;
  view.row = emitData(freshSymbol(dataName), columns, value, attribute.getDictionaryAttr(entries), range, true);
  view.data = flatten(view.row, true).front().value.asPlace()->data;
  return view;
}

std::optional<Elaborator::TableView> Elaborator::wholeTableOf(const Value &value, SourceRange range) {
  auto view = tableOf(value, range);
  if (!view || flatten(view->row, true).size() == view->data->columns.size())
    return view;
  return sideBySide(view->row, *view->data->rows, range);
}

/// A table of some rows of another: its columns keep the names that they have there.
static Value sameColumns(CallContext &context, const Elaborator::TableView &table, const Dim &rows, const std::string &symbol,
                         mlir::DictionaryAttr source) {
  Elaborator &elab = context.elab;
  // A column that is taken twice is one column with two names.
  std::vector<TreeLeaf> leaves = elab.flatten(table.row, true);
  for (TreeLeaf &leaf : leaves) {
    Place *place = leaf.value.asPlace();
    Tensor type;
    type.element = place->element;
    type.shape = place->shape;
    type.shape[0] = rows;
    leaf = {place->column, Value::tensor(type), false};
  }
  return elab.emitData(symbol, leaves, table.row, source, context.call, true);
}

/// Part `index` of a table that is split by `fractions`; with known ends, rows `begin` to `end` of the order drawn.
static Value partOf(CallContext &context, const Elaborator::TableView &table, llvm::ArrayRef<double> fractions, size_t index,
                    const std::string &symbol, llvm::StringRef path, bool shuffle, int64_t begin, std::optional<int64_t> end) {
  Elaborator &elab = context.elab;
  mlir::Builder attribute(elab.context);
  llvm::SmallVector<mlir::Attribute> numbers;
  for (double fraction : fractions)
    numbers.push_back(attribute.getF64FloatAttr(fraction));
  elab.symbols.insert(symbol);
  Dim count(ir::SizeExpr::symbol("rows." + symbol), context.call);
  llvm::SmallVector<mlir::NamedAttribute> entries{
      attribute.getNamedAttr("kind", attribute.getStringAttr("split")),
      attribute.getNamedAttr("of", mlir::FlatSymbolRefAttr::get(elab.context, table.data->symbol)),
      attribute.getNamedAttr("parts", attribute.getArrayAttr(numbers)),
      attribute.getNamedAttr("part", attribute.getI64IntegerAttr(static_cast<int64_t>(index))),
      attribute.getNamedAttr("shuffle", attribute.getBoolAttr(shuffle)),
      attribute.getNamedAttr("site", attribute.getI64IntegerAttr(static_cast<int64_t>(siteHash(path))))};
  if (end) {
    count = Dim(ir::SizeExpr(*end - begin), ir::SizeExpr::symbol("rows." + symbol), context.call);
    entries.push_back(attribute.getNamedAttr("begin", attribute.getI64IntegerAttr(begin)));
    entries.push_back(attribute.getNamedAttr("end", attribute.getI64IntegerAttr(*end)));
  }
  return sameColumns(context, table, count, symbol, attribute.getDictionaryAttr(entries));
}

Value splitTable(CallContext &context) {
  Elaborator &elab = context.elab;
  auto table = elab.wholeTableOf(context.raw("table"), context.range("table"));
  Value parts = context["parts"];
  auto shuffle = context.boolean("shuffle");
  if (!table || parts.isError() || !shuffle)
    return Value::error();
  if (!parts.is(ValueKind::List) || parts.items().size() < 2)
    return context.error(diag::split_parts, context.range("parts"));
  std::vector<double> fractions;
  double total = 0;
  for (const Value &part : parts.items()) {
    auto number = part.number();
    if (!number || *number <= 0)
      return context.error(diag::split_parts, context.range("parts"));
    fractions.push_back(*number);
    total += *number;
  }
  if (std::fabs(total - 1) > 1e-6)
    return context.error(diag::split_parts, context.range("parts"));
  std::string path = elab.dataParts.empty() ? elab.dataName : llvm::join(elab.dataParts, ",");
  path += ":split";
  auto rows = table->data->rows ? table->data->rows->constant() : std::nullopt;
  std::vector<Value> items;
  double sum = 0;
  int64_t begin = 0;
  for (size_t i = 0; i < fractions.size(); ++i) {
    std::string symbol = elab.dataParts.size() == fractions.size() ? elab.dataParts[i] : elab.dataName + "." + std::to_string(i);
    sum += fractions[i];
    std::optional<int64_t> end;
    if (rows)
      end = i + 1 == fractions.size() ? *rows : std::llround(static_cast<double>(*rows) * sum);
    items.push_back(partOf(context, *table, fractions, i, symbol, path, *shuffle, begin, end));
    begin = end.value_or(0);
  }
  return Value::list(std::move(items));
}

/// `sample(table, count)`: so many rows, drawn by the seed, each at most once.
Value sampleTable(CallContext &context) {
  Elaborator &elab = context.elab;
  auto table = elab.wholeTableOf(context.raw("table"), context.range("table"));
  auto count = context.integer("count");
  if (!table || !count)
    return Value::error();
  auto rows = table->data->rows ? table->data->rows->constant() : std::nullopt;
  if (*count < 1 || (rows && *count > *rows))
    return context.error(diag::sample_count, context.range("count"), *count, table->data->rows ? table->data->rows->str() : "?");
  // One part of two; how large the other is does not matter.
  double fraction = rows ? static_cast<double>(*count) / static_cast<double>(*rows) : 0.5;
  std::vector<double> fractions{fraction};
  if (fraction < 1)
    fractions.push_back(1 - fraction);
  return partOf(context, *table, fractions, 0, elab.freshSymbol(elab.dataName), elab.dataName + ":sample", true, 0, *count);
}

/// Elaborates the function of one row as `@NAME`; an error where its body has one.
static Value rowFunction(CallContext &context, const Elaborator::TableView &table, const std::string &name, FunctionContext *&target) {
  Elaborator &elab = context.elab;
  elab.contexts.push_back(std::make_unique<FunctionContext>(ContextKind::RowMap, name, elab.module.get(), elab.plainLocation(context.call)));
  target = elab.contexts.back().get();
  Restore<FunctionContext *> where(elab.function, target);
  Value row = elab.mapTree(table.row, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
    Place *column = leaf.asPlace();
    Shape shape(llvm::ArrayRef(column->shape.dims).drop_front());
    mlir::Value argument = target->argument("input", column->column, tensorType(elab.context, column->element, shape), elab.location(context.call));
    return Value::tensor(elab.emit.wrap(argument, column->element, shape));
  });
  Value result = elab.read(context.callFunction(context.raw("f"), {row}));
  return result.isNumber() ? elab.toTensorValue(result, context.call) : result;
}

/// `filter(table, f)`: the rows of which `f` is true. How many these are is found out at once, since the sizes of batches depend on it.
Value filterTable(CallContext &context) {
  Elaborator &elab = context.elab;
  auto table = elab.wholeTableOf(context.raw("table"), context.range("table"));
  if (!table)
    return Value::error();
  std::string symbol = elab.freshSymbol(elab.dataName), functionName = elab.freshSymbol("filter." + symbol);
  FunctionContext *target = nullptr;
  Value keep = rowFunction(context, *table, functionName, target);
  if (keep.isError())
    return keep;
  if (!keep.isTensor() || keep.asTensor().element != ElementType::Bool || keep.asTensor().rank() != 0)
    return context.error(diag::condition_type, context.range("f"), keep.describe());
  mlir::Builder attribute(elab.context);
  mlir::NamedAttrList output;
  output.append("dl.output", attribute.getStringAttr("value"));
  target->result(keep.asTensor().value, std::move(output));
  target->finish(elab.plainLocation(context.call));
  Dim rows(ir::SizeExpr::symbol("rows." + symbol), context.call);
  std::string reason;
  auto count = elab.data.countRows(elab.module.get(), table->data->symbol, functionName, reason);
  if (!count && !reason.empty())
    return context.error(diag::data_error, context.call, reason);
  if (count)
    rows = Dim(ir::SizeExpr(*count), ir::SizeExpr::symbol("rows." + symbol), context.call);
  auto source = attribute.getDictionaryAttr({attribute.getNamedAttr("kind", attribute.getStringAttr("filter")),
                                             attribute.getNamedAttr("of", mlir::FlatSymbolRefAttr::get(elab.context, table->data->symbol)),
                                             attribute.getNamedAttr("function", mlir::FlatSymbolRefAttr::get(elab.context, functionName))});
  return sameColumns(context, *table, rows, symbol, source);
}

Value mapTable(CallContext &context) {
  Elaborator &elab = context.elab;
  auto table = elab.tableOf(context.raw("table"), context.range("table"));
  if (!table)
    return Value::error();
  std::string symbol = elab.freshSymbol(elab.dataName);
  std::string functionName = elab.freshSymbol("map." + symbol);
  FunctionContext *row = nullptr;
  Value result = rowFunction(context, *table, functionName, row);
  if (result.isError())
    return result;
  FunctionContext &target = *row;
  std::vector<TreeLeaf> leaves = elab.flatten(result, true);
  if (leaves.empty() || llvm::any_of(leaves, [](const TreeLeaf &leaf) { return !leaf.value.isTensor(); }))
    return context.error(diag::not_data, context.range("f"), result.describe());
  mlir::Builder attribute(elab.context);
  for (const TreeLeaf &leaf : leaves) {
    mlir::NamedAttrList attributes;
    attributes.append("dl.output", attribute.getStringAttr(leaf.path.empty() ? "value" : leaf.path));
    target.result(leaf.value.asTensor().value, std::move(attributes));
  }
  target.finish(elab.plainLocation(context.call));
  Value types = elab.mapTree(result, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
    Tensor type;
    type.element = leaf.asTensor().element;
    type.shape.push_back(*table->data->rows);
    type.shape.dims.append(leaf.asTensor().shape.begin(), leaf.asTensor().shape.end());
    return Value::tensor(type);
  });
  auto source = attribute.getDictionaryAttr({attribute.getNamedAttr("kind", attribute.getStringAttr("map")),
                                             attribute.getNamedAttr("of", mlir::FlatSymbolRefAttr::get(elab.context, table->data->symbol)),
                                             attribute.getNamedAttr("function", mlir::FlatSymbolRefAttr::get(elab.context, functionName))});
  return elab.emitData(symbol, elab.flatten(types, true), types, source, context.call, true);
}

} // namespace dlc::frontend
