// Something that runs the functions of a program: compiled code, or the reference evaluator.
#ifndef DLC_TOOLS_DRIVER_EXECUTOR_H
#define DLC_TOOLS_DRIVER_EXECUTOR_H

#include "tools/driver/Manifest.h"

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dlc::driver {

/// One function with its arguments and results bound to memory, to be run any number of times. An update's result is the argument's tensor.
class BoundFunction {
public:
  virtual ~BoundFunction() = default;
  /// A failed check or effect is a failure that names its line; what was written is then not to be used.
  virtual runtime::Status run() = 0;
  /// The same; `meanwhile` is called when the function has taken its arguments and may still be at work: it may change the tensors of inputs (not of
  /// parameters and states), and call `prepareNext` once they hold what the next run takes.
  virtual runtime::Status run(const std::function<runtime::Status()> &meanwhile) {
    if (runtime::Status status = run(); !status)
      return status;
    return meanwhile();
  }
  virtual runtime::Status prepareNext() { return {}; }
};

class Executor {
public:
  virtual ~Executor() = default;
  /// `arguments` and `results` have the types of the function (static). They stay where they are while the result lives.
  virtual runtime::Result<std::unique_ptr<BoundFunction>> bind(const Function &function, std::vector<runtime::Tensor> arguments,
                                                               std::vector<runtime::Tensor> results) = 0;
  /// Brings what functions have written to parameters and states to the tensors that they were bound to: before anyone else reads those.
  virtual runtime::Status settle() { return {}; }
  /// The tensor of a parameter or state was written by someone else.
  virtual void changed(const runtime::Tensor &tensor) { (void)tensor; }
  /// What computes, where that is not the processor: a card, by its name; and what else decides the bits of its results.
  struct Machine {
    std::string name, features;
  };
  virtual Machine machine() const { return {}; }
  /// Bytes of the arena that all functions share.
  virtual int64_t arenaBytes() const { return 0; }
};

} // namespace dlc::driver

#endif
