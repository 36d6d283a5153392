// `if` and `for`, at compile time and at run time (rules 24, 25).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

Value Elaborator::evalIf(const ast::IfExpr *expr, bool wanted) {
  Value condition = evalRead(expr->condition);
  if (condition.isError())
    return condition;
  auto otherwise = [&]() -> Value {
    if (!expr->elseBranch)
      return Value::tuple({});
    if (auto *next = llvm::dyn_cast<ast::IfExpr>(expr->elseBranch))
      return evalIf(next, wanted);
    return eval(expr->elseBranch);
  };
  if (condition.is(ValueKind::Bool))
    return condition.asBool() ? eval(expr->thenBlock) : otherwise();
  if (!condition.isTensor() || condition.asTensor().element != ElementType::Bool)
    return error(diag::condition_type, expr->condition->range(), condition.describe());
  if (condition.asTensor().rank() != 0) {
    report(diag::condition_type, expr->condition->range(), condition.describe())
        .help("`where(condition, a, b)` chooses element by element; `any` and `all` make one of many");
    return Value::error();
  }
  promoteNumbers(active->file->assigned(*expr), expr->range());
  return branch(condition.asTensor(), [&] { return eval(expr->thenBlock); }, otherwise, wanted && expr->elseBranch, false, expr->range());
}

void Elaborator::promoteNumbers(llvm::ArrayRef<Local *> locals, SourceRange range) {
  for (Local *local : locals) {
    Environment::Cell *slot = local ? cell(local) : nullptr;
    if (!slot || !*slot || local->kind != LocalKind::Var)
      continue;
    if ((*slot)->isNumber()) {
      Tensor tensor = toTensor(**slot, range);
      if (!tensor.isError())
        **slot = varValue(Value::tensor(tensor), local->name, local->isVariable, local->range);
    }
  }
}

/// Brings the values of two branches to one structure and type: `a` and `b` become lists of leaves in their blocks.
static bool joinValues(Elaborator &elab, const Value &onTrue, const Value &onFalse, mlir::Block *blocks[2],
                       llvm::SmallVector<mlir::Value> yields[2], Value &structure, std::vector<Tensor> &types, SourceRange range) {
  auto structured = [](const Value &v) { return v.is(ValueKind::Record) || v.is(ValueKind::List); };
  auto atEnd = [&](int side, const Value &value, std::optional<ElementType> element) {
    mlir::OpBuilder::InsertionGuard guard(elab.builder());
    elab.builder().setInsertionPointToEnd(blocks[side]);
    return elab.toTensor(value, range, element);
  };
  if (structured(onTrue) && structured(onFalse) && onTrue.kind() == onFalse.kind()) {
    if (onTrue.items().size() != onFalse.items().size() || (onTrue.is(ValueKind::Record) && onTrue.labels() != onFalse.labels())) {
      elab.error(diag::branches_differ, range, onTrue.describe(), onFalse.describe());
      return false;
    }
    std::vector<Value> items;
    for (size_t i = 0; i < onTrue.items().size(); ++i) {
      Value item;
      if (!joinValues(elab, onTrue.items()[i], onFalse.items()[i], blocks, yields, item, types, range))
        return false;
      items.push_back(item);
    }
    structure = onTrue.is(ValueKind::Record) ? Value::record(onTrue.labels(), std::move(items)) : Value::list(std::move(items));
    return true;
  }
  if (onTrue.is(ValueKind::Instance) && onFalse.is(ValueKind::Instance) && onTrue.asInstance()->module == onFalse.asInstance()->module) {
    std::vector<TreeLeaf> a = elab.flatten(onTrue, false), b = elab.flatten(onFalse, false);
    if (a.size() == b.size()) {
      size_t k = 0;
      bool fine = true;
      structure = elab.mapTree(onTrue, [&](const Value &leaf, llvm::StringRef, bool isState) -> Value {
        if (isState)
          return leaf;
        Value joined;
        fine &= k < b.size() && joinValues(elab, leaf, b[k].value, blocks, yields, joined, types, range);
        ++k;
        return joined;
      });
      return fine;
    }
  }
  bool aNumber = onTrue.isNumber(), bNumber = onFalse.isNumber();
  std::optional<ElementType> element;
  if (onTrue.isTensor())
    element = onTrue.asTensor().element;
  else if (onFalse.isTensor())
    element = onFalse.asTensor().element;
  else if (onTrue.is(ValueKind::Float) || onFalse.is(ValueKind::Float))
    element = ElementType::F32;
  if ((!onTrue.isTensor() && !aNumber && !onTrue.is(ValueKind::List)) || (!onFalse.isTensor() && !bNumber && !onFalse.is(ValueKind::List))) {
    if (onTrue.isNone() && onFalse.isNone()) {
      structure = onTrue;
      return true;
    }
    elab.error(diag::branches_differ, range, onTrue.describe(), onFalse.describe());
    return false;
  }
  if (onFalse.isTensor() && element && widens(*element, onFalse.asTensor().element))
    element = onFalse.asTensor().element;
  Tensor a = atEnd(0, onTrue, element), b = atEnd(1, onFalse, element);
  if (a.isError() || b.isError())
    return false;
  if (!(a.shape == b.shape)) {
    elab.error(diag::branches_differ, range, onTrue.describe(), onFalse.describe());
    return false;
  }
  yields[0].push_back(a.value);
  yields[1].push_back(b.value);
  structure = Value::size(Dim(static_cast<int64_t>(types.size())));
  types.push_back(a);
  return true;
}

/// Puts results where joinValues left numbers.
static Value fillStructure(Elaborator &elab, const Value &structure, mlir::ValueRange results, const std::vector<Tensor> &types) {
  if (structure.is(ValueKind::Size)) {
    int64_t index = *structure.asSize().constant();
    return Value::tensor(elab.emit.wrap(results[index], types[index].element, types[index].shape));
  }
  if (structure.is(ValueKind::Instance)) {
    // The walk of mapTree does not see sizes as leaves: fill members by hand.
    auto copy = std::make_shared<Instance>(*structure.asInstance());
    for (Member &member : copy->members)
      if (member.kind == Member::Kind::Param || member.kind == Member::Kind::Value)
        member.value = fillStructure(elab, member.value, results, types);
    return Value::instance(copy);
  }
  if (!structure.is(ValueKind::Record) && !structure.is(ValueKind::List))
    return structure;
  std::vector<Value> items;
  for (const Value &item : structure.items())
    items.push_back(fillStructure(elab, item, results, types));
  return structure.is(ValueKind::Record) ? Value::record(structure.labels(), std::move(items)) : Value::list(std::move(items));
}

static Value zerosLike(Elaborator &elab, const Value &value) {
  return elab.mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
    if (!leaf.isTensor() || leaf.isError())
      return leaf;
    return Value::tensor(elab.emit.constant(0, leaf.asTensor().element, leaf.asTensor().shape));
  });
}

Value Elaborator::branch(const Tensor &condition, llvm::function_ref<Value()> onTrue, llvm::function_ref<Value()> onFalse,
                         bool wanted, bool zeros, SourceRange range) {
  mlir::Region regions[2];
  mlir::Block *blocks[2];
  Value values[2];
  std::unique_ptr<RegionFrame> frames[2];
  // With `zeros` the second side is elaborated first, as the first one takes its shapes.
  for (int turn = 0; turn < 2; ++turn) {
    int side = zeros ? 1 - turn : turn;
    blocks[side] = &regions[side].emplaceBlock();
    cx().push(RegionFrame::Kind::Branch, blocks[side], range);
    if (side == 0 && zeros) {
      values[0] = zerosLike(*this, values[1]);
      if (values[0].is(ValueKind::Record) && !values[0].items().empty()) {
        // The last item is the exit flag of a loop.
        std::vector<Value> items = values[0].items();
        items.back() = Value::tensor(emit.constantInt(1, ElementType::Bool));
        values[0] = Value::record(values[0].labels(), std::move(items));
      }
    } else {
      values[side] = side == 0 ? onTrue() : onFalse();
      if (wanted)
        values[side] = read(values[side]);
    }
    frames[side] = cx().pop();
  }
  llvm::SmallVector<mlir::Value> yields[2];
  Value structure;
  std::vector<Tensor> types;
  bool joined = false;
  if (wanted && !values[0].isError() && !values[1].isError()) {
    bool empty = (values[0].is(ValueKind::Record) && values[0].items().empty()) || (values[1].is(ValueKind::Record) && values[1].items().empty());
    if (!empty) {
      joined = joinValues(*this, values[0], values[1], blocks, yields, structure, types, range);
      if (!joined) {
        yields[0].clear();
        yields[1].clear();
        types.clear();
      }
    }
  }
  size_t valueCount = types.size();
  llvm::SetVector<Place *> written;
  for (auto &frame : frames)
    for (Place *place : frame->written)
      written.insert(place);
  llvm::SmallVector<mlir::Type> resultTypes;
  for (const Tensor &type : types)
    resultTypes.push_back(type.value.getType());
  mlir::Location loc = location(range);
  for (Place *place : written) {
    mlir::Value old = cx().read(place, loc);
    for (int side = 0; side < 2; ++side) {
      auto it = frames[side]->current.find(place);
      yields[side].push_back(it == frames[side]->current.end() ? old : it->second);
    }
    resultTypes.push_back(old.getType());
  }
  for (int side = 0; side < 2; ++side) {
    mlir::OpBuilder::InsertionGuard guard(builder());
    builder().setInsertionPointToEnd(blocks[side]);
    ir::YieldOp::create(builder(), loc, yields[side]);
  }
  auto op = ir::CondOp::create(builder(), loc, resultTypes, condition.value, mlir::DenseI64ArrayAttr(), mlir::DenseI64ArrayAttr());
  op.getThenRegion().takeBody(regions[0]);
  op.getElseRegion().takeBody(regions[1]);
  for (size_t i = 0; i < written.size(); ++i) {
    SourceRange at = range;
    for (const WriteRecord &record : cx().history)
      if (record.place == written[i])
        at = record.range;
    cx().write(written[i], op->getResult(valueCount + i), at, loc);
  }
  if (!wanted)
    return Value::tuple({});
  if (!joined)
    return values[0].isError() || values[1].isError() ? Value::error() : values[0].is(ValueKind::Record) && values[0].items().empty() ? Value::tuple({})
                                                                          : values[1].is(ValueKind::Record) && values[1].items().empty() ? Value::tuple({}) : Value::error();
  return fillStructure(*this, structure, op->getResults().take_front(valueCount), types);
}

// ------------------------------------------------------------------------------------------ loops

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
          elab.error(diag::no_such_axis, range, walk.axis, tensor.rank());
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
  std::vector<Value> values;
  bool collects = expr->body->value() != nullptr;
  for (size_t i = 0; i < list.items().size() && !exhausted; ++i) {
    active->passes.push_back("[" + std::to_string(i) + "]");
    bindPattern(expr->pattern, list.items()[i], false, expr->iterable->range());
    bool stopped = false;
    const ast::Expr *last = expr->body->value();
    for (const ast::Stmt *statement : expr->body->statements) {
      if (auto *leave = llvm::dyn_cast<ast::BreakIfStmt>(statement)) {
        Value condition = evalRead(leave->condition);
        if (condition.is(ValueKind::Bool))
          stopped = condition.asBool();
        else if (!condition.isError())
          refuse(leave->range(), "`break if` at run time in a loop over a list");
        if (stopped)
          break;
        continue;
      }
      if (last && statement == expr->body->statements.back())
        values.push_back(read(eval(last)));
      else
        execute(statement);
    }
    active->passes.pop_back();
    if (stopped)
      break;
  }
  return collects ? Value::list(std::move(values)) : Value::tuple({});
}

Value Elaborator::loopBody(llvm::ArrayRef<const ast::Stmt *> statements, Tensor &exit, SourceRange range) {
  for (size_t i = 0; i < statements.size(); ++i) {
    const ast::Stmt *statement = statements[i];
    if (auto *leave = llvm::dyn_cast<ast::BreakIfStmt>(statement)) {
      Value condition = evalRead(leave->condition);
      if (condition.isError())
        continue;
      if (condition.is(ValueKind::Bool)) {
        if (condition.asBool())
          error(diag::break_always, leave->range());
        continue;
      }
      Tensor flag = toTensor(condition, leave->condition->range(), ElementType::Bool);
      if (flag.isError())
        continue;
      if (flag.rank() != 0) {
        report(diag::condition_type, leave->condition->range(), condition.describe()).help("`any` and `all` make one of many");
        continue;
      }
      // The rest runs only if the loop goes on.
      Value both = branch(flag, [] { return Value(); }, [&]() -> Value {
            Tensor inner;
            Value value = read(loopBody(statements.drop_front(i + 1), inner, range));
            if (value.isError())
              return value;
            value = mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) { return leaf; });
            if (value.isNumber())
              value = toTensorValue(value, range);
            if (inner.isError())
              inner = emit.constantInt(0, ElementType::Bool);
            return Value::tuple({value, Value::tensor(inner)}); }, true, true, leave->range());
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

Value Elaborator::runtimeFor(const ast::ForExpr *expr, const Value &walked) {
  SourceRange range = expr->range();
  promoteNumbers(active->file->assigned(*expr), range);
  LoopPlan plan;
  Value element = planWalk(*this, walked, expr->iterable->range(), plan, false, true);
  if (plan.failed || !plan.bound || element.isError()) {
    bindPattern(expr->pattern, Value::error(), false, expr->iterable->range());
    return Value::error();
  }
  mlir::Location loc = location(range);
  mlir::Region region;
  plan.body = &region.emplaceBlock();
  plan.body->addArgument(tensorType(context, ElementType::I64, {}), loc);
  for (const Tensor &tensor : plan.walked)
    plan.body->addArgument(tensorType(context, tensor.element, Shape(llvm::ArrayRef(tensor.shape.dims).drop_front())), loc);
  unsigned fixed = plan.body->getNumArguments();
  cx().push(RegionFrame::Kind::Loop, plan.body, range);
  cx().loopIndices.push_back(plan.body->getArgument(0));
  bindPattern(expr->pattern, makeElement(*this, element, plan), false, expr->iterable->range());
  Tensor exit;
  Value value = loopBody(expr->body->statements, exit, range);
  if (!value.isError())
    value = read(value);
  bool collects = expr->body->value() != nullptr;
  // The values to collect, as tensors.
  std::vector<Tensor> leaves;
  Value structure;
  if (collects && !value.isError()) {
    bool failed = false;
    if (value.isNumber())
      value = toTensorValue(value, range);
    structure = mapTree(value, [&](const Value &leaf, llvm::StringRef, bool) -> Value {
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
  cx().loopIndices.pop_back();
  std::unique_ptr<RegionFrame> frame = cx().pop();
  // Carries: all that the body assigns; what it only reads comes from outside.
  llvm::SmallVector<Place *> carries;
  llvm::SmallVector<mlir::Value> inits, yields;
  for (auto &[place, argument] : frame->carried)
    if (frame->written.contains(place))
      carries.push_back(place);
  for (Place *place : frame->written)
    if (!frame->carried.count(place)) {
      mlir::Value outer = cx().read(place, loc);
      frame->carried[place] = plan.body->addArgument(outer.getType(), loc);
      carries.push_back(place);
    }
  if (!exit.isError())
    yields.push_back(exit.value);
  for (Place *place : carries) {
    inits.push_back(cx().read(place, loc));
    yields.push_back(frame->current[place]);
  }
  for (const Tensor &leaf : leaves)
    yields.push_back(leaf.value);
  {
    mlir::OpBuilder::InsertionGuard guard(builder());
    builder().setInsertionPointToEnd(plan.body);
    ir::YieldOp::create(builder(), loc, yields);
  }
  for (auto &[place, argument] : frame->carried)
    if (!frame->written.contains(place))
      cx().replace(argument, cx().read(place, loc));
  for (unsigned i = plan.body->getNumArguments(); i-- > fixed;) {
    bool kept = llvm::any_of(carries, [&](Place *place) { return frame->carried[place] == plan.body->getArgument(i); });
    if (!kept)
      plan.body->eraseArgument(i);
  }
  // The arguments stand in the order in which they were made; so do the carries.
  llvm::SmallVector<std::pair<unsigned, unsigned>> order;
  for (unsigned i = 0; i < carries.size(); ++i)
    order.push_back({frame->carried[carries[i]].getArgNumber(), i});
  bool sorted = llvm::is_sorted(order);
  (void)sorted;
  assert(sorted && "carries follow their arguments");
  llvm::SmallVector<mlir::Value> walkedValues;
  for (const Tensor &tensor : plan.walked)
    walkedValues.push_back(tensor.value);
  llvm::SmallVector<mlir::Type> resultTypes;
  for (mlir::Value init : inits)
    resultTypes.push_back(init.getType());
  std::vector<Shape> stacked;
  for (const Tensor &leaf : leaves) {
    Shape shape{*plan.bound};
    shape.dims.append(leaf.shape.begin(), leaf.shape.end());
    stacked.push_back(shape);
    resultTypes.push_back(tensorType(context, leaf.element, shape));
  }
  auto bound = ir::SymAttr::get(context, llvm::ArrayRef<ir::SizeExpr>(plan.bound->value));
  auto op = ir::LoopOp::create(builder(), loc, resultTypes, bound, plan.reverse, !exit.isError(), mlir::Value(), walkedValues, inits,
                               mlir::DenseI64ArrayAttr(), mlir::DenseI64ArrayAttr());
  op.getBody().takeBody(region);
  for (size_t i = 0; i < carries.size(); ++i) {
    SourceRange at = range;
    for (const WriteRecord &record : cx().history)
      if (record.place == carries[i])
        at = record.range;
    cx().write(carries[i], op->getResult(i), at, loc);
  }
  if (!collects)
    return Value::tuple({});
  if (structure.isError())
    return Value::error();
  std::vector<Tensor> types;
  llvm::SmallVector<mlir::Value> collected;
  for (size_t i = 0; i < leaves.size(); ++i) {
    Tensor result = emit.wrap(op->getResult(carries.size() + i), leaves[i].element, stacked[i]);
    // The walked axis goes back to its place, or as far as the value has axes.
    int64_t axis = std::min(plan.axis.value_or(0), result.rank() - 1);
    if (axis != 0) {
      llvm::SmallVector<int64_t> permutation;
      for (int64_t k = 1; k <= axis; ++k)
        permutation.push_back(k);
      permutation.push_back(0);
      for (int64_t k = axis + 1; k < result.rank(); ++k)
        permutation.push_back(k);
      result = emit.transpose(result, permutation);
    }
    collected.push_back(result.value);
    types.push_back(result);
  }
  return fillStructure(*this, structure, collected, types);
}

} // namespace dlc::frontend
