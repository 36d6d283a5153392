// Loops that a card repeats, against the model of the driver: as they are recorded, as compiled code asks for them, and with drivers that have no such.
#include "CudaFixture.h"

#include "runtime/Context.h"
#include "runtime/abi.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace dlc::runtime;

namespace {

using Integers = std::vector<int64_t>;
using Bytes = std::vector<uint8_t>;

std::string entryOf(const std::string &name, int parameters) {
  std::string text = ".visible .entry " + name + "(";
  for (int i = 0; i < parameters; ++i)
    text += (i ? ", " : "") + std::string(".param .u64 p") + std::to_string(i);
  return text + ") { ret; }\n";
}

void *asPointer(int64_t number) { return reinterpret_cast<void *>(number); }

/// What a loop has on the device.
struct Loop {
  void *index, *left, *more, *count;
};

class CudaLoopsTest : public CudaFixture {
protected:
  static Result<std::unique_ptr<CudaDevice>> openWithLoops(const char *fake = "") {
    static const std::string ptx = kPtx + entryOf(DLC_ENTER_KERNEL, 6) + entryOf(DLC_NEXT_KERNEL, 5) + entryOf(DLC_SLICES_KERNEL, DLC_SLICES_ARGUMENTS);
    return open(fake, 0, ptx);
  }
  static Loop loop(CudaDevice &device, void *count) { return {put(device, Integers{-1}), put(device, Integers{-1}), put(device, Bytes{9}), count}; }
  static Status enter(CudaDevice &device, const Loop &loop, int64_t bound) {
    DLC_TRY(launch(device, DLC_ENTER_KERNEL, {loop.index, loop.left, loop.more, loop.count, asPointer(bound), nullptr}, 1));
    DLC_ASSIGN(can, device.beginWhile(loop.more));
    EXPECT_TRUE(can);
    return {};
  }
  static Status next(CudaDevice &device, const Loop &loop, void *stop = nullptr) {
    DLC_TRY(launch(device, DLC_NEXT_KERNEL, {loop.index, loop.left, loop.more, stop, asPointer(1)}, 1));
    return device.endWhile();
  }
};

TEST_F(CudaLoopsTest, ABodyIsRecordedOnceAndRunsAsOftenAsItsCountSays) {
  auto device = openWithLoops();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *count = put(**device, Integers{7});
  Loop passes = loop(**device, count);
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(enter(**device, passes, 5000));
  ASSERT_OK(launch(**device, "twice", {x, x}));
  ASSERT_OK(next(**device, passes));
  ASSERT_OK((*device)->copy(count, passes.index, 8)); // what comes after waits for all passes
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  EXPECT_EQ(graph(), "2 WHILE(3) 1") << "the start and the first look at the flag; the body, the next index, the next look; the copy";
  EXPECT_EQ(get<float>(**device, x, 4), Floats(4));
  for (int64_t many : {3, 0, 10, -5, 1, 5000, 9000}) {
    set(**device, x, Floats(4, 1));
    set(**device, count, Integers{many});
    ASSERT_OK((*device)->replay(*recording));
    int64_t ran = std::clamp<int64_t>(many, 0, 5000);
    EXPECT_EQ(get<int64_t>(**device, count, 1), Integers{ran});
    EXPECT_EQ(get<float>(**device, x, 4), Floats(4, std::ldexp(1.0F, static_cast<int>(ran))));
  }
}

TEST_F(CudaLoopsTest, AnExitEndsItAfterThePass) {
  auto device = openWithLoops();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *limit = put(**device, Floats{100}), *stop = put(**device, Bytes{0});
  Loop passes = loop(**device, nullptr);
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(enter(**device, passes, 12));
  ASSERT_OK(launch(**device, "twice", {x, x}));
  ASSERT_OK(launch(**device, "is_above", {x, limit, stop}, 1));
  ASSERT_OK(next(**device, passes, stop));
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  for (auto [from, to] : {std::pair{1.0F, 128.0F}, {51.0F, 102.0F}, {1000.0F, 2000.0F}, {0.0F, 0.0F}, {0.0078125F, 32.0F}}) {
    set(**device, x, Floats(4, from));
    ASSERT_OK((*device)->replay(*recording));
    EXPECT_EQ(get<float>(**device, x, 1), Floats{to}) << "at most twelve passes";
  }
}

/// An inner loop of as many passes as the index of the outer one says, with a branch in it: 0 + 1 + … of them.
TEST_F(CudaLoopsTest, WithinEachOther) {
  auto device = openWithLoops();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *count = put(**device, Integers{0}), *flag = put(**device, Bytes{1});
  Loop outer = loop(**device, count), inner = loop(**device, outer.index);
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(enter(**device, outer, 300));
  ASSERT_OK(enter(**device, inner, 300));
  ASSERT_TRUE(*(*device)->beginIf(flag, true));
  ASSERT_OK(launch(**device, "twice", {x, x}));
  ASSERT_OK((*device)->endIf());
  ASSERT_OK(next(**device, inner));
  ASSERT_OK(next(**device, outer));
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  EXPECT_EQ(graph(), "2 WHILE(2 WHILE(1 IF(1) 2) 2)");
  for (int64_t many : {5, 1, 0, 8})
    for (uint8_t isTaken : {1, 0}) {
      set(**device, x, Floats(4, 1));
      set(**device, count, Integers{many});
      set(**device, flag, Bytes{isTaken});
      ASSERT_OK((*device)->replay(*recording));
      EXPECT_EQ(get<float>(**device, x, 1), Floats{isTaken ? std::ldexp(1.0F, static_cast<int>(many * (many - 1) / 2)) : 1.0F});
    }
}

TEST_F(CudaLoopsTest, ADroppedRecordingLeavesNothing) {
  auto device = openWithLoops();
  ASSERT_OK(device);
  void *x = put(**device, Floats{1, 2, 3, 4}), *count = put(**device, Integers{2});
  Loop outer = loop(**device, count), inner = loop(**device, count);
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(enter(**device, outer, 10));
  ASSERT_OK(enter(**device, inner, 10));
  ASSERT_OK(launch(**device, "twice", {x, x}));
  (*device)->dropRecording();
  EXPECT_EQ(get<float>(**device, x, 4), (Floats{1, 2, 3, 4}));
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(enter(**device, outer, 10));
  ASSERT_OK(launch(**device, "twice", {x, x}));
  ASSERT_OK(next(**device, outer));
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ(get<float>(**device, x, 4), (Floats{4, 8, 12, 16}));
}

/// What compiled code asks for: y[i] = 2 x[i], for as many i as the count says, from the last to the first. `isKnown`: the host knows how many.
template <bool isKnown> int32_t doubleRows(dlc_context *context, void *const *buffers) {
  enum { kX, kY, kCount, kIndex, kLeft, kMore, kTaken, kMade };
  const dlc_runtime &table = *context->table;
  auto ask = [&](const char *kernel, std::vector<void *> arguments, int64_t threads) {
    std::vector<int64_t> bytes(arguments.size(), 0);
    return table.device_launch(context, kernel, arguments.data(), bytes.data(), static_cast<int32_t>(arguments.size()), 1, threads);
  };
  auto move = [&](void *to, int64_t toStep, void *from, int64_t fromStep) {
    std::vector<void *> arguments{buffers[kIndex], asPointer(32), to, asPointer(toStep), from, asPointer(fromStep), asPointer(16)};
    arguments.resize(DLC_SLICES_ARGUMENTS, nullptr);
    return ask(DLC_SLICES_KERNEL, arguments, 32);
  };
  constexpr int64_t kBound = 600;
  int64_t left = isKnown ? kBound : -1;
  uint8_t enters = 0;
  if (ask(DLC_ENTER_KERNEL, {buffers[kIndex], buffers[kLeft], buffers[kMore], isKnown ? nullptr : buffers[kCount], asPointer(kBound), asPointer(1)}, 1))
    return context->status;
  if (table.device_while(context, buffers[kMore], left, &enters))
    return context->status;
  while (enters)
    if (move(buffers[kTaken], 0, buffers[kX], 16) || ask("twice", {buffers[kTaken], buffers[kMade]}, 4) || move(buffers[kY], 16, buffers[kMade], 0) ||
        ask(DLC_NEXT_KERNEL, {buffers[kIndex], buffers[kLeft], buffers[kMore], nullptr, asPointer(-1)}, 1) ||
        table.device_end_while(context, buffers[kMore], --left, &enters))
      return context->status;
  return 0;
}

class CompiledLoopsTest : public CudaLoopsTest {
protected:
  static constexpr size_t kRows = 600;

  /// Calls it for several counts, directly and, if there is one, by a recording, which is made first.
  void callBoth(CudaDevice &device, dlc_entry entry, bool isKnown, const char *recordedAs) {
    Floats x(4 * kRows);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<float>(i);
    std::vector<void *> buffers{put(device, x), put(device, Floats(4 * kRows)), put(device, Integers{0}), put(device, Integers{0}),
                                put(device, Integers{0}), put(device, Bytes{0}), put(device, Floats(4)), put(device, Floats(4))};
    Context context(pool, console);
    ASSERT_OK(context.useDevice(device));
    ASSERT_OK(device.beginRecording());
    Status recorded = context.run(entry, buffers.data());
    std::optional<int> recording;
    if (recordedAs) {
      ASSERT_OK(recorded);
      auto made = device.endRecording();
      ASSERT_OK(made);
      recording = *made;
      EXPECT_EQ(graph(), recordedAs);
    } else {
      EXPECT_EQ(recorded.message(), "the device cannot be waited for while it records");
      device.dropRecording();
    }
    for (int64_t many : {300, 0, 599, 601})
      for (bool byRecording : {false, true}) {
        if (byRecording && !recording)
          continue;
        set(device, buffers[1], Floats(4 * kRows, -1));
        set(device, buffers[2], Integers{many});
        Status called = byRecording ? device.replay(*recording) : context.run(entry, buffers.data());
        ASSERT_OK(called);
        Floats y(4 * kRows, -1);
        for (size_t i = 0; i < 4 * (isKnown ? kRows : std::min<size_t>(static_cast<size_t>(many), kRows)); ++i)
          y[i] = 2 * x[i];
        EXPECT_EQ(get<float>(device, buffers[1], 4 * kRows), y) << many << (byRecording ? " recorded" : "");
      }
  }

  ThreadPool pool{1};
  Console console{stderr, false};
};

TEST_F(CompiledLoopsTest, RunTheSameRecordedAndAskedForPassByPass) {
  auto device = openWithLoops();
  ASSERT_OK(device);
  callBoth(**device, doubleRows<false>, false, "2 WHILE(5)");
  callBoth(**device, doubleRows<true>, true, "2 WHILE(5)");
}

TEST_F(CompiledLoopsTest, AnOlderDriverIsAskedForEachPass) {
  for (const char *version : {"version=11040", "version=12030"}) {
    auto device = openWithLoops(version);
    ASSERT_OK(device);
    callBoth(**device, doubleRows<false>, false, nullptr);
    callBoth(**device, doubleRows<true>, true, nullptr);
  }
}

} // namespace
