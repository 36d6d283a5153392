// `train`, `test` and exported functions: each becomes functions of the module and an operation that names them (rules 31-33, 39).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

// ------------------------------------------------------------------------------------------ settings

namespace {
struct TrainSettings {
  std::optional<int64_t> batch, epochs, steps;
  std::optional<ir::Precision> precision;
  bool shuffle = true, drop = false, failed = false;
};
} // namespace

static std::optional<int64_t> positive(Elaborator &elab, const ast::Argument &argument, const Value &value) {
  auto number = value.is(ValueKind::Size) ? value.asSize().constant() : std::nullopt;
  if (number && *number >= 1)
    return number;
  if (!value.isError())
    elab.error(diag::setting_value, argument.range, argument.label.text, "a positive integer", value.describe());
  return std::nullopt;
}

static void unknownSetting(Elaborator &elab, const ast::Argument &argument, llvm::ArrayRef<llvm::StringRef> known) {
  llvm::StringRef name = argument.label.text;
  auto builder = elab.report(diag::unknown_setting, argument.range, name.empty() ? "without a name" : "`" + name.str() + "`");
  builder.addHelp(name == "precision" ? "a test is f32; `--precision` is for all products of a program" : likely(name, known, "there are"));
}

/// The format that a step's products take their operands in. It is a word and no value: no program computes with formats.
static std::optional<ir::Precision> precisionOf(Elaborator &elab, const ast::Argument &argument) {
  auto *word = llvm::dyn_cast<ast::NameExpr>(argument.value);
  if (auto precision = word ? ir::symbolizePrecision(word->name) : std::nullopt)
    return precision;
  std::string found;
  if (word)
    found = "`" + word->name.str() + "`";
  else if (Value value = elab.evalRead(argument.value); !value.isError())
    found = value.describe();
  else
    return std::nullopt;
  auto builder = elab.report(diag::setting_value, argument.range, "precision", "`f32`, `tf32` or `bf16`", found);
  std::string name = word ? word->name.lower() : "";
  if (auto *text = llvm::dyn_cast<ast::StringExpr>(argument.value); text && found.find('"') != std::string::npos)
    builder.addHelp("it is a word without quotes: `precision: bf16`");
  else if (llvm::is_contained({"float", "float32", "fp32", "single", "f64", "float64", "fp64", "double"}, name))
    builder.addHelp("products are `f32` where nothing is said");
  else if (llvm::is_contained({"f16", "fp16", "float16", "half", "bfloat16", "bfloat"}, name))
    builder.addHelp("the format of 16 bits is `bf16`, which has the range of f32");
  else if (std::string nearest = ir::symbolizePrecision(name) ? name : nearestName(name, {"f32", "tf32", "bf16"}); !nearest.empty())
    builder.addHelp("did you mean `" + nearest + "`?");
  return std::nullopt;
}

static TrainSettings trainSettings(Elaborator &elab, const ast::TrainDecl *node) {
  TrainSettings settings;
  for (const ast::Argument &argument : node->arguments) {
    llvm::StringRef name = argument.label.text;
    if (name == "precision") {
      settings.precision = precisionOf(elab, argument);
      settings.failed |= !settings.precision;
      continue;
    }
    Value value = elab.evalRead(argument.value);
    settings.failed |= value.isError();
    if (name == "batch") {
      settings.batch = positive(elab, argument, value);
      settings.failed |= !settings.batch;
    } else if (name == "epochs") {
      settings.epochs = positive(elab, argument, value);
      settings.failed |= !settings.epochs;
    } else if (name == "steps") {
      settings.steps = positive(elab, argument, value);
      settings.failed |= !settings.steps;
    } else if (name == "shuffle") {
      if (value.is(ValueKind::Bool))
        settings.shuffle = value.asBool();
      else
        elab.error(diag::setting_value, argument.range, name, "`true` or `false`", value.describe());
    } else if (name == "remainder") {
      if (value.is(ValueKind::Str) && (value.asString() == "keep" || value.asString() == "drop"))
        settings.drop = value.asString() == "drop";
      else
        elab.error(diag::setting_value, argument.range, name, "\"keep\" or \"drop\"", value.describe());
    } else if (name == "bucket" || name == "slices") {
      elab.refuse(argument.range, name.str() + ":");
    } else {
      unknownSetting(elab, argument, {"batch", "epochs", "steps", "shuffle", "remainder", "precision"});
    }
  }
  if (elab.options.batch && settings.batch)
    settings.batch = elab.options.batch;
  if (elab.options.epochs)
    settings.epochs = elab.options.epochs;
  if (elab.options.steps)
    settings.steps = elab.options.steps;
  return settings;
}

// ------------------------------------------------------------------------------------------ rows

/// Declares the columns of a table as inputs, with `rows` in front, and binds the block's pattern to them.
static void bindRows(Elaborator &elab, const ast::RunDecl *node, const Elaborator::TableView &table, const Dim &rows) {
  FunctionContext &function = elab.cx();
  Value row = elab.mapTree(table.row, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
    Place *column = leaf.asPlace();
    Shape shape = column->shape;
    shape[0] = rows;
    mlir::RankedTensorType type = tensorType(elab.context, column->element, shape);
    std::string label = column->column.empty() ? "rows" : column->column;
    mlir::Value argument = function.argument("input", column->column, type, ir::named(label, elab.location(node->pattern->range())));
    return Value::tensor(elab.emit.wrap(argument, column->element, shape));
  });
  elab.bindPattern(node->pattern, row, false, node->pattern->range());
  // What the program calls a column is its name in the graph.
  if (auto *tuple = llvm::dyn_cast<ast::TuplePattern>(node->pattern); tuple && row.is(ValueKind::Record) && row.items().size() == tuple->elements.size())
    for (size_t i = 0; i < tuple->elements.size(); ++i)
      if (auto *name = llvm::dyn_cast<ast::NamePattern>(tuple->elements[i]); name && row.items()[i].isTensor() && !row.items()[i].isError())
        if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(row.items()[i].asTensor().value))
          argument.setLoc(ir::named(name->name.text, argument.getLoc()));
  if (auto *name = llvm::dyn_cast<ast::NamePattern>(node->pattern); name && row.isTensor() && !row.isError())
    if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(row.asTensor().value))
      argument.setLoc(ir::named(name->name.text, argument.getLoc()));
}

Activation::Activation(const ResolvedFile &file, const ast::Node &node) : file(&file), env(std::make_shared<Environment>()) {
  env->info = file.function(node);
  if (env->info)
    env->slots.resize(env->info->locals.size());
}

std::string Elaborator::freshSymbol(llvm::StringRef wanted) {
  std::string name = wanted.str();
  for (unsigned i = 2; !symbols.insert(name).second; ++i)
    name = wanted.str() + std::to_string(i);
  return name;
}

static int64_t saturatingProduct(int64_t a, int64_t b) {
  int64_t product = 0;
  return llvm::MulOverflow(a, b, product) ? INT64_MAX : product;
}

/// How many steps and epochs a training has, as far as it is known, and the sizes of its batches. False where the rows make no batch.
static bool countSteps(TrainSettings &settings, bool hasTable, std::optional<int64_t> rowCount, BlockState &state) {
  std::optional<int64_t> perEpoch;
  if (!hasTable) {
    perEpoch = settings.steps;
    if (settings.epochs)
      settings.steps = saturatingProduct(*settings.steps, *settings.epochs);
  } else if (rowCount) {
    int64_t batch = settings.batch ? std::min(*settings.batch, *rowCount) : *rowCount;
    perEpoch = batch == 0 ? 0 : settings.drop ? *rowCount / batch : (*rowCount + batch - 1) / batch;
    if (*rowCount == 0 || *perEpoch == 0)
      return false;
    state.batchSizes.push_back(batch);
    state.manyBatches = batch < *rowCount;
    if (*rowCount % batch && !settings.drop)
      state.batchSizes.push_back(*rowCount % batch);
  }
  if (!settings.steps && perEpoch)
    settings.steps = saturatingProduct(*perEpoch, settings.epochs.value_or(1));
  if (!settings.epochs)
    settings.epochs = perEpoch && settings.steps && *perEpoch > 0 ? std::max<int64_t>(1, (*settings.steps - 1) / *perEpoch + 1) : 1;
  state.steps = settings.steps;
  state.epochs = settings.epochs;
  state.batch = settings.batch;
  return true;
}

static mlir::DictionaryAttr settingsAttribute(mlir::Builder &builder, const TrainSettings &settings, bool hasTable, std::optional<int64_t> rowCount) {
  llvm::SmallVector<mlir::NamedAttribute> entries;
  auto integer = [&](llvm::StringRef key, std::optional<int64_t> value) {
    if (value)
      entries.push_back({builder.getStringAttr(key), builder.getI64IntegerAttr(*value)});
  };
  integer("batch", settings.batch ? settings.batch : rowCount);
  integer("rows", rowCount);
  integer("epochs", settings.epochs);
  integer("steps", settings.steps);
  if (settings.precision)
    entries.push_back({builder.getStringAttr("precision"), ir::PrecisionAttr::get(builder.getContext(), *settings.precision)});
  if (hasTable) {
    bool isCut = settings.batch && (!rowCount || *settings.batch < *rowCount);
    entries.push_back({builder.getStringAttr("shuffle"), builder.getBoolAttr(settings.shuffle && isCut)});
    entries.push_back({builder.getStringAttr("drop_remainder"), builder.getBoolAttr(settings.drop)});
  }
  return builder.getDictionaryAttr(entries);
}

void Elaborator::train(const ast::TrainDecl *node) {
  Activation activation(program.main(), *node);
  activation.training = true;
  std::string name = freshSymbol(node->name.isValid() ? node->name.text : "train");
  activation.segment = name;
  Restore<Activation *> scope(active, &activation);
  Restore<FunctionContext *> where(function, init);
  TrainSettings settings = trainSettings(*this, node);
  std::optional<TableView> table;
  if (node->table) {
    dataName = name + ".rows";
    table = tableOf(eval(node->table), node->table->range());
    if (!table || settings.failed) {
      // The body is still worth checking, but nothing in it is known.
      return;
    }
  } else if (!settings.steps && !settings.failed) {
    report(diag::train_needs_steps, node->keyword).help("write `train(steps: 1000) { … }`");
    return;
  }
  if (settings.failed)
    return;

  BlockState &state = blocks.emplace_back();
  state.node = node;
  state.name = name;
  state.env = activation.env;
  state.file = activation.file;
  state.isTrain = true;
  mlir::Location loc = plainLocation(node->range());
  contexts.push_back(std::make_unique<FunctionContext>(ContextKind::BlockInit, name + ".init", module.get(), loc));
  state.init = contexts.back().get();
  contexts.push_back(std::make_unique<FunctionContext>(ContextKind::Step, name + ".step", module.get(), loc));
  state.step = contexts.back().get();
  std::optional<int64_t> rowCount = table && table->data->rows ? table->data->rows->constant() : std::nullopt;
  if (!countSteps(settings, table.has_value(), rowCount, state)) {
    error(diag::empty_table, node->table->range(), counted(*rowCount, "row"));
    return;
  }
  Restore<BlockState *> inBlock(block, &state);
  function = state.step;
  FactsScope facts(*state.step);
  if (table) {
    state.rows = Dim(ir::SizeExpr::symbol("batch"), node->pattern->range());
    state.step->addSymbol("batch");
    bindRows(*this, node, *table, *state.rows);
  }
  evalBlock(node->body);

  // Hooks come after the step: they see its reports and its states.
  for (const ast::Stmt *statement : node->body->statements) {
    if (auto *each = llvm::dyn_cast<ast::EachEpochStmt>(statement))
      hook(each, each->body, false);
    if (auto *end = llvm::dyn_cast<ast::AtEndStmt>(statement))
      hook(end, end->body, true);
  }
  finishFunction(*state.step);
  finishFunction(*state.init);
  bool hasInit = !state.init->results.empty();
  if (!hasInit)
    state.init->func->erase();
  mlir::OpBuilder builder = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::OperationState op(loc, ir::TrainOp::getOperationName());
  op.addAttribute("sym_name", builder.getStringAttr(name));
  auto symbol = [&](llvm::StringRef key, llvm::StringRef target) { op.addAttribute(key, mlir::FlatSymbolRefAttr::get(context, target)); };
  if (hasInit)
    symbol("init", state.init->name);
  symbol("step", state.step->name);
  if (table)
    symbol("table", table->data->symbol);
  if (!state.epochSequence.empty())
    symbol("epoch", state.epochSequence);
  if (!state.endSequence.empty())
    symbol("end", state.endSequence);
  op.addAttribute("settings", settingsAttribute(builder, settings, table.has_value(), rowCount));
  builder.create(op);
}

void Elaborator::test(const ast::Decl *node) {
  // A training that calls it has made it already; it runs where it stands all the same.
  if (auto op = module->lookupSymbol<ir::TestOp>(testSymbol(node)))
    op->moveBefore(module->getBody(), module->getBody()->end());
}

void Elaborator::runTest(const ast::TestDecl *node, const ast::Expr *tableExpr, const std::string &name, SourceRange range) {
  Activation activation(program.main(), *node);
  activation.segment = name;
  Restore<Activation *> scope(active, &activation);
  Restore<FunctionContext *> where(function, init);
  // The answers do not depend on it.
  std::optional<int64_t> batch;
  for (const ast::Argument &argument : node->arguments)
    if (argument.label.text != "batch")
      unknownSetting(*this, argument, {"batch"});
    else if (batch = positive(*this, argument, evalRead(argument.value)); batch && options.batch)
      batch = options.batch;
  std::optional<TableView> table;
  if (tableExpr) {
    dataName = name + ".rows";
    Value value;
    {
      // Another table than the test's own is named outside of the test.
      Activation outside;
      outside.file = activation.file;
      outside.env = activation.env;
      Restore<Activation *> place(active, &outside);
      value = eval(tableExpr);
    }
    table = tableOf(value, tableExpr->range());
    if (!table)
      return;
  }
  BlockState &state = blocks.emplace_back();
  state.node = node;
  state.name = name;
  state.env = activation.env;
  state.file = activation.file;
  mlir::Location loc = plainLocation(range);
  contexts.push_back(std::make_unique<FunctionContext>(ContextKind::Test, name + ".body", module.get(), loc));
  state.step = contexts.back().get();
  Restore<BlockState *> inBlock(block, &state);
  function = state.step;
  FactsScope facts(*state.step);
  if (table) {
    state.rows = Dim(ir::SizeExpr::symbol("rows"), node->pattern->range());
    state.step->addSymbol("rows");
    bindRows(*this, node, *table, *state.rows);
  }
  evalBlock(node->body);
  for (auto &[report, entry] : state.reports)
    testReports[name].push_back({report, entry.value});
  finishFunction(*state.step);
  mlir::Builder builder(context);
  llvm::SmallVector<mlir::NamedAttribute> entries;
  if (table && table->data->rows)
    if (auto rows = table->data->rows->constant())
      entries.push_back({builder.getStringAttr("rows"), builder.getI64IntegerAttr(*rows)});
  if (table && batch)
    entries.push_back({builder.getStringAttr("batch"), builder.getI64IntegerAttr(*batch)});
  mlir::OpBuilder end = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::OperationState op(loc, ir::TestOp::getOperationName());
  op.addAttribute("sym_name", builder.getStringAttr(name));
  op.addAttribute("body", mlir::FlatSymbolRefAttr::get(context, state.step->name));
  if (table)
    op.addAttribute("table", mlir::FlatSymbolRefAttr::get(context, table->data->symbol));
  op.addAttribute("settings", builder.getDictionaryAttr(entries));
  end.create(op);
}

// ------------------------------------------------------------------------------------------ reports, stop

/// `sqrt` where a value is the root of one number that the rows of the batch give, and the like: its mean over batches is not what it
/// would be over all rows. Empty for all else.
static std::string curveOverRows(FunctionContext &function, mlir::Value value) {
  auto unary = value.getDefiningOp<ir::UnaryOp>();
  for (; unary && unary.getFn() == ir::UnaryFn::neg; unary = unary->getOperand(0).getDefiningOp<ir::UnaryOp>())
    ;
  if (!unary || !llvm::is_contained({ir::UnaryFn::sqrt, ir::UnaryFn::rsqrt, ir::UnaryFn::exp, ir::UnaryFn::log, ir::UnaryFn::square}, unary.getFn()))
    return "";
  llvm::SmallVector<mlir::Value> work{unary->getOperand(0)};
  llvm::DenseSet<mlir::Value> visited;
  while (!work.empty()) {
    mlir::Value next = work.pop_back_val();
    if (!visited.insert(next).second)
      continue;
    if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(next)) {
      unsigned number = argument.getArgNumber();
      if (argument.getOwner() == function.entry() && number < function.argumentAttributes.size() && function.argumentAttributes[number].get("dl.input"))
        return ir::stringifyUnaryFn(unary.getFn()).str();
    } else {
      work.append(next.getDefiningOp()->operand_begin(), next.getDefiningOp()->operand_end());
    }
  }
  return "";
}

void Elaborator::addReport(llvm::StringRef name, const Value &original, SourceRange range, bool isLoss) {
  Value value = read(original);
  if (value.isError())
    return;
  Tensor tensor = toTensor(value, range);
  if (tensor.isError())
    return;
  if (cx().kind == ContextKind::Test)
    return addTestReport(name, tensor, range);
  if (tensor.rank() != 0) {
    error(diag::report_not_scalar, range, name, tensor.typeText());
    return;
  }
  bool isTop = cx().frames.size() == 1;
  auto it = block->reports.find(name.str());
  if (it != block->reports.end() && !(it->second.range == range)) {
    BlockState::Report &first = it->second;
    if (first.value.value == tensor.value) {
      first.isLoss |= isLoss; // `report loss` beside `minimize loss`
      return;
    }
    // In branches each of which may be taken, a name may stand several times.
    if ((first.isTop && isTop) || (first.isLoss && isLoss)) {
      report(diag::report_twice, range, name)
          .note(first.range, first.isLoss ? "`minimize` reports it here" : "reported here first")
          .help(first.isLoss || isLoss ? "an objective that is a `let` is reported by its name" : "give one of them another name");
      return;
    }
  }
  BlockState::Report &entry = block->reports[name.str()];
  entry.isLoss |= isLoss;
  entry.value = tensor;
  Restore<SourceRange> place(current, range);
  if (block->batchSizes.size() > 1 || (block->batchSizes.size() == 1 && block->manyBatches))
    if (std::string curve = curveOverRows(cx(), tensor.value); !curve.empty())
      report(diag::mean_of_batches, range, name, curve)
          .help("report what stands under `" + curve + "`, or write it in a `test`, which sees all rows as one batch");
  if (!entry.sum)
    declareReport(entry, name, range, isTop);
  accumulateReport(entry, name, range, isTop);
}

void Elaborator::addTestReport(llvm::StringRef name, const Tensor &value, SourceRange range) {
  BlockState::Report &entry = block->reports[name.str()];
  if (cx().frames.size() > 1) {
    error(diag::report_in_test_branch, range);
    return;
  }
  if (entry.range.isValid()) {
    report(diag::report_twice, range, name).note(entry.range, "reported here first");
    return;
  }
  entry.range = range;
  entry.value = value;
}

/// The hidden places of a report of a step: the sum of what is reported, and of the rows that it stands for.
void Elaborator::declareReport(BlockState::Report &entry, llvm::StringRef name, SourceRange range, bool isTop) {
  entry.range = range;
  entry.isTop = isTop;
  entry.element = entry.value.element == ElementType::F32 || entry.value.element == ElementType::Bool ? ElementType::F32 : ElementType::F64;
  auto hidden = [&](const std::string &label) {
    Place &made = places.emplace_back();
    made.kind = PlaceKind::Var;
    made.element = entry.element;
    made.name = label;
    made.range = range;
    made.home = function;
    return &made;
  };
  entry.sum = hidden(name.str());
  entry.weight = hidden(name.str() + ".weight");
}

void Elaborator::accumulateReport(BlockState::Report &entry, llvm::StringRef name, SourceRange range, bool isTop) {
  Tensor tensor = emit.cast(entry.value, entry.element);
  Tensor weight = block->weights[entry.element];
  if (!isTop || weight.home != function)
    weight = block->rows ? emit.cast(emit.sizeTensor(*block->rows), entry.element) : emit.constant(1, entry.element);
  if (isTop)
    block->weights[entry.element] = weight;
  Tensor sum = block->rows ? emit.binary(ir::BinaryFn::mul, tensor, weight) : tensor;
  bool first = !cx().frames.front()->owned.contains(entry.sum);
  if (first && isTop) {
    // Reached once, at the top: no accumulation.
    nameValue(Value::tensor(sum), name);
    cx().declare(entry.sum, sum.value);
    cx().declare(entry.weight, weight.value);
    return;
  }
  if (first) {
    mlir::OpBuilder::InsertionGuard guard(builder());
    builder().setInsertionPointToStart(cx().entry());
    Tensor zero = emit.constant(0, entry.element);
    for (Place *hidden : {entry.sum, entry.weight}) {
      cx().frames.front()->current[hidden] = zero.value;
      cx().frames.front()->owned.insert(hidden);
    }
  }
  auto add = [&](Place *hidden, const Tensor &amount) {
    Tensor old = emit.wrap(cx().read(hidden, location(range)), entry.element, {});
    cx().write(hidden, emit.binary(ir::BinaryFn::add, old, amount).value, range, location(range));
  };
  add(entry.sum, sum);
  add(entry.weight, weight);
}

void Elaborator::reportStatement(const ast::ReportStmt *statement) {
  if (!block || (cx().kind != ContextKind::Step && cx().kind != ContextKind::Test)) {
    error(diag::report_outside_block, statement->range());
    return;
  }
  Value value = eval(statement->value);
  if (!statement->spread)
    return addReport(statement->name.text, value, statement->range(), false);
  value = read(value);
  if (value.isError())
    return;
  if (!value.is(ValueKind::Record)) {
    error(diag::cannot_spread, statement->value->range(), value.describe());
    return;
  }
  for (size_t i = 0; i < value.items().size(); ++i)
    addReport(value.labels()[i].empty() ? std::to_string(i) : value.labels()[i], value.items()[i], statement->range(), false);
}

void Elaborator::stop(SourceRange range) {
  if (!block || !block->isTrain)
    return;
  Place *&flag = cx().kind == ContextKind::Hook ? hookStop : block->stop;
  Tensor yes = emit.constantInt(1, ElementType::Bool);
  if (!flag) {
    Place &made = places.emplace_back();
    made.kind = PlaceKind::Var;
    made.element = ElementType::Bool;
    made.name = "stop";
    made.range = range;
    made.home = function;
    flag = &made;
    mlir::OpBuilder::InsertionGuard guard(builder());
    builder().setInsertionPointToStart(cx().entry());
    Tensor no = emit.constantInt(0, ElementType::Bool);
    cx().frames.front()->current[flag] = no.value;
    cx().frames.front()->owned.insert(flag);
  }
  cx().write(flag, yes.value, range, location(range));
}

// ------------------------------------------------------------------------------------------ ends of functions

void Elaborator::finishUpdates(FunctionContext &target) {
  RegionFrame &top = *target.frames.front();
  for (Place *place : top.written) {
    if (place->kind != PlaceKind::Param && place->kind != PlaceKind::State)
      continue;
    if (place->initializer == &target)
      continue;
    mlir::RankedTensorType type = tensorType(context, place->element, place->shape);
    llvm::StringRef key = place->kind == PlaceKind::Param ? "param" : "state";
    target.argument(key, place->name, type, ir::named(place->name, plainLocation(place->range)));
    mlir::NamedAttrList attributes;
    attributes.append("dl.update", mlir::StringAttr::get(context, place->name));
    target.result(top.current[place], std::move(attributes));
  }
}

void Elaborator::finishFunction(FunctionContext &target) {
  Restore<FunctionContext *> where(function, &target);
  FactsScope facts(target);
  mlir::Builder attribute(context);
  RegionFrame &top = *target.frames.front();
  if (target.kind == ContextKind::Init || target.kind == ContextKind::BlockInit) {
    for (Place *place : initialized) {
      if (place->initializer != &target)
        continue;
      if (place->name.empty()) {
        if (!diagnostics.hasErrors())
          report(diag::param_in_let, place->site).note(place->range, "created here");
        continue;
      }
      mlir::NamedAttrList attributes;
      attributes.append(place->kind == PlaceKind::Param ? "dl.param" : "dl.state", attribute.getStringAttr(place->name));
      if (!place->stored.empty())
        attributes.append("dl.stored", attribute.getI64ArrayAttr(place->stored));
      target.result(top.current[place], std::move(attributes));
    }
  }
  if (target.kind == ContextKind::Step || target.kind == ContextKind::Hook)
    finishUpdates(target);
  auto flag = [&](Place *stop) {
    mlir::NamedAttrList attributes;
    attributes.append("dl.stop", attribute.getUnitAttr());
    target.result(top.current[stop], std::move(attributes));
  };
  if (target.kind == ContextKind::Hook && hookStop)
    flag(hookStop);
  if (block && &target == block->step) {
    for (auto &[name, entry] : block->reports) {
      auto result = [&](mlir::Value value, llvm::StringRef part) {
        mlir::NamedAttrList attributes;
        attributes.append("dl.report", attribute.getStringAttr(name));
        if (!part.empty())
          attributes.append("dl.part", attribute.getStringAttr(part));
        if (entry.isLoss)
          attributes.append("dl.loss", attribute.getUnitAttr());
        target.result(value, std::move(attributes));
      };
      if (!block->isTrain) {
        if (!entry.value.isError())
          result(entry.value.value, "");
      } else if (entry.sum) {
        result(top.current[entry.sum], "sum");
        result(top.current[entry.weight], "weight");
      }
    }
    if (block->stop)
      flag(block->stop);
  }
  llvm::SmallVector<llvm::StringRef> declared;
  for (Place *place : initialized)
    if (place->kind == PlaceKind::Param)
      declared.push_back(place->name);
  target.orderParameters(declared);
  target.finish(target.func.getLoc());
  checkGradients(target);
}

} // namespace dlc::frontend
