// Mistakes that a pass could make, made on purpose.
#ifndef DLC_TEST_TOOLS_DLC_WRONG_PASS_FAULTS_H
#define DLC_TEST_TOOLS_DLC_WRONG_PASS_FAULTS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace dlc::test {

struct Fault {
  llvm::StringRef name;
  llvm::StringRef after; ///< the pass whose result it spoils, unless told otherwise
  llvm::StringRef what;
  /// Changes the module; fails where it has nothing that the fault could be made in.
  llvm::LogicalResult (*plant)(mlir::ModuleOp);
};

llvm::ArrayRef<Fault> faults();

} // namespace dlc::test

#endif
