#ifndef DLC_PASSES_PIPELINE_H
#define DLC_PASSES_PIPELINE_H

#include "passes/FusionLimits.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace dlc::passes {

/// The forms of a module between passes that can be printed, read back and continued from.
/// `docs/pipeline.md` shows them; `StageChecks.h` checks them. The passes lead to `Optimized`, code
/// generation to the two behind it.
enum class Stage { Graph, Specialized, Train, Optimized, Kernels, Llvm };

/// `graph`, `specialized`, `train`, `optimized`, `kernels`, `llvm`: as in the attribute `dl.stage`.
llvm::StringRef stageName(Stage stage);
std::optional<Stage> parseStage(llvm::StringRef name);
/// The stage that the module says it is in; nothing when it does not say, or names one that is not
/// known here.
std::optional<Stage> stageOf(mlir::ModuleOp module);

/// A size that is known from outside: `symbol` of the function `function` (of every function when
/// that is empty).
struct Binding {
  std::string function;
  std::string symbol;
  int64_t value;
};

struct PipelineOptions {
  std::vector<Binding> bindings;
  FusionLimits fusion;
  /// The precision of all products, whatever their blocks say: `f32`, `tf32` or `bf16`; empty leaves it to the blocks.
  std::string precision;
  /// Rows of a batch in tests that do not set their own; 0 lets the compiler choose.
  int64_t testBatch = 0;
  /// Emit a remark wherever a pass decided against what a reader may expect.
  bool remarks = false;
  /// Print and re-read the module after every pass: what is not in the text must not matter. Also
  /// where DLC_ROUND_TRIP is set.
  bool roundTrip = false;
  /// Print the module to `printTo` after the passes for which this holds (their names: `fuse`,
  /// `plan`, …).
  std::function<bool(llvm::StringRef)> printAfter;
  llvm::raw_ostream *printTo = nullptr;
  /// Told after each pass how many seconds it took.
  std::function<void(llvm::StringRef, double)> onTime;
  /// Called after each pass with its name; a failure ends the pipeline. `dlc verify` compares
  /// answers here.
  std::function<mlir::LogicalResult(llvm::StringRef, mlir::ModuleOp)> afterPass;
};

/// One numbered line of the pipeline.
struct PipelineStep {
  /// The module is in this stage once the last step that names it has run.
  Stage stage;
  /// The name of the pass without its prefix.
  llvm::StringRef name;
  /// Why it stands at this place.
  llvm::StringRef why;
  std::function<std::unique_ptr<mlir::Pass>(const PipelineOptions &)> create;
};

/// The whole pipeline in order.
const std::vector<PipelineStep> &pipeline();

/// Takes `module`, which is in stage `from`, to stage `to`, at most `Optimized`; its attribute
/// `dl.stage` follows. Checks the stage that it starts from (with the plan, if that is `Optimized`)
/// and each that it reaches. Fails with diagnostics at the operations at fault; the module is then
/// somewhere in between.
mlir::LogicalResult runPipeline(mlir::ModuleOp module, Stage from, Stage to,
                                const PipelineOptions &options);

/// Puts in the module's place what reading its printed form gives: what is not in the text must not
/// matter.
mlir::LogicalResult printAndParse(mlir::ModuleOp module);

} // namespace dlc::passes

#endif
