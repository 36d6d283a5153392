#include "tools/driver/DeviceExecutor.h"

#include "codegen/common/Jit.h"
#include "codegen/cuda/Compile.h"
#include "runtime/Context.h"
#include "runtime/CudaDevice.h"
#include "runtime/Emulator.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

/// Tensors of the host with their memory on the device: what a function takes is brought there before it runs, what it gives is fetched after.
class Bound : public BoundFunction {
public:
  Bound(runtime::Context &context, runtime::Device &device, dlc_entry entry, std::vector<Tensor> arguments, std::vector<Tensor> results,
        std::vector<void *> buffers)
      : context(context), device(device), entry(entry), arguments(std::move(arguments)), results(std::move(results)), buffers(std::move(buffers)) {}

  Status run() override {
    for (size_t i = 0; i < arguments.size(); ++i)
      DLC_TRY(device.copyIn(buffers[i], arguments[i].data(), arguments[i].bytes()));
    DLC_TRY(context.run(entry, buffers.data()));
    for (size_t i = 0; i < results.size(); ++i)
      DLC_TRY(device.copyOut(results[i].data(), buffers[arguments.size() + i], results[i].bytes()));
    return {};
  }

private:
  runtime::Context &context;
  runtime::Device &device;
  dlc_entry entry;
  std::vector<Tensor> arguments, results;
  std::vector<void *> buffers; // of the device: the arguments, the results, the arena
};

class DeviceExecutor : public Executor {
public:
  DeviceExecutor(std::unique_ptr<runtime::Device> device, std::unique_ptr<codegen::LoadedObject> host,
                 const std::vector<codegen::FunctionInfo> &functions, Sites sites, runtime::ThreadPool &pool, runtime::Console &console)
      : device(std::move(device)), host(std::move(host)), context(pool, console, std::move(sites.effects), std::move(sites.checks)) {
    context.device = this->device.get();
    for (const codegen::FunctionInfo &function : functions) {
      entries[function.name] = function.entry;
      arenaSize = std::max(arenaSize, function.arenaBytes);
    }
  }

  Status prepare() {
    DLC_ASSIGN(memory, device->allocate(static_cast<size_t>(arenaSize)));
    arena = memory;
    return {};
  }

  Result<std::unique_ptr<BoundFunction>> bind(const Function &function, std::vector<Tensor> arguments, std::vector<Tensor> results) override {
    auto it = entries.find(function.name);
    auto entry = it == entries.end() ? nullptr : host->lookupAs<dlc_entry>(it->second);
    if (!entry)
      return Status::run(fmt::format("there is no code for the function `{}`", function.name));
    std::vector<void *> buffers;
    for (const std::vector<Tensor> &list : {arguments, results})
      for (const Tensor &tensor : list) {
        DLC_ASSIGN(memory, memoryOf(tensor));
        buffers.push_back(memory);
      }
    buffers.push_back(arena);
    return std::unique_ptr<BoundFunction>(
        std::make_unique<Bound>(context, *device, entry, std::move(arguments), std::move(results), std::move(buffers)));
  }

  int64_t arenaBytes() const override { return arenaSize; }

private:
  /// Memory of the device for a tensor: the same for the same tensor, so that an update is where its argument is.
  Result<void *> memoryOf(const Tensor &tensor) {
    auto &[memory, bytes] = memories[tensor.data()];
    if (!memory || bytes < tensor.bytes()) {
      DLC_ASSIGN(made, device->allocate(tensor.bytes()));
      memory = made;
      bytes = tensor.bytes();
    }
    return memory;
  }

  std::unique_ptr<runtime::Device> device;
  std::unique_ptr<codegen::LoadedObject> host;
  runtime::Context context;
  std::map<std::string, std::string> entries;
  std::map<const void *, std::pair<void *, size_t>> memories;
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

OpenDevice emulatedDevice() { return openEmulator; }

Result<OpenDevice> findCard(int number) {
  DLC_ASSIGN(driver, runtime::CudaDriver::open("libcuda.so.1"));
  return OpenDevice([driver, number](const codegen::cuda::DeviceProgram &program) -> Result<std::unique_ptr<runtime::Device>> {
    DLC_ASSIGN(card, runtime::CudaDevice::open(driver, number, codegen::cuda::capabilityOf({}), program.kernels));
    return std::unique_ptr<runtime::Device>(std::move(card));
  });
}

Result<std::unique_ptr<Executor>> makeDeviceExecutor(const codegen::cuda::DeviceProgram &program, const OpenDevice &open, Sites sites,
                                                     runtime::ThreadPool &pool, runtime::Console &console) {
  std::string error;
  auto host = codegen::LoadedObject::load(program.host, error);
  if (!host)
    return Status::run(fmt::format("the compiled code could not be loaded: {}", error));
  DLC_ASSIGN(device, open(program));
  auto executor = std::make_unique<DeviceExecutor>(std::move(device), std::move(host), program.functions, std::move(sites), pool, console);
  DLC_TRY(executor->prepare());
  return std::unique_ptr<Executor>(std::move(executor));
}

} // namespace dlc::driver
