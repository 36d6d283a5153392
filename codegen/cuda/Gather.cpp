// What counts the steps of each parameter, in one place of a function.
#include "codegen/common/StepEmitter.h"
#include "codegen/cuda/Group.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// The argument whose memory becomes the function's result; null where it has memory of its own.
BlockArgument updatedBy(ir::FuncOp function, unsigned result) {
  auto name = function.getResultAttrOfType<StringAttr>(result, "dl.update");
  for (BlockArgument argument : function.getArguments())
    for (StringRef kind : {"dl.param", "dl.state"})
      if (auto of = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kind); name && of == name)
        return argument;
  return {};
}

bool isSmall(Value value) { return tensorBytes(value.getType()) <= 8; }

/// Whether a launch may stand at the start of its function: it reads arguments alone, and nobody else reads those that it overwrites.
bool mayGoFirst(ir::FuncOp function, ir::LaunchOp launch) {
  auto isGiven = [&](Value operand) {
    auto argument = dyn_cast<BlockArgument>(operand);
    if (!argument || !isSmall(operand))
      return false;
    bool mayChange = function.getArgAttr(argument.getArgNumber(), "dl.param") || function.getArgAttr(argument.getArgNumber(), "dl.state");
    return !mayChange || llvm::all_of(operand.getUsers(), [&](Operation *user) { return user == launch.getOperation(); });
  };
  if (!launch.getAt() || !launch.getInto() || !llvm::all_of(launch->getOperands(), isGiven) || !llvm::all_of(launch->getResults(), isSmall))
    return false;
  if (auto onto = launch.getOnto(); onto && llvm::any_of(*onto, [](int64_t operand) { return operand >= 0; }))
    return false;
  return llvm::all_of(*launch.getInto(), [&](int64_t result) {
    if (result < 0)
      return true;
    BlockArgument updated = updatedBy(function, static_cast<unsigned>(result));
    return updated && llvm::is_contained(launch->getOperands(), Value(updated));
  });
}

} // namespace

void gatherCounters(ModuleOp module) {
  for (auto function : module.getOps<ir::FuncOp>()) {
    if (function->hasAttr("dl.kernel") || !isCompiled(function))
      continue;
    Block &block = function.getBody().front();
    SmallVector<ir::LaunchOp> found;
    for (auto launch : block.getOps<ir::LaunchOp>())
      if (mayGoFirst(function, launch))
        found.push_back(launch);
    if (found.size() < 2)
      continue;
    auto planned = function->getAttrOfType<IntegerAttr>("dl.arena");
    int64_t end = planned ? planned.getInt() : 0;
    OpBuilder b(function.getContext());
    Operation *last = nullptr;
    for (ir::LaunchOp launch : found) {
      SmallVector<int64_t> at(*launch.getAt());
      for (int64_t &offset : at)
        if (offset >= 0) {
          offset = static_cast<int64_t>(llvm::alignTo(end, DLC_ALIGNMENT));
          end = offset + DLC_ALIGNMENT;
        }
      launch.setAt(at);
      if (last)
        launch->moveAfter(last);
      else
        launch->moveBefore(&block, block.begin());
      last = launch;
    }
    function->setAttr("dl.arena", b.getI64IntegerAttr(end));
  }
}

} // namespace dlc::codegen::cuda
