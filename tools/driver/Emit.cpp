#include "tools/driver/Emit.h"

#include "tools/driver/Processor.h"

#include "codegen/common/Places.h"
#include "codegen/cuda/Compile.h"
#include "ir/Formulas.h"
#include "passes/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

namespace dlc::driver {

void printModule(mlir::ModuleOp module, bool locations, llvm::raw_ostream &out) {
  mlir::OpPrintingFlags flags;
  flags.enableDebugInfo(locations, /*prettyForm=*/false);
  flags.printNameLocAsPrefix(true);
  if (locations)
    return module.print(out, flags);
  // MLIR gives aliases to the places of arguments also where it prints no places.
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os, flags);
  llvm::StringRef rest = text;
  while (!rest.empty()) {
    auto [line, more] = rest.split('\n');
    if (!line.starts_with("#loc"))
      out << line << (rest.contains('\n') ? "\n" : "");
    rest = more;
  }
}

bool printGraph(mlir::ModuleOp module, bool locations, llvm::raw_ostream &out) {
  mlir::PassManager manager(module.getContext());
  passes::CondensePassOptions options;
  options.locations = locations;
  manager.addPass(passes::createCondensePass(options));
  if (failed(manager.run(module)))
    return false;
  // Formulas say their own names and locations; the other functions leave theirs to the printer.
  bool isAll = llvm::all_of(module.getOps<ir::FuncOp>(), [](ir::FuncOp func) { return func->hasAttr(ir::kFormulas); });
  printModule(module, locations && !isAll, out);
  return true;
}

void printTimes(const std::vector<PhaseTime> &times) {
  double total = 0;
  for (const PhaseTime &phase : times)
    total += phase.seconds;
  llvm::errs() << "time of compiling\n";
  for (const PhaseTime &phase : times)
    llvm::errs() << fmt::format("  {:<16} {:>9.2f} ms {:>5.1f} %\n", phase.name, phase.seconds * 1e3,
                                total > 0 ? 100 * phase.seconds / total : 0.0);
  llvm::errs() << fmt::format("  {:<16} {:>9.2f} ms\n", "sum", total * 1e3);
}

bool emitAssembly(Session &session, llvm::raw_ostream &out) {
  codegen::CompileOptions options;
  auto processor = processorOf(session.arguments());
  if (!processor) {
    llvm::errs() << "error: " << processor.status().message() << '\n';
    return false;
  }
  options.processor = session.stage() < passes::Stage::Kernels ? *processor : codegen::processorOf(session.module());
  return mlir::succeeded(codegen::printStage(session.module(), options, codegen::Stage::assembly, out));
}

bool emitDeviceStage(Session &session, llvm::StringRef stage, llvm::StringRef chip, bool locations, llvm::raw_ostream &out) {
  if (session.stage() > passes::Stage::Optimized) {
    llvm::errs() << fmt::format("error: {}: this file, of the stage `{}`, holds code for --target cpu\n", session.file(),
                                passes::stageName(session.stage()).str());
    return false;
  }
  for (auto function : session.module().getOps<ir::FuncOp>())
    if (function->hasAttr("dl.export") && !codegen::isCompiled(function))
      llvm::errs() << fmt::format("note: `{}` has sizes that its callers choose: its kernels are made when it is called\n", function.getSymName().str());
  codegen::cuda::DeviceOptions options;
  options.isLibraryAssumed = true;
  options.chip = chip.str();
  if (stage != "kernels") {
    auto code = stage == "llvm" ? codegen::cuda::CodeStage::llvm : codegen::cuda::CodeStage::ptx;
    return mlir::succeeded(codegen::cuda::printStage(session.module(), options, code, out));
  }
  auto kernels = codegen::cuda::makeKernels(session.module(), options);
  if (!kernels)
    return false;
  printModule(*kernels, locations, out);
  return true;
}

} // namespace dlc::driver
