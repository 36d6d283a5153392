#ifndef DLC_CODEGEN_PLACES_H
#define DLC_CODEGEN_PLACES_H

#include "ir/Ops.h"

#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/SmallVector.h"

#include <map>
#include <string>

namespace dlc::codegen {

/// Whether a function outside of kernels becomes code: its sizes are known, and it is not the evaluator's.
bool isCompiled(ir::FuncOp function);

/// The most passes of a loop of a planned function, whose sizes are known.
inline int64_t boundOf(ir::LoopOp op) { return *op.getBound().getSizes().front().constant(); }

/// Where a tensor outside of kernels lies.
struct TensorPlace {
  enum Kind { none, buffer, arena, constant, local } kind = none;
  int64_t number = 0; // of the entry's buffer; of the constant or local variable
  int64_t offset = 0; // bytes from its start
  int64_t bytes = 0;  // of the memory that the tensor may lie in
  bool varies = false; // somewhere in these bytes: a slice that moves with a loop
  bool overlaps(const TensorPlace &other) const;
  bool operator==(const TensorPlace &o) const {
    return kind == o.kind && number == o.number && offset == o.offset && !varies && !o.varies;
  }
};

/// The places of all tensors of a planned function.
class Places {
public:
  /// Fails with a diagnostic where a value has no place.
  static mlir::FailureOr<Places> of(ir::FuncOp function);
  const TensorPlace &operator[](mlir::Value value) const { return places.find(value)->second; }
  /// Places of the function's results.
  llvm::ArrayRef<TensorPlace> results() const { return resultPlaces; }
  /// Operations `dl.constant`, by number.
  llvm::SmallVector<ir::ConstantOp> constants;

private:
  mlir::LogicalResult block(mlir::Block &block, llvm::ArrayRef<TensorPlace> into);
  mlir::LogicalResult loop(ir::LoopOp op, llvm::ArrayRef<TensorPlace> into);
  mlir::LogicalResult placeResults(mlir::Operation *op, llvm::ArrayRef<TensorPlace> into);
  llvm::DenseMap<mlir::Value, TensorPlace> places;
  llvm::SmallVector<TensorPlace> resultPlaces;
  int64_t arenaNumber = 0, locals = 0;
};

/// By kernel name: pairs (result, operand) that share a buffer in some launch.
using Aliases = std::map<std::string, llvm::SmallVector<std::pair<unsigned, unsigned>>>;
void collectAliases(ir::FuncOp function, const Places &places, Aliases &aliases);

} // namespace dlc::codegen

#endif
