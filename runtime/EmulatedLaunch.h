// One launch of a kernel on the emulated device: its threads, and what they do to memory.
#pragma once

#include "runtime/Emulator.h"

#include <boost/context/fiber.hpp>
#include <boost/context/pooled_fixedsize_stack.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace dlc::runtime {

/// Memory that kernels may reach, with what is known of each byte.
struct EmulatedMemory {
  EmulatedMemory(char *begin, size_t bytes) : begin(begin), bytes(bytes), written(bytes, 0) {}
  bool holds(const char *from, size_t count) const {
    return from >= begin && count <= bytes && static_cast<size_t>(from - begin) <= bytes - count;
  }
  char *begin;
  size_t bytes;
  std::vector<uint8_t> written; ///< whether someone has written the byte
  /// Of each word of the device's memory: the block that wrote it last and the one that read it last, counted through all launches; 0: none has.
  std::vector<uint32_t> writer, reader;
};

/// A launch while it runs. Blocks run one after the other, each to its end or, in a launch of blocks that wait for each other, to their next meeting; the
/// threads of a block are fibers.
class EmulatedLaunch {
public:
  using Stacks = boost::context::pooled_fixedsize_stack;
  /// `takeBlocks` gives the number of the first of so many blocks, counted through all launches.
  using TakeBlocks = std::function<uint32_t(int64_t count)>;
  EmulatedLaunch(const Device::Launch &launch, const EmulatedKernel &kernel, TakeBlocks takeBlocks, Stacks &stacks);
  /// What the kernel may touch; each argument is one window, a part of some memory.
  void addWindow(char *begin, size_t bytes, EmulatedMemory &memory) { windows.push_back({begin, bytes, &memory}); }
  Status run();

  // What emulated code calls, in the thread that runs.
  int32_t thread() const { return static_cast<int32_t>(current); }
  int32_t block() const { return static_cast<int32_t>(currentBlock); }
  void barrier();
  void syncWarp();
  /// Adds the block to those that have come, waits for the others, and returns how many had come before it.
  int64_t meet(int64_t *counter);
  /// How many blocks have come, for the thread that has counted its own: at its first look one is missing, at the second all are there.
  int64_t look();
  int32_t shuffle(int32_t value, int32_t distance);
  enum class Access { Read, Write, Atomic };
  void *access(void *address, size_t bytes, Access kind);
  void copyAsync(char *to, char *from, size_t bytes, size_t taken);
  void commitCopies();
  void waitForCopies(int32_t groups);
  /// `registers`: those of A and B, then the four of C, which become those of the result.
  void multiply(bool isBf16, uint32_t *registers);

private:
  static constexpr int32_t kAll = 2; // looks that show whether a thread waits for all blocks
  enum class Waits { No, Barrier, Warp, Shuffle, Multiply, Meeting, Ended };
  struct Copy {
    char *to;
    const char *from;
    size_t bytes, taken;
    int64_t group;
  };
  struct Thread {
    boost::context::fiber self, scheduler;
    Waits waits = Waits::No;
    uint32_t value = 0;
    int32_t distance = 0;
    bool isBf16 = false;
    uint32_t *registers = nullptr;
    std::vector<Copy> copies; // that it has not waited for
    int64_t group = 0;        // of the copies that it asks for now
    int32_t looks = kAll;     // since it counted its block
  };
  struct Window {
    char *begin;
    size_t bytes;
    EmulatedMemory *memory;
    const char *reach = nullptr; ///< the furthest end of this one and those before it
  };
  /// Who touched a word of memory, and when: between which barriers of the block, and between which meetings of its warp.
  struct Touch {
    int32_t thread = -1;
    uint32_t blockEpoch = 0, warpEpoch = 0;
  };
  struct ThreadWord {
    Touch writer, reader, otherReader;
  };
  using DeviceWords = std::unordered_map<const char *, ThreadWord>;

  /// What a block is when another one runs.
  struct Block {
    std::vector<Thread> threads;
    std::vector<char> shared;
    std::vector<uint8_t> written; // of it
    std::vector<ThreadWord> sharedWords;
    DeviceWords deviceWords;
    uint32_t epoch = 1;
    std::vector<uint32_t> warpEpochs;
    Touch counting, counted; // who counted the block for the next meeting, and for the last one
    bool hasStarted = false;
  };
  void sortWindows();
  void complain(std::string text);
  void resume(Block &block);
  void runTogether();
  bool settleMeeting();
  void checkLooks(Thread &thread);
  void wait(Waits what);
  const Window *windowOf(const char *from, size_t bytes);
  void noteDevice(EmulatedMemory &memory, size_t offset, size_t bytes, Access kind);
  void noteThread(ThreadWord &word, Access kind, const char *memory);
  void noteOtherBlock(const char *word, uint32_t writer, Access kind);
  Touch here() const;
  static bool isOrdered(const Touch &before, const Touch &after);
  bool isUnordered(const Touch &other) const;
  void startBlock();
  void runBlock();
  void abandon();
  void startThreads();
  bool settleWarp(int64_t first);
  bool settleShuffle(std::vector<Thread>::iterator begin, std::vector<Thread>::iterator end);
  bool settleMultiply(std::vector<Thread>::iterator begin, std::vector<Thread>::iterator end);
  bool settleBlock();
  void runWarp(int64_t first);

  const Device::Launch &launch;
  const EmulatedKernel &kernel;
  TakeBlocks takeBlocks;
  uint32_t firstBlock; // of the blocks that may run in any order: of all, or of those behind the last meeting
  uint32_t firstOfLaunch; // before any meeting
  Stacks &stacks;
  EmulatedMemory shared;
  std::vector<ThreadWord> sharedWords;
  DeviceWords deviceWords; // of the only block, or of one of those that meet
  std::vector<Window> windows; // in the order of their beginnings, while it runs
  size_t last = 0; // the window that the last access was in
  std::vector<Thread> threads;
  std::vector<Block> blocks; // that meet
  int64_t *counter = nullptr; // of the blocks that have come, of all launches
  int64_t countedBefore = 0, come = 0; // what it was when this one began, and when all had come to the last meeting
  int64_t current = 0, currentBlock = 0;
  uint32_t blockEpoch = 1;
  std::vector<uint32_t> warpEpochs;
  std::string error; // the first
  alignas(64) std::array<char, 64> nowhere{}; // what an access goes to that must not happen
};

} // namespace dlc::runtime
