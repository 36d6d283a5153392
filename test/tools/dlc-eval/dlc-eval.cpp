// dlc-eval FILE [--f64]: evaluates the function `@main` of a graph and prints a line for each result: its type and its value.
// `@main` takes no arguments. With --f64 the graph is interpreted in f64.
#include "ir/eval/Evaluator.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace dlc::ir;

static LogicalResult run(FuncOp func) {
  eval::Environment environment;
  environment.onHost = [](HostOp op, llvm::ArrayRef<eval::Tensor> operands) {
    llvm::outs() << op.getEffect() << ": ";
    if (auto format = op.getSettings().getAs<StringAttr>("format"))
      llvm::outs() << eval::formatMessage(format.getValue(), operands);
    llvm::outs() << '\n';
    return success();
  };
  auto results = eval::evaluateFunction(func, {}, environment);
  if (failed(results))
    return failure();
  for (const eval::Tensor &result : *results)
    llvm::outs() << result.type() << ' ' << eval::formatTensor(result) << '\n';
  return success();
}

int main(int argc, char **argv) {
  bool inF64 = argc == 3 && llvm::StringRef(argv[2]) == "--f64";
  if (argc != 2 && !inF64) {
    llvm::errs() << "usage: dlc-eval FILE [--f64]\n";
    return 2;
  }
  MLIRContext context;
  context.loadDialect<DLDialect>();
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  auto module = parseSourceFile<ModuleOp>(argv[1], sources, &context);
  if (!module)
    return 1;
  auto func = module->lookupSymbol<FuncOp>("main");
  if (!func) {
    llvm::errs() << "error: there is no function `@main`\n";
    return 1;
  }
  if (!inF64)
    return failed(run(func));
  OwningOpRef<ModuleOp> promoted = eval::promoteToF64(func);
  return failed(run(promoted->lookupSymbol<FuncOp>("main")));
}
