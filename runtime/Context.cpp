#include "runtime/Context.h"

#include <fmt/format.h>

#include <algorithm>

namespace dlc::runtime {

const dlc_runtime Context::table = {DLC_ABI_VERSION, sizeof(dlc_runtime), parallelFor, hostCall,   checkFailed,
                                    beginStep,       endStep,             deviceLaunch, deviceCopy, deviceClear,
                                    deviceRead,      deviceConstant,      deviceAll,
                                    deviceCheck,     deviceNumber,        deviceIf, deviceEndif,
                                    deviceProduct,   devicePasses,        deviceWhile, deviceEndWhile,
                                    deviceLaunchCooperative};

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
  recorded = 0;
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
  if (Status status = self.settle(); !status)
    return self.done(std::move(status));
  const Effect &effect = self.effects[static_cast<size_t>(site)];
  auto operands = self.read(effect.operands, buffers);
  if (!operands)
    return self.done(operands.status());
  Status status = perform(effect, *operands, self.console);
  return status ? 0 : self.fail(DLC_HOST_FAILED, std::move(status));
}

Status Context::failureOf(int32_t site, void *const *buffers) {
  if (site < 0 || static_cast<size_t>(site) >= checks.size())
    return Status::run(fmt::format("check {} failed, which is not described", site));
  const Check &check = checks[static_cast<size_t>(site)];
  std::vector<Tensor> operands(check.operands.size());
  if (buffers) {
    DLC_ASSIGN(values, read(check.operands, buffers));
    operands = std::move(values);
  }
  Status status = Status::run(check.text.fillBriefly(operands));
  return check.place.empty() ? std::move(status) : std::move(status).within(check.place);
}

int32_t Context::checkFailed(dlc_context *context, int32_t site, void *const *buffers) {
  Context &self = of(context);
  return self.fail(DLC_CHECK_FAILED, self.failureOf(site, buffers));
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

//===- The device's memory ------------------------------------------------===//

Status Context::countRecorded() {
  if (!device->isRecording() || ++recorded <= DLC_MOST_RECORDED)
    return {};
  abi.status |= DLC_HOST_NEEDED;
  return Status::run("too much for one recording");
}

Status Context::settle() {
  if (!device)
    return {};
  if (device->isRecording()) {
    abi.status |= DLC_HOST_NEEDED;
    return Status::run("the device cannot be waited for while it records");
  }
  DLC_TRY(deviceChecks->fetch());
  DLC_TRY(device->synchronise());
  return finish();
}

Status Context::finish() {
  int32_t site = deviceChecks->failed();
  if (site < 0)
    return {};
  Status failed = failureOf(site, deviceChecks->values(site).data());
  DLC_TRY(deviceChecks->clear());
  abi.status |= DLC_CHECK_FAILED;
  return failed;
}

Result<std::vector<Tensor>> Context::read(const std::vector<Effect::Operand> &operands,
                                          void *const *buffers) {
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < operands.size(); ++i) {
    const Effect::Operand &operand = operands[i];
    if (!device) {
      tensors.push_back(Tensor::borrowed(operand.type, operand.shape, buffers[i]));
      continue;
    }
    DLC_ASSIGN(tensor, Tensor::zeros(operand.type, operand.shape));
    DLC_TRY(device->copyOut(tensor.data(), buffers[i], tensor.bytes()));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

int32_t Context::launch(const Device::Launch &launch) {
  if (Status status = countRecorded(); !status)
    return done(std::move(status));
  return done(device->launch(launch));
}

int32_t Context::deviceLaunch(dlc_context *context, const char *kernel, void *const *buffers,
                              const int64_t *bytes, int32_t count, int64_t blocks, int64_t threads) {
  return of(context).launch({kernel, buffers, bytes, count, blocks, threads});
}

int32_t Context::deviceLaunchCooperative(dlc_context *context, const char *kernel, void *const *buffers,
                                      const int64_t *bytes, int32_t count, int64_t blocks, int64_t threads) {
  return of(context).launch({kernel, buffers, bytes, count, blocks, threads, /*isCooperative=*/true});
}

int32_t Context::deviceCopy(dlc_context *context, void *to, const void *from, int64_t bytes) {
  Context &self = of(context);
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  return self.done(self.device->copy(to, from, static_cast<size_t>(bytes)));
}

int32_t Context::deviceClear(dlc_context *context, void *memory, int64_t bytes) {
  Context &self = of(context);
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  return self.done(self.device->clear(memory, static_cast<size_t>(bytes)));
}

int32_t Context::deviceRead(dlc_context *context, void *to, const void *from, int64_t bytes) {
  Context &self = of(context);
  if (Status status = self.settle(); !status)
    return self.done(std::move(status));
  return self.done(self.device->copyOut(to, from, static_cast<size_t>(bytes)));
}

int32_t Context::deviceConstant(dlc_context *context, void **place, const void *data,
                                int64_t bytes) {
  Context &self = of(context);
  void *&known = self.constants[data];
  if (!known) {
    if (Status status = self.settle(); !status)
      return self.done(std::move(status));
    auto memory = self.device->allocate(static_cast<size_t>(bytes));
    if (!memory)
      return self.done(memory.status());
    Status status = self.device->copyIn(*memory, data, static_cast<size_t>(bytes));
    if (!status)
      return self.done(std::move(status));
    known = *memory;
  }
  *place = known;
  return 0;
}

int32_t Context::deviceAll(dlc_context *context, const void *flags, int64_t count,
                           uint8_t *result) {
  std::vector<uint8_t> values(static_cast<size_t>(count));
  int32_t status = deviceRead(context, values.data(), flags, count);
  *result = std::all_of(values.begin(), values.end(), [](uint8_t value) { return value != 0; });
  return status;
}

int32_t Context::deviceCheck(dlc_context *context, int32_t site, const void *flags, int64_t count,
                             void *const *operands, const int64_t *bytes, int32_t operandCount) {
  Context &self = of(context);
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  return self.done(
      self.deviceChecks->check(site, flags, count, operands, bytes, operandCount));
}

int32_t Context::deviceNumber(dlc_context *context, void *to, int64_t number) {
  Context &self = of(context);
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  void *buffers[] = {to, reinterpret_cast<void *>(number)};
  const int64_t bytes[] = {sizeof number, 0};
  return self.done(self.device->launch({DLC_NUMBER_KERNEL, buffers, bytes, 2, 1, 1}));
}

int32_t Context::deviceIf(dlc_context *context, const void *flag, int32_t value, uint8_t *enter) {
  Context &self = of(context);
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  if (self.device->isRecording()) {
    auto can = self.device->beginIf(flag, value != 0);
    if (!can)
      return self.done(can.status());
    if (*can)
      return *enter = 1, 0;
  }
  uint8_t byte = 0;
  int32_t status = deviceRead(context, &byte, flag, 1);
  *enter = (byte != 0) == (value != 0);
  return status;
}

int32_t Context::deviceEndif(dlc_context *context) {
  Context &self = of(context);
  return self.device->isRecording() ? self.done(self.device->endIf()) : 0;
}

int32_t Context::devicePasses(dlc_context *context, const void *count, int64_t bound,
                              int64_t *passes, uint8_t *conditional) {
  Context &self = of(context);
  *conditional = self.device->isRecording();
  *passes = bound;
  if (*conditional)
    return 0;
  int64_t counted = 0;
  int32_t status = deviceRead(context, &counted, count, sizeof counted);
  *passes = std::clamp<int64_t>(counted, 0, bound);
  return status;
}

int32_t Context::deviceWhile(dlc_context *context, const void *flag, int64_t left,
                             uint8_t *enter) {
  Context &self = of(context);
  if (!self.device->isRecording()) {
    *enter = left > 0;
    return left < 0 ? deviceRead(context, enter, flag, 1) : 0;
  }
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  auto can = self.device->beginWhile(flag);
  *enter = 1;
  // One pass alone would be recorded of a device that cannot.
  return self.done(!can ? can.status() : *can ? Status() : self.settle());
}

int32_t Context::deviceEndWhile(dlc_context *context, const void *flag, int64_t left,
                             uint8_t *enter) {
  Context &self = of(context);
  if (!self.device->isRecording())
    return deviceWhile(context, flag, left, enter);
  *enter = 0;
  return self.done(self.device->endWhile());
}

int32_t Context::deviceProduct(dlc_context *context, const dlc_product *product,
                               const dlc_product_memory *memory) {
  Context &self = of(context);
  if (Status status = self.countRecorded(); !status)
    return self.done(std::move(status));
  return self.done(self.device->multiply(*product, *memory));
}

} // namespace dlc::runtime
