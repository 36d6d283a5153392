// One function of the module being built: its block, the values of places in it, the loops and branches that are open.
#pragma once

#include "frontend/elab/Place.h"
#include "ir/Ops.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace dlc::frontend {

enum class ContextKind : uint8_t { Init, Data, RowMap, BlockInit, Step, Hook, Test, Export };

/// One region in which places may have values of their own.
struct RegionFrame {
  enum class Kind : uint8_t { Function, Loop, Branch } kind = Kind::Function;
  mlir::Block *block = nullptr;
  llvm::MapVector<Place *, mlir::Value> current;
  /// Places assigned in here that live outside.
  llvm::SetVector<Place *> written;
  /// Of a loop: the block argument made when a place of the outside was first read.
  llvm::MapVector<Place *, mlir::BlockArgument> carried;
  /// `var`s declared in here.
  llvm::DenseSet<Place *> owned;
  SourceRange range;
};

/// A former value of a place, and the statement that made the next one.
struct WriteRecord {
  Place *place;
  mlir::Value before;
  mlir::Value after;
  SourceRange range;
};

class FunctionContext {
public:
  FunctionContext(ContextKind kind, std::string name, mlir::ModuleOp module, mlir::Location loc);

  ContextKind kind;
  std::string name;
  ir::FuncOp func;
  mlir::OpBuilder builder;
  std::vector<std::unique_ptr<RegionFrame>> frames;
  std::vector<mlir::NamedAttrList> argumentAttributes;
  llvm::SmallVector<mlir::Value> results;
  std::vector<mlir::NamedAttrList> resultAttributes;
  std::vector<WriteRecord> history;
  std::vector<std::string> symbols;
  /// Requirements on open sizes: these forms stand for them everywhere in the function.
  std::vector<SizeFact> facts;

  RegionFrame &top() { return *frames.back(); }
  mlir::Block *entry() { return frames.front()->block; }
  /// A new argument of the function; found again by (key, name).
  mlir::Value argument(llvm::StringRef key, llvm::StringRef name, mlir::RankedTensorType type,
                       mlir::Location loc);
  void result(mlir::Value value, mlir::NamedAttrList attributes);
  /// Brings the places among the arguments into order, whichever the function reads first: the parameters as in `declared`, then the states.
  void orderParameters(llvm::ArrayRef<llvm::StringRef> declared);
  void addSymbol(llvm::StringRef name);

  /// The present value of a place; null where it has none here (a `var` of another function).
  mlir::Value read(Place *place, mlir::Location loc);
  /// A new value from here on. The place must be readable.
  void write(Place *place, mlir::Value value, SourceRange range, mlir::Location loc);
  /// A `var` begins.
  void declare(Place *place, mlir::Value value);
  /// The frame that `place` lives in is outside of the innermost loop or branch.
  bool isOutside(Place *place) const;

  /// Opens a region with its own values; operations go to its block until `pop`.
  void push(RegionFrame::Kind kind, mlir::Block *block, SourceRange range);
  std::unique_ptr<RegionFrame> pop();
  /// Takes `from` out everywhere, histories and other frames included.
  void replace(mlir::Value from, mlir::Value to);
  /// Sets the type and attributes and ends the body.
  void finish(mlir::Location loc);

  /// Indices of the loops around, outermost first.
  llvm::SmallVector<mlir::Value> loopIndices;

private:
  std::vector<mlir::OpBuilder::InsertPoint> saved;
  std::map<std::pair<std::string, std::string>, mlir::Value> arguments;
};

} // namespace dlc::frontend
