#ifndef DLC_CODEGEN_LOOPBUILDER_H
#define DLC_CODEGEN_LOOPBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/FunctionExtras.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace dlc::codegen {

/// A key of a value that has been emitted: what it is and of what.
using MemoKey = std::vector<uintptr_t>;

/// Emits nested loops so that every pure value is computed once, in the outermost loop in which its operands exist. That is
/// what makes recursive emission of tensor elements affordable: whatever does not depend on the inner index (the statistics of a
/// row, the offset of a row) is placed before the inner loop by construction, and asking for it again gives the same value.
///
/// Loops are a stack of scopes; level 0 is the function's entry block. Integer arithmetic on indexes is i64 (scalars) and is folded.
class LoopBuilder {
public:
  LoopBuilder(mlir::Location loc, mlir::Block *entry);

  mlir::ImplicitLocOpBuilder &builder() { return b; }
  mlir::MLIRContext *context() { return b.getContext(); }
  void setLoc(mlir::Location loc) { b.setLoc(loc); }

  /// The innermost level that is open.
  unsigned depth() const { return scopes.size() - 1; }
  /// The level at which a value is defined.
  unsigned levelOf(mlir::Value value) const;
  unsigned levelOf(llvm::ArrayRef<mlir::Value> values) const;
  /// Whether the value's own level is open: not hidden by `AtLevel`.
  bool isOpen(mlir::Value value) const;
  /// Puts the insertion point at the end of what has been emitted on `level`.
  void moveTo(unsigned level);
  void moveToTop() { moveTo(depth()); }

  /// While it lives, `level` is the innermost one: new loops open there, before the loops that are open now.
  class AtLevel {
  public:
    AtLevel(LoopBuilder &loops, unsigned level);
    ~AtLevel();
    AtLevel(const AtLevel &) = delete;

  private:
    LoopBuilder &loops;
    unsigned level;
    std::vector<std::unique_ptr<struct Scope>> hidden;
    mlir::Operation *pin;
  };

  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value index, mlir::ValueRange carried)>;
  /// `for index = lower to upper step step`, at the innermost level. The body returns the next carried values. A loop that is known to
  /// run never leaves no loop; one of at most `unroll` passes is unrolled. Vector loops say 0: a single pass with a constant index
  /// would make masks of constants, of which LLVM 22 miscompiles some for AVX2 (a half of zeros becomes a load of all lanes).
  llvm::SmallVector<mlir::Value> forLoop(mlir::Value lower, mlir::Value upper, int64_t step, mlir::ValueRange inits, Body body,
                                         int64_t unroll = 1);
  /// A branch at the innermost level; both sides return as many values.
  llvm::SmallVector<mlir::Value> ifElse(mlir::Value condition, mlir::TypeRange types,
                                        llvm::function_ref<llvm::SmallVector<mlir::Value>()> thenBody,
                                        llvm::function_ref<llvm::SmallVector<mlir::Value>()> elseBody = nullptr);
  /// `while (condition(carried)) carried = body(carried)`, at the innermost level.
  llvm::SmallVector<mlir::Value> whileLoop(mlir::ValueRange inits, llvm::function_ref<mlir::Value(mlir::ValueRange)> condition,
                                           llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::ValueRange)> body);

  /// Runs the body in a loop that is thrown away: only what the body places in outer loops stays.
  void rehearse(int64_t size, llvm::function_ref<void(mlir::Value index)> body);

  // Constants; each exists once in a function.
  mlir::Value constant(mlir::TypedAttr value);
  mlir::Value i64(int64_t value);
  /// A number of a scalar or vector type, float or integer.
  mlir::Value number(mlir::Type type, double value);
  mlir::Value integer(mlir::Type type, int64_t value);
  std::optional<int64_t> constantOf(mlir::Value value) const;

  // Scalar i64 arithmetic with folding; operands are not negative where division is concerned.
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, int64_t b);
  mlir::Value rem(mlir::Value a, int64_t b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);
  /// Null stands for `true` in the operands and the result of the logical operations.
  mlir::Value logicalAnd(mlir::Value a, mlir::Value b);
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b);
  mlir::Value splat(mlir::Value scalar, int64_t lanes);

  /// An operation without side effect at the level of its operands, made once.
  template <typename Op, typename... Args>
  mlir::Value pure(llvm::ArrayRef<mlir::Value> operands, uintptr_t extra, Args &&...args) {
    MemoKey key{reinterpret_cast<uintptr_t>(mlir::TypeID::get<Op>().getAsOpaquePointer()), extra};
    for (mlir::Value operand : operands)
      key.push_back(reinterpret_cast<uintptr_t>(operand.getAsOpaquePointer()));
    if (mlir::Value known = lookup(key))
      return known;
    unsigned level = levelOf(operands);
    moveTo(level);
    mlir::Value value = Op::create(b, std::forward<Args>(args)...);
    remember(level, std::move(key), value);
    return value;
  }

  // The memory of what has been emitted in the scopes that are open.
  mlir::Value lookup(const MemoKey &key) const;
  void remember(unsigned level, MemoKey key, mlir::Value value);

  /// Reserves stack memory for `bytes` bytes in the entry block.
  mlir::Value stackBuffer(int64_t bytes);

private:
  friend class AtLevel;
  void open(mlir::Block *block, mlir::Operation *owner);
  void close() { scopes.pop_back(); }

  mlir::ImplicitLocOpBuilder b;
  std::vector<std::unique_ptr<struct Scope>> scopes;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
  mlir::Operation *lastConstant = nullptr;
  mlir::Block *entry;
};

/// The level of the operations that are nested in a loop.
struct Scope {
  mlir::Block *block;
  mlir::Operation *owner;           // the loop or branch that holds the block; null for the entry
  mlir::Operation *pin = nullptr;   // insert before this one: it is open but hidden
  std::map<MemoKey, mlir::Value> memo;
};

/// The element type of a vector, a scalar type itself.
inline mlir::Type scalarOf(mlir::Type type) { return mlir::getElementTypeOrSelf(type); }
/// `type` with the lanes of `like`.
mlir::Type likeShape(mlir::Type scalar, mlir::Type like);
/// `lanes` of `scalar`; one lane is the scalar.
mlir::Type lanesOf(mlir::Type scalar, int64_t lanes);

} // namespace dlc::codegen

#endif
