#include "passes/Util.h"

#include "ir/Condensed.h"

namespace dlc::passes {
using namespace mlir;

std::optional<int64_t> byteSize(Type type) {
  auto count = ir::staticCount(type);
  if (!count)
    return std::nullopt;
  return *count * ir::elementBytes(ranked(type).getElementType());
}

int64_t estimatedCount(Type type) {
  int64_t count = 1;
  for (int64_t size : ranked(type).getShape())
    count *= ShapedType::isDynamic(size) ? 1024 : size;
  return count;
}

int64_t estimatedBytes(Type type) {
  return estimatedCount(type) * ir::elementBytes(ranked(type).getElementType());
}

RankedTensorType staticTensor(ArrayRef<int64_t> shape, Type element) {
  return ir::tensorType(ir::Shape(shape.begin(), shape.end()), element);
}

bool isKernel(ir::FuncOp func) { return func->hasAttr(kKernel); }

bool hasOpenSizes(ir::FuncOp func) {
  auto open = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && !tensor.hasStaticShape();
  };
  WalkResult result = func->walk([&](Operation *op) {
    if (llvm::any_of(op->getResultTypes(), open))
      return WalkResult::interrupt();
    for (Region &region : op->getRegions())
      for (Block &block : region)
        if (llvm::any_of(block.getArgumentTypes(), open))
          return WalkResult::interrupt();
    if (auto size = dyn_cast<ir::SizeOp>(op); size && !size.getSize().getSizes()[0].isConstant())
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return result.wasInterrupted();
}

bool isElementwise(Operation *op) {
  return isa<ir::UnaryOp, ir::BinaryOp, ir::CompareOp, ir::SelectOp, ir::CastOp>(op);
}

bool isSplatConstant(Operation *op) {
  auto constant = dyn_cast<ir::ConstantOp>(op);
  if (!constant)
    return false;
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  return dense && (dense.isSplat() || dense.getNumElements() == 1);
}

DenseElementsAttr splat(RankedTensorType type, double value) {
  Type element = type.getElementType();
  if (auto floating = dyn_cast<FloatType>(element)) {
    APFloat number(value);
    bool inexact;
    number.convert(floating.getFloatSemantics(), APFloat::rmNearestTiesToEven, &inexact);
    return DenseElementsAttr::get(type, number);
  }
  return DenseElementsAttr::get(type, APInt(element.getIntOrFloatBitWidth(),
                                            static_cast<int64_t>(value), /*isSigned=*/true,
                                            /*implicitTrunc=*/true));
}

LogicalResult checkPlain(ModuleOp module) {
  auto refuse = [](Operation *op, const Twine &what) {
    return op->emitOpError() << what << ": only stage `graph` may be condensed; `dl-expand` makes plain operations of it";
  };
  for (auto func : module.getOps<ir::FuncOp>()) {
    if (llvm::any_of(llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()), ir::isTree))
      return refuse(func, "has a tree in its signature");
    WalkResult result = func.walk([&](Operation *op) {
      bool isCondensed = isa<ir::GetOp, ir::TreeOp, ir::FillOp, ir::TreeGradientOp, ir::CallOp, ir::EachOp>(op);
      return isCondensed ? (refuse(op, "stands in a plain function"), WalkResult::interrupt()) : WalkResult::advance();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

static void eraseDeadIn(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (isOpTriviallyDead(&op)) {
      op.erase();
      continue;
    }
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        eraseDeadIn(inner);
  }
}

void eraseDead(Operation *root) {
  for (Region &region : root->getRegions())
    for (Block &block : region)
      eraseDeadIn(block);
}

} // namespace dlc::passes
