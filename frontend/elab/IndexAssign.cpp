// Assigning to parts of tensors by index (rules 12 and 23).
#include "frontend/elab/IndexPlan.h"

namespace dlc::frontend {

namespace {

/// The part of a tensor that slices take, some of them with steps, and the way back: axis by axis, the part taken by the axes so far
/// with what the next axis takes of it replaced.
class SteppedPart {
public:
  SteppedPart(Elaborator &elab, const Tensor &base, const Elaborator::IndexPlan &plan) : elab(elab) {
    Elaborator::IndexPlan whole = plan;
    for (int64_t i = 0; i < base.rank(); ++i)
      if (Elaborator::IndexPlan::Axis &axis = whole.axes[i]; axis.step != 1) {
        axis.start = Dim(0);
        axis.runtimeStart.reset();
        axis.step = 1;
        axis.count = base.shape[i];
      }
    taken = elab.takeRegion(base, whole);
    for (int64_t i = 0; i < base.rank(); ++i)
      if (plan.axes[i].step != 1) {
        steps.push_back({i, taken, stepIndices(elab, plan.axes[i])});
        taken = elab.emit.gather(taken, steps.back().indices, i);
      }
  }

  /// `part` has the shape of `taken`; the result that of the region without steps.
  Tensor put(Tensor part) {
    for (const Step &step : llvm::reverse(steps))
      part = elab.emit.scatter(ir::ScatterFn::set, step.from, step.indices, part, step.axis);
    return part;
  }

  Tensor taken;

private:
  struct Step {
    int64_t axis;
    Tensor from, indices;
  };
  Elaborator &elab;
  std::vector<Step> steps;
};

} // namespace

void Elaborator::assignIndexed(const ast::AssignStmt *statement, const ast::IndexExpr *target) {
  Value base = eval(target->base);
  Value value = evalRead(statement->value);
  if (base.isError() || value.isError())
    return;
  SourceRange range = statement->range();
  if (base.is(ValueKind::List) && !isTree(base) && !base.items().empty()) {
    // A list of numbers becomes the tensor that it stands for.
    Value tensor = toTensorValue(base, target->base->range());
    if (tensor.isError())
      return;
    assignTo(target->base, tensor, target->base->range());
    base = eval(target->base);
    if (base.isError())
      return;
  }
  if (!base.is(ValueKind::PlaceRef)) {
    report(diag::not_a_place, target->base->range(), base.describe()).help(placesAre);
    return;
  }
  Place *place = base.asPlace();
  Tensor old = toTensor(base, target->base->range());
  IndexPlan plan;
  Restore<SourceRange> at(current, range);
  if (old.isError() || !planIndex(target, old, plan))
    return;
  current = range;
  if (plan.hasNew) {
    error(diag::not_a_place, target->range(), "an index with `none`");
    return;
  }
  if (!plan.indexed.empty() && (statement->op == ast::AssignOp::Mul || statement->op == ast::AssignOp::Div)) {
    error(diag::scaled_scatter, range, spelling(statement->op));
    return;
  }
  SteppedPart stepped(*this, old, plan);
  Tensor region = stepped.taken;
  // The shape that reading gives: the value is broadcast to it.
  Tensor indices;
  Shape part;
  if (!plan.indexed.empty()) {
    indices = linearIndices(*this, plan, region, range);
    if (indices.isError())
      return;
  }
  for (int64_t axis : plan.order) {
    if (plan.axes[axis].kind != IndexPlan::Axis::Kind::Indices)
      part.push_back(region.shape[axis]);
    else if (axis == plan.indexed.front())
      part.dims.append(indices.shape.begin(), indices.shape.end());
  }
  Tensor update = broadcastTo(toTensor(value, statement->value->range(), place->element), part, range, "the value");
  if (update.isError())
    return;
  Tensor next;
  if (plan.indexed.empty()) {
    if (statement->op != ast::AssignOp::Set) {
      Tensor present = emit.reshape(region, part);
      ast::BinaryOp op = statement->op == ast::AssignOp::Add   ? ast::BinaryOp::Add
                         : statement->op == ast::AssignOp::Sub ? ast::BinaryOp::Sub
                         : statement->op == ast::AssignOp::Mul ? ast::BinaryOp::Mul
                                                               : ast::BinaryOp::Div;
      Value combined = binaryValue(op, Value::tensor(present), Value::tensor(update), range);
      if (combined.isError())
        return;
      update = combined.asTensor();
    }
    next = emit.reshape(update, region.shape);
  } else {
    Shape flat;
    Shape whole = joined(plan, region.shape);
    for (int64_t i = 0; i < whole.rank(); ++i) {
      if (i == plan.indexed.front())
        flat.dims.append(indices.shape.begin(), indices.shape.end());
      else
        flat.push_back(whole[i]);
    }
    update = emit.reshape(update, flat);
    if (statement->op == ast::AssignOp::Sub)
      update = emit.unary(ir::UnaryFn::neg, update);
    Tensor scattered = emit.scatter(statement->op == ast::AssignOp::Set ? ir::ScatterFn::set : ir::ScatterFn::add,
                                    emit.reshape(region, whole), indices, update, plan.indexed.front());
    next = emit.reshape(scattered, region.shape);
  }
  next = stepped.put(next);
  if (!next.isError() && !(next.shape == old.shape)) {
    llvm::SmallVector<Tensor> starts;
    for (const IndexPlan::Axis &axis : plan.axes)
      starts.push_back(axis.step != 1 ? emit.constantInt(0) : axis.runtimeStart ? *axis.runtimeStart : emit.sizeTensor(axis.start));
    next = emit.dynamicUpdate(old, next, starts);
  }
  if (next.isError())
    return;
  writePlace(place, Value::tensor(next), range);
}

} // namespace dlc::frontend
