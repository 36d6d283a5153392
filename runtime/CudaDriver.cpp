#include "runtime/CudaDriver.h"

#include <fmt/format.h>

#include <dlfcn.h>

#include <utility>

namespace dlc::runtime {

bool CudaDriver::takesManyArguments() const {
  int version = 0;
  return DriverGetVersion(&version) == 0 && version >= 12010;
}

Result<CudaDriver> CudaDriver::open(const std::string &library) {
  // Never closed: the driver has threads of its own.
  void *handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  std::string reason = handle ? "" : dlerror();
  if (!handle && reason.find("No such file") == std::string::npos)
    return Status::run(fmt::format("--target cuda needs NVIDIA's driver, and {} cannot be loaded: {}", library, reason));
  if (!handle)
    return Status::run(
        fmt::format("--target cuda needs NVIDIA's driver, and {} is not here; it comes with the driver of the card (on Debian the package `nvidia-driver`, "
                    "in a container the NVIDIA container toolkit). `--target cuda-emulator` runs the same kernels without a card",
                    library));
  CudaDriver driver{};
  std::string missing;
  auto find = [&](auto &function, const char *name) {
    void *symbol = dlsym(handle, name);
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol);
    if (!symbol && missing.empty())
      missing = name;
  };
  find(driver.Init, "cuInit");
  find(driver.DriverGetVersion, "cuDriverGetVersion");
  find(driver.GetErrorName, "cuGetErrorName");
  find(driver.GetErrorString, "cuGetErrorString");
  find(driver.DeviceGetCount, "cuDeviceGetCount");
  find(driver.DeviceGet, "cuDeviceGet");
  find(driver.DeviceGetName, "cuDeviceGetName");
  find(driver.DeviceGetAttribute, "cuDeviceGetAttribute");
  find(driver.DevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain");
  find(driver.DevicePrimaryCtxRelease, "cuDevicePrimaryCtxRelease_v2");
  find(driver.CtxSetCurrent, "cuCtxSetCurrent");
  find(driver.MemGetInfo, "cuMemGetInfo_v2");
  find(driver.MemAlloc, "cuMemAlloc_v2");
  find(driver.MemFree, "cuMemFree_v2");
  find(driver.MemHostAlloc, "cuMemHostAlloc");
  find(driver.MemFreeHost, "cuMemFreeHost");
  find(driver.MemcpyHtoDAsync, "cuMemcpyHtoDAsync_v2");
  find(driver.MemcpyDtoHAsync, "cuMemcpyDtoHAsync_v2");
  find(driver.MemcpyDtoDAsync, "cuMemcpyDtoDAsync_v2");
  find(driver.MemsetD8Async, "cuMemsetD8Async");
  find(driver.StreamCreate, "cuStreamCreate");
  find(driver.StreamDestroy, "cuStreamDestroy_v2");
  find(driver.StreamSynchronize, "cuStreamSynchronize");
  find(driver.StreamWaitEvent, "cuStreamWaitEvent");
  find(driver.EventCreate, "cuEventCreate");
  find(driver.EventRecord, "cuEventRecord");
  find(driver.EventDestroy, "cuEventDestroy_v2");
  find(driver.StreamBeginCapture, "cuStreamBeginCapture_v2");
  find(driver.StreamEndCapture, "cuStreamEndCapture");
  find(driver.GraphInstantiate, "cuGraphInstantiateWithFlags");
  find(driver.GraphLaunch, "cuGraphLaunch");
  find(driver.GraphDestroy, "cuGraphDestroy");
  find(driver.GraphExecDestroy, "cuGraphExecDestroy");
  find(driver.ModuleLoadDataEx, "cuModuleLoadDataEx");
  find(driver.ModuleUnload, "cuModuleUnload");
  find(driver.ModuleGetFunction, "cuModuleGetFunction");
  find(driver.LaunchKernel, "cuLaunchKernel");
  find(driver.LaunchCooperativeKernel, "cuLaunchCooperativeKernel");
  std::string older = std::exchange(missing, {});
  find(driver.StreamGetCaptureInfo, "cuStreamGetCaptureInfo_v2");
  find(driver.StreamUpdateCaptureDependencies, "cuStreamUpdateCaptureDependencies");
  find(driver.StreamBeginCaptureToGraph, "cuStreamBeginCaptureToGraph");
  find(driver.GraphAddNode, "cuGraphAddNode");
  find(driver.GraphConditionalHandleCreate, "cuGraphConditionalHandleCreate");
  missing = older;
  if (!missing.empty())
    return Status::run(fmt::format("{} has no `{}`: this driver of NVIDIA's is too old, 11.4 is the first that will do", library, missing));
  return driver;
}

} // namespace dlc::runtime
