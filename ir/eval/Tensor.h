#ifndef DLC_IR_EVAL_TENSOR_H
#define DLC_IR_EVAL_TENSOR_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"

#include <memory>
#include <vector>

namespace dlc::ir::eval {

/// A tensor as the evaluator sees it: a static shape, an element type and a row-major buffer that copies share.
/// Elements lie as on every target: IEEE floats, little-endian integers, one byte for a boolean (0 or 1).
class Tensor {
public:
  Tensor() = default;
  /// A tensor of `type` (static shape) filled with zero bytes.
  explicit Tensor(mlir::RankedTensorType type);

  explicit operator bool() const { return storage != nullptr; }
  mlir::Type elementType() const { return element; }
  llvm::ArrayRef<int64_t> shape() const { return sizes; }
  int64_t rank() const { return static_cast<int64_t>(sizes.size()); }
  int64_t count() const { return elements; }
  /// Bytes of one element: a boolean takes one.
  int64_t elementBytes() const { return width; }
  int64_t bytes() const { return elements * width; }
  mlir::RankedTensorType type() const;

  const void *data() const { return storage->data(); }
  /// For the one that made the tensor, before it is shared.
  void *mutableData() { return storage->data(); }
  template <typename T> llvm::ArrayRef<T> as() const {
    return {static_cast<const T *>(data()), static_cast<size_t>(elements)};
  }

  /// Element `index` (row-major) as a double; integers up to 2^53 are exact, booleans 0 or 1.
  double getDouble(int64_t index) const;
  int64_t getInt(int64_t index) const;
  /// Rounds once to the element type; integers saturate as `dl.cast` does.
  void setDouble(int64_t index, double value);
  void setInt(int64_t index, int64_t value);

  /// The same buffer under another shape of as many elements.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;
  Tensor clone() const;

private:
  std::shared_ptr<std::vector<char>> storage;
  llvm::SmallVector<int64_t, 4> sizes;
  mlir::Type element;
  int64_t elements = 0;
  int64_t width = 0;
};

} // namespace dlc::ir::eval

#endif
