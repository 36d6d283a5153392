#include "codegen/common/Roots.h"

using namespace mlir;

namespace dlc::codegen {

void emitElements(PhaseBase &phase, ArrayRef<Root> roots, const Index &index) {
  Elemental &e = phase.elements();
  SmallVector<Value> values;
  for (const Root &root : roots)
    values.push_back(e.evaluate(root.value, index));
  for (auto [root, value] : llvm::zip(roots, values))
    e.store(root.buffer, index, Elemental::shapeOf(root.value), value);
}

void addByShape(SmallVectorImpl<SmallVector<Root>> &groups, const Root &root) {
  auto same = llvm::find_if(groups, [&](auto &group) { return Elemental::shapeOf(group[0].value) == Elemental::shapeOf(root.value); });
  if (same != groups.end())
    same->push_back(root);
  else
    groups.push_back({root});
}

} // namespace dlc::codegen
