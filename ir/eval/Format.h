#ifndef DLC_IR_EVAL_FORMAT_H
#define DLC_IR_EVAL_FORMAT_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dlc::ir::eval {

/// How a number in a text prints: `[0][width][.digits][f|e|g|%]`. With digits or a letter an integer or a truth value prints as the float of
/// its value; without a letter digits are significant ones (as with `g`); without both the number prints as the shortest text that reads
/// back equal. `runtime/Format.h` says the same of compiled programs; a test holds the two together.
struct NumberFormat {
  bool zeros = false; ///< fills with zeros instead of blanks
  unsigned width = 0;
  int digits = -1; ///< -1: 6 where a letter asks for digits
  char form = 0;   ///< `f`, `e`, `g`, `%` or 0

  bool isPlain() const { return digits < 0 && !form; }
};

/// Nothing where `text` is no such specification.
std::optional<NumberFormat> parseNumberFormat(llvm::StringRef text);

std::string formatFloat(double value, const NumberFormat &format = {});
/// The shortest text is that of an f32.
std::string formatFloat(float value, const NumberFormat &format = {});
std::string formatInteger(int64_t value, const NumberFormat &format = {});
std::string formatBool(bool value, const NumberFormat &format = {});

} // namespace dlc::ir::eval

#endif
