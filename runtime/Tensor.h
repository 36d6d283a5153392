// Dense arrays on the host.
#pragma once

#include "runtime/Status.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dlc::runtime {

enum class ElementType : uint8_t { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };

/// Bytes of one element; a bool is one byte of 0 or 1.
size_t sizeOf(ElementType type);
/// `f32`, `i64`, … as the language spells it.
std::string_view nameOf(ElementType type);
/// The type that the language spells `name`.
std::optional<ElementType> elementTypeOf(std::string_view name);
bool isFloat(ElementType type);
bool isInteger(ElementType type); ///< not bool

/// Sizes of the axes, the first varying slowest; empty for a single number.
using Shape = std::vector<int64_t>;

/// The product of the axes, or nothing where it or the size in bytes does not fit 63 bits or an
/// axis is negative.
std::optional<int64_t> elementCount(const Shape &shape, ElementType type = ElementType::U8);
/// `f32[32, 10]`, `f32` for a single number.
std::string typeText(ElementType type, const Shape &shape);

/// A block of memory at a multiple of 64 bytes, zero at first, freed with its last owner.
class Storage {
public:
  /// A failure (`ErrorKind::Run`) when there is not enough memory. Large blocks come from the
  /// kernel page by page, so untouched memory costs nothing.
  static Result<std::shared_ptr<Storage>> allocate(size_t bytes);
  ~Storage();
  Storage(const Storage &) = delete;
  Storage &operator=(const Storage &) = delete;

  std::byte *data() { return base; }
  size_t size() const { return bytes; }

  /// Bytes of all storages that live in this process now.
  static size_t liveBytes();

private:
  Storage(std::byte *base, size_t bytes, bool mapped);
  std::byte *base;
  size_t bytes;
  bool mapped;
};

/// A dense row-major array. A copy of a `Tensor` refers to the same memory (`clone` makes a new
/// one); a view keeps the memory of the whole alive. Reading from many threads is safe, writing is
/// the owner's business.
class Tensor {
public:
  /// One i64 of 0 is not a useful default: an empty tensor has no memory and `data()` is null.
  Tensor() = default;

  /// Zeros. A failure when the shape has a negative axis, is too large, or memory is short.
  static Result<Tensor> zeros(ElementType type, Shape shape);
  /// A copy of `values`, as many as `shape` has elements.
  template <typename T>
  static Result<Tensor> of(ElementType type, Shape shape, std::span<const T> values) {
    auto tensor = zeros(type, std::move(shape));
    if (tensor && values.size_bytes() != tensor->bytes())
      return Status::run("the values do not fill the tensor");
    if (tensor && !values.empty())
      std::memcpy(tensor->data(), values.data(), values.size_bytes());
    return tensor;
  }
  /// A view of memory that someone else owns and that must outlive it.
  static Tensor borrowed(ElementType type, Shape shape, void *data);
  /// A view of `storage` from `offset` on; it must hold the elements.
  static Tensor viewOf(std::shared_ptr<Storage> storage, size_t offset, ElementType type,
                       Shape shape);

  ElementType type() const { return elementType; }
  const Shape &shape() const { return sizes; }
  int64_t rank() const { return static_cast<int64_t>(sizes.size()); }
  int64_t count() const { return elements; } ///< number of elements
  size_t bytes() const { return static_cast<size_t>(elements) * sizeOf(elementType); }
  /// Size of axis 0; 1 for a single number.
  int64_t rows() const { return sizes.empty() ? 1 : sizes[0]; }
  /// Bytes of one row of axis 0.
  size_t rowBytes() const;

  std::byte *data() const { return base; }
  template <typename T> std::span<T> as() const {
    return {reinterpret_cast<T *>(base), static_cast<size_t>(elements)};
  }

  /// The same elements under another shape with as many of them.
  Result<Tensor> reshaped(Shape shape) const;
  /// Rows `begin` to `end` (not included) of axis 0; a view.
  Tensor slice(int64_t begin, int64_t end) const;
  Result<Tensor> clone() const;
  /// Every element converted as C++ does; to an integer it is cut towards zero and clamped to the
  /// range, NaN gives 0; to bool: is it not 0.
  Result<Tensor> converted(ElementType type) const;

  /// Element `index` (row-major) as a number; exact for all but i64 beyond 2^53.
  double number(int64_t index) const;
  /// Element `index` of an integer or bool tensor.
  int64_t integer(int64_t index) const;
  void setNumber(int64_t index, double value) const;

private:
  std::shared_ptr<Storage> storage; // null when borrowed
  std::byte *base = nullptr;
  ElementType elementType = ElementType::F32;
  Shape sizes = {0};
  int64_t elements = 0;
};

/// Conversions of 16-bit floats; rounding to nearest, ties to even.
float halfToFloat(uint16_t bits);
uint16_t floatToHalf(float value);
float bfloatToFloat(uint16_t bits);
uint16_t floatToBfloat(float value);
/// The nearest number with 10 bits behind the point, halves away from zero, as graphics cards round it (PTX: `cvt.rna.tf32.f32`).
float roundToTf32(float value);

} // namespace dlc::runtime
