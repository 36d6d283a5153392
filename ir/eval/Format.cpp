// Messages with values in them.
#include "ir/eval/Format.h"

#include "ir/eval/Evaluator.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

using namespace mlir;

namespace dlc::ir::eval {

std::optional<NumberFormat> parseNumberFormat(llvm::StringRef text) {
  NumberFormat format;
  format.zeros = text.consume_front("0");
  if (!text.empty() && llvm::isDigit(text[0]) && (text.consumeInteger(10, format.width) || format.width > 1000))
    return std::nullopt;
  if (text.consume_front(".") && (text.empty() || !llvm::isDigit(text[0]) || text.consumeInteger(10, format.digits) || format.digits > 100))
    return std::nullopt;
  if (!text.empty() && llvm::StringRef("feg%").contains(text[0])) {
    format.form = text[0];
    text = text.drop_front();
  }
  return text.empty() ? std::optional(format) : std::nullopt;
}

static std::string padded(std::string text, const NumberFormat &format) {
  if (text.size() >= format.width)
    return text;
  bool isNumber = llvm::isDigit(text.back()) || text.back() == '%';
  bool zeros = format.zeros && isNumber;
  return text.insert(zeros && text[0] == '-' ? 1 : 0, format.width - text.size(), zeros ? '0' : ' ');
}

/// Python's way with a number that is not finite; the sign of NaN says nothing.
static std::optional<std::string> special(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  return std::nullopt;
}

static std::string withDigits(double value, const NumberFormat &format) {
  if (auto text = special(value))
    return *text;
  int digits = format.digits < 0 ? 6 : format.digits;
  switch (format.form) {
  case 'f':
    return fmt::format("{:.{}f}", value, digits);
  case 'e':
    return fmt::format("{:.{}e}", value, digits);
  case '%':
    return fmt::format("{:.{}f}%", value * 100, digits);
  default:
    return fmt::format("{:.{}g}", value, std::max(digits, 1));
  }
}

template <typename T> static std::string shortest(T value) {
  if (auto text = special(value))
    return *text;
  std::string text = fmt::format("{}", value);
  return llvm::StringRef(text).find_first_of(".e") == llvm::StringRef::npos ? text + ".0" : text;
}

std::string formatFloat(double value, const NumberFormat &format) {
  return padded(format.isPlain() ? shortest(value) : withDigits(value, format), format);
}

std::string formatFloat(float value, const NumberFormat &format) {
  return padded(format.isPlain() ? shortest(value) : withDigits(value, format), format);
}

std::string formatInteger(int64_t value, const NumberFormat &format) {
  return padded(format.isPlain() ? fmt::format("{}", value) : withDigits(static_cast<double>(value), format), format);
}

std::string formatBool(bool value, const NumberFormat &format) {
  return padded(format.isPlain() ? (value ? "true" : "false") : withDigits(value, format), format);
}

namespace {

using Print = llvm::function_ref<void(llvm::raw_ostream &, int64_t)>;

/// Prints the elements from `index` on of the axes from `axis` on, and moves `index` behind them.
void printAxes(llvm::raw_ostream &os, const Tensor &tensor, int64_t axis, int64_t &index, Print print) {
  if (axis == tensor.rank())
    return print(os, index++);
  os << '[';
  for (int64_t i = 0; i < tensor.shape()[axis]; ++i) {
    if (i)
      os << ", ";
    printAxes(os, tensor, axis + 1, index, print);
  }
  os << ']';
}

std::string printAll(const Tensor &tensor, Print print) {
  std::string text;
  llvm::raw_string_ostream os(text);
  int64_t index = 0;
  printAxes(os, tensor, 0, index, print);
  return text;
}

std::string formatElement(const Tensor &tensor, int64_t index, const NumberFormat &format) {
  if (tensor.elementType().isInteger(1))
    return formatBool(tensor.getInt(index) != 0, format);
  if (tensor.elementType().isInteger())
    return formatInteger(tensor.getInt(index), format);
  double value = tensor.getDouble(index);
  return tensor.elementType().isF64() ? formatFloat(value, format) : formatFloat(static_cast<float>(value), format);
}

} // namespace

std::string formatTensor(const Tensor &tensor, int digits) {
  return printAll(tensor, [&](llvm::raw_ostream &os, int64_t index) {
    bool isFloat = !tensor.elementType().isInteger();
    if (isFloat && digits >= 0) {
      os << fmt::format("{:.{}f}", tensor.getDouble(index), digits);
      return;
    }
    // Without the point of a whole number: a list of many is easier to read.
    std::string text = formatElement(tensor, index, {});
    llvm::StringRef shown = text;
    if (isFloat)
      shown.consume_back(".0");
    os << shown;
  });
}

std::string formatMessage(llvm::StringRef text, ArrayRef<Tensor> operands) {
  std::string result;
  while (!text.empty()) {
    if (text.consume_front("{{")) {
      result += '{';
      continue;
    }
    if (text.consume_front("}}")) {
      result += '}';
      continue;
    }
    llvm::StringRef rest = text;
    unsigned long long operand;
    if (rest.consume_front("{") && !rest.consumeInteger(10, operand) && operand < operands.size()) {
      auto [spec, after] = rest.split('}');
      bool isSpec = spec.consume_front(":") || spec.empty();
      auto format = isSpec ? parseNumberFormat(spec) : std::nullopt;
      if (format && rest.contains('}')) {
        result += printAll(operands[operand], [&](llvm::raw_ostream &os, int64_t index) { os << formatElement(operands[operand], index, *format); });
        text = after;
        continue;
      }
    }
    result += text.front();
    text = text.drop_front();
  }
  return result;
}

} // namespace dlc::ir::eval
