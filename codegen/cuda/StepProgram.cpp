// The program around the kernels, for a device: it runs on the host and reaches the device's memory by the runtime's table.
#include "codegen/cuda/StepProgram.h"

#include "codegen/common/StepEmitter.h"

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

/// A recording has all passes that a loop may run, each a few launches that cost microseconds even where it is not entered. Of longer loops the host reads
/// the count, or after each pass whether it was the last, and their function is not recorded.
constexpr int64_t kMostConditionalPasses = 256;

class DeviceStepEmitter final : public StepEmitter {
public:
  DeviceStepEmitter(ir::FuncOp function, const Places &places, ModuleOp into, const std::map<std::string, KernelInfo> &kernels, const Groups &groups,
                    int64_t site, int64_t workspaceBytes)
      : StepEmitter(function, places, into, site), kernels(kernels), groups(groups), workspaceBytes(workspaceBytes) {}

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
    if (const Groups::Group *group = groups.of(op)) {
      waiting[op] = {arguments, bytes};
      if (group->last == op)
        launchGroup(*group);
      return;
    }
    Value buffers = table(arguments);
    for (const Launch &launch : kernel.launches)
      if (launch.product)
        multiply(*launch.product, arguments);
      else
        launchWith(launch, buffers, bytes);
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
    callRuntime(kLaunch, {text(launch.symbol), buffers, numbers(bytes), number32(static_cast<int64_t>(bytes.size())), number(launch.blocks),
                          number(launch.threads)});
  }

  void multiply(const LibraryProduct &p, ArrayRef<Value> arguments) {
    auto at = [&](const LibraryProduct::Place &place) { return farPlus(arguments[place.slot], place.offset); };
    const char *bytes = reinterpret_cast<const char *>(&p.product);
    Value description = data(LLVM::LLVMArrayType::get(i8, sizeof p.product), b.getStringAttr(StringRef(bytes, sizeof p.product)));
    auto orNull = [&](const std::optional<LibraryProduct::Place> &place) { return place ? at(*place) : null(); };
    if (workspace < 0)
      workspace = reserveAt(workspaceBytes);
    // dlc_product_memory
    Value memory = table({at(p.left), at(p.right), orNull(p.bias), orNull(p.mask), orNull(p.sums), at(p.result), farPlus(arena(), workspace)});
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
    Value enters = compare(LLVM::ICmpPredicate::ne, load(i8, here), LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)));
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *inside = newBlock();
    b.restoreInsertionPoint(before);
    branch(enters, inside, otherwise);
    b.setInsertionPointToEnd(inside);
  }

  // Passes whose addresses the host computes cannot be one repeated graph: while the device records, all that there can be are asked for, each a part of its
  // own. Else the host reads the count.
  Value countPasses(Value count, int64_t bound) override {
    if (bound > kMostConditionalPasses) {
      counted.push_back({});
      return StepEmitter::countPasses(count, bound);
    }
    Value kept = reserve(8), passes = local(8), conditional = local(8);
    callRuntime(kCopy, {kept, count, number(8)}); // what is carried may lie where the count did
    callRuntime(kPasses, {kept, number(bound), passes, conditional});
    Value isConditional = compare(LLVM::ICmpPredicate::ne, load(i8, conditional), LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0)));
    counted.push_back({isConditional, kept, reserve(1)});
    return load(i64, passes);
  }
  void enterCounted(Value index) override {
    const Counted &loop = counted.back();
    whenConditional(loop, [&] {
      Value isBelow = table({loop.flag, loop.count, LLVM::IntToPtrOp::create(b, pointer, index)});
      callRuntime(kLaunch, {text(DLC_BELOW_KERNEL), isBelow, numbers({1, 8, 0}), number32(3), number(1), number(1)});
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
    if (!loop.flag)
      return;
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *inside = newBlock(), *after = newBlock();
    b.restoreInsertionPoint(before);
    branch(loop.isConditional, inside, after);
    b.setInsertionPointToEnd(inside);
    body();
    jump(after);
    b.setInsertionPointToEnd(after);
  }

  // Every pass of a loop with an exit is a part that is entered as long as no pass before it has said that it is the last.
  void prepareExit(int64_t bound) override {
    stops.push_back(bound > kMostConditionalPasses ? Value() : reserve(1));
    if (!stops.back())
      return;
    callRuntime(kClear, {stops.back(), number(1)});
  }
  void enterPass(Block *after) override {
    if (!stops.back())
      return;
    OpBuilder::InsertPoint before = b.saveInsertionPoint();
    Block *leave = newBlock();
    b.setInsertionPointToEnd(leave);
    callRuntime(kEndif, {});
    jump(after);
    b.restoreInsertionPoint(before);
    enter(stops.back(), 0, leave);
  }
  void keepExit(Value flag) override {
    if (!stops.back())
      return StepEmitter::keepExit(flag);
    callRuntime(kCopy, {stops.back(), flag, number(1)});
  }
  void leavePass(Value next, Block *head, Block *after) override {
    if (!stops.pop_back_val())
      return StepEmitter::leavePass(next, head, after);
    callRuntime(kEndif, {});
    jump(head, next);
  }

  void branchOnAll(Value flags, int64_t count, Block *yes, Block *no) override {
    Value here = local(8);
    callRuntime(kAll, {flags, number(count), here});
    Value zero = LLVM::ConstantOp::create(b, i8, b.getI8IntegerAttr(0));
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
  struct Arguments {
    SmallVector<Value> values;
    SmallVector<int64_t> bytes;
  };
  llvm::DenseMap<Operation *, Arguments> waiting; // members, for the last one of their group
  int64_t workspaceBytes, workspace = -1; // of products; its place in the arena
  SmallVector<Value> constants, stops; // of the loops that are open
  SmallVector<Counted> counted;        // also
  llvm::DenseMap<Attribute, std::string> names;
};

/// What a reader of the program cannot see: how a branch or a loop runs on the device.
void tellOfControl(ir::FuncOp function) {
  constexpr const char *kPart = "conditional parts of the recorded function where the driver has them, from CUDA 12.4 on; else the host reads a flag each time";
  function.walk([&](Operation *op) {
    auto loop = dyn_cast<ir::LoopOp>(op);
    if (loop && (loop.getCount() || loop.getExit())) {
      int64_t bound = *loop.getBound().getSizes().front().constant();
      if (bound > kMostConditionalPasses)
        op->emitRemark("the host reads when this loop ends, which has up to ") << bound << " passes: calls of `" << function.getSymName()
            << "` are not recorded, as recordings have loops of at most " << kMostConditionalPasses;
      else
        op->emitRemark("the passes of this loop are ") << kPart;
    }
    else if (isa<ir::CondOp>(op))
      op->emitRemark("both ways of this branch are ") << kPart;
  });
}

} // namespace

FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, ModuleOp into,
                                     const std::map<std::string, KernelInfo> &kernels, const Groups &groups, int64_t firstSite, int64_t workspaceBytes) {
  tellOfControl(function);
  return DeviceStepEmitter(function, places, into, kernels, groups, firstSite, workspaceBytes).run();
}

} // namespace dlc::codegen::cuda
