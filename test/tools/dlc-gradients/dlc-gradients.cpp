// dlc-gradients ORDER TYPE: prints a module of the stage `graph` with the derivatives of every case of test/ir/autodiff/OperationCases.cpp.
//
// There is one function for each case: the derivatives of order 1 or 2 that the tests there compare with differences, in f32 or f64, and still as
// `dl.gradient`. The pipeline makes kernels of it for dlc-kernel-test, which draws the arguments from where the case says.
#include "ir/Ops.h"
#include "test/ir/autodiff/Gradients.h"
#include "test/ir/autodiff/OperationCases.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <regex>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

/// The derivative of a case, alone in its module; null after diagnostics.
OwningOpRef<ModuleOp> derivative(const OperationCase &operation, int order, const std::string &type, MLIRContext &context) {
  auto module = parseSourceString<ModuleOp>(std::regex_replace(operation.text, std::regex("f64"), type), &context);
  if (!module)
    return nullptr;
  std::mt19937_64 random(7);
  FuncOp func = *module->getOps<FuncOp>().begin();
  for (int n = 0; n < order; ++n)
    func = withGradient(weighedSum(func, random));
  for (FuncOp other : llvm::make_early_inc_range(module->getOps<FuncOp>()))
    if (other != func)
      other.erase();
  Builder builder(&context);
  func.setName(nameOf(operation));
  func->setAttr("dl.export", builder.getUnitAttr());
  SmallVector<Attribute> ranges(func.getNumArguments(), builder.getF64ArrayAttr({operation.low, operation.high}));
  func->setAttr("ranges", builder.getArrayAttr(ranges));
  return succeeded(verify(*module)) ? std::move(module) : nullptr;
}

} // namespace

int main(int argc, char **argv) {
  int order = 0;
  std::string type = argc == 3 ? argv[2] : "";
  if (argc != 3 || !llvm::to_integer(argv[1], order) || order < 1 || order > 2 || (type != "f32" && type != "f64")) {
    llvm::errs() << "usage: dlc-gradients 1|2 f32|f64\n";
    return 2;
  }
  MLIRContext context;
  context.loadDialect<DLDialect>();
  Builder builder(&context);
  OwningOpRef<ModuleOp> all = ModuleOp::create(builder.getUnknownLoc());
  (*all)->setAttr("dl.stage", builder.getStringAttr("graph"));
  (*all)->setAttr("dl.version", builder.getI64IntegerAttr(1));
  for (const OperationCase &operation : operationCases()) {
    auto module = derivative(operation, order, type, context);
    if (!module) {
      llvm::errs() << "error: " << nameOf(operation) << " has no derivative\n";
      return 1;
    }
    all->getBody()->getOperations().splice(all->getBody()->end(), module->getBody()->getOperations());
  }
  if (failed(verify(*all)))
    return 1;
  all->print(llvm::outs());
}
