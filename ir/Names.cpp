#include "ir/Names.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace dlc::ir {

Location named(StringRef name, Location inner) {
  while (auto old = dyn_cast<NameLoc>(inner))
    inner = old.getChildLoc();
  if (name.empty())
    return inner;
  std::string printed = name.str();
  llvm::replace(printed, ':', '$');
  return NameLoc::get(StringAttr::get(inner.getContext(), printed), inner);
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

std::string lineOf(Location location) {
  if (auto range = dyn_cast<FileLineColRange>(location))
    return (range.getFilename().getValue() + ":" + Twine(range.getStartLine()) + ":" + Twine(range.getStartColumn())).str();
  if (auto call = dyn_cast<CallSiteLoc>(location)) {
    std::string caller = lineOf(call.getCaller());
    return caller.empty() ? lineOf(call.getCallee()) : caller;
  }
  if (auto name = dyn_cast<NameLoc>(location))
    return lineOf(name.getChildLoc());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (std::string text = lineOf(part); !text.empty())
        return text;
  return "";
}

} // namespace dlc::ir
