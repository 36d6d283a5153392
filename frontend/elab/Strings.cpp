// Strings with values in them: numbers known at compile time are written out, tensors become operands of the format.
#include "frontend/elab/Elaborator.h"

#include "ir/eval/Format.h"

namespace dlc::frontend {

std::string escapeBraces(llvm::StringRef text) {
  std::string result;
  for (char c : text) {
    result += c;
    if (c == '{' || c == '}')
      result += c;
  }
  return result;
}

/// As the running program prints it (ir/eval/Format.h).
static std::string formatNumber(const Value &value, const ast::FormatSpec &spec) {
  ir::eval::NumberFormat format{spec.zero, spec.width, spec.digits, spec.form};
  if (value.is(ValueKind::Bool))
    return ir::eval::formatBool(value.asBool(), format);
  auto size = value.is(ValueKind::Size) ? value.asSize().constant() : std::nullopt;
  return size ? ir::eval::formatInteger(*size, format) : ir::eval::formatFloat(value.number().value_or(0), format);
}

static std::string specText(const ast::FormatSpec &spec) {
  std::string text;
  if (spec.zero)
    text += "0";
  if (spec.width)
    text += std::to_string(spec.width);
  if (spec.digits >= 0)
    text += "." + std::to_string(spec.digits);
  if (spec.form)
    text += spec.form;
  return text.empty() ? text : ":" + text;
}

/// Whether a value is printed as one tensor: its shape, or nothing.
static std::optional<std::string> printedShape(const Value &value) {
  if (value.isNumber())
    return "";
  if (value.isTensor())
    return value.asTensor().shape.str();
  if (!value.is(ValueKind::List) || value.items().empty())
    return std::nullopt;
  std::optional<std::string> first = printedShape(value.items()[0]);
  for (const Value &item : value.items())
    if (!first || printedShape(item) != first)
      return std::nullopt;
  return std::to_string(value.items().size()) + "," + *first;
}

Value Elaborator::evalString(const ast::StringExpr *expr) {
  if (!expr->isInterpolated())
    return Value::string(expr->value.str());
  TextData data;
  std::vector<std::pair<std::string, std::string>> parts; // literal text, then a placeholder
  auto add = [&](auto &add, const Value &value, const ast::FormatSpec &spec, SourceRange range) -> bool {
    if (value.isError())
      return false;
    if (value.is(ValueKind::Str) && value.asText().operands.empty()) {
      parts.back().first += value.asString();
    } else if (value.is(ValueKind::Bool) || value.number()) {
      parts.back().first += formatNumber(value, spec);
    } else if ((value.is(ValueKind::List) || value.is(ValueKind::Record)) && !printedShape(value)) {
      bool isRecord = value.is(ValueKind::Record);
      parts.back().first += isRecord ? "(" : "[";
      for (size_t i = 0; i < value.items().size(); ++i) {
        parts.back().first += i ? ", " : "";
        if (isRecord && !value.labels()[i].empty())
          parts.back().first += value.labels()[i] + ": ";
        if (!add(add, value.items()[i], spec, range))
          return false;
      }
      parts.back().first += isRecord ? ")" : "]";
    } else {
      Tensor tensor = toTensor(value, range);
      if (tensor.isError())
        return false;
      parts.back().second = "{" + std::to_string(data.operands.size()) + specText(spec) + "}";
      data.operands.push_back(tensor);
      parts.push_back({"", ""});
    }
    return true;
  };
  for (const ast::StringPiece &piece : expr->pieces) {
    parts.push_back({piece.text.str(), {}});
    if (!piece.expr)
      continue;
    Value value = evalRead(piece.expr);
    if (value.isError())
      return value;
    if (!add(add, value, piece.spec, piece.expr->range()))
      return Value::error();
  }
  for (auto &[text, hole] : parts) {
    for (char c : text) {
      data.text += c;
      if (!data.operands.empty() && (c == '{' || c == '}'))
        data.text += c;
    }
    data.text += hole;
  }
  return Value::text(std::move(data));
}

} // namespace dlc::frontend
