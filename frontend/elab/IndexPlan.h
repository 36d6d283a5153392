// An index taken apart, for reading by it and assigning to it.
#pragma once

#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

/// What happens along each axis of the base, and where new axes stand in the result.
struct Elaborator::IndexPlan {
  struct Axis {
    enum class Kind : uint8_t { Slice, Scalar, Indices } kind = Kind::Slice;
    /// Of the region taken: the first element, as a size or a run-time number.
    Dim start;
    std::optional<Tensor> runtimeStart;
    Dim count;
    int64_t step = 1;
    /// With a negative step: how many elements stand behind the first one taken.
    Dim behind;
    std::optional<Tensor> indices;
    SourceRange range;
    /// Where it starts is not a number yet.
    bool isMoved() const { return runtimeStart || !origin().constant(); }
    /// The first element taken, counted from the end that the step goes away from.
    const Dim &origin() const { return step < 0 ? behind : start; }
  };
  std::vector<Axis> axes;
  /// The result's axes before indices are gathered: a base axis, or -1 for a new one.
  llvm::SmallVector<int64_t> order;
  bool hasNew = false;
  llvm::SmallVector<int64_t> indexed;
};

/// The places that a slice with a step takes along its axis: i64, in order.
Tensor stepIndices(Elaborator &elab, const Elaborator::IndexPlan::Axis &axis);
/// Index tensors broadcast together, as one index into their axes taken as one.
Tensor linearIndices(Elaborator &elab, const Elaborator::IndexPlan &plan, const Tensor &base, SourceRange range);
/// The indexed axes as one.
Shape joined(const Elaborator::IndexPlan &plan, const Shape &shape);

} // namespace dlc::frontend
