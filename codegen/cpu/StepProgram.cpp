// The native function around the kernels: launches, copies, branches and loops.
#include "codegen/cpu/StepProgram.h"

#include "codegen/cpu/Sanitize.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace dlc::codegen {

namespace {

/// Kernels with less work than this run on the calling thread.
constexpr double kInlineSeconds = 5e-6;

bool isInline(const Phase &phase) { return phase.tiles == 1 || phase.seconds < kInlineSeconds; }

int64_t bytesOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.getNumElements() * elementBytes(tensor.getElementType());
}

// Offsets in runtime/abi.h.
constexpr int64_t kParallelFor = 8, kHostCall = 16, kCheckFailed = 24, kBeginStep = 32, kEndStep = 40;
constexpr int64_t kContextBuffers = 8, kContextStatus = 32;

class StepEmitter {
public:
  StepEmitter(ir::FuncOp function, const Places &places, ModuleOp into, const std::map<std::string, KernelInfo> &kernels,
              int64_t site, bool guards)
      : func(function), places(places), target(into), kernels(kernels), b(function.getLoc(), into.getContext()), site(site),
        guards(guards) {
    pointer = LLVM::LLVMPointerType::get(b.getContext());
    i8 = b.getI8Type(), i32 = b.getI32Type(), i64 = b.getI64Type();
    planned = 0;
    if (auto arena = func->getAttrOfType<IntegerAttr>("dl.arena"))
      planned = (arena.getInt() + 63) / 64 * 64;
  }

  FailureOr<FunctionInfo> run() {
    info.name = func.getSymName().str();
    info.entry = "dlc." + info.name;
    info.steps = info.entry + ".steps";
    if (failed(check()))
      return failure();
    emitConstants();
    emitEntry();
    emitSteps();
    info.arenaBytes = planned + scratchNeeded;
    for (LLVM::ConstantOp op : arenaSizes)
      op.setValueAttr(b.getI64IntegerAttr(info.arenaBytes));
    return info;
  }

private:
  LogicalResult check() {
    bool failedAny = false;
    func.walk([&](ir::LaunchOp launch) {
      if (!kernels.count(launch.getCallee().str())) {
        launch.emitError("kernel `") << launch.getCallee() << "` is not compiled";
        failedAny = true;
      }
    });
    return failure(failedAny);
  }

  void emitConstants() {
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
  std::string constantName(size_t number) { return info.entry + ".constant" + std::to_string(number); }

  // Small pieces.
  Value number(int64_t value) { return LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(value)); }
  Value number32(int64_t value) { return LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value)); }
  Value null() { return LLVM::ZeroOp::create(b, pointer); }
  Value plus(Value base, Value bytes) { return LLVM::GEPOp::create(b, pointer, i8, base, ArrayRef<LLVM::GEPArg>{bytes}); }
  Value plus(Value base, int64_t bytes) {
    if (!bytes)
      return base;
    return LLVM::GEPOp::create(b, pointer, i8, base, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)}).getResult();
  }
  Value farPlus(Value base, int64_t bytes) { return bytes < (int64_t{1} << 31) ? plus(base, bytes) : plus(base, number(bytes)); }
  Value load(Type type, Value from) { return LLVM::LoadOp::create(b, type, from); }
  Value local(int64_t bytes) { // stack memory, whatever loop this stands in
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(entry);
    return LLVM::AllocaOp::create(b, pointer, i8, number(std::max<int64_t>(bytes, 1)), 64);
  }
  Block *newBlock() { return b.createBlock(body, body->end()); }
  void jump(Block *to, ValueRange values = {}) { LLVM::BrOp::create(b, values, to); }
  void branch(Value condition, Block *yes, Block *no) { LLVM::CondBrOp::create(b, condition, yes, ValueRange{}, no, ValueRange{}); }
  Value compare(LLVM::ICmpPredicate predicate, Value x, Value y) { return LLVM::ICmpOp::create(b, predicate, x, y); }

  /// A call through the runtime's table; leaves the function where it does not return 0.
  void callRuntime(int64_t offset, ArrayRef<Value> arguments) {
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

  /// A table of pointers on the stack.
  Value table(ArrayRef<Value> pointers) {
    if (pointers.empty())
      return null();
    Value memory = local(8 * pointers.size());
    for (auto [i, value] : llvm::enumerate(pointers))
      LLVM::StoreOp::create(b, value, plus(memory, 8 * i));
    return memory;
  }

  void copyBytes(Value to, Value from, int64_t bytes) {
    if (bytes)
      LLVM::MemcpyOp::create(b, to, from, number(bytes), /*isVolatile=*/false);
  }

  /// The address of a place; those that move with a loop have theirs from the loop.
  Value address(const TensorPlace &place) {
    switch (place.kind) {
    case TensorPlace::buffer:
      return plus(bufferPointers[place.number], place.offset);
    case TensorPlace::arena:
      return farPlus(bufferPointers[place.number], place.offset);
    case TensorPlace::constant:
      return LLVM::AddressOfOp::create(b, pointer, constantName(place.number));
    default:
      return null();
    }
  }
  Value address(Value tensor) {
    if (auto it = addresses.find(tensor); it != addresses.end())
      return it->second;
    return address(places[tensor]);
  }
  Value scratch(int64_t offset, int64_t bytes) {
    scratchNeeded = std::max(scratchNeeded, offset + (bytes + 63) / 64 * 64);
    return farPlus(bufferPointers[places.results().size() + func.getNumArguments()], planned + offset);
  }

  struct Move {
    TensorPlace to, from;
    Value toAddress, fromAddress;
    int64_t bytes;
  };
  /// All at once: what a copy would overwrite before another one reads it is saved first.
  void moveAll(SmallVector<Move> moves) {
    llvm::erase_if(moves, [](const Move &m) { return m.to == m.from || m.bytes == 0; });
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

  void emitLaunch(ir::LaunchOp op) {
    const KernelInfo &kernel = kernels.find(op.getCallee().str())->second;
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
    Value buffers = table(pointers);
    SmallVector<Value> guard;
    if (guards)
      callSanitizer(kGuardLaunch, guard = guarded(op, kernel, pointers));
    for (const Phase &phase : kernel.phases) {
      if (phase.tiles == 0)
        continue;
      auto function = declareKernel(phase.symbol);
      if (isInline(phase)) {
        Value workspace = phase.workspace ? scratch(kernel.scratch, phase.workspace) : null();
        LLVM::CallOp::create(b, function, ValueRange{buffers, null(), number(0), number(phase.tiles), workspace});
        continue;
      }
      info.workspaceBytes = std::max(info.workspaceBytes, phase.workspace);
      Value symbol = LLVM::AddressOfOp::create(b, pointer, phase.symbol);
      callRuntime(kParallelFor, {symbol, buffers, null(), number(phase.tiles), number(phase.workspace), number32(0)});
    }
    if (guards)
      callSanitizer(kUnguardLaunch, guard);
    for (const KernelInfo::Copy &copy : kernel.copies) {
      Value from = copy.slot < 0 ? farPlus(scratchBase, copy.offset) : pointers[copy.slot];
      copyBytes(pointers[op->getNumOperands() + copy.result], from, copy.bytes);
    }
  }

  LLVM::LLVMFuncOp declare(StringRef symbol, ArrayRef<Type> arguments) {
    if (auto known = target.lookupSymbol<LLVM::LLVMFuncOp>(symbol))
      return known;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(target.getBody());
    return LLVM::LLVMFuncOp::create(b, symbol, LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), arguments));
  }
  LLVM::LLVMFuncOp declareKernel(StringRef symbol) { return declare(symbol, {pointer, pointer, i64, i64, pointer}); }

  /// What both functions around a launch are told: the arena, and what lies in it that the kernel may touch.
  SmallVector<Value> guarded(ir::LaunchOp op, const KernelInfo &kernel, SmallVector<Value> buffers) {
    SmallVector<Value> bytes;
    for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
      bytes.push_back(number(bytesOf(type)));
    int64_t workspace = 0;
    for (const Phase &phase : kernel.phases)
      if (isInline(phase))
        workspace = std::max(workspace, phase.workspace);
    if (kernel.scratch)
      bytes.push_back(number(kernel.scratch)); // which is in the table already
    if (workspace)
      buffers.push_back(scratch(kernel.scratch, workspace)), bytes.push_back(number(workspace));
    arenaSizes.push_back(LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(0)));
    return {bufferPointers[places.results().size() + func.getNumArguments()], arenaSizes.back(), table(buffers), table(bytes),
            number(buffers.size())};
  }
  void callSanitizer(const char *name, ArrayRef<Value> values) {
    LLVM::CallOp::create(b, declare(name, {pointer, i64, pointer, pointer, i64}), values);
  }

  /// Where results of a cond or loop, or of a copy, lie when `into` names a slice that moves.
  void resolveInto(Operation *op) {
    auto into = op->getAttrOfType<DenseI64ArrayAttr>("into");
    if (!into || intoAddresses.empty())
      return;
    for (auto [number, result] : llvm::enumerate(op->getResults()))
      if (into[number] >= 0 && intoAddresses.back()[into[number]])
        addresses[result] = intoAddresses.back()[into[number]];
  }

  void emitCond(ir::CondOp op) {
    resolveInto(op);
    SmallVector<Value> into;
    for (Value result : op.getResults())
      into.push_back(address(result));
    Value condition = compare(LLVM::ICmpPredicate::ne, load(i8, address(op.getCondition())),
                              LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)));
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *yes = newBlock(), *no = newBlock(), *after = newBlock();
    b.restoreInsertionPoint(before);
    branch(condition, yes, no);
    for (auto [start, region] : {std::pair{yes, &op.getThenRegion()}, std::pair{no, &op.getElseRegion()}}) {
      b.setInsertionPointToEnd(start);
      intoAddresses.push_back(into);
      emitBlock(region->front());
      intoAddresses.pop_back();
      SmallVector<Move> moves;
      for (auto [result, value] : llvm::zip(op.getResults(), region->front().getTerminator()->getOperands()))
        moves.push_back({places[result], places[value], address(result), address(value), bytesOf(value.getType())});
      moveAll(std::move(moves));
      jump(after);
    }
    b.setInsertionPointToEnd(after);
  }

  void emitLoop(ir::LoopOp op) {
    resolveInto(op);
    int64_t bound = *op.getBound().getSizes().front().constant();
    Value passes = number(bound);
    if (op.getCount()) {
      Value count = load(i64, address(op.getCount()));
      count = LLVM::SMaxOp::create(b, count, number(0));
      passes = LLVM::SMinOp::create(b, count, passes);
    }
    SmallVector<Move> moves;
    for (auto [result, init] : llvm::zip(op.getCarriedResults(), op.getInits()))
      moves.push_back({places[result], places[init], address(result), address(init), bytesOf(init.getType())});
    moveAll(std::move(moves));
    if (op.getExit() || op.getCount())
      for (Value result : op.getCollectedResults())
        if (int64_t bytes = bytesOf(result.getType()))
          LLVM::MemsetOp::create(b, address(result), LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)), number(bytes), false);

    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *head = newBlock();
    Value pass = head->addArgument(i64, b.getLoc());
    Block *inside = newBlock(), *after = newBlock();
    b.restoreInsertionPoint(before);
    Value indexMemory = local(8);
    jump(head, number(0));
    b.setInsertionPointToEnd(head);
    branch(compare(LLVM::ICmpPredicate::slt, pass, passes), inside, after);
    b.setInsertionPointToEnd(inside);
    Value index = pass;
    if (op.getReverse())
      index = LLVM::SubOp::create(b, LLVM::SubOp::create(b, passes, number(1)), pass);
    LLVM::StoreOp::create(b, index, indexMemory);
    addresses[op.getIndex()] = indexMemory;
    for (auto [argument, walked] : llvm::zip(op.getWalkedArguments(), op.getWalked()))
      addresses[argument] = plus(address(walked), LLVM::MulOp::create(b, index, number(bytesOf(argument.getType()))).getResult());
    SmallVector<Value> into;
    if (op.getExit())
      into.push_back({});
    for (auto [argument, result] : llvm::zip(op.getCarriedArguments(), op.getCarriedResults())) {
      addresses[argument] = address(result);
      into.push_back(address(result));
    }
    for (auto [result, value] : llvm::zip(op.getCollectedResults(), op.getYieldedCollected()))
      into.push_back(plus(address(result), LLVM::MulOp::create(b, index, number(bytesOf(value.getType()))).getResult()));
    intoAddresses.push_back(into);
    emitBlock(op.getBody().front());
    intoAddresses.pop_back();
    emitYield(op, into);
    Value next = LLVM::AddOp::create(b, pass, number(1));
    if (op.getExit()) {
      Value stop = compare(LLVM::ICmpPredicate::ne, exitFlag, LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)));
      LLVM::CondBrOp::create(b, stop, after, ValueRange{}, head, ValueRange{next});
    } else {
      jump(head, next);
    }
    b.setInsertionPointToEnd(after);
  }

  /// The copies at the end of a pass, unless a value was computed where it belongs.
  void emitYield(ir::LoopOp op, ArrayRef<Value> into) {
    if (op.getExit())
      exitFlag = load(i8, address(op.getYielded()[0])); // the copies may overwrite it
    SmallVector<Move> moves;
    size_t next = op.getExit() ? 1 : 0;
    for (auto [result, value] : llvm::zip(op.getCarriedResults(), op.getYieldedCarries()))
      moves.push_back({places[result], places[value], into[next++], address(value), bytesOf(value.getType())});
    for (auto [result, value] : llvm::zip(op.getCollectedResults(), op.getYieldedCollected())) {
      Value to = into[next++];
      if (address(value) == to)
        continue;
      TensorPlace place = places[result];
      place.varies = true;
      moves.push_back({place, places[value], to, address(value), bytesOf(value.getType())});
    }
    moveAll(std::move(moves));
  }

  void emitCheck(ir::CheckOp op) {
    int64_t count = cast<RankedTensorType>(op.getCondition().getType()).getNumElements(), number = site++;
    if (count == 0)
      return;
    Value flags = address(op.getCondition());
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *failed = newBlock(), *after = newBlock(), *head = nullptr, *inside = nullptr;
    if (count > 1)
      head = newBlock(), inside = newBlock();
    b.restoreInsertionPoint(before);
    Value zero = LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0));
    if (count == 1) {
      branch(compare(LLVM::ICmpPredicate::eq, load(i8, flags), zero), failed, after);
    } else {
      Value i = head->addArgument(i64, b.getLoc());
      jump(head, this->number(0));
      b.setInsertionPointToEnd(head);
      branch(compare(LLVM::ICmpPredicate::slt, i, this->number(count)), inside, after);
      b.setInsertionPointToEnd(inside);
      Value bad = compare(LLVM::ICmpPredicate::eq, load(i8, plus(flags, i)), zero);
      Value next = LLVM::AddOp::create(b, i, this->number(1));
      LLVM::CondBrOp::create(b, bad, failed, ValueRange{}, head, ValueRange{next});
    }
    b.setInsertionPointToEnd(failed);
    SmallVector<Value> operands;
    for (Value operand : op.getOperands().drop_front())
      operands.push_back(address(operand));
    Value buffers = table(operands);
    callRuntime(kCheckFailed, {number32(number), buffers});
    jump(failBlock); // it always returns nonzero
    b.setInsertionPointToEnd(after);
  }

  void emitHost(ir::HostOp op) {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(address(operand));
    Value buffers = table(operands);
    callRuntime(kHostCall, {number32(site++), buffers});
  }

  void emitBlock(Block &block) {
    for (Operation &op : block.without_terminator()) {
      b.setLoc(op.getLoc());
      if (auto launch = dyn_cast<ir::LaunchOp>(op)) {
        emitLaunch(launch);
      } else if (auto copy = dyn_cast<ir::CopyOp>(op)) {
        resolveInto(copy);
        if (!(places[copy.getResult()] == places[copy.getOperand()]))
          copyBytes(address(copy.getResult()), address(copy.getOperand()), bytesOf(copy.getType()));
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

  void emitEntry() {
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
    emitBlock(func.getBody().front());
    SmallVector<Move> moves;
    for (auto [place, value] : llvm::zip(places.results(), func.getBody().front().getTerminator()->getOperands()))
      moves.push_back({place, places[value], address(place), address(value), bytesOf(value.getType())});
    moveAll(std::move(moves));
    LLVM::ReturnOp::create(b, number32(0));
  }

  void emitSteps() {
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

  ir::FuncOp func;
  const Places &places;
  ModuleOp target;
  const std::map<std::string, KernelInfo> &kernels;
  ImplicitLocOpBuilder b;
  int64_t site;
  bool guards;
  SmallVector<LLVM::ConstantOp> arenaSizes; // to be filled in at the end
  Type pointer, i8, i32, i64;
  int64_t planned, scratchNeeded = 0;
  FunctionInfo info;

  Region *body = nullptr;
  Block *entry = nullptr, *failBlock = nullptr;
  Value context, exitFlag;
  SmallVector<Value> bufferPointers;
  llvm::DenseMap<Value, Value> addresses;        // of tensors whose place moves
  SmallVector<SmallVector<Value>> intoAddresses; // of the region's terminator, innermost last
};

} // namespace

FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, ModuleOp into,
                                     const std::map<std::string, KernelInfo> &kernels, int64_t firstSite, bool guards) {
  return StepEmitter(function, places, into, kernels, firstSite, guards).run();
}

} // namespace dlc::codegen
