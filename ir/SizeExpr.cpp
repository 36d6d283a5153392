#include "ir/SizeExprImpl.h"

#include <algorithm>
#include <mutex>
#include <unordered_set>

using llvm::ArrayRef;
using llvm::StringRef;

namespace dlc::ir {

//===- The store of polynomials and atoms ---------------------------------===//

namespace {

struct PolynomialHash {
  size_t operator()(const SizeExpr::Polynomial *p) const { return p->hash; }
};
struct PolynomialEqual {
  bool operator()(const SizeExpr::Polynomial *a, const SizeExpr::Polynomial *b) const {
    return a->overflow == b->overflow && a->terms.size() == b->terms.size() &&
           std::equal(a->terms.begin(), a->terms.end(), b->terms.begin(), [](const SizeTerm &x, const SizeTerm &y) {
             return x.coefficient == y.coefficient && x.factors == y.factors;
           });
  }
};
struct AtomHash {
  size_t operator()(const SizeAtom *atom) const {
    return llvm::hash_combine(int(atom->kind), StringRef(atom->name), atom->a, atom->b);
  }
};
struct AtomEqual {
  bool operator()(const SizeAtom *a, const SizeAtom *b) const {
    return a->kind == b->kind && a->name == b->name && a->a == b->a && a->b == b->b;
  }
};

/// Sizes live as long as the process: attributes in any context hold them without owning them, and a program has few.
struct Store {
  std::mutex mutex;
  std::unordered_set<const SizeExpr::Polynomial *, PolynomialHash, PolynomialEqual> polynomials;
  std::unordered_set<const SizeAtom *, AtomHash, AtomEqual> atoms;
};
Store &store() {
  static Store *theStore = new Store;
  return *theStore;
}

const SizeExpr::Polynomial *intern(SizeExpr::Polynomial &&polynomial) {
  llvm::hash_code hash = llvm::hash_value(polynomial.overflow);
  for (const SizeTerm &term : polynomial.terms) {
    hash = llvm::hash_combine(hash, term.coefficient);
    for (const SizeFactor &factor : term.factors)
      hash = llvm::hash_combine(hash, AtomHash()(factor.atom), factor.power);
  }
  polynomial.hash = hash;
  std::lock_guard lock(store().mutex);
  auto found = store().polynomials.find(&polynomial);
  if (found != store().polynomials.end())
    return *found;
  return *store().polynomials.insert(new SizeExpr::Polynomial(std::move(polynomial))).first;
}

} // namespace

llvm::hash_code hash_value(const SizeExpr &size) { return llvm::hash_code(size.value->hash); }

SizeExpr::SizeExpr(int64_t constant) {
  Polynomial polynomial;
  polynomial.overflow = constant == INT64_MIN; // it has no negative and no text
  if (constant != 0 && !polynomial.overflow)
    polynomial.terms.push_back({{}, constant});
  value = intern(std::move(polynomial));
}

SizeExpr SizeExpr::symbol(StringRef name) { return size::ofAtom({SizeAtom::Symbol, name.str(), 0, 0}); }

SizeExpr size::overflow() {
  SizeExpr::Polynomial polynomial;
  polynomial.overflow = true;
  return SizeExpr(*intern(std::move(polynomial)));
}

SizeExpr size::ofAtom(SizeAtom atom) {
  const SizeAtom *kept;
  {
    std::lock_guard lock(store().mutex);
    auto found = store().atoms.find(&atom);
    kept = found != store().atoms.end() ? *found : *store().atoms.insert(new SizeAtom(std::move(atom))).first;
  }
  return ofTerms({SizeTerm{{{kept, 1}}, 1}});
}

//===- Order --------------------------------------------------------------===//

int size::compareAtoms(const SizeAtom *a, const SizeAtom *b) {
  if (a == b)
    return 0;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  if (int order = StringRef(a->name).compare(b->name))
    return order;
  if (int order = a->a.compare(b->a))
    return order;
  return a->b.compare(b->b);
}

int size::compareFactors(ArrayRef<SizeFactor> a, ArrayRef<SizeFactor> b) {
  auto degree = [](ArrayRef<SizeFactor> factors) {
    int64_t sum = 0;
    for (const SizeFactor &factor : factors)
      sum += factor.power;
    return sum;
  };
  if (int64_t da = degree(a), db = degree(b); da != db)
    return da < db ? -1 : 1;
  for (auto [x, y] : llvm::zip(a, b)) {
    if (int order = compareAtoms(x.atom, y.atom))
      return -order; // the one with the first atom stands first
    if (x.power != y.power)
      return x.power < y.power ? -1 : 1;
  }
  return 0; // of equal degree, so of equal length
}

int SizeExpr::compare(const SizeExpr &other) const {
  if (value == other.value)
    return 0;
  if (value->overflow != other.value->overflow)
    return value->overflow ? 1 : -1;
  for (auto [x, y] : llvm::zip(value->terms, other.value->terms)) {
    if (int order = size::compareFactors(x.factors, y.factors))
      return order;
    if (x.coefficient != y.coefficient)
      return x.coefficient < y.coefficient ? -1 : 1;
  }
  return value->terms.size() < other.value->terms.size() ? -1 : 1;
}

//===- Arithmetic ---------------------------------------------------------===//

SizeExpr size::ofTerms(llvm::SmallVector<SizeTerm, 2> terms) {
  llvm::sort(terms, [](const SizeTerm &x, const SizeTerm &y) { return compareFactors(x.factors, y.factors) > 0; });
  SizeExpr::Polynomial polynomial;
  for (SizeTerm &term : terms) {
    if (!polynomial.terms.empty() && polynomial.terms.back().factors == term.factors) {
      int64_t &sum = polynomial.terms.back().coefficient;
      if (__builtin_add_overflow(sum, term.coefficient, &sum))
        return overflow();
    } else {
      if (!polynomial.terms.empty() && polynomial.terms.back().coefficient == 0)
        polynomial.terms.pop_back();
      polynomial.terms.push_back(std::move(term));
    }
  }
  if (!polynomial.terms.empty() && polynomial.terms.back().coefficient == 0)
    polynomial.terms.pop_back();
  for (const SizeTerm &term : polynomial.terms) {
    int64_t degree = term.coefficient == INT64_MIN ? kMaxDegree + 1 : 0;
    for (const SizeFactor &factor : term.factors) {
      degree += factor.power;
      if (factor.atom->kind != SizeAtom::Symbol)
        polynomial.depth = std::max({polynomial.depth, factor.atom->a.polynomial()->depth + 1, factor.atom->b.polynomial()->depth + 1});
    }
    if (degree > kMaxDegree)
      return overflow();
  }
  if (polynomial.terms.size() > kMaxTerms || polynomial.depth > kMaxDepth)
    return overflow();
  return SizeExpr(*intern(std::move(polynomial)));
}

int64_t size::constantPart(const SizeExpr &size) {
  ArrayRef<SizeTerm> terms = size.polynomial()->terms;
  return !terms.empty() && terms.back().factors.empty() ? terms.back().coefficient : 0;
}

SizeExpr operator+(const SizeExpr &a, const SizeExpr &b) {
  if (a.hasOverflow() || b.hasOverflow())
    return size::overflow();
  llvm::SmallVector<SizeTerm, 2> terms(a.value->terms);
  terms.append(b.value->terms.begin(), b.value->terms.end());
  return size::ofTerms(std::move(terms));
}

SizeExpr operator-(const SizeExpr &a, const SizeExpr &b) { return a + SizeExpr(-1) * b; }

static llvm::SmallVector<SizeFactor, 2> multiplyFactors(ArrayRef<SizeFactor> a, ArrayRef<SizeFactor> b) {
  llvm::SmallVector<SizeFactor, 2> product;
  while (!a.empty() && !b.empty()) {
    int order = size::compareAtoms(a.front().atom, b.front().atom);
    if (order < 0) {
      product.push_back(a.consume_front());
    } else if (order > 0) {
      product.push_back(b.consume_front());
    } else {
      product.push_back({a.front().atom, a.front().power + b.front().power});
      a = a.drop_front();
      b = b.drop_front();
    }
  }
  product.append(a.begin(), a.end());
  product.append(b.begin(), b.end());
  return product;
}

SizeExpr operator*(const SizeExpr &a, const SizeExpr &b) {
  if (a.hasOverflow() || b.hasOverflow())
    return size::overflow();
  llvm::SmallVector<SizeTerm, 2> terms;
  for (const SizeTerm &x : a.value->terms)
    for (const SizeTerm &y : b.value->terms) {
      int64_t coefficient;
      if (__builtin_mul_overflow(x.coefficient, y.coefficient, &coefficient))
        return size::overflow();
      terms.push_back({multiplyFactors(x.factors, y.factors), coefficient});
    }
  return size::ofTerms(std::move(terms));
}

bool size::divideFactors(ArrayRef<SizeFactor> a, ArrayRef<SizeFactor> b, llvm::SmallVectorImpl<SizeFactor> &quotient) {
  for (const SizeFactor &factor : a) {
    int64_t power = factor.power;
    if (!b.empty() && b.front().atom == factor.atom) {
      power -= b.front().power;
      b = b.drop_front();
    }
    if (power < 0)
      return false;
    if (power > 0)
      quotient.push_back({factor.atom, power});
  }
  return b.empty();
}

std::optional<SizeExpr> SizeExpr::exactDiv(const SizeExpr &a, const SizeExpr &b) {
  if (a.hasOverflow() || b.hasOverflow() || b.value->terms.empty())
    return std::nullopt;
  // Long division: each step takes the leading term of what is left away, or there is a remainder.
  SizeExpr rest = a, result;
  const SizeTerm &divisor = b.value->terms.front();
  for (size_t step = 0; step <= size::kMaxTerms; ++step) {
    if (rest.hasOverflow())
      return std::nullopt;
    if (rest.value->terms.empty())
      return result;
    const SizeTerm &leading = rest.value->terms.front();
    SizeTerm quotient;
    if (leading.coefficient % divisor.coefficient != 0 ||
        !size::divideFactors(leading.factors, divisor.factors, quotient.factors))
      return std::nullopt;
    quotient.coefficient = leading.coefficient / divisor.coefficient;
    SizeExpr term = size::ofTerms({quotient});
    result = result + term;
    rest = rest - term * b;
  }
  return std::nullopt;
}

//===- Questions ----------------------------------------------------------===//

std::optional<int64_t> SizeExpr::constant() const {
  if (value->overflow || value->terms.size() > 1)
    return std::nullopt;
  if (value->terms.empty())
    return 0;
  if (!value->terms[0].factors.empty())
    return std::nullopt;
  return value->terms[0].coefficient;
}

std::optional<StringRef> SizeExpr::asSymbol() const {
  if (value->terms.size() != 1)
    return std::nullopt;
  const SizeTerm &term = value->terms[0];
  if (term.coefficient != 1 || term.factors.size() != 1 || term.factors[0].power != 1 ||
      term.factors[0].atom->kind != SizeAtom::Symbol)
    return std::nullopt;
  return StringRef(term.factors[0].atom->name);
}

bool SizeExpr::hasOverflow() const { return value->overflow; }

} // namespace dlc::ir
