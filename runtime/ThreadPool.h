// Threads that run the tiles of kernels.
#pragma once

#include "runtime/Status.h"
#include "runtime/Tensor.h"
#include "runtime/abi.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace dlc::runtime {

/// The processors that this process may use: the smaller of the affinity mask and the control
/// group's quota, at least 1.
int availableCores();

/// Denormal numbers become zero, in and out, on this thread while it lives: bits must not depend on
/// who computes, and denormal arithmetic is slow.
class FlushDenormals {
public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals &) = delete;

private:
  uint64_t saved;
};

/// A fixed team of threads, the caller of `parallelFor` among them. Thread t of T has the tiles
/// [tiles·t/T, tiles·(t+1)/T) of every call, in a few pieces; who is done takes over pieces of the
/// others, so that a thread that gets no processor holds nobody up. Who computes a tile does not
/// change its bits. Workers spin while a step is in flight, sleep 50 µs after the last work, and
/// never spin when there are more threads than cores. Used from one thread at a time.
class ThreadPool {
public:
  /// `threads` ≥ 1, counted with the caller; 0 means `availableCores()`.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;

  int threads() const { return static_cast<int>(workers.size()) + 1; }

  /// Sets aside `bytes` of workspace for each thread, so that no kernel has to.
  Status reserveWorkspace(int64_t bytes);

  /// As `dlc_runtime.parallel_for`. Fails only when a workspace larger than the reserve cannot be
  /// had.
  Status parallelFor(dlc_kernel kernel, void *const *buffers, const int64_t *sizes, int64_t tiles,
                     int64_t workspaceBytes, int32_t flags);

  /// Calls `body(begin, end)` for ranges that make up `tiles`, on all threads.
  void run(int64_t tiles, const std::function<void(int64_t, int64_t)> &body);

  /// A step is in flight while one of these lives; they nest.
  class Flight {
  public:
    explicit Flight(ThreadPool &pool) : pool(pool) {
      pool.flights.fetch_add(1, std::memory_order_relaxed);
    }
    ~Flight() { pool.flights.fetch_sub(1, std::memory_order_relaxed); }
    Flight(const Flight &) = delete;

  private:
    ThreadPool &pool;
  };

private:
  struct Job {
    dlc_kernel kernel = nullptr;
    void *const *buffers = nullptr;
    const int64_t *sizes = nullptr;
    const std::function<void(int64_t, int64_t)> *body = nullptr;
    int64_t tiles = 0;
    int32_t piecesOfPart = 1;
  };
  /// Written by the caller alone. One cache line, so that a worker has the job as soon as it sees
  /// the number.
  struct alignas(64) Outbox {
    Job job;
    std::atomic<uint32_t> generation{0}; // raised for each job
  };
  /// A thread's part of a job: `generation << 32 | next << 16 | end`, where `next` is the first piece
  /// that nobody has taken. A piece that was taken keeps the job in place until it is done, so the
  /// job may be read after a piece was had.
  struct alignas(64) Part {
    std::atomic<uint64_t> pieces{0};
  };
  void work(int thread);
  void runPieces(int thread);
  void runPiece(int64_t piece, int thread);
  void dispatch(Job job);
  void waitForWorkers();
  bool waitForJob(uint32_t seen);

  std::vector<std::thread> workers;
  std::vector<std::shared_ptr<Storage>> workspaces; // one a thread
  std::vector<Part> parts;                          // one a thread
  bool mayDispatchSpinning;                         // threads do not outnumber cores
  Outbox outbox;
  alignas(64) std::atomic<uint32_t> unfinished{0}; // pieces of the job at hand
  alignas(64) std::atomic<uint32_t> sleepers{0};
  std::atomic<uint32_t> flights{0};
  std::atomic<bool> callerSleeps{false};
  std::atomic<bool> stopping{false};
};

} // namespace dlc::runtime
