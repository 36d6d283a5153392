#include "codegen/cuda/product/Epilogues.h"

#include "codegen/common/Places.h"
#include "codegen/common/StepEmitter.h"
#include "codegen/cuda/product/Library.h"
#include "codegen/cuda/product/Product.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// A kernel of one product that is the library's.
struct Form {
  ir::FuncOp kernel;
  ProductShape shape;
  LibraryEpilogue epilogue;
  int32_t allowed = 0; ///< epilogues that the library has

  unsigned argumentOf(Value value) const { return cast<BlockArgument>(value).getArgNumber(); }
  unsigned resultOf(Value value) {
    OperandRange results = kernel.getBody().front().getTerminator()->getOperands();
    return static_cast<unsigned>(llvm::find(results, value) - results.begin());
  }
};

class Fusion {
public:
  Fusion(ModuleOp module, llvm::function_ref<Kernel::Options(ir::FuncOp)> optionsOf) : module(module), symbols(module) {
    for (auto function : module.getOps<ir::FuncOp>())
      if (!function->hasAttr("dl.kernel") && isCompiled(function))
        function.walk([&](ir::LaunchOp launch) { launches.push_back(launch); });
    // Only of what is launched here the sizes are known.
    for (ir::LaunchOp launch : launches) {
      auto kernel = symbols.lookup<ir::FuncOp>(launch.getCallee());
      if (kernel && !forms.contains(kernel.getSymName()))
        if (std::optional<Form> form = formOf(kernel, optionsOf(kernel)))
          forms[kernel.getSymName()] = std::move(*form);
    }
  }

  void decideMasks();
  bool fuseSums();

private:
  std::optional<Form> formOf(ir::FuncOp kernel, const Kernel::Options &options);
  Form *formOf(ir::LaunchOp launch) {
    auto found = forms.find(launch.getCallee());
    return found == forms.end() ? nullptr : &found->second;
  }
  bool mayWriteMask(ir::LaunchOp launch, Form &form);
  bool mayReadMask(ir::LaunchOp launch, Form &form);

  /// A sum in a kernel of an argument that it reads for nothing else.
  struct Sum {
    unsigned argument;
    ir::ReduceOp reduce;
  };
  std::optional<Sum> sumIn(ir::FuncOp kernel);
  /// A launch before `reader` beside whose product the library can compute the sum, and whether it sums the right factor; null where there is none.
  std::pair<ir::LaunchOp, bool> productFor(ir::LaunchOp reader, Sum sum);
  void join(ir::LaunchOp product, bool sumsRight, ir::LaunchOp reader, Sum sum);
  ir::FuncOp withSums(Form &form, bool sumsRight, RankedTensorType type);
  ir::FuncOp withoutSum(ir::FuncOp kernel, unsigned argument);

  ModuleOp module;
  SymbolTable symbols;
  llvm::StringMap<Form> forms; // by kernel
  SmallVector<ir::LaunchOp> launches;
};

std::optional<Form> Fusion::formOf(ir::FuncOp kernel, const Kernel::Options &options) {
  ir::DotOp product;
  for (Operation &op : kernel.getBody().front())
    if (isa<ir::DotOp, ir::ConvOp>(op)) {
      if (product || isa<ir::ConvOp>(op))
        return std::nullopt;
      product = cast<ir::DotOp>(op);
    }
  std::optional<ProductShape> shape = product ? tiledShape(product, isWorthTiles) : std::nullopt;
  bool isGiven = shape && isa<BlockArgument>(throughReshapes(shape->left)) && isa<BlockArgument>(throughReshapes(shape->right));
  if (!isGiven || !whyNotLibrary(options, *shape).empty())
    return std::nullopt;
  return Form{kernel, *shape, libraryEpilogue(kernel, *shape), options.epilogues};
}

//===- Masks --------------------------------------------------------------===//

bool Fusion::mayWriteMask(ir::LaunchOp launch, Form &form) {
  Value mask = launch.getResult(form.resultOf(form.epilogue.maskResult));
  auto number = cast<OpResult>(mask).getResultNumber();
  // In memory that is its own, and at least as large as what the library writes.
  if (!launch.getAt() || (*launch.getAt())[number] < 0 || DLC_MASK_BYTES(form.shape.rowCount(), form.shape.columns) > tensorBytes(mask.getType()))
    return false;
  return llvm::all_of(mask.getUses(), [&](OpOperand &use) {
    auto reader = dyn_cast<ir::LaunchOp>(use.getOwner());
    Form *other = reader ? formOf(reader) : nullptr;
    return other && other->epilogue.mask && other->argumentOf(other->epilogue.mask) == use.getOperandNumber() &&
           llvm::count(reader->getOperands(), mask) == 1;
  });
}

bool Fusion::mayReadMask(ir::LaunchOp launch, Form &form) {
  Value mask = launch.getOperand(form.argumentOf(form.epilogue.mask));
  auto writer = mask.getDefiningOp<ir::LaunchOp>();
  Form *other = writer ? formOf(writer) : nullptr;
  return other && other->epilogue.maskResult && writer.getResult(other->resultOf(other->epilogue.maskResult)) == mask &&
         other->shape.rowCount() == form.shape.rowCount() && other->shape.columns == form.shape.columns;
}

/// Kernels drop out until all that are left write for each other.
void Fusion::decideMasks() {
  constexpr int32_t kBoth = DLC_RELU_MASK | DLC_RELU_GRADIENT, kSums = DLC_RESULT_SUMS | DLC_RIGHT_SUMS; // which are given up alone
  auto drop = [](Form &form) {
    form.epilogue = {};
    form.epilogue.value = form.shape.result;
  };
  for (auto &entry : forms)
    if (entry.second.epilogue.bits() & kBoth && (entry.second.epilogue.bits() | kBoth) & ~kSums & ~entry.second.allowed)
      drop(entry.second);
  for (bool changed = true; changed;) {
    changed = false;
    for (ir::LaunchOp launch : launches) {
      Form *form = formOf(launch);
      if (!form || (!form->epilogue.mask && !form->epilogue.maskResult))
        continue;
      if (form->epilogue.mask ? !mayReadMask(launch, *form) : !mayWriteMask(launch, *form)) {
        drop(*form);
        changed = true;
      }
    }
  }
  for (auto &entry : forms)
    if (entry.second.epilogue.mask || entry.second.epilogue.maskResult)
      entry.second.kernel->setAttr(kMasksAttr, UnitAttr::get(module.getContext()));
}

//===- Sums ---------------------------------------------------------------===//

std::optional<Fusion::Sum> Fusion::sumIn(ir::FuncOp kernel) {
  for (auto reduce : kernel.getBody().front().getOps<ir::ReduceOp>()) {
    auto argument = dyn_cast<BlockArgument>(reduce.getOperand());
    if (argument && argument.hasOneUse() && reduce.getFn() == ir::ReduceFn::sum && reduce.getType().getElementType().isF32())
      return Sum{argument.getArgNumber(), reduce};
  }
  return std::nullopt;
}

std::pair<ir::LaunchOp, bool> Fusion::productFor(ir::LaunchOp reader, Sum sum) {
  Value tensor = reader.getOperand(sum.argument);
  ArrayRef<int64_t> axes = sum.reduce.getAxes();
  auto isHere = [&](ir::LaunchOp launch, Form *form) {
    return form && launch->getBlock() == reader->getBlock() && launch->isBeforeInBlock(reader) && form->shape.batchCount() == 1 && !form->epilogue.sums;
  };
  // Sums of what the product leaves are those of all its rows: the last axes, of `columns` elements, stay.
  if (auto launch = tensor.getDefiningOp<ir::LaunchOp>()) {
    Form *form = formOf(launch);
    auto type = cast<RankedTensorType>(tensor.getType());
    bool isLast = llvm::equal(axes, llvm::seq<int64_t>(0, static_cast<int64_t>(axes.size())));
    int64_t left = 1;
    for (int64_t axis = static_cast<int64_t>(axes.size()); axis < type.getRank(); ++axis)
      left *= type.getDimSize(axis);
    if (isHere(launch, form) && (form->epilogue.mask || form->epilogue.geluAt) && form->allowed & DLC_RESULT_SUMS && isLast && left == form->shape.columns &&
        launch.getResult(form->resultOf(form->epilogue.value)) == tensor)
      return {launch, false};
  }
  for (Operation *user : tensor.getUsers()) {
    auto launch = dyn_cast<ir::LaunchOp>(user);
    Form *form = launch ? formOf(launch) : nullptr;
    if (!launch || !isHere(launch, form))
      continue;
    auto product = cast<ir::DotOp>(form->shape.result.getDefiningOp());
    auto argument = dyn_cast<BlockArgument>(product.getRhs());
    bool isPlain = form->epilogue.value == form->shape.result && form->epilogue.bits() == 0 && product.getPrecision() == ir::Precision::f32;
    if (isPlain && form->allowed & DLC_RIGHT_SUMS && argument && launch.getOperand(argument.getArgNumber()) == tensor && termAxes(product) == axes)
      return {launch, true};
  }
  return {};
}

ir::FuncOp Fusion::withSums(Form &form, bool sumsRight, RankedTensorType type) {
  std::string name = (form.kernel.getSymName() + (sumsRight ? "$right_sums" : "$sums") + Twine(type.getRank())).str();
  if (auto known = symbols.lookup<ir::FuncOp>(name))
    return known;
  auto made = cast<ir::FuncOp>(form.kernel->clone());
  made.setSymName(name);
  symbols.insert(made);
  Block &body = made.getBody().front();
  Operation *end = body.getTerminator();
  OpBuilder b(end);
  ir::DotOp product = *body.getOps<ir::DotOp>().begin();
  Value summed = sumsRight ? product.getRhs() : end->getOperand(form.resultOf(form.epilogue.value));
  SmallVector<int64_t> axes = termAxes(product);
  if (!sumsRight)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, cast<RankedTensorType>(summed.getType()).getRank() - type.getRank()));
  Value sums = ir::ReduceOp::create(b, end->getLoc(), type, ir::ReduceFn::sum, summed, axes);
  end->insertOperands(end->getNumOperands(), sums);
  made.setFunctionType(b.getFunctionType(made.getArgumentTypes(), end->getOperandTypes()));
  made.removeResAttrsAttr();
  return made;
}

ir::FuncOp Fusion::withoutSum(ir::FuncOp kernel, unsigned number) {
  std::string name = (kernel.getSymName() + "$summed" + Twine(number)).str();
  if (auto known = symbols.lookup<ir::FuncOp>(name))
    return known;
  auto made = cast<ir::FuncOp>(kernel->clone());
  made.setSymName(name);
  symbols.insert(made);
  BlockArgument argument = made.getBody().front().getArgument(number);
  auto reduce = cast<ir::ReduceOp>(*argument.getUsers().begin());
  argument.setType(reduce.getType());
  reduce.replaceAllUsesWith(Value(argument));
  reduce.erase();
  made.setFunctionType(FunctionType::get(made.getContext(), made.getBody().front().getArgumentTypes(), made.getResultTypes()));
  return made;
}

void Fusion::join(ir::LaunchOp product, bool sumsRight, ir::LaunchOp reader, Sum sum) {
  RankedTensorType type = sum.reduce.getType();
  Form &form = *formOf(product);
  ir::FuncOp kernel = withSums(form, sumsRight, type);
  auto function = product->getParentOfType<ir::FuncOp>();
  int64_t offset = 0;
  if (auto arena = function->getAttrOfType<IntegerAttr>("dl.arena"))
    offset = llvm::alignTo(arena.getInt(), DLC_ALIGNMENT);
  OpBuilder b(product);
  function->setAttr("dl.arena", b.getI64IntegerAttr(offset + tensorBytes(type)));
  auto longer = [&](std::optional<ArrayRef<int64_t>> list, int64_t last) {
    SmallVector<int64_t> numbers = list ? SmallVector<int64_t>(*list) : SmallVector<int64_t>(product.getNumResults(), -1);
    numbers.push_back(last);
    return b.getDenseI64ArrayAttr(numbers);
  };
  SmallVector<Type> types(product.getResultTypes());
  types.push_back(type);
  auto wider = ir::LaunchOp::create(b, product.getLoc(), types, kernel.getSymName(), product.getOperands(), longer(product.getAt(), offset),
                                    longer(product.getOnto(), -1), longer(product.getInto(), -1));
  product.replaceAllUsesWith(wider.getResults().drop_back());
  llvm::replace(launches, product, wider);
  product.erase();
  if (!forms.contains(kernel.getSymName())) {
    Form made = form;
    made.kernel = kernel;
    made.epilogue.sums = kernel.getBody().front().getTerminator()->getOperands().back();
    forms[kernel.getSymName()] = made;
  }
  reader.setCallee(withoutSum(symbols.lookup<ir::FuncOp>(reader.getCallee()), sum.argument).getSymName());
  reader->setOperand(sum.argument, wider.getResults().back());
}

bool Fusion::fuseSums() {
  bool any = false;
  for (ir::LaunchOp reader : SmallVector<ir::LaunchOp>(launches)) {
    if (!llvm::is_contained(launches, reader) || formOf(reader))
      continue;
    std::optional<Sum> sum = sumIn(symbols.lookup<ir::FuncOp>(reader.getCallee()));
    if (!sum)
      continue;
    auto [product, sumsRight] = productFor(reader, *sum);
    if (!product)
      continue;
    join(product, sumsRight, reader, *sum);
    any = true;
  }
  return any;
}

} // namespace

bool fuseEpilogues(ModuleOp module, llvm::function_ref<Kernel::Options(ir::FuncOp)> optionsOf) {
  Fusion fusion(module, optionsOf);
  fusion.decideMasks();
  return fusion.fuseSums();
}

} // namespace dlc::codegen::cuda
