#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <array>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

namespace {

/// The sizes of a convolution, with leading spatial axes of size 1 up to three.
struct Geometry {
  int64_t images = 1, inputChannels = 1, filters = 1, groups = 1;
  std::array<int64_t, 3> x{1, 1, 1}, y{1, 1, 1}, k{1, 1, 1}, stride{1, 1, 1}, low{0, 0, 0}, dilation{1, 1, 1};

  Geometry(ConvOp op, ArrayRef<int64_t> image, ArrayRef<int64_t> weight, ArrayRef<int64_t> result)
      : images(image[0]), inputChannels(image.back()), filters(result.back()), groups(op.getGroups()) {
    int64_t rank = static_cast<int64_t>(op.getStride().size()), first = 3 - rank;
    for (int64_t axis = 0; axis < rank; ++axis) {
      x[first + axis] = image[1 + axis];
      y[first + axis] = result[1 + axis];
      k[first + axis] = weight[axis];
      stride[first + axis] = op.getStride()[axis];
      low[first + axis] = op.getLow()[axis];
      dilation[first + axis] = op.getDilation()[axis];
    }
  }

  /// The image's index for an output and a tap; negative where it lies in the padding.
  int64_t input(int axis, int64_t o, int64_t tap) const {
    int64_t i = o * stride[axis] + tap * dilation[axis] - low[axis];
    return i < x[axis] ? i : -1;
  }

  /// Calls `body(pixel of x, tap of w, pixel of y)` for all pairs inside of the image. The numbers count vectors of channels.
  template <typename Body> void forEachTap(Body &&body) const {
    for (int64_t n = 0; n < images; ++n)
      for (int64_t o0 = 0; o0 < y[0]; ++o0)
        for (int64_t o1 = 0; o1 < y[1]; ++o1)
          for (int64_t o2 = 0; o2 < y[2]; ++o2)
            for (int64_t k0 = 0; k0 < k[0]; ++k0)
              for (int64_t k1 = 0; k1 < k[1]; ++k1)
                for (int64_t k2 = 0; k2 < k[2]; ++k2) {
                  int64_t i0 = input(0, o0, k0), i1 = input(1, o1, k1), i2 = input(2, o2, k2);
                  if (i0 < 0 || i1 < 0 || i2 < 0)
                    continue;
                  body(((n * x[0] + i0) * x[1] + i1) * x[2] + i2, (k0 * k[1] + k1) * k[2] + k2,
                       ((n * y[0] + o0) * y[1] + o1) * y[2] + o2);
                }
  }
};

/// Adds the products of all taps to one of the three buffers; the other two are read. All in f64.
void accumulate(ConvKind kind, const Geometry &geometry, double *x, double *w, double *y) {
  int64_t channels = geometry.inputChannels / geometry.groups, block = geometry.filters / geometry.groups;
  geometry.forEachTap([&](int64_t pixel, int64_t tap, int64_t output) {
    for (int64_t group = 0; group < geometry.groups; ++group) {
      double *image = x + pixel * geometry.inputChannels + group * channels;
      double *result = y + output * geometry.filters + group * block;
      for (int64_t c = 0; c < channels; ++c) {
        double *weight = w + (tap * channels + c) * geometry.filters + group * block;
        if (kind == ConvKind::forward) {
          for (int64_t f = 0; f < block; ++f)
            result[f] += image[c] * weight[f];
        } else if (kind == ConvKind::weight) {
          for (int64_t f = 0; f < block; ++f)
            weight[f] += image[c] * result[f];
        } else {
          double sum = 0;
          for (int64_t f = 0; f < block; ++f)
            sum += result[f] * weight[f];
          image[c] += sum;
        }
      }
    }
  });
}

std::vector<double> copied(const Tensor &tensor) {
  Doubles elements(tensor);
  return {elements.data(), elements.data() + elements.size()};
}

} // namespace

LogicalResult ConvOp::evaluate(ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results, Environment &environment) {
  FailureOr<RankedTensorType> type = staticResult(*this);
  if (failed(type))
    return failure();
  std::vector<double> lhs = copied(environment.factor(*this, getPrecision(), operands[0]));
  std::vector<double> rhs = copied(environment.factor(*this, getPrecision(), operands[1]));
  std::vector<double> out(Tensor(*type).count());
  ArrayRef<int64_t> left = operands[0].shape(), right = operands[1].shape(), shape = type->getShape();
  switch (getKind()) {
  case ConvKind::forward:
    accumulate(getKind(), Geometry(*this, left, right, shape), lhs.data(), rhs.data(), out.data());
    break;
  case ConvKind::input:
    accumulate(getKind(), Geometry(*this, shape, right, left), out.data(), rhs.data(), lhs.data());
    break;
  case ConvKind::weight:
    accumulate(getKind(), Geometry(*this, left, shape, right), lhs.data(), out.data(), rhs.data());
    break;
  }
  results.push_back(store(*type, out));
  return success();
}
