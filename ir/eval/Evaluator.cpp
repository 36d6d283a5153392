#include "ir/eval/Evaluator.h"

#include "ir/Derivative.h"
#include "ir/eval/Buffers.h"
#include "ir/eval/Noise.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace dlc::ir::eval {

const Tensor &Environment::lookup(Value value) const {
  auto found = values.find(value);
  assert(found != values.end() && "value has not been computed");
  return found->second;
}

FuncOp Environment::lookupFunction(Operation *from, SymbolRefAttr name) {
  return symbols.lookupNearestSymbolFrom<FuncOp>(from, name);
}

LogicalResult Environment::evaluateBlock(Block &block, SmallVectorImpl<Tensor> &yielded) {
  for (Operation &op : block.without_terminator())
    if (failed(evaluateOperation(&op)))
      return failure();
  for (Value value : block.getTerminator()->getOperands())
    yielded.push_back(lookup(value));
  return success();
}

LogicalResult Environment::dispatch(Operation *op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](EvaluateInterface value) { return value.evaluate(operands, results, *this); })
      .Case([&](KernelOp kernel) { return evaluateKernel(kernel, operands, results); })
      .Case([&](LaunchOp launch) { return evaluateLaunch(launch, operands, results); })
      .Case([&](CondOp cond) { return evaluateCond(cond, operands, results); })
      .Case([&](LoopOp loop) { return evaluateLoop(loop, operands, results); })
      .Case([&](CheckOp check) { return evaluateCheck(check, operands); })
      .Case([&](HostOp host) { return onHost ? onHost(host, operands) : success(); })
      .Case([&](CopyOp) {
        results.push_back(operands[0]);
        return success();
      })
      .Default([](Operation *other) -> LogicalResult { return other->emitError("has no evaluation"); });
}

Tensor Environment::factor(Operation *product, Precision precision, const Tensor &operand) {
  Tensor rounded = roundedTo(precision, operand);
  return noise ? shaken(rounded, roundingOf(product).operands, 0, nextKey()) : rounded;
}

LogicalResult Environment::evaluateOperation(Operation *op) {
  SmallVector<Tensor> operands, results;
  for (Value value : op->getOperands())
    operands.push_back(lookup(value));
  Rounding rounding = noise ? roundingOf(op) : Rounding();
  if (rounding.operands > 0 && !isa<DotOp, ConvOp>(op)) // these see to it themselves
    for (Tensor &operand : operands)
      operand = shaken(operand, rounding.operands, 0, nextKey());
  LogicalResult done = dispatch(op, operands, results);
  if (succeeded(done) && rounding.results > 0)
    for (Tensor &result : results)
      result = shaken(result, rounding.results, rounding.least, nextKey());
  if (failed(done))
    return failure();
  for (auto [value, tensor] : llvm::zip_equal(op->getResults(), results)) {
    if (value.getType() != tensor.type())
      return op->emitError("evaluates to ") << tensor.type() << ", but its result has type " << value.getType();
    values[value] = tensor;
  }
  if (onResults)
    onResults(op, results);
  return success();
}

static FailureOr<SmallVector<Tensor>> evaluateExpanded(FuncOp func, ArrayRef<Tensor> arguments, Environment &environment) {
  Block &body = func.getBody().front();
  if (body.getNumArguments() != arguments.size())
    return func.emitError("takes ") << body.getNumArguments() << " arguments, but " << arguments.size() << " are given";
  for (auto [argument, tensor] : llvm::zip_equal(body.getArguments(), arguments)) {
    auto type = cast<RankedTensorType>(argument.getType());
    if (!type.hasStaticShape())
      return func.emitError("cannot be evaluated: argument ")
             << argument.getArgNumber() << " has type " << type << ", whose sizes are not bound; specialise the function first";
    if (type != tensor.type())
      return func.emitError("argument ") << argument.getArgNumber() << " has type " << type << ", but the value is "
                                         << tensor.type();
    environment.bind(argument, tensor);
  }
  SmallVector<Tensor> results;
  if (failed(environment.evaluateBlock(body, results)))
    return failure();
  return results;
}

FailureOr<SmallVector<Tensor>> evaluateFunction(FuncOp func, ArrayRef<Tensor> arguments, Environment &environment) {
  bool differentiates = func.walk([](GradientOp) { return WalkResult::interrupt(); }).wasInterrupted();
  if (!differentiates)
    return evaluateExpanded(func, arguments, environment);
  OwningOpRef<FuncOp> copy(func.clone());
  // Beside the original, so that launches find their kernels.
  if (Operation *parent = func->getParentOp())
    parent->getRegion(0).front().push_back(*copy);
  llvm::scope_exit detach([&] {
    if (copy->getOperation()->getBlock())
      copy->getOperation()->remove();
  });
  if (failed(expandGradients(*copy)))
    return failure();
  return evaluateExpanded(*copy, arguments, environment);
}

} // namespace dlc::ir::eval
