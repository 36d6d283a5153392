// Builtins about places, walks, trees, derivatives, tables and effects.
#include "frontend/elab/Elaborator.h"

#include <cmath>

namespace dlc::frontend {

// ------------------------------------------------------------------------------------------ derivatives

static Value gradientOf(CallContext &context) {
  return context.elab.gradient(context["y"], context.raw("x"), context.call, context.range("y"), context.range("x"));
}

static Value mapFloats(CallContext &context, llvm::function_ref<Tensor(const Tensor &)> leaf) {
  Elaborator &elab = context.elab;
  Value x = context.raw("x");
  if (!x.is(ValueKind::Instance))
    x = elab.containsInstance(x) ? x : elab.read(x);
  if (x.isError() || x.isNumber())
    return x;
  if (x.is(ValueKind::List) && !elab.isTree(x))
    x = elab.toTensorValue(x, context.range("x"));
  return elab.mapTree(x, [&](const Value &value, llvm::StringRef, bool isState) -> Value {
    if (isState)
      return value;
    Value present = elab.read(value);
    if (!present.isTensor() || present.isError() || !isFloat(present.asTensor().element))
      return present;
    return Value::tensor(leaf(present.asTensor()));
  });
}

static Value stopGradient(CallContext &context) {
  return mapFloats(context, [&](const Tensor &x) {
    mlir::Value value = ir::StopGradientOp::create(context.emit.builder(), context.emit.loc(), x.value.getType(), x.value).getResult();
    return context.emit.wrap(value, x.element, x.shape);
  });
}

/// Forward the value, backward the derivative of `x`: `x + stop_gradient(value - x)`.
static Value straightThrough(CallContext &context) {
  auto value = context.floatTensor("value"), x = context.floatTensor("x");
  if (!value || !x)
    return Value::error();
  if (!(value->shape == x->shape) || value->element != x->element)
    return context.error(diag::sizes_differ, context.call, value->typeText(), x->typeText(), value->shape.str(), x->shape.str());
  Tensor rest = context.emit.binary(ir::BinaryFn::sub, *value, *x);
  mlir::Value cut = ir::StopGradientOp::create(context.emit.builder(), context.emit.loc(), rest.value.getType(), rest.value).getResult();
  return Value::tensor(context.emit.binary(ir::BinaryFn::add, *x, context.emit.wrap(cut, rest.element, rest.shape)));
}

static Value checkpoint(CallContext &context) {
  const Value &f = context.raw("f");
  if (!f.isCallable())
    return f;
  FunctionValue function;
  function.recomputed = std::make_shared<Value>(f);
  return Value::function(std::move(function));
}

static Value refused(CallContext &context) {
  return context.elab.refuse(context.call, llvm::StringRef(context.entry->signature).split('(').first);
}

// ------------------------------------------------------------------------------------------ trees

static Value mapLeavesOf(CallContext &context) {
  Elaborator &elab = context.elab;
  Value f = context.raw("f");
  std::vector<Value> trees = context.raw("trees").items();
  if (trees.empty())
    return context.error(diag::missing_argument, context.call, "map_leaves", "tree");
  Value result = elab.mapLeaves(trees, context.call, [&](llvm::ArrayRef<Value> leaves, llvm::StringRef path) {
    elab.active->passes.push_back("{" + path.str() + "}");
    Value value = elab.read(context.callFunction(f, leaves));
    elab.active->passes.pop_back();
    if (value.isNumber())
      value = elab.toTensorValue(value, context.call, leaves[0].isTensor() ? std::optional(leaves[0].asTensor().element) : std::nullopt);
    return value;
  });
  if (result.isError() || !elab.containsInstance(result))
    return result;
  return elab.mapTree(result, [](const Value &leaf, llvm::StringRef, bool) { return leaf; }, true);
}

static Value leavesOf(CallContext &context) {
  std::vector<Value> items;
  for (const TreeLeaf &leaf : context.elab.flatten(context.raw("x"), false))
    items.push_back(leaf.value);
  return Value::list(std::move(items));
}

static Value paramsOf(CallContext &context) {
  return context.elab.mapTree(context.raw("x"), [](const Value &leaf, llvm::StringRef, bool) { return leaf; }, true);
}

/// Values of their own, parameters and state.
static Value copyOf(CallContext &context) {
  Elaborator &elab = context.elab;
  Value x = context.raw("x");
  if (!elab.containsInstance(x))
    return elab.read(x);
  return elab.mapTree(x, [&](const Value &leaf, llvm::StringRef path, bool isState) -> Value {
    Value present = elab.read(leaf);
    if (!present.isTensor() || present.isError())
      return present;
    if (!isState)
      return Value::tensor(elab.variableOf(present.asTensor(), path));
    bool saved = elab.cx().kind == ContextKind::Init || elab.cx().kind == ContextKind::BlockInit;
    return Value::place(elab.makePlace(saved ? PlaceKind::State : PlaceKind::Var, present.asTensor(), context.call));
  });
}

/// `blocks.*.lora.*` against a dotted path: `*` is any text.
static bool globMatches(llvm::StringRef pattern, llvm::StringRef text) {
  size_t p = 0, t = 0, star = llvm::StringRef::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == text[t])) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != llvm::StringRef::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

static Value selectFrom(CallContext &context) {
  Elaborator &elab = context.elab;
  Value choice = context.raw("which");
  std::vector<std::string> labels;
  std::vector<Value> items;
  for (const TreeLeaf &leaf : elab.flatten(context.raw("x"), false)) {
    bool taken = false;
    if (choice.is(ValueKind::Str)) {
      taken = globMatches(choice.asString(), leaf.path);
    } else {
      Value answer = elab.read(context.callFunction(choice, {leaf.value}));
      if (answer.isError())
        return answer;
      if (!answer.is(ValueKind::Bool))
        return context.error(diag::compile_time_condition, context.range("which"), answer.describe());
      taken = answer.asBool();
    }
    if (taken) {
      labels.push_back(leaf.path);
      items.push_back(leaf.value);
    }
  }
  if (items.empty())
    return context.error(diag::selects_nothing, context.call);
  return Value::record(std::move(labels), std::move(items));
}

// ------------------------------------------------------------------------------------------ walks

static Value along(CallContext &context) {
  auto axis = context.integer("axis");
  Value x = context["x"];
  if (!axis || x.isError())
    return Value::error();
  WalkData walk;
  walk.kind = WalkData::Kind::Along;
  walk.parts = {x};
  walk.axis = *axis;
  return Value::walk(std::move(walk));
}

static Value zipped(CallContext &context) {
  Elaborator &elab = context.elab;
  std::vector<Value> parts = context.raw("parts").items();
  if (parts.size() < 2)
    return context.error(diag::argument_count, context.call, "zip", "at least 2 arguments", parts.size());
  // Tables are put side by side, lists are a list, all else is walked.
  bool columns = llvm::all_of(parts, [&](const Value &part) {
    std::vector<TreeLeaf> leaves = elab.flatten(part, true);
    return !leaves.empty() && llvm::all_of(leaves, [](const TreeLeaf &leaf) {
      return leaf.value.is(ValueKind::PlaceRef) && leaf.value.asPlace()->kind == PlaceKind::Data;
    });
  });
  if (columns)
    return Value::tuple(std::move(parts));
  if (llvm::all_of(parts, [](const Value &part) { return part.is(ValueKind::List); })) {
    std::vector<Value> rows;
    for (const Value &part : parts)
      if (part.items().size() != parts[0].items().size())
        return context.error(diag::walks_differ, context.call, parts[0].items().size(), part.items().size());
    for (size_t i = 0; i < parts[0].items().size(); ++i) {
      std::vector<Value> row;
      for (const Value &part : parts)
        row.push_back(part.items()[i]);
      rows.push_back(Value::tuple(std::move(row)));
    }
    return Value::list(std::move(rows));
  }
  WalkData walk;
  walk.kind = WalkData::Kind::Zip;
  for (const Value &part : parts) {
    Value read = elab.read(part);
    if (read.isError())
      return read;
    walk.parts.push_back(read);
  }
  return Value::walk(std::move(walk));
}

static Value enumerated(CallContext &context) {
  Value x = context.raw("x");
  if (x.is(ValueKind::List)) {
    std::vector<Value> rows;
    for (size_t i = 0; i < x.items().size(); ++i)
      rows.push_back(Value::tuple({Value::size(Dim(static_cast<int64_t>(i))), x.items()[i]}));
    return Value::list(std::move(rows));
  }
  WalkData walk;
  walk.kind = WalkData::Kind::Enumerate;
  walk.parts = {context["x"]};
  return walk.parts[0].isError() ? walk.parts[0] : Value::walk(std::move(walk));
}

static Value reversed(CallContext &context) {
  Value x = context.raw("x");
  if (x.is(ValueKind::List)) {
    std::vector<Value> items(x.items().rbegin(), x.items().rend());
    return Value::list(std::move(items));
  }
  x = context["x"];
  if (x.isError())
    return x;
  if (context.given("axis")) {
    auto tensor = context.tensor("x");
    if (!tensor)
      return Value::error();
    auto axes = context.axes("axis", tensor->rank());
    return axes ? context.result(context.emit.reverse(*tensor, *axes)) : Value::error();
  }
  WalkData walk;
  walk.kind = WalkData::Kind::Reverse;
  walk.parts = {x};
  return Value::walk(std::move(walk));
}

// ------------------------------------------------------------------------------------------ shapes of values

static std::optional<Shape> shapeOfValue(CallContext &context, llvm::StringRef name) {
  const Value &x = context.raw(name);
  // A value of another function may be asked for its shape: nothing is read.
  if (x.is(ValueKind::PlaceRef))
    return x.asPlace()->shape;
  if (x.isTensor() && !x.isError())
    return x.asTensor().shape;
  if (x.isNumber())
    return Shape();
  auto tensor = context.tensor(name);
  if (!tensor)
    return std::nullopt;
  return tensor->shape;
}

static Value shapeOf(CallContext &context) {
  auto shape = shapeOfValue(context, "x");
  if (!shape)
    return Value::error();
  std::vector<Value> sizes;
  for (const Dim &dim : *shape)
    sizes.push_back(Value::size(dim));
  return Value::list(std::move(sizes));
}

static Value rankOf(CallContext &context) {
  auto shape = shapeOfValue(context, "x");
  return shape ? Value::size(Dim(shape->rank())) : Value::error();
}

static Value lengthOf(CallContext &context) {
  const Value &x = context.raw("x");
  if (x.is(ValueKind::List))
    return Value::size(Dim(static_cast<int64_t>(x.items().size())));
  if (x.is(ValueKind::Record)) {
    auto table = context.elab.flatten(x, true);
    if (!table.empty() && table[0].value.is(ValueKind::PlaceRef) && table[0].value.asPlace()->kind == PlaceKind::Data && table[0].value.asPlace()->shape.rank())
      return Value::size(table[0].value.asPlace()->shape[0]);
    return Value::size(Dim(static_cast<int64_t>(x.items().size())));
  }
  if (x.is(ValueKind::Str))
    return Value::size(Dim(static_cast<int64_t>(x.asString().size())));
  auto shape = shapeOfValue(context, "x");
  if (!shape)
    return Value::error();
  if (shape->rank() == 0)
    return context.error(diag::no_length, context.range("x"));
  return Value::size((*shape)[0]);
}

static Value toInt(CallContext &context) {
  Value x = context["x"];
  if (x.is(ValueKind::Size) || x.isError())
    return x;
  if (x.is(ValueKind::Bool))
    return Value::size(Dim(x.asBool()));
  if (x.is(ValueKind::Float) && std::fabs(x.asFloat()) < 9e18)
    return Value::size(Dim(static_cast<int64_t>(x.asFloat())));
  auto builder = context.report(diag::wrong_type, context.range("x"), "argument `x`", "a number known at compile time", x.describe());
  builder.addHelp("`i64(…)` converts a tensor");
  return Value::error();
}

static Value toFloat(CallContext &context) {
  auto number = context.number("x");
  return number ? Value::floating(*number) : Value::error();
}

// ------------------------------------------------------------------------------------------ effects

static bool effectsAllowed(CallContext &context) {
  Elaborator &elab = context.elab;
  switch (elab.cx().kind) {
  case ContextKind::Step:
  case ContextKind::Hook:
  case ContextKind::Test:
  case ContextKind::Export:
    return true;
  default:
    context.error(diag::effect_in_value, context.call, llvm::StringRef(context.entry->signature).split('(').first);
    return false;
  }
}

/// Text as a format with its operands; a tensor is printed as it is.
static std::optional<TextData> formatOf(CallContext &context, const Value &value, SourceRange range) {
  if (value.isError())
    return std::nullopt;
  if (value.is(ValueKind::Str)) {
    TextData text = value.asText();
    if (text.operands.empty())
      text.text = escapeBraces(text.text);
    return text;
  }
  if (value.is(ValueKind::Bool))
    return TextData{value.asBool() ? "true" : "false", {}};
  auto tensor = context.toTensor(value, range);
  if (!tensor)
    return std::nullopt;
  return TextData{"{0}", {*tensor}};
}

static Value print(CallContext &context) {
  if (!effectsAllowed(context))
    return Value::error();
  auto text = formatOf(context, context["text"], context.range("text"));
  if (!text)
    return Value::error();
  mlir::Builder builder(context.elab.context);
  context.emit.host("print", builder.getDictionaryAttr({builder.getNamedAttr("format", builder.getStringAttr(text->text))}), text->operands);
  return Value::tuple({});
}

static Value debug(CallContext &context) {
  Value x = context.raw("x");
  auto tensor = context.tensor("x");
  if (!tensor)
    return Value::error();
  mlir::Builder builder(context.elab.context);
  std::string format = escapeBraces(context.elab.program.sources().text(context.range("x"))) + " = {0}";
  context.emit.host("debug", builder.getDictionaryAttr({builder.getNamedAttr("format", builder.getStringAttr(format))}), {*tensor});
  return Value::tensor(*tensor);
}

static Value writeFile(CallContext &context) {
  if (!effectsAllowed(context))
    return Value::error();
  llvm::StringRef effect = llvm::StringRef(context.entry->signature).split('(').first;
  Value path = context["path"];
  if (!path.isError() && !path.is(ValueKind::Str))
    return context.error(diag::wrong_type, context.range("path"), "argument `path`", "the name of a file", path.describe());
  auto text = formatOf(context, path, context.range("path"));
  Value x = context["x"];
  if (!text || x.isError())
    return Value::error();
  llvm::SmallVector<Tensor> operands(text->operands.begin(), text->operands.end());
  mlir::Builder builder(context.elab.context);
  llvm::SmallVector<mlir::NamedAttribute> settings{builder.getNamedAttr("path", builder.getStringAttr(text->text))};
  if (x.is(ValueKind::Record))
    return context.elab.refuse(context.range("x"), effect.str() + " of a record");
  auto tensor = context.toTensor(x, context.range("x"));
  if (!tensor)
    return Value::error();
  operands.push_back(*tensor);
  context.emit.host(effect, builder.getDictionaryAttr(settings), operands);
  return Value::tuple({});
}

// ------------------------------------------------------------------------------------------ tables

static Value idx(CallContext &context) { return readFiles(context, "idx"); }
static Value csv(CallContext &context) { return readFiles(context, "csv"); }
static Value tsv(CallContext &context) { return readFiles(context, "tsv"); }
static Value npy(CallContext &context) { return readFiles(context, "npy"); }

llvm::ArrayRef<BuiltinEntry> intrinsics() {
  static const BuiltinEntry entries[] = {
      {"gradient(y, x)", gradientOf},
      {"stop_gradient(x)", stopGradient},
      {"straight_through(value, x)", straightThrough},
      {"checkpoint(f: fn)", checkpoint},
      {"vmap(...rest: named)", refused},
      {"jvp(...rest: named)", refused},
      {"map_leaves(f: fn, ...trees)", mapLeavesOf},
      {"leaves(x)", leavesOf},
      {"params(x)", paramsOf},
      {"copy(x)", copyOf},
      {"select(x, which)", selectFrom},
      {"along(x, axis: int)", along},
      {"zip(...parts)", zipped},
      {"enumerate(x)", enumerated},
      {"reverse(x, axis = none)", reversed},
      {"shape(x)", shapeOf},
      {"rank(x)", rankOf},
      {"len(x)", lengthOf},
      {"int(x)", toInt},
      {"float(x)", toFloat},
      {"print(text)", print, true},
      {"debug(x)", debug},
      {"write_png(path, x)", writeFile, true},
      {"write_csv(path, x)", writeFile, true},
      {"write_npy(path, x)", writeFile, true},
      {"idx(...files: named)", idx},
      {"csv(...files: named)", csv},
      {"tsv(...files: named)", tsv},
      {"npy(...files: named)", npy},
      {"split(table, parts, shuffle: bool = true)", splitTable},
      {"map(table, f: fn)", mapTable},
      {"filter(table, f: fn)", filterTable},
      {"sample(table, count: int)", sampleTable},
      {"windows(...rest: named)", refused},
      {"streams(...rest: named)", refused},
      {"jsonl(...rest: named)", refused},
      {"npz(...rest: named)", refused},
      {"text(...rest: named)", refused},
      {"images(...rest: named)", refused},
      {"read_image(...rest: named)", refused},
      {"wav(...rest: named)", refused},
      {"safetensors(...rest: named)", refused},
      {"vocabulary(...rest: named)", refused},
      {"categories(...rest: named)", refused},
      {"characters(...rest: named)", refused},
      {"bytes(...rest: named)", refused},
      {"bpe(...rest: named)", refused},
      {"wordpiece(...rest: named)", refused},
      {"word_vectors(...rest: named)", refused},
  };
  return entries;
}

} // namespace dlc::frontend
