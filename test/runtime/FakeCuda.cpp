// The model of the driver: devices, memory, streams, events, modules. FAKE_CUDA in the environment says how it is, separated by spaces: `devices=N`,
// `capability=MAJOR.MINOR`, `memory=BYTES`, `version=NUMBER` (12040 if not said; before 12040 it has no conditional nodes), `context=ERROR` (of retaining
// one), `fault=ERROR` (of what a wait ends with), `eager=1` (a wait first runs what other streams can).
#include "FakeCuda.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

using namespace fake;

namespace fake {

namespace {

thread_local bool isCurrent = false; // the context of the card, for the calling thread
char context;                        // whose address is its handle

/// Not given back: what a process leaves behind, or a test.
std::string leaks() {
  State &s = state();
  size_t graphs = 0;
  s.graphs.each([&](const Graph &graph) { graphs += !graph.isBody; });
  const std::pair<size_t, const char *> kinds[] = {
      {static_cast<size_t>(s.retained), "context"}, {s.streams.size(), "stream"}, {s.events.size(), "event"},  {graphs, "graph"},
      {s.executables.size(), "executable"},         {s.modules.size(), "module"}, {s.memory.size(), "memory"}, {s.hostMemory.size(), "host memory"}};
  std::string text;
  for (auto [count, kind] : kinds)
    if (count)
      text += (text.empty() ? "" : ", ") + std::string(kind) + " " + std::to_string(count);
  return text;
}

struct Whole : State {
  ~Whole() {
    if (std::string left = leaks(); !left.empty())
      std::fprintf(stderr, "the model of the driver was not given back: %s\n", left.c_str());
  }
};

const std::map<int, std::pair<const char *, const char *>> kErrors = {
    {kInvalidValue, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
    {kOutOfMemory, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
    {kNotInitialised, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
    {kNoDevice, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
    {kInvalidDevice, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
    {kInvalidContext, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
    {kInvalidPtx, {"CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"}},
    {kUnsupportedPtx, {"CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."}},
    {kInvalidHandle, {"CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"}},
    {kIllegalState, {"CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"}},
    {kNotFound, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
    {kIllegalAddress, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
    {kLaunchTimeout, {"CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"}},
    {kLaunchFailed, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
    {kNotSupported, {"CUDA_ERROR_NOT_SUPPORTED", "operation not supported"}},
    {kCaptureUnsupported, {"CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"}},
    {kCaptureInvalidated, {"CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"}},
    {kCaptureMerge, {"CUDA_ERROR_STREAM_CAPTURE_MERGE", "operation would result in a merge of separate capture sequences"}},
    {kCaptureUnmatched, {"CUDA_ERROR_STREAM_CAPTURE_UNMATCHED", "capture was not ended in the same stream as it began"}},
    {kCaptureUnjoined, {"CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"}},
    {kCaptureIsolation, {"CUDA_ERROR_STREAM_CAPTURE_ISOLATION", "dependency created on uncaptured work in another stream"}},
    {kCapturedEvent, {"CUDA_ERROR_CAPTURED_EVENT", "operation not permitted on an event last recorded in a capturing stream"}},
};

} // namespace

State &state() {
  static Whole whole;
  return whole;
}

double setting(const char *name, double otherwise) {
  const char *all = std::getenv("FAKE_CUDA");
  const char *found = all ? std::strstr(all, name) : nullptr;
  return found ? std::atof(found + std::strlen(name) + 1) : otherwise;
}

bool hasContext() { return state().retained > 0 && isCurrent; }

int enter() { return !state().isInitialised ? kNotInitialised : !hasContext() ? kInvalidContext : state().fault; }

bool isMemory(const void *memory, size_t bytes) {
  auto address = reinterpret_cast<uintptr_t>(memory);
  auto next = state().memory.upper_bound(address);
  if (next == state().memory.begin())
    return false;
  auto [begin, size] = *std::prev(next);
  return address - begin <= size && bytes <= size - (address - begin);
}

void advance(Stream &stream, long long until) {
  while (stream.done < until && !stream.queue.empty()) {
    Stream::Item item = std::move(stream.queue.front());
    stream.queue.pop_front();
    if (item.other)
      advance(*item.other, item.until);
    else if (!state().fault)
      state().fault = item.work();
    ++stream.done;
  }
}

void advanceAll() {
  state().streams.each([](Stream &stream) { advance(stream, stream.asked); });
}

} // namespace fake

namespace {

using Address = unsigned long long;

void *pointer(Address address) { return reinterpret_cast<void *>(address); }

/// An asynchronous copy or the like between pieces of memory, those of the device in `device`.
int enqueueOn(void *stream, std::vector<std::pair<const void *, size_t>> device, std::function<void()> work) {
  if (int error = enter())
    return error;
  for (auto [memory, bytes] : device)
    if (!isMemory(memory, bytes))
      return kInvalidValue;
  return enqueue(stream, [device, work] {
    for (auto [memory, bytes] : device)
      if (!isMemory(memory, bytes))
        return static_cast<int>(kIllegalAddress); // freed since
    work();
    return 0;
  });
}

/// The names of the kernels in a text, or an error with its text.
int entriesOf(const std::string &ptx, std::vector<std::string> &entries, std::string &log) {
  if (ptx.find(".version") == std::string::npos)
    return log = "line 1; error: no version", kInvalidPtx;
  if (ptx.find(".version 99") != std::string::npos)
    return kUnsupportedPtx;
  if (ptx.find("cudaGraphSetConditional") != std::string::npos && setting("version", 12040) < 12030)
    return log = "error: Unresolved extern function 'cudaGraphSetConditional'", kInvalidPtx;
  const std::string mark = ".entry";
  for (size_t at = ptx.find(mark); at != std::string::npos; at = ptx.find(mark, at + 1)) {
    size_t name = ptx.find_first_not_of(" \t\n", at + mark.size()), open = ptx.find('(', name), close = ptx.find(')', name);
    if (open == std::string::npos || close == std::string::npos)
      return log = "error: an entry without parameters", kInvalidPtx;
    entries.push_back(ptx.substr(name, ptx.find_first_of(" \t\n(", name) - name));
    size_t parameters = 0;
    for (size_t one = ptx.find(".param", open); one < close; one = ptx.find(".param", one + 1))
      ++parameters;
    const Kernel *kernel = kernelOf(entries.back());
    if (kernel && kernel->arguments != parameters)
      return log = "error: " + entries.back() + " has " + std::to_string(parameters) + " parameters", kInvalidPtx;
  }
  return 0;
}

/// Ends what `find` found with `end`, or says that there is nothing.
template <typename T> int destroy(Objects<T> &objects, void *handle) {
  T *found = objects.find(handle);
  if (!found)
    return kInvalidHandle;
  objects.destroy(found);
  return enter();
}

} // namespace

extern "C" {

/// What was not given back, "stream 2, memory 1"; from here on it is forgotten.
const char *fakeCudaLeaks() {
  static std::string text;
  text = leaks();
  State &s = state();
  s.streams.forget(), s.events.forget(), s.graphs.forget(), s.executables.forget(), s.modules.forget();
  for (auto [address, bytes] : s.memory)
    std::free(reinterpret_cast<void *>(address));
  for (void *memory : s.hostMemory)
    std::free(memory);
  s.memory.clear(), s.hostMemory.clear();
  s.retained = 0, s.fault = 0, s.used = 0;
  return text.c_str();
}

int cuInit(unsigned flags) {
  state().isInitialised = true;
  return flags ? kInvalidValue : setting("devices", 1) > 0 ? 0 : kNoDevice;
}
int cuDriverGetVersion(int *version) { return *version = static_cast<int>(setting("version", 12040)), 0; }
int cuGetErrorName(int error, const char **name) {
  auto found = kErrors.find(error);
  *name = found == kErrors.end() ? nullptr : found->second.first;
  return *name ? 0 : kInvalidValue;
}
int cuGetErrorString(int error, const char **text) {
  auto found = kErrors.find(error);
  *text = found == kErrors.end() ? nullptr : found->second.second;
  return *text ? 0 : kInvalidValue;
}

int cuDeviceGetCount(int *count) {
  if (!state().isInitialised)
    return kNotInitialised;
  *count = static_cast<int>(setting("devices", 1));
  return 0;
}
int cuDeviceGet(int *device, int number) {
  if (!state().isInitialised)
    return kNotInitialised;
  *device = number;
  return number < 0 || number >= setting("devices", 1) ? kInvalidDevice : 0;
}
int cuDeviceGetName(char *name, int size, int) { return std::snprintf(name, static_cast<size_t>(size), "Fake Card"), 0; }
int cuDeviceGetAttribute(int *value, int attribute, int) {
  double capability = setting("capability", 9.0);
  int major = static_cast<int>(capability);
  if (attribute == 16)
    return *value = static_cast<int>(setting("multiprocessors", 108)), 0;
  if (attribute != 75 && attribute != 76)
    return kInvalidValue;
  *value = attribute == 75 ? major : static_cast<int>((capability - major) * 10 + 0.5);
  return 0;
}
int cuDevicePrimaryCtxRetain(void **made, int) {
  if (int error = static_cast<int>(setting("context", 0)))
    return error;
  ++state().retained;
  *made = &context;
  return 0;
}
int cuDevicePrimaryCtxRelease_v2(int) {
  if (state().retained == 0)
    return kInvalidContext;
  if (--state().retained == 0)
    state().fault = 0;
  return 0;
}
int cuCtxSetCurrent(void *wanted) {
  if (wanted && (wanted != &context || state().retained == 0))
    return kInvalidContext;
  isCurrent = wanted != nullptr;
  return 0;
}

int cuMemGetInfo_v2(size_t *free, size_t *all) {
  if (int error = enter())
    return error;
  *all = static_cast<size_t>(setting("memory", 1 << 30));
  *free = *all - state().used;
  return 0;
}
int cuMemAlloc_v2(Address *address, size_t bytes) {
  if (int error = enter())
    return error;
  if (int error = refusedByCapture())
    return error;
  if (bytes == 0)
    return kInvalidValue;
  if (state().used + bytes > static_cast<size_t>(setting("memory", 1 << 30)))
    return kOutOfMemory;
  void *memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
  std::memset(memory, 0xFF, bytes); // numbers that are none
  state().used += bytes;
  state().memory[reinterpret_cast<uintptr_t>(memory)] = bytes;
  *address = reinterpret_cast<Address>(memory);
  return 0;
}
int cuMemFree_v2(Address address) {
  auto found = state().memory.find(address);
  if (found == state().memory.end())
    return kInvalidValue;
  if (int error = refusedByCapture())
    return error;
  advanceAll(); // the driver waits, too
  std::memset(pointer(address), 0xFF, found->second);
  std::free(pointer(address));
  state().used -= found->second;
  state().memory.erase(found);
  return enter();
}
int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) {
  if (int error = enter())
    return error;
  if (int error = refusedByCapture())
    return error;
  if (bytes == 0 || flags > 7)
    return kInvalidValue;
  *memory = std::malloc(bytes);
  std::memset(*memory, 0xFF, bytes);
  state().hostMemory.insert(*memory);
  return 0;
}
int cuMemFreeHost(void *memory) {
  if (!state().hostMemory.count(memory))
    return kInvalidValue;
  if (int error = refusedByCapture())
    return error;
  advanceAll();
  state().hostMemory.erase(memory);
  std::free(memory);
  return enter();
}

int cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, void *stream) {
  return enqueueOn(stream, {{pointer(to), bytes}}, [=] { std::memcpy(pointer(to), from, bytes); });
}
int cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, void *stream) {
  return enqueueOn(stream, {{pointer(from), bytes}}, [=] { std::memcpy(to, pointer(from), bytes); });
}
int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void *stream) {
  return enqueueOn(stream, {{pointer(to), bytes}, {pointer(from), bytes}}, [=] { std::memmove(pointer(to), pointer(from), bytes); });
}
int cuMemsetD8Async(Address to, unsigned char value, size_t count, void *stream) {
  return enqueueOn(stream, {{pointer(to), count}}, [=] { std::memset(pointer(to), value, count); });
}

int cuStreamCreate(void **stream, unsigned flags) {
  if (int error = enter())
    return error;
  if (flags > 1)
    return kInvalidValue;
  *stream = state().streams.make();
  return 0;
}
int cuStreamDestroy_v2(void *handle) {
  Stream *stream = state().streams.find(handle);
  if (stream && stream->capture) {
    stream->capture->isInvalid = true;
    return kCaptureUnsupported;
  }
  if (stream)
    advance(*stream, stream->asked);
  return destroy(state().streams, handle);
}
int cuStreamSynchronize(void *handle) {
  if (int error = enter())
    return error;
  Stream *stream = state().streams.find(handle);
  if (!stream)
    return kInvalidHandle;
  if (stream->capture) {
    stream->capture->isInvalid = true;
    return kCaptureUnsupported;
  }
  if (int error = refusedByCapture())
    return error;
  if (setting("eager", 0) != 0)
    state().streams.each([&](Stream &other) {
      if (&other != stream)
        advance(other, other.asked);
    });
  advance(*stream, stream->asked);
  if (!state().fault)
    state().fault = static_cast<int>(setting("fault", 0));
  return state().fault;
}

int cuEventCreate(void **event, unsigned flags) {
  if (int error = enter())
    return error;
  if (flags & ~7U)
    return kInvalidValue;
  *event = state().events.make();
  return 0;
}
int cuEventDestroy_v2(void *event) { return destroy(state().events, event); }

int cuModuleLoadDataEx(void **module, const void *image, unsigned count, int *options, void **values) {
  if (int error = enter())
    return error;
  std::vector<std::string> entries;
  std::string log;
  int error = entriesOf(static_cast<const char *>(image), entries, log);
  char *buffer = nullptr;
  size_t size = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == 5) // CU_JIT_ERROR_LOG_BUFFER
      buffer = static_cast<char *>(values[i]);
    else if (options[i] == 6) // CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES
      size = static_cast<size_t>(reinterpret_cast<uintptr_t>(values[i]));
    else
      return kInvalidValue;
  }
  if (buffer && size)
    std::snprintf(buffer, size, "%s", log.c_str());
  if (!error)
    *module = state().modules.make({std::move(entries)});
  return error;
}
int cuModuleUnload(void *module) { return destroy(state().modules, module); }
int cuModuleGetFunction(void **function, void *handle, const char *name) {
  if (int error = enter())
    return error;
  Module *module = state().modules.find(handle);
  if (!module)
    return kInvalidHandle;
  const Kernel *kernel = kernelOf(name);
  for (const std::string &entry : module->entries)
    if (entry == name && kernel) {
      *function = state().functions.make({module, kernel});
      return 0;
    }
  return kNotFound;
}
int cuLaunchKernel(void *handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned, void *stream,
                   void **arguments, void **extra) {
  if (int error = enter())
    return error;
  Function *function = state().functions.find(handle);
  if (!function || !state().modules.find(function->module))
    return kInvalidHandle;
  size_t threads = size_t{blockX} * blockY * blockZ;
  if (gridX == 0 || gridY == 0 || gridZ == 0 || threads == 0 || threads > 1024 || extra)
    return kInvalidValue;
  Launch launch;
  launch.threads = threads * gridX * gridY * gridZ;
  for (size_t i = 0; i < function->kernel->arguments; ++i)
    for (size_t word = 0; word < function->kernel->words; ++word)
      launch.arguments.push_back(static_cast<const uint64_t *>(arguments[i])[word]);
  return enqueue(stream, [function, launch] { return state().modules.find(function->module) ? function->kernel->run(launch) : kLaunchFailed; });
}
/// A multiprocessor has room for one block here.
int cuLaunchCooperativeKernel(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                              unsigned sharedBytes, void *stream, void **arguments) {
  if (gridX * gridY * gridZ > setting("multiprocessors", 108))
    return kCooperativeTooLarge;
  return cuLaunchKernel(function, gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes, stream, arguments, nullptr);
}
}
