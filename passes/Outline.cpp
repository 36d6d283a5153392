// Outlining: brings each kernel's body into a canonical form, and makes one function for each
// distinct form.
#include "passes/Passes.h"
#include "passes/Util.h"

#include "ir/Formulas.h"
#include "ir/Names.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace dlc::passes {
using namespace mlir;

#define GEN_PASS_DEF_OUTLINEPASS
#include "passes/Passes.h.inc"

namespace {

/// Whether every value of the body has the one shape `like` or is a scalar that is broadcast to it:
/// then the shape does not matter.
bool isFlat(ir::KernelOp kernel, RankedTensorType like) {
  auto scalar = [](Value value) { return ranked(value).getRank() == 0; };
  auto full = [&](Value value) { return ranked(value).getShape() == like.getShape(); };
  for (Value argument : kernel.getBody().front().getArguments())
    if (!full(argument) && !scalar(argument))
      return false;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (isa<ir::BroadcastOp>(op)) {
      if (!scalar(op.getOperand(0)) || !full(op.getResult(0)))
        return false;
    } else if (isElementwise(&op)) {
      if (!full(op.getResult(0)) && !scalar(op.getResult(0)))
        return false;
    } else if (!isa<ir::ConstantOp>(op)) {
      return false;
    }
  }
  return true;
}

/// The type with one axis if it has the shape `like`.
RankedTensorType flatType(RankedTensorType type, ArrayRef<int64_t> like) {
  if (type.getShape() != like)
    return type;
  return staticTensor({type.getNumElements()}, type.getElementType());
}

/// Gives an element-wise kernel one axis; its operands and results are reshaped outside, which
/// costs nothing.
ir::KernelOp flatten(ir::KernelOp kernel) {
  if (kernel.getKind() != ir::KernelKind::map || kernel.getNumResults() == 0)
    return kernel;
  auto like = ranked(kernel.getResult(0));
  if (!like.hasStaticShape() || like.getRank() < 2 || !isFlat(kernel, like))
    return kernel;
  SmallVector<int64_t> shape(like.getShape());
  OpBuilder builder(kernel);
  auto flat = [&](Value value) -> Value {
    auto type = flatType(ranked(value), shape);
    if (type == value.getType())
      return value;
    return ir::ReshapeOp::create(builder, value.getLoc(), type, value);
  };
  SmallVector<Value> operands = llvm::map_to_vector(kernel.getOperands(), flat);
  SmallVector<Type> types;
  for (Value result : kernel.getResults())
    types.push_back(flatType(ranked(result), shape));
  auto made = ir::KernelOp::create(builder, kernel.getLoc(), types, kernel.getKind(), operands);
  made.getBody().takeBody(kernel.getBody());
  for (BlockArgument argument : made.getBody().front().getArguments())
    argument.setType(flatType(ranked(argument), shape));
  for (Operation &op : made.getBody().front().without_terminator()) {
    if (auto constant = dyn_cast<ir::ConstantOp>(op)) {
      auto value = cast<DenseElementsAttr>(constant.getValue());
      constant.setValueAttr(value.resizeSplat(flatType(ranked(constant.getResult()), shape)));
    }
    for (Value result : op.getResults())
      result.setType(flatType(ranked(result), shape));
    if (auto broadcast = dyn_cast<ir::BroadcastOp>(op);
        broadcast && ranked(broadcast.getOperand()).getRank() == 0)
      broadcast.setAxes({});
  }
  for (auto [result, replacement] : llvm::zip(kernel.getResults(), made.getResults())) {
    Value value = replacement;
    if (value.getType() != result.getType())
      value = ir::ReshapeOp::create(builder, result.getLoc(), result.getType(), value);
    result.replaceAllUsesWith(value);
  }
  kernel.erase();
  return made;
}

/// A kernel in canonical form: its operations in the order in which the results ask for them, its
/// operands in the order in which these read them.
struct Body {
  ir::KernelOp kernel;
  SmallVector<Operation *> ops;
  SmallVector<unsigned> arguments; // of the kernel, in canonical order
  SmallVector<ir::ConstantOp> constants;
};

void visit(Operation *op, llvm::SetVector<Operation *> &order) {
  if (!op || order.contains(op))
    return;
  for (Value operand : op->getOperands())
    visit(operand.getDefiningOp(), order);
  order.insert(op);
}

Body canonical(ir::KernelOp kernel) {
  Body body{kernel, {}, {}, {}};
  llvm::SetVector<Operation *> order;
  for (Value result : kernel.getBody().front().getTerminator()->getOperands())
    visit(result.getDefiningOp(), order);
  llvm::SmallSetVector<unsigned, 8> arguments;
  auto read = [&](Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      arguments.insert(argument.getArgNumber());
  };
  for (Operation *op : order) {
    body.ops.push_back(op);
    if (auto constant = dyn_cast<ir::ConstantOp>(op))
      body.constants.push_back(constant);
    llvm::for_each(op->getOperands(), read);
  }
  llvm::for_each(kernel.getBody().front().getTerminator()->getOperands(), read);
  body.arguments.assign(arguments.begin(), arguments.end());
  return body;
}

/// The text of a body by which equal ones are found; of constants only the type when `values` is
/// not set.
std::string key(const Body &body, bool values) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::DenseMap<Value, unsigned> numbers;
  auto number = [&](Value value) { numbers.try_emplace(value, numbers.size()); };
  Block &block = const_cast<Body &>(body).kernel.getBody().front();
  os << ir::stringifyKernelKind(const_cast<Body &>(body).kernel.getKind());
  for (unsigned argument : body.arguments) {
    number(block.getArgument(argument));
    os << ' ' << block.getArgument(argument).getType();
  }
  for (Operation *op : body.ops) {
    os << '\n' << op->getName();
    if (values || !isa<ir::ConstantOp>(op))
      os << ' ' << op->getAttrDictionary();
    for (Value operand : op->getOperands())
      os << " %" << numbers.lookup(operand);
    for (Value result : op->getResults()) {
      number(result);
      os << ' ' << result.getType();
    }
  }
  os << '\n';
  for (Value result : block.getTerminator()->getOperands())
    os << " %" << numbers.lookup(result);
  return text;
}

/// Whether the constant may become an operand: a float scalar, or one that is spread over a tensor.
/// What decides the shape of loops stays.
bool mayBecomeOperand(ir::ConstantOp constant) {
  return isa<FloatType>(ranked(constant.getResult()).getElementType()) ||
         llvm::all_of(constant->getUsers(),
                      [](Operation *user) { return isa<ir::RandomOp>(user); });
}

class OutlinePass : public impl::OutlinePassBase<OutlinePass> {
public:
  void runOnOperation() override {
    if (failed(checkPlain(getOperation())))
      return signalPassFailure();
    SmallVector<ir::KernelOp> kernels;
    getOperation().walk([&](ir::KernelOp kernel) { kernels.push_back(kernel); });
    for (ir::KernelOp &kernel : kernels)
      kernel = flatten(kernel);
    shareConstants(kernels);

    SymbolTable symbols(getOperation());
    llvm::StringMap<ir::FuncOp> made;
    for (ir::KernelOp kernel : kernels) {
      Body body = canonical(kernel);
      ir::FuncOp &func = made[key(body, true)];
      if (!func)
        func = makeFunction(body, symbols);
      launch(body, func);
    }
  }

private:
  /// Where bodies differ only in the values of constants, those that differ become operands.
  static void shareConstants(ArrayRef<ir::KernelOp> kernels) {
    llvm::MapVector<StringRef, SmallVector<Body>> groups;
    llvm::StringMap<char> keys;
    for (ir::KernelOp kernel : kernels) {
      Body body = canonical(kernel);
      StringRef text = keys.try_emplace(key(body, false)).first->first();
      groups[text].push_back(std::move(body));
    }
    for (auto &[text, bodies] : groups)
      for (size_t i = 0; i < bodies[0].constants.size(); ++i) {
        bool differ = llvm::any_of(bodies, [&](Body &body) {
          return body.constants[i].getValue() != bodies[0].constants[i].getValue();
        });
        if (differ &&
            llvm::all_of(bodies, [&](Body &body) { return mayBecomeOperand(body.constants[i]); }))
          for (Body &body : bodies)
            makeOperand(body.kernel, body.constants[i]);
      }
  }

  static void makeOperand(ir::KernelOp kernel, ir::ConstantOp constant) {
    OpBuilder builder(kernel);
    auto value = cast<DenseElementsAttr>(constant.getValue());
    auto type = ranked(constant.getResult());
    auto scalar = ir::ConstantOp::create(
        builder, constant.getLoc(), value.resizeSplat(staticTensor({}, type.getElementType())));
    kernel.getOperandsMutable().append(scalar.getResult());
    Value argument =
        kernel.getBody().front().addArgument(scalar.getResult().getType(), constant.getLoc());
    if (type.getRank() != 0) {
      OpBuilder inner(constant);
      argument =
          ir::BroadcastOp::create(inner, constant.getLoc(), type, argument, ArrayRef<int64_t>{});
    }
    constant.getResult().replaceAllUsesWith(argument);
    constant.erase();
  }

  ir::FuncOp makeFunction(const Body &body, SymbolTable &symbols) {
    ir::KernelOp kernel = body.kernel;
    Block &block = kernel.getBody().front();
    SmallVector<Type> inputs;
    for (unsigned argument : body.arguments)
      inputs.push_back(block.getArgument(argument).getType());
    OpBuilder builder(&getContext());
    builder.setInsertionPointToEnd(getOperation().getBody());
    auto type = FunctionType::get(&getContext(), inputs, kernel.getResultTypes());
    auto func = ir::FuncOp::create(builder, kernel.getLoc(), kernelName(body), type);
    func.setPrivate();
    func->setAttr(kKernel,
                  StringAttr::get(&getContext(), ir::stringifyKernelKind(kernel.getKind())));
    symbols.insert(func);

    Block *entry =
        func.getBody().empty() ? &func.getBody().emplaceBlock() : &func.getBody().front();
    IRMapping map;
    for (auto [i, argument] : llvm::enumerate(body.arguments)) {
      BlockArgument old = block.getArgument(argument);
      if (i >= entry->getNumArguments())
        entry->addArgument(old.getType(), old.getLoc());
      entry->getArgument(i).setLoc(old.getLoc());
      map.map(old, entry->getArgument(i));
    }
    OpBuilder inner = OpBuilder::atBlockEnd(entry);
    for (Operation *op : body.ops)
      inner.clone(*op, map);
    SmallVector<Value> results;
    for (Value result : block.getTerminator()->getOperands())
      results.push_back(map.lookupOrDefault(result));
    ir::ReturnOp::create(inner, kernel.getLoc(), results);
    return func;
  }

  static void launch(const Body &body, ir::FuncOp func) {
    ir::KernelOp kernel = body.kernel;
    SmallVector<Value> operands;
    for (unsigned argument : body.arguments)
      operands.push_back(kernel.getOperands()[argument]);
    OpBuilder builder(kernel);
    auto launch = ir::LaunchOp::create(builder, kernel.getLoc(), kernel.getResultTypes(),
                                       func.getSymName(), operands, DenseI64ArrayAttr(),
                                       DenseI64ArrayAttr(), DenseI64ArrayAttr());
    kernel.replaceAllUsesWith(launch.getResults());
    kernel.erase();
  }

  /// The functions of the body in a few words: `dot_add_relu`.
  static std::string kernelName(const Body &body) {
    SmallVector<std::string> words;
    for (Operation *op : body.ops) {
      std::string word = wordFor(op);
      if (!word.empty() && !llvm::is_contained(words, word))
        words.push_back(word);
    }
    if (words.size() > 4)
      words = {words[0], words[1], "etc", words.back()};
    return words.empty() ? "move" : llvm::join(words, "_");
  }

  static std::string wordFor(Operation *op) {
    if (isa<ir::ConstantOp, ir::BroadcastOp, ir::CastOp, ir::ReshapeOp>(op))
      return "";
    if (StringRef elementwise = ir::functionName(op); !elementwise.empty())
      return elementwise.str();
    if (auto reduce = dyn_cast<ir::ReduceOp>(op))
      return "reduce_" + ir::stringifyReduceFn(reduce.getFn()).str();
    if (auto random = dyn_cast<ir::RandomOp>(op))
      return ir::stringifyRandomFn(random.getFn()).str();
    std::string word = op->getName().stripDialect().str();
    if (auto conv = dyn_cast<ir::ConvOp>(op); conv && conv.getKind() != ir::ConvKind::forward)
      word += "_" + ir::stringifyConvKind(conv.getKind()).str();
    if (auto precision = op->getAttrOfType<ir::PrecisionAttr>("precision"); precision && precision.getValue() != ir::Precision::f32)
      word += "_" + ir::stringifyPrecision(precision.getValue()).str();
    return word;
  }
};

} // namespace
} // namespace dlc::passes
