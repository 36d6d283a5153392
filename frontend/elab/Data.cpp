// `data`: readers, and tensors computed by functions (rule 35).
#include "frontend/elab/Elaborator.h"

#include "mlir/IR/IRMapping.h"


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
          error(diag::pattern_count, node->pattern->range(), counted(names.size(), "name"),
                counted(value.is(ValueKind::List) || value.is(ValueKind::Record) ? value.items().size() : 1, "value"));
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
  auto source = attribute.getDictionaryAttr(
      {attribute.getNamedAttr("kind", attribute.getStringAttr(kind)), attribute.getNamedAttr("files", attribute.getArrayAttr(paths))});
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

} // namespace dlc::frontend
