// The native function around the kernels: launches, copies, branches and loops.
#include "codegen/common/StepEmitter.h"

#include <cstddef>

using namespace mlir;

namespace dlc::codegen {

int64_t tensorBytes(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.getNumElements() * elementBytes(tensor.getElementType());
}

static constexpr int64_t kHostCall = offsetof(dlc_runtime, host_call), kCheckFailed = offsetof(dlc_runtime, check_failed);
static constexpr int64_t kBeginStep = offsetof(dlc_runtime, begin_step), kEndStep = offsetof(dlc_runtime, end_step);
static constexpr int64_t kContextBuffers = offsetof(dlc_context, buffers), kContextStatus = offsetof(dlc_context, status);

StepEmitter::StepEmitter(ir::FuncOp function, const Places &places, ModuleOp into, int64_t site)
    : func(function), places(places), target(into), b(function.getLoc(), into.getContext()), site(site) {
  pointer = LLVM::LLVMPointerType::get(b.getContext());
  i8 = b.getI8Type(), i32 = b.getI32Type(), i64 = b.getI64Type();
  planned = 0;
  if (auto arena = func->getAttrOfType<IntegerAttr>("dl.arena"))
    planned = (arena.getInt() + 63) / 64 * 64;
}

int64_t StepEmitter::constantBytesOf(size_t number) {
  ir::ConstantOp op = places.constants[number];
  return tensorBytes(op.getType());
}

int64_t StepEmitter::reserveAt(int64_t bytes) {
  int64_t offset = planned;
  planned += (bytes + 63) / 64 * 64;
  return offset;
}

FailureOr<FunctionInfo> StepEmitter::run() {
  info.name = func.getSymName().str();
  info.entry = "dlc." + info.name;
  info.steps = info.entry + ".steps";
  if (failed(check()))
    return failure();
  emitConstants();
  emitEntry();
  emitSteps();
  info.arenaBytes = planned + scratchNeeded;
  finish();
  return info;
}

LogicalResult StepEmitter::check() {
  bool failedAny = false;
  func.walk([&](ir::LaunchOp launch) {
    if (!hasKernel(launch.getCallee())) {
      launch.emitError("kernel `") << launch.getCallee() << "` is not compiled";
      failedAny = true;
    }
  });
  return failure(failedAny);
}

void StepEmitter::emitConstants() {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(target.getBody());
  for (size_t number = 0; number < places.constants.size(); ++number) {
    ir::ConstantOp op = places.constants[number];
    std::string bytes = constantBytes(op.getValue());
    if (bytes.empty())
      bytes.push_back(0);
    auto type = LLVM::LLVMArrayType::get(i8, bytes.size());
    LLVM::GlobalOp::create(b, type, true, LLVM::Linkage::Private, constantName(number), b.getStringAttr(bytes), 64);
  }
}

Value StepEmitter::plus(Value base, int64_t bytes) {
  if (!bytes)
    return base;
  return LLVM::GEPOp::create(b, pointer, i8, base, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)}).getResult();
}

Value StepEmitter::local(int64_t bytes) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(entry);
  return LLVM::AllocaOp::create(b, pointer, i8, number(std::max<int64_t>(bytes, 1)), 64);
}

void StepEmitter::callRuntime(int64_t offset, ArrayRef<Value> arguments) {
  SmallVector<Type> types{pointer};
  SmallVector<Value> values{load(pointer, plus(load(pointer, context), offset)), context};
  for (Value argument : arguments) {
    types.push_back(argument.getType());
    values.push_back(argument);
  }
  auto type = LLVM::LLVMFunctionType::get(i32, types);
  Value status = LLVM::CallOp::create(b, type, values).getResult();
  Block *next = nullptr;
  {
    OpBuilder::InsertionGuard guard(b);
    next = newBlock();
  }
  branch(compare(LLVM::ICmpPredicate::eq, status, number32(0)), next, failBlock);
  b.setInsertionPointToEnd(next);
}

Value StepEmitter::table(ArrayRef<Value> pointers) {
  if (pointers.empty())
    return null();
  Value memory = local(8 * pointers.size());
  for (auto [i, value] : llvm::enumerate(pointers))
    LLVM::StoreOp::create(b, value, plus(memory, 8 * i));
  return memory;
}

Value StepEmitter::address(const TensorPlace &place) {
  switch (place.kind) {
  case TensorPlace::buffer:
    return plus(bufferPointers[place.number], place.offset);
  case TensorPlace::arena:
    return farPlus(bufferPointers[place.number], place.offset);
  case TensorPlace::constant:
    return constantAddress(place.number);
  default:
    return null();
  }
}

Value StepEmitter::address(Value tensor) {
  if (auto it = addresses.find(tensor); it != addresses.end())
    return it->second;
  return address(places[tensor]);
}

Value StepEmitter::scratch(int64_t offset, int64_t bytes) {
  scratchNeeded = std::max(scratchNeeded, offset + (bytes + 63) / 64 * 64);
  return farPlus(arena(), planned + offset);
}

void StepEmitter::moveAll(SmallVector<Move> moves) {
  llvm::erase_if(moves, [](const Move &m) { return m.to == m.from || m.toAddress == m.fromAddress || m.bytes == 0; });
  int64_t offset = 0;
  for (size_t i = 0; i < moves.size(); ++i)
    for (size_t j = 0; j < moves.size(); ++j)
      if (i != j && moves[j].to.overlaps(moves[i].from)) {
        Value saved = scratch(offset, moves[i].bytes);
        offset += (moves[i].bytes + 63) / 64 * 64;
        copyBytes(saved, moves[i].fromAddress, moves[i].bytes);
        moves[i].fromAddress = saved;
        moves[i].from = {};
        break;
      }
  for (Move &m : moves)
    copyBytes(m.toAddress, m.fromAddress, m.bytes);
}

void StepEmitter::emitLaunch(ir::LaunchOp op) {
  const KernelMemory &kernel = kernelOf(op.getCallee());
  SmallVector<Value> pointers;
  for (Value operand : op.getOperands())
    pointers.push_back(address(operand));
  for (auto [number, result] : llvm::enumerate(op.getResults())) {
    auto onto = op.getOnto();
    if (onto && (*onto)[number] >= 0)
      addresses[result] = address(op.getOperand((*onto)[number]));
    else if (auto into = op.getInto(); into && (*into)[number] >= 0 && !intoAddresses.empty() && intoAddresses.back()[(*into)[number]])
      addresses[result] = intoAddresses.back()[(*into)[number]];
    pointers.push_back(address(result));
  }
  Value scratchBase = kernel.scratch ? scratch(0, kernel.scratch) : Value();
  if (scratchBase)
    pointers.push_back(scratchBase);
  launch(op, pointers);
  for (const KernelMemory::Copy &copy : kernel.copies) {
    Value from = copy.slot < 0 ? farPlus(scratchBase, copy.offset) : pointers[copy.slot];
    copyBytes(pointers[op->getNumOperands() + copy.result], from, copy.bytes);
  }
}

void StepEmitter::resolveInto(Operation *op) {
  auto into = op->getAttrOfType<DenseI64ArrayAttr>("into");
  if (!into || intoAddresses.empty())
    return;
  for (auto [number, result] : llvm::enumerate(op->getResults()))
    if (into[number] >= 0 && intoAddresses.back()[into[number]])
      addresses[result] = intoAddresses.back()[into[number]];
}

void StepEmitter::emitCond(ir::CondOp op) {
  resolveInto(op);
  SmallVector<Value> into;
  for (Value result : op.getResults())
    into.push_back(address(result));
  auto emitRegion = [&](Region &region) {
    intoAddresses.push_back(into);
    emitBlock(region.front());
    intoAddresses.pop_back();
    SmallVector<Move> moves;
    for (auto [result, value] : llvm::zip(op.getResults(), region.front().getTerminator()->getOperands()))
      moves.push_back({places[result], places[value], address(result), address(value), tensorBytes(value.getType())});
    moveAll(std::move(moves));
  };
  choose(address(op.getCondition()), [&] { emitRegion(op.getThenRegion()); }, [&] { emitRegion(op.getElseRegion()); });
}

void StepEmitter::choose(Value flag, llvm::function_ref<void()> yes, llvm::function_ref<void()> no) {
  Value condition = compare(LLVM::ICmpPredicate::ne, readNumber(i8, flag), LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)));
  OpBuilder::InsertPoint before = b.saveInsertionPoint();
  Block *yesBlock = newBlock(), *noBlock = newBlock(), *after = newBlock();
  b.restoreInsertionPoint(before);
  branch(condition, yesBlock, noBlock);
  b.setInsertionPointToEnd(yesBlock);
  yes();
  jump(after);
  b.setInsertionPointToEnd(noBlock);
  no();
  jump(after);
  b.setInsertionPointToEnd(after);
}

Value StepEmitter::countPasses(Value count, int64_t bound) {
  Value known = LLVM::SMaxOp::create(b, readNumber(i64, count), number(0));
  return LLVM::SMinOp::create(b, known, number(bound));
}

void StepEmitter::leavePass(Value next, Block *head, Block *after) {
  Value stop = compare(LLVM::ICmpPredicate::ne, exitFlag, LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)));
  LLVM::CondBrOp::create(b, stop, after, ValueRange{}, head, ValueRange{next});
}

void StepEmitter::startLoop(ir::LoopOp op) {
  SmallVector<Move> moves;
  for (auto [result, init] : llvm::zip(op.getCarriedResults(), op.getInits()))
    moves.push_back({places[result], places[init], address(result), address(init), tensorBytes(init.getType())});
  moveAll(std::move(moves));
  if (op.getExit() || op.getCount())
    for (Value result : op.getCollectedResults())
      if (int64_t bytes = tensorBytes(result.getType()))
        clear(address(result), bytes);
}

void StepEmitter::emitPass(ir::LoopOp op, SmallVector<Value> into) {
  intoAddresses.push_back(std::move(into));
  emitBlock(op.getBody().front());
  intoAddresses.pop_back();
}

void StepEmitter::emitLoop(ir::LoopOp op) {
  resolveInto(op);
  if (emitWhole(op))
    return;
  int64_t bound = boundOf(op);
  Value passes = op.getCount() ? countPasses(address(op.getCount()), bound) : number(bound);
  startLoop(op);

  OpBuilder::InsertPoint before = b.saveInsertionPoint();
  Block *head = newBlock();
  Value pass = head->addArgument(i64, b.getLoc());
  Block *inside = newBlock(), *after = newBlock();
  b.restoreInsertionPoint(before);
  Value indexMemory = numberMemory();
  if (op.getExit())
    prepareExit(bound);
  jump(head, number(0));
  b.setInsertionPointToEnd(head);
  branch(compare(LLVM::ICmpPredicate::slt, pass, passes), inside, after);
  b.setInsertionPointToEnd(inside);
  Value index = pass;
  if (op.getReverse())
    index = LLVM::SubOp::create(b, LLVM::SubOp::create(b, passes, number(1)), pass);
  if (op.getExit())
    enterPass(after);
  if (op.getCount())
    enterCounted(index);
  writeNumber(index, indexMemory);
  addresses[op.getIndex()] = indexMemory;
  for (auto [argument, walked] : llvm::zip(op.getWalkedArguments(), op.getWalked()))
    addresses[argument] = plus(address(walked), LLVM::MulOp::create(b, index, number(tensorBytes(argument.getType()))).getResult());
  SmallVector<Value> into;
  if (op.getExit())
    into.push_back({});
  for (auto [argument, result] : llvm::zip(op.getCarriedArguments(), op.getCarriedResults())) {
    addresses[argument] = address(result);
    into.push_back(address(result));
  }
  for (auto [result, value] : llvm::zip(op.getCollectedResults(), op.getYieldedCollected()))
    into.push_back(plus(address(result), LLVM::MulOp::create(b, index, number(tensorBytes(value.getType()))).getResult()));
  emitPass(op, into);
  emitYield(op, into);
  Value next = LLVM::AddOp::create(b, pass, number(1));
  if (op.getCount())
    leaveCounted();
  if (op.getExit())
    leavePass(next, head, after);
  else
    jump(head, next);
  b.setInsertionPointToEnd(after);
}

void StepEmitter::emitYield(ir::LoopOp op, ArrayRef<Value> into) {
  if (op.getExit())
    keepExit(address(op.getYielded()[0])); // the copies may overwrite it
  SmallVector<Move> moves;
  size_t next = op.getExit() ? 1 : 0;
  for (auto [result, value] : llvm::zip(op.getCarriedResults(), op.getYieldedCarries()))
    moves.push_back({places[result], places[value], into[next++], address(value), tensorBytes(value.getType())});
  for (auto [result, value] : llvm::zip(op.getCollectedResults(), op.getYieldedCollected())) {
    Value to = into[next++];
    if (address(value) == to)
      continue;
    TensorPlace place = places[result];
    place.varies = true;
    moves.push_back({place, places[value], to, address(value), tensorBytes(value.getType())});
  }
  moveAll(std::move(moves));
}

void StepEmitter::emitCheck(ir::CheckOp op) {
  int64_t count = cast<RankedTensorType>(op.getCondition().getType()).getNumElements(), number = site++;
  if (count != 0)
    check(op, number, count, address(op.getCondition()));
}

void StepEmitter::check(ir::CheckOp op, int64_t number, int64_t count, Value flags) {
  OpBuilder::InsertPoint before = b.saveInsertionPoint();
  Block *failed = newBlock(), *after = newBlock();
  b.restoreInsertionPoint(before);
  branchOnAll(flags, count, after, failed);
  b.setInsertionPointToEnd(failed);
  SmallVector<Value> operands;
  for (Value operand : op.getOperands().drop_front())
    operands.push_back(address(operand));
  Value buffers = table(operands);
  callRuntime(kCheckFailed, {number32(number), buffers});
  jump(failBlock); // it always returns nonzero
  b.setInsertionPointToEnd(after);
}

void StepEmitter::emitHost(ir::HostOp op) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(address(operand));
  Value buffers = table(operands);
  callRuntime(kHostCall, {number32(site++), buffers});
}

void StepEmitter::emitBlock(Block &block) {
  for (Operation &op : block.without_terminator()) {
    b.setLoc(op.getLoc());
    if (auto launch = dyn_cast<ir::LaunchOp>(op)) {
      emitLaunch(launch);
    } else if (auto copy = dyn_cast<ir::CopyOp>(op)) {
      resolveInto(copy);
      if (!(places[copy.getResult()] == places[copy.getOperand()]))
        copyBytes(address(copy.getResult()), address(copy.getOperand()), tensorBytes(copy.getType()));
    } else if (auto reshape = dyn_cast<ir::ReshapeOp>(op)) {
      if (auto it = addresses.find(reshape.getOperand()); it != addresses.end()) {
        Value same = it->second;
        addresses[reshape.getResult()] = same;
      }
    } else if (auto cond = dyn_cast<ir::CondOp>(op)) {
      emitCond(cond);
    } else if (auto loop = dyn_cast<ir::LoopOp>(op)) {
      emitLoop(loop);
    } else if (auto check = dyn_cast<ir::CheckOp>(op)) {
      emitCheck(check);
    } else if (auto host = dyn_cast<ir::HostOp>(op)) {
      emitHost(host);
    }
  }
}

void StepEmitter::emitEntry() {
  b.setInsertionPointToEnd(target.getBody());
  auto type = LLVM::LLVMFunctionType::get(i32, {pointer, pointer});
  auto function = LLVM::LLVMFuncOp::create(b, info.entry, type);
  body = &function.getBody();
  entry = function.addEntryBlock(b);
  context = entry->getArgument(0);
  failBlock = newBlock();
  b.setInsertionPointToEnd(failBlock);
  LLVM::ReturnOp::create(b, load(i32, plus(context, kContextStatus)));
  // Local variables are put at the start of the entry, so the code proper begins in a block of its own.
  Block *first = newBlock();
  b.setInsertionPointToEnd(entry);
  jump(first);
  b.setInsertionPointToEnd(first);
  int64_t count = func.getNumArguments() + func.getNumResults() + 1;
  for (int64_t i = 0; i < count; ++i)
    bufferPointers.push_back(load(pointer, plus(entry->getArgument(1), 8 * i)));
  prepare();
  emitBlock(func.getBody().front());
  SmallVector<Move> moves;
  for (auto [place, value] : llvm::zip(places.results(), func.getBody().front().getTerminator()->getOperands()))
    moves.push_back({place, places[value], address(place), address(value), tensorBytes(value.getType())});
  moveAll(std::move(moves));
  LLVM::ReturnOp::create(b, number32(0));
}

void StepEmitter::emitSteps() {
  b.setInsertionPointToEnd(target.getBody());
  auto type = LLVM::LLVMFunctionType::get(i32, {pointer, i64, i64});
  auto function = LLVM::LLVMFuncOp::create(b, info.steps, type);
  body = &function.getBody();
  entry = function.addEntryBlock(b);
  context = entry->getArgument(0);
  Block *head = newBlock(), *inside = newBlock(), *done = newBlock(), *failed = newBlock();
  Value step = head->addArgument(i64, b.getLoc()), status = failed->addArgument(i32, b.getLoc());
  b.setInsertionPointToEnd(entry);
  Value end = LLVM::AddOp::create(b, entry->getArgument(1), entry->getArgument(2));
  jump(head, entry->getArgument(1));
  b.setInsertionPointToEnd(head);
  branch(compare(LLVM::ICmpPredicate::slt, step, end), inside, done);
  auto callOr = [&](Value result) {
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *next = newBlock();
    b.restoreInsertionPoint(before);
    LLVM::CondBrOp::create(b, compare(LLVM::ICmpPredicate::eq, result, number32(0)), next, ValueRange{}, failed, ValueRange{result});
    b.setInsertionPointToEnd(next);
  };
  auto hook = [&](int64_t offset) {
    auto hookType = LLVM::LLVMFunctionType::get(i32, {pointer, i64});
    SmallVector<Value> values{load(pointer, plus(load(pointer, context), offset)), context, step};
    callOr(LLVM::CallOp::create(b, hookType, values).getResult());
  };
  b.setInsertionPointToEnd(inside);
  hook(kBeginStep);
  auto entryFunction = target.lookupSymbol<LLVM::LLVMFuncOp>(info.entry);
  Value buffers = load(pointer, plus(context, kContextBuffers));
  callOr(LLVM::CallOp::create(b, entryFunction, ValueRange{context, buffers}).getResult());
  hook(kEndStep);
  jump(head, LLVM::AddOp::create(b, step, number(1)).getResult());
  b.setInsertionPointToEnd(done);
  LLVM::ReturnOp::create(b, number32(0));
  b.setInsertionPointToEnd(failed);
  LLVM::ReturnOp::create(b, status);
}

} // namespace dlc::codegen
