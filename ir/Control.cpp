// Operations with regions: assembly and verifiers.
#include "ir/Assembly.h"

using namespace mlir;

namespace dlc::ir {

/// The terminator of a region, or null with an error at `op`.
static YieldOp yieldOf(Operation *op, Region &region) {
  auto yield = region.front().empty() ? nullptr : dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    op->emitOpError() << "expected a region that ends with `dl.yield`";
  return yield;
}

/// The lists of places as a keyword of the operation's own.
template <typename Op>
static ParseResult parsePlacesOf(OpAsmParser &parser, OperationState &state) {
  auto &properties = state.getOrAddProperties<typename Op::Properties>();
  return parsePlaces(parser, properties.at, properties.into);
}

//===- dl.kernel ----------------------------------------------------------===//

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  KernelKindAttr kind;
  SmallVector<OpAsmParser::Argument> arguments;
  if (parseEnum(parser, kind) || parseBindings(parser, arguments, state.operands) || parser.parseArrowTypeList(state.types) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes) || parser.parseRegion(*state.addRegion(), arguments))
    return failure();
  state.getOrAddProperties<Properties>().kind = kind;
  ensureTerminator(*state.regions[0], parser.getBuilder(), state.location);
  return success();
}

void KernelOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printEnum(printer, *this, getKindAttr());
  printer << ' ';
  printBindings(printer, getBody().getArguments(), getOperands());
  printer << " -> (" << getResultTypes() << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getKindAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/getNumResults() > 0);
}

LogicalResult KernelOp::verify() {
  YieldOp yield = yieldOf(*this, getBody());
  if (!yield)
    return failure();
  if (getBody().getArgumentTypes() != getOperandTypes())
    return emitOpError() << "kernel_c1: expected arguments of the operands' types (" << getOperandTypes() << "), found ("
                         << getBody().getArgumentTypes() << ')';
  if (yield.getOperandTypes() != getResultTypes())
    return emitOpError() << "kernel_c1: expected results of the yielded types (" << yield.getOperandTypes() << "), found (" << getResultTypes()
                         << ')';
  for (Operation &op : getBody().front().without_terminator())
    if (!isa<EvaluateInterface>(op))
      return op.emitOpError() << "kernel_c2: expected only value operations in a kernel";
  return success();
}

//===- dl.cond ------------------------------------------------------------===//

ParseResult CondOp::parse(OpAsmParser &parser, OperationState &state) {
  OpAsmParser::UnresolvedOperand condition;
  Type boolean = tensorType({}, parser.getBuilder().getI1Type());
  if (parser.parseOperand(condition) || parser.resolveOperand(condition, boolean, state.operands) || parsePlacesOf<CondOp>(parser, state) ||
      parseResultTypes(parser, state.types) || parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
      parser.parseRegion(*state.addRegion()) || parser.parseKeyword("else") || parser.parseRegion(*state.addRegion()))
    return failure();
  for (auto &region : state.regions)
    ensureTerminator(*region, parser.getBuilder(), state.location);
  return success();
}

void CondOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getCondition();
  printPlaces(printer, getAtAttr(), getIntoAttr());
  printResultTypes(printer, getResultTypes());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getAtAttrName(), getIntoAttrName()});
  printer << ' ';
  bool yields = getNumResults() > 0;
  printer.printRegion(getThenRegion(), /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/yields);
  printer << " else ";
  printer.printRegion(getElseRegion(), /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/yields);
}

LogicalResult CondOp::verify() {
  for (Region *region : {&getThenRegion(), &getElseRegion()}) {
    YieldOp yield = yieldOf(*this, *region);
    if (!yield)
      return failure();
    if (region->getNumArguments() != 0)
      return emitOpError() << "cond_c1: expected regions without arguments, found " << region->getNumArguments();
    if (yield.getOperandTypes() != getResultTypes())
      return emitOpError() << "cond_c1: expected each region to yield (" << getResultTypes() << "), found (" << yield.getOperandTypes() << ')';
  }
  return verifyPlaces(*this, {getAtAttr(), getIntoAttr()}, "cond_c2");
}

LogicalResult CondOp::canonicalize(CondOp op, PatternRewriter &rewriter) {
  auto constant = op.getCondition().getDefiningOp<ConstantOp>();
  auto value = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : nullptr;
  if (!value)
    return failure();
  Region &taken = value.getSplatValue<bool>() ? op.getThenRegion() : op.getElseRegion();
  auto yield = cast<YieldOp>(taken.front().back());
  SmallVector<Value> results(yield.getOperands());
  rewriter.eraseOp(yield);
  rewriter.inlineBlockBefore(&taken.front(), op);
  rewriter.replaceOp(op, results);
  return success();
}

//===- dl.loop ------------------------------------------------------------===//

ParseResult LoopOp::parse(OpAsmParser &parser, OperationState &state) {
  auto &properties = state.getOrAddProperties<Properties>();
  SmallVector<OpAsmParser::Argument> arguments(1);
  properties.bound = dyn_cast_or_null<SymAttr>(SymAttr::parse(parser, Type()));
  if (!properties.bound)
    return failure();
  if (succeeded(parser.parseOptionalKeyword("reverse")))
    properties.reverse = parser.getBuilder().getUnitAttr();
  if (succeeded(parser.parseOptionalKeyword("exit")))
    properties.exit = parser.getBuilder().getUnitAttr();
  Type index = tensorType({}, parser.getBuilder().getI64Type());
  if (succeeded(parser.parseOptionalKeyword("count"))) {
    OpAsmParser::UnresolvedOperand count;
    if (parser.parseLParen() || parser.parseOperand(count) || parser.parseRParen() || parser.resolveOperand(count, index, state.operands))
      return failure();
  }
  int32_t counts = state.operands.size();
  if (succeeded(parser.parseOptionalKeyword("walk")) && parseBindings(parser, arguments, state.operands))
    return failure();
  int32_t walked = arguments.size() - 1;
  // The argument is an element of the operand.
  for (OpAsmParser::Argument &argument : llvm::drop_begin(arguments)) {
    auto type = dyn_cast<RankedTensorType>(argument.type);
    if (!type || type.getRank() == 0 || !hasSizes(type))
      return parser.emitError(argument.ssaName.location) << "loop_c1: expected a tensor with a leading axis, found " << argument.type;
    argument.type = tensorType(ShapeRef(shapeOf(type)).drop_front(), type.getElementType());
  }
  if (succeeded(parser.parseOptionalKeyword("carry")) && parseBindings(parser, arguments, state.operands))
    return failure();
  int32_t carried = arguments.size() - 1 - walked;
  llvm::copy(ArrayRef<int32_t>{counts, walked, carried}, properties.operandSegmentSizes.begin());
  if (parsePlacesOf<LoopOp>(parser, state) || parseResultTypes(parser, state.types) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes) || parser.parseKeyword("index") || parser.parseArgument(arguments.front()))
    return failure();
  arguments.front().type = index;
  if (parser.parseRegion(*state.addRegion(), arguments))
    return failure();
  ensureTerminator(*state.regions[0], parser.getBuilder(), state.location);
  return success();
}

void LoopOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  getBound().print(printer);
  if (getReverse())
    printer << " reverse";
  if (getExit())
    printer << " exit";
  if (Value count = getCount())
    printer << " count(" << count << ')';
  if (!getWalked().empty()) {
    printer << " walk";
    printBindings(printer, getWalkedArguments(), getWalked());
  }
  if (!getInits().empty()) {
    printer << " carry";
    printBindings(printer, getCarriedArguments(), getInits());
  }
  printPlaces(printer, getAtAttr(), getIntoAttr());
  printResultTypes(printer, getResultTypes());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getBoundAttrName(), getReverseAttrName(), getExitAttrName(), getAtAttrName(),
                                                                 getIntoAttrName(), getOperandSegmentSizesAttrName()});
  printer << " index ";
  printer.printRegionArgument(getIndex(), {}, /*omitType=*/true);
  printer << ' ';
  bool yields = getExit() || getNumResults() > 0;
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false, /*printBlockTerminators=*/yields);
}

static LogicalResult verifyWalked(LoopOp op) {
  for (auto [value, argument] : llvm::zip(op.getWalked(), op.getWalkedArguments())) {
    Shape shape = shapeOf(value.getType());
    if (shape.empty() || shape.front() != op.getBoundSize())
      return op.emitOpError() << "loop_c1: expected walked tensors with a leading axis of `" << op.getBoundSize().str() << "`, found "
                              << value.getType();
    Type element = tensorType(ShapeRef(shape).drop_front(), getElementTypeOrSelf(value.getType()));
    if (argument.getType() != element)
      return op.emitOpError() << "loop_c1: expected an argument of type " << element << " for the walked " << value.getType() << ", found "
                              << argument.getType();
  }
  return success();
}

static LogicalResult verifyCarries(LoopOp op) {
  for (auto [number, types] :
       llvm::enumerate(llvm::zip(op.getInits(), op.getCarriedArguments(), op.getYieldedCarries(), op.getCarriedResults()))) {
    auto [init, argument, yielded, result] = types;
    for (Value value : {Value(argument), Value(yielded), Value(result)})
      if (value.getType() != init.getType())
        return op.emitOpError() << "loop_c2: carried value " << number << " begins as " << init.getType() << ", found " << value.getType();
  }
  return success();
}

static LogicalResult verifyCollected(LoopOp op) {
  for (auto [number, types] : llvm::enumerate(llvm::zip(op.getYieldedCollected(), op.getCollectedResults()))) {
    auto [yielded, result] = types;
    Shape shape{op.getBoundSize()};
    shape.append(shapeOf(yielded.getType()));
    if (!isValidShape(shape) || result.getType() != tensorType(shape, getElementTypeOrSelf(yielded.getType())))
      return op.emitOpError() << "loop_c3: expected `" << op.getBoundSize().str() << "` of " << yielded.getType() << " as collected result "
                              << number << ", found " << result.getType();
  }
  return success();
}

LogicalResult LoopOp::verify() {
  if (getBound().getSizes().size() != 1 || !isValidShape(getBound().getSizes()))
    return emitOpError() << "expected one size as the bound, found " << getBound();
  YieldOp yield = yieldOf(*this, getBody());
  if (!yield)
    return failure();
  auto index = getBody().getNumArguments() > 0 ? dyn_cast<RankedTensorType>(getIndex().getType()) : nullptr;
  if (!index || index.getRank() != 0 || !index.getElementType().isSignlessInteger(64))
    return emitOpError() << "expected a scalar of type i64 as the first argument of the region";
  if (getBody().getNumArguments() != 1 + getWalked().size() + getInits().size())
    return emitOpError() << "expected an argument for the index, each walked and each carried value, found " << getBody().getNumArguments();
  if (getExit()) {
    Type first = yield.getNumOperands() > 0 ? yield.getOperand(0).getType() : Type();
    if (first != tensorType({}, IntegerType::get(getContext(), 1)))
      return emitOpError() << "expected to yield a scalar of type i1 first, which `exit` asks for";
  }
  size_t expected = (getExit() ? 1 : 0) + getNumResults();
  if (yield.getNumOperands() != expected || getNumResults() < getInits().size())
    return emitOpError() << "expected a result for each of " << getInits().size() << " carried values and each collected one, found "
                         << getNumResults() << " results and " << yield.getNumOperands() << " yielded values";
  if (failed(verifyWalked(*this)) || failed(verifyCarries(*this)) || failed(verifyCollected(*this)))
    return failure();
  return verifyPlaces(*this, {getAtAttr(), getIntoAttr()}, "loop_c4");
}

} // namespace dlc::ir
