// A graph is gelu_tanh where algebra says so. With u = √(2/π) · (x + 0.044715 · x³), what its operations make of x, of exp(u) and of the gradient d are quotients
// of polynomials of these three: tanh(u) is (exp(u)² − 1) / (exp(u)² + 1). The three are algebraically independent, so two such quotients are one function only
// where their coefficients say so. Points could not decide it: a function may differ between them.
#include "codegen/cuda/product/Gelu.h"

#include "codegen/common/ProductShape.h"

#include <array>
#include <cmath>
#include <map>

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

constexpr double kRoot = 0.79788456080286535588, kCube = 0.044715; // √(2/π)
/// Constants of f32, and a few products of them, are off by less from those of the function; and f64, in which all is computed here, by less from the graph's.
/// Within the graph only this counts: a difference of the other kind may be multiplied by a large number.
constexpr double kRounding = 2e-6, kExact = 1e-12;

/// The powers of x, exp(u) and d.
using Powers = std::array<int, 3>;
using Polynomial = std::map<Powers, double>;

Polynomial number(double value) { return value == 0 ? Polynomial() : Polynomial{{{0, 0, 0}, value}}; }
Polynomial power(int variable, int exponent) {
  Powers powers{};
  powers[static_cast<size_t>(variable)] = exponent;
  return {{powers, 1.0}};
}

/// Terms that cancel do so but for rounding.
void addTerm(Polynomial &to, const Powers &powers, double value) {
  double &here = to[powers];
  double magnitude = std::abs(here) + std::abs(value);
  here += value;
  if (std::abs(here) <= kExact * magnitude)
    to.erase(powers);
}
Polynomial sum(Polynomial a, const Polynomial &b, double factor = 1) {
  for (auto &[powers, value] : b)
    addTerm(a, powers, factor * value);
  return a;
}
Polynomial product(const Polynomial &a, const Polynomial &b) {
  Polynomial made;
  for (auto &[left, x] : a)
    for (auto &[right, y] : b)
      addTerm(made, {left[0] + right[0], left[1] + right[1], left[2] + right[2]}, x * y);
  return made;
}

struct Quotient {
  Polynomial above, below = number(1);
};

Quotient product(const Quotient &a, const Quotient &b) { return {product(a.above, b.above), product(a.below, b.below)}; }
Quotient sum(const Quotient &a, const Quotient &b, double factor = 1) {
  if (a.below == b.below)
    return {sum(a.above, b.above, factor), a.below};
  return {sum(product(a.above, b.below), product(b.above, a.below), factor), product(a.below, b.below)};
}
Quotient inverse(const Quotient &a) { return {a.below, a.above}; }

/// Whether they are one function.
bool isEqual(const Quotient &a, const Quotient &b, double tolerance = kRounding) {
  Polynomial left = product(a.above, b.below), right = product(b.above, a.below);
  return !left.empty() && left.size() == right.size() &&
         llvm::all_of(llvm::zip(left, right), [&](auto pair) {
           auto &[x, y] = pair;
           return x.first == y.first && std::abs(x.second - y.second) <= tolerance * std::abs(y.second);
         });
}

enum Variable { kX, kExp, kD };

/// Reads a graph as a quotient; nothing where it cannot, or where that grows beyond what gelu may be.
class Reader {
public:
  Reader(const Formula &formula, ArrayRef<Variable> variables) {
    for (auto [leaf, variable] : llvm::zip(formula.variables(), variables))
      known[leaf] = Quotient{power(variable, 1)};
  }

  std::optional<Quotient> read(Value value) {
    value = throughReshapes(value);
    auto found = known.find(value);
    if (found != known.end())
      return found->second;
    std::optional<Quotient> made = readNew(value);
    constexpr size_t kMostTerms = 100;
    if (!made || made->below.empty() || made->above.size() + made->below.size() > kMostTerms)
      return std::nullopt;
    return known[value] = *made;
  }

private:
  static std::optional<double> constantOf(Value value) {
    DenseElementsAttr splat = splatOf(value);
    if (!splat || !isa<FloatType>(splat.getElementType()))
      return std::nullopt;
    double number = splat.getSplatValue<APFloat>().convertToDouble();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
  }

  std::optional<Quotient> readNew(Value value) {
    if (std::optional<double> constant = constantOf(value))
      return Quotient{number(*constant)};
    if (auto unary = value.getDefiningOp<ir::UnaryOp>()) {
      std::optional<Quotient> operand = read(unary.getOperand());
      return operand ? readUnary(unary.getFn(), *operand) : std::nullopt;
    }
    auto binary = value.getDefiningOp<ir::BinaryOp>();
    if (!binary)
      return std::nullopt;
    std::optional<Quotient> a = read(binary.getLhs());
    if (binary.getFn() == ir::BinaryFn::pow)
      return a ? raised(*a, constantOf(binary.getRhs())) : std::nullopt;
    std::optional<Quotient> b = read(binary.getRhs());
    return a && b ? readBinary(binary.getFn(), *a, *b) : std::nullopt;
  }

  static std::optional<Quotient> readBinary(ir::BinaryFn function, const Quotient &a, const Quotient &b) {
    switch (function) {
    case ir::BinaryFn::add:
      return sum(a, b);
    case ir::BinaryFn::sub:
      return sum(a, b, -1);
    case ir::BinaryFn::mul:
      return product(a, b);
    case ir::BinaryFn::div:
      return product(a, inverse(b));
    default:
      return std::nullopt;
    }
  }

  /// The s for which a value is s · u; nothing where it is something else, or s is no small integer. The first one says what u is for all of them.
  std::optional<int> multipleOfU(const Quotient &value) {
    constexpr int kMost = 4;
    const Quotient expected{{{{1, 0, 0}, kRoot}, {{3, 0, 0}, kRoot * kCube}}};
    for (int s = -kMost; s <= kMost; ++s)
      if (s != 0 && (u ? isEqual(value, product(*u, Quotient{number(s)}), kExact) : isEqual(value, product(expected, Quotient{number(s)})))) {
        if (!u)
          u = product(value, Quotient{number(1.0 / s)});
        return s;
      }
    return std::nullopt;
  }

  std::optional<Quotient> readUnary(ir::UnaryFn function, const Quotient &a) {
    switch (function) {
    case ir::UnaryFn::neg:
      return product(a, Quotient{number(-1)});
    case ir::UnaryFn::square:
      return product(a, a);
    case ir::UnaryFn::reciprocal:
      return inverse(a);
    case ir::UnaryFn::exp:
    case ir::UnaryFn::sigmoid:
    case ir::UnaryFn::tanh:
      return readExponential(function, a);
    default:
      return std::nullopt;
    }
  }

  std::optional<Quotient> readExponential(ir::UnaryFn function, const Quotient &argument) {
    std::optional<int> s = multipleOfU(argument);
    if (!s)
      return std::nullopt;
    int exponent = std::abs(*s) * (function == ir::UnaryFn::tanh ? 2 : 1);
    Polynomial raised = power(kExp, exponent), one = number(1), more = sum(raised, one);
    if (function == ir::UnaryFn::exp)
      return *s > 0 ? Quotient{raised} : Quotient{one, raised};
    if (function == ir::UnaryFn::sigmoid)
      return Quotient{*s > 0 ? raised : one, more};
    return Quotient{*s > 0 ? sum(raised, one, -1) : sum(one, raised, -1), more};
  }

  static std::optional<Quotient> raised(const Quotient &base, std::optional<double> exponent) {
    constexpr double kMost = 4;
    if (!exponent || std::abs(*exponent) > kMost || *exponent != std::trunc(*exponent))
      return std::nullopt;
    Quotient made{number(1)};
    for (int i = 0; i < std::abs(static_cast<int>(*exponent)); ++i)
      made = product(made, *exponent > 0 ? base : inverse(base));
    return made;
  }

  llvm::DenseMap<Value, Quotient> known;
  std::optional<Quotient> u;
};

double tanhOf(double x) { return std::tanh(kRoot * (x + kCube * x * x * x)); }
double gelu(double x) { return 0.5 * x * (1 + tanhOf(x)); }
double geluSlope(double x) {
  double t = tanhOf(x);
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * kRoot * (1 + 3 * kCube * x * x);
}

/// Far away some ways to write it leave the numbers, as exp does, and 0 may be divided by 0: whether the numbers of the graph are those of the function there.
bool staysInNumbers(ArrayRef<double> at, ArrayRef<double> found, ArrayRef<double> factors, llvm::function_ref<double(double)> function) {
  bool isAll = found.size() == at.size();
  for (size_t i = 0; isAll && i < at.size(); ++i)
    isAll = std::abs(found[i] - factors[i] * function(at[i])) <= kRounding * std::max(1.0, std::abs(factors[i] * at[i]));
  return isAll;
}

const std::vector<double> kPoints = {-1e4, -300, -40, -9, -1, 0, 1, 9, 40, 300, 1e4};

bool isFloat(Value value) { return isa<Float32Type>(cast<RankedTensorType>(value.getType()).getElementType()); }

} // namespace

bool isGeluTanh(const Formula &formula) {
  if (formula.variables().size() != 1 || !isFloat(formula.variables()[0]))
    return false;
  std::optional<Quotient> read = Reader(formula, {kX}).read(formula.result());
  // x · e² / (e² + 1), where e is exp(u)
  Quotient expected{{{{1, 2, 0}, 1.0}}, {{{0, 2, 0}, 1.0}, {{0, 0, 0}, 1.0}}};
  return read && isEqual(*read, expected) && staysInNumbers(kPoints, formula.evaluate({kPoints}), std::vector<double>(kPoints.size(), 1), gelu);
}

bool isGeluTanhGradient(const Formula &formula, size_t d, size_t x) {
  if (formula.variables().size() != 2 || !llvm::all_of(formula.variables(), isFloat))
    return false;
  std::array<Variable, 2> variables;
  variables[d] = kD, variables[x] = kX;
  std::optional<Quotient> read = Reader(formula, variables).read(formula.result());
  // d · (e² / (e² + 1) + x · 2 · e² · u' / (e² + 1)²)
  Polynomial more = {{{0, 2, 0}, 1.0}, {{0, 0, 0}, 1.0}};
  Quotient step{power(kExp, 2), more}, bend{{{{1, 2, 0}, 2 * kRoot}, {{3, 2, 0}, 6 * kRoot * kCube}}, product(more, more)};
  if (!read || !isEqual(*read, product(sum(step, bend), Quotient{power(kD, 1)})))
    return false;
  std::vector<std::vector<double>> lists(2);
  lists[x] = kPoints;
  for (size_t i = 0; i < kPoints.size(); ++i)
    lists[d].push_back(i % 2 == 0 ? -0.7 : 1.3);
  return staysInNumbers(kPoints, formula.evaluate(lists), lists[d], geluSlope);
}

} // namespace dlc::codegen::cuda
