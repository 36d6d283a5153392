// The program around the kernels, for a device: it runs on the host and reaches the device's memory by the runtime's table.
#include "codegen/cuda/StepProgram.h"

#include "codegen/common/StepEmitter.h"
#include "codegen/cuda/Loops.h"

#include <cstddef>

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

constexpr int64_t kLaunch = offsetof(dlc_runtime, device_launch), kCopy = offsetof(dlc_runtime, device_copy);
constexpr int64_t kClear = offsetof(dlc_runtime, device_clear), kRead = offsetof(dlc_runtime, device_read);
constexpr int64_t kConstant = offsetof(dlc_runtime, device_constant), kAll = offsetof(dlc_runtime, device_all);
constexpr int64_t kCheck = offsetof(dlc_runtime, device_check), kNumber = offsetof(dlc_runtime, device_number);
constexpr int64_t kIf = offsetof(dlc_runtime, device_if), kEndif = offsetof(dlc_runtime, device_endif);
constexpr int64_t kProduct = offsetof(dlc_runtime, device_product), kPasses = offsetof(dlc_runtime, device_passes);
constexpr int64_t kWhile = offsetof(dlc_runtime, device_while), kEndWhile = offsetof(dlc_runtime, device_end_while);
constexpr int64_t kLaunchCooperative = offsetof(dlc_runtime, device_launch_cooperative);

class DeviceStepEmitter final : public StepEmitter {
public:
  DeviceStepEmitter(ir::FuncOp function, const Places &places, ModuleOp into, const std::map<std::string, KernelInfo> &kernels, const Groups &groups,
                    const Loops &loops, int64_t site, int64_t workspaceBytes)
      : StepEmitter(function, places, into, site), kernels(kernels), groups(groups), loops(loops), workspaceBytes(workspaceBytes) {}

private:
  bool hasKernel(StringRef kernel) const override { return kernels.count(kernel.str()); }
  const KernelInfo &kernelOf(StringRef kernel) const override { return kernels.find(kernel.str())->second; }

  void launch(ir::LaunchOp op, ArrayRef<Value> pointers) override {
    const KernelInfo &kernel = kernelOf(op.getCallee());
    SmallVector<Value> arguments(pointers);
    SmallVector<int64_t> bytes;
    for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
      bytes.push_back(tensorBytes(type));
    bytes.push_back(kernel.scratch);
    if (arguments.size() < bytes.size())
      arguments.push_back(null()); // kernels have this argument in any case
    ArrayRef<Launch> launches = kernel.launches;
    const Groups::Group *group = groups.of(op);
    if (group) {
      launches = launches.drop_back();
      if (kernel.scratch)
        arguments.back() = reserve(kernel.scratch); // until the group comes
    }
    Value buffers = launches.empty() ? Value() : table(arguments);
    for (const Launch &launch : launches)
      if (launch.product)
        multiply(*launch.product, arguments);
      else
        launchWith(launch, buffers, bytes);
    if (!group)
      return;
    waiting[op] = {arguments, bytes};
    if (group->last == op)
      launchGroup(*group);
  }
  void launchGroup(const Groups::Group &group) {
    SmallVector<Value> arguments;
    SmallVector<int64_t> bytes;
    for (const Groups::Group::Argument &argument : group.arguments) {
      const Arguments &all = waiting[argument.member];
      arguments.push_back(all.values[argument.number]);
      bytes.push_back(all.bytes[argument.number]);
    }
    launchWith(group.launch, table(arguments), bytes);
  }
  void launchWith(const Launch &launch, Value buffers, ArrayRef<int64_t> bytes) {
    callRuntime(launch.isCooperative ? kLaunchCooperative : kLaunch, {text(launch.symbol), buffers, numbers(bytes), number32(static_cast<int64_t>(bytes.size())),
                                                                number(launch.blocks), number(launch.threads)});
  }

  void multiply(const LibraryProduct &p, ArrayRef<Value> arguments) {
    auto at = [&](const LibraryProduct::Place &place) { return farPlus(arguments[place.slot], place.offset); };
    const char *bytes = reinterpret_cast<const char *>(&p.product);
    Value description = data(LLVM::LLVMArrayType::get(i8, sizeof p.product), b.getStringAttr(StringRef(bytes, sizeof p.product)));
    auto orNull = [&](const std::optional<LibraryProduct::Place> &place) { return place ? at(*place) : null(); };
    if (workspace < 0)
      workspace = reserveAt(workspaceBytes);
    // dlc_product_memory
    Value memory = table({at(p.left), at(p.right), orNull(p.bias), orNull(p.aux), orNull(p.sums), at(p.result), farPlus(arena(), workspace)});
    callRuntime(kProduct, {description, memory});
  }

  void copyBytes(Value to, Value from, int64_t bytes) override {
    if (bytes)
      callRuntime(kCopy, {to, from, number(bytes)});
  }
  void clear(Value memory, int64_t bytes) override { callRuntime(kClear, {memory, number(bytes)}); }

  Value readNumber(Type type, Value from) override {
    Value here = local(8);
    callRuntime(kRead, {here, from, number(type.getIntOrFloatBitWidth() / 8)});
    return load(type, here);
  }
  Value numberMemory() override { return reserve(8); }
  void writeNumber(Value value, Value to) override {
    callRuntime(kNumber, {to, value});
  }

  /// The device looks at the flags when their turn comes, and the program goes on: what follows a failed check runs on numbers that mean nothing, but reads
  /// and writes nothing outside of its tensors.
  void check(ir::CheckOp op, int64_t site, int64_t count, Value flags) override {
    SmallVector<Value> operands;
    SmallVector<int64_t> bytes;
    for (Value operand : op->getOperands().drop_front()) {
      operands.push_back(address(operand));
      bytes.push_back(tensorBytes(operand.getType()));
    }
    if (operands.size() > DLC_CHECK_OPERANDS)
      return StepEmitter::check(op, site, count, flags);
    Value values = table(operands), sizes = bytes.empty() ? null() : numbers(bytes);
    callRuntime(kCheck, {number32(site), flags, number(count), values, sizes, number32(static_cast<int64_t>(bytes.size()))});
  }

  /// Each piece is a conditional part of what the device is asked for, so that a recording holds both. The first may overwrite the flag.
  void choose(Value flag, llvm::function_ref<void()> yes, llvm::function_ref<void()> no) override {
    Value kept = reserve(1);
    callRuntime(kCopy, {kept, flag, number(1)});
    part(kept, 1, yes);
    part(kept, 0, no);
  }
  /// `body` where the flag is `value`.
  void part(Value flag, int64_t value, llvm::function_ref<void()> body) {
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *after = newBlock();
    b.restoreInsertionPoint(before);
    enter(flag, value, after);
    body();
    jump(after);
    b.setInsertionPointToEnd(after);
    callRuntime(kEndif, {});
  }
  /// Goes to `otherwise` where the part that begins here is not entered.
  void enter(Value flag, int64_t value, Block *otherwise) {
    Value here = local(8);
    callRuntime(kIf, {flag, number32(value), here});
    Value enters = compare(LLVM::ICmpPredicate::ne, load(i8, here), number8(0));
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *inside = newBlock();
    b.restoreInsertionPoint(before);
    branch(enters, inside, otherwise);
    b.setInsertionPointToEnd(inside);
  }

  // The passes of a short loop are asked for one by one, with addresses that the host computes. While the device records, all that there can be are, each a
  // part of its own where the device knows how many there are. Else the host reads the count.
  Value countPasses(Value count, int64_t bound) override {
    Value kept = reserve(8), conditional = local(8);
    callRuntime(kCopy, {kept, count, number(8)}); // what is carried may lie where the count did
    Value passes = askPasses(kept, bound, conditional);
    Value isConditional = compare(LLVM::ICmpPredicate::ne, load(i8, conditional), number8(0));
    counted.push_back({isConditional, kept, reserve(1)});
    return passes;
  }
  Value askPasses(Value count, int64_t bound, Value conditional) {
    Value passes = local(8);
    callRuntime(kPasses, {count, number(bound), passes, conditional});
    return load(i64, passes);
  }
  void enterCounted(Value index) override {
    const Counted &loop = counted.back();
    whenConditional(loop, [&] {
      launchBuiltin(DLC_BELOW_KERNEL, {loop.flag, loop.count, asPointer(index)}, {1, 8, 0});
      callRuntime(kIf, {loop.flag, number32(1), local(8)});
    });
  }
  void leaveCounted() override {
    whenConditional(counted.pop_back_val(), [&] { callRuntime(kEndif, {}); });
  }
  struct Counted {
    Value isConditional, count, flag;
  };
  void whenConditional(const Counted &loop, llvm::function_ref<void()> body) {
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *inside = newBlock(), *after = newBlock();
    b.restoreInsertionPoint(before);
    branch(loop.isConditional, inside, after);
    b.setInsertionPointToEnd(inside);
    body();
    jump(after);
    b.setInsertionPointToEnd(after);
  }

  // Every pass of a short loop with an exit is a part that is entered as long as no pass before it has said that it is the last.
  void prepareExit(int64_t) override {
    stops.push_back(reserve(1));
    callRuntime(kClear, {stops.back(), number(1)});
  }
  void enterPass(Block *after) override {
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *leave = newBlock();
    b.setInsertionPointToEnd(leave);
    callRuntime(kEndif, {});
    jump(after);
    b.restoreInsertionPoint(before);
    enter(stops.back(), 0, leave);
  }
  void keepExit(Value flag) override { callRuntime(kCopy, {stops.back(), flag, number(1)}); }
  void leavePass(Value next, Block *head, Block *) override {
    stops.pop_back();
    callRuntime(kEndif, {});
    jump(head, next);
  }

  /// A slice of a tensor that moves with the index of a loop whose passes are all alike, and the place where the passes find it.
  struct Slice {
    Value tensor, place;
    int64_t tensorBytes, bytes;
  };
  /// A loop that the device repeats: nothing that is asked for in a pass depends on which one it is. The index lies in the device's memory; what is walked is
  /// brought to one place at the start of a pass, and what is collected from one place at its end.
  bool emitWhole(ir::LoopOp op) override {
    if (!loops.isRepeated(op))
      return false;
    int64_t bound = boundOf(op);
    Value index = reserve(8), left = reserve(8), more = reserve(1), count = op.getCount() ? address(op.getCount()) : null();
    launchBuiltin(DLC_ENTER_KERNEL, {index, left, more, count, asPointer(number(bound)), asPointer(number(op.getReverse()))},
                  {8, 8, 1, op.getCount() ? 8 : 0, 0, 0});
    Value known = op.getExit() ? number(-1) : op.getCount() ? askPasses(count, bound, local(8)) : number(bound); // for where nothing is recorded
    startLoop(op);
    Value enters = local(8);
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *inside = newBlock(), *after = newBlock();
    Value passes = inside->addArgument(i64, b.getLoc());
    b.restoreInsertionPoint(before);
    auto branchInside = [&](Value remaining) {
      Value isOne = compare(LLVM::ICmpPredicate::ne, load(i8, enters), number8(0));
      LLVM::CondBrOp::create(b, isOne, inside, ValueRange{remaining}, after, ValueRange{});
    };
    callRuntime(kWhile, {more, known, enters});
    branchInside(known);
    b.setInsertionPointToEnd(inside);
    Value stop = emitRepeatedPass(op, index);
    launchBuiltin(DLC_NEXT_KERNEL, {index, left, more, stop, asPointer(number(op.getReverse() ? -1 : 1))}, {8, 8, 1, op.getExit() ? 1 : 0, 0});
    Value remaining = LLVM::SubOp::create(b, passes, number(1));
    callRuntime(kEndWhile, {more, remaining, enters});
    branchInside(remaining);
    b.setInsertionPointToEnd(after);
    return true;
  }
  /// Returns where the flag lies that says whether it was the last one.
  Value emitRepeatedPass(ir::LoopOp op, Value index) {
    SmallVector<Slice> walked, collected;
    SmallVector<Value> into;
    auto slice = [&](Value tensor, Value element, bool hasPlace) {
      int64_t bytes = tensorBytes(element.getType());
      return Slice{address(tensor), hasPlace ? reserve(bytes) : Value(), tensorBytes(tensor.getType()), bytes};
    };
    auto isComputedInto = [&](int64_t slot) {
      return llvm::any_of(op.getBody().front(), [&](Operation &inner) {
        auto slots = inner.getAttrOfType<DenseI64ArrayAttr>("into");
        return slots && llvm::is_contained(slots.asArrayRef(), slot);
      });
    };
    addresses[op.getIndex()] = index;
    for (auto [argument, tensor] : llvm::zip(op.getWalkedArguments(), op.getWalked()))
      addresses[argument] = walked.emplace_back(slice(tensor, argument, /*hasPlace=*/true)).place;
    if (op.getExit())
      into.push_back({});
    for (auto [argument, result] : llvm::zip(op.getCarriedArguments(), op.getCarriedResults()))
      into.push_back(addresses[argument] = address(result));
    for (auto [result, value] : llvm::zip(op.getCollectedResults(), op.getYieldedCollected()))
      into.push_back(collected.emplace_back(slice(result, value, isComputedInto(static_cast<int64_t>(into.size())))).place);
    moveSlices(walked, index, /*collects=*/false);
    emitPass(op, into);
    for (auto [moved, value] : llvm::zip(collected, op.getYieldedCollected()))
      moved.place = address(value); // which may be another one
    moveSlices(collected, index, /*collects=*/true);
    SmallVector<Move> moves;
    for (auto [result, value] : llvm::zip(op.getCarriedResults(), op.getYieldedCarries()))
      moves.push_back({places[result], places[value], address(result), address(value), tensorBytes(value.getType())});
    Value stop = null();
    if (op.getExit()) {
      Value flag = op.getYielded()[0];
      stop = address(flag);
      if (llvm::any_of(moves, [&](const Move &move) { return move.to.overlaps(places[flag]); })) {
        Value kept = reserve(1);
        callRuntime(kCopy, {kept, stop, number(1)});
        stop = kept;
      }
    }
    moveAll(std::move(moves));
    return stop;
  }
  void moveSlices(ArrayRef<Slice> slices, Value index, bool collects) {
    for (; !slices.empty(); slices = slices.drop_front(std::min<size_t>(slices.size(), DLC_SLICES))) {
      int64_t units = 0;
      for (const Slice &slice : slices.take_front(DLC_SLICES))
        units = std::max(units, slice.bytes / (slice.bytes % 16 == 0 ? 16 : slice.bytes % 4 == 0 ? 4 : 1));
      if (units == 0)
        continue;
      constexpr int64_t kMostSliceBlocks = 1024;
      int64_t blocks = std::min<int64_t>(kMostSliceBlocks, llvm::divideCeil(units, DLC_SLICES_THREADS));
      int64_t threads = blocks > 1 ? DLC_SLICES_THREADS : static_cast<int64_t>(llvm::alignTo(units, kWarp));
      SmallVector<Value> arguments{index, asPointer(number(blocks * threads))};
      SmallVector<int64_t> bytes{8, 0};
      for (const Slice &slice : slices.take_front(DLC_SLICES)) {
        Value step = asPointer(number(slice.bytes)), none = null();
        if (collects)
          arguments.append({slice.tensor, step, slice.place, none, step});
        else
          arguments.append({slice.place, none, slice.tensor, step, step});
        bytes.append({collects ? slice.tensorBytes : slice.bytes, 0, collects ? slice.bytes : slice.tensorBytes, 0, 0});
      }
      arguments.resize(DLC_SLICES_ARGUMENTS, null());
      bytes.resize(DLC_SLICES_ARGUMENTS, 0);
      launchBuiltin(DLC_SLICES_KERNEL, arguments, bytes, blocks, threads);
    }
  }
  /// One of the kernels that every program brings.
  void launchBuiltin(StringRef kernel, ArrayRef<Value> arguments, ArrayRef<int64_t> bytes, int64_t blocks = 1, int64_t threads = 1) {
    callRuntime(kLaunch, {text(kernel), table(arguments), numbers(bytes), number32(static_cast<int64_t>(bytes.size())), number(blocks), number(threads)});
  }
  Value asPointer(Value number) { return LLVM::IntToPtrOp::create(b, pointer, number); }
  Value number8(int64_t value) { return LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(static_cast<int8_t>(value))); }

  void branchOnAll(Value flags, int64_t count, Block *yes, Block *no) override {
    Value here = local(8);
    callRuntime(kAll, {flags, number(count), here});
    Value zero = number8(0);
    branch(compare(LLVM::ICmpPredicate::ne, load(i8, here), zero), yes, no);
  }

  void prepare() override {
    for (size_t number = 0; number < places.constants.size(); ++number) {
      Value here = local(8);
      callRuntime(kConstant, {here, constantData(number), this->number(constantBytesOf(number))});
      constants.push_back(load(pointer, here));
    }
  }
  Value constantAddress(size_t number) override { return constants[number]; }

  /// A list of numbers in the program's data.
  Value numbers(ArrayRef<int64_t> values) {
    auto type = LLVM::LLVMArrayType::get(i64, values.size());
    return data(type, b.getI64TensorAttr(values));
  }
  Value text(StringRef value) {
    std::string bytes = value.str() + '\0';
    return data(LLVM::LLVMArrayType::get(i8, bytes.size()), b.getStringAttr(bytes));
  }
  /// Equal data stands there once.
  Value data(Type type, Attribute value) {
    std::string &name = names[value];
    if (name.empty()) {
      name = info.entry + ".data" + std::to_string(names.size());
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(target.getBody());
      LLVM::GlobalOp::create(b, type, true, LLVM::Linkage::Private, name, value, 64);
    }
    return LLVM::AddressOfOp::create(b, pointer, name);
  }

  const std::map<std::string, KernelInfo> &kernels;
  const Groups &groups;
  const Loops &loops;
  struct Arguments {
    SmallVector<Value> values;
    SmallVector<int64_t> bytes;
  };
  llvm::DenseMap<Operation *, Arguments> waiting; // members, for the last one of their group
  int64_t workspaceBytes, workspace = -1; // of products; its place in the arena
  SmallVector<Value> constants, stops; // of the short loops that are open
  SmallVector<Counted> counted;        // also
  llvm::DenseMap<Attribute, std::string> names;
};

} // namespace

FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, ModuleOp into,
                                     const std::map<std::string, KernelInfo> &kernels, const Groups &groups, int64_t firstSite, int64_t workspaceBytes) {
  Loops loops(function, places, kernels, groups);
  loops.tell();
  return DeviceStepEmitter(function, places, into, kernels, groups, loops, firstSite, workspaceBytes).run();
}

} // namespace dlc::codegen::cuda
