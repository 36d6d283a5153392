#include "frontend/elab/Shape.h"

#include "ir/Types.h"

#include "llvm/ADT/StringSwitch.h"

namespace dlc::frontend {

static constexpr llvm::StringRef spellings[] = {"f64", "f32", "f16", "bf16", "i64",
                                                "i32", "i16", "i8",  "u8",   "bool"};

llvm::StringRef spelling(ElementType type) { return spellings[static_cast<size_t>(type)]; }

std::optional<ElementType> parseElementType(llvm::StringRef name) {
  for (size_t i = 0; i < std::size(spellings); ++i)
    if (spellings[i] == name)
      return static_cast<ElementType>(i);
  return std::nullopt;
}

bool widens(ElementType from, ElementType to) {
  if (from == to)
    return true;
  if (!isInteger(from) || !isInteger(to) || to == ElementType::U8)
    return false;
  if (from == ElementType::U8)
    return to != ElementType::I8;
  return static_cast<int>(to) < static_cast<int>(from);
}

mlir::Type toMlir(mlir::MLIRContext *context, ElementType type) {
  switch (type) {
  case ElementType::F64: return mlir::Float64Type::get(context);
  case ElementType::F32: return mlir::Float32Type::get(context);
  case ElementType::F16: return mlir::Float16Type::get(context);
  case ElementType::BF16: return mlir::BFloat16Type::get(context);
  case ElementType::I64: return mlir::IntegerType::get(context, 64);
  case ElementType::I32: return mlir::IntegerType::get(context, 32);
  case ElementType::I16: return mlir::IntegerType::get(context, 16);
  case ElementType::I8: return mlir::IntegerType::get(context, 8);
  case ElementType::U8: return mlir::IntegerType::get(context, 8, mlir::IntegerType::Unsigned);
  case ElementType::Bool: return mlir::IntegerType::get(context, 1);
  }
  llvm_unreachable("element type");
}

ElementType fromMlir(mlir::Type type) {
  if (type.isF64()) return ElementType::F64;
  if (type.isF32()) return ElementType::F32;
  if (type.isF16()) return ElementType::F16;
  if (type.isBF16()) return ElementType::BF16;
  unsigned width = type.getIntOrFloatBitWidth();
  if (type.isUnsignedInteger()) return ElementType::U8;
  return width == 64 ? ElementType::I64 : width == 32 ? ElementType::I32 : width == 16 ? ElementType::I16
         : width == 8 ? ElementType::I8 : ElementType::Bool;
}

std::string Dim::str() const {
  std::string text = written.str();
  if (!written.isConstant())
    if (auto number = value.constant())
      text += " (" + std::to_string(*number) + ")";
  return text;
}

Dim operator+(const Dim &a, const Dim &b) { return {a.value + b.value, a.written + b.written, a.range}; }
Dim operator-(const Dim &a, const Dim &b) { return {a.value - b.value, a.written - b.written, a.range}; }
Dim operator*(const Dim &a, const Dim &b) { return {a.value * b.value, a.written * b.written, a.range}; }
thread_local const std::vector<SizeFact> *factsInForce = nullptr;

ir::SizeExpr substituteFacts(const ir::SizeExpr &size, llvm::ArrayRef<SizeFact> facts) {
  return size.substitute([&](llvm::StringRef symbol) -> std::optional<ir::SizeExpr> {
    for (const SizeFact &fact : facts)
      if (fact.symbol == symbol)
        return fact.form;
    return std::nullopt;
  });
}

ir::SizeExpr normalized(const ir::SizeExpr &size) {
  return factsInForce && !factsInForce->empty() ? substituteFacts(size, *factsInForce) : size;
}

bool operator==(const Dim &a, const Dim &b) {
  return a.value == b.value || (factsInForce && !factsInForce->empty() && normalized(a.value) == normalized(b.value));
}

ir::SizeExpr Shape::count() const {
  ir::SizeExpr count(1);
  for (const Dim &dim : dims)
    count = count * dim.value;
  return normalized(count);
}

bool Shape::isStatic() const {
  return llvm::all_of(dims, [](const Dim &dim) { return dim.value.isConstant(); });
}

std::string Shape::str() const {
  std::string text = "[";
  for (const Dim &dim : dims)
    text += (&dim == dims.begin() ? "" : ", ") + dim.str();
  return text + "]";
}

bool operator==(const Shape &a, const Shape &b) {
  return a.rank() == b.rank() && std::equal(a.begin(), a.end(), b.begin());
}

std::string typeText(ElementType element, const Shape &shape) {
  return spelling(element).str() + (shape.rank() ? shape.str() : "");
}

mlir::RankedTensorType tensorType(mlir::MLIRContext *context, ElementType element,
                                  const Shape &shape) {
  ir::Shape sizes;
  for (const Dim &dim : shape)
    sizes.push_back(dim.value);
  return ir::tensorType(sizes, toMlir(context, element));
}

} // namespace dlc::frontend
