#include "runtime/Format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace dlc::runtime {

namespace {

/// Three significant digits without an exponent: 1.23, 12.3, 123.
std::string threeDigits(double value) {
  int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (decimals) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
      text.pop_back();
  }
  return text;
}

std::string padded(std::string text, const FormatSpec &spec) {
  if (text.size() >= static_cast<size_t>(spec.width))
    return text;
  size_t missing = static_cast<size_t>(spec.width) - text.size();
  bool number = !text.empty() && (std::isdigit(static_cast<unsigned char>(text.back())) ||
                                  text.back() == '%' || text.back() == '.');
  size_t at = spec.zeros && number && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return text.insert(at, missing, spec.zeros && number ? '0' : ' ');
}

/// Python's way with a number that is not finite; the sign of NaN says nothing.
std::optional<std::string> special(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value > 0 ? "inf" : "-inf";
  return std::nullopt;
}

/// The shortest text that reads back as the same number of its type, with a point or an exponent.
template <typename T> std::string shortest(T value) {
  if (auto text = special(static_cast<double>(value)))
    return *text;
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos)
    text += ".0";
  return text;
}

std::string bySpec(double value, const FormatSpec &spec) {
  if (auto text = special(value))
    return *text;
  int digits = spec.digits < 0 ? 6 : spec.digits;
  switch (spec.kind) {
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

std::string shortestElement(const Tensor &tensor, int64_t index) {
  switch (tensor.type()) {
  case ElementType::F64:
    return shortest(tensor.number(index));
  case ElementType::F32:
  case ElementType::F16:
  case ElementType::BF16:
    return shortest(static_cast<float>(tensor.number(index)));
  case ElementType::Bool:
    return tensor.integer(index) ? "true" : "false";
  default:
    return fmt::format("{}", tensor.integer(index));
  }
}

/// Digits of a decimal number: 12.5 → {"12", "5", ""}, 1e-05 → {"1", "", "e-05"}.
struct Decimal {
  std::string whole, fraction, exponent;
};

template <typename T> Decimal decimal(T value, bool scientific) {
  Decimal result;
  std::string text;
  if (scientific) {
    for (int digits = 0; digits <= 8; ++digits) {
      text = fmt::format("{:.{}e}", value, digits);
      if (static_cast<T>(std::strtod(text.c_str(), nullptr)) == value)
        break;
    }
    size_t e = text.find('e');
    result.exponent = text.substr(e);
    text.resize(e);
  } else {
    for (int digits = 0; digits <= 8; ++digits) {
      text = fmt::format("{:.{}f}", value, digits);
      if (static_cast<T>(std::strtod(text.c_str(), nullptr)) == value)
        break;
    }
  }
  size_t point = text.find('.');
  result.whole = text.substr(0, point);
  result.fraction = point == std::string::npos ? "" : text.substr(point + 1);
  result.fraction.erase(result.fraction.find_last_not_of('0') + 1);
  return result;
}

/// The places of the elements that are shown: all, or the first and last three of each axis.
std::vector<int64_t> shownAlong(int64_t size, bool summarise) {
  std::vector<int64_t> places;
  for (int64_t i = 0; i < size; ++i) {
    if (summarise && size > 6 && i == 3) {
      places.push_back(-1);
      i = size - 3;
    }
    places.push_back(i);
  }
  return places;
}

/// Texts of equal width for the elements of one tensor.
class ElementTexts {
public:
  ElementTexts(const Tensor &tensor, const FormatSpec &spec) : tensor(tensor), spec(spec) {}

  void include(int64_t index) {
    if (!decimals() || special(tensor.number(index)))
      return;
    double magnitude = std::fabs(tensor.number(index));
    if (magnitude == 0)
      return;
    largest = std::max(largest, magnitude);
    smallest = std::min(smallest, magnitude);
  }

  /// NumPy's rule for when an array is printed with exponents.
  void choose() {
    scientific = largest >= 1e8 || (largest > 0 && (smallest < 1e-4 || largest / smallest > 1000));
  }

  void measure(int64_t index) {
    Decimal parts = split(index);
    if (isPlain(index)) {
      widest = std::max(widest, parts.whole.size());
      return;
    }
    left = std::max(left, parts.whole.size());
    right = std::max(right, parts.fraction.size());
    exponent = std::max(exponent, parts.exponent.size());
    widest = std::max(widest, left + 1 + right + exponent);
  }

  std::string text(int64_t index) const {
    Decimal parts = split(index);
    std::string text = parts.whole;
    if (!isPlain(index)) // points stand below each other
      text += "." + parts.fraction +
              std::string(right - parts.fraction.size(), scientific ? '0' : ' ') + parts.exponent;
    return std::string(widest > text.size() ? widest - text.size() : 0, ' ') + text;
  }

private:
  /// Integers, flags, what a specification formats, infinities and NaN.
  bool isPlain(int64_t index) const { return !decimals() || special(tensor.number(index)); }
  bool decimals() const { return isFloat(tensor.type()) && spec.digits < 0 && !spec.kind; }

  Decimal split(int64_t index) const {
    if (!decimals())
      return {formatElement(tensor, index, spec), "", ""};
    double value = tensor.number(index);
    if (auto text = special(value))
      return {*text, "", ""};
    return tensor.type() == ElementType::F64 ? decimal(value, scientific)
                                             : decimal(static_cast<float>(value), scientific);
  }

  const Tensor &tensor;
  const FormatSpec &spec;
  double largest = 0, smallest = std::numeric_limits<double>::infinity();
  bool scientific = false;
  size_t left = 0, right = 0, exponent = 0, widest = 0;
};

/// Calls `visit(index)` for each shown element, row-major.
template <typename Visit>
void visitShown(const Shape &shape, bool summarise, size_t axis, int64_t base, const Visit &visit) {
  if (axis == shape.size())
    return visit(base);
  for (int64_t i : shownAlong(shape[axis], summarise))
    if (i >= 0)
      visitShown(shape, summarise, axis + 1, base * shape[axis] + i, visit);
}

std::string nested(const Shape &shape, bool summarise, size_t axis, int64_t base, size_t indent,
                   const ElementTexts &texts) {
  if (axis == shape.size())
    return texts.text(base);
  bool last = axis + 1 == shape.size();
  // Innermost elements stand in a line; outer rows on lines of their own, a blank line more for
  // each further axis.
  std::string between =
      last ? " " : std::string(shape.size() - axis - 1, '\n') + std::string(indent + axis + 1, ' ');
  std::string result = "[";
  bool first = true;
  // The width of the line that `result` ends in; the row's bracket stands after those of the outer
  // axes.
  auto column = [&] {
    size_t line = result.rfind('\n');
    return line == std::string::npos ? indent + axis + result.size() : result.size() - line - 1;
  };
  for (int64_t i : shownAlong(shape[axis], summarise)) {
    std::string item =
        i < 0 ? "..." : nested(shape, summarise, axis + 1, base * shape[axis] + i, indent, texts);
    if (last && !first && column() + 1 + item.size() + shape.size() - axis > 75)
      result += "\n" + std::string(indent + axis + 1, ' ');
    else if (!first)
      result += between;
    result += item;
    first = false;
  }
  return result + "]";
}

} // namespace

std::string formatBytes(uint64_t bytes) {
  if (bytes < 1024)
    return fmt::format("{} B", bytes);
  constexpr std::array units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; value >= 1023.5 && unit + 1 < units.size(); ++unit)
    value /= 1024;
  return fmt::format("{} {}", value >= 999.5 ? fmt::format("{:.0f}", value) : threeDigits(value),
                     units[unit]);
}

std::string formatSeconds(double seconds) {
  if (!(seconds >= 0 && seconds < 1e15))
    return "unknown";
  if (seconds < 1e-6)
    return fmt::format("{:.0f} ns", seconds * 1e9);
  if (seconds < 0.9995e-3)
    return threeDigits(seconds * 1e6) + " µs";
  if (seconds < 0.9995)
    return threeDigits(seconds * 1e3) + " ms";
  if (seconds < 59.95)
    return threeDigits(seconds) + " s";
  auto whole = static_cast<int64_t>(seconds + 0.5);
  if (whole < 3600)
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", formatCount(whole / 3600), whole % 3600 / 60);
}

std::string formatCount(int64_t count) {
  std::string digits = fmt::format("{}", count);
  size_t first = count < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3; at -= 3)
    digits.insert(at - 3, ",");
  return digits;
}

std::string inBackticks(std::string_view text) {
  std::string result = "`";
  size_t shown = 0;
  for (unsigned char c : text) {
    // Never in the middle of a UTF-8 sequence.
    if (shown++ >= 40 && (c & 0xC0) != 0x80)
      return result + "…`";
    if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (c == '\r')
      result += "\\r";
    else if (c < 0x20 || c == 0x7f)
      result += fmt::format("\\x{:02x}", c);
    else
      result += static_cast<char>(c);
  }
  return result + "`";
}

std::string listed(const std::vector<std::string> &names) {
  std::string out;
  for (size_t i = 0; i < names.size() && i < 5; ++i)
    out += fmt::format("{}`{}`", i ? ", " : "", names[i]);
  return names.size() > 5 ? fmt::format("{} and {} more", out, names.size() - 5) : out;
}

std::optional<FormatSpec> parseFormatSpec(std::string_view text) {
  FormatSpec spec;
  size_t at = 0;
  auto number = [&](int &value, int most) {
    value = 0;
    size_t start = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      value = value * 10 + (text[at] - '0');
      if (value > most)
        return false;
    }
    return at > start;
  };
  if (at < text.size() && text[at] == '0') {
    spec.zeros = true;
    ++at;
  }
  if (at < text.size() && text[at] >= '1' && text[at] <= '9' && !number(spec.width, 1000))
    return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!number(spec.digits, 100))
      return std::nullopt;
  }
  if (at < text.size() && std::string_view("feg%").find(text[at]) != std::string_view::npos)
    spec.kind = text[at++];
  return at == text.size() ? std::optional(spec) : std::nullopt;
}

std::string formatElement(const Tensor &tensor, int64_t index, const FormatSpec &spec) {
  bool plain = spec.digits < 0 && !spec.kind;
  return padded(plain ? shortestElement(tensor, index) : bySpec(tensor.number(index), spec), spec);
}

std::string formatNumber(double value, const FormatSpec &spec) {
  bool plain = spec.digits < 0 && !spec.kind;
  return padded(plain ? shortest(value) : bySpec(value, spec), spec);
}

std::string formatReport(double value) {
  constexpr double exact = 1e15; // up to there a double tells whole numbers apart
  bool isWhole = std::abs(value) < exact && value == std::trunc(value);
  return isWhole ? std::to_string(static_cast<int64_t>(value)) : formatNumber(value, {.digits = 4});
}

std::string formatTensor(const Tensor &tensor, const FormatSpec &spec, size_t indent, int64_t most) {
  if (tensor.rank() == 0)
    return formatElement(tensor, 0, spec);
  if (tensor.count() == 0)
    return tensor.rank() == 1 ? "[]"
                              : fmt::format("[] of `{}`", typeText(tensor.type(), tensor.shape()));
  bool summarise = tensor.count() > most;
  ElementTexts texts(tensor, spec);
  visitShown(tensor.shape(), summarise, 0, 0, [&](int64_t index) { texts.include(index); });
  texts.choose();
  visitShown(tensor.shape(), summarise, 0, 0, [&](int64_t index) { texts.measure(index); });
  return nested(tensor.shape(), summarise, 0, 0, indent, texts);
}

Result<TextTemplate> TextTemplate::parse(std::string_view text, size_t operands) {
  TextTemplate result;
  std::string literal;
  size_t next = 0;
  auto wrong = [&](std::string message) {
    return Status::error(ErrorKind::Program, message + " in the text " + inBackticks(text));
  };
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {
      literal += c;
      ++at;
      continue;
    }
    if (c == '}')
      return wrong("a `}` without `{`");
    if (c != '{') {
      literal += c;
      continue;
    }
    size_t close = text.find('}', at);
    if (close == std::string_view::npos)
      return wrong("a `{` without `}`");
    std::string_view inside = text.substr(at + 1, close - at - 1);
    size_t colon = inside.find(':');
    std::string_view number = inside.substr(0, colon);
    std::string_view spec = colon == std::string_view::npos ? "" : inside.substr(colon + 1);
    size_t operand = next;
    if (!number.empty()) {
      if (number.size() > 6 || number.find_first_not_of("0123456789") != std::string_view::npos)
        return wrong(inBackticks(number) + " is not the number of an operand");
      operand = static_cast<size_t>(std::stoul(std::string(number)));
    }
    auto parsed = parseFormatSpec(spec);
    if (!parsed)
      return wrong(fmt::format("{} is no format, which is `[0][width][.digits][f|e|g|%]`,",
                               inBackticks(spec)));
    if (operand >= operands)
      return wrong(fmt::format("operand {} is not there, there are {},", operand, operands));
    next = operand + 1;
    result.parts.push_back({std::move(literal), operand, *parsed});
    literal.clear();
    at = close;
  }
  if (!literal.empty())
    result.parts.push_back({std::move(literal), std::nullopt, {}});
  return result;
}

std::string TextTemplate::fill(const std::vector<Tensor> &operands, int64_t most) const {
  std::string text;
  for (const Part &part : parts) {
    text += part.literal;
    if (!part.operand)
      continue;
    size_t line = text.rfind('\n');
    size_t column = text.size() - (line == std::string::npos ? 0 : line + 1);
    text += formatTensor(operands[*part.operand], part.spec, column, most);
  }
  return text;
}

} // namespace dlc::runtime
