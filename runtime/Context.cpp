#include "runtime/Context.h"

#include <fmt/format.h>

namespace dlc::runtime {

const dlc_runtime Context::table = {DLC_ABI_VERSION, sizeof(dlc_runtime), parallelFor, hostCall,
                                    checkFailed,     beginStep,           endStep};

Context::Context(ThreadPool &pool, Console &console, std::vector<Effect> effects,
                 std::vector<Check> checks)
    : effects(std::move(effects)), checks(std::move(checks)), pool(pool),
      console(console), abi{&table, nullptr, nullptr, this, 0} {}

Status Context::run(dlc_entry entry, void *const *buffers, const int64_t *symbols) {
  FlushDenormals flush;
  ThreadPool::Flight flight(pool);
  abi.status = 0;
  abi.symbols = symbols;
  failure = Status();
  int32_t result = entry(&abi, buffers);
  if (failure && (result || abi.status))
    return Status::run(
        fmt::format("a compiled function stopped with status {}", result ? result : abi.status));
  return std::exchange(failure, Status());
}

Result<Context::Ended> Context::runSteps(dlc_entry entry, StepHooks &given, int64_t first,
                                         int64_t count, dlc_steps steps) {
  FlushDenormals flush;
  ThreadPool::Flight flight(pool);
  abi.status = 0;
  abi.symbols = nullptr;
  failure = Status();
  hooks = &given;
  lastStep = first - 1;
  int32_t result = 0;
  if (steps) {
    result = steps(&abi, first, count);
  } else {
    for (int64_t step = first; step < first + count && !result; ++step) {
      if ((result = beginStep(&abi, step)) || (result = entry(&abi, abi.buffers)))
        break;
      result = endStep(&abi, step);
    }
  }
  hooks = nullptr;
  if (!failure)
    return std::move(std::exchange(failure, Status())).within(fmt::format("step {}", currentStep));
  int32_t reason = result ? result : abi.status;
  if (reason & ~(DLC_STOP | DLC_INTERRUPTED))
    return Status::run(fmt::format("step {}: it stopped with status {}", currentStep, reason));
  return Ended{lastStep, reason};
}

int32_t Context::fail(int32_t bit, Status status) {
  std::lock_guard guard(failureLock);
  if (failure)
    failure = std::move(status);
  return abi.status |= bit;
}

int32_t Context::parallelFor(dlc_context *context, dlc_kernel kernel, void *const *buffers,
                             const int64_t *sizes, int64_t tiles, int64_t workspaceBytes,
                             int32_t flags) {
  Context &self = of(context);
  Status status = self.pool.parallelFor(kernel, buffers, sizes, tiles, workspaceBytes, flags);
  return status ? 0 : self.fail(DLC_NO_MEMORY, std::move(status));
}

int32_t Context::hostCall(dlc_context *context, int32_t site, void *const *buffers) {
  Context &self = of(context);
  if (site < 0 || static_cast<size_t>(site) >= self.effects.size())
    return self.fail(
        DLC_HOST_FAILED,
        Status::run(fmt::format("compiled code calls effect {}, which is not described", site)));
  Status status = performOnBuffers(self.effects[static_cast<size_t>(site)], buffers, self.console);
  return status ? 0 : self.fail(DLC_HOST_FAILED, std::move(status));
}

int32_t Context::checkFailed(dlc_context *context, int32_t site, void *const *buffers) {
  Context &self = of(context);
  if (site < 0 || static_cast<size_t>(site) >= self.checks.size())
    return self.fail(DLC_CHECK_FAILED,
                     Status::run(fmt::format("check {} failed, which is not described", site)));
  const Check &check = self.checks[static_cast<size_t>(site)];
  std::vector<Tensor> operands;
  for (size_t i = 0; buffers && i < check.operands.size(); ++i)
    operands.push_back(
        Tensor::borrowed(check.operands[i].type, check.operands[i].shape, buffers[i]));
  operands.resize(check.operands.size());
  Status status = Status::run(check.text.fill(operands));
  return self.fail(DLC_CHECK_FAILED,
                   check.place.empty() ? std::move(status) : std::move(status).within(check.place));
}

int32_t Context::beginStep(dlc_context *context, int64_t step) {
  Context &self = of(context);
  self.currentStep = step;
  return self.hooks->begin(self, step);
}

int32_t Context::endStep(dlc_context *context, int64_t step) {
  Context &self = of(context);
  // What a step left behind stands, also when its reports end the run.
  self.lastStep = step;
  return self.hooks->end(self, step);
}

} // namespace dlc::runtime
