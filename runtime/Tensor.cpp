#include "runtime/Tensor.h"

#include "runtime/Format.h"
#include "runtime/Memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <type_traits>

#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DLC_ADDRESS_SANITIZER 1
#endif
#endif

namespace dlc::runtime {

namespace {

struct TypeRow {
  std::string_view name;
  size_t size;
};
constexpr std::array<TypeRow, 10> typeRows = {{{"f64", 8},
                                               {"f32", 4},
                                               {"f16", 2},
                                               {"bf16", 2},
                                               {"i64", 8},
                                               {"i32", 4},
                                               {"i16", 2},
                                               {"i8", 1},
                                               {"u8", 1},
                                               {"bool", 1}}};

/// Blocks from here on come from `mmap`: zero without being touched, and given back at once. The address sanitizer knows the ends
/// of those from the heap only, and there it should know them exactly.
#if DLC_ADDRESS_SANITIZER
constexpr size_t mappedFrom = size_t{32} << 20, multiple = 1;
#else
constexpr size_t mappedFrom = size_t{1} << 20, multiple = 64;
#endif

/// Blocks from here on are made of large pages where the system has them: a fault for 2 MiB and not
/// for 4 KiB (in a virtual machine a tenth of the time to touch memory first), and fewer address
/// translations.
constexpr size_t largePagesFrom = size_t{4} << 20, largePage = size_t{2} << 20;

/// Zeroed memory of whole pages; the larger blocks begin at a multiple of a large page. Null when
/// there is none.
void *mapPages(size_t bytes) {
  size_t extra = bytes >= largePagesFrom ? largePage : 0;
  void *memory =
      mmap(nullptr, bytes + extra, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  if (!extra)
    return memory;
  // Gives back what stands before the first large page and after the block.
  auto *base = static_cast<std::byte *>(memory);
  size_t before = (largePage - reinterpret_cast<uintptr_t>(base) % largePage) % largePage;
  size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE)), kept = (bytes + page - 1) / page * page;
  if (before)
    munmap(base, before);
  if (extra - before > kept - bytes)
    munmap(base + before + kept, bytes + extra - before - kept);
  madvise(base + before, kept, MADV_HUGEPAGE);
  return base + before;
}

struct Half {
  uint16_t bits;
  operator float() const { return halfToFloat(bits); }
};
struct Bfloat {
  uint16_t bits;
  operator float() const { return bfloatToFloat(bits); }
};
struct Flag {
  uint8_t bits;
  operator int() const { return bits != 0; }
};

/// Calls `body` with a null pointer to the C++ type that holds elements of `type`.
template <typename Body> auto dispatch(ElementType type, Body body) {
  switch (type) {
  case ElementType::F64:
    return body(static_cast<double *>(nullptr));
  case ElementType::F32:
    return body(static_cast<float *>(nullptr));
  case ElementType::F16:
    return body(static_cast<Half *>(nullptr));
  case ElementType::BF16:
    return body(static_cast<Bfloat *>(nullptr));
  case ElementType::I64:
    return body(static_cast<int64_t *>(nullptr));
  case ElementType::I32:
    return body(static_cast<int32_t *>(nullptr));
  case ElementType::I16:
    return body(static_cast<int16_t *>(nullptr));
  case ElementType::I8:
    return body(static_cast<int8_t *>(nullptr));
  case ElementType::U8:
    return body(static_cast<uint8_t *>(nullptr));
  case ElementType::Bool:
    break;
  }
  return body(static_cast<Flag *>(nullptr));
}

template <typename To> To clampedToInteger(double value) {
  if (std::isnan(value))
    return 0;
  // 2^63 as a double is just above the largest i64, so compare before the cast.
  if (value >= std::ldexp(1.0, std::numeric_limits<To>::digits))
    return std::numeric_limits<To>::max();
  if (value <= static_cast<double>(std::numeric_limits<To>::min()))
    return std::numeric_limits<To>::min();
  return static_cast<To>(value);
}

template <typename To, typename From> To convertElement(From value) {
  if constexpr (std::is_same_v<To, Half>) {
    return {floatToHalf(static_cast<float>(value))};
  } else if constexpr (std::is_same_v<To, Bfloat>) {
    return {floatToBfloat(static_cast<float>(value))};
  } else if constexpr (std::is_same_v<To, Flag>) {
    if constexpr (std::is_same_v<From, Flag>)
      return {static_cast<uint8_t>(value.bits != 0)};
    else if constexpr (std::is_integral_v<From>)
      return {static_cast<uint8_t>(value != 0)};
    else
      return {static_cast<uint8_t>(static_cast<double>(value) != 0)};
  } else if constexpr (std::is_floating_point_v<To>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_integral_v<From>) {
    return static_cast<To>(
        std::clamp<int64_t>(value, std::numeric_limits<To>::min(), std::numeric_limits<To>::max()));
  } else if constexpr (std::is_same_v<From, Flag>) {
    return static_cast<To>(value.bits != 0);
  } else {
    return clampedToInteger<To>(static_cast<double>(value));
  }
}

} // namespace

size_t sizeOf(ElementType type) { return typeRows[static_cast<size_t>(type)].size; }
std::string_view nameOf(ElementType type) { return typeRows[static_cast<size_t>(type)].name; }

std::optional<ElementType> elementTypeOf(std::string_view name) {
  for (size_t i = 0; i < typeRows.size(); ++i)
    if (typeRows[i].name == name)
      return static_cast<ElementType>(i);
  return std::nullopt;
}

bool isFloat(ElementType type) { return type <= ElementType::BF16; }
bool isInteger(ElementType type) { return type >= ElementType::I64 && type <= ElementType::U8; }

std::optional<int64_t> elementCount(const Shape &shape, ElementType type) {
  int64_t count = 1, bytes = 0;
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0)
      return std::nullopt;
    empty |= size == 0;
  }
  if (empty)
    return 0;
  for (int64_t size : shape)
    if (__builtin_mul_overflow(count, size, &count))
      return std::nullopt;
  if (__builtin_mul_overflow(count, static_cast<int64_t>(sizeOf(type)), &bytes))
    return std::nullopt;
  return count;
}

std::string typeText(ElementType type, const Shape &shape) {
  if (shape.empty())
    return std::string(nameOf(type));
  return fmt::format("{}[{}]", nameOf(type), fmt::join(shape, ", "));
}

Result<std::shared_ptr<Storage>> Storage::allocate(size_t bytes) {
  auto failure = [&] {
    return Status::run(fmt::format("out of memory: {} were asked for and {} are free",
                                   formatBytes(bytes), formatBytes(availableMemory())));
  };
  size_t rounded = (bytes + 63) / 64 * 64;
  if (rounded < bytes)
    return failure();
  if (rounded < mappedFrom) {
    size_t size = bytes ? (bytes + multiple - 1) / multiple * multiple : 64;
    void *memory = nullptr;
    if (posix_memalign(&memory, 64, size) != 0)
      return failure();
    std::memset(memory, 0, size);
    return std::shared_ptr<Storage>(new Storage(static_cast<std::byte *>(memory), bytes, false));
  }
  // The kernel promises more memory than there is; a run that cannot fit is better refused than
  // killed later.
  if (rounded >= (size_t{256} << 20) && rounded > availableMemory())
    return failure();
  void *memory = mapPages(rounded);
  if (!memory)
    return failure();
  return std::shared_ptr<Storage>(new Storage(static_cast<std::byte *>(memory), bytes, true));
}

static std::atomic<size_t> live = 0;

size_t Storage::liveBytes() { return live.load(std::memory_order_relaxed); }

Storage::Storage(std::byte *base, size_t bytes, bool mapped)
    : base(base), bytes(bytes), mapped(mapped) {
  live.fetch_add(bytes, std::memory_order_relaxed);
}

Storage::~Storage() {
  live.fetch_sub(bytes, std::memory_order_relaxed);
  if (mapped)
    munmap(base, (bytes + 63) / 64 * 64);
  else
    std::free(base);
}

Result<Tensor> Tensor::zeros(ElementType type, Shape shape) {
  auto count = elementCount(shape, type);
  if (!count)
    return Status::run(fmt::format("`{}` is too large", typeText(type, shape)));
  auto storage = Storage::allocate(static_cast<size_t>(*count) * sizeOf(type));
  if (!storage)
    return std::move(storage.status()).within(fmt::format("`{}`", typeText(type, shape)));
  return viewOf(*storage, 0, type, std::move(shape));
}

Tensor Tensor::borrowed(ElementType type, Shape shape, void *data) {
  Tensor tensor;
  tensor.elements = elementCount(shape, type).value_or(0);
  tensor.elementType = type;
  tensor.sizes = std::move(shape);
  tensor.base = static_cast<std::byte *>(data);
  return tensor;
}

Tensor Tensor::viewOf(std::shared_ptr<Storage> storage, size_t offset, ElementType type,
                      Shape shape) {
  Tensor tensor = borrowed(type, std::move(shape), storage->data() + offset);
  tensor.storage = std::move(storage);
  return tensor;
}

size_t Tensor::rowBytes() const {
  size_t bytes = sizeOf(elementType);
  for (size_t axis = 1; axis < sizes.size(); ++axis)
    bytes *= static_cast<size_t>(sizes[axis]);
  return bytes;
}

Result<Tensor> Tensor::reshaped(Shape shape) const {
  if (elementCount(shape, elementType) != elements)
    return Status::run(fmt::format("`{}` cannot become `{}`: the numbers of elements differ",
                                   typeText(elementType, sizes), typeText(elementType, shape)));
  Tensor view = *this;
  view.sizes = std::move(shape);
  return view;
}

Tensor Tensor::slice(int64_t begin, int64_t end) const {
  Tensor view = *this;
  view.sizes[0] = end - begin;
  view.elements = *elementCount(view.sizes, elementType);
  view.base = base + static_cast<size_t>(begin) * rowBytes();
  return view;
}

Result<Tensor> Tensor::clone() const {
  auto copy = zeros(elementType, sizes);
  if (copy && elements)
    std::memcpy(copy->data(), base, bytes());
  return copy;
}

Result<Tensor> Tensor::converted(ElementType type) const {
  auto result = zeros(type, sizes);
  if (!result)
    return result;
  dispatch(elementType, [&]<typename From>(From *) {
    dispatch(type, [&]<typename To>(To *) {
      auto *in = reinterpret_cast<const From *>(base);
      auto *out = reinterpret_cast<To *>(result->data());
      for (int64_t i = 0; i < elements; ++i)
        out[i] = convertElement<To, From>(in[i]);
    });
  });
  return result;
}

double Tensor::number(int64_t index) const {
  return dispatch(elementType, [&]<typename T>(T *) -> double {
    return static_cast<double>(reinterpret_cast<const T *>(base)[index]);
  });
}

int64_t Tensor::integer(int64_t index) const {
  return dispatch(elementType, [&]<typename T>(T *) {
    return convertElement<int64_t, T>(reinterpret_cast<const T *>(base)[index]);
  });
}

void Tensor::setNumber(int64_t index, double value) const {
  dispatch(elementType, [&]<typename T>(T *) {
    reinterpret_cast<T *>(base)[index] = convertElement<T, double>(value);
  });
}

float bfloatToFloat(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

float roundToTf32(float value) {
  auto bits = std::bit_cast<uint32_t>(value);
  return std::isfinite(value) ? std::bit_cast<float>((bits + 0x1000U) & ~0x1fffU) : value;
}

uint16_t floatToBfloat(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value))
    return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

float halfToFloat(uint16_t bits) {
  uint32_t sign = uint32_t{bits & 0x8000u} << 16, exponent = bits >> 10 & 31,
           fraction = bits & 0x3ff;
  if (exponent == 31)
    return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  if (exponent == 0) { // a denormal is fraction · 2^-24, exact in f32
    float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

uint16_t floatToHalf(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  uint16_t sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return sign | 0x7e00;
  if (magnitude >= 0x477ff000) // rounds to 2^16 or more
    return sign | 0x7c00;
  if (magnitude < 0x38800000) { // below 2^-14: the result is denormal, a multiple of 2^-24
    uint32_t shift = 126 - (magnitude >> 23);
    if (shift > 24)
      return sign;
    uint32_t significand = (magnitude & 0x7fffff) | 0x800000;
    uint32_t rounded = significand >> shift, rest = significand & ((1u << shift) - 1),
             half = 1u << (shift - 1);
    return sign | static_cast<uint16_t>(rounded + (rest > half || (rest == half && (rounded & 1))));
  }
  magnitude += 0xfff + (magnitude >> 13 & 1);
  return sign | static_cast<uint16_t>((magnitude - 0x38000000) >> 13);
}

} // namespace dlc::runtime
