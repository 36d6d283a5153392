// Which branches of a program's run-time `if`s were taken.
#ifndef DLC_TOOLS_DRIVER_VERIFYBRANCHES_H
#define DLC_TOOLS_DRIVER_VERIFYBRANCHES_H

#include "ir/Ops.h"

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace dlc::driver {

class Branches {
public:
  /// Of every `dl.cond` of the module.
  explicit Branches(mlir::ModuleOp module);

  /// Operations are told apart by where they stand: functions are evaluated in copies.
  void took(ir::CondOp op, bool holds, int64_t step);
  /// Whether both branches of every `if` of these functions were taken.
  bool complete(const std::vector<std::string> &functions) const;
  /// The greatest step in which a branch of these functions was taken for the first time; 0 where they have none.
  int64_t lastFirstStep(const std::vector<std::string> &functions) const;
  /// `model.dl:17:3: the condition of this `if` was never true`, for each branch that was not taken.
  std::vector<std::string> missing() const;

private:
  struct Entry {
    mlir::Location location;
    std::set<std::string> functions; ///< a step and its copy for the smaller batch
    int64_t firstStep[2] = {-1, -1}; ///< where the condition was false, and true
  };
  Entry *find(mlir::Location location);
  bool isIn(const Entry &entry, const std::vector<std::string> &functions) const;
  std::vector<Entry> entries;
};

} // namespace dlc::driver

#endif
