#include "runtime/EmulatedProduct.h"

#include "runtime/Tensor.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace dlc::runtime {

namespace {

constexpr double kRoot = 0.79788456080286535588, kCube = 0.044715; // √(2/π)

float gelu(double x) { return static_cast<float>(0.5 * x * (1 + std::tanh(kRoot * (x + kCube * x * x * x)))); }

float geluSlope(double x) {
  double t = std::tanh(kRoot * (x + kCube * x * x * x));
  return static_cast<float>(0.5 * (1 + t) + 0.5 * x * (1 - t * t) * kRoot * (1 + 3 * kCube * x * x));
}

} // namespace

template <typename T> T EmulatedProduct::read(const View &view, int64_t place) {
  auto at = place * static_cast<int64_t>(sizeof(T));
  isUnwritten |= std::memchr(view.marks + at, 0, sizeof(T)) != nullptr;
  T value;
  std::memcpy(&value, view.bytes + at, sizeof(T));
  return value;
}

template <typename T> void EmulatedProduct::write(const View &view, int64_t place, T value) {
  auto at = place * static_cast<int64_t>(sizeof(T));
  std::memcpy(view.bytes + at, &value, sizeof(T));
  std::memset(view.marks + at, 1, sizeof(T));
}

float EmulatedProduct::factor(const View &view, int64_t place, float *exact) {
  float value = p.epilogue & DLC_NARROW_FACTORS ? bfloatToFloat(read<uint16_t>(view, place)) : read<float>(view, place);
  if (exact)
    *exact = value;
  return p.precision == 0 ? value : p.precision == 1 ? roundToTf32(value) : bfloatToFloat(floatToBfloat(value));
}

Status EmulatedProduct::open(const Find &find) {
  auto view = [&](View &made, const void *address, int64_t bytes) -> Status {
    if (!address)
      return Status::run("a matrix product without a tensor that its epilogue needs");
    if (reinterpret_cast<uintptr_t>(address) % 16 != 0)
      return Status::run("a matrix product of a tensor that begins at no multiple of 16 bytes");
    EmulatedMemory *found = find(address, static_cast<size_t>(bytes));
    if (!found)
      return Status::run("a matrix product goes outside of the device's memory");
    auto offset = static_cast<const char *>(address) - found->begin;
    made = {reinterpret_cast<uint8_t *>(found->begin + offset), found->written.data() + offset};
    return {};
  };
  auto floats = [](int64_t last) { return (last + 1) * static_cast<int64_t>(sizeof(float)); };
  auto factors = [&](int64_t last) { return (last + 1) * static_cast<int64_t>(p.epilogue & DLC_NARROW_FACTORS ? sizeof(uint16_t) : sizeof(float)); };
  int64_t g = p.batches - 1, m = p.rows - 1, n = p.columns - 1, k = p.terms - 1;
  DLC_TRY(view(left, memory.left, factors(g * p.left_batch + m * p.left_row + k * p.left_term)));
  DLC_TRY(view(right, memory.right, factors(g * p.right_batch + k * p.right_term + n * p.right_column)));
  DLC_TRY(view(result, memory.result, floats(g * p.result_batch + m * p.result_row + n)));
  if (has(DLC_BIAS))
    DLC_TRY(view(bias, memory.bias, floats(n)));
  if (has(DLC_RELU_MASK | DLC_RELU_GRADIENT))
    DLC_TRY(view(aux, memory.aux, DLC_MASK_BYTES(p.rows, p.columns)));
  if (has(DLC_GELU_INPUT | DLC_GELU_GRADIENT)) {
    if (p.rows > 1 && p.result_row % 8 != 0)
      return Status::run("a matrix product whose rows are no multiple of 8 elements, as gelu's are to be");
    int64_t bytes = floats(m * p.result_row + n);
    DLC_TRY(view(aux, memory.aux, bytes));
    if (aux.bytes < result.bytes + bytes && result.bytes < aux.bytes + bytes)
      return Status::run("a matrix product that is written over what its gelu takes");
  }
  if (has(DLC_RIGHT_SUMS | DLC_RESULT_SUMS))
    DLC_TRY(view(sums, memory.sums, floats(n)));
  return {};
}

float EmulatedProduct::finish(int64_t row, int64_t column, float sum) {
  if (has(DLC_BIAS))
    sum += read<float>(bias, column);
  int64_t byte = row * DLC_MASK_BYTES(1, p.columns) + column / 8;
  auto bit = static_cast<uint8_t>(1U << (column % 8));
  if (has(DLC_RELU_GRADIENT) && !(read<uint8_t>(aux, byte) & bit))
    sum = 0;
  if (has(DLC_RELU_MASK)) {
    auto before = column % 8 == 0 ? uint8_t{0} : aux.bytes[byte];
    write(aux, byte, static_cast<uint8_t>(before | (sum > 0 ? bit : 0)));
  }
  if (has(DLC_GELU_GRADIENT))
    sum *= geluSlope(read<float>(aux, row * p.result_row + column));
  if (has(DLC_GELU_INPUT))
    write(aux, row * p.result_row + column, sum);
  if (has(DLC_GELU))
    return gelu(sum);
  return has(DLC_RELU) && sum < 0 ? 0.0F : sum;
}

void EmulatedProduct::multiply(int64_t batch) {
  auto columns = static_cast<size_t>(p.columns);
  for (int64_t k = 0; k < p.terms; ++k)
    for (int64_t n = 0; n < p.columns; ++n) {
      float value = 0;
      factors[static_cast<size_t>(k) * columns + static_cast<size_t>(n)] = factor(right, batch * p.right_batch + k * p.right_term + n * p.right_column, &value);
      rightSums[static_cast<size_t>(n)] += value;
    }
  for (int64_t m = 0; m < p.rows; ++m) {
    std::fill(line.begin(), line.end(), 0.0F);
    for (int64_t k = 0; k < p.terms; ++k) {
      float x = factor(left, batch * p.left_batch + m * p.left_row + k * p.left_term);
      const float *from = factors.data() + static_cast<size_t>(k) * columns;
      for (size_t n = 0; n < columns; ++n)
        line[n] += x * from[n];
    }
    for (int64_t n = 0; n < p.columns; ++n) {
      float value = finish(m, n, line[static_cast<size_t>(n)]);
      resultSums[static_cast<size_t>(n)] += value;
      write(result, batch * p.result_batch + m * p.result_row + n, value);
    }
  }
}

Status EmulatedProduct::run(const Find &find) {
  DLC_TRY(open(find));
  auto columns = static_cast<size_t>(p.columns);
  factors.resize(static_cast<size_t>(p.terms) * columns);
  for (auto *list : {&line, &resultSums, &rightSums})
    list->assign(columns, 0.0F);
  for (int64_t g = 0; g < p.batches; ++g)
    multiply(g);
  for (int64_t n = 0; n < p.columns && has(DLC_RIGHT_SUMS | DLC_RESULT_SUMS); ++n)
    write(sums, n, (has(DLC_RIGHT_SUMS) ? rightSums : resultSums)[static_cast<size_t>(n)]);
  return isUnwritten ? Status::run("a matrix product reads what nobody wrote") : Status();
}

} // namespace dlc::runtime
