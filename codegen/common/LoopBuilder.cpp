#include "codegen/common/LoopBuilder.h"

#include "mlir/IR/Matchers.h"

#include <algorithm>

using namespace mlir;

namespace dlc::codegen {

Type lanesOf(Type scalar, int64_t lanes) { return lanes == 1 ? scalar : VectorType::get({lanes}, scalar); }

Type likeShape(Type scalar, Type like) {
  auto vector = dyn_cast<VectorType>(like);
  return vector ? VectorType::get(vector.getShape(), scalar) : scalar;
}

LoopBuilder::LoopBuilder(Location loc, Block *entry) : b(loc, loc.getContext()), entry(entry) {
  open(entry, nullptr);
}

void LoopBuilder::open(Block *block, Operation *owner) {
  scopes.push_back(std::make_unique<Scope>(Scope{block, owner, nullptr, {}}));
}

unsigned LoopBuilder::levelOf(Value value) const {
  Block *block = value.getParentBlock();
  for (unsigned level = 0; level < scopes.size(); ++level)
    if (scopes[level]->block == block)
      return level;
  return depth();
}

bool LoopBuilder::isOpen(Value value) const {
  return llvm::any_of(scopes, [&](auto &scope) { return scope->block == value.getParentBlock(); });
}

unsigned LoopBuilder::levelOf(ArrayRef<Value> values) const {
  unsigned level = 0;
  for (Value value : values)
    if (value)
      level = std::max(level, levelOf(value));
  return level;
}

void LoopBuilder::moveTo(unsigned level) {
  Scope &scope = *scopes[level];
  if (level < depth())
    b.setInsertionPoint(scopes[level + 1]->owner);
  else if (scope.pin)
    b.setInsertionPoint(scope.pin);
  else if (!scope.block->empty() && scope.block->back().hasTrait<OpTrait::IsTerminator>())
    b.setInsertionPoint(&scope.block->back());
  else
    b.setInsertionPointToEnd(scope.block);
}

LoopBuilder::AtLevel::AtLevel(LoopBuilder &loops, unsigned level) : loops(loops), level(level) {
  pin = loops.scopes[level]->pin;
  if (level == loops.depth())
    return;
  for (unsigned l = level + 1; l < loops.scopes.size(); ++l)
    hidden.push_back(std::move(loops.scopes[l]));
  loops.scopes.resize(level + 1);
  loops.scopes[level]->pin = hidden.front()->owner;
}

LoopBuilder::AtLevel::~AtLevel() {
  loops.scopes.resize(level + 1);
  loops.scopes[level]->pin = pin;
  for (auto &scope : hidden)
    loops.scopes.push_back(std::move(scope));
}

SmallVector<Value> LoopBuilder::forLoop(Value lower, Value upper, int64_t step, ValueRange inits, Body body, int64_t unroll) {
  auto first = constantOf(lower), last = constantOf(upper);
  if (first && last) {
    int64_t passes = *last <= *first ? 0 : (*last - *first + step - 1) / step;
    if (passes <= unroll) {
      SmallVector<Value> carried(inits);
      for (int64_t pass = 0; pass < passes; ++pass)
        carried = body(i64(*first + pass * step), carried);
      return carried;
    }
  }
  Value stepValue = i64(step);
  moveToTop();
  auto loop = scf::ForOp::create(b, lower, upper, stepValue, inits);
  open(loop.getBody(), loop);
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!inits.empty()) {
    moveToTop();
    scf::YieldOp::create(b, next);
  }
  close();
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> LoopBuilder::ifElse(Value condition, TypeRange types, llvm::function_ref<SmallVector<Value>()> thenBody,
                                       llvm::function_ref<SmallVector<Value>()> elseBody) {
  moveToTop();
  auto branch = scf::IfOp::create(b, types, condition, /*addThenBlock=*/true, /*addElseBlock=*/static_cast<bool>(elseBody));
  auto emit = [&](Block *block, llvm::function_ref<SmallVector<Value>()> body) {
    open(block, branch);
    SmallVector<Value> values = body();
    moveToTop();
    if (block->empty() || !block->back().hasTrait<OpTrait::IsTerminator>())
      scf::YieldOp::create(b, values);
    close();
  };
  emit(branch.thenBlock(), thenBody);
  if (elseBody)
    emit(branch.elseBlock(), elseBody);
  return SmallVector<Value>(branch.getResults());
}

SmallVector<Value> LoopBuilder::whileLoop(ValueRange inits, llvm::function_ref<Value(ValueRange)> condition,
                                          llvm::function_ref<SmallVector<Value>(ValueRange)> body) {
  moveToTop();
  auto loop = scf::WhileOp::create(b, TypeRange(inits), inits);
  SmallVector<Location> locs(inits.size(), b.getLoc());
  Block *before = new Block(), *after = new Block();
  loop.getBefore().push_back(before);
  loop.getAfter().push_back(after);
  before->addArguments(TypeRange(inits), locs);
  after->addArguments(TypeRange(inits), locs);
  open(before, loop);
  Value go = condition(before->getArguments());
  moveToTop();
  scf::ConditionOp::create(b, go, before->getArguments());
  close();
  open(after, loop);
  SmallVector<Value> next = body(after->getArguments());
  moveToTop();
  scf::YieldOp::create(b, next);
  close();
  return SmallVector<Value>(loop.getResults());
}

void LoopBuilder::rehearse(int64_t size, llvm::function_ref<void(Value)> body) {
  Value lower = i64(0), upper = i64(size), step = i64(1);
  moveToTop();
  auto loop = scf::ForOp::create(b, lower, upper, step);
  open(loop.getBody(), loop);
  body(loop.getInductionVar());
  close();
  loop.erase();
  moveToTop();
}

Value LoopBuilder::constant(TypedAttr value) {
  Value &known = constants[value];
  if (known)
    return known;
  OpBuilder::InsertionGuard guard(b);
  if (lastConstant)
    b.setInsertionPointAfter(lastConstant);
  else
    b.setInsertionPointToStart(entry);
  auto op = arith::ConstantOp::create(b, value);
  lastConstant = op;
  return known = op;
}

Value LoopBuilder::i64(int64_t value) { return constant(b.getI64IntegerAttr(value)); }

Value LoopBuilder::number(Type type, double value) {
  Type scalar = scalarOf(type);
  if (!isa<FloatType>(scalar))
    return integer(type, static_cast<int64_t>(value));
  auto attr = b.getFloatAttr(scalar, value);
  if (auto vector = dyn_cast<VectorType>(type))
    return constant(DenseElementsAttr::get(vector, Attribute(attr)));
  return constant(attr);
}

Value LoopBuilder::integer(Type type, int64_t value) {
  Type scalar = scalarOf(type);
  auto attr = IntegerAttr::get(scalar, APInt(scalar.getIntOrFloatBitWidth(), value, true, true));
  if (auto vector = dyn_cast<VectorType>(type))
    return constant(DenseElementsAttr::get(vector, Attribute(attr)));
  return constant(attr);
}

std::optional<int64_t> LoopBuilder::constantOf(Value value) const {
  APInt number;
  if (value && matchPattern(value, m_ConstantInt(&number)))
    return number.getSExtValue();
  return std::nullopt;
}

Value LoopBuilder::add(Value a, Value c) {
  auto x = constantOf(a), y = constantOf(c);
  if (x && y)
    return i64(*x + *y);
  if (x == 0)
    return c;
  if (y == 0)
    return a;
  return pure<arith::AddIOp>({a, c}, 0, a, c);
}

Value LoopBuilder::sub(Value a, Value c) {
  auto x = constantOf(a), y = constantOf(c);
  if (x && y)
    return i64(*x - *y);
  if (y == 0)
    return a;
  if (y)
    return add(a, i64(-*y));
  return pure<arith::SubIOp>({a, c}, 0, a, c);
}

Value LoopBuilder::mul(Value a, Value c) {
  auto x = constantOf(a), y = constantOf(c);
  if (x && y)
    return i64(*x * *y);
  if (x == 0 || y == 1)
    return a;
  if (y == 0 || x == 1)
    return c;
  return pure<arith::MulIOp>({a, c}, 0, a, c);
}

Value LoopBuilder::div(Value a, int64_t d) {
  if (d == 1)
    return a;
  if (auto x = constantOf(a))
    return i64(*x / d);
  Value divisor = i64(d);
  return pure<arith::DivUIOp>({a, divisor}, 0, a, divisor);
}

Value LoopBuilder::rem(Value a, int64_t d) {
  if (d == 1)
    return i64(0);
  if (auto x = constantOf(a))
    return i64(*x % d);
  Value divisor = i64(d);
  return pure<arith::RemUIOp>({a, divisor}, 0, a, divisor);
}

Value LoopBuilder::min(Value a, Value c) {
  auto x = constantOf(a), y = constantOf(c);
  if (x && y)
    return i64(std::min(*x, *y));
  return pure<arith::MinSIOp>({a, c}, 0, a, c);
}

Value LoopBuilder::max(Value a, Value c) {
  auto x = constantOf(a), y = constantOf(c);
  if (x && y)
    return i64(std::max(*x, *y));
  return pure<arith::MaxSIOp>({a, c}, 0, a, c);
}

Value LoopBuilder::logicalAnd(Value a, Value c) {
  if (!a || a == c)
    return c;
  if (!c)
    return a;
  return pure<arith::AndIOp>({a, c}, 0, a, c);
}

Value LoopBuilder::compare(arith::CmpIPredicate predicate, Value a, Value c) {
  return pure<arith::CmpIOp>({a, c}, static_cast<uintptr_t>(predicate), predicate, a, c);
}

Value LoopBuilder::splat(Value scalar, int64_t lanes) {
  if (lanes == 1 || isa<VectorType>(scalar.getType()))
    return scalar;
  auto type = VectorType::get({lanes}, scalar.getType());
  Attribute attr;
  if (matchPattern(scalar, m_Constant(&attr)))
    return constant(DenseElementsAttr::get(type, attr));
  return pure<vector::BroadcastOp>({scalar}, lanes, type, scalar);
}

Value LoopBuilder::lookup(const MemoKey &key) const {
  for (auto &scope : scopes) {
    auto it = scope->memo.find(key);
    if (it != scope->memo.end())
      return it->second;
  }
  return {};
}

void LoopBuilder::remember(unsigned level, MemoKey key, Value value) { scopes[level]->memo.emplace(std::move(key), value); }

Value LoopBuilder::stackBuffer(int64_t bytes) {
  OpBuilder::InsertionGuard guard(b);
  Value count = i64(std::max<int64_t>(bytes, 1));
  b.setInsertionPointAfter(lastConstant);
  auto pointer = LLVM::LLVMPointerType::get(context());
  return LLVM::AllocaOp::create(b, pointer, b.getI8Type(), count, /*alignment=*/64);
}

} // namespace dlc::codegen
