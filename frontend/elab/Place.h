// Places: what statements write and derivatives and checkpoints name; instances, which are records of them; and the map from a
// place to its present value, one frame for each function, loop and branch.
#pragma once

#include "frontend/elab/Value.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace dlc::frontend {

enum class PlaceKind : uint8_t {
  Param,
  State, ///< of the file, a block or an optimizer: saved
  Var,   ///< a `var` or a state of a function: lives as long as the call
  Data,  ///< a whole column of a `dl.data`; never written
};

/// Where a write stands: the user's line first, then the frames inwards.
struct WriteSite {
  SourceRange range;
  std::string text;
};

struct Place {
  PlaceKind kind = PlaceKind::Var;
  ElementType element = ElementType::F32;
  Shape shape;
  /// In a checkpoint: `net.0.weight`; "" until an owner names it.
  std::string name;
  SourceRange range;
  /// Order of axes in files.
  llvm::SmallVector<int64_t, 4> stored;
  /// Of a `var`: the function context that made it.
  const FunctionContext *home = nullptr;
  /// Of a `let` snapshot: cannot be assigned.
  bool frozen = false;
  /// Its initial value in `@init` or the block's init, set when made.
  Tensor initial;
  /// Of a `param` whose shape a maker needs before it is named: draws are keyed by the name, so the initial value is emitted
  /// when the name is known.
  std::function<Tensor()> initialize;
  bool used = false;
};

/// A leaf of an instance or a local `var`.
struct Member {
  std::string name;
  /// PlaceRef or Tensor for `param` and `state`; any value for `name = e`; functions are not listed.
  Value value;
  enum class Kind : uint8_t { Param, State, Const, Value } kind = Kind::Value;
  SourceRange range;
};

struct Instance {
  const ast::ModuleDecl *module = nullptr;
  const ResolvedFile *file = nullptr;
  /// Constructor parameters.
  std::shared_ptr<Environment> parameters;
  std::vector<Member> members;
  std::string name;
  SourceRange range;
  const Member *find(llvm::StringRef name) const;
  Member *find(llvm::StringRef name);
};

/// The slots of one activation of a function, block or module constructor; captures of enclosing ones are copied in when a
/// closure is made.
struct Environment {
  const FunctionInfo *info = nullptr;
  std::vector<Value> slots;
  /// Captured values, by their local.
  llvm::DenseMap<const Local *, Value> captured;
  /// Of a `var`: what it holds at compile time, shared with closures.
  std::shared_ptr<Environment> parent;
};

} // namespace dlc::frontend
