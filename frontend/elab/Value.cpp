#include "frontend/elab/Value.h"

#include "frontend/elab/Builtin.h"
#include "frontend/elab/Place.h"

#include <fmt/core.h>

namespace dlc::frontend {

Value Value::none() { return make(ValueKind::None, 0); }
Value Value::size(Dim size) { return make(ValueKind::Size, std::move(size)); }
Value Value::floating(double value) { return make(ValueKind::Float, value); }
Value Value::boolean(bool value) { return make(ValueKind::Bool, value); }
Value Value::string(std::string text) { return make(ValueKind::Str, TextData{std::move(text), {}}); }
Value Value::text(TextData text) { return make(ValueKind::Str, std::move(text)); }
Value Value::elementType(ElementType type) { return make(ValueKind::ElementType, type); }
Value Value::list(std::vector<Value> items) { return make(ValueKind::List, ListData{std::move(items)}); }
Value Value::tuple(std::vector<Value> items) {
  std::vector<std::string> labels(items.size());
  return record(std::move(labels), std::move(items));
}
Value Value::record(std::vector<std::string> labels, std::vector<Value> items) {
  return make(ValueKind::Record, RecordData{std::move(labels), std::move(items)});
}
Value Value::function(FunctionValue function) { return make(ValueKind::Function, std::move(function)); }
Value Value::module(ModuleValue module) { return make(ValueKind::Module, module); }
Value Value::optimizer(OptimizerValue optimizer) { return make(ValueKind::Optimizer, std::move(optimizer)); }
Value Value::builtin(const BuiltinEntry *entry) { return make(ValueKind::Builtin, entry); }
Value Value::range(RangeData range) { return make(ValueKind::Range, std::move(range)); }
Value Value::walk(WalkData walk) { return make(ValueKind::Walk, std::move(walk)); }
Value Value::maker(MakerData maker) { return make(ValueKind::Maker, std::move(maker)); }
Value Value::test(TestData test) { return make(ValueKind::Test, test); }
Value Value::file(FileData file) { return make(ValueKind::File, file); }
Value Value::place(Place *place) { return make(ValueKind::PlaceRef, place); }
Value Value::tensor(Tensor tensor) { return make(ValueKind::Tensor, std::move(tensor)); }
Value Value::instance(std::shared_ptr<Instance> instance) {
  return make(ValueKind::Instance, std::move(instance));
}

bool Value::isCallable() const {
  switch (kind_) {
  case ValueKind::Function:
  case ValueKind::Builtin:
  case ValueKind::Module:
  case ValueKind::Instance:
  case ValueKind::ElementType:
  case ValueKind::Test:
    return true;
  case ValueKind::List:
    return llvm::all_of(items(), [](const Value &item) { return item.isCallable(); });
  default:
    return false;
  }
}

const std::vector<Value> &Value::items() const {
  return is(ValueKind::List) ? get<ListData>().items : get<RecordData>().items;
}
const RangeData &Value::asRange() const { return get<RangeData>(); }
const WalkData &Value::asWalk() const { return get<WalkData>(); }

std::optional<double> Value::number() const {
  if (is(ValueKind::Float))
    return asFloat();
  if (is(ValueKind::Size))
    if (auto number = asSize().constant())
      return static_cast<double>(*number);
  return std::nullopt;
}

static std::string describeRecord(const Value &value) {
  std::string text = "(";
  for (size_t i = 0; i < value.items().size(); ++i) {
    text += i ? ", " : "";
    if (!value.labels()[i].empty())
      text += value.labels()[i] + ": ";
    text += value.items()[i].describe();
  }
  return text + ")";
}

std::string Value::describe() const {
  switch (kind_) {
  case ValueKind::Error: return "an error";
  case ValueKind::None: return "`none`";
  case ValueKind::Size:
    return (asSize().constant() ? "the integer `" : "the size `") + asSize().str() + "`";
  case ValueKind::Float: return fmt::format("the number `{}`", asFloat());
  case ValueKind::Bool: return asBool() ? "`true`" : "`false`";
  case ValueKind::Str:
    return asText().operands.empty() && asString().size() <= 40 ? "the string \"" + asString() + "\"" : "a string";
  case ValueKind::ElementType: return "the element type `" + spelling(asElementType()).str() + "`";
  case ValueKind::List: return fmt::format("a list of {}", items().size());
  case ValueKind::Record: return describeRecord(*this);
  case ValueKind::Function:
    return asFunction().name.empty() ? "a function" : "function `" + asFunction().name + "`";
  case ValueKind::Module: return "module `" + asModule().node->name.text.str() + "`";
  case ValueKind::Optimizer: return "optimizer `" + asOptimizer().node->name.text.str() + "`";
  case ValueKind::Builtin:
    return "function `" + llvm::StringRef(asBuiltin()->signature).split('(').first.str() + "`";
  case ValueKind::Range: return "the range `" + asRange().low.str() + " .. " + asRange().high.str() + "`";
  case ValueKind::Walk: return "what only a loop walks";
  case ValueKind::Maker: return "`" + asMaker().name + "` without a shape";
  case ValueKind::Test: return "a test";
  case ValueKind::File: return "an imported file";
  case ValueKind::PlaceRef: return "`" + typeText(asPlace()->element, asPlace()->shape) + "`";
  case ValueKind::Tensor: return "`" + asTensor().typeText() + "`";
  case ValueKind::Instance:
    return "an instance of `" + asInstance()->module->name.text.str() + "`";
  }
  llvm_unreachable("value kind");
}

} // namespace dlc::frontend
