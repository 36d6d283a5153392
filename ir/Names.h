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
/// The name of a value: of its operation's or its argument's location.
llvm::StringRef nameOf(mlir::Value value);
/// `model.dl:3:7`, where the user wrote it: the outermost of a chain of calls; "" where no line is known.
std::string lineOf(mlir::Location location);

} // namespace dlc::ir

#endif
