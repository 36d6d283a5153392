// `data`: readers, tensors computed by functions, and tables made of tables (rule 35).
#include "frontend/elab/Elaborator.h"

#include "llvm/ADT/StringExtras.h"
#include "mlir/IR/IRMapping.h"

#include <cmath>

namespace dlc::frontend {

/// A table of the module: a `dl.data` and a place for each column.
Value Elaborator::emitData(const std::string &symbol, const std::vector<TreeLeaf> &leaves, const Value &tree,
                           mlir::DictionaryAttr source, SourceRange range, bool) {
  DataInfo &info = dataInfos.emplace_back();
  info.symbol = symbol;
  info.range = range;
  llvm::SmallVector<mlir::Attribute> columns, types;
  std::vector<Value> made;
  for (const TreeLeaf &leaf : leaves) {
    const Tensor &tensor = leaf.value.asTensor();
    Place &place = places.emplace_back();
    place.kind = PlaceKind::Data;
    place.element = tensor.element;
    place.shape = tensor.shape;
    place.column = leaf.path;
    place.name = leaf.path.empty() ? symbol : symbol + "." + leaf.path;
    place.range = range;
    place.data = &info;
    if (!info.rows && place.shape.rank())
      info.rows = place.shape[0];
    info.columns.push_back(&place);
    columns.push_back(mlir::StringAttr::get(context, leaf.path));
    types.push_back(mlir::TypeAttr::get(tensorType(context, tensor.element, tensor.shape)));
    made.push_back(Value::place(&place));
  }
  mlir::OpBuilder end = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::OperationState op(plainLocation(range), ir::DataOp::getOperationName());
  op.addAttribute("sym_name", mlir::StringAttr::get(context, symbol));
  op.addAttribute("columns", mlir::ArrayAttr::get(context, columns));
  op.addAttribute("types", mlir::ArrayAttr::get(context, types));
  op.addAttribute("source", source);
  end.create(op);
  size_t index = 0;
  return mapTree(tree, [&](const Value &, llvm::StringRef, bool) { return made[index++]; });
}

/// Every leaf is a column of a `dl.data` already: nothing to compute.
static bool isDeclared(Elaborator &elab, const Value &value) {
  std::vector<TreeLeaf> leaves = elab.flatten(value, true);
  return !leaves.empty() && llvm::all_of(leaves, [](const TreeLeaf &leaf) {
    return leaf.value.is(ValueKind::PlaceRef) && leaf.value.asPlace()->kind == PlaceKind::Data;
  });
}

/// The parts that are tables of their own: a record whose columns differ in rows is several.
static bool isOneTable(Elaborator &elab, const Value &value) {
  std::vector<TreeLeaf> leaves = elab.flatten(value, true);
  std::optional<Dim> rows;
  for (const TreeLeaf &leaf : leaves) {
    if (!leaf.value.isTensor())
      return false;
    const Shape &shape = leaf.value.asTensor().shape;
    if (shape.rank() == 0)
      return leaves.size() == 1;
    if (rows && !(*rows == shape[0]))
      return false;
    rows = shape[0];
  }
  return true;
}

static bool hasErrors(const Value &value) {
  if (value.is(ValueKind::Record) || value.is(ValueKind::List))
    return llvm::any_of(value.items(), hasErrors);
  return value.isError();
}

Value Elaborator::declareData(const std::string &symbol, const Value &value, const ast::Type *, SourceRange range) {
  mlir::Builder attribute(context);
  if (hasErrors(value))
    return Value::error();
  if (isDeclared(*this, value))
    return value;
  if (!isOneTable(*this, value)) {
    if (!value.is(ValueKind::Record) && !value.is(ValueKind::List))
      return error(diag::not_data, range, value.describe());
    std::vector<Value> items;
    for (size_t i = 0; i < value.items().size(); ++i) {
      std::string label = value.is(ValueKind::Record) && !value.labels()[i].empty() ? value.labels()[i] : std::to_string(i);
      items.push_back(declareData(symbol + "." + label, value.items()[i], nullptr, range));
    }
    return value.is(ValueKind::Record) ? Value::record(value.labels(), std::move(items)) : Value::list(std::move(items));
  }
  std::vector<TreeLeaf> leaves = flatten(value, true);
  if (leaves.empty())
    return error(diag::not_data, range, value.describe());
  // The function is the whole computation; what another part of the record needs alone is dead in it.
  FunctionContext &source = cx();
  std::string functionName = freshSymbol("data." + symbol);
  mlir::IRMapping mapping;
  auto function_ = std::make_unique<FunctionContext>(ContextKind::Data, functionName, module.get(), plainLocation(range));
  FunctionContext &target = *function_;
  contexts.push_back(std::move(function_));
  for (auto [index, argument] : llvm::enumerate(source.entry()->getArguments())) {
    mlir::BlockArgument copy = target.entry()->addArgument(argument.getType(), argument.getLoc());
    target.argumentAttributes.push_back(source.argumentAttributes[index]);
    mapping.map(argument, copy);
  }
  // Copies only what the leaves need.
  llvm::DenseSet<mlir::Operation *> needed;
  llvm::SmallVector<mlir::Value> work;
  for (const TreeLeaf &leaf : leaves)
    work.push_back(leaf.value.asTensor().value);
  for (mlir::Operation &op : *source.entry())
    if (!mlir::isMemoryEffectFree(&op))
      for (mlir::Value operand : op.getOperands())
        work.push_back(operand);
  while (!work.empty()) {
    mlir::Operation *op = work.pop_back_val().getDefiningOp();
    while (op && op->getBlock() != source.entry())
      op = op->getParentOp();
    if (!op || !needed.insert(op).second)
      continue;
    op->walk([&](mlir::Operation *inner) { work.append(inner->operand_begin(), inner->operand_end()); });
  }
  for (mlir::Operation &op : *source.entry())
    if (needed.contains(&op) || !mlir::isMemoryEffectFree(&op))
      target.builder.clone(op, mapping);
  for (const TreeLeaf &leaf : leaves) {
    mlir::NamedAttrList attributes;
    attributes.append("dl.output", attribute.getStringAttr(leaf.path.empty() ? "value" : leaf.path));
    target.result(mapping.lookupOrDefault(leaf.value.asTensor().value), std::move(attributes));
  }
  for (const Dim &dim : leaves.front().value.asTensor().shape)
    dim.value.forEachSymbol([&](llvm::StringRef open) { target.addSymbol(open); });
  target.finish(plainLocation(range));
  auto dictionary = attribute.getDictionaryAttr({attribute.getNamedAttr("kind", attribute.getStringAttr("compute")),
                                                 attribute.getNamedAttr("function", mlir::FlatSymbolRefAttr::get(context, functionName))});
  return emitData(symbol, leaves, value, dictionary, range, true);
}

Value Elaborator::dataItem(const ResolvedFile *file, const ast::DataDecl *node) {
  Activation activation(*file, *node);
  std::string prefix = filePrefix(file);
  std::vector<std::string> names;
  if (auto *name = llvm::dyn_cast<ast::NamePattern>(node->pattern)) {
    names.push_back(prefix + name->name.text.str());
  } else {
    for (const ast::Pattern *element : llvm::cast<ast::TuplePattern>(node->pattern)->elements) {
      auto *part = llvm::dyn_cast<ast::NamePattern>(element);
      if (!part)
        return error(diag::pattern_takes_no_parts, element->range(), "data");
      names.push_back(prefix + part->name.text.str());
    }
    // Tables on the way to the parts take other names.
    for (const std::string &name : names)
      symbols.insert(name);
  }
  activation.segment = "data/" + names.front();
  Restore<Activation *> scope(active, &activation);
  Restore<SourceRange> at(current, node->init->range());
  Restore<std::string> label(dataName, names.front());
  Restore<std::vector<std::string>> parts(dataParts, names);
  Restore<const ast::RowsType *> declared(declaredRows, nullptr);
  Restore<BlockState *> outside(block, nullptr);
  Restore<std::vector<PendingSite> *> draws(pending, nullptr);
  auto *single = llvm::dyn_cast<ast::NamePattern>(node->pattern);
  if (single && single->type)
    declaredRows = llvm::dyn_cast<ast::RowsType>(single->type);
  // A function of its own to evaluate in; what must be computed is copied out of it, the rest is dropped.
  FunctionContext scratch(ContextKind::Data, "data.scratch", module.get(), plainLocation(node->range()));
  Value value;
  {
    Restore<FunctionContext *> where(function, &scratch);
    value = eval(node->init);
    if (!value.isError() && !isDeclared(*this, value)) {
      value = read(value);
      if (single && single->type && !declaredRows) {
        value = convert(single->type, value, node->init->range(), true, "the value of `" + single->name.text.str() + "`");
        checkSizes(single->type, value, node->init->range(), "the value of `" + single->name.text.str() + "`");
      } else if (value.isNumber() || (value.is(ValueKind::List) && single)) {
        bool tables = value.is(ValueKind::List) && llvm::all_of(value.items(), [](const Value &item) { return item.is(ValueKind::Record); });
        if (!tables)
          value = toTensorValue(value, node->init->range());
      } else if (value.is(ValueKind::Maker)) {
        value = toTensorValue(value, node->init->range());
      }
    }
    if (!value.isError()) {
      if (single) {
        // A table that is read on the way may have the name already.
        value = declareData(isDeclared(*this, value) ? names[0] : freshSymbol(names[0]), value, single->type, node->range());
      } else {
        if ((!value.is(ValueKind::List) && !value.is(ValueKind::Record)) || value.items().size() != names.size()) {
          error(diag::pattern_count, node->pattern->range(), names.size(), value.is(ValueKind::List) || value.is(ValueKind::Record) ? value.items().size() : 1);
          value = Value::error();
        } else {
          std::vector<Value> items;
          for (size_t i = 0; i < names.size(); ++i) {
            const Value &item = value.items()[i];
            items.push_back(declareData(isDeclared(*this, item) ? names[i] : freshSymbol(names[i]), item, nullptr, node->range()));
          }
          value = Value::list(std::move(items));
        }
      }
    }
  }
  scratch.func->erase();
  return value;
}

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
  // Columns of several tables side by side: a table of its own.
  std::vector<TreeLeaf> columns;
  llvm::SmallVector<mlir::Attribute> parts;
  llvm::SmallPtrSet<DataInfo *, 4> seen;
  for (const TreeLeaf &leaf : leaves) {
    Place *place = leaf.value.asPlace();
    if (place->data->columns.size() != 1 && !seen.contains(place->data))
      for (Place *other : place->data->columns)
        if (llvm::none_of(leaves, [&](const TreeLeaf &l) { return l.value.asPlace() == other; })) {
          refuse(range, "a table of some columns of several tables");
          return std::nullopt;
        }
    if (seen.insert(place->data).second)
      parts.push_back(mlir::FlatSymbolRefAttr::get(context, place->data->symbol));
    Tensor type;
    type.element = place->element;
    type.shape = place->shape;
    type.shape[0] = *rows;
    columns.push_back({leaf.path, Value::tensor(type), false});
  }
  mlir::Builder attribute(context);
  auto source = attribute.getDictionaryAttr({attribute.getNamedAttr("kind", attribute.getStringAttr("zip")), attribute.getNamedAttr("of", attribute.getArrayAttr(parts))});
  Value row = emitData(freshSymbol(dataName), columns, value, source, range, true);
  view.row = row;
  view.data = flatten(row, true).front().value.asPlace()->data;
  return view;
}

// ------------------------------------------------------------------------------------------ readers

static std::vector<ReaderColumn> declaredColumns(Elaborator &elab, const ast::RowsType *rows, bool &failed) {
  std::vector<ReaderColumn> columns;
  auto add = [&](const std::string &name, const ast::Type *type) {
    if (auto *text = llvm::dyn_cast<ast::NamedType>(type); text && text->path.size() == 1 && text->path[0].text == "str") {
      elab.refuse(type->range(), "a column of text");
      failed = true;
      return;
    }
    auto spec = elab.tensorSpec(type);
    if (!spec) {
      failed = true;
      return;
    }
    ReaderColumn column;
    column.name = name;
    column.element = spec->element;
    for (const Dim &dim : spec->shape)
      column.rowShape.push_back(dim.constant().value_or(0));
    columns.push_back(column);
  };
  if (auto *tuple = llvm::dyn_cast<ast::TupleType>(rows->row)) {
    for (size_t i = 0; i < tuple->fields.size(); ++i)
      add(tuple->fields[i].label.isValid() ? tuple->fields[i].label.text.str() : std::to_string(i), tuple->fields[i].type);
  } else {
    add("", rows->row);
  }
  return columns;
}

static Value readTable(Elaborator &elab, llvm::StringRef kind, const Value &files, const std::string &wanted, SourceRange range) {
  ReaderRequest request;
  request.kind = kind.str();
  std::vector<Value> names{files};
  if (files.is(ValueKind::Record) || files.is(ValueKind::List))
    names = files.items();
  for (const Value &name : names) {
    if (name.isError())
      return name;
    if (!name.is(ValueKind::Str))
      return elab.error(diag::wrong_type, range, "a file", "its name", name.describe());
    request.files.push_back(name.asString());
  }
  bool failed = false;
  if (elab.declaredRows)
    request.columns = declaredColumns(elab, elab.declaredRows, failed);
  if (failed)
    return Value::error();
  std::string reason;
  auto schema = elab.data.open(request, reason);
  if (!schema)
    return elab.error(diag::data_error, range, reason);
  if (schema->columns.empty())
    schema->columns = request.columns;
  if (schema->columns.empty())
    return elab.error(diag::data_error, range, "the files of `" + wanted + "` are absent and no type declares its columns");
  // A declaration may read several files: `zip(npy("a.npy"), npy("b.npy"))`.
  std::string symbol = elab.freshSymbol(wanted);
  Dim rows = schema->rows ? Dim(*schema->rows, range) : Dim(ir::SizeExpr::symbol("rows." + symbol), range);
  if (schema->rows)
    rows.written = ir::SizeExpr::symbol("rows." + symbol);
  std::vector<TreeLeaf> leaves;
  std::vector<std::string> labels;
  std::vector<Value> items;
  bool single = schema->columns.size() == 1 && schema->columns[0].name.empty();
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    const ReaderColumn &column = schema->columns[i];
    Tensor type;
    type.element = column.element;
    type.shape.push_back(rows);
    for (int64_t size : column.rowShape)
      type.shape.push_back(Dim(size));
    leaves.push_back({column.name, Value::tensor(type), false});
    labels.push_back(column.name == std::to_string(i) ? "" : column.name);
    items.push_back(Value::tensor(type));
  }
  mlir::Builder attribute(elab.context);
  llvm::SmallVector<mlir::Attribute> paths;
  for (const std::string &file : request.files)
    paths.push_back(attribute.getStringAttr(file));
  auto source = attribute.getDictionaryAttr({attribute.getNamedAttr("kind", attribute.getStringAttr(kind)), attribute.getNamedAttr("files", attribute.getArrayAttr(paths))});
  Value tree = single ? items[0] : Value::record(std::move(labels), std::move(items));
  return elab.emitData(symbol, leaves, tree, source, range, true);
}

/// `csv("a.csv")`, `csv(train: "a.csv", test: "b.csv")`, `idx(("images", "labels"))`.
Value readFiles(CallContext &context, llvm::StringRef kind) {
  Elaborator &elab = context.elab;
  if (elab.cx().kind != ContextKind::Data)
    return context.error(diag::reader_outside_data, context.call, kind);
  std::vector<std::string> labels;
  std::vector<Value> items;
  for (const CallContext::Argument &argument : context.arguments) {
    if (argument.name == "files") {
      for (const Value &file : argument.value.items()) {
        labels.push_back("");
        items.push_back(file);
      }
      continue;
    }
    labels.push_back(argument.name);
    items.push_back(argument.value);
  }
  if (items.empty())
    return context.error(diag::missing_argument, context.call, kind, "files");
  std::string symbol = elab.dataName;
  if (items.size() == 1 && labels[0].empty())
    return readTable(elab, kind, items[0], symbol, context.call);
  if (kind == "idx" && llvm::all_of(labels, [](const std::string &label) { return label.empty(); }))
    return readTable(elab, kind, Value::list(items), symbol, context.call);
  std::vector<Value> tables;
  for (size_t i = 0; i < items.size(); ++i)
    tables.push_back(readTable(elab, kind, items[i], symbol + "." + (labels[i].empty() ? std::to_string(i) : labels[i]), context.call));
  return Value::record(std::move(labels), std::move(tables));
}

// ------------------------------------------------------------------------------------------ tables of tables

/// The tensors that columns would hold, as types alone.
static Value typesOf(Elaborator &elab, const Value &table, const Dim &rows) {
  return elab.mapTree(table, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
    Tensor type;
    type.element = leaf.asPlace()->element;
    type.shape = leaf.asPlace()->shape;
    type.shape[0] = rows;
    return Value::tensor(type);
  });
}

/// A table of some rows of another: its columns keep the names that they have there.
static Value sameColumns(CallContext &context, const Elaborator::TableView &table, const Dim &rows, const std::string &symbol,
                         mlir::DictionaryAttr source, llvm::StringRef refusal) {
  Elaborator &elab = context.elab;
  Value types = typesOf(elab, table.row, rows);
  std::vector<TreeLeaf> leaves = elab.flatten(types, true), own = elab.flatten(table.row, true);
  for (size_t k = 0; k < leaves.size(); ++k)
    leaves[k].path = own[k].value.asPlace()->column;
  if (leaves.size() != table.data->columns.size())
    return elab.refuse(context.range("table"), refusal);
  return elab.emitData(symbol, leaves, types, source, context.call, true);
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
  return sameColumns(context, table, count, symbol, attribute.getDictionaryAttr(entries), "a split of some columns of a table");
}

Value splitTable(CallContext &context) {
  Elaborator &elab = context.elab;
  auto table = elab.tableOf(context.raw("table"), context.range("table"));
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
  auto table = elab.tableOf(context.raw("table"), context.range("table"));
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
  auto table = elab.tableOf(context.raw("table"), context.range("table"));
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
  return sameColumns(context, *table, rows, symbol, source, "a filter of some columns of a table");
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
