// The functions of sizes that are not polynomials, and the walks through them.
#include "ir/SizeExprImpl.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <numeric>
#include <set>

using llvm::StringRef;

namespace dlc::ir {

static int64_t floorDiv(int64_t a, int64_t k) { return a / k - (a % k < 0 ? 1 : 0); }
static int64_t floorMod(int64_t a, int64_t k) { return a % k < 0 ? a % k + k : a % k; }

/// The operands where `size` is one function of this kind plus a number.
static const SizeAtom *asAtomPlusConstant(const SizeExpr &size, SizeAtom::Kind kind) {
  const auto &terms = size.polynomial()->terms;
  if (terms.empty() || terms.size() > 2 || (terms.size() == 2 && !terms[1].factors.empty()))
    return nullptr;
  const SizeTerm &term = terms[0];
  if (term.coefficient != 1 || term.factors.size() != 1 || term.factors[0].power != 1 || term.factors[0].atom->kind != kind)
    return nullptr;
  return term.factors[0].atom;
}

/// k > 0. Multiples of k leave the quotient; what is left has coefficients from 1 to k - 1 without a common divisor with k.
static SizeExpr floordivByNumber(const SizeExpr &a, int64_t k) {
  llvm::SmallVector<SizeTerm, 2> quotient, rest;
  int64_t divisor = k, constant = 0;
  for (const SizeTerm &term : a.polynomial()->terms) {
    quotient.push_back({term.factors, floorDiv(term.coefficient, k)});
    int64_t remainder = floorMod(term.coefficient, k);
    if (term.factors.empty()) {
      constant = remainder;
    } else if (remainder != 0) {
      rest.push_back({term.factors, remainder});
      divisor = std::gcd(divisor, remainder);
    }
  }
  SizeExpr whole = size::ofTerms(std::move(quotient));
  if (rest.empty())
    return whole;
  if (divisor > 1) {
    // floor((g·r + c) / (g·k)) = floor((r + floor(c / g)) / k)
    for (SizeTerm &term : rest)
      term.coefficient /= divisor;
    return whole + floordivByNumber(size::ofTerms(std::move(rest)) + SizeExpr(constant / divisor), k / divisor);
  }
  SizeExpr left = size::ofTerms(std::move(rest)) + SizeExpr(constant);
  // floor((floor(p / j) + c) / k) = floor((p + c·j) / (j·k))
  if (const SizeAtom *inner = asAtomPlusConstant(left, SizeAtom::FloorDiv))
    if (auto j = inner->b.constant()) {
      int64_t product;
      if (!__builtin_mul_overflow(*j, k, &product))
        return whole + floordivByNumber(inner->a + SizeExpr(constant) * *j, product);
    }
  return whole + size::ofAtom({SizeAtom::FloorDiv, "", left, SizeExpr(k)});
}

SizeExpr SizeExpr::floordiv(const SizeExpr &a, const SizeExpr &b) {
  if (a.hasOverflow() || b.hasOverflow())
    return size::overflow();
  if (auto k = b.constant()) {
    if (*k == 0 || *k == INT64_MIN)
      return size::overflow();
    SizeExpr dividend = *k < 0 ? SizeExpr(0) - a : a;
    return dividend.hasOverflow() ? dividend : floordivByNumber(dividend, *k < 0 ? -*k : *k);
  }
  if (auto quotient = exactDiv(a, b))
    return *quotient;
  // A divisor of one term takes out the terms that it divides.
  SizeExpr whole, rest = a;
  if (b.polynomial()->terms.size() == 1) {
    for (const SizeTerm &term : a.polynomial()->terms) {
      SizeExpr part = size::ofTerms({term});
      if (auto quotient = exactDiv(part, b)) {
        whole = whole + *quotient;
        rest = rest - part;
      }
    }
  }
  return whole + size::ofAtom({SizeAtom::FloorDiv, "", rest, b});
}

SizeExpr SizeExpr::mod(const SizeExpr &a, const SizeExpr &b) { return a - b * floordiv(a, b); }

static void flatten(SizeAtom::Kind kind, const SizeExpr &size, llvm::SmallVectorImpl<SizeExpr> &operands) {
  if (const SizeAtom *atom = asAtomPlusConstant(size, kind)) {
    SizeExpr constant = size::constantPart(size);
    flatten(kind, atom->a + constant, operands);
    flatten(kind, atom->b + constant, operands);
    return;
  }
  operands.push_back(size);
}

static SizeExpr extremum(SizeAtom::Kind kind, const SizeExpr &a, const SizeExpr &b) {
  if (a.hasOverflow() || b.hasOverflow())
    return size::overflow();
  llvm::SmallVector<SizeExpr> all, kept;
  flatten(kind, a, all);
  flatten(kind, b, all);
  // Operands at a known distance of another one are decided.
  for (const SizeExpr &candidate : all) {
    if (candidate.hasOverflow())
      return size::overflow();
    bool decided = false;
    for (SizeExpr &other : kept)
      if (auto distance = (candidate - other).constant()) {
        if (kind == SizeAtom::Min ? *distance < 0 : *distance > 0)
          other = candidate;
        decided = true;
        break;
      }
    if (!decided)
      kept.push_back(candidate);
  }
  int64_t common = size::constantPart(kept.front());
  for (const SizeExpr &operand : kept)
    common = std::min(common, size::constantPart(operand));
  if (kept.size() == 1)
    return kept.front();
  for (SizeExpr &operand : kept)
    operand = operand - SizeExpr(common);
  llvm::sort(kept, [](const SizeExpr &x, const SizeExpr &y) { return x.compare(y) > 0; });
  SizeExpr result = kept.front();
  for (const SizeExpr &operand : llvm::ArrayRef(kept).drop_front()) {
    if (operand.hasOverflow() || result.hasOverflow())
      return size::overflow();
    result = size::ofAtom({kind, "", result, operand});
  }
  return result + SizeExpr(common);
}

SizeExpr SizeExpr::min(const SizeExpr &a, const SizeExpr &b) { return extremum(SizeAtom::Min, a, b); }
SizeExpr SizeExpr::max(const SizeExpr &a, const SizeExpr &b) { return extremum(SizeAtom::Max, a, b); }

//===- Walks --------------------------------------------------------------===//

namespace {

/// Rebuilds a size from its leaves; shared parts once.
struct Substitution {
  llvm::function_ref<std::optional<SizeExpr>(StringRef)> value;
  llvm::DenseMap<const SizeExpr::Polynomial *, SizeExpr> done{};

  SizeExpr apply(const SizeExpr &size) {
    if (size.hasOverflow())
      return size;
    auto found = done.find(size.polynomial());
    if (found != done.end())
      return found->second;
    SizeExpr sum;
    for (const SizeTerm &term : size.polynomial()->terms) {
      SizeExpr product = term.coefficient;
      for (const SizeFactor &factor : term.factors) {
        SizeExpr base = apply(*factor.atom);
        for (int64_t i = 0; i < factor.power; ++i)
          product = product * base;
      }
      sum = sum + product;
    }
    done[size.polynomial()] = sum;
    return sum;
  }

  SizeExpr apply(const SizeAtom &atom) {
    switch (atom.kind) {
    case SizeAtom::Symbol:
      return value(atom.name).value_or(SizeExpr::symbol(atom.name));
    case SizeAtom::FloorDiv:
      return SizeExpr::floordiv(apply(atom.a), apply(atom.b));
    case SizeAtom::Min:
      return SizeExpr::min(apply(atom.a), apply(atom.b));
    case SizeAtom::Max:
      return SizeExpr::max(apply(atom.a), apply(atom.b));
    }
    return size::overflow();
  }
};

void collectSymbols(const SizeExpr &size, std::set<StringRef> &names, llvm::DenseSet<const SizeExpr::Polynomial *> &seen) {
  if (!seen.insert(size.polynomial()).second)
    return;
  for (const SizeTerm &term : size.polynomial()->terms)
    for (const SizeFactor &factor : term.factors) {
      if (factor.atom->kind == SizeAtom::Symbol)
        names.insert(factor.atom->name);
      collectSymbols(factor.atom->a, names, seen);
      collectSymbols(factor.atom->b, names, seen);
    }
}

} // namespace

SizeExpr SizeExpr::substitute(llvm::function_ref<std::optional<SizeExpr>(StringRef)> value) const {
  Substitution substitution{value};
  return substitution.apply(*this);
}

void SizeExpr::forEachSymbol(llvm::function_ref<void(StringRef)> visit) const {
  std::set<StringRef> names;
  llvm::DenseSet<const Polynomial *> seen;
  collectSymbols(*this, names, seen);
  for (StringRef name : names)
    visit(name);
}

} // namespace dlc::ir
