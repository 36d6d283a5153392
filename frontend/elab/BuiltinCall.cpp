// Builtins: their signatures, and what they see of a call.
#include "frontend/elab/Elaborator.h"

#include <cmath>

namespace dlc::frontend {

namespace {
struct Parameter {
  llvm::StringRef name, type;
  bool hasDefault = false, rest = false;
  /// `...items: named`: labelled arguments too, each under its name.
  bool labelled = false;
  Value defaultValue;
};
using Signature = std::vector<Parameter>;
} // namespace

static Value defaultOf(llvm::StringRef text) {
  if (text == "none")
    return Value::none();
  if (text == "true" || text == "false")
    return Value::boolean(text == "true");
  if (text == "inf" || text == "-inf")
    return Value::floating(text == "inf" ? INFINITY : -INFINITY);
  if (text == "[]")
    return Value::list({});
  if (text.consume_front("\"")) {
    text.consume_back("\"");
    return Value::string(text.str());
  }
  int64_t integer;
  if (!text.getAsInteger(10, integer))
    return Value::size(Dim(integer));
  double number = 0;
  text.getAsDouble(number);
  return Value::floating(number);
}

static Signature parseSignature(llvm::StringRef text) {
  Signature signature;
  llvm::StringRef rest = text.split('(').second;
  rest = rest.take_front(rest.rfind(')'));
  llvm::SmallVector<llvm::StringRef> parts;
  rest.split(parts, ',', -1, false);
  for (llvm::StringRef part : parts) {
    Parameter parameter;
    auto [head, value] = part.split('=');
    parameter.hasDefault = head.size() != part.size();
    if (parameter.hasDefault)
      parameter.defaultValue = defaultOf(value.trim());
    auto [name, type] = head.split(':');
    parameter.name = name.trim();
    parameter.type = type.trim();
    parameter.rest = parameter.name.consume_front("...");
    parameter.labelled = parameter.rest && parameter.type == "named";
    signature.push_back(std::move(parameter));
  }
  return signature;
}

static const Signature &signatureOf(const BuiltinEntry *entry) {
  // One elaboration runs at a time in a thread; signatures are the same in all.
  static thread_local llvm::DenseMap<const BuiltinEntry *, std::unique_ptr<Signature>> cache;
  auto &signature = cache[entry];
  if (!signature)
    signature = std::make_unique<Signature>(parseSignature(entry->signature));
  return *signature;
}

static bool checkType(Elaborator &elab, const Parameter &parameter, Value &value, SourceRange range) {
  llvm::StringRef wanted;
  if (parameter.type.empty() || value.isError() || (value.isNone() && parameter.defaultValue.isNone() && parameter.hasDefault))
    return true;
  if (parameter.type == "int") {
    if (value.is(ValueKind::Size))
      return true;
    wanted = "an integer known at compile time";
  } else if (parameter.type == "float") {
    if (auto number = value.number()) {
      value = Value::floating(*number);
      return true;
    }
    wanted = "a number known at compile time";
  } else if (parameter.type == "bool") {
    if (value.is(ValueKind::Bool))
      return true;
    wanted = "a boolean known at compile time";
  } else if (parameter.type == "str") {
    if (value.is(ValueKind::Str))
      return true;
    wanted = "a string";
  } else if (parameter.type == "fn") {
    if (value.isCallable())
      return true;
    wanted = "a function";
  } else {
    return true;
  }
  elab.error(diag::wrong_type, range, "argument `" + parameter.name.str() + "`", wanted, value.describe());
  return false;
}

static const CallContext::Argument *findArgument(const CallContext &context, llvm::StringRef name) {
  for (const CallContext::Argument &argument : context.arguments)
    if (argument.name == name)
      return &argument;
  return nullptr;
}

Value Elaborator::callBuiltin(const BuiltinEntry *entry, std::vector<ArgumentValue> arguments, SourceRange range) {
  const Signature &signature = signatureOf(entry);
  llvm::StringRef name = llvm::StringRef(entry->signature).split('(').first;
  CallContext context(*this, range);
  context.entry = entry;
  std::vector<Value> rest;
  std::vector<CallContext::Argument> extra;
  for (const Parameter &parameter : signature)
    context.arguments.push_back({parameter.name.str(), parameter.hasDefault ? parameter.defaultValue : Value::none(), range, false});
  bool hasRest = !signature.empty() && signature.back().rest;
  size_t fixed = signature.size() - hasRest, positional = 0;
  for (ArgumentValue &argument : arguments) {
    size_t index = signature.size();
    if (argument.label.empty()) {
      index = positional++;
      if (index >= fixed) {
        if (!hasRest) {
          size_t count = llvm::count_if(arguments, [](const ArgumentValue &a) { return a.label.empty(); });
          report(diag::argument_count, range, name, counted(signature.size(), "argument"), count)
              .help("it is called as `" + std::string(entry->signature) + "`");
          return Value::error();
        }
        rest.push_back(argument.value);
        continue;
      }
    } else {
      for (size_t i = 0; i < fixed; ++i)
        if (signature[i].name == argument.label)
          index = i;
      if (index >= fixed && hasRest && signature.back().type == "named") {
        if (argument.value.isError())
          return Value::error();
        if (findArgument(context, argument.label))
          return error(diag::argument_twice, argument.range, argument.label);
        context.arguments.push_back({argument.label.str(), argument.value, argument.range, true});
        continue;
      }
      if (index >= fixed && hasRest && signature.back().labelled) {
        if (argument.value.isError())
          return argument.value;
        extra.push_back({argument.label.str(), argument.value, argument.range, true});
        continue;
      }
      if (index >= fixed) {
        llvm::SmallVector<llvm::StringRef> known;
        for (const Parameter &parameter : signature)
          known.push_back(parameter.name);
        return unknownArgument(argument.range, "`" + name.str() + "`", argument.label, known);
      }
    }
    CallContext::Argument &slot = context.arguments[index];
    if (slot.given)
      return error(diag::argument_twice, argument.range, signature[index].name);
    if (argument.value.isError())
      return Value::error();
    if (!checkType(*this, signature[index], argument.value, argument.range))
      return Value::error();
    slot.value = argument.value;
    slot.range = argument.range;
    slot.given = true;
  }
  if (hasRest) {
    for (const Value &value : rest)
      if (value.isError())
        return value;
    context.arguments[fixed].value = Value::list(std::move(rest));
    context.arguments[fixed].given = true;
  }
  for (size_t i = 0; i < fixed; ++i)
    if (!context.arguments[i].given && !signature[i].hasDefault) {
      missingArgument(range, name, signature[i].name, !arguments.empty());
      return Value::error();
    }
  Restore<SourceRange> place(current, range);
  return entry->function(context);
}

// ------------------------------------------------------------------------------------------ CallContext

DiagnosticEngine &CallContext::diagnostics() { return elab.diagnostics; }
SourceRange CallContext::place(SourceRange range) { return elab.userRange(range); }
DiagnosticBuilder CallContext::annotate(DiagnosticBuilder builder, SourceRange range) {
  return elab.annotate(std::move(builder), range);
}

const Value &CallContext::raw(llvm::StringRef name) const {
  static const Value none = Value::none();
  const Argument *argument = findArgument(*this, name);
  return argument ? argument->value : none;
}
Value CallContext::operator[](llvm::StringRef name) { return elab.read(raw(name)); }
SourceRange CallContext::range(llvm::StringRef name) const {
  const Argument *argument = findArgument(*this, name);
  return argument && argument->range.isValid() ? argument->range : call;
}
bool CallContext::given(llvm::StringRef name) const {
  const Argument *argument = findArgument(*this, name);
  return argument && argument->given;
}

std::optional<Tensor> CallContext::toTensor(const Value &value, SourceRange range, std::optional<ElementType> element) {
  Tensor tensor = elab.toTensor(value, range, element);
  if (tensor.isError())
    return std::nullopt;
  return tensor;
}
std::optional<Tensor> CallContext::tensor(llvm::StringRef name, std::optional<ElementType> element) {
  return toTensor(raw(name), range(name), element);
}

static llvm::StringRef calleeName(const CallContext &context) {
  return context.entry ? llvm::StringRef(context.entry->signature).split('(').first : "the function";
}

std::optional<Tensor> CallContext::floatTensor(llvm::StringRef name) {
  Value value = (*this)[name];
  std::optional<ElementType> element;
  if (value.is(ValueKind::Size) || value.is(ValueKind::Float))
    element = ElementType::F32;
  Tensor tensor = elab.toTensor(value, range(name), element);
  if (tensor.isError())
    return std::nullopt;
  if (value.is(ValueKind::List) && isInteger(tensor.element))
    tensor = emit.cast(tensor, ElementType::F32);
  if (!isFloat(tensor.element)) {
    report(diag::needs_float, range(name), calleeName(*this), tensor.typeText()).help("`f32(…)` converts");
    return std::nullopt;
  }
  if (tensor.element == ElementType::F16 || tensor.element == ElementType::BF16) {
    elab.refuse(range(name), "arithmetic in " + spelling(tensor.element).str());
    return std::nullopt;
  }
  return tensor;
}
std::optional<Tensor> CallContext::boolTensor(llvm::StringRef name) { return tensor(name, ElementType::Bool); }
std::optional<Tensor> CallContext::intTensor(llvm::StringRef name) {
  auto result = tensor(name);
  if (result && !isInteger(result->element)) {
    error(diag::needs_integer, range(name), calleeName(*this), result->typeText());
    return std::nullopt;
  }
  return result;
}

std::optional<Dim> CallContext::size(llvm::StringRef name) {
  Value value = (*this)[name];
  if (value.is(ValueKind::Size))
    return value.asSize();
  if (!value.isError())
    error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "an integer known at compile time", value.describe());
  return std::nullopt;
}
std::optional<int64_t> CallContext::integer(llvm::StringRef name) {
  auto dim = size(name);
  if (!dim)
    return std::nullopt;
  if (auto number = dim->constant())
    return number;
  error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "a number known at compile time", "the size `" + dim->str() + "`");
  return std::nullopt;
}
std::optional<double> CallContext::number(llvm::StringRef name) {
  Value value = (*this)[name];
  if (auto number = value.number())
    return number;
  if (!value.isError())
    error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "a number known at compile time", value.describe());
  return std::nullopt;
}
std::optional<bool> CallContext::boolean(llvm::StringRef name) {
  Value value = (*this)[name];
  if (value.is(ValueKind::Bool))
    return value.asBool();
  if (!value.isError())
    error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "a boolean known at compile time", value.describe());
  return std::nullopt;
}
std::optional<std::string> CallContext::string(llvm::StringRef name) {
  Value value = (*this)[name];
  if (value.is(ValueKind::Str) && value.asText().operands.empty())
    return value.asString();
  if (!value.isError())
    error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "a string", value.describe());
  return std::nullopt;
}

std::optional<Shape> CallContext::shape(llvm::StringRef name) {
  Value value = (*this)[name];
  if (value.isError())
    return std::nullopt;
  std::vector<Value> items;
  if (value.is(ValueKind::Size))
    items.push_back(value);
  else if (value.is(ValueKind::List) || value.is(ValueKind::Record))
    items = value.items();
  else {
    error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "a list of sizes", value.describe());
    return std::nullopt;
  }
  Shape shape;
  for (const Value &item : items) {
    if (item.isError())
      return std::nullopt;
    if (!item.is(ValueKind::Size)) {
      error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "a list of sizes", item.describe() + " in it");
      return std::nullopt;
    }
    if (auto number = item.asSize().constant(); number && *number < 0) {
      error(diag::negative_size, range(name), *number);
      return std::nullopt;
    }
    shape.push_back(item.asSize());
    if (shape.dims.back().value.hasOverflow()) {
      error(diag::size_overflow, range(name));
      return std::nullopt;
    }
  }
  if (shape.count().hasOverflow()) {
    error(diag::size_overflow, range(name));
    return std::nullopt;
  }
  return shape;
}

std::optional<int64_t> CallContext::axis(llvm::StringRef name, int64_t rank) {
  auto number = integer(name);
  if (!number)
    return std::nullopt;
  if (*number < -rank || *number >= rank) {
    error(diag::no_such_axis, range(name), *number, counted(rank, "axis", "axes"));
    return std::nullopt;
  }
  return *number < 0 ? *number + rank : *number;
}

std::optional<llvm::SmallVector<int64_t>> CallContext::axes(llvm::StringRef name, int64_t rank) {
  llvm::SmallVector<int64_t> axes;
  Value value = (*this)[name];
  if (value.isNone()) {
    for (int64_t i = 0; i < rank; ++i)
      axes.push_back(i);
    return axes;
  }
  std::vector<Value> items{value};
  if (value.is(ValueKind::List) || value.is(ValueKind::Record))
    items = value.items();
  for (const Value &item : items) {
    if (item.isError())
      return std::nullopt;
    std::optional<int64_t> number;
    if (item.is(ValueKind::Size))
      number = item.asSize().constant();
    if (!number) {
      error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "an axis", item.describe());
      return std::nullopt;
    }
    if (*number < -rank || *number >= rank) {
      error(diag::no_such_axis, range(name), *number, counted(rank, "axis", "axes"));
      return std::nullopt;
    }
    int64_t axis = *number < 0 ? *number + rank : *number;
    if (llvm::is_contained(axes, axis)) {
      error(diag::axis_twice, range(name), *number);
      return std::nullopt;
    }
    axes.push_back(axis);
  }
  llvm::sort(axes);
  return axes;
}

std::optional<llvm::SmallVector<int64_t>> CallContext::integers(llvm::StringRef name, int64_t count) {
  Value value = (*this)[name];
  llvm::SmallVector<int64_t> result;
  if (value.is(ValueKind::Size)) {
    auto number = integer(name);
    if (!number)
      return std::nullopt;
    result.assign(count, *number);
    return result;
  }
  if (value.is(ValueKind::List) || value.is(ValueKind::Record))
    for (const Value &item : value.items())
      if (item.is(ValueKind::Size) && item.asSize().constant())
        result.push_back(*item.asSize().constant());
  bool listed = value.is(ValueKind::List) || value.is(ValueKind::Record);
  if (!listed || static_cast<int64_t>(result.size()) != count || result.size() != value.items().size()) {
    if (!value.isError())
      error(diag::wrong_type, range(name), "argument `" + name.str() + "`", "an integer, or a list of " + std::to_string(count), value.describe());
    return std::nullopt;
  }
  return result;
}

Value CallContext::read(const Value &value) { return elab.read(value); }

Value CallContext::callFunction(const Value &function, llvm::ArrayRef<Value> values,
                                llvm::ArrayRef<std::pair<std::string, Value>> named) {
  std::vector<ArgumentValue> passed;
  for (const Value &value : values)
    passed.push_back({"", value, call});
  for (const auto &[label, value] : named)
    passed.push_back({label, value, call});
  return elab.call(function, std::move(passed), call, call);
}

Value CallContext::callLibrary(llvm::StringRef name, llvm::ArrayRef<Value> values,
                               llvm::ArrayRef<std::pair<std::string, Value>> named) {
  Binding binding;
  binding.kind = Binding::Kind::LibraryItem;
  binding.name = name;
  Value function = elab.evalBinding(binding, call);
  return function.isError() ? function : callFunction(function, values, named);
}

bool CallContext::training() const { return elab.active->training; }

} // namespace dlc::frontend
