#include "tools/driver/ReferenceExecutor.h"

#include "ir/eval/Evaluator.h"

#include <fmt/format.h>

#include <cstring>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

Result<Tensor> toRuntime(const ir::eval::Tensor &tensor) {
  runtime::ElementType element = runtime::ElementType::F32;
  mlir::Type type = tensor.elementType();
  if (type.isF64())
    element = runtime::ElementType::F64;
  else if (type.isF16())
    element = runtime::ElementType::F16;
  else if (type.isBF16())
    element = runtime::ElementType::BF16;
  else if (auto integer = mlir::dyn_cast<mlir::IntegerType>(type)) {
    switch (integer.getWidth()) {
    case 1: element = runtime::ElementType::Bool; break;
    case 8: element = integer.isUnsigned() ? runtime::ElementType::U8 : runtime::ElementType::I8; break;
    case 16: element = runtime::ElementType::I16; break;
    case 32: element = runtime::ElementType::I32; break;
    default: element = runtime::ElementType::I64;
    }
  }
  DLC_ASSIGN(out, Tensor::zeros(element, runtime::Shape(tensor.shape().begin(), tensor.shape().end())));
  if (out.bytes())
    std::memcpy(out.data(), tensor.data(), out.bytes());
  return out;
}

ir::eval::Tensor toEvaluator(const Tensor &tensor, mlir::RankedTensorType type) {
  ir::eval::Tensor out(type);
  if (out.bytes())
    std::memcpy(out.mutableData(), tensor.data(), out.bytes());
  return out;
}

/// Sites by operation, and the functions by name.
struct ReferenceExecutor::State {
  mlir::ModuleOp module;
  Sites sites;
  runtime::Console &console;
  bool doublePrecision;
  /// Moves on with each call, so that no two steps have the same roundings.
  std::optional<uint64_t> noise;
  llvm::DenseMap<mlir::Operation *, size_t> numbers;
  /// Of the first at each place: for copies of functions (in f64, with derivatives written out).
  llvm::DenseMap<mlir::Location, size_t> numbersByPlace;
  /// Copies of functions in f64.
  std::vector<mlir::OwningOpRef<mlir::ModuleOp>> promoted;
};

namespace {

/// What all bound functions of an executor share.
struct Shared {
  const llvm::DenseMap<mlir::Operation *, size_t> &numbers;
  const llvm::DenseMap<mlir::Location, size_t> &numbersByPlace;
  const Sites &sites;
  runtime::Console &console;
  std::optional<uint64_t> &noise;
  const std::function<void(ir::CondOp, bool)> &onBranch;

  size_t numberOf(mlir::Operation *op) const {
    auto own = numbers.find(op);
    return own != numbers.end() ? own->second : numbersByPlace.lookup(op->getLoc());
  }
};

class Bound : public BoundFunction {
public:
  Bound(ir::FuncOp func, Shared shared, std::vector<Tensor> arguments, std::vector<Tensor> results)
      : func(func), shared(shared), arguments(std::move(arguments)), results(std::move(results)) {}

  Status run() override {
    Status failure;
    ir::eval::Environment environment;
    if (shared.noise)
      environment.noise = *shared.noise += 0x632be59bd9b4e019ull;
    environment.onBranch = shared.onBranch;
    environment.onHost = [&](ir::HostOp op, llvm::ArrayRef<ir::eval::Tensor> operands) {
      std::vector<Tensor> converted;
      for (const ir::eval::Tensor &operand : operands) {
        auto tensor = toRuntime(operand);
        if (!tensor) {
          failure = tensor.status();
          return mlir::failure();
        }
        converted.push_back(*tensor);
      }
      failure = runtime::perform(shared.sites.effects[shared.numberOf(op)], converted, shared.console);
      return mlir::success(failure.ok());
    };
    environment.onCheckFailed = [&](ir::CheckOp op, llvm::StringRef) {
      const runtime::Check &check = shared.sites.checks[shared.numberOf(op)];
      std::vector<Tensor> values; // as compiled code prints them
      for (mlir::Value value : op.getValues())
        if (auto tensor = toRuntime(environment.lookup(value)))
          values.push_back(*tensor);
      failure = Status::run(fmt::format("{}: {}", check.place, check.text.fillBriefly(values)));
    };
    llvm::SmallVector<ir::eval::Tensor> inputs;
    for (auto [tensor, type] : llvm::zip_equal(arguments, func.getFunctionType().getInputs())) {
      auto wanted = mlir::cast<mlir::RankedTensorType>(type);
      // In f64 the float arguments are wider than the places that they come from.
      bool wider = wanted.getElementType().isF64() && tensor.type() != runtime::ElementType::F64;
      auto converted = wider ? tensor.converted(runtime::ElementType::F64) : Result<Tensor>(tensor);
      if (!converted)
        return converted.status();
      inputs.push_back(toEvaluator(*converted, wanted));
    }
    auto outputs = ir::eval::evaluateFunction(func, inputs, environment);
    if (mlir::failed(outputs))
      return failure.ok() ? Status::run(fmt::format("`{}` could not be evaluated", func.getSymName().str())) : failure;
    for (auto [tensor, output] : llvm::zip_equal(results, *outputs)) {
      DLC_ASSIGN(value, toRuntime(output));
      if (value.type() != tensor.type()) {
        DLC_ASSIGN(narrowed, value.converted(tensor.type()));
        value = narrowed;
      }
      if (tensor.bytes())
        std::memcpy(tensor.data(), value.data(), tensor.bytes());
    }
    return Status();
  }

private:
  ir::FuncOp func;
  Shared shared;
  std::vector<Tensor> arguments, results;
};

} // namespace

ReferenceExecutor::ReferenceExecutor(mlir::ModuleOp module, Sites sites, runtime::Console &console, bool doublePrecision,
                                     std::optional<uint64_t> noise)
    : state(new State{module, std::move(sites), console, doublePrecision, noise, llvm::DenseMap<mlir::Operation *, size_t>(),
                      llvm::DenseMap<mlir::Location, size_t>(), {}}) {
  size_t next = 0;
  for (auto func : module.getOps<ir::FuncOp>()) {
    if (func->hasAttr("dl.kernel"))
      continue;
    func->walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
      if (mlir::isa<ir::CheckOp, ir::HostOp>(op)) {
        state->numbersByPlace.try_emplace(op->getLoc(), next);
        state->numbers[op] = next++;
      }
    });
  }
}

ReferenceExecutor::~ReferenceExecutor() = default;

Result<std::unique_ptr<BoundFunction>> ReferenceExecutor::bind(const Function &function, std::vector<Tensor> arguments,
                                                               std::vector<Tensor> results) {
  auto func = state->module.lookupSymbol<ir::FuncOp>(function.name);
  if (!func)
    return Status::run(fmt::format("there is no function `{}`", function.name));
  if (state->doublePrecision) {
    state->promoted.push_back(ir::eval::promoteToF64(func));
    func = state->promoted.back()->lookupSymbol<ir::FuncOp>(function.name);
  }
  return std::unique_ptr<BoundFunction>(std::make_unique<Bound>(
      func, Shared{state->numbers, state->numbersByPlace, state->sites, state->console, state->noise, onBranch}, std::move(arguments), std::move(results)));
}

} // namespace dlc::driver
