#ifndef DLC_IR_SIZEEXPRIMPL_H
#define DLC_IR_SIZEEXPRIMPL_H

#include "ir/SizeExpr.h"

// How a size is stored; for SizeExpr.cpp, SizeAtoms.cpp and SizeText.cpp only.

namespace dlc::ir {

/// A symbol, or a function of two sizes that is not a polynomial. Kept once: equal atoms are one pointer.
struct SizeAtom {
  enum Kind { Symbol, FloorDiv, Min, Max };
  Kind kind;
  std::string name; // of a symbol
  SizeExpr a, b;    // of a function
};

struct SizeFactor {
  const SizeAtom *atom;
  int64_t power;
  bool operator==(const SizeFactor &other) const { return atom == other.atom && power == other.power; }
};

/// `coefficient` times the factors, which are sorted by atom, each once.
struct SizeTerm {
  llvm::SmallVector<SizeFactor, 2> factors;
  int64_t coefficient;
};

/// Terms in decreasing graded lexicographic order, no coefficient 0; so the number comes last.
struct SizeExpr::Polynomial {
  llvm::SmallVector<SizeTerm, 2> terms;
  bool overflow = false;
  int depth = 0; // how deep functions nest
  size_t hash = 0;
};

namespace size {

constexpr size_t kMaxTerms = 256;
constexpr int64_t kMaxDegree = 64;
constexpr int kMaxDepth = 64;

SizeExpr overflow();
/// The atom alone.
SizeExpr ofAtom(SizeAtom atom);
/// Sorts and merges terms.
SizeExpr ofTerms(llvm::SmallVector<SizeTerm, 2> terms);
int compareAtoms(const SizeAtom *a, const SizeAtom *b);
/// The order of monomials, which multiplication keeps.
int compareFactors(llvm::ArrayRef<SizeFactor> a, llvm::ArrayRef<SizeFactor> b);
/// `a / b` where every power suffices.
bool divideFactors(llvm::ArrayRef<SizeFactor> a, llvm::ArrayRef<SizeFactor> b, llvm::SmallVectorImpl<SizeFactor> &quotient);
/// The number that is added at the end, 0 where there is none.
int64_t constantPart(const SizeExpr &size);

} // namespace size
} // namespace dlc::ir

#endif
