// What a program does besides computing: print, debug, and writing files.
#pragma once

#include "runtime/Console.h"
#include "runtime/Format.h"
#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <string>
#include <string_view>
#include <vector>

namespace dlc::runtime {

enum class EffectKind { Print, Debug, WritePng, WriteCsv, WriteNpy };

/// The effect that the language calls `name` (`print`, `write_png`, …), or nothing.
std::optional<EffectKind> effectOf(std::string_view name);

/// A place where an effect happens, as the metadata of compiled code describes it.
struct Effect {
  struct Operand {
    std::string name; ///< of a column in `write_csv`
    ElementType type;
    Shape shape;
  };
  EffectKind kind;
  /// `print` and `debug`: the text with its values. `write_*`: the path with its values; its
  /// operands come first.
  TextTemplate text;
  std::vector<Operand> operands;
  /// How many operands belong to the text; the others are what is written. All for `print` and
  /// `debug`.
  size_t textOperands = 0;
  std::string place; ///< `model.dl:12:3`, named when it fails
};

/// A file that `write_png` … name relative is made in the current directory.
Status perform(const Effect &effect, const std::vector<Tensor> &operands, Console &console);

} // namespace dlc::runtime
