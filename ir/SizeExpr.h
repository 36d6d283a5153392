#ifndef DLC_IR_SIZEEXPR_H
#define DLC_IR_SIZEEXPR_H

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace llvm {
class raw_ostream;
}

namespace dlc::ir {

/// A size: a polynomial with integer coefficients over atoms, in canonical form, so that equal sizes compare equal. Immutable, a pointer to a
/// polynomial that is kept once and for good. An atom is a symbol, or `floordiv(p, k)`, `min(p, q)`, `max(p, q)` of sizes; `mod(p, k)`
/// is `p - k*floordiv(p, k)`, so that what it says about `p` is seen. Symbols stand for integers that may be 0, divisors for positive ones.
/// What exceeds 64 bits, 256 terms or 64 levels of nesting becomes an `overflow` state that every printer shows and every check refuses.
class SizeExpr {
public:
  SizeExpr() : SizeExpr(0) {}
  SizeExpr(int64_t constant);
  static SizeExpr symbol(llvm::StringRef name);

  friend SizeExpr operator+(const SizeExpr &a, const SizeExpr &b);
  friend SizeExpr operator-(const SizeExpr &a, const SizeExpr &b);
  friend SizeExpr operator*(const SizeExpr &a, const SizeExpr &b);
  /// Rounds down; `b` must not be the number 0. `floordiv(k·p + c, k)` is `p + floordiv(c, k)`.
  static SizeExpr floordiv(const SizeExpr &a, const SizeExpr &b);
  static SizeExpr mod(const SizeExpr &a, const SizeExpr &b);
  static SizeExpr min(const SizeExpr &a, const SizeExpr &b);
  static SizeExpr max(const SizeExpr &a, const SizeExpr &b);
  /// `a / b` where the polynomial division has no remainder.
  static std::optional<SizeExpr> exactDiv(const SizeExpr &a, const SizeExpr &b);

  /// The number, where no symbol is left.
  std::optional<int64_t> constant() const;
  bool isConstant() const { return constant().has_value(); }
  /// The name, where the size is one symbol standing alone.
  std::optional<llvm::StringRef> asSymbol() const;
  /// Puts sizes for symbols; symbols for which `value` gives nothing stay.
  SizeExpr substitute(llvm::function_ref<std::optional<SizeExpr>(llvm::StringRef)> value) const;
  /// Calls `visit` for each symbol, each once, in order of name.
  void forEachSymbol(llvm::function_ref<void(llvm::StringRef)> visit) const;
  bool hasOverflow() const;

  bool operator==(const SizeExpr &other) const { return value == other.value; }
  bool operator!=(const SizeExpr &other) const { return !(*this == other); }
  friend llvm::hash_code hash_value(const SizeExpr &size);
  /// `2*B + 1`, `floordiv(N, 2)`, `"a symbol"` where the name is not an identifier; `parse` reads it back, and `mod(N, 2)`.
  void print(llvm::raw_ostream &os) const;
  std::string str() const;
  static std::optional<SizeExpr> parse(llvm::StringRef text);

  /// An arbitrary total order that does not depend on the run.
  int compare(const SizeExpr &other) const;

  struct Polynomial;
  explicit SizeExpr(const Polynomial &polynomial) : value(&polynomial) {}
  const Polynomial *polynomial() const { return value; }

private:
  const Polynomial *value;
};

} // namespace dlc::ir

#endif
