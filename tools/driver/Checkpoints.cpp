#include "tools/driver/Checkpoints.h"

#include "runtime/Checkpoint.h"
#include "runtime/Format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <set>

namespace dlc::driver {

using runtime::Checkpoint;
using runtime::listed;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

constexpr const char *meanPrefix = "report:";

/// Axis i of the result is axis axes[i] of the tensor.
Result<Tensor> transposed(const Tensor &tensor, const std::vector<int64_t> &axes) {
  runtime::Shape shape;
  for (int64_t axis : axes)
    shape.push_back(tensor.shape()[axis]);
  DLC_ASSIGN(out, Tensor::zeros(tensor.type(), shape));
  size_t rank = axes.size(), width = runtime::sizeOf(tensor.type());
  std::vector<int64_t> strides(rank, 1), index(rank, 0);
  for (size_t i = rank; i-- > 1;)
    strides[i - 1] = strides[i] * tensor.shape()[i];
  for (int64_t k = 0; k < out.count(); ++k) {
    int64_t from = 0;
    for (size_t i = 0; i < rank; ++i)
      from += index[i] * strides[axes[i]];
    std::memcpy(out.data() + k * width, tensor.data() + from * width, width);
    for (size_t i = rank; i-- > 0;) {
      if (++index[i] < shape[i])
        break;
      index[i] = 0;
    }
  }
  return out;
}

std::vector<int64_t> inverse(const std::vector<int64_t> &axes) {
  std::vector<int64_t> out(axes.size());
  for (size_t i = 0; i < axes.size(); ++i)
    out[axes[i]] = static_cast<int64_t>(i);
  return out;
}

/// The order of axes in files; empty where it is the declared one.
std::vector<int64_t> storedOrder(const RunState &state, const std::string &name) {
  for (const auto *map : {&state.parameters, &state.states})
    if (auto it = map->find(name); it != map->end())
      return it->second;
  return {};
}

Status addPlace(Checkpoint &file, RunState &state, const std::string &name, const Tensor &value) {
  std::vector<int64_t> order = storedOrder(state, name);
  if (order.empty()) {
    file.tensors.push_back({name, value});
    return Status();
  }
  DLC_ASSIGN(turned, transposed(value, order));
  file.tensors.push_back({name, turned});
  return Status();
}

Status assignStored(RunState &state, const std::string &name, const Tensor &value) {
  std::vector<int64_t> order = storedOrder(state, name);
  if (order.empty() || static_cast<size_t>(value.rank()) != order.size())
    return state.assign(name, value);
  DLC_ASSIGN(turned, transposed(value, inverse(order)));
  return state.assign(name, turned);
}

/// Steps beyond this cannot be counted on.
constexpr int64_t mostSteps = int64_t{1} << 62;

/// An integer of the metadata from 0 to `mostSteps`, except `seed`, which may be any.
Status readNumber(const std::map<std::string, std::string> &metadata, const char *key, int64_t &value) {
  auto it = metadata.find(key);
  if (it == metadata.end())
    return Status::run(fmt::format("its metadata lacks `{}`", key));
  const std::string &text = it->second;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool isCount = std::string_view(key) != "seed";
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || (isCount && (value < 0 || value > mostSteps)))
    return Status::run(fmt::format("its metadata holds `{}` as {}", text, key));
  return Status();
}

Status readPosition(const Checkpoint &file, LoadedCheckpoint &loaded) {
  int64_t finished = 0;
  Position &position = loaded.position;
  for (auto [key, value] : {std::pair("block", &position.block), std::pair("step", &position.step), std::pair("total", &position.total),
                            std::pair("planned", &position.planned), std::pair("finished", &finished), std::pair("seed", &loaded.seed)})
    DLC_TRY(readNumber(file.metadata, key, *value));
  position.finished = finished != 0;
  for (auto [key, value] : {std::pair("batch", &position.batch), std::pair("rows", &position.rows), std::pair("data", &position.data)})
    if (file.metadata.count(key)) // older ones have none
      DLC_TRY(readNumber(file.metadata, key, *value));
  if (position.step > position.total)
    return Status::run(fmt::format("its metadata says step {} of the block and {} of the run", position.step, position.total));
  return Status();
}

std::string textOf(const std::map<std::string, std::string> &metadata, const char *key) {
  auto it = metadata.find(key);
  return it == metadata.end() ? "" : it->second;
}

bool belongsToBlock(const std::string &name) { return name.find(':') != std::string::npos; }

/// The places that blocks make for themselves and for their optimizers when they begin.
std::set<std::string> placesOfBlocks(const Manifest &manifest) {
  std::set<std::string> names;
  for (const TrainDecl &train : manifest.trains)
    if (const Function *init = manifest.find(train.init))
      for (const Outcome &outcome : init->results)
        names.insert(outcome.name);
  return names;
}

} // namespace

Status saveCheckpoint(const std::string &path, RunState &state, const Position &position, const ReportMeans &means,
                      const BuildIdentity &identity) {
  DLC_TRY(state.settle());
  Checkpoint file;
  for (const auto &[name, value] : state.places)
    DLC_TRY(addPlace(file, state, name, value));
  for (const ReportMeans::Entry &entry : means.entries) {
    double pair[2] = {entry.sum, entry.weight};
    DLC_ASSIGN(tensor, Tensor::of<double>(runtime::ElementType::F64, {2}, pair));
    file.tensors.push_back({meanPrefix + entry.name, tensor});
  }
  file.metadata = {{"format", "dlc 1"},
                   {"block", std::to_string(position.block)},
                   {"step", std::to_string(position.step)},
                   {"total", std::to_string(position.total)},
                   {"planned", std::to_string(position.planned)},
                   {"batch", std::to_string(position.batch)},
                   {"rows", std::to_string(position.rows)},
                   {"data", std::to_string(position.data)},
                   {"finished", position.finished ? "1" : "0"},
                   {"seed", std::to_string(state.counter("seed"))},
                   {"target", identity.target},
                   {"processor", identity.processor},
                   {"features", identity.features},
                   {"build", identity.build},
                   {"precision", identity.precision}};
  return runtime::writeSafetensors(path, file);
}

Status saveWeights(const std::string &path, RunState &state) {
  DLC_TRY(state.settle());
  Checkpoint file;
  for (const auto &[name, value] : state.places)
    if (!belongsToBlock(name))
      DLC_TRY(addPlace(file, state, name, value));
  file.metadata = {{"format", "dlc 1"}};
  return runtime::writeSafetensors(path, file);
}

Result<LoadedCheckpoint> loadCheckpoint(const std::string &path, RunState &state) {
  DLC_ASSIGN(file, runtime::readSafetensors(path));
  if (textOf(file.metadata, "format") != "dlc 1")
    return Status::run(fmt::format("`{}` is not a checkpoint of dlc; --load-weights reads other safetensors files", path));
  std::vector<std::string> missing, surplus;
  for (const auto &[name, value] : state.places)
    if (!file.find(name))
      missing.push_back(name);
  for (const runtime::NamedTensor &entry : file.tensors)
    if (!state.places.count(entry.name) && !belongsToBlock(entry.name))
      surplus.push_back(entry.name);
  if (!missing.empty())
    return Status::run(fmt::format("`{}` lacks {}, which the program has", path, listed(missing)));
  if (!surplus.empty())
    return Status::run(fmt::format("`{}` holds {}, which the program does not have", path, listed(surplus)));
  LoadedCheckpoint loaded;
  const std::set<std::string> later = placesOfBlocks(state.manifest());
  for (const runtime::NamedTensor &entry : file.tensors) {
    if (entry.name.rfind(meanPrefix, 0) == 0) {
      if (entry.value.shape() != runtime::Shape{2} || entry.value.type() != runtime::ElementType::F64)
        return Status::run(fmt::format("`{}`: `{}` must be f64[2]", path, entry.name));
      ReportMeans::Entry &mean = loaded.means.at(entry.name.substr(std::strlen(meanPrefix)));
      mean.sum = entry.value.number(0), mean.weight = entry.value.number(1);
    } else if (state.places.count(entry.name)) {
      DLC_TRY(assignStored(state, entry.name, entry.value).within(path));
    } else if (later.count(entry.name)) {
      state.places[entry.name] = entry.value;
      state.states[entry.name] = {};
    } else {
      loaded.unused.push_back(entry.name);
    }
  }
  DLC_TRY(readPosition(file, loaded).within(path));
  loaded.identity = {textOf(file.metadata, "target"), textOf(file.metadata, "processor"), textOf(file.metadata, "features"), textOf(file.metadata, "build"),
                     textOf(file.metadata, "precision")};
  return loaded;
}

/// `*` is any text.
static bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty())
    return text.empty();
  if (pattern[0] == '*')
    return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
  return !text.empty() && pattern[0] == text[0] && matches(pattern.substr(1), text.substr(1));
}

Status loadDeclared(const std::string &path, RunState &state, const LoadDecl &load) {
  DLC_ASSIGN(file, runtime::readSafetensors(path));
  std::string prefix = load.under.empty() ? "" : load.under + ".";
  auto excepted = [&](const std::string &name) {
    return std::any_of(load.except.begin(), load.except.end(), [&](const std::string &pattern) {
      return matches(pattern, name) || (name.rfind(prefix, 0) == 0 && matches(pattern, name.substr(prefix.size())));
    });
  };
  std::vector<std::string> missing, surplus;
  std::set<std::string> used;
  for (const auto &[ours, theirs] : load.names) {
    used.insert(theirs);
    const Tensor *value = file.find(theirs);
    if (value) {
      DLC_TRY(assignStored(state, ours, *value).within(path));
    } else if (!excepted(ours) && !excepted(theirs)) {
      missing.push_back(theirs);
    }
  }
  for (const runtime::NamedTensor &entry : file.tensors)
    if (!used.count(entry.name) && !belongsToBlock(entry.name) && entry.name.rfind(prefix, 0) == 0 && !excepted(entry.name))
      surplus.push_back(entry.name);
  if (!missing.empty() && surplus.empty())
    return Status::run(fmt::format("`{}` lacks {}", path, listed(missing)));
  if (!missing.empty())
    return Status::run(fmt::format("`{}` lacks {} and holds {}; `under:` reads the entries below a name of the file, `except:` names what may be missing or "
                                   "left over",
                                   path, listed(missing), listed(surplus)));
  if (!surplus.empty())
    return Status::run(fmt::format("`{}` holds {}, which `load` does not read; `except:` names what may be left over", path, listed(surplus)));
  return Status();
}

Status loadWeights(const std::string &path, RunState &state, const std::vector<std::pair<std::string, std::string>> &names) {
  DLC_ASSIGN(file, runtime::readSafetensors(path));
  std::vector<std::pair<std::string, std::string>> pairs = names;
  if (pairs.empty()) {
    for (const auto &[name, value] : state.places)
      if (!belongsToBlock(name))
        pairs.emplace_back(name, name);
    std::vector<std::string> surplus;
    for (const runtime::NamedTensor &entry : file.tensors)
      if (!belongsToBlock(entry.name) && !state.places.count(entry.name))
        surplus.push_back(entry.name);
    if (!surplus.empty())
      return Status::run(fmt::format("`{}` holds {}, which the program does not have", path, listed(surplus)));
  }
  std::vector<std::string> missing;
  for (const auto &[ours, theirs] : pairs) {
    const Tensor *value = file.find(theirs);
    if (!value)
      missing.push_back(theirs);
    else
      DLC_TRY(assignStored(state, ours, *value).within(path));
  }
  if (!missing.empty())
    return Status::run(fmt::format("`{}` lacks {}", path, listed(missing)));
  return Status();
}

} // namespace dlc::driver
