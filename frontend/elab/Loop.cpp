// `for`: loops over lists are unrolled, all others run and carry what they assign (rule 25).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

namespace dlc::frontend {

/// What a run-time loop walks, taken apart: its bound and the tensors whose elements become arguments of the body.
struct LoopPlan {
  std::optional<Dim> bound;
  SourceRange boundRange;
  bool reverse = false;
  /// The axis that is walked, along which values are collected.
  std::optional<int64_t> axis;
  std::vector<Tensor> walked;
  mlir::Block *body = nullptr;
  bool failed = false;
};

static void setBound(Elaborator &elab, LoopPlan &plan, const Dim &bound, SourceRange range) {
  if (!plan.bound) {
    plan.bound = bound;
  } else if (!(*plan.bound == bound)) {
    elab.error(diag::walks_differ, range, plan.bound->str(), bound.str());
    plan.failed = true;
  } else if (plan.bound->written.isConstant()) {
    plan.bound = bound;
  }
}

/// The first pass finds the bound and emits what stands before the loop; the value returned describes an element: a size k for
/// walked tensor k, a range for an index, a record for several.
static Value planWalk(Elaborator &elab, const Value &original, SourceRange range, LoopPlan &plan, bool reversed, bool top) {
  Value value = original.is(ValueKind::PlaceRef) ? elab.read(original) : original;
  if (value.isError()) {
    plan.failed = true;
    return value;
  }
  if (value.is(ValueKind::Range)) {
    Dim count = value.asRange().high - value.asRange().low;
    if (auto number = count.constant(); number && *number < 0)
      count = Dim(0);
    setBound(elab, plan, count, range);
    return reversed ? Value::record({"backward"}, {value}) : value;
  }
  if (value.is(ValueKind::Walk)) {
    const WalkData &walk = value.asWalk();
    switch (walk.kind) {
    case WalkData::Kind::Reverse:
      if (top) {
        plan.reverse = !plan.reverse;
        return planWalk(elab, walk.parts[0], range, plan, reversed, true);
      }
      return planWalk(elab, walk.parts[0], range, plan, !reversed, false);
    case WalkData::Kind::Zip: {
      std::vector<Value> parts;
      for (const Value &part : walk.parts)
        parts.push_back(planWalk(elab, part, range, plan, reversed, false));
      return Value::tuple(std::move(parts));
    }
    case WalkData::Kind::Enumerate: {
      Value element = planWalk(elab, walk.parts[0], range, plan, reversed, false);
      if (!plan.bound)
        return Value::error();
      return Value::tuple({Value::range({Dim(0), *plan.bound}), element});
    }
    case WalkData::Kind::Along: {
      Value part = elab.read(walk.parts[0]);
      if (part.is(ValueKind::List))
        part = elab.toTensorValue(part, range);
      plan.failed |= part.isError();
      return elab.mapTree(part, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
        Tensor tensor = elab.toTensor(leaf, range);
        if (tensor.isError()) {
          plan.failed = true;
          return Value::error();
        }
        int64_t axis = walk.axis < 0 ? walk.axis + tensor.rank() : walk.axis;
        if (axis < 0 || axis >= tensor.rank()) {
          elab.error(diag::no_such_axis, range, walk.axis, counted(tensor.rank(), "axis", "axes"));
          plan.failed = true;
          return Value::error();
        }
        if (!plan.axis)
          plan.axis = axis;
        if (axis != 0) {
          llvm::SmallVector<int64_t> permutation{axis};
          for (int64_t i = 0; i < tensor.rank(); ++i)
            if (i != axis)
              permutation.push_back(i);
          tensor = elab.emit.transpose(tensor, permutation);
        }
        if (reversed)
          tensor = elab.emit.reverse(tensor, {0});
        setBound(elab, plan, tensor.shape[0], range);
        plan.walked.push_back(tensor);
        return Value::size(Dim(static_cast<int64_t>(plan.walked.size() - 1)));
      });
    }
    }
  }
  if (value.is(ValueKind::List)) {
    std::vector<Value> parts;
    for (const Value &item : value.items())
      parts.push_back(item);
    value = elab.toTensorValue(Value::list(std::move(parts)), range);
  }
  if (value.is(ValueKind::Record)) {
    std::vector<Value> items;
    for (const Value &item : value.items())
      items.push_back(planWalk(elab, item, range, plan, reversed, false));
    return Value::record(value.labels(), std::move(items));
  }
  if (!value.isTensor() || value.asTensor().rank() == 0) {
    if (!value.isError())
      elab.error(diag::cannot_walk, range, value.describe());
    plan.failed = true;
    return Value::error();
  }
  Tensor tensor = value.asTensor();
  if (reversed)
    tensor = elab.emit.reverse(tensor, {0});
  setBound(elab, plan, tensor.shape[0], range);
  plan.walked.push_back(tensor);
  return Value::size(Dim(static_cast<int64_t>(plan.walked.size() - 1)));
}

/// The second pass, inside the body: the element itself.
static Value makeElement(Elaborator &elab, const Value &element, const LoopPlan &plan) {
  switch (element.kind()) {
  case ValueKind::Size: {
    int64_t index = *element.asSize().constant();
    const Tensor &walked = plan.walked[index];
    Shape shape(llvm::ArrayRef(walked.shape.dims).drop_front());
    return Value::tensor(elab.emit.wrap(plan.body->getArgument(1 + static_cast<unsigned>(index)), walked.element, shape));
  }
  case ValueKind::Range: {
    const RangeData &range = element.asRange();
    Tensor index = elab.emit.wrap(plan.body->getArgument(0), ElementType::I64, {});
    elab.intervals[index.value] = {Dim(0), range.high - range.low};
    if (range.low.value == ir::SizeExpr(0))
      return Value::tensor(index);
    Tensor moved = elab.emit.binary(ir::BinaryFn::add, index, elab.emit.sizeTensor(range.low));
    return Value::tensor(moved);
  }
  case ValueKind::Record: {
    if (element.items().size() == 1 && element.labels()[0] == "backward") {
      const RangeData &range = element.items()[0].asRange();
      Tensor index = elab.emit.wrap(plan.body->getArgument(0), ElementType::I64, {});
      elab.intervals[index.value] = {Dim(0), range.high - range.low};
      return Value::tensor(elab.emit.binary(ir::BinaryFn::sub, elab.emit.sizeTensor(range.high - Dim(1)), index));
    }
    std::vector<Value> items;
    for (const Value &item : element.items())
      items.push_back(makeElement(elab, item, plan));
    return Value::record(element.labels(), std::move(items));
  }
  case ValueKind::List: {
    std::vector<Value> items;
    for (const Value &item : element.items())
      items.push_back(makeElement(elab, item, plan));
    return Value::list(std::move(items));
  }
  default:
    return Value::error();
  }
}

Value Elaborator::evalFor(const ast::ForExpr *expr) {
  Value walked = eval(expr->iterable);
  if (walked.isError()) {
    bindPattern(expr->pattern, walked, false, expr->iterable->range());
    return walked;
  }
  if (walked.is(ValueKind::List))
    return unroll(expr, walked);
  return runtimeFor(expr, walked);
}

Value Elaborator::unroll(const ast::ForExpr *expr, const Value &list) {
  active->passes.push_back("");
  std::vector<Value> values = unrollFrom(expr, list, 0, 0);
  active->passes.pop_back();
  return expr->body->value() ? Value::list(std::move(values)) : Value::tuple({});
}

Elaborator::Leave Elaborator::leave(const ast::BreakIfStmt *statement) {
  SourceRange range = statement->condition->range();
  Value condition = evalRead(statement->condition);
  if (condition.isError())
    return {};
  if (condition.is(ValueKind::Bool))
    return {condition.asBool(), std::nullopt};
  Tensor flag = toTensor(condition, range, ElementType::Bool);
  if (flag.isError())
    return {};
  if (flag.rank() == 0)
    return {false, flag};
  report(diag::condition_type, range, condition.describe()).help("`any` and `all` make one of many");
  return {};
}

/// The values of the passes from `pass` on, the first of which begins at `begin`. After a `break if` at run time all that
/// follows, later passes included, stands in a branch; where it is not taken, the values are zero.
std::vector<Value> Elaborator::unrollFrom(const ast::ForExpr *expr, const Value &list, size_t pass, size_t begin) {
  std::vector<Value> values;
  const ast::Expr *last = expr->body->value();
  llvm::ArrayRef<const ast::Stmt *> statements = expr->body->statements;
  for (; pass < list.items().size() && !exhausted && !active->failed; ++pass, begin = 0) {
    active->passes.back() = "[" + std::to_string(pass) + "]";
    if (begin == 0)
      bindPattern(expr->pattern, list.items()[pass], false, expr->iterable->range());
    for (size_t i = begin; i < statements.size() && !active->failed; ++i) {
      auto *stop = llvm::dyn_cast<ast::BreakIfStmt>(statements[i]);
      if (!stop) {
        if (last && i + 1 == statements.size())
          values.push_back(read(eval(last)));
        else
          execute(statements[i]);
        continue;
      }
      Leave when = leave(stop);
      if (when.always)
        return values;
      if (!when.flag)
        continue;
      promoteNumbers(active->file->assigned(*expr), expr->range());
      Value both = branch(*when.flag, [] { return Value(); }, [&]() -> Value {
            Value rest = materialized(Value::list(unrollFrom(expr, list, pass, i + 1)), expr->range());
            return Value::tuple({rest, Value::tensor(emit.constantInt(0, ElementType::Bool))}); }, true, true, stop->range());
      if (both.is(ValueKind::Record) && both.items().size() == 2)
        for (const Value &value : both.items()[0].items())
          values.push_back(value);
      return values;
    }
  }
  return values;
}

Value Elaborator::loopBody(llvm::ArrayRef<const ast::Stmt *> statements, Tensor &exit, SourceRange range) {
  for (size_t i = 0; i < statements.size(); ++i) {
    const ast::Stmt *statement = statements[i];
    if (auto *stop = llvm::dyn_cast<ast::BreakIfStmt>(statement)) {
      Leave when = leave(stop);
      if (when.always)
        error(diag::break_always, stop->range());
      if (!when.flag)
        continue;
      // The rest runs only if the loop goes on.
      Value both = branch(*when.flag, [] { return Value(); }, [&]() -> Value {
            Tensor inner;
            Value value = read(loopBody(statements.drop_front(i + 1), inner, range));
            if (value.isError())
              return value;
            value = mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) { return leaf; });
            if (value.isNumber())
              value = toTensorValue(value, range);
            if (inner.isError())
              inner = emit.constantInt(0, ElementType::Bool);
            return Value::tuple({value, Value::tensor(inner)}); }, true, true, stop->range());
      if (both.isError() || !both.is(ValueKind::Record))
        return Value::error();
      exit = both.items()[1].asTensor();
      return both.items()[0];
    }
    auto *last = llvm::dyn_cast<ast::ExprStmt>(statement);
    if (last && i + 1 == statements.size())
      return eval(last->expr);
    execute(statement);
  }
  return Value::tuple({});
}

namespace {

/// A loop that runs: its body is a region; what the body assigns is carried, what its last expression gives is collected.
class RuntimeLoop {
public:
  RuntimeLoop(Elaborator &elab, const ast::ForExpr *expr) : elab(elab), expr(expr), range(expr->range()), loc(elab.location(range)) {}

  Value run(const Value &walked) {
    Value element = planWalk(elab, walked, expr->iterable->range(), plan, false, true);
    if (plan.failed || !plan.bound || element.isError()) {
      elab.bindPattern(expr->pattern, Value::error(), false, expr->iterable->range());
      return Value::error();
    }
    evaluateBody(element);
    carryPlaces();
    ir::LoopOp op = build();
    writePlaces(op);
    if (!expr->body->value())
      return Value::tuple({});
    return structure.isError() ? Value::error() : collected(op);
  }

private:
  void evaluateBody(const Value &element) {
    plan.body = &region.emplaceBlock();
    plan.body->addArgument(tensorType(elab.context, ElementType::I64, {}), loc);
    for (const Tensor &tensor : plan.walked)
      plan.body->addArgument(tensorType(elab.context, tensor.element, Shape(llvm::ArrayRef(tensor.shape.dims).drop_front())), loc);
    fixed = plan.body->getNumArguments();
    elab.cx().push(RegionFrame::Kind::Loop, plan.body, range);
    elab.cx().loopIndices.push_back(plan.body->getArgument(0));
    elab.bindPattern(expr->pattern, makeElement(elab, element, plan), false, expr->iterable->range());
    Value value = elab.loopBody(expr->body->statements, exit, range);
    if (!value.isError())
      value = elab.read(value);
    if (expr->body->value() && !value.isError())
      gatherLeaves(value);
    elab.cx().loopIndices.pop_back();
    frame = elab.cx().pop();
  }

  /// The values to collect, as tensors, and the structure around them.
  void gatherLeaves(Value value) {
    bool failed = false;
    if (value.isNumber())
      value = elab.toTensorValue(value, range);
    structure = elab.mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
      if (!leaf.isTensor() || leaf.isError()) {
        failed = true;
        return leaf;
      }
      leaves.push_back(leaf.asTensor());
      return Value::size(Dim(static_cast<int64_t>(leaves.size() - 1)));
    });
    if (failed || value.isError())
      structure = Value::error();
  }

  /// Carries are all places that the body assigns; what it only reads comes from outside.
  void carryPlaces() {
    FunctionContext &cx = elab.cx();
    for (auto &[place, argument] : frame->carried)
      if (frame->written.contains(place))
        carries.push_back(place);
    for (Place *place : frame->written)
      if (!frame->carried.count(place)) {
        mlir::Value outer = cx.read(place, loc);
        frame->carried[place] = plan.body->addArgument(outer.getType(), loc);
        carries.push_back(place);
      }
    llvm::SmallVector<mlir::Value> yields;
    if (!exit.isError())
      yields.push_back(exit.value);
    for (Place *place : carries) {
      inits.push_back(cx.read(place, loc));
      yields.push_back(frame->current[place]);
    }
    for (const Tensor &leaf : leaves)
      yields.push_back(leaf.value);
    {
      mlir::OpBuilder::InsertionGuard guard(elab.builder());
      elab.builder().setInsertionPointToEnd(plan.body);
      ir::YieldOp::create(elab.builder(), loc, yields);
    }
    for (auto &[place, argument] : frame->carried)
      if (!frame->written.contains(place))
        cx.replace(argument, cx.read(place, loc));
    for (unsigned i = plan.body->getNumArguments(); i-- > fixed;)
      if (llvm::none_of(carries, [&](Place *place) { return frame->carried[place] == plan.body->getArgument(i); }))
        plan.body->eraseArgument(i);
    assert(llvm::is_sorted(carries, [&](Place *a, Place *b) { return frame->carried[a].getArgNumber() < frame->carried[b].getArgNumber(); }) &&
           "carries follow their arguments");
  }

  ir::LoopOp build() {
    llvm::SmallVector<mlir::Value> walked;
    for (const Tensor &tensor : plan.walked)
      walked.push_back(tensor.value);
    llvm::SmallVector<mlir::Type> types(mlir::ValueRange(inits).getTypes());
    for (const Tensor &leaf : leaves)
      types.push_back(tensorType(elab.context, leaf.element, stacked(leaf)));
    auto bound = ir::SymAttr::get(elab.context, llvm::ArrayRef<ir::SizeExpr>(plan.bound->value));
    auto op = ir::LoopOp::create(elab.builder(), loc, types, bound, plan.reverse, !exit.isError(), mlir::Value(), walked, inits,
                                 mlir::DenseI64ArrayAttr(), mlir::DenseI64ArrayAttr());
    op.getBody().takeBody(region);
    return op;
  }

  Shape stacked(const Tensor &leaf) const {
    Shape shape{*plan.bound};
    shape.dims.append(leaf.shape.begin(), leaf.shape.end());
    return shape;
  }

  void writePlaces(ir::LoopOp op) {
    for (auto [place, result] : llvm::zip(carries, op->getResults())) {
      SourceRange at = range;
      for (const WriteRecord &record : elab.cx().history)
        if (record.place == place)
          at = record.range;
      if (!place->name.empty())
        ir::setName(result, place->name);
      elab.cx().write(place, result, at, loc);
    }
  }

  /// What the passes gave: the walked axis goes back to its place, or as far as the value has axes.
  Value collected(ir::LoopOp op) {
    std::vector<Tensor> types;
    llvm::SmallVector<mlir::Value> values;
    for (auto [i, leaf] : llvm::enumerate(leaves)) {
      Tensor result = elab.emit.wrap(op->getResult(carries.size() + i), leaf.element, stacked(leaf));
      int64_t axis = std::min(plan.axis.value_or(0), result.rank() - 1);
      if (axis != 0) {
        auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, result.rank()));
        std::rotate(permutation.begin(), permutation.begin() + 1, permutation.begin() + axis + 1);
        result = elab.emit.transpose(result, permutation);
      }
      values.push_back(result.value);
      types.push_back(result);
    }
    return fillStructure(elab, structure, values, types);
  }

  Elaborator &elab;
  const ast::ForExpr *expr;
  SourceRange range;
  mlir::Location loc;
  LoopPlan plan;
  mlir::Region region;
  unsigned fixed = 0; ///< arguments of the body in front of the carries: the index and what is walked
  Tensor exit;
  std::vector<Tensor> leaves;
  Value structure;
  std::unique_ptr<RegionFrame> frame;
  llvm::SmallVector<Place *> carries;
  llvm::SmallVector<mlir::Value> inits;
};

} // namespace

Value Elaborator::runtimeFor(const ast::ForExpr *expr, const Value &walked) {
  promoteNumbers(active->file->assigned(*expr), expr->range());
  return RuntimeLoop(*this, expr).run(walked);
}

} // namespace dlc::frontend
