// Places: what statements write and derivatives and checkpoints name; instances, which are records of them; and the slots of names.
#pragma once

#include "frontend/elab/Value.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

namespace dlc::frontend {

enum class PlaceKind : uint8_t {
  Param,
  State, ///< of the file, a block or an optimizer: saved
  Var,   ///< a `var` or a state of a function: lives as long as the call
  Data,  ///< a whole column of a `dl.data`; never written
};

/// The `dl.data` that columns belong to.
struct DataInfo {
  std::string symbol;
  std::vector<Place *> columns;
  /// The common leading size; none for a scalar.
  std::optional<Dim> rows;
  SourceRange range;
  bool used = false;
};

struct Place {
  PlaceKind kind = PlaceKind::Var;
  ElementType element = ElementType::F32;
  Shape shape;
  /// In a checkpoint: `net.0.weight`, or `seen.x` for a column; "" until an owner names it.
  std::string name;
  SourceRange range;
  /// Where the user's file makes it, if the library declares it.
  SourceRange site;
  /// Order of axes in files; empty: as they are.
  llvm::SmallVector<int64_t, 4> stored;
  /// Of a `var`: the function that it lives in.
  const FunctionContext *home = nullptr;
  /// Of a saved place: the initialiser that makes it.
  FunctionContext *initializer = nullptr;
  /// The parameter of an optimizer's state, for the name.
  bool frozen = false;
  /// Each assignment makes a variable of its own for derivatives.
  bool isVariable = false;
  DataInfo *data = nullptr;
  std::string column;
};

struct Member {
  enum class Kind : uint8_t { Param, State, Const, Value };
  std::string name;
  /// PlaceRef or Tensor (of a derived instance) for `param` and `state`; any value else.
  Value value;
  Kind kind = Kind::Value;
  SourceRange range;
};

struct Instance {
  const ast::ModuleDecl *module = nullptr;
  const ResolvedFile *file = nullptr;
  /// Constructor parameters.
  std::shared_ptr<Environment> parameters;
  std::vector<Member> members;
  std::vector<const ast::FunctionDecl *> methods;
  std::string name;
  SourceRange range;
  /// Some parameter is a value, not a place.
  bool derived = false;
  /// A record of parameters (a gradient): storing it leaves the state.
  bool parametersOnly = false;

  const Member *find(llvm::StringRef member) const {
    for (const Member &m : members)
      if (m.name == member)
        return &m;
    return nullptr;
  }
};

/// The slots of one activation of a function, block or module constructor. A `let` makes a new cell, an assignment changes the cell;
/// closures share the cells that they capture.
struct Environment {
  using Cell = std::shared_ptr<Value>;
  const FunctionInfo *info = nullptr;
  std::vector<Cell> slots;
  llvm::MapVector<const Local *, Cell> captured;
  /// Of a hook: the block's.
  std::shared_ptr<Environment> parent;
};

} // namespace dlc::frontend
