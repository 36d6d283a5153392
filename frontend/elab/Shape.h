// Element types, sizes and shapes as the elaborator sees them: every size by value and as it was written.
#pragma once

#include "frontend/Source.h"
#include "ir/SizeExpr.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>
#include <string>

namespace dlc::frontend {

enum class ElementType : uint8_t { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };

/// `f32`, `u8`, `bool` …
llvm::StringRef spelling(ElementType type);
std::optional<ElementType> parseElementType(llvm::StringRef name);
inline bool isFloat(ElementType type) { return type <= ElementType::BF16; }
inline bool isInteger(ElementType type) {
  return type >= ElementType::I64 && type <= ElementType::U8;
}
/// Every value of `from` is one of `to` (integers only, and equal types).
bool widens(ElementType from, ElementType to);
mlir::Type toMlir(mlir::MLIRContext *context, ElementType type);
ElementType fromMlir(mlir::Type type);

/// A size, and every compile-time integer. `value` decides types and equality; `written` has the names of constants and
/// parameters as symbols, and alone serves the rule that broadcasting makes no new square (rule 11).
struct Dim {
  ir::SizeExpr value;
  ir::SizeExpr written;
  /// What introduced it, for notes; may be invalid.
  SourceRange range;

  Dim() = default;
  Dim(int64_t number, SourceRange range = {}) : value(number), written(number), range(range) {}
  Dim(ir::SizeExpr size, SourceRange range = {}) : value(size), written(size), range(range) {}
  Dim(ir::SizeExpr value, ir::SizeExpr written, SourceRange range)
      : value(std::move(value)), written(std::move(written)), range(range) {}
  std::optional<int64_t> constant() const { return value.constant(); }
  /// The number 1, written as such: the only size that broadcasting stretches.
  bool isLiteralOne() const { return written.constant() == 1; }
  /// `count (1000)`, `B`, `28`: as written, with the number beside it.
  std::string str() const;
};
Dim operator+(const Dim &a, const Dim &b);
Dim operator-(const Dim &a, const Dim &b);
Dim operator*(const Dim &a, const Dim &b);
/// Equal by value, under the facts in force.
bool operator==(const Dim &a, const Dim &b);

/// A requirement: `symbol` has the form `form` (`H = 16*H_16`).
struct SizeFact {
  std::string symbol;
  ir::SizeExpr form;
};
ir::SizeExpr substituteFacts(const ir::SizeExpr &size, llvm::ArrayRef<SizeFact> facts);
/// The facts that comparisons of sizes go by in this thread, those of the function being elaborated; null: none.
extern thread_local const std::vector<SizeFact> *factsInForce;
/// The size in the form that the facts in force give it.
ir::SizeExpr normalized(const ir::SizeExpr &size);

struct Shape {
  llvm::SmallVector<Dim, 4> dims;

  Shape() = default;
  Shape(llvm::ArrayRef<Dim> dims) : dims(dims.begin(), dims.end()) {}
  Shape(std::initializer_list<Dim> dims) : dims(dims) {}
  int64_t rank() const { return static_cast<int64_t>(dims.size()); }
  const Dim &operator[](int64_t axis) const { return dims[axis]; }
  Dim &operator[](int64_t axis) { return dims[axis]; }
  auto begin() const { return dims.begin(); }
  auto end() const { return dims.end(); }
  void push_back(Dim dim) { dims.push_back(std::move(dim)); }
  /// The number of elements.
  ir::SizeExpr count() const;
  bool isStatic() const;
  /// `[B, 10]`
  std::string str() const;
};
/// Equal by value.
bool operator==(const Shape &a, const Shape &b);

/// `f32[B, 10]`, `f32` for rank 0.
std::string typeText(ElementType element, const Shape &shape);
/// The builtin tensor with symbolic sizes as its encoding.
mlir::RankedTensorType tensorType(mlir::MLIRContext *context, ElementType element,
                                  const Shape &shape);

} // namespace dlc::frontend
