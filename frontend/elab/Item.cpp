// Items of files, evaluated once and on demand, and the order in which a program is elaborated.
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

namespace dlc::frontend {

DataSource::~DataSource() = default;

std::optional<int64_t> DataSource::countRows(mlir::ModuleOp, llvm::StringRef, llvm::StringRef, std::string &) { return std::nullopt; }

Elaborator::Elaborator(mlir::MLIRContext *context, Program &program, const ElaborateOptions &options, DataSource &data,
                       DiagnosticEngine &diagnostics)
    : context(context), program(program), options(options), data(data), diagnostics(diagnostics), emit(*this) {
  for (llvm::ArrayRef<BuiltinEntry> entries : {intrinsics(), libraryBuiltins()})
    for (const BuiltinEntry &entry : entries)
      builtins[llvm::StringRef(entry.signature).split('(').first] = &entry;
}

std::string Elaborator::filePrefix(const ResolvedFile *file) const {
  return file->prefix().empty() ? "" : file->prefix().str() + ".";
}

Value Elaborator::item(const ResolvedFile *file, const ast::Node *node, SourceRange use) {
  if (!node)
    return Value::error();
  switch (node->kind()) {
  case ast::NodeKind::Function: {
    auto *decl = llvm::cast<ast::FunctionDecl>(node);
    FunctionValue function;
    function.node = decl;
    function.file = file;
    function.name = decl->name.text.str();
    return Value::function(std::move(function));
  }
  case ast::NodeKind::Module:
    return Value::module({llvm::cast<ast::ModuleDecl>(node), file});
  case ast::NodeKind::Optimizer: {
    OptimizerValue optimizer;
    optimizer.node = llvm::cast<ast::OptimizerDecl>(node);
    optimizer.file = file;
    return Value::optimizer(std::move(optimizer));
  }
  case ast::NodeKind::Test:
  case ast::NodeKind::TestAlias:
    return Value::test({llvm::cast<ast::Decl>(node), file});
  default:
    break;
  }
  auto known = items.find(node);
  if (known != items.end())
    return known->second;
  if (!open.insert(node).second)
    return error(diag::item_cycle, use.isValid() ? use : node->range());
  Value value;
  {
    auto optimizer = optimizerState;
    optimizerState = {};
    Restore<BlockState *> outside(block, nullptr);
    Restore<std::vector<PendingSite> *> draws(pending, nullptr);
    Restore<FunctionContext *> where(function, init);
    FactsScope facts(*init);
    Restore<SourceRange> at(current, node->range());
    value = evalItem(file, node, use);
    optimizerState = optimizer;
  }
  open.erase(node);
  // A pattern of `data` has given values to all its names.
  return items.try_emplace(node, value).first->second;
}

Value Elaborator::constItem(const ResolvedFile *file, const ast::ValueDecl *node) {
  Value value = evalRead(node->init);
  if (file == &program.main())
    for (const auto &[name, text] : options.constants) {
      if (name != node->name.text)
        continue;
      int64_t integer;
      double number;
      llvm::StringRef given(text);
      if (value.is(ValueKind::Size) && !given.getAsInteger(10, integer))
        value = Value::size(Dim(integer, node->init->range()));
      else if (value.is(ValueKind::Float) && !given.getAsDouble(number))
        value = Value::floating(number);
      else if (value.is(ValueKind::Bool) && (given == "true" || given == "false"))
        value = Value::boolean(given == "true");
      else if (value.is(ValueKind::Str))
        value = Value::string(text);
      else if (!value.isError())
        return error(diag::constant_setting, node->name.range, name, text, value.describe());
    }
  if (value.isError())
    return value;
  if (node->type) {
    auto *named = llvm::dyn_cast<ast::NamedType>(node->type);
    if (!named || !named->hasDims)
      value = convert(node->type, value, node->init->range(), true, "the value of `" + node->name.text.str() + "`");
  }
  for (const TreeLeaf &leaf : flatten(value, true))
    if (leaf.value.isTensor() || leaf.value.is(ValueKind::PlaceRef)) {
      // `const limit: f32 = 0.5` is a number that any function may use.
      mlir::Operation *op = leaf.value.isTensor() ? leaf.value.asTensor().value.getDefiningOp() : nullptr;
      if (!op || !mlir::isa<ir::ConstantOp>(op))
        return error(diag::constant_not_compile_time, node->init->range(), node->name.text);
    }
  if (value.is(ValueKind::Size)) {
    Dim size = value.asSize();
    size.written = ir::SizeExpr::symbol(node->name.text);
    value = Value::size(size);
    if (file == &program.main() && node->name.text == "seed")
      if ((seed = size.constant())) // known before data are computed
        module.get()->setAttr("dl.seed", mlir::Builder(context).getI64IntegerAttr(*seed));
  }
  return value;
}

Value Elaborator::evalItem(const ResolvedFile *file, const ast::Node *node, SourceRange) {
  if (node->kind() == ast::NodeKind::NamePattern) {
    for (const ast::Stmt *statement : file->tree().items()) {
      auto *decl = llvm::dyn_cast<ast::DataDecl>(statement);
      if (!decl || !decl->range().contains(node->range()))
        continue;
      Value value = dataItem(file, decl);
      if (decl->pattern == node)
        return value;
      auto *tuple = llvm::dyn_cast<ast::TuplePattern>(decl->pattern);
      Value own;
      for (size_t i = 0; tuple && i < tuple->elements.size(); ++i) {
        Value part = value.isError() ? value : value.items()[i];
        if (tuple->elements[i] == node)
          own = part;
        else
          items.try_emplace(tuple->elements[i], part);
      }
      return own;
    }
    return Value::error();
  }
  Activation activation(*file, *node);
  Restore<Activation *> scope(active, &activation);
  if (auto *decl = llvm::dyn_cast<ast::ValueDecl>(node)) {
    activation.segment = filePrefix(file) + decl->name.text.str();
    if (decl->keyword == ast::ValueKeyword::Const)
      return constItem(file, decl);
    Value value = declareMember(decl, decl->name.text);
    nameTree(value, activation.segment);
    return value;
  }
  if (auto *model = llvm::dyn_cast<ast::ModelDecl>(node)) {
    activation.segment = filePrefix(file) + model->name.text.str();
    Value value = eval(model->init);
    if (value.isError())
      return value;
    if (!containsInstance(value) && !(value.is(ValueKind::List) && value.isCallable()))
      return error(diag::not_a_model, model->init->range(), value.describe());
    nameTree(value, activation.segment);
    return value;
  }
  return Value::error();
}

void Elaborator::initialItem(const ast::Stmt *node) {
  const ResolvedFile &file = program.main();
  switch (node->kind()) {
  case ast::NodeKind::Value:
  case ast::NodeKind::Model:
    item(&file, node, node->range());
    return;
  case ast::NodeKind::Data: {
    auto *data_ = llvm::cast<ast::DataDecl>(node);
    if (llvm::isa<ast::NamePattern>(data_->pattern)) {
      item(&file, data_->pattern, node->range());
      return;
    }
    for (const ast::Pattern *element : llvm::cast<ast::TuplePattern>(data_->pattern)->elements)
      if (llvm::isa<ast::NamePattern>(element))
        item(&file, element, node->range());
    return;
  }
  default:
    return;
  }
}

mlir::OwningOpRef<mlir::ModuleOp> Elaborator::run() {
  const ResolvedFile &file = program.main();
  stackBase = static_cast<const char *>(__builtin_frame_address(0));
  mlir::Builder attribute(context);
  module = mlir::ModuleOp::create(plainLocation({file.tree().source().id(), 0, 0}));
  module.get()->setAttr("dl.stage", attribute.getStringAttr("graph"));
  module.get()->setAttr("dl.version", attribute.getI64IntegerAttr(1));
  symbols.insert("init");
  contexts.push_back(std::make_unique<FunctionContext>(ContextKind::Init, "init", module.get(), module->getLoc()));
  init = contexts.back().get();
  function = init;
  Activation root;
  root.file = &file;
  root.env = std::make_shared<Environment>();
  active = &root;
  // `const seed` first: data may be computed while sizes are.
  for (const ast::Stmt *statement : file.tree().items())
    if (auto *constant = llvm::dyn_cast<ast::ValueDecl>(statement); constant && constant->keyword == ast::ValueKeyword::Const && constant->name.text == "seed")
      initialItem(statement);
  for (const ast::Stmt *statement : file.tree().items())
    initialItem(statement);
  for (const ast::Stmt *statement : file.tree().items()) {
    if (exhausted)
      break;
    if (auto *node = llvm::dyn_cast<ast::LoadDecl>(statement))
      load(node);
    else if (auto *train_ = llvm::dyn_cast<ast::TrainDecl>(statement))
      train(train_);
    else if (llvm::isa<ast::TestDecl, ast::TestAlias>(statement))
      test(llvm::cast<ast::Decl>(statement));
    else if (auto *exported = llvm::dyn_cast<ast::FunctionDecl>(statement); exported && exported->isExport)
      exportFunction(exported);
  }
  finishFunction(*init);
  active = nullptr;
  if (diagnostics.hasErrors()) {
    // The half-built functions have no ends: take them apart without looking at them.
    return {};
  }
  std::string text;
  {
    mlir::ScopedDiagnosticHandler handler(context, [&](mlir::Diagnostic &diagnostic) {
      if (text.empty())
        text = diagnostic.str();
      return mlir::success();
    });
    if (mlir::succeeded(mlir::verify(module.get())))
      return std::move(module);
  }
  diagnostics.report(diag::compiler_fault, SourceRange{file.tree().source().id(), 0, 0}, text);
  return {};
}

std::string Elaborator::randomPath(llvm::StringRef name) {
  std::vector<std::string> segments;
  for (const Activation *a = active; a; a = a->caller) {
    std::string segment = a->segment;
    for (const std::string &pass : a->passes)
      segment += pass;
    segments.push_back(segment);
  }
  std::string path;
  for (auto it = segments.rbegin(); it != segments.rend(); ++it)
    path += *it + "/";
  std::string key = name.str();
  for (const std::string &pass : active->passes)
    key += pass;
  return path + name.str() + "#" + std::to_string(active->counts[key]++);
}

Tensor Elaborator::counter(llvm::StringRef name) {
  mlir::RankedTensorType type = tensorType(context, ElementType::I64, {});
  mlir::Value value = cx().argument("counter", name, type, ir::named(name, plainLocation(current)));
  return emit.wrap(value, ElementType::I64, {});
}

uint64_t siteHash(llvm::StringRef path) {
  // docs/random.md: FNV-1a, then SplitMix64's finalizer.
  uint64_t h = 0xcbf29ce484222325ull;
  for (unsigned char byte : path) {
    h ^= byte;
    h *= 0x100000001b3ull;
  }
  h ^= h >> 30;
  h *= 0xbf58476d1ce4e5b9ull;
  h ^= h >> 27;
  h *= 0x94d049bb133111ebull;
  return h ^ (h >> 31);
}

StdLibrary standardLibrary() {
  std::vector<llvm::StringRef> names;
  for (llvm::ArrayRef<BuiltinEntry> entries : {intrinsics(), libraryBuiltins()})
    for (const BuiltinEntry &entry : entries)
      names.push_back(llvm::StringRef(entry.signature).split('(').first);
  return StdLibrary(names);
}

mlir::OwningOpRef<mlir::ModuleOp> elaborate(mlir::MLIRContext *context, Program &program, const ElaborateOptions &options,
                                            DataSource &data, DiagnosticEngine &diagnostics) {
  // What a syntax error left out would be missed everywhere; a name that was not found is an error that spreads in silence.
  for (const ResolvedFile *file : program.files())
    if (file->tree().hasErrors())
      return {};
  return Elaborator(context, program, options, data, diagnostics).run();
}

} // namespace dlc::frontend
