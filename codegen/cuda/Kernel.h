#ifndef DLC_CODEGEN_CUDA_KERNEL_H
#define DLC_CODEGEN_CUDA_KERNEL_H

#include "codegen/common/KernelBase.h"
#include "codegen/cuda/Compile.h"

namespace dlc::codegen::cuda {

constexpr int64_t kWarp = 32, kThreads = 256;

class Kernel;

/// A compiled kernel: its launches in order.
struct KernelInfo : KernelMemory {
  llvm::SmallVector<Launch> launches;
};

/// One function of the device under construction. Its threads are `blocks` × `threads`, both known here, in one dimension; its arguments are
/// the pointers of the kernel's operands, its results, and its scratch memory.
class Phase final : public PhaseBase {
public:
  Phase(Kernel &kernel, int64_t blocks, int64_t threads);
  ~Phase() override; // ends the function and hands the launch to the kernel

  /// The number of this thread in its block, of the block in the grid, and of the thread in the grid (all i64).
  mlir::Value thread() const { return threadNumber; }
  mlir::Value block() const { return blockNumber; }
  mlir::Value gridThread() const { return gridNumber; }
  int64_t threads() const { return launch.threads; }
  int64_t blocks() const { return launch.blocks; }
  int64_t gridThreads() const { return launch.threads * launch.blocks; }

  /// Folds at places that all threads of a group share become common work of the group: `size` threads, a warp or a whole block. All of
  /// them must run the loops up to the innermost one that is open now together.
  void setGroup(int64_t size);
  /// The number of this thread in its group, and of its group in the grid.
  mlir::Value groupThread() const { return inGroup; }
  mlir::Value groupNumber() const { return group; }

  /// `for i = first + …`: the numbers [0, count) dealt out to the threads of the grid.
  void forEach(int64_t count, llvm::function_ref<void(mlir::Value number)> body);
  /// The numbers [0, count) dealt out to the warps of the grid: `own` gives what a lane has, all lanes' are folded, and the first lane finishes. Where the
  /// results are few and each is a long fold.
  void forEachByWarp(int64_t count, llvm::function_ref<mlir::Value(mlir::Value number, mlir::Value lane)> own,
                     llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine, llvm::function_ref<void(mlir::Value number, mlir::Value all)> finish);
  /// What all threads of the block have written is visible to all of them.
  void barrier();
  /// The fold of what the threads of the group have, in all of them.
  mlir::Value join(mlir::Value value, llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine) {
    return elements().groupSize() == kWarp ? joinLanes(value, 1, combine) : joinBlock(value, combine);
  }
  /// Groups of threads that share columns: `columns` neighbouring threads, at most a warp or all of a block, have as many columns, in the threads of
  /// `blocks` blocks side by side. Folds are joined by `joinColumns` alone.
  void setColumns(int64_t columns, int64_t blocks);
  using JoinMany = llvm::function_ref<mlir::Value(size_t number, mlir::Value, mlir::Value)>;
  /// The folds of what the threads of a group of `setColumns` have, several at once; `neutral` changes none of them. All threads of all blocks must come here.
  llvm::SmallVector<mlir::Value> joinColumns(mlir::ValueRange own, mlir::ValueRange neutral, JoinMany combine);
  /// What all threads of all blocks have written is visible to all of them.
  void gridBarrier();
  /// Memory that the threads of the block share, at least `bytes` of it; there is one for the phase.
  mlir::Value sharedMemory(int64_t bytes);
  /// Its threads have whole rows in registers.
  void keepRows() { launch.keepsRows = true; }
  /// All threads of the group have come to here before one of them goes on.
  void syncGroup();

private:
  mlir::Value pointer(int64_t slot) override;
  /// Of the lanes of a warp that lie a multiple of `columns`, a power of two, from each other.
  mlir::Value joinLanes(mlir::Value value, int64_t columns, llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);
  /// Of the threads of a block that lie a multiple of `columns` from each other.
  llvm::SmallVector<mlir::Value> joinColumnsOfBlock(mlir::ValueRange values, int64_t columns, JoinMany combine);
  mlir::Value joinBlock(mlir::Value value, llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);
  mlir::Value exchange(mlir::Value value, int64_t distance);

  Kernel &owner;
  Launch launch;
  mlir::Block *entry;
  mlir::Value threadNumber, blockNumber, gridNumber, inGroup, group, shared;
  int64_t sharedBytes = 0;
  int64_t columnsPerBlock = 1, blocksPerTile = 1; // of `setColumns`
};

/// Compiles one kernel function of the dialect for the device.
class Kernel final : public KernelBase {
public:
  struct Options {
    bool aligned;  ///< every launch gives buffers that begin at multiples of 16 bytes
    bool library;  ///< large matrix products are the library's
    std::string whyNoLibrary;
    int32_t epilogues; ///< that the library has: DLC_BIAS …
    bool isLibraryAssumed; ///< nobody has looked whether it is there
    int64_t multiprocessors; ///< of the card: so many blocks run at the same time, whatever they are
    int64_t mostPointers; ///< that a launch takes
  };
  Kernel(ir::FuncOp function, mlir::ModuleOp into, llvm::ArrayRef<std::pair<unsigned, unsigned>> aliases, Options options)
      : KernelBase(function, into, aliases, "cuda"), options(options) {}

  /// Emits all phases. Fails with a diagnostic at the operation that is not supported.
  mlir::FailureOr<KernelInfo> build();
  /// Elements that one access takes where they lie side by side: 16 bytes.
  bool hasAlignedBuffers() const { return options.aligned; }
  const Options &settings() const { return options; }
  /// A launch of the library; values are placed by `placeOutput`.
  void addProduct(const LibraryProduct &product);
  int64_t vectorLanes() const { return options.aligned ? std::max<int64_t>(1, 16 / widestElement()) : 1; }

private:
  friend class Phase;
  void emitPlan(const PhasePlan &plan) override;
  bool emitSpecial() override;
  /// Launches of one block each become one launch, with a barrier where the next one began.
  void joinSingleBlocks();
  void restart() override { info = {}; }
  Options options;
  KernelInfo info;
};

/// So many threads keep a card busy.
constexpr int64_t kBusyThreads = 1 << 16;
/// Whether warps are to add up the parts of so many results.
inline bool addsByWarp(int64_t results, int64_t parts) { return results * kWarp <= kBusyThreads && parts >= kWarp / 2; }
/// More blocks than this wait for others in any case: their threads take several elements each.
constexpr int64_t kMostBlocks = 4096;

/// The memory that the threads of a block of a kernel share: its symbol, and how it is made, of so many bytes.
std::string sharedMemoryName(llvm::StringRef kernel);
std::string addSharedMemory(mlir::ModuleOp module, llvm::StringRef kernel, int64_t bytes, mlir::Location loc);
/// The blocks that a multiprocessor is to have at least of a function are also those of what it becomes part of: of two numbers the larger one.
void keepNeeds(mlir::LLVM::LLVMFuncOp into, mlir::LLVM::LLVMFuncOp from);
/// The counter of the blocks of a kernel that have come to its meetings.
std::string arrivalsName(llvm::StringRef kernel);

/// The kernels that every program brings, and every program that has loops (runtime/abi.h).
void emitBuiltins(mlir::ModuleOp into, bool hasLoops);

// The phases.
void emitMap(Kernel &kernel, const PhasePlan &plan);
/// All of a kernel whose folds leave other axes than the leading ones, and which goes on with their elements: a batch norm. False if it is none.
bool emitColumns(Kernel &kernel);
void emitScatter(Kernel &kernel, ir::ScatterOp op);
void emitSort(Kernel &kernel, ir::SortOp op);
void emitCumulate(Kernel &kernel, ir::CumulateOp op);
/// A reduction of many elements to few values: parts first, then their sums. False if it is better done otherwise.
bool emitSplitReduce(Kernel &kernel, ir::ReduceOp op);

} // namespace dlc::codegen::cuda

#endif
