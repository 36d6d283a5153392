// The way back through gelu_tanh reads several tensors that the way there has made of one, which is what the library keeps: they are made of it again.
//
// The plan of the memory has been made by then, and stays right by this: what gelu takes lies in the memory of a result that it stands for, the slot, whose last
// reader is the last of all those that now read it in place of others, so nobody else has that memory before. Who took over the memory of another one of them
// (`onto`) gets that memory as a place of the arena, and only one that took over the slot, its last reader, still writes over what it reads. Readers are looked
// for among the direct users of the results. What reads through views is left as it is, and as it may not take memory over, a pre-activation with a view that
// something takes over, or that something else than launches reads, is left alone.
#include "codegen/cuda/product/Epilogues.h"

#include "codegen/common/Places.h"
#include "codegen/common/StepEmitter.h"
#include "codegen/cuda/product/Gelu.h"
#include "codegen/cuda/product/Library.h"
#include "codegen/cuda/product/Product.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// A kernel of a product of the library behind which gelu_tanh stands, by its results: that, what it takes, and others that are functions of this.
struct Forward {
  ir::FuncOp kernel;
  Value before; ///< what gelu takes
  size_t gelu = 0;
  std::optional<size_t> input;
  llvm::SmallMapVector<size_t, Formula, 8> others;
};

OperandRange resultsOf(ir::FuncOp kernel) { return kernel.getBody().front().getTerminator()->getOperands(); }

/// The only product of a kernel, where it is one that the library is asked for and stands in front of all else.
std::optional<ProductShape> onlyProduct(ir::FuncOp kernel, const Kernel::Options &options) {
  ir::DotOp product;
  for (Operation &op : kernel.getBody().front()) {
    if (!isa<ir::DotOp, ir::ConvOp>(op))
      continue;
    if (product || isa<ir::ConvOp>(op))
      return std::nullopt;
    product = cast<ir::DotOp>(op);
  }
  std::optional<ProductShape> shape = product ? tiledShape(product, isWorthTiles) : std::nullopt;
  return shape && whyNotLibrary(options, *shape).empty() ? shape : std::nullopt;
}

std::optional<Forward> forwardOf(ir::FuncOp kernel, const Kernel::Options &options) {
  constexpr int32_t kNeeded = DLC_GELU | DLC_GELU_INPUT;
  std::optional<ProductShape> shape = onlyProduct(kernel, options);
  if (!shape || !takesGeluInput(*shape) || (options.epilogues & kNeeded) != kNeeded || resultsOf(kernel).size() < 2)
    return std::nullopt;
  Forward forward{kernel, throughReshapes(preactivationOf(*shape).value), resultsOf(kernel).size(), {}, {}};
  for (auto [number, result] : llvm::enumerate(resultsOf(kernel))) {
    auto formula = Formula::of(result, [&](Value value) { return value == forward.before; });
    if (!formula || formula->variables().size() != 1)
      return std::nullopt;
    if (throughReshapes(result) == forward.before)
      forward.input = number;
    else if (forward.gelu == resultsOf(kernel).size() && isGeluTanh(*formula))
      forward.gelu = number;
    else
      forward.others.insert({number, *formula});
  }
  return forward.gelu < resultsOf(kernel).size() ? std::optional(forward) : std::nullopt;
}

class Rewriter {
public:
  Rewriter(ModuleOp module, llvm::function_ref<Kernel::Options(ir::FuncOp)> optionsOf) : symbols(module), optionsOf(optionsOf) {
    for (auto function : module.getOps<ir::FuncOp>())
      if (!function->hasAttr("dl.kernel") && isCompiled(function))
        function.walk([&](ir::LaunchOp launch) { launches.push_back(launch); });
    for (ir::LaunchOp launch : launches)
      if (auto kernel = symbols.lookup<ir::FuncOp>(launch.getCallee()); kernel && !forwards.contains(kernel.getSymName()))
        forwards[kernel.getSymName()] = forwardOf(kernel, optionsOf(kernel));
  }

  bool run() {
    bool any = false;
    for (ir::LaunchOp launch : SmallVector<ir::LaunchOp>(launches))
      if (const std::optional<Forward> &forward = forwards[launch.getCallee()])
        any |= rewrite(launch, *forward);
    return any;
  }

private:
  /// The last operation of the launch's block that reads a result, in itself or in a region; null where none does, or one that is not in this block.
  static Operation *lastReader(ir::LaunchOp launch, Value result) {
    Operation *last = launch;
    for (Operation *user : result.getUsers()) {
      if (auto reshape = dyn_cast<ir::ReshapeOp>(user))
        user = lastReader(launch, reshape.getResult());
      Operation *here = user ? launch->getBlock()->findAncestorOpInBlock(*user) : nullptr;
      if (!here)
        return nullptr;
      if (last->isBeforeInBlock(here))
        last = here;
    }
    return last;
  }
  static bool isTakenOver(Value value) {
    return llvm::any_of(value.getUses(), [](OpOperand &use) {
      auto launch = dyn_cast<ir::LaunchOp>(use.getOwner());
      return launch && launch.getOnto() && llvm::is_contained(*launch.getOnto(), static_cast<int64_t>(use.getOperandNumber()));
    });
  }
  /// Whether launches read a view, and nothing takes its memory over.
  static bool isOnlyRead(ir::ReshapeOp view) {
    return !isTakenOver(view) && llvm::all_of(view->getUsers(), [](Operation *user) {
      auto further = dyn_cast<ir::ReshapeOp>(user);
      return further ? isOnlyRead(further) : isa<ir::LaunchOp>(user);
    });
  }
  /// Puts a result at a place of the arena.
  static void place(ir::LaunchOp launch, size_t result, int64_t offset) {
    auto changed = [&](std::optional<ArrayRef<int64_t>> list, int64_t number) {
      SmallVector<int64_t> numbers = list ? SmallVector<int64_t>(*list) : SmallVector<int64_t>(launch->getNumResults(), -1);
      numbers[result] = number;
      return numbers;
    };
    launch.setAt(changed(launch.getAt(), offset));
    launch.setOnto(changed(launch.getOnto(), -1));
  }
  static int64_t atOf(ir::LaunchOp launch, size_t result) { return launch.getAt() ? (*launch.getAt())[result] : -1; }

  /// The result whose memory is to hold what gelu takes: all that is read in its place must have been read by the end of that one's time.
  std::optional<size_t> slotFor(ir::LaunchOp launch, const Forward &forward) {
    SmallVector<size_t> candidates;
    Operation *last = launch;
    auto consider = [&](size_t number, bool mayHold) {
      Operation *reader = lastReader(launch, launch.getResult(number));
      if (reader && last->isBeforeInBlock(reader))
        last = reader;
      if (mayHold && atOf(launch, number) >= 0)
        candidates.push_back(number);
      return reader != nullptr;
    };
    if (forward.input) {
      Value input = launch.getResult(*forward.input);
      bool isPlain = llvm::all_of(input.getUsers(), [](Operation *user) {
        auto view = dyn_cast<ir::ReshapeOp>(user);
        return view ? isOnlyRead(view) : isa<ir::LaunchOp>(user);
      });
      if (!isPlain || input.getType() != forward.before.getType() || !consider(*forward.input, true))
        return std::nullopt;
    }
    for (const auto &[number, formula] : forward.others) {
      Value result = launch.getResult(number);
      bool isByLaunches = llvm::all_of(result.getUsers(), [&](Operation *user) { return isa<ir::LaunchOp>(user) && user->getBlock() == launch->getBlock(); });
      if (!isByLaunches || !consider(number, cast<RankedTensorType>(result.getType()).getElementType().isF32()))
        return std::nullopt;
    }
    llvm::erase_if(candidates, [&](size_t number) { return lastReader(launch, launch.getResult(number)) != last; });
    llvm::stable_sort(candidates, [&](size_t a, size_t b) { return !isTakenOver(launch.getResult(a)) && isTakenOver(launch.getResult(b)); });
    return candidates.empty() ? std::nullopt : std::optional(candidates[0]);
  }

  /// The kernel with gelu and, in place of result `slot`, what that takes.
  ir::FuncOp withInput(const Forward &forward, size_t slot) {
    ir::FuncOp kernel = forward.kernel;
    std::string name = (kernel.getSymName() + "$before" + Twine(slot)).str();
    if (auto known = symbols.lookup<ir::FuncOp>(name))
      return known;
    IRMapping mapping;
    auto made = cast<ir::FuncOp>(kernel->clone(mapping));
    made.setSymName(name);
    symbols.insert(made);
    Operation *end = made.getBody().front().getTerminator();
    SmallVector<Value> results;
    for (size_t number : {std::min(slot, forward.gelu), std::max(slot, forward.gelu)})
      results.push_back(number == slot ? mapping.lookup(forward.before) : end->getOperand(number));
    end->setOperands(results);
    made.setFunctionType(FunctionType::get(made.getContext(), made.getArgumentTypes(), end->getOperandTypes()));
    made.removeResAttrsAttr();
    eraseUnused(made);
    return made;
  }
  static void eraseUnused(ir::FuncOp kernel) {
    SmallVector<Operation *> operations;
    for (Operation &op : kernel.getBody().front().without_terminator())
      operations.push_back(&op);
    for (Operation *op : llvm::reverse(operations))
      if (op->use_empty())
        op->erase();
  }

  /// A reader with these of its arguments made of what gelu takes; without a formula the argument is that.
  using Made = llvm::SmallMapVector<unsigned, const Formula *, 8>;
  ir::FuncOp withFormulas(ir::FuncOp kernel, StringRef forward, const Made &arguments, ArrayRef<size_t> numbers, RankedTensorType type) {
    std::string name = (kernel.getSymName() + "$of$" + forward).str();
    for (auto [argument, number] : llvm::zip(arguments, numbers))
      name += "." + std::to_string(argument.first) + "." + std::to_string(number);
    if (auto known = symbols.lookup<ir::FuncOp>(name))
      return known;
    auto made = cast<ir::FuncOp>(kernel->clone());
    made.setSymName(name);
    symbols.insert(made);
    Block &body = made.getBody().front();
    OpBuilder b = OpBuilder::atBlockBegin(&body);
    BlockArgument first = body.getArgument(arguments.front().first);
    SmallVector<std::pair<OpOperand *, unsigned>> uses; // before there are others
    for (auto [number, formula] : arguments)
      for (OpOperand &use : body.getArgument(number).getUses())
        uses.push_back({&use, number});
    llvm::DenseMap<unsigned, Value> values;
    for (auto [number, formula] : arguments) {
      BlockArgument argument = body.getArgument(number);
      Type old = argument.getType();
      argument.setType(type);
      Value value = formula ? formula->emit(b, Value(first)) : Value(first);
      values[number] = value.getType() == old ? value : ir::ReshapeOp::create(b, argument.getLoc(), old, value).getResult();
    }
    for (auto [use, number] : uses)
      use->set(values[number]);
    made.setFunctionType(FunctionType::get(made.getContext(), body.getArgumentTypes(), made.getResultTypes()));
    return made;
  }

  bool rewrite(ir::LaunchOp launch, const Forward &forward);
  void rewriteReader(ir::LaunchOp reader, ir::LaunchOp launch, const Forward &forward, size_t slot, Value before);
  void separate(ir::LaunchOp reader);
  int64_t newMemory(ir::LaunchOp launch, int64_t bytes) {
    auto function = launch->getParentOfType<ir::FuncOp>();
    auto arena = function->getAttrOfType<IntegerAttr>("dl.arena");
    auto offset = static_cast<int64_t>(llvm::alignTo(arena ? arena.getInt() : 0, DLC_ALIGNMENT));
    function->setAttr("dl.arena", IntegerAttr::get(IntegerType::get(function.getContext(), 64), offset + bytes));
    return offset;
  }

  SymbolTable symbols;
  llvm::function_ref<Kernel::Options(ir::FuncOp)> optionsOf;
  SmallVector<ir::LaunchOp> launches;
  llvm::StringMap<std::optional<Forward>> forwards; // by kernel
};

/// The operands that stood for other results are what gelu takes. A result that took the memory of one of them has that memory as before.
void Rewriter::rewriteReader(ir::LaunchOp reader, ir::LaunchOp launch, const Forward &forward, size_t slot, Value before) {
  Made made;
  SmallVector<size_t> numbers;
  for (auto [operand, value] : llvm::enumerate(reader.getOperands())) {
    auto result = value.getDefiningOp() == launch ? cast<OpResult>(value).getResultNumber() : launch->getNumResults();
    auto formula = forward.others.find(result);
    if (formula == forward.others.end() && result != forward.input)
      continue;
    made.insert({static_cast<unsigned>(operand), formula == forward.others.end() ? nullptr : &formula->second});
    numbers.push_back(result);
  }
  auto kernel = symbols.lookup<ir::FuncOp>(reader.getCallee());
  ir::FuncOp maker = forward.kernel;
  auto type = cast<RankedTensorType>(before.getType());
  reader.setCallee(withFormulas(kernel, maker.getSymName(), made, numbers, type).getSymName());
  for (auto [result, operand] : llvm::enumerate(reader.getOnto() ? SmallVector<int64_t>(*reader.getOnto()) : SmallVector<int64_t>())) {
    auto *of = llvm::find_if(made, [&](auto &argument) { return argument.first == operand; });
    if (of == made.end() || numbers[static_cast<size_t>(of - made.begin())] == slot)
      continue;
    int64_t offset = atOf(launch, numbers[static_cast<size_t>(of - made.begin())]);
    place(reader, result, offset >= 0 ? offset : newMemory(reader, tensorBytes(reader.getResult(result).getType())));
  }
  for (auto &[operand, formula] : made)
    reader->setOperand(operand, before);
}

/// The library does not say that it may write its result where it reads what gelu took.
void Rewriter::separate(ir::LaunchOp reader) {
  auto kernel = symbols.lookup<ir::FuncOp>(reader.getCallee());
  std::optional<ProductShape> shape = onlyProduct(kernel, optionsOf(kernel));
  if (!shape || !reader.getOnto())
    return;
  LibraryEpilogue epilogue = libraryEpilogue(kernel, *shape);
  for (auto [result, operand] : llvm::enumerate(SmallVector<int64_t>(*reader.getOnto())))
    if (epilogue.geluAt && operand >= 0 && reader.getOperand(operand) == reader.getOperand(cast<BlockArgument>(epilogue.geluAt).getArgNumber()))
      place(reader, result, newMemory(reader, tensorBytes(reader.getResult(result).getType())));
}

bool Rewriter::rewrite(ir::LaunchOp launch, const Forward &forward) {
  std::optional<size_t> slot = slotFor(launch, forward);
  if (!slot)
    return false;
  llvm::SetVector<ir::LaunchOp> readers;
  auto addReaders = [&](size_t number) {
    for (Operation *user : launch.getResult(number).getUsers())
      if (auto reader = dyn_cast<ir::LaunchOp>(user))
        readers.insert(reader);
  };
  for (const auto &[number, formula] : forward.others)
    addReaders(number);
  if (forward.input)
    addReaders(*forward.input);
  if (!forward.others.empty()) {
    ir::FuncOp kernel = withInput(forward, *slot);
    SmallVector<size_t> kept = {std::min(*slot, forward.gelu), std::max(*slot, forward.gelu)};
    OpBuilder b(launch);
    auto pick = [&](std::optional<ArrayRef<int64_t>> list) {
      SmallVector<int64_t> numbers;
      for (size_t number : kept)
        numbers.push_back(list ? (*list)[number] : -1);
      return b.getDenseI64ArrayAttr(numbers);
    };
    auto made = ir::LaunchOp::create(b, launch.getLoc(), kernel.getResultTypes(), kernel.getSymName(), launch.getOperands(), pick(launch.getAt()),
                                     pick(launch.getOnto()), pick(launch.getInto()));
    Value before = made.getResult(kept[0] == *slot ? 0 : 1);
    for (ir::LaunchOp reader : readers)
      rewriteReader(reader, launch, forward, *slot, before);
    launch.getResult(forward.gelu).replaceAllUsesWith(made.getResult(kept[0] == *slot ? 1 : 0));
    if (forward.input)
      launch.getResult(*forward.input).replaceAllUsesWith(before);
    llvm::replace(launches, launch, made);
    launch.erase();
  }
  for (ir::LaunchOp reader : readers)
    separate(reader);
  return true;
}

} // namespace

bool keepPreactivations(ModuleOp module, llvm::function_ref<Kernel::Options(ir::FuncOp)> optionsOf) { return Rewriter(module, optionsOf).run(); }

} // namespace dlc::codegen::cuda
