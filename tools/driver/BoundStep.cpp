#include "tools/driver/BoundStep.h"

#include <fmt/format.h>

#include <algorithm>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

Result<BoundStep> bindStep(RunState &state, const std::string &name, const std::string &table, int64_t rows) {
  BoundStep step;
  step.function = state.manifest().find(name);
  if (!step.function)
    return Status::run(fmt::format("there is no function `{}`", name));
  step.rows = std::max<int64_t>(rows, 1);
  CallInputs inputs;
  if (!table.empty())
    for (const runtime::Column &column : state.tables.at(table).columns()) {
      runtime::Shape shape = column.rowShape();
      shape.insert(shape.begin(), rows);
      DLC_ASSIGN(buffer, Tensor::zeros(column.values.type(), shape));
      step.staged.push_back(buffer.data());
      step.buffers.push_back(buffer);
      inputs.inputs[column.name] = buffer;
    }
  DLC_ASSIGN(call, state.prepare(*step.function, inputs));
  step.call = std::move(call);
  return step;
}

} // namespace dlc::driver
