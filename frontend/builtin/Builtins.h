// The functions of the library that cannot be written in the language, by the groups of the library's list.
#pragma once

#include "frontend/elab/Builtin.h"

namespace dlc::frontend::builtin {

llvm::ArrayRef<BuiltinEntry> elementwiseEntries();
llvm::ArrayRef<BuiltinEntry> reduceEntries();
llvm::ArrayRef<BuiltinEntry> shapeEntries();
llvm::ArrayRef<BuiltinEntry> rearrangeEntries();
llvm::ArrayRef<BuiltinEntry> indexingEntries();
llvm::ArrayRef<BuiltinEntry> makingEntries();
llvm::ArrayRef<BuiltinEntry> visionEntries();
llvm::ArrayRef<BuiltinEntry> laterEntries();

/// The function's own name, from its signature: for messages.
llvm::StringRef nameOf(const CallContext &context);

/// `x` as a tensor of numbers, not booleans.
std::optional<Tensor> numericTensor(CallContext &context, llvm::StringRef name);

/// Whether `from` may be broadcast to `to`: from the right, sizes are equal or `from`'s is 1.
bool broadcasts(const Shape &from, const Shape &to);

/// The mask of `where:`, broadcast to the shape of `x`; nothing if it cannot be (reported).
std::optional<Tensor> maskFor(CallContext &context, const Tensor &x);

/// The constant that `fn` leaves alone, of x's type; x where `mask` is true and that constant elsewhere.
Tensor masked(CallContext &context, ir::ReduceFn fn, const Tensor &x, const Tensor &mask);

/// The least or the greatest value of an element type; infinities of floats.
Tensor extreme(CallContext &context, bool greatest, ElementType element);

} // namespace dlc::frontend::builtin
