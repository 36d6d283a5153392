#include "runtime/Emulator.h"

#include "runtime/Tensor.h"
#include "runtime/abi.h"

#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

namespace dlc::runtime {

namespace {

constexpr int64_t kWarp = 32;
constexpr size_t kStack = 64 << 10;

/// Memory that kernels may reach, with a mark for each byte that has been written.
struct Memory {
  char *begin = nullptr;
  size_t bytes = 0;
  std::vector<uint8_t> written;
  bool holds(const char *from, size_t count) const {
    return from >= begin && count <= bytes && static_cast<size_t>(from - begin) <= bytes - count;
  }
};

/// What a launch may touch: a part of some memory.
struct Window {
  char *begin;
  size_t bytes;
  Memory *memory;
};

enum class Waits { no, barrier, warp, shuffle, ended };

struct Thread {
  boost::context::fiber self, scheduler;
  Waits waits = Waits::no;
  uint32_t value = 0;
  int32_t distance = 0;
};

/// The launch that runs now. Emulated code is called without a context, so it finds this here; one launch runs at a time in a thread of the host.
struct Running {
  const Device::Launch *launch = nullptr;
  int64_t block = 0, thread = 0;
  std::vector<Window> windows;
  size_t last = 0; // the window that the last access was in
  std::vector<Thread> threads;
  bool collective = false;
  std::string error; // the first
  alignas(DLC_ALIGNMENT) std::array<char, 64> nowhere{}; // what an access goes to that must not happen
};

thread_local Running *running = nullptr;

void complain(std::string text) {
  Running &r = *running;
  if (r.error.empty())
    r.error = fmt::format("kernel `{}`, block {}, thread {}: {}", r.launch->kernel, r.block, r.thread, text);
}

/// Hands the processor to the other threads of the block until what this one waits for has come.
void wait(Waits what) {
  Thread &self = running->threads[static_cast<size_t>(running->thread)];
  self.waits = what;
  self.scheduler = std::move(self.scheduler).resume();
}

//===- What emulated code calls -------------------------------------------===//

int32_t threadIndex() { return static_cast<int32_t>(running->thread); }
int32_t blockIndex() { return static_cast<int32_t>(running->block); }

void barrier() {
  if (running->collective)
    wait(Waits::barrier);
}

void syncWarp() {
  if (running->collective)
    wait(Waits::warp);
}

int32_t shuffle(int32_t value, int32_t distance) {
  Thread &self = running->threads[static_cast<size_t>(running->thread)];
  self.value = static_cast<uint32_t>(value);
  self.distance = distance;
  wait(Waits::shuffle);
  return static_cast<int32_t>(running->threads[static_cast<size_t>(running->thread)].value);
}

/// The address to use for an access of `bytes` bytes at `address`.
void *access(void *address, int64_t count, int32_t isStore) {
  Running &r = *running;
  auto *from = static_cast<char *>(address);
  auto bytes = static_cast<size_t>(count);
  auto inside = [&](const Window &w) { return from >= w.begin && bytes <= w.bytes && static_cast<size_t>(from - w.begin) <= w.bytes - bytes; };
  if (r.windows.empty() || !inside(r.windows[r.last])) {
    size_t i = 0;
    while (i < r.windows.size() && !inside(r.windows[i]))
      ++i;
    if (i == r.windows.size()) {
      complain(fmt::format("{} {} bytes outside of the kernel's arguments", isStore ? "writes" : "reads", bytes));
      return r.nowhere.data();
    }
    r.last = i;
  }
  Memory &memory = *r.windows[r.last].memory;
  uint8_t *marks = memory.written.data() + (from - memory.begin);
  if (isStore)
    std::memset(marks, 1, bytes);
  else if (std::memchr(marks, 0, bytes))
    complain(fmt::format("reads {} bytes that nobody wrote", bytes));
  return address;
}

} // namespace

std::map<std::string, void *> emulatorFunctions() {
  return {{"dlc_emulated_thread", reinterpret_cast<void *>(threadIndex)},   {"dlc_emulated_block", reinterpret_cast<void *>(blockIndex)},
          {"dlc_emulated_barrier", reinterpret_cast<void *>(barrier)},      {"dlc_emulated_sync_warp", reinterpret_cast<void *>(syncWarp)},
          {"dlc_emulated_shuffle", reinterpret_cast<void *>(shuffle)},      {"dlc_emulated_access", reinterpret_cast<void *>(access)}};
}

struct Emulator::State {
  Lookup lookup;
  std::map<std::string, EmulatedKernel> kernels;
  std::vector<std::unique_ptr<Memory>> memories;
  std::map<const void *, std::shared_ptr<Storage>> storages;
  using Recording = std::vector<std::function<Status()>>;
  std::optional<Recording> recording; // while one is made
  std::vector<Recording> recordings;
  boost::context::pooled_fixedsize_stack stacks{kStack};

  Memory *memoryOf(const void *address, size_t bytes) {
    auto *from = static_cast<const char *>(address);
    for (auto &memory : memories)
      if (memory->holds(from, bytes))
        return memory.get();
    return nullptr;
  }
  void mark(void *address, size_t bytes) {
    if (Memory *memory = memoryOf(address, bytes))
      std::fill_n(memory->written.begin() + (static_cast<char *>(address) - memory->begin), bytes, uint8_t{1});
  }

  void runBlock(Running &run, const EmulatedKernel &kernel);
  bool settleWarp(Running &run, int64_t first);
  bool settleBlock(Running &run);
  void runWarp(Running &run, int64_t first);
};

Emulator::Emulator(Lookup lookup) : state(std::make_unique<State>()) { state->lookup = std::move(lookup); }
Emulator::~Emulator() = default;

Result<void *> Emulator::allocate(size_t bytes) {
  DLC_ASSIGN(storage, Storage::allocate(std::max<size_t>(bytes, 1)));
  auto memory = std::make_unique<Memory>();
  memory->begin = reinterpret_cast<char *>(storage->data());
  memory->bytes = bytes;
  memory->written.assign(bytes, 0);
  std::memset(storage->data(), 0xff, bytes); // numbers that are none
  state->storages[storage->data()] = storage;
  state->memories.push_back(std::move(memory));
  return static_cast<void *>(storage->data());
}

void Emulator::release(void *memory) {
  std::erase_if(state->memories, [&](auto &m) { return m->begin == memory; });
  state->storages.erase(memory);
}

Result<void *> Emulator::allocateHost(size_t bytes) {
  DLC_ASSIGN(storage, Storage::allocate(std::max<size_t>(bytes, 1)));
  void *memory = storage->data();
  state->storages[memory] = storage;
  return memory;
}

static Status outside() { return Status::run("a copy goes outside of the device's memory"); }

Status Emulator::copyIn(void *to, const void *from, size_t bytes) {
  if (bytes > 0 && !state->memoryOf(to, bytes))
    return outside();
  std::memcpy(to, from, bytes);
  state->mark(to, bytes);
  return {};
}

Status Emulator::copyOut(void *to, const void *from, size_t bytes) {
  if (bytes > 0 && !state->memoryOf(from, bytes))
    return outside();
  std::memcpy(to, from, bytes);
  return {};
}

Status Emulator::send(void *to, const void *from, size_t bytes) {
  if (state->recording)
    return state->recording->push_back([this, to, from, bytes] { return copyIn(to, from, bytes); }), Status();
  return copyIn(to, from, bytes);
}

Status Emulator::fetch(void *to, const void *from, size_t bytes) {
  if (state->recording)
    return state->recording->push_back([this, to, from, bytes] { return copyOut(to, from, bytes); }), Status();
  return copyOut(to, from, bytes);
}

Status Emulator::beginRecording() { return state->recording.emplace(), Status(); }
bool Emulator::isRecording() const { return state->recording.has_value(); }
void Emulator::dropRecording() { state->recording.reset(); }

Result<int> Emulator::endRecording() {
  state->recordings.push_back(*std::exchange(state->recording, std::nullopt));
  return static_cast<int>(state->recordings.size()) - 1;
}

Status Emulator::replay(int recording) {
  for (auto &call : state->recordings[static_cast<size_t>(recording)])
    DLC_TRY(call());
  return {};
}

Status Emulator::copy(void *to, const void *from, size_t bytes) {
  if (state->recording)
    return state->recording->push_back([this, to, from, bytes] { return copy(to, from, bytes); }), Status();
  Memory *source = state->memoryOf(from, bytes), *target = state->memoryOf(to, bytes);
  if (bytes > 0 && !target)
    return outside();
  std::memmove(to, from, bytes);
  if (bytes == 0)
    return {};
  auto at = [](Memory *memory, const void *address) { return memory->written.data() + (static_cast<const char *>(address) - memory->begin); };
  if (source)
    std::memmove(at(target, to), at(source, from), bytes);
  else
    std::memset(at(target, to), 1, bytes);
  return {};
}

Status Emulator::clear(void *memory, size_t bytes) {
  if (state->recording)
    return state->recording->push_back([this, memory, bytes] { return clear(memory, bytes); }), Status();
  if (bytes > 0 && !state->memoryOf(memory, bytes))
    return outside();
  std::memset(memory, 0, bytes);
  state->mark(memory, bytes);
  return {};
}

/// Lets the threads of a warp, from `first` on, go on if all of them wait for the same exchange. False where they do not.
bool Emulator::State::settleWarp(Running &run, int64_t first) {
  auto begin = run.threads.begin() + first, end = run.threads.begin() + std::min<int64_t>(first + kWarp, static_cast<int64_t>(run.threads.size()));
  auto all = [&](Waits what) { return std::all_of(begin, end, [&](Thread &t) { return t.waits == what; }); };
  if (all(Waits::warp)) {
    std::for_each(begin, end, [](Thread &t) { t.waits = Waits::no; });
    return true;
  }
  if (!all(Waits::shuffle))
    return false;
  std::array<uint32_t, kWarp> values{};
  for (auto t = begin; t != end; ++t)
    values[static_cast<size_t>(t - begin)] = t->value;
  for (auto t = begin; t != end; ++t) {
    auto partner = static_cast<size_t>((t - begin) ^ t->distance);
    if (t->distance != begin->distance || partner >= static_cast<size_t>(end - begin)) {
      run.thread = first + (t - begin);
      complain("takes part in another exchange than the rest of its warp");
      return false;
    }
    t->value = values[partner];
    t->waits = Waits::no;
  }
  return true;
}

/// Lets all threads go on if those that have not ended wait at a barrier. False where they do not.
bool Emulator::State::settleBlock(Running &run) {
  bool any = false;
  for (Thread &thread : run.threads)
    if (thread.waits != Waits::barrier && thread.waits != Waits::ended)
      return false;
  for (Thread &thread : run.threads)
    if (thread.waits == Waits::barrier)
      thread.waits = Waits::no, any = true;
  return any;
}

/// Runs a warp as far as it comes without the others.
void Emulator::State::runWarp(Running &run, int64_t first) {
  int64_t last = std::min(first + kWarp, static_cast<int64_t>(run.threads.size()));
  do {
    for (run.thread = first; run.thread < last; ++run.thread) {
      Thread &thread = run.threads[static_cast<size_t>(run.thread)];
      if (thread.waits == Waits::no)
        thread.self = std::move(thread.self).resume();
    }
  } while (settleWarp(run, first));
}

void Emulator::State::runBlock(Running &run, const EmulatedKernel &kernel) {
  int64_t count = run.launch->threads;
  if (!kernel.collective) {
    for (run.thread = 0; run.thread < count; ++run.thread)
      kernel.run(run.launch->buffers);
    return;
  }
  run.threads.clear();
  run.threads.resize(static_cast<size_t>(count));
  for (int64_t t = 0; t < count; ++t) {
    Thread &thread = run.threads[static_cast<size_t>(t)];
    thread.self = boost::context::fiber(std::allocator_arg, stacks, [&run, &kernel, t](boost::context::fiber &&scheduler) {
      Thread &self = run.threads[static_cast<size_t>(t)];
      self.scheduler = std::move(scheduler);
      kernel.run(run.launch->buffers);
      self.waits = Waits::ended;
      return std::move(self.scheduler);
    });
  }
  // From barrier to barrier each warp runs alone as far as it comes, the first one first or the last one first, by turns and from block to block:
  // what only holds because another warp was in time shows.
  int64_t warps = (count + kWarp - 1) / kWarp;
  for (bool forward = run.block % 2 == 0;; forward = !forward) {
    for (int64_t w = 0; w < warps; ++w)
      runWarp(run, kWarp * (forward ? w : warps - 1 - w));
    if (std::all_of(run.threads.begin(), run.threads.end(), [](Thread &t) { return t.waits == Waits::ended; }))
      return;
    if (!settleBlock(run)) {
      auto waiting = std::find_if(run.threads.begin(), run.threads.end(), [](Thread &t) { return t.waits != Waits::ended; });
      run.thread = waiting - run.threads.begin();
      complain("waits for threads that never come");
      // What has not ended cannot be taken apart: its frames are emulated code, which knows nothing of unwinding.
      static std::vector<std::vector<Thread>> *abandoned = new std::vector<std::vector<Thread>>();
      abandoned->push_back(std::move(run.threads));
      run.threads.clear();
      return;
    }
  }
}

Status Emulator::launch(const Launch &launch) {
  if (state->recording) {
    std::vector<void *> buffers(launch.buffers, launch.buffers + launch.count);
    std::vector<int64_t> bytes(launch.bytes, launch.bytes + launch.count);
    state->recording->push_back([this, again = Launch(launch), buffers, bytes]() mutable {
      again.buffers = buffers.data();
      again.bytes = bytes.data();
      return this->launch(again);
    });
    return {};
  }
  auto found = state->kernels.find(launch.kernel);
  if (found == state->kernels.end()) {
    DLC_ASSIGN(kernel, state->lookup(launch.kernel));
    found = state->kernels.emplace(launch.kernel, kernel).first;
  }
  const EmulatedKernel &kernel = found->second;
  Running run;
  run.launch = &launch;
  run.collective = kernel.collective;
  for (int32_t i = 0; i < launch.count; ++i) {
    auto bytes = static_cast<size_t>(launch.bytes[i]);
    if (!bytes)
      continue;
    Memory *memory = state->memoryOf(launch.buffers[i], bytes);
    if (!memory)
      return Status::run(fmt::format("kernel `{}`: argument {} is not in the device's memory", launch.kernel, i));
    run.windows.push_back({static_cast<char *>(launch.buffers[i]), bytes, memory});
  }
  Memory shared;
  if (kernel.shared) {
    shared.begin = static_cast<char *>(kernel.shared);
    shared.bytes = kernel.sharedBytes;
    run.windows.push_back({shared.begin, shared.bytes, &shared});
  }
  Running *before = std::exchange(running, &run);
  for (run.block = 0; run.block < launch.blocks && run.error.empty(); ++run.block) {
    if (kernel.shared) {
      shared.written.assign(shared.bytes, 0);
      std::memset(kernel.shared, 0xff, kernel.sharedBytes);
    }
    state->runBlock(run, kernel);
  }
  running = before;
  return run.error.empty() ? Status() : Status::run(run.error);
}

} // namespace dlc::runtime
