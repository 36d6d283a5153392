#include "tools/driver/RunState.h"

#include <fmt/format.h>

#include <cstring>

namespace dlc::driver {

using runtime::ElementType;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

std::string typeOf(const Tensor &tensor) { return runtime::typeText(tensor.type(), tensor.shape()); }

bool fits(const TypeInfo &type, const Tensor &tensor) {
  if (type.element != tensor.type() || type.shape.size() != tensor.shape().size())
    return false;
  for (size_t i = 0; i < type.shape.size(); ++i)
    if (type.shape[i] >= 0 && type.shape[i] != tensor.shape()[i])
      return false;
  return true;
}

} // namespace

RunState::RunState(const Manifest &manifest, Executor &executor, int64_t seed) : program(manifest), runner(executor) {
  for (const char *name : {"seed", "step", "epoch", "row", "sequence"})
    if (auto tensor = Tensor::zeros(ElementType::I64, {}))
      counters[name] = *tensor;
  setCounter("seed", seed);
}

void RunState::setCounter(const std::string &name, int64_t value) { *counters.at(name).as<int64_t>().data() = value; }
int64_t RunState::counter(const std::string &name) const { return counters.at(name).integer(0); }

Result<Tensor> RunState::column(const std::string &name) {
  if (auto it = columns.find(name); it != columns.end())
    return it->second;
  // The name of the data may hold dots itself: the longest prefix that is one.
  for (size_t dot = name.size(); dot != std::string::npos; dot = dot ? name.rfind('.', dot - 1) : std::string::npos) {
    auto table = tables.find(name.substr(0, dot));
    if (table == tables.end())
      continue;
    std::string rest = dot < name.size() ? name.substr(dot + 1) : "";
    std::optional<size_t> index = table->second.find(rest);
    if (!index)
      break;
    DLC_ASSIGN(whole, table->second.whole(*index));
    columns[name] = whole;
    return whole;
  }
  return Status::run(fmt::format("there is no data `{}`", name));
}

Result<Tensor> RunState::argument(const Argument &argument, const CallInputs &inputs, size_t &nextOrdered) {
  auto from = [&](const TensorMap &map, const char *what) -> Result<Tensor> {
    auto it = map.find(argument.name);
    if (it == map.end())
      return Status::run(fmt::format("{} `{}` has no value", what, argument.name));
    return it->second;
  };
  switch (argument.role) {
  case ArgumentRole::Param:
  case ArgumentRole::State:
    return from(places, "place");
  case ArgumentRole::Input:
    if (!inputs.inputs.count(argument.name) && nextOrdered < inputs.ordered.size())
      return inputs.ordered[nextOrdered++];
    return from(inputs.inputs, "input");
  case ArgumentRole::Data:
    return column(argument.name);
  case ArgumentRole::Counter:
    return from(counters, "counter");
  case ArgumentRole::Mean:
    return from(inputs.means, "mean");
  case ArgumentRole::Sum:
    return from(inputs.sums, "sum");
  case ArgumentRole::Rows:
    return from(inputs.rows, "rows");
  }
  return Status::run("unknown argument");
}

Result<RunState::Call> RunState::prepare(const Function &function, const CallInputs &inputs) {
  Call call;
  if (auto it = known.find(function.name); it != known.end()) {
    call.results = it->second;
    return call;
  }
  std::vector<Tensor> arguments;
  size_t nextOrdered = 0;
  for (const Argument &wanted : function.arguments) {
    DLC_ASSIGN(tensor, argument(wanted, inputs, nextOrdered));
    if (!fits(wanted.type, tensor))
      return Status::run(fmt::format("`{}` of `{}` must be {}, found {}", wanted.name, function.name, wanted.type.text(),
                                     typeOf(tensor)));
    arguments.push_back(std::move(tensor));
  }
  for (const Outcome &outcome : function.results) {
    if (outcome.role == ResultRole::Update) {
      auto place = places.find(outcome.name);
      if (place == places.end())
        return Status::run(fmt::format("place `{}` has no value", outcome.name));
      call.results.push_back(place->second);
      continue;
    }
    DLC_ASSIGN(tensor, Tensor::zeros(outcome.type.element, outcome.type.shape));
    call.results.push_back(std::move(tensor));
  }
  auto bound = runner.bind(function, std::move(arguments), call.results);
  if (!bound)
    return bound.status();
  call.bound = *std::move(bound);
  return call;
}

void RunState::adopt(const Function &function, std::vector<Tensor> &results) {
  for (size_t i = 0; i < function.results.size(); ++i) {
    const Outcome &outcome = function.results[i];
    if (outcome.role != ResultRole::Param && outcome.role != ResultRole::State)
      continue;
    places[outcome.name] = results[i];
    (outcome.role == ResultRole::Param ? parameters : states)[outcome.name] = outcome.stored;
  }
}

Result<std::vector<Tensor>> RunState::call(const std::string &name, const CallInputs &inputs) {
  const Function *function = program.find(name);
  if (!function)
    return Status::run(fmt::format("there is no function `{}`", name));
  DLC_ASSIGN(call, prepare(*function, inputs));
  if (call.bound)
    DLC_TRY(call.bound->run());
  adopt(*function, call.results);
  return std::move(call.results);
}

Status RunState::assign(const std::string &name, const Tensor &value) {
  auto place = places.find(name);
  if (place == places.end())
    return Status::run(fmt::format("the program has no place `{}`", name));
  if (place->second.type() != value.type() || place->second.shape() != value.shape())
    return Status::run(fmt::format("`{}` must be {}, found {}", name, typeOf(place->second), typeOf(value)));
  std::memcpy(place->second.data(), value.data(), value.bytes());
  runner.changed(place->second);
  return Status();
}

} // namespace dlc::driver
