#include "runtime/EmulatedLaunch.h"

#include "runtime/Tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <mutex>

namespace dlc::runtime {

namespace {

constexpr int64_t kWarp = 32;
constexpr size_t kWord = 4;

/// Emulated code is called without a context, so it finds its launch here; one runs at a time in a thread of the host.
thread_local EmulatedLaunch *running = nullptr;

} // namespace

std::map<std::string, void *> emulatorFunctions() {
  using L = EmulatedLaunch;
  auto *thread = +[]() -> int32_t { return running->thread(); };
  auto *block = +[]() -> int32_t { return running->block(); };
  auto *barrier = +[]() { running->barrier(); };
  auto *syncWarp = +[]() { running->syncWarp(); };
  auto *meet = +[](int64_t *counter) -> int64_t { return running->meet(counter); };
  auto *look = +[]() -> int64_t { return running->look(); };
  auto *shuffle = +[](int32_t value, int32_t distance) -> int32_t { return running->shuffle(value, distance); };
  auto *access = +[](void *address, int64_t bytes, int32_t kind) -> void * {
    return running->access(address, static_cast<size_t>(bytes), static_cast<L::Access>(kind));
  };
  auto *copy = +[](char *to, char *from, int32_t bytes, int32_t taken) {
    running->copyAsync(to, from, static_cast<size_t>(bytes), static_cast<size_t>(taken));
  };
  auto *commit = +[]() { running->commitCopies(); };
  auto *waitFor = +[](int32_t groups) { running->waitForCopies(groups); };
  auto *tf32 = +[](float value) -> uint32_t { return std::bit_cast<uint32_t>(roundToTf32(value)); };
  auto *bf16 = +[](float high, float low) -> uint32_t { return uint32_t{floatToBfloat(high)} << 16 | floatToBfloat(low); };
  auto *multiply = +[](int32_t isBf16, uint32_t *registers) { running->multiply(isBf16 != 0, registers); };
  return {{"dlc_emulated_thread", reinterpret_cast<void *>(thread)},       {"dlc_emulated_block", reinterpret_cast<void *>(block)},
          {"dlc_emulated_barrier", reinterpret_cast<void *>(barrier)},     {"dlc_emulated_sync_warp", reinterpret_cast<void *>(syncWarp)},
          {"dlc_emulated_shuffle", reinterpret_cast<void *>(shuffle)},     {"dlc_emulated_access", reinterpret_cast<void *>(access)},
          {"dlc_emulated_copy", reinterpret_cast<void *>(copy)},           {"dlc_emulated_commit", reinterpret_cast<void *>(commit)},
          {"dlc_emulated_wait", reinterpret_cast<void *>(waitFor)},        {"dlc_emulated_tf32", reinterpret_cast<void *>(tf32)},
          {"dlc_emulated_bf16", reinterpret_cast<void *>(bf16)},           {"dlc_emulated_multiply", reinterpret_cast<void *>(multiply)},
          {"dlc_emulated_grid_barrier", reinterpret_cast<void *>(meet)},
          {"dlc_emulated_look", reinterpret_cast<void *>(look)}};
}

EmulatedLaunch::EmulatedLaunch(const Device::Launch &launch, const EmulatedKernel &kernel, TakeBlocks takeBlocks, Stacks &stacks)
    : launch(launch), kernel(kernel), takeBlocks(std::move(takeBlocks)), firstBlock(this->takeBlocks(launch.blocks)), firstOfLaunch(firstBlock),
      stacks(stacks), shared(static_cast<char *>(kernel.shared), kernel.sharedBytes), sharedWords((kernel.sharedBytes + kWord - 1) / kWord),
      warpEpochs(static_cast<size_t>((launch.threads + kWarp - 1) / kWarp), 0) {
  if (kernel.shared)
    addWindow(shared.begin, shared.bytes, shared);
}

void EmulatedLaunch::complain(std::string text) {
  if (error.empty())
    error = fmt::format("kernel `{}`, block {}, thread {}: {}", launch.kernel, currentBlock, current, text);
}

/// Hands the processor to the other threads of the block until what this one waits for has come.
void EmulatedLaunch::wait(Waits what) {
  Thread &self = threads[static_cast<size_t>(current)];
  checkLooks(self);
  self.waits = what;
  self.scheduler = std::move(self.scheduler).resume();
}

void EmulatedLaunch::barrier() {
  if (kernel.collective)
    wait(Waits::Barrier);
}

void EmulatedLaunch::syncWarp() {
  if (kernel.collective)
    wait(Waits::Warp);
}

int64_t EmulatedLaunch::meet(int64_t *ofKernel) {
  if (!launch.isCooperative)
    complain("waits for blocks that may run later");
  else
    blocks[static_cast<size_t>(currentBlock)].counting = here();
  if (!counter)
    counter = ofKernel, countedBefore = come = *counter;
  int64_t before = (*counter)++;
  wait(Waits::Meeting);
  threads[static_cast<size_t>(current)].looks = 0;
  return before;
}

int64_t EmulatedLaunch::look() {
  Thread &self = threads[static_cast<size_t>(current)];
  if (self.looks < kAll)
    return ++self.looks < kAll ? come - 1 : come;
  complain("waits for blocks that never come");
  return INT64_MAX; // whatever it waits for, so that it does not look for ever
}

void EmulatedLaunch::checkLooks(Thread &thread) {
  if (std::exchange(thread.looks, kAll) < kAll)
    complain("goes on before all blocks have come");
}

int32_t EmulatedLaunch::shuffle(int32_t value, int32_t distance) {
  Thread &self = threads[static_cast<size_t>(current)];
  self.value = static_cast<uint32_t>(value);
  self.distance = distance;
  wait(Waits::Shuffle);
  return static_cast<int32_t>(self.value);
}

void EmulatedLaunch::multiply(bool isBf16, uint32_t *registers) {
  Thread &self = threads[static_cast<size_t>(current)];
  self.isBf16 = isBf16;
  self.registers = registers;
  wait(Waits::Multiply);
}

//===- Memory -------------------------------------------------------------===//

const EmulatedLaunch::Window *EmulatedLaunch::windowOf(const char *from, size_t bytes) {
  auto inside = [&](const Window &w) { return from >= w.begin && bytes <= w.bytes && static_cast<size_t>(from - w.begin) <= w.bytes - bytes; };
  if (last < windows.size() && inside(windows[last]))
    return &windows[last];
  auto after = std::upper_bound(windows.begin(), windows.end(), from, [](const char *place, const Window &w) { return place < w.begin; });
  for (auto i = static_cast<size_t>(after - windows.begin()); i > 0 && windows[i - 1].reach > from; --i)
    if (inside(windows[i - 1]))
      return &windows[last = i - 1];
  return nullptr;
}

void *EmulatedLaunch::access(void *address, size_t bytes, Access kind) {
  auto *from = static_cast<char *>(address);
  const Window *window = windowOf(from, bytes);
  if (!window) {
    complain(fmt::format("{} {} bytes outside of the kernel's arguments", kind == Access::Read ? "reads" : "writes", bytes));
    return nowhere.data();
  }
  EmulatedMemory &memory = *window->memory;
  auto offset = static_cast<size_t>(from - memory.begin);
  uint8_t *marks = memory.written.data() + offset;
  if (kind != Access::Write && std::memchr(marks, 0, bytes))
    complain(fmt::format("reads {} bytes that nobody wrote", bytes));
  if (kind != Access::Read)
    std::memset(marks, 1, bytes);
  if (&memory == &shared) {
    for (size_t word = offset / kWord; word * kWord < offset + bytes; ++word)
      noteThread(sharedWords[word], kind, "shared");
  } else {
    noteDevice(memory, offset, bytes, kind);
  }
  return address;
}

/// Blocks of a launch run in any order: what one writes no other may touch. Words alone are looked at, as neighbouring bytes may be different blocks'.
void EmulatedLaunch::noteDevice(EmulatedMemory &memory, size_t offset, size_t bytes, Access kind) {
  if (kind == Access::Atomic || bytes < kWord || memory.writer.empty())
    return;
  auto isOfLaunch = [&](uint32_t block) { return block >= firstBlock; };
  uint32_t self = firstBlock + static_cast<uint32_t>(currentBlock), several = firstBlock + static_cast<uint32_t>(launch.blocks);
  for (size_t word = offset / kWord; word * kWord < offset + bytes; ++word) {
    uint32_t &writer = memory.writer[word], &reader = memory.reader[word];
    const char *place = memory.begin + word * kWord;
    // In a launch of one block, or of blocks that meet, threads of a block may meet there; in others they are not followed.
    if ((launch.blocks == 1 || launch.isCooperative) && kernel.collective)
      noteThread(deviceWords[place], kind, "the device's");
    if (launch.isCooperative && writer >= firstOfLaunch && writer < firstBlock)
      noteOtherBlock(place, writer, kind);
    if (isOfLaunch(writer) && writer != self)
      complain(fmt::format("{} what block {} of the same launch writes", kind == Access::Read ? "reads" : "writes", writer - firstBlock));
    if (kind == Access::Write) {
      if (isOfLaunch(reader) && reader != self)
        complain("writes what another block of the same launch reads");
      writer = self;
    } else {
      reader = isOfLaunch(reader) && reader != self ? several : self;
    }
  }
}

/// What a thread wrote before a meeting other blocks see behind it if the thread that counted the block came after it. Of reads that is not looked at.
void EmulatedLaunch::noteOtherBlock(const char *word, uint32_t writer, Access kind) {
  auto number = static_cast<int64_t>((writer - firstOfLaunch) % (launch.blocks + 1)); // as many are taken for each meeting
  if (number == currentBlock)
    return;
  const Block &block = blocks[static_cast<size_t>(number)];
  auto found = block.deviceWords.find(word);
  if (found != block.deviceWords.end() && !isOrdered(found->second.writer, block.counted))
    complain(fmt::format("{} what thread {} of block {} writes, with no barrier between that and the meeting", kind == Access::Read ? "reads" : "writes",
                         found->second.writer.thread, number));
}

EmulatedLaunch::Touch EmulatedLaunch::here() const {
  return {static_cast<int32_t>(current), blockEpoch, warpEpochs[static_cast<size_t>(current / kWarp)]};
}

/// Of one block: whether there is a barrier of it, or a meeting of their warp, between the two.
bool EmulatedLaunch::isOrdered(const Touch &before, const Touch &after) {
  if (before.thread < 0 || before.thread == after.thread || before.blockEpoch != after.blockEpoch)
    return true;
  return before.thread / kWarp == after.thread / kWarp && before.warpEpoch != after.warpEpoch;
}

/// Whether nothing makes this thread come before or after the other.
bool EmulatedLaunch::isUnordered(const Touch &other) const { return !isOrdered(other, here()); }

/// Threads of a block are ordered by its barriers, those of a warp by whatever it does together.
void EmulatedLaunch::noteThread(ThreadWord &w, Access kind, const char *memory) {
  if (isUnordered(w.writer))
    complain(fmt::format("{} {} memory that thread {} writes, with no barrier between", kind == Access::Read ? "reads" : "writes", memory, w.writer.thread));
  if (kind == Access::Read) {
    // Of the readers two of different warps are enough: a writer has one of them from another warp than its own.
    bool isOtherWarp = w.reader.thread / kWarp != current / kWarp, isFree = !isUnordered(w.otherReader);
    if (w.reader.thread != current && isUnordered(w.reader) && (isOtherWarp || isFree))
      w.otherReader = w.reader;
    w.reader = here();
    return;
  }
  for (const Touch &reader : {w.reader, w.otherReader})
    if (isUnordered(reader))
      complain(fmt::format("writes {} memory that thread {} reads, with no barrier between", memory, reader.thread));
  w.writer = here();
}

//===- Copies that happen later -------------------------------------------===//

/// Until its thread has waited for it nobody knows what is at the place of a copy.
void EmulatedLaunch::copyAsync(char *to, char *from, size_t bytes, size_t taken) {
  if (reinterpret_cast<uintptr_t>(to) % bytes || (taken && reinterpret_cast<uintptr_t>(from) % bytes))
    complain(fmt::format("copies {} bytes from or to an address that is no multiple of that", bytes));
  if (taken && access(from, taken, Access::Read) != from)
    return;
  if (access(to, bytes, Access::Write) != to)
    return;
  if (!shared.holds(to, bytes))
    return complain("copies to memory that its block does not share");
  std::memset(shared.written.data() + (to - shared.begin), 0, bytes);
  Thread &self = threads[static_cast<size_t>(current)];
  self.copies.push_back({to, from, bytes, taken, self.group});
}

void EmulatedLaunch::commitCopies() { ++threads[static_cast<size_t>(current)].group; }

void EmulatedLaunch::waitForCopies(int32_t groups) {
  Thread &self = threads[static_cast<size_t>(current)];
  std::erase_if(self.copies, [&](const Copy &copy) {
    if (copy.group >= self.group - groups)
      return false;
    std::memset(copy.to, 0, copy.bytes);
    std::memcpy(copy.to, copy.from, copy.taken);
    access(copy.to, copy.bytes, Access::Write);
    return true;
  });
}

//===- Threads ------------------------------------------------------------===//

bool EmulatedLaunch::settleShuffle(std::vector<Thread>::iterator begin, std::vector<Thread>::iterator end) {
  std::array<uint32_t, kWarp> values{};
  for (auto t = begin; t != end; ++t)
    values[static_cast<size_t>(t - begin)] = t->value;
  for (auto t = begin; t != end; ++t) {
    auto partner = static_cast<size_t>((t - begin) ^ t->distance);
    if (t->distance != begin->distance || partner >= static_cast<size_t>(end - begin)) {
      current = t - threads.begin();
      complain("takes part in another exchange than the rest of its warp");
      return false;
    }
    t->value = values[partner];
  }
  return true;
}

/// D = A·B + C for A of 16 × k, B of k × 8 and k = 8 (tf32) or 16 (bf16); PTX ISA, "Matrix Fragments for mma.m16n8k8" and "…m16n8k16".
bool EmulatedLaunch::settleMultiply(std::vector<Thread>::iterator begin, std::vector<Thread>::iterator end) {
  constexpr size_t kRows = 16, kColumns = 8, kLanes = 32;
  bool isBf16 = begin->isBf16;
  if (end - begin != kLanes || std::any_of(begin, end, [&](Thread &t) { return t.isBf16 != isBf16; })) {
    current = begin - threads.begin();
    complain("takes part in another product than the rest of its warp");
    return false;
  }
  size_t terms = isBf16 ? 16 : 8;
  std::array<std::array<float, 16>, kRows> a{};
  std::array<std::array<float, 16>, kColumns> b{};
  auto put = [&](std::array<float, 16> &line, size_t lane, size_t half, uint32_t bits) {
    size_t t = lane % 4;
    if (!isBf16) {
      line[t + 4 * half] = std::bit_cast<float>(bits);
      return;
    }
    line[2 * t + 8 * half] = bfloatToFloat(static_cast<uint16_t>(bits));
    line[2 * t + 8 * half + 1] = bfloatToFloat(static_cast<uint16_t>(bits >> 16));
  };
  for (size_t lane = 0; lane < kLanes; ++lane) {
    const uint32_t *registers = (begin + static_cast<int64_t>(lane))->registers;
    size_t group = lane / 4;
    for (size_t i = 0; i < 4; ++i)
      put(a[group + 8 * (i % 2)], lane, i / 2, registers[i]);
    for (size_t i = 0; i < 2; ++i)
      put(b[group], lane, i, registers[4 + i]);
  }
  for (size_t lane = 0; lane < kLanes; ++lane) {
    uint32_t *sums = (begin + static_cast<int64_t>(lane))->registers + 6;
    for (size_t i = 0; i < 4; ++i) {
      size_t row = lane / 4 + 8 * (i / 2), column = 2 * (lane % 4) + i % 2;
      auto sum = std::bit_cast<float>(sums[i]);
      for (size_t k = 0; k < terms; ++k)
        sum += a[row][k] * b[column][k];
      sums[i] = std::bit_cast<uint32_t>(sum);
    }
  }
  return true;
}

/// Lets the threads of a warp, from `first` on, go on if all of them wait for the same. False where they do not.
bool EmulatedLaunch::settleWarp(int64_t first) {
  auto begin = threads.begin() + first, end = threads.begin() + std::min<int64_t>(first + kWarp, static_cast<int64_t>(threads.size()));
  auto all = [&](Waits what) { return std::all_of(begin, end, [&](Thread &t) { return t.waits == what; }); };
  bool good = all(Waits::Warp) || (all(Waits::Shuffle) && settleShuffle(begin, end)) || (all(Waits::Multiply) && settleMultiply(begin, end));
  if (!good)
    return false;
  ++warpEpochs[static_cast<size_t>(first / kWarp)];
  std::for_each(begin, end, [](Thread &t) { t.waits = Waits::No; });
  return true;
}

/// Lets all threads go on if those that have not ended wait at a barrier. False where they do not.
bool EmulatedLaunch::settleBlock() {
  bool any = false;
  for (Thread &thread : threads)
    if (thread.waits != Waits::Barrier && thread.waits != Waits::Ended)
      return false;
  for (Thread &thread : threads)
    if (thread.waits == Waits::Barrier)
      thread.waits = Waits::No, any = true;
  ++blockEpoch;
  return any;
}

/// Runs a warp as far as it comes without the others.
void EmulatedLaunch::runWarp(int64_t first) {
  int64_t end = std::min(first + kWarp, static_cast<int64_t>(threads.size()));
  do {
    for (current = first; current < end; ++current) {
      Thread &thread = threads[static_cast<size_t>(current)];
      if (thread.waits == Waits::No)
        thread.self = std::move(thread.self).resume();
    }
  } while (settleWarp(first));
}

void EmulatedLaunch::startThreads() {
  threads.clear();
  threads.resize(static_cast<size_t>(launch.threads));
  for (int64_t t = 0; t < launch.threads; ++t) {
    Thread &thread = threads[static_cast<size_t>(t)];
    thread.self = boost::context::fiber(std::allocator_arg, stacks, [this, t](boost::context::fiber &&scheduler) {
      Thread &self = threads[static_cast<size_t>(t)];
      self.scheduler = std::move(scheduler);
      kernel.run(launch.buffers);
      checkLooks(self);
      self.waits = Waits::Ended;
      return std::move(self.scheduler);
    });
  }
}

void EmulatedLaunch::startBlock() {
  if (kernel.shared) {
    shared.written.assign(shared.bytes, 0);
    std::memset(kernel.shared, 0xff, kernel.sharedBytes);
  }
  ++blockEpoch;
  if (kernel.collective)
    startThreads();
}

/// What has not ended cannot be taken apart: its frames are emulated code, which knows nothing of unwinding.
void EmulatedLaunch::abandon() {
  static std::mutex lock;
  static std::vector<std::vector<Thread>> *abandoned = new std::vector<std::vector<Thread>>();
  std::lock_guard guard(lock);
  abandoned->push_back(std::move(threads));
  threads.clear();
}

/// Runs the block to its end, or to a meeting.
void EmulatedLaunch::runBlock() {
  if (!kernel.collective) {
    for (current = 0; current < launch.threads; ++current)
      kernel.run(launch.buffers);
    return;
  }
  // From barrier to barrier each warp runs alone as far as it comes, the first one first or the last one first, by turns and from block to block:
  // what only holds because another warp was in time shows.
  int64_t warps = (launch.threads + kWarp - 1) / kWarp;
  for (bool forward = currentBlock % 2 == 0;; forward = !forward) {
    for (int64_t w = 0; w < warps; ++w)
      runWarp(kWarp * (forward ? w : warps - 1 - w));
    if (std::all_of(threads.begin(), threads.end(), [](Thread &t) { return t.waits == Waits::Ended; }))
      return;
    if (launch.isCooperative && std::any_of(threads.begin(), threads.end(), [](Thread &t) { return t.waits == Waits::Meeting; }))
      return;
    if (!settleBlock()) {
      auto waiting = std::find_if(threads.begin(), threads.end(), [](Thread &t) { return t.waits != Waits::Ended; });
      current = waiting - threads.begin();
      complain("waits for threads that never come");
      return abandon();
    }
  }
}

/// Goes on with a block, whose threads and shared memory take the place of those of the one before.
void EmulatedLaunch::resume(Block &block) {
  auto change = [&] {
    std::swap(threads, block.threads);
    std::swap(shared.written, block.written);
    std::swap(sharedWords, block.sharedWords);
    std::swap(deviceWords, block.deviceWords);
    std::swap(blockEpoch, block.epoch);
    std::swap(warpEpochs, block.warpEpochs);
  };
  change();
  if (!block.hasStarted) {
    startBlock();
    block.hasStarted = true;
  } else if (kernel.shared) {
    std::memcpy(kernel.shared, block.shared.data(), kernel.sharedBytes);
  }
  runBlock();
  if (kernel.shared)
    block.shared.assign(shared.begin, shared.begin + shared.bytes);
  change();
}

/// Lets blocks go on that have all come to a meeting. False where none has, or not all.
bool EmulatedLaunch::settleMeeting() {
  int64_t waiting = 0;
  for (const Block &block : blocks)
    waiting += std::any_of(block.threads.begin(), block.threads.end(), [](const Thread &t) { return t.waits == Waits::Meeting; });
  if (waiting == 0 || !error.empty())
    return false;
  come += launch.blocks;
  if (waiting != launch.blocks)
    error = fmt::format("kernel `{}`: {} of {} blocks wait for others that never come", launch.kernel, waiting, launch.blocks);
  else if (*counter != come)
    error = fmt::format("kernel `{}`: {} blocks count themselves {} times", launch.kernel, launch.blocks, *counter - come + launch.blocks);
  if (!error.empty())
    return false;
  for (Block &block : blocks) {
    block.counted = block.counting;
    for (Thread &thread : block.threads)
      if (thread.waits == Waits::Meeting)
        thread.waits = Waits::No;
  }
  firstBlock = takeBlocks(launch.blocks); // who touched what before the meeting is ordered by it
  firstOfLaunch = std::min(firstOfLaunch, firstBlock); // where numbers began again
  return true;
}

/// Blocks that meet: each runs to its next meeting, and where all have come they go on.
void EmulatedLaunch::runTogether() {
  blocks.resize(static_cast<size_t>(launch.blocks));
  for (Block &block : blocks) {
    block.sharedWords.resize(sharedWords.size());
    block.warpEpochs.resize(warpEpochs.size());
    block.written.resize(shared.bytes);
  }
  do {
    for (currentBlock = 0; currentBlock < launch.blocks && error.empty(); ++currentBlock)
      resume(blocks[static_cast<size_t>(currentBlock)]);
  } while (settleMeeting());
  for (Block &block : blocks)
    if (std::any_of(block.threads.begin(), block.threads.end(), [](const Thread &t) { return t.waits != Waits::Ended; })) {
      std::swap(threads, block.threads);
      abandon();
    }
}

void EmulatedLaunch::sortWindows() {
  std::sort(windows.begin(), windows.end(), [](const Window &a, const Window &b) { return a.begin < b.begin; });
  const char *reach = nullptr;
  for (Window &window : windows)
    window.reach = reach = std::max<const char *>(reach, window.begin + window.bytes);
}

Status EmulatedLaunch::run() {
  sortWindows();
  EmulatedLaunch *before = std::exchange(running, this);
  if (launch.isCooperative)
    runTogether();
  else
    for (currentBlock = 0; currentBlock < launch.blocks && error.empty(); ++currentBlock) {
      startBlock();
      runBlock();
    }
  running = before;
  if (!error.empty() && counter)
    *counter = countedBefore; // as if it had not begun: the next launch counts on from there
  return error.empty() ? Status() : Status::run(error);
}

} // namespace dlc::runtime
