// The same graph in f64.
#include "ir/eval/Evaluator.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace dlc::ir::eval {

/// Adds the functions that launches in `func` name, and those that they name.
static void addCallees(FuncOp func, Environment &environment, llvm::SetVector<Operation *> &functions) {
  if (!functions.insert(func))
    return;
  func.walk([&](LaunchOp launch) {
    if (FuncOp callee = environment.lookupFunction(launch, launch.getCalleeAttr()))
      addCallees(callee, environment, functions);
  });
}

OwningOpRef<ModuleOp> promoteToF64(FuncOp func) {
  Environment environment;
  llvm::SetVector<Operation *> functions;
  addCallees(func, environment, functions);
  OwningOpRef<ModuleOp> module(ModuleOp::create(func.getLoc()));
  for (Operation *function : functions)
    module->getBody()->push_back(function->clone());

  auto f64 = Float64Type::get(func.getContext());
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](FloatType) -> Type { return f64; });
  // Attributes that hold numbers of their type are not to be taken apart.
  replacer.addReplacement([&](FloatAttr attr) -> std::optional<std::pair<Attribute, WalkResult>> {
    return std::pair<Attribute, WalkResult>(FloatAttr::get(f64, attr.getValueAsDouble()), WalkResult::skip());
  });
  replacer.addReplacement([&](ElementsAttr attr) -> std::optional<std::pair<Attribute, WalkResult>> {
    return std::pair<Attribute, WalkResult>(attr, WalkResult::skip());
  });
  module->walk([&](ConstantOp constant) {
    if (!isa<FloatType>(constant.getType().getElementType()))
      return;
    if (Tensor value = tensorFromAttr(constant.getValue()))
      constant.setValueAttr(attrFromTensor(convert(value, f64)));
  });
  replacer.recursivelyReplaceElementsIn(*module, /*replaceAttrs=*/true, /*replaceLocs=*/false, /*replaceTypes=*/true);
  return module;
}

} // namespace dlc::ir::eval
