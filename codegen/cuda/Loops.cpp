#include "codegen/cuda/Loops.h"

#include "runtime/abi.h"

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

constexpr int64_t kMostConditionalPasses = 256;

/// Whether only the device knows when it ends.
bool isOpen(ir::LoopOp op) { return op.getCount() || op.getExit(); }

} // namespace

Loops::Loops(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, const Groups &groups)
    : function(function), places(places), kernels(kernels), groups(groups) {
  while (callsOf(function.getBody().front()) > DLC_MOST_RECORDED && most > 100) {
    most /= 2;
    repeated.clear();
  }
}

int64_t Loops::moves(ValueRange to, ValueRange from) const {
  return llvm::count_if(llvm::zip(to, from), [&](auto pair) { return !(places[std::get<0>(pair)] == places[std::get<1>(pair)]); });
}

int64_t Loops::callsOf(ir::LaunchOp op) const {
  if (const Groups::Group *group = groups.of(op))
    return group->last == op;
  auto kernel = kernels.find(op.getCallee().str());
  return kernel == kernels.end() ? 0 : static_cast<int64_t>(kernel->second.launches.size() + kernel->second.copies.size());
}

int64_t Loops::callsOf(ir::LoopOp op) {
  Block &body = op.getBody().front();
  int64_t slices = static_cast<int64_t>(op.getWalked().size() + op.getCollectedResults().size());
  int64_t before = moves(op.getCarriedResults(), op.getInits()) + static_cast<int64_t>(op.getCollectedResults().size()) + 2;
  int64_t once = callsOf(body) + moves(op.getCarriedResults(), op.getYieldedCarries());
  int64_t each = once + moves(op.getCollectedResults(), op.getYieldedCollected()) + 1 + (isOpen(op) ? 3 : 0);
  if ((isOpen(op) && boundOf(op) > kMostConditionalPasses) || boundOf(op) > std::max<int64_t>(most / each, 1)) {
    repeated.insert(op);
    return before + once + 3 + slices;
  }
  return before + boundOf(op) * each;
}

int64_t Loops::callsOf(Block &block) {
  int64_t calls = 0;
  for (Operation &op : block.without_terminator()) {
    if (auto launch = dyn_cast<ir::LaunchOp>(op))
      calls += callsOf(launch);
    else if (auto loop = dyn_cast<ir::LoopOp>(op))
      calls += callsOf(loop);
    else if (isa<ir::CopyOp, ir::CheckOp>(op))
      ++calls;
    else if (auto cond = dyn_cast<ir::CondOp>(op)) {
      calls += 3; // the flag is kept, and asked for twice
      for (Region *region : {&cond.getThenRegion(), &cond.getElseRegion()})
        calls += callsOf(region->front()) + moves(cond.getResults(), region->front().getTerminator()->getOperands());
    }
  }
  return calls;
}

void Loops::tell() {
  constexpr const char *kPart = "conditional parts of the recorded function where the driver has them, from CUDA 12.4 on; else the host reads a flag each time";
  function.walk([&](Operation *op) {
    if (isa<ir::CondOp>(op))
      op->emitRemark("both ways of this branch are ") << kPart;
    auto loop = dyn_cast<ir::LoopOp>(op);
    if (!loop)
      return;
    if (isRepeated(loop))
      op->emitRemark("this loop of ") << (isOpen(loop) ? "up to " : "") << boundOf(loop) << " passes is recorded once, as a part that the device repeats, "
          << "where the driver has such, from CUDA 12.4 on; else the host asks for each pass";
    else if (isOpen(loop))
      op->emitRemark("the passes of this loop are ") << kPart;
  });
}

} // namespace dlc::codegen::cuda
