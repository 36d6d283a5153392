#include "runtime/Emulator.h"

#include "runtime/EmulatedLaunch.h"
#include "runtime/Tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace dlc::runtime {

constexpr size_t kStack = 64 << 10;

struct Emulator::State {
  Lookup lookup;
  std::map<std::string, EmulatedKernel> kernels;
  std::vector<std::unique_ptr<EmulatedMemory>> memories;
  std::map<const void *, std::shared_ptr<Storage>> storages;
  using Recording = std::vector<std::function<Status()>>;
  std::optional<Recording> recording; // while one is made
  std::vector<Recording> recordings;
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
  EmulatedMemory *source = state->memoryOf(from, bytes), *target = state->memoryOf(to, bytes);
  if (bytes > 0 && !target)
    return outside();
  std::memmove(to, from, bytes);
  if (bytes == 0)
    return {};
  auto at = [](EmulatedMemory *memory, const void *address) { return memory->written.data() + (static_cast<const char *>(address) - memory->begin); };
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
  EmulatedLaunch run(launch, found->second, state->takeBlocks(launch.blocks), state->stacks);
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
