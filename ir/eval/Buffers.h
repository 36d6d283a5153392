#ifndef DLC_IR_EVAL_BUFFERS_H
#define DLC_IR_EVAL_BUFFERS_H

#include "ir/Ops.h"

#include <limits>
#include <vector>

namespace dlc::ir::eval {

/// The elements of a tensor as `T` (double or int64_t): the tensor's own buffer where it has that type, else a converted copy.
template <typename T> class View {
public:
  explicit View(const Tensor &tensor);
  const T *data() const { return elements.data(); }
  T operator[](int64_t index) const { return elements[index]; }
  int64_t size() const { return static_cast<int64_t>(elements.size()); }

private:
  Tensor source; // keeps the buffer alive
  std::vector<T> copy;
  llvm::ArrayRef<T> elements;
};
extern template class View<double>;
extern template class View<int64_t>;
using Doubles = View<double>;
using Ints = View<int64_t>;

/// A tensor of `type` with these elements, each rounded (wrapped, for integers) once to the element type.
Tensor store(mlir::RankedTensorType type, llvm::ArrayRef<double> elements);
Tensor store(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> elements);

/// The nearest number of the format, of two equally near the one whose last bit is 0. What is too large for it becomes infinite, what is
/// smaller than the normal numbers of f32 becomes 0 of its sign first: these formats have the exponents of f32.
double roundedTo(Precision precision, double value);
/// The same for every element of a product's operand.
Tensor roundedTo(Precision precision, const Tensor &operand);

/// The type of result `index`; fails with a diagnostic where it has open sizes.
mlir::FailureOr<mlir::RankedTensorType> staticResult(mlir::Operation *op, unsigned index = 0);

/// Row-major strides, in elements.
llvm::SmallVector<int64_t> stridesOf(llvm::ArrayRef<int64_t> shape);

/// A place in a buffer for each index of a space: `start + Σ index·stride`, in elements.
struct Layout {
  int64_t start = 0;
  llvm::SmallVector<int64_t> strides;
};
/// Copies an element of `width` bytes for each index of `shape`.
void copyElements(llvm::ArrayRef<int64_t> shape, int64_t width, const void *from, const Layout &source, void *to,
                  const Layout &target);

/// Calls `body(offset)` in row-major order of `shape` with the offset that `layout` gives.
template <typename Body> void forEachIndex(llvm::ArrayRef<int64_t> shape, const Layout &layout, Body &&body) {
  for (int64_t size : shape)
    if (size == 0)
      return;
  llvm::SmallVector<int64_t> index(shape.size(), 0);
  int64_t offset = layout.start;
  int64_t last = static_cast<int64_t>(shape.size()) - 1;
  while (true) {
    body(offset);
    int64_t axis = last;
    for (; axis >= 0; --axis) {
      offset += layout.strides[axis];
      if (++index[axis] < shape[axis])
        break;
      offset -= layout.strides[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0)
      return;
  }
}

/// The sizes before, of and after an axis: element (o, i, n) of the three lies at `(o·size + i)·inner + n`.
struct AxisSpace {
  int64_t outer = 1, size = 1, inner = 1;
  AxisSpace(llvm::ArrayRef<int64_t> shape, int64_t axis);
};

inline bool isFloat(const Tensor &tensor) { return llvm::isa<mlir::FloatType>(tensor.elementType()); }

/// The least and greatest integer of an element type (of a boolean 0 and 1).
int64_t leastInteger(mlir::Type type);
int64_t greatestInteger(mlir::Type type);

} // namespace dlc::ir::eval

#endif
