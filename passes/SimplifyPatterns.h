#ifndef DLC_PASSES_SIMPLIFYPATTERNS_H
#define DLC_PASSES_SIMPLIFYPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace dlc::passes {

/// Rewrites that keep every bit of the results; the comment above each says why where it is not
/// plain. Broadcasts and reshapes move down, to where they join a kernel or become views.
void addShapePatterns(mlir::RewritePatternSet &patterns);
/// Products take transposes of their operands and results into their dimension lists.
void addProductPatterns(mlir::RewritePatternSet &patterns);
/// Powers, scatters of single elements, folds of one element.
void addValuePatterns(mlir::RewritePatternSet &patterns);

} // namespace dlc::passes

#endif
