// `if`, at compile time and at run time (rule 24).
#include "frontend/elab/Elaborator.h"

#include "ir/Names.h"

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

static bool isNumbers(const Value &value) {
  return value.isNumber() || (value.is(ValueKind::List) && !value.items().empty() && llvm::all_of(value.items(), isNumbers));
}

/// A record with a number, or a list of numbers, at one of its leaves.
static bool holdsNumbers(const Value &value) {
  if (value.is(ValueKind::Record))
    return llvm::any_of(value.items(), holdsNumbers);
  return isNumbers(value);
}

static Value numbersAsTensors(Elaborator &elab, const Value &value, SourceRange range) {
  if (isNumbers(value))
    return elab.toTensorValue(value, range);
  if (!value.is(ValueKind::Record))
    return value;
  std::vector<Value> items;
  for (const Value &item : value.items()) {
    items.push_back(numbersAsTensors(elab, item, range));
    if (items.back().isError())
      return Value::error();
  }
  return Value::record(value.labels(), std::move(items));
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
    } else if ((*slot)->is(ValueKind::Record) && holdsNumbers(**slot)) {
      Value tensors = numbersAsTensors(*this, read(**slot), range);
      if (!tensors.isError())
        **slot = varValue(tensors, local->name, local->isVariable, local->range);
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
Value fillStructure(Elaborator &elab, const Value &structure, mlir::ValueRange results, const std::vector<Tensor> &types) {
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
    if (!written[i]->name.empty())
      ir::setName(op->getResult(valueCount + i), written[i]->name);
    cx().write(written[i], op->getResult(valueCount + i), at, loc);
  }
  if (!wanted)
    return Value::tuple({});
  if (!joined)
    return values[0].isError() || values[1].isError()                     ? Value::error()
           : values[0].is(ValueKind::Record) && values[0].items().empty() ? Value::tuple({})
           : values[1].is(ValueKind::Record) && values[1].items().empty() ? Value::tuple({})
                                                                          : Value::error();
  return fillStructure(*this, structure, op->getResults().take_front(valueCount), types);
}

} // namespace dlc::frontend
