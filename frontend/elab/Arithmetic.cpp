// Element types and shapes of operands that meet (rules 5, 6 and 11), and arithmetic on what is known at compile time.
#include "frontend/elab/Elaborator.h"

#include <cmath>

namespace dlc::frontend {

/// The element type that all tensors among `values` have in common; nothing if one does not fit (reported).
static std::optional<std::optional<ElementType>> commonElement(Elaborator &elab, llvm::ArrayRef<Value> values,
                                                               SourceRange range, llvm::StringRef name) {
  std::optional<ElementType> common;
  for (const Value &value : values) {
    if (!value.isTensor())
      continue;
    ElementType element = value.asTensor().element;
    if (!common || widens(*common, element)) {
      common = element;
    } else if (!widens(element, *common)) {
      // Integers that have no common order of values but a wider type (i8 with u8) would need a cast too.
      auto builder = elab.report(diag::element_types_differ, range, name, spelling(*common), spelling(element));
      ElementType to = isFloat(*common) ? *common : element;
      builder.addHelp(isFloat(*common) || isFloat(element) ? "a cast converts: `" + spelling(to).str() + "(…)`"
                                                           : "neither holds all values of the other; a cast converts: `i64(…)`");
      return std::nullopt;
    }
  }
  return common;
}

bool Emitter::unify(llvm::MutableArrayRef<Value> values, SourceRange range, llvm::StringRef name,
                    llvm::SmallVectorImpl<Tensor> &result) {
  bool floating = false, boolean = false;
  for (Value &value : values) {
    value = elab.read(value);
    if (value.isError())
      return false;
    // A list of numbers is a literal: it takes the element type of what it meets.
    std::optional<Elaborator::NumberList> numbers;
    if (value.is(ValueKind::List))
      numbers = elab.gatherNumbers(value);
    bool literal = numbers.has_value();
    floating |= literal && numbers->isFloating;
    boolean |= literal && numbers->isBoolean;
    if (!literal && (value.is(ValueKind::List) || value.is(ValueKind::Walk)))
      value = elab.toTensorValue(value, range);
    if (value.isError())
      return false;
    floating |= value.is(ValueKind::Float);
    boolean |= value.is(ValueKind::Bool);
    if (!literal && !value.isTensor() && !value.isNumber()) {
      elab.report(diag::not_a_tensor, range, name, value.describe());
      return false;
    }
  }
  auto common = commonElement(elab, values, range, name);
  if (!common)
    return false;
  ElementType element = *common ? **common : floating ? ElementType::F32 : boolean ? ElementType::Bool : ElementType::I64;
  for (Value &value : values) {
    if (value.isTensor()) {
      result.push_back(cast(value.asTensor(), element));
      continue;
    }
    if (value.is(ValueKind::Float) && isInteger(element)) {
      elab.report(diag::number_for_element, range, value.describe(), spelling(element))
          .help("a cast converts: `f32(…)`; a `var` that begins with `0` holds integers, with `0.0` floats");
      return false;
    }
    Value tensor = elab.toTensorValue(value, range, element);
    if (tensor.isError())
      return false;
    result.push_back(tensor.asTensor());
  }
  return true;
}

/// How often `dim` stands in `shape`, as written.
static unsigned occurrences(const Shape &shape, const Dim &dim) {
  return llvm::count_if(shape, [&](const Dim &other) { return other.written == dim.written && other == dim; });
}

std::optional<Shape> Emitter::broadcastShape(llvm::ArrayRef<Tensor> values, SourceRange range) {
  int64_t rank = 0;
  bool extended = false;
  for (const Tensor &value : values) {
    extended |= value.rank() != rank && rank != 0 && value.rank() != 0;
    rank = std::max(rank, value.rank());
  }
  Shape result;
  for (int64_t axis = 0; axis < rank; ++axis) {
    std::optional<Dim> chosen;
    for (const Tensor &value : values) {
      int64_t own = axis - (rank - value.rank());
      if (own < 0)
        continue;
      const Dim &dim = value.shape[own];
      if (!chosen || (chosen->isLiteralOne() && !dim.isLiteralOne()))
        chosen = dim;
      else if (!dim.isLiteralOne() && !(dim == *chosen)) {
        std::string left, right;
        for (const Tensor &v : values)
          (left.empty() ? left : right) = v.typeText();
        auto builder = elab.report(diag::sizes_differ, range, left, right, chosen->str(), dim.str());
        if (chosen->range.isValid())
          builder.addNote(chosen->range, "`" + chosen->str() + "` comes from here");
        if (dim.range.isValid() && !(dim.range == chosen->range))
          builder.addNote(dim.range, "`" + dim.str() + "` comes from here");
        if (dim.constant() == 1 || chosen->constant() == 1)
          builder.addHelp("only a size written as 1 is stretched; a name that happens to be 1 is not");
        return std::nullopt;
      }
    }
    result.push_back(*chosen);
  }
  if (!extended)
    return result;
  // Rule 11: [B, 1] - [B] would be [B, B].
  for (const Dim &dim : result) {
    if (dim.written.isConstant() || occurrences(result, dim) < 2)
      continue;
    bool had = llvm::any_of(values, [&](const Tensor &value) { return occurrences(value.shape, dim) >= 2; });
    if (had)
      continue;
    std::string left, right;
    for (const Tensor &v : values)
      (left.empty() ? left : right) = v.typeText();
    auto builder = elab.report(diag::accidental_square, range, left, right, result.str(), dim.str());
    builder.addHelp("write `[:, none]` on the operand of lower rank, or take the axis of size 1 away with `[:, 0]`");
    return std::nullopt;
  }
  return result;
}

// ------------------------------------------------------------------------------------------ compile time

static double floorMod(double a, double b) { return a - std::floor(a / b) * b; }

static Value foldFloats(ir::BinaryFn fn, double a, double b) {
  switch (fn) {
  case ir::BinaryFn::add: return Value::floating(a + b);
  case ir::BinaryFn::sub: return Value::floating(a - b);
  case ir::BinaryFn::mul: return Value::floating(a * b);
  case ir::BinaryFn::div: return Value::floating(a / b);
  case ir::BinaryFn::floordiv: return Value::floating(std::floor(a / b));
  case ir::BinaryFn::mod: return Value::floating(floorMod(a, b));
  case ir::BinaryFn::pow: return Value::floating(std::pow(a, b));
  case ir::BinaryFn::atan2: return Value::floating(std::atan2(a, b));
  case ir::BinaryFn::max: return Value::floating(std::isnan(a) || a > b ? a : b);
  case ir::BinaryFn::min: return Value::floating(std::isnan(a) || a < b ? a : b);
  default: return Value::error();
  }
}

static Value foldSizes(Elaborator &elab, ir::BinaryFn fn, const Dim &a, const Dim &b, SourceRange range) {
  auto zero = [&] { return b.value == ir::SizeExpr(0); };
  switch (fn) {
  case ir::BinaryFn::add: return Value::size(a + b);
  case ir::BinaryFn::sub: return Value::size(a - b);
  case ir::BinaryFn::mul: return Value::size(a * b);
  case ir::BinaryFn::div: {
    if (zero())
      return elab.error(diag::division_by_zero, range);
    auto quotient = ir::SizeExpr::exactDiv(normalized(a.value), normalized(b.value));
    if (!quotient) {
      auto builder = elab.report(diag::inexact_division, range, a.str(), b.str());
      if (a.constant() && b.constant())
        builder.addHelp("`div(a, b)` rounds down; a float divides exactly: `" + a.value.str() + ".0 / …`");
      else
        builder.addHelp("write `require " + a.written.str() + " % " + b.written.str() + " == 0` before it, or `div` to round down");
      return Value::error();
    }
    auto written = ir::SizeExpr::exactDiv(a.written, b.written);
    return Value::size(Dim(*quotient, written ? *written : *quotient, a.range));
  }
  case ir::BinaryFn::floordiv:
  case ir::BinaryFn::mod: {
    if (zero())
      return elab.error(diag::division_by_zero, range);
    bool division = fn == ir::BinaryFn::floordiv;
    auto apply = [&](const ir::SizeExpr &x, const ir::SizeExpr &y) {
      return division ? ir::SizeExpr::floordiv(x, y) : ir::SizeExpr::mod(x, y);
    };
    return Value::size(Dim(apply(a.value, b.value), b.written == ir::SizeExpr(0) ? apply(a.value, b.value) : apply(a.written, b.written), a.range));
  }
  case ir::BinaryFn::max: return Value::size(Dim(ir::SizeExpr::max(a.value, b.value), ir::SizeExpr::max(a.written, b.written), a.range));
  case ir::BinaryFn::min: return Value::size(Dim(ir::SizeExpr::min(a.value, b.value), ir::SizeExpr::min(a.written, b.written), a.range));
  case ir::BinaryFn::pow: {
    auto power = b.constant();
    if (!power || *power < 0 || *power > 63) {
      if (auto base = a.constant(); base && power)
        return Value::floating(std::pow(static_cast<double>(*base), static_cast<double>(*power)));
      return elab.error(diag::not_a_tensor, range, "pow", b.str());
    }
    Dim result(1, a.range);
    for (int64_t i = 0; i < *power; ++i)
      result = result * a;
    return Value::size(result);
  }
  case ir::BinaryFn::atan2:
    if (a.constant() && b.constant())
      return Value::floating(std::atan2(*a.constant(), *b.constant()));
    [[fallthrough]];
  default:
    return elab.error(diag::not_a_tensor, range, "this function", "a size");
  }
}

static llvm::StringRef symbolOf(ir::BinaryFn fn) {
  switch (fn) {
  case ir::BinaryFn::add: return "+";
  case ir::BinaryFn::sub: return "-";
  case ir::BinaryFn::mul: return "*";
  case ir::BinaryFn::div: return "/";
  case ir::BinaryFn::floordiv: return "div";
  case ir::BinaryFn::mod: return "%";
  case ir::BinaryFn::pow: return "pow";
  case ir::BinaryFn::atan2: return "atan2";
  case ir::BinaryFn::max: return "maximum";
  case ir::BinaryFn::min: return "minimum";
  case ir::BinaryFn::and_: return "and";
  case ir::BinaryFn::or_: return "or";
  }
  return "";
}

Value Emitter::arithmetic(ir::BinaryFn fn, const Value &left, const Value &right, SourceRange range) {
  Value a = elab.read(left), b = elab.read(right);
  if (a.isError() || b.isError())
    return Value::error();
  bool booleans = fn == ir::BinaryFn::and_ || fn == ir::BinaryFn::or_;
  if (a.isNumber() && b.isNumber()) {
    if (booleans) {
      if (!a.is(ValueKind::Bool) || !b.is(ValueKind::Bool))
        return elab.error(diag::needs_booleans, range, symbolOf(fn), (a.is(ValueKind::Bool) ? b : a).describe());
      return Value::boolean(fn == ir::BinaryFn::and_ ? a.asBool() && b.asBool() : a.asBool() || b.asBool());
    }
    if (a.is(ValueKind::Bool) || b.is(ValueKind::Bool))
      return elab.error(diag::arithmetic_on_booleans, range, symbolOf(fn));
    if (a.is(ValueKind::Size) && b.is(ValueKind::Size))
      return foldSizes(elab, fn, a.asSize(), b.asSize(), range);
    auto x = a.number(), y = b.number();
    if (x && y)
      return foldFloats(fn, *x, *y);
    // A size without a number beside a float: the value is known only at run time.
    Value &size = a.is(ValueKind::Size) ? a : b;
    size = Value::tensor(cast(sizeTensor(size.asSize()), ElementType::F32));
  }
  Restore<SourceRange> place(elab.current, range);
  std::array<Value, 2> values{a, b};
  llvm::SmallVector<Tensor, 2> operands;
  if (!unify(values, range, symbolOf(fn), operands))
    return Value::error();
  ElementType element = operands[0].element;
  if (booleans != (element == ElementType::Bool)) {
    if (booleans)
      return elab.error(diag::needs_booleans, range, symbolOf(fn),
                        "`" + (operands[0].element == ElementType::Bool ? operands[1] : operands[0]).typeText() + "`");
    auto builder = elab.report(diag::arithmetic_on_booleans, range, symbolOf(fn));
    builder.addHelp("`f32(…)` or `i64(…)` makes numbers of them");
    return Value::error();
  }
  if (isInteger(element) && (fn == ir::BinaryFn::div || fn == ir::BinaryFn::pow || fn == ir::BinaryFn::atan2)) {
    auto builder = elab.report(diag::integer_division, range, symbolOf(fn), operands[0].typeText());
    builder.addHelp(fn == ir::BinaryFn::div ? "`div(a, b)` rounds down; `f32(a) / b` divides" : "`f32(…)` converts");
    return Value::error();
  }
  if (element == ElementType::F16 || element == ElementType::BF16)
    return elab.refuse(range, "arithmetic in " + spelling(element).str());
  Tensor result = binary(fn, operands[0], operands[1]);
  return result.isError() ? Value::error() : Value::tensor(result);
}

static bool holds(ir::CompareFn fn, double difference) {
  switch (fn) {
  case ir::CompareFn::eq: return difference == 0;
  case ir::CompareFn::ne: return difference != 0;
  case ir::CompareFn::lt: return difference < 0;
  case ir::CompareFn::le: return difference <= 0;
  case ir::CompareFn::gt: return difference > 0;
  case ir::CompareFn::ge: return difference >= 0;
  }
  return false;
}

/// Equality of what has no order: strings, booleans, `none`, element types.
static std::optional<bool> sameConstant(const Value &a, const Value &b) {
  if (a.isNone() || b.isNone())
    return a.isNone() && b.isNone();
  if (a.kind() != b.kind())
    return std::nullopt;
  switch (a.kind()) {
  case ValueKind::Str:
    if (a.asText().operands.empty() && b.asText().operands.empty())
      return a.asString() == b.asString();
    return std::nullopt;
  case ValueKind::Bool: return a.asBool() == b.asBool();
  case ValueKind::ElementType: return a.asElementType() == b.asElementType();
  case ValueKind::Builtin: return a.asBuiltin() == b.asBuiltin();
  case ValueKind::Function: return a.asFunction().node && a.asFunction().node == b.asFunction().node;
  case ValueKind::Module: return a.asModule().node == b.asModule().node;
  default: return std::nullopt;
  }
}

static llvm::StringRef symbolOf(ir::CompareFn fn) {
  switch (fn) {
  case ir::CompareFn::eq: return "==";
  case ir::CompareFn::ne: return "!=";
  case ir::CompareFn::lt: return "<";
  case ir::CompareFn::le: return "<=";
  case ir::CompareFn::gt: return ">";
  case ir::CompareFn::ge: return ">=";
  }
  return "";
}

Value Emitter::comparison(ir::CompareFn fn, const Value &left, const Value &right, SourceRange range) {
  Value a = elab.read(left), b = elab.read(right);
  if (a.isError() || b.isError())
    return Value::error();
  bool equality = fn == ir::CompareFn::eq || fn == ir::CompareFn::ne;
  if (equality && !(a.isTensor() && b.isTensor()))
    if (auto same = sameConstant(a, b))
      return Value::boolean(*same == (fn == ir::CompareFn::eq));
  if (a.isNumber() && b.isNumber() && !a.is(ValueKind::Bool) && !b.is(ValueKind::Bool)) {
    auto x = a.number(), y = b.number();
    if (x && y) {
      if (a.is(ValueKind::Size) && b.is(ValueKind::Size))
        return Value::boolean(holds(fn, *a.asSize().constant() < *b.asSize().constant() ? -1 : *a.asSize().constant() > *b.asSize().constant()));
      return Value::boolean(holds(fn, std::isnan(*x) || std::isnan(*y) ? NAN : *x < *y ? -1 : *x > *y));
    }
    if (a.is(ValueKind::Size) && b.is(ValueKind::Size))
      if (auto difference = normalized(a.asSize().value - b.asSize().value).constant())
        return Value::boolean(holds(fn, static_cast<double>(*difference)));
    if (a.is(ValueKind::Size))
      a = Value::tensor(b.is(ValueKind::Float) ? cast(sizeTensor(a.asSize()), ElementType::F32) : sizeTensor(a.asSize()));
  }
  Restore<SourceRange> place(elab.current, range);
  std::array<Value, 2> values{a, b};
  llvm::SmallVector<Tensor, 2> operands;
  if (!unify(values, range, symbolOf(fn), operands))
    return Value::error();
  if (operands[0].element == ElementType::Bool && !equality)
    return elab.error(diag::order_of_booleans, range);
  Tensor result = compare(fn, operands[0], operands[1]);
  return result.isError() ? Value::error() : Value::tensor(result);
}

} // namespace dlc::frontend
