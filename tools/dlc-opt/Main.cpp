// Reads a module of the `dl` dialect, runs passes over it and prints it: the tool of the tests.
#include "ir/Ops.h"
#include "passes/Passes.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<dlc::ir::DLDialect>();
  mlir::registerTransformsPasses();
  dlc::passes::registerPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "dlc's optimizer\n", registry));
}
