#include "runtime/CudaDevice.h"
#include "runtime/CudaCards.h"
#include "runtime/CudaNumbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dlc::runtime {

using namespace cuda;

namespace {

CudaDriver::Address addressOf(const void *memory) { return reinterpret_cast<CudaDriver::Address>(memory); }

double mebibytes(size_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

} // namespace

Status CudaDevice::check(int error, const std::string &what) const { return checkDriver(driver, error, what); }

Status CudaDevice::checkLate(int error) {
  if ((error == kIllegalAddress || error == kLaunchFailed) && launched.last)
    return check(error, fmt::format("one of the {} kernels up to `{}` (`--target cuda-emulator` names the access)", launched.count, *launched.last));
  launched = {};
  return check(error, cardName);
}

Status CudaDevice::start(int number, int capability) {
  DLC_ASSIGN(card, chooseCard(driver, number));
  device = card.device, cardName = card.name;
  if (card.capability < capability)
    return Status::run(fmt::format("{} has compute capability {}.{}, and the kernels need {}.{} or later", cardName, card.capability / 10, card.capability % 10,
                                   capability / 10, capability % 10));
  DLC_ASSIGN(context, retainCard(driver, card));
  isRetained = true;
  conditions = std::make_unique<CudaConditions>(driver, context);
  return check(driver.StreamCreate(&stream, kNonBlocking), cardName);
}

Status CudaDevice::load(const std::string &ptx) {
  std::array<char, 8192> log{};
  std::array<int, 2> options = {kErrorLogBuffer, kErrorLogBufferBytes};
  std::array<void *, 2> values = {log.data(), reinterpret_cast<void *>(log.size() - 1)};
  int error = driver.ModuleLoadDataEx(&module, ptx.c_str(), options.size(), options.data(), values.data());
  if (error == kUnsupportedPtx) {
    int version = 0;
    driver.DriverGetVersion(&version);
    return Status::run(fmt::format("the driver of {} is too old for the kernels: it knows CUDA {}.{}; a newer driver of NVIDIA's is needed", cardName,
                                   version / 1000, version % 1000 / 10));
  }
  return check(error, fmt::format("{} does not take the kernels{}{}", cardName, log[0] ? ": " : "", log.data()));
}

Result<std::unique_ptr<CudaDevice>> CudaDevice::open(const CudaDriver &driver, int number, int capability, const std::string &ptx,
                                                     std::shared_ptr<CublasLt> products) {
  std::unique_ptr<CudaDevice> opened(new CudaDevice(driver));
  opened->products = std::move(products);
  DLC_TRY(opened->start(number, capability));
  DLC_TRY(opened->load(ptx));
  return opened;
}

CudaDevice::~CudaDevice() {
  dropRecording();
  for (void *used : {stream, aheadStream})
    if (used)
      driver.StreamSynchronize(used);
  for (size_t i = 0; i < recordings.size(); ++i)
    forget(static_cast<int>(i));
  for (CudaDriver::Address memory : memories)
    driver.MemFree(memory);
  for (void *memory : hostMemories)
    driver.MemFreeHost(memory);
  conditions.reset();
  if (products)
    products->release();
  if (module)
    driver.ModuleUnload(module);
  if (aheadDone)
    driver.EventDestroy(aheadDone);
  for (void *used : {aheadStream, stream})
    if (used)
      driver.StreamDestroy(used);
  if (isRetained)
    driver.DevicePrimaryCtxRelease(device);
}

Result<void *> CudaDevice::allocate(size_t bytes) {
  CudaDriver::Address address = 0;
  int error = driver.MemAlloc(&address, std::max<size_t>(bytes, 1));
  if (error == kOutOfMemory) {
    size_t free = 0, all = 0;
    driver.MemGetInfo(&free, &all);
    return Status::run(
        fmt::format("{} has no room for {:.1f} MiB: {:.0f} of its {:.0f} MiB are free", cardName, mebibytes(bytes), mebibytes(free), mebibytes(all)));
  }
  DLC_TRY(check(error, cardName));
  memories.push_back(address);
  return reinterpret_cast<void *>(address);
}

void CudaDevice::release(void *memory) {
  auto found = std::find(memories.begin(), memories.end(), addressOf(memory));
  if (found == memories.end())
    return;
  driver.MemFree(*found);
  memories.erase(found);
}

Result<void *> CudaDevice::allocateHost(size_t bytes) {
  void *memory = nullptr;
  int error = driver.MemHostAlloc(&memory, std::max<size_t>(bytes, 1), 0);
  DLC_TRY(check(error, fmt::format("{:.1f} MiB of the host's memory for copies", mebibytes(bytes))));
  hostMemories.push_back(memory);
  return memory;
}

void CudaDevice::releaseHost(void *memory) {
  if (std::erase(hostMemories, memory))
    driver.MemFreeHost(memory);
}

Status CudaDevice::copyIn(void *to, const void *from, size_t bytes) {
  DLC_TRY(send(to, from, bytes));
  return synchronise();
}

Status CudaDevice::copyOut(void *to, const void *from, size_t bytes) {
  DLC_TRY(fetch(to, from, bytes));
  return synchronise();
}

Status CudaDevice::send(void *to, const void *from, size_t bytes) {
  return bytes ? check(driver.MemcpyHtoDAsync(addressOf(to), from, bytes, stream), "a copy to the card") : Status();
}

Status CudaDevice::fetch(void *to, const void *from, size_t bytes) {
  return bytes ? check(driver.MemcpyDtoHAsync(to, addressOf(from), bytes, stream), "a copy from the card") : Status();
}

Status CudaDevice::sendAhead(void *to, const void *from, size_t bytes) {
  if (!aheadStream)
    DLC_TRY(check(driver.StreamCreate(&aheadStream, kNonBlocking), cardName));
  if (!aheadDone)
    DLC_TRY(check(driver.EventCreate(&aheadDone, kWithoutTimes), cardName));
  if (bytes)
    DLC_TRY(check(driver.MemcpyHtoDAsync(addressOf(to), from, bytes, aheadStream), "a copy to the card"));
  return check(driver.EventRecord(aheadDone, aheadStream), "a copy to the card");
}

Status CudaDevice::joinAhead() { return aheadDone ? check(driver.StreamWaitEvent(stream, aheadDone, 0), "a copy to the card") : Status(); }

Status CudaDevice::copy(void *to, const void *from, size_t bytes) {
  return bytes ? check(driver.MemcpyDtoDAsync(addressOf(to), addressOf(from), bytes, stream), "a copy on the card") : Status();
}

Status CudaDevice::clear(void *memory, size_t bytes) {
  return bytes ? check(driver.MemsetD8Async(addressOf(memory), 0, bytes, stream), "clearing memory of the card") : Status();
}

Status CudaDevice::synchronise() { return checkLate(driver.StreamSynchronize(stream)); }

Status CudaDevice::launch(const Launch &launch) {
  auto found = functions.find(launch.kernel);
  if (found == functions.end()) {
    void *function = nullptr;
    DLC_TRY(check(driver.ModuleGetFunction(&function, module, launch.kernel.c_str()), fmt::format("kernel `{}`", launch.kernel)));
    found = functions.emplace(launch.kernel, function).first;
  }
  // Pointers to the arguments' values. Of a kernel whose one argument is a table the first is all that is looked at: the table lies there.
  std::vector<void *> arguments;
  for (int32_t i = 0; i < launch.count; ++i)
    arguments.push_back(const_cast<void **>(launch.buffers + i));
  auto blocks = static_cast<unsigned>(launch.blocks), threads = static_cast<unsigned>(launch.threads);
  int error = launch.isCooperative ? driver.LaunchCooperativeKernel(found->second, blocks, 1, 1, threads, 1, 1, 0, stream, arguments.data())
                                : driver.LaunchKernel(found->second, blocks, 1, 1, threads, 1, 1, 0, stream, arguments.data(), nullptr);
  launched.last = &found->first;
  ++launched.count;
  if (error == kCooperativeTooLarge)
    return Status::run(fmt::format("kernel `{}` has {} blocks that wait for each other, and {} has no room for all of them at the same time: other processes, "
                                   "or a limit of MPS, take part of it",
                                   launch.kernel, launch.blocks, cardName));
  return check(error, fmt::format("kernel `{}`", launch.kernel));
}

Status CudaDevice::multiply(const dlc_product &product, const dlc_product_memory &memory) {
  if (!products)
    return Status::run("a matrix product was asked of cuBLASLt, which is not here");
  return products->multiply(product, memory, stream);
}

Status CudaDevice::beginRecording() {
  DLC_TRY(check(driver.StreamBeginCapture(stream, kRelaxedCapture), "recording a graph"));
  recordingNow = true;
  launchedBefore = std::exchange(launched, {});
  return {};
}

Result<int> CudaDevice::endRecording() {
  recordingNow = false;
  Launched kernels = std::exchange(launched, launchedBefore);
  void *graph = nullptr, *executable = nullptr;
  DLC_TRY(check(driver.StreamEndCapture(stream, &graph), "recording a graph"));
  int error = driver.GraphInstantiate(&executable, graph, 0);
  driver.GraphDestroy(graph);
  DLC_TRY(check(error, "making a graph"));
  recordings.push_back({executable, kernels});
  return static_cast<int>(recordings.size()) - 1;
}

Result<bool> CudaDevice::beginPart(const void *flag, bool value, bool repeats) {
  if (!conditions->areThere())
    return false;
  DLC_ASSIGN(part, conditions->begin(stream, flag, value, repeats));
  parts.push_back({std::exchange(stream, part.stream), part});
  return true;
}

Status CudaDevice::endIf() {
  Open ended = parts.back();
  parts.pop_back();
  stream = ended.outer;
  return conditions->end(ended.part);
}

void CudaDevice::dropRecording() {
  if (!recordingNow)
    return;
  recordingNow = false;
  launched = launchedBefore;
  while (!parts.empty()) {
    (void)conditions->drop(parts.back().part);
    stream = parts.back().outer;
    parts.pop_back();
  }
  void *graph = nullptr;
  if (driver.StreamEndCapture(stream, &graph) == 0 && graph)
    driver.GraphDestroy(graph);
}

Status CudaDevice::replay(int recording) {
  const Recording &made = recordings[static_cast<size_t>(recording)];
  launched.last = made.kernels.last;
  launched.count += made.kernels.count;
  return check(driver.GraphLaunch(made.graph, stream), "running a graph");
}

void CudaDevice::forget(int recording) {
  if (void *graph = std::exchange(recordings[static_cast<size_t>(recording)].graph, nullptr))
    driver.GraphExecDestroy(graph);
}

} // namespace dlc::runtime
