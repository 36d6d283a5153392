// Numbers, tensors and texts as people read them.
#pragma once

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dlc::runtime {

/// `512 B`, `1.5 KiB`, `1.8 GiB`: three significant digits.
std::string formatBytes(uint64_t bytes);
/// `850 ns`, `1.4 µs`, `12.3 ms`, `4.56 s`, `3 min 05 s`, `2 h 07 min`.
std::string formatSeconds(double seconds);
/// `1,234,567`.
std::string formatCount(int64_t count);
/// `text` in backticks with control characters escaped, cut after 40 characters: safe to show
/// whatever a file holds.
std::string inBackticks(std::string_view text);
/// Up to five names in backticks, and how many more there are.
std::string listed(const std::vector<std::string> &names);

/// How `{value:spec}` prints: `[0][width][.digits][f|e|g|%]`.
/// Without a letter `digits` are significant ones (`g`); without digits and letter the shortest
/// text that reads back equal.
struct FormatSpec {
  bool zeros = false; ///< fill with zeros instead of blanks
  int width = 0;      ///< at most 1000
  int digits = -1;    ///< at most 100
  char kind = 0;      ///< `f`, `e`, `g`, `%` or 0
};

/// Nothing when `text` is no such specification.
std::optional<FormatSpec> parseFormatSpec(std::string_view text);

/// One element of a tensor; bool as `true` and `false`.
std::string formatElement(const Tensor &tensor, int64_t index, const FormatSpec &spec = {});
std::string formatNumber(double value, const FormatSpec &spec = {});

/// A single number as `formatElement`, larger ones as NumPy prints arrays: aligned, nested
/// brackets, with `...` in the middle of axes when there are more than `most` elements. Lines after
/// the first begin with `indent` blanks.
std::string formatTensor(const Tensor &tensor, const FormatSpec &spec = {}, size_t indent = 0, int64_t most = 1000);

/// A reported number: four digits, or all of them where it is whole, since a count is read to its last digit.
std::string formatReport(double value);

/// A text with values in it: `"epoch {}: {:.4}"`. `{}` takes the next operand, `{2:.4}` a given
/// one; `{{` and `}}` are braces.
class TextTemplate {
public:
  /// A failure (`ErrorKind::Program`) for unbalanced braces, a bad specification, or an operand
  /// that is not there.
  static Result<TextTemplate> parse(std::string_view text, size_t operands);
  /// Of a value of more than `most` elements only the ends of its axes are shown.
  std::string fill(const std::vector<Tensor> &operands, int64_t most = 1000) const;
  /// For an error: a batch of hundreds of values would hide what is said.
  std::string fillBriefly(const std::vector<Tensor> &operands) const { return fill(operands, 8); }

private:
  struct Part {
    std::string literal; // before the value
    std::optional<size_t> operand;
    FormatSpec spec;
  };
  std::vector<Part> parts;
};

} // namespace dlc::runtime
