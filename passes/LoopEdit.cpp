#include "passes/LoopEdit.h"
#include "passes/Util.h"

#include "ir/Names.h"

namespace dlc::passes {
using namespace mlir;

Value LoopEdit::walk(Value tensor) {
  ir::Shape shape = ir::shapeOf(tensor.getType());
  auto type = ir::tensorType(ir::ShapeRef(shape).drop_front(), ranked(tensor).getElementType());
  // At the end for now, so that the numbers of the other arguments hold.
  newWalked.push_back(tensor);
  newArguments.push_back(loop.getBody().front().addArgument(type, tensor.getLoc()));
  return newArguments.back();
}

Value LoopEdit::collect(Value value) {
  for (auto [yielded, result] : llvm::zip(loop.getYieldedCollected(), loop.getCollectedResults()))
    if (yielded == value) {
      resolved[value] = result;
      return value;
    }
  if (!llvm::is_contained(newCollected, value))
    newCollected.push_back(value);
  return value;
}

Value LoopEdit::resolve(Value value) const {
  auto it = resolved.find(value);
  return it == resolved.end() ? value : it->second;
}

ir::LoopOp LoopEdit::finish() {
  Block &block = loop.getBody().front();
  Operation *terminator = block.getTerminator();
  SmallVector<Value> walked, inits, yielded;
  SmallVector<BlockArgument> arguments = {loop.getIndex()};
  SmallVector<Type> types;
  SmallVector<Value> kept; // results of the old loop, in the order of the new ones
  for (auto [i, value] : llvm::enumerate(loop.getWalked()))
    if (!droppedWalked.contains(i)) {
      walked.push_back(value);
      arguments.push_back(loop.getWalkedArguments()[i]);
    }
  walked.append(newWalked);
  arguments.append(newArguments);
  if (loop.getExit())
    yielded.push_back(terminator->getOperand(0));
  for (auto [i, value] : llvm::enumerate(loop.getInits()))
    if (!droppedCarried.contains(i)) {
      inits.push_back(value);
      arguments.push_back(loop.getCarriedArguments()[i]);
      yielded.push_back(loop.getYieldedCarries()[i]);
      kept.push_back(loop.getCarriedResults()[i]);
    }
  for (auto [i, value] : llvm::enumerate(loop.getYieldedCollected()))
    if (!droppedCollected.contains(i)) {
      yielded.push_back(value);
      kept.push_back(loop.getCollectedResults()[i]);
    }
  for (Value result : kept)
    types.push_back(result.getType());
  for (Value value : newCollected) {
    ir::Shape shape = ir::shapeOf(value.getType());
    shape.insert(shape.begin(), loop.getBound().getSizes()[0]);
    types.push_back(ir::tensorType(shape, ranked(value).getElementType()));
    yielded.push_back(value);
  }

  OpBuilder builder(loop);
  auto made = ir::LoopOp::create(builder, loop.getLoc(), types, loop.getBound(), loop.getReverse(),
                                 loop.getExit(), loop.getCount(), walked, inits,
                                 DenseI64ArrayAttr(), DenseI64ArrayAttr());
  // A block with the arguments in their new order takes the operations over.
  Region &region = made.getBody();
  Block *body = region.empty() ? &region.emplaceBlock() : &region.front();
  body->clear();
  body->eraseArguments(0, body->getNumArguments());
  for (BlockArgument argument : arguments)
    argument.replaceAllUsesWith(body->addArgument(argument.getType(), argument.getLoc()));
  // The list of yielded values may name arguments that were just replaced.
  llvm::DenseMap<Value, Value> renamed;
  for (auto [old, argument] : llvm::zip(arguments, body->getArguments()))
    renamed[old] = argument;
  for (Value &value : yielded)
    if (auto it = renamed.find(value); it != renamed.end())
      value = it->second;
  terminator->setOperands(yielded);
  // What only fed a value that is no longer carried reads an argument that goes away.
  eraseDead(loop);
  body->getOperations().splice(body->end(), block.getOperations());

  for (auto [i, result] : llvm::enumerate(kept)) {
    result.replaceAllUsesWith(made.getResult(i));
    for (auto &[value, old] : resolved)
      if (old == result)
        old = made.getResult(i);
  }
  for (auto [i, value] : llvm::enumerate(newCollected))
    resolved[value] = made.getResult(kept.size() + i);
  loop.erase();
  loop = made;
  return made;
}

} // namespace dlc::passes
