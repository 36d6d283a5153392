#include "runtime/Emulator.h"

#include "runtime/EmulatedLaunch.h"
#include "runtime/EmulatedProduct.h"
#include "runtime/Tensor.h"
#include "runtime/abi.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace dlc::runtime {

constexpr size_t kStack = 64 << 10;

/// What waits is a fault while a card records, so it is one here.
static Status whileRecording() { return Status::run("the device is asked to wait while it records"); }

struct Emulator::State {
  Lookup lookup;
  std::map<std::string, EmulatedKernel> kernels;
  std::vector<std::unique_ptr<EmulatedMemory>> memories;
  std::map<const void *, std::shared_ptr<Storage>> storages;
  using Recording = std::vector<std::function<Status()>>;
  std::vector<Recording> recording; // while one is made: that, and those of the conditional parts that are open
  bool isRecording() const { return !recording.empty(); }
  void record(std::function<Status()> call) { recording.back().push_back(std::move(call)); }
  std::vector<Recording> recordings;
  std::vector<bool> holds; // of the conditional parts that a replay is in
  std::vector<const void *> flags; // of the loops that are open while a recording is made
  EmulatedLaunch::Stacks stacks{kStack};
  uint32_t blocks = 1; // of all launches

  EmulatedMemory *memoryOf(const void *address, size_t bytes) {
    auto *from = static_cast<const char *>(address);
    for (auto &memory : memories)
      if (memory->holds(from, bytes))
        return memory.get();
    return nullptr;
  }
  void mark(void *address, size_t bytes) {
    if (EmulatedMemory *memory = memoryOf(address, bytes))
      std::fill_n(memory->written.begin() + (static_cast<char *>(address) - memory->begin), bytes, uint8_t{1});
  }

  /// The number of the first of so many blocks. Where numbers end they begin again, and who touched what is forgotten.
  uint32_t takeBlocks(int64_t count) {
    if (count >= INT64_C(0xffffffff) - blocks) {
      for (auto &memory : memories) {
        std::fill(memory->writer.begin(), memory->writer.end(), 0);
        std::fill(memory->reader.begin(), memory->reader.end(), 0);
      }
      blocks = 1;
    }
    return std::exchange(blocks, blocks + static_cast<uint32_t>(count) + 1); // one number stands for several of them
  }
};

Emulator::Emulator(Lookup lookup) : state(std::make_unique<State>()) { state->lookup = std::move(lookup); }
Emulator::~Emulator() = default;

const std::string &Emulator::name() const {
  static const std::string text = "emulated card";
  return text;
}

Result<void *> Emulator::allocate(size_t bytes) {
  DLC_ASSIGN(storage, Storage::allocate(std::max<size_t>(bytes, 1)));
  auto memory = std::make_unique<EmulatedMemory>(reinterpret_cast<char *>(storage->data()), bytes);
  memory->writer.resize((bytes + 3) / 4);
  memory->reader.resize((bytes + 3) / 4);
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
  if (state->isRecording())
    return whileRecording();
  if (bytes == 0) // of nothing there may be no address
    return {};
  if (!state->memoryOf(to, bytes))
    return outside();
  std::memcpy(to, from, bytes);
  state->mark(to, bytes);
  return {};
}

Status Emulator::copyOut(void *to, const void *from, size_t bytes) {
  if (state->isRecording())
    return whileRecording();
  if (bytes == 0)
    return {};
  if (!state->memoryOf(from, bytes))
    return outside();
  std::memcpy(to, from, bytes);
  return {};
}

Status Emulator::send(void *to, const void *from, size_t bytes) {
  if (state->isRecording())
    return state->record([this, to, from, bytes] { return copyIn(to, from, bytes); }), Status();
  return copyIn(to, from, bytes);
}

Status Emulator::fetch(void *to, const void *from, size_t bytes) {
  if (state->isRecording())
    return state->record([this, to, from, bytes] { return copyOut(to, from, bytes); }), Status();
  return copyOut(to, from, bytes);
}

Status Emulator::beginRecording() { return state->recording.emplace_back(), Status(); }
bool Emulator::isRecording() const { return state->isRecording(); }
void Emulator::dropRecording() { state->recording.clear(), state->flags.clear(); }

Result<int> Emulator::endRecording() {
  state->recordings.push_back(std::move(state->recording.front()));
  state->recording.clear();
  return static_cast<int>(state->recordings.size()) - 1;
}

Result<bool> Emulator::beginIf(const void *flag, bool value) {
  state->record([this, flag, value]() -> Status {
    uint8_t byte = 0;
    DLC_TRY(copyOut(&byte, flag, 1));
    state->holds.push_back((byte != 0) == value);
    return {};
  });
  state->recording.emplace_back();
  return true;
}

Status Emulator::endIf() {
  State::Recording body = std::move(state->recording.back());
  state->recording.pop_back();
  state->record([this, body = std::move(body)]() -> Status {
    bool holds = state->holds.back();
    state->holds.pop_back();
    for (size_t i = 0; holds && i < body.size(); ++i)
      DLC_TRY(body[i]());
    return {};
  });
  return {};
}

Result<bool> Emulator::beginWhile(const void *flag) {
  state->flags.push_back(flag);
  state->recording.emplace_back();
  return true;
}

Status Emulator::endWhile() {
  State::Recording body = std::move(state->recording.back());
  state->recording.pop_back();
  const void *flag = state->flags.back();
  state->flags.pop_back();
  state->record([this, flag, body = std::move(body)]() -> Status {
    uint8_t goesOn = 0;
    DLC_TRY(copyOut(&goesOn, flag, 1));
    while (goesOn) {
      for (const auto &call : body)
        DLC_TRY(call());
      DLC_TRY(copyOut(&goesOn, flag, 1));
    }
    return {};
  });
  return {};
}

void Emulator::forget(int recording) { state->recordings[static_cast<size_t>(recording)].clear(); }
void Emulator::releaseHost(void *memory) { state->storages.erase(memory); }

Status Emulator::synchronise() { return state->isRecording() ? whileRecording() : Status(); }

Status Emulator::replay(int recording) {
  for (auto &call : state->recordings[static_cast<size_t>(recording)])
    DLC_TRY(call());
  return {};
}

Status Emulator::copy(void *to, const void *from, size_t bytes) {
  if (state->isRecording())
    return state->record([this, to, from, bytes] { return copy(to, from, bytes); }), Status();
  if (bytes == 0)
    return {};
  EmulatedMemory *source = state->memoryOf(from, bytes), *target = state->memoryOf(to, bytes);
  if (!target)
    return outside();
  std::memmove(to, from, bytes);
  auto at = [](EmulatedMemory *memory, const void *address) { return memory->written.data() + (static_cast<const char *>(address) - memory->begin); };
  if (source)
    std::memmove(at(target, to), at(source, from), bytes);
  else
    std::memset(at(target, to), 1, bytes);
  return {};
}

Status Emulator::clear(void *memory, size_t bytes) {
  if (state->isRecording())
    return state->record([this, memory, bytes] { return clear(memory, bytes); }), Status();
  if (bytes == 0)
    return {};
  if (!state->memoryOf(memory, bytes))
    return outside();
  std::memset(memory, 0, bytes);
  state->mark(memory, bytes);
  return {};
}

Status Emulator::multiply(const dlc_product &product, const dlc_product_memory &memory) {
  if (state->isRecording())
    return state->record([product, memory, this] { return multiply(product, memory); }), Status();
  return EmulatedProduct(product, memory).run([this](const void *address, size_t bytes) { return state->memoryOf(address, bytes); });
}

Status Emulator::launch(const Launch &launch) {
  if (state->isRecording()) {
    std::vector<void *> buffers(launch.buffers, launch.buffers + launch.count);
    std::vector<int64_t> bytes(launch.bytes, launch.bytes + launch.count);
    state->record([this, again = Launch(launch), buffers, bytes]() mutable {
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
  EmulatedLaunch run(launch, found->second, [this](int64_t count) { return state->takeBlocks(count); }, state->stacks);
  for (int32_t i = 0; i < launch.count; ++i) {
    auto bytes = static_cast<size_t>(launch.bytes[i]);
    if (!bytes)
      continue;
    EmulatedMemory *memory = state->memoryOf(launch.buffers[i], bytes);
    if (!memory)
      return Status::run(fmt::format("kernel `{}`: argument {} is not in the device's memory", launch.kernel, i));
    run.addWindow(static_cast<char *>(launch.buffers[i]), bytes, *memory);
  }
  return run.run();
}

} // namespace dlc::runtime
