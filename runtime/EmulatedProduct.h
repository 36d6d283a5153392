// What a library of matrix products would compute, on the emulated device.
#pragma once

#include "runtime/EmulatedLaunch.h"
#include "runtime/abi.h"

#include <functional>
#include <vector>

namespace dlc::runtime {

/// One product with its epilogue, in plain loops: sums in the order of their terms, factors rounded as the product says. In a mask bit n % 8 of byte n / 8 of
/// a row is for column n.
class EmulatedProduct {
public:
  using Find = std::function<EmulatedMemory *(const void *address, size_t bytes)>;
  EmulatedProduct(const dlc_product &product, const dlc_product_memory &memory) : p(product), memory(memory) {}
  /// `find`: the memory of the device that holds so many bytes, null where there is none. Fails where a tensor is missing, lies outside of it or at no
  /// multiple of 16 bytes, or where what is read was not written.
  Status run(const Find &find);

private:
  /// Bytes of the device, with the marks of which of them are written.
  struct View {
    uint8_t *bytes = nullptr, *marks = nullptr;
  };
  bool has(int32_t epilogue) const { return (p.epilogue & epilogue) != 0; }
  Status open(const Find &find);
  template <typename T> T read(const View &view, int64_t place);
  template <typename T> void write(const View &view, int64_t place, T value);
  /// A factor of `view`, with the precision of the product; `exact` is how it lies there.
  float factor(const View &view, int64_t place, float *exact = nullptr);
  void multiply(int64_t batch);
  /// What follows the sum of one element.
  float finish(int64_t row, int64_t column, float sum);

  dlc_product p;
  dlc_product_memory memory;
  View left, right, bias, aux, sums, result;
  std::vector<float> factors, line, resultSums, rightSums;
  bool isUnwritten = false;
};

} // namespace dlc::runtime
