// Graphs as text, for tests of the IR.
#pragma once

#include "ir/Derivative.h"
#include "ir/eval/Evaluator.h"
#include "test/ir/RandomTensor.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

#include <string>

namespace dlc::ir::test {

/// A context with the dialect, and the diagnostics that came.
class Graphs {
public:
  Graphs() : handler(&context, [this](mlir::Diagnostic &diagnostic) { record(diagnostic); }) {
    context.disableMultithreading();
    context.printOpOnDiagnostic(false);
    context.loadDialect<DLDialect>();
  }

  /// The module of this text; null, with a test failure, where it is not right.
  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << messages << "\nin:\n" << text.str();
    return module;
  }

  mlir::MLIRContext context;
  std::string messages;

private:
  void record(mlir::Diagnostic &diagnostic) {
    messages += diagnostic.str() + "\n";
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      messages += "note: " + note.str() + "\n";
  }

  mlir::ScopedDiagnosticHandler handler;
};

/// The only function of a module, or the one of this name.
inline FuncOp functionOf(mlir::ModuleOp module, llvm::StringRef name = "") {
  for (FuncOp func : module.getOps<FuncOp>())
    if (name.empty() || func.getName() == name)
      return func;
  return {};
}

inline Tensor scalarTensor(mlir::MLIRContext &context, double value) {
  Tensor tensor(mlir::RankedTensorType::get({}, mlir::Float64Type::get(&context)));
  tensor.setDouble(0, value);
  return tensor;
}

} // namespace dlc::ir::test
