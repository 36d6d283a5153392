#include "runtime/ThreadPool.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace dlc::runtime {

namespace {

using Clock = std::chrono::steady_clock;
/// How long workers spin after the last work, and at most within a step (the caller may be in a
/// long host call).
constexpr Clock::duration spinAfterStep = std::chrono::microseconds(50);
constexpr Clock::duration spinWithinStep = std::chrono::milliseconds(2);
/// Into how many pieces a thread's part of a job is cut at most.
constexpr int64_t piecesOfPart = 4;

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

uint64_t floatControl() {
#if defined(__x86_64__)
  return _mm_getcsr();
#elif defined(__aarch64__)
  uint64_t value;
  asm volatile("mrs %0, fpcr" : "=r"(value));
  return value;
#else
  return 0;
#endif
}

void setFloatControl(uint64_t value) {
#if defined(__x86_64__)
  _mm_setcsr(static_cast<unsigned>(value));
#elif defined(__aarch64__)
  asm volatile("msr fpcr, %0" ::"r"(value));
#endif
}

/// Cores that the control group's CPU quota amounts to, rounded up; 0 without a quota.
int quotaCores() {
  FILE *file = std::fopen("/sys/fs/cgroup/cpu.max", "re");
  if (!file)
    return 0;
  long long quota = 0, period = 0;
  int read = std::fscanf(file, "%lld %lld", &quota, &period);
  std::fclose(file);
  return read == 2 && period > 0 ? static_cast<int>((quota + period - 1) / period) : 0;
}

} // namespace

int availableCores() {
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    cores = CPU_COUNT(&set);
  if (int quota = quotaCores())
    cores = std::min(cores, quota);
  return std::max(cores, 1);
}

FlushDenormals::FlushDenormals() : saved(floatControl()) {
#if defined(__x86_64__)
  setFloatControl(saved | 0x8040); // flush results to zero, take denormal operands as zero
#elif defined(__aarch64__)
  setFloatControl(saved | uint64_t{1} << 24);
#endif
}

FlushDenormals::~FlushDenormals() { setFloatControl(saved); }

ThreadPool::ThreadPool(int threads)
    : workspaces(static_cast<size_t>(threads > 0 ? threads : availableCores())),
      parts(workspaces.size()) {
  threads = static_cast<int>(workspaces.size());
  mayDispatchSpinning = threads <= availableCores();
  workers.reserve(workspaces.size() - 1);
  // Signals go to the threads of the program, never to a worker.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (int i = 1; i < threads; ++i)
    workers.emplace_back([this, i] { work(i); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadPool::~ThreadPool() {
  stopping = true;
  outbox.generation.fetch_add(1);
  outbox.generation.notify_all();
  for (std::thread &worker : workers)
    worker.join();
}

Status ThreadPool::reserveWorkspace(int64_t bytes) {
  for (std::shared_ptr<Storage> &workspace : workspaces) {
    if (workspace ? static_cast<int64_t>(workspace->size()) >= bytes : bytes <= 0)
      continue;
    workspace.reset(); // give back before asking for more
    auto larger = Storage::allocate(static_cast<size_t>(bytes));
    if (!larger)
      return std::move(larger.status()).within("workspace of a thread");
    workspace = *larger;
  }
  return {};
}

Status ThreadPool::parallelFor(dlc_kernel kernel, void *const *buffers, const int64_t *sizes,
                               int64_t tiles, int64_t workspaceBytes, int32_t flags) {
  if (workspaceBytes > 0 &&
      (!workspaces[0] || static_cast<int64_t>(workspaces[0]->size()) < workspaceBytes))
    DLC_TRY(reserveWorkspace(workspaceBytes));
  if (workers.empty() || tiles <= 1 || (flags & DLC_INLINE)) {
    kernel(buffers, sizes, 0, tiles, workspaces[0] ? workspaces[0]->data() : nullptr);
    return {};
  }
  dispatch({kernel, buffers, sizes, nullptr, tiles});
  return {};
}

void ThreadPool::run(int64_t tiles, const std::function<void(int64_t, int64_t)> &body) {
  if (workers.empty() || tiles <= 1) {
    body(0, tiles);
    return;
  }
  dispatch({nullptr, nullptr, nullptr, &body, tiles});
}

void ThreadPool::dispatch(Job job) {
  job.piecesOfPart =
      static_cast<int32_t>(std::clamp<int64_t>(job.tiles / threads(), 1, piecesOfPart));
  outbox.job = job;
  unfinished.store(static_cast<uint32_t>(job.piecesOfPart * threads()), std::memory_order_relaxed);
  uint64_t generation = outbox.generation.load(std::memory_order_relaxed) + uint32_t{1};
  for (Part &part : parts) // publishes the job
    part.pieces.store(generation << 32 | static_cast<uint64_t>(job.piecesOfPart),
                      std::memory_order_release);
  outbox.generation.store(static_cast<uint32_t>(generation)); // ordered before the look at the sleepers
  if (sleepers.load() != 0)
    outbox.generation.notify_all();
  runPieces(0);
  waitForWorkers();
}

void ThreadPool::runPieces(int thread) {
  for (int k = 0, owner = thread; k < threads(); ++k, owner = (owner + 1) % threads()) {
    std::atomic<uint64_t> &pieces = parts[static_cast<size_t>(owner)].pieces;
    uint64_t word = pieces.load(std::memory_order_acquire);
    while ((word >> 16 & 0xffff) < (word & 0xffff)) {
      if (!pieces.compare_exchange_weak(word, word + (uint64_t{1} << 16),
                                        std::memory_order_acq_rel, std::memory_order_acquire))
        continue;
      runPiece(owner * int64_t{outbox.job.piecesOfPart} + static_cast<int64_t>(word >> 16 & 0xffff),
               thread);
      // The last one wakes the caller, who waits for nothing else.
      if (unfinished.fetch_sub(1) == 1 && callerSleeps.load())
        unfinished.notify_one();
      word = pieces.load(std::memory_order_acquire);
    }
  }
}

void ThreadPool::runPiece(int64_t piece, int thread) {
  const Job &job = outbox.job;
  int64_t count = int64_t{job.piecesOfPart} * threads();
  // In 128 bits: tiles times pieces may not fit 64.
  auto bound = [&](int64_t number) {
    return static_cast<int64_t>(static_cast<__int128>(job.tiles) * number / count);
  };
  int64_t begin = bound(piece), end = bound(piece + 1);
  if (begin == end)
    return;
  if (job.body)
    (*job.body)(begin, end);
  else
    job.kernel(job.buffers, job.sizes, begin, end,
               workspaces[thread] ? workspaces[thread]->data() : nullptr);
}

void ThreadPool::waitForWorkers() {
  // Others may need this core to finish: after a few µs they are let on, and after some more this
  // thread sleeps.
  for (int round = 0; mayDispatchSpinning && round < 100; ++round) {
    for (int spin = 0; spin < 50; ++spin) {
      if (unfinished.load(std::memory_order_acquire) == 0)
        return;
      pause();
    }
    if (round > 2)
      sched_yield();
  }
  callerSleeps = true; // ordered before the look at the pieces
  for (uint32_t left; (left = unfinished.load()) != 0;)
    unfinished.wait(left);
  callerSleeps = false;
}

bool ThreadPool::waitForJob(uint32_t seen) {
  auto idleSince = Clock::now();
  while (mayDispatchSpinning) {
    for (int spin = 0; spin < 100; ++spin) {
      if (outbox.generation.load(std::memory_order_acquire) != seen)
        return !stopping;
      pause();
    }
    sched_yield(); // costs little where nobody else wants the core
    bool inFlight = flights.load(std::memory_order_relaxed) != 0;
    if (Clock::now() - idleSince > (inFlight ? spinWithinStep : spinAfterStep))
      break;
  }
  sleepers.fetch_add(1);
  while (outbox.generation.load() == seen)
    outbox.generation.wait(seen);
  sleepers.fetch_sub(1);
  return !stopping;
}

void ThreadPool::work(int thread) {
  FlushDenormals flush;
  for (uint32_t seen = 0; waitForJob(seen);) {
    seen = outbox.generation.load(std::memory_order_acquire);
    runPieces(thread);
  }
}

} // namespace dlc::runtime
