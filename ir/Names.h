#ifndef DLC_IR_NAMES_H
#define DLC_IR_NAMES_H

#include "mlir/IR/Location.h"
#include "mlir/IR/Value.h"

#include <string>

namespace dlc::ir {

/// A location that gives the value made there a name in printed text: `loc("name"(inner))`. A name that `inner` had is replaced, and its
/// place is kept; an empty name takes the name away. The `:` of a place's name, which may not stand in printed names, becomes `$`.
mlir::Location named(llvm::StringRef name, mlir::Location inner);
/// The outermost name in a location, "" where there is none. Looks into call sites and into fused locations from the front.
llvm::StringRef nameOf(mlir::Location location);
/// The name of a value: of its argument's or its operation's location; of one of several results, in the list of names beside that.
llvm::StringRef nameOf(mlir::Value value);
/// Names a value; results of one operation that are not its only one each for themselves.
void setName(mlir::Value value, llvm::StringRef name);
/// Has the operations with regions, whose results the program names each for itself, print these names. For the dialect's initialisation.
void attachResultNames(mlir::MLIRContext *context);
/// `model.dl:3:7`, where the user wrote it: the outermost of a chain of calls; "" where no line is known.
std::string lineOf(mlir::Location location);

} // namespace dlc::ir

#endif
