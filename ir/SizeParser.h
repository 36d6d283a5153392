#ifndef DLC_IR_SIZEPARSER_H
#define DLC_IR_SIZEPARSER_H

#include "ir/SizeExprImpl.h"

namespace dlc::ir {

/// Reads `2*B + floordiv(N - 1, 2)` from `Source`, which offers: `bool take(char)` for punctuation, `std::optional<int64_t> number()`,
/// `std::optional<std::string> word()`, `std::optional<std::string> quoted()`. Gives nothing where the text is not a size; the source
/// then stands where it failed.
template <typename Source>
class SizeParser {
public:
  explicit SizeParser(Source &source) : source(source) {}

  std::optional<SizeExpr> sum() {
    if (++depth > size::kMaxDepth)
      return std::nullopt;
    SizeExpr result;
    bool negative = source.take('-');
    do {
      std::optional<SizeExpr> term = product();
      if (!term)
        return std::nullopt;
      result = negative ? result - *term : result + *term;
      negative = source.take('-');
    } while (negative || source.take('+'));
    --depth;
    return result;
  }

private:
  std::optional<SizeExpr> product() {
    std::optional<SizeExpr> result = factor();
    while (result && source.take('*')) {
      std::optional<SizeExpr> next = factor();
      if (!next)
        return std::nullopt;
      result = *result * *next;
    }
    return result;
  }

  std::optional<SizeExpr> factor() {
    if (source.take('(')) {
      std::optional<SizeExpr> inner = sum();
      return inner && source.take(')') ? inner : std::nullopt;
    }
    if (std::optional<std::string> name = source.quoted())
      return SizeExpr::symbol(*name);
    if (std::optional<int64_t> number = source.number())
      return SizeExpr(*number);
    std::optional<std::string> word = source.word();
    if (!word)
      return std::nullopt;
    if (*word == "overflow")
      return size::overflow();
    SizeExpr (*function)(const SizeExpr &, const SizeExpr &) = *word == "floordiv" ? SizeExpr::floordiv
                                                               : *word == "mod"    ? SizeExpr::mod
                                                               : *word == "min"    ? SizeExpr::min
                                                               : *word == "max"    ? SizeExpr::max
                                                                                   : nullptr;
    return function ? call(function) : SizeExpr::symbol(*word);
  }

  std::optional<SizeExpr> call(SizeExpr (*function)(const SizeExpr &, const SizeExpr &)) {
    if (!source.take('('))
      return std::nullopt;
    std::optional<SizeExpr> a = sum();
    if (!a || !source.take(','))
      return std::nullopt;
    std::optional<SizeExpr> b = sum();
    if (!b || !source.take(')'))
      return std::nullopt;
    return function(*a, *b);
  }

  Source &source;
  int depth = 0;
};

} // namespace dlc::ir

#endif
