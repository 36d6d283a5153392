#include "tools/driver/DeviceExecutor.h"

#include "codegen/common/Jit.h"
#include "codegen/cuda/Compile.h"
#include "runtime/Context.h"
#include "runtime/CudaCards.h"
#include "runtime/CudaDevice.h"
#include "runtime/Emulator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

/// The tensors that stay on the device from call to call: parameters, states, and whole columns of data. Each is brought there when a function first needs it,
/// and back when someone asks.
class Residents {
public:
  explicit Residents(runtime::Device &device) : device(device) {}

  /// Its memory on the device; `holdsValue`: what is in it now is there, else it will be written first.
  Result<void *> memoryOf(const std::string &name, const Tensor &tensor, bool holdsValue) {
    Resident &resident = residents[tensor.data()];
    if (!resident.memory) {
      DLC_ASSIGN(memory, allocate(name, tensor.bytes()));
      resident = {name, tensor, memory, false, false};
    }
    if (holdsValue && !resident.isThere) {
      DLC_TRY(device.copyIn(resident.memory, tensor.data(), tensor.bytes()));
      resident.isThere = true;
    }
    return resident.memory;
  }
  /// A function has written it on the device.
  void wrote(const Tensor &tensor) {
    Resident &resident = residents.at(tensor.data());
    resident.isThere = resident.isNewer = true;
  }
  void changed(const Tensor &tensor) {
    auto found = residents.find(tensor.data());
    if (found != residents.end())
      found->second.isThere = found->second.isNewer = false;
  }
  /// Brings those that were changed on the host since to the device.
  Status refresh(const Tensor &tensor) {
    Resident &resident = residents.at(tensor.data());
    return resident.isThere ? Status() : memoryOf(resident.name, tensor, true).status();
  }
  void release(void *memory) {
    device.release(memory);
    std::erase_if(largest, [&](const Allocation &allocation) { return allocation.memory == memory; });
  }
  Status settle() {
    for (auto &[address, resident] : residents)
      if (std::exchange(resident.isNewer, false))
        DLC_TRY(device.copyOut(resident.tensor.data(), resident.memory, resident.tensor.bytes()));
    return {};
  }
  /// Memory of the device that a failure can be explained by.
  Result<void *> allocate(const std::string &name, size_t bytes) {
    auto memory = device.allocate(bytes);
    if (memory) {
      largest.push_back({*memory, bytes, name});
      return memory;
    }
    std::stable_sort(largest.begin(), largest.end(), [](const Allocation &a, const Allocation &b) { return a.bytes > b.bytes; });
    std::string list;
    for (size_t i = 0; i < largest.size() && i < 5; ++i)
      list += fmt::format("{}{} {:.1f} MiB", i ? ", " : "", largest[i].name, static_cast<double>(largest[i].bytes) / (1 << 20));
    return Status::run(fmt::format("{} for {}{}{}", memory.status().message(), name, list.empty() ? "" : "\nnote: the largest there are ", list));
  }

private:
  struct Resident {
    std::string name;
    Tensor tensor; // kept: its address is what it is known by
    void *memory = nullptr;
    bool isThere = false; // the device has the value that counts
    bool isNewer = false; // and the host has not
  };
  runtime::Device &device;
  std::map<const void *, Resident> residents;
  struct Allocation {
    void *memory;
    size_t bytes;
    std::string name;
  };
  std::vector<Allocation> largest;
};

/// What a function takes and gives with each call, side by side: one copy brings the arguments to the device, one the results back.
class Staging {
public:
  Staging() = default;
  explicit Staging(std::vector<Tensor> given) : tensors(std::move(given)) {
    for (const Tensor &tensor : this->tensors) {
      offsets.push_back(bytes);
      bytes += (tensor.bytes() + DLC_ALIGNMENT - 1) / DLC_ALIGNMENT * DLC_ALIGNMENT;
    }
  }
  Status reserve(runtime::Device &device, Residents &residents, const std::string &function) {
    if (!bytes)
      return {};
    DLC_ASSIGN(there, residents.allocate(fmt::format("what `{}` takes or gives", function), bytes));
    onDevice = static_cast<char *>(there);
    DLC_ASSIGN(here, device.allocateHost(bytes));
    onHost = static_cast<char *>(here);
    std::memset(onHost, 0, bytes);
    return {};
  }
  void release(runtime::Device &device, Residents &residents) {
    if (onDevice)
      residents.release(onDevice);
    if (onHost)
      device.releaseHost(onHost);
  }
  void *memoryOf(size_t number) const { return onDevice + offsets[number]; }
  void fill() {
    for (size_t i = 0; i < tensors.size(); ++i)
      copy(onHost + offsets[i], tensors[i].data(), tensors[i].bytes());
  }
  void empty() {
    for (size_t i = 0; i < tensors.size(); ++i)
      copy(tensors[i].data(), onHost + offsets[i], tensors[i].bytes());
  }
  Status send(runtime::Device &device) const { return device.send(onDevice, onHost, bytes); }
  Status sendAhead(runtime::Device &device) const { return device.sendAhead(onDevice, onHost, bytes); }
  Status fetch(runtime::Device &device) const { return device.fetch(onHost, onDevice, bytes); }

private:
  static void copy(void *to, const void *from, size_t count) {
    if (count)
      std::memcpy(to, from, count);
  }
  std::vector<Tensor> tensors;
  std::vector<size_t> offsets;
  size_t bytes = 0;
  char *onDevice = nullptr, *onHost = nullptr;
};

/// A function with its memory on the device. A call is recorded the second time, if it needs no answer of the device on the way, and those after it are
/// replays. Inputs have two places, so that those of the next call can travel while this one runs; each place has a recording of its own.
class Bound : public BoundFunction {
public:
  Bound(runtime::Context &context, runtime::Device &device, Residents &residents, dlc_entry entry) : context(context), device(device), residents(residents), entry(entry) {}

  ~Bound() override {
    (void)device.synchronise();
    for (Place &place : places) {
      place.inputs.release(device, residents);
      if (place.recording)
        device.forget(*place.recording);
    }
    arguments.release(device, residents);
    results.release(device, residents);
  }

  Status bind(const Function &function, const std::vector<Tensor> &all, const std::vector<Tensor> &allResults, void *arena) {
    name = function.name;
    std::vector<Tensor> taken, others, given;
    for (size_t i = 0; i < all.size(); ++i)
      if (isStaged(function.arguments[i].role))
        (function.arguments[i].role == ArgumentRole::Input ? taken : others).push_back(all[i]);
    for (size_t i = 0; i < allResults.size(); ++i)
      if (isStaged(function.results[i].role))
        given.push_back(allResults[i]);
    places[0].inputs = Staging(taken), places[1].inputs = Staging(taken);
    arguments = Staging(others), results = Staging(given);
    for (Staging *staging : {&places[0].inputs, &arguments, &results})
      DLC_TRY(staging->reserve(device, residents, name));
    size_t input = 0, argument = 0, result = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      ArgumentRole role = function.arguments[i].role;
      if (role == ArgumentRole::Input) {
        inputs.push_back(places[0].buffers.size());
        places[0].buffers.push_back(places[0].inputs.memoryOf(input++));
      } else if (isStaged(role)) {
        places[0].buffers.push_back(arguments.memoryOf(argument++));
      } else {
        DLC_ASSIGN(memory, residents.memoryOf(fmt::format("`{}`", function.arguments[i].name), all[i], true));
        places[0].buffers.push_back(memory);
        resident.push_back(all[i]);
      }
    }
    for (size_t i = 0; i < allResults.size(); ++i) {
      if (isStaged(function.results[i].role)) {
        places[0].buffers.push_back(results.memoryOf(result++));
        continue;
      }
      DLC_ASSIGN(memory, residents.memoryOf(fmt::format("`{}`", function.results[i].name), allResults[i], false));
      places[0].buffers.push_back(memory);
      written.push_back(allResults[i]);
    }
    places[0].buffers.push_back(arena);
    return {};
  }

  Status run() override {
    return run([] { return Status(); });
  }

  Status run(const std::function<Status()> &meanwhile) override {
    for (const Tensor &tensor : resident)
      DLC_TRY(residents.refresh(tensor));
    Place &place = places[next];
    arguments.fill();
    if (std::exchange(isAhead, false)) {
      DLC_TRY(device.joinAhead());
    } else {
      place.inputs.fill();
      DLC_TRY(place.inputs.send(device));
    }
    if (calls++ > 0 && !place.recording && mayRecord)
      record(place);
    DLC_TRY(place.recording ? device.replay(*place.recording) : ask(place));
    Status status = meanwhile();
    DLC_TRY(device.synchronise());
    for (const Tensor &tensor : written)
      residents.wrote(tensor);
    DLC_TRY(context.finish());
    results.empty();
    return status;
  }

  Status prepareNext() override {
    Place &other = places[1 - next];
    if (other.buffers.empty()) {
      DLC_TRY(other.inputs.reserve(device, residents, name));
      other.buffers = places[0].buffers;
      for (size_t i = 0; i < inputs.size(); ++i)
        other.buffers[inputs[i]] = other.inputs.memoryOf(i);
    }
    next = 1 - next;
    isAhead = true;
    other.inputs.fill();
    return other.inputs.sendAhead(device);
  }

private:
  static bool isStaged(ArgumentRole role) { return role != ArgumentRole::Param && role != ArgumentRole::State && role != ArgumentRole::Data; }
  static bool isStaged(ResultRole role) { return role != ResultRole::Update && role != ResultRole::Param && role != ResultRole::State; }

  struct Place {
    Staging inputs;
    std::vector<void *> buffers; // of the device: the arguments, the results, the arena
    std::optional<int> recording;
  };

  Status ask(Place &place) {
    DLC_TRY(arguments.send(device));
    DLC_TRY(context.run(entry, place.buffers.data()));
    DLC_TRY(results.fetch(device));
    return context.fetchChecks();
  }
  /// What cannot be recorded, for whatever reason, is asked for call by call: a fault that counts shows there.
  void record(Place &place) {
    mayRecord = false;
    if (!device.beginRecording())
      return;
    if (!ask(place))
      return device.dropRecording();
    if (auto number = device.endRecording()) {
      place.recording = *number;
      mayRecord = true;
    }
  }

  runtime::Context &context;
  runtime::Device &device;
  Residents &residents;
  dlc_entry entry;
  std::string name;
  std::array<Place, 2> places;
  size_t next = 0; // the place of the next call
  bool isAhead = false, mayRecord = true;
  Staging arguments, results;
  std::vector<size_t> inputs; // their numbers among the buffers
  std::vector<Tensor> resident, written;
  int64_t calls = 0;
};

class DeviceExecutor : public Executor {
public:
  DeviceExecutor(std::unique_ptr<runtime::Device> given, std::unique_ptr<codegen::LoadedObject> host, const std::vector<codegen::FunctionInfo> &functions,
                 Sites sites, runtime::ThreadPool &pool, runtime::Console &console, std::string library)
      : device(std::move(given)), library(std::move(library)), residents(*device), host(std::move(host)),
        context(pool, console, std::move(sites.effects), std::move(sites.checks)) {
    for (const codegen::FunctionInfo &function : functions) {
      entries[function.name] = function.entry;
      arenaSize = std::max(arenaSize, function.arenaBytes);
    }
  }

  Status prepare() {
    DLC_TRY(context.useDevice(*device));
    DLC_ASSIGN(memory, residents.allocate("the values between operations", static_cast<size_t>(arenaSize)));
    arena = memory;
    return {};
  }

  Result<std::unique_ptr<BoundFunction>> bind(const Function &function, std::vector<Tensor> arguments, std::vector<Tensor> results) override {
    auto it = entries.find(function.name);
    auto entry = it == entries.end() ? nullptr : host->lookupAs<dlc_entry>(it->second);
    if (!entry)
      return Status::run(fmt::format("there is no code for the function `{}`", function.name));
    auto bound = std::make_unique<Bound>(context, *device, residents, entry);
    DLC_TRY(bound->bind(function, arguments, results, arena));
    return std::unique_ptr<BoundFunction>(std::move(bound));
  }

  Status settle() override { return residents.settle(); }
  void changed(const Tensor &tensor) override { residents.changed(tensor); }
  int64_t arenaBytes() const override { return arenaSize; }
  Machine machine() const override { return {device->name(), library}; }

private:
  std::unique_ptr<runtime::Device> device;
  std::string library; // of products, with its version
  Residents residents;
  std::unique_ptr<codegen::LoadedObject> host;
  runtime::Context context;
  std::map<std::string, std::string> entries;
  void *arena = nullptr;
  int64_t arenaSize = 0;
};

} // namespace

static Result<std::unique_ptr<runtime::Device>> openEmulator(const codegen::cuda::DeviceProgram &program) {
  std::string error;
  std::shared_ptr<codegen::LoadedObject> kernels = codegen::LoadedObject::load(program.kernels, error, runtime::emulatorFunctions());
  if (!kernels)
    return Status::run(fmt::format("the kernels could not be loaded: {}", error));
  auto lookup = [kernels, emulated = program.emulated](const std::string &name) -> Result<runtime::EmulatedKernel> {
    auto found = std::find_if(emulated.begin(), emulated.end(), [&](const auto &kernel) { return kernel.kernel == name; });
    if (found == emulated.end())
      return Status::run(fmt::format("there is no kernel `{}`", name));
    runtime::EmulatedKernel kernel;
    kernel.run = kernels->lookupAs<void (*)(void *const *)>(found->run);
    kernel.collective = found->collective;
    if (!found->shared.empty()) {
      kernel.shared = kernels->lookup(found->shared);
      kernel.sharedBytes = static_cast<size_t>(found->sharedBytes);
    }
    return kernel;
  };
  return std::unique_ptr<runtime::Device>(std::make_unique<runtime::Emulator>(std::move(lookup)));
}

Card emulatedCard() { return {openEmulator, "the emulator's own products", "", runtime::Emulator::kMultiprocessors}; }

Result<Card> findCard(int number) {
  DLC_ASSIGN(driver, runtime::CudaDriver::open(driverLibrary));
  DLC_ASSIGN(chosen, runtime::chooseCard(driver, number));
  auto found = runtime::CublasLt::open();
  std::shared_ptr<runtime::CublasLt> products = found ? *found : nullptr;
  Card card;
  card.library = products ? "cuBLASLt " + products->version() : "";
  card.whyNone = found ? "" : found.message();
  card.multiprocessors = chosen.multiprocessors;
  card.takesManyArguments = driver.takesManyArguments();
  card.open = [driver, number, products](const codegen::cuda::DeviceProgram &program) -> Result<std::unique_ptr<runtime::Device>> {
    DLC_ASSIGN(opened, runtime::CudaDevice::open(driver, number, codegen::cuda::capabilityOf({}), program.kernels, products));
    return std::unique_ptr<runtime::Device>(std::move(opened));
  };
  return card;
}

Result<std::unique_ptr<Executor>> makeDeviceExecutor(const codegen::cuda::DeviceProgram &program, std::unique_ptr<runtime::Device> device,
                                                     const std::string &library, Sites sites, runtime::ThreadPool &pool, runtime::Console &console) {
  std::string error;
  auto host = codegen::LoadedObject::load(program.host, error);
  if (!host)
    return Status::run(fmt::format("the compiled code could not be loaded: {}", error));
  auto executor = std::make_unique<DeviceExecutor>(std::move(device), std::move(host), program.functions, std::move(sites), pool, console, library);
  DLC_TRY(executor->prepare());
  return std::unique_ptr<Executor>(std::move(executor));
}

} // namespace dlc::driver
