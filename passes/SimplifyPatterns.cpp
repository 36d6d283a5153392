#include "passes/SimplifyPatterns.h"
#include "passes/Util.h"

namespace dlc::passes {
using namespace mlir;

void addSimplifyPatterns(RewritePatternSet &patterns) {}

} // namespace dlc::passes
