// `each epoch` and `at end`: sequences of functions that the host runs, cut where a test is called (rule 32).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

void Elaborator::beginHookPart() {
  HookPart &part = hookParts.emplace_back();
  std::string name = freshSymbol(hookName + "." + std::to_string(hookParts.size() - 1));
  contexts.push_back(std::make_unique<FunctionContext>(ContextKind::Hook, name, module.get(), plainLocation(current)));
  part.function = contexts.back().get();
  function = part.function;
  hookStop = nullptr;
}

mlir::Value Elaborator::importValue(const Tensor &x) {
  if (hookParts.size() < 2 || hookParts.back().function != function)
    return {};
  HookPart &to = hookParts.back();
  for (size_t from = 0; from + 1 < hookParts.size(); ++from) {
    HookPart &source = hookParts[from];
    if (source.function != x.home)
      continue;
    auto known = llvm::find(source.outputs, x.value);
    unsigned index = known - source.outputs.begin();
    if (known == source.outputs.end())
      source.outputs.push_back(x.value);
    std::string name = "value." + std::to_string(from) + "." + std::to_string(index);
    size_t arguments = function->entry()->getNumArguments();
    mlir::Value argument = function->argument("input", name, mlir::cast<mlir::RankedTensorType>(x.value.getType()), x.value.getLoc());
    if (function->entry()->getNumArguments() != arguments)
      to.inputs.push_back({static_cast<int>(from), index});
    return argument;
  }
  return {};
}

std::string Elaborator::testSymbol(const ast::Decl *node) {
  auto known = testSymbols.find(node);
  if (known != testSymbols.end())
    return known->second;
  if (auto *test = llvm::dyn_cast<ast::TestDecl>(node)) {
    std::string name = freshSymbol(test->name.isValid() ? test->name.text : "test");
    testSymbols[node] = name;
    runTest(test, test->table, name, test->range());
    return name;
  }
  auto *alias = llvm::cast<ast::TestAlias>(node);
  std::string name = freshSymbol(alias->name.text);
  testSymbols[node] = name;
  const Binding &binding = program.main().binding(*alias->test);
  auto *test = binding.kind == Binding::Kind::Item ? llvm::dyn_cast_or_null<ast::TestDecl>(binding.node) : nullptr;
  if (test && !test->table)
    error(diag::test_without_rows, alias->range(), alias->test->name);
  else if (test)
    runTest(test, alias->table, name, alias->range());
  else if (binding.kind != Binding::Kind::Error)
    error(diag::not_a_named_test, alias->test->range(), alias->test->name);
  return name;
}

Value Elaborator::callTest(const TestData &test, SourceRange range) {
  if (cx().kind != ContextKind::Hook || !block)
    return error(diag::test_outside_hook, range);
  if (cx().frames.size() != 1)
    return error(diag::test_in_branch, range);
  std::string name;
  {
    // The test is a function of its own, elaborated where it stands.
    Restore<BlockState *> outside(block, nullptr);
    Restore<FunctionContext *> where(function, init);
    name = testSymbol(test.node);
  }
  auto reports = testReports.find(name);
  if (reports == testReports.end())
    return Value::error();
  for (auto &[label, tensor] : reports->second)
    if (tensor.isError() || !tensor.shape.isStatic())
      return tensor.isError() ? Value::error() : error(diag::test_result_open, range, label, tensor.typeText());
  FunctionContext *before = function;
  hookParts.back().stop = hookStop;
  beginHookPart();
  HookPart &part = hookParts.back();
  part.test = name;
  std::vector<std::string> labels;
  std::vector<Value> items;
  for (auto [index, entry] : llvm::enumerate(reports->second)) {
    auto &[label, tensor] = entry;
    mlir::RankedTensorType type = tensorType(context, tensor.element, tensor.shape);
    part.reports.push_back(label);
    part.reportTypes.push_back(type);
    mlir::Value argument = function->argument("input", name + "." + label, type, ir::named(name + "." + label, location(range)));
    part.inputs.push_back({-1, static_cast<unsigned>(index)});
    labels.push_back(label);
    items.push_back(Value::tensor(emit.wrap(argument, tensor.element, tensor.shape)));
  }
  // `var`s go on in the new part.
  for (auto &[place, value] : before->frames.front()->current) {
    if (place->kind != PlaceKind::Var || place->home != before)
      continue;
    Tensor tensor;
    tensor.value = value;
    tensor.element = place->element;
    tensor.shape = place->shape;
    tensor.home = before;
    if (mlir::Value imported = importValue(tensor)) {
      place->home = function;
      function->declare(place, imported);
    }
  }
  return Value::record(std::move(labels), std::move(items));
}

void Elaborator::hook(const ast::Stmt *node, const ast::BlockExpr *body, bool atEnd) {
  Activation activation(*block->file, *node);
  activation.env->parent = block->env;
  activation.segment = block->name + (atEnd ? "/end" : "/epoch");
  Restore<Activation *> scope(active, &activation);
  Restore<FunctionContext *> where(function, function);
  Restore<Place *> stopFlag(hookStop, nullptr);
  Restore<std::string> label(hookName, block->name + (atEnd ? ".end" : ".epoch"));
  Restore<SourceRange> at(current, node->range());
  hookParts.clear();
  std::string &sequence = atEnd ? block->endSequence : block->epochSequence;
  if (!sequence.empty()) {
    error(diag::second_hook, node->range(), atEnd ? "at end" : "each epoch");
    return;
  }
  beginHookPart();
  llvm::SmallVector<Local *> locals;
  for (const FunctionInfo *info : {activation.env->info, block->env->info})
    if (info)
      locals.append(info->locals.begin(), info->locals.end());
  for (Local *local : locals) {
      if (local->kind != LocalKind::Report)
        continue;
      auto it = block->reports.find(local->name.str());
      if (it == block->reports.end() || !it->second.sum) {
        // A name that stands nowhere in the block was left to elaboration: only a record or a function could have reported it.
        if (it == block->reports.end() && llvm::isa_and_nonnull<ast::TrainDecl>(local->node) &&
            (local->name == "loss" || !diagnostics.hasErrors())) {
          llvm::SmallVector<llvm::StringRef> known;
          for (auto &[reported, entry] : block->reports)
            known.push_back(reported);
          auto builder = report(diag::unknown_report, local->range, local->name);
          if (std::string hint = likely(local->name, known, "it reports"); !hint.empty())
            builder.addHelp(hint);
        }
        bind(local, Value::error());
        continue;
      }
      mlir::RankedTensorType type = tensorType(context, it->second.element, {});
      mlir::Value mean = function->argument("mean", local->name, type, ir::named(local->name, location(node->range())));
      bind(local, Value::tensor(emit.wrap(mean, it->second.element, {})));
    }
  evalBlock(body);
  hookParts.back().stop = hookStop;
  for (HookPart &part : hookParts) {
    for (auto [number, value] : llvm::enumerate(part.outputs)) {
      mlir::NamedAttrList attributes;
      attributes.append("dl.output", mlir::StringAttr::get(context, "value." + std::to_string(&part - hookParts.data()) + "." + std::to_string(number)));
      part.function->result(value, std::move(attributes));
    }
    hookStop = part.stop;
    finishFunction(*part.function);
  }
  // The sequence: tests, then the part that waits for them.
  mlir::OpBuilder end = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::Location loc = plainLocation(node->range());
  sequence = freshSymbol(hookName);
  mlir::OperationState state(loc, ir::SequenceOp::getOperationName());
  state.addAttribute("sym_name", mlir::StringAttr::get(context, sequence));
  state.addRegion()->emplaceBlock();
  auto op = mlir::cast<ir::SequenceOp>(end.create(state));
  mlir::OpBuilder inside = mlir::OpBuilder::atBlockEnd(&op.getBody().front());
  std::vector<mlir::Operation *> runs;
  for (HookPart &part : hookParts) {
    mlir::Operation *test = nullptr;
    auto invoke = [&](llvm::StringRef callee, mlir::ValueRange operands, mlir::TypeRange types) {
      return ir::InvokeOp::create(inside, loc, types, callee, operands).getOperation();
    };
    if (!part.test.empty())
      test = invoke(part.test, {}, part.reportTypes);
    llvm::SmallVector<mlir::Value> operands;
    for (const HookPart::Input &input : part.inputs)
      operands.push_back(input.from < 0 ? test->getResult(input.index) : runs[input.from]->getResult(input.index));
    llvm::SmallVector<mlir::Type> types;
    for (mlir::Value value : part.outputs)
      types.push_back(value.getType());
    runs.push_back(invoke(part.function->name, operands, types));
  }
  hookParts.clear();
}

/// `under: "net"` and `except: ["head.*"]`; false, once reported, for another one or a wrong value.
static bool loadOption(Elaborator &elab, const ast::LoadOption &option, std::string &under, llvm::SmallVectorImpl<mlir::Attribute> &except) {
  llvm::StringRef name = option.label.text;
  if (name == "names") {
    elab.refuse(option.label.range, "load … names:");
    return false;
  }
  if (name != "under" && name != "except") {
    elab.report(diag::unknown_setting, option.label.range, "`" + name.str() + "`").help(likely(name, {"names", "under", "except"}, "there are"));
    return false;
  }
  Value value = elab.evalRead(option.value);
  std::vector<Value> texts{value};
  if (name == "except" && value.is(ValueKind::List))
    texts = value.items();
  for (const Value &text : texts) {
    if (text.isError())
      return false;
    if (!text.is(ValueKind::Str) || (name == "except" && !value.is(ValueKind::List))) {
      elab.error(diag::setting_value, option.value->range(), name,
                 name == "under" ? "the beginning of names, as `\"net\"`" : "a list of names, as `[\"head.*\"]`", text.describe());
      return false;
    }
    if (name == "under")
      under = text.asString();
    else
      except.push_back(mlir::StringAttr::get(elab.context, text.asString()));
  }
  return true;
}

void Elaborator::load(const ast::LoadDecl *node) {
  Activation activation(program.main(), *node);
  Restore<Activation *> scope(active, &activation);
  Restore<FunctionContext *> where(function, init);
  std::string under;
  llvm::SmallVector<mlir::Attribute> except;
  for (const ast::LoadOption &option : node->options)
    if (!loadOption(*this, option, under, except))
      return;
  Value target = eval(node->target), from = eval(node->from);
  if (target.isError() || from.isError())
    return;
  if (!from.is(ValueKind::Str)) {
    error(diag::wrong_type, node->from->range(), "`load … from`", "the name of a file", from.describe());
    return;
  }
  mlir::Builder builder(context);
  llvm::SmallVector<mlir::Attribute> names;
  bool isInstance = target.is(ValueKind::Instance) || (target.is(ValueKind::List) && target.isCallable());
  for (const TreeLeaf &leaf : flatten(target, true)) {
    if (!leaf.value.is(ValueKind::PlaceRef) || (leaf.value.asPlace()->kind != PlaceKind::Param && leaf.value.asPlace()->kind != PlaceKind::State)) {
      error(diag::not_a_place, node->target->range(), target.describe());
      return;
    }
    // A file names what is in it from the instance on.
    llvm::StringRef name = leaf.value.asPlace()->name;
    std::string theirs = isInstance ? leaf.path : name.str();
    names.push_back(builder.getArrayAttr({builder.getStringAttr(name), builder.getStringAttr(under.empty() ? theirs : under + "." + theirs)}));
  }
  if (names.empty()) {
    error(diag::not_a_place, node->target->range(), target.describe());
    return;
  }
  mlir::OpBuilder end = mlir::OpBuilder::atBlockEnd(module->getBody());
  mlir::OperationState op(plainLocation(node->range()), ir::LoadOp::getOperationName());
  op.addAttribute("sym_name", builder.getStringAttr(freshSymbol("load")));
  op.addAttribute("file", builder.getStringAttr(from.asString()));
  op.addAttribute("names", builder.getArrayAttr(names));
  if (!under.empty())
    op.addAttribute("under", builder.getStringAttr(under));
  if (!except.empty())
    op.addAttribute("except", builder.getArrayAttr(except));
  end.create(op);
}

} // namespace dlc::frontend
