#include "ir/Names.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dlc::ir {

Location named(StringRef name, Location inner) {
  while (auto old = dyn_cast<NameLoc>(inner))
    inner = old.getChildLoc();
  if (name.empty())
    return inner;
  return NameLoc::get(StringAttr::get(inner.getContext(), name), inner);
}

StringRef nameOf(Location location) {
  if (auto name = dyn_cast<NameLoc>(location))
    return name.getName();
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return nameOf(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (StringRef name = nameOf(part); !name.empty())
        return name;
  return {};
}

StringRef nameOf(Value value) { return nameOf(value.getLoc()); }

} // namespace dlc::ir
