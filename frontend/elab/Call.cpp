// Calls of functions, lambdas, instances, lists and casts; everything is inlined (rules 22, 26).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

#include <fmt/core.h>

#include <cmath>

namespace dlc::frontend {

bool Elaborator::evalArguments(llvm::ArrayRef<ast::Argument> arguments, std::vector<ArgumentValue> &values) {
  for (const ast::Argument &argument : arguments) {
    Value value = eval(argument.value);
    if (!argument.spread) {
      values.push_back({argument.label.text, value, argument.range});
      continue;
    }
    if (value.isError())
      return false;
    if (!value.is(ValueKind::List) && !value.is(ValueKind::Record)) {
      error(diag::cannot_spread, argument.range, value.describe());
      return false;
    }
    for (size_t i = 0; i < value.items().size(); ++i) {
      llvm::StringRef label = value.is(ValueKind::Record) ? llvm::StringRef(value.labels()[i]) : "";
      values.push_back({label, value.items()[i], argument.range});
    }
  }
  return true;
}

Value Elaborator::evalCall(const ast::CallExpr *expr, const Value *piped, SourceRange pipedRange) {
  Value callee = eval(expr->callee);
  std::vector<ArgumentValue> arguments;
  if (piped)
    arguments.push_back({"", *piped, pipedRange});
  if (!evalArguments(expr->arguments, arguments) || callee.isError())
    return Value::error();
  return call(callee, std::move(arguments), expr->range(), expr->callee->range());
}

Value Elaborator::evalPipe(const ast::PipeExpr *expr) {
  Value value = eval(expr->value);
  if (auto *target = llvm::dyn_cast<ast::CallExpr>(expr->target)) {
    Restore<SourceRange> place(current, target->range());
    return evalCall(target, &value, expr->value->range());
  }
  Value callee = eval(expr->target);
  if (callee.isError())
    return callee;
  return call(callee, {{"", value, expr->value->range()}}, expr->range(), expr->target->range());
}

static std::optional<bool> takeTraining(Elaborator &elab, std::vector<ArgumentValue> &arguments) {
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].label == "training") {
      std::optional<bool> result;
      if (arguments[i].value.is(ValueKind::Bool))
        result = arguments[i].value.asBool();
      else if (!arguments[i].value.isError())
        elab.error(diag::compile_time_condition, arguments[i].range, arguments[i].value.describe());
      arguments.erase(arguments.begin() + i);
      return result;
    }
  return std::nullopt;
}

static bool hasParameter(const ast::Node *node, llvm::StringRef name) {
  auto *function = llvm::dyn_cast_or_null<ast::FunctionDecl>(node);
  return function && llvm::any_of(function->params, [&](const ast::Param *param) { return param->name.text == name; });
}

Value Elaborator::call(const Value &callee, std::vector<ArgumentValue> arguments, SourceRange range, SourceRange calleeRange) {
  if (callee.isError() || !fuel(range))
    return Value::error();
  Restore<SourceRange> place(current, range);
  switch (callee.kind()) {
  case ValueKind::Function: {
    if (const auto &inner = callee.asFunction().recomputed)
      return callRecomputed(*inner, std::move(arguments), range, calleeRange);
    std::optional<bool> training;
    if (!hasParameter(callee.asFunction().node, "training"))
      training = takeTraining(*this, arguments);
    return callFunction(callee.asFunction(), std::move(arguments), range, training);
  }
  case ValueKind::Instance: {
    std::optional<bool> training = takeTraining(*this, arguments);
    return callInstance(callee.asInstance(), std::move(arguments), range, training);
  }
  case ValueKind::List: {
    // Rule 21: the elements in turn; no element is the identity.
    std::optional<bool> training = takeTraining(*this, arguments);
    if (arguments.size() != 1 || !arguments[0].label.empty())
      return callee.items().empty() || arguments.size() != 1
                 ? error(diag::list_takes_one, range, arguments.size())
                 : error(diag::unknown_argument, arguments[0].range, "a list of functions", arguments[0].label);
    Restore<bool> mode(active->training, training.value_or(active->training));
    Value value = read(arguments[0].value);
    for (size_t i = 0; i < callee.items().size(); ++i) {
      const Value &item = callee.items()[i];
      if (!item.isCallable() && !item.isError())
        return error(diag::not_callable, calleeRange, "element " + std::to_string(i) + " of the list, " + item.describe() + ",");
      active->passes.push_back("[" + std::to_string(i) + "]");
      value = call(item, {{"", value, i ? range : arguments[0].range}}, range, calleeRange);
      active->passes.pop_back();
      if (value.isError())
        return value;
    }
    return value;
  }
  case ValueKind::Builtin:
    return callBuiltin(callee.asBuiltin(), std::move(arguments), range);
  case ValueKind::Module:
    return construct(callee.asModule(), std::move(arguments), range);
  case ValueKind::Optimizer: {
    OptimizerValue optimizer = callee.asOptimizer();
    Activation settings;
    settings.file = optimizer.file;
    settings.env = std::make_shared<Environment>();
    settings.env->info = optimizer.file->function(*optimizer.node);
    settings.caller = active;
    settings.site = range;
    settings.callee = optimizer.node->name.text.str();
    settings.training = active->training;
    Restore<Activation *> scope(active, &settings);
    if (!bindParameters(optimizer.node->params, std::move(arguments), range, optimizer.node->name.text))
      return Value::error();
    optimizer.settings = settings.env;
    return Value::optimizer(optimizer);
  }
  case ValueKind::ElementType:
    if (arguments.size() != 1 || !arguments[0].label.empty())
      return error(diag::argument_count, range, spelling(callee.asElementType()), counted(1, "argument"), arguments.size());
    return castTo(callee.asElementType(), arguments[0].value, arguments[0].range);
  case ValueKind::Test:
    return callTest(callee.asTest(), range);
  default: {
      auto builder = report(diag::not_callable, calleeRange, callee.describe());
      if (callee.is(ValueKind::File) && program.sources().text(calleeRange) == "std")
        builder.addHelp("`std.name` reaches the standard library; a standard deviation is `sqrt(variance(x))`");
      return Value::error();
    }
  }
}

Value Elaborator::callRecomputed(const Value &callee, std::vector<ArgumentValue> arguments, SourceRange range, SourceRange calleeRange) {
  mlir::Block *block = builder().getInsertionBlock();
  mlir::Operation *before = block->empty() ? nullptr : &block->back();
  Value result = call(callee, std::move(arguments), range, calleeRange);
  if (!containsInstance(result))
    result = read(result);
  int64_t number = checkpoints++;
  // Operations inside of regions go along with the one that has the region.
  for (auto it = before ? std::next(before->getIterator()) : block->begin(); it != block->end(); ++it) {
    llvm::SmallVector<int64_t> path{number};
    if (auto inner = it->getAttrOfType<mlir::DenseI64ArrayAttr>("dl.checkpoint"))
      path.append(inner.asArrayRef().begin(), inner.asArrayRef().end());
    it->setAttr("dl.checkpoint", mlir::DenseI64ArrayAttr::get(context, path));
  }
  return result;
}

Value Elaborator::castTo(ElementType element, const Value &original, SourceRange range) {
  Value value = read(original);
  if (value.isError())
    return value;
  if (value.is(ValueKind::Float) && !isFloat(element)) {
    if (element == ElementType::Bool)
      return Value::tensor(emit.constantInt(value.asFloat() != 0, element));
    return Value::tensor(emit.cast(emit.constant(value.asFloat(), ElementType::F64), element));
  }
  if (value.is(ValueKind::Bool) && element != ElementType::Bool)
    return Value::tensor(emit.cast(emit.constantInt(value.asBool(), ElementType::Bool), element));
  if (value.is(ValueKind::Size) && element == ElementType::Bool)
    return Value::tensor(emit.cast(toTensor(value, range), element));
  if (value.isNumber())
    return toTensorValue(value, range, element);
  Tensor tensor = toTensor(value, range);
  if (tensor.isError())
    return Value::error();
  return Value::tensor(emit.cast(tensor, element));
}

// ------------------------------------------------------------------------------------------ parameters

Value Elaborator::parameterValue(const ast::Param *param, Value value, SourceRange range, const Local *local) {
  if (!containsInstance(value))
    value = read(value);
  bool absent = value.isNone() && param->defaultValue && llvm::isa<ast::NoneExpr>(param->defaultValue);
  if (param->type && !absent)
    value = convert(param->type, value, range, false, "argument `" + param->name.text.str() + "`");
  if (value.is(ValueKind::Size) && value.asSize().written.isConstant() && !value.asSize().isLiteralOne() && param->type) {
    // From here on the size has the parameter's name (rule 11 compares what is written).
    Dim size = value.asSize();
    size.written = ir::SizeExpr::symbol(param->name.text);
    value = Value::size(size);
  }
  if (local && local->isVariable && !containsInstance(value)) {
    if (value.is(ValueKind::Float))
      value = toTensorValue(value, range);
    if (value.isTensor() && !value.isError())
      value = Value::tensor(variableOf(value.asTensor(), local->name));
    else if (value.is(ValueKind::Record) || value.is(ValueKind::List))
      value = snapshot(value, true);
  }
  return value;
}

DiagnosticBuilder Elaborator::missingArgument(SourceRange range, llvm::StringRef callee, llvm::StringRef missing, bool anyGiven) {
  DiagnosticBuilder builder = report(diag::missing_argument, range, callee, missing);
  // `[Linear(2, 8), relu()]` calls too early.
  if (range == listElement && !anyGiven)
    builder.addHelp(fmt::format("`{0}` alone is the function; `{0}()` calls it here", std::string_view(callee)));
  return builder;
}

/// Whether a number was given where a tensor comes first, as the rate of `dropout(0.1)`: a list of layers was to call it.
static bool isNumberForTensor(const ast::Param *param, const Value &value) {
  auto *type = llvm::dyn_cast_or_null<ast::NamedType>(param->type);
  return type && type->hasDims && value.isNumber();
}

/// How a function is called, with the defaults that the program gives.
static std::string calledAs(Elaborator &elab, llvm::StringRef callee, llvm::ArrayRef<const ast::Param *> params) {
  std::string text = "it is called as `" + callee.str() + "(";
  for (const ast::Param *param : params)
    text += (param == params.front() ? "" : ", ") + elab.program.sources().text(param->range()).str();
  return text + ")`";
}

bool Elaborator::bindParameters(llvm::ArrayRef<const ast::Param *> params, std::vector<ArgumentValue> arguments,
                                SourceRange range, llvm::StringRef callee) {
  std::vector<const ArgumentValue *> given(params.size(), nullptr);
  size_t positional = 0;
  for (const ArgumentValue &argument : arguments) {
    size_t index = params.size();
    if (argument.label.empty()) {
      index = positional++;
      if (index >= params.size()) {
        size_t count = llvm::count_if(arguments, [](const ArgumentValue &a) { return a.label.empty(); });
        report(diag::argument_count, range, callee, counted(params.size(), "argument"), count).help(calledAs(*this, callee, params));
        return false;
      }
    } else {
      for (size_t i = 0; i < params.size(); ++i)
        if (params[i]->name.text == argument.label)
          index = i;
      if (index == params.size()) {
        llvm::SmallVector<llvm::StringRef> known;
        for (const ast::Param *param : params)
          known.push_back(param->name.text);
        unknownArgument(argument.range, "`" + callee.str() + "`", argument.label, known);
        return false;
      }
    }
    if (given[index]) {
      error(diag::argument_twice, argument.range, params[index]->name.text);
      return false;
    }
    given[index] = &argument;
  }
  std::vector<std::pair<Value, SourceRange>> bound(params.size());
  bool fine = true;
  for (size_t i = 0; i < params.size(); ++i) {
    const ast::Param *param = params[i];
    const Local *local = active->file->local(*param);
    Value value;
    SourceRange where = range;
    if (given[i]) {
      value = given[i]->value;
      where = given[i]->range;
    } else if (param->defaultValue) {
      value = eval(param->defaultValue);
      where = param->defaultValue->range();
    } else {
      DiagnosticBuilder builder = missingArgument(range, callee, param->name.text, !arguments.empty());
      builder.addLabel(param->range(), "declared here");
      if (range == listElement && given[0] && isNumberForTensor(params[0], given[0]->value))
        builder.addHelp(fmt::format("a function for the list to call: `|{0}| {1}({0}, …)`", std::string_view(params[0]->name.text), std::string_view(callee)));
      fine = false;
    }
    if (value.isError()) {
      active->poisoned = true;
      bind(local, value);
      continue;
    }
    value = parameterValue(param, value, where, local);
    if (!isLibrary(param->range()))
      nameValue(value, param->name.text, /*weak=*/true);
    fine &= !value.isError();
    active->poisoned |= value.isError();
    bind(local, value);
    bound[i] = {value, where};
  }
  for (size_t i = 0; i < params.size(); ++i)
    if (params[i]->type && !bound[i].first.isError() &&
        !checkSizes(params[i]->type, bound[i].first, bound[i].second, "argument `" + params[i]->name.text.str() + "`")) {
      fine = false;
      bind(active->file->local(*params[i]), Value::error());
    }
  return fine;
}

// ------------------------------------------------------------------------------------------ functions

static std::optional<double> foldUnary(ir::UnaryFn fn, double x) {
  switch (fn) {
  case ir::UnaryFn::neg: return -x;
  case ir::UnaryFn::abs: return std::fabs(x);
  case ir::UnaryFn::sign: return x > 0 ? 1 : x < 0 ? -1 : 0;
  case ir::UnaryFn::exp: return std::exp(x);
  case ir::UnaryFn::expm1: return std::expm1(x);
  case ir::UnaryFn::log: return std::log(x);
  case ir::UnaryFn::log1p: return std::log1p(x);
  case ir::UnaryFn::sqrt: return std::sqrt(x);
  case ir::UnaryFn::rsqrt: return 1 / std::sqrt(x);
  case ir::UnaryFn::sin: return std::sin(x);
  case ir::UnaryFn::cos: return std::cos(x);
  case ir::UnaryFn::tan: return std::tan(x);
  case ir::UnaryFn::tanh: return std::tanh(x);
  case ir::UnaryFn::sigmoid: return 1 / (1 + std::exp(-x));
  case ir::UnaryFn::erf: return std::erf(x);
  case ir::UnaryFn::floor: return std::floor(x);
  case ir::UnaryFn::ceil: return std::ceil(x);
  case ir::UnaryFn::round: return std::nearbyint(x);
  case ir::UnaryFn::relu: return x > 0 ? x : 0;
  case ir::UnaryFn::square: return x * x;
  case ir::UnaryFn::reciprocal: return 1 / x;
  case ir::UnaryFn::not_: case ir::UnaryFn::round_bf16: case ir::UnaryFn::round_tf32: return std::nullopt;
  }
  return std::nullopt;
}

static bool takesIntegers(ir::UnaryFn fn) {
  return fn == ir::UnaryFn::neg || fn == ir::UnaryFn::abs || fn == ir::UnaryFn::sign || fn == ir::UnaryFn::square ||
         fn == ir::UnaryFn::relu;
}

static Value applyUnary(Elaborator &elab, ir::UnaryFn fn, Value value, SourceRange range, llvm::StringRef name) {
  value = elab.read(value);
  if (value.isError())
    return value;
  if (auto number = value.number()) {
    auto result = foldUnary(fn, *number);
    if (result && value.is(ValueKind::Size) && takesIntegers(fn))
      return Value::size(Dim(static_cast<int64_t>(*result), range));
    if (result)
      return Value::floating(*result);
  }
  if (value.is(ValueKind::Size))
    value = elab.toTensorValue(value, range, takesIntegers(fn) ? ElementType::I64 : ElementType::F32);
  Tensor tensor = elab.toTensor(value, range);
  if (tensor.isError())
    return Value::error();
  bool fits = fn == ir::UnaryFn::not_ ? tensor.element == ElementType::Bool
                                      : isFloat(tensor.element) ||
                                            (isInteger(tensor.element) && takesIntegers(fn) && !(fn == ir::UnaryFn::neg && tensor.element == ElementType::U8));
  if (!fits) {
    elab.report(diag::needs_float, range, name, tensor.typeText()).help("`f32(…)` converts");
    return Value::error();
  }
  if (tensor.element == ElementType::F16 || tensor.element == ElementType::BF16)
    return elab.refuse(range, "arithmetic in " + spelling(tensor.element).str());
  Tensor result = elab.emit.unary(fn, tensor);
  return result.isError() ? Value::error() : Value::tensor(result);
}

Value Elaborator::callOperation(const ast::FunctionDecl *node, const std::vector<ArgumentValue> &arguments, SourceRange range) {
  auto [kind, name] = node->operation.split(' ');
  std::vector<const ArgumentValue *> given(node->params.size(), nullptr);
  size_t positional = 0;
  for (const ArgumentValue &argument : arguments) {
    size_t index = positional;
    if (argument.label.empty())
      ++positional;
    else
      for (index = 0; index < node->params.size() && node->params[index]->name.text != argument.label; ++index) {
      }
    if (index >= node->params.size() || given[index])
      return error(diag::argument_count, range, node->name.text, counted(node->params.size(), "argument"), arguments.size());
    given[index] = &argument;
  }
  for (size_t i = 0; i < given.size(); ++i)
    if (!given[i]) {
      missingArgument(range, node->name.text, node->params[i]->name.text, !arguments.empty());
      return Value::error();
    }
  if (kind == "unary") {
    if (auto fn = ir::symbolizeUnaryFn(name); fn && given.size() == 1)
      return applyUnary(*this, *fn, given[0]->value, given[0]->range, node->name.text);
  } else if (kind == "binary") {
    if (auto fn = ir::symbolizeBinaryFn(name); fn && given.size() == 2)
      return emit.arithmetic(*fn, given[0]->value, given[1]->value, range);
  } else if (kind == "compare") {
    if (auto fn = ir::symbolizeCompareFn(name); fn && given.size() == 2)
      return emit.comparison(*fn, given[0]->value, given[1]->value, range);
  }
  return error(diag::compiler_fault, node->range(), "the library asks for an operation `" + node->operation.str() + "`");
}

Value Elaborator::callFunction(const FunctionValue &function, std::vector<ArgumentValue> arguments, SourceRange range,
                               std::optional<bool> training) {
  auto *decl = llvm::dyn_cast<ast::FunctionDecl>(function.node);
  if (decl && !decl->operation.empty())
    return callOperation(decl, arguments, range);
  Activation activation;
  activation.file = function.file;
  if (function.environment) {
    activation.env = std::make_shared<Environment>(*function.environment);
  } else {
    activation.env = std::make_shared<Environment>();
    activation.env->info = function.file->function(*function.node);
  }
  if (activation.env->info)
    activation.env->slots.assign(activation.env->info->locals.size(), nullptr);
  activation.self = function.self;
  activation.caller = active;
  activation.site = range;
  activation.callee = function.name;
  activation.training = training.value_or(active->training);
  activation.segment = function.name.empty() ? "call" : function.name;
  if (decl && decl->name.text.empty() && function.self)
    activation.segment = function.self->name.empty() ? function.self->module->name.text.str() : function.self->name;
  unsigned calls = 0;
  for (const Activation *a = active; a; a = a->caller)
    ++calls;
  if (calls > 500) {
    if (!exhausted)
      error(diag::too_deep_calls, range);
    exhausted = true;
    return Value::error();
  }
  activation.segment += "#" + std::to_string(active->counts[activation.segment]++);
  Restore<Activation *> scope(active, &activation);
  if (decl) {
    llvm::StringRef name = decl->name.text.empty() && function.self ? function.self->module->name.text : decl->name.text;
    bool bound = bindParameters(decl->params, std::move(arguments), range, name);
    if (!bound && !decl->result)
      return Value::error();
    if (!bound)
      return Value::error();
    Value value = evalBlock(decl->body);
    if (!containsInstance(value))
      value = read(value);
    if (decl->result && !value.isError()) {
      SourceRange where = decl->body->value() ? decl->body->value()->range() : decl->body->range();
      Restore<SourceRange> at(current, where);
      value = convert(decl->result, value, where, false, "the result of `" + name.str() + "`");
      if (!checkSizes(decl->result, value, where, "the result of `" + name.str() + "`"))
        return Value::error();
    }
    if (!decl->name.text.empty() && !isLibrary(decl->range()))
      nameValue(value, decl->name.text, /*weak=*/true);
    return value;
  }
  auto *lambda = llvm::cast<ast::LambdaExpr>(function.node);
  if (arguments.size() != lambda->params.size())
    return error(diag::argument_count, range, "the function", counted(lambda->params.size(), "argument"), arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].label.empty())
      return error(diag::unknown_argument, arguments[i].range, "the function", arguments[i].label);
    Value value = arguments[i].value;
    if (!containsInstance(value))
      value = read(value);
    // An instance is referred to, as by any parameter.
    if (auto *name = llvm::dyn_cast<ast::NamePattern>(lambda->params[i]); name && !name->type) {
      const Local *local = active->file->local(*name);
      if (local && !value.is(ValueKind::Instance))
        value = letValue(value, local, arguments[i].range);
      if (local && !isLibrary(name->range()))
        nameValue(value, local->name, /*weak=*/true);
      bind(local, value);
    } else {
      bindPattern(lambda->params[i], value, false, arguments[i].range);
    }
  }
  Value value = eval(lambda->body);
  return containsInstance(value) ? value : read(value);
}

Value Elaborator::callInstance(const std::shared_ptr<Instance> &instance, std::vector<ArgumentValue> arguments,
                               SourceRange range, std::optional<bool> training) {
  for (const ast::FunctionDecl *method : instance->methods)
    if (method->name.text.empty()) {
      FunctionValue function;
      function.node = method;
      function.file = instance->file;
      function.self = instance;
      function.name = instance->name.empty() ? instance->module->name.text.str() : instance->name;
      Value result = callFunction(function, std::move(arguments), range, training);
      nameValue(result, function.name, /*weak=*/true);
      return result;
    }
  return error(diag::module_without_call, range, instance->module->name.text);
}

} // namespace dlc::frontend
