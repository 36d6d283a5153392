#include "codegen/cuda/product/Formula.h"

#include "codegen/common/ProductShape.h"
#include "ir/eval/Evaluator.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

bool isOnElements(Operation *op) { return isa<ir::UnaryOp, ir::BinaryOp, ir::CompareOp, ir::SelectOp, ir::CastOp>(op); }

} // namespace

DenseElementsAttr splatOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<ir::BroadcastOp, ir::ReshapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  auto constant = value.getDefiningOp<ir::ConstantOp>();
  auto dense = constant ? dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  return dense && dense.isSplat() ? dense : DenseElementsAttr();
}

std::optional<Formula> Formula::of(Value root, llvm::function_ref<bool(Value)> isVariable) {
  Formula formula;
  formula.root = root;
  llvm::SetVector<Value> values;
  values.insert(throughReshapes(root));
  for (size_t i = 0; i < values.size(); ++i) {
    Value value = values[i];
    if (isVariable(value)) {
      formula.leaves.push_back(value);
      continue;
    }
    if (splatOf(value))
      continue;
    Operation *op = value.getDefiningOp();
    if (!op || !isOnElements(op))
      return std::nullopt;
    for (Value operand : op->getOperands())
      values.insert(throughReshapes(operand));
  }
  return formula;
}

Value Formula::emit(OpBuilder &b, ValueRange inputs, bool promote) const {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(inputs[0].getType()).getShape();
  auto typeOf = [&](Value value) {
    Type element = cast<RankedTensorType>(value.getType()).getElementType();
    return RankedTensorType::get(shape, promote && isa<FloatType>(element) ? b.getF64Type() : element);
  };
  llvm::DenseMap<Value, Value> made;
  for (auto [leaf, input] : llvm::zip(leaves, inputs))
    made[leaf] = input;
  std::function<Value(Value)> make = [&](Value value) -> Value {
    value = throughReshapes(value);
    if (Value known = made.lookup(value))
      return known;
    RankedTensorType type = typeOf(value);
    if (DenseElementsAttr splat = splatOf(value)) {
      DenseElementsAttr everywhere;
      if (auto floating = dyn_cast<FloatType>(type.getElementType())) {
        APFloat number = splat.getSplatValue<APFloat>();
        bool loses = false;
        number.convert(floating.getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
        everywhere = DenseElementsAttr::get(type, number);
      } else {
        everywhere = splat.resizeSplat(type);
      }
      return made[value] = ir::ConstantOp::create(b, value.getLoc(), type, everywhere);
    }
    Operation *op = value.getDefiningOp();
    IRMapping mapping;
    for (Value operand : op->getOperands())
      mapping.map(operand, make(operand));
    Operation *copy = b.clone(*op, mapping);
    copy->getResult(0).setType(type);
    return made[value] = copy->getResult(0);
  };
  return make(root);
}

std::vector<double> Formula::evaluate(ArrayRef<std::vector<double>> points) const {
  OpBuilder b(root.getContext());
  auto count = static_cast<int64_t>(points[0].size());
  auto type = RankedTensorType::get({count}, b.getF64Type());
  SmallVector<Type> types(leaves.size(), type);
  OwningOpRef<ir::FuncOp> function = ir::FuncOp::create(b, root.getLoc(), "formula", b.getFunctionType(types, {type}));
  Block &body = function->getBody().empty() ? function->getBody().emplaceBlock() : function->getBody().front();
  if (body.getNumArguments() == 0)
    body.addArguments(types, SmallVector<Location>(types.size(), root.getLoc()));
  b.setInsertionPointToEnd(&body);
  Value result = emit(b, body.getArguments(), /*promote=*/true);
  ir::ReturnOp::create(b, root.getLoc(), ValueRange{result});
  SmallVector<ir::eval::Tensor> arguments;
  for (const std::vector<double> &list : points) {
    ir::eval::Tensor tensor(type);
    for (int64_t i = 0; i < count; ++i)
      tensor.setDouble(i, list[static_cast<size_t>(i)]);
    arguments.push_back(tensor);
  }
  ir::eval::Environment environment;
  auto values = ir::eval::evaluateFunction(*function, arguments, environment);
  std::vector<double> found;
  for (int64_t i = 0; succeeded(values) && i < count; ++i)
    found.push_back((*values)[0].getDouble(i));
  return found;
}

} // namespace dlc::codegen::cuda
