#include "runtime/ThreadPool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

namespace dlc::runtime {
namespace {

/// buffers[0] counts how often each tile ran, buffers[1] holds a mutex and the ranges.
struct Ranges {
  std::mutex lock;
  std::set<std::pair<int64_t, int64_t>> seen;
  std::set<const void *> workspaces;
};

void countTiles(void *const *buffers, const int64_t *sizes, int64_t begin, int64_t end,
                void *workspace) {
  auto *counts = static_cast<int *>(buffers[0]);
  for (int64_t tile = begin; tile < end; ++tile)
    ++counts[tile];
  auto *ranges = static_cast<Ranges *>(buffers[1]);
  std::lock_guard guard(ranges->lock);
  ranges->seen.emplace(begin, end);
  ranges->workspaces.insert(workspace);
}

TEST(ThreadPool, everyTileRunsOnceInFixedRanges) {
  for (int threads : {1, 2, 3, 8})
    for (int64_t tiles : {1, 2, 7, 8, 1000}) {
      ThreadPool pool(threads);
      EXPECT_EQ(pool.threads(), threads);
      std::vector<int> counts(static_cast<size_t>(tiles), 0);
      Ranges ranges;
      void *buffers[] = {counts.data(), &ranges};
      ASSERT_TRUE(pool.parallelFor(countTiles, buffers, nullptr, tiles, 0, 0).ok());
      EXPECT_EQ(counts, std::vector<int>(static_cast<size_t>(tiles), 1));
      std::set<std::pair<int64_t, int64_t>> expected;
      int64_t pieces = threads * std::clamp<int64_t>(tiles / threads, 1, 4);
      for (int64_t p = 0; p < pieces && tiles > 1; ++p)
        if (tiles * p / pieces != tiles * (p + 1) / pieces)
          expected.emplace(tiles * p / pieces, tiles * (p + 1) / pieces);
      if (tiles == 1 || threads == 1)
        expected = {{0, tiles}};
      EXPECT_EQ(ranges.seen, expected) << threads << " threads, " << tiles << " tiles";
    }
}

TEST(ThreadPool, smallWorkRunsInline) {
  ThreadPool pool(4);
  std::vector<int> counts(100, 0);
  Ranges ranges;
  void *buffers[] = {counts.data(), &ranges};
  ASSERT_TRUE(pool.parallelFor(countTiles, buffers, nullptr, 100, 0, DLC_INLINE).ok());
  EXPECT_EQ(ranges.seen, (std::set<std::pair<int64_t, int64_t>>{{0, 100}}));
}

TEST(ThreadPool, eachThreadHasItsWorkspace) {
  ThreadPool pool(3);
  std::vector<int> counts(300, 0);
  Ranges ranges;
  void *buffers[] = {counts.data(), &ranges};
  ASSERT_TRUE(pool.reserveWorkspace(100).ok());
  ASSERT_TRUE(pool.parallelFor(countTiles, buffers, nullptr, 300, 5000, 0).ok()); // grows
  EXPECT_GE(ranges.workspaces.size(), 1u); // a quick thread takes over what the others have
  EXPECT_LE(ranges.workspaces.size(), 3u);
  for (const void *workspace : ranges.workspaces) {
    ASSERT_NE(workspace, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(workspace) % DLC_ALIGNMENT, 0u);
  }
  EXPECT_FALSE(pool.parallelFor(countTiles, buffers, nullptr, 300, int64_t{1} << 45, 0).ok());
}

TEST(ThreadPool, manyLaunchesInAndBetweenFlights) {
  for (int threads : {2, 5}) {
    ThreadPool pool(threads);
    std::vector<int> counts(64, 0);
    for (int round = 0; round < 200; ++round) {
      {
        ThreadPool::Flight flight(pool);
        for (int i = 0; i < 20; ++i)
          pool.run(64, [&](int64_t begin, int64_t end) {
            for (int64_t tile = begin; tile < end; ++tile)
              ++counts[static_cast<size_t>(tile)];
          });
      }
      if (round % 40 == 0) // long enough for the workers to fall asleep
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_EQ(counts, std::vector<int>(64, 4000)) << threads << " threads";
  }
}

TEST(ThreadPool, aThreadThatIsHeldUpHoldsUpOnePieceAlone) {
  // The worker stands still in its first piece until all others are done: it has no other to itself.
  ThreadPool pool(2);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> done{0};
    std::atomic<bool> timedOut{false};
    std::thread::id caller = std::this_thread::get_id();
    pool.run(8, [&](int64_t begin, int64_t end) {
      auto began = std::chrono::steady_clock::now();
      while (std::this_thread::get_id() != caller && done.load() < 7 && !timedOut)
        if (std::chrono::steady_clock::now() - began > std::chrono::seconds(20))
          timedOut = true;
      done += static_cast<int>(end - begin);
    });
    ASSERT_FALSE(timedOut.load());
    ASSERT_EQ(done.load(), 8);
  }
}

TEST(ThreadPool, denormalsAreFlushedOnEveryThread) {
  volatile float tiny = 1e-38f;
  volatile float half = 0.5f;
  EXPECT_NE(tiny * half * half, 0.0f); // not on this thread by itself
  FlushDenormals flush;
  ThreadPool pool(4);
  std::vector<float> results(8, 1);
  pool.run(8, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      results[static_cast<size_t>(i)] = tiny * half * half;
  });
  EXPECT_EQ(results, std::vector<float>(8, 0.0f));
}

TEST(ThreadPool, flushingEndsWithItsScope) {
  volatile float tiny = 1e-38f, half = 0.25f;
  {
    FlushDenormals flush;
    EXPECT_EQ(tiny * half, 0.0f);
  }
  EXPECT_NE(tiny * half, 0.0f);
}

TEST(ThreadPool, idleWorkersUseNoProcessor) {
  ThreadPool pool(2);
  pool.run(2, [](int64_t, int64_t) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  auto used = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  double before = used();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_LT(used() - before, 0.02);
}

TEST(ThreadPool, coresAreAtLeastOne) { EXPECT_GE(availableCores(), 1); }

} // namespace
} // namespace dlc::runtime
