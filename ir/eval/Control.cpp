// Operations with regions, launches and checks.
#include "ir/eval/Buffers.h"
#include "ir/eval/Evaluator.h"

#include <algorithm>
#include <cstring>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::eval;

/// Binds arguments, which must have the tensors' types.
static LogicalResult bindArguments(Environment &environment, Operation *op, Block &block, ArrayRef<Tensor> operands) {
  for (auto [argument, tensor] : llvm::zip_equal(block.getArguments(), operands)) {
    if (argument.getType() != tensor.type())
      return op->emitError("cannot be evaluated: argument ")
             << argument.getArgNumber() << " has type " << argument.getType() << ", but the value is " << tensor.type();
    environment.bind(argument, tensor);
  }
  return success();
}

LogicalResult Environment::evaluateKernel(KernelOp op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results) {
  Block &body = op.getBody().front();
  if (failed(bindArguments(*this, op, body, operands)))
    return failure();
  return evaluateBlock(body, results);
}

LogicalResult Environment::evaluateLaunch(LaunchOp op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results) {
  FuncOp callee = lookupFunction(op, op.getCalleeAttr());
  if (!callee)
    return op.emitError("there is no kernel `@") << op.getCallee() << "`";
  Block &body = callee.getBody().front();
  if (body.getNumArguments() != operands.size())
    return op.emitError("passes ") << operands.size() << " operands to `@" << op.getCallee() << "`, which takes "
                                   << body.getNumArguments();
  if (failed(bindArguments(*this, op, body, operands)))
    return failure();
  return evaluateBlock(body, results);
}

LogicalResult Environment::evaluateCond(CondOp op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results) {
  bool holds = operands[0].getInt(0) != 0;
  if (onBranch)
    onBranch(op, holds);
  Region &taken = holds ? op.getThenRegion() : op.getElseRegion();
  return evaluateBlock(taken.front(), results);
}

/// Element `index` of a walked tensor.
static Tensor elementAt(const Tensor &tensor, int64_t index) {
  Tensor element(RankedTensorType::get(tensor.shape().drop_front(), tensor.elementType()));
  std::memcpy(element.mutableData(), static_cast<const char *>(tensor.data()) + index * element.bytes(), element.bytes());
  return element;
}

LogicalResult Environment::evaluateLoop(LoopOp op, ArrayRef<Tensor> operands, SmallVectorImpl<Tensor> &results) {
  std::optional<int64_t> bound = op.getBound().getSizes().front().constant();
  if (!bound)
    return op.emitError("cannot be evaluated: its bound is not a number; specialise the function first");
  size_t counted = op.getCount() ? 1 : 0, walks = op.getWalked().size(), carries = op.getInits().size();
  int64_t passes = counted ? std::clamp<int64_t>(operands[0].getInt(0), 0, *bound) : *bound;
  ArrayRef<Tensor> walked = operands.slice(counted, walks);
  SmallVector<Tensor> carried(operands.drop_front(counted + walks));
  SmallVector<Tensor> collected;
  for (Type type : op.getCollectedResults().getTypes()) {
    auto tensorType = cast<RankedTensorType>(type);
    if (!tensorType.hasStaticShape())
      return op.emitError("cannot be evaluated: a collected result has open sizes");
    collected.emplace_back(tensorType);
  }

  Block &body = op.getBody().front();
  Tensor index(RankedTensorType::get({}, IntegerType::get(op.getContext(), 64)));
  for (int64_t pass = 0; pass < passes; ++pass) {
    int64_t place = op.getReverse() ? passes - 1 - pass : pass;
    SmallVector<Tensor> arguments{index.clone()};
    arguments[0].setInt(0, place);
    for (const Tensor &tensor : walked)
      arguments.push_back(elementAt(tensor, place));
    llvm::append_range(arguments, carried);
    SmallVector<Tensor> yielded;
    if (failed(bindArguments(*this, op, body, arguments)) || failed(evaluateBlock(body, yielded)))
      return failure();
    size_t next = op.getExit() ? 1 : 0;
    for (Tensor &value : carried)
      value = yielded[next++];
    for (Tensor &stack : collected) {
      const Tensor &value = yielded[next++];
      std::memcpy(static_cast<char *>(stack.mutableData()) + place * value.bytes(), value.data(), value.bytes());
    }
    if (op.getExit() && yielded[0].getInt(0))
      break;
  }
  results.assign(carried.begin(), carried.begin() + carries);
  llvm::append_range(results, collected);
  return success();
}

LogicalResult Environment::evaluateCheck(CheckOp op, ArrayRef<Tensor> operands) {
  if (!llvm::is_contained(operands[0].as<char>(), 0))
    return success();
  std::string message = formatMessage(op.getMessage(), operands.drop_front());
  if (!onCheckFailed)
    return op.emitError(message);
  onCheckFailed(op, message);
  return failure();
}
