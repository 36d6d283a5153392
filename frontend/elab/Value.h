// What an expression evaluates to: a compile-time value, a tensor of the graph, an instance, or an error that absorbs.
#pragma once

#include "frontend/Ast.h"
#include "frontend/elab/Shape.h"

#include "mlir/IR/Value.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <functional>
#include <memory>
#include <vector>

namespace dlc::frontend {

class ResolvedFile;
struct FunctionInfo;
struct Local;
struct BuiltinEntry;
struct Place;
struct Instance;
struct Environment;
class CallContext;
class FunctionContext;

/// A value of the graph. `value` is null for an error, which every operation passes on silently. (An error may still
/// know its type: then `shape` and `element` hold.)
struct Tensor {
  mlir::Value value;
  ElementType element = ElementType::F32;
  Shape shape;
  /// Of a rank-0 integer: it is `base + offset` (base null: itself, or with `isSize` the size `offset` alone). So `x[used : used + T]` has T rows.
  mlir::Value base;
  ir::SizeExpr offset;
  bool isSize = false;
  /// The function that it lives in.
  const FunctionContext *home = nullptr;

  bool isError() const { return !value; }
  int64_t rank() const { return shape.rank(); }
  std::string typeText() const { return frontend::typeText(element, shape); }
};

enum class ValueKind : uint8_t {
  Error,
  None,
  Size,        ///< every compile-time integer
  Float,
  Bool,
  Str,         ///< text; with operands a format that only effects take
  ElementType,
  List,
  Record,      ///< a tuple has empty labels
  Function,
  Module,
  Optimizer,   ///< with its settings evaluated
  Builtin,
  Range,
  Walk,        ///< along, zip, enumerate, reverse: what a loop walks
  Maker,       ///< a draw still without a shape
  Test,        ///< a named test, callable in hooks
  File,        ///< an imported file, `std`
  PlaceRef,    ///< a parameter, state, var or column: read when used
  Tensor,
  Instance,
};

class Value;

struct ListData {
  std::vector<Value> items;
};
struct RecordData {
  std::vector<std::string> labels;
  std::vector<Value> items;
};
/// `"epoch {epoch}: {loss:.4}"`: `format` has `{0}`, `{1:.4}` for the operands; a literal brace is written twice when there are operands.
struct TextData {
  std::string text;
  std::vector<Tensor> operands;
};
struct FunctionValue {
  /// A FunctionDecl or LambdaExpr.
  const ast::Node *node = nullptr;
  const ResolvedFile *file = nullptr;
  std::shared_ptr<Environment> environment;
  std::shared_ptr<Instance> self;
  /// Of `checkpoint(f)`: `f`, which is called instead of the tree.
  std::shared_ptr<const Value> recomputed;
  std::string name;
};
struct ModuleValue {
  const ast::ModuleDecl *node = nullptr;
  const ResolvedFile *file = nullptr;
};
struct OptimizerValue {
  const ast::OptimizerDecl *node = nullptr;
  const ResolvedFile *file = nullptr;
  /// Settings evaluated; null before the call.
  std::shared_ptr<Environment> settings;
};
struct RangeData;
struct WalkData;
/// Draws or fills a tensor of the shape that a declaration gives.
struct MakerData {
  std::string name;
  std::function<Value(const Shape &, ElementType)> make;
};
struct FileData {
  /// Null: the library.
  const ResolvedFile *file = nullptr;
};
struct TestData {
  const ast::Decl *node = nullptr;
  const ResolvedFile *file = nullptr;
};

/// Immutable; a copy shares.
class Value {
public:
  /// An error.
  Value() = default;

  static Value error() { return {}; }
  static Value none();
  static Value size(Dim size);
  static Value floating(double value);
  static Value boolean(bool value);
  static Value string(std::string text);
  static Value text(TextData text);
  static Value elementType(ElementType type);
  static Value list(std::vector<Value> items);
  static Value tuple(std::vector<Value> items);
  static Value record(std::vector<std::string> labels, std::vector<Value> items);
  static Value function(FunctionValue function);
  static Value module(ModuleValue module);
  static Value optimizer(OptimizerValue optimizer);
  static Value builtin(const BuiltinEntry *entry);
  static Value range(RangeData range);
  static Value walk(WalkData walk);
  static Value maker(MakerData maker);
  static Value test(TestData test);
  static Value file(FileData file);
  static Value place(Place *place);
  static Value tensor(Tensor tensor);
  static Value instance(std::shared_ptr<Instance> instance);

  ValueKind kind() const { return kind_; }
  bool is(ValueKind kind) const { return kind_ == kind; }
  bool isError() const { return kind_ == ValueKind::Error || (isTensor() && asTensor().isError()); }
  bool isNone() const { return kind_ == ValueKind::None; }
  bool isTensor() const { return kind_ == ValueKind::Tensor; }
  /// A compile-time int, float or bool.
  bool isNumber() const {
    return kind_ == ValueKind::Size || kind_ == ValueKind::Float || kind_ == ValueKind::Bool;
  }
  bool isCallable() const;

  const Dim &asSize() const { return get<Dim>(); }
  double asFloat() const { return get<double>(); }
  bool asBool() const { return get<bool>(); }
  const std::string &asString() const { return get<TextData>().text; }
  const TextData &asText() const { return get<TextData>(); }
  ElementType asElementType() const { return get<ElementType>(); }
  const std::vector<Value> &items() const; ///< of a list or record
  const std::vector<std::string> &labels() const { return get<RecordData>().labels; }
  const FunctionValue &asFunction() const { return get<FunctionValue>(); }
  const ModuleValue &asModule() const { return get<ModuleValue>(); }
  const OptimizerValue &asOptimizer() const { return get<OptimizerValue>(); }
  const BuiltinEntry *asBuiltin() const { return get<const BuiltinEntry *>(); }
  const RangeData &asRange() const;
  const WalkData &asWalk() const;
  const MakerData &asMaker() const { return get<MakerData>(); }
  const TestData &asTest() const { return get<TestData>(); }
  const FileData &asFile() const { return get<FileData>(); }
  Place *asPlace() const { return get<Place *>(); }
  const Tensor &asTensor() const { return get<Tensor>(); }
  const std::shared_ptr<Instance> &asInstance() const { return get<std::shared_ptr<Instance>>(); }

  /// The number of a Size that is one, a Float; a Bool is none.
  std::optional<double> number() const;
  /// What it is, for messages: `f32[B, 10]`, `the integer 3`, `a list of 4`, `a function`.
  std::string describe() const;

private:
  template <typename T> const T &get() const { return *static_cast<const T *>(data_.get()); }
  template <typename T> static Value make(ValueKind kind, T data) {
    Value value;
    value.kind_ = kind;
    value.data_ = std::make_shared<T>(std::move(data));
    return value;
  }
  ValueKind kind_ = ValueKind::Error;
  std::shared_ptr<const void> data_;
};

/// `low .. high`: both compile-time sizes.
struct RangeData {
  Dim low, high;
};
/// What a run-time loop walks; lists never come here, `zip` and the others of lists are lists.
struct WalkData {
  enum class Kind : uint8_t { Along, Zip, Enumerate, Reverse } kind = Kind::Along;
  /// Along: one tensor (or record of tensors) with `axis`; Zip: ranges, tensors, walks; else one.
  std::vector<Value> parts;
  int64_t axis = 0;
};

} // namespace dlc::frontend
