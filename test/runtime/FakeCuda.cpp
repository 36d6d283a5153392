// A driver of NVIDIA's that is none: memory of the device is memory of the host, and the one kernel it knows is written here. FAKE_CUDA in the environment
// says how it is: `devices=N`, `capability=MAJOR.MINOR`, `memory=BYTES`,
// `fault=NUMBER` (of what a wait ends with), separated by spaces.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

using Address = unsigned long long;
constexpr int kOutOfMemory = 2, kInvalidPtx = 218, kNotFound = 500;
constexpr char kTwice[] = "twice";

double setting(const char *name, double otherwise) {
  const char *all = std::getenv("FAKE_CUDA");
  const char *found = all ? std::strstr(all, name) : nullptr;
  return found ? std::atof(found + std::strlen(name) + 1) : otherwise;
}

size_t used = 0;

} // namespace

extern "C" {
int cuInit(unsigned) { return setting("devices", 1) > 0 ? 0 : 100; }
int cuDriverGetVersion(int *version) { return *version = 12040, 0; }
int cuGetErrorName(int error, const char **name) { return *name = error == kInvalidPtx ? "CUDA_ERROR_INVALID_PTX" : "CUDA_ERROR_FAKE", 0; }
int cuGetErrorString(int error, const char **text) { return *text = error == kInvalidPtx ? "a PTX JIT compilation failed" : "a fault of the fake", 0; }
int cuDeviceGetCount(int *count) { return *count = static_cast<int>(setting("devices", 1)), 0; }
int cuDeviceGet(int *device, int number) { return *device = number, 0; }
int cuDeviceGetName(char *name, int size, int) { return std::snprintf(name, static_cast<size_t>(size), "Fake Card"), 0; }
int cuDeviceGetAttribute(int *value, int attribute, int) {
  double capability = setting("capability", 9.0);
  int major = static_cast<int>(capability);
  *value = attribute == 75 ? major : static_cast<int>((capability - major) * 10 + 0.5);
  return 0;
}
int cuDevicePrimaryCtxRetain(void **context, int) { return *context = &used, static_cast<int>(setting("context", 0)); }
int cuDevicePrimaryCtxRelease_v2(int) { return 0; }
int cuCtxSetCurrent(void *) { return 0; }
int cuMemGetInfo_v2(size_t *free, size_t *all) {
  *all = static_cast<size_t>(setting("memory", 1 << 30));
  *free = *all - used;
  return 0;
}
int cuMemAlloc_v2(Address *address, size_t bytes) {
  if (used + bytes > static_cast<size_t>(setting("memory", 1 << 30)))
    return kOutOfMemory;
  used += bytes;
  *address = reinterpret_cast<Address>(std::malloc(bytes));
  return 0;
}
int cuMemFree_v2(Address address) { return std::free(reinterpret_cast<void *>(address)), 0; }
int cuMemHostAlloc(void **memory, size_t bytes, unsigned) { return *memory = std::malloc(bytes), 0; }
int cuMemFreeHost(void *memory) { return std::free(memory), 0; }
int cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, void *) { return std::memcpy(reinterpret_cast<void *>(to), from, bytes), 0; }
int cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, void *) { return std::memcpy(to, reinterpret_cast<void *>(from), bytes), 0; }
int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void *) {
  return std::memmove(reinterpret_cast<void *>(to), reinterpret_cast<void *>(from), bytes), 0;
}
int cuMemsetD8Async(Address to, unsigned char value, size_t count, void *) { return std::memset(reinterpret_cast<void *>(to), value, count), 0; }
int cuStreamCreate(void **stream, unsigned) { return *stream = &used, 0; }
int cuStreamDestroy_v2(void *) { return 0; }
int cuStreamWaitEvent(void *, void *, unsigned) { return 0; }
int cuEventCreate(void **event, unsigned) { return *event = &used, 0; }
int cuEventRecord(void *, void *) { return 0; }
int cuEventDestroy_v2(void *) { return 0; }
int cuStreamSynchronize(void *) { return static_cast<int>(setting("fault", 0)); }
// A recording keeps nothing: what is asked for while it is made is done at once, and a replay does nothing.
int cuStreamBeginCapture_v2(void *, int) { return 0; }
int cuStreamEndCapture(void *, void **graph) { return *graph = &used, 0; }
int cuGraphInstantiateWithFlags(void **executable, void *, unsigned long long) { return *executable = &used, 0; }
int cuGraphLaunch(void *, void *) { return 0; }
int cuGraphDestroy(void *) { return 0; }
int cuGraphExecDestroy(void *) { return 0; }
int cuModuleLoadDataEx(void **module, const void *image, unsigned count, int *options, void **values) {
  if (std::strstr(static_cast<const char *>(image), ".version 99"))
    return 222; // CUDA_ERROR_UNSUPPORTED_PTX_VERSION
  if (std::strstr(static_cast<const char *>(image), ".version")) {
    *module = &used;
    return 0;
  }
  for (unsigned i = 0; i < count; ++i)
    if (options[i] == 5)
      std::strcpy(static_cast<char *>(values[i]), "line 1; error: no version");
  return kInvalidPtx;
}
int cuModuleUnload(void *) { return 0; }
int cuModuleGetFunction(void **function, void *, const char *name) {
  *function = const_cast<char *>(kTwice);
  return std::strcmp(name, kTwice) == 0 ? 0 : kNotFound;
}
int cuLaunchKernel(void *, unsigned gridX, unsigned, unsigned, unsigned blockX, unsigned, unsigned, unsigned, void *, void **arguments, void **) {
  auto *x = *static_cast<float **>(arguments[0]), *y = *static_cast<float **>(arguments[1]);
  for (unsigned i = 0; i < gridX * blockX; ++i)
    y[i] = 2 * x[i];
  return 0;
}
}
