#ifndef DLC_CODEGEN_INDEX_H
#define DLC_CODEGEN_INDEX_H

#include "codegen/common/LoopBuilder.h"

namespace dlc::codegen {

/// One number for each lane of a vector: the same in all (`uniform`), in equal steps (`ramp`), or any.
struct Lane {
  mlir::Value base;      // i64; null where `vec` is set
  int64_t stride = 0;    // from lane to lane
  mlir::Value vec;       // vector of lanes, of `LaneMath::laneType`
  int64_t align = 1;     // a number that divides `base`; 0 is divided by all
  bool uniform() const { return !vec && stride == 0; }
  bool operator==(const Lane &o) const { return base == o.base && stride == o.stride && vec == o.vec; }
};

/// Which lanes count: those for which both are true; null is true.
struct Mask {
  mlir::Value scalar; // i1
  mlir::Value vector; // vector<lanes x i1>
  explicit operator bool() const { return scalar || vector; }
};

/// Elements of a tensor, one for each of `lanes` lanes: by axis, by row-major number, or both.
struct Index {
  int64_t lanes = 1;
  llvm::SmallVector<Lane, 4> axes; // empty and `linear` set: not computed yet
  std::optional<Lane> linear;
  bool uniform() const;
};

/// Arithmetic on lanes. Every operation is emitted at the level of its operands.
class LaneMath {
public:
  /// `wide`: some number does not fit 31 bits.
  LaneMath(LoopBuilder &loops, bool wide);

  Lane constant(int64_t value);
  Lane uniform(mlir::Value base, int64_t align = 1) { return {base, 0, {}, align}; }
  Lane ramp(mlir::Value base, int64_t align = 1) { return {base, 1, {}, align}; }
  /// The lane as a vector of `laneType`.
  mlir::Value vector(const Lane &lane, int64_t lanes);
  /// The lane as data of an integer type (a scalar where it is uniform).
  mlir::Value data(const Lane &lane, int64_t lanes, mlir::Type type);

  Lane add(const Lane &a, const Lane &b, int64_t lanes);
  Lane sub(const Lane &a, const Lane &b, int64_t lanes);
  Lane addConstant(const Lane &a, int64_t c, int64_t lanes) { return add(a, constant(c), lanes); }
  Lane mulConstant(const Lane &a, int64_t c, int64_t lanes);
  /// Quotient and remainder by a positive number; the lane is not negative.
  std::pair<Lane, Lane> divRem(const Lane &a, int64_t d, int64_t lanes);
  /// Compares with a number.
  Mask compare(mlir::arith::CmpIPredicate predicate, const Lane &a, int64_t c, int64_t lanes);
  Mask both(const Mask &a, const Mask &b);
  /// `0 ≤ a < n`, as one unsigned comparison.
  Mask inside(const Lane &a, int64_t n, int64_t lanes);

  /// The row-major number of an index into a shape.
  const Lane &linear(Index &index, llvm::ArrayRef<int64_t> shape);
  /// The index by axis.
  llvm::ArrayRef<Lane> axes(Index &index, llvm::ArrayRef<int64_t> shape);
  /// The index of the same element under another shape.
  Index reshape(Index &index, llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

  mlir::Type laneType() const { return type; }
  LoopBuilder &loops;

private:
  mlir::Type type;
};

/// Mask as one value for `lanes` lanes: a vector, or a scalar i1 for one lane; null where all lanes count.
mlir::Value maskValue(LoopBuilder &loops, const Mask &mask, int64_t lanes);

inline int64_t product(llvm::ArrayRef<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

} // namespace dlc::codegen

#endif
