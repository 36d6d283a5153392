#ifndef DLC_PASSES_SIMPLIFYPATTERNS_H
#define DLC_PASSES_SIMPLIFYPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace dlc::passes {

/// Rewrites that keep every bit of the results; the comment above each says why.
void addSimplifyPatterns(mlir::RewritePatternSet &patterns);

} // namespace dlc::passes

#endif
