// Values as tensors: numbers, lists of numbers and lists of tensors, and what does not become one (rules 8 and 9).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

static bool gather(const Value &value, Elaborator::NumberList &numbers, size_t depth) {
  Shape &shape = numbers.shape;
  if (value.isNumber()) {
    if (depth != shape.dims.size())
      return false;
    numbers.isFloating |= value.is(ValueKind::Float);
    numbers.isBoolean |= value.is(ValueKind::Bool);
    std::optional<int64_t> integer;
    if (value.is(ValueKind::Bool))
      integer = value.asBool();
    else if (value.is(ValueKind::Size))
      integer = value.asSize().constant();
    numbers.integers.push_back(integer.value_or(0));
    numbers.floats.push_back(integer ? static_cast<double>(*integer) : value.number().value_or(0));
    return integer || value.is(ValueKind::Float);
  }
  if (!value.is(ValueKind::List) || value.items().empty())
    return false;
  int64_t size = static_cast<int64_t>(value.items().size());
  if (numbers.floats.empty() && depth == shape.dims.size())
    shape.push_back(Dim(size));
  else if (depth >= shape.dims.size() || shape[depth].constant() != size)
    return false;
  return llvm::all_of(value.items(), [&](const Value &item) { return gather(item, numbers, depth + 1); });
}

std::optional<Elaborator::NumberList> Elaborator::gatherNumbers(const Value &list) {
  NumberList numbers;
  if (!gather(list, numbers, 0))
    return std::nullopt;
  return numbers;
}

static bool fitsInteger(int64_t number, ElementType element) {
  switch (element) {
  case ElementType::I32: return number >= INT32_MIN && number <= INT32_MAX;
  case ElementType::I16: return number >= INT16_MIN && number <= INT16_MAX;
  case ElementType::I8: return number >= INT8_MIN && number <= INT8_MAX;
  case ElementType::U8: return number >= 0 && number <= UINT8_MAX;
  case ElementType::Bool: return number == 0 || number == 1;
  default: return true;
  }
}

Tensor Elaborator::stackList(const Value &list, SourceRange range, std::optional<ElementType> element) {
  if (auto numbers = gatherNumbers(list)) {
    ElementType type = element ? *element : numbers->isFloating ? ElementType::F32 : numbers->isBoolean ? ElementType::Bool : ElementType::I64;
    if ((numbers->isFloating && !isFloat(type)) || numbers->isBoolean != (type == ElementType::Bool)) {
      error(diag::number_for_element, range, numbers->isBoolean && type != ElementType::Bool ? "a boolean" : numbers->isFloating ? "a float" : "an integer", spelling(type));
      return {};
    }
    if (isFloat(type))
      return emit.constants(numbers->floats, type, numbers->shape);
    for (int64_t number : numbers->integers)
      if (!fitsInteger(number, type)) {
        error(diag::number_out_of_range, range, number, spelling(type));
        return {};
      }
    return emit.constants(numbers->integers, type, numbers->shape);
  }
  if (list.items().empty()) {
    error(diag::empty_list_tensor, range);
    return {};
  }
  // Tensors among them: each becomes a slice along a new first axis.
  std::vector<Value> items;
  for (const Value &item : list.items())
    items.push_back(item.is(ValueKind::List) ? toTensorValue(item, range, element) : item);
  llvm::SmallVector<Tensor> parts;
  if (element) {
    for (const Value &item : items)
      parts.push_back(toTensor(item, range, element));
  } else if (!emit.unify(items, range, "a list as a tensor", parts)) {
    return {};
  }
  for (Tensor &part : parts) {
    if (part.isError())
      return {};
    if (!(part.shape == parts.front().shape)) {
      error(diag::list_of_shapes, range, parts.front().typeText(), part.typeText());
      return {};
    }
  }
  for (Tensor &part : parts) {
    Shape row{Dim(1)};
    for (const Dim &dim : part.shape)
      row.push_back(dim);
    part = emit.reshape(part, row);
  }
  Tensor result = emit.concat(parts, 0);
  result.shape[0] = Dim(static_cast<int64_t>(parts.size()));
  return result;
}

Tensor Elaborator::convertTensor(const Tensor &tensor, ElementType element, SourceRange range) {
  if (tensor.isError() || tensor.element == element)
    return tensor;
  if (widens(tensor.element, element))
    return emit.cast(tensor, element);
  report(diag::needs_element, range, spelling(element), tensor.typeText())
      .help("a cast converts: `" + spelling(element).str() + "(…)`");
  Tensor failed = tensor;
  failed.value = {};
  failed.element = element;
  return failed;
}

Tensor Elaborator::toTensor(const Value &original, SourceRange range, std::optional<ElementType> element) {
  Value value = read(original);
  if (value.isError())
    return value.isTensor() ? value.asTensor() : Tensor();
  Restore<SourceRange> place(current, range);
  switch (value.kind()) {
  case ValueKind::Tensor:
    return element ? convertTensor(value.asTensor(), *element, range) : value.asTensor();
  case ValueKind::Size: {
    const Dim &size = value.asSize();
    ElementType type = element.value_or(ElementType::I64);
    if (type == ElementType::Bool)
      break;
    if (!size.constant())
      return emit.cast(emit.sizeTensor(size), type);
    if (isFloat(type))
      return emit.constant(static_cast<double>(*size.constant()), type);
    if (!fitsInteger(static_cast<double>(*size.constant()), type)) {
      error(diag::number_out_of_range, range, *size.constant(), spelling(type));
      return {};
    }
    return emit.constantInt(*size.constant(), type);
  }
  case ValueKind::Float: {
    ElementType type = element.value_or(ElementType::F32);
    if (!isFloat(type))
      break;
    return emit.constant(value.asFloat(), type);
  }
  case ValueKind::Bool:
    if (element && *element != ElementType::Bool)
      break;
    return emit.constantInt(value.asBool(), ElementType::Bool);
  case ValueKind::List:
    return stackList(value, range, element);
  case ValueKind::Walk: {
    const WalkData &walk = value.asWalk();
    if (walk.kind == WalkData::Kind::Reverse) {
      Tensor tensor = toTensor(walk.parts[0], range, element);
      return tensor.isError() || tensor.rank() == 0 ? tensor : emit.reverse(tensor, {0});
    }
    break;
  }
  case ValueKind::Maker:
    report(diag::maker_without_shape, range, value.asMaker().name)
        .help("the shape comes first: `" + value.asMaker().name + "([n, m])`; `[]` is one number");
    return {};
  default:
    break;
  }
  if (value.is(ValueKind::Record) && value.items().empty())
    report(diag::expected_tensor, range, "no value")
        .help("the value of a block is its last expression: an `if` without `else`, a statement at the end and an effect have none");
  else if (element)
    error(diag::number_for_element, range, value.describe(), spelling(*element));
  else
    error(diag::expected_tensor, range, value.describe());
  return {};
}

Value Elaborator::toTensorValue(const Value &value, SourceRange range, std::optional<ElementType> element) {
  Tensor tensor = toTensor(value, range, element);
  return tensor.isError() ? Value::error() : Value::tensor(tensor);
}

Value Elaborator::materialized(const Value &value, SourceRange range) {
  if (value.isNumber())
    return toTensorValue(value, range);
  if (!value.is(ValueKind::Record) && !value.is(ValueKind::List))
    return value;
  std::vector<Value> items;
  for (const Value &item : value.items())
    items.push_back(materialized(item, range));
  return value.is(ValueKind::Record) ? Value::record(value.labels(), std::move(items)) : Value::list(std::move(items));
}

Tensor Elaborator::broadcastTo(const Tensor &tensor, const Shape &shape, SourceRange range, llvm::StringRef what) {
  if (tensor.isError())
    return tensor;
  bool fits = tensor.rank() <= shape.rank();
  for (int64_t i = 0; fits && i < tensor.rank(); ++i) {
    const Dim &own = tensor.shape[i], &wanted = shape[shape.rank() - tensor.rank() + i];
    fits = own == wanted || own.isLiteralOne();
  }
  if (!fits) {
    report(diag::does_not_fit_declared, range, what, tensor.typeText(), typeText(tensor.element, shape));
    Tensor failed = tensor;
    failed.value = {};
    failed.shape = shape;
    return failed;
  }
  Restore<SourceRange> place(current, range);
  return emit.broadcastTo(tensor, shape);
}

} // namespace dlc::frontend
