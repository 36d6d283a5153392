// What this runtime asks of NVIDIA's driver. The library is opened when it is needed: nothing of CUDA is there when we are built, and a
// machine without a card runs everything else.
#pragma once

#include "runtime/Status.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace dlc::runtime {

/// Functions of the driver, by their names in libcuda.so.1 without `cu`. A result of 0 is success. Handles are the driver's pointers, addresses
/// of the device are 64 bits wide.
struct CudaDriver {
  using Address = unsigned long long;
  int (*Init)(unsigned flags);
  int (*DriverGetVersion)(int *version);
  int (*GetErrorName)(int error, const char **name);
  int (*GetErrorString)(int error, const char **text);
  int (*DeviceGetCount)(int *count);
  int (*DeviceGet)(int *device, int number);
  int (*DeviceGetName)(char *name, int size, int device);
  int (*DeviceGetAttribute)(int *value, int attribute, int device);
  int (*DevicePrimaryCtxRetain)(void **context, int device);
  int (*DevicePrimaryCtxRelease)(int device);
  int (*CtxSetCurrent)(void *context);
  int (*MemGetInfo)(size_t *free, size_t *all);
  int (*MemAlloc)(Address *address, size_t bytes);
  int (*MemFree)(Address address);
  int (*MemHostAlloc)(void **memory, size_t bytes, unsigned flags);
  int (*MemFreeHost)(void *memory);
  int (*MemcpyHtoDAsync)(Address to, const void *from, size_t bytes, void *stream);
  int (*MemcpyDtoHAsync)(void *to, Address from, size_t bytes, void *stream);
  int (*MemcpyDtoDAsync)(Address to, Address from, size_t bytes, void *stream);
  int (*MemsetD8Async)(Address to, unsigned char value, size_t count, void *stream);
  int (*StreamCreate)(void **stream, unsigned flags);
  int (*StreamDestroy)(void *stream);
  int (*StreamSynchronize)(void *stream);
  int (*StreamWaitEvent)(void *stream, void *event, unsigned flags);
  int (*EventCreate)(void **event, unsigned flags);
  int (*EventRecord)(void *event, void *stream);
  int (*EventDestroy)(void *event);
  int (*StreamBeginCapture)(void *stream, int mode);
  int (*StreamEndCapture)(void *stream, void **graph);
  int (*GraphInstantiate)(void **executable, void *graph, unsigned long long flags);
  int (*GraphLaunch)(void *executable, void *stream);
  int (*GraphDestroy)(void *graph);
  int (*GraphExecDestroy)(void *executable);
  int (*ModuleLoadDataEx)(void **module, const void *image, unsigned count, int *options, void **values);
  int (*ModuleUnload)(void *module);
  int (*ModuleGetFunction)(void **function, void *module, const char *name);
  int (*LaunchKernel)(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                      unsigned sharedBytes, void *stream, void **arguments, void **extra);
  int (*LaunchCooperativeKernel)(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                                 unsigned sharedBytes, void *stream, void **arguments);

  // Of later drivers; null in others.
  int (*StreamGetCaptureInfo)(void *stream, int *state, unsigned long long *id, void **graph, void *const **dependencies, size_t *count);
  int (*StreamUpdateCaptureDependencies)(void *stream, void **dependencies, size_t count, unsigned flags);
  int (*StreamBeginCaptureToGraph)(void *stream, void *graph, void *const *dependencies, const void *edges, size_t count, int mode);
  int (*GraphAddNode)(void **node, void *graph, void *const *dependencies, size_t count, void *params);
  int (*GraphConditionalHandleCreate)(unsigned long long *handle, void *graph, void *context, unsigned initial, unsigned flags);

  /// Whether a launch may have more than 4,352 bytes of arguments: as with PTX 8.1, from CUDA 12.1 on.
  bool takesManyArguments() const;
  /// Opens `library` (libcuda.so.1) and finds all of them. A failure says what is missing and how to get it.
  static Result<CudaDriver> open(const std::string &library);
};

} // namespace dlc::runtime
