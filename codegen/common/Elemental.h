#ifndef DLC_CODEGEN_ELEMENTAL_H
#define DLC_CODEGEN_ELEMENTAL_H

#include "codegen/common/ScalarMath.h"
#include "codegen/common/Index.h"
#include "ir/Ops.h"

#include <functional>

namespace dlc::codegen {

/// A dense row-major tensor in memory.
struct Buffer {
  mlir::Value pointer;
  mlir::Type element; // as in the dialect: i1 takes a byte, ui8 is unsigned
  int64_t count = 0;
};

/// Emits the value of any element of any tensor of a kernel's body, from the kernel's operands: the elements of a result at an
/// index (a number for each lane) are those of its operands at indexes that follow from it. Loads, index arithmetic and whole folds
/// land in the outermost loop that they depend on, and what was asked for once at an index is not emitted again there.
///
/// Values: a scalar where all lanes have the same, else `vector<lanes x T>`; i1 for booleans, i8 for u8.
class Elemental {
public:
  /// `lanes`: the width of the vectors that folds use. `wide`: some tensor has 2^31 elements or more.
  Elemental(LoopBuilder &loops, int64_t lanes, bool wide);

  /// The value is read from memory from now on.
  void bind(mlir::Value value, Buffer buffer) { buffers[value] = buffer; }
  /// Reads go through `element` instead (the epilogue of a product, say).
  using Element = std::function<mlir::Value(Index &index, Mask mask)>;
  void bind(mlir::Value value, Element element) { overrides[value] = std::move(element); }
  void unbind(mlir::Value value) { overrides.erase(value); }

  /// The value at an index; where the mask is false, anything, but nothing out of bounds is read.
  mlir::Value evaluate(mlir::Value value, Index index, Mask mask = {});
  /// `evaluate` as a vector even where all lanes are equal.
  mlir::Value evaluateVector(mlir::Value value, Index index, Mask mask = {});
  /// Writes a value at the end of the innermost level.
  void store(const Buffer &buffer, Index index, llvm::ArrayRef<int64_t> shape, mlir::Value value, Mask mask = {});
  mlir::Value load(const Buffer &buffer, Index index, llvm::ArrayRef<int64_t> shape, Mask mask = {});

  /// `load` at the end of the innermost level, for memory that the loop at hand changes.
  mlir::Value loadNow(const Buffer &buffer, Index index, llvm::ArrayRef<int64_t> shape);

  /// `dl.reduce` restricted to [lower, upper) of its first folded axis, or of the number of its folded axes where `flat`.
  mlir::Value partialReduce(ir::ReduceOp op, Index index, mlir::Value lower, mlir::Value upper, bool flat, Mask mask = {});

  /// Threads that run the same code side by side and can fold together what each of them has: a warp, or a block.
  struct Group {
    mlir::Value thread; // its number in the group, i64
    int64_t size;
    unsigned level;     // of the loop that all of them run together
    /// The fold of the values of all threads, in all of them. In a fixed order.
    std::function<mlir::Value(mlir::Value value, llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine)> join;
  };
  /// Folds whose place is the same for all threads of the group are shared among them.
  void setGroup(Group given) { group = std::move(given); }
  int64_t groupSize() const { return group ? group->size : 1; }
  /// How the threads of a group share rows of `length` elements: each takes `lanes` of them side by side in a turn. A pass over a row in which a thread has
  /// at most `turns` turns is written out on the level of the row, so that what a thread has loaded or computed in one pass is at hand in the next ones.
  struct RowShare {
    int64_t length = 0, lanes = 1, turns = 0;
  };
  void setRowShare(RowShare given) { rowShare = given; }
  /// One turn of this thread. Where `taken` (null: always) is false nothing is left for it, and `place` is one that it has had before, or 0.
  struct Turn {
    Lane place;
    mlir::Value taken;
  };
  /// The turns of this thread in a pass over `count` elements; none where the pass is to be a loop.
  llvm::SmallVector<Turn> turnsOver(int64_t count, int64_t lanes);
  /// `dl.reduce`, of its folded elements, counted row by row, those from `first` to before `last`; shared among the threads of the group.
  mlir::Value sharedReduce(ir::ReduceOp op, Index index, mlir::Value first, mlir::Value last);
  /// The same by this thread alone.
  mlir::Value countedReduce(ir::ReduceOp op, Index index, mlir::Value first, mlir::Value last);

  /// A fold of the elements with numbers from `first` to before `last`, shared among the threads of the group; `step` gives the accumulator after
  /// the element of a number.
  using CountedStep = llvm::function_ref<mlir::Value(mlir::Value accumulator, mlir::Value number)>;
  bool isShared(llvm::ArrayRef<Lane> place, const Mask &mask, int64_t count) const;
  mlir::Value shareFold(mlir::Value first, mlir::Value last, mlir::Value neutral, CountedStep step,
                        llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);

  /// Memory of one row, kept between the passes over it: the first pass that computes `value` at the row's own index fills it.
  struct RowBuffer {
    Buffer buffer;
    int64_t lanes = 0, pass = 0; // of the loop that filled it; 0: none has
  };
  /// Passes run over rows of `rowCount` elements that begin at `rowStart` (null: none do).
  void setRow(mlir::Value rowStart, int64_t rowCount) { this->rowStart = rowStart, this->rowCount = rowCount; }
  bool hasRowBuffers() const { return !rowBuffers.empty(); }
  /// In the loop of this index row buffers are neither filled nor read.
  void rehearseAt(mlir::Value index) { rehearsal = index; }
  void bindRow(mlir::Value value, Buffer buffer) { rowBuffers[value] = {buffer, 0, 0}; }

  /// The size of the axis along which the pass at hand runs in vectors.
  void setPass(int64_t size) { passSize = size; }
  /// Whether a value is read from memory or given.
  bool isLeaf(mlir::Value value) const {
    return !value.getDefiningOp() || buffers.contains(value) || overrides.contains(value);
  }
  std::function<bool(mlir::Value)> leaf() const {
    return [this](mlir::Value value) { return isLeaf(value); };
  }

  /// Lanes that begin at `base` are places from `lower` to before `upper` on their axis: what a `dl.concat` takes them from may be known.
  void setRange(mlir::Value base, int64_t lower, int64_t upper) { ranges[base] = {lower, upper}; }

  /// Buffers that are written in this phase: reading one at another index than `writing` says would see new values.
  void watch(mlir::Value pointer) { watched.insert(pointer); }
  bool writesOverOperands() const { return !watched.empty(); }
  /// A buffer that former phases have overwritten: no read of it is right.
  void forbid(mlir::Value pointer) { forbidden.insert(pointer); }
  /// Whether this phase or a former one writes the memory of this pointer.
  bool isOverwritten(mlir::Value pointer) const { return watched.contains(pointer) || forbidden.contains(pointer); }
  std::optional<Lane> writing;
  /// The elements of a row at `number` are written next. What those of a former shape (`isFirst`: there is none) have written over is gone, at this place too.
  void aboutToWrite(const Lane &number, bool isFirst) {
    writing.reset();
    if (isFirst)
      writing = number;
  }
  /// All places that this thread is going to write, after its last read of this phase's row: reading there is safe as well.
  llvm::SmallVector<Lane> ownPlaces;
  /// Where set, reads of these elements are over before anyone writes, in this phase.
  std::function<bool(const Index &index, llvm::ArrayRef<int64_t> shape)> isReadInTime;
  /// The loops of the last pass over a row, but for the innermost.
  llvm::SmallVector<mlir::Value> passLoops;
  bool sawHazard = false;
  /// Other threads run at the same time: a buffer that is written may only be read at the place that this thread is about to write.
  bool strictHazards = false;

  /// Every buffer begins at a multiple of 16 bytes, which accesses to several elements may gain from.
  bool alignedBuffers = false;
  /// Masked loads of bytes are as cheap as of words.
  bool cheapByteMasks = false;

  int64_t lanes() const { return width; }
  LoopBuilder &loops;
  LaneMath lane;
  ScalarMath math;

  /// Shape, and element type as computed with.
  static llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
    return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
  }
  static mlir::Type computeType(mlir::Type element);
  static bool isUnsigned(mlir::Value value) { return scalarOf(value.getType()).isUnsignedInteger(); }
  static int64_t countOf(mlir::Value value) { return product(shapeOf(value)); }
  /// An index whose axes are `axes`.
  static Index at(llvm::ArrayRef<Lane> axes, int64_t lanes);
  Index zeros(mlir::Value tensor);
  /// An element of a tensor of which the axes `kept` have places already; the others have a row-major number together.
  Index elementOf(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> kept, llvm::ArrayRef<Lane> places, const Lane &number, int64_t lanes);
  /// The value of a scalar i64 tensor as a lane.
  Lane scalarLane(mlir::Value tensor);

private:
  mlir::Value dispatch(mlir::Value value, Index &index, Mask mask);
  mlir::Value rowElement(mlir::Value value, Index &index, Mask mask, RowBuffer &row);
  // Element-wise (ElementalScalar.cpp).
  mlir::Value elementwise(mlir::Operation *op, Index &index, Mask mask);
  // Elements that move (ElementalMove.cpp).
  mlir::Value constant(ir::ConstantOp op, Index &index);
  mlir::Value iota(ir::IotaOp op, Index &index);
  mlir::Value broadcast(ir::BroadcastOp op, Index &index, Mask mask);
  mlir::Value transpose(ir::TransposeOp op, Index &index, Mask mask);
  mlir::Value slice(ir::SliceOp op, Index &index, Mask mask);
  mlir::Value pad(ir::PadOp op, Index &index, Mask mask);
  mlir::Value concat(ir::ConcatOp op, Index &index, Mask mask);
  mlir::Value reverse(ir::ReverseOp op, Index &index, Mask mask);
  mlir::Value dynamicSlice(ir::DynamicSliceOp op, Index &index, Mask mask);
  mlir::Value dynamicUpdate(ir::DynamicUpdateOp op, Index &index, Mask mask);
  mlir::Value window(ir::WindowOp op, Index &index, Mask mask);
  mlir::Value overlapAdd(ir::OverlapAddOp op, Index &index, Mask mask);
  mlir::Value gather(ir::GatherOp op, Index &index, Mask mask);
  // Folds (ElementalReduce.cpp).
  mlir::Value reduce(ir::ReduceOp op, Index &index, Mask mask);
  mlir::Value argReduce(ir::ArgReduceOp op, Index &index, Mask mask);
  mlir::Value dot(ir::DotOp op, Index &index, Mask mask);
  mlir::Value conv(ir::ConvOp op, Index &index, Mask mask);
  // Random numbers (ElementalRandom.cpp).
  mlir::Value random(ir::RandomOp op, Index &index, Mask mask);

  mlir::Value countedReduce(ir::ReduceOp op, Index index, mlir::Value first, mlir::Value last, bool shared, Mask mask);
  using Combine = llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)>;
  /// The accumulator after a turn: where nothing was left for the thread, as it was.
  mlir::Value after(const Turn &turn, mlir::Value next, mlir::Value before);
  /// How many elements side by side a thread takes at a time in a fold that the group shares.
  int64_t lanesOfShared(ir::ReduceOp op, int64_t count) const;
  mlir::Value joinGroup(mlir::Value own, Combine combine);
  /// Whether threads of the group have different values, though the value is not in a loop of theirs.
  bool variesInGroup(mlir::Value value) const;

  bool isHazard(const Lane &number) const;
  MemoKey keyOf(mlir::Value value, const Index &index, const Mask &mask) const;
  mlir::Value stridedLoad(mlir::Value from, mlir::Type memory, int64_t lanes, int64_t stride, mlir::Value maskScalar);
  mlir::Value gatherLoad(const Buffer &buffer, mlir::Value offsets, mlir::Value mask, mlir::Type memory, int64_t lanes);

  int64_t width;
  llvm::DenseMap<mlir::Value, Buffer> buffers;
  llvm::DenseMap<mlir::Value, Element> overrides;
  llvm::DenseMap<mlir::Value, RowBuffer> rowBuffers;
  llvm::DenseMap<mlir::Value, std::pair<int64_t, int64_t>> ranges;
  llvm::DenseSet<mlir::Value> watched, forbidden;
  mlir::Value rowStart, rehearsal;
  std::optional<Group> group;
  RowShare rowShare;
  llvm::DenseSet<mlir::Value> joined;              // what all threads of the group have alike, whatever it was made of
  mutable llvm::DenseMap<mlir::Value, bool> varies;
  int64_t rowCount = 0, passSize = 0;
};

/// Element i of vector k becomes element i·n + k of the result, for n vectors (a power of two).
mlir::Value interleaveLanes(LoopBuilder &loops, llvm::ArrayRef<mlir::Value> vectors);
/// Folds a vector's lanes in a fixed tree.
mlir::Value foldLanes(LoopBuilder &loops, mlir::Value vector, llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> fold);

} // namespace dlc::codegen

#endif
