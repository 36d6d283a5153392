#include "codegen/common/Places.h"

#include "codegen/common/KernelBase.h"

#include "mlir/Support/DebugStringHelper.h"

using namespace mlir;

namespace dlc::codegen {

static bool hasStaticTypes(ir::FuncOp function) {
  auto isStatic = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape();
  };
  return !function->hasAttr("dl.symbols") && llvm::all_of(function.getArgumentTypes(), isStatic) && llvm::all_of(function.getResultTypes(), isStatic);
}

bool isCompiled(ir::FuncOp function) { return hasStaticTypes(function) && !function->hasAttr("dl.evaluated"); }

static int64_t bytesOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.getNumElements() * elementBytes(tensor.getElementType());
}

bool TensorPlace::overlaps(const TensorPlace &other) const {
  return kind == other.kind && number == other.number && kind != none && offset < other.offset + other.bytes &&
         other.offset < offset + bytes;
}

LogicalResult Places::placeResults(Operation *op, ArrayRef<TensorPlace> into) {
  auto list = [&](StringRef name) { return op->getAttrOfType<DenseI64ArrayAttr>(name); };
  auto at = list("at"), onto = list("onto"), intos = list("into");
  for (auto [number, result] : llvm::enumerate(op->getResults())) {
    auto entry = [&](DenseI64ArrayAttr attr) -> int64_t { return attr && number < static_cast<size_t>(attr.size()) ? attr[number] : -1; };
    TensorPlace place;
    if (int64_t offset = entry(at); offset >= 0) {
      place.kind = TensorPlace::arena;
      place.number = arenaNumber;
      place.offset = offset;
    } else if (int64_t operand = entry(onto); operand >= 0) {
      if (operand >= op->getNumOperands())
        return op->emitError("`onto` names operand ") << operand << " of " << op->getNumOperands();
      place = places.lookup(op->getOperand(operand));
    } else if (int64_t slot = entry(intos); slot >= 0) {
      if (slot >= static_cast<int64_t>(into.size()) || into[slot].kind == TensorPlace::none)
        return op->emitError("`into` names operand ") << slot << " of a terminator, which has no buffer";
      place = into[slot];
    } else {
      return op->emitError("result ") << number << " has no place; the code generator requires a module of stage `optimized`";
    }
    if (!place.varies)
      place.bytes = bytesOf(result.getType());
    places[result] = place;
  }
  return success();
}

LogicalResult Places::loop(ir::LoopOp op, ArrayRef<TensorPlace> into) {
  if (failed(placeResults(op, into)))
    return failure();
  if (!op.getBound().getSizes().front().constant())
    return op.emitError("bound of a loop is not a number; the code generator requires one");
  TensorPlace index;
  index.kind = TensorPlace::local;
  index.number = locals++;
  index.bytes = 8;
  places[op.getIndex()] = index;
  for (auto [argument, walked] : llvm::zip(op.getWalkedArguments(), op.getWalked())) {
    TensorPlace place = places.lookup(walked);
    place.varies = true;
    places[argument] = place;
  }
  SmallVector<TensorPlace> inner;
  if (op.getExit())
    inner.emplace_back();
  for (auto [argument, result] : llvm::zip(op.getCarriedArguments(), op.getCarriedResults())) {
    places[argument] = places.lookup(result);
    inner.push_back(places.lookup(result));
  }
  for (Value result : op.getCollectedResults()) {
    TensorPlace place = places.lookup(result);
    place.varies = true;
    inner.push_back(place);
  }
  return block(op.getBody().front(), inner);
}

LogicalResult Places::block(Block &block, ArrayRef<TensorPlace> into) {
  for (Operation &op : block.without_terminator()) {
    for (Type type : op.getResultTypes())
      if (auto tensor = dyn_cast<RankedTensorType>(type); !tensor || !tensor.hasStaticShape())
        return op.emitError("code generation for the cpu requires static sizes, found `") << debugString(type) << "`";
    if (auto reshape = dyn_cast<ir::ReshapeOp>(op)) {
      places[reshape.getResult()] = places.lookup(reshape.getOperand());
    } else if (auto constant = dyn_cast<ir::ConstantOp>(op)) {
      TensorPlace place;
      place.kind = TensorPlace::constant;
      place.number = constants.size();
      place.bytes = bytesOf(constant.getType());
      places[constant.getResult()] = place;
      constants.push_back(constant);
    } else if (isa<ir::LaunchOp, ir::CopyOp>(op)) {
      if (failed(placeResults(&op, into)))
        return failure();
    } else if (auto cond = dyn_cast<ir::CondOp>(op)) {
      if (failed(placeResults(&op, into)))
        return failure();
      SmallVector<TensorPlace> inner;
      for (Value result : cond.getResults())
        inner.push_back(places.lookup(result));
      if (failed(this->block(cond.getThenRegion().front(), inner)) || failed(this->block(cond.getElseRegion().front(), inner)))
        return failure();
    } else if (auto nested = dyn_cast<ir::LoopOp>(op)) {
      if (failed(loop(nested, into)))
        return failure();
    } else if (!isa<ir::CheckOp, ir::HostOp>(op)) {
      return op.emitError("operation `") << op.getName() << "` stands outside of a kernel; the code generator requires a module of stage `optimized`";
    }
  }
  return success();
}

FailureOr<Places> Places::of(ir::FuncOp function) {
  Places result;
  unsigned arguments = function.getNumArguments();
  result.arenaNumber = arguments + function.getNumResults();
  llvm::StringMap<unsigned> updatable;
  for (unsigned i = 0; i < arguments; ++i) {
    auto tensor = dyn_cast<RankedTensorType>(function.getArgumentTypes()[i]);
    if (!tensor || !tensor.hasStaticShape())
      return function.emitError("code generation for the cpu requires static sizes, found `") << debugString(function.getArgumentTypes()[i]) << "`";
    TensorPlace place;
    place.kind = TensorPlace::buffer;
    place.number = i;
    place.bytes = bytesOf(tensor);
    result.places[function.getBody().getArgument(i)] = place;
    for (StringRef kind : {"dl.param", "dl.state"})
      if (auto name = function.getArgAttrOfType<StringAttr>(i, kind))
        updatable[name.getValue()] = i;
  }
  for (unsigned i = 0; i < function.getNumResults(); ++i) {
    TensorPlace place;
    place.kind = TensorPlace::buffer;
    place.number = arguments + i;
    auto tensor = dyn_cast<RankedTensorType>(function.getResultTypes()[i]);
    if (!tensor || !tensor.hasStaticShape())
      return function.emitError("code generation for the cpu requires static sizes, found `") << debugString(function.getResultTypes()[i]) << "`";
    place.bytes = bytesOf(tensor);
    if (auto name = function.getResultAttrOfType<StringAttr>(i, "dl.update")) {
      auto it = updatable.find(name.getValue());
      if (it != updatable.end())
        place.number = it->second;
    }
    result.resultPlaces.push_back(place);
  }
  SmallVector<TensorPlace> into(result.resultPlaces);
  if (failed(result.block(function.getBody().front(), into)))
    return failure();
  return result;
}

void collectAliases(ir::FuncOp function, const Places &places, Aliases &aliases) {
  function.walk([&](ir::LaunchOp launch) {
    auto &pairs = aliases[launch.getCallee().str()];
    for (auto [r, result] : llvm::enumerate(launch.getResults()))
      for (auto [o, operand] : llvm::enumerate(launch.getOperands())) {
        std::pair<unsigned, unsigned> pair(r, o);
        if (places[result].overlaps(places[operand]) && !llvm::is_contained(pairs, pair))
          pairs.push_back(pair);
      }
  });
}

} // namespace dlc::codegen
