// The runtime's side of `abi.h`: what stands behind the function table that compiled code calls.
#pragma once

#include "runtime/Console.h"
#include "runtime/Device.h"
#include "runtime/DeviceChecks.h"
#include "runtime/Effects.h"
#include "runtime/Status.h"
#include "runtime/ThreadPool.h"
#include "runtime/abi.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace dlc::runtime {

class Context;

/// A `require` or an index check, as the metadata of compiled code describes it.
struct Check {
  TextTemplate text; ///< what is said when it fails, with values
  std::vector<Effect::Operand> operands;
  std::string place; ///< `model.dl:12:3`
};

/// What happens before and after each step of a block.
class StepHooks {
public:
  virtual ~StepHooks() = default;
  /// Brings the batch of step `step` (from 1), writes the counters, and calls `context.setBuffers`.
  /// 0 to go on, else the result of `context.stop` or `context.fail`.
  virtual int32_t begin(Context &context, int64_t step) = 0;
  /// Reads the reports of step `step`. 0 to go on, else as above.
  virtual int32_t end(Context &context, int64_t step) = 0;
};

/// Runs compiled entries on the threads of a pool. From one thread at a time.
class Context {
public:
  /// The pool and the console must outlive it. `effects` and `checks` are in the order of their
  /// sites.
  Context(ThreadPool &pool, Console &console, std::vector<Effect> effects = {},
          std::vector<Check> checks = {});
  Context(const Context &) = delete;

  /// Runs `entry` once. A failed check or effect is a failure with its place.
  Status run(dlc_entry entry, void *const *buffers, const int64_t *symbols = nullptr);

  /// How a run of steps ended.
  struct Ended {
    int64_t lastStep = 0; ///< the last step that was done; `first − 1` when none was
    int32_t reason = 0;   ///< 0 when all were done, else DLC_STOP or DLC_INTERRUPTED
  };
  /// Runs `count` steps from `first` on: hooks.begin, the entry, hooks.end; `steps` is the entry's
  /// own compiled loop, if it has one. A failure (a check, an effect, what the hooks failed with)
  /// names the step.
  Result<Ended> runSteps(dlc_entry entry, StepHooks &hooks, int64_t first, int64_t count,
                         dlc_steps steps = nullptr);

  /// For hooks: the buffers of the step that is about to run. They must stay alive while it does.
  void setBuffers(void *const *buffers) { abi.buffers = buffers; }
  /// For hooks: ends the run of steps without failure; `bit` is DLC_STOP or DLC_INTERRUPTED.
  int32_t stop(int32_t bit) { return abi.status |= bit; }
  /// For hooks: ends the run of steps with a failure; the first one is kept. From any thread.
  int32_t fail(int32_t bit, Status status);

  /// From now on the buffers of entries are in the memory of a device, which must outlive the context. What an entry asked of it may still be to come when
  /// `run` returns: `fetchChecks` asks for its checks, and once the device was waited for `finish` is the failure of the first that failed.
  Status useDevice(Device &given) { return device = &given, deviceChecks.emplace(given).prepare(); }
  Status fetchChecks() { return deviceChecks->fetch(); }
  Status finish();

  /// What compiled code gets.
  dlc_context *get() { return &abi; }

  /// The sites, for a caller that learns them after the context was made.
  std::vector<Effect> effects;
  std::vector<Check> checks;

private:
  static const dlc_runtime table;
  static Context &of(dlc_context *context) { return *static_cast<Context *>(context->host); }
  static int32_t parallelFor(dlc_context *context, dlc_kernel kernel, void *const *buffers,
                             const int64_t *sizes, int64_t tiles, int64_t workspaceBytes,
                             int32_t flags);
  static int32_t hostCall(dlc_context *context, int32_t site, void *const *buffers);
  static int32_t checkFailed(dlc_context *context, int32_t site, void *const *buffers);
  static int32_t beginStep(dlc_context *context, int64_t step);
  static int32_t endStep(dlc_context *context, int64_t step);
  static int32_t deviceLaunch(dlc_context *context, const char *kernel, void *const *buffers,
                              const int64_t *bytes, int32_t count, int64_t blocks, int64_t threads);
  static int32_t deviceLaunchCooperative(dlc_context *context, const char *kernel, void *const *buffers,
                                      const int64_t *bytes, int32_t count, int64_t blocks, int64_t threads);
  int32_t launch(const Device::Launch &launch);
  static int32_t deviceCopy(dlc_context *context, void *to, const void *from, int64_t bytes);
  static int32_t deviceClear(dlc_context *context, void *memory, int64_t bytes);
  static int32_t deviceRead(dlc_context *context, void *to, const void *from, int64_t bytes);
  static int32_t deviceConstant(dlc_context *context, void **place, const void *data,
                                int64_t bytes);
  static int32_t deviceAll(dlc_context *context, const void *flags, int64_t count,
                           uint8_t *result);
  static int32_t deviceCheck(dlc_context *context, int32_t site, const void *flags, int64_t count,
                             void *const *operands, const int64_t *bytes, int32_t operandCount);
  static int32_t deviceNumber(dlc_context *context, void *to, int64_t number);
  static int32_t deviceIf(dlc_context *context, const void *flag, int32_t value, uint8_t *enter);
  static int32_t deviceEndif(dlc_context *context);
  static int32_t deviceProduct(dlc_context *context, const dlc_product *product,
                               const dlc_product_memory *memory);
  static int32_t devicePasses(dlc_context *context, const void *count, int64_t bound,
                              int64_t *passes, uint8_t *conditional);
  static int32_t deviceWhile(dlc_context *context, const void *flag, int64_t left, uint8_t *enter);
  static int32_t deviceEndWhile(dlc_context *context, const void *flag, int64_t left, uint8_t *enter);
  /// Counts what is asked of the device while it records; a failure where that is too much.
  Status countRecorded();
  int32_t done(Status status) { return status ? 0 : fail(DLC_DEVICE_FAILED, std::move(status)); }
  /// Success where the device can be waited for now; what it was asked for before has not failed a check.
  Status settle();
  Status failureOf(int32_t site, void *const *buffers);
  /// Operands as compiled code hands them over, in memory of the host.
  Result<std::vector<Tensor>> read(const std::vector<Effect::Operand> &operands,
                                   void *const *buffers);

  ThreadPool &pool;
  Console &console;
  Device *device = nullptr; // null: buffers are the host's
  std::optional<DeviceChecks> deviceChecks;
  int64_t recorded = 0; ///< what a recording holds so far
  std::map<const void *, void *> constants; ///< on the device, by where they are in the program
  dlc_context abi;
  StepHooks *hooks = nullptr;
  int64_t lastStep = 0, currentStep = 0;
  std::mutex failureLock;
  Status failure;
};

} // namespace dlc::runtime
