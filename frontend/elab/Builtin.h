// How functions of the library that are implemented in C++ are declared, see their arguments and emit operations.
//
// A builtin is an entry {signature, function}:
//
//   {"sum(x, axis = none, keep: bool = false, where = none)", &sum}
//
// A parameter may have a type (`bool int float str fn`), which is checked (an int serves as a float); without one it takes anything. A
// default is `none`, `true`, `false`, a number, `inf`, `[]` or a string. `...items`, last, takes the remaining positional arguments as
// a list; `...items: named` takes labelled ones too, each as an argument of its name. `effect` entries stand only in blocks and exports (the resolver holds
// that).
//
// elab/Intrinsics.cpp itself has (names that are about places, walks, tables or derivatives):
//   gradient stop_gradient straight_through checkpoint vmap jvp map_leaves leaves params copy select, along zip enumerate
//   reverse, map filter split windows streams sample, idx csv tsv npy (and the refused readers and texts), print debug write_png
//   write_csv write_npy, the casts f64 … bool, int, float, len, shape, rank. All others are in frontend/builtin and frontend/std.
#pragma once

#include "frontend/Diagnostics.h"
#include "frontend/elab/Value.h"
#include "ir/Ops.h"

#include "mlir/IR/Builders.h"

namespace dlc::frontend {

class Elaborator;
class CallContext;
using BuiltinFn = Value (*)(CallContext &);

struct BuiltinEntry {
  const char *signature;
  BuiltinFn function;
  bool effect = false;
};

/// Of frontend/builtin: every entry there (defined by that folder).
llvm::ArrayRef<BuiltinEntry> libraryBuiltins();

/// Makes operations at the present place of the graph. Operands that are errors give errors, silently; an operand of another
/// function (a value of the step in an initial value) is reported. All names and locations come from the elaborator.
class Emitter {
public:
  explicit Emitter(Elaborator &elaborator) : elab(elaborator) {}

  mlir::OpBuilder &builder();
  mlir::MLIRContext *context();
  mlir::Location loc();
  /// Wraps the result of an operation made with builder(): shape from `shape`, whose sizes must fit the type.
  Tensor wrap(mlir::Value value, ElementType element, Shape shape);

  // Making
  /// A scalar, or a broadcast scalar where `shape` has axes. A number that the element type does not hold is an error of the caller.
  Tensor constant(double number, ElementType element, const Shape &shape = {});
  Tensor constantInt(int64_t number, ElementType element = ElementType::I64,
                     const Shape &shape = {});
  /// A dense constant, row-major; numbers are rounded to the element type.
  Tensor constants(llvm::ArrayRef<double> numbers, ElementType element, const Shape &shape);
  /// The same of integers and booleans, each of which the element type holds.
  Tensor constants(llvm::ArrayRef<int64_t> numbers, ElementType element, const Shape &shape);
  /// i64[] of a size (`dl.size`, or a constant).
  Tensor sizeTensor(const Dim &size);
  Tensor iota(int64_t axis, ElementType element, const Shape &shape);
  /// One draw: site, seed, step and loop indices are filled in. `name` is its last segment of the path (`uniform`).
  Tensor random(ir::RandomFn fn, llvm::StringRef name, ElementType element, const Shape &shape);

  // Element by element. `Value` forms take compile-time numbers, lists and tensors, find the common element type (rule 5), broadcast
  // (rule 11) and report at `range`; on numbers alone they compute.
  Tensor cast(const Tensor &x, ElementType to);
  Tensor unary(ir::UnaryFn fn, const Tensor &x);
  /// Operands of one element type and one shape, or broadcast where shapes differ.
  Tensor binary(ir::BinaryFn fn, const Tensor &a, const Tensor &b);
  Value arithmetic(ir::BinaryFn fn, const Value &a, const Value &b, SourceRange range);
  Tensor compare(ir::CompareFn fn, const Tensor &a, const Tensor &b);
  Value comparison(ir::CompareFn fn, const Value &a, const Value &b, SourceRange range);
  Tensor select(const Tensor &condition, const Tensor &a, const Tensor &b);
  /// Brings all to one element type (`name` for messages: `maximum`); false if it was reported.
  bool unify(llvm::MutableArrayRef<Value> values, SourceRange range, llvm::StringRef name,
             llvm::SmallVectorImpl<Tensor> &result);
  /// The broadcast shape of all (rule 11), or nothing, reported.
  std::optional<Shape> broadcastShape(llvm::ArrayRef<Tensor> values, SourceRange range);
  Tensor broadcastTo(const Tensor &x, const Shape &shape);
  /// Axis i of x becomes axis axes[i].
  Tensor broadcast(const Tensor &x, const Shape &shape, llvm::ArrayRef<int64_t> axes);

  // Reductions; axes are not negative. `keep` leaves axes of size 1.
  Tensor reduce(ir::ReduceFn fn, const Tensor &x, llvm::ArrayRef<int64_t> axes, bool keep = false);
  Tensor argReduce(ir::ReduceFn fn, const Tensor &x, int64_t axis);
  Tensor cumulate(ir::ReduceFn fn, const Tensor &x, int64_t axis, bool reverse = false,
                  bool exclusive = false);

  // Shape
  Tensor reshape(const Tensor &x, const Shape &shape);
  Tensor transpose(const Tensor &x, llvm::ArrayRef<int64_t> permutation);
  /// Along each axis start, start + stride …, `shape[i]` of them.
  Tensor slice(const Tensor &x, llvm::ArrayRef<int64_t> start, llvm::ArrayRef<int64_t> stride,
               const Shape &shape);
  /// The part [start, start + count) of one axis, also where start is not a number.
  Tensor sliceAxis(const Tensor &x, int64_t axis, const Dim &start, const Dim &count);
  Tensor dynamicSlice(const Tensor &x, llvm::ArrayRef<Tensor> starts, const Shape &shape);
  Tensor dynamicUpdate(const Tensor &x, const Tensor &update, llvm::ArrayRef<Tensor> starts);
  Tensor pad(const Tensor &x, const Tensor &value, llvm::ArrayRef<int64_t> low,
             llvm::ArrayRef<int64_t> interior, const Shape &shape);
  Tensor concat(llvm::ArrayRef<Tensor> parts, int64_t axis);
  Tensor reverse(const Tensor &x, llvm::ArrayRef<int64_t> axes);
  Tensor window(const Tensor &x, llvm::ArrayRef<int64_t> axes, llvm::ArrayRef<int64_t> size,
                llvm::ArrayRef<int64_t> stride, llvm::ArrayRef<int64_t> dilation);

  // Products, indexing
  Tensor dot(const Tensor &a, const Tensor &b, llvm::ArrayRef<int64_t> aBatch,
             llvm::ArrayRef<int64_t> bBatch, llvm::ArrayRef<int64_t> aContract,
             llvm::ArrayRef<int64_t> bContract);
  /// `a @ b` as NumPy's matmul, batch axes broadcast; reports at `range`.
  Tensor matmul(const Tensor &a, const Tensor &b, SourceRange range);
  Tensor conv(const Tensor &x, const Tensor &w, llvm::ArrayRef<int64_t> stride,
              llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
              llvm::ArrayRef<int64_t> dilation, int64_t groups);
  /// The derivative by its image, of shape `shape`, of the convolution with these settings; `y` stands for its result.
  Tensor convInput(const Tensor &y, const Tensor &w, llvm::ArrayRef<int64_t> stride,
                   llvm::ArrayRef<int64_t> padding, llvm::ArrayRef<int64_t> dilation, int64_t groups,
                   const Shape &shape);
  Tensor gather(const Tensor &x, const Tensor &indices, int64_t axis, int64_t batch = 0);
  Tensor scatter(ir::ScatterFn fn, const Tensor &x, const Tensor &indices, const Tensor &updates,
                 int64_t axis, int64_t batch = 0);
  /// The sorted values and the permutation.
  std::pair<Tensor, Tensor> sort(const Tensor &x, int64_t axis, bool descending);

  // Effects
  /// `format` may have `{0}`, `{1:.3}` for operands.
  void check(const Tensor &condition, llvm::StringRef message, llvm::ArrayRef<Tensor> operands);
  void host(llvm::StringRef effect, mlir::DictionaryAttr settings, llvm::ArrayRef<Tensor> operands);

  Elaborator &elab;

private:
  mlir::Value operand(const Tensor &x);
};

/// The arguments of one call of a builtin, bound to its signature.
class CallContext {
public:
  CallContext(Elaborator &elaborator, SourceRange call) : elab(elaborator), emit(elaborator), call(call) {}

  // One argument by its parameter's name. A place is read.
  Value operator[](llvm::StringRef name);
  /// As passed: a place stays a reference.
  const Value &raw(llvm::StringRef name) const;
  /// Where the argument stands (the call, for a default).
  SourceRange range(llvm::StringRef name) const;
  /// Passed, not a default.
  bool given(llvm::StringRef name) const;
  bool isNone(llvm::StringRef name) const { return raw(name).isNone(); }

  // The same, converted; nothing if it cannot be (reported, unless the argument is an error itself).
  /// Numbers and (nested) lists of numbers or tensors become tensors: of element type `element` if given, else i64 / f32 alone.
  std::optional<Tensor> tensor(llvm::StringRef name, std::optional<ElementType> element = {});
  /// A float tensor; compile-time integers become f32, an integer tensor is an error that offers the cast.
  std::optional<Tensor> floatTensor(llvm::StringRef name);
  std::optional<Tensor> boolTensor(llvm::StringRef name);
  /// Any integer type.
  std::optional<Tensor> intTensor(llvm::StringRef name);
  std::optional<Dim> size(llvm::StringRef name);
  std::optional<int64_t> integer(llvm::StringRef name);
  std::optional<double> number(llvm::StringRef name);
  std::optional<bool> boolean(llvm::StringRef name);
  std::optional<std::string> string(llvm::StringRef name);
  /// A list or tuple of sizes (or one size): `[n, 1]`.
  std::optional<Shape> shape(llvm::StringRef name);
  /// One axis of `rank`, negative ones counted from the end.
  std::optional<int64_t> axis(llvm::StringRef name, int64_t rank);
  /// `none`: all; one axis; a list of axes. Sorted, no duplicates.
  std::optional<llvm::SmallVector<int64_t>> axes(llvm::StringRef name, int64_t rank);
  /// A list of integers, or one repeated `count` times.
  std::optional<llvm::SmallVector<int64_t>> integers(llvm::StringRef name, int64_t count);

  /// A tensor value (what builtins return); an error if `x` is one.
  Value result(Tensor x) const { return x.isError() ? Value::error() : Value::tensor(std::move(x)); }
  /// The element type must be the place of a tensor: reads places within lists and records.
  Value read(const Value &value);
  /// A tensor of any value, reported at `range`.
  std::optional<Tensor> toTensor(const Value &value, SourceRange range,
                                 std::optional<ElementType> element = {});

  /// Calls a function, instance, builtin or list of callables.
  Value callFunction(const Value &function, llvm::ArrayRef<Value> arguments,
                     llvm::ArrayRef<std::pair<std::string, Value>> named = {});
  /// A library function of the language or of C++, by name.
  Value callLibrary(llvm::StringRef name, llvm::ArrayRef<Value> arguments,
                    llvm::ArrayRef<std::pair<std::string, Value>> named = {});
  bool training() const;

  /// Reports at `range`, shown at the user's line; the result is an error value: `return context.error(diag::x, context.range("axis"), …)`.
  /// Add notes with `report`.
  template <typename Kind, typename... Args>
  Value error(const Kind &kind, SourceRange range, const Args &...args) {
    report(kind, range, args...);
    return Value::error();
  }
  template <typename Kind, typename... Args>
  DiagnosticBuilder report(const Kind &kind, SourceRange range, const Args &...args) {
    return annotate(diagnostics().report(kind, place(range), args...), range);
  }

  Elaborator &elab;
  Emitter emit;
  /// The whole call.
  SourceRange call;
  const BuiltinEntry *entry = nullptr;

  struct Argument {
    std::string name;
    Value value;
    SourceRange range;
    bool given = false;
  };
  std::vector<Argument> arguments;

private:
  DiagnosticEngine &diagnostics();
  /// The innermost range in the user's files.
  SourceRange place(SourceRange range);
  /// Adds the library's line and the "called from" notes.
  DiagnosticBuilder annotate(DiagnosticBuilder builder, SourceRange range);
};

} // namespace dlc::frontend
