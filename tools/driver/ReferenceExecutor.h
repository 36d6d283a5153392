#ifndef DLC_TOOLS_DRIVER_REFERENCEEXECUTOR_H
#define DLC_TOOLS_DRIVER_REFERENCEEXECUTOR_H

#include "tools/driver/Sites.h"
#include "tools/driver/Executor.h"

#include "ir/Ops.h"
#include "ir/eval/Tensor.h"

#include "mlir/IR/BuiltinOps.h"

#include <functional>
#include <optional>

namespace dlc::driver {

/// Runs functions of a module with the reference evaluator. The module must be of stage `train` or later; it and the console must outlive it.
class ReferenceExecutor : public Executor {
public:
  /// With `doublePrecision` every function computes in f64 from its arguments to its results; these are rounded once at the end.
  /// `noise` seeds roundings of another course (`ir::eval::Environment::noise`).
  ReferenceExecutor(mlir::ModuleOp module, Sites sites, runtime::Console &console, bool doublePrecision = false,
                    std::optional<uint64_t> noise = std::nullopt);
  ~ReferenceExecutor() override;
  runtime::Result<std::unique_ptr<BoundFunction>> bind(const Function &function, std::vector<runtime::Tensor> arguments,
                                                       std::vector<runtime::Tensor> results) override;
  /// Called with each branch that a `dl.cond` takes. To be set before a function is bound.
  std::function<void(ir::CondOp, bool)> onBranch;

private:
  struct State;
  std::unique_ptr<State> state;
};

/// Between the two kinds of tensor; both copy.
runtime::Result<runtime::Tensor> toRuntime(const ir::eval::Tensor &tensor);
ir::eval::Tensor toEvaluator(const runtime::Tensor &tensor, mlir::RankedTensorType type);

} // namespace dlc::driver

#endif
