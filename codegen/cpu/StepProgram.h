#ifndef DLC_CODEGEN_CPU_STEPPROGRAM_H
#define DLC_CODEGEN_CPU_STEPPROGRAM_H

#include "codegen/cpu/Compile.h"
#include "codegen/cpu/KernelBuilder.h"

namespace dlc::codegen {

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

/// Emits `dlc.NAME` and `dlc.NAME.steps` of a function into a module. `firstSite` is the number of the function's first check
/// or host site. With `guards` each launch may touch its operands only (codegen/cpu/Sanitize.h).
mlir::FailureOr<FunctionInfo> emitFunction(ir::FuncOp function, const Places &places, mlir::ModuleOp into,
                                           const std::map<std::string, KernelInfo> &kernels, int64_t firstSite, bool guards);

} // namespace dlc::codegen

#endif
