// A manifest from the operations of a module.
#include "tools/driver/Manifest.h"

#include "ir/Names.h"
#include "ir/Ops.h"

#include "mlir/IR/BuiltinOps.h"

namespace dlc::driver {
namespace {

using runtime::ElementType;

ElementType elementOf(mlir::Type type) {
  if (type.isF64())
    return ElementType::F64;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (type.isUnsignedInteger(8))
    return ElementType::U8;
  if (auto integer = mlir::dyn_cast<mlir::IntegerType>(type))
    switch (integer.getWidth()) {
    case 1: return ElementType::Bool;
    case 8: return ElementType::I8;
    case 16: return ElementType::I16;
    case 32: return ElementType::I32;
    default: return ElementType::I64;
    }
  return ElementType::F32;
}

TypeInfo typeOf(mlir::Type type) {
  auto tensor = mlir::cast<mlir::RankedTensorType>(type);
  TypeInfo info;
  info.element = elementOf(tensor.getElementType());
  for (int64_t size : tensor.getShape())
    info.shape.push_back(mlir::ShapedType::isDynamic(size) ? -1 : size);
  if (auto sym = mlir::dyn_cast_or_null<ir::SymAttr>(tensor.getEncoding()))
    for (const ir::SizeExpr &size : sym.getSizes())
      info.open.push_back(size.str());
  return info;
}

template <typename Role> struct RoleName {
  llvm::StringRef attribute;
  Role role;
};
constexpr RoleName<ArgumentRole> argumentRoles[] = {
    {"dl.param", ArgumentRole::Param}, {"dl.state", ArgumentRole::State},     {"dl.input", ArgumentRole::Input},
    {"dl.data", ArgumentRole::Data},   {"dl.counter", ArgumentRole::Counter}, {"dl.mean", ArgumentRole::Mean},
    {"dl.sum", ArgumentRole::Sum},     {"dl.rows", ArgumentRole::Rows}};
constexpr RoleName<ResultRole> resultRoles[] = {
    {"dl.update", ResultRole::Update}, {"dl.report", ResultRole::Report}, {"dl.output", ResultRole::Output},
    {"dl.stop", ResultRole::Stop},     {"dl.param", ResultRole::Param},   {"dl.state", ResultRole::State},
    {"dl.sum", ResultRole::Sum},       {"dl.rows", ResultRole::Rows}};

std::string stringOf(mlir::Attribute attribute) {
  auto text = mlir::dyn_cast_or_null<mlir::StringAttr>(attribute);
  return text ? text.str() : "";
}

Outcome outcomeOf(mlir::FunctionOpInterface func, unsigned index) {
  Outcome outcome{ResultRole::Output, "", "", false, {}, "", typeOf(func.getResultTypes()[index])};
  for (const auto &candidate : resultRoles)
    if (mlir::Attribute attribute = func.getResultAttr(index, candidate.attribute)) {
      outcome.role = candidate.role;
      outcome.name = stringOf(attribute);
      break;
    }
  outcome.part = stringOf(func.getResultAttr(index, "dl.part"));
  outcome.loss = static_cast<bool>(func.getResultAttr(index, "dl.loss"));
  if (auto stored = mlir::dyn_cast_or_null<mlir::ArrayAttr>(func.getResultAttr(index, "dl.stored")))
    for (mlir::Attribute axis : stored)
      outcome.stored.push_back(mlir::cast<mlir::IntegerAttr>(axis).getInt());
  return outcome;
}

/// Of a `dl.func` or a `dl.entry`.
Function functionOf(mlir::FunctionOpInterface func) {
  Function function;
  function.name = func.getName().str();
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    Argument argument{ArgumentRole::Input, "", typeOf(func.getArgumentTypes()[i])};
    for (const auto &candidate : argumentRoles)
      if (mlir::Attribute attribute = func.getArgAttr(i, candidate.attribute)) {
        argument.role = candidate.role;
        argument.name = stringOf(attribute);
        break;
      }
    function.arguments.push_back(std::move(argument));
  }
  mlir::Operation *end = func.isExternal() ? nullptr : func.getFunctionBody().front().getTerminator();
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    function.results.push_back(outcomeOf(func, i));
    if (function.results.back().loss)
      function.results.back().location = end ? ir::lineOf(end->getOperand(i).getLoc()) : stringOf(func.getResultAttr(i, "dl.at"));
  }
  if (auto symbols = func->getAttrOfType<mlir::ArrayAttr>("dl.symbols"))
    for (mlir::Attribute symbol : symbols)
      function.symbols.push_back(stringOf(symbol));
  if (auto arena = func->getAttrOfType<mlir::IntegerAttr>("dl.arena"))
    function.arena = arena.getInt();
  if (auto entry = mlir::dyn_cast<ir::EntryOp>(func.getOperation()))
    function.arena = entry.getArena();
  function.exported = func->hasAttr("dl.export");
  return function;
}

/// Of an effect: its settings as text.
std::map<std::string, std::string> settingsOf(mlir::DictionaryAttr settings) {
  std::map<std::string, std::string> texts;
  for (mlir::NamedAttribute setting : settings) {
    auto integer = mlir::dyn_cast<mlir::IntegerAttr>(setting.getValue());
    texts[setting.getName().str()] = integer ? std::to_string(integer.getValue().getSExtValue()) : stringOf(setting.getValue());
  }
  return texts;
}

void addSites(ir::FuncOp func, std::vector<Site> &sites) {
  func->walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
    Site site;
    if (auto check = mlir::dyn_cast<ir::CheckOp>(op)) {
      site.settings["message"] = check.getMessage().str();
    } else if (auto host = mlir::dyn_cast<ir::HostOp>(op)) {
      site.effect = host.getEffect().str();
      site.settings = settingsOf(host.getSettings());
    } else {
      return;
    }
    // The text of a check speaks of all its operands but the condition.
    for (mlir::Type type : llvm::drop_begin(op->getOperandTypes(), site.effect.empty() ? 1 : 0))
      site.operands.push_back(typeOf(type));
    site.location = ir::lineOf(op->getLoc());
    sites.push_back(std::move(site));
  });
}

/// Code calls its sites by number; those of functions that are not in the module are left empty.
void addSites(ir::EntryOp entry, std::vector<Site> &sites) {
  if (!entry.getSites())
    return;
  for (auto listed : entry.getSites()->getAsRange<mlir::DictionaryAttr>()) {
    size_t number = listed.getAs<mlir::IntegerAttr>("number").getInt();
    sites.resize(std::max(sites.size(), number + 1));
    Site &site = sites[number];
    site.effect = stringOf(listed.get("host"));
    if (site.effect.empty())
      site.settings["message"] = stringOf(listed.get("check"));
    else
      site.settings = settingsOf(listed.getAs<mlir::DictionaryAttr>("settings"));
    for (mlir::Type type : listed.getAs<mlir::ArrayAttr>("types").getAsValueRange<mlir::TypeAttr>())
      site.operands.push_back(typeOf(type));
    site.location = stringOf(listed.get("at"));
  }
}

std::string symbolOf(mlir::Attribute attribute) {
  auto symbol = mlir::dyn_cast_or_null<mlir::FlatSymbolRefAttr>(attribute);
  return symbol ? symbol.getValue().str() : "";
}

DataDecl dataOf(ir::DataOp op) {
  DataDecl data;
  data.name = op.getSymName().str();
  for (mlir::Attribute column : op.getColumns())
    data.columns.push_back(stringOf(column));
  for (mlir::Attribute type : op.getTypes())
    data.types.push_back(typeOf(mlir::cast<mlir::TypeAttr>(type).getValue()));
  mlir::DictionaryAttr source = op.getSource();
  data.kind = stringOf(source.get("kind"));
  data.function = symbolOf(source.get("function"));
  if (mlir::Attribute of = source.get("of")) {
    if (auto list = mlir::dyn_cast<mlir::ArrayAttr>(of))
      for (mlir::Attribute part : list)
        data.of.push_back(symbolOf(part));
    else
      data.of.push_back(symbolOf(of));
  }
  if (auto take = mlir::dyn_cast_or_null<mlir::ArrayAttr>(source.get("take")))
    for (mlir::Attribute column : take)
      data.take.push_back(stringOf(column));
  if (auto files = mlir::dyn_cast_or_null<mlir::ArrayAttr>(source.get("files")))
    for (mlir::Attribute file : files)
      data.files.push_back(stringOf(file));
  if (auto parts = mlir::dyn_cast_or_null<mlir::ArrayAttr>(source.get("parts")))
    for (mlir::Attribute part : parts)
      data.parts.push_back(mlir::cast<mlir::FloatAttr>(part).getValueAsDouble());
  if (auto part = mlir::dyn_cast_or_null<mlir::IntegerAttr>(source.get("part")))
    data.part = part.getInt();
  if (auto shuffle = mlir::dyn_cast_or_null<mlir::BoolAttr>(source.get("shuffle")))
    data.shuffle = shuffle.getValue();
  if (auto site = mlir::dyn_cast_or_null<mlir::IntegerAttr>(source.get("site")))
    data.site = site.getInt();
  return data;
}

std::optional<int64_t> integerIn(mlir::DictionaryAttr settings, llvm::StringRef key) {
  if (auto value = mlir::dyn_cast_or_null<mlir::IntegerAttr>(settings.get(key)))
    return value.getInt();
  return std::nullopt;
}
bool flagIn(mlir::DictionaryAttr settings, llvm::StringRef key, bool fallback) {
  auto value = mlir::dyn_cast_or_null<mlir::BoolAttr>(settings.get(key));
  return value ? value.getValue() : fallback;
}

TrainDecl trainOf(ir::TrainOp op) {
  mlir::DictionaryAttr settings = op.getSettings();
  TrainDecl train;
  train.name = op.getSymName().str();
  train.init = op.getInit().value_or("").str();
  train.step = op.getStep().str();
  train.tail = op.getTail().value_or("").str();
  train.table = op.getTable().value_or("").str();
  train.epochHook = op.getEpoch().value_or("").str();
  train.endHook = op.getEnd().value_or("").str();
  train.batch = integerIn(settings, "batch").value_or(0);
  train.rows = integerIn(settings, "rows").value_or(0);
  train.epochs = integerIn(settings, "epochs");
  train.steps = integerIn(settings, "steps");
  train.shuffle = flagIn(settings, "shuffle", true);
  train.dropRemainder = flagIn(settings, "drop_remainder", false);
  auto isProduct = [](mlir::Operation *inner) { return mlir::isa<ir::DotOp, ir::ConvOp>(inner) ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance(); };
  auto precision = settings.getAs<ir::PrecisionAttr>("precision");
  if (precision && op->getParentOp()->walk(isProduct).wasInterrupted())
    train.precision = ir::stringifyPrecision(precision.getValue()).str();
  return train;
}

TestDecl testOf(ir::TestOp op) {
  TestDecl test;
  test.name = op.getSymName().str();
  test.body = op.getBody().str();
  test.tail = op.getTail().value_or("").str();
  test.metrics = op.getMetrics().value_or("").str();
  test.table = op.getTable().value_or("").str();
  test.batch = integerIn(op.getSettings(), "batch").value_or(0);
  test.rows = integerIn(op.getSettings(), "rows").value_or(0);
  return test;
}

LoadDecl loadOf(ir::LoadOp op) {
  LoadDecl load;
  load.file = op.getFile().str();
  load.location = ir::lineOf(op.getLoc());
  if (auto under = op->getAttrOfType<mlir::StringAttr>("under"))
    load.under = under.str();
  if (auto except = op->getAttrOfType<mlir::ArrayAttr>("except"))
    for (mlir::Attribute pattern : except)
      load.except.push_back(stringOf(pattern));
  for (mlir::Attribute pair : op.getNames())
    if (auto names = mlir::dyn_cast<mlir::ArrayAttr>(pair); names && names.size() == 2)
      load.names.emplace_back(stringOf(names[0]), stringOf(names[1]));
  return load;
}

Sequence sequenceOf(ir::SequenceOp op, const mlir::SymbolTable &symbols) {
  Sequence sequence{op.getSymName().str(), {}};
  llvm::DenseMap<mlir::Value, SequenceValue> values;
  for (auto invoke : op.getBody().getOps<ir::InvokeOp>()) {
    SequenceStep step;
    step.callee = invoke.getCallee().str();
    step.test = mlir::isa_and_nonnull<ir::TestOp>(symbols.lookup(invoke.getCallee()));
    for (mlir::Value operand : invoke.getOperands())
      step.operands.push_back(values.lookup(operand));
    for (auto [i, result] : llvm::enumerate(invoke.getResults()))
      values[result] = {static_cast<int64_t>(sequence.steps.size()), static_cast<int64_t>(i)};
    sequence.steps.push_back(std::move(step));
  }
  return sequence;
}

} // namespace

Manifest describe(mlir::ModuleOp module) {
  Manifest manifest;
  mlir::SymbolTable symbols(module);
  for (mlir::Operation &op : *module.getBody()) {
    if (auto func = mlir::dyn_cast<ir::FuncOp>(op)) {
      if (func->hasAttr("dl.kernel")) {
        ++manifest.kernels;
        continue;
      }
      manifest.functions[func.getSymName().str()] = functionOf(func);
      addSites(func, manifest.sites);
    } else if (auto entry = mlir::dyn_cast<ir::EntryOp>(op)) {
      manifest.functions[entry.getSymName().str()] = functionOf(entry);
      addSites(entry, manifest.sites);
    } else if (auto code = mlir::dyn_cast<mlir::ModuleOp>(op)) {
      manifest.kernels += !code.getSymName().value_or("").starts_with("dlc.");
    } else if (auto data = mlir::dyn_cast<ir::DataOp>(op)) {
      manifest.data.push_back(dataOf(data));
    } else if (auto train = mlir::dyn_cast<ir::TrainOp>(op)) {
      manifest.blocks.push_back({Block::Kind::Train, manifest.trains.size()});
      manifest.trains.push_back(trainOf(train));
    } else if (auto test = mlir::dyn_cast<ir::TestOp>(op)) {
      manifest.blocks.push_back({Block::Kind::Test, manifest.tests.size()});
      manifest.tests.push_back(testOf(test));
    } else if (auto load = mlir::dyn_cast<ir::LoadOp>(op)) {
      manifest.blocks.push_back({Block::Kind::Load, manifest.loads.size()});
      manifest.loads.push_back(loadOf(load));
    } else if (auto sequence = mlir::dyn_cast<ir::SequenceOp>(op)) {
      manifest.sequences[sequence.getSymName().str()] = sequenceOf(sequence, symbols);
    }
  }
  if (auto seed = module->getAttrOfType<mlir::IntegerAttr>("dl.seed"))
    manifest.seed = seed.getInt();
  return manifest;
}

} // namespace dlc::driver
