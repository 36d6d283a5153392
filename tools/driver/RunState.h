// What a run holds: places, data, counters; and how a function's arguments are bound to them.
#ifndef DLC_TOOLS_DRIVER_RUNSTATE_H
#define DLC_TOOLS_DRIVER_RUNSTATE_H

#include "tools/driver/Executor.h"
#include "tools/driver/Manifest.h"

#include "runtime/Table.h"

#include <map>
#include <string>

namespace dlc::driver {

using TensorMap = std::map<std::string, runtime::Tensor>;

/// Tensors that only one call sees, by role.
struct CallInputs {
  TensorMap inputs, means, sums, rows;
  /// Operands of a `dl.invoke`, for the arguments with `dl.input` in order; used where `inputs` has no such name.
  std::vector<runtime::Tensor> ordered;
};

class RunState {
public:
  RunState(const Manifest &manifest, Executor &executor, int64_t seed);

  const Manifest &manifest() const { return program; }
  Executor &executor() { return runner; }

  /// Parameters and states by name. A tensor stays at its address once it is here. Functions may have newer values on a device: `settle` before reading.
  TensorMap places;
  /// Parameters among the places; the others are states.
  std::map<std::string, std::vector<int64_t>> parameters; ///< with the order of axes in files (empty: as declared)
  std::map<std::string, std::vector<int64_t>> states;
  std::map<std::string, runtime::Table> tables;
  /// Results computed while compiling, by function; such a function is not run.
  std::map<std::string, std::vector<runtime::Tensor>> known;

  /// `seed`, `step`, `epoch`, `row`.
  void setCounter(const std::string &name, int64_t value);
  int64_t counter(const std::string &name) const;

  /// Binds the function's arguments, and makes its results: an update's is the place itself, others are new.
  struct Call {
    std::unique_ptr<BoundFunction> bound; ///< null for a function that is `known`
    std::vector<runtime::Tensor> results;
  };
  runtime::Result<Call> prepare(const Function &function, const CallInputs &inputs);

  /// Runs a function once. Results of an initialiser become places.
  runtime::Result<std::vector<runtime::Tensor>> call(const std::string &function, const CallInputs &inputs = {});

  /// Data that is a single number.
  void setScalar(const std::string &name, runtime::Tensor value) { columns[name] = std::move(value); }
  /// A whole column: "seen.x", "points".
  runtime::Result<runtime::Tensor> column(const std::string &name);

  /// What functions have written is in the places after this.
  runtime::Status settle() { return runner.settle(); }
  /// Sets a place, checking its type; copies into the tensor that is there.
  runtime::Status assign(const std::string &name, const runtime::Tensor &value);

private:
  runtime::Result<runtime::Tensor> argument(const Argument &argument, const CallInputs &inputs, size_t &nextOrdered);
  void adopt(const Function &function, std::vector<runtime::Tensor> &results);

  const Manifest &program;
  Executor &runner;
  TensorMap counters;
  TensorMap columns;
};

} // namespace dlc::driver

#endif
